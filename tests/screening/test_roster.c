/* test_roster.c - whom of a payment lists have: each place of it, owners, laws of a day. */
#include "tests/support/test.h"

#include <string.h>

#include "gateway/base/buffer.h"
#include "gateway/base/time.h"
#include "policy/screening/roster.h"
#include "tests/policy/fixture.h"

#define FICTIONAL "policy/lists/fictional/"
#define HALF_DAY  "2024-07-03T12:00:00+08:00" /* since then the EU says 50 % and more */

static struct listings *listings;
static struct listing *opened[2];
static struct roster roster;
static struct arena arena;

static int
set_up(void **state)
{
    static const char *const folders[] = {FICTIONAL "entities", FICTIONAL "ofac"};
    static const char *const names[] = {"entities", "ofac"};
    static struct screen_thresholds thresholds[2];
    struct error err = {0};

    (void)state;
    listings = listings_new(&(struct listings_options){0});
    for (size_t i = 0; i < 2; i++) {
        struct list_order order = list_order_of(names[i], &folders[i], 1);

        if (listings_load(listings, &order, NULL, NULL, &opened[i], &err) != 0)
            return -1;
    }
    roster = (struct roster){.listings = opened, .count = 1, .thresholds = thresholds};
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    listing_release(opened[0]);
    listing_release(opened[1]);
    listings_free(listings);
    arena_release(&arena);
    return 0;
}

/* The sample payment with members changed: "debtor":{…},… */
static const struct policy_payment *
payment_of(const char *members)
{
    static const char base[] =
        "\"uetr\":\"97ed4827-7b6f-4491-a06f-b548d5a7512d\",\"end_to_end_id\":\"1\","
        "\"amount\":{\"currency\":\"CNY\",\"value\":\"1.00\"}";
    static const struct {
        const char *key, *value;
    } defaults[] = {
        {"\"debtor\":", "\"debtor\":{\"name\":\"OOO Sborka Sever\",\"country\":\"RU\"}"},
        {"\"debtor_agent\":", "\"debtor_agent\":{\"bic\":\"SVRBRUMM\",\"country\":\"RU\"}"},
        {"\"creditor_agent\":", "\"creditor_agent\":{\"bic\":\"HLDBCNBS\",\"country\":\"CN\"}"},
        {"\"creditor\":", "\"creditor\":{\"name\":\"Shenzhen Lanyu\",\"country\":\"CN\"}"},
    };
    const struct policy_payment *payment;
    const char *text = arena_printf(&arena, "{%s,%s", base, members);
    struct error err = {0};
    cJSON *json;

    for (size_t i = 0; i < COUNT(defaults); i++)
        if (!strstr(members, defaults[i].key))
            text = arena_printf(&arena, "%s%s%s", text,
                                text[strlen(text) - 1] == ',' ? "" : ",", defaults[i].value);
    text = arena_printf(&arena, "%s}", text);
    if (json_parse_request(&arena, text, strlen(text), &json, &err) != 0)
        fail_msg("%s: %s", text, err.text);
    payment = payment_lent_read(&arena, json, &err);
    if (!payment)
        fail_msg("%s: %s", text, err.text);
    return payment;
}

/* "list entry field score; …" */
static const char *
hits_of(const char *members, const char *at)
{
    struct roster_hits hits;
    struct buffer text;
    int64_t now_ms;

    assert_true(instant_parse(at, &now_ms));
    roster_screen(&roster, payment_of(members), now_ms, &arena, &hits);
    buffer_init(&text, &arena, 256);
    for (size_t i = 0; i < hits.count; i++)
        buffer_printf(&text, "%s%s %s %s %.2f", i ? "; " : "", hits.list[i]->list,
                      hits.list[i]->entry, hits.list[i]->field, hits.list[i]->score);
    return buffer_terminate(&text);
}

#define DEBTOR(more) "\"debtor\":{\"name\":\"OOO Sborka\",\"country\":\"RU\"," more "}"
#define OWNERS(list) DEBTOR("\"owners\":[" list "]")
#define STUZHEV      "\"name\":\"Stuzhev Matvei Glebovich\""
#define BEREGINA     "\"name\":\"Beregina Bank PAO\""

static void
every_place_of_a_payment_is_asked(void **state)
{
    static const struct {
        const char *members, *hits;
    } cases[] = {
        /* clang-format off */
        {"\"rail\":\"CIPS\"", ""},
        {"\"debtor\":{" STUZHEV ",\"country\":\"RU\"}", "entities fiction-9012 debtor/name 1.00"},
        {"\"ultimate_debtor\":{" STUZHEV ",\"country\":\"RU\"}", "entities fiction-9012 ultimate_debtor/name 1.00"},
        {"\"creditor\":{\"name\":\"合肥云桥虚构光学有限公司\",\"country\":\"CN\"}", "entities fiction-9010 creditor/name 1.00"},
        {"\"ultimate_creditor\":{" STUZHEV ",\"country\":\"RU\"}", "entities fiction-9012 ultimate_creditor/name 1.00"},
        {DEBTOR("\"identifiers\":{\"inn\":\"7700000108\"}"), "entities fiction-9008 debtor/identifiers/inn 1.00"},
        {DEBTOR("\"identifiers\":{\"ogrn\":\"1027700000108\"}"), "entities fiction-9008 debtor/identifiers/ogrn 1.00"},
        {"\"debtor_agent\":{\"bic\":\"GRTVRUMM\",\"country\":\"RU\"}", "entities fiction-9002 debtor_agent/bic 1.00"},
        {"\"debtor_agent\":{\"bic\":\"GRTVRUMM123\",\"country\":\"RU\"}", "entities fiction-9002 debtor_agent/bic 1.00"},
        {"\"debtor_agent\":{\"bic\":\"SVRBRUMM\",\"name\":\"Gortavbank\",\"country\":\"RU\"}", "entities fiction-9002 debtor_agent/name 1.00"},
        {"\"creditor_agent\":{\"bic\":\"GRTVRUMM\",\"country\":\"RU\"}", "entities fiction-9002 creditor_agent/bic 1.00"},
        {"\"intermediary_agents\":[{\"bic\":\"ALTNKZKA\",\"country\":\"KZ\"},{\"bic\":\"GRTVRUMM\",\"country\":\"RU\"}]",
         "entities fiction-9002 intermediary_agents/1/bic 1.00"},
        {"\"trade\":{\"vessels\":[{\"name\":\"X\"},{\"name\":\"FICTION DAWN\"}]}", "entities fiction-9014 trade/vessels/1/name 1.00"},
        {"\"goods\":[{\"hs_code\":\"854231\"},{\"hs_code\":\"854231\",\"end_user\":\"Polarnyi Pribor\"},"
         "{\"hs_code\":\"854231\",\"end_user\":\"Polarnyi Pribor\"}]", "entities fiction-9008 goods/1/end_user 0.99"},
        /* clang-format on */
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_string_equal(hits_of(cases[i].members, HALF_DAY), cases[i].hits);
}

/* The number of the fictional vessel is nobody's: it has a wrong check digit on purpose. */
static void
a_vessel_is_known_by_its_number(void **state)
{
    const struct policy_vessel vessel = {
        .size = sizeof(vessel), .name = "ANOTHER NAME", .imo = "9000001", .flag = ""};
    const struct policy_vessel *const vessels[] = {&vessel};
    struct policy_payment payment = *payment_of("\"rail\":\"CIPS\"");
    struct roster_hits hits;

    (void)state;
    payment.vessels = vessels;
    payment.vessel_count = 1;
    roster_screen(&roster, &payment, 0, &arena, &hits);
    assert_int_equal(hits.count, 1);
    assert_string_equal(hits.list[0]->field, "trade/vessels/0/imo");
    assert_string_equal(hits.list[0]->matched, "9000001");
}

static void
owners_count_together_and_by_the_law_of_the_day(void **state)
{
    static const struct {
        enum ownership_law law;
        const char *members, *at, *hits;
    } cases[] = {
        /* clang-format off */
        {OWNERSHIP_OFAC, OWNERS("{" STUZHEV ",\"share\":\"0.2\"},{" BEREGINA ",\"share\":\"0.3\"}"), HALF_DAY,
         "entities fiction-9012 debtor/owners/0/name 1.00; entities fiction-9001 debtor/owners/1/name 1.00; "
         "entities fiction-9001 debtor/owners 1.00"},
        {OWNERSHIP_OFAC, OWNERS("{" STUZHEV ",\"share\":\"0.499999\"}"), HALF_DAY, "entities fiction-9012 debtor/owners/0/name 1.00"},
        {OWNERSHIP_OFAC, OWNERS("{\"name\":\"Nobody Atall\",\"share\":\"0.9\"}"), HALF_DAY, ""},
        {OWNERSHIP_EU, OWNERS("{" STUZHEV ",\"share\":\"0.5\"}"), "2024-07-02T12:00:00+08:00", "entities fiction-9012 debtor/owners/0/name 1.00"},
        {OWNERSHIP_EU, OWNERS("{" STUZHEV ",\"share\":\"0.5\"}"), HALF_DAY,
         "entities fiction-9012 debtor/owners/0/name 1.00; entities fiction-9012 debtor/owners 1.00"},
        /* On the list for others' sake alone: owned to half, in a chain, controlled, free. */
        {OWNERSHIP_OFAC, "\"debtor\":{\"name\":\"Snezhnyi Most OOO\",\"country\":\"RU\"}", HALF_DAY,
         "entities fiction-most debtor/name 1.00; entities fiction-dvor debtor/name 0.83"},
        {OWNERSHIP_OFAC, "\"debtor\":{\"name\":\"Snezhnyi Dvor OOO\",\"country\":\"RU\"}", HALF_DAY,
         "entities fiction-dvor debtor/name 1.00; entities fiction-most debtor/name 0.83"},
        {OWNERSHIP_OFAC, "\"debtor\":{\"name\":\"Tikhii Vymysel OOO\",\"country\":\"RU\"}", HALF_DAY, ""},
        {OWNERSHIP_EU, "\"debtor\":{\"name\":\"Tikhii Vymysel OOO\",\"country\":\"RU\"}", HALF_DAY, "entities fiction-bereg debtor/name 1.00"},
        {OWNERSHIP_EU, "\"debtor\":{\"name\":\"Snezhnyi Most OOO\",\"country\":\"RU\"}", "2024-07-02T12:00:00+08:00", ""},
        {OWNERSHIP_OFAC, "\"debtor\":{\"name\":\"Zamknutyi Krug OOO\",\"country\":\"RU\"}", HALF_DAY, ""},
        {OWNERSHIP_OFAC, OWNERS("{\"name\":\"Snezhnyi Most OOO\",\"share\":\"0.5\"}"), HALF_DAY,
         "entities fiction-most debtor/owners/0/name 1.00; entities fiction-most debtor/owners 1.00"},
        /* clang-format on */
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        roster.law = cases[i].law;
        assert_string_equal(hits_of(cases[i].members, cases[i].at), cases[i].hits);
    }
    roster.law = OWNERSHIP_OFAC;
}

/* Two lists, and each has an owner short of half: neither blocks the party. */
static void
owners_of_two_lists_are_not_added_up(void **state)
{
    (void)state;
    roster.count = 2;
    assert_string_equal(
        hits_of(OWNERS("{\"name\":\"Snezhnyi Most OOO\",\"share\":\"0.3\"},{\"name\":"
                       "\"Zvezdnaya Optika Uchebnaya\",\"share\":\"0.3\"}"),
                HALF_DAY),
        "entities fiction-most debtor/owners/0/name 1.00; "
        "entities fiction-9009 debtor/owners/1/name 0.98; "
        "ofac 9009 debtor/owners/1/name 0.98; entities fiction-most debtor/owners 0.98");
    roster.count = 1;
}

static void
every_list_is_asked_and_the_best_come_first(void **state)
{
    (void)state;
    roster.count = 2;
    assert_string_equal(
        hits_of("\"debtor\":{\"name\":\"Stuzhef Matvei\",\"country\":\"RU\"},"
                "\"creditor\":{" BEREGINA ",\"country\":\"RU\"}",
                HALF_DAY),
        "entities fiction-9001 creditor/name 1.00; ofac 9001 creditor/name 1.00; "
        "entities fiction-9012 debtor/name 0.94; ofac 9012 debtor/name 0.94");
    roster.count = 1;
}

static void
a_wrong_kind_hides_no_exact_name_and_a_date_tells_two_apart(void **state)
{
    (void)state;
    assert_string_equal(hits_of("\"debtor\":{" STUZHEV ",\"kind\":\"company\",\"country\":"
                                "\"RU\"}",
                                HALF_DAY),
                        "entities fiction-9012 debtor/name 1.00");
    assert_string_equal(hits_of("\"debtor\":{\"name\":\"Stuzhef Matvei\",\"kind\":\"company\","
                                "\"country\":\"RU\"}",
                                HALF_DAY),
                        "");
    assert_string_equal(hits_of("\"debtor\":{\"name\":\"Stuzhev Matvei\",\"kind\":\"person\","
                                "\"country\":\"RU\",\"born_on\":\"1990-01-01\"}",
                                HALF_DAY),
                        "entities fiction-9012 debtor/name 0.87");
}

/* What a rule of 0.95 would call sure: whatever the party is said to be, it gets there. */
static void
a_wrong_kind_hides_nothing_that_is_told_as_sure(void **state)
{
    static const char *const kinds[] = {"", ",\"kind\":\"company\"", ",\"kind\":\"person\""};

    (void)state;
    for (size_t i = 0; i < COUNT(kinds); i++)
        assert_string_equal(hits_of(arena_printf(&arena,
                                                 "\"debtor\":{\"name\":\"Polyarni Priborr\","
                                                 "\"country\":\"CN\"%s}",
                                                 kinds[i]),
                                    HALF_DAY),
                            "entities fiction-9008 debtor/name 0.95");
}

static void
a_threshold_is_of_a_list_and_a_kind(void **state)
{
    static const struct screen_thresholds strict[] = {{{0.95f, 0, 0}}, {{0, 0, 0}}};
    const struct screen_thresholds *before = roster.thresholds;

    (void)state;
    roster.thresholds = strict;
    roster.count = 2;
    assert_string_equal(
        hits_of("\"debtor\":{\"name\":\"Stuzhef Matvei\",\"country\":\"RU\"}", HALF_DAY),
        "ofac 9012 debtor/name 0.94");
    roster.thresholds = before;
    roster.count = 1;
}

/* An officer has said: this Stuzhev is not that one, whatever the name says. */
static const struct good_guys *
except(const char *party, const char *entry, const char *name)
{
    const struct list *lists[] = {opened[0]->list};
    const char *body = arena_printf(&arena,
                                    "{\"party\":{%s},\"list\":\"entities\",\"entry\":"
                                    "\"%s\",\"name\":\"%s\",\"reason\":\"r\","
                                    "\"owner\":\"o\",\"expires_on\":\"2024-07-03\"}",
                                    party, entry, name);
    struct good_guy_faults faults = {.arena = &arena};
    struct error err = {0};
    struct good_guy guy;
    struct good_guys *set;
    struct buffer text;
    cJSON *json;

    assert_int_equal(json_parse_request(&arena, body, strlen(body), &json, &err), 0);
    if (good_guy_read(json, "2024-01-01", &guy, &faults) != 0 ||
        good_guy_seal(&guy, lists, 1, 0, &faults) != 0)
        fail_msg("%s: %s", faults.list[0].pointer, faults.list[0].detail);
    buffer_init(&text, &arena, 512);
    good_guys_write(&guy, 1, &text);
    assert_int_equal(good_guys_read(&arena, text.data, text.len, &set, &err), 0);
    good_guys_bind(set, &arena, lists, 1);
    return set;
}

static void
an_exception_takes_out_one_name_for_one_party_until_its_day(void **state)
{
    static const char party[] = "\"name\":\"Stuzhev Matvei\",\"country\":\"RU\"";
    static const struct {
        const char *name, *members, *at, *hits;
        size_t excepted;
    } cases[] = {
        /* clang-format off */
        /* Another name of the entry is as near: it is found, and stands. */
        {"STUZHEV, Matvey", "\"debtor\":{\"name\":\"Stuzhev Matvei\",\"country\":\"RU\"}", HALF_DAY,
         "entities fiction-9012 debtor/name 1.00", 1},
        {"STUZHEV, Matvey", "\"debtor\":{\"name\":\"Stuzhev Matvei\",\"country\":\"KZ\"}", HALF_DAY,
         "entities fiction-9012 debtor/name 0.97", 0},
        {"STUZHEV, Matvey", "\"debtor\":{\"name\":\"Stuzhev Matvei\",\"country\":\"RU\"}", "2024-07-04T12:00:00+08:00",
         "entities fiction-9012 debtor/name 1.00", 0},
        /* clang-format on */
    };
    static const char lantern[] =
        "\"creditor\":{\"name\":\"Lantern Harbour Fiction\",\"country\":\"HK\"}";
    struct roster_hits hits;
    int64_t now_ms;

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        roster.good_guys = except(party, "fiction-9012", cases[i].name);
        assert_string_equal(hits_of(cases[i].members, cases[i].at), cases[i].hits);
        assert_true(instant_parse(cases[i].at, &now_ms));
        roster_screen(&roster, payment_of(cases[i].members), now_ms, &arena, &hits);
        assert_int_equal(hits.excepted != NULL, cases[i].excepted);
    }
    /* Where it has no other name, the party passes. */
    roster.good_guys = except("\"name\":\"Lantern Harbour Fiction\",\"country\":\"HK\"",
                              "fiction-9011", "LANTERN HARBOUR FICTION COMPONENTS LIMITED");
    assert_string_equal(hits_of(lantern, HALF_DAY), "");
    assert_string_equal(hits_of(lantern, "2024-07-04T12:00:00+08:00"),
                        "entities fiction-9011 creditor/name 0.98");
    roster.good_guys = NULL;
}

/* "entry state; …" of one name alone, asked of the first list. */
static const char *
states_of(enum ownership_law law, const char *name, const char *at)
{
    struct screen_party party = {
        .kind = SCREEN_ANY, .names = &name, .name_count = 1, .born_on = ""};
    static const char *const words[] = {"free", "listed", "owned", "controlled"};
    struct screen_hit *hits;
    struct buffer text;
    int64_t now_ms;
    size_t count;

    assert_true(instant_parse(at, &now_ms));
    roster.law = law;
    count = roster_find(&roster, 0, &party, now_ms, &arena, &hits);
    buffer_init(&text, &arena, 64);
    for (size_t i = 0; i < count; i++)
        buffer_printf(&text, "%s%s %s", i ? "; " : "", hits[i].entry->id,
                      words[roster_state(&roster, 0, hits[i].entry, now_ms)]);
    roster.law = OWNERSHIP_OFAC;
    return buffer_terminate(&text);
}

static void
of_one_party_alone_it_is_told_by_what_an_entry_is_blocked(void **state)
{
    static const struct {
        enum ownership_law law;
        const char *name, *at, *states;
    } cases[] = {
        {OWNERSHIP_OFAC, "Stuzhev Matvei Glebovich", HALF_DAY, "fiction-9012 listed"},
        {OWNERSHIP_OFAC, "Snezhnyi Most", HALF_DAY, "fiction-most owned"},
        {OWNERSHIP_OFAC, "Tikhii Vymysel", HALF_DAY, ""},
        {OWNERSHIP_EU, "Tikhii Vymysel", HALF_DAY, "fiction-bereg controlled"},
        {OWNERSHIP_EU, "Snezhnyi Most", "2024-07-02T12:00:00+08:00", ""},
        {OWNERSHIP_OFAC, "FICTION DAWN", HALF_DAY, "fiction-9014 listed"},
        {OWNERSHIP_OFAC, "Nobody Atall", HALF_DAY, ""},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_string_equal(states_of(cases[i].law, cases[i].name, cases[i].at),
                            cases[i].states);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_place_of_a_payment_is_asked),
        cmocka_unit_test(a_vessel_is_known_by_its_number),
        cmocka_unit_test(owners_count_together_and_by_the_law_of_the_day),
        cmocka_unit_test(owners_of_two_lists_are_not_added_up),
        cmocka_unit_test(every_list_is_asked_and_the_best_come_first),
        cmocka_unit_test(a_wrong_kind_hides_no_exact_name_and_a_date_tells_two_apart),
        cmocka_unit_test(a_wrong_kind_hides_nothing_that_is_told_as_sure),
        cmocka_unit_test(a_threshold_is_of_a_list_and_a_kind),
        cmocka_unit_test(an_exception_takes_out_one_name_for_one_party_until_its_day),
        cmocka_unit_test(of_one_party_alone_it_is_told_by_what_an_entry_is_blocked),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
