/*
 * re2_set.h - sets of characters: [a-z\d], \pL, (?i)k.
 *
 * ASCII is a bitmap.  What lies beyond is a list of ranges, unless properties
 * or cases of Unicode are asked for: then PCRE2, which has the tables, holds
 * the set as a pattern for one character.
 */
#ifndef POLICY_RULES_CEL_RE2_SET_H
#define POLICY_RULES_CEL_RE2_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RE2_POINT_MAX      0x10FFFFu
#define RE2_SET_RANGES_MAX 1024  /* more than a source of RE2_SOURCE_MAX can write */
#define RE2_SET_TEXT_MAX   16384 /* the same for the pattern that PCRE2 gets */

/* Where memory comes from; NULL is an answer.  Nothing is given back. */
struct re2_memory {
    void *(*alloc)(void *context, size_t bytes);
    void *context;
};

struct re2_range {
    uint32_t first, last;
};

struct re2_unicode; /* a pattern of PCRE2 */

struct re2_set {
    uint64_t ascii[2];
    const struct re2_range *ranges; /* beyond ASCII */
    uint32_t range_count;
    bool inverted;                     /* beyond ASCII: what is not in them */
    const struct re2_unicode *unicode; /* decides instead of the ranges, or NULL */
};

/* What a set is made from, item by item. */
struct re2_set_draft {
    uint64_t ascii[2];
    struct re2_range ranges[RE2_SET_RANGES_MAX];
    uint32_t range_count;
    char text[RE2_SET_TEXT_MAX];
    size_t text_size;
    bool fold;    /* (?i) */
    bool unicode; /* ranges do not suffice */
    bool full;
};

void re2_set_begin(struct re2_set_draft *draft, bool fold);
void re2_set_add_range(struct re2_set_draft *draft, uint32_t first, uint32_t last);

/* Classes of Perl by their letter (d, s, w) and of POSIX by name.  False: unknown. */
bool re2_set_add_perl(struct re2_set_draft *draft, char letter, bool negated);
bool re2_set_add_posix(struct re2_set_draft *draft, const char *name, size_t size,
                       bool negated);

/* A general category or a script as RE2 spells it.  False: unknown. */
bool re2_set_add_property(struct re2_set_draft *draft, const char *name, size_t size,
                          bool negated);

/* The set in memory, or its complement.  False: no memory, or beyond a limit above. */
bool re2_set_end(struct re2_set_draft *draft, bool negated, struct re2_memory *memory,
                 struct re2_set *set);

/* Room to ask PCRE2 in; made when first needed, {.memory = ...} before. */
struct re2_probe {
    struct re2_memory *memory;
    void *match_data;
    bool failed; /* there was no memory for it: answers are worth nothing */
};

bool re2_set_has_unicode(const struct re2_set *set, uint32_t point, struct re2_probe *probe);

static inline bool
re2_set_has(const struct re2_set *set, uint32_t point, struct re2_probe *probe)
{
    if (point < 128)
        return set->ascii[point >> 6] >> (point & 63) & 1;
    if (set->unicode)
        return re2_set_has_unicode(set, point, probe) != set->inverted;
    for (uint32_t i = 0; i < set->range_count; i++)
        if (point >= set->ranges[i].first && point <= set->ranges[i].last)
            return !set->inverted;
    return set->inverted;
}

/* False only if no character beyond ASCII is in it. */
static inline bool
re2_set_leaves_ascii(const struct re2_set *set)
{
    return set->inverted || set->unicode || set->range_count > 0;
}

#endif
