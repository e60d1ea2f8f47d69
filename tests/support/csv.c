/* csv.c - RFC 4180 as far as our files use it. */
#include "tests/support/csv.h"

#include <stdio.h>
#include <string.h>

#define LINE_MAX_BYTES 65536
#define CELLS_MAX      128

/* Cut line into cells in place; returns how many. */
static size_t
csv_split(char *line, const char **cells)
{
    size_t count = 0;
    char *in = line, *out = line;

    while (count < CELLS_MAX) {
        bool quoted = *in == '"';

        cells[count++] = out;
        in += quoted;
        while (*in && (quoted || *in != ',') && *in != '\r' && *in != '\n') {
            if (quoted && *in == '"' && *++in != '"') {
                quoted = false;
                continue;
            }
            *out++ = *in++;
        }
        if (*in != ',') {
            *out = '\0';
            return count;
        }
        in++;
        *out++ = '\0';
    }
    return count;
}

static size_t
csv_column(const char **cells, size_t count, const char *name)
{
    size_t i = 0;

    while (i < count && strcmp(cells[i], name) != 0)
        i++;
    return i;
}

bool
csv_each(const char *path, const char *const *columns, size_t count,
         void (*each)(void *context, const char *const *cells), void *context)
{
    static char line[LINE_MAX_BYTES];
    const char *cells[CELLS_MAX], *wanted[CELLS_MAX];
    size_t index[CELLS_MAX], found;
    FILE *file = fopen(path, "r");

    if (!file)
        return false;
    if (fgets(line, sizeof(line), file)) {
        found = csv_split(line, cells);
        if (found > 0 && strncmp(cells[0], "\xef\xbb\xbf", 3) == 0)
            cells[0] += 3;
        for (size_t i = 0; i < count; i++)
            index[i] = csv_column(cells, found, columns[i]);
    }
    while (fgets(line, sizeof(line), file)) {
        found = csv_split(line, cells);
        for (size_t i = 0; i < count; i++)
            wanted[i] = index[i] < found ? cells[index[i]] : "";
        each(context, wanted);
    }
    fclose(file);
    return true;
}
