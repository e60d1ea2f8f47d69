/*
 * acts.c - what somebody does with one payment, from the request to the reply: the same for
 * cases, documents and cancellations.
 */
#include <stddef.h>
#include <string.h>

#include "gateway/api/acts.h"

#define ACTOR_MAX       64
#define ACTOR_ANONYMOUS "anonymous"

/* The names that stand for somebody else in the records. */
static bool
is_actor(struct http_slice name)
{
    static const char *const taken[] = {ACTOR_BANK, ACTOR_PAYER};

    if (name.len == 0 || name.len > ACTOR_MAX)
        return false;
    for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++)
        if (name.len == strlen(taken[i]) && memcmp(name.data, taken[i], name.len) == 0)
            return false;
    for (size_t i = 0; i < name.len; i++) {
        char c = name.data[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');

        if (!letter && !(c >= '0' && c <= '9') &&
            (i == 0 || (c != '.' && c != '-' && c != '_')))
            return false;
    }
    return true;
}

const char *
api_actor(struct http_exchange *exchange)
{
    const struct access_key *key = api_key(exchange);
    struct http_slice header = http_header(exchange, "yuangate-actor");

    if (key->role != ROLE_ANYBODY)
        return key->name;
    if (!header.data)
        return ACTOR_ANONYMOUS;
    if (is_actor(header))
        return arena_copy(exchange->arena, header.data, header.len);
    http_problem(exchange, 400,
                 "Yuangate-Actor must be a name of at most 64 letters, digits, '.', '-' and "
                 "'_', beginning with a letter or digit, and neither bank nor payer");
    return NULL;
}

int
api_read_json(struct http_exchange *exchange, cJSON **json)
{
    struct error err = {0};

    if (json_parse_request(exchange->arena, exchange->body.data, exchange->body.len, json,
                           &err) == 0)
        return 0;
    api_fail(exchange, &err);
    return -1;
}

/* On the worker again. */
static void
act_reply(struct http_task *task)
{
    struct api_act *doing =
        (struct api_act *)(void *)((char *)task - offsetof(struct api_act, task));

    doing->reply(doing);
}

static void
act_done(struct act *act)
{
    struct api_act *doing =
        (struct api_act *)(void *)((char *)act - offsetof(struct api_act, act));

    doing->task.run = act_reply;
    http_post(doing->exchange->worker, &doing->task);
}

void
api_act(struct http_exchange *exchange, struct api_act *doing)
{
    struct http_slice id = exchange->params[0];

    doing->exchange = exchange;
    doing->act.arena = exchange->arena;
    doing->act.done = act_done;
    if (!ident_parse(arena_copy(exchange->arena, id.data, id.len), &doing->act.id)) {
        http_problem(exchange, 404, "no payment has this id");
        return;
    }
    doing->act.actor = api_actor(exchange);
    if (doing->by_payer && doing->act.actor && strcmp(doing->act.actor, ACTOR_ANONYMOUS) == 0)
        doing->act.actor = ACTOR_PAYER;
    if (doing->act.actor)
        bank_act(api_bank(exchange), &doing->act);
}

void
api_act_fail(const struct api_act *doing)
{
    const struct error *err = &doing->act.err;

    if (err->code == ERROR_INVALID) /* well-formed, and does not fit this payment */
        http_problem(doing->exchange, 422, api_sentence(doing->exchange->arena, err));
    else
        api_fail(doing->exchange, err);
}
