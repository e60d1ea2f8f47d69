/* ofac.c - the list by its loader; rows of CSV for files of pairs. */
#include "tests/support/ofac.h"

#include <string.h>
#include <unistd.h>

#include "policy/screening/list_load.h"

/* One cell, its quotes resolved in place; *at stands on what ends it. */
static char *
csv_cell(char **at)
{
    char *cell = *at, *out;

    if (**at != '"') {
        *at += strcspn(*at, ",\r\n");
        return cell;
    }
    out = ++cell;
    for (++*at; **at && (**at != '"' || (*at)[1] == '"'); ++*at) {
        *at += **at == '"';
        *out++ = **at;
    }
    *at += **at == '"';
    *out = '\0';
    return cell;
}

size_t
csv_row(char **at, char **cells, size_t max)
{
    size_t count = 0;

    if (**at == '\0')
        return 0;
    for (;;) {
        char *cell = csv_cell(at), end = **at;

        if (count < max)
            cells[count++] = cell;
        if (end)
            *(*at)++ = '\0';
        if (end != ',')
            break;
    }
    *at += **at == '\n';
    return count;
}

bool
ofac_load(struct list **list)
{
    static const char *const paths[] = {
        SHARED_DATA "lists/ofac/sdn.csv", SHARED_DATA "lists/ofac/alt.csv",
        SHARED_DATA "lists/ofac/add.csv", SHARED_DATA "lists/ofac/sdn_comments.csv"};
    struct list_order order =
        list_order_of("ofac-sdn", paths, sizeof(paths) / sizeof(paths[0]));
    struct error err = {0};

    *list = NULL;
    return access(paths[0], R_OK) == 0 && list_load(&order, NULL, list, &err) == 0;
}
