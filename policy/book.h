/*
 * book.h - which policies which bank applies from which date on.
 *
 *     { "book": "china-2024", "default_action": "accept",
 *       "screening": { "required": ["*"], "ownership": "ofac",
 *                      "thresholds": { "*": { "person": 0.85 } } },
 *       "banks":   [ { "bic": "HLDBCNBS", "name": "…", "class": "joint_stock" } ],
 *       "regimes": [ { "from": "2024-03-20",
 *            "policies": {
 *                "joint_stock": [ "cny-return" ],
 *                "*":           [ { "plugin": "amount_hold", "options": {} } ] },
 *            "banks": {
 *                "HLDBCNBS":    [ { "pack": "full-stop", "options":
 *                                    { "parameters": { "countries": ["RU"] } } } ] } } ] }
 *
 * "policies" is by bank class, "banks", which may be missing, by BIC.  A pack
 * belongs to the plugin "rules", which need not be named; a pack's name alone
 * stands for { "pack": NAME }.
 *
 *   B1  exactly one regime is in force at a time: the latest `from` that is not
 *       after it.  A regime is complete in itself; nothing carries over.
 *   B2  a bank is known by the first 8 characters of its BIC, once.
 *   B3  a bank gets its own policies, then its class's, then those under "*".
 *       A list only adds: that a bank does less than its class is for a pack's
 *       parameters to say.
 *
 * "screening", which may be missing, says how sanctions lists are used: which must be loaded
 * ("*": one or more), from which score on a name is a hit, by list ("*": those that are not
 * named) and kind, and whose rule of ownership counts, "ofac" or "eu".
 *
 * "rates", which may be missing, says what one unit of a currency is worth from a day on
 * (policy/rates.h), and "memory" how long goods are remembered: { "kits": "P90D" }.
 *
 * "calendar", which may be missing, says on which days banks work: calendar.h.
 *
 * "terms", which may be missing, says how long things take and how they end where no rule
 * says it (terms.h has the spans and ends), and what a return costs:
 *
 *     "terms": { "accept": { "lasts": { "days": [3, 14, 21] } },
 *                "hold":   { "lasts": "P35D", "ends": { "action": "return", … } },
 *                "request_information": { "lasts": { "bank_days": 10 }, "ends": { … },
 *                    "asks": ["RQDO/RQIN"], "complete": { … }, "partial": { … },
 *                    "contradictory": { … } },
 *                "charges": { "CNY": "200.00", "*": 0.001 } }
 *
 * What it leaves out: accepted money is credited on the next bank day; a hold has no end of
 * its own, a person must look; questions are open for 10 bank days, then the money goes back
 * (RUTA); where no rule says what is asked, it is the invoice; a complete answer is accepted,
 * any other one held; a return costs nothing.  Charges are an amount or a share of the
 * payment's, rounded down, "*" being for all other currencies and always a share; they are
 * less than the amount, whatever it says here.
 */
#ifndef POLICY_BOOK_H
#define POLICY_BOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policy/calendar.h"
#include "policy/document.h"
#include "policy/policy_plugin.h"
#include "policy/rates.h"

#define BOOK_BANKS_MAX     10000
#define BOOK_REGIMES_MAX   1000
#define BOOK_POLICIES_MAX  64 /* of one class in one regime */
#define BOOK_BIC_LENGTH    8
#define BOOK_PLUGIN_RULES  "rules" /* the one that reads packs */
#define BOOK_LISTS_MAX     64
#define BOOK_CHARGES_MAX   200
#define BOOK_KITS_DAYS_MAX 400 /* goods of how many days may make up a kit */
#define BOOK_SCORE_LEAST   0.5 /* of a threshold: below it, much too much is found */

/* What has a threshold of its own: persons, companies, vessels. */
#define BOOK_SCORE_KINDS 3

/* The bank classes, and after them everybody. */
enum bank_class {
    BANK_STATE_BIG,
    BANK_JOINT_STOCK,
    BANK_CITY_COMMERCIAL,
    BANK_RURAL_COMMERCIAL,
    BANK_RURAL_COMMERCIAL_BORDER,
    BANK_FOREIGN,
    BANK_CN_SUBSIDIARY_IN_RU,
    BANK_RUSSIAN_BRANCH_IN_CN,
    BANK_CLASS_COUNT,
    BANK_ANY = BANK_CLASS_COUNT, /* "*" */
};

#define BANK_CLASSES_EXPECTED                                                                  \
    "one of the classes state_big, joint_stock, city_commercial, rural_commercial, "           \
    "rural_commercial_border, foreign, cn_subsidiary_in_ru, russian_branch_in_cn"

bool bank_class_is_known(const char *name);         /* "*" is none */
const char *bank_class_name(enum bank_class class); /* "joint_stock"; "*" for BANK_ANY */

struct book_bank {
    struct policy_bank bank;
    enum bank_class class;
};

/* One use of a plugin.  The pointers are where the book says so, for errors. */
struct book_policy {
    const char *plugin;
    const char *pack;     /* the name of a file without .json; NULL unless plugin is "rules" */
    const cJSON *options; /* an object or NULL */
    const char *pointer;
    const char *pack_pointer; /* NULL without a pack */
};

struct book_policies {
    struct book_policy *list;
    size_t count;
};

/* What one bank does besides what its class does. */
struct book_own {
    const struct book_bank *bank;
    struct book_policies policies;
};

struct book_regime {
    const char *from; /* as written */
    int64_t from_ms;
    struct book_policies classes[BANK_CLASS_COUNT + 1]; /* the last one is "*" */
    struct book_own *own;                               /* sorted by bank */
    size_t own_count;
};

/* From which score on a name of a list is a hit; 0: not said. */
struct book_threshold {
    const char *list; /* "*": those that have none of their own */
    float of[BOOK_SCORE_KINDS];
};

struct book_screening {
    const char **required; /* names of lists; "*": one or more, of whatever name */
    size_t required_count;
    struct book_threshold *thresholds;
    size_t threshold_count;
    bool eu_ownership; /* else OFAC's */
};

struct book_memory {
    int64_t kits_ms; /* goods of earlier payments count so long as parts of kits */
};

/* What a return costs in a currency: an amount, or a share. */
struct book_charge {
    const char *currency; /* "*": those that are not named */
    const char *value;    /* as written; NULL: a share */
    int64_t minor;        /* of value, once the snapshot has it read */
    uint32_t millionths;
};

/* Where no rule says it. */
struct book_terms {
    const struct policy_span *credit; /* never NULL */
    struct policy_terms hold;         /* lasts and ends: both, or both NULL */
    struct policy_terms questions;    /* all of it */
    struct book_charge *charges;
    size_t charge_count;
};

/* What holds where a book has no "terms". */
extern const struct book_terms book_terms_default;

/* Of what is sent back, in its currency: 0 to amount_minor - 1. */
int64_t book_charges(const struct book_terms *terms, const char *currency,
                     int64_t amount_minor);

struct book {
    const char *name;
    enum policy_action default_action;
    struct book_screening screening;
    struct rates rates; /* decimals is set by who judges by it */
    struct book_memory memory;
    struct book_terms terms;
    struct calendar calendar; /* without one: weekends are off */
    struct book_bank *banks;  /* in the file's order */
    size_t bank_count;
    const struct book_bank **by_bic;
    struct book_regime *regimes; /* sorted by from_ms */
    size_t regime_count;
};

/* Everything lives on the arena or in the document. */
int book_read(const struct document *document, struct arena *arena, struct book *out,
              struct error *err) __attribute__((warn_unused_result));

/* From which score on a name of a list is a hit, kind below BOOK_SCORE_KINDS; 0: not said. */
float book_threshold(const struct book *book, const char *list, int kind);

/* NULL where the book has none; bic has 8 or 11 characters. */
const struct book_bank *book_bank(const struct book *book, const char *bic);

/* The regime in force, NULL before the first. */
const struct book_regime *book_regime(const struct book *book, int64_t now_ms);

/* NULL where the regime has no policies for this bank alone. */
const struct book_own *book_own(const struct book_regime *regime, const struct book_bank *bank);

#endif
