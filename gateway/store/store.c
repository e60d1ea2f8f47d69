/* store.c - from the text after --store to an open backend. */
#include "gateway/store/store.h"

#include <string.h>

#define SQLITE_PREFIX "sqlite:"

int
store_open(const char *spec, uint64_t seed, struct store **out, struct error *err)
{
    const char *path = spec + strlen(SQLITE_PREFIX);

    *out = NULL;
    if (strcmp(spec, "memory") == 0)
        return store_memory.open("", seed, out, err);
    if (strncmp(spec, SQLITE_PREFIX, strlen(SQLITE_PREFIX)) == 0 && path[0] != '\0')
        return store_sqlite.open(path, seed, out, err);
    return error_set(err, ERROR_INVALID, "store: expected sqlite:PATH or memory, found \"%s\"",
                     spec);
}
