/* Packs in a snapshot: found by name, proved by their tests, judged by, part of the digest. */
#include <sys/stat.h>
#include <unistd.h>

#include "tests/policy/fixture.h"
#include "tests/support/test.h"

static char folder[] = "/tmp/yuangate-packs-XXXXXX";
static struct snapshot *snapshot;

static const char *
path_of(const char *name)
{
    static char path[100];

    snprintf(path, sizeof(path), "%s/%s.json", folder, name);
    return path;
}

static void
write_file(const char *name, const char *format, const char *a, const char *b)
{
    FILE *file = fopen(path_of(name), "w");

    assert_non_null(file);
    while (*format) {
        if (*format == '#' || *format == '@')
            fputs(*format == '#' ? a : b, file);
        else
            fputc(*format, file);
        format++;
    }
    assert_int_equal(fclose(file), 0);
}

/* # is the pack's name, @ its tests. */
static const char pack[] =
    "{\"pack\":\"#\",\"version\":\"1.2.3\",\"title\":\"t\",\"parameters\":{\"country\":\"RU\"},"
    "\"rules\":[{\"id\":\"R-01\",\"title\":\"who\",\"when\":\"payment.debtor.country == "
    "params.country\",\"then\":{\"action\":\"reject\",\"reason\":{\"code\":\"RR04\",\"text\":"
    "\"x\"}}}],\"tests\":[@]}";

#define PASSES                                                                                 \
    "{\"title\":\"ok\",\"payment\":{\"uetr\":\"97ed4827-7b6f-4491-a06f-b548d5a7512d\","        \
    "\"end_to_end_id\":\"I\",\"amount\":{\"currency\":\"CNY\",\"value\":\"1.00\"},"            \
    "\"debtor\":{\"name\":\"A\",\"country\":\"RU\"},\"debtor_agent\":{\"bic\":\"SVRBRUMM\"},"  \
    "\"creditor_agent\":{\"bic\":\"HLDBCNBS\"},\"creditor\":{\"name\":\"B\",\"country\":"      \
    "\"CN\"}},\"expect\":{\"action\":\"reject\"}}"
#define FAILS                                                                                  \
    "\n " PASSES ",{\"title\":\"no\",\"payment\":{},\"expect\":{\"action\":\"reject\"}}"

static int
load(const char *policies, struct snapshot **out, struct error *err)
{
    struct snapshot_sources sources = fixture_sources();
    const char *given[] = {fixture_built("tests/abi/rules_name.so")};
    bool with_file = strstr(policies, "given") != NULL;
    static char book[100];

    snprintf(book, sizeof(book), "%s", path_of("book"));
    write_file("book",
               "{\"book\":\"test\",\"default_action\":\"accept\",\"banks\":[{\"bic\":"
               "\"HLDBCNBS\",\"name\":\"Hulan\",\"class\":\"joint_stock\"}],\"regimes\":[{"
               "\"from\":\"2024-01-01\",\"policies\":{\"*\":[#]}}]}",
               with_file ? "" : policies, "");
    sources.book = book;
    sources.pack_path = folder;
    sources.policies = given;
    sources.policy_count = with_file;
    *err = (struct error){0};
    return snapshot_load(&sources, out, err);
}

/* What the decision says of policies lives until the next one. */
static void
judge(const char *policies, struct arena *arena, struct decision *decision)
{
    static struct fixture fixture;
    struct error err;

    snapshot_free(snapshot);
    if (load(policies, &snapshot, &err) != 0)
        fail_msg("%s", err.text);
    fixture_sample(&fixture);
    snapshot_judge(snapshot, &fixture.payment, fixture_time("2024-04-17"), 1, NULL, arena,
                   decision);
    decision->snapshot = arena_copy(arena, decision->snapshot, strlen(decision->snapshot));
}

static void
a_book_judges_by_packs_under_their_labels(void **state)
{
    struct arena arena = {0};
    struct decision decision;

    (void)state;
    write_file("a", pack, "a", PASSES);
    judge("{\"plugin\":\"rules\",\"pack\":\"a\"}", &arena, &decision);
    assert_int_equal(decision.action, POLICY_REJECT);
    assert_string_equal(decision.policy, "a@1.2.3");
    assert_string_equal(decision.rules->policy, "a@1.2.3");
    assert_string_equal(decision.rules->id, "R-01");
    assert_string_equal(decision.rules->because->pointer, "debtor/country");
    assert_string_equal(decision.rules->because->value, "RU");
    arena_release(&arena);
}

static void
one_pack_serves_with_many_parameters(void **state)
{
    struct arena arena = {0};
    struct decision decision;

    (void)state;
    write_file("a", pack, "a", PASSES);
    judge("{\"plugin\":\"rules\",\"pack\":\"a\",\"options\":{\"parameters\":{\"country\":"
          "\"KZ\"}}}",
          &arena, &decision);
    assert_int_equal(decision.action, POLICY_ACCEPT);
    judge("{\"plugin\":\"rules\",\"pack\":\"a\",\"options\":{\"parameters\":{\"country\":"
          "\"KZ\"}}},"
          "{\"plugin\":\"rules\",\"pack\":\"a\"},{\"plugin\":\"kit_block\"}",
          &arena, &decision);
    assert_int_equal(decision.action, POLICY_REJECT);
    assert_string_equal(decision.rules->policy, "a@1.2.3");
    assert_string_equal(decision.rules->next->policy, "kit_block@1.0.0");
    assert_null(decision.rules->next->next);
    arena_release(&arena);
}

static void
what_is_no_pack_stops_the_start_in_one_line(void **state)
{
    static const struct {
        const char *name, *tests, *policies, *says;
    } cases[] = {
        /* clang-format off */
        {"a", PASSES, "{\"plugin\":\"rules\",\"pack\":\"none\"}", "/regimes/0/policies/*/0/pack: expected the name of a pack; found \"none\", and there is no "},
        {"a", FAILS, "{\"plugin\":\"rules\",\"pack\":\"a\"}", "/a.json:2:313: test \"no\": payment/uetr: is required (and 6 more)"},
        {"b", PASSES, "{\"plugin\":\"rules\",\"pack\":\"a\"}", "/a.json:1:9: pack: expected \"a\", as the file is named; found \"b\""},
        {"a", "{}", "{\"plugin\":\"rules\",\"pack\":\"a\"}", "/a.json:1:233: tests/0/title: expected a text; found nothing"},
        {"a", PASSES, "{\"plugin\":\"rules\",\"pack\":\"a\",\"options\":{\"parameters\":{\"contry\":\"KZ\"}}}",
         "a.json:1:56: parameters: the book sets contry: no such parameter; the nearest is country"},
        {"a", PASSES, "{\"plugin\":\"rules\",\"pack\":\"a\",\"options\":{\"params\":{}}}", "/regimes/0/policies/*/0/options: expected options that rules opens with; found: params: "},
        {"a", PASSES, "given", "expected a name of its own; found \"rules\", as in the program itself"},
        /* clang-format on */
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct snapshot *loaded;
        struct error err;

        write_file("a", pack, cases[i].name, cases[i].tests);
        assert_int_equal(load(cases[i].policies, &loaded, &err), -1);
        assert_null(loaded);
        if (!strstr(err.text, cases[i].says))
            fail_msg("%s\n  does not say: %s", err.text, cases[i].says);
        assert_null(strchr(err.text, '\n'));
    }
}

/* Tests are part of the file, and of its name among the digest's lines. */
static void
the_digest_names_the_bytes_of_packs(void **state)
{
    static const char use[] = "{\"plugin\":\"rules\",\"pack\":\"a\"}";
    struct arena arena = {0};
    struct decision with, again, changed, without;

    (void)state;
    write_file("a", pack, "a", PASSES);
    judge(use, &arena, &with);
    judge(use, &arena, &again);
    write_file("a", pack, "a", " " PASSES);
    judge(use, &arena, &changed);
    judge("", &arena, &without);
    assert_string_equal(with.snapshot, again.snapshot);
    assert_string_not_equal(with.snapshot, changed.snapshot);
    assert_string_not_equal(with.snapshot, without.snapshot);
    arena_release(&arena);
}

static int
set_up(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int
tear_down(void **state)
{
    (void)state;
    snapshot_free(snapshot);
    unlink(path_of("a"));
    unlink(path_of("book"));
    return rmdir(folder);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_book_judges_by_packs_under_their_labels),
        cmocka_unit_test(one_pack_serves_with_many_parameters),
        cmocka_unit_test(what_is_no_pack_stops_the_start_in_one_line),
        cmocka_unit_test(the_digest_names_the_bytes_of_packs),
    };

    return cmocka_run_group_tests_name("packs", tests, set_up, tear_down);
}
