/*
 * test_score.c - pairs of names: which agree, which do not, and what is said of it.
 *
 * The bands are by hand: same (at least 0.95), match (at least SCREEN_THRESHOLD), below it.
 */
#include "tests/support/test.h"

#include <string.h>

#include "policy/screening/score.h"
#include "policy/screening/screen.h"

enum band { SAME, MATCH, BELOW };

static struct arena arena;

static float
score_of(enum name_kind kind, const char *a, const char *b)
{
    struct score score;

    score_names(&arena, kind, a, b, &score);
    return score.value;
}

struct pair_case {
    enum name_kind kind;
    enum band band;
    const char *a, *b;
};

static void
each_in_its_band(const struct pair_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        float score = score_of(cases[i].kind, cases[i].a, cases[i].b);
        float back = score_of(cases[i].kind, cases[i].b, cases[i].a);
        enum band band = score >= 0.95f ? SAME : score >= SCREEN_THRESHOLD ? MATCH : BELOW;

        if (band != cases[i].band)
            fail_msg("%s | %s: %.3f", cases[i].a, cases[i].b, (double)score);
        if (score > back + 1e-4f || score < back - 1e-4f) /* C1 */
            fail_msg("%s | %s: %.4f, and back %.4f", cases[i].a, cases[i].b, (double)score,
                     (double)back);
        arena_reset(&arena);
    }
}

static void
persons_are_the_same_in_any_order_and_spacing(void **state)
{
    static const struct pair_case cases[] = {
        {NAME_PERSON, SAME, "SOKOLOV, Pavel Ivanovich", "Pavel Ivanovich Sokolov"},
        {NAME_PERSON, SAME, "AL-KHATIB, Samir", "Samir al Khatib"},
        {NAME_PERSON, SAME, "ALKHATIB, Samir", "AL KHATIB, Samir"},
        {NAME_PERSON, SAME, "KIM, Il Nam", "KIM Il-nam"},
        {NAME_PERSON, SAME, "WANG Mingshan", "WANG Ming Shan"},
        {NAME_PERSON, SAME, "O'Hara, Seán", "Sean OHara"},
        {NAME_PERSON, SAME, "Müller, Jörg", "Mueller, Joerg"},
    };

    (void)state;
    each_in_its_band(cases, COUNT(cases));
}

static void
romanisations_of_one_name_meet(void **state)
{
    static const struct pair_case cases[] = {
        {NAME_PERSON, SAME, "Сергей Щербаков", "Sergey Shcherbakov"},
        {NAME_PERSON, SAME, "Сергей Щербаков", "Sergej Schtscherbakow"},
        {NAME_PERSON, MATCH, "Юрий Хрущёв", "Iurii Khrushchov"},
        {NAME_PERSON, SAME, "Дзмітры Паўлавіч Зайцаў", "Dzmitry Paulavich Zaitsau"},
        {NAME_PERSON, MATCH, "Dmitry Pavlovich Zaitsev", "Dzmitry Paulavich Zaitsau"},
        {NAME_PERSON, SAME, "Mohammed Yousef Haddad", "Muhammad Yusuf Haddad"},
        {NAME_PERSON, MATCH, "王明山", "WANG Mingshan"},
        {NAME_PERSON, MATCH, "يوسف خالد السعدي", "Yusuf Khaled al-Saadi"},
        {NAME_PERSON, BELOW, "يوسف خالد السعدي", "Yasir Khaled al-Saadi"},
    };

    (void)state;
    each_in_its_band(cases, COUNT(cases));
}

static void
a_part_of_a_rare_name_matches_and_of_a_common_one_does_not(void **state)
{
    static const struct pair_case cases[] = {
        {NAME_PERSON, SAME, "Bartholomaeus Zwierlein", "ZWIERLEIN, Bartholomaeus Anton"},
        {NAME_PERSON, BELOW, "Maria Garcia", "GARCIA, Ana Maria"},
        {NAME_PERSON, BELOW, "James Smith", "SMITH, John"},
        {NAME_PERSON, BELOW, "Sokolov Pavel Ivanovich", "Morozov Pavel Ivanovich"},
        {NAME_PERSON, BELOW, "KARIMOV, Nasir Ali", "KARIMOV, Firas Omar"},
        {NAME_PERSON, BELOW, "emma daniels", "EMMA LLC"},
    };

    (void)state;
    each_in_its_band(cases, COUNT(cases));
}

static void
companies_are_what_they_do_and_where_in_any_language(void **state)
{
    static const struct pair_case cases[] = {
        {NAME_COMPANY, SAME, "JSCARGUMENT", "JSC ARGUMENT"},
        {NAME_COMPANY, SAME, "L.L.C. Granit Test", "OOO \"Granit-Test\""},
        {NAME_COMPANY, SAME, "Общество с ограниченной ответственностью «Гранит»",
         "Granit Limited Liability Company"},
        {NAME_COMPANY, SAME, "Брянский электромеханический завод",
         "JSC Bryansk Electromechanical Plant"},
        {NAME_COMPANY, SAME, "M. D. S. IMPORT EXPORT CO., LTD.", "MDS IMPORT EXPORT CO LTD"},
        {NAME_COMPANY, SAME, "НПП «Зенит-Т»", "Research and Production Enterprise Zenit-T"},
        {NAME_COMPANY, SAME, "山东裕龙石化有限公司", "Shandong Yulong Petrochemical Co., Ltd."},
        {NAME_COMPANY, BELOW, "BELLETECH CORP", "11420 CORP."},
        {NAME_COMPANY, BELOW, "LLC OSNOVA LAB", "LLC UNIQUE LAB"},
        {NAME_COMPANY, BELOW, "emma daniels", "EMMA LLC"},
        {NAME_COMPANY, BELOW, "力美", "LIMEI TRADING CO LTD"},
    };

    (void)state;
    each_in_its_band(cases, COUNT(cases));
}

static void
the_number_of_a_ship_is_its_name(void **state)
{
    static const struct pair_case cases[] = {
        {NAME_VESSEL, SAME, "LONG XING 627", "Long-Xing 627"},
        {NAME_VESSEL, BELOW, "LONG XING 627", "LONG XING 630"},
        {NAME_VESSEL, BELOW, "SPARTA III", "SPARTA IV"},
    };

    (void)state;
    each_in_its_band(cases, COUNT(cases));
}

static void
brackets_and_strokes_hold_other_names(void **state)
{
    static const struct pair_case cases[] = {
        {NAME_COMPANY, SAME, "Pars Petro Dayan (PPD Kish)", "PPD KISH"},
        {NAME_COMPANY, SAME, "Интервесп / Intervesp Company", "INTERVESP"},
    };

    (void)state;
    each_in_its_band(cases, COUNT(cases));
}

static void
an_explanation_names_the_words_and_their_worth(void **state)
{
    struct score score;
    const char *text;

    (void)state;
    score_names(&arena, NAME_PERSON, "AL-ASSAD, Bashar", "Башар аль-Асад", &score);
    text = score_explain(&arena, &score);
    assert_non_null(strstr(text, "  a  al assad bashar\n"));
    assert_non_null(strstr(text, "  b  bashar al asad\n"));
    assert_non_null(strstr(text, "assad = asad  1.00"));
    assert_non_null(strstr(text, "missing 0.0 of a, 0.0 of b"));
    arena_reset(&arena);
}

static void
a_name_is_itself_whatever_it_is_made_of(void **state)
{
    static const char *const names[] = {"The",
                                        "S.A.",
                                        "Bank",
                                        "i",
                                        "7",
                                        "of the and",
                                        "a b c d e f g h i j k l m n o p q r s t u v w x y z"};

    (void)state;
    for (size_t i = 0; i < COUNT(names); i++)
        for (int kind = 0; kind < 3; kind++)
            if (score_of((enum name_kind)kind, names[i], names[i]) < 0.9999f) /* C1 */
                fail_msg("%s as kind %d", names[i], kind);
    arena_reset(&arena);
}

static void
a_name_without_a_letter_agrees_with_nothing(void **state)
{
    (void)state;
    assert_true(score_of(NAME_COMPANY, "---", "Granit") == 0);
    assert_true(score_of(NAME_COMPANY, "", "") == 0);
    assert_true(score_of(NAME_PERSON, "\xff\xfe", "Granit") == 0); /* F2 */
    arena_reset(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(persons_are_the_same_in_any_order_and_spacing),
        cmocka_unit_test(romanisations_of_one_name_meet),
        cmocka_unit_test(a_part_of_a_rare_name_matches_and_of_a_common_one_does_not),
        cmocka_unit_test(companies_are_what_they_do_and_where_in_any_language),
        cmocka_unit_test(the_number_of_a_ship_is_its_name),
        cmocka_unit_test(brackets_and_strokes_hold_other_names),
        cmocka_unit_test(an_explanation_names_the_words_and_their_worth),
        cmocka_unit_test(a_name_is_itself_whatever_it_is_made_of),
        cmocka_unit_test(a_name_without_a_letter_agrees_with_nothing),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);

    arena_release(&arena);
    return failed;
}
