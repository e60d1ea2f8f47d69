/* Starting and ending a gateway, with shell scripts in its place. */
#include "tests/support/test.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

#include "clients/gateway_process.h"

#define SCRIPTS "tests/scenarios/gateways/"

static void
a_gateway_is_started_when_it_says_so(void **state)
{
    static const char *const arguments[] = {"--seed", "4", NULL};
    struct gateway_process process;
    struct error err = {0};

    (void)state;
    assert_int_equal(gateway_process_start(&process, SCRIPTS "ready.sh", arguments, &err), 0);
    assert_string_equal(process.address, "127.0.0.1:4242");
    assert_int_equal(gateway_process_end(&process, SIGTERM), 128 + SIGTERM);
    assert_string_equal(process.log, "arguments: --seed 4\n");
    assert_int_equal(process.pid, 0);
}

static void
ending_twice_gives_the_same_status(void **state)
{
    static const char *const arguments[] = {NULL};
    struct gateway_process process;
    struct error err = {0};

    (void)state;
    assert_int_equal(gateway_process_start(&process, SCRIPTS "ready.sh", arguments, &err), 0);
    assert_int_equal(gateway_process_end(&process, SIGKILL), 128 + SIGKILL);
    assert_int_equal(gateway_process_end(&process, SIGTERM), 128 + SIGKILL);
}

static void
one_that_ends_too_early_is_an_error_with_its_words(void **state)
{
    static const char *const arguments[] = {NULL};
    struct gateway_process process;
    struct error err = {0};

    (void)state;
    assert_int_equal(gateway_process_start(&process, SCRIPTS "refuses.sh", arguments, &err),
                     -1);
    assert_string_equal(err.text, SCRIPTS "refuses.sh ended with status 3 before it was ready");
    assert_string_equal(process.log, "yuangate: book.json: no such bank class\n");
    assert_int_equal(process.pid, 0);
}

static void
a_missing_program_is_named(void **state)
{
    static const char *const arguments[] = {NULL};
    struct gateway_process process;
    struct error err = {0};

    (void)state;
    assert_int_equal(gateway_process_start(&process, "no/such/gateway", arguments, &err), -1);
    assert_int_equal(err.code, ERROR_NOT_FOUND);
    assert_string_equal(err.text, "no/such/gateway: No such file or directory");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_gateway_is_started_when_it_says_so),
        cmocka_unit_test(ending_twice_gives_the_same_status),
        cmocka_unit_test(one_that_ends_too_early_is_an_error_with_its_words),
        cmocka_unit_test(a_missing_program_is_named),
    };

    return cmocka_run_group_tests_name("gateway process", tests, NULL, NULL);
}
