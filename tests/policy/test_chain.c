/*
 * The chain: strictness exhaustively, and policies that misbehave in every way
 * the ABI lets them.  None of them may open the gate (R4, C3).
 */
#include <math.h>

#include "policy/chain.h"
#include "tests/policy/fixture.h"
#include "tests/support/test.h"

#define FAILS 0 /* an answer that is no action */

/* cmocka has a macro fail(), hence the brackets in (verdict->fail)(…). */

/* A policy that does as it is told. */
struct script {
    int answer;
    void (*act)(struct policy_verdict *verdict);
};

static int
script_open(const struct policy_host *host, const char *options, void **self, char *error,
            size_t error_size)
{
    (void)host, (void)options, (void)self, (void)error, (void)error_size;
    return 0;
}

static int
script_check(void *self, const struct policy_payment *payment, struct policy_facts *facts,
             struct policy_verdict *verdict)
{
    const struct script *script = self;
    struct policy_rule rule = {
        .size = sizeof(rule),
        .action = script->answer,
        .id = "S-01",
        .title = "scripted",
        .reason = {"RR04", "as scripted"},
        .disclosed = {"MS03", ""},
        .score = 0.5,
    };

    (void)payment, (void)facts;
    if (script->act)
        script->act(verdict);
    else if (script->answer > POLICY_ABSTAIN)
        verdict->fire(verdict, &rule);
    return script->answer;
}

static void
script_close(void *self)
{
    (void)self;
}

static const struct policy_plugin script_plugin = {
    .abi = POLICY_ABI,
    .size = sizeof(script_plugin),
    .name = "script",
    .version = "1",
    .open = script_open,
    .check = script_check,
    .close = script_close,
};

/* Judge a payment without goods by scripts; labels are "p0", "p1", … */
static void
judge(struct script *scripts, size_t count, enum policy_action default_action,
      struct arena *arena, struct decision *decision)
{
    static const struct policy_bank bank = {sizeof(bank), "HLDBCNBS", "Hulan", "joint_stock"};
    static const char *const labels[] = {"p0", "p1", "p2"};
    static struct fixture fixture;
    struct policy policies[3];
    const struct policy *list[3];
    struct chain chain = {list, count, default_action};
    struct facts facts;

    fixture_init(&fixture);
    for (size_t i = 0; i < count; i++) {
        policies[i] = (struct policy){&script_plugin, &scripts[i], labels[i]};
        list[i] = &policies[i];
    }
    *decision = (struct decision){0};
    facts_init(&facts, &fixture.payment, &bank, 0, 0, NULL, arena);
    chain_judge(&chain, &facts, decision);
}

/* How strict each action is, from DESIGN's list; a failure is a hold. */
static int
strictness(int answer)
{
    static const char order[] = "abstain accept request hold return reject freeze";
    static const char *const words[] = {"hold", "abstain", "accept", "request",
                                        "hold", "return",  "reject", "freeze"};

    return (int)(strstr(order, words[answer]) - order);
}

static void
the_strictest_answer_wins_whatever_the_order(void **state) /* C2 */
{
    (void)state;
    for (int n = 0; n < 8 * 8 * 8; n++) {
        int answers[3] = {n % 8, n / 8 % 8, n / 64};
        struct script scripts[3] = {{answers[0], NULL}, {answers[1], NULL}, {answers[2], NULL}};
        struct arena arena = {0};
        struct decision decision;
        size_t best = 0, fired = 0, failed = 0;

        for (size_t i = 0; i < 3; i++) {
            best = strictness(answers[i]) > strictness(answers[best]) ? i : best;
            fired += answers[i] > POLICY_ABSTAIN;
            failed += answers[i] == FAILS;
        }
        judge(scripts, 3, POLICY_ACCEPT, &arena, &decision);
        if (strictness(answers[best]) == strictness(POLICY_ABSTAIN)) {
            assert_int_equal(decision.action, POLICY_ACCEPT);
            assert_string_equal(decision.policy, "");
        } else {
            assert_int_equal(strictness((int)decision.action), strictness(answers[best]));
            assert_int_equal(decision.policy[1] - '0', best);
        }
        assert_int_equal(decision.error_count, failed);
        for (const struct fired_rule *rule = decision.rules; rule; rule = rule->next)
            fired--; /* C1: every reason is on record */
        assert_int_equal(fired, 0);
        assert_true(failed == 0 || decision.action >= POLICY_HOLD); /* D3 */
        assert_true(decision.action == POLICY_ACCEPT || decision.reason.code[0] != '\0');
        arena_release(&arena);
    }
}

static void
without_an_opinion_the_default_stands(void **state)
{
    static const struct {
        enum policy_action action;
        const char *code, *disclosed;
    } cases[] = {{POLICY_ACCEPT, "", ""},
                 {POLICY_REQUEST_INFORMATION, "NARR", "DOCUMENTS REQUESTED"},
                 {POLICY_HOLD, "NARR", "UNDER REVIEW"},
                 {POLICY_RETURN, "NARR", "DUE TO OUR INTERNAL POLICY"},
                 {POLICY_REJECT, "NARR", "DUE TO OUR INTERNAL POLICY"}};

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        for (size_t policies = 0; policies < 3; policies++) {
            struct script scripts[2] = {{POLICY_ABSTAIN, NULL}, {POLICY_ABSTAIN, NULL}};
            struct arena arena = {0};
            struct decision decision;

            judge(scripts, policies, cases[i].action, &arena, &decision);
            assert_int_equal(decision.action, cases[i].action);
            assert_string_equal(decision.reason.code, cases[i].code);
            assert_string_equal(decision.disclosed.text, cases[i].disclosed);
            assert_null(decision.rules);
            arena_release(&arena);
        }
}

static void
fire_nothing(struct policy_verdict *verdict)
{
    (void)verdict;
}

static void
fire_null(struct policy_verdict *verdict)
{
    verdict->fire(verdict, NULL);
}

static void
fire_a_short_rule(struct policy_verdict *verdict)
{
    const struct policy_rule rule = {.size = offsetof(struct policy_rule, score),
                                     .action = POLICY_ACCEPT};

    verdict->fire(verdict, &rule);
}

static void
fire_an_unknown_action(struct policy_verdict *verdict)
{
    const struct policy_rule rule = {.size = sizeof(rule), .action = 8};

    verdict->fire(verdict, &rule);
}

static void
fire_a_rejection(struct policy_verdict *verdict)
{
    const struct policy_rule rule = {
        .size = sizeof(rule), .action = POLICY_REJECT, .id = "R", .reason = {"RR04", "no"}};

    verdict->fire(verdict, &rule);
}

static void
fire_a_request(struct policy_verdict *verdict)
{
    const struct policy_rule rule = {.size = sizeof(rule),
                                     .action = POLICY_REQUEST_INFORMATION,
                                     .id = "Q",
                                     .reason = {"NARR", "what is it for"}};

    verdict->fire(verdict, &rule);
}

/* A hold of minus a day is none. */
static void
fire_terms_out_of_bounds(struct policy_verdict *verdict)
{
    const struct policy_span span = {.size = sizeof(span), .least = -1};
    const struct policy_terms terms = {.size = sizeof(terms), .lasts = &span};
    const struct policy_rule rule = {
        .size = sizeof(rule), .action = POLICY_ACCEPT, .id = "T", .terms = &terms};

    verdict->fire(verdict, &rule);
}

static void
give_evidence_too_early(struct policy_verdict *verdict)
{
    verdict->because(verdict, "debtor/country", "RU");
}

static void
give_goods_too_early(struct policy_verdict *verdict)
{
    verdict->because_goods(verdict, 0);
}

static void
give_goods_that_are_not_there(struct policy_verdict *verdict)
{
    fire_a_rejection(verdict);
    verdict->because_goods(verdict, 0);
}

static void
fail_without_a_word(struct policy_verdict *verdict)
{
    (verdict->fail)(verdict, NULL);
}

static void
fail_after_a_request(struct policy_verdict *verdict)
{
    fire_a_request(verdict);
    (verdict->fail)(verdict, "the table is gone");
}

static void
fail_between_two_rules(struct policy_verdict *verdict)
{
    fire_a_request(verdict);
    (verdict->fail)(verdict, "the table is gone");
    fire_a_rejection(verdict);
}

static void
fail_after_a_rejection(struct policy_verdict *verdict)
{
    fire_a_rejection(verdict);
    (verdict->fail)(verdict, "the table is gone");
    (verdict->fail)(verdict, "a second complaint");
    verdict->because(verdict, "late", "but kept");
}

/* Every way to go wrong, with the best answer a policy could hope to slip by. */
static void
no_misbehaviour_is_an_approval(void **state) /* C3 */
{
    static const struct {
        int answer;
        void (*act)(struct policy_verdict *verdict);
        const char *why;
    } cases[] = {
        {POLICY_ACCEPT, fire_null, "fired a rule that is NULL"},
        {POLICY_ACCEPT, fire_a_short_rule, "fired a rule of an unknown size"},
        {POLICY_ACCEPT, fire_an_unknown_action, "fired a rule of an unknown action"},
        {POLICY_ACCEPT, fire_a_request, "answered milder than a rule it fired"},
        {POLICY_ABSTAIN, fire_a_request, "answered milder than a rule it fired"},
        {POLICY_ACCEPT, give_evidence_too_early, "gave evidence before any rule"},
        {POLICY_ACCEPT, fire_terms_out_of_bounds,
         "fired a rule with a span whose days are out of order or of bounds"},
        {POLICY_ABSTAIN, give_goods_too_early, "gave evidence before any rule"},
        {POLICY_ACCEPT, fail_without_a_word, "no reason given"},
        {POLICY_REJECT, fail_without_a_word, "no reason given"},
        {POLICY_ACCEPT, fail_after_a_request, "the table is gone"},
        {-7, fire_nothing, "answered -7, which is no action"},
        {99, fail_after_a_request, "the table is gone"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct script scripts[2] = {{cases[i].answer, cases[i].act}, {POLICY_ACCEPT, NULL}};
        struct arena arena = {0};
        struct decision decision;

        judge(scripts, 2, POLICY_ACCEPT, &arena, &decision);
        assert_int_equal(decision.action, POLICY_HOLD);
        assert_int_equal(decision.error_count, 1);
        assert_string_equal(decision.failures->policy, "p0");
        assert_string_equal(decision.failures->why, cases[i].why);
        assert_null(decision.failures->next);
        assert_string_equal(decision.reason.code, "NARR");
        assert_non_null(strstr(decision.reason.text, cases[i].why));
        assert_string_equal(decision.disclosed.text, "UNDER REVIEW"); /* not our troubles */
        arena_release(&arena);
    }
}

/* An error is never milder than a hold, nor than what was found before it. */
static void
what_fired_before_a_failure_may_be_stricter_than_a_hold(void **state) /* C3 */
{
    static const struct {
        int answer;
        void (*act)(struct policy_verdict *verdict);
        const char *why;
    } cases[] = {
        {POLICY_ACCEPT, fire_a_rejection, "answered milder than a rule it fired"},
        {POLICY_ABSTAIN, fire_a_rejection, "answered milder than a rule it fired"},
        {POLICY_REJECT, give_goods_that_are_not_there,
         "gave a goods line that is not there as evidence"},
        {POLICY_FREEZE, fail_after_a_rejection, "the table is gone"},
        {POLICY_ACCEPT, fail_between_two_rules, "the table is gone"},
        {0, fail_after_a_rejection, "the table is gone"},
        {99, fire_a_rejection, "answered 99, which is no action"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct script scripts[2] = {{POLICY_HOLD, NULL}, {cases[i].answer, cases[i].act}};
        struct arena arena = {0};
        struct decision decision;

        judge(scripts, 2, POLICY_ACCEPT, &arena, &decision);
        assert_int_equal(decision.action, POLICY_REJECT);
        assert_string_equal(decision.policy, "p1");
        assert_string_equal(decision.reason.code, "RR04");
        assert_string_equal(decision.reason.text, "no");
        assert_int_equal(decision.error_count, 1);
        assert_string_equal(decision.failures->policy, "p1");
        assert_string_equal(decision.failures->why, cases[i].why);
        arena_release(&arena);
    }
}

static void
what_a_failing_policy_fired_stays_on_record(void **state)
{
    struct script script = {99, fail_after_a_rejection};
    struct arena arena = {0};
    struct decision decision;

    (void)state;
    judge(&script, 1, POLICY_ACCEPT, &arena, &decision);
    assert_string_equal(decision.rules->id, "R");
    assert_string_equal(decision.rules->because->pointer, "late");
    arena_release(&arena);
}

static void
fire_nulls(struct policy_verdict *verdict)
{
    const struct policy_rule rule = {.size = sizeof(rule), .action = POLICY_HOLD, .score = NAN};

    verdict->fire(verdict, &rule);
    verdict->because(verdict, NULL, NULL);
}

static void
null_texts_of_a_plugin_are_empty(void **state)
{
    struct script script = {POLICY_HOLD, fire_nulls};
    struct arena arena = {0};
    struct decision decision;

    (void)state;
    judge(&script, 1, POLICY_ACCEPT, &arena, &decision);
    assert_int_equal(decision.action, POLICY_HOLD);
    assert_int_equal(decision.error_count, 0);
    assert_string_equal(decision.rules->id, "");
    assert_string_equal(decision.rules->title, "");
    assert_string_equal(decision.rules->because->value, "");
    assert_string_equal(decision.reason.code, "NARR"); /* D2 */
    assert_string_equal(decision.disclosed.code, "NARR");
    assert_true(decision.score == 0);
    arena_release(&arena);
}

static void
a_policy_that_gives_no_reason_is_lent_one(void **state) /* C4 */
{
    struct script script = {POLICY_REJECT, fire_nothing};
    struct arena arena = {0};
    struct decision decision;

    (void)state;
    judge(&script, 1, POLICY_ACCEPT, &arena, &decision);
    assert_int_equal(decision.action, POLICY_REJECT);
    assert_string_equal(decision.policy, "p0");
    assert_string_equal(decision.reason.code, "NARR");
    assert_string_equal(decision.reason.text, "p0 gave no reason");
    arena_release(&arena);
}

static void
fire_three(struct policy_verdict *verdict)
{
    static char text[8] = "volatil";
    struct policy_rule rule = {
        .size = sizeof(rule), .action = POLICY_ACCEPT, .id = "A", .score = 7};

    verdict->fire(verdict, &rule);
    rule = (struct policy_rule){.size = sizeof(rule), .action = POLICY_REJECT, .id = text};
    rule.reason = (struct policy_reason){"RR04", "the strictest"};
    rule.score = 0.25;
    verdict->fire(verdict, &rule);
    verdict->because(verdict, "one", text);
    verdict->because(verdict, "two", "2");
    rule.reason.text = "as strict, but later";
    verdict->fire(verdict, &rule);
    memset(text, '?', sizeof(text) - 1); /* copied by now */
}

static void
the_strictest_rule_of_a_policy_gives_its_reason(void **state)
{
    struct script script = {POLICY_REJECT, fire_three};
    struct arena arena = {0};
    struct decision decision;
    const struct fired_rule *second;

    (void)state;
    judge(&script, 1, POLICY_ACCEPT, &arena, &decision);
    assert_string_equal(decision.reason.text, "the strictest");
    assert_true(decision.score == 0.25);
    assert_true(decision.rules->score == 1); /* clamped */
    second = decision.rules->next;
    assert_string_equal(second->id, "volatil");
    assert_string_equal(second->because->value, "volatil");
    assert_string_equal(second->because->next->pointer, "two");
    assert_null(second->because->next->next);
    assert_null(second->next->because);
    arena_release(&arena);
}

/* Two holds, the second one with terms; of rules of ABI 1.1 nothing beyond is read. */
static void
fire_two_holds(struct policy_verdict *verdict)
{
    struct policy_span span = {.size = sizeof(span), .least = 7, .likely = 7, .most = 7};
    struct policy_terms terms = {.size = sizeof(terms), .lasts = &span};
    struct policy_rule rule = {.size = offsetof(struct policy_rule, terms),
                               .action = POLICY_HOLD,
                               .id = "H-1",
                               .terms = (const struct policy_terms *)(const void *)&span};

    verdict->fire(verdict, &rule);
    rule.size = sizeof(rule);
    rule.terms = &terms;
    verdict->fire(verdict, &rule);
    span.most = 99;
}

static void
the_rule_that_decides_brings_its_terms(void **state)
{
    struct script scripts[] = {{POLICY_HOLD, fire_two_holds}, {POLICY_ACCEPT, NULL}};
    struct arena arena = {0};
    struct decision decision;

    (void)state;
    judge(scripts, 2, POLICY_ACCEPT, &arena, &decision);
    assert_int_equal(decision.error_count, 0);
    assert_null(decision.terms); /* the first of equals decides, and has none */
    assert_null(decision.rules->terms);
    assert_true(decision.rules->next->terms->lasts->most == 7);
    scripts[0].answer = POLICY_REJECT; /* stricter than what it fired: not the rule's hold */
    judge(scripts, 2, POLICY_ACCEPT, &arena, &decision);
    assert_null(decision.terms);
    arena_release(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_strictest_answer_wins_whatever_the_order),
        cmocka_unit_test(without_an_opinion_the_default_stands),
        cmocka_unit_test(no_misbehaviour_is_an_approval),
        cmocka_unit_test(what_fired_before_a_failure_may_be_stricter_than_a_hold),
        cmocka_unit_test(what_a_failing_policy_fired_stays_on_record),
        cmocka_unit_test(null_texts_of_a_plugin_are_empty),
        cmocka_unit_test(a_policy_that_gives_no_reason_is_lent_one),
        cmocka_unit_test(the_strictest_rule_of_a_policy_gives_its_reason),
        cmocka_unit_test(the_rule_that_decides_brings_its_terms),
    };

    return cmocka_run_group_tests_name("chain", tests, NULL, NULL);
}
