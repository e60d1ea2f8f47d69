/* test_memory.c - kits over several payments, windows in one currency, who is who. */
#include "policy/memory.h"

#include "policy/facts.h"
#include "policy/recall.h"
#include "tests/policy/fixture.h"
#include "tests/support/test.h"

#define NOW_MS (19800 * 24 * 3600 * INT64_C(1000))
#define DAY_MS (24 * 3600 * INT64_C(1000))

static struct goods *goods;
static struct arena goods_arena;

static int
load_goods(void **state)
{
    struct error err = {0};

    (void)state;
    return goods_load("policy/goods", &goods_arena, &goods, &err);
}

static int
release_goods(void **state)
{
    (void)state;
    arena_release(&goods_arena);
    return 0;
}

/* What is noted of a payment with these goods. */
static void
noted(struct fixture *fixture, int serial, struct arena *arena, struct memory_note *out)
{
    struct decision decision = {.action = POLICY_ACCEPT};
    struct memory_keys keys;
    struct kits_found found;

    kits_find(goods, &fixture->payment, NULL, 0, arena, &found);
    decision.brings = found.brings;
    decision.brings_count = found.brings_count;
    memory_keys_of(&fixture->payment, arena, &keys);
    memory_note_of(&fixture->payment, &keys, &decision, out);
    out->at_ms = NOW_MS - serial * DAY_MS;
    out->uetr[15] = (uint8_t)serial;
}

/* Facts of a payment that the notes came before. */
struct asked {
    struct recall recall;
    struct memory_keys keys;
    struct rates rates;
    struct facts facts;
};

static void
ask(struct asked *asked, const struct fixture *fixture, const struct memory_note *notes,
    size_t count, struct arena *arena)
{
    memory_keys_of(&fixture->payment, arena, &asked->keys);
    recall_init(&asked->recall, &asked->keys, notes, count);
    facts_init(&asked->facts, &fixture->payment, NULL, NOW_MS, 0, goods, arena);
    rates_one(&asked->rates, "CNY", fixture_decimals, arena);
    asked->facts.memory = &asked->recall.memory;
    asked->facts.rates = &asked->rates;
    asked->facts.kits_ms = 90 * DAY_MS;
}

static const char *const parts[] = {"854231 processors", "847330 casings",
                                    "852491 LCD screens"};

static const struct policy_kit *
kit_of(struct facts *facts, size_t expected)
{
    const struct policy_kit *const *kits;

    assert_int_equal(facts->base.kits(&facts->base, &kits), expected);
    return expected > 0 ? kits[0] : NULL;
}

static void
a_kit_ends_the_same_in_one_payment_and_in_three_in_any_order(void **state)
{
    static const int orders[][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
                                    {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    struct fixture whole;
    struct arena arena = {0};
    const struct policy_kit *one;
    struct asked asked;

    (void)state;
    fixture_init(&whole);
    for (size_t i = 0; i < COUNT(parts); i++)
        fixture_goods(&whole, parts[i]);
    ask(&asked, &whole, NULL, 0, &arena);
    one = kit_of(&asked.facts, 1);
    assert_int_equal(one->across_payments, 0);
    for (size_t o = 0; o < COUNT(orders); o++) {
        static const char *const sellers[] = {"Shenzhen Lanyu", "Yiwu Songhe", "Dongguan Heyi"};
        struct memory_note notes[3];
        const struct policy_kit *split;
        size_t own = 0;

        for (size_t i = 0; i < 3; i++) {
            struct fixture each;

            fixture_init(&each);
            each.creditor.name = sellers[i];
            each.creditor_agent.bic = i % 2 ? "QXJSCNSH" : "HLDBCNBS";
            fixture_goods(&each, parts[orders[o][i]]);
            ask(&asked, &each, notes, i, &arena);
            split = kit_of(&asked.facts, i == 2);
            noted(&each, 3 - (int)i, &arena, &notes[i]);
        }
        assert_string_equal(split->kit, one->kit);
        assert_true(split->coverage == one->coverage);
        assert_int_equal(split->part_count, one->part_count);
        assert_int_equal(split->across_payments, 2);
        for (size_t p = 0; p < split->part_count; p++) {
            assert_string_equal(split->parts[p], one->parts[p]);
            own += split->part_lines[p] == 0;
            assert_true((split->part_lines[p] == POLICY_LINE_ELSEWHERE) ==
                        (split->part_from[p][0] != '\0'));
        }
        assert_int_equal(own, 1);
    }
    arena_release(&arena);
}

/* One part of a notebook whose two others came before. */
static void
part_after(int part, struct fixture *fixture, struct memory_note *notes, struct arena *arena)
{
    for (int i = 0; i < 2; i++) {
        fixture_init(fixture);
        fixture_goods(fixture, parts[(part + 1 + i) % 3]);
        noted(fixture, 2 - i, arena, &notes[i]);
    }
    fixture_init(fixture);
    fixture_goods(fixture, parts[part]);
}

static void
screens_after(struct fixture *fixture, struct memory_note *notes, struct arena *arena)
{
    part_after(2, fixture, notes, arena);
}

static void
what_was_refused_cancelled_or_long_ago_is_no_part(void **state)
{
    struct memory_note notes[2];
    struct arena arena = {0};
    struct fixture fixture;
    struct asked asked;

    (void)state;
    screens_after(&fixture, notes, &arena);
    for (int outcome = MEMORY_OPEN; outcome <= MEMORY_CANCELLED; outcome++) {
        notes[0].outcome = (enum memory_outcome)outcome;
        ask(&asked, &fixture, notes, 2, &arena);
        kit_of(&asked.facts, outcome == MEMORY_OPEN);
    }
    notes[0].outcome = MEMORY_OPEN;
    ask(&asked, &fixture, notes, 2, &arena);
    notes[0].at_ms = notes[1].at_ms = NOW_MS - 90 * DAY_MS - 1;
    kit_of(&asked.facts, 0);
    arena_release(&arena);
}

static void
an_older_plugin_is_told_of_this_payment_alone(void **state) /* F3 */
{
    const struct policy_kit *const *kits;
    struct memory_note notes[2];
    struct arena arena = {0};
    struct fixture fixture;
    struct asked asked;

    (void)state;
    part_after(1, &fixture, notes, &arena);
    ask(&asked, &fixture, notes, 2, &arena);
    asked.facts.alone = true;
    assert_int_equal(asked.facts.base.kits(&asked.facts.base, &kits), 0);
    assert_string_equal(asked.facts.base.goods(&asked.facts.base, 0)->role, "computer_part");
    asked.facts.alone = false;
    assert_int_equal(kit_of(&asked.facts, 1)->across_payments, 2);
    assert_string_equal(asked.facts.base.goods(&asked.facts.base, 0)->role, "casing");
    arena_release(&arena);
}

static void
an_older_plugin_is_told_of_the_latest_within_its_window(void **state) /* F5 */
{
    static const struct {
        bool alone;
        int64_t window_days, last_days; /* ago; -1: never */
    } cases[] = {{true, 5, 1}, {true, 0, -1}, {false, 5, 1}, {false, 0, 1}};
    struct memory_note notes[2];
    struct arena arena = {0};
    struct fixture fixture;
    struct asked asked;

    (void)state;
    screens_after(&fixture, notes, &arena);
    ask(&asked, &fixture, notes, 2, &arena);
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct policy_window window = {.size = sizeof(window)};

        asked.facts.alone = cases[i].alone;
        asked.facts.base.history(&asked.facts.base, POLICY_HISTORY_DEBTOR,
                                 cases[i].window_days * DAY_MS, &window);
        assert_int_equal(window.last_ms,
                         cases[i].last_days < 0 ? 0 : NOW_MS - cases[i].last_days * DAY_MS);
    }
    arena_release(&arena);
}

/* --- bounds: what memory.h, kits.h and the READMEs say of them ---------------------------- */

static void
of_goods_lines_and_end_users_the_first_are_kept(void **state)
{
    static const struct {
        int given;
        uint32_t lines, end_users;
    } cases[] = {{1, 1, 1}, {7, 7, 7}, {8, 8, 8}, {9, 8, 8}, {100, 8, 8}};

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char names[100][24];
        struct arena arena = {0};
        struct fixture fixture;
        struct memory_note note;

        fixture_init(&fixture);
        for (int n = 0; n < cases[i].given; n++) {
            snprintf(names[n], sizeof(names[n]), "Plant %d", n);
            fixture_goods(&fixture, "610910 cotton shirts"); /* no part of anything */
            fixture_goods(&fixture, "854231 processors");
            fixture.goods[2 * n + 1].end_user = names[n];
        }
        noted(&fixture, 1, &arena, &note);
        assert_int_equal(note.line_count, cases[i].lines);
        for (uint32_t l = 0; l < note.line_count; l++)
            assert_int_equal(note.lines[l].line, 2 * l + 1);
        assert_int_equal(note.keys.end_user_count, cases[i].end_users);
        arena_release(&arena);
    }
}

static void
of_codes_and_descriptions_the_beginning_is_kept(void **state)
{
    static const struct {
        const char *code, *kept_code;
        int letters; /* of the description, and then */
        const char *rest;
        size_t kept;
    } cases[] = {
        {"854231", "854231", 0, "", 0},
        {"8542310001", "8542310001", 95, "", 95},
        {"85423100012", "8542310001", 96, "", 96},
        {"854231", "854231", 97, "", 96},
        {"854231", "854231", 1000, "", 96},
        {"854231", "854231", 94, "ж", 96},
        {"854231", "854231", 95, "ж", 95}, /* whole characters */
        {"854231", "854231", 94, "电", 94},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct arena arena = {0};
        struct fixture fixture;
        struct memory_note note;
        char text[1010];

        memset(text, 'x', (size_t)cases[i].letters);
        snprintf(text + cases[i].letters, 8, "%s", cases[i].rest);
        fixture_init(&fixture);
        fixture_goods(&fixture, "854231 processors");
        fixture.goods[0].hs_code = cases[i].code;
        fixture.goods[0].description = text;
        noted(&fixture, 1, &arena, &note);
        assert_int_equal(note.line_count, 1);
        assert_string_equal(note.lines[0].hs_code, cases[i].kept_code);
        assert_int_equal(strlen(note.lines[0].description), cases[i].kept);
        assert_memory_equal(note.lines[0].description, text, cases[i].kept);
        arena_release(&arena);
    }
}

static void
of_lines_of_earlier_payments_the_newest_are_told(void **state)
{
    static const struct {
        int payments; /* of eight lines each, the first the newest */
        size_t told;
    } cases[] = {{7, 56}, {8, 64}, {9, 64}, {20, 64}};
    struct memory_note notes[20];
    struct arena arena = {0};
    struct fixture fixture;
    struct asked asked;

    (void)state;
    fixture_init(&fixture);
    for (int n = 0; n < 8; n++)
        fixture_goods(&fixture, "854231 processors");
    for (int n = 0; n < 20; n++)
        noted(&fixture, n + 1, &arena, &notes[n]);
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct facts_memory *memory = &asked.recall.memory;
        const struct memory_part *told;

        ask(&asked, &fixture, notes, (size_t)cases[i].payments, &arena);
        assert_int_equal(memory->parts(memory, 0, &arena, &told), cases[i].told);
        assert_true(told[cases[i].told - 1].at_ms >= NOW_MS - 8 * DAY_MS);
    }
    arena_release(&arena);
}

static void
a_sum_without_a_rate_is_past_every_limit(void **state)
{
    struct memory_note notes[2];
    struct policy_window window = {.size = sizeof(window)};
    struct arena arena = {0};
    struct fixture fixture;
    struct asked asked;

    (void)state;
    screens_after(&fixture, notes, &arena);
    notes[0].amount = 12345600;
    notes[1].amount = 100000;
    ask(&asked, &fixture, notes, 2, &arena);
    asked.facts.base.history(&asked.facts.base, POLICY_HISTORY_DEBTOR, 5 * DAY_MS, &window);
    assert_int_equal(window.count, 2);
    assert_int_equal(window.sum_minor, 1245); /* 12.4456 yuan */
    assert_int_equal(window.largest_minor, 1235);
    asked.facts.base.history(&asked.facts.base, POLICY_HISTORY_DEBTOR, 0, &window);
    assert_int_equal(window.count, 0);
    assert_int_equal(window.sum_minor, 0);
    fixture.payment.currency = "USD"; /* rates_one() has none for it */
    asked.facts.base.history(&asked.facts.base, POLICY_HISTORY_DEBTOR, 5 * DAY_MS, &window);
    assert_int_equal(window.sum_minor, INT64_MAX);
    fixture.payment.currency = "CNY";
    notes[1].amount = MEMORY_UNKNOWN;
    asked.facts.base.history(&asked.facts.base, POLICY_HISTORY_DEBTOR, 5 * DAY_MS, &window);
    assert_int_equal(window.largest_minor, INT64_MAX);
    assert_int_equal(window.count, 2);
    arena_release(&arena);
}

static void
a_party_is_known_by_its_tax_number_or_else_by_its_name(void **state)
{
    static const struct policy_identifier inn = {sizeof(inn), "inn", "7701234567"};
    static const struct policy_identifier other = {sizeof(other), "inn", "7701234568"};
    static const struct policy_identifier *const his[] = {&inn}, *const another[] = {&other};
    static const struct {
        const char *name, *country;
        const struct policy_identifier *const *identifiers;
        bool same; /* as OOO Sborka Sever of RU without a number */
        bool same_number;
    } cases[] = {
        {"OOO Sborka Sever", "RU", NULL, true, false},
        {"ooo  \"SBORKA-SEVER\"", "RU", NULL, true, false},
        {"ООО Сборка Север", "RU", NULL, true, false}, /* as it sounds */
        {"OOO Sborka Sever", "BY", NULL, false, false},
        {"OOO Sborka Yug", "RU", NULL, false, false},
        {"OOO Sborka Sever", "RU", his, false, true},
        {"AO Vostok", "RU", his, false, true},
        {"OOO Sborka Sever", "RU", another, false, false},
    };
    struct memory_keys plain, numbered, keys;
    struct arena arena = {0};
    struct fixture fixture;

    (void)state;
    fixture_init(&fixture);
    memory_keys_of(&fixture.payment, &arena, &plain);
    fixture.debtor.identifiers = his;
    fixture.debtor.identifier_count = 1;
    memory_keys_of(&fixture.payment, &arena, &numbered);
    for (size_t i = 0; i < COUNT(cases); i++) {
        print_message("%s\n", cases[i].name);
        fixture.debtor.name = cases[i].name;
        fixture.debtor.country = cases[i].country;
        fixture.debtor.identifiers = cases[i].identifiers;
        fixture.debtor.identifier_count = cases[i].identifiers != NULL;
        memory_keys_of(&fixture.payment, &arena, &keys);
        assert_int_equal(keys.debtor == plain.debtor, cases[i].same);
        assert_int_equal(keys.debtor == numbered.debtor, cases[i].same_number);
        assert_int_equal(keys.presented == plain.presented, cases[i].same);
        assert_true(keys.creditor == plain.creditor);
    }
    arena_release(&arena);
}

static void
amounts_go_there_and_back_exactly(void **state)
{
    static const struct {
        const char *currency, *worth;
        int64_t minor, base, per_unit;
    } cases[] = {
        {"CNY", "1", 125000000, 1250000000000, 100},     {"USD", "7.1043", 1, 71043, 100},
        {"USD", "7.1043", 1000000000000000000, -1, 100}, /* ten to the sixteenth dollars */
        {"JPY", "0.046334", 1000, 46334000, 1},          {"SEK", "0.653", 3, 19590, 100},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char text[200];
        struct arena arena = {0};
        struct document document;
        struct error err = {0};
        struct rates rates;
        struct value root;

        print_message("%s\n", cases[i].currency);
        snprintf(
            text, sizeof(text),
            "[{\"from\":\"2024-02-01\",\"%s\":\"9\"},{\"from\":\"2024-01-01\",\"%s\":\"%s\"}]",
            cases[i].currency, cases[i].currency, cases[i].worth);
        assert_int_equal(document_parse(&arena, "book", text, strlen(text), &document, &err),
                         0);
        root = value_root(&document);
        assert_int_equal(rates_read(&root, &arena, &rates, &err), 0);
        rates.decimals = fixture_decimals;
        for (const char *const *day =
                 (const char *const[]){"2024-01-31T23:59:59.999", "2023-01-01", NULL};
             *day; day++) {
            int64_t at_ms = fixture_time(*day);

            assert_int_equal(rates_to_base(&rates, cases[i].currency, cases[i].minor, at_ms),
                             cases[i].base);
            if (cases[i].base >= 0)
                assert_int_equal(
                    rates_from_base(&rates, cases[i].currency, cases[i].base, at_ms),
                    cases[i].minor);
        }
        assert_int_equal(rates_to_base(&rates, cases[i].currency, cases[i].per_unit,
                                       fixture_time("2024-02-01")),
                         9000000);
        assert_int_equal(rates_to_base(&rates, "EUR", 1, 0), -1);
        assert_int_equal(rates_from_base(&rates, "EUR", 1, 0), INT64_MAX);
        arena_release(&arena);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_kit_ends_the_same_in_one_payment_and_in_three_in_any_order),
        cmocka_unit_test(what_was_refused_cancelled_or_long_ago_is_no_part),
        cmocka_unit_test(an_older_plugin_is_told_of_this_payment_alone),
        cmocka_unit_test(an_older_plugin_is_told_of_the_latest_within_its_window),
        cmocka_unit_test(of_goods_lines_and_end_users_the_first_are_kept),
        cmocka_unit_test(of_codes_and_descriptions_the_beginning_is_kept),
        cmocka_unit_test(of_lines_of_earlier_payments_the_newest_are_told),
        cmocka_unit_test(a_sum_without_a_rate_is_past_every_limit),
        cmocka_unit_test(a_party_is_known_by_its_tax_number_or_else_by_its_name),
        cmocka_unit_test(amounts_go_there_and_back_exactly),
    };

    return cmocka_run_group_tests_name("memory", tests, load_goods, release_goods);
}
