/*
 * names_bench.c - what is found and what is found wrongly, and how long it takes.
 *
 *     build/tests/bench/names_bench        needs ../shared/data
 *
 * Recall: official aliases against the primary name of the same party, by class and
 * source, pairwise.  False alarms: names that are on no list, against all of OFAC's.
 * "half" is the share of the pairs that the weights were not fitted on: those whose
 * candidate hashes to 1.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "gateway/base/file.h"
#include "policy/screening/index.h"
#include "policy/screening/list_load.h"
#include "policy/screening/score.h"
#include "policy/screening/screen.h"
#include "tests/support/ofac.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))
#define FILE_BYTES_MAX  (64u << 20)
#define CELLS_MAX       32
#define PAIRS_MAX       40000
#define CLEAN_MAX       20000
#define FIRST           0.60f /* of the curve */
#define STEP            0.05f
#define STEPS           8
#define PERSONS_WRONG   10 /* false alarms that are allowed */
#define COMPANIES_WRONG 20

struct pair {
    const char *class;
    int source;
    bool held_out;
    float score;
};

/* Names on no list, and the best that each met. */
struct clean {
    const char *names[CLEAN_MAX];
    float best[CLEAN_MAX];
    size_t count;
};

static const char *const sources[] = {"ofac_alias_pairs", "un_alias_pairs",
                                      "eu_alias_pairs_latin", "eu_cross_script_pairs"};
static const char *const classes[] = {
    "same_tokens",         "spacing",
    "spelling_variant",    "token_subset",
    "partial_overlap",     "cross_script:CYRILLIC",
    "cross_script:HAN",    "cross_script:ARABIC",
    "cross_script:HANGUL", "acronym",
    "dissimilar",
};

static struct arena kept, arena;
static struct pair pairs[PAIRS_MAX];
static size_t pair_count;
static struct clean persons, companies;
static struct list *ofac;

static double
now_us(clockid_t clock)
{
    struct timespec t;

    clock_gettime(clock, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static char *
slurp(const char *path)
{
    struct error err = {0};
    char *text;
    size_t len;

    if (file_read(&kept, path, FILE_BYTES_MAX, &text, &len, &err) != 0) {
        fprintf(stderr, "names_bench: %s\n", err.text);
        exit(1);
    }
    return strncmp(text, "\xef\xbb\xbf", 3) == 0 ? text + 3 : text;
}

/* -- pairs -- */

static size_t
column(char **head, size_t count, const char *name)
{
    size_t i = 0;

    while (i < count && strcmp(head[i], name) != 0)
        i++;
    return i;
}

static bool
is_held_out(const char *candidate)
{
    unsigned hash = 5381;

    for (; *candidate; candidate++)
        hash = hash * 33 + (unsigned char)*candidate;
    return hash >> 3 & 1;
}

static float
pair_score(const char *schema, const char *a, const char *b)
{
    enum name_kind kind = NAME_VESSEL; /* aircraft too */
    struct score score;

    score_kind(schema, &kind);
    score_names(&arena, kind, a, b, &score);
    arena_reset(&arena);
    return score.value;
}

static void
pairs_read(int source)
{
    char *text = slurp(arena_printf(&kept, SHARED_DATA "names/%s.csv", sources[source]));
    char *head[CELLS_MAX], *cells[CELLS_MAX];
    size_t count = csv_row(&text, head, CELLS_MAX);
    size_t query = column(head, count, "query_name"), schema = column(head, count, "schema");
    size_t candidate = column(head, count, "candidate_name");
    size_t class = column(head, count, "relation_class");

    while (pair_count < PAIRS_MAX && csv_row(&text, cells, CELLS_MAX) > class)
        pairs[pair_count++] =
            (struct pair){.class = cells[class],
                          .source = source,
                          .held_out = is_held_out(cells[candidate]),
                          .score = pair_score(cells[schema], cells[query], cells[candidate])};
}

/* The share of a class that reaches a threshold; source -1: of all; held_out: that half. */
static double
recall(const char *class, int source, bool held_out, float threshold, size_t *of)
{
    size_t found = 0;

    *of = 0;
    for (size_t i = 0; i < pair_count; i++) {
        const struct pair *pair = &pairs[i];

        if (strcmp(pair->class, class) != 0 || (source >= 0 && pair->source != source) ||
            (held_out && !pair->held_out))
            continue;
        ++*of;
        found += pair->score >= threshold;
    }
    return *of ? (double)found / (double)*of : 0;
}

/* -- clean names -- */

static void
clean_read(void)
{
    char *text = slurp(SHARED_DATA "names/clean_persons_10k.csv"), *cells[CELLS_MAX];

    csv_row(&text, cells, CELLS_MAX);
    while (persons.count < CLEAN_MAX && csv_row(&text, cells, CELLS_MAX) > 0)
        persons.names[persons.count++] = cells[0];
    text = slurp(SHARED_DATA "names/cn_company_short_names_sample20k.txt");
    while (companies.count < CLEAN_MAX && csv_row(&text, cells, CELLS_MAX) > 0)
        companies.names[companies.count++] = cells[0];
}

static int
falling(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;

    return x > y ? -1 : x < y;
}

static void
clean_ask(struct clean *clean, const struct index *index, enum name_kind kind)
{
    for (size_t i = 0; i < clean->count; i++) {
        struct index_hit *hits;
        struct name name;
        size_t count;

        name_read(&arena, clean->names[i], kind, &name);
        count = index_find(index, &arena, &name, FIRST, &hits);
        clean->best[i] = 0;
        for (size_t h = 0; h < count; h++)
            if (hits[h].how.score > clean->best[i])
                clean->best[i] = hits[h].how.score;
        arena_reset(&arena);
    }
    qsort(clean->best, clean->count, sizeof(clean->best[0]), falling);
}

static size_t
alarms(const struct clean *clean, float threshold)
{
    size_t count = 0;

    while (count < clean->count && clean->best[count] >= threshold)
        count++;
    return count;
}

/* The least threshold at which both have no more false alarms than times what is allowed. */
static float
threshold_for(size_t times)
{
    float of_persons = persons.best[PERSONS_WRONG * times];
    float of_companies = companies.best[COMPANIES_WRONG * times];

    return (of_persons > of_companies ? of_persons : of_companies) + 1e-5f;
}

/* -- printing -- */

static void
curve_print(void)
{
    printf("\n%-24s %6s", "recall at threshold", "pairs");
    for (int s = 0; s < STEPS; s++)
        printf("  %.2f", (double)(FIRST + STEP * (float)s));
    for (size_t c = 0; c < COUNT_OF(classes); c++)
        for (int source = -1; source < (int)COUNT_OF(sources); source++) {
            size_t of;

            recall(classes[c], source, false, 0, &of);
            if (of == 0)
                continue;
            printf("\n%-24s %6zu", source < 0 ? classes[c] : sources[source], of);
            for (int s = 0; s < STEPS; s++)
                printf(" %5.3f",
                       recall(classes[c], source, false, FIRST + STEP * (float)s, &of));
        }
    printf("\n%-24s %6zu", "persons on no list", persons.count);
    for (int s = 0; s < STEPS; s++)
        printf(" %5zu", alarms(&persons, FIRST + STEP * (float)s));
    printf("\n%-24s %6zu", "companies on no list", companies.count);
    for (int s = 0; s < STEPS; s++)
        printf(" %5zu", alarms(&companies, FIRST + STEP * (float)s));
    puts("");
}

static void
budget_print(size_t times)
{
    float threshold = threshold_for(times);
    size_t of;

    printf("\nat %.4f: false alarms %zu of %zu persons, %zu of %zu companies\n",
           (double)threshold, alarms(&persons, threshold), persons.count,
           alarms(&companies, threshold), companies.count);
    printf("%-24s %6s %7s %9s\n", "", "pairs", "recall", "held out");
    for (size_t c = 0; c < COUNT_OF(classes); c++) {
        double held_out = recall(classes[c], -1, true, threshold, &of);
        double all = recall(classes[c], -1, false, threshold, &of);

        printf("%-24s %6zu %7.3f %9.3f\n", classes[c], of, all, held_out);
    }
}

/* Look-alikes of two parties: how many score below the query's own name, which is 1. */
static void
look_alikes_print(void)
{
    char *text = slurp(SHARED_DATA "names/ofac_hard_negative_pairs.csv");
    char *head[CELLS_MAX], *cells[CELLS_MAX];
    size_t count = csv_row(&text, head, CELLS_MAX), of = 0, below = 0, quiet = 0;
    size_t query = column(head, count, "query_name"), schema = column(head, count, "schema");
    size_t candidate = column(head, count, "candidate_name");

    while (csv_row(&text, cells, CELLS_MAX) > candidate) {
        float own = pair_score(cells[schema], cells[query], cells[query]);
        float score = pair_score(cells[schema], cells[query], cells[candidate]);

        of++;
        below += score < own;
        quiet += score < SCREEN_THRESHOLD;
    }
    printf(
        "\nlook-alikes of two parties: %zu, below the own entry %.1f %%, below %.3f %.1f %%\n",
        of, 100.0 * (double)below / (double)of, (double)SCREEN_THRESHOLD,
        100.0 * (double)quiet / (double)of);
}

/* -- timings: of the thread's CPU, so that neighbours disturb less -- */

static int
rising(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return x < y ? -1 : x > y;
}

static void
times_print(const char *what, struct screen *screen, enum screen_kind kind,
            const char *const *names, size_t count)
{
    static double times[CLEAN_MAX];

    for (size_t i = 0; i < count; i++) {
        struct screen_party party = {
            .kind = kind, .names = &names[i], .name_count = 1, .born_on = ""};
        struct screen_hit *hits;
        double begin = now_us(CLOCK_THREAD_CPUTIME_ID);

        screen_find(screen, &arena, &party, &hits);
        times[i] = now_us(CLOCK_THREAD_CPUTIME_ID) - begin;
        arena_reset(&arena);
    }
    qsort(times, count, sizeof(times[0]), rising);
    printf("%-24s %6zu  median %7.2f  p99 %7.2f us\n", what, count, times[count / 2],
           times[count * 99 / 100]);
}

static bool
is_ascii(const char *text)
{
    while (*text && (unsigned char)*text < 0x80)
        text++;
    return !*text;
}

/* Queries of a class: official aliases as they are written. */
static size_t
queries_of(const char *class, const char **names)
{
    char *text = slurp(SHARED_DATA "names/eu_cross_script_pairs.csv");
    char *head[CELLS_MAX], *cells[CELLS_MAX];
    size_t columns = csv_row(&text, head, CELLS_MAX), count = 0;
    size_t query = column(head, columns, "query_name"),
           schema = column(head, columns, "schema"),
           relation = column(head, columns, "relation_class");

    while (count < CLEAN_MAX && csv_row(&text, cells, CELLS_MAX) > relation)
        if (strcmp(cells[relation], class) == 0 && strcmp(cells[schema], "Person") == 0)
            names[count++] = cells[query];
    return count;
}

static void
timings_print(struct screen *screen)
{
    static const char *names[CLEAN_MAX];
    size_t count = 0;
    double begin;

    for (size_t i = 0; i < persons.count; i++)
        if (is_ascii(persons.names[i]))
            names[count++] = persons.names[i];
    puts("\nCPU time of one party, the list of OFAC");
    times_print("ASCII person, new", screen, SCREEN_PERSON, names, count);
    times_print("Han company, new", screen, SCREEN_COMPANY, companies.names, companies.count);
    count = queries_of("cross_script:CYRILLIC", names);
    times_print("Cyrillic person, new", screen, SCREEN_PERSON, names, count);
    count = 0;
    for (size_t i = 0; i < 1000; i++)
        names[count++] = persons.names[i];
    times_print("(to warm the cache)", screen, SCREEN_PERSON, names, count);
    begin = now_us(CLOCK_THREAD_CPUTIME_ID);
    for (int round = 0; round < 100; round++)
        for (size_t i = 0; i < count; i++) {
            struct screen_party party = {
                .kind = SCREEN_PERSON, .names = &names[i], .name_count = 1, .born_on = ""};
            struct screen_hit *hits;

            screen_find(screen, &arena, &party, &hits);
        }
    printf("%-24s %6zu  mean   %7.3f us\n", "seen before", count,
           (now_us(CLOCK_THREAD_CPUTIME_ID) - begin) / 100 / (double)count);
}

int
main(void)
{
    const struct list *lists[1];
    struct screen *screen;
    struct index *index;
    double begin;

    if (!ofac_load(&ofac)) {
        puts("names_bench: skipped, no " SHARED_DATA);
        return 0;
    }
    lists[0] = ofac;
    index_free(index_new(lists, 1)); /* the tables of words are filled once a process */
    begin = now_us(CLOCK_THREAD_CPUTIME_ID);
    index = index_new(lists, 1);
    printf("index of %zu entries, %zu names: %.0f ms, %.1f MiB, the list itself %.1f MiB\n",
           ofac->entry_count, ofac->name_count, (now_us(CLOCK_THREAD_CPUTIME_ID) - begin) / 1e3,
           (double)index_footprint(index) / (1 << 20),
           (double)arena_footprint(&ofac->arena) / (1 << 20));
    for (int i = 0; i < (int)COUNT_OF(sources); i++)
        pairs_read(i);
    clean_read();
    clean_ask(&persons, index, NAME_PERSON);
    clean_ask(&companies, index, NAME_COMPANY);
    curve_print();
    budget_print(1);
    budget_print(5);
    look_alikes_print();
    index_free(index);
    screen = screen_new(lists, 1);
    timings_print(screen);
    screen_free(screen);
    list_free(ofac);
    return 0;
}
