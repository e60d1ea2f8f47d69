/* The analysis of packs: conditions that cannot be what their author meant. */
#include "policy/rules/analysis.h"

#include <stdio.h>

#include "gateway/base/buffer.h"
#include "tests/support/test.h"

#define REASON   "\"reason\":{\"code\":\"RR04\",\"text\":\"x\"}"
#define REASONS  REASON ",\"disclosed\":{\"code\":\"MS03\"}"
#define END      "{\"action\":\"return\"," REASONS "}"
#define BARE_END "{\"action\":\"return\"," REASON "}"
#define PARAMETERS                                                                             \
    "{\"limit\":5,\"off\":false,\"who\":[\"RU\",\"BY\"],\"none\":[],\"deep\":{\"a\":1}}"

static struct arena arena;

static int
tear_down(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

/* Reads a pack of these rules and gives its findings, "W R1 1:2: sentence" a line. */
static const char *
findings_of(const char *parameters, const char *sources, const char *rules)
{
    const struct pack_finding *findings;
    struct error err = {0};
    struct buffer text;
    struct pack *pack;
    const char *json = arena_printf(
        &arena,
        "{\"pack\":\"p\",\"version\":\"1\",\"title\":\"t\",\"sources\":%s,\"parameters\":%s,\n"
        "\"rules\":[%s],\"tests\":[]}",
        sources, parameters, rules);
    size_t count;

    if (pack_read(&arena, "p.json", json, strlen(json), NULL, &pack, &err) != 0)
        fail_msg("%s\n%s", err.text, json);
    count = pack_analyse(&arena, pack, &findings);
    buffer_init(&text, &arena, 256);
    for (size_t i = 0; i < count; i++)
        buffer_printf(&text, "%s%s %s %u:%u: %s", i ? "\n" : "",
                      findings[i].severity == PACK_WARNING ? "W" : "N", findings[i].rule,
                      findings[i].line, findings[i].column, findings[i].sentence);
    return buffer_terminate(&text);
}

/* One rule; what is found of it without the place. */
static const char *
found(const char *when)
{
    const char *rule = arena_printf(
        &arena,
        "{\"id\":\"R1\",\"title\":\"t\",\"when\":\"%s\",\"then\":{\"action\":"
        "\"reject\"," REASONS
        "}},{\"id\":\"Z\",\"title\":\"t\",\"when\":\"payment.debtor.name == 'Z' && "
        "params.limit > 0 && params.off && 'x' in params.who && 'x' in params.none && "
        "params.deep.a == 1 && payment.rail == 'x'\","
        "\"then\":{\"action\":\"accept\"}}",
        when);
    const char *text = findings_of(PARAMETERS, "[\"s\"]", rule);

    return strncmp(text, "W R1 2:", 7) == 0 || strncmp(text, "N R1 2:", 7) == 0
               ? arena_printf(&arena, "%c %.*s", text[0],
                              (int)strcspn(strchr(text + 7, ' ') + 1, "\n"),
                              strchr(text + 7, ' ') + 1)
               : "";
}

struct truth_case {
    const char *when, *found;
};

static void
expect(const struct truth_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(found(cases[i].when), cases[i].found) != 0)
            fail_msg("%s\n  finds    %s\n  expected %s", cases[i].when, found(cases[i].when),
                     cases[i].found);
}

/* --- truth ------------------------------------------------------------------------------- */

static void
what_excludes_itself_is_never_true(void **state)
{
#define NEVER "W is never true: "
    static const struct truth_case cases[] = {
        {"payment.rail == 'CIPS' && payment.rail == 'SWIFT'",
         NEVER "payment.rail == 'CIPS' and payment.rail == 'SWIFT' exclude each other"},
        {"payment.rail == 'CIPS' && kits.size() > 0 && 'CIPS' != payment.rail",
         NEVER "payment.rail == 'CIPS' and 'CIPS' != payment.rail exclude each other"},
        {"payment.rail in ['CIPS', 'SPFS'] && payment.rail in ['SWIFT']",
         NEVER "payment.rail in ['CIPS', 'SPFS'] and payment.rail in ['SWIFT'] exclude each "
               "other"},
        {"payment.rail in ['CIPS', 'SPFS'] && !(payment.rail in ['SPFS', 'CIPS'])", NEVER
         "payment.rail in ['CIPS', 'SPFS'] and !(payment.rail in ['SPFS', 'CIPS']) exclude "
         "each other"},
        {"payment.rail in ['CIPS', 'SPFS'] && payment.rail != 'CIPS' && payment.rail != 'SPFS'",
         NEVER "no value of payment.rail is all that is asked of it"},
        {"payment.amount.minor > 5 && payment.amount.minor < 5",
         NEVER "payment.amount.minor > 5 and payment.amount.minor < 5 exclude each other"},
        {"payment.amount.minor > 5 && 6 > payment.amount.minor",
         NEVER "payment.amount.minor > 5 and 6 > payment.amount.minor exclude each other"},
        {"payment.amount.minor >= 6 && !(payment.amount.minor > 5)",
         NEVER "payment.amount.minor >= 6 and !(payment.amount.minor > 5) exclude each other"},
        {"payment.amount.minor == 3 && payment.amount.minor > 5",
         NEVER "payment.amount.minor == 3 and payment.amount.minor > 5 exclude each other"},
        {"now > timestamp('2024-05-01T00:00:00Z') && now < timestamp('2024-04-01T00:00:00Z')",
         NEVER "now > timestamp('2024-05-01T00:00:00Z') and now < "
               "timestamp('2024-04-01T00:00:00Z') exclude each other"},
        {"has(payment.trade) && !has(payment.trade)",
         NEVER "has(payment.trade) and !has(payment.trade) exclude each other"},
        {"has(payment.trade) == false && has(payment.trade)",
         NEVER "has(payment.trade) == false and has(payment.trade) exclude each other"},
        {"payment.debtor.name == payment.creditor.name && payment.creditor.name != "
         "payment.debtor.name",
         NEVER "payment.debtor.name == payment.creditor.name and payment.creditor.name != "
               "payment.debtor.name exclude each other"},
        {"kits.size() < goods.size() && kits.size() >= goods.size()",
         NEVER "kits.size() < goods.size() and kits.size() >= goods.size() exclude each other"},
        {"payment.rail == 'CIPS' && (payment.rail == 'SPFS' || payment.rail == 'SWIFT')",
         NEVER "payment.rail == 'CIPS' and payment.rail == 'SPFS' || payment.rail == 'SWIFT' "
               "exclude each other"},
        {"payment.rail == 'CIPS' && bank.class == 'foreign' && (payment.rail == 'SPFS' || "
         "bank.class == 'x')",
         NEVER
         "no side of payment.rail == 'SPFS' || bank.class == 'x' can hold beside the rest"},
        {"bank.bic == 'A' && !(bank.bic == 'A' && (bank.bic != 'B' || kits.size() > 0))",
         NEVER "no side of !(bank.bic == 'A' && (bank.bic != 'B' || kits.size() > 0)) can hold "
               "beside the rest"},
        {"!(payment.rail == 'A' || payment.rail != 'A')",
         NEVER "!(payment.rail == 'A') and !(payment.rail != 'A') exclude each other"},
        {"goods.exists(g, g.tier == '1' && g.tier == '2')",
         NEVER "g.tier == '1' and g.tier == '2' exclude each other"},
        {"!goods.all(g, g.hs6 > 1 || g.hs6 < 3)",
         NEVER "!(g.hs6 > 1) and !(g.hs6 < 3) exclude each other"},
        {"goods.exists(g, g.tier == '1') && !goods.exists(x, '1' == x.tier)", NEVER
         "goods.exists(g, g.tier == '1') and !goods.exists(x, '1' == x.tier) exclude each "
         "other"},
        {"kits.size() > 0 && 1 + 1 == 3", NEVER "1 + 1 == 3 cannot hold"},
        {"payment.rail in []", NEVER "payment.rail in [] cannot hold"},
        {"!(1 + 1 == 2)", NEVER "!(1 + 1 == 2) cannot hold"},
        {"false", NEVER "false cannot hold"},
        {"payment.rail != payment.rail", NEVER "payment.rail != payment.rail cannot hold"},
        {"kits.exists(k, payment.rail == 'A') && [].exists(x, true)",
         NEVER "[].exists(x, true) cannot hold"},
        {"payment.debtor.name == 'a very long name that nobody would ever give to a company of "
         "theirs at all' && payment.debtor.name == 'b'",
         NEVER "payment.debtor.name == 'a very long name that nobody would ever give to a "
               "compan... and payment.debtor.name == 'b' exclude each other"},
    };

    (void)state;
    expect(cases, COUNT(cases));
}

static void
what_can_be_true_is_left_alone(void **state)
{
    static const char *const conditions[] = {
        "payment.rail == 'CIPS' && payment.debtor.country == 'RU'",
        "payment.rail == 'CIPS' || payment.rail == 'SWIFT'",
        "payment.rail in ['CIPS', 'SPFS'] && payment.rail != 'CIPS'",
        "payment.amount.minor > 5 && payment.amount.minor < 7",
        "payment.amount.minor >= 5 && payment.amount.minor <= 5",
        "kits.exists(k, k.coverage > 0.5 && k.coverage < 0.6)",
        "goods.exists(g, g.tier == '1') && goods.exists(g, g.tier == '2')",
        "goods.exists(g, goods.exists(h, g.tier == '1' && h.tier == '2'))",
        "goods.all(g, g.tier == '1' && g.tier == '2')",
        "goods.exists(g, g.tier == '1') && !goods.exists(g, g.role == '1')",
        "chance(0.5) && !chance(0.5)",
        "payment.rail == 'A' && (payment.rail == 'B' || kits.size() > 0)",
        "params.limit > 4 && payment.amount.minor > params.limit",
        "kits[0].coverage != kits[0].coverage",
        "bank.name < bank.bic && bank.bic > bank.name",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(conditions); i++)
        if (found(conditions[i])[0] != '\0')
            fail_msg("%s: %s", conditions[i], found(conditions[i]));
}

static void
what_always_holds_is_noted(void **state)
{
    static const struct truth_case cases[] = {
        {"true", "N is true of every payment"},
        {"payment.rail == 'A' || payment.rail != 'A'", "N is true of every payment"},
        {"payment.rail != 'A' || payment.rail != 'B'", "N is true of every payment"},
        {"payment.amount.minor > 5 || payment.amount.minor <= 5", "N is true of every payment"},
        {"has(payment.trade) || !has(payment.trade) || kits.size() > 0",
         "N is true of every payment"},
        {"payment.debtor == payment.debtor", "N is true of every payment"},
        {"[].all(x, payment.rail == 'A')", "N is true of every payment"},
        {"goods.all(g, g.hs6 > 1 || g.hs6 < 3)", "N is true of every payment"},
    };

    (void)state;
    expect(cases, COUNT(cases));
}

static void
what_parameters_switch_off_is_noted_as_that(void **state)
{
    static const struct truth_case cases[] = {
        {"params.off && payment.rail == 'CIPS'",
         "N is never true with these parameters: params.off cannot hold"},
        {"payment.debtor.country in params.none",
         "N is never true with these parameters: payment.debtor.country in params.none cannot "
         "hold"},
        {"payment.debtor.country in params.who && payment.debtor.country == 'CN'",
         "N is never true with these parameters: payment.debtor.country in params.who and "
         "payment.debtor.country == 'CN' exclude each other"},
        {"payment.amount.minor < 4 && payment.amount.minor >= params.limit",
         "N is never true with these parameters: payment.amount.minor < 4 and "
         "payment.amount.minor >= params.limit exclude each other"},
        {"params.limit > 4", "N is true of every payment with these parameters"},
        {"params.deep.a + params.limit == 6",
         "N is true of every payment with these parameters"},
        /* Without them first. */
        {"params.off && !params.off",
         "W is never true: params.off and !params.off exclude each "
         "other"},
    };

    (void)state;
    expect(cases, COUNT(cases));
}

/* --- rules beside each other ------------------------------------------------------------- */

/* Two rules, A first; what is found of them. */
static const char *
found_of_two(const char *a_action, const char *a_when, const char *b_action, const char *b_when)
{
    return findings_of(
        "{}", "[\"s\"]",
        arena_printf(
            &arena,
            "{\"id\":\"A\",\"title\":\"t\",\"when\":\"%s\",\"then\":{\"action\":\"%s\"," REASONS
            "}},\n{\"id\":\"B\",\"title\":\"t\",\"when\":\"%s\",\"then\":{"
            "\"action\":\"%s\"," REASONS "}}",
            a_when, a_action, b_when, b_action));
}

static void
a_rule_that_another_always_outdoes_is_told(void **state)
{
    static const struct {
        const char *a_action, *a_when, *b_action, *b_when, *found;
    } cases[] = {
        {"reject", "bank.bic == 'X'", "hold", "payment.rail == 'CIPS' && bank.bic == 'X'",
         "W B 3:30: decides nothing: whenever it holds, A holds too and rejects"},
        {"hold", "payment.rail == 'CIPS' && bank.bic == 'X'", "reject", "'X' == bank.bic",
         "W A 2:39: decides nothing: whenever it holds, B holds too and rejects"},
        {"reject", "bank.bic == 'X'", "reject", "kits.size() > 0 && bank.bic == 'X'",
         "W B 3:30: decides nothing: whenever it holds, A holds too and rejects"},
        {"reject", "bank.bic in ['X', 'Y']", "reject", "bank.bic == 'X'",
         "W B 3:30: decides nothing: whenever it holds, A holds too and rejects"},
        {"reject", "bank.bic == 'X' || bank.bic == 'Y'", "reject", "bank.bic in ['Y']",
         "W B 3:30: decides nothing: whenever it holds, A holds too and rejects"},
        {"freeze", "payment.amount.minor > 5", "reject", "payment.amount.minor >= 6",
         "W B 3:30: decides nothing: whenever it holds, A holds too and freezes"},
        {"freeze", "payment.amount.minor >= 6", "reject", "payment.amount.minor > 5",
         ""}, /* so it is for ints, but not plainly */
        {"freeze", "payment.amount.minor >= 5", "reject", "payment.amount.minor > 5",
         "W B 3:30: decides nothing: whenever it holds, A holds too and freezes"},
        {"freeze", "bank.bic != 'X'", "reject", "bank.bic == 'Y'",
         "W B 3:30: decides nothing: whenever it holds, A holds too and freezes"},
        {"hold", "bank.bic == 'X'", "reject", "kits.size() > 0 && bank.bic == 'X'", ""},
        {"reject", "bank.bic == 'X' && kits.size() > 1", "reject",
         "bank.bic == 'X' && "
         "kits.size() > 0 && payment.rail == ''",
         ""},
        {"reject", "bank.bic == 'X'", "reject", "bank.name == 'X'", ""},
        {"reject", "bank.bic == 'X' || kits.size() > 0", "hold",
         "kits.size() > 1 && bank.name == 'Y'",
         "W B 3:30: decides nothing: whenever it holds, A holds too and rejects"},
        {"reject", "bank.bic == 'X'", "reject", "bank.bic == 'X'",
         "W B 3:30: has the condition of A, which rejects"},
        {"hold", "kits.exists(k, k.kit == 'x' || k.coverage > 0.5) && bank.bic < 'X'", "return",
         "'X' > bank.bic && kits.exists(m, 0.5 < m.coverage || 'x' == m.kit)",
         "W B 3:30: has the condition of A, which holds"},
        {"reject", "chance(0.5)", "reject", "chance(0.5)", ""},
        {"reject", "goods.all(g, goods.exists(h, h.hs6 == g.hs6 + 1))", "reject",
         "goods.all(g, goods.exists(h, g.hs6 == h.hs6 + 1))", ""},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *text = found_of_two(cases[i].a_action, cases[i].a_when, cases[i].b_action,
                                        cases[i].b_when);

        if (strcmp(text, cases[i].found) != 0)
            fail_msg("%s | %s\n  finds    %s\n  expected %s", cases[i].a_when, cases[i].b_when,
                     text, cases[i].found);
    }
}

/* --- reasons, parameters, sources -------------------------------------------------------- */

static void
reasons_that_are_missing_are_told(void **state)
{
    static const struct {
        const char *then, *found;
    } cases[] = {
        {"\"action\":\"reject\",\"reason\":{\"code\":\"RR04\",\"text\":\"x\"}",
         "W R 2:39: the payer would read the internal reason: add then/disclosed"},
        {"\"action\":\"accept\"", ""},
        {"\"action\":\"hold\"," REASONS, ""},
        {"\"action\":\"hold\"," REASONS ",\"lasts\":\"P1D\",\"ends\":" BARE_END,
         "W R 2:39: the payer would read the internal reason: add then/ends/disclosed"},
        {"\"action\":\"hold\"," REASONS ",\"lasts\":\"P1D\",\"ends\":" END, ""},
        {"\"action\":\"hold\"," REASONS
         ",\"lasts\":\"P1D\",\"ends\":{\"action\":\"accept\"," REASON "}",
         ""},
        {"\"action\":\"hold\"," REASONS ",\"lasts\":\"P1D\",\"ends\":{\"action\":\"hold\"}",
         ""},
        {"\"action\":\"request_information\"," REASONS ",\"ends\":" BARE_END
         ",\"answered\":{\"complete\":" BARE_END ",\"partial\":" BARE_END
         ",\"contradictory\":" BARE_END "}",
         "W R 2:39: the payer would read the internal reason: add then/ends/disclosed\n"
         "W R 2:39: the payer would read the internal reason: add "
         "then/answered/complete/disclosed\n"
         "W R 2:39: the payer would read the internal reason: add "
         "then/answered/partial/disclosed\n"
         "W R 2:39: the payer would read the internal reason: add "
         "then/answered/contradictory/disclosed"},
        {"\"action\":\"request_information\"," REASONS ",\"answered\":{\"partial\":" END
         ",\"contradictory\":{\"action\":\"hold\"," REASON "}}",
         "W R 2:39: the payer would read the internal reason: add "
         "then/answered/contradictory/disclosed"},
    };
    const struct pack_rule bare = {
        .id = "R", .action = POLICY_RETURN, .reason = {"", ""}, .disclosed = {"MS03", ""}};
    const struct pack_finding *findings;
    struct cel_fault fault;
    struct pack_rule rule = bare;
    struct cel_node *condition;
    struct pack pack = {.rules = &rule, .rule_count = 1, .source_count = 1};
    const struct cel_variable kits = {"kits", cel_variable_type(CEL_VAR_KITS), NULL};
    const struct cel_environment environment = {&kits, 1, false, NULL};

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_string_equal(
            findings_of("{}", "[\"s\"]",
                        arena_printf(&arena,
                                     "{\"id\":\"R\",\"title\":\"t\",\"when\":\"kits.size() > "
                                     "0\",\"then\":{%s}}",
                                     cases[i].then)),
            cases[i].found);

    /* pack_read() refuses a strict action without any reason: by hand. */
    rule.when = "kits.size() > 0";
    assert_int_equal(cel_parse(&arena, rule.when, strlen(rule.when), &condition, &fault), 0);
    assert_int_equal(cel_check(&arena, &environment, condition, NULL, &fault), 0);
    rule.condition = condition;
    assert_int_equal(pack_analyse(&arena, &pack, &findings), 2);
    assert_string_equal(findings[0].sentence, "returns without a reason code");
    assert_string_equal(findings[1].sentence, "returns without a reason text");
}

static void
parameters_that_nothing_uses_are_told(void **state)
{
    static const struct truth_case cases[] = {
        {"params.limit > 4 && params['off'] && 'x' in params.who && has(params.none)",
         "W  0:0: no condition, score or span uses the parameter deep"},
        {"bank.bic in params", ""},
        {"params.deep[bank.bic] == params[bank.name]", ""},
        {"[{'who': 1}].exists(params, params.who == .params.limit)",
         "W  0:0: no condition, score or span uses the parameter off\n"
         "W  0:0: no condition, score or span uses the parameter who\n"
         "W  0:0: no condition, score or span uses the parameter none\n"
         "W  0:0: no condition, score or span uses the parameter deep"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *text = findings_of(
            PARAMETERS, "[\"s\"]",
            arena_printf(&arena,
                         "{\"id\":\"R\",\"title\":\"t\",\"when\":\"(%s) && bank.bic == "
                         "'X'\",\"then\":{\"action\":\"accept\"}}",
                         cases[i].when));
        const char *pack = strstr(text, "W  0:0");

        assert_string_equal(pack ? pack : "", cases[i].found);
    }
    assert_string_equal(
        findings_of("{\"a\":0.5}", "[\"s\"]",
                    "{\"id\":\"R\",\"title\":\"t\",\"when\":\"kits.size() > 0\",\"then\":{"
                    "\"action\":\"accept\",\"score\":\"params.a\"}}"),
        "");
    assert_string_equal(
        findings_of("{\"a\":5}", "[\"s\"]",
                    "{\"id\":\"R\",\"title\":\"t\",\"when\":\"kits.size() > 0\",\"then\":{"
                    "\"action\":\"accept\",\"lasts\":{\"days\":\"params.a\"}}}"),
        "");
}

static void
a_pack_without_sources_is_told(void **state)
{
    (void)state;
    assert_string_equal(
        findings_of("{}", "[]",
                    "{\"id\":\"R\",\"title\":\"t\",\"when\":\"kits.size() > 0\",\"then\":{"
                    "\"action\":\"accept\"}}"),
        "W  0:0: no sources are named");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_excludes_itself_is_never_true),
        cmocka_unit_test(what_can_be_true_is_left_alone),
        cmocka_unit_test(what_always_holds_is_noted),
        cmocka_unit_test(what_parameters_switch_off_is_noted_as_that),
        cmocka_unit_test(a_rule_that_another_always_outdoes_is_told),
        cmocka_unit_test(reasons_that_are_missing_are_told),
        cmocka_unit_test(parameters_that_nothing_uses_are_told),
        cmocka_unit_test(a_pack_without_sources_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, tear_down);
}
