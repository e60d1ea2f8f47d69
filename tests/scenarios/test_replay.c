/* Scenarios replayed by the real yuanctl on the real gateway: good ones hold, bad ones are told. */
#include "tests/support/test.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients/answer.h"
#include "gateway/base/json.h"
#include "tests/support/gateway.h"
#include "tests/support/yuanctl.h"

#define SHIPPED        "clients/scenarios"
#define FIXTURES       "tests/scenarios/fixtures/"
#define ARGUMENTS_SIZE 512

static void
every_shipped_scenario_holds(void **state)
{
    DIR *folder = opendir(SHIPPED);
    struct dirent *entry;
    int count = 0;

    (void)state;
    assert_non_null(folder);
    while ((entry = readdir(folder))) {
        char arguments[ARGUMENTS_SIZE], output[YUANCTL_OUTPUT_SIZE];

        if (!strstr(entry->d_name, ".json"))
            continue;
        snprintf(arguments, sizeof(arguments), "replay " SHIPPED "/%s", entry->d_name);
        if (yuanctl(arguments, output) != 0)
            fail_msg("%s", output);
        count++;
    }
    closedir(folder);
    assert_true(count >= 3);
}

static void
what_goes_wrong_has_its_status_and_its_words(void **state)
{
    static const struct {
        const char *arguments;
        int status;
        const char *says;
    } cases[] = {
        /* clang-format off */
        {"replay " FIXTURES "wrong_expectation.json", 1, "outcome: expected held, found approved"},
        {"replay " FIXTURES "wrong_expectation.json", 1, "rules: expected KIT-01, found nothing"},
        {"replay " FIXTURES "wrong_expectation.json", 1, "1 of 2 steps as expected"},
        {"replay " FIXTURES "faulty_payment.json", 1, "/debtor"},
        {"replay " FIXTURES "faulty_payment.json", 1, "that payment was not taken"},
        {"replay " FIXTURES "unknown_member.json", 2, "unknown_member.json: step 1, /steps/0/expects: no member of this name"},
        {"replay " FIXTURES "unknown_book.json", 2, "no book \"atlantis-2024\" is shipped"},
        {"replay " FIXTURES "missing_book_file.json", 2, "there is no file tests/scenarios/fixtures/books/none.json"},
        {"replay " FIXTURES "none.json", 2, "No such file or directory"},
        {"replay --server nonsense " FIXTURES "own_book.json", 2, "is not of the form http://host:port"},
        {"replay --server http://127.0.0.1:1 " FIXTURES "own_book.json", 3, "cannot reach http://127.0.0.1:1"},
        {"replay --gateway tests/scenarios/gateways/refuses.sh " FIXTURES "wrong_expectation.json", 3, "no such bank class"},
        {"replay --gateway no/gateway " FIXTURES "wrong_expectation.json", 3, "no/gateway: No such file or directory"},
        {"pay", 2, "pay takes FILE"},
        {"pay f g", 2, "\"g\" is one argument too many"},
        {"", 2, "no command given"},
        {"list more", 2, "list takes no argument"},
        {"play x", 2, "there is no command \"play\""},
        {"--server http://127.0.0.1:1 get x", 3, "cannot reach http://127.0.0.1:1"},
        {"--help", 0, "usage: yuanctl"},
        /* clang-format on */
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char output[YUANCTL_OUTPUT_SIZE];
        int status = yuanctl(cases[i].arguments, output);

        assert_has(output, cases[i].says);
        assert_int_equal(status, cases[i].status);
    }
}

static void
a_book_beside_the_scenario_is_used(void **state)
{
    char output[YUANCTL_OUTPUT_SIZE];

    (void)state;
    if (yuanctl("replay " FIXTURES "own_book.json", output) != 0)
        fail_msg("%s", output);
}

static void
json_output_is_a_line_a_step_and_a_summary(void **state)
{
    char output[YUANCTL_OUTPUT_SIZE];
    struct arena arena = {0};
    int lines = 0;
    cJSON *json = NULL;

    (void)state;
    assert_int_equal(yuanctl("--json replay " FIXTURES "wrong_expectation.json", output), 1);
    for (char *line = strtok(output, "\n"); line; line = strtok(NULL, "\n")) {
        struct error err = {0};

        assert_int_equal(json_parse(&arena, line, strlen(line), &json, &err), 0);
        lines++;
        if (lines != 1)
            continue;
        assert_true(cJSON_IsFalse(answer_at(json, "passed")));
        assert_string_equal(answer_text(json, "outcome"), "approved");
        assert_string_equal(answer_text(answer_at(json, "mismatches")->child, "expected"),
                            "held");
    }
    assert_int_equal(lines, 3);
    assert_string_equal(answer_text(json, "scenario"), "wrong-expectation");
    assert_int_equal(answer_at(json, "passed")->valueint, 1);
    assert_int_equal(answer_at(json, "failed")->valueint, 1);
    arena_release(&arena);
}

static void
the_same_scenario_gives_the_same_bytes(void **state)
{
    static char first[YUANCTL_OUTPUT_SIZE], again[YUANCTL_OUTPUT_SIZE];

    (void)state;
    assert_int_equal(yuanctl("--json replay " SHIPPED "/april-kits.json", first), 0);
    assert_int_equal(yuanctl("--json replay " SHIPPED "/april-kits.json", again), 0);
    assert_string_equal(first, again);
}

/* One payment by each command that sends or reads one. */
static void
a_payment_is_paid_read_back_and_listed(void **state)
{
    static const char *const store[] = {"--store", "memory", "--log-level", "warn", NULL};
    char arguments[ARGUMENTS_SIZE], output[YUANCTL_OUTPUT_SIZE], id[64] = "";
    struct gateway gateway;
    const char *line;

    (void)state;
    assert_int_equal(gateway_start(&gateway, store), 0);
    snprintf(arguments, sizeof(arguments),
             "--server http://%s pay clients/examples/kit-payment.json", gateway.address);
    assert_int_equal(yuanctl(arguments, output), 0);
    assert_has(output, "blocked  rejected  RR04");
    assert_has(output, "goods/0 854231 processor (tier 1)");
    line = strstr(output, "  id        ");
    assert_non_null(line);
    assert_int_equal(sscanf(line, "  id %63s", id), 1);

    snprintf(arguments, sizeof(arguments), "--server http://%s get %s", gateway.address, id);
    assert_int_equal(yuanctl(arguments, output), 0);
    assert_has(output, id);
    snprintf(arguments, sizeof(arguments), "--server http://%s list --outcome blocked",
             gateway.address);
    assert_int_equal(yuanctl(arguments, output), 0);
    assert_has(output, id);
    snprintf(arguments, sizeof(arguments), "--server http://%s list --debtor-country KZ",
             gateway.address);
    assert_int_equal(yuanctl(arguments, output), 0);
    assert_string_equal(output, "");
    snprintf(arguments, sizeof(arguments),
             "--server http://%s evaluate - <clients/examples/approved-payment.json",
             gateway.address);
    assert_int_equal(yuanctl(arguments, output), 0);
    assert_has(output, "approved  accepted");
    snprintf(arguments, sizeof(arguments),
             "--server http://%s evaluate --explain clients/examples/kit-payment.json",
             gateway.address);
    assert_int_equal(yuanctl(arguments, output), 0);
    assert_has(output, "  decisive  debtor/country, goods/0, goods/1, goods/2\n");
    snprintf(arguments, sizeof(arguments), "--server http://%s get nonsense", gateway.address);
    assert_int_equal(yuanctl(arguments, output), 1);
    assert_has(output, "404 ");
    assert_int_equal(gateway_stop(&gateway), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_shipped_scenario_holds),
        cmocka_unit_test(what_goes_wrong_has_its_status_and_its_words),
        cmocka_unit_test(a_book_beside_the_scenario_is_used),
        cmocka_unit_test(json_output_is_a_line_a_step_and_a_summary),
        cmocka_unit_test(the_same_scenario_gives_the_same_bytes),
        cmocka_unit_test(a_payment_is_paid_read_back_and_listed),
    };

    return cmocka_run_group_tests_name("replay", tests, NULL, NULL);
}
