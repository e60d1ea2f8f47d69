/*
 * yuanctl.c - the command line client: pays, reads back, replays scenarios.
 *
 * Commands are one table below, options one in options.c.  Exit status: 0 done,
 * 1 the bank said something else than expected or refused the request, 2 the
 * command line makes no sense, 3 no gateway answers.
 */
#include <curl/curl.h>
#include <stdio.h>
#include <string.h>

#include "clients/command.h"
#include "gateway/base/json.h"
#include "gateway/version.h"

static const struct command {
    const char *name;
    const char *argument; /* NULL: takes none */
    int (*run)(const struct options *options);
    const char *help;
} commands[] = {
    /* clang-format off */
    { "pay",      "FILE", command_pay,      "post a payment; FILE may be - for standard input" },
    { "get",      "ID",   command_get,      "read a payment back as it stands now" },
    { "list",     NULL,   command_list,     "list payments, filtered by the options below" },
    { "evaluate", "FILE", command_evaluate, "have a payment judged without storing it" },
    { "replay",   "FILE", command_replay,   "play a scenario and check what it expects" },
    /* clang-format on */
};

#define COMMAND_COUNT (sizeof(commands) / sizeof(commands[0]))

static void
usage(FILE *out)
{
    fputs("usage: yuanctl [--server URL] [--json] COMMAND [ARGUMENT] [OPTIONS]\n\ncommands:\n",
          out);
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        fprintf(out, "  %-8s %-5s  %s\n", commands[i].name,
                commands[i].argument ? commands[i].argument : "", commands[i].help);
    fputs("\noptions:\n", out);
    options_print(out);
    fputs("\nexit status: 0 done, 1 not what was expected, 2 usage, 3 no gateway answers\n",
          out);
}

static int
usage_error(const char *text)
{
    fprintf(stderr, "yuanctl: %s (yuanctl --help lists all)\n", text);
    return STATUS_USAGE;
}

static const struct command *
command_find(const char *name)
{
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    return NULL;
}

static int
command_run(const struct options *options)
{
    const struct command *command;
    struct error err = {0};

    if (!options->command)
        return usage_error("no command given");
    command = command_find(options->command);
    if (!command) {
        error_set(&err, ERROR_INVALID, "there is no command \"%s\"", options->command);
        return usage_error(err.text);
    }
    if (!command->argument != !options->argument) {
        error_set(&err, ERROR_INVALID, "%s takes %s", command->name,
                  command->argument ? command->argument : "no argument");
        return usage_error(err.text);
    }
    return command->run(options);
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
        usage(stdout);
        return STATUS_DONE;
    }
    if (options.values[OPTION_VERSION]) {
        puts("yuanctl " YUANGATE_VERSION);
        return STATUS_DONE;
    }
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != 0)
        return usage_error("libcurl cannot start");
    status = command_run(&options);
    curl_global_cleanup();
    if (fflush(stdout) != 0) {
        perror("yuanctl: standard output");
        return STATUS_UNREACHABLE;
    }
    return status;
}
