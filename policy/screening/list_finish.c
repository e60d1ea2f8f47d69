/*
 * list_finish.c - drafts laid down as a list.
 *
 * Sizes are added up first, so that one allocation holds all of it: entries, then
 * the arrays they point to, then every text.
 */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "policy/screening/list_build.h"

/* The one allocation, and how much of it is given away. */
struct room {
    char *next, *end;   /* of arrays */
    char *texts, *stop; /* of texts */
};

static const struct list_text *
remarks_or_empty(const struct draft *draft)
{
    static const struct list_text empty = {"", 0};

    return draft->remarks.len ? &draft->remarks : &empty;
}

static size_t
items_texts(const struct draft_items *items)
{
    size_t bytes = 0;

    for (const struct draft_item *item = items->first; item; item = item->next)
        bytes += item->text.len + 1;
    return bytes;
}

static size_t
draft_texts(const struct draft *draft)
{
    return draft->id.len + 1 + draft->remarks.len + 1 + items_texts(&draft->names) +
           items_texts(&draft->identifiers) + items_texts(&draft->born_on) +
           items_texts(&draft->programs) + items_texts(&draft->owners) +
           items_texts(&draft->addresses);
}

static size_t
draft_arrays(const struct draft *draft)
{
    return draft->names.count * sizeof(struct list_name) +
           draft->identifiers.count * sizeof(struct list_identifier) +
           draft->owners.count * sizeof(struct list_owner) +
           (draft->countries.count + draft->born_on.count + draft->programs.count +
            draft->addresses.count) *
               sizeof(const char *);
}

static void *
room_array(struct room *room, size_t bytes)
{
    void *array = room->next;

    assert((size_t)(room->end - room->next) >= bytes);
    room->next += bytes;
    return array;
}

static const char *
room_text(struct room *room, struct list_text text)
{
    char *copy = room->texts;

    assert((size_t)(room->stop - room->texts) > text.len);
    if (text.len)
        memcpy(copy, text.data, text.len);
    copy[text.len] = '\0';
    room->texts += text.len + 1;
    return copy;
}

/* Items that are texts alone; those that are static strings are not copied. */
static const char *const *
lay_texts(struct room *room, const struct draft_items *items, bool copy)
{
    const char **texts = room_array(room, items->count * sizeof(*texts));
    size_t i = 0;

    for (const struct draft_item *item = items->first; item; item = item->next)
        texts[i++] = copy ? room_text(room, item->text) : item->text.data;
    return texts;
}

/* Primary names first (L1), else in the order of the source. */
static const struct list_name *
lay_names(struct room *room, const struct draft_items *items)
{
    struct list_name *names = room_array(room, items->count * sizeof(*names));
    size_t i = 0;

    for (int primary = 1; primary >= 0; primary--)
        for (const struct draft_item *item = items->first; item; item = item->next)
            if ((item->kind == LIST_NAME_PRIMARY) == primary)
                names[i++] = (struct list_name){room_text(room, item->text),
                                                (enum list_name_kind)item->kind};
    return names;
}

static const struct list_identifier *
lay_identifiers(struct room *room, const struct draft_items *items)
{
    struct list_identifier *identifiers = room_array(room, items->count * sizeof(*identifiers));
    size_t i = 0;

    for (const struct draft_item *item = items->first; item; item = item->next)
        identifiers[i++] = (struct list_identifier){
            .type = item->type, .value = room_text(room, item->text), .country = item->country};
    return identifiers;
}

static const struct list_owner *
lay_owners(struct room *room, const struct draft_items *items)
{
    struct list_owner *owners = room_array(room, items->count * sizeof(*owners));
    size_t i = 0;

    for (const struct draft_item *item = items->first; item; item = item->next)
        owners[i++] = (struct list_owner){
            .owner = room_text(room, item->text),
            .share = item->share == LIST_SHARE_UNKNOWN
                         ? NAN
                         : (double)item->share / (double)LIST_SHARE_WHOLE,
            .controls = item->controls,
            .share_exact = item->share,
        };
    return owners;
}

static enum list_kind
draft_kind(const struct draft *draft)
{
    bool organization = draft->kind == LIST_COMPANY || draft->kind == LIST_OTHER;

    return draft->bank && organization ? LIST_BANK : draft->kind;
}

/* L1: where the source has no primary name, the first one that is not weak has to do. */
static void
primary_choose(struct draft *draft)
{
    struct draft_item *chosen = draft->names.first;

    for (struct draft_item *item = draft->names.first; item; item = item->next) {
        if (item->kind == LIST_NAME_PRIMARY)
            return;
        if (chosen->kind == LIST_NAME_WEAK && item->kind != LIST_NAME_WEAK)
            chosen = item;
    }
    chosen->kind = LIST_NAME_PRIMARY;
}

static void
lay_entry(struct room *room, struct draft *draft, struct list_entry *entry)
{
    assert(draft->names.first);
    primary_choose(draft);
    *entry = (struct list_entry){
        .id = room_text(room, draft->id),
        .kind = draft_kind(draft),
        .names = lay_names(room, &draft->names),
        .name_count = draft->names.count,
        .identifiers = lay_identifiers(room, &draft->identifiers),
        .identifier_count = draft->identifiers.count,
        .countries = lay_texts(room, &draft->countries, false),
        .country_count = draft->countries.count,
        .born_on = lay_texts(room, &draft->born_on, true),
        .born_on_count = draft->born_on.count,
        .programs = lay_texts(room, &draft->programs, true),
        .program_count = draft->programs.count,
        .owners = lay_owners(room, &draft->owners),
        .owner_count = draft->owners.count,
        .remarks = room_text(room, *remarks_or_empty(draft)),
        .listed = draft->listed,
        .addresses = lay_texts(room, &draft->addresses, true),
        .address_count = draft->addresses.count,
    };
}

void
build_finish(struct list_build *build, struct list *list, size_t more)
{
    size_t count = 0, arrays = 0, texts = 0;
    struct list_entry *entries;
    struct room room;

    for (size_t i = 0; i < build->count; i++) {
        if (build->drafts[i]->dropped)
            continue;
        if (build->drafts[i]->ageless)
            build->drafts[i]->born_on = (struct draft_items){0};
        count++;
        arrays += draft_arrays(build->drafts[i]);
        texts += draft_texts(build->drafts[i]);
    }
    arrays += count * sizeof(*entries);
    arena_alloc(&list->arena, arrays + texts + more);
    arena_reset(&list->arena); /* A3: it keeps that chunk */
    room.next = arena_alloc(&list->arena, arrays + texts);
    room.end = room.texts = room.next + arrays;
    room.stop = room.texts + texts;
    entries = room_array(&room, count * sizeof(*entries));
    for (size_t i = 0; i < build->count; i++) {
        if (build->drafts[i]->dropped)
            continue;
        lay_entry(&room, build->drafts[i], &entries[list->entry_count]);
        list->name_count += entries[list->entry_count].name_count;
        list->address_count += entries[list->entry_count].address_count;
        list->kind_counts[entries[list->entry_count++].kind]++;
    }
    list->entries = entries;
    assert(room.next == room.end && room.texts == room.stop);
}
