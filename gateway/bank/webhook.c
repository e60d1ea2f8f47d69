/* webhook.c - one webhook: what it wants, and what waits for it. */
#include "gateway/bank/webhook.h"

#include <stdlib.h>

#define DEFINITION_MAX 2000

/* ---- what is wanted ---- */

static int
check_url(const char *url, struct error *err)
{
    static const char *const schemes[] = {"http", "https"};
    CURLU *parts = curl_url();
    char *scheme = NULL, *user = NULL, *password = NULL, *host = NULL;
    int rc = -1;

    if (!parts)
        abort();
    if (strlen(url) > WEBHOOK_URL_MAX)
        error_set(err, ERROR_INVALID, "must have at most %d characters", WEBHOOK_URL_MAX);
    else if (curl_url_set(parts, CURLUPART_URL, url, 0) != CURLUE_OK ||
             curl_url_get(parts, CURLUPART_SCHEME, &scheme, 0) != CURLUE_OK ||
             curl_url_get(parts, CURLUPART_HOST, &host, 0) != CURLUE_OK)
        error_set(err, ERROR_INVALID, "must be a URL with scheme and host");
    else if (strcmp(scheme, schemes[0]) != 0 && strcmp(scheme, schemes[1]) != 0)
        error_set(err, ERROR_INVALID, "must begin with http:// or https://");
    else if (curl_url_get(parts, CURLUPART_USER, &user, 0) == CURLUE_OK ||
             curl_url_get(parts, CURLUPART_PASSWORD, &password, 0) == CURLUE_OK)
        error_set(err, ERROR_INVALID,
                  "must not hold a user or password: deliveries are signed instead");
    else
        rc = 0;
    curl_free(scheme);
    curl_free(user);
    curl_free(password);
    curl_free(host);
    curl_url_cleanup(parts);
    return rc;
}

static int
read_types(const cJSON *types, struct event_filter *filter, struct error *err)
{
    const cJSON *type;

    if (!cJSON_IsArray(types) || !types->child)
        return error_set(err, ERROR_INVALID, "must be an array of types of events");
    cJSON_ArrayForEach(type, types)
    {
        if (!cJSON_IsString(type) || strchr(type->valuestring, ','))
            return error_set(err, ERROR_INVALID, "must be an array of types of events");
        if (event_filter_set(filter, "type", type->valuestring, err) != 0)
            return -1;
    }
    return 0;
}

static int
read_condition(const cJSON *member, struct event_filter *filter, struct error *err)
{
    if (strcmp(member->string, "types") == 0)
        return read_types(member, filter, err);
    for (size_t i = 1; event_filter_name(i); i++) /* not the first: type */
        if (strcmp(member->string, event_filter_name(i)) == 0)
            return cJSON_IsString(member)
                       ? event_filter_set(filter, member->string, member->valuestring, err)
                       : error_set(err, ERROR_INVALID, "must be a string");
    return error_set(err, ERROR_INVALID,
                     "is none of url, secret, types, outcome, state, payment, uetr, currency, "
                     "debtor_country, bank");
}

/* Again as JSON, what has passed above. */
static const char *
write_definition(const cJSON *json, struct arena *arena)
{
    struct buffer out;
    const cJSON *member, *type;

    buffer_init(&out, arena, DEFINITION_MAX);
    json_open(&out, '{');
    cJSON_ArrayForEach(member, json)
    {
        if (strcmp(member->string, "url") == 0 || strcmp(member->string, "secret") == 0)
            continue;
        json_key(&out, member->string);
        if (cJSON_IsArray(member)) {
            json_open(&out, '[');
            cJSON_ArrayForEach(type, member)
            {
                json_string(&out, type->valuestring);
            }
            json_close(&out, ']');
        } else {
            json_string(&out, member->valuestring);
        }
    }
    json_close(&out, '}');
    return buffer_terminate(&out);
}

int
webhook_wish_read(const cJSON *json, struct arena *arena, struct webhook_wish *out,
                  const char **pointer, struct error *err)
{
    struct signature_key key;
    const cJSON *member;

    *out = (struct webhook_wish){.internal = true};
    *pointer = "";
    event_filter_init(&out->filter);
    if (!cJSON_IsObject(json))
        return error_set(err, ERROR_INVALID, "must be an object");
    cJSON_ArrayForEach(member, json)
    {
        bool url = strcmp(member->string, "url") == 0;

        *pointer = arena_printf(arena, "/%.60s", member->string);
        if (!url && strcmp(member->string, "secret") != 0) {
            if (read_condition(member, &out->filter, err) != 0)
                return -1;
            continue;
        }
        if (!cJSON_IsString(member))
            return error_set(err, ERROR_INVALID, "must be a string");
        *(url ? &out->url : &out->secret) = member->valuestring;
    }
    *pointer = "/url";
    if (!out->url)
        return error_set(err, ERROR_INVALID, "is missing");
    if (check_url(out->url, err) != 0)
        return -1;
    *pointer = "/secret";
    if (out->secret && !signature_key_read(out->secret, &key))
        return error_set(err, ERROR_INVALID,
                         "must be " SIGNATURE_PREFIX " and the base64 of %d to %d bytes",
                         SIGNATURE_SECRET_MIN, SIGNATURE_SECRET_MAX);
    out->definition = write_definition(json, arena);
    return 0;
}

/* ---- one of them ---- */

static int
read_definition(const char *text, struct event_filter *filter, struct error *err)
{
    struct arena arena = {0};
    cJSON *json = NULL;
    int rc = json_parse(&arena, text, strlen(text), &json, err);

    event_filter_init(filter);
    for (const cJSON *member = rc == 0 ? json->child : NULL; member && rc == 0;
         member = member->next)
        rc = read_condition(member, filter, err);
    arena_release(&arena);
    return rc;
}

static void *
must(void *memory)
{
    if (!memory)
        abort();
    return memory;
}

struct webhook *
webhook_new(struct webhooks *webhooks, const struct webhook_row *row, struct error *err)
{
    struct webhook *webhook = must(calloc(1, sizeof(*webhook)));

    webhook->webhooks = webhooks;
    webhook->url = must(strdup(row->url));
    webhook->definition = must(strdup(row->definition));
    webhook->queue = must(calloc(2 * WEBHOOK_QUEUE_MAX, sizeof(*webhook->queue)));
    snprintf(webhook->id, sizeof(webhook->id), "%s", row->id);
    snprintf(webhook->secret, sizeof(webhook->secret), "%s", row->secret);
    webhook->created_ms = row->created_ms;
    webhook->scanned = webhook->saved = row->cursor;
    webhook->disabled = row->disabled;
    webhook->internal = true;
    if (!signature_key_read(webhook->secret, &webhook->key))
        error_set(err, ERROR_INTERNAL, "the stored secret is none");
    else if (read_definition(row->definition, &webhook->filter, err) == 0)
        return webhook;
    webhook_free(webhook);
    return NULL;
}

void
webhook_give_up_scan(struct webhook *webhook)
{
    if (webhook->scan)
        webhook->scan->webhook = NULL;
    webhook->scan = NULL;
}

void
webhook_free(struct webhook *webhook)
{
    deliveries_give_up(webhook);
    webhook_give_up_scan(webhook);
    free(webhook->url);
    free(webhook->definition);
    free(webhook->queue);
    free(webhook);
}

/* ---- its queue ---- */

static void
queue_append(struct webhook *webhook, const struct webhook_item *item)
{
    if (webhook->first + webhook->count == 2 * (size_t)WEBHOOK_QUEUE_MAX) {
        memmove(webhook->queue, webhook->queue + webhook->first,
                webhook->count * sizeof(*webhook->queue));
        webhook->first = 0;
    }
    webhook->queue[webhook->first + webhook->count++] = *item;
}

void
webhook_look(struct webhook *webhook, const struct event_batch *batch)
{
    size_t count = event_batch_may_pass(&webhook->filter, batch) ? batch->count : 0;

    for (size_t i = 0; i < count; i++) {
        const struct event *event = &batch->events[i];
        struct webhook_item item = {.seq = event->seq};

        if (event->seq <= webhook->scanned || !event_passes(&webhook->filter, &event->key))
            continue;
        if (webhook->count == WEBHOOK_QUEUE_MAX) {
            webhook->scanned = event->seq - 1; /* from here on it is read again (W4) */
            return;
        }
        memcpy(&item.payment, event->key.payment + 8, sizeof(item.payment));
        queue_append(webhook, &item);
    }
    if (batch->last_seq > webhook->scanned)
        webhook->scanned = batch->last_seq;
}

bool
webhook_put_again(struct webhook *webhook, const struct webhook_item *item)
{
    struct webhook_item *queue = webhook->queue + webhook->first;
    size_t at = 0;

    for (const struct delivery *open = webhook->open; open; open = open->next)
        if (open->item.seq == item->seq)
            return true;
    if (webhook->count == WEBHOOK_QUEUE_MAX)
        return false;
    while (at < webhook->count && queue[at].seq < item->seq)
        at++;
    if (at < webhook->count && queue[at].seq == item->seq)
        return true;
    queue_append(webhook, item); /* makes room, and may move the queue */
    queue = webhook->queue + webhook->first;
    memmove(queue + at + 1, queue + at, (webhook->count - 1 - at) * sizeof(*queue));
    queue[at] = *item;
    return true;
}

static bool
is_under_way(const struct webhook *webhook, uint64_t payment)
{
    for (const struct delivery *open = webhook->open; open; open = open->next)
        if (open->item.payment == payment)
            return true;
    return false;
}

/* An earlier one of the same payment that was passed over is passed over for one under way. */
bool
webhook_next(struct webhook *webhook, struct webhook_item *item)
{
    struct webhook_item *queue = webhook->queue + webhook->first;

    for (size_t i = 0; i < webhook->count && i < WEBHOOK_LOOK_MAX; i++) {
        if (is_under_way(webhook, queue[i].payment)) /* W2 */
            continue;
        *item = queue[i];
        memmove(queue + 1, queue, i * sizeof(*queue));
        webhook->first++;
        webhook->count--;
        return true;
    }
    return false;
}

uint64_t
webhook_cursor(const struct webhook *webhook)
{
    const struct webhook_item *queue = webhook->queue + webhook->first;
    uint64_t cursor = webhook->scanned;

    for (size_t i = 0; i < webhook->count; i++) {
        if (queue[i].letter)
            continue;
        cursor = queue[i].seq - 1;
        break;
    }
    for (const struct delivery *open = webhook->open; open; open = open->next)
        if (!open->item.letter && open->item.seq <= cursor)
            cursor = open->item.seq - 1;
    return cursor;
}
