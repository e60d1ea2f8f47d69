/*
 * json.c - cJSON behind the gate, on an arena.
 *
 * cJSON's hooks are global, the arena is not: a thread-local pointer says
 * where the running thread's nodes go, and only while json_parse() is on the
 * stack.  Freeing is then a no-op, which is what an arena wants.  (cJSON also
 * keeps a global pointer to the last error.  Threads overwrite it at will;
 * nothing here or elsewhere may read it.)
 */
#include "gateway/base/json.h"

#include <pthread.h>
#include <stdlib.h>

#include "gateway/base/file.h"

static _Thread_local struct arena *bound;

static void *
hook_malloc(size_t bytes)
{
    return bound ? arena_alloc(bound, bytes) : malloc(bytes);
}

static void
hook_free(void *memory)
{
    if (!bound)
        free(memory);
}

static void
install_hooks(void)
{
    cJSON_InitHooks(&(cJSON_Hooks){.malloc_fn = hook_malloc, .free_fn = hook_free});
}

void
json_init(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, install_hooks);
}

int
json_parse(struct arena *arena, const char *text, size_t len, cJSON **out, struct error *err)
{
    struct arena *outer = bound;

    *out = NULL;
    json_init();
    if (json_gate(text, len, err) != 0)
        return -1;
    bound = arena;
    *out = cJSON_ParseWithLengthOpts(text, len, NULL, 0);
    bound = outer;
    if (!*out) /* the gate let through what cJSON cannot read: a bug of ours */
        return error_set(err, ERROR_INTERNAL, "strict JSON that the parser refused");
    return 0;
}

int
json_parse_file(struct arena *arena, const char *path, size_t bytes_max, cJSON **out,
                struct error *err)
{
    struct error why = {0};
    char *text;
    size_t len;

    *out = NULL;
    if (file_read(arena, path, bytes_max, &text, &len, err) != 0)
        return -1;
    if (json_parse(arena, text, len, out, &why) != 0)
        return error_set(err, why.code, "%s: %.300s", path, why.text);
    return 0;
}
