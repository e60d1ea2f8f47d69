/*
 * good_guys.c - exceptions against the lists in force, and a hit against exceptions.
 *
 * Binding walks each list once and looks its entries up among the exceptions, sorted by
 * list and entry.  Only what is valid goes into the hash that hits are looked up in, by
 * the address of the entry: an exception cannot speak of a list it was not bound to.
 */
#include "policy/screening/good_guys.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "policy/screening/list_digest.h"

#define PLACES_MIN 16

static const char *const state_names[] = {
    [GOOD_GUY_UNBOUND] = "not yet compared with the lists in force",
    [GOOD_GUY_VALID] = "valid",
    [GOOD_GUY_NO_LIST] = "no list of that name is loaded",
    [GOOD_GUY_ENTRY_GONE] = "the entry is no longer on the list",
    [GOOD_GUY_NAME_GONE] = "the entry no longer has that name",
    [GOOD_GUY_ENTRY_CHANGED] = "the entry has changed since the exception was added",
};

const char *
good_guy_state_name(enum good_guy_state state)
{
    return state_names[state];
}

const struct good_guy *
good_guys_all(const struct good_guys *set, size_t *count)
{
    *count = set->count;
    return set->list;
}

static bool
entry_has_name(const struct list_entry *entry, const char *name)
{
    for (size_t i = 0; i < entry->name_count; i++)
        if (strcmp(entry->names[i].text, name) == 0)
            return true;
    return false;
}

/* -- adding one -- */

static const struct list *
find_list(const struct list *const *lists, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(lists[i]->name, name) == 0)
            return lists[i];
    return NULL;
}

static const struct list_entry *
find_entry(const struct list *list, const char *id)
{
    for (size_t i = 0; i < list->entry_count; i++)
        if (strcmp(list->entries[i].id, id) == 0)
            return &list->entries[i];
    return NULL;
}

/* NULL and a fault: there is none. */
static const struct list_entry *
find_target(const struct good_guy *guy, const struct list *const *lists, size_t count,
            struct good_guy_faults *faults)
{
    const struct list *list = find_list(lists, count, guy->list);
    const struct list_entry *entry;

    if (!list) {
        good_guy_fault_add(faults, "/list", "must be the name of a list that is loaded");
        return NULL;
    }
    entry = find_entry(list, guy->entry);
    if (!entry) {
        good_guy_fault_add(faults, "/entry", "must be the id of an entry of the list %s",
                           list->name);
        return NULL;
    }
    if (entry_has_name(entry, guy->name))
        return entry;
    good_guy_fault_add(faults, "/name", "must be a name of the entry as published, such as %s",
                       entry->names[0].text);
    return NULL;
}

int
good_guy_seal(struct good_guy *guy, const struct list *const *lists, size_t count,
              int64_t now_ms, struct good_guy_faults *faults)
{
    const struct list_entry *entry = find_target(guy, lists, count, faults);

    if (!entry)
        return -1;
    good_guy_id(guy, guy->id);
    guy->added_at_ms = now_ms;
    list_entry_digest(entry, guy->entry_digest);
    return 0;
}

/* -- the hash of valid ones -- */

/* Of an entry and a party's name: many parties may be excepted from the same entry. */
static size_t
place_hash(const struct list_entry *entry, const char *name)
{
    uint64_t hash = 0xcbf29ce484222325u ^ (uint64_t)(uintptr_t)entry;

    hash *= 0x100000001b3u;
    for (; *name; name++)
        hash = (hash ^ (unsigned char)*name) * 0x100000001b3u;
    return (size_t)(hash ^ hash >> 32);
}

static void
place(struct good_guys *set, const struct good_guy *guy)
{
    size_t at = place_hash(guy->entry_here, guy->party.name) & set->place_mask;

    while (set->places[at])
        at = (at + 1) & set->place_mask;
    set->places[at] = guy;
}

static void
places_fill(struct good_guys *set, struct arena *arena)
{
    size_t places = PLACES_MIN;

    while (places < set->count * 2)
        places *= 2;
    set->places = arena_zalloc(arena, places * sizeof(*set->places));
    set->place_mask = places - 1;
    for (size_t i = 0; i < set->count; i++)
        if (set->list[i].state == GOOD_GUY_VALID)
            place(set, &set->list[i]);
}

/* -- binding -- */

/* Exceptions in the order of lists and entries. */
struct by_entry {
    struct good_guy **guys;
    size_t count;
};

static int
compare_with(const struct good_guy *guy, const char *list, const char *entry)
{
    int order = strcmp(guy->list, list);

    return order ? order : strcmp(guy->entry, entry);
}

static int
compare_guys(const void *a, const void *b)
{
    const struct good_guy *other = *(struct good_guy *const *)b;

    return compare_with(*(struct good_guy *const *)a, other->list, other->entry);
}

static struct by_entry
sort_by_entry(struct good_guys *set, struct arena *scratch)
{
    struct by_entry sorted = {arena_alloc(scratch, set->count * sizeof(*sorted.guys)),
                              set->count};

    for (size_t i = 0; i < set->count; i++)
        sorted.guys[i] = &set->list[i];
    qsort(sorted.guys, sorted.count, sizeof(*sorted.guys), compare_guys);
    return sorted;
}

/* The first exception of this entry, or where it would be. */
static size_t
first_of(const struct by_entry *sorted, const char *list, const char *entry)
{
    size_t low = 0, high = sorted->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (compare_with(sorted->guys[middle], list, entry) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The entry is there.  The name comes first: what it is called says more than "changed". */
static enum good_guy_state
state_of(const struct good_guy *guy, const struct list_entry *entry,
         const uint8_t digest[SHA256_BYTES])
{
    if (!entry_has_name(entry, guy->name))
        return GOOD_GUY_NAME_GONE;
    if (memcmp(guy->entry_digest, digest, SHA256_BYTES) != 0)
        return GOOD_GUY_ENTRY_CHANGED;
    return GOOD_GUY_VALID;
}

static void
bind_entry(const struct by_entry *sorted, const char *list, const struct list_entry *entry)
{
    size_t at = first_of(sorted, list, entry->id);
    uint8_t digest[SHA256_BYTES];

    if (at == sorted->count || compare_with(sorted->guys[at], list, entry->id) != 0)
        return;
    list_entry_digest(entry, digest);
    for (; at < sorted->count && compare_with(sorted->guys[at], list, entry->id) == 0; at++) {
        struct good_guy *guy = sorted->guys[at];

        guy->state = state_of(guy, entry, digest);
        guy->entry_here = guy->state == GOOD_GUY_VALID ? entry : NULL;
    }
}

void
good_guys_bind(struct good_guys *set, struct arena *arena, const struct list *const *lists,
               size_t count)
{
    struct arena scratch = {0};
    struct by_entry sorted;

    assert(!set->places);
    sorted = sort_by_entry(set, &scratch);
    for (size_t i = 0; i < set->count; i++)
        set->list[i].state =
            find_list(lists, count, set->list[i].list) ? GOOD_GUY_ENTRY_GONE : GOOD_GUY_NO_LIST;
    for (size_t i = 0; i < count && set->count > 0; i++)
        for (size_t k = 0; k < lists[i]->entry_count; k++)
            bind_entry(&sorted, lists[i]->name, &lists[i]->entries[k]);
    places_fill(set, arena);
    arena_release(&scratch);
}

/* -- a hit -- */

static bool
has_identifier(const struct good_guy_party *party, const struct good_guy_identifier *wanted)
{
    for (size_t i = 0; i < party->identifier_count; i++)
        if (strcmp(party->identifiers[i].scheme, wanted->scheme) == 0 &&
            strcmp(party->identifiers[i].value, wanted->value) == 0)
            return true;
    return false;
}

static bool
has_identifiers(const struct good_guy_party *party, const struct good_guy_party *of)
{
    for (size_t i = 0; i < of->identifier_count; i++)
        if (!has_identifier(party, &of->identifiers[i]))
            return false;
    return true;
}

/* E3 */
static bool
party_equals(const struct good_guy_party *a, const struct good_guy_party *b)
{
    return strcmp(a->name, b->name) == 0 && strcmp(a->country, b->country) == 0 &&
           strcmp(a->kind, b->kind) == 0 && strcmp(a->born_on, b->born_on) == 0 &&
           strcmp(a->incorporated_on, b->incorporated_on) == 0 && has_identifiers(a, b) &&
           has_identifiers(b, a);
}

/* E1, E4 */
static bool
excepts(const struct good_guy *guy, const struct screen_hit *hit,
        const struct good_guy_party *party, const char *day)
{
    return guy->entry_here == hit->entry && strcmp(guy->name, hit->matched) == 0 &&
           strcmp(day, guy->expires_on) <= 0 && party_equals(&guy->party, party);
}

const struct good_guy *
good_guys_find(const struct good_guys *set, const struct screen_hit *hit,
               const struct good_guy_party *party, const char *day)
{
    if (!set->places || hit->by_identifier || !good_guy_day_is_valid(day))
        return NULL;
    for (size_t at = place_hash(hit->entry, party->name) & set->place_mask; set->places[at];
         at = (at + 1) & set->place_mask)
        if (excepts(set->places[at], hit, party, day))
            return set->places[at];
    return NULL;
}
