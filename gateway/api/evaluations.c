/*
 * evaluations.c - judge without storing: by what is in force, by a snapshot of the past,
 * or by what would be in force with a candidate.
 */
#include <stddef.h>
#include <string.h>

#include "gateway/api/api.h"

/* What the query asks for; "" where it does not. */
struct wish {
    bool explain;
    const char *snapshot, *policy, *book;
};

static const char *const parameters[] = {"explain", "snapshot", "policy", "book"};

static bool
is_parameter(void *context, const char *name)
{
    (void)context;
    for (size_t i = 0; i < sizeof(parameters) / sizeof(parameters[0]); i++)
        if (strcmp(name, parameters[i]) == 0)
            return true;
    return false;
}

static const char *
parameter(struct http_exchange *exchange, const char *name, bool *bad)
{
    const char *value = http_query(exchange, name, bad);

    *bad = *bad || (value && value[0] == '\0');
    return value ? value : "";
}

static bool
is_digest(const char *text)
{
    uint8_t digest[SHA256_BYTES];

    return digest_parse(text, digest);
}

/* Left out, or what such a name can be. */
static bool
is_named(const char *text, bool (*is_sound)(const char *text))
{
    return text[0] == '\0' || is_sound(text);
}

/* A typo must not pass for "no": -1, and a reply has been made. */
static int
read_wish(struct http_exchange *exchange, struct wish *wish)
{
    bool bad = false;
    const char *explain = parameter(exchange, "explain", &bad);
    int named;

    wish->explain = strcmp(explain, "true") == 0;
    wish->snapshot = parameter(exchange, "snapshot", &bad);
    wish->policy = parameter(exchange, "policy", &bad);
    wish->book = parameter(exchange, "book", &bad);
    bad = bad || !is_named(wish->snapshot, is_digest) ||
          !is_named(wish->policy, rollout_name_is_sound) ||
          !is_named(wish->book, rollout_name_is_sound);
    named = (wish->snapshot[0] != '\0') + (wish->policy[0] != '\0') + (wish->book[0] != '\0');
    if (!bad && named <= 1 && http_query_each(exchange, is_parameter, NULL) &&
        (explain[0] == '\0' || wish->explain || strcmp(explain, "false") == 0))
        return 0;
    http_problem(exchange, 400,
                 "the query may have explain=true or explain=false, and one of "
                 "snapshot=sha256:…, policy=NAME and book=NAME, and no more");
    return -1;
}

static void
evaluation_fail(struct http_exchange *exchange, const struct error *err)
{
    const char *text = arena_copy(exchange->arena, err->text, strlen(err->text));

    if (err->code == ERROR_BUSY)
        http_problem(exchange, 503, text);
    else
        http_problem_list(exchange, 422, text, &(struct http_problem_item){"/created_at", text},
                          1);
}

/* -- by a snapshot that the office lends -- */

struct trial {
    struct http_exchange *exchange;
    atomic_bool gone; /* the client */
    struct rollout_request request;
    struct payment payment;
    bool explain;
    int rc;
    struct error err;
    struct buffer answer;
    struct http_task task;
};

static void
trial_reply(struct http_task *task)
{
    struct trial *trial = (struct trial *)(void *)((char *)task - offsetof(struct trial, task));

    if (trial->request.result != ROLLOUT_DONE)
        api_fail_rollout(trial->exchange, &trial->request);
    else if (trial->rc != 0)
        evaluation_fail(trial->exchange, &trial->err);
    else
        http_reply(trial->exchange, 200, API_JSON, trial->answer.data, trial->answer.len);
}

static struct trial *
trial_of(struct rollout_request *request)
{
    return (struct trial *)(void *)((char *)request - offsetof(struct trial, request));
}

/* On the office's thread, as long as it lends the snapshot. */
static void
trial_use(struct rollout_request *request, const struct snapshot *snapshot)
{
    struct trial *trial = trial_of(request);

    trial->rc = bank_evaluate_by(api_bank(trial->exchange), snapshot, &trial->payment,
                                 trial->explain, &trial->answer, &trial->err);
}

static void
trial_done(struct rollout_request *request)
{
    struct trial *trial = trial_of(request);

    http_post(trial->exchange->worker, &trial->task);
}

static void
trial_abort(struct http_exchange *exchange)
{
    struct trial *trial = exchange->state;

    atomic_store(&trial->gone, true);
}

/* payment is copied: its strings are on the exchange's arena, which waits for the reply. */
static void
trial_begin(struct http_exchange *exchange, const struct wish *wish,
            const struct payment *payment)
{
    struct trial *trial = arena_zalloc(exchange->arena, sizeof(*trial));

    trial->exchange = exchange;
    exchange->state = trial;
    exchange->on_abort = trial_abort;
    trial->payment = *payment;
    trial->explain = wish->explain;
    trial->task.run = trial_reply;
    buffer_init(&trial->answer, exchange->arena, 2048);
    trial->request = (struct rollout_request){
        .arena = exchange->arena,
        .verb = ROLLOUT_BORROW,
        .kind = wish->book[0] ? ROLLOUT_BOOK : ROLLOUT_POLICY,
        .name = wish->book[0] ? wish->book : wish->policy,
        .digest = wish->snapshot,
        .gone = &trial->gone,
        .use = trial_use,
        .done = trial_done,
    };
    rollout_submit(bank_rollout(api_bank(exchange)), &trial->request);
}

/* -- the handler -- */

void
api_evaluations_create(struct http_exchange *exchange)
{
    struct payment *payment = arena_alloc(exchange->arena, sizeof(*payment));
    struct error err = {0};
    struct buffer answer;
    struct wish wish;

    if (read_wish(exchange, &wish) != 0 || api_read_payment(exchange, payment) != 0)
        return;
    if (wish.snapshot[0] || wish.policy[0] || wish.book[0]) {
        trial_begin(exchange, &wish, payment);
        return;
    }
    buffer_init(&answer, exchange->arena, 2048);
    if (bank_evaluate(api_bank(exchange), payment, wish.explain, &answer, &err) != 0)
        evaluation_fail(exchange, &err);
    else
        http_reply(exchange, 200, API_JSON, answer.data, answer.len);
}
