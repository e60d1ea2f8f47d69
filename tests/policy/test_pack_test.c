/*
 * The tests of packs: what they see is what a payment sees, and each failure
 * says its place, what was expected and what came out.
 */
#include "tests/support/test.h"
#include "policy/goods/goods.h"
#include "policy/pack_test.h"
#include "tests/policy/fixture.h"

static struct arena arena;
static struct goods *goods;

/* A payment of everything that is required, and a kit. */
#define PAYMENT                                                                                \
    "{\"uetr\":\"97ed4827-7b6f-4491-a06f-b548d5a7512d\",\"end_to_end_id\":\"I-1\","            \
    "\"amount\":{\"currency\":\"CNY\",\"value\":\"12.00\"},"                                   \
    "\"debtor\":{\"name\":\"A\",\"country\":\"RU\"},"                                          \
    "\"debtor_agent\":{\"bic\":\"SVRBRUMM\",\"country\":\"RU\"},"                              \
    "\"creditor_agent\":{\"bic\":\"HLDBCNBSXXX\",\"country\":\"CN\",\"name\":\"Hulan\"},"      \
    "\"creditor\":{\"name\":\"B\",\"country\":\"CN\"},\"goods\":["                             \
    "{\"hs_code\":\"854231\",\"description\":\"processors\"},"                                 \
    "{\"hs_code\":\"847330\",\"description\":\"casings\"},"                                    \
    "{\"hs_code\":\"852491\",\"description\":\"LCD screens\"}]}"

/* A pack of one line for each rule and test. */
static const char *
pack_of(const char *rules, const char *tests)
{
    return arena_printf(&arena,
                        "{\"pack\":\"p\",\"version\":\"1\",\"title\":\"t\",\"payment\":" PAYMENT
                        ",\"parameters\":{\"limit\":1000},\"rules\":[\n%s\n],\"tests\":[\n%s]}",
                        rules, tests);
}

static int
run(const char *text, struct pack_report *report, struct error *err)
{
    const struct snapshot_sources sources = fixture_sources();
    const struct host_pack file = {"p.json", text, strlen(text)};

    *err = (struct error){0};
    return pack_test_run(&sources, goods, &file, &arena, report, err);
}

#define RULE(id, when, action, code)                                                           \
    "{\"id\":\"" id "\",\"title\":\"t\",\"when\":\"" when "\",\"then\":{\"action\":\"" action  \
    "\",\"reason\":{\"code\":\"" code "\",\"text\":\"x\"}}}"
#define RULES                                                                                  \
    RULE("KIT-01", "payment.debtor.country == 'RU' && kits.size() > 0", "reject", "RR04")      \
    ",\n" RULE("AMT-01", "payment.amount.minor > params.limit", "hold", "NARR") ",\n" RULE(    \
        "YES-01", "payment.debtor.country == 'CN'", "accept",                                  \
        "NARR") ",\n" RULE("ERR-01", "goods.size() == 1 && goods[7].hs_code == ''", "reject",  \
                           "RR04")
#define SMALL  "\"amount\":{\"value\":\"1.00\"}"
#define KAZAKH "\"debtor\":{\"country\":\"KZ\"}"
#define TEST(title, payment, expect)                                                           \
    "{\"title\":\"" title "\",\"payment\":{" payment "},\"expect\":{" expect "}}"

static void
a_test_is_met_or_says_what_came_out(void **state)
{
    static const struct {
        const char *test, *failure; /* "": it passes */
    } cases[] = {
        /* clang-format off */
        {TEST("a", "", "\"action\":\"reject\",\"rules\":[\"KIT-01\",\"AMT-01\"]"), ""},
        {TEST("a", "", "\"action\":\"reject\",\"rules\":[\"AMT-01\",\"KIT-01\"]"), ""},
        {TEST("a", "", "\"action\":\"reject\""), ""},
        {TEST("a", SMALL, "\"action\":\"reject\",\"rules\":[\"KIT-01\"]"), ""},
        {TEST("a", SMALL "," KAZAKH, "\"action\":\"abstain\",\"rules\":[]"), ""},
        {TEST("a", SMALL "," KAZAKH, "\"action\":\"abstain\""), ""},
        {TEST("a", SMALL "," KAZAKH, "\"action\":\"accept\",\"rules\":[]"), ""},
        {TEST("a", SMALL ",\"debtor\":{\"country\":\"CN\"}", "\"action\":\"accept\",\"rules\":[\"YES-01\"]"), ""},
        {TEST("a", "\"goods\":null", "\"action\":\"hold\",\"rules\":[\"AMT-01\"]"), ""},
        {TEST("a", SMALL ",\"debtor\":{\"country\":\"CN\"}", "\"action\":\"abstain\""), "expected abstain; got accept by YES-01"},
        {TEST("a", SMALL "," KAZAKH, "\"action\":\"reject\",\"rules\":[\"KIT-01\"]"), "expected reject by KIT-01; got accept by no rule"},
        {TEST("a", SMALL "," KAZAKH, "\"action\":\"hold\""), "expected hold; got accept by no rule"},
        {TEST("a", "", "\"action\":\"reject\",\"rules\":[\"KIT-01\"]"), "expected reject by KIT-01; got reject by KIT-01, AMT-01"},
        {TEST("a", SMALL, "\"action\":\"reject\",\"rules\":[\"KIT-01\",\"AMT-01\"]"), "expected reject by KIT-01, AMT-01; got reject by KIT-01"},
        {TEST("a", KAZAKH, "\"action\":\"hold\",\"rules\":[\"KIT-01\"]"), "expected hold by KIT-01; got hold by AMT-01"},
        {TEST("a", KAZAKH, "\"action\":\"abstain\",\"rules\":[]"), "expected abstain by no rule; got hold by AMT-01"},
        {TEST("a", "\"amount\":{\"value\":\"1.001\"}", "\"action\":\"hold\""), "payment/amount/value: "},
        {TEST("a", "\"debtor\":null,\"x\":1", "\"action\":\"hold\""), " (and 1 more)"},
        /* Q1: what a rule failed to say fails the test, also where a hold was expected. */
        {TEST("a", SMALL "," KAZAKH ",\"goods\":[{\"description\":\"x\"}]", "\"action\":\"hold\""), "expected hold; got hold by no rule, and an error: ERR-01: "},
        {TEST("a", KAZAKH ",\"goods\":[{\"description\":\"x\"}]", "\"action\":\"hold\",\"rules\":[\"AMT-01\"]"), "expected hold by AMT-01; got hold by AMT-01, and an error: ERR-01: "},
        /* clang-format on */
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct pack_report report;
        struct error err;

        if (run(pack_of(RULES, cases[i].test), &report, &err) != 0)
            fail_msg("%s", err.text);
        print_message("%s\n", cases[i].test);
        assert_int_equal(report.result_count, 1);
        assert_int_equal(report.failed, cases[i].failure[0] != '\0');
        if (!report.failed)
            assert_null(report.results[0].failure);
        else if (!strstr(report.results[0].failure, cases[i].failure))
            fail_msg("expected %s\n  found %s", cases[i].failure, report.results[0].failure);
    }
}

#define ASKS                                                                                   \
    "{\"id\":\"Q\",\"title\":\"q\",\"when\":\"true\",\"then\":{\"action\":\"request_"          \
    "information\","                                                                           \
    "\"reason\":{\"code\":\"G003\",\"text\":\"x\"},\"asks\":[\"RQSG/RQHS\",\"RQDO/RQCD\"]}}"
#define HOLDS                                                                                  \
    "{\"id\":\"H\",\"title\":\"h\",\"when\":\"true\",\"then\":{\"action\":\"hold\",\"lasts\":" \
    "\"P35D\","                                                                                \
    "\"reason\":{\"code\":\"NARR\",\"text\":\"x\"},\"ends\":{\"action\":\"return\","           \
    "\"reason\":{\"code\":\"RR04\",\"text\":\"x\"}}}}"

static void
what_is_asked_and_what_follows_may_be_expected(void **state)
{
    static const struct {
        const char *rules, *expect, *failure; /* "": it passes */
    } cases[] = {
        /* clang-format off */
        {ASKS, "\"action\":\"request_information\",\"asks\":[\"RQSG/RQHS\",\"RQDO/RQCD\"],\"follows\":{\"action\":\"return\"}", ""},
        {ASKS, "\"action\":\"request_information\",\"asks\":[\"RQDO/RQCD\"]", "expected to ask RQDO/RQCD; got RQSG/RQHS, RQDO/RQCD"},
        {ASKS, "\"action\":\"request_information\",\"follows\":null", "expected nothing to follow; got return"},
        {HOLDS, "\"action\":\"hold\",\"follows\":{\"action\":\"return\"}", ""},
        {HOLDS, "\"action\":\"hold\",\"asks\":[\"AMLI\"]", "expected to ask AMLI; got nothing"},
        {HOLDS, "\"action\":\"hold\",\"follows\":{\"action\":\"reject\"}", "expected reject to follow; got return"},
        {RULE("R", "true", "reject", "RR04"), "\"action\":\"reject\",\"follows\":null", ""},
        {RULE("R", "true", "reject", "RR04"), "\"action\":\"reject\",\"follows\":{\"action\":\"return\"}", "expected return to follow; got nothing"},
        {RULE("R", "false", "reject", "RR04"), "\"action\":\"abstain\",\"follows\":{\"action\":\"accept\"}", ""},
        /* clang-format on */
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *test =
            arena_printf(&arena, "{\"title\":\"a\",\"expect\":{%s}}", cases[i].expect);
        struct pack_report report;
        struct error err;

        if (run(pack_of(cases[i].rules, test), &report, &err) != 0)
            fail_msg("%s", err.text);
        if (report.failed != (cases[i].failure[0] != '\0') ||
            (report.failed && strcmp(report.results[0].failure, cases[i].failure) != 0))
            fail_msg("%zu: expected %s; found %s", i, cases[i].failure,
                     report.failed ? report.results[0].failure : "no failure");
    }
}

static void
codes_of_ends_belong_to_their_messages(void **state)
{
    struct pack_report report;
    struct error err;
    char *rules = arena_printf(&arena, "%s", HOLDS);

    (void)state;
    memcpy(strstr(rules, "RR04"), "G003", 4);
    assert_int_equal(run(pack_of(rules, ""), &report, &err), -1);
    assert_non_null(strstr(err.text, "rules/H/then: expected reasons of the message that the "
                                     "action of \"ends\" sends; found \"G003\""));
}

static void
a_report_names_the_first_failure_and_counts_the_rules(void **state)
{
    static const char tests[] = TEST(
        "fine", "",
        "\"action\":\"reject\"") ",\n"
                                 "  " TEST("not \\\"so\\\"", KAZAKH,
                                           "\"action\":\"accept\"") ",\n" TEST("nor this",
                                                                               SMALL "," KAZAKH,
                                                                               "\"action\":"
                                                                               "\"freeze\"");
    struct pack_report report;
    struct error err;

    (void)state;
    assert_int_equal(run(pack_of(RULES, tests), &report, &err), 0);
    assert_int_equal(report.failed, 2);
    assert_int_equal(report.results[0].action, POLICY_REJECT);
    assert_int_equal(report.results[0].rule_count, 2);
    assert_string_equal(report.results[0].rules[1], "AMT-01");
    assert_int_equal(report.results[2].action, POLICY_ABSTAIN);
    assert_int_equal(report.fired[0], 1);
    assert_int_equal(report.fired[1], 2);
    assert_int_equal(report.fired[2], 0);
    assert_int_equal(pack_report_verdict(&report, &err), -1);
    assert_string_equal(err.text,
                        "p.json:8:3: test \"not \"so\"\": expected accept; got hold by "
                        "AMT-01");
    assert_int_equal(
        run(pack_of(RULES, TEST("fine", "", "\"action\":\"reject\"")), &report, &err), 0);
    assert_int_equal(pack_report_verdict(&report, &err), 0);
}

/* A rule with this condition fires in a test with these members. */
static void
assert_fires(const char *when, const char *members)
{
    const char *test =
        arena_printf(&arena, "{\"title\":\"a\",%s\"expect\":{\"action\":\"hold\"}}", members);
    struct pack_report report;
    struct error err;

    if (run(pack_of(arena_printf(&arena, RULE("R", "%s", "hold", "NARR"), when), test), &report,
            &err) != 0 ||
        pack_report_verdict(&report, &err) != 0)
        fail_msg("%s: %s", when, err.text);
}

static void
a_test_stands_at_its_time_and_bank(void **state)
{
    static const struct {
        const char *when, *members;
    } cases[] = {
        {"now == timestamp('2024-04-15T01:00:00Z')", ""},
        {"now == timestamp('2024-03-31T16:00:00Z')", "\"now\":\"2024-04-01\","},
        {"now == timestamp('2024-02-01T02:00:00Z')",
         "\"payment\":{\"created_at\":\"2024-02-01T10:00:00+08:00\"},"},
        {"now == timestamp('2024-05-01T00:00:00Z')",
         "\"now\":\"2024-05-01T00:00:00Z\",\"payment\":{\"created_at\":\"2024-02-01T10:00:"
         "00Z\"},"},
        {"bank.bic == 'HLDBCNBS' && bank.name == 'Hulan' && bank.class == ''", ""},
        {"bank.bic == 'BEIWCNBJ' && bank.name == 'Hulan' && bank.class == 'state_big'",
         "\"bank\":{\"bic\":\"BEIWCNBJ\",\"class\":\"state_big\"},"},
        {"bank.bic == 'HLDBCNBS' && bank.name == 'X'", "\"bank\":{\"name\":\"X\"},"},
        {"goods[0].tier == '1' && kits[0].kit == 'notebook'", ""},
        /* this payment draws 0.7739... at the first place in rule R, 0.5676... at the second */
        {"chance(0.774) && !chance(0.567)", ""},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_fires(cases[i].when, cases[i].members);
}

#define HIT(list, field, score)                                                                \
    "{\"list\":\"" list "\",\"entry\":\"7\",\"field\":\"" field "\",\"score\":" score "}"

static void
a_test_brings_its_hits(void **state)
{
    static const struct {
        const char *when, *hits;
    } cases[] = {
        {"hits.size() == 0", ""},
        {"hits.size() == 0", "\"hits\":[],"},
        {"hits.exists(h, h.list == 'un' && h.entry == '7' && h.field == 'debtor/name' && "
         "h.query == '' && h.matched == '' && h.score == 0.9)",
         "\"hits\":[" HIT("un", "debtor/name", "0.9") "],"},
        {"hits.exists(h, h.query == 'a' && h.matched == 'b')",
         "\"hits\":[{\"list\":\"un\",\"entry\":\"7\",\"field\":\"creditor/name\",\"query\":"
         "\"a\",\"matched\":\"b\",\"score\":1}],"},
        /* best score first, wherever it is written; equals in the order written */
        {"hits.map(h, h.list) == ['c', 'a', 'b']",
         "\"hits\":[" HIT("a", "debtor/name", "0.9") "," HIT(
             "b", "creditor/name", "0.9") "," HIT("c", "debtor_agent/bic", "1") "],"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_fires(cases[i].when, cases[i].hits);
}

/* One test's hits are no other's. */
static void
hits_are_of_their_test_alone(void **state)
{
    static const char found[] = "{\"title\":\"a\",\"hits\":[" HIT(
        "un", "debtor/name", "1") "],"
                                  "\"expect\":{\"action\":\"hold\",\"rules\":[\"R\"]}}";
    static const char tests[] = TEST("none", "", "\"action\":\"abstain\",\"rules\":[]");
    struct pack_report report;
    struct error err;

    (void)state;
    if (run(pack_of(RULE("R", "hits.size() == 1", "hold", "NARR"),
                    arena_printf(&arena, "%s,%s,%s,%s", found, tests, found, tests)),
            &report, &err) != 0 ||
        pack_report_verdict(&report, &err) != 0)
        fail_msg("%s", err.text);
    assert_int_equal(report.fired[0], 2);
}

/* Half of the seeds let a coin fall this way; the same ones in every run. */
static void
the_seed_of_a_test_decides_its_chance(void **state)
{
    size_t fired = 0;

    (void)state;
    for (int seed = 0; seed < 40; seed++) {
        const char *test = arena_printf(
            &arena, "{\"title\":\"a\",\"seed\":%d,\"expect\":{\"action\":\"hold\"}}", seed);
        struct pack_report report;
        struct error err;

        assert_int_equal(
            run(pack_of(RULE("R", "chance(0.5)", "hold", "NARR"), test), &report, &err), 0);
        assert_int_equal(report.fired[0], 1 - report.failed);
        fired += report.fired[0];
    }
    assert_in_range(fired, 10, 30);
}

static void
a_code_that_the_message_does_not_carry_is_refused(void **state)
{
    static const struct {
        const char *rule, *says; /* "": it is carried */
    } cases[] = {
        {RULE("A", "true", "reject", "RR04"), ""},
        {RULE("A", "true", "return", "RR04"), ""},
        {RULE("A", "true", "request_information", "G003"), ""},
        {RULE("A", "true", "return", "FRTR"), ""}, /* pacs.004 alone */
        {RULE("A", "true", "reject", "FRTR"), "p.json:2:"},
        {RULE("A", "true", "return", "SL18"),
         "expected a reason of the message that return sends; found \"SL18\""},
        {RULE("A", "true", "reject", "LEGL"),
         "rules/A/then/reason/code: expected a reason of the "
         "message that reject sends; found \"LEGL\""},
        {"{\"id\":\"A\",\"title\":\"t\",\"when\":\"true\",\"then\":{\"action\":\"hold\","
         "\"reason\":{\"code\":\"NARR\",\"text\":\"x\"},\"disclosed\":{\"code\":\"LEGL\"}}}",
         "rules/A/then/disclosed/code: expected a reason of the message that hold sends"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct pack_report report;
        struct error err;
        int rc = run(pack_of(cases[i].rule, ""), &report, &err);

        assert_int_equal(rc, cases[i].says[0] != '\0' ? -1 : 0);
        if (rc != 0 && !strstr(err.text, cases[i].says))
            fail_msg("%s\n  does not say: %s", err.text, cases[i].says);
    }
}

/* The packs that are shipped: all of them, by their files. */
static void
a_file_is_tested_by_its_path(void **state)
{
    const struct snapshot_sources sources = fixture_sources();
    struct pack_report report;
    struct error err = {0};

    (void)state;
    if (pack_test_file(&sources, "policy/packs/kit-blockade.json", &arena, &report, &err) !=
            0 ||
        pack_report_verdict(&report, &err) != 0)
        fail_msg("%s", err.text);
    assert_true(report.result_count > 5);
    assert_int_equal(pack_test_file(&sources, "policy/packs/none.json", &arena, &report, &err),
                     -1);
    assert_string_equal(err.text, "policy/packs/none.json: No such file or directory");
    assert_int_equal(
        pack_test_file(&sources, "policy/goods/groups.json", &arena, &report, &err), -1);
    assert_int_equal(strncmp(err.text, "policy/goods/groups.json:", 25), 0);
}

static int
set_up(void **state)
{
    struct error err = {0};

    (void)state;
    return goods_load("policy/goods", &arena, &goods, &err);
}

static int
tear_down(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_test_is_met_or_says_what_came_out),
        cmocka_unit_test(what_is_asked_and_what_follows_may_be_expected),
        cmocka_unit_test(codes_of_ends_belong_to_their_messages),
        cmocka_unit_test(a_report_names_the_first_failure_and_counts_the_rules),
        cmocka_unit_test(a_test_stands_at_its_time_and_bank),
        cmocka_unit_test(a_test_brings_its_hits),
        cmocka_unit_test(hits_are_of_their_test_alone),
        cmocka_unit_test(the_seed_of_a_test_decides_its_chance),
        cmocka_unit_test(a_code_that_the_message_does_not_carry_is_refused),
        cmocka_unit_test(a_file_is_tested_by_its_path),
    };

    return cmocka_run_group_tests_name("pack_test", tests, set_up, tear_down);
}
