/*
 * lists_rollout.c - the lists of a running gateway: shown, loaded, shadowed, taken back.
 *
 * One table, as in rollout.c: what each command asks of /v1/lists/NAME.
 */
#include <stdlib.h>
#include <string.h>

#include "clients/lists_gateway.h"
#include "clients/rollout_print.h"
#include "gateway/base/json.h"

#define PATH_BYTES_FIRST 256
#define LIST_LIMIT       "500" /* the most that a gateway takes */

static const struct verb {
    const char *name, *method, *path;
    ask_print *print;
    ask_refusal *refusal; /* of those that load: they take FILE..., and wishes */
} verbs[] = {
    /* clang-format off */
    { "show",          "GET",    "",          lists_print_one,          NULL },
    { "unput",         "DELETE", "/files",    lists_print_incoming,     NULL },
    { "load",          "POST",   "/load",     lists_print_one,          lists_print_refusal },
    { "shadow",        "POST",   "/shadow",   lists_print_shadow,       lists_print_refusal },
    { "disagreements", "GET",    "/shadow",   rollout_print_comparison, NULL },
    { "unshadow",      "DELETE", "/shadow",   rollout_print_comparison, NULL },
    { "rollback",      "POST",   "/rollback", lists_print_one,          NULL },
    { "history",       "GET",    "/history",  rollout_print_history,    NULL },
    /* clang-format on */
};

static const struct verb *
verb_find(const char *name)
{
    for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
        if (strcmp(verbs[i].name, name) == 0)
            return &verbs[i];
    abort(); /* lists.c has a command without a row here */
}

/* -- what is asked -- */

/* Options that a body has, under their names there. */
static const struct {
    enum option option;
    const char *member;
    unsigned most; /* of a number; 0: a text */
} wishes[] = {
    {OPTION_DIGEST, "digest", 0},
    {OPTION_AS_OF, "as_of", 0},
    {OPTION_SHRINK, "shrink_percent_max", 100},
    {OPTION_PAYMENTS, "payments", 100000},
    {OPTION_LIMIT, "limit", 500},
};

/* options.c lets each command have only the options that it takes. */
static int
wish_body(struct asking *asking, struct request *request, struct error *err)
{
    struct buffer body;

    buffer_init(&body, &asking->arena, PATH_BYTES_FIRST);
    json_open(&body, '{');
    for (size_t i = 0; i < sizeof(wishes) / sizeof(wishes[0]); i++) {
        const char *value = asking->options->values[wishes[i].option];
        unsigned number = 0;

        if (!value)
            continue;
        json_key(&body, wishes[i].member);
        if (wishes[i].most == 0)
            json_string(&body, value);
        else if (lists_number(asking->options, wishes[i].option, wishes[i].most, &number,
                              err) == 0)
            json_int(&body, number);
        else
            return -1;
    }
    json_close(&body, '}');
    request->body = buffer_terminate(&body);
    request->len = body.len;
    return 0;
}

static int
verb_request(struct asking *asking, const struct verb *verb, struct request *request,
             struct error *err)
{
    const char *const *arguments = asking->options->arguments;
    struct buffer path;
    int rc = 0;

    *request = (struct request){.method = verb->method};
    buffer_init(&path, &asking->arena, PATH_BYTES_FIRST);
    buffer_printf(&path, "/v1/lists/%s%s", ask_escape(asking, arguments[0]), verb->path);
    if (strcmp(verb->method, "GET") == 0) {
        ask_query(asking, &path, OPTION_LIMIT);
        ask_query(asking, &path, OPTION_CURSOR);
    } else if (verb->refusal) {
        rc = wish_body(asking, request, err);
    } else if (asking->options->argument_count > 1) {
        buffer_printf(&path, "/%s", ask_escape(asking, arguments[1]));
    }
    request->path = buffer_terminate(&path);
    return rc;
}

/* -- one list -- */

/* What makes no sense is said before any file is put. */
static int
verb_ask(struct asking *asking, const struct verb *verb)
{
    const struct options *options = asking->options;
    struct request request;
    struct error err = {0};
    int status = STATUS_DONE;

    if (options->argument_count > 1 && options->values[OPTION_DIGEST]) {
        error_set(&err, ERROR_INVALID,
                  "--digest is of a list that was put before; give it or FILE, not both");
        return command_complain(STATUS_USAGE, &err);
    }
    if (verb_request(asking, verb, &request, &err) != 0)
        return command_complain(STATUS_USAGE, &err);
    if (options->argument_count > 1 && verb->refusal)
        status = lists_put_all(asking, options->arguments[0], options->arguments + 1,
                               options->argument_count - 1);
    return status == STATUS_DONE ? ask_whether(asking, &request, verb->print, verb->refusal)
                                 : status;
}

int
lists_verb(const struct options *options)
{
    struct asking asking;
    int status = ask_begin(&asking, options);

    if (status == STATUS_DONE)
        status = verb_ask(&asking, verb_find(options->command));
    ask_end(&asking);
    return status;
}

/* -- all of them -- */

static int
show_all(struct asking *asking)
{
    struct buffer path;

    buffer_init(&path, &asking->arena, PATH_BYTES_FIRST);
    buffer_text(&path, "/v1/lists");
    buffer_text(&path, asking->options->values[OPTION_LIMIT] ? "" : "?limit=" LIST_LIMIT);
    ask_query(asking, &path, OPTION_LIMIT);
    ask_query(asking, &path, OPTION_CURSOR);
    return ask(asking, &(struct request){"GET", buffer_terminate(&path), NULL, 0},
               lists_print_all);
}

int
lists_show(const struct options *options)
{
    struct asking asking;
    int status;

    if (options->argument_count > 0)
        return lists_verb(options);
    status = ask_begin(&asking, options);
    if (status == STATUS_DONE)
        status = show_all(&asking);
    ask_end(&asking);
    return status;
}
