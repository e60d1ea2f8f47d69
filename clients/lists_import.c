/* lists_import.c - a list's files checked and taken into the folder of lists, or refused. */
#include "clients/lists.h"

#include "policy/screening/list_folder.h"

static int
import_run(const struct options *options, struct list_order *order)
{
    struct list_faults faults = {0};
    struct list *list = NULL;
    struct progress bar;
    struct error err = {0};
    int rc;

    lists_bar_begin(order, &bar);
    rc = list_import(order, options->values[OPTION_OUT], &faults, &list, &err);
    progress_hide(&bar);
    if (rc != 0) {
        lists_print_faults(stderr, &faults);
        return command_complain(STATUS_UNEXPECTED, &err);
    }
    (options->values[OPTION_JSON] ? lists_print_json : lists_print)(stdout, list, &faults);
    list_free(list);
    return STATUS_DONE;
}

int
lists_import(const struct options *options)
{
    struct list_order order;
    struct error err = {0};
    int status;

    if (!options->values[OPTION_NAME] || !options->values[OPTION_OUT]) {
        error_set(&err, ERROR_INVALID, "lists import needs --name NAME and --out DIR");
        return command_complain(STATUS_USAGE, &err);
    }
    if (lists_order(options, options->values[OPTION_NAME], options->arguments,
                    options->argument_count, &order, &err) != 0)
        status = command_complain(STATUS_USAGE, &err);
    else
        status = import_run(options, &order);
    return status;
}
