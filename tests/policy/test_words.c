/* Known words in invoice texts: plurals, cases, scripts, and what is no word. */
#include <stdbool.h>
#include <string.h>

#include "policy/goods/words.h"
#include "tests/support/test.h"

static void
note(void *context, uint32_t value)
{
    *(uint32_t *)context |= value;
}

static bool
finds(const char *word, const char *text)
{
    struct words words = {0};
    struct arena arena = {0};
    struct words_scratch scratch = {.arena = &arena};
    uint32_t found = 0;

    if (words_add(&words, &arena, word, 1) != 0)
        fail_msg("%s is too short", word);
    words_scan(&words, text, &scratch, note, &found);
    arena_release(&arena);
    return found != 0;
}

static void
words_are_found_as_people_write_them(void **state)
{
    static const struct {
        const char *word, *text;
        bool found;
    } cases[] = {
        {"screen", "screen", true},
        {"screen", "LCD SCREENS", true},
        {"screen", "lcd-screens/14\"", true},
        {"screen", "touchscreen", false},
        {"screen", "screening", false},
        {"screen", "sunscreens", false},
        {"battery", "Li-ion batteries, 4000 mAh", true},
        {"battery", "battery", true},
        {"battery", "batteryless", false},
        {"switch", "switches", true},
        {"box", "Boxes", true},
        {"chassis", "server chassis", true},
        {"cpu", "CPUs (tray)", true},
        {"glass", "glasses", true},
        {"hard drive", "hard drives 4TB", true},
        {"hard drive", "hard, drive", true},
        {"hard drive", "hard-drive", true},
        {"hard drive", "drive hard", false},
        {"hard drive", "hard", false},
        {"ddr4", "DDR4 3200", true},
        {"ddr4", "ddr", false},
        {"процессор", "Процессоры Intel", true},
        {"процессор", "МИКРОПРОЦЕССОРЫ", true},
        {"процессор", "процесс", false},
        {"жёстк", "ЖЁСТКИЕ диски", true},
        {"блок питания", "Блок  питания 500W", true},
        {"处理器", "中央处理器", true},
        {"处理器", "CPU处理器500个", true},
        {"处理器", "处理", false},
        {"cpu", "CPU处理器", true},
        {"cpu", "处理器CPU", true},
        {"cpu", "", false},
        {"cpu", "--- / ---", false},
        {"cpu", "c p u", false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        print_message("%s in %s\n", cases[i].word, cases[i].text);
        assert_int_equal(finds(cases[i].word, cases[i].text), cases[i].found);
    }
}

static void
too_little_is_no_word(void **state)
{
    static const char *const cases[] = {"", " ", "tv", "a", "--", "屏", "не"};
    struct words words = {0};
    struct arena arena = {0};

    (void)state;
    for (size_t i = 0; i < COUNT(cases) - 1; i++)
        assert_int_equal(words_add(&words, &arena, cases[i], 1), -1);
    assert_int_equal(words_add(&words, &arena, "не", 1), 0); /* two signs are enough */
    arena_release(&arena);
}

static void
a_text_cut_inside_a_sign_is_read_to_its_end(void **state)
{
    (void)state;
    assert_true(finds("screen", "screen \xE5\xA4"));
    assert_false(finds("处理器", "处理\xE5\x99"));
    assert_true(finds("screen", "\xD0 screen"));
    assert_true(finds("screen", "\xD0\xD0\x90\xFF screen"));
}

/* Overlapping words, and one that stands for two things, are all reported. */
static void
every_word_at_a_place_is_found(void **state)
{
    struct words words = {0};
    struct arena arena = {0};
    struct words_scratch scratch = {.arena = &arena};
    uint32_t found = 0;

    (void)state;
    assert_int_equal(words_add(&words, &arena, "solid", 1), 0);
    assert_int_equal(words_add(&words, &arena, "solid state", 2), 0);
    assert_int_equal(words_add(&words, &arena, "solid state", 4), 0);
    assert_int_equal(words_add(&words, &arena, "state drive", 8), 0);
    assert_int_equal(words_add(&words, &arena, "drives bay", 16), 0);
    words_scan(&words, "Solid state drives", &scratch, note, &found);
    assert_int_equal(found, 15);
    arena_release(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_found_as_people_write_them),
        cmocka_unit_test(too_little_is_no_word),
        cmocka_unit_test(a_text_cut_inside_a_sign_is_read_to_its_end),
        cmocka_unit_test(every_word_at_a_place_is_found),
    };

    return cmocka_run_group_tests_name("words", tests, NULL, NULL);
}
