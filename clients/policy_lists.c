/* policy_lists.c - "NAME=PATH,NAME=PATH", "none", or what is shipped. */
#include "clients/policy_lists.h"

#include <string.h>

#include "clients/place.h"

#define LIST_SHIPPED "fictional"

static int
given_read(struct arena *arena, const char *given, struct list_order *orders, size_t *count,
           struct error *err)
{
    char *rest = NULL;

    if (strcmp(given, "none") == 0)
        return 0;
    for (char *spec = strtok_r(arena_copy(arena, given, strlen(given)), ",", &rest); spec;
         spec = strtok_r(NULL, ",", &rest)) {
        if (*count == LISTINGS_MAX)
            return error_set(err, ERROR_INVALID, "--list: at most %d lists", LISTINGS_MAX);
        if (list_order_parse(arena, spec, orders, count, err) != 0)
            return -1;
    }
    return 0;
}

static int
shipped_find(struct arena *arena, struct list_order *orders, size_t *count, struct error *err)
{
    const char **path = arena_alloc(arena, sizeof(*path));

    if (place_of_shipped(arena, "lists/" LIST_SHIPPED "/ofac", path, err) != 0)
        return -1;
    orders[(*count)++] = list_order_of(LIST_SHIPPED, path, 1);
    return 0;
}

int
policy_lists_open(struct arena *arena, const struct options *options, struct listings **out,
                  struct error *err)
{
    const char *given = options->values[OPTION_LIST];
    struct list_order *orders = arena_alloc(arena, LISTINGS_MAX * sizeof(*orders));
    struct listings_options lists = {.orders = orders};
    int rc = given ? given_read(arena, given, orders, &lists.order_count, err)
                   : shipped_find(arena, orders, &lists.order_count, err);

    *out = rc == 0 ? listings_new(&lists) : NULL;
    return rc;
}
