/*
 * The shipped packs, held to what their README promises: sources, tests, near
 * misses, codes that their messages may carry.  The goods filter is held to the
 * public list (skipped where ../shared/data is not there).
 */
#include <ctype.h>
#include <dirent.h>
#include <unistd.h>

#include "gateway/payment/codes.h"
#include "policy/pack_test.h"
#include "tests/policy/fixture.h"
#include "tests/support/csv.h"
#include "tests/support/test.h"

#define FOLDER          "policy/packs/"
#define TESTS_MIN       6
#define NEAR_MISSES_MIN 2
#define NEAR_MISS       "near miss: "
#define LISTED_PAYER    "SL18" /* nobody is warned that he is on a list */
#define HIGH_PRIORITY   50     /* codes of the list of 23 February 2024 */

#define BOOK                                                                                   \
    "{\"book\":\"filter\",\"default_action\":\"accept\",\"banks\":[{\"bic\":\"HLDBCNBS\","     \
    "\"name\":\"Hulan\",\"class\":\"joint_stock\"}],\"regimes\":[{\"from\":\"2024-01-01\","    \
    "\"policies\":{\"*\":[{\"plugin\":\"rules\",\"pack\":\"goods-filter\"}]}}]}"

static const char *const names[] = {
    /* clang-format off */
    "baseline", "branch-hold", "cny-return", "drone-engines", "full-stop", "goods-filter",
    "kit-blockade", "listed-party", "machine-tools", "microelectronics",
    "missile-technology", "nearly-all-banks", "nitrocellulose", "papers-match-payer",
    "payer-bank-sanctioned", "questionnaire", "route-refusal", "russian-name",
    "third-country-destination", "usd-refusal", "wider-list", "yuan-share",
    "presented-again", "structuring", "dormant",
    /* clang-format on */
};

/* The pack's file read, its tests run.  On the arena. */
static void
report_on(const char *name, struct arena *arena, struct pack_report *report)
{
    struct snapshot_sources sources = fixture_sources();
    struct error err = {0};

    print_message("%s\n", name);
    if (pack_test_file(&sources, arena_printf(arena, FOLDER "%s.json", name), arena, report,
                       &err) != 0)
        fail_msg("%s", err.text);
}

static void
no_pack_is_forgotten(void **state)
{
    DIR *folder = opendir(FOLDER);
    const struct dirent *entry;
    size_t found = 0;

    (void)state;
    assert_non_null(folder);
    while ((entry = readdir(folder)) != NULL)
        found += strstr(entry->d_name, ".json") != NULL;
    assert_int_equal(closedir(folder), 0);
    assert_int_equal(found, COUNT(names));
}

/* "1.0.0": three numbers without leading zeros. */
static bool
is_version(const char *text)
{
    static const char after[] = {'.', '.', '\0'};

    for (size_t part = 0; part < COUNT(after); part++) {
        size_t digits = strspn(text, "0123456789");

        if (digits == 0 || (digits > 1 && text[0] == '0') || text[digits] != after[part])
            return false;
        text += digits + 1;
    }
    return true;
}

static void
every_pack_says_what_it_is_and_whence(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(names); i++) {
        struct arena arena = {0};
        struct pack_report report;
        size_t addresses = 0;

        report_on(names[i], &arena, &report);
        assert_string_equal(report.pack->name, names[i]);
        assert_true(is_version(report.pack->version));
        assert_true(report.pack->title[0] != '\0');
        for (size_t k = 0; k < report.pack->source_count; k++)
            addresses += strstr(report.pack->sources[k], "://") != NULL;
        assert_true(addresses > 0);
        arena_release(&arena);
    }
    assert_false(is_version("1.0"));
    assert_false(is_version("1.0.00"));
    assert_false(is_version("1.0.0-rc1"));
}

/* A number that is neither 0, nor in quotes, nor part of a name. */
static const char *
bare_number(const char *when)
{
    bool quoted = false;

    for (const char *at = when; *at; at++) {
        bool starts = at == when || !(isalnum((unsigned char)at[-1]) || strchr("_.", at[-1]));

        if (*at == '\'')
            quoted = !quoted;
        if (!quoted && starts && *at >= '1' && *at <= '9')
            return at;
    }
    return NULL;
}

/* What banks did in July 2024 was exactly this: a name or its letters were enough, whoever
 * bore it.  No other pack may judge so. */
static bool
judges_names(const char *pack)
{
    return strcmp(pack, "russian-name") == 0;
}

/* Funds are frozen only where a listed person has an interest in them. */
static bool
may_freeze(const char *pack)
{
    return strcmp(pack, "listed-party") == 0;
}

static bool
code_suits(enum policy_action action, const char *code)
{
    return action == POLICY_RETURN ? code_is_return_reason(code) : code_is_status_reason(code);
}

static void
every_rule_is_sound_and_but_for_one_pack_looks_at_no_name(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(names); i++) {
        struct arena arena = {0};
        struct pack_report report;

        report_on(names[i], &arena, &report);
        for (size_t k = 0; k < report.pack->rule_count; k++) {
            const struct pack_rule *rule = &report.pack->rules[k];

            print_message("  %s\n", rule->id);
            assert_true(code_suits(rule->action, rule->reason.code));
            assert_true(code_suits(rule->action, rule->disclosed.code));
            assert_true(rule->reason.text[0] != '\0');
            assert_true(rule->disclosed.text[0] != '\0');
            assert_string_not_equal(rule->disclosed.code, LISTED_PAYER);
            assert_true(rule->action != POLICY_FREEZE || may_freeze(names[i]));
            if (!judges_names(names[i])) {
                assert_null(strstr(rule->when, ".name"));
                assert_null(strstr(rule->when, ".end_user"));
            }
            assert_null(bare_number(rule->when)); /* numbers are parameters */
        }
        arena_release(&arena);
    }
    assert_non_null(bare_number("x.minor > 5000"));
    assert_null(bare_number("x.startsWith('9014') && n_1 > 0"));
}

static void
every_test_passes_and_every_rule_fires_in_one(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(names); i++) {
        struct arena arena = {0};
        struct pack_report report;
        struct error err = {0};

        report_on(names[i], &arena, &report);
        if (pack_report_verdict(&report, &err) != 0)
            fail_msg("%s", err.text);
        for (size_t k = 0; k < report.pack->rule_count; k++)
            if (report.fired[k] == 0)
                fail_msg("%s fires in no test", report.pack->rules[k].id);
        arena_release(&arena);
    }
}

static void
every_pack_has_near_misses_that_pass(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(names); i++) {
        struct arena arena = {0};
        struct pack_report report;
        size_t near_misses = 0;

        report_on(names[i], &arena, &report);
        assert_true(report.pack->test_count >= TESTS_MIN);
        for (size_t k = 0; k < report.result_count; k++) {
            const struct pack_result *result = &report.results[k];
            bool near = strncmp(result->test->title, NEAR_MISS, strlen(NEAR_MISS)) == 0;

            assert_true(result->test->rules_given);
            assert_true(near == (result->action == POLICY_ABSTAIN && result->rule_count == 0));
            near_misses += near;
        }
        assert_true(near_misses >= NEAR_MISSES_MIN);
        arena_release(&arena);
    }
}

/* What the README says of the goods filter, tier by tier. */
static enum policy_action
action_of_tier(const char *tier)
{
    return tier[0] <= '2'   ? POLICY_REJECT
           : tier[0] == '3' ? POLICY_HOLD
                            : POLICY_REQUEST_INFORMATION;
}

struct filter {
    struct snapshot *snapshot; /* a book of the goods filter alone */
    size_t count;
};

static void
judge_code(void *context, const char *const *cells)
{
    struct filter *filter = context;
    static struct fixture fixture;
    struct arena arena = {0};
    struct decision decision;
    int64_t when = fixture_time("2024-03-01");

    print_message("%s tier %s\n", cells[0], cells[1]);
    fixture_init(&fixture);
    fixture_goods(&fixture, cells[0]);
    snapshot_judge(filter->snapshot, &fixture.payment, when, 1, NULL, &arena, &decision);
    assert_int_equal(decision.action, action_of_tier(cells[1]));
    fixture.debtor.country = "KZ";
    fixture.payment.destination_country = "KZ";
    snapshot_judge(filter->snapshot, &fixture.payment, when, 1, NULL, &arena, &decision);
    assert_int_equal(decision.action, POLICY_ACCEPT);
    arena_release(&arena);
    filter->count++;
}

static void
the_goods_filter_is_the_high_priority_list(void **state)
{
    static const char *const columns[] = {"hs6", "tier"};
    struct snapshot_sources sources = fixture_sources();
    char book[] = "/tmp/yuangate-filter-XXXXXX";
    struct filter filter = {0};
    struct error err = {0};
    int fd = mkstemp(book);
    bool there;

    (void)state;
    assert_true(fd >= 0);
    assert_int_equal(dprintf(fd, "%s", BOOK), (int)strlen(BOOK));
    assert_int_equal(close(fd), 0);
    sources.book = book;
    if (snapshot_load(&sources, &filter.snapshot, &err) != 0)
        fail_msg("%s", err.text);
    there =
        csv_each("../shared/data/goods/chpl.csv", columns, COUNT(columns), judge_code, &filter);
    snapshot_free(filter.snapshot);
    assert_int_equal(unlink(book), 0);
    if (!there)
        skip();
    assert_int_equal(filter.count, HIGH_PRIORITY);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_pack_is_forgotten),
        cmocka_unit_test(every_pack_says_what_it_is_and_whence),
        cmocka_unit_test(every_rule_is_sound_and_but_for_one_pack_looks_at_no_name),
        cmocka_unit_test(every_test_passes_and_every_rule_fires_in_one),
        cmocka_unit_test(every_pack_has_near_misses_that_pass),
        cmocka_unit_test(the_goods_filter_is_the_high_priority_list),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
