/*
 * records.h - our structs as CEL sees them: payment, goods, kits, hits, ...
 *
 * One table of fields a record, and a field says how it is read, so that the
 * evaluator loads a field with one switch and the checker knows every name.
 *
 *   F1  names and shapes are those of the JSON payment: payment.amount.currency,
 *       payment.trade.route.  What JSON nests and the struct does not (amount,
 *       purpose, trade) is a field CEL_FIELD_SAME: another view of one struct.
 *   F2  what was not given reads as its type's default; has() tells them apart.
 *   F3  a struct is read only as far as its size member reaches.
 */
#ifndef POLICY_RULES_RECORDS_H
#define POLICY_RULES_RECORDS_H

#include "policy/policy_plugin.h"
#include "policy/rules/cel/functions.h"
#include "policy/rules/cel/value.h"

enum cel_record_id {
    CEL_REC_PAYMENT,
    CEL_REC_AMOUNT,
    CEL_REC_PURPOSE,
    CEL_REC_TRADE,
    CEL_REC_PARTY,
    CEL_REC_OWNER,
    CEL_REC_AGENT,
    CEL_REC_GOODS, /* struct cel_goods: the line and what the tables know of it */
    CEL_REC_VESSEL,
    CEL_REC_KIT,
    CEL_REC_HIT,
    CEL_REC_BANK,
    CEL_REC_HISTORY,
    CEL_REC_WINDOW, /* history.debtor: counts and sums over a duration */
    CEL_REC_COUNT
};

/* How a field is read from the struct at `offset`. */
enum cel_field_how {
    CEL_FIELD_TEXT,   /* const char * -> string; has(): not "" */
    CEL_FIELD_INT64,  /* -> int; has(): not 0 */
    CEL_FIELD_UINT32, /* -> int */
    CEL_FIELD_DOUBLE, /* -> double */
    CEL_FIELD_TIME,   /* int64_t milliseconds -> timestamp; has(): not 0 */
    CEL_FIELD_RECORD, /* const struct * -> record; has(): present() says */
    CEL_FIELD_SAME,   /* part of this struct, or all of it, as another record; has() as above */
    CEL_FIELD_TEXTS,  /* const char *const * and a uint32_t count -> list(string) */
    CEL_FIELD_RECORDS, /* struct *const * and a uint32_t count -> list(record) */
    CEL_FIELD_GET,     /* get() computes it; has(): not its type's default */
};

struct cel_type;

struct cel_field {
    const char *name;
    enum cel_field_how how;
    uint8_t record; /* RECORD, SAME, RECORDS: whose */
    uint16_t via;   /* 1 + the offset of a pointer to the struct that has it; 0: this one has */
    uint32_t offset;
    uint32_t count_offset; /* TEXTS, RECORDS */
    uint32_t items_max; /* of a list: the most there can be; of a text: characters, 0: 1,000 */
    const struct cel_type *type;
    struct cel_value (*get)(struct cel_run *run, const void *record);
    const char *pointer; /* how evidence names it where that is not the field's name; or NULL */
};

struct cel_record {
    const char *name; /* "payment", "goods line" */
    const struct cel_field *fields;
    size_t field_count;
    bool (*present)(const void *record); /* has() of a RECORD field; NULL: always */
};

extern const struct cel_record cel_records[CEL_REC_COUNT];

const struct cel_field *cel_record_field(enum cel_record_id record, const char *name);

/* record.field, and has(record.field): an error of the one is one of the other. */
struct cel_value cel_field_get(struct cel_run *run, const struct cel_field *field,
                               const void *record);
struct cel_value cel_field_has(struct cel_run *run, const struct cel_field *field,
                               const void *record);

/* Do two records of one type stand for the same thing?  goods and history are made anew
 * whenever they are asked for. */
bool cel_record_same(struct cel_value a, struct cel_value b);

/* F3: does the host's kit reach as far as this member? */
#define KIT_REACHES(kit, member)                                                               \
    ((kit)->size >= offsetof(struct policy_kit, member) + sizeof((kit)->member))

/* A goods line as rules see it. */
struct cel_goods {
    const struct policy_goods *line;
    const struct policy_goods_fact *fact;
    uint32_t index;
};

/* history.debtor and its sisters. */
struct cel_window {
    struct policy_facts *facts;
    int by; /* enum policy_history_by */
};

/* The variables of a rule, in this order.  params comes from the pack. */
enum cel_variable_id {
    CEL_VAR_PAYMENT,
    CEL_VAR_GOODS,
    CEL_VAR_KITS,
    CEL_VAR_HITS,
    CEL_VAR_HISTORY,
    CEL_VAR_BANK,
    CEL_VAR_NOW,
    CEL_VAR_PARAMS,
    CEL_VAR_COUNT
};

extern const char *const cel_variable_names[CEL_VAR_COUNT];
const struct cel_type *cel_variable_type(enum cel_variable_id id); /* dyn map for params */
uint32_t cel_variable_items_max(enum cel_variable_id id);          /* 0: not a list */

/* What run->host points at while a rule is judged; getters read it. */
struct cel_host {
    const struct policy_payment *payment;
    struct policy_facts *facts;
    int (*currency_decimals)(const char *currency);
};

/* The value of a rule's variable, run->host being a struct cel_host.  Not PARAMS. */
struct cel_value cel_variable_load(struct cel_run *run, enum cel_variable_id id);

/*
 * chance(p) and the methods of a window: count(d), sum(d), counterparties(d), refused(d),
 * largest(d).
 * The compiler adds two arguments to chance(), which its row does not count:
 * the rule's id (a string) and the number of the call within the rule (an int,
 * from 0).
 */
extern const struct cel_function cel_record_functions[];

/* What chance() takes: an int or a double from 0 to 1. */
bool cel_is_probability(struct cel_value value);

#endif
