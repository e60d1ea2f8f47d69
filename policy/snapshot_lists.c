/* snapshot_lists.c - which lists, from where; and whether the book has all it asks for. */
#include "policy/snapshot_lists.h"

#include <stdlib.h>
#include <string.h>

static int
open_text(struct listings *listings, const struct text *text, struct listing **out,
          struct error *err)
{
    char digest[sizeof("sha256:") - 1 + SHA256_HEX_SIZE] = "sha256:";
    uint8_t bytes[SHA256_BYTES];

    hash_sha256(&(struct hash_part){text->data, text->len}, 1, bytes);
    hash_hex(bytes, SHA256_BYTES, digest + strlen(digest));
    return listings_find(listings, text->name, digest, out, err);
}

static int
open_order(const struct snapshot_sources *sources, const struct list_order *order,
           struct listing **out, struct error *err)
{
    const struct listing *before =
        sources->before ? roster_named(snapshot_roster(sources->before), order->name) : NULL;
    struct list_faults faults;

    return listings_load(sources->listings, order, before, &faults, out, err);
}

static int
check_room(const struct roster *roster, struct error *err)
{
    return roster->count < LISTINGS_MAX
               ? 0
               : error_set(err, ERROR_INVALID,
                           "more than %d sanctions lists; roll one back, or give fewer",
                           LISTINGS_MAX);
}

/* What is open so far is in *out, whatever comes of the rest. */
static int
open_all(struct roster *out, struct listing **opened, const struct snapshot_sources *sources,
         struct error *err)
{
    const struct listings_options *options = listings_options(sources->listings);

    for (size_t i = 0; i < sources->texts.count; i++) {
        const struct text *text = &sources->texts.list[i];

        if (strcmp(text->kind, TEXT_LIST) != 0)
            continue;
        if (check_room(out, err) != 0 ||
            open_text(sources->listings, text, &opened[out->count], err) != 0)
            return -1;
        out->count++;
    }
    for (size_t i = 0; i < options->order_count && !sources->texts.only; i++) {
        if (roster_named(out, options->orders[i].name))
            continue;
        if (check_room(out, err) != 0 ||
            open_order(sources, &options->orders[i], &opened[out->count], err) != 0)
            return -1;
        out->count++;
    }
    return 0;
}

static int
by_name(const void *a, const void *b)
{
    const struct listing *const *left = a, *const *right = b;

    return strcmp((*left)->list->name, (*right)->list->name);
}

static const struct screen_thresholds *
thresholds_of(const struct roster *roster, const struct book *book, struct arena *arena)
{
    struct screen_thresholds *thresholds =
        arena_zalloc(arena, (roster->count + 1) * sizeof(*thresholds));

    for (size_t i = 0; i < roster->count; i++)
        for (int k = 0; k < BOOK_SCORE_KINDS; k++)
            thresholds[i].of[k] = book_threshold(book, roster->listings[i]->list->name, k);
    return thresholds;
}

/* The exceptions of the texts, bound to the lists that are open. */
static int
open_good_guys(struct roster *out, const struct snapshot_sources *sources, struct arena *arena,
               struct error *err)
{
    const struct text *text = texts_find(&sources->texts, TEXT_GOOD_GUYS, GOOD_GUYS_NAME);
    const struct list **lists;
    struct good_guys *set;

    if (!text)
        return 0;
    if (good_guys_read(arena, text->data, text->len, &set, err) != 0)
        return -1;
    lists = arena_alloc(arena, (out->count + 1) * sizeof(*lists));
    for (size_t i = 0; i < out->count; i++)
        lists[i] = out->listings[i]->list;
    good_guys_bind(set, arena, lists, out->count);
    out->good_guys = set;
    return 0;
}

/* S3 */
static int
check_required(const struct roster *roster, const struct document *document,
               const struct book *book, struct error *err)
{
    for (size_t i = 0; i < book->screening.required_count; i++) {
        const char *name = book->screening.required[i];

        if (strcmp(name, "*") == 0 ? roster->count > 0 : roster_named(roster, name) != NULL)
            continue;
        return error_set(err, ERROR_INVALID,
                         "%s: /screening/required/%zu: expected %s%s to be loaded; found %zu "
                         "lists without it (--list NAME=PATH loads one)",
                         document->path, i, strcmp(name, "*") == 0 ? "a list" : "the list ",
                         strcmp(name, "*") == 0 ? "" : name, roster->count);
    }
    return 0;
}

int
roster_open(struct roster *out, const struct snapshot_sources *sources,
            const struct document *document, const struct book *book, struct arena *arena,
            struct error *err)
{
    struct listing **opened;
    int rc;

    _Static_assert(BOOK_SCORE_KINDS == SCREEN_NAME_KINDS, "a threshold for each kind of name");
    if (!sources->listings)
        return 0;
    opened = arena_alloc(
        arena, (sources->texts.count + listings_options(sources->listings)->order_count + 1) *
                   sizeof(*opened));
    out->listings = opened;
    rc = open_all(out, opened, sources, err);
    if (rc != 0)
        return -1;
    qsort(opened, out->count, sizeof(*opened), by_name);
    out->thresholds = thresholds_of(out, book, arena);
    out->law = book->screening.eu_ownership ? OWNERSHIP_EU : OWNERSHIP_OFAC;
    if (open_good_guys(out, sources, arena, err) != 0)
        return -1;
    return check_required(out, document, book, err);
}
