/* lists.c - the table of commands behind `yuanctl lists`. */
#include "clients/lists.h"

#include <string.h>

static const struct command commands[] = {
    /* clang-format off */
    { "score", "[FILE]", 0, 1, lists_score, "how much two names agree, 0 to 1: lines of kind, name and name between tabs; without FILE standard input" },
    { NULL, NULL, 0, 0, NULL, NULL },
    /* clang-format on */
};

void
lists_usage(FILE *out)
{
    fputs("usage: yuanctl lists COMMAND [ARGUMENTS] [OPTIONS]\n\n"
          "kinds are Person, Company, Organization, LegalEntity and Vessel\n\ncommands:\n",
          out);
    command_print(out, commands);
    fputs("\noptions:\n", out);
    options_print(out, "lists");
    fputs("\nexit status: 0 done, 2 usage, a file, or a line that makes no sense\n", out);
}

/* The second word is the command now; the others are its arguments. */
int
command_lists(const struct options *options)
{
    struct options own = *options;

    own.command = options->arguments[0];
    own.argument_count = options->argument_count - 1;
    memmove(own.arguments, own.arguments + 1, own.argument_count * sizeof(*own.arguments));
    return command_run(commands, "lists ", &own);
}
