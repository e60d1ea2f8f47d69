/*
 * watch.c - `yuanctl watch`: what happens at the gateway, a line an event.
 *
 * Where the connection ends it goes on behind the last event it has seen.
 */
#include "clients/watch.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clients/answer.h"
#include "clients/ask.h"
#include "clients/print.h"
#include "gateway/base/json.h"

#define AGAIN_S     1
#define PATH_BYTES  256
#define REFUSAL_MAX 4096

struct watch {
    struct asking *asking;
    struct watch_reader reader;
    long left; /* events to show yet; 0: without end */
    bool done;
    char refusal[REFUSAL_MAX]; /* an answer that is no stream */
    size_t refusal_len;
};

void
watch_print(FILE *out, const char *type, const cJSON *event)
{
    fprintf(out, "%.0f ", answer_number(event, "seq"));
    print_text(out, answer_text(event, "at"));
    fputc(' ', out);
    print_text(out, type);
    fputc(' ', out);
    print_text(out, answer_text(event, "payment"));
    fputc(' ', out);
    print_text(out, answer_text(event, "outcome"));
    print_part(out, " ", answer_text(event, "iso20022/reason_code"));
    print_part(out, " ", answer_text(event, "disclosed_reason"));
    fputc('\n', out);
}

static bool
watch_event(void *context, const char *type, const char *data)
{
    struct watch *watch = context;
    struct arena arena = {0};
    struct error err = {0};
    cJSON *event;

    if (strcmp(type, "resume") == 0) /* the gateway lets us go: we come again */
        return true;
    if (watch->asking->options->values[OPTION_JSON])
        puts(data);
    else if (json_parse(&arena, data, strlen(data), &event, &err) == 0)
        watch_print(stdout, type, event);
    arena_release(&arena);
    watch->done = fflush(stdout) != 0 || (watch->left > 0 && --watch->left == 0);
    return !watch->done;
}

static bool
watch_bytes(void *context, int status, const char *bytes, size_t len)
{
    struct watch *watch = context;
    size_t room = REFUSAL_MAX - watch->refusal_len;

    if (status == 200)
        return watch_read(&watch->reader, bytes, len);
    len = len < room ? len : room;
    memcpy(watch->refusal + watch->refusal_len, bytes, len);
    watch->refusal_len += len;
    return true;
}

static const char *
watch_path(struct asking *asking)
{
    static const enum option filters[] = {
        OPTION_AFTER, OPTION_TYPE,     OPTION_OUTCOME,        OPTION_STATE, OPTION_PAYMENT,
        OPTION_UETR,  OPTION_CURRENCY, OPTION_DEBTOR_COUNTRY, OPTION_BANK,
    };
    struct buffer path;

    buffer_init(&path, &asking->arena, PATH_BYTES);
    buffer_text(&path, "/v1/events");
    for (size_t i = 0; i < sizeof(filters) / sizeof(filters[0]); i++)
        ask_query(asking, &path, filters[i]);
    return buffer_terminate(&path);
}

/* Until nothing more is to be shown, the gateway says no, or does not answer at first. */
static int
watch_on(struct watch *watch)
{
    struct asking *asking = watch->asking;
    const char *path = watch_path(asking);
    bool connected = false;

    for (;;) {
        struct error err = {0};
        int status = 0;
        int rc = client_listen(asking->client, path, watch->reader.id, watch_bytes, watch,
                               &status, &err);

        if (watch->done)
            return STATUS_DONE;
        if (rc != 0 && !connected)
            return command_complain(STATUS_UNREACHABLE, &err);
        if (status != 0 && status != 200 && status != 503)
            return ask_show(asking, &(struct reply){status, watch->refusal, watch->refusal_len},
                            NULL);
        connected = true;
        watch->refusal_len = 0;
        watch_reset(&watch->reader);
        sleep(AGAIN_S);
    }
}

int
command_watch(const struct options *options)
{
    const char *limit = options->values[OPTION_LIMIT];
    struct asking asking;
    struct watch watch = {.asking = &asking, .reader = {.each = watch_event}};
    int status;

    watch.reader.context = &watch;
    watch.left = limit ? strtol(limit, NULL, 10) : 0;
    if (limit && watch.left < 1) {
        fputs("yuanctl: --limit must be a number of events\n", stderr);
        return STATUS_USAGE;
    }
    status = ask_begin(&asking, options);
    if (status == STATUS_DONE)
        status = watch_on(&watch);
    watch_release(&watch.reader);
    ask_end(&asking);
    return status;
}
