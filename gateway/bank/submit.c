/*
 * submit.c - one payment from request to disk, exactly once.
 *
 *   claim the key ---> claim the uetr ---> judge ---> write ---> done
 *        |                  |
 *        +-- known ---------+--> read what is stored: the same request?
 *                                  yes: its first answer   no: mismatch
 *                                  another with the same fingerprint: claim again
 *
 * Claims are taken on the thread that submits and given back, or settled, by
 * the one that finishes; between the two nobody else can store this uetr.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/bank/answer.h"
#include "gateway/bank/bank_private.h"
#include "gateway/base/json.h"
#include "gateway/base/metrics.h"
#include "gateway/payment/life.h"
#include "gateway/store/record.h"

#define ANSWER_BYTES_GUESS 2048
#define RECORD_BYTES_EXTRA 512 /* the head line, generously */

#define submission_of(member, pointer)                                                         \
    ((struct submission *)(void *)((char *)(pointer)-offsetof(struct submission, member)))

static void submit_proceed(struct submission *submission);
static void submit_decide(struct submission *submission);

/* Give back what is claimed and not stored, and tell the caller. */
static void
submit_finish(struct submission *submission, enum submit_result result)
{
    if (submission->key_claimed)
        fingerprints_abandon(submission->bank->keys, submission->key_fingerprint);
    if (submission->uetr_claimed)
        fingerprints_abandon(submission->bank->uetrs, submission->ident.fingerprint);
    submission->key_claimed = submission->uetr_claimed = false;
    submission->result = result;
    submission->done(submission);
}

static void
submit_fail(struct submission *submission, enum submit_result result, enum error_code code,
            const char *text)
{
    error_record(&submission->err, code, "%s", text);
    submit_finish(submission, result);
}

/* On the reader's thread, which may wait until the failed commit has been dealt with. */
static void
submit_decide_again(struct reader_job *job, struct store *store)
{
    (void)store;
    submit_decide(submission_of(read, job));
}

/* What it was judged by is not there: judge again. */
static void
submit_again(struct submission *submission)
{
    submission->read.run = submit_decide_again;
    if (reader_submit(submission->bank->reader, &submission->read, &submission->err) != 0)
        submit_finish(submission, SUBMIT_BUSY);
}

/* On the writer's thread: the entry is on disk, or it is not. */
static void
submit_written(struct writer_job *job, int rc)
{
    static const enum metric by_outcome[OUTCOME_COUNT] = {
        [OUTCOME_APPROVED] = METRIC_DECISION_APPROVED_TOTAL,
        [OUTCOME_HELD] = METRIC_DECISION_HELD_TOTAL,
        [OUTCOME_BLOCKED] = METRIC_DECISION_BLOCKED_TOTAL,
    };
    struct submission *submission = submission_of(write, job);
    struct bank *bank = submission->bank;

    if (rc != 0)
        history_forget(bank->history, submission->note);
    if (rc == WRITER_AGAIN) {
        submit_again(submission);
        return;
    }
    if (rc != 0) {
        submit_fail(submission, SUBMIT_FAILED, ERROR_BUSY,
                    "the store could not write; nothing was stored, try again");
        return;
    }
    /* Who finds it finds how it stands; who finds that knows by what it is remembered. */
    standing_remember(bank->standing, job->entry.seq, submission->note);
    standing_take(bank->standing, &job->entry);
    schedule_add(bank->schedule, job->entry.seq, job->entry.due_ms);
    if (submission->key_claimed)
        fingerprints_settle(bank->keys, submission->key_fingerprint, job->entry.seq);
    fingerprints_settle(bank->uetrs, submission->ident.fingerprint, job->entry.seq);
    submission->key_claimed = submission->uetr_claimed = false;
    clock_reach(&bank->clock, job->entry.at_ms);
    metric_add(by_outcome[submission->outcome], 1);
    submit_finish(submission, SUBMIT_STORED);
}

/* The narrow columns and the bytes of the record. */
static void
submit_fill_entry(struct submission *submission, const struct decision *decision,
                  int64_t now_ms)
{
    const struct policy_payment *payment = &submission->payment->record;
    struct store_entry *entry = &submission->write.entry;
    const struct record record = {
        .id = submission->id,
        .uetr = payment->uetr,
        .key = submission->key_claimed ? submission->key_digest : "",
        .at_ms = now_ms,
        .request = submission->request,
        .request_len = submission->request_len,
        .answer = submission->answer,
        .answer_len = submission->answer_len,
    };
    struct buffer bytes;

    buffer_init(&bytes, submission->arena,
                record.request_len + record.answer_len + RECORD_BYTES_EXTRA);
    record_write(&record, &bytes);
    *entry = (struct store_entry){
        .kind = RECORD_PAYMENT,
        .fingerprint = submission->ident.fingerprint,
        .key_fingerprint = submission->key_claimed ? submission->key_fingerprint : 0,
        .at_ms = now_ms,
        .state = (int)action_state(decision->action),
        .due_ms = decision->follows.at_ms,
        .body = bytes.data,
        .body_len = bytes.len,
    };
    memcpy(entry->currency, payment->currency, sizeof(entry->currency));
    memcpy(entry->debtor_country, payment->debtor->country, sizeof(entry->debtor_country));
}

/* What was due before this payment has happened; or the store refuses it. */
static void
submit_go_on(struct schedule_wait *wait)
{
    struct submission *submission = submission_of(wait, wait);

    if (wait->rc == 0) {
        submit_decide(submission);
        return;
    }
    submission->err = wait->err;
    submit_finish(submission, SUBMIT_BUSY);
}

/* A clock that follows the payments: what is due by this one comes before it. */
static bool
submit_waits(struct submission *submission, int64_t now_ms)
{
    struct bank *bank = submission->bank;

    if (bank->clock.kind != CLOCK_PAYMENT || schedule_next_ms(bank->schedule) > now_ms)
        return false;
    submission->wait = (struct schedule_wait){.until_ms = now_ms, .done = submit_go_on};
    schedule_until(bank->schedule, &submission->wait);
    return true;
}

/*
 * Noted, and queued, before another payment of these parties is judged: so the order of the
 * records is the order of judging.  After writer_submit() the submission is no longer ours.
 */
static void
submit_hand_over(struct submission *submission, const struct decision *decision,
                 struct history_visit *visit)
{
    struct writer *writer = submission->bank->writer;
    struct writer_job *job = &submission->write;
    uint8_t *packed = arena_alloc(submission->arena, HISTORY_NOTE_MAX);
    int rc;

    job->entry.note = packed;
    job->entry.note_len =
        history_note(visit, &submission->payment->record, decision, packed, &submission->note);
    job->rests = true;
    job->done = submit_written;
    rc = writer_submit(writer, job, &submission->err);
    if (rc != 0)
        history_unnote(visit, submission->note);
    history_leave(visit);
    writer_leave(writer);
    if (rc != 0)
        submit_finish(submission, SUBMIT_BUSY);
}

/* Both claims are ours: decide, and hand the record to the writer. */
static void
submit_decide(struct submission *submission)
{
    struct bank *bank = submission->bank;
    const struct payment *payment = submission->payment;
    const struct in_force *force;
    struct history_visit visit;
    struct decision decision;
    struct buffer answer;
    int64_t now_ms;

    if (clock_of_payment(&bank->clock, payment->record.created_at_ms, &now_ms,
                         &submission->err) != 0) {
        submit_finish(submission, SUBMIT_NO_TIME);
        return;
    }
    if (submit_waits(submission, now_ms))
        return;
    force = bank_enter(bank);
    if (!force->active) {
        error_record(&submission->err, ERROR_BUSY, "no policy is in force: %s", force->why);
        bank_leave();
        submit_finish(submission, SUBMIT_BUSY);
        return;
    }
    writer_enter(bank->writer); /* until it is queued: what it is judged by stays */
    history_visit(bank->history, &payment->record, now_ms, submission->arena, &visit);
    bank_judge(bank, force, payment, now_ms, SHADOW_PAYMENT, &visit.memory, submission->arena,
               &decision);
    ident_set_time(&submission->ident, now_ms);
    ident_print(&submission->ident, submission->id);
    buffer_init(&answer, submission->arena, ANSWER_BYTES_GUESS);
    answer_write(submission->id, payment, &decision, now_ms, &answer);
    submission->answer = answer.data;
    submission->answer_len = answer.len;
    submission->outcome = payment_outcome(action_state(decision.action));
    bank_leave(); /* the decision is in the answer */
    submit_fill_entry(submission, &decision, now_ms);
    submit_hand_over(submission, &decision, &visit);
}

int
bank_read_request(struct arena *arena, const struct record *record, struct payment **out,
                  struct error *err)
{
    struct payment_faults *faults = arena_zalloc(arena, sizeof(*faults));
    cJSON *json;

    *out = arena_zalloc(arena, sizeof(**out));
    faults->arena = arena;
    if (json_parse(arena, record->request, record->request_len, &json, err) != 0)
        return -1;
    if (payment_read(json, *out, faults) != 0)
        return error_set(err, ERROR_INTERNAL, "the stored request of %s is no longer a payment",
                         record->id);
    return 0;
}

/* Is the stored request the same payment as the one at hand, once parsed? */
static int
same_content(struct submission *submission, const struct record *record, bool *same)
{
    uint8_t theirs[SHA256_BYTES], ours[SHA256_BYTES];
    struct payment *stored;

    *same = false;
    if (bank_read_request(submission->arena, record, &stored, &submission->err) != 0)
        return -1;
    payment_digest(stored, theirs);
    payment_digest(submission->payment, ours);
    *same = memcmp(theirs, ours, sizeof(ours)) == 0;
    return 0;
}

/* The uetr or the key is known: answer as the first time, or refuse. */
static void
submit_repeat(struct submission *submission, const struct record *record)
{
    bool same = false;

    if (strcmp(record->uetr, submission->payment->record.uetr) == 0 &&
        same_content(submission, record, &same) != 0) {
        submit_finish(submission, SUBMIT_FAILED);
    } else if (!same) {
        submit_fail(submission, SUBMIT_MISMATCH, ERROR_CONFLICT,
                    submission->key_checked ? "this uetr was used before with another body"
                                            : "this Idempotency-Key was used before with "
                                              "another body");
    } else {
        snprintf(submission->id, sizeof(submission->id), "%s", record->id);
        submission->answer = record->answer;
        submission->answer_len = record->answer_len;
        metric_add(METRIC_REPLAYED_TOTAL, 1);
        submit_finish(submission, SUBMIT_REPLAYED);
    }
}

/* On the reader's thread: which of the matches, if any, is it? */
static void
submit_compare(struct reader_job *job, struct store *store)
{
    struct submission *submission = submission_of(read, job);

    for (size_t i = 0; i < submission->match_count; i++) {
        struct store_entry entry;
        struct record record;
        bool it;

        if (store->ops->read(store, submission->matches[i], submission->arena, &entry,
                             &submission->err) != 0 ||
            record_read(entry.body, entry.body_len, submission->arena, &record,
                        &submission->err) != 0) {
            submit_finish(submission, SUBMIT_FAILED);
            return;
        }
        it = submission->key_checked
                 ? strcmp(record.uetr, submission->payment->record.uetr) == 0
                 : strcmp(record.key, submission->key_digest) == 0;
        if (it) {
            submit_repeat(submission, &record);
            return;
        }
        if (submission->refuted_count == FINGERPRINT_MATCHES_MAX) {
            submit_fail(submission, SUBMIT_FAILED, ERROR_INTERNAL,
                        "too many payments share this fingerprint; nothing was stored");
            return;
        }
        submission->refuted[submission->refuted_count++] = submission->matches[i];
    }
    submit_proceed(submission);
}

/* Claim one fingerprint.  True: ours, go on; false: the submission has left. */
static bool
submit_claim(struct submission *submission, struct fingerprints *set, uint64_t fingerprint)
{
    switch (fingerprints_claim(set, fingerprint, submission->refuted, submission->refuted_count,
                               submission->matches, &submission->match_count)) {
    case FINGERPRINT_CLAIMED:
        submission->refuted_count = 0;
        return true;
    case FINGERPRINT_IN_FLIGHT:
        submit_fail(submission, SUBMIT_IN_FLIGHT, ERROR_CONFLICT,
                    submission->key_checked
                        ? "a payment with this uetr is being decided just now"
                        : "a request with this Idempotency-Key is being answered just now");
        return false;
    case FINGERPRINT_KNOWN:
        break;
    }
    submission->read.run = submit_compare;
    if (reader_submit(submission->bank->reader, &submission->read, &submission->err) != 0)
        submit_finish(submission, SUBMIT_BUSY);
    return false;
}

/* From wherever it stands to the decision. */
static void
submit_proceed(struct submission *submission)
{
    struct bank *bank = submission->bank;

    if (!submission->key_checked) {
        if (!submit_claim(submission, bank->keys, submission->key_fingerprint))
            return;
        submission->key_claimed = true;
        submission->key_checked = true;
    }
    if (!submit_claim(submission, bank->uetrs, submission->ident.fingerprint))
        return;
    submission->uetr_claimed = true;
    submit_decide(submission);
}

/* A key counts within its scope; 0 stands for "no key" in the store. */
static void
submit_digest_key(struct submission *submission)
{
    uint8_t digest[SHA256_BYTES];
    const struct hash_part parts[] = {
        {submission->key_scope, strlen(submission->key_scope) + 1},
        {submission->key, strlen(submission->key)},
    };

    hash_sha256(parts, 2, digest);
    hash_hex(digest, SHA256_BYTES, submission->key_digest);
    submission->key_fingerprint = hash_u64(digest) | 1;
}

void
bank_submit(struct bank *bank, struct submission *submission)
{
    assert(submission->done && submission->payment);
    submission->bank = bank;
    submission->key_claimed = submission->uetr_claimed = false;
    submission->refuted_count = 0;
    submission->ident = ident_of_uetr(bank->seed, submission->payment->uetr);
    submission->key_checked = submission->key[0] == '\0';
    if (!submission->key_checked)
        submit_digest_key(submission);
    submit_proceed(submission);
}
