/*
 * Answers against questions and a payment, as a table: what was asked, what is said, the
 * verdict and every finding.  The payment buys processors and something described only.
 */
#include <string.h>

#include "gateway/bank/answers.h"
#include "gateway/base/json.h"
#include "tests/support/test.h"

static struct arena arena;
static struct goods *goods;

static int
set_up(void **state)
{
    struct error err = {0};

    (void)state;
    if (goods_load("policy/goods", &arena, &goods, &err) == 0)
        return 0;
    print_error("%s\n", err.text);
    return -1;
}

static int
tear_down(void **state)
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

    if (json_parse(&arena, text, strlen(text), &json, &err) != 0)
        fail_msg("%s: %s", text, err.text);
    return json;
}

#define PAYMENT                                                                                \
    "{\"uetr\":\"11111111-1111-4111-8111-111111111111\",\"end_to_end_id\":\"E\",\"amount\":"   \
    "{\"currency\":\"CNY\",\"value\":\"1.00\"},\"debtor\":{\"name\":\"A\",\"country\":\"RU\"}" \
    ",\"debtor_agent\":{\"bic\":\"SVRBRUMM\"},\"creditor_agent\":{\"bic\":\"HLDBCNBS\"},"      \
    "\"creditor\":{\"name\":\"B\",\"country\":\"CN\"},\"goods\":[%s],\"trade\":{%s}}"

#define LINE_CODE  "{\"hs_code\":\"8542310000\"}"
#define LINE_WORDS "{\"description\":\"notebook processors\"}"

static const struct payment *
payment_of(const char *lines, const char *trade)
{
    struct payment_faults *faults = arena_zalloc(&arena, sizeof(*faults));
    struct payment *payment = arena_zalloc(&arena, sizeof(*payment));

    faults->arena = &arena;
    if (payment_read(parse(arena_printf(&arena, PAYMENT, lines, trade)), payment, faults) != 0)
        fail_msg("%s %s", faults->list[0].pointer, faults->list[0].detail);
    return payment;
}

/* "partial: RQSG/RQHS is not answered; " */
static const char *
judged(const char *lines, const char *trade, const char *asks, const char *said)
{
    struct payment_faults *faults = arena_zalloc(&arena, sizeof(*faults));
    const char *codes[8];
    struct answers_asked asked = {.codes = codes};
    struct document_answers answers;
    struct answers_judged out;
    struct buffer text;
    char *rest, *copy = arena_copy(&arena, asks, strlen(asks));

    for (char *code = strtok_r(copy, " ", &rest); code; code = strtok_r(NULL, " ", &rest))
        codes[asked.count++] = code;
    faults->arena = &arena;
    if (documents_read(parse(arena_printf(&arena, "{\"answers\":[%s]}", said)), &answers,
                       faults) != 0)
        fail_msg("%s: %s %s", said, faults->list[0].pointer, faults->list[0].detail);
    answers_judge(payment_of(lines, trade), goods, &asked, &answers, &arena, &out);
    buffer_init(&text, &arena, 256);
    buffer_text(&text, answers_verdict_name(out.verdict));
    for (const struct answers_finding *found = out.findings; found; found = found->next)
        buffer_printf(&text, "; %s%s %s", found->request, found->pointer, found->finding);
    for (size_t i = 0; i < out.missing_count; i++)
        buffer_printf(&text, "; -%s", out.missing[i]);
    return buffer_terminate(&text);
}

#define HS(code)     "{\"request\":\"RQSG/RQHS\",\"hs_code\":\"" code "\"}"
#define GOES(to)     "{\"request\":\"RQSG/RQGF\",\"destination_country\":\"" to "\"}"
#define PAPER(q, of) "{\"request\":\"" q "\",\"documents\":[\"" of "\"]}"
#define SWORN(word)  "{\"request\":\"RQSG/RQCM\",\"attested\":" word "}"
#define TEXT(q)      "{\"request\":\"" q "\",\"text\":\"as the contract says\"}"

static void
answers_are_complete_partial_or_contradictory(void **state)
{
    static const struct {
        const char *lines, *trade, *asks, *said, *judged;
    } cases[] = {
        /* clang-format off */
        /* HS codes against lines with a code. */
        {LINE_CODE, "", "RQSG/RQHS", HS("854231"), "complete"},
        {LINE_CODE, "", "RQSG/RQHS", HS("8542319000"), "complete"},
        {LINE_CODE, "", "RQSG/RQHS", HS("854232"), "contradictory; RQSG/RQHS/0/hs_code no goods line of the payment is 854232"},
        {LINE_CODE "," LINE_WORDS, "", "RQSG/RQHS", HS("854231"), "complete"},
        {"", "", "RQSG/RQHS", HS("950300"), "complete"},
        /* Against words alone. */
        {LINE_WORDS, "", "RQSG/RQHS", HS("854231"), "complete"},
        {LINE_WORDS, "", "RQSG/RQHS", HS("950300"), "contradictory; RQSG/RQHS/0/hs_code no goods line of the payment is 950300"},
        {"{\"description\":\"goods\"}", "", "RQSG/RQHS", HS("950300"), "complete"},
        {"", "", "RQSG/RQHS", "{\"request\":\"RQSG/RQHS\",\"hs_code\":\"950300\",\"text\":\"processors\"}",
         "contradictory; RQSG/RQHS/0/hs_code the answer's text names goods of another chapter than 95"},
        /* The destination. */
        {"", "", "RQSG/RQGF", GOES("RU"), "complete"},
        {"", "\"destination_country\":\"RU\"", "RQSG/RQGF", GOES("RU"), "complete"},
        {"", "", "RQSG/RQGF", GOES("KZ"), "contradictory; RQSG/RQGF/0/destination_country the goods go to KZ, the payer is in RU"},
        {"", "\"destination_country\":\"KZ\"", "RQSG/RQGF", GOES("RU"), "contradictory; RQSG/RQGF/0/destination_country the goods go to RU, the payment said KZ"},
        /* Civil or military. */
        {"", "", "RQSG/RQCM", SWORN("true"), "complete"},
        {"", "", "RQSG/RQCM", SWORN("false"), "contradictory; RQSG/RQCM/0/attested the payer does not attest what is asked"},
        {"", "", "RQSG/RQCM", TEXT("RQSG/RQCM"), "partial; RQSG/RQCM is not answered; -RQSG/RQCM"},
        /* Papers, by their names; a text is none. */
        {"", "", "RQDO/RQCD", PAPER("RQDO/RQCD", "customs declaration"), "complete"},
        {"", "", "RQDO/RQCD", PAPER("RQDO/RQCD", "Customs_Declaration"), "complete"},
        {"", "", "RQDO/RQTD", PAPER("RQDO/RQTD", "rail consignment note"), "complete"},
        {"", "", "RQDO/RQCD", PAPER("RQDO/RQCD", "invoice"), "partial; RQDO/RQCD is not answered; -RQDO/RQCD"},
        {"", "", "RQDO/RQCD", TEXT("RQDO/RQCD"), "partial; RQDO/RQCD is not answered; -RQDO/RQCD"},
        {"", "", "RQLD/RCBL", TEXT("RQLD/RCBL"), "complete"},
        {"", "", "AMLI", TEXT("AMLI"), "complete"},
        {"", "", "RQXX/NEW", TEXT("RQLD/RCBL"), "partial; RQXX/NEW is not answered; -RQXX/NEW"},
        /* An answer to one question is none to another; all count together. */
        {"", "", "RQDO/RQIN RQDO/RQCD", PAPER("RQDO/RQIN", "customs declaration"),
         "partial; RQDO/RQIN is not answered; RQDO/RQCD is not answered; -RQDO/RQIN; -RQDO/RQCD"},
        {"", "", "RQSG/RQHS RQDO/RQCD", HS("854231") "," PAPER("RQDO/RQCD", "customs declaration"), "complete"},
        {LINE_CODE, "", "RQSG/RQHS RQDO/RQCD", HS("950300"),
         "contradictory; RQSG/RQHS/0/hs_code no goods line of the payment is 950300; RQDO/RQCD is not answered; -RQDO/RQCD"},
        {LINE_CODE, "", "RQSG/RQHS", HS("854231") "," HS("950300"),
         "contradictory; RQSG/RQHS/1/hs_code no goods line of the payment is 950300"},
        /* clang-format on */
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_string_equal(
            judged(cases[i].lines, cases[i].trade, cases[i].asks, cases[i].said),
            cases[i].judged);
}

static void
every_fault_of_a_body_has_its_pointer_and_its_sentence(void **state)
{
    static const struct {
        const char *body, *pointer, *detail;
    } cases[] = {
        /* clang-format off */
        {"{}", "/answers", "is required"},
        {"[]", "", "must be an object"},
        {"{\"answers\":[]}", "/answers", "must have an element"},
        {"{\"answers\":[{}]}", "/answers/0/request", "is required"},
        {"{\"answers\":[{\"request\":\"RQSG/RQHS\"}]}", "/answers/0",
         "answers nothing: it needs documents, hs_code, destination_country, attested or text"},
        {"{\"answers\":[{\"request\":\"rqsg\",\"text\":\"x\"}]}", "/answers/0/request", "must be a code of camt.110 such as RQSG/RQHS"},
        {"{\"answers\":[{\"request\":\"RQSG/RQH\",\"text\":\"x\"}]}", "/answers/0/request", "must be a code of camt.110 such as RQSG/RQHS"},
        {"{\"answers\":[{\"request\":\"RQSG/RQHS\",\"hs_code\":\"8\"}]}", "/answers/0/hs_code", "must be an HS code of 6 to 10 digits such as 854231"},
        {"{\"answers\":[{\"request\":\"RQSG/RQHS\",\"hscode\":\"854231\",\"text\":\"x\"}]}", "/answers/0/hscode",
         "unknown field; an answer has request, documents, hs_code, destination_country, attested, name, text"},
        {"{\"answers\":[{\"request\":\"RQSG/RQCM\",\"attested\":\"yes\"}]}", "/answers/0/attested", "must be true or false"},
        /* clang-format on */
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct payment_faults *faults = arena_zalloc(&arena, sizeof(*faults));
        struct document_answers answers;

        faults->arena = &arena;
        assert_int_equal(documents_read(parse(cases[i].body), &answers, faults), -1);
        assert_string_equal(faults->list[0].pointer, cases[i].pointer);
        assert_string_equal(faults->list[0].detail, cases[i].detail);
    }
}

static void
what_is_written_reads_back_the_same(void **state)
{
    static const char text[] =
        "[{\"request\":\"RQSG/RQHS\",\"documents\":[\"a\\\"b\",\"c\"],\"hs_code\":\"854231\","
        "\"destination_country\":\"RU\",\"attested\":false,\"name\":\"n\",\"text\":\"l\\nm\"},"
        "{\"request\":\"AMLI\",\"text\":\"x\"}]";
    struct payment_faults *faults = arena_zalloc(&arena, sizeof(*faults));
    struct document_answers answers;
    struct buffer out;

    (void)state;
    faults->arena = &arena;
    assert_int_equal(documents_read_list(parse(text), &answers, faults), 0);
    buffer_init(&out, &arena, 64);
    documents_write(&answers, &out);
    assert_string_equal(buffer_terminate(&out), text);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_are_complete_partial_or_contradictory),
        cmocka_unit_test(every_fault_of_a_body_has_its_pointer_and_its_sentence),
        cmocka_unit_test(what_is_written_reads_back_the_same),
    };

    return cmocka_run_group_tests_name("answers", tests, set_up, tear_down);
}
