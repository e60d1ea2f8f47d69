/* store.c - from the text after --store to an open backend. */
#include "gateway/store/store.h"

#include <string.h>

#define SQLITE_PREFIX "sqlite:"

/* The backend that spec asks for, and where. */
static int
spec_read(const char *spec, const struct store_ops **ops, const char **where, struct error *err)
{
    *where = spec + strlen(SQLITE_PREFIX);
    if (strcmp(spec, "memory") == 0) {
        *ops = &store_memory;
        *where = "";
        return 0;
    }
    *ops = &store_sqlite;
    if (strncmp(spec, SQLITE_PREFIX, strlen(SQLITE_PREFIX)) == 0 && (*where)[0] != '\0')
        return 0;
    return error_set(err, ERROR_INVALID, "store: expected sqlite:PATH or memory, found \"%s\"",
                     spec);
}

int
store_open(const char *spec, uint64_t seed, struct store **out, struct error *err)
{
    const struct store_ops *ops;
    const char *where;

    *out = NULL;
    return spec_read(spec, &ops, &where, err) != 0 ? -1 : ops->open(where, seed, out, err);
}

int
store_view(const char *spec, uint64_t *seed, struct store **out, struct error *err)
{
    const struct store_ops *ops;
    const char *where;

    *out = NULL;
    return spec_read(spec, &ops, &where, err) != 0 ? -1 : ops->view(where, seed, out, err);
}
