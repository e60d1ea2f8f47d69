/*
 * The plugin ABI: what was built on 1.0 works for ever, what does not fit is
 * turned away with one line and without being run.
 */
#include <dlfcn.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gateway/base/file.h"
#include "policy/chain.h"
#include "policy/host.h"
#include "tests/abi/layout.h"
#include "tests/policy/fixture.h"
#include "tests/support/test.h"

static const struct host_currencies currencies = {fixture_decimals, fixture_parse};

static const struct layout *
layout_find(const char *name)
{
    for (size_t i = 0; i < COUNT(layout_here); i++)
        if (strcmp(layout_here[i].name, name) == 0)
            return &layout_here[i];
    return NULL;
}

static void
compare_layout(const char *version, size_t fields_min)
{
    char path[64], name[32];
    const struct layout *const *frozen;
    const size_t *count;
    void *library;

    snprintf(path, sizeof(path), "tests/abi/layout_%s.so", version);
    library = dlopen(fixture_built(path), RTLD_NOW);
    assert_non_null(library);
    snprintf(name, sizeof(name), "layout_%s", version);
    frozen = dlsym(library, name);
    snprintf(name, sizeof(name), "layout_%s_count", version);
    count = dlsym(library, name);
    assert_true(*count > fields_min);
    for (size_t i = 0; i < *count; i++) {
        const struct layout *was = &(*frozen)[i], *is = layout_find(was->name);

        print_message("%s %s\n", version, was->name);
        assert_non_null(is);
        assert_int_equal(is->offset, was->offset);
        if (strchr(was->name, '.'))
            assert_int_equal(is->size, was->size);
        else
            assert_true(is->size >= was->size);
    }
    dlclose(library);
}

static void
nothing_that_an_older_version_had_has_moved(void **state)
{
    (void)state;
    compare_layout("1_0", 100);
    compare_layout("1_1", 120);
    compare_layout("1_2", 150);
    assert_int_equal(POLICY_PLUGIN_SIZE_1_0, 48);
    assert_int_equal(POLICY_ABI_MAJOR, 1);
}

static void
the_words_keep_their_numbers(void **state)
{
    (void)state;
    assert_int_equal(POLICY_ABSTAIN, 1);
    assert_int_equal(POLICY_ACCEPT, 2);
    assert_int_equal(POLICY_REQUEST_INFORMATION, 3);
    assert_int_equal(POLICY_HOLD, 4);
    assert_int_equal(POLICY_RETURN, 5);
    assert_int_equal(POLICY_REJECT, 6);
    assert_int_equal(POLICY_FREEZE, 7);
    assert_int_equal(POLICY_HISTORY_DEBTOR, 0);
    assert_int_equal(POLICY_HISTORY_CREDITOR, 1);
    assert_int_equal(POLICY_HISTORY_END_USER, 2);
    assert_int_equal(POLICY_HISTORY_CONTRACT, 3);
    assert_int_equal(POLICY_HISTORY_REFUSED, 4);
    assert_int_equal(POLICY_LINE_ELSEWHERE, UINT32_MAX);
}

static struct library *
open_fixture(const char *name)
{
    struct library *library;
    struct error err = {0};
    char path[100];

    snprintf(path, sizeof(path), "tests/abi/%s.so", name);
    if (library_open(fixture_built(path), &library, &err) != 0)
        fail_msg("%s", err.text);
    return library;
}

/* Judge the sample with one plugin. */
static void
judge_with_pack(const char *name, const char *options, const struct host_pack *pack,
                struct arena *arena, struct decision *decision)
{
    static const struct policy_bank bank = {sizeof(bank), "HLDBCNBS", "Hulan", "joint_stock"};
    static struct fixture fixture;
    struct library *library = open_fixture(name);
    struct policy policy;
    const struct policy *policies[] = {&policy};
    struct chain chain = {policies, 1, POLICY_ACCEPT};
    struct error err = {0};
    struct goods *goods;
    struct facts facts;
    cJSON *json;

    fixture_sample(&fixture);
    assert_int_equal(goods_load("policy/goods", arena, &goods, &err), 0);
    assert_int_equal(json_parse(arena, options, strlen(options), &json, &err), 0);
    if (policy_open(library_plugin(library), json, pack, &currencies, arena, &policy, &err) !=
        0)
        fail_msg("%s", err.text);
    *decision = (struct decision){0};
    facts_init(&facts, &fixture.payment, &bank, 0, 0, goods, arena);
    chain_judge(&chain, &facts, decision);
    policy_close(&policy);
    library_close(library);
}

static void
judge_with(const char *name, const char *options, struct arena *arena,
           struct decision *decision)
{
    judge_with_pack(name, options, NULL, arena, decision);
}

static void
a_plugin_built_on_1_0_loads_and_answers(void **state)
{
    struct arena arena = {0};
    struct decision decision;

    (void)state;
    judge_with("old_1_0", "{\"limit\":\"1249999.99\"}", &arena, &decision);
    assert_int_equal(decision.action, POLICY_HOLD);
    assert_string_equal(decision.policy, "old_1_0@1.0.0");
    assert_string_equal(decision.disclosed.text, "old");
    assert_string_equal(decision.rules->because->value, "joint_stock");
    assert_string_equal(decision.rules->because->next->role, "processor");
    judge_with("old_1_0", "{\"limit\":\"1250000.00\"}", &arena, &decision);
    assert_int_equal(decision.action, POLICY_ACCEPT);
    arena_release(&arena);
}

static void
a_plugin_built_on_1_1_loads_and_answers(void **state)
{
    static const char text[] = "a-pack@2.0.0";
    const struct host_pack pack = {"a-pack.json", text, sizeof(text) - 1};
    struct arena arena = {0};
    struct decision decision;

    (void)state;
    judge_with("old_1_1", "{}", &arena, &decision);
    assert_int_equal(decision.action, POLICY_HOLD);
    assert_int_equal(decision.error_count, 0);
    assert_string_equal(decision.policy, "old_1_1@1.1.0"); /* label() had no word */
    judge_with_pack("old_1_1", "{}", &pack, &arena, &decision);
    assert_string_equal(decision.policy, "a-pack@2.0.0");
    assert_string_equal(decision.rules->policy, "a-pack@2.0.0");
    arena_release(&arena);
}

static void
a_plugin_built_on_1_2_loads_and_answers(void **state)
{
    struct arena arena = {0};
    struct decision decision;

    (void)state;
    judge_with("old_1_2", "{}", &arena, &decision);
    assert_int_equal(decision.error_count, 0);
    assert_int_equal(decision.action, POLICY_HOLD);
    assert_string_equal(decision.policy, "old_1_2@1.2.0");
    assert_non_null(decision.terms);
    assert_true(decision.terms->lasts->most == 40);
    assert_true(decision.terms->lasts->tail_most == 120);
    assert_int_equal(decision.terms->ends->action, POLICY_RETURN);
    assert_string_equal(decision.terms->ends->reason.text, "it ran out");
    arena_release(&arena);
}

static void
a_pack_that_a_plugin_refuses_is_refused_in_its_words(void **state)
{
    const struct host_pack pack = {"bad.json", "", 0};
    struct library *library = open_fixture("old_1_1");
    struct arena arena = {0};
    struct error err = {0};
    struct policy policy;

    (void)state;
    assert_int_equal(
        policy_open(library_plugin(library), NULL, &pack, &currencies, &arena, &policy, &err),
        -1);
    assert_string_equal(err.text, "bad.json: no");
    arena_release(&arena);
    library_close(library);
}

static void
a_plugin_of_a_newer_minor_version_is_welcome(void **state)
{
    struct arena arena = {0};
    struct decision decision;

    (void)state;
    judge_with("newer_minor", "{}", &arena, &decision);
    assert_int_equal(decision.action, POLICY_REJECT);
    assert_string_equal(decision.policy, "newer_minor@2.0.0-rc.1");
    assert_string_equal(decision.rules->id, "NEW-01");
    assert_string_equal(decision.disclosed.code, "MS03");
    arena_release(&arena);
}

static void
an_answer_that_no_header_names_holds_the_payment(void **state)
{
    static const char *const answers[] = {"0", "8", "-1", "99", "2147483647", "-2147483648"};
    char options[64];

    (void)state;
    for (size_t i = 0; i < COUNT(answers); i++) {
        struct arena arena = {0};
        struct decision decision;

        snprintf(options, sizeof(options), "{\"answer\":\"%s\"}", answers[i]);
        judge_with("bad_answer", options, &arena, &decision);
        assert_int_equal(decision.action, POLICY_HOLD);
        assert_int_equal(decision.error_count, 1);
        assert_string_equal(decision.reason.code, "NARR");
        assert_non_null(strstr(decision.failures->why, answers[i]));
        arena_release(&arena);
    }
}

static void
what_does_not_fit_is_refused_in_one_line(void **state)
{
    static const struct {
        const char *file, *says;
    } cases[] = {
        /* clang-format off */
        {"tests/abi/missing.so", ": No such file or directory"},
        {"tests/abi", ": not a regular file"},
        {"tests/abi/layout_1_0.d", ": expected a shared object; found: "},
        {"tests/abi/no_symbol.so", ": expected the symbol policy_plugin; found none"},
        {"tests/abi/other_major.so", ": policy_plugin.abi: expected major version 1; found 2"},
        {"tests/abi/truncated.so", ": policy_plugin.size: expected at least 48; found 40"},
        {"tests/abi/null_version.so", ": policy_plugin.version: expected a value; found NULL"},
        {"tests/abi/path_name.so", ": policy_plugin.name: expected letters, digits and _, at "
                                   "most 40; found \"../path_name\""},
        /* clang-format on */
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *path = fixture_built(cases[i].file);
        struct library *library;
        struct error err = {0};
        char expected[ERROR_TEXT_MAX];

        snprintf(expected, sizeof(expected), "%s%s", path, cases[i].says);
        assert_int_equal(library_open(path, &library, &err), -1);
        assert_null(library);
        assert_int_equal(strncmp(err.text, expected, strlen(expected)), 0);
        assert_null(strchr(err.text, '\n'));
        assert_null(strstr(err.text, "/proc/self"));
    }
}

static void
every_hole_in_the_table_is_found(void **state)
{
    static const char *const names[] = {"name", "version", "open", "check", "close"};
    struct library *library = open_fixture("bad_answer");

    (void)state;
    for (size_t i = 0; i < COUNT(names); i++) {
        struct policy_plugin table = *library_plugin(library);
        struct error err = {0};

        assert_int_equal(plugin_verify(&table, "linked in", &err), 0);
        *(i == 0 ? &table.name : &table.version) = i < 2 ? NULL : "x";
        if (i == 2)
            table.open = NULL;
        if (i == 3)
            table.check = NULL;
        if (i == 4)
            table.close = NULL;
        assert_int_equal(plugin_verify(&table, "linked in", &err), -1);
        assert_non_null(strstr(err.text, names[i]));
    }
    library_close(library);
}

static void
an_open_that_fails_is_quoted(void **state)
{
    static const struct {
        const char *options, *says;
    } cases[] = {{"{\"say\":\"no limit given\"}", "no limit given"},
                 {"{}", "no reason given"},
                 {"{\"say\":\"flood\"}", "xxxxxxxx"}};
    struct library *library = open_fixture("open_fails");
    struct arena arena = {0};

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct policy policy;
        struct error err = {0};
        cJSON *json;

        assert_int_equal(
            json_parse(&arena, cases[i].options, strlen(cases[i].options), &json, &err), 0);
        assert_int_equal(policy_open(library_plugin(library), json, NULL, &currencies, &arena,
                                     &policy, &err),
                         -1);
        assert_int_equal(strncmp(err.text, cases[i].says, strlen(cases[i].says)), 0);
        assert_true(strlen(err.text) < PLUGIN_ERROR_MAX);
    }
    arena_release(&arena);
    library_close(library);
}

static void
copy_file(const char *from, const char *to)
{
    struct arena arena = {0};
    struct error err = {0};
    char *data;
    size_t len;
    FILE *file = fopen(to, "w");

    assert_int_equal(file_read(&arena, from, PLUGIN_BYTES_MAX, &data, &len, &err), 0);
    assert_int_equal(fwrite(data, 1, len, file), len);
    assert_int_equal(fclose(file), 0);
    arena_release(&arena);
}

static void
overwriting_a_loaded_plugin_changes_only_the_next_load(void **state) /* H2 */
{
    char path[] = "/tmp/yuangate-plugin-XXXXXX";
    struct library *first, *second;
    struct error err = {0};
    int fd = mkstemp(path);

    (void)state;
    assert_true(fd >= 0);
    close(fd);
    copy_file(fixture_built("tests/abi/bad_answer.so"), path);
    assert_int_equal(library_open(path, &first, &err), 0);
    copy_file(fixture_built("tests/abi/newer_minor.so"), path);
    assert_int_equal(library_open(path, &second, &err), 0);
    assert_string_equal(library_plugin(first)->name, "bad_answer");
    assert_string_equal(library_plugin(second)->name, "newer_minor");
    assert_memory_not_equal(library_digest(first), library_digest(second), SHA256_BYTES);
    library_close(first);
    library_close(second);
    unlink(path);
}

static int
set_up(void **state)
{
    (void)state;
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_that_an_older_version_had_has_moved),
        cmocka_unit_test(the_words_keep_their_numbers),
        cmocka_unit_test(a_plugin_built_on_1_0_loads_and_answers),
        cmocka_unit_test(a_plugin_built_on_1_1_loads_and_answers),
        cmocka_unit_test(a_plugin_built_on_1_2_loads_and_answers),
        cmocka_unit_test(a_pack_that_a_plugin_refuses_is_refused_in_its_words),
        cmocka_unit_test(a_plugin_of_a_newer_minor_version_is_welcome),
        cmocka_unit_test(an_answer_that_no_header_names_holds_the_payment),
        cmocka_unit_test(what_does_not_fit_is_refused_in_one_line),
        cmocka_unit_test(every_hole_in_the_table_is_found),
        cmocka_unit_test(an_open_that_fails_is_quoted),
        cmocka_unit_test(overwriting_a_loaded_plugin_changes_only_the_next_load),
    };

    return cmocka_run_group_tests_name("abi", tests, set_up, NULL);
}
