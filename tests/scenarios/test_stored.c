/* Stored payments read by threads: order, periods, and records or stores that fail. */
#include "tests/support/test.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients/stored.h"
#include "tests/support/store_faulty.h"

#define RECORDS    9000 /* more pieces than there are at once, and a part of one */
#define EVENT_AT   500  /* this one is no payment */
#define BAD_AT     777  /* and this one is none any more */
#define LONG_TO    130  /* the first piece does not fit into a page */
#define LONG_BYTES 8000
#define AT_MS(seq) ((int64_t)(seq)*10)

static struct arena arena;
static struct store *memory;

/* Its request is its seq as text, and spaces where it is to be long. */
static void
make_entry(uint64_t seq, struct store_entry *out)
{
    const char *request =
        arena_printf(&arena, "%-*d", seq <= LONG_TO ? LONG_BYTES : 1, (int)seq);
    struct buffer body;

    buffer_init(&body, &arena, 256);
    record_write(&(struct record){.id = "i",
                                  .uetr = "u",
                                  .key = "",
                                  .at_ms = AT_MS(seq),
                                  .request = request,
                                  .request_len = strlen(request),
                                  .answer = "{}",
                                  .answer_len = 2},
                 &body);
    *out = (struct store_entry){.seq = seq,
                                .kind = seq == EVENT_AT ? RECORD_EVENT : RECORD_PAYMENT,
                                .at_ms = AT_MS(seq),
                                .body = body.data,
                                .body_len = seq == BAD_AT ? 9 : body.len};
}

static struct store *
filled_store(void)
{
    struct store_entry *entries = arena_alloc(&arena, RECORDS * sizeof(*entries));
    const struct store_entry **pointers = arena_alloc(&arena, RECORDS * sizeof(*pointers));
    struct error err = {0};
    struct store *store;

    for (size_t i = 0; i < RECORDS; i++) {
        make_entry(i + 1, &entries[i]);
        pointers[i] = &entries[i];
    }
    assert_int_equal(store_memory.open("", 1, &store, &err), 0);
    assert_int_equal(store->ops->append(store, pointers, RECORDS, &err), 0);
    return store;
}

static int
set_up(void **state)
{
    (void)state;
    memory = filled_store();
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    store_memory.close(memory);
    arena_release(&arena);
    return 0;
}

/* What comes out: seqs as they were delivered, "!" before one that was a fault. */
struct outcome {
    char text[RECORDS * 7];
    size_t len, taken, faults;
};

struct taken {
    struct taken *next;
    uint64_t seq;
};

static void
take(void *context, struct stored_piece *piece, uint64_t seq, const struct record *record)
{
    struct taken *taken = arena_alloc(&piece->arena, sizeof(*taken)), **end;

    (void)context;
    *taken = (struct taken){NULL, seq};
    for (end = (struct taken **)(void *)&piece->part; *end; end = &(*end)->next)
        ;
    *end = taken;
    if (strtoull(record->request, NULL, 10) != seq)
        stored_blame(piece, seq, "another's request");
}

static void
deliver(void *context, struct stored_piece *piece)
{
    struct outcome *outcome = context;

    for (const struct taken *taken = piece->part; taken; taken = taken->next) {
        outcome->taken++;
        outcome->len +=
            (size_t)snprintf(outcome->text + outcome->len, sizeof(outcome->text) - outcome->len,
                             "%d ", (int)taken->seq);
    }
    for (const struct stored_fault *fault = piece->faults; fault; fault = fault->next) {
        outcome->faults++;
        assert_true(fault->why[0] != '\0');
        outcome->len +=
            (size_t)snprintf(outcome->text + outcome->len, sizeof(outcome->text) - outcome->len,
                             "!%d ", (int)fault->seq);
    }
}

static int
read_all(struct store *store, size_t threads, int64_t from_ms, int64_t to_ms,
         struct outcome *outcome, struct error *err)
{
    struct stored stored = {.last_seq = RECORDS, .threads = threads};
    const struct stored_work work = {.from_ms = from_ms,
                                     .to_ms = to_ms,
                                     .context = outcome,
                                     .take = take,
                                     .deliver = deliver};

    *outcome = (struct outcome){0};
    for (size_t i = 0; i < threads; i++)
        stored.views[i] = store;
    return stored_run(&stored, &work, err);
}

static void
what_is_delivered_does_not_depend_on_the_threads(void **state)
{
    static struct outcome one, many;
    struct error err = {0};

    (void)state;
    assert_int_equal(read_all(memory, 1, INT64_MIN, INT64_MAX, &one, &err), 0);
    assert_int_equal(one.taken, RECORDS - 2);
    assert_int_equal(one.faults, 1);
    assert_memory_equal(one.text, "1 2 3 4 ", 8);
    assert_non_null(strstr(one.text, " 499 501 "));
    assert_non_null(strstr(one.text, " 776 778 "));
    assert_non_null(strstr(one.text, " 895 896 !777 897 ")); /* a piece's faults come last */
    for (size_t threads = 2; threads <= STORED_THREADS_MAX; threads++) {
        assert_int_equal(read_all(memory, threads, INT64_MIN, INT64_MAX, &many, &err), 0);
        assert_string_equal(one.text, many.text);
    }
}

static void
a_period_begins_with_its_first_moment_and_ends_before_its_last(void **state)
{
    static const struct {
        int64_t from_ms, to_ms;
        const char *text;
    } cases[] = {
        {AT_MS(1), AT_MS(4), "1 2 3 "},
        {AT_MS(126) + 1, AT_MS(130), "127 128 129 "},
        {AT_MS(498), AT_MS(503), "498 499 501 502 "},
        {AT_MS(776), AT_MS(779), "776 778 !777 "},
        {AT_MS(8999), INT64_MAX, "8999 9000 "},
        {INT64_MIN, AT_MS(1), ""},
        {AT_MS(9001), INT64_MAX, ""},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        static struct outcome outcome;
        struct error err = {0};

        assert_int_equal(read_all(memory, 2, cases[i].from_ms, cases[i].to_ms, &outcome, &err),
                         0);
        assert_string_equal(outcome.text, cases[i].text);
    }
}

/* Where a listing fails each record is read for itself: the others are not lost. */
static void
a_page_that_fails_costs_no_record_but_those_that_fail_alone(void **state)
{
    static struct outcome whole, outcome;
    struct store *faulty = store_faulty_new(filled_store());
    struct error err = {0};
    long calls;

    (void)state;
    store_faulty_arm(faulty, 1, 0);
    assert_int_equal(read_all(faulty, 1, INT64_MIN, INT64_MAX, &whole, &err), 0);
    calls = store_faulty_calls(faulty);
    for (long first = 1; first <= calls; first++) {
        store_faulty_arm(faulty, first, 1);
        assert_int_equal(read_all(faulty, 1, INT64_MIN, INT64_MAX, &outcome, &err), 0);
        assert_string_equal(outcome.text, whole.text);
        store_faulty_arm(faulty, first, 4); /* the page, and three of its records */
        assert_int_equal(read_all(faulty, 1, INT64_MIN, INT64_MAX, &outcome, &err), 0);
        assert_true(outcome.faults >= 3);
        assert_in_range(outcome.taken + outcome.faults, RECORDS - 1, RECORDS);
    }
    store_faulty_arm(faulty, 1, 1);
    assert_int_equal(read_all(faulty, 1, AT_MS(20), AT_MS(24), &outcome, &err), 0);
    assert_string_equal(outcome.text, "20 21 22 23 ");
    store_faulty_arm(faulty, 1, 1000000);
    assert_int_equal(read_all(faulty, 3, INT64_MIN, INT64_MAX, &outcome, &err), 0);
    assert_int_equal(outcome.taken, 0);
    assert_int_equal(outcome.faults, RECORDS);
    faulty->ops->close(faulty);
}

/* A store that another program keeps from us, from some listing on. */
struct kept_store {
    struct store base;
    atomic_int lists_left;
};

static int
kept_list(struct store *store, const struct store_filter *filter, size_t limit,
          struct arena *on, struct store_entry **out, size_t *count, struct error *err)
{
    struct kept_store *kept = (struct kept_store *)store;

    if (atomic_fetch_sub(&kept->lists_left, 1) <= 0)
        return error_set(err, ERROR_BUSY, "database is locked");
    return memory->ops->list(memory, filter, limit, on, out, count, err);
}

static void
a_store_that_is_kept_from_us_ends_the_reading(void **state)
{
    static const struct store_ops ops = {.list = kept_list};
    static struct outcome outcome;

    (void)state;
    for (int lists = 0; lists < RECORDS / STORED_PIECE_SEQS; lists++)
        for (size_t threads = 1; threads <= 4; threads++) {
            struct kept_store kept = {.base = {&ops}};
            struct error err = {0};

            atomic_init(&kept.lists_left, lists);
            assert_int_equal(
                read_all(&kept.base, threads, INT64_MIN, INT64_MAX, &outcome, &err), -1);
            assert_int_equal(err.code, ERROR_BUSY);
            assert_string_equal(err.text, "database is locked");
        }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_delivered_does_not_depend_on_the_threads),
        cmocka_unit_test(a_period_begins_with_its_first_moment_and_ends_before_its_last),
        cmocka_unit_test(a_page_that_fails_costs_no_record_but_those_that_fail_alone),
        cmocka_unit_test(a_store_that_is_kept_from_us_ends_the_reading),
    };

    return cmocka_run_group_tests_name("stored payments", tests, set_up, tear_down);
}
