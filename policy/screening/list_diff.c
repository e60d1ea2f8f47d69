/* list_diff.c - two lists side by side, in the order of their ids. */
#include "policy/screening/list_diff.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define DETAILS_FIRST 8

static const char *const change_names[LIST_CHANGE_COUNT] = {
    [LIST_ADDED] = "added", [LIST_REMOVED] = "removed", [LIST_CHANGED] = "changed"};

const char *
list_change_name(enum list_change change)
{
    return change_names[change];
}

/* -- values as texts -- */

struct texts {
    const char **items;
    size_t count;
};

static struct texts
texts_of(struct arena *arena, size_t count)
{
    return (struct texts){arena_alloc(arena, (count + 1) * sizeof(const char *)), 0};
}

static struct texts
texts_copy(struct arena *arena, const char *const *from, size_t count)
{
    struct texts texts = texts_of(arena, count);

    for (size_t i = 0; i < count; i++)
        texts.items[texts.count++] = from[i];
    return texts;
}

static struct texts
names_text(struct arena *arena, const struct list_entry *entry)
{
    struct texts texts = texts_of(arena, entry->name_count);

    for (size_t i = 0; i < entry->name_count; i++)
        texts.items[texts.count++] = arena_printf(
            arena, "%s %s", list_name_kind_name(entry->names[i].kind), entry->names[i].text);
    return texts;
}

static struct texts
identifiers_text(struct arena *arena, const struct list_entry *entry)
{
    struct texts texts = texts_of(arena, entry->identifier_count);

    for (size_t i = 0; i < entry->identifier_count; i++) {
        const struct list_identifier *identifier = &entry->identifiers[i];

        texts.items[texts.count++] =
            arena_printf(arena, "%s %s%s%s", identifier->type, identifier->value,
                         identifier->country[0] ? " " : "", identifier->country);
    }
    return texts;
}

static struct texts
owners_text(struct arena *arena, const struct list_entry *entry)
{
    struct texts texts = texts_of(arena, entry->owner_count);

    for (size_t i = 0; i < entry->owner_count; i++) {
        const struct list_owner *owner = &entry->owners[i];
        const char *control = owner->controls ? " controls" : "";

        texts.items[texts.count++] = owner->share_exact == LIST_SHARE_UNKNOWN
                                         ? arena_printf(arena, "%s%s", owner->owner, control)
                                         : arena_printf(arena, "%s %.10g %%%s", owner->owner,
                                                        owner->share * 100, control);
    }
    return texts;
}

static struct texts
countries_text(struct arena *arena, const struct list_entry *entry)
{
    return texts_copy(arena, entry->countries, entry->country_count);
}

static struct texts
born_on_text(struct arena *arena, const struct list_entry *entry)
{
    return texts_copy(arena, entry->born_on, entry->born_on_count);
}

static struct texts
programs_text(struct arena *arena, const struct list_entry *entry)
{
    return texts_copy(arena, entry->programs, entry->program_count);
}

static struct texts
addresses_text(struct arena *arena, const struct list_entry *entry)
{
    return texts_copy(arena, entry->addresses, entry->address_count);
}

/* Of which an entry has one. */
static struct texts
kind_text(struct arena *arena, const struct list_entry *entry)
{
    struct texts texts = texts_of(arena, 1);

    texts.items[texts.count++] = list_kind_name(entry->kind);
    return texts;
}

static struct texts
remarks_text(struct arena *arena, const struct list_entry *entry)
{
    return texts_copy(arena, &entry->remarks, entry->remarks[0] != '\0');
}

static struct texts
listed_text(struct arena *arena, const struct list_entry *entry)
{
    struct texts texts = texts_of(arena, 1);

    texts.items[texts.count++] = entry->listed ? "listed" : "not listed";
    return texts;
}

static const struct {
    const char *name;
    struct texts (*text)(struct arena *arena, const struct list_entry *entry);
} fields[] = {
    {"names", names_text},         {"kind", kind_text},
    {"listed", listed_text},       {"identifiers", identifiers_text},
    {"countries", countries_text}, {"born_on", born_on_text},
    {"programs", programs_text},   {"owners", owners_text},
    {"addresses", addresses_text}, {"remarks", remarks_text},
};

/* -- an entry -- */

struct details {
    struct arena *arena;
    struct list_detail *items;
    size_t count, room;
};

static void
detail_add(struct details *details, struct list_detail detail)
{
    size_t bytes = details->room * sizeof(*details->items);

    if (details->count == details->room) {
        details->room = details->room ? details->room * 2 : DETAILS_FIRST;
        details->items = arena_grow(details->arena, details->items, bytes,
                                    details->room * sizeof(*details->items));
    }
    details->items[details->count++] = detail;
}

static int
compare_texts(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool
texts_equal(const struct texts *a, const struct texts *b)
{
    for (size_t i = 0; i < a->count && i < b->count; i++)
        if (strcmp(a->items[i], b->items[i]) != 0)
            return false;
    return a->count == b->count;
}

/* What only one of them has. */
static void
field_compare(struct details *details, const char *field, struct texts before, struct texts now)
{
    size_t i = 0, k = 0;

    if (texts_equal(&before, &now))
        return;
    qsort(before.items, before.count, sizeof(*before.items), compare_texts);
    qsort(now.items, now.count, sizeof(*now.items), compare_texts);
    while (i < before.count || k < now.count) {
        int order = i == before.count ? 1
                    : k == now.count  ? -1
                                      : strcmp(before.items[i], now.items[k]);

        if (order < 0)
            detail_add(details, (struct list_detail){field, before.items[i], NULL});
        else if (order > 0)
            detail_add(details, (struct list_detail){field, NULL, now.items[k]});
        i += order <= 0;
        k += order >= 0;
    }
}

/* -- all of them -- */

static int
compare_entries(const void *a, const void *b)
{
    return strcmp((*(const struct list_entry *const *)a)->id,
                  (*(const struct list_entry *const *)b)->id);
}

static const struct list_entry **
by_id(struct arena *arena, const struct list *list)
{
    const struct list_entry **entries =
        arena_alloc(arena, (list->entry_count + 1) * sizeof(*entries));

    for (size_t i = 0; i < list->entry_count; i++)
        entries[i] = &list->entries[i];
    qsort(entries, list->entry_count, sizeof(*entries), compare_entries);
    return entries;
}

static struct list_difference
entries_compare(struct arena *arena, const struct list_entry *before,
                const struct list_entry *now)
{
    struct details details = {.arena = arena};

    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
        field_compare(&details, fields[i].name, fields[i].text(arena, before),
                      fields[i].text(arena, now));
    return (struct list_difference){
        .change = LIST_CHANGED,
        .entry = now,
        .details = details.items,
        .detail_count = details.count,
    };
}

int
list_diff(struct arena *arena, const struct list *before, const struct list *now,
          const struct list_difference **differences, size_t *count, struct error *err)
{
    const struct list_entry **a = by_id(arena, before), **b = by_id(arena, now);
    struct list_difference *found =
        arena_alloc(arena, (before->entry_count + now->entry_count) * sizeof(*found));
    size_t i = 0, k = 0, n = 0;

    *differences = found;
    *count = 0;
    if (strcmp(before->format, now->format) != 0)
        return error_set(
            err, ERROR_INVALID,
            "one list is %s, the other %s: their entries have different ids, so they "
            "cannot be compared",
            before->format, now->format);
    while (i < before->entry_count || k < now->entry_count) {
        int order = i == before->entry_count ? 1
                    : k == now->entry_count  ? -1
                                             : strcmp(a[i]->id, b[k]->id);

        if (order < 0)
            found[n++] = (struct list_difference){.change = LIST_REMOVED, .entry = a[i]};
        else if (order > 0)
            found[n++] = (struct list_difference){.change = LIST_ADDED, .entry = b[k]};
        else
            found[n] = entries_compare(arena, a[i], b[k]);
        n += order == 0 && found[n].detail_count > 0;
        i += order <= 0;
        k += order >= 0;
    }
    *count = n;
    return 0;
}
