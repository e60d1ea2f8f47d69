/* Texts that stand in for files: a candidate is tried, an old snapshot is built again. */
#include "policy/texts.h"

#include <stdlib.h>

#include "policy/book.h"
#include "tests/policy/fixture.h"
#include "tests/support/test.h"

#define BOOK                                                                                   \
    "{\"book\":\"mine\",\"default_action\":\"accept\",\"banks\":["                             \
    "{\"bic\":\"HLDBCNBS\",\"name\":\"Hulan\",\"class\":\"joint_stock\"},"                     \
    "{\"bic\":\"MERICNSH\",\"name\":\"Meridian\",\"class\":\"foreign\"},"                      \
    "{\"bic\":\"NGTECNSH\",\"name\":\"Northgate\",\"class\":\"foreign\"}],"                    \
    "\"regimes\":[{\"from\":\"2024-01-01\",\"policies\":{\"joint_stock\":[\"cny-return\"]}},"  \
    "{\"from\":\"2024-06-01\",\"policies\":{\"*\":[\"cny-return\"]}}]}"

/* Its one rule holds all that is Russian. */
#define PACK                                                                                   \
    "{\"pack\":\"cny-return\",\"version\":\"9.0.0\",\"title\":\"t\",\"rules\":[{\"id\":"       \
    "\"TRY-01\",\"title\":\"t\",\"when\":\"payment.debtor.country == 'RU'\",\"then\":{"        \
    "\"action\":\"hold\",\"reason\":{\"code\":\"NARR\",\"text\":\"tried\"}}}]}"

static struct snapshot *
load_with(const struct text *texts, size_t count, bool only)
{
    struct snapshot_sources sources = fixture_sources();
    struct snapshot *snapshot;
    struct error err = {0};

    sources.texts = (struct texts){texts, count, only};
    if (only)
        sources.book = sources.pack_path = sources.goods_path = "/nowhere";
    if (snapshot_load(&sources, &snapshot, &err) != 0)
        fail_msg("%s", err.text);
    return snapshot;
}

static struct text
text_of(const char *kind, const char *name, const char *data)
{
    return (struct text){.kind = kind, .name = name, .data = data, .len = strlen(data)};
}

static void
assert_judges(const struct snapshot *snapshot, const char *bic, const char *day,
              enum policy_action action, const char *rule)
{
    struct policy_agent agent = {.bic = bic, .country = "CN"};
    static struct fixture fixture;
    struct arena arena = {0};
    struct decision decision;

    fixture_sample(&fixture);
    agent = *fixture.payment.creditor_agent;
    agent.bic = bic;
    fixture.payment.creditor_agent = &agent;
    snapshot_judge(snapshot, &fixture.payment, fixture_time(day), 1, NULL, &arena, &decision);
    assert_int_equal(decision.action, action);
    if (rule)
        assert_string_equal(decision.rules->id, rule);
    else
        assert_null(decision.rules);
    arena_release(&arena);
}

static void
a_text_goes_before_the_file_of_its_name(void **state)
{
    const struct text texts[] = {text_of(TEXT_BOOK, "mine", BOOK),
                                 text_of(TEXT_PACK, "cny-return", PACK)};
    struct snapshot *snapshot = load_with(texts, 1, false);

    (void)state;
    assert_string_equal(snapshot_book_name(snapshot), "mine");
    assert_judges(snapshot, "HLDBCNBS", "2024-04-17", POLICY_RETURN, "CNY-01");
    snapshot_free(snapshot);
    snapshot = load_with(texts, 2, false);
    assert_judges(snapshot, "HLDBCNBS", "2024-04-17", POLICY_HOLD, "TRY-01");
    snapshot_free(snapshot);
}

static void
a_snapshot_is_built_again_from_its_own_texts(void **state)
{
    struct snapshot *first = load_with(NULL, 0, false), *again;
    const struct text *texts;
    size_t count = snapshot_texts(first, &texts), plugins = 0;

    (void)state;
    for (size_t i = 0; i < count; i++) {
        bool is_code =
            strcmp(texts[i].kind, TEXT_PLUGIN) == 0 || strcmp(texts[i].kind, TEXT_ENGINE) == 0;

        assert_int_equal(texts[i].data == NULL, is_code);
        plugins += is_code;
    }
    assert_int_equal(plugins, 1); /* the engine: the shipped book needs no other */
    assert_true(count > 25);
    again = load_with(texts, count, true);
    assert_string_equal(snapshot_digest(again), snapshot_digest(first));
    snapshot_forget_texts(first);
    assert_int_equal(snapshot_texts(first, &texts), count);
    for (size_t i = 0; i < count; i++)
        assert_null(texts[i].data);
    assert_judges(first, "HLDBCNBS", "2024-03-25", POLICY_RETURN, "CNY-01");
    snapshot_free(first);
    snapshot_free(again);
}

/* notebook-2.json sorts before notebook.json, notebook before notebook-2: of two kits that
 * cover as much the first is told. */
static void
kits_come_in_the_same_order_from_files_and_texts(void **state)
{
    static char folder[] = "/tmp/yuangate-texts-XXXXXX";
    struct snapshot_sources sources = fixture_sources();
    static struct fixture fixture;
    struct snapshot *snapshots[2];
    struct decision decisions[2];
    struct arena arena = {0};
    struct error err = {0};
    const struct text *texts;
    size_t count;

    (void)state;
    assert_non_null(mkdtemp(folder));
    assert_int_equal(
        system(arena_printf(&arena,
                            "cp -r policy/goods/* %s && sed 's/\"notebook\"/\"notebook-2\"/' "
                            "policy/goods/kits/notebook.json > %s/kits/notebook-2.json",
                            folder, folder)),
        0);
    sources.goods_path = folder;
    if (snapshot_load(&sources, &snapshots[0], &err) != 0)
        fail_msg("%s", err.text);
    count = snapshot_texts(snapshots[0], &texts);
    snapshots[1] = load_with(texts, count, true);
    assert_string_equal(snapshot_digest(snapshots[1]), snapshot_digest(snapshots[0]));
    fixture_sample(&fixture);
    for (int i = 0; i < 2; i++)
        snapshot_judge(snapshots[i], &fixture.payment, fixture_time("2024-04-17"), 1, NULL,
                       &arena, &decisions[i]);
    assert_int_equal(decisions[0].kit_count, 1);
    for (size_t k = 0; k < decisions[0].kit_count; k++)
        assert_string_equal(decisions[1].kits[k]->kit, decisions[0].kits[k]->kit);
    for (int i = 0; i < 2; i++)
        snapshot_free(snapshots[i]);
    assert_int_equal(system(arena_printf(&arena, "rm -rf %s", folder)), 0);
    arena_release(&arena);
}

static void
what_is_missing_or_broken_among_texts_is_named(void **state)
{
    static const struct {
        const char *kind, *name; /* of the text that is broken; data NULL: left out */
        const char *data, *says;
    } cases[] = {
        {TEXT_PACK, "cny-return", NULL, "there is no "},
        {TEXT_PACK, "cny-return", "{\n \"pack\": 1}", "cny-return.json:2:10: "},
        {TEXT_GOODS, "groups", NULL, "there is no table groups"},
        {TEXT_KIT, "phone", "{}", "phone.json: /kit: expected"},
        {TEXT_BOOK, "china-2024", "{\"book\":", "china-2024.json: line 1, column 9"},
    };
    struct snapshot *first = load_with(NULL, 0, false), *snapshot;
    struct snapshot_sources sources = fixture_sources();
    const struct text *texts;
    size_t count = snapshot_texts(first, &texts);

    (void)state;
    for (size_t c = 0; c < COUNT(cases); c++) {
        struct text changed[100];
        struct error err = {0};
        size_t kept = 0;

        for (size_t i = 0; i < count; i++) {
            if (strcmp(texts[i].kind, cases[c].kind) != 0 ||
                strcmp(texts[i].name, cases[c].name) != 0)
                changed[kept++] = texts[i];
            else if (cases[c].data)
                changed[kept++] = text_of(cases[c].kind, cases[c].name, cases[c].data);
        }
        sources.texts = (struct texts){changed, kept, true};
        assert_int_equal(snapshot_load(&sources, &snapshot, &err), -1);
        if (!strstr(err.text, cases[c].says))
            fail_msg("\"%s\" lacks \"%s\"", err.text, cases[c].says);
    }
    snapshot_free(first);
}

static void
a_bank_without_a_policy_is_named_and_accepts_nothing(void **state)
{
    const struct text book = text_of(TEXT_BOOK, "mine", BOOK);
    struct snapshot *snapshot = load_with(&book, 1, false);
    struct arena arena = {0};

    (void)state;
    assert_string_equal(snapshot_unguarded(snapshot, fixture_time("2024-04-17"), &arena),
                        "MERICNSH, NGTECNSH");
    assert_string_equal(snapshot_unguarded(snapshot, fixture_time("2024-06-01"), &arena), "");
    assert_judges(snapshot, "MERICNSH", "2024-04-17", POLICY_HOLD, NULL);
    assert_judges(snapshot, "MERICNSH", "2024-06-01", POLICY_RETURN, "CNY-01");
    snapshot_free(snapshot);
    arena_release(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_goes_before_the_file_of_its_name),
        cmocka_unit_test(a_snapshot_is_built_again_from_its_own_texts),
        cmocka_unit_test(kits_come_in_the_same_order_from_files_and_texts),
        cmocka_unit_test(what_is_missing_or_broken_among_texts_is_named),
        cmocka_unit_test(a_bank_without_a_policy_is_named_and_accepts_nothing),
    };

    return cmocka_run_group_tests_name("texts", tests, NULL, NULL);
}
