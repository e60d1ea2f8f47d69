/*
 * lists_screen.c - names asked for on the lists of a running gateway.
 *
 *     asked of fictional (12 entries)
 *     Матвей Стужев
 *       1.0000  fictional  9012  person  listed  STUZHEV, Matvei Glebovich (STUZHEV, Matvey)
 *     Nobody Whatsoever
 *       no hits
 *
 * Names go in chunks of as many as a gateway takes.  The first chunk that is not answered
 * ends the run, and says from which name on nothing was asked.
 */
#include <stdlib.h>
#include <string.h>

#include "clients/answer.h"
#include "clients/ask.h"
#include "clients/lines.h"
#include "clients/lists.h"
#include "clients/screen_print.h"
#include "gateway/base/json.h"

#define CHUNK_NAMES      100    /* the most that a gateway takes */
#define CHUNK_BYTES      200000 /* and of long names fewer: a body has at most 256 KiB */
#define BODY_BYTES_FIRST 4096
#define SNAPSHOT_SIZE    96

/* One run over all names. */
struct run {
    struct asking asking;
    struct buffer body; /* the chunk that is being filled */
    size_t count;       /* names in it */
    size_t sent;        /* names before it */
    bool hit;
    char snapshot[SNAPSHOT_SIZE]; /* by which the last chunk was answered */
};

/* -- a chunk -- */

static void
chunk_begin(struct run *run)
{
    arena_reset(&run->asking.arena);
    buffer_init(&run->body, &run->asking.arena, BODY_BYTES_FIRST);
    json_open(&run->body, '{');
    json_key(&run->body, "names");
    json_open(&run->body, '[');
    run->count = 0;
}

/* Every name has hits, even if none; what lacks them was not screened. */
static bool
answers_all(const cJSON *answer, size_t count)
{
    const cJSON *name, *data = answer_at(answer, "data");

    cJSON_ArrayForEach(name, data)
    {
        if (!cJSON_IsArray(answer_at(name, "hits")))
            return false;
    }
    return cJSON_GetArraySize(answer_at(answer, "lists")) > 0 &&
           cJSON_GetArraySize(data) == (int)count;
}

static bool
has_hit(const cJSON *answer)
{
    const cJSON *name;

    cJSON_ArrayForEach(name, answer_at(answer, "data"))
    {
        if (cJSON_GetArraySize(answer_at(name, "hits")) > 0)
            return true;
    }
    return false;
}

/* The lists are named again where they may be others. */
static void
show(struct run *run, const struct reply *reply, const cJSON *answer)
{
    const char *snapshot = answer_text(answer, "snapshot");

    if (run->asking.options->values[OPTION_JSON]) {
        printf("%.*s\n", (int)reply->len, reply->body);
        return;
    }
    if (run->sent == 0 || strcmp(run->snapshot, snapshot) != 0)
        screen_print_lists(stdout, answer);
    snprintf(run->snapshot, sizeof(run->snapshot), "%s", snapshot);
    screen_print(stdout, answer);
}

static int
take_reply(struct run *run, const struct reply *reply)
{
    struct error err = {0};
    cJSON *answer;

    if (reply->status != 200) {
        ask_show(&run->asking, reply, NULL);
        return STATUS_UNEXPECTED;
    }
    if (json_parse(&run->asking.arena, reply->body, reply->len, &answer, &err) != 0 ||
        !answers_all(answer, run->count)) {
        error_set(&err, ERROR_INTERNAL, "the gateway's answer is none to these names");
        return command_complain(STATUS_UNEXPECTED, &err);
    }
    show(run, reply, answer);
    run->hit = run->hit || has_hit(answer);
    return STATUS_DONE;
}

static int
chunk_send(struct run *run)
{
    struct request request = {.method = "POST", .path = "/v1/screenings"};
    struct reply reply;
    int status;

    json_close(&run->body, ']');
    if (run->asking.options->values[OPTION_EXPLAIN]) {
        json_key(&run->body, "explain");
        json_bool(&run->body, true);
    }
    json_close(&run->body, '}');
    request.body = buffer_terminate(&run->body);
    request.len = run->body.len;
    status = ask_send(&run->asking, &request, &reply);
    if (status == STATUS_DONE)
        status = take_reply(run, &reply);
    if (status != STATUS_DONE)
        fprintf(stderr,
                "yuanctl: name %zu, /names/0 of its request, and all after it were not "
                "screened\n",
                run->sent + 1);
    run->sent += run->count;
    chunk_begin(run);
    return status;
}

/* -- names -- */

static int
name_add(struct run *run, const char *name, size_t len)
{
    static const struct {
        enum option option;
        const char *member;
    } members[] = {
        {OPTION_KIND, "kind"}, {OPTION_COUNTRY, "country"}, {OPTION_BORN_ON, "born_on"}};

    json_open(&run->body, '{');
    json_key(&run->body, "name");
    json_string_n(&run->body, name, len);
    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
        if (run->asking.options->values[members[i].option])
            json_member(&run->body, members[i].member,
                        run->asking.options->values[members[i].option]);
    json_close(&run->body, '}');
    run->count++;
    return run->count == CHUNK_NAMES || run->body.len > CHUNK_BYTES ? chunk_send(run)
                                                                    : STATUS_DONE;
}

/* A line without its end; one of blanks alone names nobody. */
static int
line_add(struct run *run, const struct lines *lines, const char *line, size_t len)
{
    struct error err = {0};

    while (len > 0 && (line[len - 1] == '\r' || line[len - 1] == ' ' || line[len - 1] == '\t'))
        len--;
    if (len == 0)
        return STATUS_DONE;
    if (len <= LINE_BYTES_MAX && !memchr(line, '\0', len))
        return name_add(run, line, len);
    error_set(&err, ERROR_INVALID, "line %zu: %s", lines->line,
              len > LINE_BYTES_MAX ? "too long for a name" : "a NUL byte");
    return command_complain(STATUS_USAGE, &err);
}

static int
lines_add(struct run *run)
{
    struct error err = {0};
    struct lines lines;
    const char *line;
    size_t len;
    int got, status = STATUS_DONE;

    if (lines_open(&lines, "-", &err) != 0)
        return command_complain(STATUS_USAGE, &err);
    while (status == STATUS_DONE && (got = lines_next(&lines, &line, &len, &err)) != 0)
        status =
            got > 0 ? line_add(run, &lines, line, len) : command_complain(STATUS_USAGE, &err);
    lines_release(&lines);
    return status;
}

static int
names_ask(struct run *run)
{
    const struct options *options = run->asking.options;
    int status = STATUS_DONE;

    chunk_begin(run);
    for (size_t i = 0; i < options->argument_count && status == STATUS_DONE; i++) {
        const char *name = options->arguments[i];

        status = strcmp(name, "-") == 0 ? lines_add(run) : name_add(run, name, strlen(name));
    }
    if (status == STATUS_DONE && run->count > 0)
        status = chunk_send(run);
    if (status == STATUS_DONE && run->sent == 0) {
        fputs("yuanctl: standard input has no name, so nothing was screened\n", stderr);
        status = STATUS_USAGE;
    }
    return status;
}

int
lists_screen(const struct options *options)
{
    struct run run = {.hit = false};
    int status = ask_begin(&run.asking, options);

    if (status == STATUS_DONE)
        status = names_ask(&run);
    ask_end(&run.asking);
    return status == STATUS_DONE && run.hit ? STATUS_UNEXPECTED : status;
}
