/* screen.c - names through cache and index, numbers through a hash, then the best of each. */
#include "policy/screening/screen.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "policy/screening/cache.h"
#include "policy/screening/index.h"

#define BORN_SAME       0.6f  /* of what a score lacks, where the dates agree */
#define BORN_OTHER      0.85f /* of the score, where they cannot both be right */
#define BORN_YEARS      1     /* apart that a source may err */
#define COUNTRY_SAME    0.85f
#define COUNTRY_OTHER   0.97f
#define NUMBER_MAX      64
#define FOUND_KEPT_MAX  256 /* names met, of one search, that are judged from the stack */
#define BIC_BANK        8   /* characters of a BIC that name the bank: ISO 9362 */
#define BIC_BRANCH      11  /* of one that names a branch as well */
#define BIC_COUNTRY_END 6

/* An identifier of an entry, as far as it is compared. */
struct number {
    const struct list_identifier *identifier; /* NULL: a free place */
    uint32_t list, entry, len;
};

struct screen {
    const struct list *const *lists;
    size_t list_count;
    struct index *index;
    struct cache cache;
    struct number *numbers; /* a hash */
    size_t number_mask;
};

/* What screen_find() collects. */
struct finds {
    struct screen *screen;
    struct arena *arena;
    const struct screen_party *party;
    struct screen_hit *hits;
    size_t count, capacity;
};

/* -- numbers -- */

/* Letters and digits in capitals, and a NUL; how many. */
static size_t
number_normal(const char *value, char normal[NUMBER_MAX + 1])
{
    size_t len = 0;

    for (; *value && len < NUMBER_MAX; value++) {
        if (*value >= 'a' && *value <= 'z')
            normal[len++] = (char)(*value - 'a' + 'A');
        else if ((*value >= '0' && *value <= '9') || (*value >= 'A' && *value <= 'Z'))
            normal[len++] = *value;
    }
    normal[len] = '\0';
    return len;
}

/*
 * The lengths under which a number is put and looked for; how many.  Of a BIC that is the
 * bank; what does not say its type but has the form of a branch may be one, or may not.
 */
static size_t
number_lengths(const char *type, const char *normal, size_t len, size_t lengths[2])
{
    lengths[0] = len;
    lengths[1] = BIC_BANK;
    if (strcmp(type, "bic") == 0 && len > BIC_BANK)
        lengths[0] = BIC_BANK;
    else if (!*type && len == BIC_BRANCH &&
             strspn(normal, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") >= BIC_COUNTRY_END)
        return 2;
    return 1;
}

/* Payments have other words for some numbers than lists, and more of them. */
static const struct {
    const char *type, *family;
} families[] = {
    {"inn", "tax"},           {"tax_id", "tax"},
    {"ogrn", "registration"}, {"registration_number", "registration"},
    {"uscc", "registration"}, {"national_id", "national"},
};

static const char *
family_of(const char *type)
{
    for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++)
        if (strcmp(families[i].type, type) == 0)
            return families[i].family;
    return type;
}

/* Where one side does not say what its number is, the number alone counts. */
static bool
types_fit(const char *a, const char *b)
{
    return !*a || !*b || strcmp(a, b) == 0 || strcmp(family_of(a), family_of(b)) == 0;
}

static size_t
number_hash(const char *normal, size_t len)
{
    uint64_t hash = 0xcbf29ce484222325u;

    for (size_t i = 0; i < len; i++)
        hash = (hash ^ (unsigned char)normal[i]) * 0x100000001b3u;
    return (size_t)(hash ^ hash >> 32);
}

static void
number_put(struct screen *screen, const char *normal, const struct number *number)
{
    size_t at = number_hash(normal, number->len) & screen->number_mask;

    if (number->len < SCREEN_NUMBER_LEAST)
        return;
    while (screen->numbers[at].identifier)
        at = (at + 1) & screen->number_mask;
    screen->numbers[at] = *number;
}

static void
identifiers_put(struct screen *screen, uint32_t list, uint32_t entry)
{
    const struct list_entry *of = &screen->lists[list]->entries[entry];
    char normal[NUMBER_MAX + 1];
    size_t lengths[2];

    for (size_t i = 0; i < of->identifier_count; i++) {
        size_t len = number_normal(of->identifiers[i].value, normal);
        size_t count = number_lengths(of->identifiers[i].type, normal, len, lengths);

        for (size_t k = 0; k < count; k++)
            number_put(
                screen, normal,
                &(struct number){&of->identifiers[i], list, entry, (uint32_t)lengths[k]});
    }
}

/* What an entry takes at most. */
static size_t
numbers_of(const struct list_entry *entry)
{
    size_t count = entry->identifier_count;

    for (size_t i = 0; i < entry->identifier_count; i++)
        count += !*entry->identifiers[i].type;
    return count;
}

static void
numbers_fill(struct screen *screen)
{
    size_t count = 0, slots = 64;

    for (size_t l = 0; l < screen->list_count; l++)
        for (size_t e = 0; e < screen->lists[l]->entry_count; e++)
            count += numbers_of(&screen->lists[l]->entries[e]);
    while (slots < count * 2)
        slots *= 2;
    screen->numbers = calloc(slots, sizeof(*screen->numbers));
    if (!screen->numbers)
        abort();
    screen->number_mask = slots - 1;
    for (uint32_t l = 0; l < screen->list_count; l++)
        for (uint32_t e = 0; e < screen->lists[l]->entry_count; e++)
            identifiers_put(screen, l, e);
}

/* -- making -- */

struct screen *
screen_new(const struct list *const *lists, size_t count)
{
    struct screen *screen = calloc(1, sizeof(*screen));

    if (!screen)
        abort();
    screen->lists = lists;
    screen->list_count = count;
    screen->index = index_new(lists, count);
    cache_init(&screen->cache);
    numbers_fill(screen);
    return screen;
}

void
screen_free(struct screen *screen)
{
    if (!screen)
        return;
    index_free(screen->index);
    cache_release(&screen->cache);
    free(screen->numbers);
    free(screen);
}

size_t
screen_footprint(const struct screen *screen)
{
    return sizeof(*screen) + index_footprint(screen->index) + cache_footprint() +
           (screen->number_mask + 1) * sizeof(*screen->numbers);
}

/* -- what dates and countries say -- */

/* Do two dates agree as far as both are known?  1 yes, 0 they are near, -1 no. */
static int
born_compare(const char *a, const char *b)
{
    size_t len_a = strlen(a), len_b = strlen(b), known = len_a < len_b ? len_a : len_b;

    if (strncmp(a, b, known) == 0)
        return 1;
    return abs(atoi(a) - atoi(b)) <= BORN_YEARS ? 0 : -1;
}

static float
born_judge(const struct screen_party *party, const struct list_entry *entry, float score)
{
    int best = -1;

    if (!party->born_on || !*party->born_on || entry->born_on_count == 0)
        return score;
    for (size_t i = 0; i < entry->born_on_count; i++) {
        int agrees = born_compare(party->born_on, entry->born_on[i]);

        best = agrees > best ? agrees : best;
    }
    return best > 0 ? 1 - (1 - score) * BORN_SAME : best < 0 ? score * BORN_OTHER : score;
}

static float
countries_judge(const struct screen_party *party, const struct list_entry *entry, float score)
{
    if (party->country_count == 0 || entry->country_count == 0)
        return score;
    for (size_t i = 0; i < party->country_count; i++)
        for (size_t j = 0; j < entry->country_count; j++)
            if (strcmp(party->countries[i], entry->countries[j]) == 0)
                return 1 - (1 - score) * COUNTRY_SAME;
    return score * COUNTRY_OTHER;
}

/* -- thresholds -- */

/* As which kinds a party's names are read, and which of these it is said not to be. */
static const struct {
    unsigned read, doubted;
} name_kinds[SCREEN_KINDS] = {
    [SCREEN_PERSON] = {1u << NAME_PERSON, 0},
    [SCREEN_COMPANY] = {1u << NAME_COMPANY, 0},
    [SCREEN_VESSEL] = {1u << NAME_VESSEL, 0},
    [SCREEN_PARTY] = {1u << NAME_PERSON | 1u << NAME_COMPANY, 0},
    [SCREEN_SAID_PERSON] = {1u << NAME_PERSON | 1u << NAME_COMPANY, 1u << NAME_COMPANY},
    [SCREEN_SAID_COMPANY] = {1u << NAME_PERSON | 1u << NAME_COMPANY, 1u << NAME_PERSON},
    [SCREEN_ANY] = {1u << NAME_PERSON | 1u << NAME_COMPANY | 1u << NAME_VESSEL, 0},
};

static float
threshold_of(const struct screen_party *party, size_t list, enum name_kind kind)
{
    float own = party->thresholds ? party->thresholds[list].of[kind] : 0;

    own = own > 0 ? own : SCREEN_THRESHOLD;
    return name_kinds[party->kind].doubted & 1u << kind ? fmaxf(own, SCREEN_OTHER_KIND) : own;
}

/* Of all lists. */
static float
threshold_least(const struct finds *finds, enum name_kind kind)
{
    float least = 1;

    for (size_t l = 0; l < finds->screen->list_count; l++)
        least = fminf(least, threshold_of(finds->party, l, kind));
    return least;
}

/* The least score of a name that dates and countries could lift to the threshold. */
static float
lowered(const struct screen_party *party, float threshold)
{
    float lack = 1 - threshold;

    if (party->born_on && *party->born_on)
        lack /= BORN_SAME;
    if (party->country_count > 0)
        lack /= COUNTRY_SAME;
    return fmaxf(1 - lack, 0.01f);
}

/* -- hits -- */

static void
hit_add(struct finds *finds, const struct screen_hit *hit)
{
    for (size_t i = 0; i < finds->count; i++)
        if (finds->hits[i].entry == hit->entry) {
            if (hit->score > finds->hits[i].score)
                finds->hits[i] = *hit;
            return;
        }
    if (finds->count == finds->capacity) {
        finds->hits = arena_grow(finds->arena, finds->hits, finds->capacity * sizeof(*hit),
                                 (finds->capacity * 2 + 4) * sizeof(*hit));
        finds->capacity = finds->capacity * 2 + 4;
    }
    finds->hits[finds->count++] = *hit;
}

/* Does the number of an entry agree with this one of the party, as far as both count? */
static bool
number_is(const struct number *number, const char *type, const char *normal, size_t len)
{
    char other[NUMBER_MAX + 1];

    if (number->len != len || !types_fit(type, number->identifier->type))
        return false;
    number_normal(number->identifier->value, other);
    return memcmp(normal, other, len) == 0;
}

static void
number_find(struct finds *finds, const struct screen_identifier *own, const char *normal,
            size_t len)
{
    const struct screen *screen = finds->screen;
    size_t at = number_hash(normal, len) & screen->number_mask;

    for (; len >= SCREEN_NUMBER_LEAST && screen->numbers[at].identifier;
         at = (at + 1) & screen->number_mask) {
        const struct number *number = &screen->numbers[at];
        const char *text;

        if (!number_is(number, own->type, normal, len))
            continue;
        text = arena_copy(finds->arena, normal, len);
        hit_add(finds, &(struct screen_hit){
                           .list = screen->lists[number->list]->name,
                           .entry = &screen->lists[number->list]->entries[number->entry],
                           .query = own->value,
                           .query_type = own->type,
                           .matched = number->identifier->value,
                           .query_normal = text,
                           .matched_normal = text,
                           .read_as = SCREEN_ANY,
                           .score = 1,
                           .by_identifier = true});
    }
}

static void
numbers_find(struct finds *finds)
{
    for (size_t i = 0; i < finds->party->identifier_count; i++) {
        const struct screen_identifier *own = &finds->party->identifiers[i];
        char normal[NUMBER_MAX + 1];
        size_t len = number_normal(own->value, normal), lengths[2];
        size_t count = number_lengths(own->type, normal, len, lengths);

        for (size_t k = 0; k < count; k++)
            number_find(finds, own, normal, lengths[k]);
    }
}

/* The score of two names with what dates and countries say of it. */
static float
judged(const struct finds *finds, uint32_t list, uint32_t at, float score)
{
    const struct list_entry *entry = &finds->screen->lists[list]->entries[at];

    return countries_judge(finds->party, entry, born_judge(finds->party, entry, score));
}

static void
name_hit(struct finds *finds, const char *text, const struct name *name,
         const struct index_hit *found)
{
    const struct screen_party *party = finds->party;
    const struct list *list = finds->screen->lists[found->list];
    const struct list_entry *entry = &list->entries[found->entry];
    float score = judged(finds, found->list, found->entry, found->how.score);
    struct screen_hit hit;

    if (score < threshold_of(party, found->list, name->kind))
        return;
    hit = (struct screen_hit){
        .list = list->name,
        .entry = entry,
        .query = text,
        .query_type = "",
        .matched = entry->names[found->name].text,
        .query_normal = reading_print(finds->arena, &name->readings[found->how.reading_a]),
        .matched_normal =
            reading_print(finds->arena, &found->listed->readings[found->how.reading_b]),
        .read_as = (enum screen_kind)name->kind,
        .score = score,
    };
    if (!party->excepts || !party->excepts(party->context, &hit))
        hit_add(finds, &hit);
}

/* Of what a name has met, the hits: compared only where dates and countries let it be one. */
static void
found_judge(struct finds *finds, const struct cache_question *question,
            const struct cache_found *found, size_t count)
{
    const struct index *index = finds->screen->index;
    enum name_kind kind = (enum name_kind)question->kind;
    uint32_t records[FOUND_KEPT_MAX];
    struct index_hit *hits;
    struct name name;
    size_t kept = 0;

    for (size_t i = 0; i < count; i++) {
        struct index_place place = index_place(index, kind, found[i].record);

        if (judged(finds, place.list, place.entry, found[i].score) >=
            threshold_of(finds->party, place.list, kind))
            records[kept++] = found[i].record;
    }
    if (kept == 0)
        return;
    name_read(finds->arena, question->text, kind, &name);
    hits = index_compare(index, finds->arena, &name, records, kept);
    for (size_t i = 0; i < kept; i++)
        name_hit(finds, question->text, &name, &hits[i]);
}

/*
 * What a search takes is given back at once: a payment may name hundreds.  Only where very
 * much was met is it kept, and judged as it is.
 */
static void
new_find(struct finds *finds, const struct cache_question *question)
{
    struct arena_mark mark = arena_mark(finds->arena);
    struct cache_found found[FOUND_KEPT_MAX];
    struct index_hit *hits;
    struct name name;
    size_t count;

    name_read(finds->arena, question->text, (enum name_kind)question->kind, &name);
    count = index_find(finds->screen->index, finds->arena, &name, question->threshold, &hits);
    for (size_t i = 0; i < count && i < FOUND_KEPT_MAX; i++)
        found[i] = (struct cache_found){hits[i].record, hits[i].how.score};
    cache_put(&finds->screen->cache, question, found, count);
    if (count <= FOUND_KEPT_MAX) {
        arena_rewind(finds->arena, mark);
        found_judge(finds, question, found, count);
        return;
    }
    for (size_t i = 0; i < count; i++)
        name_hit(finds, question->text, &name, &hits[i]);
}

/* A name of the party read as one kind. */
static void
name_find(struct finds *finds, const char *text, enum name_kind kind)
{
    const struct cache_question question = {
        .text = text,
        .len = strlen(text),
        .kind = kind,
        .threshold = lowered(finds->party, threshold_least(finds, kind)),
    };
    struct cache_found found[CACHE_FOUND_MAX];
    size_t count;

    if (cache_get(&finds->screen->cache, &question, found, &count))
        found_judge(finds, &question, found, count);
    else
        new_find(finds, &question);
}

/* Numbers first, then by score. */
static bool
hit_before(const struct screen_hit *a, const struct screen_hit *b)
{
    if (a->by_identifier != b->by_identifier)
        return a->by_identifier;
    return a->score > b->score;
}

/* Few, and qsort() may allocate. */
static void
hits_sort(struct screen_hit *hits, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        struct screen_hit hit = hits[i];
        size_t at = i;

        for (; at > 0 && hit_before(&hit, &hits[at - 1]); at--)
            hits[at] = hits[at - 1];
        hits[at] = hit;
    }
}

size_t
screen_find(struct screen *screen, struct arena *arena, const struct screen_party *party,
            struct screen_hit **hits)
{
    struct finds finds = {.screen = screen, .arena = arena, .party = party};

    numbers_find(&finds);
    for (size_t i = 0; i < party->name_count; i++)
        for (int k = 0; k < SCREEN_NAME_KINDS; k++)
            if (name_kinds[party->kind].read & 1u << k)
                name_find(&finds, party->names[i], (enum name_kind)k);
    hits_sort(finds.hits, finds.count);
    *hits = finds.hits;
    return finds.count;
}
