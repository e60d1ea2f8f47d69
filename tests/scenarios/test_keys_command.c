/*
 * yuangate keys, and yuanctl with what it gives out: the built programs against a gateway that
 * needs keys.
 */
#include "tests/support/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "gateway/access/keys_file.h"
#include "tests/support/gateway.h"
#include "tests/support/yuanctl.h"

static char folder[] = "/tmp/yuangate-keys-command-XXXXXX";
static char output[YUANCTL_OUTPUT_SIZE];
static struct gateway gateway;
static struct arena arena;

#define format(...) arena_printf(&arena, __VA_ARGS__)

/* `yuangate keys words --keys FOLDER/keys`, which must end with the status; what it printed. */
static const char *
keys(int status, const char *words)
{
    const char *line =
        format("exec 2>&1; %s/yuangate keys %s --keys %s/keys", gateway_build(), words, folder);
    FILE *pipe = popen(line, "r");
    size_t len;
    int ended;

    assert_non_null(pipe);
    len = fread(output, 1, sizeof(output) - 1, pipe);
    output[len] = '\0';
    ended = pclose(pipe);
    assert_true(WIFEXITED(ended));
    if (WEXITSTATUS(ended) != status)
        fail_msg("%s ended with %d:\n%s", words, WEXITSTATUS(ended), output);
    return arena_copy(&arena, output, len);
}

/* `yuanctl --server … words`, which must end with the status; what it printed. */
static const char *
run(int status, const char *words)
{
    const char *line = format("--server http://%s %s", gateway.address, words);
    int ended = yuanctl(line, output);

    if (ended != status)
        fail_msg("%s ended with %d:\n%s", words, ended, output);
    return output;
}

static int
set_up(void **state)
{
    static char path[64];
    static const char *const arguments[] = {"--store", "memory", "--keys", path, NULL};

    (void)state;
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof(path), "%s/keys", folder);
    keys(0, format("add shop --role payer 2> %s/note > %s/shop.key", folder, folder));
    keys(0, format("add chief --role=operator 2> /dev/null > %s/chief.key", folder));
    return gateway_start(&gateway, arguments);
}

static int
tear_down(void **state)
{
    char command[80];

    (void)state;
    unsetenv("YUANGATE_KEY");
    snprintf(command, sizeof(command), "rm -rf %s", folder);
    arena_release(&arena);
    return gateway_stop(&gateway) == 0 && system(command) == 0 ? 0 : -1;
}

static const char *
text_of(const char *name)
{
    FILE *file = fopen(format("%s/%s", folder, name), "re");
    char text[512];
    size_t len;

    assert_non_null(file);
    len = fread(text, 1, sizeof(text), file);
    fclose(file);
    return arena_copy(&arena, text, len);
}

static void
a_key_stands_alone_on_standard_output(void **state)
{
    const char *key = text_of("shop.key"), *note = text_of("note");
    char id[KEY_ID_DIGITS + 1];

    (void)state;
    assert_int_equal(strlen(key), KEY_TEXT_LENGTH + 1);
    assert_int_equal(key[KEY_TEXT_LENGTH], '\n');
    assert_true(key_text_is_sound(key, KEY_TEXT_LENGTH, id));
    assert_has(note, "shown this once");
    assert_null(strstr(note, "yg_"));
}

static void
the_list_has_names_roles_and_ids_and_no_more(void **state)
{
    const char *list = keys(0, "list");

    (void)state;
    assert_has(list, format("payer      %.15s  shop\n", text_of("shop.key")));
    assert_has(list, format("operator   %.15s  chief\n", text_of("chief.key")));
    assert_int_equal(strlen(list), strlen("operator   yg_000000000000  shopchief\n") * 2 - 9);
}

static void
a_removed_key_is_off_the_list_and_its_name_free(void **state)
{
    (void)state;
    keys(0, "add passing --role analyst");
    assert_has(keys(0, "list"), "passing");
    keys(0, "remove passing");
    assert_null(strstr(keys(0, "list"), "passing"));
    keys(0, "add passing --role reviewer");
    keys(0, "remove passing");
}

static void
what_makes_no_sense_is_said(void **state)
{
    static const struct {
        const char *words;
        int status;
        const char *says;
    } cases[] = {
        {"", 2, "keys add NAME --role"},
        {"sell x", 2, "keys add NAME --role"},
        {"add", 2, "keys add NAME --role"},
        {"add a b --role payer", 2, "keys add NAME --role"},
        {"add x", 2, "keys add needs --role"},
        {"add x --role king", 2, "\"king\" is none of payer, reviewer, analyst, operator"},
        {"add bank --role payer", 2, "is not anonymous, bank or payer"},
        {"add shop --role payer", 1, "there is a key of the name shop"},
        {"remove nobody", 1, "there is no key of the name nobody"},
        {"remove shop --role payer", 2, "--role belongs to keys add"},
        {"list --nonsense", 2, "there is no option \"--nonsense\""},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_has(keys(cases[i].status, cases[i].words), cases[i].says);
}

#define PAY "pay clients/examples/kit-payment.json"

static void
yuanctl_sends_the_key_it_is_given(void **state)
{
    const char *shop = format("%.*s", KEY_TEXT_LENGTH, text_of("shop.key"));
    const char *said;

    (void)state;
    unsetenv("YUANGATE_KEY");
    assert_has(run(1, PAY), "401 Unauthorized: this needs a key");
    said = run(0, format(PAY " --key-file %s/shop.key", folder));
    assert_has(said, "blocked  rejected  RR04");
    assert_null(strstr(said, "KIT-01")); /* a payer is not told */
    assert_has(run(0, format(PAY " --key-file %s/chief.key", folder)), "KIT-01");
    run(0, format("list --key %s", shop));
    assert_has(run(1, format("rollout list --key %s", shop)),
               "403 Forbidden: a key with the role payer may not do this");
    run(0, format("rollout list --key-file %s/chief.key", folder));
    run(1, format("lists put mine README.md --key %s", shop));
    setenv("YUANGATE_KEY", shop, 1);
    run(0, "list");
    run(0, format("rollout list --key-file %s/chief.key", folder)); /* goes before it */
    run(0, "replay tests/scenarios/fixtures/keys.json");
    unsetenv("YUANGATE_KEY");
    run(1, "replay tests/scenarios/fixtures/keys.json");
}

static void
a_key_that_cannot_be_one_is_not_sent_and_not_shown(void **state)
{
    (void)state;
    unsetenv("YUANGATE_KEY");
    assert_has(run(2, "list --key secret7"), "the key of --key is none");
    assert_null(strstr(output, "secret7"));
    assert_has(run(2, "list --key-file README.md"), "the key of README.md is none");
    assert_has(run(2, "list --key-file /nonexistent/key"), "/nonexistent/key");
    assert_has(run(2, "list --key a --key-file b"), "--key and --key-file are both given");
    setenv("YUANGATE_KEY", "secret7", 1);
    assert_has(run(2, "list"), "the key of YUANGATE_KEY is none");
    unsetenv("YUANGATE_KEY");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_stands_alone_on_standard_output),
        cmocka_unit_test(the_list_has_names_roles_and_ids_and_no_more),
        cmocka_unit_test(a_removed_key_is_off_the_list_and_its_name_free),
        cmocka_unit_test(what_makes_no_sense_is_said),
        cmocka_unit_test(yuanctl_sends_the_key_it_is_given),
        cmocka_unit_test(a_key_that_cannot_be_one_is_not_sent_and_not_shown),
    };

    return cmocka_run_group_tests_name("keys command", tests, set_up, tear_down);
}
