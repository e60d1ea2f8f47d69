/* A condition taken apart: which parts are shown, with which values, and what was not needed. */
#include "tests/support/test.h"

#include <string.h>

#include "clients/explain.h"

static struct arena arena;

static int
tear_down(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static void *
run_alloc(void *context, size_t bytes)
{
    return arena_alloc(context, bytes);
}

/* "text=value" a part, "?" behind what was not needed, its parts in brackets, "+n" left out. */
static void
render(struct buffer *out, const struct explained_row *row)
{
    for (const struct explained *part = row->first; part; part = part->next) {
        char text[100];

        buffer_printf(out, "%s%s", part == row->first ? "" : "; ", part->text);
        if (part->is_element) {
            cel_print(part->element, text, sizeof(text));
            buffer_printf(out, "#%u %s", part->index, text);
        }
        cel_print(part->value, text, sizeof(text));
        buffer_printf(out, " -> %s%s", text, part->needed ? "" : "?");
        if (part->omitted)
            buffer_printf(out, " +%u", part->omitted);
        if (!part->parts.first)
            continue;
        buffer_text(out, " [");
        render(out, &part->parts);
        buffer_text(out, "]");
    }
}

static const char *
explained(const char *source)
{
    static const struct cel_value five = {.kind = CEL_INT, .i = 5};
    static const struct cel_variable variables[] = {{"n", &cel_types[CEL_INT], &five}};
    static const struct cel_environment environment = {variables, COUNT(variables), true, NULL};
    struct cel_run run = {.alloc = run_alloc, .context = &arena};
    struct explained_row row = {0};
    struct explainer explainer;
    struct cel_fault fault;
    struct cel_node *root;
    struct buffer out;

    assert_int_equal(cel_parse(&arena, source, strlen(source), &root, &fault), 0);
    assert_int_equal(cel_check(&arena, &environment, root, NULL, &fault), 0);
    buffer_init(&out, &arena, 200);
    explainer_init(&explainer, &arena, &run, &environment, NULL);
    row.first = (struct explained *)(uintptr_t)explain(&explainer, root, source, "R");
    render(&out, &row);
    explainer_release(&explainer);
    return buffer_terminate(&out);
}

static void
each_part_is_shown_with_its_value(void **state)
{
    static const struct {
        const char *source, *shown;
    } cases[] = {
        /* clang-format off */
        {"true", "true -> true"},
        {"n > 4", "n > 4 -> true [n -> 5]"},
        {"n  >\n\t4", "n > 4 -> true [n -> 5]"},
        {"-n * (n + 1) == 0", "-n * (n + 1) == 0 -> false [-n * (n + 1) -> -30 [-n -> -5 [n -> 5]; n + 1 -> 6 [n -> 5]]]"},
        {"n in [1, 2]", "n in [1, 2] -> false [n -> 5]"},
        {"n in [1, n]", "n in [1, n] -> true [n -> 5; [1, n] -> [1, 5] [n -> 5]]"},
        {"size('abc') + {'a': n}.a", "size('abc') + {'a': n}.a -> 8 [size('abc') -> 3; {'a': n}.a -> 5 [{'a': n} -> {'a': 5} [n -> 5]]]"},
        {"has({'a': 1}.b)", "has({'a': 1}.b) -> false"},
        {"n / 0 > 1", "n / 0 > 1 -> error: division by zero [n / 0 -> error: division by zero [n -> 5]]"},
        /* clang-format on */
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_string_equal(explained(cases[i].source), cases[i].shown);
}

static void
what_was_decided_before_is_marked(void **state)
{
    static const struct {
        const char *source, *shown;
    } cases[] = {
        /* clang-format off */
        {"n > 9 && n > 1", "n > 9 && n > 1 -> false [n > 9 -> false [n -> 5]; n > 1 -> true? [n -> 5?]]"},
        {"n > 1 || n > 9", "n > 1 || n > 9 -> true [n > 1 -> true [n -> 5]; n > 9 -> false? [n -> 5?]]"},
        {"n > 9 || n > 1", "n > 9 || n > 1 -> true [n > 9 -> false [n -> 5]; n > 1 -> true [n -> 5]]"},
        /* an error decides nothing */
        {"1 / 0 > n || n > 1", "1 / 0 > n || n > 1 -> true [1 / 0 > n -> error: division by zero [1 / 0 -> error: division by zero; n -> 5]; n > 1 -> true [n -> 5]]"},
        {"n > 1 ? n : 0", "n > 1 ? n : 0 -> 5 [n > 1 -> true [n -> 5]; n -> 5]"},
        {"n > 9 ? n : n + 1", "n > 9 ? n : n + 1 -> 6 [n > 9 -> false [n -> 5]; n -> 5?; n + 1 -> 6 [n -> 5]]"},
        /* operands of one line, whatever groups them */
        {"n > 1 && (n > 9 && n > 2) && n > 3", "n > 1 && (n > 9 && n > 2) && n > 3 -> false [n > 1 -> true [n -> 5]; n > 9 -> false [n -> 5]; n > 2 -> true? [n -> 5?]; n > 3 -> true? [n -> 5?]]"},
        /* clang-format on */
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_string_equal(explained(cases[i].source), cases[i].shown);
}

static void
loops_show_their_elements(void **state)
{
    static const struct {
        const char *source, *shown;
    } cases[] = {
        /* clang-format off */
        {"[1, 7].exists(x, x > n)", "[1, 7].exists(x, x > n) -> true [x#0 1 -> false [n -> 5]; x#1 7 -> true [n -> 5]]"},
        {"[7, 1].exists(x, x > n)", "[7, 1].exists(x, x > n) -> true [x#0 7 -> true [n -> 5]; x#1 1 -> false? [n -> 5?]]"},
        {"[1, 7].all(x, x > n)", "[1, 7].all(x, x > n) -> false [x#0 1 -> false [n -> 5]; x#1 7 -> true? [n -> 5?]]"},
        {"[7, 8].exists_one(x, x > n)", "[7, 8].exists_one(x, x > n) -> false [x#0 7 -> true [n -> 5]; x#1 8 -> true [n -> 5]]"},
        {"{'a': 1}.all(k, k == 'a')", "{'a': 1}.all(k, k == 'a') -> true [k#0 'a' -> true]"},
        {"[1, 7].map(x, x > n, x * n)", "[1, 7].map(x, x > n, x * n) -> [35] [x#0 1 -> false [n -> 5; x * n -> 5? [n -> 5?]]; x#1 7 -> true [n -> 5; x * n -> 35 [n -> 5]]]"},
        {"[n].map(x, x)", "[n].map(x, x) -> [5] [[n] -> [5] [n -> 5]; x#0 5 -> 5]"},
        {"[[1], [2]].exists(l, l.exists(x, x == 2))", "[[1], [2]].exists(l, l.exists(x, x == 2)) -> true [l#0 [1] -> false [x#0 1 -> false]; l#1 [2] -> true [x#0 2 -> true]]"},
        {"n.all(x, x)", "n.all(x, x) -> error: no such overload: a loop(int) [n -> 5]"},
        /* clang-format on */
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_string_equal(explained(cases[i].source), cases[i].shown);
}

static void
a_loop_shows_twenty_elements_and_says_how_many_more(void **state)
{
    const char *shown = explained("[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22]"
                                  ".all(x, x > 0)");

    (void)state;
    assert_non_null(strstr(shown, " -> true +2 [x#0 1 -> true; "));
    assert_non_null(strstr(shown, "; x#19 20 -> true]"));
    assert_null(strstr(shown, "x#20"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_part_is_shown_with_its_value),
        cmocka_unit_test(what_was_decided_before_is_marked),
        cmocka_unit_test(loops_show_their_elements),
        cmocka_unit_test(a_loop_shows_twenty_elements_and_says_how_many_more),
    };

    return cmocka_run_group_tests_name("explain", tests, NULL, tear_down);
}
