/* command.c - choosing from a table of commands. */
#include "clients/command.h"

#include <string.h>

int
command_complain(enum command_status status, const struct error *err)
{
    fprintf(stderr, "yuanctl: %s\n", err->text);
    return status;
}

static const struct command *
command_find(const struct command *table, const char *name)
{
    while (table->name && strcmp(table->name, name) != 0)
        table++;
    return table->name ? table : NULL;
}

static int
arguments_fit(const struct command *command, const char *of, const struct options *options,
              struct error *err)
{
    size_t count = options->argument_count;

    if (count >= command->min && count <= command->max)
        return 0;
    if (command->max == 0)
        return error_set(err, ERROR_INVALID, "%s%s takes no argument", of, command->name);
    if (count > command->max)
        return error_set(
            err, ERROR_INVALID, "\"%.60s\" is one argument too many; %s%s takes %s",
            options->arguments[command->max], of, command->name, command->arguments);
    return error_set(err, ERROR_INVALID, "%s%s takes %s", of, command->name,
                     command->arguments);
}

static int
command_refuse(const char *of, const struct error *err)
{
    fprintf(stderr, "yuanctl: %s (yuanctl %s--help lists all)\n", err->text, of);
    return STATUS_USAGE;
}

int
command_run(const struct command *table, const char *of, const struct options *options)
{
    const struct command *command;
    struct error err = {0};

    command = options->command ? command_find(table, options->command) : NULL;
    if (!options->command)
        error_set(&err, ERROR_INVALID, "no %scommand given", of);
    else if (!command)
        error_set(&err, ERROR_INVALID, "there is no %scommand \"%.60s\"", of, options->command);
    else if (arguments_fit(command, of, options, &err) == 0)
        return command->run(options);
    return command_refuse(of, &err);
}

int
command_run_second(const struct command *table, const char *of, const struct options *options)
{
    struct options own = *options;

    own.command = options->arguments[0];
    own.argument_count = options->argument_count - 1;
    memmove(own.arguments, own.arguments + 1, own.argument_count * sizeof(*own.arguments));
    return command_run(table, of, &own);
}

static int
wider(int width, const char *text)
{
    int own = (int)strlen(text);

    return own > width ? own : width;
}

void
command_print(FILE *out, const struct command *table)
{
    int names = 0, arguments = 0;

    for (const struct command *command = table; command->name; command++) {
        names = wider(names, command->name);
        arguments = wider(arguments, command->arguments);
    }
    for (; table->name; table++)
        fprintf(out, "  %-*s %-*s  %s\n", names, table->name, arguments, table->arguments,
                table->help);
}
