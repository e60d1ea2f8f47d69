/*
 * yuanctl policy diff of two books, the built program: what gateways with them would say.
 *
 * The payments of TRADE were stored by a gateway with the shipped book; "mine" is that
 * book with its regime of April changed.  The other books and scenarios are small ones,
 * written where they are used, with the pack "watch" of the fixtures: WAT-01 holds more
 * than 1,000.00, WAT-03 at a foreign bank cannot be answered for two goods lines.
 */
#include "tests/support/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients/answer.h"
#include "gateway/base/buffer.h"
#include "gateway/base/file.h"
#include "gateway/base/json.h"
#include "tests/support/gateway.h"
#include "tests/support/http_client.h"
#include "tests/support/temp_store.h"
#include "tests/support/yuanctl.h"

#define SHIPPED        "policy/books/china-2024.json"
#define PACKS          "--packs tests/scenarios/fixtures/packs "
#define FILE_BYTES_MAX 8388608
#define TRADE_MAX      200

static struct temp_store temp;
static struct arena arena;

/* A payment, and what gateways with book A and with book B made of it. */
static struct {
    const char *uetr, *json;
    cJSON *answers[2];
} trade[TRADE_MAX];
static int trade_count;

/* --- files ------------------------------------------------------------------------------- */

static const char *
file_write(const char *name, const char *text)
{
    const char *path = arena_printf(&arena, "%s/%s", temp.folder, name);
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    assert_int_equal(fputs(text, file) >= 0, 1);
    assert_int_equal(fclose(file), 0);
    return path;
}

/* The shipped book's text with one piece replaced where it stands first after another. */
static const char *
shipped_with(const char *after, const char *old, const char *new)
{
    struct error err = {0};
    char *text, *at;
    size_t len;

    assert_int_equal(file_read(&arena, SHIPPED, FILE_BYTES_MAX, &text, &len, &err), 0);
    at = strstr(text, after);
    at = at ? strstr(at, old) : NULL;
    assert_non_null(at);
    return arena_printf(&arena, "%.*s%s%s", (int)(at - text), text, new, at + strlen(old));
}

/* Kits pass at joint-stock banks from 1 April to 14 May. */
static const char *
mine(void)
{
    return file_write(
        "mine.json",
        shipped_with("\"from\": \"2024-04-01\"",
                     "\"joint_stock\":             [\"cny-return\", "
                     "\"payer-bank-sanctioned\", \"kit-blockade\"]",
                     "\"joint_stock\": [\"cny-return\", \"payer-bank-sanctioned\"]"));
}

#define BANK(bic, class) "{\"bic\":\"" bic "\",\"name\":\"A bank\",\"class\":\"" class "\"}"
#define HOME             BANK("HLDBCNBS", "joint_stock")
#define FOREIGN          BANK("DDDDHKHH", "foreign")
#define THIRD            BANK("CCCCCNSZ", "joint_stock")

/* A book of one regime. */
static const char *
book(const char *name, const char *action, const char *banks, const char *from,
     const char *policies)
{
    return file_write(
        arena_printf(&arena, "%s.json", name),
        arena_printf(&arena,
                     "{\"book\":\"%s\",\"default_action\":\"%s\",\"banks\":[%s],\"regimes\":["
                     "{\"from\":\"%s\",\"policies\":{%s}}]}",
                     name, action, banks, from, policies));
}

static const char *
payment(const char *uetr, const char *at, const char *bic, const char *currency,
        const char *value, const char *goods)
{
    return arena_printf(
        &arena,
        "{\"uetr\":\"%s\",\"end_to_end_id\":\"T-1\",\"created_at\":\"%s\",\"amount\":"
        "{\"currency\":\"%s\",\"value\":\"%s\"},\"debtor\":{\"name\":\"OOO Sborka\","
        "\"country\":\"RU\"},\"debtor_agent\":{\"bic\":\"SVRBRUMM\"},\"creditor_agent\":"
        "{\"bic\":\"%s\"},\"creditor\":{\"name\":\"Lanyu\",\"country\":\"CN\"},\"goods\":[%s]}",
        uetr, at, currency, value, bic, goods);
}

#define DOLLS "{\"description\":\"dolls\"}"
#define TOYS  DOLLS ",{\"description\":\"kites\"}"
#define KIT                                                                                    \
    "{\"hs_code\":\"854231\",\"description\":\"processors\"},{\"hs_code\":\"847330\","         \
    "\"description\":\"casings\"},{\"hs_code\":\"852491\",\"description\":\"screens\"}"

/* --- a store ----------------------------------------------------------------------------- */

/* Every bank on every day with every currency and goods: known and unknown banks, days
 * before the first regime and after the last.  More than STORED_PIECE_SEQS of them. */
static void
trade_make(void)
{
    static const char *const days[] = {"2023-11-15", "2024-03-19", "2024-04-02", "2024-05-13",
                                       "2024-05-14", "2024-08-20", "2024-12-01"};
    static const char *const bics[] = {"HLDBCNBS", "BEIWCNBJ", "ZHYGCNBJXXX", "AAAACNBJ"};
    static const char *const currencies[] = {"CNY", "EUR", "USD"}, *const goods[] = {KIT, TOYS};

    for (size_t d = 0; d < COUNT(days); d++)
        for (size_t b = 0; b < COUNT(bics); b++)
            for (size_t c = 0; c < COUNT(currencies); c++)
                for (size_t g = 0; g < COUNT(goods); g++) {
                    int i = trade_count++;

                    trade[i].uetr =
                        arena_printf(&arena, "97ed4827-7b6f-4491-a000-%012x", i + 1);
                    trade[i].json = payment(
                        trade[i].uetr,
                        arena_printf(&arena, "%sT12:%02d:00+08:00", days[d], i % 60), bics[b],
                        currencies[c], arena_printf(&arena, "%d.00", 1000 + i), goods[g]);
                }
}

/* A gateway with a book takes all of it: its answers. */
static void
trade_pay(const char *path, const char *store, int side)
{
    const char *const arguments[] = {"--book",  path,     "--store", store, "--clock",
                                     "payment", "--seed", "7",       NULL};
    struct http_client client;
    struct gateway gateway;

    assert_int_equal(gateway_start(&gateway, arguments), 0);
    assert_true(http_client_connect(&client, gateway.address));
    for (int i = 0; i < trade_count; i++) {
        struct http_client_reply reply;
        struct error err = {0};

        assert_true(http_client_post(&client, "/v1/payments", trade[i].json));
        assert_true(http_client_next(&client, &reply));
        assert_int_equal(reply.status, 201);
        assert_int_equal(json_parse(&arena, arena_copy(&arena, reply.body, reply.body_len),
                                    reply.body_len, &trade[i].answers[side], &err),
                         0);
    }
    http_client_close(&client);
    assert_int_equal(gateway_stop(&gateway), 0);
}

static int
set_up(void **state)
{
    (void)state;
    if (temp_store_make(&temp) != 0)
        return -1;
    trade_make();
    trade_pay(SHIPPED, arena_printf(&arena, "sqlite:%s", temp.path), 0);
    trade_pay(mine(), "memory", 1);
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    if (system(arena_printf(&arena, "rm -f %s/*.json", temp.folder)) != 0)
        return -1;
    temp_store_remove(&temp);
    arena_release(&arena);
    return 0;
}

/* yuanctl policy diff of the store. */
static int
diff(const char *books, const char *more, char output[YUANCTL_OUTPUT_SIZE])
{
    return yuanctl(
        arena_printf(&arena, "policy diff %s --store sqlite:%s %s", books, temp.path, more),
        output);
}

static cJSON *
parsed(const char *text, size_t len)
{
    struct error err = {0};
    cJSON *json;

    if (json_parse(&arena, text, len, &json, &err) != 0)
        fail_msg("%s: %s", err.text, text);
    return json;
}

/* The last line. */
static const cJSON *
summary_of(const char *output)
{
    size_t len = strlen(output) - 1;

    while (len > 0 && output[len - 1] != '\n')
        len--;
    return parsed(output + len, strlen(output + len) - 1);
}

/* --- a gateway's answer ------------------------------------------------------------------ */

/* The ids of rules, one after the other. */
static const char *
ids_of(const cJSON *rules, bool plain)
{
    const char *ids = "";
    const cJSON *rule;

    cJSON_ArrayForEach(rule, rules) ids =
        arena_printf(&arena, "%s %s", ids, plain ? rule->valuestring : answer_text(rule, "id"));
    return ids;
}

static void
assert_side(const cJSON *told, const cJSON *answer)
{
    assert_string_equal(answer_text(told, "action"), answer_text(answer, "decision/action"));
    assert_string_equal(answer_text(told, "outcome"), answer_text(answer, "outcome"));
    assert_string_equal(ids_of(answer_at(told, "rules"), true),
                        ids_of(answer_at(answer, "decision/rules"), false));
}

/* The line of JSON that tells of a payment; NULL: none does. */
static const cJSON *
line_about(const char *output, const char *uetr)
{
    const char *at = strstr(output, uetr);

    while (at && at > output && at[-1] != '\n')
        at--;
    return at ? parsed(at, strcspn(at, "\n")) : NULL;
}

/* Those which change in the gateways' answers are told, no others, with these answers. */
static void
assert_as_gateways(const char *output)
{
    int changed = 0;

    for (int i = 0; i < trade_count; i++) {
        cJSON *const *answers = trade[i].answers;
        const cJSON *line = line_about(output, trade[i].uetr);

        if (strcmp(answer_text(answers[0], "decision/action"),
                   answer_text(answers[1], "decision/action")) == 0) {
            assert_null(line);
            continue;
        }
        changed++;
        assert_non_null(line);
        assert_side(answer_at(line, "a"), answers[0]);
        assert_side(answer_at(line, "b"), answers[1]);
    }
    assert_int_equal(answer_at(summary_of(output), "changed")->valueint, changed);
    assert_int_equal(answer_at(summary_of(output), "payments")->valueint, trade_count);
    assert_true(changed > 0);
}

static void
each_payment_is_answered_as_a_gateway_with_the_book_would(void **state)
{
    const char *books = arena_printf(&arena, "china-2024 %s", mine());
    char output[YUANCTL_OUTPUT_SIZE];

    (void)state;
    assert_int_equal(diff(books, "--json --limit 1000", output), 1);
    assert_as_gateways(output);
}

/* All answers of the shipped book, made to show by books that say one thing to all. */
static void
unknown_banks_and_days_before_the_first_regime_are_answered_as_well(void **state)
{
    static const char *const actions[] = {"accept", "reject"};
    static char outputs[COUNT(actions)][YUANCTL_OUTPUT_SIZE];

    (void)state;
    for (size_t i = 0; i < COUNT(actions); i++) {
        const char *other =
            book(actions[i], actions[i],
                 HOME "," BANK("BEIWCNBJ", "state_big") "," BANK(
                     "ZHYGCNBJ", "state_big") "," BANK("AAAACNBJ", "state_big"),
                 "2020-01-01", "\"*\":[\"third-country-destination\"]"); /* abstains */

        assert_int_equal(diff(arena_printf(&arena, "%s china-2024", other),
                              "--json --limit 1000", outputs[i]),
                         1);
    }
    for (int i = 0; i < trade_count; i++) {
        const cJSON *lines[] = {line_about(outputs[0], trade[i].uetr),
                                line_about(outputs[1], trade[i].uetr)};

        assert_true(lines[0] || lines[1]);
        for (size_t l = 0; l < COUNT(lines); l++)
            if (lines[l])
                assert_side(answer_at(lines[l], "b"), trade[i].answers[0]);
    }
    assert_has(outputs[0], "\"b\":{\"action\":\"reject\",\"outcome\":\"blocked\",\"rules\":[],"
                           "\"failures\":[],\"because\":\"bank not in the book\"}");
    assert_has(outputs[0], "\"b\":{\"action\":\"hold\",\"outcome\":\"held\",\"rules\":[],"
                           "\"failures\":[],\"because\":\"no regime in force\"}");
}

static void
a_changed_regime_is_told_by_move_rule_and_value(void **state)
{
    const char *books = arena_printf(&arena, "china-2024 %s", mine());
    char output[YUANCTL_OUTPUT_SIZE], label[2][13];

    (void)state;
    assert_int_equal(diff(books, "--limit 1 --from 2024-04-02 --to 2024-05-13", output), 1);
    assert_has(output,
               "  2024-04-02T12:48:00.000+08:00  CNY 1048.00\n"
               "          A  reject CNY-01 KIT-01\n"
               "          B  return CNY-01\n\n"
               "3 of 24 payments judged otherwise; the first 1 are shown\n"
               "       2  reject -> accept                    EUR 1050.00, USD 1052.00\n");
    assert_int_equal(diff(books, "--limit 0", output), 1);
    assert_has(output, "6 of 168 payments judged otherwise; the first 0 are shown\n");
    assert_has(output, "\nby rule\n       6  A KIT-01                            CNY 2120.00, "
                       "EUR 2124.00, USD 2128.00\n");
    /* Two versions of one book have one name. */
    assert_int_equal(sscanf(strstr(output, ": A "),
                            ": A china-2024@%12[0-9a-f], B "
                            "china-2024@%12[0-9a-f]",
                            label[0], label[1]),
                     2);
    assert_string_not_equal(label[0], label[1]);
    assert_int_equal(
        strncmp(answer_text(trade[0].answers[0], "decision/snapshot"), "sha256:", 7), 0);
    assert_int_equal(
        strncmp(answer_text(trade[0].answers[0], "decision/snapshot") + 7, label[0], 12), 0);
}

static void
a_book_against_itself_changes_nothing(void **state)
{
    char output[YUANCTL_OUTPUT_SIZE];

    (void)state;
    assert_int_equal(diff("china-2024 " SHIPPED, "", output), 0);
    assert_has(output, "\n\n0 of 168 payments judged otherwise\n");
}

static void
any_number_of_threads_prints_the_same_bytes(void **state)
{
    const char *books = arena_printf(
        &arena, "%s china-2024",
        book("open", "accept", HOME "," FOREIGN, "2020-01-01", "\"foreign\":[\"baseline\"]"));
    char one[YUANCTL_OUTPUT_SIZE], many[YUANCTL_OUTPUT_SIZE];

    (void)state;
    assert_int_equal(diff(books, "--limit 1000 --threads 1", one), 1);
    assert_int_equal(diff(books, "--limit 1000 --threads 8", many), 1);
    assert_string_equal(one, many);
}

/* --- a scenario -------------------------------------------------------------------------- */

/* Payments of February and one of January, by the clock of each. */
static const char *
scenario(void)
{
    static const char *const uetrs[] = {
        "97ed4827-7b6f-4491-b000-000000000001", "97ed4827-7b6f-4491-b000-000000000002",
        "97ed4827-7b6f-4491-b000-000000000003", "97ed4827-7b6f-4491-b000-000000000004",
        "97ed4827-7b6f-4491-b000-000000000005"};

    return file_write(
        "scenario.json",
        arena_printf(
            &arena,
            "{\"scenario\":\"five\",\"seed\":1,\"clock\":\"payment\",\"book\":\"no-such-book\","
            "\"steps\":[{\"title\":\"too early\",\"pay\":%s},{\"title\":\"a bank left out\","
            "\"pay\":%s},{\"title\":\"dolls\",\"pay\":%s},{\"title\":\"dolls and kites\","
            "\"pay\":%s},{\"title\":\"a large one\",\"pay\":%s},"
            "{\"pay\":{\"end_to_end_id\":\"T-2\"}}]}",
            payment(uetrs[0], "2024-01-10T12:00:00+08:00", "HLDBCNBS", "CNY", "10.00", DOLLS),
            payment(uetrs[1], "2024-02-05T12:00:00+08:00", "CCCCCNSZ", "CNY", "20.00", DOLLS),
            payment(uetrs[2], "2024-02-06T12:00:00+08:00", "HLDBCNBS", "CNY", "40.00", DOLLS),
            payment(uetrs[3], "2024-02-07T12:00:00+08:00", "DDDDHKHH", "JPY", "80", TOYS),
            payment(uetrs[4], "2024-02-08T12:00:00+08:00", "HLDBCNBS", "CNY", "5000.00",
                    DOLLS)));
}

/* What is mild, and what is stern from February on and does not know the third bank. */
static const char *
mild_and_stern(void)
{
    return arena_printf(
        &arena, "%s %s",
        book("mild", "accept", HOME "," FOREIGN "," THIRD, "2024-01-01",
             "\"joint_stock\":[\"watch\"],\"foreign\":[\"quiet\"]"),
        book("stern", "hold", HOME "," FOREIGN, "2024-02-01", "\"*\":[\"watch\"]"));
}

static void
what_stands_in_for_a_rule_is_said(void **state)
{
    char output[YUANCTL_OUTPUT_SIZE];

    (void)state;
    assert_int_equal(yuanctl(arena_printf(&arena, "policy diff %s " PACKS "--scenario %s",
                                          mild_and_stern(), scenario()),
                             output),
                     1);
    assert_int_equal(strncmp(output, "five: A mild@", strlen("five: A mild@")), 0);
    assert_string_equal(strstr(output, "\n\n"),
                        "\n\n"
                        "  1  too early\n"
                        "     A  accept\n"
                        "     B  hold\n"
                        "        no regime in force\n"
                        "  2  a bank left out\n"
                        "     A  accept\n"
                        "     B  reject\n"
                        "        bank not in the book\n"
                        "  3  dolls\n"
                        "     A  accept\n"
                        "     B  hold\n"
                        "        default action\n"
                        "  4  dolls and kites\n"
                        "     A  accept\n"
                        "     B  hold\n"
                        "        watch@1.0.0: WAT-03: division by zero\n"
                        "\n"
                        "4 of 5 payments judged otherwise\n"
                        "       3  accept -> hold                      CNY 50.00, JPY 80\n"
                        "       1  accept -> reject                    CNY 20.00\n"
                        "by rule\n"
                        "       1  B could not answer                  JPY 80\n"
                        "       1  B bank not in the book              CNY 20.00\n"
                        "       1  B no regime in force                CNY 10.00\n"
                        "       1  B default action                    CNY 40.00\n"
                        "1 left out: no payment that a gateway takes\n");
}

static void
a_bank_that_no_policy_judges_is_held_and_said(void **state)
{
    const char *bare = book("bare", "accept", HOME "," FOREIGN "," THIRD, "2024-01-01",
                            "\"foreign\":[\"quiet\"]");
    const char *mild = book("mild", "accept", HOME "," FOREIGN "," THIRD, "2024-01-01",
                            "\"joint_stock\":[\"quiet\"],\"foreign\":[\"quiet\"]");
    char output[YUANCTL_OUTPUT_SIZE];

    (void)state;
    assert_int_equal(yuanctl(arena_printf(&arena, "policy diff %s %s " PACKS "--scenario %s",
                                          mild, bare, scenario()),
                             output),
                     1);
    assert_has(output, "  3  dolls\n"
                       "     A  accept\n"
                       "     B  hold\n"
                       "        no policy for the bank\n");
    assert_has(output, "       4  B no policy for the bank            CNY 5070.00\n");
}

static void
json_tells_it_too(void **state)
{
    char output[YUANCTL_OUTPUT_SIZE];
    const cJSON *line;

    (void)state;
    assert_int_equal(
        yuanctl(arena_printf(&arena, "policy diff %s " PACKS "--scenario %s --json",
                             mild_and_stern(), scenario()),
                output),
        1);
    assert_has(output, "\"b\":{\"action\":\"hold\",\"outcome\":\"held\",\"rules\":[],"
                       "\"failures\":[\"watch@1.0.0: WAT-03: division by zero\"]}}\n");
    assert_has(output, "\"a\":{\"action\":\"accept\",\"outcome\":\"approved\",\"rules\":[],"
                       "\"failures\":[]},\"b\":{\"action\":\"reject\",\"outcome\":\"blocked\","
                       "\"rules\":[],\"failures\":[],\"because\":\"bank not in the book\"}}\n");
    line = summary_of(output);
    assert_int_equal(answer_at(line, "changed")->valueint, 4);
    assert_int_equal(answer_at(line, "skipped")->valueint, 1);
    assert_string_equal(answer_text(answer_at(line, "moves")->child, "to"), "hold");
    line = answer_at(line, "rules")->child;
    assert_string_equal(answer_text(line, "book"), "b");
    assert_true(cJSON_IsNull(answer_at(line, "rule")));
    assert_null(answer_at(line, "because"));
    assert_string_equal(answer_text(line, "amounts/JPY"), "80");
    assert_string_equal(answer_text(line->next, "because"), "bank not in the book");
}

/* --- what goes wrong --------------------------------------------------------------------- */

static void
a_bad_book_is_refused_with_its_place_before_any_payment(void **state)
{
    const struct {
        const char *text, *says;
    } cases[] = {
        {"{\"book\":", "bad.json: line 1, column 9: "},
        {shipped_with("\"banks\"", "\"joint_stock\"", "\"jiont_stock\""),
         "/class: expected one of the classes state_big, "},
        {shipped_with("\"from\": \"2024-04-01\"", "\"kit-blockade\"", "\"kit-blokade\""),
         "bad.json: /regimes/4/policies/state_big/2: expected the name of a pack; found "
         "\"kit-blokade\""},
        {shipped_with("\"default_action\"", "\"accept\"", "\"abstain\""),
         "bad.json: /default_action: expected "},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        for (int first = 0; first < 2; first++) {
            const char *bad = file_write("bad.json", cases[i].text);
            const char *a = first ? bad : "china-2024", *b = first ? "china-2024" : bad;
            char output[YUANCTL_OUTPUT_SIZE];

            assert_int_equal(diff(arena_printf(&arena, "%s %s", a, b), "", output), 2);
            assert_has(output, cases[i].says);
            assert_int_equal(strncmp(output, "yuanctl: ", 9), 0);
            assert_int_equal(strcspn(output, "\n"), strlen(output) - 1);
        }
}

static void
a_book_whose_pack_fails_its_tests_is_refused(void **state)
{
    const char *bad = book("bad", "accept", HOME, "2024-01-01", "\"*\":[\"watch-failing\"]");
    char output[YUANCTL_OUTPUT_SIZE];

    (void)state;
    assert_int_equal(diff(arena_printf(&arena, "%s %s", bad, bad), PACKS, output), 2);
    assert_has(output, "yuanctl: tests/scenarios/fixtures/packs/watch-failing.json:");
}

static void
what_makes_no_sense_is_said_in_words(void **state)
{
    static const struct {
        const char *arguments, *says;
    } cases[] = {
        /* clang-format off */
        {"china-2024 cny-return --scenario x", "policy diff takes two packs or two books, but china-2024 is a book and cny-return a pack: a pack answers for itself and may abstain, a book for a whole bank\n"},
        {"cny-return " SHIPPED " --store memory", "but cny-return is a pack and " SHIPPED " a book: "},
        {"china-2024 china-2024 --book china-2024 --scenario x", "--book says of whose banks two packs are asked; A and B are books\n"},
        {"cny-return cny-return --packs policy/packs --scenario x", "--packs says where the packs of two books are; A and B are packs\n"},
        {"china-2024 china-2025 --scenario x", "there is no shipped pack or book \"china-2025\""},
        {"china-2024 china-2024 --packs no/such --scenario x", "and there is no no/such/listed-party.json"},
        {"china-2024 china-2024 --store memory", "store memory: only the gateway that keeps it can read it"},
        {"china-2024 china-2024 --scenario no/such.json", "no/such.json: No such file or directory"},
        /* clang-format on */
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char output[YUANCTL_OUTPUT_SIZE];
        int status =
            yuanctl(arena_printf(&arena, "policy diff %s", cases[i].arguments), output);

        assert_has(output, cases[i].says);
        if (status != 2)
            fail_msg("%s: status %d", cases[i].arguments, status);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_payment_is_answered_as_a_gateway_with_the_book_would),
        cmocka_unit_test(unknown_banks_and_days_before_the_first_regime_are_answered_as_well),
        cmocka_unit_test(a_changed_regime_is_told_by_move_rule_and_value),
        cmocka_unit_test(a_book_against_itself_changes_nothing),
        cmocka_unit_test(any_number_of_threads_prints_the_same_bytes),
        cmocka_unit_test(what_stands_in_for_a_rule_is_said),
        cmocka_unit_test(a_bank_that_no_policy_judges_is_held_and_said),
        cmocka_unit_test(json_tells_it_too),
        cmocka_unit_test(a_bad_book_is_refused_with_its_place_before_any_payment),
        cmocka_unit_test(a_book_whose_pack_fails_its_tests_is_refused),
        cmocka_unit_test(what_makes_no_sense_is_said_in_words),
    };

    return cmocka_run_group_tests_name("yuanctl policy diff of books", tests, set_up,
                                       tear_down);
}
