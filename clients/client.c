/* client.c - libcurl's easy interface, one handle a client. */
#include "clients/client.h"

#include <curl/curl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/base/buffer.h"

#define REPLY_BYTES_FIRST 4096
#define USER_AGENT        "yuanctl"

struct client {
    CURL *curl;
    const char *actor; /* see client_act_as(); NULL: nobody */
    struct curl_slist *json_headers, *file_headers;
    char *server; /* without a trailing slash */
    char curl_text[CURL_ERROR_SIZE];
};

static bool
host_is_loopback(const char *host)
{
    return strcmp(host, "localhost") == 0 || strncmp(host, "127.", 4) == 0 ||
           strcmp(host, "[::1]") == 0;
}

/* Check the address; *loopback tells whether it is this machine. */
static int
server_check(const char *server, bool *loopback, struct error *err)
{
    CURLU *url = curl_url();
    char *scheme = NULL, *host = NULL;
    int rc = -1;

    if (!url)
        abort();
    if (curl_url_set(url, CURLUPART_URL, server, 0) != CURLUE_OK ||
        curl_url_get(url, CURLUPART_SCHEME, &scheme, 0) != CURLUE_OK ||
        curl_url_get(url, CURLUPART_HOST, &host, 0) != CURLUE_OK ||
        (strcmp(scheme, "http") != 0 && strcmp(scheme, "https") != 0)) {
        error_set(err, ERROR_INVALID, "--server \"%s\" is not of the form http://host:port",
                  server);
        goto out;
    }
    *loopback = host_is_loopback(host);
    rc = 0;
out:
    curl_free(scheme);
    curl_free(host);
    curl_url_cleanup(url);
    return rc;
}

/* "Expect:" without a value keeps curl from waiting for a 100 first. */
static struct curl_slist *
headers_of(const char *media_type)
{
    struct curl_slist *first = curl_slist_append(NULL, media_type);
    struct curl_slist *both = curl_slist_append(first, "Expect:");

    if (!first || !both)
        abort();
    return both;
}

static void
client_set_up(struct client *client, bool loopback)
{
    curl_easy_setopt(client->curl, CURLOPT_ERRORBUFFER, client->curl_text);
    curl_easy_setopt(client->curl, CURLOPT_USERAGENT, USER_AGENT);
    curl_easy_setopt(client->curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(client->curl, CURLOPT_TCP_NODELAY, 1L);
    curl_easy_setopt(client->curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(client->curl, CURLOPT_CONNECTTIMEOUT_MS, (long)CLIENT_CONNECT_MS);
    if (loopback)
        curl_easy_setopt(client->curl, CURLOPT_PROXY, "");
}

int
client_open(const char *server, struct client **out, struct error *err)
{
    bool loopback = false;
    struct client *client;
    size_t len = strlen(server);

    *out = NULL;
    if (server_check(server, &loopback, err) != 0)
        return -1;
    while (len > 0 && server[len - 1] == '/')
        len--;
    client = calloc(1, sizeof(*client));
    if (!client || !(client->server = strndup(server, len)) ||
        !(client->curl = curl_easy_init()))
        abort();
    client->json_headers = headers_of("Content-Type: application/json");
    client->file_headers = headers_of("Content-Type: application/octet-stream");
    client_set_up(client, loopback);
    *out = client;
    return 0;
}

void
client_set_key(struct client *client, const char *key)
{
    curl_easy_setopt(client->curl, CURLOPT_HTTPAUTH, CURLAUTH_BEARER);
    curl_easy_setopt(client->curl, CURLOPT_XOAUTH2_BEARER, key);
}

static size_t
body_arrived(char *data, size_t size, size_t count, void *context)
{
    struct buffer *body = context;
    size_t len = size * count;

    if (body->len + len > CLIENT_REPLY_BYTES_MAX)
        return 0; /* curl gives up with a write error */
    buffer_append(body, data, len);
    return len;
}

/* Once all is set but where to and what becomes of the reply. */
static int
client_perform(struct client *client, const char *path, struct arena *arena,
               struct reply *reply, struct error *err)
{
    const char *url = arena_printf(arena, "%s%s", client->server, path);
    struct buffer received;
    long status = 0;
    CURLcode code;

    *reply = (struct reply){0};
    buffer_init(&received, arena, REPLY_BYTES_FIRST);
    client->curl_text[0] = '\0';
    curl_easy_setopt(client->curl, CURLOPT_URL, url);
    curl_easy_setopt(client->curl, CURLOPT_WRITEFUNCTION, body_arrived);
    curl_easy_setopt(client->curl, CURLOPT_WRITEDATA, &received);
    code = curl_easy_perform(client->curl);
    if (code != CURLE_OK)
        return error_set(err, ERROR_BUSY, "cannot reach %s: %s", client->server,
                         client->curl_text[0] ? client->curl_text : curl_easy_strerror(code));
    curl_easy_getinfo(client->curl, CURLINFO_RESPONSE_CODE, &status);
    reply->len = received.len;
    reply->body = buffer_terminate(&received);
    reply->status = (int)status;
    return 0;
}

void
client_act_as(struct client *client, const char *actor)
{
    client->actor = actor;
}

/* A request's own headers and who acts, for one request; NULL where nobody says. */
static struct curl_slist *
headers_with_actor(const struct client *client, const struct request *request,
                   struct arena *arena)
{
    const struct curl_slist *own = request->body ? client->json_headers : NULL;
    struct curl_slist *list;

    if (!client->actor || client->actor[0] == '\0')
        return NULL;
    list = curl_slist_append(NULL, arena_printf(arena, "Yuangate-Actor: %s", client->actor));
    for (; own && list; own = own->next)
        list = curl_slist_append(list, own->data);
    if (!list)
        abort();
    return list;
}

int
client_request(struct client *client, const struct request *request, struct arena *arena,
               struct reply *reply, struct error *err)
{
    struct curl_slist *more = headers_with_actor(client, request, arena);
    int rc;

    if (request->body) {
        curl_easy_setopt(client->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->len);
        curl_easy_setopt(client->curl, CURLOPT_POSTFIELDS, request->body);
        curl_easy_setopt(client->curl, CURLOPT_HTTPHEADER, client->json_headers);
    } else {
        curl_easy_setopt(client->curl, CURLOPT_HTTPGET, 1L);
        curl_easy_setopt(client->curl, CURLOPT_HTTPHEADER, NULL);
    }
    /* The two above stand for GET and POST; the name that is sent is this one. */
    curl_easy_setopt(client->curl, CURLOPT_CUSTOMREQUEST, request->method);
    curl_easy_setopt(client->curl, CURLOPT_TIMEOUT_MS, (long)CLIENT_REPLY_MS);
    if (more)
        curl_easy_setopt(client->curl, CURLOPT_HTTPHEADER, more);
    rc = client_perform(client, request->path, arena, reply, err);
    if (more)
        curl_easy_setopt(client->curl, CURLOPT_HTTPHEADER, NULL);
    curl_slist_free_all(more);
    return rc;
}

/* -- streams -- */

struct taking {
    CURL *curl;
    bool (*take)(void *context, int status, const char *bytes, size_t len);
    void *context;
    bool enough;
};

static size_t
stream_arrived(char *data, size_t size, size_t count, void *context)
{
    struct taking *taking = context;
    long status = 0;

    curl_easy_getinfo(taking->curl, CURLINFO_RESPONSE_CODE, &status);
    taking->enough = !taking->take(taking->context, (int)status, data, size * count);
    return taking->enough ? 0 : size * count;
}

int
client_listen(struct client *client, const char *path, const char *last_id,
              bool (*take)(void *context, int status, const char *bytes, size_t len),
              void *context, int *status, struct error *err)
{
    struct taking taking = {client->curl, take, context, false};
    struct arena arena = {0};
    struct curl_slist *headers = curl_slist_append(
        NULL, last_id[0] ? arena_printf(&arena, "Last-Event-ID: %s", last_id) : "Accept: */*");
    long code = 0;
    CURLcode result;

    client->curl_text[0] = '\0';
    curl_easy_setopt(client->curl, CURLOPT_URL,
                     arena_printf(&arena, "%s%s", client->server, path));
    curl_easy_setopt(client->curl, CURLOPT_HTTPGET, 1L);
    curl_easy_setopt(client->curl, CURLOPT_CUSTOMREQUEST, "GET");
    curl_easy_setopt(client->curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(client->curl, CURLOPT_TIMEOUT_MS, 0L);
    curl_easy_setopt(client->curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(client->curl, CURLOPT_LOW_SPEED_TIME, (long)CLIENT_SILENCE_S);
    curl_easy_setopt(client->curl, CURLOPT_WRITEFUNCTION, stream_arrived);
    curl_easy_setopt(client->curl, CURLOPT_WRITEDATA, &taking);
    result = curl_easy_perform(client->curl);
    curl_easy_getinfo(client->curl, CURLINFO_RESPONSE_CODE, &code);
    *status = (int)code;
    curl_easy_setopt(client->curl, CURLOPT_HTTPHEADER, NULL);
    curl_easy_setopt(client->curl, CURLOPT_LOW_SPEED_TIME, 0L);
    curl_slist_free_all(headers);
    arena_release(&arena);
    if (result == CURLE_OK || taking.enough)
        return 0;
    return error_set(err, ERROR_BUSY, "cannot listen to %s: %s", client->server,
                     client->curl_text[0] ? client->curl_text : curl_easy_strerror(result));
}

/* -- files -- */

/* One that is under way. */
struct sending {
    const struct client_file *file;
    long begin;
    size_t sent;
    bool failed;
};

static size_t
body_wanted(char *data, size_t size, size_t count, void *context)
{
    struct sending *sending = context;
    size_t left = sending->file->len - sending->sent, room = size * count;
    size_t got = fread(data, 1, left < room ? left : room, sending->file->file);

    sending->failed = got == 0 && left > 0;
    if (sending->failed)
        return CURL_READFUNC_ABORT;
    sending->sent += got;
    if (sending->file->progress)
        sending->file->progress(sending->file->context, sending->sent);
    return got;
}

/* From its beginning again: the connection that was kept had gone. */
static int
body_again(void *context, curl_off_t offset, int origin)
{
    struct sending *sending = context;

    if (origin != SEEK_SET ||
        fseek(sending->file->file, sending->begin + (long)offset, SEEK_SET))
        return CURL_SEEKFUNC_CANTSEEK;
    sending->sent = (size_t)offset;
    return CURL_SEEKFUNC_OK;
}

static void
sending_begin(struct client *client, struct sending *sending)
{
    CURL *curl = client->curl;

    curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)sending->file->len);
    curl_easy_setopt(curl, CURLOPT_READFUNCTION, body_wanted);
    curl_easy_setopt(curl, CURLOPT_READDATA, sending);
    curl_easy_setopt(curl, CURLOPT_SEEKFUNCTION, body_again);
    curl_easy_setopt(curl, CURLOPT_SEEKDATA, sending);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, client->file_headers);
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, NULL);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, 0L);
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, (long)CLIENT_REPLY_MS / 1000);
}

/* What would hold for the next request as well; not every libcurl takes it back by itself. */
static void
sending_end(struct client *client)
{
    curl_easy_setopt(client->curl, CURLOPT_UPLOAD, 0L);
    curl_easy_setopt(client->curl, CURLOPT_LOW_SPEED_TIME, 0L);
}

int
client_put_file(struct client *client, const char *path, const struct client_file *file,
                struct arena *arena, struct reply *reply, struct error *err)
{
    struct sending sending = {.file = file, .begin = ftell(file->file)};
    int rc;

    sending_begin(client, &sending);
    rc = client_perform(client, path, arena, reply, err);
    sending_end(client);
    if (sending.failed)
        return error_set(err, ERROR_INVALID, "it is shorter than it was");
    return rc;
}

const char *
client_escape(struct client *client, struct arena *arena, const char *text)
{
    char *escaped = curl_easy_escape(client->curl, text, (int)strlen(text));
    const char *copy;

    if (!escaped)
        abort();
    copy = arena_copy(arena, escaped, strlen(escaped));
    curl_free(escaped);
    return copy;
}

void
client_close(struct client *client)
{
    if (!client)
        return;
    curl_slist_free_all(client->json_headers);
    curl_slist_free_all(client->file_headers);
    curl_easy_cleanup(client->curl);
    free(client->server);
    free(client);
}
