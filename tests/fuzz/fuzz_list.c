/*
 * fuzz_list.c - any bytes as the files of a sanctions list.
 *
 * One target a loader, so that each has a corpus of its own; what the bytes are is told
 * by their content all the same.  Several files stand one after the other: OFAC's end
 * with 0x1A, entities and their deltas are parted by a form feed.
 *
 * Beyond not crashing:
 *   W1  what is refused is refused with a sentence, and there is no list.
 *   W2  what is loaded is as L1 to L3 of list.h say.
 *   W3  loaded again it is the same, and differs in nothing from itself.
 *   W4  no more rows are left out than are allowed, and each is told.
 */
#include <string.h>

#include "policy/screening/list_diff.h"
#include "policy/screening/list_text.h"
#include "tests/fuzz/fuzz.h"

#define FILES_MAX 8

static struct arena arena;

/* -- W2 -- */

static void
examine_text(const char *text, const char *what)
{
    struct list_text clean, own;

    MUST(text, "W2: %s is NULL", what);
    own = text_of(text);
    MUST(text_clean(&arena, own, &clean), "W2: %s is not UTF-8", what);
    MUST(text_equals(own, clean), "W2: %s is not clean: \"%s\"", what, text);
}

static void
examine_texts(const char *const *texts, size_t count, const char *what)
{
    for (size_t i = 0; i < count; i++) {
        examine_text(texts[i], what);
        MUST(texts[i][0], "W2: %s is empty", what);
    }
}

static void
examine_owners(const struct list *list, const struct list_entry *entry)
{
    for (size_t i = 0; i < entry->owner_count; i++) {
        const struct list_owner *owner = &entry->owners[i];
        size_t k = 0;

        while (k < list->entry_count && strcmp(list->entries[k].id, owner->owner) != 0)
            k++;
        MUST(k < list->entry_count, "W2: %s is owned by %s, which is not there", entry->id,
             owner->owner);
        MUST(owner->share_exact == LIST_SHARE_UNKNOWN ||
                 (owner->share_exact >= 0 && owner->share_exact <= LIST_SHARE_WHOLE),
             "W2: a share of %lld", (long long)owner->share_exact);
    }
}

static void
examine_entry(const struct list *list, const struct list_entry *entry)
{
    MUST(entry->id && entry->id[0], "W2: an entry without an id");
    MUST((unsigned)entry->kind < LIST_KIND_COUNT, "W2: kind %d", entry->kind);
    MUST(entry->name_count > 0, "W2: %s has no name", entry->id);
    MUST(entry->names[0].kind == LIST_NAME_PRIMARY, "W2: %s has no primary name", entry->id);
    for (size_t i = 0; i < entry->name_count; i++)
        examine_texts(&entry->names[i].text, 1, "a name");
    for (size_t i = 0; i < entry->identifier_count; i++) {
        examine_texts(&entry->identifiers[i].value, 1, "an identifier");
        MUST(entry->identifiers[i].type && entry->identifiers[i].country, "W2: NULL");
    }
    examine_texts(entry->countries, entry->country_count, "a country");
    examine_texts(entry->born_on, entry->born_on_count, "a date of birth");
    examine_texts(entry->programs, entry->program_count, "a program");
    examine_texts(entry->addresses, entry->address_count, "an address");
    examine_text(entry->remarks, "remarks");
    examine_owners(list, entry);
}

static int
compare_ids(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void
examine(const struct list *list)
{
    const char **ids = arena_alloc(&arena, list->entry_count * sizeof(*ids));
    size_t names = 0;

    for (size_t i = 0; i < list->entry_count; i++) {
        examine_entry(list, &list->entries[i]);
        ids[i] = list->entries[i].id;
        names += list->entries[i].name_count;
    }
    MUST(list->entry_count > 0 && names == list->name_count, "W2: counts");
    qsort(ids, list->entry_count, sizeof(*ids), compare_ids);
    for (size_t i = 1; i < list->entry_count; i++)
        MUST(strcmp(ids[i - 1], ids[i]) != 0, "W2: %s twice", ids[i]);
}

/* -- all of it -- */

static size_t
split(const uint8_t *data, size_t size, uint8_t end, int keep, struct list_bytes *files)
{
    size_t count = 0;

    while (size > 0 && count < FILES_MAX) {
        const uint8_t *at = end && count + 1 < FILES_MAX ? memchr(data, end, size) : NULL;
        size_t len = at ? (size_t)(at - data) + 1 : size;

        files[count] = (struct list_bytes){"fuzz", (const char *)data, len - (at && !keep)};
        count++;
        data += len;
        size -= len;
    }
    return count;
}

static int
feed(const struct list_bytes *files, size_t count)
{
    struct list_order order = list_order_of("fuzz", NULL, 0);
    const struct list_difference *differences;
    struct list_faults faults;
    struct list *list, *again;
    struct error err = {0};
    size_t changed;

    arena_reset(&arena);
    if (list_read(&order, files, count, &faults, &list, &err) != 0) {
        MUST(!list && err.text[0], "W1: refused without a sentence, or with a list");
        return 0;
    }
    MUST(faults.count == list->faults && faults.count <= order.faults_max, "W4: %zu left out",
         faults.count);
    for (size_t i = 0; i < faults.count; i++)
        MUST(faults.shown[i].text[0], "W4: left out without a sentence");
    examine(list);
    MUST(list_read(&order, files, count, NULL, &again, &err) == 0, "W3: %s", err.text);
    MUST(list_diff(&arena, list, again, &differences, &changed, &err) == 0, "W3: %s", err.text);
    MUST(changed == 0 && strcmp(list->digest, again->digest) == 0, "W3: another list");
    list_free(list);
    list_free(again);
    return 0;
}

int
fuzz_ofac(const uint8_t *data, size_t size)
{
    struct list_bytes files[FILES_MAX];

    return feed(files, split(data, size, 0x1a, 1, files));
}

int
fuzz_entities(const uint8_t *data, size_t size)
{
    struct list_bytes files[FILES_MAX];

    return feed(files, split(data, size, '\f', 0, files));
}

int
fuzz_xml(const uint8_t *data, size_t size)
{
    struct list_bytes files[FILES_MAX];

    return feed(files, split(data, size, 0, 0, files));
}

int
fuzz_targets(const uint8_t *data, size_t size)
{
    return fuzz_xml(data, size);
}
