/* lists.c - the table of commands behind `yuanctl lists`, and orders made of options. */
#include "clients/lists.h"

#include <stdlib.h>
#include <string.h>

#define KIB 1024

static const struct command commands[] = {
    /* clang-format off */
    { "import",  "FILE...",     1, ARGUMENTS_MAX, lists_import, "check a list's files and make them DIR/NAME; what is refused changes nothing" },
    { "status",  "DIR|FILE...", 1, ARGUMENTS_MAX, lists_status, "format, counts, digest, age and faults of a list, or of all in a folder" },
    { "diff",    "OLD NEW",     2, 2,             lists_diff,   "entries added, removed and changed; each a file, or a folder of one list" },
    { "score",   "[FILE]",      0, 1,             lists_score,  "how much two names agree, 0 to 1: lines of kind, name and name between tabs; without FILE standard input" },
    { "screen",  "NAME...|-",   1, ARGUMENTS_MAX, lists_screen, "whom names meet on the lists of a running gateway; -: a name a line on standard input" },
    { NULL, NULL, 0, 0, NULL, NULL },
    /* clang-format on */
};

void
lists_usage(FILE *out)
{
    fputs("usage: yuanctl [--server URL] [--json] lists COMMAND [ARGUMENTS] [OPTIONS]\n\n"
          "what a FILE is, is told by its content: OFAC CSV (main, alt, add, comments, daily\n"
          "operations), UN and EU XML, OpenSanctions targets CSV, entities JSON and deltas;\n"
          "kinds of names are Person, Company, Organization, LegalEntity and Vessel\n\n"
          "commands:\n",
          out);
    command_print(out, commands);
    fputs("\noptions:\n", out);
    options_print(out, "lists");
    fputs("\nexit status: 0 done, 1 rows left out, differences, a list refused or a name "
          "found, 2 "
          "usage, or a line that makes no sense, 3 no gateway answers\n",
          out);
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

/* -- orders -- */

static int
number_option(const struct options *options, enum option option, unsigned most, unsigned *value,
              struct error *err)
{
    const char *text = options->values[option];
    char *end;
    unsigned long number;

    if (!text)
        return 0;
    number = strtoul(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end || number > most)
        return error_set(err, ERROR_INVALID, "--%s: a number of 0 to %u", option_name(option),
                         most);
    *value = (unsigned)number;
    return 0;
}

int
lists_order(const struct options *options, const char *name, const char *const *paths,
            size_t count, struct list_order *order, struct error *err)
{
    *order = list_order_of(name ? name : "list", paths, count);
    order->as_of = options->values[OPTION_AS_OF];
    if (number_option(options, OPTION_SHRINK, 100, &order->shrink_percent_max, err) != 0)
        return -1;
    return number_option(options, OPTION_FAULTS, LIST_ENTRIES_MAX, &order->faults_max, err);
}

/* -- the bar -- */

static void
bar_draw(void *context, size_t done, size_t all)
{
    progress_tell(context, done, all, done / KIB);
}

void
lists_bar_begin(struct list_order *order, struct progress *bar)
{
    progress_begin(bar);
    bar->what = "KiB";
    order->progress = bar_draw;
    order->context = bar;
}

int
lists_load(struct list_order *order, struct list_faults *faults, struct list **list,
           struct error *err)
{
    struct progress bar;
    int rc;

    lists_bar_begin(order, &bar);
    rc = list_load(order, faults, list, err);
    progress_hide(&bar);
    return rc;
}
