/* commands.c - one request and its answer: pay, get, list, evaluate. */
#include "clients/ask.h"
#include "clients/life_print.h"
#include "clients/print.h"

#define PATH_BYTES_FIRST 256

static int
post_file(struct asking *asking, const char *path)
{
    char *body;
    size_t len;
    int status = ask_read(asking, asking->options->arguments[0], &body, &len);

    if (status != STATUS_DONE)
        return status;
    return ask(asking, &(struct request){"POST", path, body, len}, print_decision);
}

int
command_pay(const struct options *options)
{
    struct asking asking;
    int status = ask_begin(&asking, options);

    if (status == STATUS_DONE)
        status = post_file(&asking, "/v1/payments");
    ask_end(&asking);
    return status;
}

int
command_evaluate(const struct options *options)
{
    static const enum option judges[] = {OPTION_SNAPSHOT, OPTION_POLICY, OPTION_BOOK};
    struct asking asking;
    int status = ask_begin(&asking, options);

    if (status == STATUS_DONE) {
        struct buffer path;

        buffer_init(&path, &asking.arena, PATH_BYTES_FIRST);
        buffer_text(&path, "/v1/evaluations");
        buffer_text(&path, options->values[OPTION_EXPLAIN] ? "?explain=true" : "");
        for (size_t i = 0; i < sizeof(judges) / sizeof(judges[0]); i++)
            ask_query(&asking, &path, judges[i]);
        status = post_file(&asking, buffer_terminate(&path));
    }
    ask_end(&asking);
    return status;
}

int
command_get(const struct options *options)
{
    struct asking asking;
    int status = ask_begin(&asking, options);

    if (status == STATUS_DONE) {
        const char *path = arena_printf(&asking.arena, "/v1/payments/%s",
                                        ask_escape(&asking, options->arguments[0]));

        status = ask(&asking, &(struct request){"GET", path, NULL, 0}, print_life);
    }
    ask_end(&asking);
    return status;
}

int
command_list(const struct options *options)
{
    struct asking asking;
    int status = ask_begin(&asking, options);

    if (status == STATUS_DONE) {
        struct buffer path;

        buffer_init(&path, &asking.arena, PATH_BYTES_FIRST);
        buffer_text(&path, "/v1/payments");
        for (int i = OPTION_FILTER_FIRST; i <= OPTION_FILTER_LAST; i++)
            ask_query(&asking, &path, (enum option)i);
        status = ask(&asking, &(struct request){"GET", buffer_terminate(&path), NULL, 0},
                     print_list);
    }
    ask_end(&asking);
    return status;
}
