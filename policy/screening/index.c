/*
 * index.c - buckets of words, and the sums that leave names out.
 *
 * One part a kind.  A bucket is a key of 64 bits and the terms under it; a term is a word
 * (or neighbours joined) that some readings have.  All arrays are filled in two passes
 * (count, place), so that a part is a few flat blocks.
 */
#include "policy/screening/index.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define TAG_CONCEPT 0x1000000000000000u /* above a skeleton */
#define TAG_TEXT    0x2000000000000000u
#define TAG_JOINED  0x3000000000000000u
#define KEYS_MAX    (VARIANTS_MAX + 2)
#define AHEAD       6 /* terms that are fetched while others are compared */
#define GROUPS_MAX  (NAME_WORDS_MAX * 4)
#define SLACK       1e-4f /* of rounding, between a bound and a score */

/* A reading of a listed name. */
struct unit {
    uint32_t record; /* of the part */
    float miss;
};

/* A listed name. */
struct record {
    struct name name;
    uint32_t list, entry, at;
};

/* A word of some units, or joined neighbours. */
struct term {
    struct word word;
    bool joined;
    uint32_t first, count; /* of postings: units */
};

struct bucket {
    uint64_t key;
    uint32_t first, count; /* of members */
};

/* A term in a bucket, and what tells at once that a word is far from it. */
struct member {
    uint32_t term, letters;
    uint8_t len; /* of the key; 0: agrees by more than its letters */
};

struct part {
    struct record *records;
    size_t record_count;
    struct unit *units;
    size_t unit_count;
    struct term *terms;
    size_t term_count;
    uint32_t *postings;
    struct bucket *buckets; /* a hash: count is 0 where there is none */
    size_t bucket_mask;
    struct member *members;
};

struct index {
    struct arena arena; /* names and arrays */
    struct part parts[3];
};

/* -- keys of a word -- */

static uint64_t
text_key(const struct word *word)
{
    uint64_t hash = 0xcbf29ce484222325u;

    for (size_t i = 0; i < word->len; i++)
        hash = (hash ^ (unsigned char)word->text[i]) * 0x100000001b3u;
    return TAG_TEXT | hash >> 4;
}

/* The buckets that a word stands in, and is looked for in. */
static size_t
word_keys(const struct word *word, uint64_t keys[KEYS_MAX])
{
    size_t count = 0;

    if (word->concept)
    keys[count++] = TAG_CONCEPT | word->concept;
    if (word->is == WORD_NUMBER || word->len == 1)
        keys[count++] = text_key(word);
    if (word->is != WORD_NUMBER)
        count += skeleton_variants(word->key.skeleton, keys + count);
    return count;
}

static size_t
term_keys(const struct term *term, uint64_t keys[KEYS_MAX])
{
    if (!term->joined)
        return word_keys(&term->word, keys);
    keys[0] = TAG_JOINED | term->word.key.skeleton;
    return 1;
}

/* -- building: records and units -- */

/* The words and texts of a name alone, out of what reading it left on an arena. */
static void
name_keep(struct arena *arena, struct name *name)
{
    for (size_t i = 0; i < name->reading_count; i++) {
        struct reading *reading = &name->readings[i];
        size_t bytes = reading->count * sizeof(*reading->words), letters = 0;
        struct word *words = arena_alloc(arena, bytes);
        char *text;

        reading->words = memcpy(words, reading->words, bytes);
        for (size_t w = 0; w < reading->count; w++)
            letters += words[w].len;
        text = arena_alloc(arena, letters + 1);
        for (size_t w = 0; w < reading->count; w++) {
            words[w].text = memcpy(text, words[w].text, words[w].len);
            text += words[w].len;
        }
    }
}

static void
record_add(struct part *part, struct arena *arena, struct arena *scratch, const char *text,
           enum name_kind kind, struct record where)
{
    struct record *record = &part->records[part->record_count];

    *record = where;
    name_read(scratch, text, kind, &record->name);
    name_keep(arena, &record->name);
    arena_reset(scratch);
    for (size_t i = 0; i < record->name.reading_count; i++)
        part->units[part->unit_count++] =
            (struct unit){(uint32_t)part->record_count, record->name.readings[i].miss};
    part->record_count++;
}

/* Which kinds of names an entry's are read as: a bit each. */
static unsigned
kinds_of(enum list_kind kind)
{
    switch (kind) {
    case LIST_PERSON:
        return 1u << NAME_PERSON;
    case LIST_VESSEL:
    case LIST_AIRCRAFT:
        return 1u << NAME_VESSEL;
    case LIST_OTHER:
        return 1u << NAME_PERSON | 1u << NAME_COMPANY;
    default:
        return 1u << NAME_COMPANY;
    }
}

static void
records_fill(struct index *index, const struct list *const *lists, size_t count)
{
    struct arena scratch = {0};
    size_t names = 0;

    for (size_t l = 0; l < count; l++)
        names += lists[l]->name_count;
    for (int k = 0; k < 3; k++) {
        index->parts[k].records = malloc((names + 1) * sizeof(struct record));
        index->parts[k].units = malloc((names + 1) * NAME_READINGS_MAX * sizeof(struct unit));
        if (!index->parts[k].records || !index->parts[k].units)
            abort();
    }
    for (uint32_t l = 0; l < count; l++)
        for (uint32_t e = 0; e < lists[l]->entry_count; e++)
            for (uint32_t n = 0; n < lists[l]->entries[e].name_count; n++)
                for (int k = 0; k < 3; k++)
                    if (kinds_of(lists[l]->entries[e].kind) & 1u << k)
                        record_add(&index->parts[k], &index->arena, &scratch,
                                   lists[l]->entries[e].names[n].text, (enum name_kind)k,
                                   (struct record){.list = l, .entry = e, .at = n});
    arena_release(&scratch);
}

/* -- building: terms -- */

/* A term and a unit that has it. */
struct mention {
    uint32_t term, unit;
};

/* What building needs and a finished part does not. */
struct workshop {
    struct part *part;
    struct mention *mentions;
    size_t mention_count, mention_capacity, term_capacity;
    uint32_t *slots; /* terms by hash, plus 1 */
    size_t slot_mask;
};

static void *
grown(void *old, size_t count, size_t *capacity, size_t size)
{
    void *memory = old;

    if (count == *capacity) {
        *capacity = *capacity ? *capacity * 2 : 1024;
        memory = realloc(old, *capacity * size);
        if (!memory)
            abort();
    }
    return memory;
}

static uint64_t
term_hash(const struct word *word, bool joined)
{
    uint64_t hash = text_key(word) * 31 + word->is * 2 + joined;

    for (size_t i = 0; joined && i < word->key.len; i++)
        hash = (hash ^ word->key.text[i]) * 0x100000001b3u;
    return hash ^ hash >> 29;
}

static bool
term_equal(const struct term *term, const struct word *word, bool joined)
{
    const struct word *own = &term->word;

    if (term->joined != joined || own->abjad != word->abjad)
        return false;
    if (joined)
        return own->key.len == word->key.len &&
               memcmp(own->key.text, word->key.text, own->key.len) == 0;
    return own->is == word->is && own->len == word->len &&
           memcmp(own->text, word->text, own->len) == 0;
}

static void
slots_grow(struct workshop *shop)
{
    size_t count = shop->slot_mask ? (shop->slot_mask + 1) * 2 : 4096;

    free(shop->slots);
    shop->slots = calloc(count, sizeof(*shop->slots));
    if (!shop->slots)
        abort();
    shop->slot_mask = count - 1;
    for (uint32_t t = 0; t < shop->part->term_count; t++) {
        const struct term *term = &shop->part->terms[t];
        size_t at = term_hash(&term->word, term->joined) & shop->slot_mask;

        while (shop->slots[at])
            at = (at + 1) & shop->slot_mask;
        shop->slots[at] = t + 1;
    }
}

/* The term that a word is, made where it is new. */
static uint32_t
term_of(struct workshop *shop, const struct word *word, bool joined)
{
    struct part *part = shop->part;
    size_t at;

    if (part->term_count * 2 >= shop->slot_mask)
        slots_grow(shop);
    at = term_hash(word, joined) & shop->slot_mask;
    while (shop->slots[at] && !term_equal(&part->terms[shop->slots[at] - 1], word, joined))
        at = (at + 1) & shop->slot_mask;
    if (!shop->slots[at]) {
        part->terms =
            grown(part->terms, part->term_count, &shop->term_capacity, sizeof(*part->terms));
        part->terms[part->term_count++] = (struct term){.word = *word, .joined = joined};
        shop->slots[at] = (uint32_t)part->term_count;
    }
    return shop->slots[at] - 1;
}

static void
mention_add(struct workshop *shop, const struct word *word, bool joined, uint32_t unit)
{
    uint32_t term = term_of(shop, word, joined);
    struct word *own = &shop->part->terms[term].word;

    if (own->bits < word->bits) /* bounds need the most */
        own->bits = word->bits;
    if (own->miss < word->miss)
        own->miss = word->miss;
    shop->mentions = grown(shop->mentions, shop->mention_count, &shop->mention_capacity,
                           sizeof(*shop->mentions));
    shop->mentions[shop->mention_count++] = (struct mention){term, unit};
}

static void
unit_mention(struct workshop *shop, const struct reading *reading, uint32_t unit)
{
    for (size_t i = 0; i < reading->count; i++) {
        struct word joined = reading->words[i];

        mention_add(shop, &reading->words[i], false, unit);
        joined.text = "";
        joined.len = 0;
        joined.is = WORD_NAME;
        joined.concept = 0;
        for (size_t n = 2; n <= COMPARE_JOINED_MAX && i + n <= reading->count; n++) {
            const struct word *next = &reading->words[i + n - 1];

            key_join(&joined.key, &next->key, &joined.key);
            joined.bits += next->bits;
            joined.miss += next->miss;
            mention_add(shop, &joined, true, unit);
        }
    }
}

/* Units by term. */
static void
postings_place(struct workshop *shop)
{
    struct part *part = shop->part;
    uint32_t sum = 0;

    for (size_t i = 0; i < shop->mention_count; i++)
        part->terms[shop->mentions[i].term].count++;
    for (size_t t = 0; t < part->term_count; t++) {
        part->terms[t].first = sum;
        sum += part->terms[t].count;
        part->terms[t].count = 0;
    }
    part->postings = malloc((sum + 1) * sizeof(*part->postings));
    if (!part->postings)
        abort();
    for (size_t i = 0; i < shop->mention_count; i++) {
        struct term *term = &part->terms[shop->mentions[i].term];

        part->postings[term->first + term->count++] = shop->mentions[i].unit;
    }
}

/* -- building: buckets -- */

static struct bucket *
bucket_find(const struct part *part, uint64_t key)
{
    size_t at = (size_t)((key * 0x9e3779b97f4a7c15u) >> 32) & part->bucket_mask;

    while (part->buckets[at].count && part->buckets[at].key != key)
        at = (at + 1) & part->bucket_mask;
    return &part->buckets[at];
}

static struct member
member_of(const struct term *term, uint32_t t, uint64_t key)
{
    return (struct member){t, term->word.key.letters,
                           key >= TAG_CONCEPT || term->word.abjad ? 0 : term->word.key.len};
}

static void
buckets_place(struct part *part)
{
    size_t members = 0, slots = 4096;
    uint64_t keys[KEYS_MAX];
    uint32_t sum = 0;

    for (size_t t = 0; t < part->term_count; t++)
        members += term_keys(&part->terms[t], keys);
    while (slots < members)
        slots *= 2;
    part->bucket_mask = slots - 1;
    part->buckets = calloc(slots, sizeof(*part->buckets));
    part->members = calloc(members + AHEAD, sizeof(*part->members));
    if (!part->buckets || !part->members)
        abort();
    for (size_t t = 0; t < part->term_count; t++)
        for (size_t k = 0, n = term_keys(&part->terms[t], keys); k < n; k++) {
            struct bucket *bucket = bucket_find(part, keys[k]);

            bucket->key = keys[k];
            bucket->count++;
        }
    for (size_t b = 0; b < slots; b++) {
        sum += part->buckets[b].count;
        part->buckets[b].first = sum; /* filled from behind */
    }
    for (size_t t = part->term_count; t-- > 0;)
        for (size_t k = 0, n = term_keys(&part->terms[t], keys); k < n; k++)
            part->members[--bucket_find(part, keys[k])->first] =
                member_of(&part->terms[t], (uint32_t)t, keys[k]);
}

static void
part_build(struct part *part)
{
    struct workshop shop = {.part = part};
    uint32_t unit = 0;

    for (size_t r = 0; r < part->record_count; r++)
        for (size_t i = 0; i < part->records[r].name.reading_count; i++)
            unit_mention(&shop, &part->records[r].name.readings[i], unit++);
    postings_place(&shop);
    buckets_place(part);
    free(shop.mentions);
    free(shop.slots);
}

struct index *
index_new(const struct list *const *lists, size_t count)
{
    struct index *index = calloc(1, sizeof(*index));

    if (!index)
        abort();
    records_fill(index, lists, count);
    for (int k = 0; k < 3; k++)
        part_build(&index->parts[k]);
    return index;
}

void
index_free(struct index *index)
{
    if (!index)
        return;
    for (int k = 0; k < 3; k++) {
        free(index->parts[k].records);
        free(index->parts[k].units);
        free(index->parts[k].terms);
        free(index->parts[k].postings);
        free(index->parts[k].buckets);
        free(index->parts[k].members);
    }
    arena_release(&index->arena);
    free(index);
}

size_t
index_footprint(const struct index *index)
{
    size_t bytes = sizeof(*index) + arena_footprint(&index->arena);

    for (int k = 0; k < 3; k++) {
        const struct part *part = &index->parts[k];

        bytes += part->record_count * sizeof(*part->records);
        bytes += part->unit_count * sizeof(*part->units);
        bytes += part->term_count * sizeof(*part->terms);
        bytes += (part->bucket_mask + 1) * sizeof(*part->buckets);
        for (size_t t = 0; t < part->term_count; t++)
            bytes += part->terms[t].count * sizeof(*part->postings);
        for (size_t b = 0; b <= part->bucket_mask; b++)
            bytes += part->buckets[b].count * sizeof(*part->members);
    }
    return bytes;
}

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
    size_t mask;
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
    for (size_t k = 0, n = word_keys(word, keys); k < n; k++) {
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
    const struct bucket *bucket = bucket_find(search->part, key->skeleton);
    size_t capacity = 0;

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
 * threshold together are not looked up: what they could add at most is in *rest.
 */
static void
groups_fill(struct search *search, struct sum *rest)
{
    const struct reading *reading = search->reading;
    uint8_t order[NAME_WORDS_MAX];
    size_t left = 0;

    search->group_count = 0;
    *rest = (struct sum){0};
    words_order(reading, order);
    for (; left < reading->count; left++) {
        const struct word *word = &reading->words[order[left]];
        struct sum next = {.bits = rest->bits + word->bits,
                           .found_query = rest->found_query + word->miss};

        if (bound(search, &next, 0) >= search->threshold)
            break;
        *rest = next;
    }
    for (size_t i = left; i < reading->count; i++)
        word_lead(search, &reading->words[order[i]]);
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

static struct sum *
sum_of(struct sums *sums, uint32_t unit)
{
    size_t at = (unit * 0x9e3779b1u >> 7) & sums->mask;

    while (sums->at[at].unit && sums->at[at].unit != unit + 1)
        at = (at + 1) & sums->mask;
    sums->at[at].unit = unit + 1;
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

static void
group_sum(const struct search *search, const struct group *group, struct sums *sums)
{
    for (size_t l = 0; l < group->count; l++) {
        const struct lead *lead = &group->leads[l];
        const struct term *term = &search->part->terms[lead->term];

        for (uint32_t p = 0; p < term->count; p++) {
            struct sum *sum = sum_of(sums, search->part->postings[term->first + p]);

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

/* The listed names, in *marks, that one reading of the query could reach. */
static void
records_mark(struct search *search, const struct sum *rest, struct marks *marks)
{
    size_t postings = 0, slots = 64;
    struct sums sums;

    for (size_t g = 0; g < search->group_count; g++)
        postings += group_postings(search, &search->groups[g]);
    while (slots < postings * 2)
        slots *= 2;
    sums.at = arena_zalloc(search->arena, slots * sizeof(*sums.at));
    sums.mask = slots - 1;
    for (size_t g = 0; g < search->group_count; g++)
        group_sum(search, &search->groups[g], &sums);
    for (size_t i = 0; i < slots; i++) {
        struct sum *sum = &sums.at[i];
        const struct unit *unit = &search->part->units[sum->unit ? sum->unit - 1 : 0];

        sum->bits += rest->bits;
        sum->found_query += rest->found_query;
        /* What the words left out would find of the listed name is not known. */
        if (sum->unit &&
            bound(search, sum, rest->bits > 0 ? 0 : unit->miss) >= search->threshold)
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
        struct sum rest;

        groups_fill(&search, &rest);
        records_mark(&search, &rest, &marks);
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
