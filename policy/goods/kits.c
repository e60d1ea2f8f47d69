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

/* All that is looked at: the payment's own lines, then those of earlier payments. */
struct search {
    const struct goods *goods;
    const struct policy_payment *payment;
    struct arena *arena;
    struct words_scratch scratch;
    const struct memory_part *earlier;
    uint32_t *parts; /* by kit, then by line: the parts it may fill */
    size_t own, lines;
};

/* A kit being put together. */
struct attempt {
    const struct kit *kit;
    const uint32_t *parts; /* by line: the parts it may fill */
    size_t lines;          /* those that were dealt out: the payment's own, or all */
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
deal_lines(struct deal *deal, size_t from, size_t to)
{
    const uint32_t *parts = deal->attempt->parts;

    for (size_t i = from; i < to; i++) {
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

/* The required parts, or the others, in the kit's order; those that have a line keep one. */
static void
deal_parts(struct deal *deal, struct attempt *attempt, bool required)
{
    for (uint32_t p = 0; p < attempt->kit->part_count; p++) {
        if (attempt->kit->parts[p].required != required || (attempt->filled >> p & 1u))
            continue;
        memset(deal->seen, 0, deal->count);
        if (deal_part(deal, (int)p))
            attempt->filled |= 1u << p;
    }
}

/*
 * Deal the lines out: required parts first, in the kit's order, then the
 * others.  A part that has found a line keeps one, so this fills the most
 * required parts there can be.  The payment's own lines come first: a line that
 * has a part keeps one too, whatever is added.
 */
static void
attempt_deal(struct attempt *attempt, const struct search *search)
{
    struct deal deal = {
        .attempt = attempt,
        .line = arena_alloc(search->arena, attempt->lines * sizeof(uint32_t)),
        .part = arena_alloc(search->arena, attempt->lines),
        .seen = arena_alloc(search->arena, attempt->lines),
    };

    deal_lines(&deal, 0, search->own);
    deal_parts(&deal, attempt, true);
    if (attempt->lines > search->own) {
        deal_lines(&deal, search->own, attempt->lines);
        deal_parts(&deal, attempt, true);
    }
    deal_parts(&deal, attempt, false);
    for (size_t i = 0; i < deal.count; i++)
        if (deal.part[i] >= 0)
            attempt->line_of[deal.part[i]] = (int32_t)deal.line[i];
}

/* Is there enough for a kit?  Asks the cheap question first. */
static bool
attempt_kit(struct attempt *attempt, const struct search *search, size_t k, size_t lines)
{
    const struct kit *kit = search->goods->kits[k];
    const uint32_t *parts = &search->parts[k * search->lines];
    int required = __builtin_popcount(kit->required);
    uint32_t any = 0;

    for (size_t i = 0; i < lines; i++)
        any |= parts[i];
    if (__builtin_popcount(any & kit->required) < kit->coverage_min * required)
        return false;
    attempt->kit = kit;
    attempt->parts = parts;
    attempt->lines = lines;
    attempt->filled = 0;
    attempt_deal(attempt, search);
    attempt->part_count = (uint32_t)__builtin_popcount(attempt->filled & kit->required);
    attempt->coverage = (double)attempt->part_count / required;
    return attempt->coverage >= kit->coverage_min;
}

static bool
is_own(const struct attempt *attempt, const struct search *search, uint32_t part)
{
    return (size_t)attempt->line_of[part] < search->own;
}

/* Does the payment itself have a required part? */
static bool
takes_part(const struct attempt *attempt, const struct search *search)
{
    for (uint32_t p = 0; p < attempt->kit->part_count; p++)
        if ((attempt->filled & attempt->kit->required) >> p & 1u && is_own(attempt, search, p))
            return true;
    return false;
}

/* Alone, or with what came before where that is better (K5). */
static bool
attempt_best(struct attempt *attempt, const struct search *search, size_t k)
{
    struct attempt with;
    bool found = attempt_kit(attempt, search, k, search->own);

    if (search->lines == search->own || !attempt_kit(&with, search, k, search->lines) ||
        (found && with.coverage <= attempt->coverage) || !takes_part(&with, search))
        return found;
    *attempt = with;
    return true;
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
is_within(const struct attempt *a, const struct attempt *b)
{
    for (size_t i = 0; i < a->lines; i++)
        if (a->parts[i] && !b->parts[i])
            return false;
    return true;
}

/* The payments that parts of a kit came from, each once. */
static uint32_t
count_payments(const char *const *from, uint32_t count)
{
    uint32_t payments = 0;

    for (uint32_t i = 0; i < count; i++) {
        uint32_t j = 0;

        while (j < i && strcmp(from[j], from[i]) != 0)
            j++;
        payments += from[i][0] != '\0' && j == i;
    }
    return payments;
}

static const struct policy_kit *
report(const struct attempt *attempt, const struct search *search)
{
    const struct kit *kit = attempt->kit;
    uint32_t required = (uint32_t)__builtin_popcount(kit->required);
    const char **roles = arena_alloc(search->arena, required * sizeof(*roles));
    const char **from = arena_alloc(search->arena, required * sizeof(*from));
    uint32_t *lines = arena_alloc(search->arena, required * sizeof(*lines));
    struct policy_kit *out = arena_alloc(search->arena, sizeof(*out));
    uint32_t present = 0, missing = attempt->part_count;

    for (uint32_t p = 0; p < kit->part_count; p++) {
        if (!kit->parts[p].required)
            continue;
        if (attempt->filled >> p & 1u) {
            size_t line = (size_t)attempt->line_of[p];
            bool own = is_own(attempt, search, p);

            lines[present] = own ? (uint32_t)line : POLICY_LINE_ELSEWHERE;
            from[present] = own ? "" : search->earlier[line - search->own].uetr;
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
        .across_payments = count_payments(from, present),
        .part_from = from,
    };
    return out;
}

/* In a kit a line has the role of the part it fills there, whatever its group says. */
static void
name_roles(const struct attempt *attempt, const struct search *search,
           struct policy_goods_fact *lines, bool *named)
{
    for (uint32_t p = 0; p < attempt->kit->part_count; p++) {
        int32_t line = attempt->line_of[p];

        if (!(attempt->filled >> p & 1u) || !is_own(attempt, search, p) || named[line])
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
keep_kits(const struct attempt *sorted, size_t count, const struct search *search,
          struct kits_found *out)
{
    bool *named = arena_zalloc(search->arena, search->own);
    const struct attempt *kept[KITS_MAX];

    out->kits = arena_alloc(search->arena, count * sizeof(*out->kits));
    for (size_t i = 0; i < count; i++) {
        const struct policy_kit *kit;
        size_t j = 0;

        while (j < out->kit_count && !is_within(&sorted[i], kept[j]))
            j++;
        if (j < out->kit_count)
            continue;
        kept[out->kit_count] = &sorted[i];
        out->kits[out->kit_count++] = kit = report(&sorted[i], search);
        out->across_count += kit->across_payments > 0;
        name_roles(&sorted[i], search, out->lines, named);
    }
}

static void
read_own(struct search *search, struct kits_found *out)
{
    const struct goods *goods = search->goods;
    size_t lines = search->own;

    out->lines = arena_alloc(search->arena, lines * sizeof(*out->lines));
    out->brings = arena_alloc(search->arena, lines * sizeof(*out->brings));
    search->parts = arena_alloc(search->arena, goods->kit_count * lines * sizeof(uint32_t));
    for (size_t i = 0; i < lines; i++) {
        uint32_t any = 0;

        read_line(goods, search->payment->goods[i], &search->scratch, &out->lines[i],
                  &search->parts[i], lines);
        for (size_t k = 0; k < goods->kit_count; k++)
            any |= search->parts[k * lines + i];
        if (any)
            out->brings[out->brings_count++] = (uint32_t)i;
    }
}

/* Behind the payment's own lines, kit by kit. */
static void
read_earlier(struct search *search, size_t count)
{
    const struct goods *goods = search->goods;
    size_t own = search->own, lines = own + count;
    uint32_t *parts = arena_alloc(search->arena, goods->kit_count * lines * sizeof(*parts));

    for (size_t k = 0; k < goods->kit_count; k++)
        memcpy(&parts[k * lines], &search->parts[k * own], own * sizeof(*parts));
    for (size_t i = 0; i < count; i++) {
        const struct policy_goods line = {
            .size = sizeof(line),
            .hs_code = search->earlier[i].hs_code,
            .description = search->earlier[i].description,
        };
        struct policy_goods_fact unused;

        read_line(goods, &line, &search->scratch, &unused, &parts[own + i], lines);
    }
    search->parts = parts;
    search->lines = lines;
}

void
kits_find(const struct goods *goods, const struct policy_payment *payment,
          struct facts_memory *memory, int64_t since_ms, struct arena *arena,
          struct kits_found *out)
{
    struct search search = {
        .goods = goods,
        .payment = payment,
        .arena = arena,
        .scratch = {.arena = arena},
        .own = payment->goods_count,
        .lines = payment->goods_count,
    };
    struct attempt attempt, sorted[KITS_MAX];
    size_t count = 0, earlier = 0;

    *out = (struct kits_found){0};
    if (search.own == 0)
        return;
    read_own(&search, out);
    if (memory && out->brings_count > 0)
        earlier = memory->parts(memory, since_ms, arena, &search.earlier);
    if (earlier > 0)
        read_earlier(&search, earlier);
    for (size_t k = 0; k < goods->kit_count; k++)
        if (attempt_best(&attempt, &search, k))
            insert(sorted, count++, &attempt);
    if (count > 0)
        keep_kits(sorted, count, &search, out);
}
