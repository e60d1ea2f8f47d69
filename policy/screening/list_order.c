/* list_order.c - which files are to be which list. */
#include <string.h>

#include "policy/screening/list_load.h"

struct list_order
list_order_of(const char *name, const char *const *paths, size_t path_count)
{
    return (struct list_order){
        .name = name,
        .paths = paths,
        .path_count = path_count,
        .shrink_percent_max = LIST_SHRINK_PERCENT_MAX,
        .faults_max = LIST_FAULTS_MAX,
    };
}

bool
list_name_is_valid(const char *name)
{
    static const char allowed[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
    size_t len = strlen(name);

    return len > 0 && len <= LIST_NAME_BYTES_MAX && name[0] != '.' &&
           strspn(name, allowed) == len && strcmp(name, LIST_NAME_TAKEN) != 0;
}

static bool
same_day(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

/* One path more for an order that is there. */
static void
order_add_path(struct arena *arena, struct list_order *order, const char *path)
{
    const char **paths = arena_alloc(arena, (order->path_count + 1) * sizeof(*paths));

    for (size_t i = 0; i < order->path_count; i++)
        paths[i] = order->paths[i];
    paths[order->path_count++] = path;
    order->paths = paths;
}

int
list_order_parse(struct arena *arena, const char *spec, struct list_order *orders,
                 size_t *count, struct error *err)
{
    const char *equals = strchr(spec, '='), *path = equals ? equals + 1 : "";
    char *name = arena_copy(arena, spec, equals ? (size_t)(equals - spec) : strlen(spec));
    char *day = strchr(name, '@');
    size_t at = 0;

    if (day)
        *day++ = '\0';
    if (!list_name_is_valid(name) || path[0] == '\0' || (day && !list_day_is_valid(day)))
        return error_set(
            err, ERROR_INVALID,
            "\"%.100s\" must be NAME=PATH, or NAME@2024-05-03=PATH for a list as it "
            "stood on a day; a name has letters, digits and -_.",
            spec);
    while (at < *count && strcmp(orders[at].name, name) != 0)
        at++;
    if (at == *count)
        orders[(*count)++] = list_order_of(name, NULL, 0);
    else if (!same_day(orders[at].as_of, day))
        return error_set(err, ERROR_INVALID, "list %s is asked for as of two days", name);
    orders[at].as_of = day;
    order_add_path(arena, &orders[at], arena_copy(arena, path, strlen(path)));
    return 0;
}
