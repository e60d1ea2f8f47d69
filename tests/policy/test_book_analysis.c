/* The analysis of books: small ones, and all that is found about each. */
#include "policy/book_analysis.h"

#include <unistd.h>

#include "gateway/base/buffer.h"
#include "gateway/base/file.h"
#include "tests/policy/fixture.h"
#include "tests/support/test.h"

/* Packs of one or two rules each, in a folder of their own. */
static const struct {
    const char *name, *text;
} packs[] = {
/* clang-format off */
#define THEN(action, code) "\"then\":{\"action\":\"" action "\",\"reason\":{\"code\":\"" code "\",\"text\":\"x\"}}}"
#define RULE(id, when, action, code) "\n{\"id\":\"" id "\",\"title\":\"t\",\"when\":\"" when "\"," THEN(action, code)
#define PACK(name, parameters, rules) "{\"pack\":\"" name "\",\"version\":\"1\",\"title\":\"t\",\"parameters\":{" parameters "},\"rules\":[" rules "]"
    {"deny", PACK("deny", "", RULE("D1", "payment.debtor.country == 'RU'", "reject", "RR04")) "}"},
    {"deny2", PACK("deny2", "", RULE("E1", "'RU' == payment.debtor.country", "reject", "RR04")) "}"},
    {"ask", PACK("ask", "\"limit\":100",
        RULE("A1", "payment.debtor.country == 'RU' && kits.size() > 0", "request_information", "NARR") ","
        RULE("A2", "payment.amount.minor > params.limit", "hold", "NARR")) "}"},
    {"large", PACK("large", "\"limit\":200",
        RULE("L1", "payment.amount.minor > params.limit", "hold", "NARR")) "}"},
    {"pass", PACK("pass", "",
        RULE("P1", "payment.debtor.country in ['KZ', 'RU']", "accept", "NARR") ","
        RULE("P2", "payment.debtor.country == 'RU' && payment.rail == 'CIPS'", "accept", "NARR")) "}"},
    {"both", PACK("both", "",
        RULE("X1", "payment.rail == 'CIPS'", "accept", "NARR") ","
        RULE("X2", "payment.rail == 'CIPS'", "reject", "RR04")) "}"},
    {"broken", PACK("broken", "", RULE("B1", "payment.debter.country == 'RU'", "reject", "RR04")) "}"},
    {"miscoded", PACK("miscoded", "", RULE("B1", "kits.size() > 0", "reject", "LEGL")) "}"},
    {"misnamed", PACK("other", "", RULE("B1", "kits.size() > 0", "reject", "RR04")) "}"},
    {"failing", PACK("failing", "", RULE("B1", "kits.size() > 0", "reject", "RR04"))
        ",\n\"tests\":[{\"title\":\"no payment\",\"payment\":{},\"expect\":{\"action\":\"abstain\"}}]}"},
    /* clang-format on */
};

static char folder[] = "/tmp/yuangate-book-analysis-XXXXXX";
static struct arena arena;

static const char *
path_of(const char *name)
{
    return arena_printf(&arena, "%s/%s.json", folder, name);
}

static int
set_up(void **state)
{
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    for (size_t i = 0; i < COUNT(packs); i++) {
        FILE *file = fopen(path_of(packs[i].name), "w");

        if (!file || fputs(packs[i].text, file) < 0 || fclose(file) != 0)
            return -1;
    }
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(packs); i++)
        unlink(path_of(packs[i].name));
    unlink(path_of("book"));
    rmdir(folder);
    arena_release(&arena);
    return 0;
}

static size_t
analyse(const char *text, const struct book_finding **findings)
{
    struct snapshot_sources sources = fixture_sources();
    FILE *file = fopen(path_of("book"), "w");
    struct error err = {0};
    struct goods *goods;

    assert_non_null(file);
    assert_true(fputs(text, file) >= 0 && fclose(file) == 0);
    sources.book = path_of("book");
    sources.pack_path = folder;
    assert_int_equal(goods_load(sources.goods_path, &arena, &goods, &err), 0);
    return book_analyse(&sources, text, strlen(text), goods, &arena, findings);
}

/* "W 3:1: sentence" of the book, "W deny D1 2:38: sentence" of a pack; a line each.  Packs that
 * nobody names are left out. */
static const char *
findings_of(const char *text)
{
    const struct book_finding *findings;
    size_t count = analyse(text, &findings);
    struct buffer out;

    buffer_init(&out, &arena, 256);
    for (size_t i = 0; i < count; i++) {
        const char *name = strrchr(findings[i].path, '/') + 1;

        if (strstr(findings[i].sentence, "names this pack"))
            continue;
        buffer_printf(&out, "%s%c ", out.len ? "\n" : "", "NWE"[findings[i].severity]);
        if (strcmp(name, "book.json") != 0)
            buffer_printf(&out, "%.*s %s%s", (int)strcspn(name, "."), name, findings[i].rule,
                          findings[i].rule[0] ? " " : "");
        buffer_printf(&out, "%u:%u: %s", findings[i].line, findings[i].column,
                      findings[i].sentence);
    }
    return buffer_terminate(&out);
}

/* Two joint-stock banks and a foreign one; regimes begin on line 3. */
static const char *
book(const char *regimes)
{
    return arena_printf(&arena,
                        "{\"book\":\"b\",\"default_action\":\"accept\",\"banks\":[\n"
                        "{\"bic\":\"HLDBCNBS\",\"name\":\"H\",\"class\":\"joint_stock\"},"
                        "{\"bic\":\"QXJSCNSH\",\"name\":\"Q\",\"class\":\"joint_stock\"},"
                        "{\"bic\":\"MERICNSH\",\"name\":\"M\",\"class\":\"foreign\"}],"
                        "\"regimes\":[\n%s]}",
                        regimes);
}

struct book_case {
    const char *regimes, *found;
};

static void
expect(const struct book_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *found = findings_of(book(cases[i].regimes));

        if (strcmp(found, cases[i].found) != 0)
            fail_msg("%s\n  finds\n%s\n  expected\n%s", cases[i].regimes, found,
                     cases[i].found);
    }
}

/* --- gaps -------------------------------------------------------------------------------- */

/* clang-format off */
#define JAN(policies) "{\"from\":\"2024-01-01\",\"policies\":{" policies "}}"
#define FEB(policies) ",\n{\"from\":\"2024-02-01\",\"policies\":{" policies "}}"
#define MAR(policies) ",\n{\"from\":\"2024-03-01\",\"policies\":{" policies "}}"
#define LOST(whom, from, had) "names nothing for " whom "; the regime of " from " has " had ", and nothing carries over (an empty list says that it is meant)"
#define FREE(whom, from) "no policy for " whom " from " from " on: the default action decides, accept"
/* clang-format on */

static void
whom_the_next_regime_forgets_is_told(void **state)
{
    static const struct book_case cases[] = {
        {JAN("\"foreign\":[\"deny\"],\"*\":[\"large\"]") FEB("\"*\":[\"large\"]"),
         "W 4:33: " LOST("foreign banks", "2024-01-01", "deny")},
        {JAN("\"foreign\":[\"deny\"],\"*\":[\"large\"]")
             FEB("\"foreign\":[],\"*\":[\"large\"]"),
         ""},
        {JAN("\"*\":[\"large\"]") FEB("\"foreign\":[\"deny\"],\"*\":[\"large\"]"), ""},
        {JAN("\"*\":[\"large\",\"deny\"]")
             FEB("\"foreign\":[\"deny\"],\"joint_stock\":[\"deny\"]"),
         "W 4:33: " LOST("all banks (*)", "2024-01-01", "large, deny")},
        /* in the order of time, not of the file */
        {"{\"from\":\"2024-02-01\",\"policies\":{\"*\":[\"large\"]}},\n"
         "{\"from\":\"2024-01-01\",\"policies\":{\"foreign\":[\"deny\"],\"*\":[\"large\"]}}",
         "W 3:33: " LOST("foreign banks", "2024-01-01", "deny")},
        /* one bank */
        {"{\"from\":\"2024-01-01\",\"policies\":{\"*\":[\"large\"]},\"banks\":{\"HLDBCNBS\":["
         "\"deny\"]}},\n{\"from\":\"2024-02-01\",\"policies\":{\"*\":[\"large\"]}}",
         "W 4:1: " LOST("HLDBCNBS", "2024-01-01", "deny")},
        {"{\"from\":\"2024-01-01\",\"policies\":{\"*\":[\"large\"]},\"banks\":{\"HLDBCNBS\":["
         "\"deny\"]}},\n{\"from\":\"2024-02-01\",\"policies\":{\"*\":[\"large\"]},\"banks\":{"
         "\"HLDBCNBSXXX\":[]}}",
         ""},
    };

    (void)state;
    expect(cases, COUNT(cases));
}

static void
a_pack_that_is_gone_for_one_regime_is_told(void **state)
{
    static const struct book_case cases[] = {
        {JAN("\"foreign\":[\"deny\",\"large\"],\"*\":[\"pass\"]")
             FEB("\"foreign\":[\"large\"],\"*\":[\"pass\"]")
                 MAR("\"foreign\":[\"large\",\"deny\"],\"*\":[\"pass\"]"),
         "W 4:44: leaves out deny for foreign banks, which have it before and after"},
        {JAN("\"foreign\":[\"deny\",\"large\"]") FEB("\"foreign\":[\"large\"]")
             MAR("\"foreign\":[\"large\"]"),
         NULL},
        {JAN("\"foreign\":[\"deny\",\"large\"]") FEB("\"foreign\":[\"large\"],\"*\":[\"deny\"]")
             MAR("\"foreign\":[\"large\",\"deny\"],\"*\":[]"),
         NULL},
        {JAN("\"*\":[\"deny\",\"large\"]") FEB("\"*\":[\"large\"]")
             MAR("\"*\":[\"large\",\"deny\"]"),
         "W 4:38: leaves out deny for all banks (*), which have it before and after"},
        {JAN("\"*\":[\"deny\",\"large\"]")
             FEB("\"foreign\":[\"deny\"],\"joint_stock\":[\"deny\"],\"*\":[\"large\"]")
                 MAR("\"foreign\":[],\"joint_stock\":[],\"*\":[\"large\",\"deny\"]"),
         ""},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *found = findings_of(book(cases[i].regimes));

        if (!cases[i].found)
            assert_null(strstr(found, "leaves out"));
        else if (!strstr(found, cases[i].found))
            fail_msg("%s\n  finds\n%s\n  not\n%s", cases[i].regimes, found, cases[i].found);
    }
}

static void
banks_that_nothing_judges_are_told(void **state)
{
    static const struct book_case cases[] = {
        {JAN("\"joint_stock\":[\"deny\"]"), "W 3:33: " FREE("foreign banks", "2024-01-01")},
        {JAN("\"joint_stock\":[\"deny\"],\"foreign\":[]"),
         "N 3:33: " FREE("foreign banks", "2024-01-01")},
        {JAN("\"joint_stock\":[\"deny\"]") FEB("\"joint_stock\":[\"deny\"]"),
         "W 2:142: no regime has a policy for foreign banks: the default action decides, "
         "accept"},
        {JAN("\"joint_stock\":[\"deny\"]") FEB("\"*\":[\"deny\"],\"joint_stock\":[]"),
         "W 3:33: " FREE("foreign banks", "2024-01-01")},
        {JAN("") FEB("\"*\":[\"deny\"]"), "W 3:33: " FREE("any bank", "2024-01-01")},
        /* a bank alone is judged */
        {"{\"from\":\"2024-01-01\",\"policies\":{\"joint_stock\":[\"deny\"]},\"banks\":{"
         "\"MERICNSH\":[\"deny\"]}}",
         ""},
    };

    (void)state;
    expect(cases, COUNT(cases));
}

static void
packs_that_judge_nobody_are_told(void **state)
{
    static const struct book_case cases[] = {
        {JAN("\"state_big\":[\"deny\"],\"*\":[\"large\"]"),
         "N 3:46: the book has no state_big banks\n"
         "W 3:47: deny judges no bank: the book has none of the classes that it is named for"},
        {JAN("\"state_big\":[\"deny\"],\"*\":[\"deny\"]"),
         "N 3:46: the book has no state_big banks"},
    };
    const struct book_finding *findings;
    size_t count, unused = 0;

    (void)state;
    expect(cases, COUNT(cases));
    count = analyse(book(JAN("\"*\":[\"deny\"]")), &findings);
    for (size_t i = 0; i < count; i++) {
        assert_string_equal(findings[i].sentence, "no regime of b names this pack");
        assert_int_equal(findings[i].severity, BOOK_NOTE);
        assert_int_equal(findings[i].line, 0);
        unused += i == 0 || strcmp(findings[i - 1].path, findings[i].path) < 0;
    }
    assert_int_equal(unused, COUNT(packs)); /* all but one, and the book lies there too */
}

/* --- terms ------------------------------------------------------------------------------- */

static void
ends_that_disclose_nothing_are_told(void **state)
{
#define REASON "\"reason\":{\"code\":\"RR04\",\"text\":\"x\"}"
#define BARE   "{\"action\":\"return\"," REASON "}"
#define TOLD   "{\"action\":\"return\"," REASON ",\"disclosed\":{\"code\":\"MS03\"}}"
    static const struct {
        const char *terms, *found;
    } cases[] = {
        {"\"hold\":{\"lasts\":\"P1D\",\"ends\":" TOLD "}", ""},
        {"\"hold\":{\"lasts\":\"P1D\",\n\"ends\":" BARE "}",
         "W 5:8: the payer would read the internal reason: add disclosed"},
        {"\"hold\":{\"lasts\":\"P1D\",\"ends\":{\"action\":\"hold\"}}", ""},
        {"\"hold\":{\"lasts\":\"P1D\",\"ends\":{\"action\":\"accept\"," REASON "}}", ""},
        {"\"request_information\":{\"ends\":" TOLD ",\n\"partial\":" TOLD
         ",\n\"contradictory\":" BARE ",\n\"complete\":" BARE "}",
         "W 7:12: the payer would read the internal reason: add disclosed\n"
         "W 6:17: the payer would read the internal reason: add disclosed"},
        {"\"accept\":{\"lasts\":\"P1D\"}", ""},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *text = arena_printf(
            &arena,
            "{\"book\":\"b\",\"default_action\":\"accept\",\"banks\":[{\"bic\":\"HLDBCNBS\","
            "\"name\":\"H\",\"class\":\"joint_stock\"}],\n"
            "\"regimes\":[{\"from\":\"2024-01-01\",\"policies\":{\"*\":[\"deny\"]}}],\n"
            "\"terms\":{\n%s}}",
            cases[i].terms);

        assert_string_equal(findings_of(text), cases[i].found);
    }
}

/* --- rules ------------------------------------------------------------------------------- */

static void
rules_that_another_pack_outdoes_are_told(void **state)
{
    static const struct book_case cases[] = {
        /* stricter, wherever it stands */
        {JAN("\"*\":[\"ask\",\"deny\"]"),
         "W ask A1 2:31: decides nothing anywhere, as at joint_stock banks from 2024-01-01 on: "
         "whenever it holds, D1 of deny holds too and rejects"},
        {JAN("\"foreign\":[\"deny\"],\"*\":[\"ask\"]"),
         "N ask A1 2:31: decides nothing at foreign banks from 2024-01-01 on: whenever it "
         "holds, D1 of deny holds too and rejects"},
        {"{\"from\":\"2024-01-01\",\"policies\":{\"*\":[\"ask\"]},\"banks\":{\"HLDBCNBS\":["
         "\"deny\"]}}",
         "N ask A1 2:31: decides nothing at HLDBCNBS from 2024-01-01 on: whenever it holds, D1 "
         "of deny holds too and rejects"},
        /* as strict: the one asked first gives the reason */
        {JAN("\"*\":[\"deny\",\"deny2\"]"),
         "W deny2 E1 2:31: decides nothing anywhere, as at joint_stock banks from 2024-01-01 "
         "on: it has the condition of D1 of deny, which rejects"},
        {JAN("\"*\":[\"ask\",\"large\"]"),
         "W large L1 2:31: decides nothing anywhere, as at joint_stock banks from 2024-01-01 "
         "on: whenever it holds, A2 of ask holds too and holds"},
        {JAN("\"*\":[\"large\",\"ask\"]"), ""},
        /* with the book's parameters */
        {JAN("\"*\":[{\"pack\":\"ask\",\"options\":{\"parameters\":{\"limit\":300}}},"
             "\"large\"]"),
         ""},
        {JAN("\"*\":[\"large\",{\"pack\":\"ask\",\"options\":{\"parameters\":{\"limit\":300}}}"
             "]"),
         "W ask A2 3:31: decides nothing anywhere, as at joint_stock banks from 2024-01-01 on: "
         "whenever it holds, L1 of large holds too and holds"},
        /* never in one chain */
        {JAN("\"foreign\":[\"deny\"],\"joint_stock\":[\"ask\"]"), ""},
    };

    (void)state;
    expect(cases, COUNT(cases));
}

static void
packs_that_contradict_each_other_are_told(void **state)
{
    static const struct book_case cases[] = {
        {JAN("\"foreign\":[\"pass\"],\"*\":[\"deny\"]"),
         "W pass P1 2:31: accepts all that D1 of deny rejects, as at foreign banks from "
         "2024-01-01 on; the stricter decides\n"
         "W pass P2 3:31: accepts nothing but what D1 of deny rejects, as at foreign banks "
         "from 2024-01-01 on; the stricter decides"},
        {JAN("\"foreign\":[\"pass\"],\"joint_stock\":[\"deny\"]"), ""},
        {JAN("\"*\":[\"pass\",\"large\"]"), ""}, /* waiting refuses nothing */
        {JAN("\"*\":[\"both\"]"), ""},           /* what one pack says is its author's */
    };

    (void)state;
    expect(cases, COUNT(cases));
}

static void
a_pack_twice_in_one_chain_is_told(void **state)
{
    static const struct book_case cases[] = {
        {JAN("\"foreign\":[\"deny\"],\"*\":[\"deny\"]"),
         "W 3:45: deny judges foreign banks twice with the same parameters"},
        {JAN("\"*\":[\"deny\",{\"pack\":\"deny\",\"options\":{}}]"),
         "W 3:46: deny judges all banks twice with the same parameters"},
        {"{\"from\":\"2024-01-01\",\"policies\":{\"foreign\":[\"deny\"],\"joint_stock\":["
         "\"deny\"]},\"banks\":{\"MERICNSH\":[\"deny\"]}}",
         "W 3:98: deny judges MERICNSH twice with the same parameters"},
        {JAN("\"*\":[\"large\",{\"pack\":\"large\",\"options\":{\"parameters\":{\"limit\":5}}}"
             "]"),
         ""},
    };

    (void)state;
    expect(cases, COUNT(cases));
}

/* --- errors ------------------------------------------------------------------------------ */

static void
what_keeps_a_book_from_loading_has_its_line(void **state)
{
    static const struct book_case cases[] = {
        {JAN("\"*\":[\"nowhere\"]"), "E 3:39: there is no such pack: "},
        {JAN("\"*\":[\"broken\"]"),
         "E broken 2:40: rules/B1/when: payment.debter: no such field"},
        {JAN("\"*\":[\"miscoded\"]"),
         "E miscoded 2:31: rules/B1/then/reason/code: expected a reason of the message that "
         "reject sends; found \"LEGL\""},
        {JAN("\"*\":[\"misnamed\"]"),
         "E misnamed 1:9: pack: expected \"misnamed\", as the file is named; found \"other\""},
        {JAN("\"*\":[\"failing\"]"), "E failing 3:10: test \"no payment\": "},
        {JAN("\"*\":[{\"pack\":\"large\",\"options\":{\"parameters\":{\"limits\":5}}}]"),
         "E 3:79: large does not take these parameters: "},
        {JAN("\"foriegn\":[\"deny\"]"),
         "E 3:44: /regimes/0/policies/foriegn: expected one of the classes"},
        {JAN("\"*\":[{\"plugin\":\"amount_hold\",\"options\":{\"limits\":{\"CNY\":\"x\"}}}]"),
         "E 3:73: /regimes/0/policies/*/0/options: expected options that amount_hold opens "
         "with"},
        {JAN("\"*\":[{\"plugin\":\"atlantis\"}]"),
         "E 3:49: /regimes/0/policies/*/0/plugin: expected the name of a plugin; found "
         "\"atlantis\""},
        {JAN("\"*\":[\"deny\",]"), "E 3:46: "},
        {JAN("\"*\":[]") ",5", "E 3:43: /regimes/1: expected an object; found 5"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *found = findings_of(book(cases[i].regimes));

        if (strncmp(found, cases[i].found, strlen(cases[i].found)) != 0)
            fail_msg("%s\n  finds\n%s\n  expected\n%s", cases[i].regimes, found,
                     cases[i].found);
        assert_null(strstr(found, "\nE "));
    }
}

static void
a_faulty_pack_does_not_hide_what_else_is_odd(void **state)
{
    static const struct book_case cases[] = {
        {JAN("\"foreign\":[\"broken\",\"deny\"],\"joint_stock\":[\"ask\",\"deny\"]"),
         "E broken 2:40: rules/B1/when: payment.debter: no such field; the nearest is debtor\n"
         "W ask A1 2:31: decides nothing anywhere, as at joint_stock banks from 2024-01-01 on: "
         "whenever it holds, D1 of deny holds too and rejects"},
    };

    (void)state;
    expect(cases, COUNT(cases));
}

static void
more_than_can_be_told_is_cut_with_a_word(void **state)
{
    const struct book_finding *findings;
    struct buffer regimes;

    (void)state;
    buffer_init(&regimes, &arena, 1 << 16);
    for (int i = 0; i < BOOK_FINDINGS_MAX; i++) /* each forgets the foreign or has none */
        buffer_printf(&regimes,
                      "%s{\"from\":\"%d-01-01\",\"policies\":{\"*\":[\"deny\",\"deny\"]}}",
                      i ? "," : "", 2000 + i);
    assert_int_equal(analyse(book(buffer_terminate(&regimes)), &findings),
                     BOOK_FINDINGS_MAX + 1);
    assert_string_equal(findings[BOOK_FINDINGS_MAX].sentence,
                        "there is more than can be told at once");
}

/* A thousand banks, each with a limit of its own, and one more. */
static void
what_is_too_much_to_compare_is_said(void **state)
{
    const struct book_finding *findings;
    struct buffer text;
    size_t count;

    (void)state;
    buffer_init(&text, &arena, 1 << 18);
    buffer_text(&text, "{\"book\":\"b\",\"default_action\":\"accept\",\"banks\":[");
    for (int i = 0; i <= BOOK_VARIANTS_MAX; i++)
        buffer_printf(
            &text, "%s{\"bic\":\"AA%c%c%c%cCN\",\"name\":\"A\",\"class\":\"foreign\"}",
            i ? "," : "", 'A' + i / 1000, 'A' + i / 100 % 10, 'A' + i / 10 % 10, 'A' + i % 10);
    buffer_text(&text, "],\"regimes\":[{\"from\":\"2024-01-01\",\"policies\":{},\"banks\":{");
    for (int i = 0; i <= BOOK_VARIANTS_MAX; i++)
        buffer_printf(&text,
                      "%s\"AA%c%c%c%cCN\":[{\"pack\":\"large\",\"options\":{\"parameters\":{"
                      "\"limit\":%d}}}]",
                      i ? "," : "", 'A' + i / 1000, 'A' + i / 100 % 10, 'A' + i / 10 % 10,
                      'A' + i % 10, i);
    buffer_text(&text, "}}]}");
    count = analyse(buffer_terminate(&text), &findings);
    assert_true(count > 0);
    assert_string_equal(findings[0].sentence,
                        "has too many rules to hold each beside each: not all are compared");
    assert_int_equal(findings[0].severity, BOOK_NOTE);
}

static void
the_shipped_book_has_no_errors_and_no_warnings(void **state)
{
    struct snapshot_sources sources = fixture_sources();
    const struct book_finding *findings;
    struct error err = {0};
    struct goods *goods;
    size_t len, count;
    char *text;

    (void)state;
    assert_int_equal(file_read(&arena, sources.book, 1 << 20, &text, &len, &err), 0);
    assert_int_equal(goods_load(sources.goods_path, &arena, &goods, &err), 0);
    count = book_analyse(&sources, text, len, goods, &arena, &findings);
    for (size_t i = 0; i < count; i++)
        if (findings[i].severity != BOOK_NOTE)
            fail_msg("%s:%u: %s", findings[i].path, findings[i].line, findings[i].sentence);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whom_the_next_regime_forgets_is_told),
        cmocka_unit_test(a_pack_that_is_gone_for_one_regime_is_told),
        cmocka_unit_test(banks_that_nothing_judges_are_told),
        cmocka_unit_test(packs_that_judge_nobody_are_told),
        cmocka_unit_test(ends_that_disclose_nothing_are_told),
        cmocka_unit_test(rules_that_another_pack_outdoes_are_told),
        cmocka_unit_test(packs_that_contradict_each_other_are_told),
        cmocka_unit_test(a_pack_twice_in_one_chain_is_told),
        cmocka_unit_test(what_keeps_a_book_from_loading_has_its_line),
        cmocka_unit_test(a_faulty_pack_does_not_hide_what_else_is_odd),
        cmocka_unit_test(more_than_can_be_told_is_cut_with_a_word),
        cmocka_unit_test(what_is_too_much_to_compare_is_said),
        cmocka_unit_test(the_shipped_book_has_no_errors_and_no_warnings),
    };

    return cmocka_run_group_tests_name("book analysis", tests, set_up, tear_down);
}
