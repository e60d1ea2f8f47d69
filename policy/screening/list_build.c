/* list_build.c - drafts of entries, found by id, filled item by item. */
#include "policy/screening/list_build.h"

#include <stdio.h>
#include <string.h>

#include "policy/screening/list_load.h"

#define DRAFTS_FIRST 1024
#define TABLE_FIRST  4096

void
build_init(struct list_build *build, struct arena *scratch)
{
    *build = (struct list_build){.scratch = scratch, .table_size = TABLE_FIRST};
    build->table = arena_zalloc(scratch, TABLE_FIRST * sizeof(*build->table));
}

/* FNV-1a, with its high bits folded in. */
static uint64_t
id_hash(struct list_text id)
{
    uint64_t hash = 14695981039346656037ULL;

    for (size_t i = 0; i < id.len; i++)
        hash = (hash ^ (unsigned char)id.data[i]) * 1099511628211ULL;
    return hash ^ hash >> 29;
}

/* Where the id is, or the free place where it belongs. */
static size_t
table_place(const struct list_build *build, struct list_text id)
{
    size_t mask = build->table_size - 1, at = id_hash(id) & mask;

    while (build->table[at] && !text_equals(build->drafts[build->table[at] - 1]->id, id))
        at = (at + 1) & mask;
    return at;
}

struct draft *
build_find(const struct list_build *build, struct list_text id)
{
    uint32_t at = build->table[table_place(build, id)];

    return at ? build->drafts[at - 1] : NULL;
}

/* Always more than half free. */
static void
table_double(struct list_build *build)
{
    build->table_size *= 2;
    build->table = arena_zalloc(build->scratch, build->table_size * sizeof(*build->table));
    for (size_t i = 0; i < build->count; i++)
        build->table[table_place(build, build->drafts[i]->id)] = (uint32_t)i + 1;
}

struct draft *
build_add(struct list_build *build, struct list_text id)
{
    size_t bytes = build->capacity * sizeof(struct draft *);
    struct draft *draft;
    size_t place;

    if (build->count == LIST_ENTRIES_MAX) {
        build->full = true;
        return NULL;
    }
    if (build->count * 2 >= build->table_size)
        table_double(build);
    place = table_place(build, id);
    if (build->table[place])
        return NULL;
    if (build->count == build->capacity) {
        build->capacity = build->capacity ? build->capacity * 2 : DRAFTS_FIRST;
        build->drafts = arena_grow(build->scratch, build->drafts, bytes,
                                   build->capacity * sizeof(struct draft *));
    }
    draft = arena_alloc(build->scratch, sizeof(*draft));
    *draft =
        (struct draft){.id = id, .index = build->count, .kind = LIST_OTHER, .listed = true};
    build->drafts[build->count++] = draft;
    build->table[place] = (uint32_t)build->count;
    return draft;
}

/* -- items -- */

/* The same one, if it is there; NULL where it is not, or where they are too many to look. */
static struct draft_item *
items_find(const struct draft_items *items, const struct draft_item *item)
{
    struct draft_item *other = items->count > DRAFT_UNIQUE_MAX ? NULL : items->first;

    while (other && (!text_equals(other->text, item->text) || other->type != item->type))
        other = other->next;
    return other;
}

/* A name that is weak in one place and good in another is good. */
static void
items_add(struct list_build *build, struct draft_items *items, struct draft_item item)
{
    struct draft_item *added = items_find(items, &item);

    if (added && item.kind < added->kind)
        added->kind = item.kind;
    if (added || item.text.len == 0)
        return;
    if (build->items == BUILD_ITEMS_MAX) {
        build->full = true;
        return;
    }
    build->items++;
    added = arena_alloc(build->scratch, sizeof(*added));
    *added = item;
    if (items->end)
        *items->end = added;
    else
        items->first = added;
    items->end = &added->next;
    items->count++;
}

/* The text cleaned; false: it is not UTF-8. */
static bool
items_add_text(struct list_build *build, struct draft_items *items, struct draft_item item)
{
    if (!text_clean(build->scratch, item.text, &item.text))
        return false;
    items_add(build, items, item);
    return true;
}

bool
draft_name(struct list_build *build, struct draft *draft, enum list_name_kind kind,
           struct list_text text)
{
    return items_add_text(build, &draft->names,
                          (struct draft_item){.text = text, .kind = (int)kind});
}

bool
draft_identifier(struct list_build *build, struct draft *draft, const char *type,
                 struct list_text value, const char *country)
{
    struct draft_item item = {.type = type, .country = country ? country : ""};

    if (!text_clean(build->scratch, value, &value))
        return false;
    item.text = text_pack(build->scratch, value);
    items_add(build, &draft->identifiers, item);
    draft->bank = draft->bank || strcmp(type, "bic") == 0;
    return true;
}

bool
draft_program(struct list_build *build, struct draft *draft, struct list_text text)
{
    return items_add_text(build, &draft->programs, (struct draft_item){.text = text});
}

bool
draft_address(struct list_build *build, struct draft *draft, struct list_text text)
{
    return items_add_text(build, &draft->addresses, (struct draft_item){.text = text});
}

bool
draft_remarks(struct list_build *build, struct draft *draft, struct list_text text)
{
    return text_clean(build->scratch, text, &draft->remarks);
}

void
draft_country(struct list_build *build, struct draft *draft, const char *code)
{
    if (code)
        items_add(build, &draft->countries, (struct draft_item){.text = text_of(code)});
}

void
draft_owner(struct list_build *build, struct draft *draft, struct list_text owner,
            int64_t share, bool controls)
{
    struct draft_item *added;

    added = arena_alloc(build->scratch, sizeof(*added));
    *added = (struct draft_item){.text = owner, .share = share, .controls = controls};
    if (draft->owners.end)
        *draft->owners.end = added;
    else
        draft->owners.first = added;
    draft->owners.end = &added->next;
    draft->owners.count++;
}

/* -- dates and shares -- */

/* "1957", "1957-01", "1957-01-31": the form alone. */
static bool
is_date(struct list_text text)
{
    static const char form[] = "dddd-dd-dd";

    if (text.len != 4 && text.len != 7 && text.len != 10)
        return false;
    for (size_t i = 0; i < text.len; i++)
        if (form[i] == 'd' ? text.data[i] < '0' || text.data[i] > '9' : text.data[i] != '-')
            return false;
    return true;
}

void
draft_born_on(struct list_build *build, struct draft *draft, struct list_text text)
{
    text = text_trim(text);
    if (is_date(text))
        items_add(build, &draft->born_on, (struct draft_item){.text = text});
}

void
draft_born_between(struct list_build *build, struct draft *draft, int from, int to)
{
    if (from < 1000 || to > 9999 || from > to)
        return;
    if (to - from >= DRAFT_BORN_YEARS_MAX) {
        draft->ageless = true;
        return;
    }
    for (int year = from; year <= to; year++)
        draft_born_on(build, draft, text_of(arena_printf(build->scratch, "%d", year)));
}

int64_t
share_parse(struct list_text text)
{
    int64_t unit = LIST_SHARE_WHOLE / 100, share = 0;
    bool digits = false, point = false, beyond = false;

    text = text_trim(text);
    if (text.len > 0 && text.data[text.len - 1] == '%')
        text = text_trim((struct list_text){text.data, text.len - 1});
    for (size_t i = 0; i < text.len; i++) {
        char c = text.data[i];

        if (c == '.' && !point && digits) {
            point = true;
        } else if (c < '0' || c > '9') {
            return LIST_SHARE_UNKNOWN;
        } else if (!point) {
            digits = true;
            share = share * 10 + (c - '0') * unit;
            if (share > LIST_SHARE_WHOLE)
                return LIST_SHARE_UNKNOWN;
        } else {
            unit /= 10;
            share += (c - '0') * unit;
            beyond = beyond || (unit == 0 && c != '0');
        }
    }
    if (!digits || share + beyond > LIST_SHARE_WHOLE)
        return LIST_SHARE_UNKNOWN;
    return share + beyond; /* finer than we count: up, so that an edge is not missed */
}
