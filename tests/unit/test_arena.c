/* Memory that dies together: alignment, growth, copies, and what reset keeps. */
#include <stdint.h>
#include <string.h>

#include "gateway/base/arena.h"
#include "tests/support/test.h"

static void
memory_is_aligned_for_any_object_and_distinct(void **state)
{
    struct arena arena = {0};
    char *last = NULL;

    (void)state;
    assert_non_null(arena_alloc(&arena, 0));
    for (size_t bytes = 1; bytes < 300; bytes++) {
        char *memory = arena_alloc(&arena, bytes);

        assert_int_equal((uintptr_t)memory % _Alignof(max_align_t), 0);
        memset(memory, 0xaa, bytes);
        assert_true(memory != last);
        last = memory;
    }
    arena_release(&arena);
}

static void
an_allocation_larger_than_a_chunk_gets_one_of_its_own(void **state)
{
    struct arena arena = {0};
    char *small = arena_alloc(&arena, 10), *large;

    (void)state;
    memset(small, 's', 10);
    large = arena_alloc(&arena, 10 * ARENA_CHUNK_BYTES);
    memset(large, 'l', 10 * ARENA_CHUNK_BYTES);
    assert_memory_equal(small, "ssssssssss", 10);
    assert_true(arena_footprint(&arena) > 11 * ARENA_CHUNK_BYTES);
    arena_release(&arena);
    assert_int_equal(arena_footprint(&arena), 0);
}

static void
reset_keeps_the_first_chunk_and_frees_the_rest(void **state)
{
    struct arena arena = {0};
    char *first = arena_alloc(&arena, 10);

    (void)state;
    for (int i = 0; i < 100; i++)
        (void)arena_zalloc(&arena, 1000);
    arena_reset(&arena);
    assert_int_equal(arena_footprint(&arena), ARENA_CHUNK_BYTES);
    assert_ptr_equal(arena_alloc(&arena, 10), first); /* A3: no malloc when warm */
    arena_release(&arena);
    arena_reset(&arena); /* of an empty one: nothing */
}

static void
what_came_after_a_mark_is_given_back(void **state)
{
    struct arena arena = {0};
    char *kept = arena_copy(&arena, "kept", 4), *again;
    struct arena_mark mark = arena_mark(&arena);
    size_t held;

    (void)state;
    arena_alloc(&arena, 100);
    arena_rewind(&arena, mark); /* within the chunk */
    assert_ptr_equal(arena_mark(&arena).next, mark.next);
    for (int i = 0; i < 6; i++)
        arena_alloc(&arena, 5 * ARENA_CHUNK_BYTES);
    held = arena_footprint(&arena);
    arena_rewind(&arena, mark); /* over several: the newest stays, and is enough for more */
    assert_true(arena_footprint(&arena) < held);
    held = arena_footprint(&arena);
    for (int i = 0; i < 1000; i++) {
        mark = arena_mark(&arena);
        again = arena_alloc(&arena, 4 * ARENA_CHUNK_BYTES);
        memset(again, 'x', 4 * ARENA_CHUNK_BYTES);
        arena_rewind(&arena, mark);
    }
    assert_int_equal(arena_footprint(&arena), held);
    assert_string_equal(kept, "kept");
    arena_release(&arena);
}

static void
zalloc_clears_what_was_used_before(void **state)
{
    struct arena arena = {0};
    static const char zeros[100];

    (void)state;
    memset(arena_alloc(&arena, 100), 0xff, 100);
    arena_reset(&arena);
    assert_memory_equal(arena_zalloc(&arena, 100), zeros, 100);
    arena_release(&arena);
}

static void
copies_and_printed_text_end_in_nul(void **state)
{
    struct arena arena = {0};

    (void)state;
    assert_string_equal(arena_copy(&arena, "payment", 3), "pay");
    assert_string_equal(arena_copy(&arena, "", 0), "");
    assert_string_equal(arena_printf(&arena, "%d %s", 17, "x"), "17 x");
    arena_release(&arena);
}

static void
the_newest_allocation_grows_in_place_and_others_move(void **state)
{
    struct arena arena = {0};
    char *text = arena_copy(&arena, "0123456789", 10), *grown, *moved;

    (void)state;
    grown = arena_grow(&arena, text, 11, 100);
    assert_ptr_equal(grown, text);
    assert_ptr_equal(arena_grow(&arena, grown, 100, 50), grown); /* never shrinks */
    (void)arena_alloc(&arena, 1);
    moved = arena_grow(&arena, grown, 100, 200);
    assert_ptr_not_equal(moved, grown);
    assert_string_equal(moved, "0123456789");
    moved = arena_grow(&arena, moved, 200, 2 * ARENA_CHUNK_BYTES);
    assert_string_equal(moved, "0123456789");
    arena_release(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_aligned_for_any_object_and_distinct),
        cmocka_unit_test(an_allocation_larger_than_a_chunk_gets_one_of_its_own),
        cmocka_unit_test(reset_keeps_the_first_chunk_and_frees_the_rest),
        cmocka_unit_test(what_came_after_a_mark_is_given_back),
        cmocka_unit_test(zalloc_clears_what_was_used_before),
        cmocka_unit_test(copies_and_printed_text_end_in_nul),
        cmocka_unit_test(the_newest_allocation_grows_in_place_and_others_move),
    };

    return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
