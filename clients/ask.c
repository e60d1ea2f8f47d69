/* ask.c - see ask.h. */
#include "clients/ask.h"

#include <stdlib.h>
#include <string.h>

#include "clients/input.h"
#include "clients/print.h"
#include "gateway/access/keys_file.h"
#include "gateway/base/json.h"

/* NULL: there is none. */
static int
find_key(const struct options *options, struct arena *arena, const char **key,
         struct error *err)
{
    const char *file = options->values[OPTION_KEY_FILE];
    char id[KEY_ID_DIGITS + 1];

    *key = options->values[OPTION_KEY];
    if (*key && file)
        return error_set(err, ERROR_INVALID, "--key and --key-file are both given");
    if (file && input_read_line(arena, file, key, err) != 0)
        return -1;
    if (!*key)
        *key = getenv("YUANGATE_KEY");
    if (*key && !key_text_is_sound(*key, strlen(*key), id))
        return error_set(err, ERROR_INVALID,
                         "the key of %s is none that yuangate keys add has given out: yg_, 12 "
                         "digits, _, 64 digits",
                         file                          ? file
                         : options->values[OPTION_KEY] ? "--key"
                                                       : "YUANGATE_KEY");
    return 0;
}

int
ask_connect(const struct options *options, const char *server, struct client **client,
            struct error *err)
{
    struct arena arena = {0};
    const char *key;
    int rc = -1;

    *client = NULL;
    if (find_key(options, &arena, &key, err) != 0 || client_open(server, client, err) != 0)
        goto out;
    if (key)
        client_set_key(*client, key);
    rc = 0;
out:
    arena_release(&arena);
    return rc;
}

int
ask_begin(struct asking *asking, const struct options *options)
{
    const char *server = options->values[OPTION_SERVER];
    struct error err = {0};

    *asking = (struct asking){.options = options};
    if (ask_connect(options, server ? server : DEFAULT_SERVER, &asking->client, &err) != 0)
        return command_complain(STATUS_USAGE, &err);
    return STATUS_DONE;
}

void
ask_end(struct asking *asking)
{
    client_close(asking->client);
    arena_release(&asking->arena);
}

int
ask_send(struct asking *asking, const struct request *request, struct reply *reply)
{
    struct error err = {0};

    if (client_request(asking->client, request, &asking->arena, reply, &err) != 0)
        return command_complain(STATUS_UNREACHABLE, &err);
    return STATUS_DONE;
}

int
ask_show(struct asking *asking, const struct reply *reply, ask_print *print)
{
    struct error err = {0};
    cJSON *json = NULL;
    int done = reply->status >= 200 && reply->status < 300;

    if (done && !print) {
        fwrite(reply->body, 1, reply->len, stdout);
        return STATUS_DONE;
    }
    if (json_parse(&asking->arena, reply->body, reply->len, &json, &err) != 0 && done) {
        fprintf(stderr, "yuanctl: the gateway's answer is not JSON: %s\n", err.text);
        return STATUS_UNEXPECTED;
    }
    if (asking->options->values[OPTION_JSON])
        printf("%.*s\n", (int)reply->len, reply->body);
    else if (done)
        print(stdout, json);
    if (!done)
        print_problem(stderr, "", reply->status, json);
    return done ? STATUS_DONE : STATUS_UNEXPECTED;
}

int
ask(struct asking *asking, const struct request *request, ask_print *print)
{
    struct reply reply;
    int status = ask_send(asking, request, &reply);

    return status == STATUS_DONE ? ask_show(asking, &reply, print) : status;
}

static bool
show_refusal(struct asking *asking, const struct reply *reply, ask_refusal *refusal)
{
    struct error err = {0};
    cJSON *json;

    return refusal && reply->status == 422 && !asking->options->values[OPTION_JSON] &&
           json_parse(&asking->arena, reply->body, reply->len, &json, &err) == 0 &&
           refusal(stdout, json);
}

int
ask_whether(struct asking *asking, const struct request *request, ask_print *print,
            ask_refusal *refusal)
{
    struct reply reply;
    int status = ask_send(asking, request, &reply);

    if (status != STATUS_DONE)
        return status;
    if (show_refusal(asking, &reply, refusal))
        return STATUS_UNEXPECTED;
    return ask_show(asking, &reply, print);
}

int
ask_read(struct asking *asking, const char *file, char **text, size_t *len)
{
    struct error err = {0};

    if (input_read(&asking->arena, file, text, len, &err) != 0)
        return command_complain(STATUS_USAGE, &err);
    return STATUS_DONE;
}

const char *
ask_escape(struct asking *asking, const char *text)
{
    return client_escape(asking->client, &asking->arena, text);
}

void
ask_query(struct asking *asking, struct buffer *path, enum option option)
{
    const char *value = asking->options->values[option];

    if (!value)
        return;
    buffer_text(path, memchr(path->data, '?', path->len) ? "&" : "?");
    for (const char *name = option_name(option); *name; name++)
        buffer_append(path, *name == '-' ? "_" : name, 1);
    buffer_text(path, "=");
    buffer_text(path, ask_escape(asking, value));
}
