/* rollout_store.c - the office asks writer and reader, and waits for them: it may. */
#include <stddef.h>
#include <string.h>

#include "gateway/base/waiter.h"
#include "gateway/rollout/rollout_private.h"

#define PAGE_ENTRIES      100
#define PAGE_BYTES        4194304
#define RECORD_BYTES_MORE 1024 /* the head line, generously */

/* -- writing -- */

struct writing {
    struct writer_job job;
    struct waiter *waiter;
};

static void
written(struct writer_job *job, int rc)
{
    struct writing *writing =
        (struct writing *)(void *)((char *)job - offsetof(struct writing, job));

    waiter_done(writing->waiter, rc);
}

static void
writing_fill(struct writing *writing, struct arena *arena, struct rollout_record *record,
             struct waiter *waiter)
{
    struct buffer body;

    buffer_init(&body, arena, record->text_len + RECORD_BYTES_MORE);
    rollout_record_write(record, &body);
    *writing = (struct writing){.waiter = waiter};
    writing->job.done = written;
    writing->job.entry = (struct store_entry){
        .kind = RECORD_ROLLOUT,
        .at_ms = record->at_ms,
        .body = body.data,
        .body_len = body.len,
    };
}

static int
write_together(struct rollout *rollout, struct rollout_record *records, size_t count,
               struct error *err)
{
    int64_t now_ms = clock_now(rollout->clock);
    struct arena arena = {0};
    struct writing *writings = arena_alloc(&arena, count * sizeof(*writings));
    struct waiter waiter;
    size_t submitted = 0;
    int rc;

    waiter_init(&waiter, count);
    for (size_t i = 0; i < count; i++) {
        records[i].at_ms = now_ms;
        writing_fill(&writings[i], &arena, &records[i], &waiter);
    }
    while (submitted < count &&
           writer_submit(rollout->writer, &writings[submitted].job, err) == 0)
        submitted++;
    for (size_t i = submitted; i < count; i++)
        waiter_done(&waiter, -1);
    rc = waiter_wait(&waiter);
    if (rc != 0 && submitted == count)
        error_record(err, ERROR_BUSY, "the store could not write; nothing was changed");
    for (size_t i = 0; i < count && rc == 0; i++)
        rc = catalogue_apply(&rollout->catalogue, writings[i].job.entry.seq, &records[i], err);
    arena_release(&arena);
    return rc;
}

/*
 * The texts first, and the act, which is last, only when they are on disk: a commit that
 * fails takes no later one with it, and an act without its texts would count at the next
 * start.  Texts before an act that failed may be on disk: alone they do nothing.
 */
int
rollout_write(struct rollout *rollout, struct rollout_record *records, size_t count,
              struct error *err)
{
    if (count > 1 && write_together(rollout, records, count - 1, err) != 0)
        return -1;
    return write_together(rollout, records + count - 1, 1, err);
}

/* -- reading -- */

struct reading {
    struct reader_job job;
    struct waiter waiter;
    uint64_t seq;
    struct arena *arena;
    struct store_entry entry;
    struct error *err;
};

static void
reading_run(struct reader_job *job, struct store *store)
{
    struct reading *reading =
        (struct reading *)(void *)((char *)job - offsetof(struct reading, job));

    waiter_done(&reading->waiter, store->ops->read(store, reading->seq, reading->arena,
                                                   &reading->entry, reading->err));
}

/* What a store gives back must still be what it is named by: nothing is judged by less. */
static int
text_verify(uint64_t seq, const struct rollout_record *record, struct error *err)
{
    bool is_text = record->what == ROLLOUT_FILE || record->what == ROLLOUT_PUT;
    char found[DIGEST_TEXT_SIZE];
    uint8_t digest[SHA256_BYTES];

    hash_sha256(&(struct hash_part){record->text, record->text_len}, 1, digest);
    digest_print(digest, found);
    if (strcmp(found, is_text ? record->digest : record->snapshot) == 0)
        return 0;
    return error_set(
        err, ERROR_INTERNAL, "record %llu: its text is damaged: expected %s, found %s",
        (unsigned long long)seq, is_text ? record->digest : record->snapshot, found);
}

int
rollout_read_text(struct rollout *rollout, uint64_t seq, struct arena *arena,
                  struct rollout_record *out, struct error *err)
{
    struct reading reading = {.seq = seq, .arena = arena, .err = err};

    waiter_init(&reading.waiter, 1);
    reading.job.run = reading_run;
    if (reader_submit(rollout->reader, &reading.job, err) != 0)
        waiter_done(&reading.waiter, -1);
    if (waiter_wait(&reading.waiter) != 0)
        return -1;
    if (reading.entry.kind != RECORD_ROLLOUT)
        return error_set(err, ERROR_INTERNAL, "record %llu is no roll-out",
                         (unsigned long long)seq);
    if (rollout_record_read(reading.entry.body, reading.entry.body_len, arena, out, err) != 0)
        return -1;
    return text_verify(seq, out, err);
}

static int
replay_page(struct rollout *rollout, const struct store_entry *entries, size_t count,
            struct arena *arena, struct error *err)
{
    for (size_t i = 0; i < count; i++) {
        struct rollout_record record;

        if (rollout_record_read(entries[i].body, entries[i].body_len, arena, &record, err) !=
                0 ||
            catalogue_apply(&rollout->catalogue, entries[i].seq, &record, err) != 0)
            return -1;
        clock_resume(rollout->clock, record.at_ms);
    }
    return 0;
}

int
rollout_replay(struct rollout *rollout, struct error *err)
{
    struct store_filter filter = {
        .from_ms = INT64_MIN, .to_ms = INT64_MAX, .bytes_max = PAGE_BYTES};
    struct arena arena = {0};
    struct store_entry *entries;
    size_t count;
    int rc;

    do {
        arena_reset(&arena);
        rc = rollout->store->ops->rollouts(rollout->store, &filter, PAGE_ENTRIES, &arena,
                                           &entries, &count, err);
        if (rc == 0)
            rc = replay_page(rollout, entries, count, &arena, err);
        if (rc == 0 && count > 0)
            filter.after_seq = entries[count - 1].seq;
    } while (rc == 0 && count > 0);
    arena_release(&arena);
    return rc;
}
