/*
 * goods.h - what the goods tables say of an HS code, and which kits there are.
 *
 * Loaded from high_priority.json, groups.json and kits/ of *.json (README.md
 * describes the three), then only read.
 *
 *   G1  a code is found by its first 4 to 10 digits in constant time: one hash
 *       look-up for each number of digits that the tables use.
 *   G2  codes, kits, parts and roles are unique; a table with a doubtful line
 *       is refused, because a wrong code changes a verdict.
 */
#ifndef POLICY_GOODS_GOODS_H
#define POLICY_GOODS_GOODS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gateway/base/arena.h"
#include "gateway/base/error.h"
#include "policy/goods/words.h"
#include "policy/texts.h"

#define KITS_MAX        32
#define KIT_PARTS_MAX   32 /* bits of a mask */
#define HS_DIGITS_MIN   4
#define HS_DIGITS_MAX   10
#define HS_CHAPTERS     100
#define GOODS_SLOTS     8192 /* of the code table: a power of two */
#define GOODS_CODES_MAX 4096 /* so that the table stays half empty */

struct kit_part {
    const char *role;
    bool required;
};

struct kit {
    const char *name;
    const char *title;
    double coverage_min; /* below it the set is not called a kit */
    struct kit_part parts[KIT_PARTS_MAX];
    uint32_t part_count;
    uint32_t required;                   /* mask of parts */
    uint32_t chapter_parts[HS_CHAPTERS]; /* parts with a code in that chapter */
};

/* A code speaks for parts of a kit: alone, or only together with a word. */
struct code_parts {
    uint32_t kit; /* index */
    uint32_t alone;
    uint32_t with_word;
    struct code_parts *next;
};

/* All that is known of one code.  key 0: an empty slot. */
struct code {
    uint64_t key;
    const char *tier, *group, *role; /* "" where the code is in no such table */
    struct code_parts *parts;
};

struct goods {
    struct arena *arena; /* the caller's, outlives this */
    struct code codes[GOODS_SLOTS];
    size_t code_count;
    uint32_t digits_used;       /* bit n: some code has n digits */
    struct kit *kits[KITS_MAX]; /* sorted by name */
    size_t kit_count;
    struct words words; /* value: word_value() */
    struct text files[KITS_MAX + 2];
    size_t file_count;
};

/* What a word stands for in words: a part of a kit, or that it is not that part. */
#define WORD_VALUE(kit, part, is_not) ((uint32_t)(kit) << 8 | (uint32_t)(part) << 1 | (is_not))
#define WORD_KIT(value)               ((value) >> 8)
#define WORD_PART(value)              ((value) >> 1 & 127u)
#define WORD_IS_NOT(value)            ((value)&1u)

/* Everything lives on the arena. */
int goods_load(const char *folder, struct arena *arena, struct goods **out, struct error *err)
    __attribute__((warn_unused_result));

/* The same from texts of the kinds goods and kit; they must live as long as the result. */
int goods_load_texts(const struct texts *texts, struct arena *arena, struct goods **out,
                     struct error *err) __attribute__((warn_unused_result));

/* The code with exactly these digits; NULL if no table has it. */
const struct code *goods_find(const struct goods *goods, uint64_t digits, size_t count);

#endif
