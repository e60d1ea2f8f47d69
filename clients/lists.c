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
    { "show",    "[NAME]",      0, 1,             lists_show,   "of a gateway: every list it has, or all about one" },
    { "put",     "NAME FILE...", 2, ARGUMENTS_MAX, lists_put,   "send it the files of a list, or those of a folder; nothing changes yet" },
    { "unput",   "NAME FILE",   2, 2,             lists_verb,   "take a file back that was put and not loaded yet" },
    { "load",    "NAME [FILE...]", 1, ARGUMENTS_MAX, lists_verb, "what was put, or these files, is screened against from now on" },
    { "shadow",  "NAME [FILE...]", 1, ARGUMENTS_MAX, lists_verb, "the same beside the list in force, and what it would change" },
    { "disagreements", "NAME",  1, 1,             lists_verb,   "what it would have decided otherwise: counts, then the latest" },
    { "unshadow", "NAME",       1, 1,             lists_verb,   "it judges no more; the comparison a last time" },
    { "rollback", "NAME",       1, 1,             lists_verb,   "what was in force before the last load is again" },
    { "history", "NAME",        1, 1,             lists_verb,   "what happened, newest first" },
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
          "found,\n2 usage, or a line that makes no sense, 3 no gateway answers\n",
          out);
}

int
command_lists(const struct options *options)
{
    return command_run_second(commands, "lists ", options);
}

/* -- orders -- */

int
lists_number(const struct options *options, enum option option, unsigned most, unsigned *value,
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
    if (lists_number(options, OPTION_SHRINK, 100, &order->shrink_percent_max, err) != 0)
        return -1;
    return lists_number(options, OPTION_FAULTS, LIST_ENTRIES_MAX, &order->faults_max, err);
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
