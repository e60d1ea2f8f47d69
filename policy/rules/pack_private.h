/* pack_private.h - a pack being read, for the files pack*.c only. */
#ifndef POLICY_RULES_PACK_PRIVATE_H
#define POLICY_RULES_PACK_PRIVATE_H

#include "policy/document.h"
#include "policy/rules/pack.h"
#include "policy/terms.h"

struct pack_reading {
    struct document document; /* first: every value leads back here */
    const char *text;
    struct arena *arena;
    struct pack *pack;
    const struct pack_rule **by_id; /* all rules, sorted, once they are read */
};

static inline struct pack_reading *
pack_reading_of(const struct value *value)
{
    return (struct pack_reading *)(void *)(uintptr_t)value->document;
}

/* "FILE:LINE:COLUMN: rules/KIT-01/when: SENTENCE" with the place of byte `at`; always -1. */
int pack_fault_at(const struct value *value, size_t at, struct error *err, const char *fmt, ...)
    __attribute__((format(printf, 4, 5), warn_unused_result));

/* The same with the value's place; for fmt see value_fault() where it fits. */
#define pack_fault(value, err, ...)                                                            \
    pack_fault_at(value, locate_value(pack_reading_of(value)->text, value), err, __VA_ARGS__)

/* An object with no member but those named; a wrong name hears the nearest right one. */
int pack_object(const struct value *value, const char *const *names, struct error *err)
    __attribute__((warn_unused_result));

/* A text of at most PACK_TEXT_MAX bytes, not empty. */
int pack_text(const struct value *value, const char **out, struct error *err)
    __attribute__((warn_unused_result));

/* The same, "" where it is absent or empty. */
int pack_text_if(const struct value *value, const char **out, struct error *err)
    __attribute__((warn_unused_result));

int pack_action(const struct value *value, bool abstain_too, enum policy_action *out,
                struct error *err) __attribute__((warn_unused_result));

/* NULL if the pack has no such rule. */
const struct pack_rule *pack_rule_find(const struct pack_reading *reading, const char *id);

/* How what terms.h reads is read in this pack. */
struct terms_file pack_terms_file(const struct value *value);

/* The members of a rule's "then" that say what follows; its action is known. */
int pack_terms_read(const struct value *then, struct pack_rule *out, struct error *err)
    __attribute__((warn_unused_result));

/* One file each: fill what their names say in reading->pack. */
int pack_parameters_read(const struct value *value, const cJSON *options, struct error *err)
    __attribute__((warn_unused_result));
int pack_rules_read(const struct value *value, struct error *err)
    __attribute__((warn_unused_result));
int pack_tests_read(const struct value *value, const struct value *base, struct error *err)
    __attribute__((warn_unused_result));

#endif
