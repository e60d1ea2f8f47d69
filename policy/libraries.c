/* libraries.c - which plugin a name means. */
#include "policy/libraries.h"

#include <string.h>
#include <unistd.h>

#include "policy/rules/rules.h"

#define LINKED_IN "the program itself"

/* Plugins that need no file: their code is the engine's. */
static const struct policy_plugin *const linked[] = {&rules_plugin};

static const struct policy_plugin *
linked_plugin(const char *name)
{
    for (size_t i = 0; i < sizeof(linked) / sizeof(linked[0]); i++)
        if (strcmp(linked[i]->name, name) == 0)
            return linked[i];
    return NULL;
}

static struct loaded *
loaded_find(struct libraries *libraries, const char *name)
{
    for (size_t i = 0; i < libraries->count; i++)
        if (strcmp(library_plugin(libraries->list[i].library)->name, name) == 0)
            return &libraries->list[i];
    return NULL;
}

static int
duplicate_name(const char *name, const char *first, const char *second, struct error *err)
{
    return error_set(err, ERROR_SETUP, "%s: expected a name of its own; found \"%s\", as in %s",
                     second, name, first);
}

static int
loaded_open(struct libraries *libraries, const char *path, struct error *err)
{
    struct library *library;
    const struct loaded *other;

    if (libraries->count == LIBRARIES_MAX)
        return error_set(err, ERROR_SETUP, "%s: expected at most %d plugins; found more", path,
                         LIBRARIES_MAX);
    if (library_open(path, &library, err) != 0) {
        err->code = ERROR_SETUP;
        return -1;
    }
    other = loaded_find(libraries, library_plugin(library)->name);
    if (other) {
        duplicate_name(library_plugin(library)->name, library_path(other->library), path, err);
        library_close(library);
        return -1;
    }
    libraries->list[libraries->count++] = (struct loaded){.library = library};
    return 0;
}

static const char *
shipped_path(struct libraries *libraries, const struct snapshot_sources *sources,
             const char *name)
{
    return arena_printf(libraries->arena, "%s/%s.so", sources->plugin_path, name);
}

int
libraries_load_given(struct libraries *libraries, const struct snapshot_sources *sources,
                     struct error *err)
{
    for (size_t i = 0; i < sources->policy_count; i++) {
        const char *name, *shipped;

        if (loaded_open(libraries, sources->policies[i], err) != 0)
            return -1;
        name = library_plugin(libraries->list[i].library)->name;
        shipped = linked_plugin(name) ? LINKED_IN : shipped_path(libraries, sources, name);
        if (linked_plugin(name) || access(shipped, F_OK) == 0)
            return duplicate_name(name, shipped, sources->policies[i], err);
    }
    return 0;
}

/* Linked in, given, or NAME.so among the shipped ones. */
int
libraries_find(struct libraries *libraries, const struct snapshot_sources *sources,
               const char *book, const struct book_policy *entry,
               const struct policy_plugin **out, struct error *err)
{
    struct loaded *loaded = loaded_find(libraries, entry->plugin);
    const char *path;

    *out = linked_plugin(entry->plugin);
    if (*out)
        return plugin_verify(*out, LINKED_IN, err);
    if (!loaded) {
        path = shipped_path(libraries, sources, entry->plugin);
        if (access(path, F_OK) != 0)
            return error_set(err, ERROR_SETUP,
                             "%s: %s/plugin: expected the name of a plugin; found \"%s\", and "
                             "there is no %s",
                             book, entry->pointer, entry->plugin, path);
        if (loaded_open(libraries, path, err) != 0)
            return -1;
        loaded = loaded_find(libraries, entry->plugin);
        if (!loaded)
            return error_set(
                err, ERROR_SETUP,
                "%s: policy_plugin.name: expected \"%s\", as the file is named; found \"%s\"",
                path, entry->plugin,
                library_plugin(libraries->list[libraries->count - 1].library)->name);
    }
    loaded->used = true;
    *out = library_plugin(loaded->library);
    return 0;
}

void
libraries_release(struct libraries *libraries)
{
    for (size_t i = libraries->count; i > 0; i--)
        library_close(libraries->list[i - 1].library);
    libraries->count = 0;
}
