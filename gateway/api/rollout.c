/*
 * rollout.c - policies and books: put, check, shadow, activate, roll back; snapshots.
 *
 * One handler serves all of it: the tables say what a route asks of the office
 * (gateway/rollout), which answers in JSON.  The office's result becomes a status here.
 */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/api/api.h"
#include "gateway/base/json.h"

/* Where each kind of name has its versions. */
static const struct {
    const char *path;
    enum rollout_kind kind;
} collections[] = {
    {"/v1/policies", ROLLOUT_POLICY},
    {"/v1/books", ROLLOUT_BOOK},
    {"/v1/lists", ROLLOUT_LIST},
};

/* What a request may come with. */
enum {
    WITH_DIGEST_BODY = 1,  /* nothing, or {"digest":"sha256:…"} */
    WITH_DIGEST_QUERY = 2, /* ?digest= */
    WITH_PAGE = 4,         /* ?limit= and ?cursor= */
    WITH_TEXT = 8,         /* the body is the version */
    WITH_GOOD_GUY = 32,    /* the body is an exception: good_guys.c */
    WITH_LIST_BODY = 16,   /* nothing, or an object about a list that has come in: lists.c */
    WITH_FILE = 64,        /* the path's second name is a file's */
};

/* By method and what follows the collection's path; api.c says which collection has which. */
static const struct action {
    const char *method, *path;
    enum rollout_verb verb;
    int with;
} actions[] = {
    /* clang-format off */
    { "GET",    "",                 ROLLOUT_READ_NAMES,         WITH_PAGE },
    { "GET",    "/good-guys",       ROLLOUT_READ_GOOD_GUYS, WITH_PAGE },
    { "POST",   "/good-guys",       ROLLOUT_ADD_GOOD_GUY, WITH_GOOD_GUY },
    { "GET",    "/good-guys/{id}",  ROLLOUT_READ_GOOD_GUY, 0 },
    { "DELETE", "/good-guys/{id}",  ROLLOUT_DROP_GOOD_GUY, 0 },
    { "GET",    "/{name}",          ROLLOUT_SHOW,         0 },
    { "PUT",    "/{name}",          ROLLOUT_DO_PUT,       WITH_TEXT },
    { "GET",    "/{name}/text",     ROLLOUT_TEXT,         WITH_DIGEST_QUERY },
    { "POST",   "/{name}/check",    ROLLOUT_DO_CHECK,     WITH_DIGEST_BODY },
    { "POST",   "/{name}/shadow",   ROLLOUT_DO_SHADOW,    WITH_DIGEST_BODY },
    { "GET",    "/{name}/shadow",   ROLLOUT_READ_SHADOW,  WITH_PAGE },
    { "DELETE", "/{name}/shadow",   ROLLOUT_DO_UNSHADOW,  0 },
    { "DELETE", "/{name}/files/{file}", ROLLOUT_DROP_FILE, WITH_FILE },
    { "POST",   "/{name}/activate", ROLLOUT_DO_ACTIVATE,  WITH_DIGEST_BODY },
    { "POST",   "/{name}/load",     ROLLOUT_DO_ACTIVATE,  WITH_LIST_BODY },
    { "POST",   "/{name}/rollback", ROLLOUT_DO_ROLLBACK,  0 },
    { "GET",    "/{name}/history",  ROLLOUT_READ_HISTORY, WITH_PAGE },
    /* clang-format on */
};

#define ACTION_COUNT (sizeof(actions) / sizeof(actions[0]))

struct asked {
    struct http_exchange *exchange;
    atomic_bool gone; /* the client */
    struct rollout_request request;
    struct http_task task; /* the way back to the worker */
};

/* -- answers -- */

static int
status_of(const struct rollout_request *request)
{
    switch (request->result) {
    case ROLLOUT_DONE:
        return 200;
    case ROLLOUT_CREATED:
        return 201;
    case ROLLOUT_NOT_FOUND:
        return 404;
    case ROLLOUT_CONFLICT:
        return 409;
    case ROLLOUT_REFUSED:
        return 422;
    case ROLLOUT_FAILED:
        break;
    }
    return request->err.code == ERROR_BUSY ? 503 : 500;
}

static void
write_findings(const void *context, struct buffer *out)
{
    rollout_write_findings(context, out);
}

/* Every error of a check, each with its place, and all that was found. */
static void
reply_refused(struct http_exchange *exchange, const struct rollout_request *request,
              const char *sentence)
{
    struct http_problem_item *items =
        arena_alloc(exchange->arena, (request->finding_count + 1) * sizeof(*items));
    size_t count = 0;

    for (size_t i = 0; i < request->finding_count; i++) {
        const struct rollout_finding *finding = &request->findings[i];

        if (strcmp(finding->severity, "error") != 0)
            continue;
        items[count++] = (struct http_problem_item){
            "", finding->line == 0
                    ? arena_printf(exchange->arena, "%s: %s", finding->file, finding->sentence)
                    : arena_printf(exchange->arena, "%s:%u:%u: %s", finding->file,
                                   finding->line, finding->column, finding->sentence)};
    }
    http_problem_extended(exchange, 422, sentence, items, count,
                          request->finding_count > 0 ? write_findings : NULL, request);
}

void
api_fail_rollout(struct http_exchange *exchange, const struct rollout_request *request)
{
    const char *sentence = api_sentence(exchange->arena, &request->err);
    int status = status_of(request);

    if (status == 422)
        reply_refused(exchange, request, sentence);
    else
        http_problem(exchange, status, sentence);
}

static void
asked_reply(struct http_task *task)
{
    struct asked *asked = (struct asked *)(void *)((char *)task - offsetof(struct asked, task));
    const struct rollout_request *request = &asked->request;
    struct http_exchange *exchange = asked->exchange;
    int status = status_of(request);

    if (status < 300)
        http_reply(exchange, status, API_JSON, request->answer.data, request->answer.len);
    else
        api_fail_rollout(exchange, request);
}

/* On the office's thread. */
static void
asked_done(struct rollout_request *request)
{
    struct asked *asked =
        (struct asked *)(void *)((char *)request - offsetof(struct asked, request));

    http_post(asked->exchange->worker, &asked->task);
}

static void
asked_abort(struct http_exchange *exchange)
{
    struct asked *asked = exchange->state;

    atomic_store(&asked->gone, true);
}

static struct asked *
asked_new(struct http_exchange *exchange, enum rollout_verb verb)
{
    struct asked *asked = arena_zalloc(exchange->arena, sizeof(*asked));

    asked->exchange = exchange;
    exchange->state = asked;
    exchange->on_abort = asked_abort;
    asked->task.run = asked_reply;
    asked->request = (struct rollout_request){
        .arena = exchange->arena,
        .verb = verb,
        .name = "",
        .digest = "",
        .file = "",
        .text = "",
        .after = "",
        .before = UINT64_MAX,
        .as_of = "",
        .shrink_percent = ROLLOUT_SHRINK_USUAL,
        .limit = API_LIST_DEFAULT,
        .gone = &asked->gone,
        .done = asked_done,
    };
    return asked;
}

/* -- what came with the request; -1: a reply has been made -- */

static const char *
param(struct http_exchange *exchange, size_t i)
{
    return arena_copy(exchange->arena, exchange->params[i].data, exchange->params[i].len);
}

static int
refuse_query(struct http_exchange *exchange, const char *sentence)
{
    http_problem(exchange, 400, sentence);
    return -1;
}

static bool
is_page(void *context, const char *name)
{
    (void)context;
    return strcmp(name, "limit") == 0 || strcmp(name, "cursor") == 0;
}

static bool
is_digest(void *context, const char *name)
{
    (void)context;
    return strcmp(name, "digest") == 0;
}

static bool
is_nothing(void *context, const char *name)
{
    (void)context, (void)name;
    return false;
}

static bool
number_parse(const char *text, uint64_t *number)
{
    char *end;

    if (text[0] < '0' || text[0] > '9' || strlen(text) > 18)
        return false;
    *number = strtoull(text, &end, 10);
    return *end == '\0';
}

/* A listing of names goes on behind a name, one of events below a number. */
static int
read_page(struct http_exchange *exchange, struct rollout_request *request)
{
    bool by_name =
        request->verb == ROLLOUT_READ_NAMES || request->verb == ROLLOUT_READ_GOOD_GUYS;
    bool bad = false;
    const char *limit = http_query(exchange, "limit", &bad);
    const char *cursor = http_query(exchange, "cursor", &bad);
    uint64_t number = request->limit;

    if (bad || !http_query_each(exchange, is_page, NULL))
        return refuse_query(exchange, "the query may have limit and cursor, and no more");
    if (limit && (!number_parse(limit, &number) || number < 1 || number > API_LIST_MAX))
        return refuse_query(exchange, "limit must be a number from 1 to 500");
    if (cursor &&
        !(by_name ? rollout_name_is_sound(cursor) : number_parse(cursor, &request->before)))
        return refuse_query(exchange, "cursor must be the next_cursor of the page before");
    request->limit = number;
    if (by_name && cursor)
        request->after = cursor;
    return 0;
}

static int
refuse_digest(struct http_exchange *exchange)
{
    const char *sentence = "must be \"sha256:\" and 64 digits, as answers have it";

    http_problem_list(exchange, 422, "the digest is none",
                      &(struct http_problem_item){"/digest", sentence}, 1);
    return -1;
}

int
api_take_digest(struct http_exchange *exchange, struct rollout_request *request,
                const char *text)
{
    uint8_t digest[SHA256_BYTES];

    if (!digest_parse(text, digest))
        return refuse_digest(exchange);
    request->digest = text;
    return 0;
}

static int
read_digest_query(struct http_exchange *exchange, struct rollout_request *request)
{
    bool bad = false;
    const char *digest = http_query(exchange, "digest", &bad);

    if (bad || !http_query_each(exchange, is_digest, NULL))
        return refuse_query(exchange, "the query may have digest, and no more");
    return digest ? api_take_digest(exchange, request, digest) : 0;
}

static int
read_digest_body(struct http_exchange *exchange, struct rollout_request *request)
{
    struct error err = {0};
    const cJSON *member;
    cJSON *json;

    if (exchange->body.len == 0)
        return 0;
    if (json_parse_request(exchange->arena, exchange->body.data, exchange->body.len, &json,
                           &err) != 0) {
        api_fail(exchange, &err);
        return -1;
    }
    member = cJSON_IsObject(json) ? json->child : NULL;
    if (cJSON_IsObject(json) && !member)
        return 0;
    if (!member || member->next || strcmp(member->string, "digest") != 0 ||
        !cJSON_IsString(member)) {
        http_problem_list(
            exchange, 422, "nothing was done",
            &(struct http_problem_item){"", "the body must be empty, or an object like "
                                            "{\"digest\":\"sha256:…\"}"},
            1);
        return -1;
    }
    return api_take_digest(exchange, request, member->valuestring);
}

/* The version must call itself by the name of the path; the rest is for its check to say. */
static int
read_text(struct http_exchange *exchange, struct rollout_request *request)
{
    const char *key = rollout_kind_text(request->kind); /* "pack" or "book" */
    const cJSON *name;
    struct error err = {0};
    cJSON *json;

    request->text = arena_copy(exchange->arena, exchange->body.data, exchange->body.len);
    request->len = exchange->body.len;
    if (json_parse_request(exchange->arena, request->text, request->len, &json, &err) != 0) {
        api_fail(exchange, &err);
        return -1;
    }
    name = cJSON_GetObjectItemCaseSensitive(json, key);
    if (cJSON_IsString(name) && strcmp(name->valuestring, request->name) == 0)
        return 0;
    http_problem_list(exchange, 422, "nothing was put",
                      &(struct http_problem_item){
                          arena_printf(exchange->arena, "/%s", key),
                          arena_printf(exchange->arena, "must be \"%s\", as the path names it",
                                       request->name)},
                      1);
    return -1;
}

static int
read_with(struct http_exchange *exchange, struct rollout_request *request, int with)
{
    if (with & WITH_PAGE)
        return read_page(exchange, request);
    if (with & WITH_DIGEST_QUERY)
        return read_digest_query(exchange, request);
    if (!http_query_each(exchange, is_nothing, NULL))
        return refuse_query(exchange, "this path takes no query");
    if (with & WITH_GOOD_GUY)
        return api_read_good_guy(exchange, request);
    if (with & WITH_LIST_BODY)
        return api_read_list_wish(exchange, request);
    if (with & WITH_DIGEST_BODY)
        return read_digest_body(exchange, request);
    if (with & WITH_TEXT)
        return read_text(exchange, request);
    if (exchange->body.len > 0)
        return refuse_query(exchange, "this path takes no body");
    if (with & WITH_FILE)
        request->file = param(exchange, 1);
    return 0;
}

/* -- the handlers -- */

static size_t
collection_of(const struct http_route *route)
{
    size_t i = 0;

    while (strncmp(route->path, collections[i].path, strlen(collections[i].path)) != 0)
        if (++i == sizeof(collections) / sizeof(collections[0]))
            abort(); /* api.c has a route that is not in the table */
    return i;
}

static const struct action *
action_of(const struct http_route *route, const char *path)
{
    size_t i = 0;

    while (strcmp(actions[i].method, route->method) != 0 || strcmp(actions[i].path, path) != 0)
        if (++i == ACTION_COUNT)
            abort(); /* likewise */
    return &actions[i];
}

/* What comes with a shadow depends on whose it is. */
static int
with_of(const struct action *action, enum rollout_kind kind)
{
    return kind == ROLLOUT_LIST && action->verb == ROLLOUT_DO_SHADOW ? WITH_LIST_BODY
                                                                     : action->with;
}

/* All of /v1/policies, /v1/books and, but for their files, /v1/lists. */
void
api_rollout(struct http_exchange *exchange)
{
    size_t collection = collection_of(exchange->route);
    const char *path = exchange->route->path + strlen(collections[collection].path);
    const struct action *action = action_of(exchange->route, path);
    enum rollout_kind kind = collections[collection].kind;
    struct asked *asked = asked_new(exchange, action->verb);

    asked->request.kind = kind;
    if (strchr(path, '{')) {
        asked->request.name = param(exchange, 0);
        if (!rollout_name_is_sound(asked->request.name)) {
            http_problem(exchange, 404, "a name has letters, digits, - _ and ., at most 64");
            return;
        }
    }
    if (read_with(exchange, &asked->request, with_of(action, kind)) == 0)
        rollout_submit(bank_rollout(api_bank(exchange)), &asked->request);
}

static struct asked *
snapshot_asked(struct http_exchange *exchange, enum rollout_verb verb)
{
    struct asked *asked = asked_new(exchange, verb);
    uint8_t digest[SHA256_BYTES];

    asked->request.digest = param(exchange, 0);
    if (!http_query_each(exchange, is_nothing, NULL)) {
        http_problem(exchange, 400, "this path takes no query");
        return NULL;
    }
    if (digest_parse(asked->request.digest, digest))
        return asked;
    http_problem(exchange, 404, "a snapshot's name is \"sha256:\" and 64 digits");
    return NULL;
}

void
api_snapshots_list(struct http_exchange *exchange)
{
    struct asked *asked = asked_new(exchange, ROLLOUT_LIST_SNAPSHOTS);

    if (read_page(exchange, &asked->request) == 0)
        rollout_submit(bank_rollout(api_bank(exchange)), &asked->request);
}

void
api_snapshots_get(struct http_exchange *exchange)
{
    struct asked *asked = snapshot_asked(exchange, ROLLOUT_READ_SNAPSHOT);

    if (asked)
        rollout_submit(bank_rollout(api_bank(exchange)), &asked->request);
}

void
api_snapshots_text(struct http_exchange *exchange)
{
    struct asked *asked = snapshot_asked(exchange, ROLLOUT_SNAPSHOT_TEXT);

    if (!asked)
        return;
    asked->request.file =
        arena_printf(exchange->arena, "%s/%s", param(exchange, 1), param(exchange, 2));
    rollout_submit(bank_rollout(api_bank(exchange)), &asked->request);
}
