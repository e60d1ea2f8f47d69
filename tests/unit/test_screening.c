/*
 * Names asked for alone, against a bank without its sockets: one name at a time, by one
 * snapshot, and what cannot be asked for is refused.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/bank/screening.h"
#include "gateway/base/json.h"
#include "gateway/payment/money.h"
#include "gateway/payment/payment_lent.h"
#include "tests/support/payment_document.h"
#include "tests/support/rollout_bank.h"
#include "tests/support/test.h"

#define FICTIONAL "policy/lists/fictional/"
#define MANY      130 /* entries of one name */

static struct rollout_bank files;
static struct bank *bank;
static char many[96]; /* a list of MANY */
static const char *const paths[] = {FICTIONAL "entities", FICTIONAL "ofac", many};

/* Persons of one name that is much like Stuzhev's. */
static void
write_many(void)
{
    FILE *file;

    snprintf(many, sizeof(many), "%s/many.json", files.folder);
    file = fopen(many, "w");
    assert_non_null(file);
    for (int i = 0; i < MANY; i++)
        fprintf(file,
                "{\"id\":\"m%d\",\"schema\":\"Person\",\"caption\":\"STUZHEF, Matvei\","
                "\"properties\":{\"name\":[\"STUZHEF, Matvei\"],\"topics\":[\"sanction\"]},"
                "\"target\":true}\n",
                i);
    assert_int_equal(fclose(file), 0);
}

/* A bank that screens by the first so many of the lists. */
static void
open_bank(size_t lists)
{
    static const char *const names[] = {"entities", "ofac", "bulk"};
    static struct list_order orders[3];
    struct bank_options options = {
        .store = "memory",
        .clock = "manual:2024-07-03T12:00:00+08:00",
        .seed = 1,
        .lists = {.orders = orders, .order_count = lists},
        .sources =
            {
                .book = files.book,
                .plugin_path = "/nowhere",
                .pack_path = files.folder,
                .goods_path = "policy/goods",
                .currency_decimals = currency_decimals,
                .money_parse = money_parse,
                .payment_read = payment_lent_read,
                .reason_fits = payment_lent_reason_fits,
            },
    };
    struct error err = {0};

    for (size_t i = 0; i < COUNT(names); i++)
        orders[i] = list_order_of(names[i], &paths[i], 1);
    if (bank_open(&options, &bank, &err) != 0)
        fail_msg("%s", err.text);
}

static int
set_up(void **state)
{
    (void)state;
    if (rollout_bank_make(&files) != 0)
        return -1;
    write_many();
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    bank_close(bank);
    bank = NULL;
    rollout_bank_remove(&files);
    return 0;
}

#define format(...) arena_printf(&files.arena, __VA_ARGS__)

static struct screening *
read_body(const char *body)
{
    struct screening *screening = arena_zalloc(&files.arena, sizeof(*screening));
    struct payment_faults *faults = arena_zalloc(&files.arena, sizeof(*faults));
    struct error err = {0};
    cJSON *json;

    if (json_parse(&files.arena, body, strlen(body), &json, &err) != 0)
        fail_msg("%s: %s", body, err.text);
    faults->arena = &files.arena;
    screening->faults = faults;
    buffer_init(&screening->answer, &files.arena, 256);
    screening_read(json, &screening->request, faults);
    return screening;
}

static void
step(struct screening *screening)
{
    struct error err = {0};

    assert_false(screening->done);
    if (bank_screen(bank, screening, &err) != 0)
        fail_msg("%s\n%s", err.text, payment_faults_text(screening->faults));
}

static const cJSON *
answer_of(struct screening *screening)
{
    struct error err = {0};
    cJSON *json;

    while (!screening->done)
        step(screening);
    if (json_parse(&files.arena, screening->answer.data, screening->answer.len, &json, &err) !=
        0)
        fail_msg("%s: %.*s", err.text, (int)screening->answer.len, screening->answer.data);
    return json;
}

static const cJSON *
answer_to(const char *body)
{
    return answer_of(read_body(body));
}

/* By "data/0/hits"; NULL: it is not there. */
static const cJSON *
at(const cJSON *json, const char *path)
{
    char copy[80], *rest = NULL;

    snprintf(copy, sizeof(copy), "%s", path);
    for (char *part = strtok_r(copy, "/", &rest); part && json;
         part = strtok_r(NULL, "/", &rest))
        json = cJSON_IsArray(json) ? cJSON_GetArrayItem(json, atoi(part))
                                   : cJSON_GetObjectItemCaseSensitive(json, part);
    return json;
}

static const char *
text_at(const cJSON *json, const char *path)
{
    const cJSON *found = at(json, path);

    if (!cJSON_IsString(found))
        fail_msg("no text at %s", path);
    return found->valuestring;
}

/* "list entry state score by; …" of the first name. */
static const char *
hits_of(const cJSON *answer)
{
    const char *text = "";
    const cJSON *hit;

    cJSON_ArrayForEach(hit, at(answer, "data/0/hits"))
    {
        text = format("%s%s%s %s %s %.2f %s", text, text[0] ? "; " : "", text_at(hit, "list"),
                      text_at(hit, "entry"), text_at(hit, "state"),
                      at(hit, "score")->valuedouble, text_at(hit, "by"));
    }
    return text;
}

static void
it_goes_on_by_single_names(void **state)
{
    struct screening *screening;

    (void)state;
    open_bank(2);
    screening = read_body("{\"names\":[{\"name\":\"Stuzhev Matvei\"},{\"name\":\"Nobody\"},"
                          "{\"identifiers\":{\"bic\":\"GRTVRUMM\"}}]}");
    step(screening);
    step(screening);
    assert_false(screening->done);
    step(screening);
    assert_true(screening->done);
    assert_string_equal(text_at(answer_of(screening), "data/0/name"), "Stuzhev Matvei");
    assert_int_equal(cJSON_GetArraySize(at(answer_of(screening), "data/1/hits")), 0);
    assert_true(cJSON_IsNull(at(answer_of(screening), "data/2/name")));
    assert_int_equal(cJSON_GetArraySize(at(answer_of(screening), "data")), 3);
}

static void
another_snapshot_begins_it_again(void **state)
{
    struct error err = {0};
    struct screening *screening;
    const cJSON *answer;
    const char *first;

    (void)state;
    open_bank(2);
    screening = read_body("{\"names\":[{\"name\":\"A B C\"},{\"name\":\"Stuzhev Matvei\"}]}");
    step(screening);
    first = format("%s", screening->snapshot);
    rollout_bank_write(files.pack, rollout_bank_pack(&files, 2, "hold"));
    assert_int_equal(bank_reload(bank, &err), 0);
    step(screening);
    assert_false(screening->done); /* that was the first name again */
    answer = answer_of(screening);
    assert_string_not_equal(text_at(answer, "snapshot"), first);
    assert_int_equal(cJSON_GetArraySize(at(answer, "data")), 2);
    assert_string_equal(text_at(answer, "data/0/name"), "A B C");
    assert_int_equal(cJSON_GetArraySize(at(answer, "data/1/hits")), 2);
}

static void
hits_of_all_lists_come_best_first(void **state)
{
    static const struct {
        const char *body, *hits;
    } cases[] = {
        /* clang-format off */
        {"{\"name\":\"Stuzhef Matvei\"}",
         "entities fiction-9012 listed 0.93 name; ofac 9012 listed 0.93 name"},
        {"{\"name\":\"Stuzhef Matvei\",\"identifiers\":{\"registration_number\":\"1027700000108\"}}",
         "entities fiction-9008 listed 1.00 identifier; ofac 9008 listed 1.00 identifier; "
         "entities fiction-9012 listed 0.93 name; ofac 9012 listed 0.93 name"},
        {"{\"name\":\"Stuzhef Matvei\",\"lists\":[\"ofac\"]}", "ofac 9012 listed 0.93 name"},
        {"{\"name\":\"Stuzhef Matvei\",\"threshold\":0.99}", ""},
        {"{\"name\":\"Stuzhef Matvei\",\"kind\":\"company\"}", ""},
        {"{\"name\":\"Gortavbank\",\"kind\":\"bank\",\"lists\":[\"ofac\"]}", "ofac 9002 listed 1.00 name"},
        {"{\"name\":\"Gortavbank\",\"kind\":\"person\"}", ""},
        {"{\"name\":\"Gortavbank\",\"kind\":\"vessel\"}", ""},
        {"{\"name\":\"Fiction Dawn\",\"kind\":\"vessel\",\"lists\":[\"ofac\"]}", "ofac 9014 listed 1.00 name"},
        {"{\"name\":\"Fiction Dawn\",\"kind\":\"company\"}", ""},
        {"{\"name\":\"Snezhnyi Most\"}", "entities fiction-most owned 0.98 name"},
        {"{\"name\":\"Zamknutyi Krug\"}", ""},
        /* clang-format on */
    };

    (void)state;
    open_bank(2);
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_string_equal(hits_of(answer_to(cases[i].body)), cases[i].hits);
}

static void
of_many_hits_the_best_are_shown_and_the_others_counted(void **state)
{
    const cJSON *answer;

    (void)state;
    open_bank(3);
    answer = answer_to("{\"name\":\"Stuzhev Matvei Glebovich\",\"lists\":[\"bulk\",\"ofac\"]}");
    assert_int_equal(cJSON_GetArraySize(at(answer, "data/0/hits")), SCREENING_HITS_MAX);
    assert_int_equal(at(answer, "data/0/left_out")->valueint, MANY + 1 - SCREENING_HITS_MAX);
    assert_string_equal(text_at(answer, "data/0/hits/0/entry"), "9012");
    assert_string_equal(text_at(answer, "data/0/hits/1/entry"), "m0");
    assert_string_equal(text_at(answer, "data/0/hits/99/entry"), "m98");
}

static void
what_cannot_be_asked_for_is_a_fault(void **state)
{
    static const struct {
        const char *body, *faults;
    } cases[] = {
        /* clang-format off */
        {"{\"name\":\"A\",\"lists\":[\"ofac\",\"un\"]}", "/lists/1: is not in force; the lists are entities, ofac\n"},
        {"{\"name\":\"…!\"}", "/name: has no letter or digit to compare\n"},
        {"{\"name\":\"🚢\",\"kind\":\"vessel\"}", "/name: has no letter or digit to compare\n"},
        {"{\"names\":[{\"name\":\"A\"},{\"name\":\"--\",\"identifiers\":{\"tax_id\":\"1-2-3-4\",\"passport\":\"АБВГД\"}}]}",
         "/names/1/name: has no letter or digit to compare\n"
         "/names/1/identifiers/passport: must have at least 5 letters of A to Z and digits: shorter ones are not looked for\n"
         "/names/1/identifiers/tax_id: must have at least 5 letters of A to Z and digits: shorter ones are not looked for\n"},
        {"{\"name\":\"&\",\"kind\":\"x\",\"lists\":[1,\"x\"]}",
         "/kind: must be person, company, bank or vessel; left out, it is anything\n"
         "/lists/0: must be a string\n"
         "/lists/1: is not in force; the lists are entities, ofac\n"
         "/name: has no letter or digit to compare\n"},
        /* clang-format on */
    };

    (void)state;
    open_bank(2);
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct screening *screening = read_body(cases[i].body);
        struct error err = {0};

        assert_int_equal(bank_screen(bank, screening, &err), -1);
        assert_int_equal(err.code, ERROR_INVALID);
        assert_string_equal(payment_faults_text(screening->faults), cases[i].faults);
        assert_int_equal(screening->answer.len, 0);
    }
}

static void
without_a_list_there_is_no_answer(void **state)
{
    struct screening *screening = read_body("{\"name\":\"Stuzhev\",\"lists\":[\"ofac\"]}");
    struct error err = {0};

    (void)state;
    open_bank(0);
    assert_int_equal(bank_screen(bank, screening, &err), -1);
    assert_int_equal(err.code, ERROR_BUSY);
    assert_string_equal(err.text, "no sanctions list is in force, so nothing was screened; "
                                  "--list NAME=PATH loads one");
    assert_false(screening->done);
}

static void
with_nothing_in_force_there_is_no_answer(void **state)
{
    struct screening *screening = read_body("{\"name\":\"Stuzhev\"}");
    struct error err = {0};

    (void)state;
    rollout_bank_write(files.pack, "{");
    open_bank(2);
    assert_int_equal(bank_screen(bank, screening, &err), -1);
    assert_int_equal(err.code, ERROR_BUSY);
    assert_non_null(strstr(err.text, "no policy is in force: "));
}

/* What is explained is the comparison that hit, whatever its kind. */
static void
an_explanation_has_the_score_of_the_names_alone(void **state)
{
    static const struct {
        const char *body;
        bool same; /* nothing but the names counts */
    } cases[] = {
        {"{\"name\":\"Stuzhef Matvei\",\"explain\":true}", true},
        {"{\"name\":\"合肥云桥虚构光学有限公司\",\"explain\":true}", true},
        {"{\"name\":\"Fiction Dawn\",\"explain\":true}", true},
        {"{\"name\":\"Polarny Pribor\",\"explain\":true}", true},
        {"{\"name\":\"Stuzhef Matvei\",\"country\":\"RU\",\"explain\":true}", false},
        {"{\"name\":\"Stuzhef Matvei\",\"born_on\":\"1990-01-01\",\"threshold\":0.5,"
         "\"explain\":true}",
         false},
    };

    (void)state;
    open_bank(2);
    for (size_t i = 0; i < COUNT(cases); i++) {
        const cJSON *hit = at(answer_to(cases[i].body), "data/0/hits/0");
        const cJSON *explanation = at(hit, "explanation");

        assert_string_equal(text_at(explanation, "query"), text_at(hit, "query"));
        assert_string_equal(text_at(explanation, "matched"), text_at(hit, "matched"));
        assert_int_equal(at(explanation, "name_score")->valuedouble ==
                             at(hit, "score")->valuedouble,
                         cases[i].same);
        assert_true(cJSON_GetArraySize(at(explanation, "pairs")) > 0);
    }
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(it_goes_on_by_single_names),
        TEST(another_snapshot_begins_it_again),
        TEST(hits_of_all_lists_come_best_first),
        TEST(of_many_hits_the_best_are_shown_and_the_others_counted),
        TEST(what_cannot_be_asked_for_is_a_fault),
        TEST(without_a_list_there_is_no_answer),
        TEST(with_nothing_in_force_there_is_no_answer),
        TEST(an_explanation_has_the_score_of_the_names_alone),
    };

    return cmocka_run_group_tests_name("screening", tests, NULL, NULL);
}
