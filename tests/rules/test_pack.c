/*
 * Packs: read whole, or refused in one line that names the place as an editor
 * counts it.  Faults are made by changing one piece of a good pack.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/base/json.h"
#include "gateway/base/time.h"
#include "policy/rules/pack.h"
#include "tests/support/test.h"

static struct arena arena;

static const char good[] =
    "{ \"pack\": \"kit\", \"version\": \"1.0.0\", \"title\": \"kits\",\n"
    "  \"sources\": [\"a\", \"b\"],\n"
    "  \"parameters\": { \"min\": 0.6, \"limit\": 5, \"who\": [\"RU\"] },\n"
    "  \"payment\": { \"debtor\": { \"name\": \"A\", \"country\": \"RU\" }, \"rail\": \"CIPS\" "
    "},\n"
    "  \"rules\": [\n"
    "    { \"id\": \"KIT-01\", \"title\": \"a kit\",\n"
    "      \"when\": \"payment.debtor.country == 'RU'\",\n"
    "      \"then\": { \"action\": \"reject\", \"score\": \"kits[0].coverage\",\n"
    "                \"reason\": { \"code\": \"RR04\", \"text\": \"a kit\" },\n"
    "                \"disclosed\": { \"code\": \"MS03\" } } },\n"
    "    { \"id\": \"AMT-01\", \"title\": \"much\", \"when\": \"payment.amount.minor > "
    "params.limit\",\n"
    "      \"then\": { \"action\": \"hold\", \"score\": 0.25,\n"
    "                \"reason\": { \"code\": \"NARR\", \"text\": \"much\" } } },\n"
    "    { \"id\": \"YES-01\", \"title\": \"fine\", \"when\": \"true\", \"then\": { "
    "\"action\": \"accept\" } } ],\n"
    "  \"tests\": [\n"
    "    { \"title\": \"one\", \"payment\": { \"debtor\": { \"country\": \"KZ\" }, \"rail\": "
    "null },\n"
    "      \"bank\": { \"bic\": \"HLDBCNBS\", \"name\": \"Hulan\", \"class\": \"foreign\" },\n"
    "      \"now\": \"2024-04-17T09:30:00+08:00\", \"seed\": 7, \"hits\": [ "
    "{ \"list\": \"un\", \"entry\": \"7\", \"field\": \"debtor/name\", \"score\": 0.9 } ],\n"
    "      \"expect\": { \"action\": \"hold\", \"rules\": [\"YES-01\", \"AMT-01\"] } },\n"
    "  { \"title\": \"two\", \"expect\": { \"action\": \"abstain\" } } ] }\n";

static struct pack *
read_with(const char *text, const char *options, struct error *err)
{
    struct pack *pack;
    cJSON *parameters = NULL;

    if (options)
        assert_int_equal(json_parse(&arena, options, strlen(options), &parameters, err), 0);
    *err = (struct error){0};
    if (pack_read(&arena, "kit.json", text, strlen(text), parameters, &pack, err) != 0)
        assert_null(pack);
    return pack;
}

static struct pack *
read_good(const char *text, const char *options)
{
    struct error err;
    struct pack *pack = read_with(text, options, &err);

    if (!pack)
        fail_msg("%s", err.text);
    return pack;
}

/* The good pack with one piece changed, its first occurrence. */
static const char *
changed(const char *from, const char *to)
{
    const char *at = strstr(good, from);

    if (!at)
        fail_msg("not there: %s", from);
    return arena_printf(&arena, "%.*s%s%s", (int)(at - good), good, to, at + strlen(from));
}

static void
a_pack_is_read_whole(void **state)
{
    struct pack *pack = read_good(good, NULL);
    int64_t ms;

    (void)state;
    assert_string_equal(pack->name, "kit");
    assert_string_equal(pack->label, "kit@1.0.0");
    assert_string_equal(pack->title, "kits");
    assert_int_equal(pack->source_count, 2);
    assert_string_equal(pack->sources[1], "b");
    assert_int_equal(pack->rule_count, 3);
    assert_string_equal(pack->rules[0].id, "KIT-01");
    assert_int_equal(pack->rules[0].action, POLICY_REJECT);
    assert_string_equal(pack->rules[0].when, "payment.debtor.country == 'RU'");
    assert_int_equal(pack->rules[0].condition->type->kind, CEL_BOOL);
    assert_int_equal(pack->rules[0].score->type->kind, CEL_DOUBLE);
    assert_string_equal(pack->rules[0].reason.code, "RR04");
    assert_string_equal(pack->rules[0].disclosed.code, "MS03");
    assert_string_equal(pack->rules[0].disclosed.text, "");
    assert_string_equal(pack->rules[1].disclosed.code, "");
    assert_true(pack->rules[1].score->kind == CEL_NODE_CONST &&
                pack->rules[1].score->value.d == 0.25);
    assert_int_equal(pack->rules[2].action, POLICY_ACCEPT);
    assert_true(pack->rules[2].score->value.d == 1);
    assert_int_equal(pack->test_count, 2);
    assert_string_equal(pack->tests[0].title, "one");
    assert_string_equal(pack->tests[0].bank_class, "foreign");
    assert_true(instant_parse("2024-04-17T01:30:00Z", &ms));
    assert_true(pack->tests[0].now_ms == ms && pack->tests[0].seed == 7);
    assert_int_equal(pack->tests[0].hit_count, 1);
    assert_int_equal(pack->tests[0].hits[0]->size, sizeof(struct policy_hit));
    assert_string_equal(pack->tests[0].hits[0]->list, "un");
    assert_string_equal(pack->tests[0].hits[0]->entry, "7");
    assert_string_equal(pack->tests[0].hits[0]->field, "debtor/name");
    assert_string_equal(pack->tests[0].hits[0]->query, "");
    assert_string_equal(pack->tests[0].hits[0]->matched, "");
    assert_true(pack->tests[0].hits[0]->score == 0.9);
    assert_int_equal(pack->tests[0].action, POLICY_HOLD);
    assert_true(pack->tests[0].rules_given && pack->tests[0].rule_count == 2);
    assert_string_equal(pack->tests[0].rules[0], "AMT-01"); /* in the pack's order */
    assert_string_equal(pack->tests[0].rules[1], "YES-01");
    assert_string_equal(pack->tests[1].bank_bic, "");
    assert_true(pack->tests[1].now_ms == 0 && pack->tests[1].seed == 1);
    assert_int_equal(pack->tests[1].hit_count, 0);
    assert_non_null(pack->tests[1].hits);
    assert_int_equal(pack->tests[1].action, POLICY_ABSTAIN);
    assert_false(pack->tests[1].rules_given);
}

#define ENDS                                                                                   \
    "\"score\": 0.25, \"lasts\": { \"days\": [1, \"params.limit\", 9], \"tail\": { "           \
    "\"share\": "                                                                              \
    "\"params.min\", \"days\": [20, 30] } }, \"ends\": { \"action\": \"return\", \"share\": "  \
    "\"params.min\", \"reason\": { \"code\": \"RR04\", \"text\": \"ran out\" } },"

/* A number may be a parameter, and then it is what the book makes of it. */
static void
a_rule_says_how_long_and_how_it_ends(void **state)
{
    struct pack *pack = read_good(changed("\"score\": 0.25,", ENDS), "{\"min\":0.25}");
    const struct policy_terms *terms = pack->rules[1].terms;

    (void)state;
    assert_null(pack->rules[0].terms);
    assert_int_equal(terms->size, sizeof(*terms));
    assert_true(terms->lasts->least == 1 && terms->lasts->likely == 5);
    assert_true(terms->lasts->most == 9 && terms->lasts->tail_share == 0.25);
    assert_true(terms->lasts->tail_least == 20 && terms->lasts->tail_most == 30);
    assert_true(terms->ends->share == 0.25 && terms->ends->action == POLICY_RETURN);
    assert_int_equal(terms->ends->otherwise, POLICY_HOLD);
    assert_string_equal(terms->ends->reason.text, "ran out");
    assert_string_equal(terms->ends->disclosed.code, "");
    assert_null(terms->complete);
}

static void
rules_and_tests_know_their_lines(void **state)
{
    static const uint32_t places[][2] = {{7, 15}, {11, 48}, {14, 48}};
    struct pack *pack = read_good(good, NULL);

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(pack->rules[i].line, places[i][0]);
        assert_int_equal(pack->rules[i].column, places[i][1]);
    }
    assert_int_equal(pack->tests[0].line, 16);
    assert_int_equal(pack->tests[0].column, 5);
    assert_int_equal(pack->tests[1].line, 20);
    assert_int_equal(pack->tests[1].column, 3);
}

/* Each says its place and, in a few words, what is wrong there. */
static void
every_fault_names_its_place(void **state)
{
    static const struct {
        const char *from, *to, *says;
    } cases[] = {
        /* clang-format off */
        {"\"sources\"", "sources", "kit.json:2:3: expected a key in double quotes, found s"},
        {"\"sources\"", "\"source\"", "kit.json:2:3: source: no such member; the nearest is sources"},
        {"\"sources\"", "\"x\\ny\"", "kit.json:2:3: x y: no such member"},
        {"[\"a\", \"b\"]", "[\"a\", 7]", "kit.json:2:20: sources/1: expected a text; found 7"},
        {"\"pack\": \"kit\", ", "", "kit.json:1:1: pack: expected a text; found nothing"},
        {"\"kit\"", "\"k/t\"", "kit.json:1:11: pack: expected letters, digits, - _ and ., at most 64; found \"k/t\""},
        {"\"kit\"", "\".kit\"", "kit.json:1:11: pack: expected letters, digits, - _ and ., at most 64; found \".kit\""},
        {"\"1.0.0\"", "\"1 0\"", "kit.json:1:29: version: expected a version such as 1.0.0; found \"1 0\""},
        {"\"title\": \"kits\"", "\"title\": \"\"", "kit.json:1:47: title: expected a text; found \"\""},
        {"0.6", "null", "kit.json:3:26: parameters/min: expected a truth, a number, a text, an array or an object; found null"},
        {"[\"RU\"]", "[\"RU\", null]", "kit.json:3:57: parameters/who/1: expected a truth"},
        {" 5,", " 9223372036854775808,", "kit.json:3:40: parameters/limit: expected an integer of at most 64 bits; found 9223372036854775808"},
        {"{ \"min\": 0.6, \"limit\": 5, \"who\": [\"RU\"] }", "[]", "kit.json:3:17: parameters: expected an object of parameters; found an array of 0"},
        {"{ \"debtor\": { \"name\": \"A\", \"country\": \"RU\" }, \"rail\": \"CIPS\" }", "[]", "kit.json:4:14: payment: expected a payment; found an array of 0"},
        {"\"KIT-01\"", "\"KIT 01\"", "kit.json:6:13: rules/0/id: expected letters, digits, - _ and ., at most 64; found \"KIT 01\""},
        {"\"AMT-01\"", "\"KIT-01\"", "kit.json:11:13: rules/KIT-01/id: expected an id of its own; found KIT-01 again"},
        {"\"title\": \"a kit\"", "\"titel\": \"a kit\"", "kit.json:6:23: rules/KIT-01/titel: no such member; the nearest is title"},
        {"\"when\": \"payment.debtor.country == 'RU'\"", "\"if\": true", "kit.json:7:7: rules/KIT-01/if: no such member"},
        {".country ==", ".contry ==", "kit.json:7:31: rules/KIT-01/when: payment.debtor.contry: no such field; the nearest is country"},
        {"\"payment.debtor.country == 'RU'\"", "[\"true && // all\",\n \"payment.debtor.contry == 'RU'\"]", "kit.json:8:18: rules/KIT-01/when: payment.debtor.contry: no such field"},
        {"\"payment.debtor.country == 'RU'\"", "[\"true\",\n \"&&\"]", "kit.json:8:5: rules/KIT-01/when: expected an operand; found the end"},
        {"\"payment.debtor.country == 'RU'\"", "[\"true\\n\"]", "kit.json:7:16: rules/KIT-01/when/0: expected one line; found several"},
        {"\"payment.debtor.country == 'RU'\"", "[]", "kit.json:7:15: rules/KIT-01/when: expected an array of 1 to 100 elements; found an array of 0"},
        {"payment.debtor.country == 'RU'", "[1].all(a, [1].all(b, [1].all(c, [1].all(d, true))))", "kit.json:7:15: rules/KIT-01/when: expected at most 3 loops in each other; found 4"},
        {"country == 'RU'", "country", "kit.json:7:16: rules/KIT-01/when: the whole must be bool, this is string"},
        {"payment.debtor.country == 'RU'", "\\u0027\\u00e4\\u0027 == 'x' && )", "kit.json:7:45: rules/KIT-01/when: "},
        {"\"reject\"", "\"refuse\"", "kit.json:8:27: rules/KIT-01/then/action: expected accept, request_information, hold, return, reject or freeze; found \"refuse\""},
        {"\"reject\"", "\"abstain\"", "kit.json:8:27: rules/KIT-01/then/action: expected accept, request_information, hold, return, reject or freeze; found \"abstain\""},
        {"kits[0].coverage", "kits[0].kit", "kit.json:8:46: rules/KIT-01/then/score: expected an expression of type int or double; found string"},
        {"kits[0].coverage", "kits[0].covrage", "kit.json:8:55: rules/KIT-01/then/score: kit.covrage: no such field; the nearest is coverage"},
        {"0.25", "1.25", "kit.json:12:44: rules/AMT-01/then/score: expected a number, 0 to 1; found 1.25"},
        {"0.25", "-0.25", "kit.json:12:44: rules/AMT-01/then/score: expected a number, 0 to 1; found -0.25"},
        {"0.25", "true", "kit.json:12:44: rules/AMT-01/then/score: expected a number, 0 to 1, or an expression that gives one; found true"},
        {"\"RR04\"", "\"rr04\"", "kit.json:9:37: rules/KIT-01/then/reason/code: expected a code of four capital letters and digits; found \"rr04\""},
        {"\"RR04\", \"text\": \"a kit\"", "\"RR04\"", "kit.json:9:27: rules/KIT-01/then/reason/text: expected a text; found nothing"},
        {"\"MS03\"", "\"MS3\"", "kit.json:10:40: rules/KIT-01/then/disclosed/code: expected a code of four capital letters and digits; found \"MS3\""},
        {"\n                \"reason\": { \"code\": \"NARR\", \"text\": \"much\" } }", "\"x\": 1 }", "kit.json:12:49: rules/AMT-01/then/x: no such member"},
        {"\"score\": 0.25,", "\"score\": 0.25, \"lasts\": \"P35D\",", "kit.json:12:15: rules/AMT-01/then/ends: expected how a hold that lasts so long ends; found nothing"},
        {"\"score\": 0.25,", "\"score\": 0.25, \"lasts\": \"35\",", "kit.json:12:15: rules/AMT-01/then/ends: expected how"},
        {"\"score\": 0.25,", "\"score\": 0.25, \"ends\": 7,", "kit.json:12:58: rules/AMT-01/then/ends: expected an object; found 7"},
        {"\"score\": 0.25,", "\"score\": 0.25, \"ends\": {\"action\": \"return\", \"reasn\": 1},", "kit.json:12:79: rules/AMT-01/then/ends/reasn: no such member; the nearest is reason"},
        {"\"score\": 0.25,", "\"score\": 0.25, \"ends\": {\"action\": \"accept\", \"share\": \"params.who\"},", "kit.json:12:88: rules/AMT-01/then/ends/share: expected a number, 0 to 1, or a parameter that is one; found \"params.who\""},
        {"\"score\": 0.25,", "\"score\": 0.25, \"ends\": {\"action\": \"accept\", \"share\": \"params.limit\"},", "kit.json:12:88: rules/AMT-01/then/ends/share: expected a number, 0 to 1, or a parameter that is one; found \"params.limit\""},
        {"\"score\": 0.25,", "\"score\": 0.25, \"ends\": {\"action\": \"accept\", \"share\": \"params.max\"},", "kit.json:12:88: rules/AMT-01/then/ends/share: expected a number"},
        {"\"score\": 0.25,", "\"score\": 0.25, \"answered\": {},", "kit.json:12:62: rules/AMT-01/then/answered: expected nothing: only request_information is answered; found an object"},
        {"\"score\": \"kits[0].coverage\"", "\"lasts\": \"P35D\"", "kit.json:8:46: rules/KIT-01/then/lasts: expected nothing: only what is accepted, held or asked about lasts; found \"P35D\""},
        {"\"action\": \"accept\" }", "\"action\": \"accept\", \"ends\": {} }", "kit.json:14:94: rules/YES-01/then/ends: expected nothing: only what is held or asked about ends; found an object"},
        {"\"score\": 0.25,", "\"score\": 0.25, \"asks\": [],", "kit.json:12:58: rules/AMT-01/then/asks: expected nothing: only request_information asks; found an array of 0"},
        {"\"action\": \"hold\", \"score\": 0.25,", "\"action\": \"request_information\", \"asks\": [\"RQSG/RQHX\"],", "kit.json:12:59: rules/AMT-01/then/asks/0: expected a code of camt.110: RQSG/ with RQHS RQDG"},
        {"\"action\": \"hold\", \"score\": 0.25,", "\"action\": \"request_information\", \"asks\": [\"AMLI\", \"AMLI\"],", "kit.json:12:67: rules/AMT-01/then/asks/1: expected each question once; found \"AMLI\""},
        {"\"action\": \"hold\", \"score\": 0.25,", "\"action\": \"request_information\", \"answered\": {\"ful\": 1},", "kit.json:12:63: rules/AMT-01/then/answered/ful: no such member"},
        {"\"action\": \"hold\", \"score\": 0.25,", "\"action\": \"request_information\", \"answered\": {\"partial\": {\"action\": \"ask\"}},", "kit.json:12:85: rules/AMT-01/then/answered/partial/action: expected accept, hold, return or reject; found \"ask\""},
        {"\"rules\": [\"YES-01\", \"AMT-01\"]", "\"asks\": [\"RQ\"]", "kit.json:19:46: tests/0/expect/asks/0: expected a code of camt.110"},
        {"\"rules\": [\"YES-01\", \"AMT-01\"]", "\"follows\": {\"action\": \"abstain\"}", "kit.json:19:59: tests/0/expect/follows/action: expected accept, request_information, hold"},
        {"\"rules\": [\"YES-01\", \"AMT-01\"]", "\"follows\": 7", "kit.json:19:48: tests/0/expect/follows: expected an object; found 7"},
        {"{ \"action\": \"accept\" }", "{ \"action\": \"hold\" }", "kit.json:14:64: rules/YES-01/then/reason: expected an object; found nothing"},
        {"\"title\": \"one\"", "\"title\": 1", "kit.json:16:16: tests/0/title: expected a text; found 1"},
        {"{ \"debtor\": { \"country\": \"KZ\" }, \"rail\": null }", "7", "kit.json:16:34: tests/0/payment: expected a payment, here or at the top; found 7"},
        {"\"HLDBCNBS\"", "\"HLDB\"", "kit.json:17:24: tests/0/bank/bic: expected a BIC of 8 characters, as books have them; found \"HLDB\""},
        {"\"foreign\"", "\"*\"", "kit.json:17:62: tests/0/bank/class: expected one of the classes state_big, "},
        {"\"class\"", "\"clas\"", "kit.json:17:53: tests/0/bank/clas: no such member; the nearest is class"},
        {"2024-04-17T09:30:00+08:00", "17 April", "kit.json:18:14: tests/0/now: expected a date such as 2024-03-20 or an RFC 3339 time; found \"17 April\""},
        {"\"seed\": 7", "\"seed\": 7.5", "kit.json:18:51: tests/0/seed: expected a whole number, 0 to 9007199254740991; found 7.5"},
        {"\"seed\": 7", "\"seed\": 1e30", "kit.json:18:51: tests/0/seed: expected a whole number"},
        {"\"seed\": 7", "\"seed\": -1", "kit.json:18:51: tests/0/seed: expected a whole number"},
        {"[ { \"list\": \"un\", \"entry\": \"7\", \"field\": \"debtor/name\", \"score\": 0.9 } ]", "{}", "kit.json:18:62: tests/0/hits: expected an array of 0 to 200 elements; found an object"},
        {"{ \"list\": \"un\", ", "{ ", "kit.json:18:64: tests/0/hits/0/list: expected a text; found nothing"},
        {"\"list\": \"un\"", "\"lists\": \"un\"", "kit.json:18:66: tests/0/hits/0/lists: no such member; the nearest is list"},
        {"\"entry\": \"7\"", "\"entry\": 7", "kit.json:18:89: tests/0/hits/0/entry: expected a text; found 7"},
        {"\"field\": \"debtor/name\", ", "", "kit.json:18:64: tests/0/hits/0/field: expected a text; found nothing"},
        {"\"debtor/name\"", "\"debtor/nam\"", "kit.json:18:103: tests/0/hits/0/field: expected what the test's payment has, such as debtor/name, goods/0/end_user or trade/vessels/0/imo; found \"debtor/nam\""},
        {"\"debtor/name\"", "\"creditor/name\"", "kit.json:18:103: tests/0/hits/0/field: expected what the test's payment has"},
        {", \"score\": 0.9 ", " ", "kit.json:18:64: tests/0/hits/0/score: expected a number, 0 to 1; found nothing"},
        {"0.9 }", "1.01 }", "kit.json:18:127: tests/0/hits/0/score: expected a number, 0 to 1; found 1.01"},
        {"0.9 }", "-0.1 }", "kit.json:18:127: tests/0/hits/0/score: expected a number, 0 to 1; found -0.1"},
        {"0.9 }", "\"0.9\" }", "kit.json:18:127: tests/0/hits/0/score: expected a number, 0 to 1; found \"0.9\""},
        {"0.9 }", "0.9, \"query\": 7 }", "kit.json:18:141: tests/0/hits/0/query: expected a text; found 7"},
        {"0.9 }", "0.9, \"matched\": {} }", "kit.json:18:143: tests/0/hits/0/matched: expected a text; found an object"},
        {"\"action\": \"hold\", \"rules\"", "\"action\": \"held\", \"rules\"", "kit.json:19:29: tests/0/expect/action: expected abstain, accept, request_information, hold, return, reject or freeze; found \"held\""},
        {"\"YES-01\", \"AMT-01\"", "\"YES-01\", \"AMT-1\"", "kit.json:19:57: tests/0/expect/rules/1: expected the id of a rule; found \"AMT-1\"; the nearest is AMT-01"},
        {"\"YES-01\", \"AMT-01\"", "\"YES-01\", \"YES-01\"", "kit.json:19:57: tests/0/expect/rules/1: expected each rule once; found YES-01 again"},
        {"{ \"action\": \"abstain\" }", "{}", "kit.json:20:31: tests/1/expect/action: expected abstain, accept"},
        /* clang-format on */
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct error err;

        print_message("%s\n", cases[i].says);
        assert_null(read_with(changed(cases[i].from, cases[i].to), NULL, &err));
        print_message("    %s\n", err.text);
        if (strncmp(err.text, cases[i].says, strlen(cases[i].says)) != 0)
            fail_msg("expected %s\n  found %s", cases[i].says, err.text);
        assert_null(strchr(err.text, '\n'));
    }
}

static void
what_may_be_missing_may(void **state)
{
    static const char small[] = "{\"pack\":\"p\",\"version\":\"1\",\"title\":\"t\",\"rules\":[{"
                                "\"id\":\"A\",\"title\":\"a\","
                                "\"when\":\"true\",\"then\":{\"action\":\"accept\"}}]}";
    struct pack *pack = read_good(small, NULL);
    struct error err;

    (void)state;
    assert_int_equal(pack->test_count, 0);
    assert_int_equal(pack->source_count, 0);
    assert_int_equal(pack->params.kind, CEL_MAP);
    assert_int_equal(pack->params.size, 0);
    assert_null(
        read_with(arena_printf(&arena, "%.*s,\"tests\":[{\"title\":\"x\",\"expect\":{}}]}",
                               (int)strlen(small) - 1, small),
                  NULL, &err));
    assert_string_equal(err.text,
                        "kit.json:1:122: tests/0/payment: expected a payment, here or "
                        "at the top; found nothing");
}

/* -- parameters -- */

static const char *
params_of(const char *parameters, const char *options)
{
    struct pack *pack =
        read_good(changed("{ \"min\": 0.6, \"limit\": 5, \"who\": [\"RU\"] }",
                          arena_printf(&arena, "{ \"limit\": 5, \"x\": %s }", parameters)),
                  options);
    char *text = arena_alloc(&arena, 400);
    struct cel_value found;

    assert_true(cel_map_find(pack->params, cel_text("x"), &found));
    cel_print(found, text, 400);
    return text;
}

static void
json_becomes_values_of_its_kind(void **state) /* K3 */
{
    static const struct {
        const char *json, *value;
    } cases[] = {
        {"1", "1"},
        {"-7", "-7"},
        {"1.0", "1.0"},
        {"1e2", "100.0"},
        {"1E2", "100.0"},
        {"9223372036854775807", "9223372036854775807"},
        {"-9223372036854775808", "-9223372036854775808"},
        {"9007199254740993", "9007199254740993"}, /* no double holds it */
        {"true", "true"},
        {"\"a\\u00e4\"", "'a\xc3\xa4'"},
        {"[]", "[]"},
        {"[1, 2.0, [\"x\" , {\"y\":false} ] ]", "[1, 2.0, ['x', {'y': false}]]"},
        {"{\"a\" : 1, \"b\":{ \"c\": 2.5 }}", "{'a': 1, 'b': {'c': 2.5}}"},
        {"{}", "{}"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_string_equal(params_of(cases[i].json, NULL), cases[i].value);
}

static void
a_book_replaces_parameters_by_their_like(void **state)
{
    static const struct {
        const char *json, *options, *value;
    } cases[] = {
        {"1", "{}", "1"},
        {"1", "{\"x\":2}", "2"},
        {"0.5", "{\"x\":1}", "1.0"},
        {"0.5", "{\"x\":0.75}", "0.75"},
        {"\"a\"", "{\"x\":\"b\",\"limit\":9}", "'b'"},
        {"[0.5]", "{\"x\":[1,2]}", "[1.0, 2.0]"},
        {"[\"a\"]", "{\"x\":[]}", "[]"},
        {"[]", "{\"x\":[1]}", "[1]"},
        {"{\"a\":1.5,\"b\":2.5}", "{\"x\":{\"b\":3,\"c\":4}}", "{'b': 3.0, 'c': 4.0}"},
        {"{\"a\":{\"b\":0.5}}", "{\"x\":{\"a\":{\"b\":1}}}", "{'a': {'b': 1.0}}"},
    };
    static const struct {
        const char *json, *options, *says;
    } wrong[] = {
        /* clang-format off */
        {"1", "{\"y\":2}", "kit.json:3:17: parameters: the book sets y: no such parameter"},
        {"1", "{\"x\":\"2\"}", "kit.json:3:36: parameters/x: expected int in the book too; found string"},
        {"1", "{\"x\":2.5}", "kit.json:3:36: parameters/x: expected int in the book too; found double"},
        {"1", "{\"x\":null}", "kit.json:3:36: parameters/x: the book sets a null, more than 10000 values or an integer"},
        {"1", "{\"x\":9007199254740993}", "kit.json:3:36: parameters/x: the book sets a null, more than"},
        {"[1]", "{\"x\":[\"a\"]}", "kit.json:3:36: parameters/x: expected list(int) in the book too; found list(string)"},
        {"[1]", "{\"x\":1}", "kit.json:3:36: parameters/x: expected list(int) in the book too; found int"},
        {"1", "[]", "kit.json:3:17: parameters: expected an object of parameters in the book"},
        /* clang-format on */
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_string_equal(params_of(cases[i].json, cases[i].options), cases[i].value);
    for (size_t i = 0; i < COUNT(wrong); i++) {
        struct error err;

        assert_null(read_with(
            changed("{ \"min\": 0.6, \"limit\": 5, \"who\": [\"RU\"] }",
                    arena_printf(&arena, "{ \"limit\": 5, \"x\": %s }", wrong[i].json)),
            wrong[i].options, &err));
        if (strncmp(err.text, wrong[i].says, strlen(wrong[i].says)) != 0)
            fail_msg("expected %s\n  found %s", wrong[i].says, err.text);
    }
}

/* -- tests of packs -- */

/* Base and patch are objects; most cases are those that RFC 7396 gives for objects. */
static void
payments_of_tests_are_merged_onto_the_base(void **state)
{
    static const struct {
        const char *base, *patch, *merged;
    } cases[] = {
        {"{\"a\":\"b\"}", "{\"a\":\"c\"}", "{\"a\":\"c\"}"},
        {"{\"a\":\"b\"}", "{\"b\":\"c\"}", "{\"a\":\"b\",\"b\":\"c\"}"},
        {"{\"a\":\"b\"}", "{\"a\":null}", "{}"},
        {"{\"a\":\"b\",\"b\":\"c\"}", "{\"a\":null}", "{\"b\":\"c\"}"},
        {"{\"a\":[\"b\"]}", "{\"a\":\"c\"}", "{\"a\":\"c\"}"},
        {"{\"a\":\"c\"}", "{\"a\":[\"b\"]}", "{\"a\":[\"b\"]}"},
        {"{\"a\":{\"b\":\"c\"}}", "{\"a\":{\"b\":\"d\",\"c\":null}}", "{\"a\":{\"b\":\"d\"}}"},
        {"{\"a\":[{\"b\":\"c\"}]}", "{\"a\":[1]}", "{\"a\":[1]}"},
        {"{\"e\":null}", "{\"a\":1}", "{\"e\":null,\"a\":1}"},
        {"{}", "{\"a\":{\"bb\":{\"ccc\":null}}}", "{\"a\":{\"bb\":{}}}"},
        {"{\"a\":1}", "{\"a\":{\"b\":null,\"c\":2}}", "{\"a\":{\"c\":2}}"},
        {"{\"a\":{\"b\":1,\"c\":[2,3]},\"d\":4}", "{\"a\":{\"b\":null},\"e\":5}",
         "{\"a\":{\"c\":[2,3]},\"d\":4,\"e\":5}"},
        {"{\"a\":1,\"b\":2}", "{}", "{\"a\":1,\"b\":2}"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *text =
            arena_printf(&arena,
                         "{\"pack\":\"p\",\"version\":\"1\",\"title\":\"t\",\"payment\":%s,"
                         "\"rules\":[{\"id\":\"A\",\"title\":\"a\",\"when\":\"true\",\"then\":{"
                         "\"action\":\"accept\"}}],\"tests\":[{\"title\":\"x\",\"payment\":%s,"
                         "\"expect\":{\"action\":\"accept\"}}]}",
                         cases[i].base, cases[i].patch);
        struct pack *pack = read_good(text, NULL);
        char *merged = cJSON_PrintUnformatted(pack->tests[0].payment);

        assert_string_equal(merged, cases[i].merged);
        cJSON_free(merged);
    }
}

/* The hits of a test, as "field score", in the order that rules see them. */
static const char *
hits_of(const char *payment, const char *hits)
{
    const char *text = "",
               *pack = arena_printf(
                   &arena,
                   "{\"pack\":\"p\",\"version\":\"1\",\"title\":\"t\",\"rules\":[{\"id\":\"A\","
                   "\"title\":"
                   "\"a\",\"when\":\"true\",\"then\":{\"action\":\"accept\"}}],\"tests\":[{"
                   "\"title\":\"x\","
                   "\"hits\":[%s],\"payment\":%s,\"expect\":{\"action\":\"accept\"}}]}",
                   hits, payment);
    const struct pack_test *test = &read_good(pack, NULL)->tests[0];

    for (size_t i = 0; i < test->hit_count; i++)
        text =
            arena_printf(&arena, "%s%s%s %.2f %s-%s", text, i ? ", " : "", test->hits[i]->field,
                         test->hits[i]->score, test->hits[i]->query, test->hits[i]->matched);
    return text;
}

#define HIT(field, score, more)                                                                \
    "{\"list\":\"l\",\"entry\":\"1\",\"field\":\"" field "\",\"score\":" score more "}"

static void
the_best_hit_comes_first_and_equals_stay_in_order(void **state)
{
    static const struct {
        const char *hits, *order;
    } cases[] = {
        {"", ""},
        {HIT("a/b", "0.85", ",\"query\":\"q\",\"matched\":\"m\""), "a/b 0.85 q-m"},
        {HIT("a/b", "0.85", "") "," HIT("a", "0.9", "") "," HIT("a/c/1/d", "0.85", ""),
         "a 0.90 -, a/b 0.85 -, a/c/1/d 0.85 -"},
        {HIT("a/c/0", "0", "") "," HIT("a/c/1", "0.5", "") "," HIT("a/c", "1", ""),
         "a/c 1.00 -, a/c/1 0.50 -, a/c/0 0.00 -"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_string_equal(
            hits_of("{\"a\":{\"b\":\"x\",\"c\":[\"y\",{\"d\":\"z\"}]}}", cases[i].hits),
            cases[i].order);
}

/* Nothing of it stands in {"a":{"b":"x","c":["y",{"d":"z"}]}}. */
static void
a_hit_stands_where_the_payment_has_something(void **state)
{
    static const char *const fields[] = {"b",     "a/",      "/a",   "a/b/c",    "a/c/2",
                                         "a/c/-", "a/c/1/e", "a//b", "a/c/01/d", "A/b"};

    (void)state;
    for (size_t i = 0; i < COUNT(fields); i++) {
        const char *text = arena_printf(
            &arena,
            "{\"pack\":\"p\",\"version\":\"1\",\"title\":\"t\",\"rules\":[{\"id\":\"A\","
            "\"title\":\"a\",\"when\":\"true\",\"then\":{\"action\":\"accept\"}}],\"tests\":[{"
            "\"title\":\"x\",\"hits\":[{\"list\":\"l\",\"entry\":\"1\",\"field\":\"%s\","
            "\"score\":1}],\"payment\":{\"a\":{\"b\":\"x\",\"c\":[\"y\",{\"d\":\"z\"}]}},"
            "\"expect\":{\"action\":\"accept\"}}]}",
            fields[i]);
        struct error err;

        print_message("%s\n", fields[i]);
        assert_null(read_with(text, NULL, &err));
        assert_non_null(strstr(err.text, "tests/0/hits/0/field: expected what the test's"));
    }
}

/* -- limits -- */

/* The piece count times with commas between, its # the number. */
static const char *
repeated(const char *piece, size_t count)
{
    char *text = arena_alloc(&arena, count * (strlen(piece) + 12) + 1), *at = text;
    size_t before = strcspn(piece, "#");

    for (size_t i = 0; i < count; i++)
        at +=
            sprintf(at, "%s%.*s%zu%s", i ? "," : "", (int)before, piece, i, piece + before + 1);
    *at = '\0';
    return text;
}

static const char *
filled(char c, size_t count)
{
    char *text = arena_alloc(&arena, count + 1);

    memset(text, c, count);
    text[count] = '\0';
    return text;
}

#define HEAD                                                                                   \
    "\"rules\":[{\"id\":\"A\",\"title\":\"t\",\"when\":\"true\",\"then\":{\"action\":"         \
    "\"accept\"}}],"
#define RULE                                                                                   \
    "{\"id\":\"R#\",\"title\":\"t\",\"when\":\"true\",\"then\":{\"action\":\"accept\"}}"
#define FOUND "{\"list\":\"l#\",\"entry\":\"1\",\"field\":\"a\",\"score\":1}"
#define TEST  "{\"title\":\"t#\",\"payment\":{},\"expect\":{\"action\":\"accept\"}}"

static void
what_grows_has_a_limit(void **state)
{
    const struct {
        const char *head, *piece, *tail; /* piece count times between head and tail */
        size_t max;
        const char *says;
    } cases[] = {
        /* clang-format off */
        {"\"rules\":[", RULE, "]", PACK_RULES_MAX, "rules: expected an array of 1 to 2000 elements; found an array of 2001"},
        {HEAD "\"tests\":[", TEST, "]", PACK_TESTS_MAX, "tests: expected an array of 0 to 2000 elements"},
        {HEAD "\"sources\":[", "\"s#\"", "]", PACK_SOURCES_MAX, "sources: expected an array of 0 to 50 elements"},
        {HEAD "\"parameters\":{\"a\":[", "#", "]}", PACK_ITEMS_MAX - 1, "parameters/a: expected at most 10000 values; found more"},
        {HEAD "\"payment\":{\"a\":{", "\"m#\":1", "}}", PACK_MEMBERS_MAX, "payment/a: expected at most 64 members; found 65"},
        {HEAD "\"tests\":[{\"title\":\"t\",\"expect\":{\"action\":\"hold\"},\"payment\":{", "\"m#\":1", "}}]", PACK_MEMBERS_MAX, "tests/0/payment: expected at most 64 members; found 65"},
        {HEAD "\"tests\":[{\"title\":\"t\",\"expect\":{\"action\":\"hold\"},\"payment\":{\"a\":1},\"hits\":[", FOUND, "]}]", PACK_HITS_MAX, "tests/0/hits: expected an array of 0 to 200 elements; found an array of 201"},
        /* clang-format on */
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        for (size_t over = 0; over < 2; over++) {
            const char *text = arena_printf(
                &arena, "{\"pack\":\"p\",\"version\":\"1\",\"title\":\"t\",%s%s%s}",
                cases[i].head, repeated(cases[i].piece, cases[i].max + over), cases[i].tail);
            struct error err;
            struct pack *pack = read_with(text, NULL, &err);

            if (!over && !pack)
                fail_msg("%s", err.text);
            if (over && (pack || !strstr(err.text, cases[i].says)))
                fail_msg("expected %s\n  found %s", cases[i].says, err.text);
        }
}

static void
what_is_long_has_a_limit(void **state)
{
    const struct {
        const char *from, *format;
        size_t max;
        const char *says;
    } cases[] = {
        {"\"kit\"", "\"%s\"", PACK_NAME_MAX, "pack: expected letters"},
        {"\"1.0.0\"", "\"%s\"", PACK_NAME_MAX, "version: expected a version"},
        {"\"kits\"", "\"%s\"", PACK_TEXT_MAX,
         "title: expected at most 1000 bytes of text; found 1001"},
        {"\"much\", \"when\"", "\"%s\", \"when\"", PACK_TEXT_MAX,
         "rules/AMT-01/title: expected"},
        {"\"text\": \"much\"", "\"text\": \"%s\"", PACK_TEXT_MAX,
         "reason/text: expected at most"},
        {"\"MS03\"", "\"MS03\", \"text\": \"%s\"", PACK_TEXT_MAX,
         "disclosed/text: expected at"},
        {"\"true\"", "\"true || 'a' == '%s'\"", CEL_SOURCE_MAX - 17, "rules/YES-01/when: "},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        for (size_t over = 0; over < 2; over++) {
            const char *piece, *many = filled('7', cases[i].max + over);
            char *at = strstr(cases[i].format, "%s");
            struct error err;
            struct pack *pack;

            piece = arena_printf(&arena, "%.*s%s%s", (int)(at - cases[i].format),
                                 cases[i].format, many, at + 2);
            pack = read_with(changed(cases[i].from, piece), NULL, &err);
            if (!over && !pack)
                fail_msg("%s", err.text);
            if (over && (pack || !strstr(err.text, cases[i].says)))
                fail_msg("expected %s\n  found %s", cases[i].says, err.text);
        }
}

static void
a_file_that_is_too_long_is_not_parsed(void **state)
{
    struct pack *pack;
    struct error err = {0};

    (void)state;
    assert_int_equal(pack_read(&arena, "kit.json", good, PACK_BYTES_MAX + 1, NULL, &pack, &err),
                     -1);
    assert_string_equal(err.text, "kit.json: expected at most 4194304 bytes; found 4194305");
}

static void
a_condition_that_may_take_too_long_is_refused(void **state)
{
    struct error err;

    (void)state;
    assert_null(read_with(changed("\"true\"", "\"goods.all(a, goods.all(b, goods.all(c, "
                                              "a.hs_code == b.hs_code || b.origin == c.origin)"
                                              "))\""),
                          NULL, &err));
    assert_string_equal(err.text,
                        "kit.json:14:48: rules/YES-01/when: expected at most 1000000 steps for "
                        "any payment; found more: fewer loops in loops cost less");
}

/* -- both -- */

static void
the_words_of_actions_are_these(void **state)
{
    static const char *const words[] = {
        "abstain", "accept", "request_information", "hold", "return", "reject", "freeze"};

    (void)state;
    for (int i = POLICY_ABSTAIN; i <= POLICY_FREEZE; i++)
        assert_string_equal(pack_action_name((enum policy_action)i), words[i - 1]);
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
        cmocka_unit_test(a_pack_is_read_whole),
        cmocka_unit_test(rules_and_tests_know_their_lines),
        cmocka_unit_test(a_rule_says_how_long_and_how_it_ends),
        cmocka_unit_test(every_fault_names_its_place),
        cmocka_unit_test(what_may_be_missing_may),
        cmocka_unit_test(json_becomes_values_of_its_kind),
        cmocka_unit_test(a_book_replaces_parameters_by_their_like),
        cmocka_unit_test(payments_of_tests_are_merged_onto_the_base),
        cmocka_unit_test(the_best_hit_comes_first_and_equals_stay_in_order),
        cmocka_unit_test(a_hit_stands_where_the_payment_has_something),
        cmocka_unit_test(what_grows_has_a_limit),
        cmocka_unit_test(what_is_long_has_a_limit),
        cmocka_unit_test(a_file_that_is_too_long_is_not_parsed),
        cmocka_unit_test(a_condition_that_may_take_too_long_is_refused),
        cmocka_unit_test(the_words_of_actions_are_these),
    };

    return cmocka_run_group_tests_name("pack", tests, NULL, tear_down);
}
