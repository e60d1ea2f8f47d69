/*
 * The shipped book, judged by as the gateway does: what each bank class says
 * to which payment on which day, as a table.
 */
#include <pthread.h>

#include "tests/policy/fixture.h"
#include "tests/support/test.h"

static struct snapshot *snapshot;

static int
load(void **state)
{
    struct snapshot_sources sources = fixture_sources();
    struct error err = {0};

    (void)state;
    if (snapshot_load(&sources, &snapshot, &err) == 0)
        return 0;
    print_error("%s\n", err.text);
    return -1;
}

static int
unload(void **state)
{
    (void)state;
    snapshot_free(snapshot);
    return 0;
}

/* "CNY-01 KIT-01": the rules that fired, in order. */
static const char *
rules_text(const struct decision *decision, char text[200])
{
    text[0] = '\0';
    for (const struct fired_rule *rule = decision->rules; rule; rule = rule->next)
        snprintf(text + strlen(text), 200 - strlen(text), "%s%s", text[0] ? " " : "", rule->id);
    return text;
}

struct judged_case {
    const char *bank, *when, *currency, *payer, *agent;
    bool kit;
    int64_t amount_minor;
    enum policy_action action;
    const char *rules, *code;
};

static void
judge_case(const struct judged_case *the, struct arena *arena, struct decision *decision)
{
    static struct fixture fixture;

    fixture_init(&fixture);
    if (the->kit)
        fixture_sample(&fixture);
    else
        fixture_goods(&fixture, "611120 babies' garments");
    fixture.creditor_agent.bic = the->bank;
    fixture.payment.currency = the->currency;
    fixture.payment.amount_minor = the->amount_minor;
    fixture.debtor.country = the->payer;
    fixture.debtor_agent =
        fixture_agent(strcmp(the->agent, "RU") == 0 ? "SVRBRUMM" : "AAAADEFF", the->agent);
    snapshot_judge(snapshot, &fixture.payment, fixture_time(the->when), 1, NULL, arena,
                   decision);
}

static void
each_bank_class_answers_as_in_2024(void **state)
{
    static const struct judged_case cases[] = {
        /* clang-format off */
        /* before the first regime nothing is approved */
        {"HLDBCNBS", "2023-11-30T23:59:59", "CNY", "RU", "RU", 0, 100, POLICY_HOLD, "", "NARR"},
        /* the baseline: an amount above the limit waits */
        {"HLDBCNBS", "2023-12-01", "CNY", "RU", "RU", 1, 500000000, POLICY_ACCEPT, "", ""},
        {"HLDBCNBS", "2023-12-01", "CNY", "RU", "RU", 1, 500000001, POLICY_HOLD, "AMT-01", "NARR"},
        {"BEIWCNBJ", "2024-04-17", "USD", "DE", "DE", 0,  70000001, POLICY_HOLD, "AMT-01", "NARR"},
        {"BEIWCNBJ", "2024-04-17", "SEK", "DE", "DE", 0, 900000000, POLICY_ACCEPT, "", ""},
        /* 20 March 2024: yuan are returned, dollars are not, the big banks wait */
        {"HLDBCNBS", "2024-03-19T23:59:59", "CNY", "RU", "RU", 0, 100, POLICY_ACCEPT, "", ""},
        {"HLDBCNBS", "2024-03-20T00:00:00", "CNY", "RU", "RU", 0, 100, POLICY_RETURN, "CNY-01", "RR04"},
        {"LJCBCNSZ", "2024-03-21", "CNY", "RU", "RU", 0, 100, POLICY_RETURN, "CNY-01", "RR04"},
        {"SHRCCNSH", "2024-03-21", "CNY", "RU", "RU", 0, 100, POLICY_RETURN, "CNY-01", "RR04"},
        {"MERICNSH", "2024-03-21", "CNY", "RU", "RU", 0, 100, POLICY_RETURN, "CNY-01", "RR04"},
        {"BJHRCNBH", "2024-03-21", "CNY", "RU", "RU", 0, 100, POLICY_ACCEPT, "", ""},
        {"BEIWCNBJ", "2024-03-21", "CNY", "RU", "RU", 0, 100, POLICY_ACCEPT, "", ""},
        {"HLDBCNBS", "2024-03-21", "USD", "RU", "RU", 0, 100, POLICY_ACCEPT, "", ""},
        {"HLDBCNBS", "2024-03-21", "CNY", "DE", "DE", 0, 100, POLICY_ACCEPT, "", ""},
        {"HLDBCNBS", "2024-03-21", "CNY", "KZ", "RU", 0, 100, POLICY_RETURN, "CNY-01", "RR04"},
        {"HLDBCNBS", "2024-03-21", "CNY", "RU", "RU", 0, 600000000, POLICY_RETURN, "CNY-01 AMT-01", "RR04"},
        {"HLDBCNBS", "2024-03-21", "USD", "RU", "RU", 1, 100, POLICY_ACCEPT, "", ""},
        /* April 2024: kits are refused before settlement */
        {"HLDBCNBS", "2024-04-01", "USD", "RU", "RU", 1, 100, POLICY_REJECT, "KIT-01", "RR04"},
        {"HLDBCNBS", "2024-04-17", "CNY", "RU", "RU", 1, 100, POLICY_REJECT, "CNY-01 KIT-01", "RR04"},
        {"BEIWCNBJ", "2024-04-17", "CNY", "RU", "RU", 1, 100, POLICY_REJECT, "KIT-01", "RR04"},
        {"BEIWCNBJ", "2024-04-17", "CNY", "RU", "RU", 0, 100, POLICY_ACCEPT, "", ""},
        {"LJCBCNSZ", "2024-04-17", "USD", "RU", "RU", 1, 100, POLICY_REJECT, "KIT-01 HPL-01", "RR04"},
        {"SHRCCNSH", "2024-04-17", "USD", "RU", "RU", 1, 100, POLICY_REJECT, "KIT-01", "RR04"},
        {"MERICNSH", "2024-04-17", "USD", "RU", "RU", 1, 100, POLICY_REJECT, "KIT-01", "RR04"},
        {"BJHRCNBH", "2024-04-17", "CNY", "RU", "RU", 1, 100, POLICY_ACCEPT, "", ""},
        {"HLDBCNBS", "2024-04-17", "USD", "DE", "DE", 1, 100, POLICY_ACCEPT, "", ""},
        /* a branch's BIC finds its bank, an unknown one is refused */
        {"HLDBCNBSXXX", "2024-04-17", "USD", "RU", "RU", 1, 100, POLICY_REJECT, "KIT-01", "RR04"},
        {"NOSUCNBJ", "2024-04-17", "USD", "DE", "DE", 0, 100, POLICY_REJECT, "", "RC04"},
        {"", "2024-04-17", "USD", "DE", "DE", 0, 100, POLICY_REJECT, "", "RC04"},
        /* clang-format on */
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct arena arena = {0};
        struct decision decision;
        char text[200];

        judge_case(&cases[i], &arena, &decision);
        print_message("case %zu: %s %s\n", i, cases[i].bank, cases[i].when);
        assert_int_equal(decision.action, cases[i].action);
        assert_string_equal(rules_text(&decision, text), cases[i].rules);
        assert_string_equal(decision.reason.code, cases[i].code);
        assert_int_equal(decision.error_count, 0);
        assert_string_equal(decision.snapshot, snapshot_digest(snapshot));
        arena_release(&arena);
    }
}

static void
goods_are_refused_where_a_source_says_so(void **state)
{
    static const struct {
        const char *bank, *when, *payer, *goods;
        enum policy_action action;
        const char *rules;
    } cases[] = {
        /* clang-format off */
        /* city banks, December 2023: the high-priority list */
        {"LJCBCNSZ", "2023-12-01", "RU", "854231 processors", POLICY_REJECT, "HPL-01"},
        {"LJCBCNSZ", "2023-12-01", "RU", "848210 ball bearings", POLICY_HOLD, "HPL-02"},
        {"LJCBCNSZ", "2023-12-01", "RU", "845811 CNC lathe", POLICY_REQUEST_INFORMATION, "HPL-03"},
        {"LJCBCNSZ", "2023-12-01", "RU", "950300 toys", POLICY_ACCEPT, ""},
        {"LJCBCNSZ", "2023-12-01", "DE", "854231 processors", POLICY_ACCEPT, ""},
        {"TXCBCNBN", "2024-03-20", "RU", "854231 processors", POLICY_REJECT, "HPL-01"},
        {"TXCBCNBN", "2024-04-17", "RU", "854231 processors", POLICY_REJECT, "HPL-01"},
        {"HLDBCNBS", "2024-04-17", "RU", "854231 processors", POLICY_ACCEPT, ""},
        {"BEIWCNBJ", "2024-04-17", "RU", "854231 processors", POLICY_ACCEPT, ""},
        /* big state banks, April 2024: machine tools */
        {"BEIWCNBJ", "2024-03-31T23:59:59", "RU", "845811 CNC lathe", POLICY_ACCEPT, ""},
        {"BEIWCNBJ", "2024-04-01", "RU", "845811 CNC lathe", POLICY_REJECT, "MTL-01"},
        {"QSASCNBJ", "2024-04-17", "RU", "846012 CNC surface grinder", POLICY_HOLD, "MTL-02"},
        {"BEIWCNBJ", "2024-04-17", "RU", "843359 harvesting machines", POLICY_ACCEPT, ""},
        {"BEIWCNBJ", "2024-04-17", "DE", "845811 CNC lathe", POLICY_ACCEPT, ""},
        {"HLDBCNBS", "2024-04-17", "RU", "845811 CNC lathe", POLICY_ACCEPT, ""},
        /* clang-format on */
    };
    static struct fixture fixture;

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct arena arena = {0};
        struct decision decision;
        char text[200];

        print_message("case %zu: %s %s\n", i, cases[i].bank, cases[i].goods);
        fixture_init(&fixture);
        fixture_goods(&fixture, cases[i].goods);
        fixture.creditor_agent.bic = cases[i].bank;
        fixture.payment.currency = "EUR";
        fixture.payment.amount_minor = 100;
        fixture.debtor.country = cases[i].payer;
        snapshot_judge(snapshot, &fixture.payment, fixture_time(cases[i].when), 1, NULL, &arena,
                       &decision);
        assert_int_equal(decision.action, cases[i].action);
        assert_string_equal(rules_text(&decision, text), cases[i].rules);
        arena_release(&arena);
    }
}

/* "goods/0 854231 processor (tier 1)", as DESIGN writes it. */
static const char *
evidence_text(const struct evidence *evidence, char text[200])
{
    snprintf(text, 200, "%s %s%s%s%s%s%s", evidence->pointer, evidence->value,
             evidence->role[0] ? " " : "", evidence->role, evidence->tier[0] ? " (tier " : "",
             evidence->tier, evidence->tier[0] ? ")" : "");
    return text;
}

static void
the_sample_is_answered_as_the_design_writes_it(void **state)
{
    static const char *const because[] = {"debtor/country RU",
                                          "goods/0 854231 processor (tier 1)",
                                          "goods/1 847330 casing", "goods/2 852491 screen"};
    static struct fixture fixture;
    struct arena arena = {0};
    struct decision decision;
    const struct evidence *evidence;
    char text[200];

    (void)state;
    fixture_sample(&fixture);
    fixture.creditor_agent.bic = "BEIWCNBJ";
    snapshot_judge(snapshot, &fixture.payment, fixture_time("2024-04-17T09:30:00"), 1, NULL,
                   &arena, &decision);
    assert_int_equal(decision.action, POLICY_REJECT);
    assert_true(decision.score == 0.93);
    assert_string_equal(decision.policy, "kit-blockade@1.0.0");
    assert_string_equal(decision.regime_from, "2024-04-01");
    assert_string_equal(decision.bank->bank_class, "state_big");
    assert_string_equal(decision.reason.text, "assembly kit for a Russian buyer");
    assert_string_equal(decision.disclosed.code, "RR04");
    assert_string_equal(decision.disclosed.text, "DUE TO OUR INTERNAL POLICY");
    evidence = decision.rules->because;
    for (size_t i = 0; i < COUNT(because); i++, evidence = evidence->next)
        assert_string_equal(evidence_text(evidence, text), because[i]);
    assert_null(evidence);
    assert_int_equal(decision.kit_count, 1);
    assert_string_equal(decision.kits[0]->kit, "notebook");
    assert_true(decision.kits[0]->coverage == 0.75);
    assert_string_equal(decision.kits[0]->parts[2], "screen");
    assert_string_equal(decision.kits[0]->missing[0], "battery");
    arena_release(&arena);
}

#define THREADS 4
#define ROUNDS  500

/* One thread's judgements of the sample: all must be the same. */
static void *
judge_often(void *result)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    struct arena arena = {0};
    size_t *right = result;

    fixture_sample(fixture);
    for (size_t i = 0; i < ROUNDS; i++) {
        struct decision decision;
        char text[200];

        snapshot_judge(snapshot, &fixture->payment, fixture_time("2024-04-17"), 1, NULL, &arena,
                       &decision);
        *right += decision.action == POLICY_REJECT && decision.score == 0.93 &&
                  strcmp(rules_text(&decision, text), "CNY-01 KIT-01") == 0 &&
                  decision.kit_count == 1;
        arena_reset(&arena);
    }
    arena_release(&arena);
    free(fixture);
    return NULL;
}

static void
any_number_of_threads_may_judge_at_once(void **state)
{
    pthread_t threads[THREADS];
    size_t right[THREADS] = {0};

    (void)state;
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, judge_often, &right[i]), 0);
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(right[i], ROUNDS);
}

#define BICS_SIZE 1000

static void
list_bank(void *context, const struct policy_bank *bank)
{
    char *text = context;

    snprintf(text + strlen(text), BICS_SIZE - strlen(text), "%s ", bank->bic);
}

static void
banks_are_listed_and_found(void **state)
{
    char text[BICS_SIZE] = "";

    (void)state;
    snapshot_each_bank(snapshot, list_bank, text);
    assert_int_equal(strncmp(text, "BEIWCNBJ ZHYGCNBJ TNGZCNBJ ", 27), 0);
    assert_string_equal(snapshot_bank(snapshot, "HLDBCNBSXXX")->bank_class, "joint_stock");
    assert_null(snapshot_bank(snapshot, "NOSUCNBJ"));
    assert_string_equal(snapshot_book_name(snapshot), "china-2024");
}

/* What comes after the decision, by the book's terms and its calendar. */
static void
later_moves_go_by_the_book(void **state)
{
    static const char uetr[] = "97ed4827-7b6f-4491-a06f-b548d5a7512d";
    int64_t now = fixture_time("2024-04-15T09:00:00"), days;
    struct course first, again;

    (void)state;
    snapshot_settle(snapshot, uetr, 1, now, &first);
    snapshot_settle(snapshot, uetr, 1, now + 1000, &again);
    days = (first.at_ms - now) / 86400000;
    assert_int_equal(first.action, POLICY_ACCEPT);
    assert_true((days >= 3 && days <= 21) || (days >= 60 && days <= 90));
    assert_true(again.at_ms == first.at_ms + 1000); /* the same luck */
    snapshot_hold(snapshot, uetr, 1, now, &first);
    days = (first.at_ms - now) / 86400000;
    assert_int_equal(first.action, POLICY_RETURN);
    assert_string_equal(first.reason.code, "RR04");
    assert_string_equal(first.disclosed.code, "MS03");
    assert_true((days >= 30 && days <= 40) || (days >= 90 && days <= 120));
    assert_int_equal(snapshot_charges(snapshot, "CNY", 125000000), 20000);
    assert_int_equal(snapshot_charges(snapshot, "CNY", 20000), 19999);
    assert_int_equal(snapshot_charges(snapshot, "RUB", 5000000), 5000);
    assert_true(snapshot_add_bank_days(snapshot, fixture_time("2024-02-09T17:00:00"), 1) ==
                fixture_time("2024-02-18T17:00:00"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_bank_class_answers_as_in_2024),
        cmocka_unit_test(goods_are_refused_where_a_source_says_so),
        cmocka_unit_test(the_sample_is_answered_as_the_design_writes_it),
        cmocka_unit_test(any_number_of_threads_may_judge_at_once),
        cmocka_unit_test(banks_are_listed_and_found),
        cmocka_unit_test(later_moves_go_by_the_book),
    };

    return cmocka_run_group_tests_name("snapshot", tests, load, unload);
}
