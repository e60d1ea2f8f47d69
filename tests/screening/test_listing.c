/* test_listing.c - lists that are shared, found again, and refused. */
#include "tests/support/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "policy/screening/list_folder.h"
#include "policy/screening/listing.h"

#define OFAC     "policy/lists/fictional/ofac"
#define ENTITIES "policy/lists/fictional/entities"

static char folder[] = "/tmp/yuangate-listing-XXXXXX";
static const char *const ofac[] = {OFAC}, *const entities[] = {ENTITIES};
static struct list_order order;
static struct listings *listings;
static struct arena arena;

static int
set_up(void **state)
{
    (void)state;
    order = list_order_of("fictional", ofac, 1);
    strcpy(folder + strlen(folder) - 6, "XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    listings = listings_new(
        &(struct listings_options){.folder = folder, .orders = &order, .order_count = 1});
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    listings_free(listings);
    if (system(arena_printf(&arena, "rm -rf %s", folder)) != 0)
        return -1;
    arena_release(&arena);
    return 0;
}

static struct listing *
load(void)
{
    struct listing *listing;
    struct error err = {0};

    assert_int_equal(listings_load(listings, &order, NULL, NULL, &listing, &err), 0);
    return listing;
}

static void
the_same_files_are_one_listing(void **state)
{
    struct listing *a = load(), *b = load(), *c;
    struct error err = {0};

    (void)state;
    assert_ptr_equal(a, b);
    assert_int_equal(listings_find(listings, "fictional", a->list->digest, &c, &err), 0);
    assert_ptr_equal(a, c);
    listing_release(a);
    listing_release(c);
    assert_string_equal(b->list->name, "fictional"); /* still held */
    listing_release(b);
}

static void
a_list_is_found_again_by_its_digest(void **state)
{
    struct listing *listing = load(), *found;
    const char *digest =
        arena_copy(&arena, listing->list->digest, strlen(listing->list->digest));
    struct error err = {0};

    (void)state;
    listing_release(listing);
    /* Of the files. */
    assert_int_equal(listings_find(listings, "fictional", digest, &found, &err), 0);
    assert_string_equal(found->list->digest, digest);
    /* Out of the folder, when the files are another list by now. */
    for (int again = 0; again < 2; again++)
        assert_int_equal(list_keep(&order, found->list,
                                   arena_printf(&arena, "%s/fictional", folder),
                                   digest + strlen("sha256:"), &err),
                         0);
    listing_release(found);
    order.paths = entities;
    assert_int_equal(listings_find(listings, "fictional", digest, &found, &err), 0);
    assert_string_equal(found->list->digest, digest);
    listing_release(found);
}

/* The rows that make no sense were let pass when it came in; a start must not ask again. */
static void
a_list_that_was_let_pass_is_found_again(void **state)
{
    static const char row[] =
        "9501,\"A NAME\",-0- ,\"P\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \n";
    static const char nameless[] =
        "%d,\"\",-0- ,\"P\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \n";
    const char *path = arena_printf(&arena, "%s/main.csv", folder), *digest;
    struct list_order let_pass = list_order_of("fictional", &path, 1);
    FILE *file = fopen(path, "w");
    struct listing *listing;
    struct error err = {0};

    (void)state;
    assert_non_null(file);
    fputs(row, file);
    for (int i = 0; i <= LIST_FAULTS_MAX; i++)
        fprintf(file, nameless, i + 1);
    fputs("\x1a", file);
    fclose(file);
    let_pass.faults_max = LIST_FAULTS_MAX + 1;
    if (listings_load(listings, &let_pass, NULL, NULL, &listing, &err) != 0)
        fail_msg("%s", err.text);
    assert_int_equal(listing->list->faults, LIST_FAULTS_MAX + 1);
    digest = arena_copy(&arena, listing->list->digest, strlen(listing->list->digest));
    assert_int_equal(list_keep(&let_pass, listing->list,
                               arena_printf(&arena, "%s/fictional", folder),
                               digest + strlen("sha256:"), &err),
                     0);
    listing_release(listing);
    if (listings_find(listings, "fictional", digest, &listing, &err) != 0)
        fail_msg("%s", err.text);
    assert_int_equal(listing->list->entry_count, 1);
    listing_release(listing);
}

static void
what_is_nowhere_says_so(void **state)
{
    struct listing *listing = load(), *found;
    const char *digest =
        arena_copy(&arena, listing->list->digest, strlen(listing->list->digest));
    struct error err = {0};

    (void)state;
    listing_release(listing);
    order.paths = entities;
    assert_int_equal(listings_find(listings, "fictional", digest, &found, &err), -1);
    assert_int_equal(err.code, ERROR_NOT_FOUND);
    assert_non_null(strstr(err.text, digest));
    assert_non_null(strstr(err.text, "load the list again"));
    assert_null(found);
}

static void
a_kept_list_that_was_touched_is_not_believed(void **state)
{
    struct listing *listing = load(), *found;
    const char *digest =
        arena_copy(&arena, listing->list->digest, strlen(listing->list->digest));
    const char *place = listings_place(listings, "fictional", digest, &arena);
    struct error err = {0};
    FILE *file;

    (void)state;
    assert_int_equal(list_keep(&order, listing->list,
                               arena_printf(&arena, "%s/fictional", folder),
                               digest + strlen("sha256:"), &err),
                     0);
    listing_release(listing);
    order.paths = entities;
    file = fopen(arena_printf(&arena, "%s/alt.csv", place), "r+");
    assert_non_null(file);
    fputs("9009", file);
    fclose(file);
    order.name = "elsewhere"; /* so that only the folder is asked */
    assert_int_equal(listings_find(listings, "fictional", digest, &found, &err), -1);
    assert_non_null(strstr(err.text, "(alt.csv: not the file that was imported"));
    assert_null(strstr(err.text, folder));
    assert_int_equal(unlink(arena_printf(&arena, "%s/" LIST_MANIFEST, place)), 0);
    assert_int_equal(listings_find(listings, "fictional", digest, &found, &err), -1);
    assert_non_null(strstr(err.text, "(" LIST_MANIFEST ": "));
    assert_null(strstr(err.text, folder));
}

/* The one file that it had on 4 May 2024: nothing. */
static void
an_empty_file_is_refused_and_raises_an_alarm(void **state)
{
    const char *path = arena_printf(&arena, "%s/sdn.csv", folder);
    struct list_order empty = list_order_of("fictional", &path, 1);
    struct listing *in_force = load(), *listing;
    const struct listing_alarm *alarms;
    struct error err = {0};
    FILE *file = fopen(path, "w");

    (void)state;
    assert_non_null(file);
    fclose(file);
    assert_int_equal(listings_load(listings, &empty, in_force, NULL, &listing, &err), -1);
    assert_null(listing);
    assert_int_equal(listings_alarms(listings, &arena, &alarms), 1);
    assert_string_equal(alarms[0].name, "fictional");
    assert_non_null(strstr(alarms[0].why, "sdn.csv: the file is empty"));
    listing_release(load()); /* a good one ends it */
    assert_int_equal(listings_alarms(listings, &arena, &alarms), 0);
    listing_release(in_force);
}

static void
a_list_that_shrank_is_refused(void **state)
{
    struct list_order wider = list_order_of("fictional", entities, 1);
    struct listing *in_force, *listing;
    struct error err = {0};

    (void)state;
    assert_int_equal(listings_load(listings, &wider, NULL, NULL, &in_force, &err), 0);
    assert_int_equal(listings_load(listings, &order, in_force, NULL, &listing, &err), -1);
    assert_int_equal(err.code, ERROR_CONFLICT);
    assert_non_null(strstr(err.text, "shrank by more than 20 %"));
    listing_release(in_force);
}

static void
alarms_are_told_by_name(void **state)
{
    const struct listing_alarm *alarms;

    (void)state;
    listings_alarm(listings, "b", "one");
    listings_alarm(listings, "a", "two");
    listings_alarm(listings, "b", "three");
    listings_alarm(listings, "c", NULL);
    assert_int_equal(listings_alarms(listings, &arena, &alarms), 2);
    assert_string_equal(alarms[0].name, "a");
    assert_string_equal(alarms[1].why, "three");
    listings_alarm(listings, "a", NULL);
    assert_int_equal(listings_alarms(listings, &arena, &alarms), 1);
    assert_string_equal(alarms[0].name, "b");
}

/* Names that were never a list do not push out the alarm of one that is in force. */
static void
alarms_of_what_is_in_force_are_kept(void **state)
{
    const struct listing_alarm *alarms;
    struct listing *in_force = load();
    size_t count;
    bool told = false;

    (void)state;
    listings_alarm(listings, "fictional", "it shrank");
    for (int i = 0; i < LISTINGS_ALARMS_MAX + 10; i++)
        listings_alarm(listings, arena_printf(&arena, "junk-%03d", i), "no list");
    count = listings_alarms(listings, &arena, &alarms);
    assert_int_equal(count, LISTINGS_ALARMS_MAX);
    for (size_t i = 0; i < count; i++) {
        told = told || strcmp(alarms[i].why, "it shrank") == 0;
        if (i > 0)
            assert_true(strcmp(alarms[i - 1].name, alarms[i].name) < 0);
    }
    assert_true(told);
    listing_release(in_force);
}

static void
orders_are_read_from_words(void **state)
{
    static const char *const good[] = {"ofac=a.csv", "un=u.xml", "ofac=b.csv",
                                       "old@2023-01-31=c=d.csv"};
    static const char *const bad[] = {
        "ofac",         "=a", "ofac=", "o fac=a", "old@2023-02-30=a", "ofac@2023-01-31=a",
        "@2023-01-31=a"};
    struct list_order orders[8];
    struct error err = {0};
    size_t count = 0;

    (void)state;
    for (size_t i = 0; i < COUNT(good); i++)
        assert_int_equal(list_order_parse(&arena, good[i], orders, &count, &err), 0);
    assert_int_equal(count, 3);
    assert_int_equal(orders[0].path_count, 2);
    assert_string_equal(orders[0].paths[1], "b.csv");
    assert_string_equal(orders[2].name, "old");
    assert_string_equal(orders[2].as_of, "2023-01-31");
    assert_string_equal(orders[2].paths[0], "c=d.csv");
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_int_equal(list_order_parse(&arena, bad[i], orders, &count, &err), -1);
    assert_int_equal(count, 3);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_same_files_are_one_listing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_list_is_found_again_by_its_digest, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_list_that_was_let_pass_is_found_again, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_is_nowhere_says_so, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_kept_list_that_was_touched_is_not_believed, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(an_empty_file_is_refused_and_raises_an_alarm, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_list_that_shrank_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(alarms_are_told_by_name, set_up, tear_down),
        cmocka_unit_test_setup_teardown(alarms_of_what_is_in_force_are_kept, set_up, tear_down),
        cmocka_unit_test_setup_teardown(orders_are_read_from_words, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
