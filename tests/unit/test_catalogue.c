/* Records one after the other, and what the catalogue knows then: written as two columns. */
#include "gateway/rollout/catalogue.h"

#include <stdio.h>
#include <string.h>

#include "tests/support/test.h"

static struct catalogue catalogue;
static uint64_t seq;

static int
empty(void **state)
{
    (void)state;
    catalogue_release(&catalogue);
    seq = 0;
    return 0;
}

/* "sha256:" and one digit 64 times. */
static const char *
digest_of(char digit)
{
    static char texts[128][DIGEST_TEXT_SIZE];
    char *text = texts[digit % 128];

    strcpy(text, "sha256:");
    memset(text + 7, digit, 64);
    text[71] = '\0';
    return text;
}

/* A record with version v (a digit, ' ' for none), snapshot s likewise. */
static int
apply(enum rollout_what what, const char *of, const char *name, char v, char s,
      const char *note)
{
    struct rollout_record record = {
        .what = what,
        .at_ms = (int64_t)seq * 1000,
        .of = of,
        .name = name,
        .digest = v == ' ' ? "" : digest_of(v),
        .snapshot = s == ' ' ? "" : digest_of(s),
        .note = note,
        .text = "x",
        .text_len = what == ROLLOUT_FILE || what == ROLLOUT_PUT,
    };
    struct error err = {0};

    return catalogue_apply(&catalogue, ++seq, &record, &err);
}

static void
must(enum rollout_what what, const char *of, const char *name, char v, char s)
{
    assert_int_equal(apply(what, of, name, v, s, ""), 0);
}

/* "pin 2, candidate 3 checked, shadow -" of a policy. */
static const char *
told(enum rollout_kind kind, const char *of)
{
    static const char *const states[] = {"unchecked", "checked", "refused"};
    const struct rollout_name *name = catalogue_name(&catalogue, kind, of);
    const struct pin *pin = catalogue_pin(&catalogue, name);
    static char text[100];

    snprintf(text, sizeof(text), "pin %c, candidate %c %s, shadow %c",
             pin ? pin->version->digest[7] : '-',
             name->candidate ? name->candidate->digest[7] : '-',
             name->candidate ? states[name->candidate->state] : "-",
             name->shadow ? name->shadow->digest[7] : '-');
    return text;
}

static void
a_version_goes_its_way_and_comes_back(void **state)
{
    (void)state;
    must(ROLLOUT_FILE, "pack", "kit", '1', ' ');
    must(ROLLOUT_START, "", "", ' ', 'a');
    assert_string_equal(told(ROLLOUT_POLICY, "kit"), "pin -, candidate - -, shadow -");
    must(ROLLOUT_PUT, "policy", "kit", '2', ' ');
    assert_string_equal(told(ROLLOUT_POLICY, "kit"), "pin -, candidate 2 unchecked, shadow -");
    must(ROLLOUT_CHECK, "policy", "kit", '2', ' ');
    assert_string_equal(told(ROLLOUT_POLICY, "kit"), "pin -, candidate 2 checked, shadow -");
    must(ROLLOUT_SHADOW, "policy", "kit", '2', ' ');
    assert_string_equal(told(ROLLOUT_POLICY, "kit"), "pin -, candidate 2 checked, shadow 2");
    must(ROLLOUT_ACTIVATE, "policy", "kit", '2', 'b');
    assert_string_equal(told(ROLLOUT_POLICY, "kit"), "pin 2, candidate 2 checked, shadow -");
    must(ROLLOUT_PUT, "policy", "kit", '3', ' ');
    assert_int_equal(apply(ROLLOUT_CHECK, "policy", "kit", '3', ' ', "kit.json:1:2: no"), 0);
    assert_string_equal(told(ROLLOUT_POLICY, "kit"), "pin 2, candidate 3 refused, shadow -");
    must(ROLLOUT_ROLLBACK, "policy", "kit", ' ', 'a');
    assert_string_equal(told(ROLLOUT_POLICY, "kit"), "pin -, candidate 3 refused, shadow -");
    assert_string_equal(catalogue.last->digest, digest_of('a'));
    assert_true(catalogue_snapshot(&catalogue, digest_of('a'))->seq == 2);
    assert_true(catalogue_snapshot(&catalogue, digest_of('a'))->last_at_ms == 8000);
    assert_null(catalogue_snapshot(&catalogue, digest_of('c')));
}

static void
activations_of_a_name_are_a_stack(void **state) /* G3 */
{
    static const struct {
        enum rollout_what what;
        char version;
        const char *then;
    } steps[] = {
        {ROLLOUT_ACTIVATE, '2', "pin 2"}, {ROLLOUT_ACTIVATE, '3', "pin 3"},
        {ROLLOUT_ACTIVATE, '2', "pin 2"}, {ROLLOUT_ROLLBACK, '3', "pin 3"},
        {ROLLOUT_ROLLBACK, '2', "pin 2"}, {ROLLOUT_ROLLBACK, ' ', "pin -"},
    };

    (void)state;
    must(ROLLOUT_PUT, "policy", "kit", '2', ' ');
    must(ROLLOUT_PUT, "policy", "kit", '3', ' ');
    for (size_t i = 0; i < COUNT(steps); i++) {
        must(steps[i].what, "policy", "kit", steps[i].version, 'a');
        assert_int_equal(strncmp(told(ROLLOUT_POLICY, "kit"), steps[i].then, 5), 0);
    }
    assert_int_equal(apply(ROLLOUT_ROLLBACK, "policy", "kit", ' ', 'a', ""), -1);
}

static void
of_books_one_is_in_force_whatever_its_name(void **state)
{
    (void)state;
    must(ROLLOUT_PUT, "book", "one", '1', ' ');
    must(ROLLOUT_PUT, "book", "two", '2', ' ');
    must(ROLLOUT_PUT, "policy", "one", '3', ' '); /* another thing of the same name */
    must(ROLLOUT_ACTIVATE, "book", "one", '1', 'a');
    must(ROLLOUT_ACTIVATE, "book", "two", '2', 'b');
    assert_string_equal(catalogue.book->name->name, "two");
    assert_int_equal(apply(ROLLOUT_ROLLBACK, "book", "one", ' ', 'a', ""), -1);
    must(ROLLOUT_ROLLBACK, "book", "two", '1', 'a');
    assert_string_equal(catalogue.book->name->name, "one");
    must(ROLLOUT_ACTIVATE, "policy", "one", '3', 'c');
    must(ROLLOUT_RESET, "", "", ' ', ' ');
    assert_null(catalogue.book);
    assert_int_equal(strncmp(told(ROLLOUT_POLICY, "one"), "pin -", 5), 0);
}

static void
a_text_is_known_by_its_first_record_and_once(void **state)
{
    uint8_t digest[SHA256_BYTES];

    (void)state;
    must(ROLLOUT_FILE, "kit", "phone", '5', ' ');
    must(ROLLOUT_PUT, "policy", "kit", '6', ' ');
    must(ROLLOUT_PUT, "policy", "kit", '5', ' '); /* the same bytes, of another name */
    assert_true(digest_parse(digest_of('5'), digest));
    assert_true(catalogue_text(&catalogue, digest) == 1);
    assert_true(digest_parse(digest_of('6'), digest));
    assert_true(catalogue_text(&catalogue, digest) == 2);
    assert_true(digest_parse(digest_of('7'), digest));
    assert_true(catalogue_text(&catalogue, digest) == 0);
    assert_int_equal(catalogue.version_count, 2);
    assert_int_equal(catalogue.name_count, 1); /* a kit of goods is no name */
}

static void
what_cannot_have_happened_is_refused(void **state) /* G1 */
{
    static const struct {
        enum rollout_what what;
        const char *of, *name;
        char version, snapshot;
    } cases[] = {
        {ROLLOUT_CHECK, "policy", "kit", '9', ' '},    /* never put */
        {ROLLOUT_SHADOW, "policy", "kit", ' ', ' '},   /* none */
        {ROLLOUT_ACTIVATE, "policy", "kit", '1', ' '}, /* without a snapshot */
        {ROLLOUT_ACTIVATE, "rule", "kit", '1', 'a'},   /* no kind */
        {ROLLOUT_ROLLBACK, "policy", "kit", ' ', 'a'}, /* of nothing */
        {ROLLOUT_START, "", "", ' ', ' '},
        {ROLLOUT_PUT, "policy", "kit", ' ', ' '},
    };

    (void)state;
    must(ROLLOUT_PUT, "policy", "kit", '1', ' ');
    for (size_t i = 0; i < COUNT(cases); i++)
        if (apply(cases[i].what, cases[i].of, cases[i].name, cases[i].version,
                  cases[i].snapshot, "") == 0)
            fail_msg("case %zu was taken", i);
}

static void
older_events_make_room_and_the_state_stays(void **state)
{
    (void)state;
    must(ROLLOUT_PUT, "policy", "kit", '1', ' ');
    for (int i = 0; i < ROLLOUT_EVENTS_MAX + 10; i++)
        assert_int_equal(apply(ROLLOUT_CHECK, "policy", "kit", '1', ' ', i % 2 ? "no" : ""), 0);
    assert_true(catalogue.event_count <= ROLLOUT_EVENTS_MAX);
    assert_true(catalogue.event_count >= ROLLOUT_EVENTS_MAX / 2);
    assert_true(catalogue.events[catalogue.event_count - 1].seq == seq);
    assert_string_equal(told(ROLLOUT_POLICY, "kit"), "pin -, candidate 1 refused, shadow -");
}

static void
names_are_plain(void **state)
{
    static const char *const good[] = {"a", "kit-blockade", "A_1.2", "-x"};
    static const char *const bad[] = {"", ".", ".hidden", "a/b", "a b", "ä", "a\n"};
    char name[ROLLOUT_NAME_MAX + 2];

    (void)state;
    for (size_t i = 0; i < COUNT(good); i++)
        assert_true(rollout_name_is_sound(good[i]));
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_false(rollout_name_is_sound(bad[i]));
    memset(name, 'a', sizeof(name));
    name[ROLLOUT_NAME_MAX] = '\0';
    assert_true(rollout_name_is_sound(name));
    name[ROLLOUT_NAME_MAX] = 'a';
    name[ROLLOUT_NAME_MAX + 1] = '\0';
    assert_false(rollout_name_is_sound(name));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_version_goes_its_way_and_comes_back, empty),
        cmocka_unit_test_setup(activations_of_a_name_are_a_stack, empty),
        cmocka_unit_test_setup(of_books_one_is_in_force_whatever_its_name, empty),
        cmocka_unit_test_setup(a_text_is_known_by_its_first_record_and_once, empty),
        cmocka_unit_test_setup(what_cannot_have_happened_is_refused, empty),
        cmocka_unit_test_setup(older_events_make_room_and_the_state_stays, empty),
        cmocka_unit_test_setup(names_are_plain, empty),
    };

    return cmocka_run_group_tests_name("catalogue", tests, NULL, empty);
}
