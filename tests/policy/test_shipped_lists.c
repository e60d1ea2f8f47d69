/*
 * The shipped book with the shipped list: what a bank says to those who are on it.  The
 * packs' own tests state their hits; here they come from the list's files.
 */
#include "tests/support/test.h"

#include "policy/screening/listing.h"
#include "tests/policy/fixture.h"

#define FOLDER "policy/lists/fictional/"
#define SEED   14 /* this payment is among the few that nearly-all-banks lets pass */

/* The books' snapshots, one for each publication of the list, and one that freezes by it. */
enum lists {
    SPRING,
    NOVEMBER,
    AS_UN, /* the first under the name that listed-party freezes by */
    LISTS_COUNT,
};

static const struct {
    const char *name, *path;
} lists[LISTS_COUNT] = {
    [SPRING] = {"fictional", FOLDER "ofac"},
    [NOVEMBER] = {"fictional", FOLDER "ofac-2024-11-21"},
    [AS_UN] = {"un", FOLDER "ofac"},
};

static struct list_order orders[LISTS_COUNT];
static struct listings *listings[LISTS_COUNT];
static struct snapshot *snapshots[LISTS_COUNT];

static int
load(void **state)
{
    (void)state;
    for (int i = 0; i < LISTS_COUNT; i++) {
        struct snapshot_sources sources = fixture_sources();
        struct error err = {0};

        orders[i] = list_order_of(lists[i].name, &lists[i].path, 1);
        listings[i] =
            listings_new(&(struct listings_options){.orders = &orders[i], .order_count = 1});
        sources.listings = listings[i];
        if (snapshot_load(&sources, &snapshots[i], &err) != 0) {
            print_error("%s\n", err.text);
            return -1;
        }
    }
    return 0;
}

static int
unload(void **state)
{
    (void)state;
    for (int i = 0; i < LISTS_COUNT; i++) {
        snapshot_free(snapshots[i]);
        listings_free(listings[i]);
    }
    return 0;
}

struct sent {
    const char *debtor, *debtor_agent, *agent_name, *creditor;
};

/* Euros for clothing, which every bank takes all year but for a share of them. */
static void
payment_of(const struct sent *sent, const char *bank, struct fixture *fixture)
{
    static const char *const route[] = {"Manzhouli"};

    fixture_init(fixture);
    fixture_goods(fixture, "620240 anoraks");
    fixture->payment.currency = "EUR";
    fixture->payment.amount_minor = 4000000;
    fixture->payment.contract = "88/2024";
    fixture->payment.destination_country = "RU";
    fixture->payment.route = route;
    fixture->payment.route_count = COUNT(route);
    fixture->debtor.name = sent->debtor;
    fixture->debtor_agent.bic = sent->debtor_agent;
    fixture->debtor_agent.name = sent->agent_name;
    fixture->creditor.name = sent->creditor;
    fixture->creditor_agent.bic = bank;
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

#define BUYER  "Teplyi Dom"
#define LISTED "Polyarny Pribor"
#define SELLER "Ningbo Qinghe Garments Co., Ltd."

static void
the_shipped_book_heeds_the_shipped_list(void **state)
{
    static const struct {
        enum lists lists;
        const char *bank, *when;
        struct sent sent;
        enum policy_action action;
        const char *rules;
    } cases[] = {
        /* clang-format off */
        /* every bank screens, from the first day on */
        {SPRING,   "HLDBCNBS", "2023-12-01", {BUYER, "UDACRUMM", "", SELLER}, POLICY_ACCEPT, ""},
        {SPRING,   "HLDBCNBS", "2023-12-01", {LISTED, "UDACRUMM", "", SELLER}, POLICY_REJECT, "LST-02"},
        {SPRING,   "SNGPCNHB", "2024-06-01", {BUYER, "UDACRUMM", "", "Hefei Yunqiao Fiction Optics"}, POLICY_REJECT, "LST-03"},
        {SPRING,   "ZHYRCNBJ", "2024-03-01", {"Polarnyi Priborist", "UDACRUMM", "", SELLER}, POLICY_HOLD, "LST-06"},
        {AS_UN,    "VRKHCNBJ", "2024-03-01", {LISTED, "UDACRUMM", "", SELLER}, POLICY_FREEZE, "LST-01 LST-02"},
        /* banks: at the classes that heed them, their branches too, by a name only if it is sure */
        {SPRING,   "HLDBCNBS", "2024-04-01", {BUYER, "STNKRU2E003", "", SELLER}, POLICY_REJECT, "PBS-01"},
        {SPRING,   "HLDBCNBS", "2024-04-01", {BUYER, "ALTNKZKA", "Stenka Bank", SELLER}, POLICY_REJECT, "PBS-01"},
        {SPRING,   "HLDBCNBS", "2024-04-01", {BUYER, "ALTNKZKA", "Stenko Bank", SELLER}, POLICY_ACCEPT, ""},
        {SPRING,   "SNGPCNHB", "2024-04-01", {BUYER, "STNKRU2E", "Stenka Bank", SELLER}, POLICY_ACCEPT, ""},
        {AS_UN,    "SNGPCNHB", "2024-04-01", {BUYER, "STNKRU2E", "", SELLER}, POLICY_FREEZE, "LST-01"},
        /* 21 November lists two banks more, and classes learn of them that the book does not tell */
        {SPRING,   "HLDBCNBS", "2024-11-22", {BUYER, "NDVGRUMM", "", SELLER}, POLICY_ACCEPT, ""},
        {NOVEMBER, "HLDBCNBS", "2024-11-22", {BUYER, "NDVGRUMM", "", SELLER}, POLICY_REJECT, "PBS-01"},
        {NOVEMBER, "NGTECNSH", "2024-11-22", {BUYER, "VSKHRUMM", "", SELLER}, POLICY_REJECT, "PBS-01"},
        {NOVEMBER, "SNGPCNHB", "2024-06-01", {BUYER, "VSKHRUMM", "", SELLER}, POLICY_ACCEPT, ""},
        /* clang-format on */
    };
    static struct fixture fixture;

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct arena arena = {0};
        struct decision decision;
        char text[200];

        print_message("case %zu: %s %s\n", i, cases[i].bank, cases[i].when);
        payment_of(&cases[i].sent, cases[i].bank, &fixture);
        snapshot_judge(snapshots[cases[i].lists], &fixture.payment, fixture_time(cases[i].when),
                       SEED, NULL, &arena, &decision);
        assert_string_equal(rules_text(&decision, text), cases[i].rules);
        assert_int_equal(decision.action, cases[i].action);
        assert_int_equal(decision.error_count, 0);
        arena_release(&arena);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_shipped_book_heeds_the_shipped_list),
    };

    return cmocka_run_group_tests_name("shipped lists", tests, load, unload);
}
