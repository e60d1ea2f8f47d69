/* test_fold.c - scripts and marks in the 26 letters, and keys and skeletons of words. */
#include "tests/support/test.h"

#include <string.h>

#include "policy/screening/fold.h"
#include "policy/screening/key.h"
#include "policy/screening/words.h"

static struct arena arena;

static void
every_script_becomes_letters(void **state)
{
    static const struct {
        const char *text, *folded;
    } cases[] = {
        {"O'Hara, Seán (II)", "ohara, sean (ii)"},
        {"Müller & Søn Łódź", "muller & son lodz"},
        {"Nguyễn Văn Đức", "nguyen van duc"},
        {"Straße Þór Æsir", "strasse thor aesir"},
        {"Общество «Щит»", "obshchestvo \"shchit\""},
        {"Єва Ґалаґан, Ўладзімір", "yeva galagan, uladzimir"},
        {"Ｔｅｓｔ（甲）", "test(\1jia \2)"},
        {"长沙 银行", "\1chang sha \2 \1yin hang \2"},
        {"محمد", "\3mhmd\3"},
        {"Παύλος", "paulos"},
        {"김", "gim"},
        {"a\xffz\xc3", "az"},
    };
    size_t len;

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_string_equal(fold(&arena, cases[i].text, &len), cases[i].folded);
        assert_int_equal(len, strlen(cases[i].folded));
    }
}

static void
nothing_but_the_promised_bytes_comes_out(void **state)
{
    char text[8] = {0};
    size_t len;

    (void)state;
    for (uint32_t c = 0x80; c < 0x3100; c++) { /* F1 */
        text[0] = (char)(c < 0x800 ? 0xc0 | c >> 6 : 0xe0 | c >> 12);
        text[1] = (char)(c < 0x800 ? 0x80 | (c & 0x3f) : 0x80 | (c >> 6 & 0x3f));
        text[2] = (char)(c < 0x800 ? 0 : 0x80 | (c & 0x3f));
        for (const char *out = fold(&arena, text, &len); *out; out++)
            if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789 \1\2\3" FOLD_MARKS, *out))
                fail_msg("U+%04X gives byte %d", c, *out);
        arena_reset(&arena);
    }
}

/* F3: an arena that is gone takes nothing of ICU's with it; the sanitizers look on. */
static void
a_script_reads_the_same_on_every_arena(void **state)
{
    static const char *const texts[] = {
        "Παύλος Ιωάννου",
        "김철수 박천산",
        "शुशिला अनुपमा श्रेष्‍ठ",
        "ทีเอบี คอร์เปอร์เรชั่น",
        "ՏԱԿՈ ՍՊԸ",
        "გიორგი მამულაშვილი",
        "ひらがな カタカナ",
        "தமிழ் பெயர்",
        "ဦး အောင်",
        "አበበ ቢቂላ",
        "长沙 曾国藩",
    };
    char *first[COUNT(texts)];
    size_t len;

    (void)state;
    for (int round = 0; round < 4; round++)
        for (size_t i = 0; i < COUNT(texts); i++) {
            struct arena own = {0};
            char *folded = fold(&own, texts[i], &len);

            if (round == 0)
                first[i] = arena_copy(&arena, folded, len);
            assert_true(len > 4);
            assert_string_equal(folded, first[i]);
            arena_release(&own);
        }
}

static int
distance(const char *a, const char *b)
{
    struct key of_a, of_b;
    int there, back;

    key_make(a, strlen(a), &of_a);
    key_make(b, strlen(b), &of_b);
    there = key_distance(&of_a, &of_b, KEY_FAR);
    back = key_distance(&of_b, &of_a, KEY_FAR);
    assert_int_equal(there, back); /* K1 */
    assert_true(key_distance_least(of_a.letters, of_b.letters) <= there);
    return there;
}

static void
habits_of_romanisation_have_one_key_or_near_ones(void **state)
{
    (void)state;
    assert_int_equal(distance("shcherbakov", "schtscherbakow"), 0);
    assert_int_equal(distance("sergeyevich", "sergejewitsch"), 0);
    assert_int_equal(distance("yusuf", "yousouf"), 0);
    assert_int_equal(distance("mueller", "muller"), 0);
    assert_true(distance("sergeyevich", "sergeevich") < KEY_UNIT / 2);
    assert_true(distance("qasim", "ghassem") < KEY_UNIT);
    assert_true(distance("karim", "salim") >= KEY_UNIT);
}

static void
skeletons_meet_where_one_consonant_differs(void **state)
{
    static const struct {
        const char *a, *b;
        int meet;
    } cases[] = {
        {"karim", "kareem", 1}, {"haswani", "hewani", 1}, {"petrov", "pedroff", 1},
        {"karim", "selim", 0},  {"aliyev", "mamedov", 0}, {"igor", "oleg", 0},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct key a, b;

        key_make(cases[i].a, strlen(cases[i].a), &a);
        key_make(cases[i].b, strlen(cases[i].b), &b);
        if (skeletons_meet(a.skeleton, b.skeleton) != cases[i].meet ||
            skeletons_meet(b.skeleton, a.skeleton) != cases[i].meet)
            fail_msg("%s and %s", cases[i].a, cases[i].b);
    }
}

static void
words_of_one_meaning_share_a_concept(void **state)
{
    static const char *const pairs[][2] = {
        {"zavod", "plant"},
        {"maoyi", "trading"},
        {"ooo", "limitedliabilitycompany"},
        {"tekhnologicheskogo", "technology"},
        {"moskovskaya", "moscow"},
        {"yinhang", "banco"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(pairs); i++) {
        const struct word_meaning *a = word_find(pairs[i][0], strlen(pairs[i][0]), false);
        const struct word_meaning *b = word_find(pairs[i][1], strlen(pairs[i][1]), false);

        if (!a || !b || a->concept != b->concept)
            fail_msg("%s and %s", pairs[i][0], pairs[i][1]);
    }
    assert_null(word_find("zavod", 5, true)); /* a person may be called so */
    assert_int_equal(word_syllables("mingshan", 8), 2);
    assert_int_equal(word_syllables("schmidt", 7), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_script_becomes_letters),
        cmocka_unit_test(nothing_but_the_promised_bytes_comes_out),
        cmocka_unit_test(a_script_reads_the_same_on_every_arena),
        cmocka_unit_test(habits_of_romanisation_have_one_key_or_near_ones),
        cmocka_unit_test(skeletons_meet_where_one_consonant_differs),
        cmocka_unit_test(words_of_one_meaning_share_a_concept),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);

    arena_release(&arena);
    return failed;
}
