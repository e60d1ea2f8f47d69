/*
 * The promises in store.h, kept by every backend.  A new backend is finished
 * when it is added to the list in main() and this file passes unchanged.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/store/store.h"
#include "tests/support/store_sample.h"
#include "tests/support/temp_store.h"
#include "tests/support/test.h"

#define BIG_BODY     262144 /* a request of the greatest size */
#define LIST_MAX     500
#define READS_BESIDE 200

static const struct store_ops *backend;
static struct temp_store temp;

static const struct store_filter any = {.from_ms = INT64_MIN, .to_ms = INT64_MAX};

struct fixture {
    struct store *store;
    struct arena arena;
    struct error err;
};

static int
open_store(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));

    if (backend->open(temp.path, 1, &fixture->store, &fixture->err) != 0) {
        print_error("%s: %s\n", backend->name, fixture->err.text);
        return -1;
    }
    *state = fixture;
    return 0;
}

static int
close_store(void **state)
{
    struct fixture *fixture = *state;

    backend->close(fixture->store);
    arena_release(&fixture->arena);
    free(fixture);
    temp_store_clear(&temp);
    return 0;
}

static void
fill(struct fixture *f, size_t count)
{
    assert_int_equal(sample_append(f->store, count, &f->err), 0);
}

static uint64_t
head_of(struct fixture *f)
{
    uint8_t chain[SHA256_BYTES];
    uint64_t seq = 99;

    assert_int_equal(backend->head(f->store, &seq, chain, &f->err), 0);
    return seq;
}

static void
an_empty_store_has_head_0_and_a_chain_of_zeros(void **state)
{
    static const uint8_t zeros[SHA256_BYTES];
    uint8_t chain[SHA256_BYTES];
    struct fixture *f = *state;
    uint64_t seq = 99;

    memset(chain, 7, sizeof(chain));
    assert_int_equal(backend->head(f->store, &seq, chain, &f->err), 0);
    assert_int_equal(seq, 0);
    assert_memory_equal(chain, zeros, SHA256_BYTES);
}

static void
entries_come_back_byte_for_byte(void **state) /* S3 */
{
    struct fixture *f = *state;
    struct store_entry entry;

    fill(f, 300); /* every byte value and length 0 occur */
    for (uint64_t seq = 1; seq <= 300; seq++) {
        assert_int_equal(backend->read(f->store, seq, &f->arena, &entry, &f->err), 0);
        assert_int_equal(entry.seq, seq);
        assert_true(sample_is(&entry));
    }
}

static void
the_head_is_the_last_entry(void **state)
{
    uint8_t chain[SHA256_BYTES];
    struct fixture *f = *state;
    struct store_entry last;
    uint64_t seq;

    fill(f, 7);
    fill(f, 6);
    assert_int_equal(backend->head(f->store, &seq, chain, &f->err), 0);
    assert_int_equal(seq, 13);
    assert_int_equal(backend->read(f->store, 13, &f->arena, &last, &f->err), 0);
    assert_memory_equal(chain, last.chain, SHA256_BYTES);
    assert_true(sample_chain_holds(f->store, 0, 13));
}

static void
a_body_of_the_greatest_size_comes_back(void **state)
{
    struct store_entry entry = {.seq = 1, .kind = RECORD_EVENT, .body_len = BIG_BODY};
    const struct store_entry *const entries[] = {&entry};
    char *body = malloc(BIG_BODY);
    struct fixture *f = *state;
    struct store_entry found;

    for (size_t i = 0; i < BIG_BODY; i++)
        body[i] = (char)(i * i >> 5);
    entry.body = body;
    assert_int_equal(backend->append(f->store, entries, 1, &f->err), 0);
    assert_int_equal(backend->read(f->store, 1, &f->arena, &found, &f->err), 0);
    assert_int_equal(found.body_len, BIG_BODY);
    assert_memory_equal(found.body, body, BIG_BODY);
    free(body);
}

static void
fingerprints_keep_all_their_bits(void **state)
{
    struct store_entry entry = {.seq = 1,
                                .kind = RECORD_PAYMENT,
                                .fingerprint = UINT64_MAX,
                                .key_fingerprint = 1ULL << 63,
                                .currency = "CNY",
                                .debtor_country = "RU",
                                .body = "x",
                                .body_len = 1};
    const struct store_entry *const entries[] = {&entry};
    struct fixture *f = *state;
    struct store_entry found;

    assert_int_equal(backend->append(f->store, entries, 1, &f->err), 0);
    assert_int_equal(backend->read(f->store, 1, &f->arena, &found, &f->err), 0);
    assert_true(found.fingerprint == UINT64_MAX);
    assert_true(found.key_fingerprint == 1ULL << 63);
}

static void
an_unknown_seq_is_not_found(void **state)
{
    static const uint64_t unknown[] = {0, 4, 1000, INT64_MAX, UINT64_MAX};
    struct fixture *f = *state;
    struct store_entry entry;

    fill(f, 3);
    for (size_t i = 0; i < COUNT(unknown); i++) {
        f->err = (struct error){0};
        assert_int_equal(backend->read(f->store, unknown[i], &f->arena, &entry, &f->err), -1);
        assert_int_equal(f->err.code, ERROR_NOT_FOUND);
    }
}

static void
appending_nothing_changes_nothing(void **state)
{
    struct fixture *f = *state;

    fill(f, 2);
    assert_int_equal(backend->append(f->store, NULL, 0, &f->err), 0);
    assert_int_equal(head_of(f), 2);
}

/* The seqs that a filter lets through of 60 samples, as text: "1 2 3 ". */
static const char *
listed(struct fixture *f, const struct store_filter *filter, size_t limit)
{
    struct store_entry *entries;
    static char text[1024];
    size_t count = 99, len = 0;

    assert_int_equal(
        backend->list(f->store, filter, limit, &f->arena, &entries, &count, &f->err), 0);
    assert_true(count <= limit);
    text[0] = '\0';
    for (size_t i = 0; i < count; i++) {
        assert_non_null(entries[i].body);
        assert_true(sample_is(&entries[i]));
        len += (size_t)snprintf(text + len, sizeof(text) - len, "%d ", (int)entries[i].seq);
    }
    return text;
}

static void
listings_filter_by_every_column(void **state)
{
    /* Of the samples: state seq % 4, currency CNY USD EUR by seq % 3, country
     * RU CN KZ AE TR by seq % 5, at 1713142800 s + seq; each tenth is an event. */
    static const struct {
        struct store_filter filter;
        const char *seqs;
    } cases[] = {
        /* clang-format off */
        {{.from_ms = INT64_MIN, .to_ms = 1713142806000}, "1 2 3 4 5 "},
        {{.from_ms = 1713142858000, .to_ms = INT64_MAX}, "58 59 "},
        {{.from_ms = 1713142819001, .to_ms = 1713142823001}, "21 22 23 "},
        {{.from_ms = INT64_MIN, .to_ms = INT64_MAX, .states = 1 << 3, .after_seq = 40}, "43 47 51 55 59 "},
        {{.from_ms = INT64_MIN, .to_ms = INT64_MAX, .states = 1 << 3 | 1 << 0, .after_seq = 50}, "51 52 55 56 59 "},
        {{.from_ms = INT64_MIN, .to_ms = INT64_MAX, .states = 1 << 9}, ""},
        {{.from_ms = INT64_MIN, .to_ms = INT64_MAX, .currency = "USD", .after_seq = 45}, "46 49 52 55 58 "},
        {{.from_ms = INT64_MIN, .to_ms = INT64_MAX, .currency = "", .debtor_country = "", .after_seq = 57}, "58 59 "},
        {{.from_ms = INT64_MIN, .to_ms = INT64_MAX, .debtor_country = "RU"}, "5 15 25 35 45 55 "},
        {{.from_ms = INT64_MIN, .to_ms = INT64_MAX, .debtor_country = "XX"}, ""},
        {{.from_ms = INT64_MIN, .to_ms = INT64_MAX, .currency = "CNY", .debtor_country = "RU", .states = 1 << 3}, "15 "},
        {{.from_ms = INT64_MIN, .to_ms = INT64_MAX, .after_seq = 60}, ""},
        {{.from_ms = INT64_MIN, .to_ms = INT64_MAX, .after_seq = 17, .last_seq = 21}, "18 19 21 "},
        {{.from_ms = INT64_MIN, .to_ms = INT64_MAX, .after_seq = 56, .last_seq = 1000}, "57 58 59 "},
        {{.from_ms = INT64_MIN, .to_ms = INT64_MAX, .after_seq = 9, .last_seq = 9}, ""},
        {{.from_ms = INT64_MIN, .to_ms = INT64_MAX, .last_seq = 20, .states = 1 << 3}, "3 7 11 15 19 "},
        {{.from_ms = INT64_MIN, .to_ms = INT64_MAX, .after_seq = 1000000}, ""},
        /* clang-format on */
    };
    struct fixture *f = *state;

    fill(f, 60);
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_string_equal(listed(f, &cases[i].filter, LIST_MAX), cases[i].seqs);
}

static void
listings_go_backwards_where_asked_for_the_newest(void **state)
{
    /* The same samples; the body of 59 has 178 bytes. */
    static const struct {
        struct store_filter filter;
        size_t limit;
        const char *seqs;
    } cases[] = {
        /* clang-format off */
        {{.from_ms = INT64_MIN, .to_ms = INT64_MAX}, 5, "59 58 57 56 55 "},
        {{.from_ms = INT64_MIN, .to_ms = INT64_MAX}, 0, ""},
        {{.from_ms = INT64_MIN, .to_ms = INT64_MAX, .last_seq = 12}, LIST_MAX, "12 11 9 8 7 6 5 4 3 2 1 "},
        {{.from_ms = INT64_MIN, .to_ms = INT64_MAX, .last_seq = 1000}, 2, "59 58 "},
        {{.from_ms = INT64_MIN, .to_ms = INT64_MAX, .last_seq = 1}, LIST_MAX, "1 "},
        {{.from_ms = INT64_MIN, .to_ms = INT64_MAX, .after_seq = 56}, LIST_MAX, "59 58 57 "},
        {{.from_ms = INT64_MIN, .to_ms = INT64_MAX, .after_seq = 17, .last_seq = 21}, LIST_MAX, "21 19 18 "},
        {{.from_ms = INT64_MIN, .to_ms = INT64_MAX, .after_seq = 9, .last_seq = 9}, LIST_MAX, ""},
        {{.from_ms = INT64_MIN, .to_ms = INT64_MAX, .after_seq = 60}, LIST_MAX, ""},
        {{.from_ms = INT64_MIN, .to_ms = INT64_MAX, .debtor_country = "RU"}, 3, "55 45 35 "},
        {{.from_ms = INT64_MIN, .to_ms = INT64_MAX, .currency = "CNY", .states = 1 << 3}, LIST_MAX, "51 39 27 15 3 "},
        {{.from_ms = 1713142819001, .to_ms = 1713142823001}, LIST_MAX, "23 22 21 "},
        {{.from_ms = INT64_MIN, .to_ms = INT64_MAX, .bytes_max = 178}, LIST_MAX, "59 "},
        {{.from_ms = INT64_MIN, .to_ms = INT64_MAX, .bytes_max = 179}, LIST_MAX, "59 58 "},
        /* clang-format on */
    };
    struct fixture *f = *state;
    struct store_filter newest = any;

    newest.newest_first = true;
    assert_string_equal(listed(f, &newest, LIST_MAX), "");
    fill(f, 60);
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct store_filter filter = cases[i].filter;

        filter.newest_first = true;
        assert_string_equal(listed(f, &filter, cases[i].limit), cases[i].seqs);
    }
}

/* What is stored while somebody pages backwards is none of his. */
static void
pages_backwards_follow_one_another_too(void **state)
{
    struct store_filter filter = any;
    struct fixture *f = *state;
    struct store_entry *page;
    size_t count, seen = 0;
    uint64_t before = 100;

    filter.newest_first = true;
    fill(f, 100);
    do {
        assert_int_equal(backend->list(f->store, &filter, 7, &f->arena, &page, &count, &f->err),
                         0);
        for (size_t i = 0; i < count; i++) {
            assert_true(page[i].seq < before);
            before = page[i].seq;
            seen++;
        }
        filter.last_seq = before - 1;
        fill(f, 3);
    } while (filter.last_seq > 0);
    assert_int_equal(seen, 90);
}

static void
pages_follow_one_another_without_gap_or_repeat(void **state)
{
    struct store_filter filter = any;
    struct fixture *f = *state;
    struct store_entry *page;
    size_t count, seen = 0;

    fill(f, 100);
    do {
        assert_int_equal(backend->list(f->store, &filter, 7, &f->arena, &page, &count, &f->err),
                         0);
        for (size_t i = 0; i < count; i++) {
            assert_true(page[i].seq > filter.after_seq);
            filter.after_seq = page[i].seq;
            seen++;
        }
    } while (count == 7);
    assert_int_equal(seen, 90); /* ten of the hundred are events */
}

/* The seqs of a page of events, as text: "10 20 ". */
static const char *
events(struct fixture *f, const struct store_filter *filter, size_t limit)
{
    struct store_entry *entries;
    static char text[1024];
    size_t count = 99, len = 0;

    assert_int_equal(
        backend->events(f->store, filter, limit, &f->arena, &entries, &count, &f->err), 0);
    assert_true(count <= limit);
    text[0] = '\0';
    for (size_t i = 0; i < count; i++) {
        assert_non_null(entries[i].body);
        assert_true(sample_is(&entries[i]));
        len += (size_t)snprintf(text + len, sizeof(text) - len, "%d ", (int)entries[i].seq);
    }
    return text;
}

/* Of the samples each tenth is one; the body of 10 has 370 bytes, that of 20 has 339. */
static void
events_come_in_order_and_bounded_pages(void **state)
{
    static const struct {
        struct store_filter filter;
        size_t limit;
        const char *seqs;
    } cases[] = {
        /* clang-format off */
        {{0}, 100, "10 20 30 40 50 60 "},
        {{0}, 2, "10 20 "},
        {{0}, 0, ""},
        {{.after_seq = 20}, 2, "30 40 "},
        {{.after_seq = 19}, 1, "20 "},
        {{.after_seq = 50}, 100, "60 "},
        {{.after_seq = 60}, 100, ""},
        {{.after_seq = UINT64_MAX}, 100, ""},
        {{.after_seq = 10, .last_seq = 40}, 100, "20 30 40 "},
        {{.after_seq = 10, .last_seq = 19}, 100, ""},
        {{.last_seq = 1000}, 3, "10 20 30 "},
        {{.bytes_max = 370}, 100, "10 "},
        {{.bytes_max = 371}, 100, "10 20 "},
        {{.after_seq = 45, .from_ms = INT64_MAX, .currency = "CNY", .states = 2}, 100, "50 60 "},
        {{.newest_first = true}, 2, "10 20 "},
        /* clang-format on */
    };
    struct fixture *f = *state;

    assert_string_equal(events(f, &cases[0].filter, 100), "");
    fill(f, 9);
    assert_string_equal(events(f, &cases[0].filter, 100), "");
    fill(f, 56);
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_string_equal(events(f, &cases[i].filter, cases[i].limit), cases[i].seqs);
}

/* A long run of either kind, which no backend may have to read in one piece. */
static void
events_are_found_among_many_payments_and_among_themselves(void **state)
{
    enum { PAYMENTS = 25000, EVENTS = 300 };
    struct store_entry *entries = calloc(PAYMENTS + EVENTS, sizeof(*entries)), *found;
    const struct store_entry **pointers = calloc(PAYMENTS + EVENTS, sizeof(*pointers));
    struct fixture *f = *state;
    struct store_filter filter = {0};
    size_t count;

    for (size_t i = 0; i < PAYMENTS + EVENTS; i++) {
        entries[i] = (struct store_entry){.seq = i + 1,
                                          .kind = i < PAYMENTS ? RECORD_PAYMENT : RECORD_EVENT,
                                          .body = "x",
                                          .body_len = 1};
        pointers[i] = &entries[i];
    }
    assert_int_equal(backend->append(f->store, pointers, PAYMENTS + EVENTS, &f->err), 0);
    for (size_t seen = 0; seen < EVENTS; seen += 100) {
        assert_int_equal(
            backend->events(f->store, &filter, 100, &f->arena, &found, &count, &f->err), 0);
        assert_int_equal(count, 100);
        for (size_t i = 0; i < count; i++)
            assert_int_equal(found[i].seq, PAYMENTS + seen + i + 1);
        filter.after_seq = found[count - 1].seq;
    }
    assert_int_equal(
        backend->events(f->store, &filter, 100, &f->arena, &found, &count, &f->err), 0);
    assert_int_equal(count, 0);
    free((void *)pointers);
    free(entries);
}

#define KINDS 300

/* Payments, events and roll-outs in turn: 1 is a payment, 2 an event, 3 a roll-out, 4 ... */
static void
fill_with_all_kinds(struct fixture *f)
{
    struct store_entry entries[KINDS];
    const struct store_entry *pointers[KINDS];

    for (size_t i = 0; i < KINDS; i++) {
        entries[i] = (struct store_entry){
            .seq = i + 1,
            .kind = (enum record_kind)(i % 3 + RECORD_PAYMENT),
            .currency = "CNY",
            .debtor_country = "RU",
            .body = "body",
            .body_len = i % 2 ? 4 : 3,
        };
        pointers[i] = &entries[i];
    }
    assert_int_equal(backend->append(f->store, pointers, KINDS, &f->err), 0);
}

static void
rollouts_are_told_from_payments_and_events(void **state)
{
    static const struct {
        struct store_filter filter;
        size_t limit, count;
        uint64_t first, last;
    } cases[] = {
        {{0}, 500, 100, 3, 300},
        {{0}, 0, 0, 0, 0},
        {{0}, 2, 2, 3, 6},
        {{.after_seq = 6}, 2, 2, 9, 12},
        {{.after_seq = 300}, 2, 0, 0, 0},
        {{.after_seq = 4, .last_seq = 12}, 9, 3, 6, 12},
        {{.bytes_max = 4}, 9, 2, 3, 6}, /* of 3 and 4 bytes */
        {{.newest_first = true}, 2, 2, 3, 6},
    };
    struct fixture *f = *state;
    struct store_entry *found;
    size_t count;

    fill_with_all_kinds(f);
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_int_equal(backend->rollouts(f->store, &cases[i].filter, cases[i].limit,
                                           &f->arena, &found, &count, &f->err),
                         0);
        assert_int_equal(count, cases[i].count);
        if (count == 0)
            continue;
        assert_int_equal(found[0].seq, cases[i].first);
        assert_int_equal(found[count - 1].seq, cases[i].last);
        assert_int_equal(found[0].kind, RECORD_ROLLOUT);
        assert_memory_equal(found[0].body, "body", found[0].body_len);
    }
    assert_int_equal(
        backend->events(f->store, &any, LIST_MAX, &f->arena, &found, &count, &f->err), 0);
    assert_int_equal(count, KINDS / 3);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(found[i].seq, 3 * i + 2);
}

/* Of 1 payment, 2 event, 3 roll-out, 4 payment ...: all but every third. */
static void
the_feed_is_payments_and_events_in_order(void **state)
{
    static const struct {
        struct store_filter filter;
        size_t limit, count;
        uint64_t first, last;
    } cases[] = {
        {{0}, 500, 200, 1, 299},
        {{0}, 0, 0, 0, 0},
        {{0}, 3, 3, 1, 4},
        {{.after_seq = 2}, 3, 3, 4, 7},
        {{.after_seq = 299}, 3, 0, 0, 0},
        {{.after_seq = 2, .last_seq = 6}, 9, 2, 4, 5},
        {{.after_seq = 2, .last_seq = 3}, 9, 0, 0, 0},
        {{.bytes_max = 3}, 9, 1, 1, 1}, /* of 3, 4, 4 and 3 bytes */
        {{.bytes_max = 8}, 9, 3, 1, 4},
        {{.newest_first = true, .currency = "EUR", .from_ms = INT64_MAX}, 2, 2, 1, 2},
    };
    struct fixture *f = *state;
    struct store_entry *found;
    size_t count;

    fill_with_all_kinds(f);
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_int_equal(backend->feed(f->store, &cases[i].filter, cases[i].limit, &f->arena,
                                       &found, &count, &f->err),
                         0);
        assert_int_equal(count, cases[i].count);
        if (count == 0)
            continue;
        assert_int_equal(found[0].seq, cases[i].first);
        assert_int_equal(found[count - 1].seq, cases[i].last);
        for (size_t k = 0; k < count; k++) {
            assert_int_equal(found[k].kind, found[k].seq % 3);
            assert_memory_equal(found[k].body, "body", found[k].body_len);
            if (found[k].kind == RECORD_PAYMENT)
                assert_string_equal(found[k].debtor_country, "RU");
        }
    }
}

static void
note_seq(void *context, const struct store_entry *entry)
{
    uint64_t *last = context;

    assert_null(entry->body);
    assert_int_equal(entry->body_len, 0);
    assert_int_equal(entry->seq, *last % 10 == 9 ? *last + 2 : *last + 1); /* no events */
    assert_true(sample_is(entry));
    *last = entry->seq;
}

static void
a_scan_sees_every_payment_in_order_without_bodies(void **state)
{
    struct fixture *f = *state;
    uint64_t last = 0;

    for (int i = 0; i < 12; i++) /* more than one chunk of any backend */
        fill(f, 1000);
    assert_int_equal(backend->scan(f->store, note_seq, &last, &f->err), 0);
    assert_int_equal(last, 11999);
}

static void
note_event(void *context, const struct store_entry *entry)
{
    uint64_t *last = context;

    assert_true(entry->body == NULL && entry->kind == RECORD_EVENT);
    assert_int_equal(entry->seq, *last + 10);
    assert_true(sample_is(entry));
    *last = entry->seq;
}

static void
a_scan_of_events_sees_each_in_order_without_bodies(void **state)
{
    struct fixture *f = *state;
    uint64_t last = 0;

    for (int i = 0; i < 12; i++)
        fill(f, 10000); /* more than one chunk of any backend */
    assert_int_equal(backend->scan_events(f->store, note_event, &last, &f->err), 0);
    assert_int_equal(last, 120000);
}

static void
note_clock(void *context, const struct store_entry *entry)
{
    assert_int_equal(entry->kind, RECORD_CLOCK);
    *(int64_t *)context = entry->at_ms;
}

static void
a_move_of_the_clock_is_scanned_with_the_events_and_listed_with_none(void **state)
{
    struct store_entry clock = {.seq = 1, .kind = RECORD_CLOCK, .at_ms = 77, .body = "x"};
    const struct store_entry *const entries[] = {&clock};
    struct store_entry found, *page;
    struct fixture *f = *state;
    int64_t at_ms = 0;
    size_t count = 9;

    clock.body_len = 1;
    assert_int_equal(backend->append(f->store, entries, 1, &f->err), 0);
    assert_int_equal(backend->read(f->store, 1, &f->arena, &found, &f->err), 0);
    assert_true(found.kind == RECORD_CLOCK && found.at_ms == 77);
    assert_int_equal(backend->scan_events(f->store, note_clock, &at_ms, &f->err), 0);
    assert_int_equal(at_ms, 77);
    assert_int_equal(backend->events(f->store, &any, 9, &f->arena, &page, &count, &f->err), 0);
    assert_int_equal(count, 0);
}

/* Payments 3, 7, 11 … stand in state 3 by what was decided; every fifth has moved to 8. */
static int
fifth_moved(void *context, uint64_t seq, int state)
{
    assert_ptr_equal(context, &any);
    return seq % 5 == 0 ? 8 : state;
}

static void
listings_go_by_how_payments_stand_now(void **state)
{
    struct store_filter filter = any;
    struct fixture *f = *state;

    filter.state_now = fifth_moved;
    filter.context = (void *)(uintptr_t)&any;
    filter.last_seq = 20;
    fill(f, 60);
    filter.states = 1 << 8;
    assert_string_equal(listed(f, &filter, LIST_MAX), "5 15 ");
    filter.states = 1 << 3;
    assert_string_equal(listed(f, &filter, LIST_MAX), "3 7 11 19 ");
    filter.states = 0;
    filter.last_seq = 3;
    assert_string_equal(listed(f, &filter, LIST_MAX), "1 2 3 ");
}

/* Appends of 10 beside reads: each listing must see a whole number of them (S4). */
struct appender {
    struct store *store;
    int rc;
};

static void *
append_in_tens(void *context)
{
    struct appender *appender = context;
    uint8_t chain[SHA256_BYTES] = {0};
    struct error err = {0};
    uint64_t head = 0;

    for (int i = 0; i < READS_BESIDE && appender->rc == 0; i++)
        appender->rc = sample_append_after(appender->store, &head, chain, 10, &err);
    return NULL;
}

static void
reads_beside_an_appender_see_whole_appends(void **state)
{
    struct fixture *f = *state;
    struct appender appender = {.store = f->store};
    struct store_filter filter = any;
    pthread_t thread;
    size_t count = 0;

    assert_int_equal(pthread_create(&thread, NULL, append_in_tens, &appender), 0);
    while (filter.after_seq < READS_BESIDE * 10 - 1) {
        struct store_entry *page;

        assert_int_equal(
            backend->list(f->store, &filter, LIST_MAX, &f->arena, &page, &count, &f->err), 0);
        for (size_t i = 0; i < count; i++)
            assert_true(sample_is(&page[i]));
        if (count > 0 && count < LIST_MAX)
            assert_int_equal(page[count - 1].seq % 10, 9); /* the tenth is an event */
        if (count > 0)
            filter.after_seq = page[count - 1].seq;
        assert_int_equal(
            backend->events(f->store, &filter, LIST_MAX, &f->arena, &page, &count, &f->err), 0);
        for (size_t i = 0; i < count; i++)
            assert_true(page[i].seq % 10 == 0 && sample_is(&page[i]));
        arena_reset(&f->arena);
    }
    pthread_join(thread, NULL);
    assert_int_equal(appender.rc, 0);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, open_store, close_store)

int
main(void)
{
    static const struct store_ops *const backends[] = {&store_memory, &store_sqlite};
    const struct CMUnitTest tests[] = {
        TEST(an_empty_store_has_head_0_and_a_chain_of_zeros),
        TEST(entries_come_back_byte_for_byte),
        TEST(the_head_is_the_last_entry),
        TEST(a_body_of_the_greatest_size_comes_back),
        TEST(fingerprints_keep_all_their_bits),
        TEST(an_unknown_seq_is_not_found),
        TEST(appending_nothing_changes_nothing),
        TEST(listings_filter_by_every_column),
        TEST(listings_go_backwards_where_asked_for_the_newest),
        TEST(pages_follow_one_another_without_gap_or_repeat),
        TEST(pages_backwards_follow_one_another_too),
        TEST(events_come_in_order_and_bounded_pages),
        TEST(events_are_found_among_many_payments_and_among_themselves),
        TEST(rollouts_are_told_from_payments_and_events),
        TEST(the_feed_is_payments_and_events_in_order),
        TEST(a_scan_sees_every_payment_in_order_without_bodies),
        TEST(a_scan_of_events_sees_each_in_order_without_bodies),
        TEST(a_move_of_the_clock_is_scanned_with_the_events_and_listed_with_none),
        TEST(listings_go_by_how_payments_stand_now),
        TEST(reads_beside_an_appender_see_whole_appends),
    };
    int failed = 0;

    if (temp_store_make(&temp) != 0)
        return 1;
    for (size_t i = 0; i < COUNT(backends); i++) {
        backend = backends[i];
        failed += cmocka_run_group_tests_name(backend->name, tests, NULL, NULL);
    }
    temp_store_remove(&temp);
    return failed != 0;
}
