/* A folder of lists: what is checked gets in by one rename, what is refused changes nothing. */
#include "tests/support/test.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gateway/base/file.h"
#include "policy/screening/list_folder.h"

#define NULLS       ",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n"
#define ROW(number) number ",\"NAME " number "\",-0- ,\"CUBA\"" NULLS
#define END         "\x1a"

#define TEN                                                                                    \
    ROW("1") ROW("2") ROW("3") ROW("4") ROW("5") ROW("6") ROW("7") ROW("8") ROW("9") ROW("10")

static struct arena arena;
static char folder[64]; /* of this test; lists/ in it is where they go */

static int
set_up(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/yuangate-lists-XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static int
tear_down(void **state)
{
    char command[128];

    (void)state;
    arena_release(&arena);
    snprintf(command, sizeof(command), "rm -rf '%s'", folder);
    return system(command);
}

static const char *
path(const char *name)
{
    return arena_printf(&arena, "%s/%s", folder, name);
}

static const char *
write_file(const char *name, const char *text)
{
    const char *at = path(name);
    FILE *file = fopen(at, "w");

    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
    assert_int_equal(fclose(file), 0);
    return at;
}

/* What is in a file of lists/, "" where it is not there. */
static const char *
read_file(const char *name)
{
    struct error err = {0};
    size_t len;
    char *text;

    return file_read(&arena, path(name), 1 << 20, &text, &len, &err) == 0 ? text : "";
}

/* Import files, NULL at the end of them. */
static int
import(const char *const *paths, unsigned shrink, struct error *err)
{
    struct list_order order = list_order_of("ofac", paths, 0);
    struct list *list;
    int rc;

    while (paths[order.path_count])
        order.path_count++;
    order.shrink_percent_max = shrink;
    rc = list_import(&order, path("lists"), NULL, &list, err);
    assert_true((rc == 0) == (list != NULL));
    list_free(list);
    return rc;
}

/* Names in lists/, hidden ones as well: a list, and nothing else. */
static size_t
count_items(const char *name)
{
    DIR *items = opendir(path(name));
    size_t count = 0;

    assert_non_null(items);
    for (struct dirent *item; (item = readdir(items)) != NULL;)
        count += strcmp(item->d_name, ".") != 0 && strcmp(item->d_name, "..") != 0;
    closedir(items);
    return count;
}

static void
an_imported_list_is_the_files_under_our_names(void **state)
{
    const char *paths[] = {write_file("x.csv", TEN END),
                           write_file("y", "1,1,\"aka\",\"ONE\",-0- \r\n" END), NULL};
    struct error err = {0};

    (void)state;
    assert_int_equal(import(paths, 20, &err), 0);
    assert_string_equal(read_file("lists/ofac/main.csv"), TEN END);
    assert_string_equal(read_file("lists/ofac/alt.csv"), "1,1,\"aka\",\"ONE\",-0- \r\n" END);
    assert_non_null(strstr(read_file("lists/ofac/list.json"), "\"entries\":10,"));
    assert_non_null(strstr(read_file("lists/ofac/list.json"), "\"from\":\"x.csv\""));
    assert_int_equal(count_items("lists"), 1);
    assert_int_equal(count_items("lists/ofac"), 3);
}

static void
a_folder_loads_as_its_files_do(void **state)
{
    const char *paths[] = {write_file("x.csv", TEN END), NULL};
    const char *const folders[] = {path("lists/ofac")};
    struct error err = {0};
    struct list *before, *now;
    struct list_order order = list_order_of("ofac", paths, 1);

    (void)state;
    assert_int_equal(import(paths, 20, &err), 0);
    assert_int_equal(list_load(&order, NULL, &before, &err), 0);
    order = list_order_of("ofac", folders, 1);
    assert_int_equal(list_load(&order, NULL, &now, &err), 0);
    assert_string_equal(now->digest, before->digest);
    assert_true(now->modified_ms == before->modified_ms);
    list_free(before);
    list_free(now);
}

static void
a_new_list_takes_the_place_of_the_old_one(void **state)
{
    const char *first[] = {write_file("a.csv", TEN END),
                           write_file("alt.csv", "1,1,\"aka\",\"ONE\",-0- \r\n" END), NULL};
    const char *second[] = {write_file("b.csv", TEN ROW("11") END), NULL};
    struct error err = {0};

    (void)state;
    assert_int_equal(import(first, 20, &err), 0);
    assert_int_equal(import(second, 20, &err), 0);
    assert_string_equal(read_file("lists/ofac/main.csv"), TEN ROW("11") END);
    assert_int_equal(count_items("lists"), 1);      /* the old one is gone */
    assert_int_equal(count_items("lists/ofac"), 2); /* and so are its aliases */
}

/* F3 */
static void
a_folder_that_is_not_what_was_imported_is_refused(void **state)
{
    static const char alias[] = "1,1,\"aka\",\"ONE\",-0- \r\n" END;
    const char *paths[] = {write_file("x.csv", TEN END), write_file("y.csv", alias), NULL};
    const char *const folders[] = {path("lists/ofac")};
    struct list_order order = list_order_of("ofac", folders, 1);
    struct error err = {0};
    struct list *list;

    (void)state;
    assert_int_equal(import(paths, 20, &err), 0);
    write_file("lists/ofac/alt.csv", "1,1,\"aka\",\"TWO\",-0- \r\n" END);
    assert_int_equal(list_load(&order, NULL, &list, &err), -1);
    assert_null(list);
    assert_non_null(strstr(err.text, "alt.csv: not the file that was imported"));
    assert_int_equal(unlink(path("lists/ofac/alt.csv")), 0);
    assert_int_equal(list_load(&order, NULL, &list, &err), -1);
    assert_non_null(strstr(err.text, "1 files where 2 were imported"));
    write_file("lists/ofac/alt.csv", alias);
    assert_int_equal(list_load(&order, NULL, &list, &err), 0);
    list_free(list);
}

static void
what_a_link_points_to_is_left_alone(void **state)
{
    const char *first[] = {write_file("a.csv", TEN END), NULL};
    const char *second[] = {write_file("b.csv", TEN ROW("11") END), NULL};
    struct error err = {0};

    (void)state;
    assert_int_equal(import(first, 20, &err), 0);
    assert_int_equal(rename(path("lists/ofac"), path("archive")), 0);
    assert_int_equal(symlink("../archive", path("lists/ofac")), 0);
    assert_int_equal(import(second, 20, &err), 0);
    assert_string_equal(read_file("lists/ofac/main.csv"), TEN ROW("11") END);
    assert_string_equal(read_file("archive/main.csv"), TEN END);
    assert_int_equal(count_items("lists"), 1);
}

/* Another process may have our number: in a container, often. */
static void
what_others_write_aside_is_left_alone(void **state)
{
    const char *paths[] = {write_file("a.csv", TEN END), NULL};
    const char *aside = arena_printf(&arena, "lists/.ofac.%ld", (long)getpid());
    struct error err = {0};

    (void)state;
    assert_int_equal(mkdir(path("lists"), 0755), 0);
    assert_int_equal(mkdir(path(aside), 0755), 0);
    write_file(arena_printf(&arena, "%s/main.csv", aside), "theirs");
    assert_int_equal(import(paths, 20, &err), 0);
    assert_string_equal(read_file(arena_printf(&arena, "%s/main.csv", aside)), "theirs");
}

static void
what_is_refused_changes_nothing(void **state)
{
    static const struct {
        const char *text, *words;
    } cases[] = {
        {"", "the file is empty"},
        {TEN, "does not end with the byte 0x1A"}, /* cut between two rows */
        {ROW("1") ROW("2") ROW("3") ROW("4") ROW("5") ROW("6") ROW("7") END,
         "7 entries where the list in force has 10"},
    };
    const char *good[] = {write_file("good.csv", TEN END), NULL};
    const char *manifest;
    struct error err = {0};

    (void)state;
    assert_int_equal(import(good, 20, &err), 0);
    manifest = read_file("lists/ofac/list.json");
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *bad[] = {write_file("bad.csv", cases[i].text), NULL};

        assert_int_equal(import(bad, 20, &err), -1);
        assert_non_null(strstr(err.text, cases[i].words));
        assert_string_equal(read_file("lists/ofac/main.csv"), TEN END);
        assert_string_equal(read_file("lists/ofac/list.json"), manifest);
        assert_int_equal(count_items("lists"), 1);
    }
}

static void
a_list_may_shrink_where_that_is_allowed(void **state)
{
    const char *first[] = {write_file("a.csv", TEN END), NULL};
    const char *second[] = {write_file("b.csv", ROW("1") ROW("2") END), NULL};
    struct error err = {0};

    (void)state;
    assert_int_equal(import(first, 20, &err), 0);
    assert_int_equal(import(second, 79, &err), -1);
    assert_int_equal(import(second, 80, &err), 0);
    assert_string_equal(read_file("lists/ofac/main.csv"), ROW("1") ROW("2") END);
}

/* Half of what a list can hit is in its aliases: a set without them has shrunk. */
static void
a_list_that_lost_its_aliases_is_refused(void **state)
{
    const char *first[] = {write_file("a.csv", ROW("1") END),
                           write_file("alt.csv", "1,1,\"aka\",\"ONE\",-0- \r\n" END), NULL};
    const char *second[] = {write_file("b.csv", ROW("1") ROW("2") END), NULL};
    const char *third[] = {write_file("c.csv", ROW("1") END), NULL};
    struct error err = {0};

    (void)state;
    assert_int_equal(import(first, 20, &err), 0);
    assert_int_equal(import(third, 20, &err), -1);
    assert_non_null(strstr(err.text, "1 names where the list in force has 2"));
    assert_int_equal(import(second, 20, &err), 0);
}

static void
a_file_longer_than_the_limit_is_not_read(void **state)
{
    const char *paths[] = {write_file("long.csv", TEN), NULL};
    struct error err = {0};

    (void)state;
    assert_int_equal(truncate(paths[0], (off_t)LIST_FILE_BYTES_MAX + 1), 0); /* all holes */
    assert_int_equal(import(paths, 20, &err), -1);
    assert_non_null(strstr(err.text, "268435457 bytes, at most 268435456 are read"));
}

static void
a_folder_that_is_not_ours_is_left_alone(void **state)
{
    const char *paths[] = {write_file("a.csv", TEN END), NULL};
    struct error err = {0};

    (void)state;
    assert_int_equal(mkdir(path("lists"), 0755), 0);
    assert_int_equal(mkdir(path("lists/ofac"), 0755), 0);
    write_file("lists/ofac/thesis.txt", "precious");
    assert_int_equal(import(paths, 20, &err), -1);
    assert_non_null(strstr(err.text, "move it away"));
    assert_string_equal(read_file("lists/ofac/thesis.txt"), "precious");
}

static void
deltas_keep_their_order(void **state)
{
    static const char entity[] =
        "{\"id\":\"1\",\"schema\":\"Person\",\"properties\":{\"name\":[\"One\"]}}";
    const char *add = arena_printf(&arena, "{\"op\":\"ADD\",\"entity\":%s}\n",
                                   "{\"id\":\"2\",\"schema\":\"Person\","
                                   "\"properties\":{\"name\":[\"Two\"]}}");
    const char *paths[] = {
        write_file("z-full", arena_printf(&arena, "%s\n", entity)), write_file("y-first", add),
        write_file("a-second", "{\"op\":\"DEL\",\"entity\":{\"id\":\"2\"}}\n"), NULL};
    struct error err = {0};

    (void)state;
    assert_int_equal(import(paths, 20, &err), 0);
    assert_string_equal(read_file("lists/ofac/delta-0001.json"), add);
    assert_string_equal(read_file("lists/ofac/whole.json"),
                        arena_printf(&arena, "%s\n", entity));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_imported_list_is_the_files_under_our_names, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_folder_loads_as_its_files_do, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_new_list_takes_the_place_of_the_old_one, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_folder_that_is_not_what_was_imported_is_refused,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_a_link_points_to_is_left_alone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_others_write_aside_is_left_alone, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_is_refused_changes_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_list_may_shrink_where_that_is_allowed, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_list_that_lost_its_aliases_is_refused, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_file_longer_than_the_limit_is_not_read, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_folder_that_is_not_ours_is_left_alone, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(deltas_keep_their_order, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
