/*
 * list_build.h - a list on its way: entries gathered in any order, then laid down.
 *
 * Loaders add to drafts as they read; build_finish() copies what remains to
 * the list's arena in one piece, sized exactly, with texts packed one after the other.
 *
 *   D1  a draft's texts are cleaned (list_text.h) when they are added.
 *   D2  empty texts are not added, nor the same one twice while an entry has few.
 *   D3  what does not fit into the limits is not added, and build->full says so.
 */
#ifndef POLICY_SCREENING_LIST_BUILD_H
#define POLICY_SCREENING_LIST_BUILD_H

#include "policy/screening/list.h"
#include "policy/screening/list_text.h"

#define BUILD_ITEMS_MAX  16000000 /* names and the like, of all entries */
#define DRAFT_UNIQUE_MAX 256      /* of one entry that are compared */

struct draft_item {
    struct draft_item *next;
    struct list_text text;
    int kind; /* names: enum list_name_kind, the better ones first */
    /* identifiers, owners: */
    const char *type;    /* static */
    const char *country; /* static */
    int64_t share;
    bool controls;
};

struct draft_items {
    struct draft_item *first;
    struct draft_item **end; /* NULL: none yet */
    size_t count;
};

struct draft {
    struct list_text id;
    size_t index; /* among the drafts */
    enum list_kind kind;
    bool listed;
    bool dropped; /* not to be laid down */
    bool bank;    /* the source says so; or it has a BIC */
    bool ageless; /* born in some year of many: then no other date may rule anybody out */
    struct draft_items names, identifiers, countries, born_on, programs, owners, addresses;
    struct list_text remarks;
};

struct list_build {
    struct arena *scratch;
    struct draft **drafts; /* in the order they were added */
    size_t count, capacity;
    uint32_t *table; /* of ids: index + 1, 0 is free; size a power of two */
    size_t table_size;
    size_t items;
    bool full; /* D3: not all of it is here */
};

void build_init(struct list_build *build, struct arena *scratch);

/* NULL: there is none. */
struct draft *build_find(const struct list_build *build, struct list_text id);

/* A new one, listed and LIST_OTHER; NULL: the id is taken, or there is no room. */
struct draft *build_add(struct list_build *build, struct list_text id);

/*
 * These clean the text first; false: it is not UTF-8, and nothing was added.  Codes
 * (types, countries) are static strings, and a country may be NULL: nothing is added.
 */
bool draft_name(struct list_build *build, struct draft *draft, enum list_name_kind kind,
                struct list_text text);
bool draft_identifier(struct list_build *build, struct draft *draft, const char *type,
                      struct list_text value, const char *country);
bool draft_program(struct list_build *build, struct draft *draft, struct list_text text);
bool draft_address(struct list_build *build, struct draft *draft, struct list_text text);
bool draft_remarks(struct list_build *build, struct draft *draft, struct list_text text);
void draft_country(struct list_build *build, struct draft *draft, const char *code);
/* Only a date, a month or a year is taken. */
void draft_born_on(struct list_build *build, struct draft *draft, struct list_text text);
/* The years from and to, and those between; where they are many the entry is ageless. */
#define DRAFT_BORN_YEARS_MAX 12
void draft_born_between(struct list_build *build, struct draft *draft, int from, int to);
void draft_owner(struct list_build *build, struct draft *draft, struct list_text owner,
                 int64_t share, bool controls);

/* "51", "51 %", "50.00": of LIST_SHARE_WHOLE; LIST_SHARE_UNKNOWN: not a share. */
int64_t share_parse(struct list_text text);

/*
 * Lay down on list->arena, which is empty, what is not dropped; counts too.  Room for
 * so many bytes more is left in the one piece.
 */
void build_finish(struct list_build *build, struct list *list, size_t more);

#endif
