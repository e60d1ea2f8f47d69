/*
 * stored.c - pieces are taken in order, read anywhere, and wait for their turn.
 *
 *   T1  turn <= next, and next - turn <= STORED_PIECES_AHEAD: the slot of a
 *       piece is its number's remainder, so a slot is free when it is taken.
 *   T2  who completes the piece whose turn it is delivers, and after it all that
 *       are complete; nobody waits to deliver.
 */
#include "clients/stored.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct run {
    struct stored *stored;
    const struct stored_work *work;
    uint64_t count; /* of pieces */

    pthread_mutex_t lock; /* guards the rest, but for the pieces that are taken */
    pthread_cond_t moved; /* turn, or err */
    uint64_t next;        /* the first piece that is not taken */
    uint64_t turn;        /* the first that is not delivered */
    bool delivering;
    struct error err; /* what ended the run early */
    struct stored_piece pieces[STORED_PIECES_AHEAD];
};

struct reader {
    pthread_t thread;
    struct run *run;
    struct store *view;
    struct arena page; /* of records */
    struct arena step; /* lent to take() */
};

int
stored_open(struct stored *stored, const char *spec, size_t threads, struct error *err)
{
    uint8_t chain[SHA256_BYTES];

    assert(threads > 0 && threads <= STORED_THREADS_MAX);
    *stored = (struct stored){.threads = threads};
    for (size_t i = 0; i < threads; i++)
        if (store_view(spec, &stored->seed, &stored->views[i], err) != 0)
            return -1;
    return stored->views[0]->ops->head(stored->views[0], &stored->last_seq, chain, err);
}

void
stored_close(struct stored *stored)
{
    for (size_t i = 0; i < stored->threads; i++)
        if (stored->views[i])
            stored->views[i]->ops->close(stored->views[i]);
    *stored = (struct stored){0};
}

/* ---- one piece ---- */

void
stored_blame(struct stored_piece *piece, uint64_t seq, const char *why)
{
    struct stored_fault *fault = arena_alloc(&piece->arena, sizeof(*fault));

    *fault =
        (struct stored_fault){.seq = seq, .why = arena_copy(&piece->arena, why, strlen(why))};
    *piece->faults_end = fault;
    piece->faults_end = &fault->next;
}

static void
entry_take(struct reader *reader, struct stored_piece *piece, const struct store_entry *entry)
{
    const struct stored_work *work = reader->run->work;
    struct record record;
    struct error why = {0};

    if (record_read(entry->body, entry->body_len, &reader->step, &record, &why) == 0)
        work->take(work->context, piece, entry->seq, &record);
    else
        stored_blame(piece, entry->seq, why.text);
    arena_reset(&reader->step);
}

/*
 * The pages of a damaged file are not to be had, and one of them fails a whole
 * listing: so each record for itself, and those that cannot be read are named.
 */
static int
piece_read_singly(struct reader *reader, struct stored_piece *piece, uint64_t after_seq,
                  struct error *err)
{
    const struct stored_work *work = reader->run->work;
    struct store *view = reader->view;

    for (uint64_t seq = after_seq + 1; seq <= piece->last_seq; seq++) {
        struct store_entry entry;
        struct error why = {0};

        arena_reset(&reader->page);
        if (view->ops->read(view, seq, &reader->page, &entry, &why) == 0) {
            if (entry.kind == RECORD_PAYMENT && entry.at_ms >= work->from_ms &&
                entry.at_ms < work->to_ms)
                entry_take(reader, piece, &entry);
        } else if (why.code != ERROR_BUSY) {
            stored_blame(piece, seq, why.text);
        } else {
            return error_set(err, ERROR_BUSY, "%s", why.text);
        }
    }
    return 0;
}

static int
piece_read(struct reader *reader, struct stored_piece *piece, struct error *err)
{
    struct store_filter filter = {.after_seq = piece->after_seq,
                                  .last_seq = piece->last_seq,
                                  .from_ms = reader->run->work->from_ms,
                                  .to_ms = reader->run->work->to_ms,
                                  .bytes_max = STORED_PAGE_BYTES};
    struct store *view = reader->view;
    size_t count = 1;

    while (count > 0 && filter.after_seq < piece->last_seq) {
        struct store_entry *entries;
        struct error why = {0};

        arena_reset(&reader->page);
        if (view->ops->list(view, &filter, STORED_PIECE_SEQS, &reader->page, &entries, &count,
                            &why) != 0)
            return why.code == ERROR_BUSY
                       ? error_set(err, ERROR_BUSY, "%s", why.text)
                       : piece_read_singly(reader, piece, filter.after_seq, err);
        for (size_t i = 0; i < count; i++)
            entry_take(reader, piece, &entries[i]);
        if (count > 0)
            filter.after_seq = entries[count - 1].seq;
    }
    return 0;
}

/* ---- all of them ---- */

/* The next piece; NULL: there is none, or the run is over. */
static struct stored_piece *
run_take(struct run *run)
{
    struct stored_piece *piece = NULL;

    pthread_mutex_lock(&run->lock);
    while (run->next - run->turn == STORED_PIECES_AHEAD && run->err.code == ERROR_NONE) /* T1 */
        pthread_cond_wait(&run->moved, &run->lock);
    if (run->next < run->count && run->err.code == ERROR_NONE) {
        piece = &run->pieces[run->next % STORED_PIECES_AHEAD];
        piece->after_seq = run->next * STORED_PIECE_SEQS;
        piece->last_seq = piece->after_seq + STORED_PIECE_SEQS;
        if (piece->last_seq > run->stored->last_seq)
            piece->last_seq = run->stored->last_seq;
        run->next++;
    }
    pthread_mutex_unlock(&run->lock);
    return piece;
}

static void
piece_empty(struct stored_piece *piece)
{
    arena_reset(&piece->arena);
    piece->part = NULL;
    piece->faults = NULL;
    piece->faults_end = &piece->faults;
}

/* The piece is complete: deliver what has its turn now (T2). */
static void
run_hand_in(struct run *run, struct stored_piece *piece)
{
    pthread_mutex_lock(&run->lock);
    piece->ready = true;
    if (!run->delivering) {
        run->delivering = true;
        while ((piece = &run->pieces[run->turn % STORED_PIECES_AHEAD])->ready) {
            pthread_mutex_unlock(&run->lock);
            run->work->deliver(run->work->context, piece);
            piece_empty(piece);
            pthread_mutex_lock(&run->lock);
            piece->ready = false;
            run->turn++;
            pthread_cond_broadcast(&run->moved);
        }
        run->delivering = false;
    }
    pthread_mutex_unlock(&run->lock);
}

static void
run_fail(struct run *run, const struct error *err)
{
    pthread_mutex_lock(&run->lock);
    if (run->err.code == ERROR_NONE)
        run->err = *err;
    pthread_cond_broadcast(&run->moved);
    pthread_mutex_unlock(&run->lock);
}

static void *
reader_main(void *context)
{
    struct reader *reader = context;
    struct stored_piece *piece;

    while ((piece = run_take(reader->run))) {
        struct error err = {0};

        piece->step = &reader->step;
        if (piece_read(reader, piece, &err) == 0)
            run_hand_in(reader->run, piece);
        else
            run_fail(reader->run, &err);
    }
    arena_release(&reader->page);
    arena_release(&reader->step);
    return NULL;
}

/* This thread is the first of them. */
static void
run_readers(struct run *run)
{
    struct reader readers[STORED_THREADS_MAX] = {{0}};
    size_t started = 1;

    for (size_t i = 0; i < run->stored->threads; i++)
        readers[i] = (struct reader){.run = run, .view = run->stored->views[i]};
    while (started < run->stored->threads &&
           pthread_create(&readers[started].thread, NULL, reader_main, &readers[started]) == 0)
        started++; /* with fewer it takes longer */
    reader_main(&readers[0]);
    while (started-- > 1)
        pthread_join(readers[started].thread, NULL);
}

int
stored_run(struct stored *stored, const struct stored_work *work, struct error *err)
{
    struct run *run = calloc(1, sizeof(*run));
    int rc;

    if (!run || pthread_mutex_init(&run->lock, NULL) != 0 ||
        pthread_cond_init(&run->moved, NULL) != 0)
        abort();
    run->stored = stored;
    run->work = work;
    run->count = (stored->last_seq + STORED_PIECE_SEQS - 1) / STORED_PIECE_SEQS;
    for (size_t i = 0; i < STORED_PIECES_AHEAD; i++)
        piece_empty(&run->pieces[i]);
    run_readers(run);
    rc = run->err.code == ERROR_NONE ? 0 : error_set(err, run->err.code, "%s", run->err.text);
    for (size_t i = 0; i < STORED_PIECES_AHEAD; i++)
        arena_release(&run->pieces[i].arena);
    pthread_cond_destroy(&run->moved);
    pthread_mutex_destroy(&run->lock);
    free(run);
    return rc;
}
