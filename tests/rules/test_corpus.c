/* What fuzzing has gathered, replayed: each file goes through the fuzzers' own targets. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/base/arena.h"
#include "gateway/base/file.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/test.h"

#define CORPUS_FILE_MAX (1u << 20)

/* From memory of just that size, so that the address sanitizer sees a step past it. */
static void
feed(const char *text, size_t len, int (*target)(const uint8_t *data, size_t size))
{
    uint8_t *exact = malloc(len ? len : 1);

    assert_non_null(exact);
    memcpy(exact, text, len);
    assert_int_equal(target(exact, len), 0);
    free(exact);
}

/* Feed every file of a folder; how many.  A folder that is not there has none. */
static int
replay(const char *folder, int (*target)(const uint8_t *data, size_t size))
{
    struct arena arena = {0};
    struct dirent **names;
    int count = scandir(folder, &names, NULL, alphasort), fed = 0;

    for (int i = 0; i < count; i++) {
        struct error err = {0};
        char path[512], *text;
        size_t len;

        snprintf(path, sizeof(path), "%s/%s", folder, names[i]->d_name);
        if (names[i]->d_name[0] != '.') {
            if (file_read(&arena, path, CORPUS_FILE_MAX, &text, &len, &err) != 0)
                fail_msg("%s", err.text);
            printf("%s\n", path); /* where it is when it aborts */
            fflush(stdout);
            feed(text, len, target);
            fed++;
        }
        arena_reset(&arena);
        free(names[i]);
    }
    if (count >= 0)
        free(names);
    arena_release(&arena);
    return fed;
}

static void
cel_sources_keep_their_promises(void **state)
{
    (void)state;
    assert_true(replay("tests/fuzz/corpus/cel", fuzz_cel) >= 60);
    replay("tests/fuzz/regression/cel", fuzz_cel);
}

static void
packs_keep_their_promises(void **state)
{
    (void)state;
    assert_true(replay("tests/fuzz/corpus/pack", fuzz_pack) >= 10);
    assert_true(replay("policy/packs", fuzz_pack) > 0);
    replay("tests/fuzz/regression/pack", fuzz_pack);
}

static void
lists_keep_their_promises(void **state)
{
    static const struct {
        const char *name;
        int (*target)(const uint8_t *data, size_t size);
        int seeds;
    } lists[] = {
        {"ofac", fuzz_ofac, 4},
        {"xml", fuzz_xml, 4},
        {"targets", fuzz_targets, 2},
        {"entities", fuzz_entities, 3},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(lists); i++) {
        char folder[64];

        snprintf(folder, sizeof(folder), "tests/fuzz/corpus/%s", lists[i].name);
        assert_true(replay(folder, lists[i].target) >= lists[i].seeds);
        snprintf(folder, sizeof(folder), "tests/fuzz/regression/%s", lists[i].name);
        replay(folder, lists[i].target);
    }
}

static void
exceptions_keep_their_promises(void **state)
{
    (void)state;
    assert_true(replay("tests/fuzz/corpus/good_guys", fuzz_good_guys) >= 4);
    replay("tests/fuzz/regression/good_guys", fuzz_good_guys);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cel_sources_keep_their_promises),
        cmocka_unit_test(packs_keep_their_promises),
        cmocka_unit_test(lists_keep_their_promises),
        cmocka_unit_test(exceptions_keep_their_promises),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
