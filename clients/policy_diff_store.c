/*
 * policy_diff_store.c - what another pack or book would have done: a store judged by two.
 *
 * Each payment that the store holds is read as it came in and judged by each of the
 * pair, at the time it was decided and under the store's seed.  What the gateway
 * answered then, and what a payment asks to be simulated, is not looked at.  Threads
 * judge, and the pieces come back in order: the same store gives the same bytes.
 */
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clients/changes.h"
#include "clients/policy.h"
#include "clients/policy_pack.h"
#include "clients/print.h"
#include "clients/progress.h"
#include "clients/stored.h"
#include "gateway/base/time.h"
#include "gateway/payment/money.h"

#define SHOWN_DEFAULT       20
#define SHOWN_MAX           1000000000
#define FAULTS_SHOWN_MAX    20
#define THREADS_DEFAULT_MAX 8
#define CHANGE_INDENT       10
#define LINE_BYTES_FIRST    1024

struct diff {
    bool json;
    struct arena arena; /* lives as long as the command */
    const char *spec;
    size_t limit; /* of changes to show */
    struct pair pair;
    struct stored stored;
    struct stored_work work;

    /* From here on deliver()'s, which no two threads do at once. */
    struct changes changes;
    atomic_size_t shown; /* read by take(): what follows need not be told */
    struct stored_fault *faults, **faults_end;
    size_t fault_count;
    struct progress progress;
};

/* What a piece comes to. */
struct part {
    struct changes changes;
    struct telling *first, **end;
    size_t count;
};

struct telling {
    struct telling *next;
    const char *text;
};

/* -- telling one change -- */

static void
change_print(const struct pair *pair, FILE *out, uint64_t seq, const struct record *record,
             const struct policy_payment *payment, const struct decision *decisions)
{
    char at[INSTANT_TEXT_SIZE], amount[MONEY_TEXT_SIZE];

    instant_print(record->at_ms, at);
    money_print(payment->amount_minor, payment->currency, amount);
    fprintf(out, "%8llu  %s  %s  %s %s\n", (unsigned long long)seq, payment->uetr, at,
            payment->currency, amount);
    pair_print(pair, out, CHANGE_INDENT, decisions);
}

static const char *
change_text(const struct pair *pair, struct arena *arena, uint64_t seq,
            const struct record *record, const struct policy_payment *payment,
            const struct decision *decisions)
{
    char *text = NULL, *copy;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);

    if (!out)
        abort();
    change_print(pair, out, seq, record, payment, decisions);
    if (fclose(out) != 0)
        abort();
    copy = arena_copy(arena, text, len);
    free(text);
    return copy;
}

static const char *
change_json(const struct pair *pair, struct arena *arena, uint64_t seq,
            const struct record *record, const struct policy_payment *payment,
            const struct decision *decisions)
{
    char at[INSTANT_TEXT_SIZE], amount[MONEY_TEXT_SIZE];
    struct buffer line;

    instant_print(record->at_ms, at);
    money_print(payment->amount_minor, payment->currency, amount);
    buffer_init(&line, arena, LINE_BYTES_FIRST);
    json_open(&line, '{');
    json_key(&line, "seq");
    json_int(&line, (int64_t)seq);
    json_member(&line, "id", record->id);
    json_member(&line, "uetr", payment->uetr);
    json_member(&line, "decided_at", at);
    json_key(&line, "amount");
    json_open(&line, '{');
    json_member(&line, "currency", payment->currency);
    json_member(&line, "value", amount);
    json_close(&line, '}');
    pair_json(pair, &line, decisions);
    json_close(&line, '}');
    buffer_text(&line, "\n");
    return buffer_terminate(&line);
}

/* -- judging, on every thread -- */

static struct part *
part_of(struct stored_piece *piece)
{
    struct part *part = piece->part;

    if (!part) {
        part = piece->part = arena_zalloc(&piece->arena, sizeof(*part));
        part->end = &part->first;
    }
    return part;
}

static void
part_tell(struct part *part, struct arena *arena, const char *text)
{
    struct telling *telling = arena_alloc(arena, sizeof(*telling));

    *telling = (struct telling){NULL, text};
    *part->end = telling;
    part->end = &telling->next;
    part->count++;
}

static void
payment_take(void *context, struct stored_piece *piece, uint64_t seq,
             const struct record *record)
{
    struct diff *diff = context;
    struct part *part = part_of(piece);
    const struct policy_payment *payment;
    struct decision decisions[PAIR_COUNT];
    struct error why = {0};

    if (policy_payment_read(piece->step, "its request", record->request, record->request_len,
                            &payment, &why) != 0) {
        stored_blame(piece, seq, why.text);
        return;
    }
    pair_judge(&diff->pair, payment, record->at_ms, diff->stored.seed, piece->step, decisions);
    if (changes_add(&part->changes, &piece->arena, payment, decisions) &&
        part->count < diff->limit && atomic_load(&diff->shown) < diff->limit)
        part_tell(part, &piece->arena,
                  (diff->json ? change_json : change_text)(&diff->pair, &piece->arena, seq,
                                                           record, payment, decisions));
}

/* -- adding up, in order -- */

static void
fault_note(struct diff *diff, const struct stored_fault *fault)
{
    struct stored_fault *noted;

    if (diff->fault_count++ >= FAULTS_SHOWN_MAX)
        return;
    noted = arena_alloc(&diff->arena, sizeof(*noted));
    *noted = (struct stored_fault){NULL, fault->seq,
                                   arena_copy(&diff->arena, fault->why, strlen(fault->why))};
    *diff->faults_end = noted;
    diff->faults_end = &noted->next;
}

static void
piece_deliver(void *context, struct stored_piece *piece)
{
    struct diff *diff = context;
    const struct part *part = part_of(piece);

    changes_merge(&diff->changes, &diff->arena, &part->changes);
    if (part->first && diff->shown < diff->limit)
        progress_hide(&diff->progress);
    for (const struct telling *telling = part->first; telling && diff->shown < diff->limit;
         telling = telling->next) {
        fputs(telling->text, stdout);
        diff->shown++;
    }
    for (const struct stored_fault *fault = piece->faults; fault; fault = fault->next)
        fault_note(diff, fault);
    progress_tell(&diff->progress, piece->last_seq, diff->stored.last_seq,
                  diff->changes.payments + diff->fault_count);
}

/* -- telling all -- */

static void
begin_print(const struct diff *diff)
{
    char from[INSTANT_TEXT_SIZE], to[INSTANT_TEXT_SIZE];

    print_text(stdout, diff->spec);
    if (diff->work.from_ms != INT64_MIN) {
        instant_print(diff->work.from_ms, from);
        printf(", from %s", from);
    }
    if (diff->work.to_ms != INT64_MAX) {
        instant_print(diff->work.to_ms, to);
        printf(", before %s", to);
    }
    printf(": A %s, B %s\n\n", pair_label(&diff->pair, PAIR_A),
           pair_label(&diff->pair, PAIR_B));
}

static void
end_print(struct diff *diff)
{
    printf("%s%zu of %zu payments judged otherwise", diff->shown ? "\n" : "",
           diff->changes.changed, diff->changes.payments);
    if (diff->shown < diff->changes.changed)
        printf("; the first %zu are shown", diff->shown);
    fputc('\n', stdout);
    changes_print(stdout, &diff->arena, &diff->changes);
    if (diff->fault_count)
        printf("%zu left out: their records cannot be read\n", diff->fault_count);
    for (const struct stored_fault *fault = diff->faults; fault; fault = fault->next) {
        printf("%8llu  ", (unsigned long long)fault->seq);
        print_text(stdout, fault->why);
        fputc('\n', stdout);
    }
}

static void
fault_json(struct arena *arena, const struct stored_fault *fault)
{
    struct buffer line;

    buffer_init(&line, arena, LINE_BYTES_FIRST);
    json_open(&line, '{');
    json_key(&line, "seq");
    json_int(&line, (int64_t)fault->seq);
    json_member(&line, "error", fault->why);
    json_close(&line, '}');
    puts(buffer_terminate(&line));
}

static void
end_json(struct diff *diff)
{
    struct buffer line;

    for (const struct stored_fault *fault = diff->faults; fault; fault = fault->next)
        fault_json(&diff->arena, fault);
    buffer_init(&line, &diff->arena, LINE_BYTES_FIRST);
    json_open(&line, '{');
    json_member(&line, "store", diff->spec);
    json_member(&line, "a", pair_label(&diff->pair, PAIR_A));
    json_member(&line, "b", pair_label(&diff->pair, PAIR_B));
    changes_json(&line, &diff->arena, &diff->changes, pair_noun(&diff->pair));
    json_key(&line, "unread");
    json_int(&line, (int64_t)diff->fault_count);
    json_close(&line, '}');
    puts(buffer_terminate(&line));
}

/* -- the command line -- */

static int
read_time(const struct options *options, enum option option, int64_t *ms, struct error *err)
{
    const char *text = options->values[option];

    if (!text || instant_parse_local(text, ms))
        return 0;
    return error_set(err, ERROR_INVALID,
                     "--%s: expected a time such as 2024-04-15T09:00:00+08:00; found \"%.60s\"",
                     option_name(option), text);
}

static int
read_count(const struct options *options, enum option option, size_t min, size_t max,
           size_t *count, struct error *err)
{
    const char *text = options->values[option];
    char *end;

    if (!text)
        return 0;
    errno = 0;
    *count = strtoull(text, &end, 10);
    if (text[0] >= '0' && text[0] <= '9' && *end == '\0' && errno == 0 && *count >= min &&
        *count <= max)
        return 0;
    return error_set(err, ERROR_INVALID, "--%s: expected %zu to %zu; found \"%.60s\"",
                     option_name(option), min, max, text);
}

static size_t
threads_default(void)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);

    return processors < 1                     ? 1
           : processors > THREADS_DEFAULT_MAX ? THREADS_DEFAULT_MAX
                                              : (size_t)processors;
}

static int
diff_open(struct diff *diff, const struct options *options, struct error *err)
{
    size_t threads = threads_default();

    if (read_time(options, OPTION_FROM, &diff->work.from_ms, err) != 0 ||
        read_time(options, OPTION_TO, &diff->work.to_ms, err) != 0 ||
        read_count(options, OPTION_LIMIT, 0, SHOWN_MAX, &diff->limit, err) != 0 ||
        read_count(options, OPTION_THREADS, 1, STORED_THREADS_MAX, &threads, err) != 0)
        return -1;
    if (diff->work.from_ms >= diff->work.to_ms)
        return error_set(err, ERROR_INVALID, "--from %s is not before --to %s: nothing is",
                         options->values[OPTION_FROM], options->values[OPTION_TO]);
    if (pair_open(&diff->pair, &diff->arena, options, err) != 0 ||
        pair_take_banks(&diff->pair, &diff->arena, options, "", err) != 0)
        return -1;
    return stored_open(&diff->stored, diff->spec, threads, err);
}

static int
diff_run(struct diff *diff, struct error *err)
{
    int rc;

    if (!diff->json)
        begin_print(diff);
    progress_begin(&diff->progress);
    rc = stored_run(&diff->stored, &diff->work, err);
    progress_hide(&diff->progress);
    if (rc != 0)
        return -1;
    diff->json ? end_json(diff) : end_print(diff);
    if (diff->fault_count)
        return error_set(err, ERROR_INTERNAL, "%zu stored records cannot be read",
                         diff->fault_count);
    return 0;
}

int
policy_diff_store(const struct options *options)
{
    struct diff diff = {
        .json = options->values[OPTION_JSON] != NULL,
        .spec = options->values[OPTION_STORE],
        .limit = SHOWN_DEFAULT,
        .work = {.from_ms = INT64_MIN,
                 .to_ms = INT64_MAX,
                 .take = payment_take,
                 .deliver = piece_deliver},
    };
    struct error err = {0};
    int status;

    diff.work.context = &diff;
    diff.faults_end = &diff.faults;
    if (diff_open(&diff, options, &err) != 0 || diff_run(&diff, &err) != 0)
        status = command_complain(STATUS_USAGE, &err);
    else
        status = diff.changes.changed ? STATUS_UNEXPECTED : STATUS_DONE;
    stored_close(&diff.stored);
    pair_close(&diff.pair);
    arena_release(&diff.arena);
    return status;
}
