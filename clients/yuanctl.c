/*
 * yuanctl.c - the command line client: pays, reads back, replays scenarios, rolls out.
 *
 * Commands are one table below, options one in options.c.  Exit status: 0 done,
 * 1 the bank said something else than expected or refused the request, 2 the
 * command line makes no sense, 3 no gateway answers.
 */
#include <curl/curl.h>
#include <stdio.h>
#include <string.h>

#include "clients/command.h"
#include "gateway/version.h"

static const struct command commands[] = {
    /* clang-format off */
    { "pay",      "FILE",  1, 1, command_pay,      "post a payment; FILE may be - for standard input" },
    { "get",      "ID",    1, 1, command_get,      "read a payment back as it stands now" },
    { "list",     "",      0, 0, command_list,     "list payments, filtered by the options below" },
    { "evaluate", "FILE",  1, 1, command_evaluate, "have a payment judged without storing it" },
    { "replay",   "FILE",  1, 1, command_replay,   "play a scenario and check what it expects" },
    { "policy",   "COMMAND", 1, ARGUMENTS_MAX, command_policy, "rule packs, without a gateway: yuanctl policy --help" },
    { "rollout",  "COMMAND", 1, ARGUMENTS_MAX, command_rollout, "change what a running gateway judges by: yuanctl rollout --help" },
    { "lists",    "COMMAND", 1, ARGUMENTS_MAX, command_lists, "sanctions lists, and names against them: yuanctl lists --help" },
    { "documents", "ID [FILE]", 1, 2, command_documents, "what the bank asks about a payment; with FILE answer it" },
    { "cancel",   "ID",    1, 1, command_cancel,   "ask to have a payment back" },
    { "cases",    "COMMAND", 1, ARGUMENTS_MAX, command_cases, "payments that people have to look at: yuanctl cases --help" },
    { "clock",    "[COMMAND]", 0, ARGUMENTS_MAX, command_clock, "the bank's time, shown or moved: yuanctl clock --help" },
    { "watch",    "",      0, 0, command_watch,    "what happens, as it happens, a line an event" },
    { "webhooks", "COMMAND", 1, ARGUMENTS_MAX, command_webhooks, "have events posted to an address, or take such posts: yuanctl webhooks --help" },
    { NULL,       NULL,    0, 0, NULL,             NULL },
    /* clang-format on */
};

static void
usage(FILE *out)
{
    fputs("usage: yuanctl [--server URL] [--key-file FILE] [--json] COMMAND [ARGUMENTS] "
          "[OPTIONS]\n\ncommands:\n",
          out);
    command_print(out, commands);
    fputs("\noptions:\n", out);
    options_print(out, NULL);
    fputs("\nexit status: 0 done, 1 not what was expected, 2 usage, 3 no gateway answers\n",
          out);
}

/* Commands that have help of their own; the last row is for all others. */
static const struct {
    const char *command;
    void (*print)(FILE *out);
} helps[] = {
    {"policy", policy_usage},
    {"rollout", rollout_usage},
    {"lists", lists_usage},
    {"cases", cases_usage},
    {"clock", clock_usage},
    {"webhooks", webhooks_usage},
    {NULL, usage},
};

static int
usage_error(const char *text)
{
    fprintf(stderr, "yuanctl: %s (yuanctl --help lists all)\n", text);
    return STATUS_USAGE;
}

static void
help(const struct options *options)
{
    size_t i = 0;

    while (helps[i].command &&
           (!options->command || strcmp(helps[i].command, options->command) != 0))
        i++;
    helps[i].print(stdout);
}

int
main(int argc, char **argv)
{
    struct options options;
    struct error err = {0};
    int status = STATUS_DONE;

    if (options_parse(argc, argv, &options, &err) != 0)
        return usage_error(err.text);
    if (options.values[OPTION_HELP]) {
        help(&options);
        return STATUS_DONE;
    }
    if (options.values[OPTION_VERSION]) {
        puts("yuanctl " YUANGATE_VERSION);
        return STATUS_DONE;
    }
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != 0)
        return usage_error("libcurl cannot start");
    status = command_run(commands, "", &options);
    curl_global_cleanup();
    if (fflush(stdout) != 0) {
        perror("yuanctl: standard output");
        return STATUS_UNREACHABLE;
    }
    return status;
}
