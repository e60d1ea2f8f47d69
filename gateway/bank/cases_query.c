/* cases_query.c - cases found and listed, on the reader's thread. */
#include <stddef.h>
#include <string.h>

#include "gateway/bank/bank_private.h"
#include "gateway/bank/cases.h"

#define SEQS_AT_ONCE     256
#define TEXT_BYTES_GUESS 4096

/* One payment's case, if it is wanted, behind what is written already. */
struct case_reading {
    struct case_query *query;
    struct store *store;
    const struct snapshot *snapshot;
    struct arena records; /* of one payment after the other */
    int64_t now_ms;
    size_t shown, read, bytes;
};

static bool
is_wanted(const struct case_query *query, const struct case_facts *facts,
          const struct stand *stand, int64_t now_ms)
{
    return facts->opened_ms >= query->from_ms && facts->opened_ms < query->to_ms &&
           (!query->overdue || (case_is_open(stand->state) && now_ms > facts->due_ms));
}

static int
read_case(struct case_reading *reading, uint64_t seq, const struct stand *stand)
{
    struct case_query *query = reading->query;
    struct case_facts facts;
    struct dossier dossier;
    struct buffer view;

    arena_reset(&reading->records);
    if (dossier_read(reading->store, seq, stand, &reading->records, &dossier, &query->err) !=
            0 ||
        case_facts_read(reading->snapshot, &dossier, &reading->records, &facts, &query->err) !=
            0)
        return -1;
    reading->read++;
    reading->bytes += dossier.entry.body_len;
    for (size_t i = 0; i < dossier.event_count; i++)
        reading->bytes += dossier.events[i].len;
    if (!query->one && !is_wanted(query, &facts, stand, reading->now_ms))
        return 0;
    buffer_init(&view, &reading->records, TEXT_BYTES_GUESS);
    dossier_view(&dossier, dossier.record.answer, dossier.record.answer_len, NULL, true, &view);
    case_write(&facts, view.data, view.len, reading->now_ms, query->one, &query->text);
    reading->shown++;
    return 0;
}

/* A page ends at its limit, or early where it has read much and found little. */
static bool
page_is_full(const struct case_reading *reading)
{
    return reading->shown >= reading->query->limit || reading->read >= CASES_READ_MAX ||
           reading->bytes >= LOOKUP_BYTES_MAX;
}

static int
read_page(struct case_reading *reading)
{
    struct case_query *query = reading->query;
    struct standing *standing = query->bank->standing;
    uint64_t before = query->before_seq ? query->before_seq : UINT64_MAX;
    unsigned mask = STAND_CASE | (query->by_disposition ? STAND_DISPOSITION : 0);
    unsigned flags = STAND_CASE | (unsigned)query->disposition << STAND_DISPOSITION_SHIFT;

    json_open(&query->text, '[');
    for (size_t count = SEQS_AT_ONCE; count == SEQS_AT_ONCE && query->next_seq == 0;) {
        uint64_t seqs[SEQS_AT_ONCE];

        count =
            standing_list(standing, before - 1, query->states, mask, flags, seqs, SEQS_AT_ONCE);
        for (size_t i = 0; i < count && query->next_seq == 0; i++) {
            struct stand stand;

            if (page_is_full(reading))
                query->next_seq = before; /* more may follow */
            else if (!standing_find(standing, seqs[i], &stand) ||
                     read_case(reading, seqs[i], &stand) != 0)
                return -1;
            else
                before = seqs[i];
        }
    }
    json_close(&query->text, ']');
    return 0;
}

static int
read_one(struct case_reading *reading)
{
    struct case_query *query = reading->query;
    uint64_t matches[8];
    size_t count = fingerprints_find(query->bank->uetrs, query->id.fingerprint, matches);
    char wanted[IDENT_TEXT_SIZE];

    ident_print(&query->id, wanted);
    for (size_t i = 0; i < count; i++) {
        struct store_entry entry;
        struct record record;
        struct stand stand;

        if (reading->store->ops->read(reading->store, matches[i], &reading->records, &entry,
                                      &query->err) != 0 ||
            record_read(entry.body, entry.body_len, &reading->records, &record, &query->err) !=
                0)
            return -1;
        if (strcmp(record.id, wanted) == 0 &&
            standing_find(query->bank->standing, entry.seq, &stand) && stand.flags & STAND_CASE)
            return read_case(reading, entry.seq, &stand);
    }
    return error_set(&query->err, ERROR_NOT_FOUND, "no case has this id");
}

static void
query_run(struct reader_job *job, struct store *store)
{
    struct case_query *query =
        (struct case_query *)(void *)((char *)job - offsetof(struct case_query, read));
    struct case_reading reading = {
        .query = query, .store = store, .now_ms = clock_now(&query->bank->clock)};

    buffer_init(&query->text, query->arena, TEXT_BYTES_GUESS);
    reading.snapshot = bank_enter(query->bank)->active;
    query->rc = query->one ? read_one(&reading) : read_page(&reading);
    bank_leave();
    arena_release(&reading.records);
    query->done(query);
}

void
bank_cases(struct bank *bank, struct case_query *query)
{
    query->bank = bank;
    query->next_seq = 0;
    query->read.run = query_run;
    if (reader_submit(bank->reader, &query->read, &query->err) != 0) {
        query->rc = -1;
        query->done(query);
    }
}
