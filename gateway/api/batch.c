/*
 * batch.c - many payments in one request, a line each, answered as they are
 * decided.
 *
 *   bytes in --> input --> lines --> window of submissions --> results out
 *
 *   N1  results come in the order of the lines, one line each.
 *   N2  at most BATCH_WINDOW lines are between reading and answering, holding
 *       at most BATCH_WINDOW_BYTES_MAX (all batches BATCH_HELD_BYTES_MAX) and
 *       one line more, and at most BATCH_BACKLOG_MAX bytes wait for the client:
 *       past any of these the request body is not read on, and TCP holds the
 *       sender.
 *   N3  a line at fault gets its own result; the lines after it go on.  More
 *       than API_BATCH_LINES_MAX lines end the batch with a last result.
 *   N4  the batch lives until its window is empty, also when the client left.
 */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/api/api.h"
#include "gateway/base/json.h"

#define BATCH_WINDOW           128
#define BATCH_WINDOW_BYTES_MAX (8 << 20)  /* held by the lines of one window */
#define BATCH_HELD_BYTES_MAX   (64 << 20) /* by those of all batches */
#define BATCH_BACKLOG_MAX      (1 << 20)

struct batch;

/* One line in the window.  Its memory is used again for a later line. */
struct batch_line {
    struct batch *batch;
    struct arena arena;
    struct submission submission;
    struct payment payment;
    struct http_task task;
    size_t number; /* from 1 */
    bool answered;
    int status; /* once answered; 201 has the answer in submission */
    const char *detail;
    struct http_problem_item *faults;
    size_t fault_count;
    size_t held; /* bytes of the arena, counted in the batch and over all */
};

struct batch {
    struct http_exchange *exchange;
    /* Bytes that came and were not yet a line: input[start..end). */
    char *input;
    size_t start, end, capacity;
    size_t lines;       /* read so far, blank ones included */
    bool skipping;      /* in a line that is too long: up to its end */
    bool last;          /* the body is in */
    bool finished;      /* no further line is taken */
    bool paused;        /* the body is not being read */
    bool aborted;       /* the client left: nothing is written */
    size_t head, count; /* the window: lines[(head + i) % BATCH_WINDOW] */
    size_t held;        /* bytes, by the lines in it */
    struct batch_line window[BATCH_WINDOW];
};

#define line_of(member, pointer)                                                               \
    ((struct batch_line *)(void *)((char *)(pointer)-offsetof(struct batch_line, member)))

/* Bytes held by the lines of all batches, on all workers. */
static atomic_size_t held_by_all;

static void batch_go_on(struct batch *batch);

static void
line_refuse(struct batch_line *line, int status, const char *detail)
{
    line->status = status;
    line->detail = detail;
    line->answered = true;
}

/* On the worker: the submission has come back. */
static void
line_done(struct http_task *task)
{
    struct batch_line *line = line_of(task, task);
    const char *pointer;
    int status = api_submit_status(&line->submission, &pointer);

    line_refuse(line, status,
                status == 201 ? "" : api_sentence(&line->arena, &line->submission.err));
    if (pointer[0] != '\0') {
        line->faults = arena_alloc(&line->arena, sizeof(*line->faults));
        line->faults[0] = (struct http_problem_item){pointer, line->detail};
        line->fault_count = 1;
    }
    batch_go_on(line->batch);
}

static void
line_submitted(struct submission *submission)
{
    struct batch_line *line = line_of(submission, submission);

    line->task.run = line_done;
    http_post(line->batch->exchange->worker, &line->task);
}

static void
line_refuse_faults(struct batch_line *line, const struct payment_faults *faults)
{
    size_t shown = faults->count < PAYMENT_FAULTS_MAX ? faults->count : PAYMENT_FAULTS_MAX;

    line->faults = arena_alloc(&line->arena, shown * sizeof(*line->faults));
    for (size_t i = 0; i < shown; i++)
        line->faults[i] =
            (struct http_problem_item){faults->list[i].pointer, faults->list[i].detail};
    line->fault_count = shown;
    line_refuse(line, 422, "the payment is at fault");
}

/* Before the line is submitted: from then on its arena is another thread's for a while. */
static void
line_hold(struct batch_line *line, size_t to_come)
{
    line->held = arena_footprint(&line->arena) + to_come;
    line->batch->held += line->held;
    atomic_fetch_add_explicit(&held_by_all, line->held, memory_order_relaxed);
}

/* A payment, or the line has been refused. */
static bool
line_read(struct batch_line *line, const char *text, size_t len)
{
    struct payment_faults faults;
    struct error err = {0};
    cJSON *json;

    faults.arena = &line->arena;
    faults.count = 0;
    if (json_parse_request(&line->arena, text, len, &json, &err) != 0) {
        line_refuse(line, 400, arena_copy(&line->arena, err.text, strlen(err.text)));
        return false;
    }
    if (payment_read(json, &line->payment, &faults) != 0) {
        line_refuse_faults(line, &faults);
        return false;
    }
    if (line->payment.simulate.present) {
        line_refuse(line, 422, "simulate has no place in a batch");
        return false;
    }
    return true;
}

/* Read and submit one line of text. */
static void
line_start(struct batch_line *line, const char *text, size_t len)
{
    if (!line_read(line, text, len)) {
        line_hold(line, 0);
        return;
    }
    line->submission = (struct submission){
        .arena = &line->arena,
        .payment = &line->payment,
        .request = arena_copy(&line->arena, text, len),
        .request_len = len,
        .key = "",
        .key_scope = "",
        .done = line_submitted,
    };
    line_hold(line, len); /* the record holds the text again */
    bank_submit(api_bank(line->batch->exchange), &line->submission);
}

/* A fresh place at the window's end. */
static struct batch_line *
batch_take_line(struct batch *batch)
{
    struct batch_line *line = &batch->window[(batch->head + batch->count++) % BATCH_WINDOW];

    line->batch = batch;
    line->number = batch->lines;
    line->answered = false;
    line->fault_count = 0;
    return line;
}

/* The line's result is out: what it held is free, but for a chunk to start with. */
static void
batch_let_go(struct batch *batch, struct batch_line *line)
{
    arena_reset(&line->arena);
    batch->held -= line->held;
    atomic_fetch_sub_explicit(&held_by_all, line->held, memory_order_relaxed);
    line->held = 0;
}

static bool
is_blank(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (text[i] != ' ' && text[i] != '\t' && text[i] != '\r')
            return false;
    return true;
}

/* One line, without its line feed. */
static void
batch_line_in(struct batch *batch, const char *text, size_t len)
{
    batch->lines++;
    if (batch->lines > API_BATCH_LINES_MAX) {
        line_refuse(batch_take_line(batch), 413,
                    "a batch has at most 100000 lines; this one and the rest were not read");
        batch->finished = true;
    } else if (len > API_BATCH_LINE_MAX) {
        line_refuse(batch_take_line(batch), 413, "a line has at most 262144 bytes");
    } else if (!is_blank(text, len)) {
        line_start(batch_take_line(batch), text, len);
    }
}

/*
 * Take one line from the input.  False when there is none yet.  Of a line that
 * is too long only the fact is kept.
 */
static bool
batch_next_line(struct batch *batch)
{
    const char *text = batch->input + batch->start;
    size_t waiting = batch->end - batch->start;
    const char *feed = waiting ? memchr(text, '\n', waiting) : NULL;
    size_t len = feed ? (size_t)(feed - text) : waiting;

    if (batch->skipping) {
        batch->start += len + (feed != NULL);
        batch->skipping = !feed;
        return feed != NULL;
    }
    if (waiting == 0 || (!feed && !batch->last && waiting <= API_BATCH_LINE_MAX))
        return false;
    batch->start += len + (feed != NULL);
    batch->skipping = !feed && !batch->last;
    batch_line_in(batch, text, len);
    return true;
}

static void
write_result(struct batch_line *line, struct buffer *out)
{
    json_open(out, '{');
    json_key(out, "line");
    json_int(out, (int64_t)line->number);
    json_key(out, "status");
    json_int(out, line->status);
    if (line->status == 201) {
        json_key(out, "replayed");
        json_bool(out, line->submission.result == SUBMIT_REPLAYED);
        json_key(out, "payment");
        api_disclose(line->batch->exchange, &line->arena, &line->submission.answer,
                     &line->submission.answer_len);
        json_raw(out, line->submission.answer, line->submission.answer_len);
    } else {
        json_key(out, "problem");
        http_problem_write(out, line->status, line->detail, line->faults, line->fault_count);
    }
    json_close(out, '}');
    buffer_append(out, "\n", 1);
    out->comma = false;
}

/* Send the results that stand at the front of the window. */
static void
batch_flush(struct batch *batch)
{
    while (batch->count > 0 && batch->window[batch->head].answered) {
        struct batch_line *line = &batch->window[batch->head];
        struct buffer out;

        batch->head = (batch->head + 1) % BATCH_WINDOW;
        batch->count--;
        if (!batch->aborted) {
            buffer_init(&out, &line->arena, 4096);
            write_result(line, &out);
            http_stream_write(batch->exchange, out.data, out.len);
        }
        batch_let_go(batch, line);
    }
}

static bool
batch_has_room(const struct batch *batch)
{
    if (http_stream_backlog(batch->exchange) >= BATCH_BACKLOG_MAX)
        return false;
    if (batch->count == 0)
        return true; /* whatever others hold, each batch gets on */
    return batch->count < BATCH_WINDOW && batch->held < BATCH_WINDOW_BYTES_MAX &&
           atomic_load_explicit(&held_by_all, memory_order_relaxed) < BATCH_HELD_BYTES_MAX;
}

static void
batch_end(struct batch *batch)
{
    for (size_t i = 0; i < BATCH_WINDOW; i++)
        arena_release(&batch->window[i].arena);
    free(batch->input);
    http_stream_end(batch->exchange); /* the batch lies on its arena: gone now */
}

/* Whatever can be done now: answer, take lines, read on or stop, end. */
static void
batch_go_on(struct batch *batch)
{
    bool more = true;

    batch_flush(batch);
    while (more && !batch->finished && !batch->aborted && batch_has_room(batch)) {
        more = batch_next_line(batch);
        batch_flush(batch);
    }
    if (batch->aborted || (batch->last && !more))
        batch->finished = true;
    if (batch->finished && batch->count == 0) {
        batch_end(batch);
        return;
    }
    if (!batch->finished && more && !batch->paused && !batch->last) {
        batch->paused = true;
        http_body_pause(batch->exchange);
    } else if (!more && batch->paused) {
        batch->paused = false;
        http_body_resume(batch->exchange);
    }
}

/* Append to the input, first moving what is left of it to the front. */
static void
batch_keep(struct batch *batch, const char *data, size_t len)
{
    size_t waiting = batch->end - batch->start;

    if (batch->start > 0)
        memmove(batch->input, batch->input + batch->start, waiting);
    batch->start = 0;
    batch->end = waiting;
    if (batch->capacity < waiting + len) {
        batch->capacity = (waiting + len) * 2;
        batch->input = realloc(batch->input, batch->capacity);
        if (!batch->input)
            abort();
    }
    memcpy(batch->input + batch->end, data, len);
    batch->end += len;
}

static void
batch_body(struct http_exchange *exchange, const char *data, size_t len, bool last)
{
    struct batch *batch = exchange->state;

    if (len > 0 && !batch->finished)
        batch_keep(batch, data, len);
    batch->last = last;
    batch_go_on(batch);
}

static void
batch_abort(struct http_exchange *exchange)
{
    struct batch *batch = exchange->state;

    batch->aborted = true;
    batch_go_on(batch);
}

static void
batch_drain(struct http_exchange *exchange)
{
    batch_go_on(exchange->state);
}

void
api_payments_batch(struct http_exchange *exchange)
{
    struct batch *batch = arena_zalloc(exchange->arena, sizeof(*batch));

    batch->exchange = exchange;
    exchange->state = batch;
    exchange->on_body = batch_body;
    exchange->on_abort = batch_abort;
    exchange->on_drain = batch_drain;
    http_stream_begin(exchange, 200, "application/x-ndjson");
}
