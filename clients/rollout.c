/*
 * rollout.c - yuanctl rollout: versions of policies and books at a running gateway.
 *
 * Two tables: commands is what people type, verbs what those that take a NAME ask of
 * /v1/policies/NAME, or with --book of /v1/books/NAME.  What has no NAME (list, put,
 * snapshot) has a function of its own.
 */
#include <stdlib.h>
#include <string.h>

#include "clients/ask.h"
#include "clients/rollout_print.h"
#include "gateway/base/json.h"

#define PATH_BYTES_FIRST 256
#define LIST_LIMIT       "500" /* the most that a gateway takes */

enum { POLICY, BOOK, KIND_COUNT };

static const struct {
    const char *member; /* by which a text names itself */
    const char *path;
} kinds[KIND_COUNT] = {
    [POLICY] = {"pack", "/v1/policies"},
    [BOOK] = {"book", "/v1/books"},
};

static const struct verb {
    const char *name, *method, *path;
    ask_print *print; /* NULL: the bytes as they are */
    ask_refusal *refusal;
} verbs[] = {
    /* clang-format off */
    { "check",         "POST",   "/check",    rollout_print_check,      rollout_print_refusal },
    { "shadow",        "POST",   "/shadow",   rollout_print_comparison, NULL },
    { "unshadow",      "DELETE", "/shadow",   rollout_print_comparison, NULL },
    { "disagreements", "GET",    "/shadow",   rollout_print_comparison, NULL },
    { "activate",      "POST",   "/activate", rollout_print_name,       NULL },
    { "rollback",      "POST",   "/rollback", rollout_print_name,       NULL },
    { "history",       "GET",    "/history",  rollout_print_history,    NULL },
    { "text",          "GET",    "/text",     NULL,                     NULL },
    /* clang-format on */
};

#define VERB_COUNT (sizeof(verbs) / sizeof(verbs[0]))

/* NULL: a command that takes no NAME, or none at all. */
static const struct verb *
verb_find(const char *name)
{
    for (size_t i = 0; i < VERB_COUNT; i++)
        if (strcmp(verbs[i].name, name) == 0)
            return &verbs[i];
    return NULL;
}

/* -- one policy or book -- */

/* The body that names another version than the candidate; "" asks for that. */
static void
digest_body(struct asking *asking, struct request *request)
{
    const char *digest = asking->options->values[OPTION_DIGEST];
    struct buffer body;

    request->body = "";
    if (!digest)
        return;
    buffer_init(&body, &asking->arena, PATH_BYTES_FIRST);
    json_open(&body, '{');
    json_member(&body, "digest", digest);
    json_close(&body, '}');
    request->body = buffer_terminate(&body);
    request->len = body.len;
}

/* options.c lets each command have only the options that it takes. */
static struct request
verb_request(struct asking *asking, const struct verb *verb)
{
    const struct options *options = asking->options;
    const char *book = options->values[OPTION_BOOK];
    struct request request = {.method = verb->method};
    struct buffer path;

    buffer_init(&path, &asking->arena, PATH_BYTES_FIRST);
    buffer_printf(&path, "%s/%s%s", kinds[book ? BOOK : POLICY].path,
                  ask_escape(asking, book ? book : options->arguments[0]), verb->path);
    if (strcmp(verb->method, "GET") == 0) {
        ask_query(asking, &path, OPTION_DIGEST);
        ask_query(asking, &path, OPTION_LIMIT);
        ask_query(asking, &path, OPTION_CURSOR);
    } else if (strcmp(verb->method, "POST") == 0) {
        digest_body(asking, &request);
    }
    request.path = buffer_terminate(&path);
    return request;
}

static int
rollout_verb(const struct options *options)
{
    const struct verb *verb = verb_find(options->command);
    struct asking asking;
    int status;

    if (!verb)
        abort(); /* a row of commands without one of verbs */
    if ((options->argument_count == 1) == (options->values[OPTION_BOOK] != NULL)) {
        fprintf(stderr, "yuanctl: rollout %s takes a policy's NAME, or --book BOOK\n",
                verb->name);
        return STATUS_USAGE;
    }
    status = ask_begin(&asking, options);
    if (status == STATUS_DONE) {
        const struct request request = verb_request(&asking, verb);

        status = ask_whether(&asking, &request, verb->print, verb->refusal);
    }
    ask_end(&asking);
    return status;
}

/* -- all of them -- */

static int
rollout_list(const struct options *options)
{
    struct asking asking;
    int status = ask_begin(&asking, options);

    if (status == STATUS_DONE) {
        struct buffer path;

        buffer_init(&path, &asking.arena, PATH_BYTES_FIRST);
        buffer_text(&path, kinds[options->values[OPTION_BOOKS] ? BOOK : POLICY].path);
        buffer_text(&path, options->values[OPTION_LIMIT] ? "" : "?limit=" LIST_LIMIT);
        ask_query(&asking, &path, OPTION_LIMIT);
        ask_query(&asking, &path, OPTION_CURSOR);
        status = ask(&asking, &(struct request){"GET", buffer_terminate(&path), NULL, 0},
                     rollout_print_names);
    }
    ask_end(&asking);
    return status;
}

/* -- putting -- */

/* Where the text goes by the name that it has for itself. */
static int
put_path(struct asking *asking, const cJSON *json, const char **path, struct error *err)
{
    for (size_t i = 0; i < KIND_COUNT; i++) {
        const cJSON *name = cJSON_GetObjectItemCaseSensitive(json, kinds[i].member);

        if (!cJSON_IsString(name))
            continue;
        *path = arena_printf(&asking->arena, "%s/%s", kinds[i].path,
                             ask_escape(asking, name->valuestring));
        return 0;
    }
    return error_set(err, ERROR_INVALID,
                     "a \"pack\" or a \"book\" is expected, which says its name");
}

static int
put_read(struct asking *asking, const char *file, struct request *request)
{
    struct error why = {0}, err = {0};
    char *text;
    size_t len;
    cJSON *json;
    int status = ask_read(asking, file, &text, &len);

    *request = (struct request){.method = "PUT"};
    if (status != STATUS_DONE)
        return status;
    if (json_parse(&asking->arena, text, len, &json, &why) != 0 ||
        put_path(asking, json, &request->path, &why) != 0) {
        error_set(&err, ERROR_INVALID, "%s: %.300s", file, why.text);
        return command_complain(STATUS_USAGE, &err);
    }
    request->body = text;
    request->len = len;
    return STATUS_DONE;
}

/* Nothing is sent before all files have been read; the first that is refused is the last. */
static int
put_all(struct asking *asking)
{
    size_t count = asking->options->argument_count;
    struct request *requests = arena_alloc(&asking->arena, count * sizeof(*requests));
    int status = STATUS_DONE;

    for (size_t i = 0; i < count && status == STATUS_DONE; i++)
        status = put_read(asking, asking->options->arguments[i], &requests[i]);
    for (size_t i = 0; i < count && status == STATUS_DONE; i++)
        status = ask(asking, &requests[i], rollout_print_name);
    return status;
}

static int
rollout_put(const struct options *options)
{
    struct asking asking;
    int status = ask_begin(&asking, options);

    if (status == STATUS_DONE)
        status = put_all(&asking);
    ask_end(&asking);
    return status;
}

/* -- what was in force -- */

static int
snapshot_ask(struct asking *asking)
{
    const struct options *options = asking->options;
    const char *file = options->argument_count > 1 ? options->arguments[1] : NULL;
    const char *slash = file ? strchr(file, '/') : NULL;
    const char *path = arena_printf(&asking->arena, "/v1/snapshots/%s",
                                    ask_escape(asking, options->arguments[0]));

    if (!file)
        return ask(asking, &(struct request){"GET", path, NULL, 0}, rollout_print_snapshot);
    if (!slash) {
        fprintf(stderr, "yuanctl: \"%.60s\" is not KIND/NAME, as in pack/baseline\n", file);
        return STATUS_USAGE;
    }
    path = arena_printf(
        &asking->arena, "%s/%s/%s", path,
        ask_escape(asking, arena_copy(&asking->arena, file, (size_t)(slash - file))),
        ask_escape(asking, slash + 1));
    return ask(asking, &(struct request){"GET", path, NULL, 0}, NULL);
}

static int
rollout_snapshot(const struct options *options)
{
    struct asking asking;
    int status = ask_begin(&asking, options);

    if (status == STATUS_DONE)
        status = snapshot_ask(&asking);
    ask_end(&asking);
    return status;
}

/* -- the table -- */

static const struct command commands[] = {
    /* clang-format off */
    { "list",          "",        0, 0, rollout_list,     "every policy, or book: what is in force, the candidate, the shadow" },
    { "put",           "FILE...", 1, ARGUMENTS_MAX, rollout_put, "packs and books become candidates under their own names; - is standard input" },
    { "check",         "NAME",    0, 1, rollout_verb,     "what is wrong or odd with the candidate" },
    { "shadow",        "NAME",    0, 1, rollout_verb,     "a checked candidate judges beside what is in force" },
    { "disagreements", "NAME",    0, 1, rollout_verb,     "what it would have decided otherwise: counts, then the latest" },
    { "unshadow",      "NAME",    0, 1, rollout_verb,     "it judges no more; the comparison a last time" },
    { "activate",      "NAME",    0, 1, rollout_verb,     "a checked candidate is in force" },
    { "rollback",      "NAME",    0, 1, rollout_verb,     "what was in force before the last activation is again" },
    { "history",       "NAME",    0, 1, rollout_verb,     "what happened, newest first" },
    { "text",          "NAME",    0, 1, rollout_verb,     "what is in force, or the candidate, byte for byte" },
    { "snapshot",      "DIGEST [KIND/NAME]", 1, 2, rollout_snapshot, "what a snapshot is made of, or one text of it" },
    { NULL, NULL, 0, 0, NULL, NULL },
    /* clang-format on */
};

void
rollout_usage(FILE *out)
{
    fputs("usage: yuanctl [--server URL] [--json] rollout COMMAND [ARGUMENTS] [OPTIONS]\n\n"
          "NAME is a policy's, which is its pack's; of a book, give --book BOOK instead\n\n"
          "commands:\n",
          out);
    command_print(out, commands);
    fputs("\noptions:\n", out);
    options_print(out, "rollout");
    fputs("\nexit status: 0 done, 1 refused, 2 usage or a file, 3 no gateway answers\n", out);
}

int
command_rollout(const struct options *options)
{
    if (options->values[OPTION_BOOK] && !verb_find(options->arguments[0])) {
        fputs("yuanctl: --book belongs to the rollout commands that take NAME\n", stderr);
        return STATUS_USAGE;
    }
    return command_run_second(commands, "rollout ", options);
}
