/*
 * Names to be screened out of JSON: one or many, where each field lands, and every way of
 * getting it wrong with its pointer and its sentence.
 */
#include <string.h>

#include "gateway/base/buffer.h"
#include "gateway/base/json.h"
#include "gateway/payment/screening_json.h"
#include "tests/support/payment_document.h"
#include "tests/support/test.h"

static struct arena arena;

static int
teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static const cJSON *
parse(const char *text)
{
    struct error err = {0};
    cJSON *json;

    if (json_parse_request(&arena, text, strlen(text), &json, &err) != 0)
        fail_msg("%s: %s", text, err.text);
    return json;
}

/* "pointer: detail" lines; "" where it is read without fault. */
static const char *
faults_of(const char *text, struct screening_request *request)
{
    struct payment_faults faults = {.arena = &arena, .count = 17 /* must not matter */};

    screening_read(parse(text), request, &faults);
    return payment_faults_text(&faults);
}

static struct screening_request
read_good(const char *text)
{
    struct screening_request request;

    assert_string_equal(faults_of(text, &request), "");
    return request;
}

static void
one_question_lands_in_the_struct(void **state)
{
    struct screening_request request =
        read_good("{\"name\":\"Матвей Стужев\",\"kind\":\"person\",\"country\":\"RU\","
                  "\"born_on\":\"1967-12-12\",\"identifiers\":{\"passport\":\"F0000012\","
                  "\"inn\":\"7700000108\"},\"explain\":true,\"lists\":[\"ofac\",\"un\"],"
                  "\"threshold\":0.75}");
    const struct screening_question *question = request.questions[0];

    (void)state;
    assert_int_equal(request.question_count, 1);
    assert_false(request.many);
    assert_true(request.explain);
    assert_true(request.threshold == 0.75);
    assert_int_equal(request.list_count, 2);
    assert_string_equal(request.lists[1], "un");
    assert_string_equal(question->name, "Матвей Стужев");
    assert_string_equal(question->kind, "person");
    assert_string_equal(question->country, "RU");
    assert_string_equal(question->born_on, "1967-12-12");
    assert_int_equal(question->identifier_count, 2);
    assert_string_equal(question->identifiers[0]->scheme, "inn");
    assert_string_equal(question->identifiers[1]->value, "F0000012");
}

static void
many_questions_land_in_their_order(void **state)
{
    struct screening_request request =
        read_good("{\"names\":[{\"name\":\"A\"},{\"identifiers\":{\"bic\":\"GRTVRUMM\"},"
                  "\"kind\":\"bank\"},{\"name\":\"C\",\"kind\":\"vessel\"}],"
                  "\"explain\":false}");

    (void)state;
    assert_int_equal(request.question_count, 3);
    assert_true(request.many);
    assert_false(request.explain);
    assert_true(request.threshold == 0);
    assert_int_equal(request.list_count, 0);
    assert_string_equal(request.questions[0]->name, "A");
    assert_string_equal(request.questions[1]->name, "");
    assert_string_equal(request.questions[1]->country, "");
    assert_string_equal(request.questions[1]->born_on, "");
    assert_string_equal(request.questions[1]->identifiers[0]->value, "GRTVRUMM");
    assert_string_equal(request.questions[2]->kind, "vessel");
    assert_int_equal(request.questions[2]->identifier_count, 0);
}

#define HAS                                                                                    \
    "unknown field; a screening has name, kind, country, born_on, identifiers, names, "        \
    "explain, lists, threshold\n"
#define NAME "\"name\":\"A\""

static void
every_fault_has_its_pointer_and_its_sentence(void **state)
{
    static const struct {
        const char *body, *faults;
    } cases[] = {
        /* clang-format off */
        {"[]", ": must be an object\n"},
        {"{}", ": needs a name or an identifier\n"},
        {"{\"kind\":\"person\"}", ": needs a name or an identifier\n"},
        {"{\"identifiers\":{}}", ": needs a name or an identifier\n"},
        {"{\"names\":[{\"name\":\"A\"},{\"country\":\"RU\"}]}", "/names/1: needs a name or an identifier\n"},
        {"{\"name\":\" \"}", "/name: must not be empty or blank\n"},
        {"{\"name\":null}", "/name: must be a string\n"},
        {"{\"name\":\"a\\u0007\"}", "/name: must not hold control characters\n"},
        {"{" NAME ",\"nam\":1}", "/nam: " HAS},
        {"{" NAME ",\"countries\":[\"RU\"]}", "/countries: " HAS},
        {"{\"names\":[{" NAME ",\"explain\":true}]}",
         "/names/0/explain: unknown field; a question has name, kind, country, born_on, identifiers\n"},
        {"{" NAME ",\"kind\":\"ship\"}", "/kind: must be person, company, bank or vessel; left out, it is anything\n"},
        {"{" NAME ",\"country\":\"Russia\"}", "/country: must be an ISO 3166-1 alpha-2 country code such as CN\n"},
        {"{" NAME ",\"born_on\":\"1967\"}", "/born_on: must be a date that exists, such as 2024-04-17\n"},
        {"{" NAME ",\"born_on\":\"1967-12-12\",\"kind\":\"bank\"}", "/born_on: does not go with a bank\n"},
        {"{\"names\":[{" NAME ",\"born_on\":\"1967-12-12\",\"kind\":\"company\"}]}",
         "/names/0/born_on: does not go with a company\n"},
        {"{\"identifiers\":{\"inn\":\"1\"}}", "/identifiers/inn: must be an INN of 10 or 12 digits\n"},
        {"{\"identifiers\":{\"bic\":\"X\"}}", "/identifiers/bic: must be a BIC of 8 or 11 characters such as HLDBCNBS\n"},
        {"{\"identifiers\":[]}", "/identifiers: must be an object\n"},
        {"{" NAME ",\"explain\":\"true\"}", "/explain: must be true or false\n"},
        {"{" NAME ",\"threshold\":0.4999}", "/threshold: must be a number from 0.5 to 1\n"},
        {"{" NAME ",\"threshold\":1.001}", "/threshold: must be a number from 0.5 to 1\n"},
        {"{" NAME ",\"threshold\":\"0.9\"}", "/threshold: must be a number from 0.5 to 1\n"},
        {"{" NAME ",\"lists\":\"ofac\"}", "/lists: must be an array\n"},
        {"{" NAME ",\"lists\":[]}", "/lists: must have an element, or be left out\n"},
        {"{\"names\":[]}", "/names: must have an element, or be left out\n"},
        {"{\"names\":{}}", "/names: must be an array\n"},
        {"{\"names\":[\"A\"]}", "/names/0: must be an object\n"},
        {"{" NAME ",\"kind\":\"person\",\"names\":[{" NAME "}]}",
         "/name: does not go with names: it belongs to one of them\n"
         "/kind: does not go with names: it belongs to one of them\n"},
        {"{\"names\":[{\"name\":\"\"},{\"kind\":\"x\"}],\"lists\":[\"a\",7],\"threshold\":2}",
         "/names/0/name: must not be empty or blank\n"
         "/names/1/kind: must be person, company, bank or vessel; left out, it is anything\n"
         "/names/1: needs a name or an identifier\n"
         "/lists/1: must be a string\n"
         "/threshold: must be a number from 0.5 to 1\n"},
        /* clang-format on */
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct screening_request request;

        assert_string_equal(faults_of(cases[i].body, &request), cases[i].faults);
    }
}

/* {"names":[{"name":"A"},…]} */
static const char *
names_text(size_t count)
{
    struct buffer text;

    buffer_init(&text, &arena, 4096);
    buffer_text(&text, "{\"names\":[");
    for (size_t i = 0; i < count; i++)
        buffer_printf(&text, "%s{\"name\":\"A\"}", i ? "," : "");
    buffer_text(&text, "]}");
    return buffer_terminate(&text);
}

static void
a_hundred_names_are_taken_and_no_more(void **state)
{
    struct screening_request request;

    (void)state;
    assert_int_equal(SCREENING_NAMES_MAX, 100);
    assert_int_equal(read_good(names_text(100)).question_count, 100);
    assert_string_equal(faults_of(names_text(101), &request),
                        "/names: has 101 elements, at most 100 are allowed\n");
}

static void
a_name_has_as_many_characters_as_a_payments(void **state)
{
    struct screening_request request;
    char name[3 * 1001 + 1] = "";

    (void)state;
    for (size_t i = 0; i < 1000; i++)
        memcpy(name + 3 * i, "东", 4);
    read_good(arena_printf(&arena, "{\"name\":\"%s\"}", name));
    memcpy(name + 3000, "东", 4);
    assert_string_equal(faults_of(arena_printf(&arena, "{\"name\":\"%s\"}", name), &request),
                        "/name: has 1001 characters, at most 1000 are allowed\n");
}

/* So that more can be said of it. */
static void
what_was_without_fault_is_there(void **state)
{
    struct screening_request request;

    (void)state;
    faults_of("{\"name\":\"A\",\"kind\":\"x\",\"lists\":[7,\"un\"]}", &request);
    assert_int_equal(request.question_count, 1);
    assert_string_equal(request.questions[0]->name, "A");
    assert_string_equal(request.questions[0]->kind, "");
    assert_int_equal(request.list_count, 2);
    assert_null(request.lists[0]);
    assert_string_equal(request.lists[1], "un");
    faults_of("7", &request);
    assert_int_equal(request.question_count, 1);
    assert_string_equal(request.questions[0]->name, "");
}

static void
a_later_fault_stands_behind_the_others_and_is_counted(void **state)
{
    struct payment_faults faults = {.arena = &arena};
    struct screening_request request;

    (void)state;
    screening_read(parse("{\"kind\":\"x\",\"name\":\"A\"}"), &request, &faults);
    payment_fault_add(&faults, "/lists/0", "there is no list \"%s\"", "x");
    assert_int_equal(faults.count, 2);
    assert_string_equal(faults.list[1].pointer, "/lists/0");
    assert_string_equal(faults.list[1].detail, "there is no list \"x\"");
    for (size_t i = 0; i < PAYMENT_FAULTS_MAX; i++)
        payment_fault_add(&faults, "", "more");
    assert_int_equal(faults.count, PAYMENT_FAULTS_MAX + 2);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_question_lands_in_the_struct),
        cmocka_unit_test(many_questions_land_in_their_order),
        cmocka_unit_test(every_fault_has_its_pointer_and_its_sentence),
        cmocka_unit_test(a_hundred_names_are_taken_and_no_more),
        cmocka_unit_test(a_name_has_as_many_characters_as_a_payments),
        cmocka_unit_test(what_was_without_fault_is_there),
        cmocka_unit_test(a_later_fault_stands_behind_the_others_and_is_counted),
    };

    return cmocka_run_group_tests_name("screening json", tests, NULL, teardown);
}
