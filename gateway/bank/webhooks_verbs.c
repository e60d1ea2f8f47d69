/* webhooks_verbs.c - what may be asked of webhooks, and the answers, as JSON. */
#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "gateway/bank/webhook.h"
#include "gateway/base/hash.h"
#include "gateway/base/time.h"

#define ANSWER_BYTES_FIRST 1024

static struct webhook *
find(struct webhooks *webhooks, struct webhooks_request *request)
{
    struct webhook *webhook = webhooks->first;

    while (webhook && strcmp(webhook->id, request->id) != 0)
        webhook = webhook->next;
    if (!webhook)
        error_record(&request->err, ERROR_NOT_FOUND, "there is no webhook with this id");
    return webhook;
}

/* The definition's members are the webhook's own: without its brackets. */
static void
write_webhook(const struct webhook *webhook, bool secret, int64_t letters, struct buffer *out)
{
    char created[INSTANT_TEXT_SIZE];
    size_t len = strlen(webhook->definition);

    instant_print(webhook->created_ms, created);
    json_open(out, '{');
    json_member(out, "id", webhook->id);
    json_member(out, "url", webhook->url);
    if (secret)
        json_member(out, "secret", webhook->secret);
    if (len > 2) {
        buffer_text(out, ",");
        buffer_append(out, webhook->definition + 1, len - 2);
    }
    json_member(out, "state", webhook->disabled ? "disabled" : "enabled");
    json_member(out, "created_at", created);
    json_key(out, "cursor");
    json_int(out, (int64_t)webhook_cursor(webhook));
    json_key(out, "waiting");
    json_int(out, (int64_t)(webhook->count + webhook->open_count));
    json_key(out, "delivered");
    json_int(out, webhook->delivered);
    json_key(out, "failed_attempts");
    json_int(out, webhook->failed);
    json_key(out, "dead_letters");
    json_int(out, letters);
    json_member_or_null(out, "last_error", webhook->last_error);
    json_close(out, '}');
}

static int
answer_webhook(struct webhooks *webhooks, const struct webhook *webhook, bool secret,
               struct webhooks_request *request)
{
    int64_t letters;

    if (webhooks_store_count(webhooks->store, webhook->id, &letters, &request->err) != 0)
        return -1;
    write_webhook(webhook, secret, letters, &request->answer);
    return 0;
}

static int64_t
real_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void
make_id(char id[WEBHOOK_ID_SIZE])
{
    uint8_t bytes[8];

    if (RAND_bytes(bytes, sizeof(bytes)) != 1)
        abort();
    memcpy(id, "wh_", 3);
    hash_hex(bytes, sizeof(bytes), id + 3);
}

/* On disk first, then in force (W5); it is told what happens from now on. */
static int
add(struct webhooks *webhooks, struct webhooks_request *request)
{
    char id[WEBHOOK_ID_SIZE], secret[SIGNATURE_SECRET_SIZE];
    struct webhook **end = &webhooks->first;
    struct webhook_row row = {
        .id = id,
        .url = request->wish.url,
        .secret = request->wish.secret ? request->wish.secret : secret,
        .definition = request->wish.definition,
        .created_ms = real_ms(),
        .cursor = events_head(webhooks->events),
    };

    if (webhooks->count == WEBHOOKS_MAX)
        return error_set(&request->err, ERROR_CONFLICT,
                         "there are %d webhooks already; remove one first", WEBHOOKS_MAX);
    make_id(id);
    signature_secret_make(secret);
    if (webhooks_store_put(webhooks->store, &row, &request->err) != 0)
        return -1;
    while (*end)
        end = &(*end)->next;
    *end = webhook_new(webhooks, &row, &request->err);
    if (!*end)
        return -1;
    webhooks->count++;
    request->made = arena_copy(request->arena, id, strlen(id));
    return answer_webhook(webhooks, *end, true, request);
}

static int
list(struct webhooks *webhooks, struct webhooks_request *request)
{
    json_open(&request->answer, '{');
    json_key(&request->answer, "data");
    json_open(&request->answer, '[');
    for (const struct webhook *webhook = webhooks->first; webhook; webhook = webhook->next)
        if (answer_webhook(webhooks, webhook, false, request) != 0)
            return -1;
    json_close(&request->answer, ']');
    json_key(&request->answer, "next_cursor");
    json_null(&request->answer);
    json_close(&request->answer, '}');
    return 0;
}

static int
get(struct webhooks *webhooks, struct webhooks_request *request)
{
    const struct webhook *webhook = find(webhooks, request);

    return webhook ? answer_webhook(webhooks, webhook, false, request) : -1;
}

static int
drop(struct webhooks *webhooks, struct webhooks_request *request)
{
    struct webhook *webhook = find(webhooks, request), **link = &webhooks->first;

    if (!webhook || webhooks_store_drop(webhooks->store, webhook->id, &request->err) != 0)
        return -1;
    while (*link != webhook)
        link = &(*link)->next;
    *link = webhook->next;
    webhooks->count--;
    webhook_free(webhook);
    return 0;
}

/* ---- dead letters ---- */

struct letters {
    struct webhook *webhook;
    struct buffer *out;
    size_t count;
    uint64_t last_seq;
};

static void
write_letter(void *context, const struct webhook_letter *letter)
{
    struct letters *letters = context;
    char at[INSTANT_TEXT_SIZE], id[32];

    instant_print(letter->at_ms, at);
    snprintf(id, sizeof(id), "evt_%llu", (unsigned long long)letter->seq);
    json_open(letters->out, '{');
    json_member(letters->out, "id", id);
    json_key(letters->out, "seq");
    json_int(letters->out, (int64_t)letter->seq);
    json_member(letters->out, "given_up_at", at);
    json_key(letters->out, "attempts");
    json_int(letters->out, letter->attempts);
    json_member(letters->out, "why", letter->why);
    json_close(letters->out, '}');
    letters->last_seq = letter->seq;
    letters->count++;
}

static int
show_letters(struct webhooks *webhooks, struct webhooks_request *request)
{
    struct letters letters = {find(webhooks, request), &request->answer, 0, 0};

    if (!letters.webhook)
        return -1;
    json_open(letters.out, '{');
    json_key(letters.out, "data");
    json_open(letters.out, '[');
    if (webhooks_store_letters(webhooks->store, request->id, request->after_seq,
                               WEBHOOK_LETTERS_MAX, write_letter, &letters, &request->err) != 0)
        return -1;
    json_close(letters.out, ']');
    json_key(letters.out, "next_cursor");
    if (letters.count == WEBHOOK_LETTERS_MAX)
        json_string(letters.out,
                    arena_printf(request->arena, "%llu", (unsigned long long)letters.last_seq));
    else
        json_null(letters.out);
    json_close(letters.out, '}');
    return 0;
}

static void
put_again(void *context, const struct webhook_letter *letter)
{
    struct letters *letters = context;
    const struct webhook_item item = {letter->seq, letter->payment, true};

    letters->count += webhook_put_again(letters->webhook, &item);
}

/* A dead letter stays one until it is delivered.  A disabled webhook is enabled again. */
static int
redeliver(struct webhooks *webhooks, struct webhooks_request *request)
{
    struct letters letters = {find(webhooks, request), NULL, 0, 0};

    if (!letters.webhook)
        return -1;
    if (letters.webhook->disabled &&
        webhooks_store_set_state(webhooks->store, request->id, false, &request->err) != 0)
        return -1;
    letters.webhook->disabled = false;
    if (webhooks_store_letters(webhooks->store, request->id, 0, WEBHOOK_LETTERS_MAX, put_again,
                               &letters, &request->err) != 0)
        return -1;
    json_open(&request->answer, '{');
    json_key(&request->answer, "queued");
    json_int(&request->answer, (int64_t)letters.count);
    json_close(&request->answer, '}');
    return 0;
}

void
webhooks_answer(struct webhooks *webhooks, struct webhooks_request *request)
{
    static int (*const verbs[])(struct webhooks *, struct webhooks_request *) = {
        [WEBHOOKS_ADD] = add,
        [WEBHOOKS_LIST] = list,
        [WEBHOOKS_GET] = get,
        [WEBHOOKS_REMOVE] = drop,
        [WEBHOOKS_LETTERS] = show_letters,
        [WEBHOOKS_REDELIVER] = redeliver,
    };

    buffer_init(&request->answer, request->arena, ANSWER_BYTES_FIRST);
    request->rc = verbs[request->verb](webhooks, request);
}
