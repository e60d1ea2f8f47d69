/*
 * cases.c - yuanctl cases: what people at the bank look at, and what they do with it.
 *
 * Two tables: commands is what people type, steps what those that change a case ask of
 * /v1/cases/ID.
 */
#include <stdlib.h>
#include <string.h>

#include "clients/ask.h"
#include "clients/cases_print.h"
#include "gateway/base/json.h"

#define PATH_BYTES_FIRST 256

static const struct step {
    const char *name, *path;
    const char *argument; /* the member that the second argument is; NULL: there is none */
} steps[] = {
    {"note", "notes", "text"},    {"dispose", "disposition", "disposition"},
    {"release", "release", NULL}, {"return", "return", NULL},
    {"reject", "reject", NULL},   {"freeze", "freeze", NULL},
};

static const struct step *
step_find(const char *name)
{
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
        if (strcmp(steps[i].name, name) == 0)
            return &steps[i];
    abort(); /* a row of commands without one of steps */
}

/* {"code":"RR04"} under its name, where the option was given. */
static void
write_code(struct buffer *body, const char *key, const char *code)
{
    if (!code)
        return;
    json_key(body, key);
    json_open(body, '{');
    json_member(body, "code", code);
    json_close(body, '}');
}

static void
write_body(struct buffer *body, const struct step *step, const struct options *options)
{
    const char *text = options->values[OPTION_TEXT];

    json_open(body, '{');
    if (step->argument)
        json_member(body, step->argument, options->arguments[1]);
    if (text)
        json_member(body, "text", text);
    write_code(body, "reason", options->values[OPTION_REASON]);
    write_code(body, "disclosed", options->values[OPTION_DISCLOSED]);
    json_close(body, '}');
}

/* Who acts, where the gateway has no keys. */
static int
act_as(struct asking *asking)
{
    const char *actor = asking->options->values[OPTION_AS];

    if (!actor)
        return STATUS_DONE;
    if (actor[0] == '\0' || actor[strcspn(actor, "\r\n")] != '\0') {
        fputs("yuanctl: --as must be a name on one line\n", stderr);
        return STATUS_USAGE;
    }
    client_act_as(asking->client, actor);
    return STATUS_DONE;
}

static int
cases_step(const struct options *options)
{
    const struct step *step = step_find(options->command);
    struct asking asking;
    int status = ask_begin(&asking, options);

    if (status == STATUS_DONE)
        status = act_as(&asking);
    if (status == STATUS_DONE) {
        const char *path = arena_printf(&asking.arena, "/v1/cases/%s/%s",
                                        ask_escape(&asking, options->arguments[0]), step->path);
        struct buffer body;

        buffer_init(&body, &asking.arena, PATH_BYTES_FIRST);
        write_body(&body, step, options);
        status = ask(&asking, &(struct request){"POST", path, body.data, body.len}, print_case);
    }
    ask_end(&asking);
    return status;
}

static int
cases_show(const struct options *options)
{
    struct asking asking;
    int status = ask_begin(&asking, options);

    if (status == STATUS_DONE) {
        const char *path = arena_printf(&asking.arena, "/v1/cases/%s",
                                        ask_escape(&asking, options->arguments[0]));

        status = ask(&asking, &(struct request){"GET", path, NULL, 0}, print_case);
    }
    ask_end(&asking);
    return status;
}

static int
cases_list(const struct options *options)
{
    static const enum option filters[] = {OPTION_STATUS, OPTION_STATE, OPTION_DISPOSITION,
                                          OPTION_FROM,   OPTION_TO,    OPTION_LIMIT,
                                          OPTION_CURSOR};
    struct asking asking;
    int status = ask_begin(&asking, options);

    if (status == STATUS_DONE) {
        struct buffer path;

        buffer_init(&path, &asking.arena, PATH_BYTES_FIRST);
        buffer_text(&path, "/v1/cases");
        buffer_text(&path, options->values[OPTION_OVERDUE] ? "?overdue=true" : "");
        for (size_t i = 0; i < sizeof(filters) / sizeof(filters[0]); i++)
            ask_query(&asking, &path, filters[i]);
        status = ask(&asking, &(struct request){"GET", buffer_terminate(&path), NULL, 0},
                     print_cases);
    }
    ask_end(&asking);
    return status;
}

static const struct command commands[] = {
    /* clang-format off */
    { "list",    "",               0, 0, cases_list, "the queue, newest first, filtered by the options below" },
    { "show",    "ID",             1, 1, cases_show, "one case: payment, alerts, and what people did" },
    { "note",    "ID TEXT",        2, 2, cases_step, "write something down" },
    { "dispose", "ID DISPOSITION", 2, 2, cases_step, "what it is: false_positive, true_match or inconclusive" },
    { "release", "ID",             1, 1, cases_step, "the payment goes on; by another person than the reviewer" },
    { "return",  "ID",             1, 1, cases_step, "the money goes back" },
    { "reject",  "ID",             1, 1, cases_step, "the payment is refused" },
    { "freeze",  "ID",             1, 1, cases_step, "the money stays where it is" },
    { NULL, NULL, 0, 0, NULL, NULL },
    /* clang-format on */
};

void
cases_usage(FILE *out)
{
    fputs("usage: yuanctl [--server URL] [--json] cases COMMAND [ARGUMENTS] [OPTIONS]\n\n"
          "ID is a case's, which is its payment's\n\ncommands:\n",
          out);
    command_print(out, commands);
    fputs("\noptions:\n", out);
    options_print(out, "cases");
    fputs("\nexit status: 0 done, 1 refused, 2 usage, 3 no gateway answers\n", out);
}

int
command_cases(const struct options *options)
{
    return command_run_second(commands, "cases ", options);
}
