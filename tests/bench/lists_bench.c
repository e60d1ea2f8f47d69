/*
 * lists_bench.c - how long lists take to load, and what they take in memory.
 *
 *     build/tests/bench/lists_bench [FOLDER]    default ../shared/data/lists
 *
 * The median of several loadings, files in the page cache: processor time, which budgets are
 * about, and elapsed time, in which others on the machine have a part.  It ends with
 * status 1 where a budget is not kept, so that a figure in a README can be checked.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "policy/screening/list_load.h"

#define ROUNDS    21
#define PATHS_MAX 4
#define MIB       (1024.0 * 1024.0)

static const struct {
    const char *name;
    const char *paths[PATHS_MAX]; /* below the folder */
    double ms_max, mib_max;
} lists[] = {
    {"ofac-sdn",
     {"ofac/sdn.csv", "ofac/alt.csv", "ofac/add.csv", "ofac/sdn_comments.csv"},
     150,
     20},
    {"ofac-history",
     {"ofac/sdn_20210818.csv", "ofac/sdn_daily_deltas_20210818_20240503.csv"},
     150,
     20},
    {"un", {"un/UN_consolidated_20260227.xml"}, 300, 20},
};

static int
compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double
now_ms(clockid_t clock)
{
    struct timespec now;

    clock_gettime(clock, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static double
median(double *values)
{
    qsort(values, ROUNDS, sizeof(values[0]), compare);
    return values[ROUNDS / 2];
}

/* 1: it does not keep its budget, or does not load. */
static int
measure(size_t which, const char *folder)
{
    char paths[PATHS_MAX][512];
    const char *pointers[PATHS_MAX];
    size_t count = 0, entries = 0, bytes = 0;
    double cpu[ROUNDS], elapsed[ROUNDS];
    int over;

    for (; count < PATHS_MAX && lists[which].paths[count]; count++) {
        snprintf(paths[count], sizeof(paths[count]), "%s/%s", folder,
                 lists[which].paths[count]);
        pointers[count] = paths[count];
    }
    for (int i = 0; i < ROUNDS; i++) {
        struct list_order order = list_order_of(lists[which].name, pointers, count);
        double began = now_ms(CLOCK_MONOTONIC), began_cpu = now_ms(CLOCK_THREAD_CPUTIME_ID);
        struct error err = {0};
        struct list *list;

        if (list_load(&order, NULL, &list, &err) != 0) {
            fprintf(stderr, "%s\n", err.text);
            return 1;
        }
        cpu[i] = now_ms(CLOCK_THREAD_CPUTIME_ID) - began_cpu;
        elapsed[i] = now_ms(CLOCK_MONOTONIC) - began;
        entries = list->entry_count;
        bytes = arena_footprint(&list->arena);
        list_free(list);
    }
    over = median(cpu) > lists[which].ms_max || (double)bytes / MIB > lists[which].mib_max;
    printf(
        "%-13s %6zu entries  %6.1f ms (budget %.0f; elapsed %.1f)  %5.1f MiB (budget %.0f)%s\n",
        lists[which].name, entries, median(cpu), lists[which].ms_max, median(elapsed),
        (double)bytes / MIB, lists[which].mib_max, over ? "  OVER" : "");
    return over;
}

int
main(int argc, char **argv)
{
    int over = 0;

    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
        over |= measure(i, argc > 1 ? argv[1] : "../shared/data/lists");
    return over;
}
