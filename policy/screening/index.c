/*
 * index.c - from the words of a query to the names that could reach the threshold.
 *
 * Words worth least are left out while they cannot decide; the others lead to terms and
 * their postings, where a sum for each listed reading bounds what compare() could say.
 */
#include "policy/screening/index_private.h"

#include <assert.h>
#include <string.h>

#define GROUPS_MAX  (NAME_WORDS_MAX * 4)
#define RESOLVE_MIN 40    /* names, beyond which comparing them all costs more */
#define SLACK       1e-4f /* of rounding, between a bound and a score */

/* -- finding -- */

/* A term that one word of the query, or its neighbours joined, agrees with. */
struct lead {
    uint32_t term;
    float bits, found_query, found_listed; /* the most it can add */
};

/* What the query's words lead to, a group for each. */
struct group {
    struct lead *leads;
    size_t count;
};

/* The most that a unit can agree on. */
struct sum {
    uint32_t unit; /* from 1; 0: a free slot */
    float bits, found_query, found_listed;
};

/* A hash of them. */
struct sums {
    struct sum *at;
    size_t mask, count;
};

/* Names to be compared in full. */
struct marks {
    uint32_t *records;
    size_t count, capacity;
};

struct search {
    const struct part *part;
    struct arena *arena;
    const struct reading *reading;
    enum name_kind kind;
    float threshold;
    struct group groups[GROUPS_MAX];
    size_t group_count;
    uint8_t order[NAME_WORDS_MAX]; /* places of the words, the least worthy first */
    size_t left;                   /* so many of them are not looked up */
    struct sum rest;               /* what those could add at most */
};

static void
lead_add(struct search *search, struct group *group, size_t *capacity, uint32_t t, float agree,
         float bits, float miss)
{
    const struct word *word = &search->part->terms[t].word;
    struct lead lead = {t, agree * (bits < word->bits ? bits : word->bits), agree * miss,
                        agree * word->miss};

    if (group->count == *capacity) {
        group->leads = arena_grow(search->arena, group->leads, *capacity * sizeof(lead),
                                  (*capacity * 2 + 16) * sizeof(lead));
        *capacity = *capacity * 2 + 16;
    }
    group->leads[group->count++] = lead;
}

/* Neighbours in the list that are the word together. */
static void
joined_terms_lead(struct search *search, const struct word *word, struct group *group,
                  size_t *capacity)
{
    const struct bucket *bucket = bucket_find(search->part, TAG_JOINED | word->key.skeleton);

    if (word->len < COMPARE_JOINED_LETTERS_MIN)
        return;
    for (uint32_t m = 0; m < bucket->count; m++) {
        uint32_t t = search->part->members[bucket->first + m].term;
        float agree = joined_agree(&search->part->terms[t].word.key,
                                   search->part->terms[t].word.abjad, word);

        if (agree > 0)
            lead_add(search, group, capacity, t, agree, word->bits, word->miss);
    }
}

/* The first time that this word meets the term, which stands in several of its buckets? */
static bool
is_first(uint64_t *met, uint32_t term)
{
    bool first = !(met[term / 64] >> (term % 64) & 1);

    met[term / 64] |= 1ull << (term % 64);
    return first;
}

static void
word_lead(struct search *search, const struct word *word)
{
    struct group *group = &search->groups[search->group_count++];
    size_t capacity = 0, words = search->part->term_count / 64 + 1;
    uint64_t keys[KEYS_MAX], *met = arena_zalloc(search->arena, words * sizeof(*met));

    *group = (struct group){0};
    for (size_t k = 0, n = index_word_keys(word, keys); k < n; k++) {
        const struct bucket *bucket = bucket_find(search->part, keys[k]);

        for (uint32_t m = 0; m < bucket->count; m++) {
            const struct member *member = &search->part->members[bucket->first + m];
            uint32_t t = member->term;
            float agree;

            __builtin_prefetch(&search->part->terms[member[AHEAD].term].word.key);
            if (member->len && !word->abjad &&
                letters_far(&word->key, member->letters, member->len))
                continue;
            if (!is_first(met, t))
                continue;
            agree = word_agree_near(word, &search->part->terms[t].word);
            if (agree > 0)
                lead_add(search, group, &capacity, t, agree, word->bits, word->miss);
        }
    }
    joined_terms_lead(search, word, group, &capacity);
}

/* The query's words first, first + 1, … written as one. */
static void
joined_lead(struct search *search, const struct key *key, bool abjad, float bits, float miss)
{
    struct group *group = &search->groups[search->group_count];
    uint64_t variants[VARIANTS_MAX];
    const struct bucket *bucket;
    size_t capacity = 0;

    skeleton_variants(key->skeleton, variants); /* the first leaves no letter out */
    bucket = bucket_find(search->part, variants[0]);

    *group = (struct group){0};
    for (uint32_t m = 0; m < bucket->count; m++) {
        uint32_t t = search->part->members[bucket->first + m].term;
        float agree = joined_agree(key, abjad, &search->part->terms[t].word);

        if (agree > 0)
            lead_add(search, group, &capacity, t, agree, bits, miss);
    }
    search->group_count += group->count > 0;
}

static float
bound(const struct search *search, const struct sum *sum, float miss)
{
    float query = search->reading->miss - sum->found_query, listed = miss - sum->found_listed;

    return compare_score(search->kind, sum->bits, query > 0 ? query : 0,
                         listed > 0 ? listed : 0) +
           SLACK;
}

/* The words' places, the least worthy first. */
static void
words_order(const struct reading *reading, uint8_t order[NAME_WORDS_MAX])
{
    for (size_t i = 0; i < reading->count; i++) {
        size_t at = i;

        for (; at > 0 && reading->words[order[at - 1]].bits > reading->words[i].bits; at--)
            order[at] = order[at - 1];
        order[at] = (uint8_t)i;
    }
}

/*
 * Look up what the words lead to.  Of those worth least, as many as cannot reach the
 * threshold together are not looked up: what they could add at most is in search->rest.
 */
static void
groups_fill(struct search *search)
{
    const struct reading *reading = search->reading;

    words_order(reading, search->order);
    for (; search->left < reading->count; search->left++) {
        const struct word *word = &reading->words[search->order[search->left]];
        struct sum next = {.bits = search->rest.bits + word->bits,
                           .found_query = search->rest.found_query + word->miss};

        if (bound(search, &next, 0) >= search->threshold)
            break;
        search->rest = next;
    }
    for (size_t i = search->left; i < reading->count; i++)
        word_lead(search, &reading->words[search->order[i]]);
    for (size_t i = 0; i < reading->count; i++) {
        struct key key = reading->words[i].key;
        float bits = reading->words[i].bits, miss = reading->words[i].miss;

        for (size_t n = 2; n <= COMPARE_JOINED_MAX && i + n <= reading->count; n++) {
            key_join(&key, &reading->words[i + n - 1].key, &key);
            bits += reading->words[i + n - 1].bits;
            miss += reading->words[i + n - 1].miss;
            joined_lead(search, &key, reading->words[i].abjad, bits, miss);
        }
    }
}

/* -- sums -- */

/* The place of a unit, or the free one where it would be. */
static struct sum *
sum_of(const struct sums *sums, uint32_t unit)
{
    size_t at = (unit * 0x9e3779b1u >> 7) & sums->mask;

    while (sums->at[at].unit && sums->at[at].unit != unit + 1)
        at = (at + 1) & sums->mask;
    return &sums->at[at];
}

static size_t
group_postings(const struct search *search, const struct group *group)
{
    size_t count = 0;

    for (size_t l = 0; l < group->count; l++)
        count += search->part->terms[group->leads[l].term].count;
    return count;
}

/* Add what a group leads to; only_known: to units that have a sum. */
static void
group_sum(const struct search *search, const struct group *group, bool only_known,
          struct sums *sums)
{
    for (size_t l = 0; l < group->count; l++) {
        const struct lead *lead = &group->leads[l];
        const struct term *term = &search->part->terms[lead->term];

        for (uint32_t p = 0; p < term->count; p++) {
            uint32_t unit = search->part->postings[term->first + p];
            struct sum *sum = sum_of(sums, unit);

            if (!sum->unit && only_known)
                continue;
            sums->count += !sum->unit;
            sum->unit = unit + 1;
            sum->bits += lead->bits;
            sum->found_query += lead->found_query;
            sum->found_listed += lead->found_listed;
        }
    }
}

static void
mark(struct marks *marks, struct arena *arena, uint32_t record)
{
    if (marks->count == marks->capacity) {
        marks->records =
            arena_grow(arena, marks->records, marks->capacity * sizeof(*marks->records),
                       (marks->capacity * 2 + 64) * sizeof(*marks->records));
        marks->capacity = marks->capacity * 2 + 64;
    }
    marks->records[marks->count++] = record;
}

/* Many names were led to: the words left out are looked up after all, to tell them apart. */
static void
rest_resolve(struct search *search, struct sums *sums)
{
    for (size_t i = 0; i < search->left; i++) {
        word_lead(search, &search->reading->words[search->order[i]]);
        group_sum(search, &search->groups[search->group_count - 1], true, sums);
    }
    search->left = 0;
    search->rest = (struct sum){0};
}

/* The listed names, in *marks, that one reading of the query could reach. */
static void
records_mark(struct search *search, struct marks *marks)
{
    size_t postings = 0, slots = 64;
    struct sums sums = {0};

    for (size_t g = 0; g < search->group_count; g++)
        postings += group_postings(search, &search->groups[g]);
    while (slots < postings * 2)
        slots *= 2;
    sums.at = arena_zalloc(search->arena, slots * sizeof(*sums.at));
    sums.mask = slots - 1;
    for (size_t g = 0, count = search->group_count; g < count; g++)
        group_sum(search, &search->groups[g], false, &sums);
    if (sums.count > RESOLVE_MIN)
        rest_resolve(search, &sums);
    for (size_t i = 0; i < slots; i++) {
        struct sum *sum = &sums.at[i];
        const struct unit *unit = &search->part->units[sum->unit ? sum->unit - 1 : 0];

        sum->bits += search->rest.bits;
        sum->found_query += search->rest.found_query;
        /* What the words left out would find of the listed name is not known. */
        if (sum->unit &&
            bound(search, sum, search->left > 0 ? 0 : unit->miss) >= search->threshold)
            mark(marks, search->arena, unit->record);
    }
}

/* -- hits -- */

static void
swap(uint32_t *a, uint32_t *b)
{
    uint32_t kept = *a;

    *a = *b;
    *b = kept;
}

/* In place by a heap: qsort() may allocate. */
static void
records_sort(uint32_t *records, size_t count)
{
    for (size_t built = 1, left = count; left > 1;) {
        size_t at;

        if (built < count) { /* grow the heap by one */
            for (at = built++; at > 0 && records[(at - 1) / 2] < records[at]; at = (at - 1) / 2)
                swap(&records[at], &records[(at - 1) / 2]);
            continue;
        }
        swap(&records[0], &records[--left]); /* the greatest goes behind it */
        at = 0;
        for (size_t child; (child = 2 * at + 1) < left; at = child) {
            child += child + 1 < left && records[child + 1] > records[child];
            if (records[at] >= records[child])
                break;
            swap(&records[at], &records[child]);
        }
    }
}

static struct index_hit
hit_make(const struct part *part, const struct name *name, uint32_t number)
{
    const struct record *record = &part->records[number];
    struct index_hit hit = {.list = record->list,
                            .entry = record->entry,
                            .name = record->at,
                            .record = number,
                            .listed = &record->name};

    compare(name, &record->name, &hit.how);
    if (record->weak)
        hit.how.score *= INDEX_WEAK;
    return hit;
}

static size_t
hits_compare(const struct part *part, struct arena *arena, const struct name *name,
             float threshold, const struct marks *marks, struct index_hit **hits)
{
    size_t count = 0, capacity = 0;

    *hits = NULL;
    for (size_t i = 0; i < marks->count; i++) {
        struct index_hit hit;

        if (i > 0 && marks->records[i] == marks->records[i - 1])
            continue;
        hit = hit_make(part, name, marks->records[i]);
        if (hit.how.score < threshold)
            continue;
        if (count == capacity) {
            *hits = arena_grow(arena, *hits, capacity * sizeof(**hits),
                               (capacity * 2 + 4) * sizeof(**hits));
            capacity = capacity * 2 + 4;
        }
        (*hits)[count++] = hit;
    }
    return count;
}

struct index_place
index_place(const struct index *index, enum name_kind kind, uint32_t record)
{
    const struct record *found = &index->parts[kind].records[record];

    return (struct index_place){found->list, found->entry};
}

struct index_hit *
index_compare(const struct index *index, struct arena *arena, const struct name *name,
              const uint32_t *records, size_t count)
{
    struct index_hit *hits = arena_alloc(arena, count * sizeof(*hits));

    for (size_t i = 0; i < count; i++)
        hits[i] = hit_make(&index->parts[name->kind], name, records[i]);
    return hits;
}

size_t
index_find(const struct index *index, struct arena *arena, const struct name *name,
           float threshold, struct index_hit **hits)
{
    const struct part *part = &index->parts[name->kind];
    struct marks marks = {0};

    assert(threshold > 0);
    for (size_t i = 0; i < name->reading_count; i++) {
        struct search search = {.part = part,
                                .arena = arena,
                                .kind = name->kind,
                                .threshold = threshold,
                                .reading = &name->readings[i]};

        groups_fill(&search);
        records_mark(&search, &marks);
    }
    records_sort(marks.records, marks.count);
    return hits_compare(part, arena, name, threshold, &marks, hits);
}

size_t
index_find_all(const struct index *index, struct arena *arena, const struct name *name,
               float threshold, struct index_hit **hits)
{
    const struct part *part = &index->parts[name->kind];
    struct marks marks = {0};

    for (uint32_t r = 0; r < part->record_count; r++)
        mark(&marks, arena, r);
    return hits_compare(part, arena, name, threshold, &marks, hits);
}
