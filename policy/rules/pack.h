/*
 * pack.h - a file of rules with its own tests.
 *
 *     { "pack": "kit-blockade", "version": "1.0.0", "title": "...", "sources": ["..."],
 *       "parameters": { "kit_coverage_min": 0.6 },
 *       "payment": { ... },
 *       "rules": [ { "id": "KIT-01", "title": "...", "when": "CEL",
 *           "then": { "action": "reject", "score": "CEL or a number",
 *                     "reason":    { "code": "RR04", "text": "..." },
 *                     "disclosed": { "code": "RR04", "text": "..." } } } ],
 *       "tests": [ { "title": "...", "payment": { ... }, "bank": { "class": "joint_stock" },
 *           "now": "2024-04-17T09:30:00+08:00", "seed": 1,
 *           "hits": [ { "list": "fictional", "entry": "9012", "field": "debtor/name",
 *                       "query": "...", "matched": "...", "score": 0.93 } ],
 *           "history": [ { "payment": { ... }, "at": "2024-04-02T10:00:00+08:00",
 *                          "refused": true } ],
 *           "expect": { "action": "reject", "rules": ["KIT-01"] } } ] }
 *
 * "then" may say what follows, too: "lasts" of accept, hold and request_information, "ends" of
 * hold and request_information, and of the latter what is asked, "asks": ["RQSG/RQHS"] (codes
 * of policy/request_codes.h), and what each kind of answer leads to, "answered":
 * { "complete": END, "partial": END, "contradictory": END }.  policy/terms.h has
 * spans and ends; what is missing is the book's.  A hold with "lasts" has "ends".
 *
 * A condition or score too long for one line is an array of lines.
 *
 * "payment" at the top, where given, is what each test's payment is merged onto
 * (JSON Merge Patch, RFC 7396), so that a test shows only what matters to it.
 * "hits" are what lists find in the payment, whatever list is loaded; a field is
 * one that the payment has.
 * "history" is what the bank remembers: earlier payments, each merged onto the same as the
 * test's own, when they were judged ("at", else the test's now) and whether they were refused.
 * Amounts in another currency than the test's payment have no rate: see policy/facts.h, F4.
 * "expect" may also have "asks": ["RQSG/RQHS"], all that is asked, and "follows":
 * { "action": "return" }, or null where nothing follows by itself (accept: it is credited);
 * a pack's test knows no book, and what the pack leaves to it is as in a book without terms.
 * "sources", "parameters", "score" (1), "disclosed", "tests" and of a test "bank",
 * "now" (the payment's created_at, else 2024-04-15T09:00:00+08:00), "seed" (1), "hits" and
 * "history" (none) may be missing, of a hit "query" and "matched", and "reason" where the
 * action is accept.
 *
 *   K1  a struct pack is whole: every condition typed bool, every score a
 *       number, every cost under CEL_COST_MAX, ids unique.
 *   K2  every fault names file, line and column and is one sentence; columns
 *       inside a condition point at the place in the file, escapes counted.
 *   K3  JSON integers in parameters are ints, other numbers doubles.
 */
#ifndef POLICY_RULES_PACK_H
#define POLICY_RULES_PACK_H

#include <cjson/cJSON.h>

#include "gateway/base/arena.h"
#include "gateway/base/error.h"
#include "policy/policy_plugin.h"
#include "policy/rules/cel/check.h"

#define PACK_BYTES_MAX   (1u << 22)
#define PACK_RULES_MAX   2000
#define PACK_TESTS_MAX   2000
#define PACK_SOURCES_MAX 50
#define PACK_NAME_MAX    64    /* characters of a pack's name, its version, a rule's id */
#define PACK_LINES_MAX   100   /* of one condition */
#define PACK_LOOPS_MAX   3     /* loops in loops */
#define PACK_TEXT_MAX    1000  /* bytes of a title, a source, a reason's text */
#define PACK_ITEMS_MAX   10000 /* values in parameters, all the way down */
#define PACK_MEMBERS_MAX 64    /* of an object in a test's payment */
#define PACK_HITS_MAX    200   /* of a test */
#define PACK_HISTORY_MAX 100   /* earlier payments of a test */

struct pack_rule {
    const char *id; /* letters, digits, - _ ., not a dot first; as the pack's name */
    const char *title;
    const char *when;                 /* the source */
    const struct cel_node *condition; /* typed */
    enum policy_action action;        /* never abstain */
    struct policy_reason reason;
    struct policy_reason disclosed; /* code "": the same as reason */
    const struct cel_node *score;   /* a number; a constant where it was none or given as one */
    const struct policy_terms *terms; /* NULL: the book's */
    uint32_t line, column;            /* of the condition in the file */
};

/* What came before. */
struct pack_earlier {
    const cJSON *payment; /* merged */
    int64_t at_ms;        /* 0: not given */
    bool refused;
};

struct pack_test {
    const char *title;
    const cJSON *payment; /* merged */
    const char *bank_bic, *bank_name,
        *bank_class; /* "" for the BIC: the payment's creditor_agent */
    int64_t now_ms;  /* 0: not given */
    uint64_t seed;
    const struct policy_hit *const *hits; /* best score first */
    size_t hit_count;
    const struct pack_earlier *history;
    size_t history_count;
    enum policy_action action; /* POLICY_ABSTAIN where "expect" says abstain */
    const char *const *rules;  /* that must fire, in the pack's order, and no others */
    size_t rule_count;
    bool rules_given;        /* else any may fire */
    const char *const *asks; /* that must be asked, in this order, and nothing else */
    size_t ask_count;
    bool asks_given;            /* else anything may be */
    enum policy_action follows; /* what must follow; POLICY_ABSTAIN: nothing */
    bool follows_given;         /* else anything may */
    uint32_t line, column;
};

struct pack {
    const char *path;
    const char *name;
    const char *version;
    const char *label;     /* "kit-blockade@1.0.0" */
    uint32_t line, column; /* of its name in the file */
    const char *title;
    const char *const *sources;
    size_t source_count;
    struct cel_value params;            /* a MAP */
    bool *in_terms;                     /* by parameter: does a span or an end name it? */
    struct cel_environment environment; /* what its conditions may name */
    struct pack_rule *rules;
    size_t rule_count;
    struct pack_test *tests;
    size_t test_count;
};

/*
 * Read and check a pack; nothing of it is run.  text is NUL-terminated and may go afterwards,
 * path is kept; the rest lives on the arena.  parameters: an object whose members replace
 * parameters of the same name and type, or NULL.
 */
int pack_read(struct arena *arena, const char *path, const char *text, size_t len,
              const cJSON *parameters, struct pack **out, struct error *err)
    __attribute__((warn_unused_result));

/* "reject", "abstain": the words of packs. */
const char *pack_action_name(enum policy_action action);

/* "rejects": what a rule with this action does. */
const char *pack_action_verb(enum policy_action action);

/* May a pack or a rule be called so?  A pack's name is also that of its file. */
int pack_name_is_sound(const char *name);

#endif
