/* Building a snapshot: what stops it, what its digest depends on, whom it holds. */
#include <unistd.h>

#include "gateway/base/file.h"
#include "gateway/base/hash.h"
#include "tests/policy/fixture.h"
#include "tests/support/test.h"

static char path[] = "/tmp/yuangate-book-XXXXXX";

static int
set_up(void **state)
{
    int fd = mkstemp(path);

    (void)state;
    return fd < 0 || close(fd) != 0 ? -1 : 0;
}

static int
tear_down(void **state)
{
    (void)state;
    return unlink(path);
}

/* A book of one bank and one regime with these policies. */
static void
write_book(const char *default_action, const char *policies)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    fprintf(file,
            "{\"book\":\"test\",\"default_action\":\"%s\",\"banks\":[{\"bic\":\"HLDBCNBS\","
            "\"name\":\"Hulan\",\"class\":\"joint_stock\"}],\"regimes\":[{\"from\":"
            "\"2024-01-01\",\"policies\":{%s}}]}",
            default_action, policies);
    assert_int_equal(fclose(file), 0);
}

static int
load(const char *const *given, size_t count, struct snapshot **snapshot, struct error *err)
{
    struct snapshot_sources sources = fixture_sources();

    sources.book = path;
    sources.policies = given;
    sources.policy_count = count;
    return snapshot_load(&sources, snapshot, err);
}

static void
what_cannot_be_loaded_stops_the_start_in_one_line(void **state)
{
    static const struct {
        const char *policies, *given[2], *says;
    } cases[] = {
        /* clang-format off */
        {"\"*\":[{\"plugin\":\"rules\",\"pack\":\"p\"}]", {NULL},
         "/regimes/0/policies/*/0/pack: expected the name of a pack; found \"p\", and there is no policy/packs/p.json"},
        {"\"*\":[\"p\"]", {NULL},
         "/regimes/0/policies/*/0: expected the name of a pack; found \"p\", and there is no policy/packs/p.json"},
        {"\"*\":[]},\"banks\":{\"HLDBCNBS\":[\"p\"]", {NULL},
         "/regimes/0/banks/HLDBCNBS/0: expected the name of a pack; found \"p\""},
        {"\"*\":[],\"foreign\":[{\"plugin\":\"no_such\"}]", {NULL},
         "/regimes/0/policies/foreign/0/plugin: expected the name of a plugin; found \"no_such\""},
        {"\"*\":[{\"plugin\":\"amount_hold\",\"options\":{\"limits\":{\"CNY\":\"x\"}}}]", {NULL},
         "/regimes/0/policies/*/0/options: expected options that amount_hold opens with; found: limits/CNY: "},
        {"\"*\":[{\"plugin\":\"open_fails\"}]", {"tests/abi/open_fails.so"}, "found: no reason given"},
        {"\"*\":[]", {"tests/abi/other_major.so"}, "other_major.so: policy_plugin.abi: expected major version 1; found 2"},
        {"\"*\":[]", {"tests/abi/none.so"}, "none.so: No such file or directory"},
        {"\"*\":[]", {"tests/abi/bad_answer.so", "tests/abi/bad_answer.so"},
         "expected a name of its own; found \"bad_answer\", as in "},
        {"\"*\":[]", {"plugins/kit_block.so"}, "expected a name of its own; found \"kit_block\", as in "},
        /* clang-format on */
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *given[2] = {NULL, NULL};
        size_t count = 0;
        struct snapshot *snapshot;
        struct error err = {0};

        while (count < 2 && cases[i].given[count]) {
            given[count] = fixture_built(cases[i].given[count]);
            count++;
        }
        write_book("accept", cases[i].policies);
        assert_int_equal(load(given, count, &snapshot, &err), -1);
        assert_null(snapshot);
        if (!strstr(err.text, cases[i].says))
            fail_msg("%s\n  does not say: %s", err.text, cases[i].says);
        assert_null(strchr(err.text, '\n'));
    }
}

static void
a_file_named_otherwise_than_its_plugin_is_refused(void **state)
{
    struct snapshot_sources sources = fixture_sources();
    struct snapshot *snapshot;
    struct error err = {0};

    (void)state;
    write_book("accept", "\"*\":[{\"plugin\":\"wrong_name\"}]");
    sources.book = path;
    sources.plugin_path = fixture_built("tests/abi");
    assert_int_equal(snapshot_load(&sources, &snapshot, &err), -1);
    assert_non_null(strstr(err.text, "expected \"wrong_name\", as the file is named; found "
                                     "\"another_name\""));
}

/* Judge the sample at the test's book. */
static void
judge(const struct snapshot *snapshot, struct arena *arena, struct decision *decision)
{
    static struct fixture fixture;

    fixture_sample(&fixture);
    snapshot_judge(snapshot, &fixture.payment, fixture_time("2024-04-17"), 1, NULL, arena,
                   decision);
}

static void
a_failing_policy_holds_whatever_the_default(void **state) /* D3 */
{
    static const struct {
        const char *default_action, *policies;
        enum policy_action action;
    } cases[] = {
        {"accept", "\"*\":[{\"plugin\":\"bad_answer\"}]", POLICY_HOLD},
        {"reject", "\"*\":[{\"plugin\":\"bad_answer\"}]", POLICY_HOLD},
        {"accept",
         "\"joint_stock\":[{\"plugin\":\"bad_answer\"}],\"*\":[{\"plugin\":"
         "\"amount_hold\"}]",
         POLICY_HOLD},
        {"accept", "\"*\":[{\"plugin\":\"bad_answer\"},{\"plugin\":\"kit_block\"}]",
         POLICY_REJECT}, /* the stricter answer of another stands */
        {"accept", "\"foreign\":[{\"plugin\":\"bad_answer\"}]",
         POLICY_HOLD}, /* nobody is asked */
        {"return", "\"foreign\":[{\"plugin\":\"bad_answer\"}]", POLICY_RETURN},
    };
    const char *given[] = {fixture_built("tests/abi/bad_answer.so")};

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct snapshot *snapshot;
        struct decision decision;
        struct arena arena = {0};
        struct error err = {0};

        write_book(cases[i].default_action, cases[i].policies);
        if (load(given, 1, &snapshot, &err) != 0)
            fail_msg("%s", err.text);
        judge(snapshot, &arena, &decision);
        assert_int_equal(decision.action, cases[i].action);
        assert_int_equal(decision.error_count, i < 4);
        snapshot_free(snapshot);
        arena_release(&arena);
    }
}

static void
class_policies_are_asked_before_those_of_all(void **state) /* B3 */
{
    struct snapshot *snapshot;
    struct decision decision;
    struct arena arena = {0};
    struct error err = {0};

    (void)state;
    write_book("accept",
               "\"*\":[{\"plugin\":\"amount_hold\",\"options\":{\"limits\":{\"CNY\":"
               "\"1.00\"}}},{\"plugin\":\"cny_return\"}],\"joint_stock\":[{\"plugin\":"
               "\"kit_block\"}],\"foreign\":[{\"plugin\":\"cny_return\"}]");
    assert_int_equal(load(NULL, 0, &snapshot, &err), 0);
    judge(snapshot, &arena, &decision);
    assert_string_equal(decision.rules->id, "KIT-01");
    assert_string_equal(decision.rules->next->id, "AMT-01");
    assert_string_equal(decision.rules->next->next->id, "CNY-01");
    assert_null(decision.rules->next->next->next);
    snapshot_free(snapshot);
    arena_release(&arena);
}

static void
a_bank_s_own_policies_are_asked_first(void **state) /* B3 */
{
    struct snapshot *snapshot;
    struct decision decision;
    struct arena arena = {0};
    struct error err = {0};

    (void)state;
    write_book("accept", "\"*\":[{\"plugin\":\"amount_hold\",\"options\":{\"limits\":{\"CNY\":"
                         "\"1.00\"}}}],\"joint_stock\":[{\"plugin\":\"kit_block\"}]},"
                         "\"banks\":{\"HLDBCNBS\":[{\"plugin\":\"cny_return\"}]");
    if (load(NULL, 0, &snapshot, &err) != 0)
        fail_msg("%s", err.text);
    judge(snapshot, &arena, &decision);
    assert_string_equal(decision.rules->id, "CNY-01");
    assert_string_equal(decision.rules->next->id, "KIT-01");
    assert_string_equal(decision.rules->next->next->id, "AMT-01");
    assert_null(decision.rules->next->next->next);
    snapshot_free(snapshot);
    arena_release(&arena);
}

static void
the_same_pack_with_other_options_is_another_policy(void **state)
{
    static const struct {
        const char *class_options, *all_options;
        size_t rules; /* that fire for the sample, which is in yuan */
    } cases[] = {
        {"", "", 0},
        {",\"options\":{}", "", 0},
        {",\"options\":{\"parameters\":{\"currencies\":[\"CNY\"]}}", "", 1},
        {"", ",\"options\":{\"parameters\":{\"currencies\":[\"CNY\"]}}", 1},
        {",\"options\":{\"parameters\":{\"currencies\":[\"CNY\"]}}",
         ",\"options\":{\"parameters\":{\"currencies\":[\"EUR\"]}}", 1},
        {",\"options\":{\"parameters\":{\"currencies\":[\"CNY\"]}}",
         ",\"options\":{\"parameters\":{\"currencies\":[\"CNY\"]}}", 2},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct snapshot *snapshot;
        struct decision decision;
        struct arena arena = {0};
        struct error err = {0};
        size_t rules = 0;

        write_book(
            "accept",
            arena_printf(&arena,
                         "\"joint_stock\":[{\"pack\":\"usd-refusal\"%s}],\"*\":[{\"pack\":"
                         "\"usd-refusal\"%s}]",
                         cases[i].class_options, cases[i].all_options));
        if (load(NULL, 0, &snapshot, &err) != 0)
            fail_msg("%s", err.text);
        judge(snapshot, &arena, &decision);
        for (const struct fired_rule *rule = decision.rules; rule; rule = rule->next)
            rules++;
        assert_int_equal(rules, cases[i].rules);
        snapshot_free(snapshot);
        arena_release(&arena);
    }
}

/* The digest of the test's book with these plugin files given. */
static void
digest_of(const char *default_action, const char *const *given, size_t count, char digest[80])
{
    struct snapshot *snapshot;
    struct error err = {0};

    write_book(default_action, "\"*\":[{\"plugin\":\"amount_hold\"}]");
    assert_int_equal(load(given, count, &snapshot, &err), 0);
    assert_int_equal(strspn(snapshot_digest(snapshot) + 7, "0123456789abcdef"), 64);
    snprintf(digest, 80, "%s", snapshot_digest(snapshot));
    snapshot_free(snapshot);
}

static void
the_digest_names_what_judges_and_nothing_else(void **state)
{
    const char *given[] = {fixture_built("tests/abi/bad_answer.so")};
    char first[80], again[80], unused[80], other[80];

    (void)state;
    digest_of("accept", NULL, 0, first);
    digest_of("accept", NULL, 0, again);
    digest_of("accept", given, 1, unused);
    digest_of("hold", NULL, 0, other);
    assert_int_equal(strncmp(first, "sha256:", 7), 0);
    assert_string_equal(first, again);
    assert_string_equal(first, unused); /* a plugin that the book does not name */
    assert_string_not_equal(first, other);
}

/* "kind name sha256(file)\n" */
static void
add_line(char *text, const char *kind, const char *name, const char *file)
{
    struct arena arena = {0};
    struct error err = {0};
    uint8_t digest[SHA256_BYTES];
    char hex[SHA256_HEX_SIZE];
    char *data = NULL;
    size_t len = 0;

    if (file_read(&arena, file, 1 << 24, &data, &len, &err) != 0)
        fail_msg("%s", err.text);
    hash_sha256(&(struct hash_part){data, len}, 1, digest);
    hash_hex(digest, sizeof(digest), hex);
    sprintf(text + strlen(text), "%s %s %s\n", kind, name, hex);
    arena_release(&arena);
}

static void
the_digest_is_made_as_the_design_says(void **state)
{
    /* clang-format off */
    static const char engine[] = "engine yuangate " /* printf 1.3.0 | sha256sum */
        "59296d23d623ce0adf7675d22156e83b1248c8508135a65dd8a9e38c497e94a8\n";
    /* clang-format on */
    char text[2000] = "", digest[80];
    uint8_t bytes[SHA256_BYTES];
    char hex[SHA256_HEX_SIZE];

    (void)state;
    digest_of("accept", NULL, 0, digest);
    add_line(text, "book", "test", path);
    strcat(text, engine);
    add_line(text, "goods", "groups", "policy/goods/groups.json");
    add_line(text, "goods", "high_priority", "policy/goods/high_priority.json");
    add_line(text, "kit", "drone_flight_controller",
             "policy/goods/kits/drone_flight_controller.json");
    add_line(text, "kit", "notebook", "policy/goods/kits/notebook.json");
    add_line(text, "kit", "phone", "policy/goods/kits/phone.json");
    add_line(text, "kit", "server", "policy/goods/kits/server.json");
    add_line(text, "kit", "storage_array", "policy/goods/kits/storage_array.json");
    add_line(text, "plugin", "amount_hold", fixture_built("plugins/amount_hold.so"));
    hash_sha256(&(struct hash_part){text, strlen(text)}, 1, bytes);
    hash_hex(bytes, sizeof(bytes), hex);
    assert_string_equal(digest + 7, hex);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_cannot_be_loaded_stops_the_start_in_one_line),
        cmocka_unit_test(a_file_named_otherwise_than_its_plugin_is_refused),
        cmocka_unit_test(a_failing_policy_holds_whatever_the_default),
        cmocka_unit_test(class_policies_are_asked_before_those_of_all),
        cmocka_unit_test(a_bank_s_own_policies_are_asked_first),
        cmocka_unit_test(the_same_pack_with_other_options_is_another_policy),
        cmocka_unit_test(the_digest_names_what_judges_and_nothing_else),
        cmocka_unit_test(the_digest_is_made_as_the_design_says),
    };

    return cmocka_run_group_tests_name("snapshot_load", tests, set_up, tear_down);
}
