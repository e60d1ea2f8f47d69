/*
 * record_values.h - the fields that are more than a load, and the functions of records.
 *
 * Private to policy/rules/record*.c.
 */
#ifndef POLICY_RULES_RECORD_VALUES_H
#define POLICY_RULES_RECORD_VALUES_H

#include "policy/rules/records.h"

/* What history.debtor and its sisters are parts of. */
struct cel_history {
    struct cel_window by[POLICY_HISTORY_COUNT];
};

static inline struct cel_value
cel_record_value(enum cel_record_id record, const void *of)
{
    return (struct cel_value){.kind = CEL_RECORD, .type = (uint8_t)record, .record = of};
}

/* Milliseconds since 1970, also before it. */
struct cel_value cel_timestamp_ms(int64_t ms);

/* The list of count records that pointers lead to. */
struct cel_value cel_records_list(struct cel_run *run, enum cel_record_id record,
                                  const void *pointers, size_t count);

/* Variables. */
struct cel_value cel_goods_list(struct cel_run *run);
struct cel_value cel_kits_list(struct cel_run *run);
struct cel_value cel_hits_list(struct cel_run *run);
struct cel_value cel_history_value(struct cel_run *run);

/* CEL_FIELD_GET; record is the struct of the table that names them. */
struct cel_value cel_payment_goods(struct cel_run *run, const void *record);
struct cel_value cel_payment_value(struct cel_run *run, const void *record);
struct cel_value cel_party_identifiers(struct cel_run *run, const void *record);
struct cel_value cel_owner_share(struct cel_run *run, const void *record);
struct cel_value cel_goods_value(struct cel_run *run, const void *record);
struct cel_value cel_goods_chapter(struct cel_run *run, const void *record);
struct cel_value cel_kit_lines(struct cel_run *run, const void *record);
struct cel_value cel_kit_across(struct cel_run *run, const void *record);
struct cel_value cel_window_last(struct cel_run *run, const void *record);

#endif
