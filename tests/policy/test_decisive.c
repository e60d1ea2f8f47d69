/*
 * Decisive facts: for each rule, the payment's facts that its action cannot do
 * without, worked out by hand.
 */
#include <unistd.h>

#include "policy/decisive.h"
#include "tests/policy/fixture.h"
#include "tests/support/test.h"

static char folder[] = "/tmp/yuangate-decisive-XXXXXX";
static struct arena arena;
static struct fixture fixture;

static const struct policy_owner owners[] = {{sizeof(owners[0]), 400000, "Ivan"},
                                             {sizeof(owners[0]), 600000, "Olga"}};
static const struct policy_owner *const owner_list[] = {&owners[0], &owners[1]};
static const char *const route[] = {"Khorgos", "Manzhouli"};
static const char *const documents[] = {"contract", "invoice"};
static const struct policy_vessel vessel = {sizeof(vessel), "Aurora", "9074729", "PA"};
static const struct policy_vessel *const vessels[] = {&vessel};
static const struct policy_agent agents[] = {{sizeof(agents[0]), "AAAADEFF", "", "DE", ""},
                                             {sizeof(agents[0]), "BBBBTRIS", "", "TR", ""}};
static const struct policy_agent *const agent_list[] = {&agents[0], &agents[1]};

/* The sample with a bit of everything. */
static void
make_payment(void)
{
    fixture_sample(&fixture);
    fixture.debtor.owners = owner_list;
    fixture.debtor.owner_count = 2;
    fixture.payment.created_at_ms = 1713317400000;
    fixture.payment.route = route;
    fixture.payment.route_count = 2;
    fixture.payment.documents = documents;
    fixture.payment.document_count = 2;
    fixture.payment.vessels = vessels;
    fixture.payment.vessel_count = 1;
    fixture.payment.intermediary_agents = agent_list;
    fixture.payment.intermediary_agent_count = 2;
    fixture.payment.destination_country = "RU";
    fixture.payment.contract = "17/04";
    fixture.goods[0].quantity = 500;
    fixture.goods[1].origin = "TW";
}

static const char *
path_of(const char *name)
{
    return arena_printf(&arena, "%s/%s.json", folder, name);
}

static void
write_text(const char *name, const char *text)
{
    FILE *file = fopen(path_of(name), "w");

    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

/* "REJECT: condition" lines become rules of a pack; the book has that pack alone. */
static struct snapshot *
load_rules(const char *default_action, const char *rules)
{
    struct snapshot_sources sources = fixture_sources();
    const char *text = "{\"pack\":\"p\",\"version\":\"1\",\"title\":\"t\",\"parameters\":{"
                       "\"limits\":{\"CNY\":1000}},\"rules\":[";
    struct snapshot *snapshot;
    struct error err = {0};
    int number = 1;

    for (const char *line = rules; *line; number++) {
        size_t len = strcspn(line, "\n"), action = strcspn(line, ":");

        text =
            arena_printf(&arena,
                         "%s%s{\"id\":\"R-%d\",\"title\":\"t\",\"when\":\"%.*s\",\"then\":{"
                         "\"action\":\"%.*s\",\"reason\":{\"code\":\"RR04\",\"text\":\"x\"}}}",
                         text, number > 1 ? "," : "", number, (int)(len - action - 2),
                         line + action + 2, (int)action, line);
        line += len + (line[len] == '\n');
    }
    write_text("p", arena_printf(&arena, "%s]}", text));
    write_text(
        "book",
        arena_printf(&arena,
                     "{\"book\":\"test\",\"default_action\":\"%s\",\"banks\":[{\"bic\":"
                     "\"HLDBCNBS\",\"name\":\"H\",\"class\":\"joint_stock\"}],\"regimes\":"
                     "[{\"from\":\"2024-01-01\",\"policies\":{\"*\":[{\"plugin\":\"rules\","
                     "\"pack\":\"p\"}]}}]}",
                     default_action));
    sources.book = path_of("book");
    sources.pack_path = folder;
    if (snapshot_load(&sources, &snapshot, &err) != 0)
        fail_msg("%s", err.text);
    return snapshot;
}

/* "debtor/country goods/0": what is decisive for the payment at hand. */
static const char *
decisive_of(const struct snapshot *snapshot, struct decision *decision)
{
    int64_t now_ms = fixture_time("2024-04-17");
    const char *text = "";

    snapshot_judge(snapshot, &fixture.payment, now_ms, 1, NULL, &arena, decision);
    decisive_find(snapshot, &fixture.payment, now_ms, 1, NULL, &arena, decision);
    assert_non_null(decision->decisive);
    for (size_t i = 0; i < decision->decisive_count; i++)
        text = arena_printf(&arena, "%s%s%s", text, i ? " " : "", decision->decisive[i]);
    return text;
}

static void
what_the_action_cannot_do_without_is_decisive(void **state)
{
    static const struct {
        const char *rules, *decisive;
    } cases[] = {
        /* clang-format off */
        {"reject: payment.debtor.country == 'RU'", "debtor/country"},
        {"reject: payment.debtor.country == 'KZ'", ""}, /* nothing fired: nothing is needed */
        {"reject: payment.debtor.country == 'RU' && payment.amount.currency == 'CNY'", "amount/currency debtor/country"},
        {"reject: payment.debtor.country == 'RU' || payment.debtor_agent.country == 'RU'", "debtor_agent/country"},
        /* two rules of one action: the later facts suffice */
        {"reject: payment.amount.currency == 'CNY'\nreject: payment.debtor.country == 'RU'", "debtor/country"},
        /* a milder rule beside it needs nothing */
        {"hold: payment.amount.currency == 'CNY'\nreject: payment.debtor.country == 'RU'", "debtor/country"},
        {"reject: payment.debtor.country == 'RU'\nreturn: payment.amount.currency == 'CNY'", "debtor/country"},
        /* every kind of field */
        {"hold: payment.amount.minor > 1000", "amount/value"},
        {"hold: payment.amount.value == '1250000.00'", "amount/value"},
        {"hold: payment.created_at > timestamp('2024-01-01T00:00:00Z')", "created_at"},
        {"hold: payment.trade.destination_country == 'RU'", "trade/destination_country"},
        {"hold: payment.trade.route.exists(r, r == 'Manzhouli')", "trade/route/1"},
        {"hold: 'Manzhouli' in payment.trade.route", "trade/route"},
        {"hold: payment.trade.documents.exists(d, d in ['contract', 'invoice'])", "trade/documents/1"},
        {"hold: payment.trade.vessels.exists(v, v.flag == 'PA')", "trade/vessels/0/flag"},
        {"hold: payment.trade.vessels[0].imo == '9074729'", "trade/vessels/0/imo"},
        {"hold: payment.debtor.owners.exists(o, o.name == 'Olga')", "debtor/owners/1/name"},
        {"hold: payment.intermediary_agents.exists(a, a.country == 'TR')", "intermediary_agents/1/country"},
        {"hold: has(payment.trade) && payment.rail == 'CIPS'", "rail trade"},
        /* goods lines go whole, and take their kits along */
        {"reject: goods.exists(g, g.hs_code == '847330')", "goods/1"},
        {"reject: goods.exists(g, g.origin == '')", "goods/2"},
        {"reject: goods.exists(g, g.quantity > 100.0)", "goods/0"},
        {"reject: kits.exists(k, k.coverage > 0.6)", "goods/0 goods/1 goods/2"},
        {"reject: goods.size() == 3", "goods"},
        /* nobody can take away the bank or the day; they are told where a rule needs them */
        {"reject: bank.class == 'joint_stock' && payment.debtor.country == 'RU'", "bank/class debtor/country"},
        {"reject: bank.class == 'joint_stock' && payment.debtor.country == 'RU'\nreject: payment.rail == 'CIPS'", "rail"},
        {"reject: now > timestamp('2024-04-01T00:00:00Z')", "now"},
        /* a fact whose absence makes a rule fail is needed: a failure is no judgement */
        {"hold: params.limits[payment.amount.currency] == 1000", "amount/currency"},
        /* an identifier of the line is a number too */
        {"reject: goods[1].hs6 == 847330", "goods/1"},
        /* clang-format on */
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct snapshot *snapshot = load_rules("accept", cases[i].rules);
        struct decision decision;
        const char *found;

        make_payment();
        found = decisive_of(snapshot, &decision);
        if (strcmp(found, cases[i].decisive) != 0)
            fail_msg("%s\n  expected: %s\n  found:    %s", cases[i].rules, cases[i].decisive,
                     found);
        snapshot_free(snapshot);
    }
}

static void
the_default_action_needs_no_facts(void **state)
{
    struct snapshot *snapshot = load_rules("reject", "reject: payment.debtor.country == 'RU'");
    struct decision decision;

    (void)state;
    make_payment();
    assert_string_equal(decisive_of(snapshot, &decision), "");
    assert_int_equal(decision.action, POLICY_REJECT);
    snapshot_free(snapshot);
}

static void
another_bank_is_another_decision(void **state)
{
    struct snapshot *snapshot =
        load_rules("accept", "reject: payment.creditor_agent.bic == 'HLDBCNBS'");
    struct decision decision;

    (void)state;
    make_payment();
    /* without it the payment would be rejected too, for a bank that is not known */
    assert_string_equal(decisive_of(snapshot, &decision), "creditor_agent/bic");
    fixture.creditor_agent.bic = "NOSUCHBK";
    assert_string_equal(decisive_of(snapshot, &decision), "");
    assert_string_equal(decision.reason.code, "RC04");
    snapshot_free(snapshot);
}

static void
the_payment_is_left_as_it_was(void **state)
{
    struct snapshot *snapshot = load_rules(
        "accept",
        "reject: goods.exists(g, g.tier == '1') && "
        "payment.debtor.owners.exists(o, o.name == 'Olga') && payment.rail == 'CIPS'");
    struct fixture before;
    struct decision decision;

    (void)state;
    make_payment();
    before = fixture;
    decisive_of(snapshot, &decision);
    assert_memory_equal(&before, &fixture, sizeof(fixture));
    assert_string_equal(fixture.goods[0].hs_code, "854231");
    snapshot_free(snapshot);
}

/* 64 judgements and no more: the 65th fact is not tried, although it could go. */
static void
the_number_of_judgements_is_bounded(void **state) /* E3 */
{
    struct snapshot *snapshot =
        load_rules("accept", "reject: goods.exists(g, g.hs_code == '854231')\n"
                             "reject: payment.trade.contract != ''");
    struct decision decision;

    (void)state;
    make_payment();
    fixture.payment.goods_count = 0;
    for (int i = 0; i < DECISIVE_TRIALS_MAX + 6; i++)
        fixture_goods(&fixture, "854231 processors");
    assert_string_equal(decisive_of(snapshot, &decision), "trade/contract");
    fixture.payment.goods_count = DECISIVE_TRIALS_MAX - 1;
    assert_string_equal(decisive_of(snapshot, &decision), "trade/contract");
    fixture.payment.goods_count = 12; /* goods/2 comes before goods/10 */
    fixture.payment.contract = "";
    assert_string_equal(decisive_of(snapshot, &decision), "goods/11");
    snapshot_free(snapshot);
}

static int
set_up(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int
tear_down(void **state)
{
    (void)state;
    unlink(path_of("p"));
    unlink(path_of("book"));
    arena_release(&arena);
    return rmdir(folder);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_action_cannot_do_without_is_decisive),
        cmocka_unit_test(the_default_action_needs_no_facts),
        cmocka_unit_test(another_bank_is_another_decision),
        cmocka_unit_test(the_payment_is_left_as_it_was),
        cmocka_unit_test(the_number_of_judgements_is_bounded),
    };

    return cmocka_run_group_tests_name("decisive", tests, set_up, tear_down);
}
