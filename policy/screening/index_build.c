/* index_build.c - names into records, words into terms, terms into postings and buckets. */
#include "policy/screening/index_private.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* -- keys of a word -- */

static uint64_t
text_key(const struct word *word)
{
    uint64_t hash = 0xcbf29ce484222325u;

    for (size_t i = 0; i < word->len; i++)
        hash = (hash ^ (unsigned char)word->text[i]) * 0x100000001b3u;
    return TAG_TEXT | hash >> 4;
}

size_t
index_word_keys(const struct word *word, uint64_t keys[KEYS_MAX])
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
        return index_word_keys(&term->word, keys);
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

/* The names of one entry that is looked for as this kind. */
static void
entry_fill(struct part *part, enum name_kind kind, struct arena *scratch,
           const struct list_entry *entry, struct record where)
{
    for (where.at = 0; where.at < entry->name_count; where.at++) {
        where.weak = entry->names[where.at].kind == LIST_NAME_WEAK;
        record_add(part, &part->arena, scratch, entry->names[where.at].text, kind, where);
    }
}

static void
records_fill(struct part *part, enum name_kind kind, const struct list *const *lists,
             size_t count)
{
    struct arena scratch = {0};
    size_t names = 0;

    for (size_t l = 0; l < count; l++)
        names += lists[l]->name_count;
    part->records = malloc((names + 1) * sizeof(struct record));
    part->units = malloc((names + 1) * NAME_READINGS_MAX * sizeof(struct unit));
    if (!part->records || !part->units)
        abort();
    for (uint32_t l = 0; l < count; l++)
        for (uint32_t e = 0; e < lists[l]->entry_count; e++)
            if (kinds_of(lists[l]->entries[e].kind) & 1u << kind)
                entry_fill(part, kind, &scratch, &lists[l]->entries[e],
                           (struct record){.list = l, .entry = e});
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
    uint64_t hash = (word->key.hash + word->is * 2u + joined) * 0x9e3779b97f4a7c15u;

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

/* -- building: each kind by a thread of its own -- */

struct building {
    struct part *part;
    enum name_kind kind;
    const struct list *const *lists;
    size_t count;
};

static void *
building_run(void *context)
{
    const struct building *building = context;

    records_fill(building->part, building->kind, building->lists, building->count);
    part_build(building->part);
    return NULL;
}

struct index *
index_new(const struct list *const *lists, size_t count)
{
    struct index *index = calloc(1, sizeof(*index));
    struct building buildings[NAME_KINDS];
    pthread_t threads[NAME_KINDS];
    bool runs[NAME_KINDS] = {false};

    if (!index)
        abort();
    for (int k = 0; k < NAME_KINDS; k++) {
        buildings[k] = (struct building){&index->parts[k], (enum name_kind)k, lists, count};
        runs[k] = k > 0 && pthread_create(&threads[k], NULL, building_run, &buildings[k]) == 0;
    }
    for (int k = 0; k < NAME_KINDS; k++)
        runs[k] ? (void)pthread_join(threads[k], NULL) : (void)building_run(&buildings[k]);
    return index;
}

void
index_free(struct index *index)
{
    if (!index)
        return;
    for (int k = 0; k < NAME_KINDS; k++) {
        free(index->parts[k].records);
        free(index->parts[k].units);
        free(index->parts[k].terms);
        free(index->parts[k].postings);
        free(index->parts[k].buckets);
        free(index->parts[k].members);
        arena_release(&index->parts[k].arena);
    }
    free(index);
}

size_t
index_footprint(const struct index *index)
{
    size_t bytes = sizeof(*index);

    for (int k = 0; k < NAME_KINDS; k++) {
        const struct part *part = &index->parts[k];

        bytes += arena_footprint(&part->arena);
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
