/*
 * access.c - who calls, and may he?  Asked once for each request, by its head.
 *
 * http/ calls api_enter() before it looks at a body, so that what is not allowed costs
 * nothing.  The roles of a route are its mark in the table (api.c).  Who may is then asked
 * of his query what holds for every route: no parameter twice.
 */
#include <assert.h>
#include <string.h>
#include <strings.h>

#include "gateway/api/api.h"
#include "gateway/bank/payer_view.h"

#define SCHEME "bearer"

static const struct access_key anonymous = {"anonymous", ROLE_ANYBODY, NULL};

const struct access_key *
api_key(const struct http_exchange *exchange)
{
    assert(exchange->caller);
    return exchange->caller;
}

static struct http_refusal
ask_for_key(struct http_exchange *exchange, const char *challenge, const char *detail)
{
    http_reply_header(exchange, "WWW-Authenticate", challenge);
    return (struct http_refusal){401, detail};
}

/* "Bearer KEY", the scheme in any case (RFC 9110 section 11.1). */
static bool
bearer_take(struct http_slice header, struct http_slice *key)
{
    size_t scheme = sizeof(SCHEME) - 1;

    if (header.len <= scheme || strncasecmp(header.data, SCHEME, scheme) != 0 ||
        header.data[scheme] != ' ')
        return false;
    *key = (struct http_slice){header.data + scheme, header.len - scheme};
    while (key->len > 0 && *key->data == ' ')
        key->data++, key->len--;
    return true;
}

/* The caller by the key that came, or the answer where none did or it is nobody's. */
static struct http_refusal
find_caller(struct http_exchange *exchange, struct access_key *caller)
{
    struct http_slice header = http_header(exchange, "authorization"), key;

    if (!header.data)
        return ask_for_key(exchange, "Bearer realm=\"yuangate\"",
                           "this needs a key: send Authorization: Bearer and the key that "
                           "yuangate keys add gave out");
    if (!bearer_take(header, &key))
        return ask_for_key(exchange, "Bearer realm=\"yuangate\"",
                           "a key comes as Authorization: Bearer KEY");
    if (!keys_find(api_keys(exchange), key.data, key.len, exchange->arena, caller))
        return ask_for_key(exchange, "Bearer realm=\"yuangate\", error=\"invalid_token\"",
                           "this key is not known here, or no longer");
    return (struct http_refusal){0};
}

static struct http_refusal
enter_caller(struct http_exchange *exchange)
{
    unsigned roles = exchange->route->mark;
    struct http_refusal refusal;
    struct access_key *caller;

    exchange->caller = &anonymous;
    if (!keys_are_needed(api_keys(exchange)) || roles == API_EVERYBODY)
        return (struct http_refusal){0};
    caller = arena_alloc(exchange->arena, sizeof(*caller));
    refusal = find_caller(exchange, caller);
    if (refusal.status != 0)
        return refusal;
    exchange->caller = caller;
    if (role_is_among(caller->role, roles))
        return (struct http_refusal){0};
    return (struct http_refusal){
        403,
        arena_printf(exchange->arena, "a key with the role %s may not do this; these may: %s",
                     role_name(caller->role), roles_print(exchange->arena, roles))};
}

/* The parameters that may come again; of any other nobody knows which value is meant. */
static const struct {
    const char *path, *name;
} again[] = {
    {"/v1/events", "type"},
};

static struct http_refusal
enter_query(struct http_exchange *exchange)
{
    const char *name = NULL, *fault;

    for (size_t i = 0; i < sizeof(again) / sizeof(again[0]); i++)
        if (strcmp(exchange->route->path, again[i].path) == 0)
            name = again[i].name;
    fault = http_query_fault(exchange, name);
    return (struct http_refusal){fault ? 400 : 0, fault};
}

struct http_refusal
api_enter(struct http_exchange *exchange)
{
    struct http_refusal refusal = enter_caller(exchange);

    if (refusal.status == 0 && exchange->query.len > 0)
        refusal = enter_query(exchange);
    return refusal;
}

const char *
api_key_scope(const struct http_exchange *exchange, const char *path)
{
    const struct access_key *key = api_key(exchange);

    if (key->role == ROLE_ANYBODY)
        return path;
    return arena_printf(exchange->arena, "%s %s", key->name, path);
}

bool
api_is_payer(const struct http_exchange *exchange)
{
    return api_key(exchange)->role == ROLE_PAYER;
}

void
api_disclose(const struct http_exchange *exchange, struct arena *arena, const char **json,
             size_t *len)
{
    struct buffer view;

    if (!api_is_payer(exchange))
        return;
    buffer_init(&view, arena, *len);
    view_for_payer(*json, *len, &view);
    *json = view.data;
    *len = view.len;
}
