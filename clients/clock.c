/* clock.c - yuanctl clock: the bank's time, shown or moved. */
#include "clients/answer.h"
#include "clients/ask.h"
#include "clients/print.h"
#include "gateway/base/json.h"

/* "2024-05-25T09:00:00.000+08:00  manual  2 events" */
static void
print_clock(FILE *out, const cJSON *clock)
{
    print_text(out, answer_text(clock, "now"));
    print_part(out, "  ", answer_text(clock, "kind"));
    if (answer_at(clock, "events")) {
        fputs("  ", out);
        print_count(out, answer_number(clock, "events"), "event");
    }
    fputc('\n', out);
}

static int
clock_show(const struct options *options)
{
    struct asking asking;
    int status = ask_begin(&asking, options);

    if (status == STATUS_DONE)
        status = ask(&asking, &(struct request){"GET", "/v1/clock", NULL, 0}, print_clock);
    ask_end(&asking);
    return status;
}

/* The command's name is the body's member. */
static int
clock_move(const struct options *options)
{
    struct asking asking;
    int status = ask_begin(&asking, options);

    if (status == STATUS_DONE) {
        struct buffer body;

        buffer_init(&body, &asking.arena, 64);
        json_open(&body, '{');
        json_member(&body, options->command, options->arguments[0]);
        json_close(&body, '}');
        status = ask(&asking, &(struct request){"POST", "/v1/clock", body.data, body.len},
                     print_clock);
    }
    ask_end(&asking);
    return status;
}

static const struct command commands[] = {
    /* clang-format off */
    { "show",    "",         0, 0, clock_show, "the bank's time and what kind of clock it has" },
    { "advance", "DURATION", 1, 1, clock_move, "a manual clock on by P40D or PT36H; all that falls due happens first" },
    { "to",      "TIME",     1, 1, clock_move, "a manual clock on to 2024-05-25T09:00:00, in Shanghai unless an offset says otherwise" },
    { NULL, NULL, 0, 0, NULL, NULL },
    /* clang-format on */
};

void
clock_usage(FILE *out)
{
    fputs("usage: yuanctl [--server URL] [--json] clock [COMMAND]\n\ncommands:\n", out);
    command_print(out, commands);
    fputs("\noptions:\n", out);
    options_print(out, "clock");
    fputs("\nexit status: 0 done, 1 refused, 2 usage, 3 no gateway answers\n", out);
}

int
command_clock(const struct options *options)
{
    return options->argument_count == 0 ? clock_show(options)
                                        : command_run_second(commands, "clock ", options);
}
