/* commands.c - one request and its answer: pay, get, list, evaluate. */
#include "clients/command.h"

#include <stdlib.h>

#include "clients/client.h"
#include "clients/input.h"
#include "clients/print.h"
#include "gateway/base/buffer.h"
#include "gateway/base/json.h"

/* Print a reply, on standard error if it is a problem. */
static int
reply_print(const struct options *options, const struct reply *reply, struct arena *arena,
            void (*print)(FILE *out, const cJSON *json))
{
    struct error err = {0};
    cJSON *json = NULL;
    int done = reply->status >= 200 && reply->status < 300;

    if (json_parse(arena, reply->body, reply->len, &json, &err) != 0 && done) {
        fprintf(stderr, "yuanctl: the gateway's answer is not JSON: %s\n", err.text);
        return STATUS_UNEXPECTED;
    }
    if (options->values[OPTION_JSON])
        printf("%.*s\n", (int)reply->len, reply->body);
    else if (done)
        print(stdout, json);
    if (!done)
        print_problem(stderr, "", reply->status, json);
    return done ? STATUS_DONE : STATUS_UNEXPECTED;
}

/* Open a client, send one request, print the answer. */
static int
ask(const struct options *options, struct client *client, const struct request *request,
    struct arena *arena, void (*print)(FILE *out, const cJSON *json))
{
    struct error err = {0};
    struct reply reply;

    if (client_request(client, request, arena, &reply, &err) != 0)
        return command_complain(STATUS_UNREACHABLE, &err);
    return reply_print(options, &reply, arena, print);
}

static struct client *
client_for(const struct options *options)
{
    const char *server = options->values[OPTION_SERVER];
    struct error err = {0};
    struct client *client = NULL;

    if (client_open(server ? server : DEFAULT_SERVER, &client, &err) != 0)
        command_complain(STATUS_USAGE, &err);
    return client;
}

static int
post_file(const struct options *options, const char *path)
{
    struct client *client = client_for(options);
    struct arena arena = {0};
    struct error err = {0};
    char *body = NULL;
    size_t len = 0;
    int status = STATUS_USAGE;

    if (!client)
        return STATUS_USAGE;
    if (input_read(&arena, options->arguments[0], &body, &len, &err) != 0)
        command_complain(STATUS_USAGE, &err);
    else
        status = ask(options, client, &(struct request){"POST", path, body, len}, &arena,
                     print_decision);
    arena_release(&arena);
    client_close(client);
    return status;
}

int
command_pay(const struct options *options)
{
    return post_file(options, "/v1/payments");
}

int
command_evaluate(const struct options *options)
{
    return post_file(options, options->values[OPTION_EXPLAIN] ? "/v1/evaluations?explain=true"
                                                              : "/v1/evaluations");
}

int
command_get(const struct options *options)
{
    struct client *client = client_for(options);
    struct arena arena = {0};
    const char *path;
    int status;

    if (!client)
        return STATUS_USAGE;
    path = arena_printf(&arena, "/v1/payments/%s",
                        client_escape(client, &arena, options->arguments[0]));
    status =
        ask(options, client, &(struct request){"GET", path, NULL, 0}, &arena, print_decision);
    arena_release(&arena);
    client_close(client);
    return status;
}

/* "debtor-country" on the command line is debtor_country in the query. */
static void
query_name(struct buffer *path, const char *option)
{
    for (; *option; option++)
        buffer_append(path, *option == '-' ? "_" : option, 1);
}

int
command_list(const struct options *options)
{
    struct client *client = client_for(options);
    struct arena arena = {0};
    struct buffer path;
    char separator = '?';
    int status;

    if (!client)
        return STATUS_USAGE;
    buffer_init(&path, &arena, 256);
    buffer_text(&path, "/v1/payments");
    for (int i = OPTION_FILTER_FIRST; i <= OPTION_FILTER_LAST; i++) {
        if (!options->values[i])
            continue;
        buffer_append(&path, &separator, 1);
        query_name(&path, option_name((enum option)i));
        buffer_text(&path, "=");
        buffer_text(&path, client_escape(client, &arena, options->values[i]));
        separator = '&';
    }
    status = ask(options, client, &(struct request){"GET", buffer_terminate(&path), NULL, 0},
                 &arena, print_list);
    arena_release(&arena);
    client_close(client);
    return status;
}
