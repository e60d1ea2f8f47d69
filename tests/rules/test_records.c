/*
 * The payment and the facts around it as rules see them: every member of the
 * JSON payment under its own name, defaults where nothing was given.
 */
#include "policy/rules/records.h"

#include <stdio.h>
#include <stdlib.h>

#include "gateway/payment/money.h"
#include "gateway/payment/payment.h"
#include "policy/rules/cel/check.h"
#include "tests/support/payment_document.h"
#include "tests/support/test.h"

#define NOW_MS        INT64_C(1713317400000) /* 2024-04-17T01:30:00Z */
#define DAY_MS        INT64_C(86400000)
#define PATH_MAX_     200
#define SECONDS(n)    ((n)*INT64_C(1000000000))
#define FACTS_1_0     offsetof(struct policy_facts, alloc)
#define RUN_MEMORY(n) ((struct cel_run){arena_of_run, &arena, (n), CEL_STEPS_MAX, &host})

static struct arena arena;
static struct payment payment;

/* --- a host ------------------------------------------------------------------------------ */

static void *
arena_of_run(void *context, size_t bytes)
{
    return arena_alloc(context, bytes);
}

static const struct policy_goods_fact *
facts_goods(struct policy_facts *facts, uint32_t line)
{
    static const struct policy_goods_fact lines[] = {
        {sizeof(lines[0]), "1", "kit", "processor"},
        {sizeof(lines[0]), "", "kit", "casing"},
        {sizeof(lines[0]), "", "", ""},
    };

    (void)facts;
    assert_true(line < COUNT(lines));
    return &lines[line];
}

static size_t
facts_kits(struct policy_facts *facts, const struct policy_kit *const **kits)
{
    static const char *const roles[] = {"processor", "casing", "screen"};
    static const uint32_t lines[] = {0, 2};
    static const char *const from[] = {"", ""};
    static const struct policy_kit notebook = {
        sizeof(notebook), 2, 1,   2.0 / 3, "notebook", "a notebook", roles, lines,
        roles + 2,        0, from};
    static const struct policy_kit *const found[] = {&notebook};

    (void)facts;
    *kits = found;
    return 1;
}

static size_t
facts_hits(struct policy_facts *facts, const struct policy_hit *const **hits)
{
    static const struct policy_hit hit = {
        sizeof(hit), "primer", "P-7", "debtor/name", "SBORKA SEVER", "SBORKA SEVER OOO", 0.93};
    static const struct policy_hit *const found[] = {&hit};

    (void)facts;
    *hits = found;
    return 1;
}

/* Counts what it was asked: 10 for the debtor, 20 for the creditor, ... plus the days. */
static void
facts_history(struct policy_facts *facts, enum policy_history_by by, int64_t window_ms,
              struct policy_window *out)
{
    (void)facts;
    assert_int_equal(out->size, sizeof(*out));
    *out = (struct policy_window){sizeof(*out),
                                  10 * (by + 1) + window_ms / DAY_MS,
                                  window_ms,
                                  by + 1,
                                  by == POLICY_HISTORY_DEBTOR ? NOW_MS - DAY_MS + 7 : 0,
                                  0,
                                  0};
}

static double
facts_chance(struct policy_facts *facts, const char *rule, uint32_t site)
{
    (void)facts;
    assert_string_equal(rule, "AMT-01");
    return 0.25 * site;
}

static const struct policy_bank bank = {sizeof(bank), "HLDBCNBS", "Hulan", "joint_stock"};
static struct policy_facts facts;
static struct cel_host host;
static struct cel_run run;

static int
set_up(void **state)
{
    static struct payment_faults faults;

    (void)state;
    faults.arena = &arena;
    facts = (struct policy_facts){
        .size = sizeof(facts),
        .now_ms = NOW_MS,
        .bank = &bank,
        .goods = facts_goods,
        .kits = facts_kits,
        .hits = facts_hits,
        .history = facts_history,
        .chance = facts_chance,
    };
    host = (struct cel_host){&payment.record, &facts, currency_decimals};
    run = RUN_MEMORY(CEL_MEMORY_MAX);
    return payment_read(payment_document_edit(&arena, "{", "{"), &payment, &faults);
}

static int
tear_down(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

/* --- reading by path --------------------------------------------------------------------- */

static enum cel_variable_id
variable_named(const char *name)
{
    for (int id = 0; id < CEL_VAR_COUNT; id++)
        if (strcmp(cel_variable_names[id], name) == 0)
            return (enum cel_variable_id)id;
    fail_msg("no variable %s", name);
    return CEL_VAR_COUNT;
}

static const struct cel_field *
field_named(struct cel_value of, const char *name)
{
    const struct cel_field *field;

    assert_int_equal(of.kind, CEL_RECORD);
    field = cel_record_field((enum cel_record_id)of.type, name);
    if (!field)
        fail_msg("%s has no %s", cel_records[of.type].name, name);
    return field;
}

/* One step of a path: a field, or with # an element. */
static struct cel_value
step(struct cel_value from, const char *name)
{
    struct cel_value found = {0};

    if (name[0] == '#') {
        assert_int_equal(from.kind, CEL_LIST);
        assert_true((uint32_t)atoi(name + 1) < from.size);
        return from.items[atoi(name + 1)];
    }
    if (from.kind == CEL_MAP) {
        assert_true(cel_map_find(from, cel_text(name), &found));
        return found;
    }
    return cel_field_get(&run, field_named(from, name), from.record);
}

/* "payment.goods.#0.hs_code"; with has, whether the last field is given. */
static struct cel_value
read_path(const char *path, bool has)
{
    char text[PATH_MAX_], *rest = NULL, *name, *next;
    struct cel_value value;

    snprintf(text, sizeof(text), "%s", path);
    value = cel_variable_load(&run, variable_named(strtok_r(text, ".", &rest)));
    for (name = strtok_r(NULL, ".", &rest); name; name = next) {
        next = strtok_r(NULL, ".", &rest);
        if (!next && has)
            return cel_field_has(&run, field_named(value, name), value.record);
        value = step(value, name);
    }
    return value;
}

static const char *
shown(struct cel_value value)
{
    char *text = arena_alloc(&arena, PATH_MAX_);

    if (value.kind == CEL_ERROR)
        return value.text;
    cel_print(value, text, PATH_MAX_);
    return text;
}

static void
expect(const char *path, const char *expected)
{
    const char *found = shown(read_path(path, false));

    if (strcmp(found, expected) != 0)
        fail_msg("%s is %s, not %s", path, found, expected);
}

static void
expect_has(const char *path, bool expected)
{
    struct cel_value found = read_path(path, true);

    if (found.kind != CEL_BOOL || found.truth != expected)
        fail_msg("has(%s) is not %d", path, expected);
}

/* --- the payment ------------------------------------------------------------------------- */

/* Walks the JSON: each member is a field of the same name that holds the same. */
static void
same_as_json(const char *path, const cJSON *json)
{
    const cJSON *member;
    char below[PATH_MAX_];
    int i = 0;

    cJSON_ArrayForEach(member, json)
    {
        if (cJSON_IsArray(json))
            snprintf(below, sizeof(below), "%s.#%d", path, i++);
        else
            snprintf(below, sizeof(below), "%s.%s", path, member->string);
        same_as_json(below, member);
    }
    if (cJSON_IsString(json) && !strstr(path, ".share") && !strstr(path, "created_at") &&
        !strstr(path, ".value"))
        assert_true(cel_is_equal(read_path(path, false), cel_text(json->valuestring)));
    if (cJSON_IsNumber(json))
        assert_true(cel_is_equal(read_path(path, false), cel_double(json->valuedouble)));
    if (!cJSON_IsObject(json) && !cJSON_IsArray(json) && !strstr(path, ".#") &&
        !strstr(path, ".identifiers."))
        expect_has(path, true);
}

static void
every_member_of_the_json_is_a_field_of_the_same_name(void **state)
{
    cJSON *json = cJSON_Duplicate(payment_document_edit(&arena, "{", "{"), true);

    (void)state;
    cJSON_DeleteItemFromObjectCaseSensitive(json, "simulate"); /* not the policies' affair */
    same_as_json("payment", json);
    cJSON_Delete(json);
}

static void
values_are_what_the_payment_says(void **state)
{
    static const struct {
        const char *path, *value;
    } cases[] = {
        {"payment.created_at", "timestamp('2024-04-17T01:30:00Z')"},
        {"payment.amount.value", "'1250000.00'"},
        {"payment.amount.minor", "125000000"},
        {"payment.debtor.owners.#1.share", "0.4"},
        {"payment.debtor.identifiers", "{'inn': '7700000001', 'ogrn': '1230000000001'}"},
        {"payment.creditor.identifiers", "{}"},
        {"payment.trade.route", "['Manzhouli', 'Chita']"},
        {"payment.goods.#0.value", "'600000.00'"},
        {"payment.goods.#0.value_minor", "60000000"},
        {"payment.goods.#0.hs6", "854231"},
        {"payment.goods.#0.chapter", "85"},
        {"payment.goods.#0.tier", "'1'"},
        {"payment.goods.#0.group", "'kit'"},
        {"payment.goods.#0.role", "'processor'"},
        {"payment.goods.#1.quantity", "2.5"},
        {"payment.goods.#1.value", "''"},
        {"payment.goods.#1.tier", "''"},
        {"payment.goods.#1.role", "'casing'"},
        {"payment.goods.#2.hs6", "0"},
        {"payment.goods.#2.chapter", "0"},
        {"payment.goods.#2.value", "'0.50'"},
        {"goods.#2.description", "'LCD screens'"},
        {"goods.#0.end_user", "'OOO Zavod Primer'"},
        {"bank.bic", "'HLDBCNBS'"},
        {"bank.class", "'joint_stock'"},
        {"now", "timestamp('2024-04-17T01:30:00Z')"},
        {"kits.#0.kit", "'notebook'"},
        {"kits.#0.title", "'a notebook'"},
        {"kits.#0.parts", "['processor', 'casing']"},
        {"kits.#0.missing", "['screen']"},
        {"kits.#0.lines", "[0, 2]"},
        {"hits.#0.list", "'primer'"},
        {"hits.#0.entry", "'P-7'"},
        {"hits.#0.field", "'debtor/name'"},
        {"hits.#0.query", "'SBORKA SEVER'"},
        {"hits.#0.matched", "'SBORKA SEVER OOO'"},
        {"hits.#0.score", "0.93"},
        {"history.debtor.last_at", "timestamp('2024-04-16T01:30:00.007Z')"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        expect(cases[i].path, cases[i].value);
    assert_true(read_path("kits.#0.coverage", false).d == 2.0 / 3);
}

/* The rest of the payment is removed, member by member. */
static void
what_was_not_given_reads_as_the_default_and_has_not(void **state)
{
    static const struct {
        const char *path, *value;
    } cases[] = {
        {"payment.created_at", "timestamp('1970-01-01T00:00:00Z')"},
        {"payment.rail", "''"},
        {"payment.remittance_information", "''"},
        {"payment.ultimate_debtor.country", "''"},
        {"payment.ultimate_creditor.owners", "[]"},
        {"payment.debtor.identifiers", "{}"},
        {"payment.debtor.owners", "[]"},
        {"payment.debtor_agent.cnaps", "''"},
        {"payment.intermediary_agents", "[]"},
        {"payment.goods", "[]"},
        {"payment.purpose.code", "''"},
        {"payment.trade.contract", "''"},
        {"payment.trade.documents", "[]"},
        {"payment.trade.vessels", "[]"},
    };
    static const char minimal[] =
        "{\"uetr\":\"97ed4827-7b6f-4491-a06f-b548d5a7512d\",\"end_to_end_id\":\"1\","
        "\"amount\":{\"currency\":\"JPY\",\"value\":\"7\"},"
        "\"debtor\":{\"name\":\"A\",\"country\":\"RU\"},\"debtor_agent\":{\"bic\":\"SVRBRUMM\"}"
        ","
        "\"creditor_agent\":{\"bic\":\"HLDBCNBS\"},"
        "\"creditor\":{\"name\":\"B\",\"country\":\"CN\"}}";
    static struct payment_faults faults;
    cJSON *json = cJSON_Parse(minimal);

    (void)state;
    faults.arena = &arena;
    assert_int_equal(payment_read(json, &payment, &faults), 0);
    for (size_t i = 0; i < COUNT(cases); i++) {
        expect(cases[i].path, cases[i].value);
        expect_has(cases[i].path, false);
    }
    expect("payment.amount.value", "'7'");
    expect_has("payment.trade", false);
    expect_has("payment.purpose", false);
    expect_has("payment.ultimate_debtor", false);
    expect_has("payment.debtor", true);
    expect_has("payment.debtor_agent", true);
    expect_has("payment.amount", true);
    cJSON_Delete(json);
}

static void
has_of_trade_is_true_for_any_of_its_members(void **state)
{
    static const char *const vessel_given[] = {"x"};
    const struct policy_payment whole = payment.record;
    struct policy_payment *trade = &payment.record;

    (void)state;
    trade->contract = trade->destination_country = "";
    trade->route_count = trade->document_count = trade->vessel_count = 0;
    expect_has("payment.trade", false);
    trade->contract = "1";
    expect_has("payment.trade", true);
    trade->contract = "";
    trade->destination_country = "KZ";
    expect_has("payment.trade", true);
    trade->destination_country = "";
    trade->documents = vessel_given;
    trade->document_count = 1;
    expect_has("payment.trade", true);
    payment.record = whole;
}

static void
lines_without_a_value_or_code_say_so(void **state)
{
    (void)state;
    expect_has("payment.goods.#0.value", true);
    expect_has("payment.goods.#1.value", false);
    expect_has("payment.goods.#1.value_minor", false);
    expect_has("payment.goods.#1.chapter", true);
    expect_has("payment.goods.#2.chapter", false);
    expect_has("payment.goods.#2.hs6", false);
    expect_has("payment.goods.#2.quantity", false);
    expect_has("payment.goods.#1.tier", false);
    expect_has("kits.#0.lines", true);
}

static void
a_party_that_is_missing_altogether_reads_as_an_empty_one(void **state)
{
    (void)state;
    payment.record.ultimate_debtor = NULL;
    payment.debtor.address = NULL;
    facts.bank = NULL;
    expect("payment.ultimate_debtor.name", "''");
    expect("payment.ultimate_debtor.owners", "[]");
    expect("payment.debtor.address", "''");
    expect("bank.class", "''");
    expect_has("payment.ultimate_debtor", false);
    expect_has("payment.debtor.address", false);
}

static void
amounts_have_the_currencys_decimals(void **state)
{
    static const struct {
        const char *currency;
        int64_t minor;
        const char *value;
    } cases[] = {
        {"CNY", 1, "'0.01'"},
        {"CNY", 123456, "'1234.56'"},
        {"CNY", INT64_C(1000000000000000000), "'10000000000000000.00'"},
        {"JPY", 123456, "'123456'"},
        {"BHD", 5, "'0.005'"},
        {"UYW", 12345, "'1.2345'"},
        {"XXX", 1, "the decimals of currency XXX are not known"},
        {"CNY", -1, "an amount of money is below 0"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        payment.record.currency = cases[i].currency;
        payment.record.amount_minor = cases[i].minor;
        expect("payment.amount.value", cases[i].value);
    }
}

static void
what_cannot_be_read_cannot_be_asked_for_either(void **state)
{
    (void)state;
    payment.record.amount_minor = 1;
    payment.record.currency = "CNY";
    expect_has("payment.amount.value", true);
    payment.record.currency = "XXX"; /* "not given" would be an answer, and a wrong one */
    assert_string_equal(shown(read_path("payment.amount.value", true)),
                        "the decimals of currency XXX are not known");
}

static void
times_before_1970_are_rounded_down(void **state)
{
    (void)state;
    facts.now_ms = -1;
    expect("now", "timestamp('1969-12-31T23:59:59.999Z')");
}

/* --- history and chance ------------------------------------------------------------------ */

static const struct cel_function *
record_function(const char *name)
{
    const struct cel_function *row = cel_record_functions;

    while (row->name && strcmp(row->name, name) != 0)
        row++;
    assert_non_null(row->name);
    return row;
}

static void
windows_count_what_came_before(void **state)
{
    static const struct {
        const char *window, *method;
        int64_t duration;
        const char *value;
    } cases[] = {
        {"history.debtor", "count", SECONDS(86400 * 3), "13"},
        {"history.creditor", "count", SECONDS(86400), "21"},
        {"history.end_user", "count", 0, "30"},
        {"history.contract", "counterparties", SECONDS(1), "4"},
        {"history.debtor", "sum", SECONDS(2), "2000"},
        {"history.debtor", "sum", 1, "1"}, /* a part of a millisecond is one */
        {"history.debtor", "sum", 1000001, "2"},
        {"history.debtor", "count", -1, "count() wants a time that is not negative"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct cel_value args[] = {read_path(cases[i].window, false),
                                         cel_duration(cases[i].duration)};

        assert_string_equal(shown(record_function(cases[i].method)->call(&run, args, 2)),
                            cases[i].value);
    }
    expect_has("history.debtor.last_at", true);
    expect_has("history.creditor.last_at", false);
    expect_has("history.debtor", true);
}

static void
a_window_asked_with_anything_else_has_no_overload(void **state)
{
    const struct cel_value args[] = {read_path("history.debtor", false), cel_int(1)};
    const struct cel_value others[] = {read_path("bank", false), cel_duration(1)};

    (void)state;
    assert_int_equal(record_function("count")->call(&run, args, 2).kind, CEL_ERROR);
    assert_int_equal(record_function("sum")->call(&run, others, 2).kind, CEL_ERROR);
}

static void
chance_is_true_below_its_probability(void **state)
{
    static const struct {
        double below;
        int64_t site;
        const char *value;
    } cases[] = {
        {0, 0, "false"},
        {0.1, 0, "true"},
        {0.25, 1, "false"},
        {0.26, 1, "true"},
        {1, 3, "true"},
        {1.01, 0, "chance() wants a probability from 0 to 1"},
        {-0.1, 0, "chance() wants a probability from 0 to 1"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct cel_value args[] = {cel_double(cases[i].below), cel_text("AMT-01"),
                                         cel_int(cases[i].site)};

        assert_string_equal(shown(record_function("chance")->call(&run, args, 3)),
                            cases[i].value);
    }
}

static void
chance_outside_a_rule_is_an_error(void **state)
{
    const struct cel_value args[] = {cel_double(1), cel_text("AMT-01"), cel_int(0)};

    (void)state;
    assert_int_equal(record_function("chance")->call(&run, args, 1).kind, CEL_ERROR);
    facts.size = FACTS_1_0;
    assert_string_equal(shown(record_function("chance")->call(&run, args, 3)),
                        "chance() needs a host of ABI 1.1");
}

/* F3 */
static void
a_host_of_abi_1_0_knows_no_hits_and_no_history(void **state)
{
    const struct cel_value args[] = {read_path("history.debtor", false), cel_duration(1)};

    (void)state;
    facts.size = FACTS_1_0;
    expect("hits", "[]");
    expect("kits.#0.kit", "'notebook'");
    assert_string_equal(shown(record_function("count")->call(&run, args, 2)), "0");
    expect("history.debtor.last_at", "timestamp('1970-01-01T00:00:00Z')");
    expect_has("history.debtor.last_at", false);
}

/* --- tables ------------------------------------------------------------------------------ */

static void
every_field_reads_as_the_type_it_declares(void **state)
{
    static const char *const records[CEL_REC_COUNT] = {
        [CEL_REC_PAYMENT] = "payment",
        [CEL_REC_AMOUNT] = "payment.amount",
        [CEL_REC_PURPOSE] = "payment.purpose",
        [CEL_REC_TRADE] = "payment.trade",
        [CEL_REC_PARTY] = "payment.debtor",
        [CEL_REC_OWNER] = "payment.debtor.owners.#0",
        [CEL_REC_AGENT] = "payment.intermediary_agents.#1",
        [CEL_REC_GOODS] = "goods.#0",
        [CEL_REC_VESSEL] = "payment.trade.vessels.#0",
        [CEL_REC_KIT] = "kits.#0",
        [CEL_REC_HIT] = "hits.#0",
        [CEL_REC_BANK] = "bank",
        [CEL_REC_HISTORY] = "history",
        [CEL_REC_WINDOW] = "history.end_user",
    };

    (void)state;
    for (int r = 0; r < CEL_REC_COUNT; r++) {
        struct cel_value record = read_path(records[r], false);

        assert_int_equal(record.type, r);
        for (size_t i = 0; i < cel_records[r].field_count; i++) {
            const struct cel_field *field = &cel_records[r].fields[i];
            struct cel_value value = cel_field_get(&run, field, record.record);

            assert_string_equal(cel_type_name(&arena, cel_type_of(&arena, value)),
                                cel_type_name(&arena, field->type));
            if (value.kind == CEL_LIST || value.kind == CEL_MAP)
                assert_true(value.size > 0 && field->items_max >= value.size);
        }
    }
}

static void
every_variable_has_the_type_it_declares(void **state)
{
    static const char *const types[CEL_VAR_COUNT] = {
        [CEL_VAR_PAYMENT] = "payment", [CEL_VAR_GOODS] = "list(goods line)",
        [CEL_VAR_KITS] = "list(kit)",  [CEL_VAR_HITS] = "list(hit)",
        [CEL_VAR_HISTORY] = "history", [CEL_VAR_BANK] = "bank",
        [CEL_VAR_NOW] = "timestamp",   [CEL_VAR_PARAMS] = "map(dyn, dyn)",
    };

    (void)state;
    for (int id = 0; id < CEL_VAR_COUNT; id++) {
        const struct cel_type *type = cel_variable_type((enum cel_variable_id)id);

        assert_string_equal(cel_type_name(&arena, type), types[id]);
        assert_int_equal(cel_variable_items_max((enum cel_variable_id)id) > 0,
                         type->kind == CEL_LIST);
        if (id != CEL_VAR_PARAMS)
            assert_string_equal(
                cel_type_name(&arena, cel_type_of(&arena, cel_variable_load(
                                                              &run, (enum cel_variable_id)id))),
                types[id]);
    }
}

static void
lists_are_as_long_as_the_gateway_lets_them_be(void **state)
{
    static const struct {
        enum cel_record_id record;
        const char *field;
        uint32_t most;
    } cases[] = {
        {CEL_REC_PAYMENT, "goods", PAYMENT_GOODS_MAX},
        {CEL_REC_PAYMENT, "intermediary_agents", PAYMENT_INTERMEDIARY_AGENTS_MAX},
        {CEL_REC_PARTY, "owners", PAYMENT_OWNERS_MAX},
        {CEL_REC_TRADE, "route", PAYMENT_ROUTE_MAX},
        {CEL_REC_TRADE, "documents", PAYMENT_DOCUMENTS_MAX},
        {CEL_REC_TRADE, "vessels", PAYMENT_VESSELS_MAX},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_int_equal(cel_record_field(cases[i].record, cases[i].field)->items_max,
                         cases[i].most);
    assert_int_equal(cel_variable_items_max(CEL_VAR_GOODS), PAYMENT_GOODS_MAX);
}

static void
out_of_memory_is_an_error(void **state)
{
    static const char *const paths[] = {"goods", "payment.goods", "payment.trade.route", "kits",
                                        "hits",  "history",       "payment.amount.value"};

    (void)state;
    for (size_t i = 0; i < COUNT(paths); i++) {
        run = RUN_MEMORY(8);
        assert_int_equal(read_path(paths[i], false).kind, CEL_ERROR);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_member_of_the_json_is_a_field_of_the_same_name),
        TEST(values_are_what_the_payment_says),
        TEST(what_was_not_given_reads_as_the_default_and_has_not),
        TEST(has_of_trade_is_true_for_any_of_its_members),
        TEST(lines_without_a_value_or_code_say_so),
        TEST(a_party_that_is_missing_altogether_reads_as_an_empty_one),
        TEST(amounts_have_the_currencys_decimals),
        TEST(what_cannot_be_read_cannot_be_asked_for_either),
        TEST(times_before_1970_are_rounded_down),
        TEST(windows_count_what_came_before),
        TEST(a_window_asked_with_anything_else_has_no_overload),
        TEST(chance_is_true_below_its_probability),
        TEST(chance_outside_a_rule_is_an_error),
        TEST(a_host_of_abi_1_0_knows_no_hits_and_no_history),
        TEST(every_field_reads_as_the_type_it_declares),
        TEST(every_variable_has_the_type_it_declares),
        TEST(lists_are_as_long_as_the_gateway_lets_them_be),
        TEST(out_of_memory_is_an_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
