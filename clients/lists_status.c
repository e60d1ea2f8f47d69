/*
 * lists_status.c - what a list is: of files, of a list's folder, or of a folder of lists.
 *
 * Each list is loaded as a gateway does it, so that what is shown would be in force.
 */
#include <string.h>

#include "clients/lists.h"
#include "policy/screening/list_folder.h"

static int
list_show(const struct options *options, const char *name, const char *const *paths,
          size_t count)
{
    struct list_faults faults = {0};
    struct list_order order;
    struct list *list = NULL;
    struct error err = {0};
    int status = STATUS_DONE;

    if (lists_order(options, name, paths, count, &order, &err) != 0) {
        status = command_complain(STATUS_USAGE, &err);
    } else if (lists_load(&order, &faults, &list, &err) != 0) {
        lists_print_faults(stderr, &faults);
        status = command_complain(STATUS_UNEXPECTED, &err);
    } else {
        (options->values[OPTION_JSON] ? lists_print_json : lists_print)(stdout, list, &faults);
        status = list->faults ? STATUS_UNEXPECTED : STATUS_DONE;
    }
    list_free(list);
    return status;
}

/* The last part of a path, if it can name a list; else NULL. */
static const char *
name_of(struct arena *arena, const char *path)
{
    char *name = arena_copy(arena, path, strlen(path));
    size_t len = strlen(name);

    while (len > 1 && name[len - 1] == '/')
        name[--len] = '\0';
    name = strrchr(name, '/') ? strrchr(name, '/') + 1 : name;
    return list_name_is_valid(name) ? name : NULL;
}

int
lists_status(const struct options *options)
{
    struct arena arena = {0};
    const char *const *folders = NULL;
    const char *first = options->arguments[0];
    struct error err = {0};
    size_t count = 0;
    int worst = STATUS_DONE;

    if (options->argument_count == 1 && list_folder_is(first) &&
        list_folder_folders(&arena, first, &folders, &count, &err) != 0)
        worst = command_complain(STATUS_USAGE, &err);
    else if (count == 0)
        worst = list_show(options, list_folder_is(first) ? name_of(&arena, first) : NULL,
                          options->arguments, options->argument_count);
    for (size_t i = 0; i < count; i++) {
        int status = list_show(options, name_of(&arena, folders[i]), &folders[i], 1);

        worst = status > worst ? status : worst;
    }
    arena_release(&arena);
    return worst;
}
