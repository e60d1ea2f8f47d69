/*
 * screening_bench.c - what screening a whole payment takes, against the full list of OFAC.
 *
 *     build/tests/bench/screening_bench [FOLDER]    default ../shared/data/lists/ofac
 *
 * Processor time of roster_screen() on one thread: the sample's parties and agents asked for
 * again and again, then with a debtor whose name was never seen.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "policy/screening/roster.h"
#include "tests/policy/fixture.h"

#define PATHS  4
#define ROUNDS 7
#define SEEN   200000
#define NEW    20000

static const char *const files[PATHS] = {"sdn.csv", "alt.csv", "add.csv", "sdn_comments.csv"};

static struct arena arena;

static double
now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static int
rising(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static struct listing *
load(struct listings *listings, const char *folder)
{
    static char paths[PATHS][512];
    static const char *pointers[PATHS];
    struct list_order order = list_order_of("ofac-sdn", pointers, PATHS);
    struct listing *listing;
    struct error err = {0};

    for (size_t i = 0; i < PATHS; i++) {
        snprintf(paths[i], sizeof(paths[i]), "%s/%s", folder, files[i]);
        pointers[i] = paths[i];
    }
    if (listings_load(listings, &order, NULL, NULL, &listing, &err) == 0)
        return listing;
    fprintf(stderr, "%s\n", err.text);
    exit(1);
}

/* Microseconds a payment; fresh: each has a debtor of its own. */
static double
measure(const struct roster *roster, size_t count, bool fresh)
{
    static const char *const given[] = {"Pavel", "Anna", "Gleb", "Yulia",
                                        "Timur", "Vera", "Ilya"};
    static unsigned long number;
    double begin, spent = 0;

    for (size_t i = 0; i < count; i++) {
        struct roster_hits hits;
        struct fixture fixture;
        char name[80];

        fixture_init(&fixture);
        snprintf(name, sizeof(name), "%s Korovk%lxin %lxov", given[i % 7], number * 7919 % 4096,
                 number * 104729 % 1048576);
        number++;
        if (fresh) {
            fixture.debtor.name = name;
            fixture.debtor.kind = "person";
        }
        begin = now_us();
        roster_screen(roster, &fixture.payment, 0, &arena, &hits);
        spent += now_us() - begin;
        arena_reset(&arena);
    }
    return spent / (double)count;
}

static double
median(const struct roster *roster, size_t count, bool fresh)
{
    double rounds[ROUNDS];

    for (size_t i = 0; i < ROUNDS; i++)
        rounds[i] = measure(roster, count, fresh);
    qsort(rounds, ROUNDS, sizeof(rounds[0]), rising);
    return rounds[ROUNDS / 2];
}

int
main(int argc, char **argv)
{
    static const struct screen_thresholds thresholds[1];
    struct listings *listings = listings_new(&(struct listings_options){0});
    struct listing *listing = load(listings, argc > 1 ? argv[1] : "../shared/data/lists/ofac");
    const struct roster roster = {.listings = &listing, .count = 1, .thresholds = thresholds};
    double seen = median(&roster, SEEN, false), fresh = median(&roster, NEW, true);

    printf("a payment whose parties were seen    %8.2f us\n", seen);
    printf("one with a debtor never seen         %8.2f us\n", fresh);
    listing_release(listing);
    listings_free(listings);
    arena_release(&arena);
    return 0;
}
