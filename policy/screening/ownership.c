/* ownership.c - the fixed point: each party is blocked once, and then tells what it owns. */
#include "policy/screening/ownership.h"

#include <stdlib.h>
#include <string.h>

#define EU_HALF_COUNTS_FROM "2024-07-03"

struct ownership_rule
ownership_rule_on(enum ownership_law law, const char *day)
{
    if (law == OWNERSHIP_OFAC)
        return (struct ownership_rule){.at_half = true};
    return (struct ownership_rule){
        .at_half = strcmp(day, EU_HALF_COUNTS_FROM) >= 0,
        .by_control = true,
    };
}

/* -- one party, one owner more -- */

/* A blocked party holds this of it. */
static void
hold(struct ownership *party, int64_t share, bool controls, struct ownership_rule rule)
{
    if (share == LIST_SHARE_UNKNOWN)
        party->unknown++;
    else
        party->share += share;
    if (party->state == OWNERSHIP_LISTED || party->state == OWNERSHIP_OWNED)
        return;
    if (rule.at_half ? 2 * party->share >= LIST_SHARE_WHOLE
                     : 2 * party->share > LIST_SHARE_WHOLE)
        party->state = OWNERSHIP_OWNED;
    else if (controls && rule.by_control)
        party->state = OWNERSHIP_CONTROLLED;
}

struct ownership
ownership_of_party(const struct ownership_holder *holders, size_t count,
                   struct ownership_rule rule)
{
    struct ownership party = {.state = OWNERSHIP_FREE};

    for (size_t i = 0; i < count; i++)
        if (holders[i].blocked)
            hold(&party, holders[i].share, holders[i].controls, rule);
    return party;
}

/* -- a list -- */

/* A holding, seen from the owner. */
struct holding {
    size_t owner, asset; /* indexes of entries */
    int64_t share;
    bool controls;
};

struct graph {
    struct arena *arena;
    const struct list *list;
    size_t *by_id;            /* indexes of entries in the order of ids */
    struct holding *holdings; /* in the order of owners */
    size_t count;
    size_t *waiting; /* blocked, and what they own not yet told */
    size_t waiting_count;
};

static int
compare_ids(const void *a, const void *b, void *graph)
{
    const struct list_entry *entries = ((const struct graph *)graph)->list->entries;

    return strcmp(entries[*(const size_t *)a].id, entries[*(const size_t *)b].id);
}

static int
compare_owners(const void *a, const void *b)
{
    const struct holding *x = a, *y = b;

    return (x->owner > y->owner) - (x->owner < y->owner);
}

/* Its index; entry_count: there is none. */
static size_t
find(const struct graph *graph, const char *id)
{
    size_t low = 0, high = graph->list->entry_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(graph->list->entries[graph->by_id[middle]].id, id);

        if (order == 0)
            return graph->by_id[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return graph->list->entry_count;
}

static void
graph_build(struct graph *graph)
{
    const struct list *list = graph->list;
    size_t holdings = 0;

    graph->by_id = arena_alloc(graph->arena, list->entry_count * sizeof(size_t));
    graph->waiting = arena_alloc(graph->arena, list->entry_count * sizeof(size_t));
    for (size_t i = 0; i < list->entry_count; i++) {
        graph->by_id[i] = i;
        holdings += list->entries[i].owner_count;
    }
    qsort_r(graph->by_id, list->entry_count, sizeof(size_t), compare_ids, graph);
    graph->holdings = arena_alloc(graph->arena, holdings * sizeof(*graph->holdings));
    for (size_t i = 0; i < list->entry_count; i++)
        for (size_t k = 0; k < list->entries[i].owner_count; k++) {
            const struct list_owner *owner = &list->entries[i].owners[k];
            size_t at = find(graph, owner->owner);

            if (at < list->entry_count)
                graph->holdings[graph->count++] =
                    (struct holding){at, i, owner->share_exact, owner->controls != 0};
        }
    qsort(graph->holdings, graph->count, sizeof(*graph->holdings), compare_owners);
}

/* The first holding of this owner, or where it would be. */
static size_t
holdings_of(const struct graph *graph, size_t owner)
{
    size_t low = 0, high = graph->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (graph->holdings[middle].owner < owner)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* A blocked party's whole share counts, however it came to be blocked. */
static void
tell_assets(struct graph *graph, size_t owner, struct ownership *parties,
            struct ownership_rule rule)
{
    for (size_t i = holdings_of(graph, owner);
         i < graph->count && graph->holdings[i].owner == owner; i++) {
        const struct holding *holding = &graph->holdings[i];
        struct ownership *asset = &parties[holding->asset];
        bool was_free = asset->state == OWNERSHIP_FREE;

        if (holding->asset == owner)
            continue;
        hold(asset, holding->share, holding->controls, rule);
        if (was_free && asset->state != OWNERSHIP_FREE)
            graph->waiting[graph->waiting_count++] = holding->asset;
    }
}

const struct ownership *
ownership_of_list(struct arena *arena, const struct list *list, struct ownership_rule rule)
{
    struct ownership *parties = arena_zalloc(arena, (list->entry_count + 1) * sizeof(*parties));
    struct graph graph = {.arena = arena, .list = list};

    graph_build(&graph);
    for (size_t i = 0; i < list->entry_count; i++) {
        if (!list->entries[i].listed)
            continue;
        parties[i].state = OWNERSHIP_LISTED;
        graph.waiting[graph.waiting_count++] = i;
    }
    /* Each party waits at most once, so the array suffices and this ends (G1). */
    while (graph.waiting_count > 0)
        tell_assets(&graph, graph.waiting[--graph.waiting_count], parties, rule);
    return parties;
}
