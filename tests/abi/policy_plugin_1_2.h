/*
 * policy_plugin.h - what a policy is, and all that it may know.
 *
 * A policy is a shared object that exports one symbol, policy_plugin.  It is
 * asked about one payment and the facts around it, and answers with an action.
 * It needs no other header of ours.  policy/plugins/ holds examples to copy.
 *
 * The rules, in full:
 *
 *   R1  open() once, check() many times from several threads at once, close()
 *       once.  What open() puts in *self is read-only to check().
 *   R2  check() answers from memory.  It must not block: an event loop waits.
 *   R3  Pointers handed to check() are valid until it returns.  Copy what you
 *       keep.  Strings are UTF-8, never NULL; "" is "not given".
 *   R4  Any answer this header does not name counts as an error, and an error
 *       holds the payment.  A policy cannot open the gate by failing.
 *   R5  Fields are only appended.  Look at size before reading one that is
 *       newer than the ABI you built against; the host does the same to you.
 */
#ifndef POLICY_PLUGIN_H
#define POLICY_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

/* MAJOR: something moved or changed meaning.  MINOR: something was appended. */
#define POLICY_ABI_MAJOR 1u
#define POLICY_ABI_MINOR 2u
#define POLICY_ABI       (POLICY_ABI_MAJOR << 16 | POLICY_ABI_MINOR)

/* What a bank does, from the mildest to the strictest: the strictest wins. */
enum policy_action {
    POLICY_ABSTAIN = 1, /* no opinion */
    POLICY_ACCEPT = 2,
    POLICY_REQUEST_INFORMATION = 3, /* ask the payer; the money waits */
    POLICY_HOLD = 4,                /* a person must look */
    POLICY_RETURN = 5,              /* send it back after settlement (pacs.004) */
    POLICY_REJECT = 6,              /* refuse before settlement (pacs.002 RJCT) */
    POLICY_FREEZE = 7,              /* block the funds: a listed person's interest */
};

/* A legal or natural person.  Countries are ISO 3166-1 alpha-2. */
struct policy_party {
    uint32_t size;
    uint32_t owner_count;
    const char *name;
    const char *country;
    const char *account;
    const char *address;
    const char *kind;            /* "person", "company" or "" */
    const char *born_on;         /* YYYY-MM-DD */
    const char *incorporated_on; /* YYYY-MM-DD */
    const struct policy_owner *const *owners;
    const struct policy_identifier *const *identifiers;
    uint32_t identifier_count;
};

struct policy_owner {
    uint32_t size;
    uint32_t share_millionths; /* of the whole: 500000 is 50 % */
    const char *name;
};

struct policy_identifier {
    uint32_t size;
    const char *scheme; /* "lei", "inn", "uscc", ... */
    const char *value;
};

struct policy_agent {
    uint32_t size;
    const char *bic; /* 8 or 11 characters (ISO 9362) */
    const char *name;
    const char *country;
    const char *cnaps; /* 12 digits */
};

/* One line of the invoice.  value_minor is in the payment's currency. */
struct policy_goods {
    uint32_t size;
    uint32_t hs6; /* the first six digits of hs_code as a number; 0: not given */
    const char *hs_code;
    const char *description;
    const char *unit;
    const char *origin; /* country */
    const char *end_use;
    const char *end_user;
    double quantity;     /* 0: not given */
    int64_t value_minor; /* 0: not given */
};

struct policy_vessel {
    uint32_t size;
    const char *name;
    const char *imo; /* 7 digits */
    const char *flag;
};

/* One customer credit transfer, named after ISO 20022 pacs.008. */
struct policy_payment {
    uint32_t size;
    uint32_t goods_count;
    const char *uetr;
    const char *end_to_end_id;
    int64_t created_at_ms; /* since 1970-01-01T00:00Z; 0: not given */
    int64_t amount_minor;  /* in the currency's smallest unit, > 0 */
    const char *currency;  /* ISO 4217 */
    const char *rail;      /* "SWIFT", "CIPS", "SPFS" or "" */
    const char *charge_bearer;
    const struct policy_party *debtor;
    const struct policy_party *ultimate_debtor; /* name "" where not given */
    const struct policy_agent *debtor_agent;
    const struct policy_agent *const *intermediary_agents;
    const struct policy_agent *creditor_agent;
    const struct policy_party *creditor;
    const struct policy_party *ultimate_creditor; /* name "" where not given */
    const char *purpose_code;
    const char *purpose_text;
    const char *remittance_information;
    const struct policy_goods *const *goods;
    const char *contract;
    const char *destination_country;
    const char *const *route;
    const char *const *documents;
    const struct policy_vessel *const *vessels;
    uint32_t intermediary_agent_count;
    uint32_t route_count;
    uint32_t document_count;
    uint32_t vessel_count;
};

/* The simulated bank that judges. */
struct policy_bank {
    uint32_t size;
    const char *bic; /* as in the book, 8 characters */
    const char *name;
    const char *bank_class; /* "state_big", "joint_stock", ... */
};

/* What the goods tables know of one line. */
struct policy_goods_fact {
    uint32_t size;
    const char *tier;  /* of the high-priority list: "1", "2", "3.A", ... or "" */
    const char *group; /* "kit", "machine_tool", "explosive_precursor", ... or "" */
    const char *role;  /* "processor", "casing", ... or "" */
};

/* A device whose parts this payment brings together. */
struct policy_kit {
    uint32_t size;
    uint32_t part_count;    /* required parts that are present */
    uint32_t missing_count; /* required parts that are not */
    double coverage;        /* part_count / (part_count + missing_count) */
    const char *kit;        /* "notebook" */
    const char *title;
    const char *const *parts;   /* roles */
    const uint32_t *part_lines; /* parts[i] is goods line part_lines[i] */
    const char *const *missing; /* roles */
    /* 1.1 ends here. */

    /* Other payments that bring parts of it; 0: this one has them all. */
    uint32_t across_payments;
    /* By part: "" where this payment has it, else the uetr of the one that does; its
     * part_lines then is POLICY_LINE_ELSEWHERE. */
    const char *const *part_from;
};

/* Since 1.2.  A part's line where it is no line of this payment. */
#define POLICY_LINE_ELSEWHERE UINT32_MAX

/* Since 1.1.  One list entry that matches one party. */
struct policy_hit {
    uint32_t size;
    const char *list;
    const char *entry;   /* its key in the list */
    const char *field;   /* the party's JSON Pointer without the first slash: "debtor/name" */
    const char *query;   /* the party's name, normalised */
    const char *matched; /* the entry's name, normalised */
    double score;        /* 0..1 */
};

/* Since 1.1.  Whose earlier payments are counted. */
enum policy_history_by {
    POLICY_HISTORY_DEBTOR,
    POLICY_HISTORY_CREDITOR,
    POLICY_HISTORY_END_USER,
    POLICY_HISTORY_CONTRACT,
    /* Since 1.2.  This very payment (debtor, creditor, amount, currency, and contract or
     * end_to_end_id), presented before at whatever bank, and refused. */
    POLICY_HISTORY_REFUSED,
    POLICY_HISTORY_COUNT
};

/*
 * Since 1.1.  What came before this payment within a time up to now.  An amount that cannot
 * be said, because the book has no rate for a currency, is INT64_MAX: past every limit.
 */
struct policy_window {
    uint32_t size;
    int64_t count;          /* payments */
    int64_t sum_minor;      /* in this payment's currency */
    int64_t counterparties; /* different ones */
    int64_t last_ms;        /* when the latest was judged, however long ago; 0: never */
    /* 1.1 ends here. */

    int64_t refused;       /* of the payments: those that were rejected, returned or frozen */
    int64_t largest_minor; /* the largest amount, in this payment's currency */
};

/*
 * Facts around the payment.  The functions compute on the first call and
 * remember; what they return is valid until check() returns.
 */
struct policy_facts {
    uint32_t size;
    int64_t now_ms; /* the bank's clock */
    const struct policy_bank *bank;

    /* What is known of goods line `line` (< goods_count).  Never NULL. */
    const struct policy_goods_fact *(*goods)(struct policy_facts *facts, uint32_t line);

    /* The kits found, best covered first; their number is the result. */
    size_t (*kits)(struct policy_facts *facts, const struct policy_kit *const **kits);
    /* 1.0 ends here. */

    /* Memory for the judgement of this payment; never NULL, aligned for any
     * object, gone after the answer.  Not to be freed. */
    void *(*alloc)(struct policy_facts *facts, size_t bytes);

    /* The list entries that match parties, best score first; none while no list is loaded. */
    size_t (*hits)(struct policy_facts *facts, const struct policy_hit *const **hits);

    /* What the bank remembers of the debtor, creditor, ... over the last window_ms.
     * out->size is the caller's: no more than it reaches is filled. */
    void (*history)(struct policy_facts *facts, enum policy_history_by by, int64_t window_ms,
                    struct policy_window *out);

    /*
     * A number in [0, 1) that is the same whenever the same payment is judged under the
     * same seed: the first 53 bits of SHA-256(seed, uetr, rule, site) / 2^53.  The hash is
     * over the seed as 8 bytes big-endian, the uetr's 36 characters, the rule's id with its
     * NUL, and the site as 4 bytes big-endian.
     */
    double (*chance)(struct policy_facts *facts, const char *rule, uint32_t site);
    /* 1.1 ends here. */
};

/* An ISO 20022 reason: internal is for the bank's people, disclosed for the payer. */
struct policy_reason {
    const char *code; /* of the external code set that the action's message uses */
    const char *text;
};

/*
 * Since 1.2.  How long something takes: drawn for each payment by the deterministic hash,
 * triangular between least and most with its peak at likely; a share of payments falls into
 * the tail instead, even between tail_least and tail_most.  least == most is a fixed time.
 */
struct policy_span {
    uint32_t size;
    uint32_t bank_days; /* 0: the bounds are days of 24 hours, else days that the bank works */
    double least, likely, most;
    double tail_share; /* 0..1 */
    double tail_least, tail_most;
};

/* Since 1.2.  An end that the bank's clock or the payer's answer brings about. */
struct policy_end {
    uint32_t size;
    int action;    /* POLICY_ACCEPT, POLICY_HOLD, POLICY_RETURN or POLICY_REJECT */
    int otherwise; /* of the rest: POLICY_ACCEPT, or POLICY_HOLD: a person must look */
    double share;  /* of payments that end with action, by the deterministic hash, 0..1 */
    struct policy_reason reason;    /* of action; with a code where it is RETURN or REJECT */
    struct policy_reason disclosed; /* code "": the same as reason */
};

/* Since 1.2.  What follows from a hold or from questions, if nobody steps in. */
struct policy_terms {
    uint32_t size;
    uint32_t ask_count;
    const struct policy_span *lasts; /* NULL: the book's */
    const struct policy_end *ends; /* when that has run out; NULL: the book's; not of ACCEPT */
    const char *const *asks;       /* camt.110: "RQSG/RQHS"; only of REQUEST_INFORMATION */
    /* What the payer's answer leads to; NULL: the book's. */
    const struct policy_end *complete;
    const struct policy_end *partial;
    const struct policy_end *contradictory;
};

/* One rule of a policy.  Usually a static const of the plugin. */
struct policy_rule {
    uint32_t size;
    int action; /* enum policy_action */
    const char *id;
    const char *title;
    struct policy_reason reason;
    struct policy_reason disclosed; /* code "" : the same as reason */
    double score;                   /* how sure, 0..1 */
    /* 1.1 ends here. */

    const struct policy_terms *terms; /* NULL: the book's */
};

/*
 * Where the answer's reasons go.  Everything is copied before the call returns.
 *
 *     verdict->fire(verdict, &rule);
 *     verdict->because_goods(verdict, 2);
 *     return rule.action;
 */
struct policy_verdict {
    uint32_t size;

    /* This rule fired.  The evidence that follows belongs to it. */
    void (*fire)(struct policy_verdict *verdict, const struct policy_rule *rule);

    /* "pointer value": a fact that made the rule true, e.g. "debtor/country RU". */
    void (*because)(struct policy_verdict *verdict, const char *pointer, const char *value);

    /* The same for a goods line: its code, role and tier are written out. */
    void (*because_goods)(struct policy_verdict *verdict, uint32_t line);

    /* Why check() is about to return an error (any value that is no action). */
    void (*fail)(struct policy_verdict *verdict, const char *why);
    /* 1.0 ends here. */
};

/* What the host offers to open(). */
struct policy_host {
    uint32_t size;
    uint32_t abi; /* the host's POLICY_ABI */

    /* Decimals of an ISO 4217 currency (2 for CNY, 0 for JPY), -1 if unknown. */
    int (*currency_decimals)(const char *currency);

    /* "1250000.00" in a currency as minor units, exactly.  0 or -1. */
    int (*money_parse)(const char *value, const char *currency, int64_t *minor);

    /* A member of the options object as text ("" if absent), valid during open().
     * name is a path such as "limits/CNY". */
    const char *(*option)(const struct policy_host *host, const char *name);

    /* The name of the index-th member of the object at path ("" is the options
     * themselves), NULL past the last one.  For telling a typo from an option. */
    const char *(*option_name)(const struct policy_host *host, const char *path,
                               uint32_t index);
    /* 1.0 ends here. */

    /* The pack that the book names for this policy, its file already read; NULL and 0
     * without one.  The text is NUL-terminated and gone when open() has returned. */
    const char *pack_path;
    const char *pack_text;
    size_t pack_len;
    /* 1.1 ends here. */
};

struct policy_plugin {
    uint32_t abi;  /* always POLICY_ABI */
    uint32_t size; /* always sizeof(struct policy_plugin) */
    const char *name;
    const char *version; /* "1.0.0" */

    /*
     * Get ready.  options is the JSON object from the book, "{}" if none; it is
     * gone when open() returns.  0, or -1 with a sentence in error[0..error_size).
     */
    int (*open)(const struct policy_host *host, const char *options, void **self, char *error,
                size_t error_size);

    /* Judge.  The result is an enum policy_action; see R4. */
    int (*check)(void *self, const struct policy_payment *payment, struct policy_facts *facts,
                 struct policy_verdict *verdict);

    void (*close)(void *self);
    /* 1.0 ends here. */

    /* May be NULL.  What stands in decisions instead of "name@version", for a policy that
     * reads a pack: the pack's.  Lives until close(). */
    const char *(*label)(void *self);
    /* 1.1 ends here.  Append below, and bump POLICY_ABI_MINOR. */
};

#define POLICY_PLUGIN_SIZE_1_0                                                                 \
    (offsetof(struct policy_plugin, close) + sizeof(void (*)(void *)))

/* Put before the definition of policy_plugin. */
#define POLICY_EXPORT __attribute__((visibility("default")))

#endif
