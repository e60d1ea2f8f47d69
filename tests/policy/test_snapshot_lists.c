/* test_snapshot_lists.c - which lists a snapshot has, and what they do to it. */
#include "tests/support/test.h"

#include <unistd.h>

#include "policy/screening/roster.h"
#include "tests/policy/fixture.h"

#define OFAC     "policy/lists/fictional/ofac"
#define ENTITIES "policy/lists/fictional/entities"

static char path[] = "/tmp/yuangate-book-XXXXXX";
static const char *const ofac[] = {OFAC}, *const entities[] = {ENTITIES};
static struct list_order orders[2];
static struct listings *listings;

static int
set_up(void **state)
{
    int fd;

    (void)state;
    strcpy(path + strlen(path) - 6, "XXXXXX");
    fd = mkstemp(path);
    orders[0] = list_order_of("one", ofac, 1);
    orders[1] = list_order_of("another", entities, 1);
    listings = listings_new(&(struct listings_options){.orders = orders, .order_count = 1});
    return fd < 0 || close(fd) != 0 ? -1 : 0;
}

/* That all listings are let go of is asserted by their end. */
static int
tear_down(void **state)
{
    (void)state;
    listings_free(listings);
    return unlink(path);
}

/* A book that asks for these lists, and judges by nothing. */
static int
load(const char *screening, struct listings *from, const struct texts *texts,
     struct snapshot **snapshot, struct error *err)
{
    struct snapshot_sources sources = fixture_sources();
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    fprintf(file,
            "{\"book\":\"test\",\"default_action\":\"accept\",\"screening\":%s,\"banks\":[{"
            "\"bic\":\"HLDBCNBS\",\"name\":\"Hulan\",\"class\":\"joint_stock\"}],\"regimes\":"
            "[{\"from\":\"2024-01-01\",\"policies\":{\"*\":[\"baseline\"]}}]}",
            screening);
    assert_int_equal(fclose(file), 0);
    sources.book = path;
    sources.listings = from;
    if (texts)
        sources.texts = *texts;
    return snapshot_load(&sources, snapshot, err);
}

static struct snapshot *
loaded(const char *screening, struct listings *from, const struct texts *texts)
{
    struct snapshot *snapshot;
    struct error err = {0};

    if (load(screening, from, texts, &snapshot, &err) != 0)
        fail_msg("%s", err.text);
    return snapshot;
}

static void
a_list_is_a_part_of_what_a_snapshot_is_named_by(void **state)
{
    struct snapshot *with = loaded("{}", listings, NULL), *without = loaded("{}", NULL, NULL);
    const struct text *texts;
    size_t count = snapshot_texts(with, &texts), found = 0;

    (void)state;
    assert_string_not_equal(snapshot_digest(with), snapshot_digest(without));
    for (size_t i = 0; i < count; i++)
        if (strcmp(texts[i].kind, TEXT_LIST) == 0) {
            assert_string_equal(texts[i].name, "one");
            assert_non_null(strstr(texts[i].data, "main "));
            found++;
        }
    assert_int_equal(found, 1);
    assert_int_equal(snapshot_roster(without)->count, 0);
    snapshot_free(with);
    snapshot_free(without);
}

static void
two_snapshots_share_a_list(void **state)
{
    struct snapshot *a = loaded("{}", listings, NULL);
    struct snapshot *b = loaded("{\"ownership\":\"eu\"}", listings, NULL);

    (void)state;
    assert_ptr_equal(snapshot_roster(a)->listings[0], snapshot_roster(b)->listings[0]);
    assert_int_equal(snapshot_roster(a)->law, OWNERSHIP_OFAC);
    assert_int_equal(snapshot_roster(b)->law, OWNERSHIP_EU);
    snapshot_free(a);
    assert_string_equal(snapshot_roster(b)->listings[0]->list->name, "one");
    snapshot_free(b);
}

static void
a_text_goes_before_the_files(void **state)
{
    struct snapshot *first = loaded("{}", listings, NULL), *again;
    const struct list *list = snapshot_roster(first)->listings[0]->list;
    const struct text text = {
        .kind = TEXT_LIST, .name = "one", .data = list->sums, .len = list->sums_len};
    struct texts texts = {&text, 1, false};

    (void)state;
    orders[0].paths = entities; /* the files are another list by now */
    again = loaded("{}", listings, &texts);
    assert_string_equal(snapshot_digest(again), snapshot_digest(first));
    snapshot_free(again);
    again = loaded("{}", listings, NULL);
    assert_string_not_equal(snapshot_digest(again), snapshot_digest(first));
    snapshot_free(again);
    snapshot_free(first);
}

static void
a_list_that_is_gone_is_not_left_out(void **state)
{
    static const char sums[] = "main 00\n";
    const struct text text = {
        .kind = TEXT_LIST, .name = "one", .data = sums, .len = strlen(sums)};
    struct texts texts = {&text, 1, false};
    struct snapshot *snapshot;
    struct error err = {0};

    (void)state;
    assert_int_equal(load("{}", listings, &texts, &snapshot, &err), -1);
    assert_non_null(strstr(err.text, "list one sha256:"));
    assert_non_null(strstr(err.text, "is not here any more"));
}

static void
more_lists_than_there_may_be_are_refused(void **state)
{
    enum { MANY = LISTINGS_MAX + 1 };
    static struct list_order many[MANY];
    static char names[MANY][8];
    struct snapshot *snapshot;
    struct error err = {0};

    (void)state;
    for (size_t i = 0; i < MANY; i++) {
        snprintf(names[i], sizeof(names[i]), "l%zu", i);
        many[i] = list_order_of(names[i], ofac, 1);
    }
    for (size_t count = LISTINGS_MAX; count <= MANY; count++) {
        listings_free(listings);
        listings =
            listings_new(&(struct listings_options){.orders = many, .order_count = count});
        assert_int_equal(load("{}", listings, NULL, &snapshot, &err),
                         count > LISTINGS_MAX ? -1 : 0);
        snapshot_free(snapshot);
    }
    assert_non_null(strstr(err.text, "more than 64 sanctions lists"));
}

static void
what_the_book_requires_must_be_there(void **state)
{
    static const struct {
        const char *screening;
        size_t lists;
        const char *says; /* NULL: it loads */
    } cases[] = {
        {"{\"required\":[\"*\"]}", 0, "/screening/required/0: expected a list to be loaded"},
        {"{\"required\":[\"*\"]}", 1, NULL},
        {"{\"required\":[\"*\",\"one\"]}", 1, NULL},
        {"{\"required\":[\"*\",\"un\"]}", 1,
         "/screening/required/1: expected the list un to be loaded"},
        {"{\"required\":[\"another\"]}", 2, NULL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct listings *few = listings_new(
            &(struct listings_options){.orders = orders, .order_count = cases[i].lists});
        struct snapshot *snapshot;
        struct error err = {0};
        int rc = load(cases[i].screening, few, NULL, &snapshot, &err);

        assert_int_equal(rc, cases[i].says ? -1 : 0);
        if (cases[i].says)
            assert_non_null(strstr(err.text, cases[i].says));
        snapshot_free(snapshot);
        listings_free(few);
    }
}

static void
a_decision_has_its_hits_though_no_policy_asked(void **state)
{
    struct snapshot *snapshot = loaded("{}", listings, NULL);
    struct arena arena = {0};
    struct fixture fixture;
    struct decision decision;
    int64_t now_ms;

    (void)state;
    assert_true(instant_parse("2024-04-15T09:00:00+08:00", &now_ms));
    fixture_init(&fixture);
    fixture.debtor_agent.bic = "GRTVRUMM";
    snapshot_judge(snapshot, &fixture.payment, now_ms, 1, NULL, &arena, &decision);
    assert_int_equal(decision.hit_count, 1);
    assert_string_equal(decision.hits[0]->field, "debtor_agent/bic");
    assert_string_equal(decision.hits[0]->list, "one");
    arena_release(&arena);
    snapshot_free(snapshot);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_list_is_a_part_of_what_a_snapshot_is_named_by, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(two_snapshots_share_a_list, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_text_goes_before_the_files, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_list_that_is_gone_is_not_left_out, set_up, tear_down),
        cmocka_unit_test_setup_teardown(more_lists_than_there_may_be_are_refused, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_the_book_requires_must_be_there, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_decision_has_its_hits_though_no_policy_asked, set_up,
                                        tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
