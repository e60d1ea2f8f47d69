/* ofac.c - two files of CSV without a head; alt.csv is in the order of sdn.csv. */
#include "tests/support/ofac.h"

#include <stdlib.h>
#include <string.h>

#include "gateway/base/file.h"

#define FILE_BYTES_MAX (64u << 20)
#define CELLS_MAX      16
#define END_OF_FILE    26 /* the last byte of OFAC's files */

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

    if (**at == '\0' || **at == END_OF_FILE)
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

static enum list_kind
kind_of(const char *word)
{
    return strncmp(word, "indi", 4) == 0   ? LIST_PERSON
           : strncmp(word, "vess", 4) == 0 ? LIST_VESSEL
           : strncmp(word, "airc", 4) == 0 ? LIST_AIRCRAFT
                                           : LIST_COMPANY;
}

static bool
slurp(struct arena *arena, const char *path, char **text)
{
    struct error err = {0};
    size_t len;

    return file_read(arena, path, FILE_BYTES_MAX, text, &len, &err) == 0;
}

bool
ofac_read(struct list *list)
{
    struct list_entry *entries;
    struct list_name *names;
    char *sdn, *alt, *cells[CELLS_MAX], *other[CELLS_MAX];
    size_t more = 0;

    *list = (struct list){.name = "ofac-sdn"};
    if (!slurp(&list->arena, SHARED_DATA "lists/ofac/sdn.csv", &sdn) ||
        !slurp(&list->arena, SHARED_DATA "lists/ofac/alt.csv", &alt))
        return false;
    entries = arena_zalloc(&list->arena, 20000 * sizeof(*entries));
    names = arena_zalloc(&list->arena, 60000 * sizeof(*names));
    more = csv_row(&alt, other, CELLS_MAX);
    while (csv_row(&sdn, cells, CELLS_MAX) > 3) {
        struct list_entry *entry = &entries[list->entry_count++];

        *entry = (struct list_entry){
            .id = cells[0], .kind = kind_of(cells[2]), .names = names + list->name_count};
        names[list->name_count++] = (struct list_name){cells[1], LIST_NAME_PRIMARY};
        while (more > 3 && strcmp(other[0], cells[0]) == 0) {
            names[list->name_count++] = (struct list_name){other[3], LIST_NAME_ALIAS};
            more = csv_row(&alt, other, CELLS_MAX);
        }
        entry->name_count = (size_t)(names + list->name_count - entry->names);
    }
    list->entries = entries;
    return true;
}
