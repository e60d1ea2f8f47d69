/* kits.c - lines to parts to kits. */
#include "policy/goods/kits.h"

#include <string.h>

/* What one line's code and words say, each a mask of parts by kit. */
struct line_signs {
    uint32_t alone[KITS_MAX];     /* the code names these parts */
    uint32_t with_word[KITS_MAX]; /* the code names them if a word does too */
    uint32_t words[KITS_MAX];
    uint32_t not_words[KITS_MAX];
};

/* A kit being put together. */
struct attempt {
    const struct kit *kit;
    const uint32_t *parts; /* by line: the parts it may fill */
    uint32_t filled;       /* mask of parts */
    int32_t line_of[KIT_PARTS_MAX];
    uint32_t part_count; /* required parts filled */
    double coverage;
};

/* Lines worth dealing out: of those that may fill the same parts only as many as
 * there are such parts. */
struct deal {
    const struct attempt *attempt;
    uint32_t *line;
    int8_t *part; /* the part that the line fills, or -1 */
    uint8_t *seen;
    size_t count;
};

static void
word_found(void *context, uint32_t value)
{
    struct line_signs *signs = context;
    uint32_t bit = 1u << WORD_PART(value);

    if (WORD_IS_NOT(value))
        signs->not_words[WORD_KIT(value)] |= bit;
    else
        signs->words[WORD_KIT(value)] |= bit;
}

/* Follow the code through the tables; false if the line has none. */
static bool
read_code(const struct goods *goods, const char *hs_code, struct line_signs *signs,
          struct policy_goods_fact *fact)
{
    uint64_t digits = 0;
    size_t n = 0;

    while (n < HS_DIGITS_MAX && hs_code[n] >= '0' && hs_code[n] <= '9') {
        const struct code *code;

        digits = digits * 10 + (uint64_t)(hs_code[n++] - '0');
        if (!(goods->digits_used >> n & 1u))
            continue;
        code = goods_find(goods, digits, n);
        if (!code)
            continue;
        for (const struct code_parts *parts = code->parts; parts; parts = parts->next) {
            signs->alone[parts->kit] |= parts->alone;
            signs->with_word[parts->kit] |= parts->with_word;
        }
        if (n == 6) {
            fact->tier = code->tier;
            fact->group = code->group;
            fact->role = code->role;
        }
    }
    return n >= HS_DIGITS_MIN;
}

/* Is the code alone enough for every kit?  Then the description need not be read. */
static bool
code_suffices(const struct goods *goods, const struct line_signs *signs, size_t chapter)
{
    for (size_t k = 0; k < goods->kit_count; k++) {
        uint32_t alone = signs->alone[k];

        if (signs->with_word[k] || (alone & (alone - 1)) != 0 ||
            (!alone && goods->kits[k]->chapter_parts[chapter]))
            return false;
    }
    return true;
}

/* The parts of one kit that a line may fill. */
static uint32_t
candidates(const struct kit *kit, const struct line_signs *signs, size_t k, bool has_code,
           size_t chapter)
{
    uint32_t words = signs->words[k] & ~signs->not_words[k];
    uint32_t by_code = signs->alone[k] | (signs->with_word[k] & words);

    if (by_code)
        return by_code & words ? by_code & words : by_code;
    return has_code ? words & kit->chapter_parts[chapter] : words;
}

static void
read_line(const struct goods *goods, const struct policy_goods *line,
          struct words_scratch *scratch, struct policy_goods_fact *fact, uint32_t *parts,
          size_t stride)
{
    struct line_signs signs;
    size_t chapter = 0;
    bool has_code;

    for (size_t k = 0; k < goods->kit_count; k++)
        signs.alone[k] = signs.with_word[k] = signs.words[k] = signs.not_words[k] = 0;
    *fact = (struct policy_goods_fact){sizeof(*fact), "", "", ""};
    has_code = read_code(goods, line->hs_code, &signs, fact);
    if (has_code)
        chapter = (size_t)(line->hs_code[0] - '0') * 10 + (size_t)(line->hs_code[1] - '0');
    if (line->description[0] && (!has_code || !code_suffices(goods, &signs, chapter)))
        words_scan(&goods->words, line->description, scratch, word_found, &signs);
    for (size_t k = 0; k < goods->kit_count; k++)
        parts[k * stride] = candidates(goods->kits[k], &signs, k, has_code, chapter);
}

/* Keep the lines that can matter.  K2 holds because equal lines are equal. */
static void
deal_lines(struct deal *deal, size_t line_count)
{
    const uint32_t *parts = deal->attempt->parts;

    for (size_t i = 0; i < line_count; i++) {
        int room = __builtin_popcount(parts[i]);

        for (size_t j = 0; room > 0 && j < deal->count; j++)
            room -= parts[deal->line[j]] == parts[i];
        if (room <= 0)
            continue;
        deal->line[deal->count] = (uint32_t)i;
        deal->part[deal->count++] = -1;
    }
}

/*
 * Find a line for the part, moving parts that have one to other lines if need
 * be (Kuhn's augmenting path; at most KIT_PARTS_MAX deep).
 */
static bool
deal_part(struct deal *deal, int part)
{
    for (size_t i = 0; i < deal->count; i++) {
        if (!(deal->attempt->parts[deal->line[i]] >> part & 1u) || deal->seen[i])
            continue;
        deal->seen[i] = 1;
        if (deal->part[i] < 0 || deal_part(deal, deal->part[i])) {
            deal->part[i] = (int8_t)part;
            return true;
        }
    }
    return false;
}

/*
 * Deal the lines out: required parts first, in the kit's order, then the
 * others.  A part that has found a line keeps one, so this fills the most
 * required parts there can be.
 */
static void
attempt_deal(struct attempt *attempt, size_t line_count, struct arena *arena)
{
    struct deal deal = {
        .attempt = attempt,
        .line = arena_alloc(arena, line_count * sizeof(uint32_t)),
        .part = arena_alloc(arena, line_count),
        .seen = arena_alloc(arena, line_count),
    };

    deal_lines(&deal, line_count);
    for (int pass = 0; pass < 2; pass++)
        for (uint32_t p = 0; p < attempt->kit->part_count; p++) {
            if (attempt->kit->parts[p].required != (pass == 0))
                continue;
            memset(deal.seen, 0, deal.count);
            if (deal_part(&deal, (int)p))
                attempt->filled |= 1u << p;
        }
    for (size_t i = 0; i < deal.count; i++)
        if (deal.part[i] >= 0)
            attempt->line_of[deal.part[i]] = (int32_t)deal.line[i];
}

/* Is there enough for a kit?  Asks the cheap question first. */
static bool
attempt_kit(struct attempt *attempt, const struct kit *kit, const uint32_t *parts,
            size_t line_count, struct arena *arena)
{
    int required = __builtin_popcount(kit->required);
    uint32_t any = 0;

    for (size_t i = 0; i < line_count; i++)
        any |= parts[i];
    if (__builtin_popcount(any & kit->required) < kit->coverage_min * required)
        return false;
    attempt->kit = kit;
    attempt->parts = parts;
    attempt->filled = 0;
    attempt_deal(attempt, line_count, arena);
    attempt->part_count = (uint32_t)__builtin_popcount(attempt->filled & kit->required);
    attempt->coverage = (double)attempt->part_count / required;
    return attempt->coverage >= kit->coverage_min;
}

/* K4; kits are tried in the order of their names. */
static bool
is_better(const struct attempt *a, const struct attempt *b)
{
    if (a->coverage != b->coverage)
        return a->coverage > b->coverage;
    return a->part_count > b->part_count;
}

/* K3: would every line of a serve b as well? */
static bool
is_within(const struct attempt *a, const struct attempt *b, size_t line_count)
{
    for (size_t i = 0; i < line_count; i++)
        if (a->parts[i] && !b->parts[i])
            return false;
    return true;
}

static const struct policy_kit *
report(const struct attempt *attempt, struct arena *arena)
{
    const struct kit *kit = attempt->kit;
    uint32_t required = (uint32_t)__builtin_popcount(kit->required);
    const char **roles = arena_alloc(arena, required * sizeof(*roles));
    uint32_t *lines = arena_alloc(arena, required * sizeof(*lines));
    struct policy_kit *out = arena_alloc(arena, sizeof(*out));
    uint32_t present = 0, missing = attempt->part_count;

    for (uint32_t p = 0; p < kit->part_count; p++) {
        if (!kit->parts[p].required)
            continue;
        if (attempt->filled >> p & 1u) {
            lines[present] = (uint32_t)attempt->line_of[p];
            roles[present++] = kit->parts[p].role;
        } else {
            roles[missing++] = kit->parts[p].role;
        }
    }
    *out = (struct policy_kit){
        .size = sizeof(*out),
        .part_count = present,
        .missing_count = required - present,
        .coverage = attempt->coverage,
        .kit = kit->name,
        .title = kit->title,
        .parts = roles,
        .part_lines = lines,
        .missing = roles + present,
    };
    return out;
}

/* In a kit a line has the role of the part it fills there, whatever its group says. */
static void
name_roles(const struct attempt *attempt, struct policy_goods_fact *lines, bool *named)
{
    for (uint32_t p = 0; p < attempt->kit->part_count; p++) {
        int32_t line = attempt->line_of[p];

        if (!(attempt->filled >> p & 1u) || named[line])
            continue;
        lines[line].role = attempt->kit->parts[p].role;
        named[line] = true;
    }
}

/* Put a new attempt into its place among the count that are sorted already. */
static void
insert(struct attempt *sorted, size_t count, const struct attempt *attempt)
{
    size_t at = count;

    while (at > 0 && is_better(attempt, &sorted[at - 1])) {
        sorted[at] = sorted[at - 1];
        at--;
    }
    sorted[at] = *attempt;
}

static void
keep_kits(const struct attempt *sorted, size_t count, size_t line_count, struct arena *arena,
          struct kits_found *out)
{
    bool *named = arena_zalloc(arena, line_count);
    const struct attempt *kept[KITS_MAX];

    out->kits = arena_alloc(arena, count * sizeof(*out->kits));
    for (size_t i = 0; i < count; i++) {
        size_t j = 0;

        while (j < out->kit_count && !is_within(&sorted[i], kept[j], line_count))
            j++;
        if (j < out->kit_count)
            continue;
        kept[out->kit_count] = &sorted[i];
        out->kits[out->kit_count++] = report(&sorted[i], arena);
        name_roles(&sorted[i], out->lines, named);
    }
}

void
kits_find(const struct goods *goods, const struct policy_payment *payment, struct arena *arena,
          struct kits_found *out)
{
    size_t lines = payment->goods_count, count = 0;
    struct words_scratch scratch = {.arena = arena};
    struct attempt attempt, sorted[KITS_MAX];
    uint32_t *parts;

    *out = (struct kits_found){0};
    if (lines == 0)
        return;
    out->lines = arena_alloc(arena, lines * sizeof(*out->lines));
    parts = arena_alloc(arena, goods->kit_count * lines * sizeof(*parts));
    for (size_t i = 0; i < lines; i++)
        read_line(goods, payment->goods[i], &scratch, &out->lines[i], &parts[i], lines);
    for (size_t k = 0; k < goods->kit_count; k++)
        if (attempt_kit(&attempt, goods->kits[k], &parts[k * lines], lines, arena))
            insert(sorted, count++, &attempt);
    if (count > 0)
        keep_kits(sorted, count, lines, arena, out);
}
