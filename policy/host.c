/* host.c - a file becomes a library, its table is checked, policies are opened. */
#include "policy/host.h"

#include <assert.h>
#include <ctype.h>
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "gateway/base/buffer.h"
#include "gateway/base/file.h"

#define PLUGIN_SYMBOL "policy_plugin"

/* As far as a plugin must reach to have a word of its own. */
#define PLUGIN_SIZE_1_1                                                                        \
    (offsetof(struct policy_plugin, label) + sizeof(((struct policy_plugin *)0)->label))

struct library {
    struct arena arena; /* path */
    char *path;
    int fd; /* the copy in memory; open as long as it is loaded, its number is its name */
    void *handle;
    const struct policy_plugin *plugin;
    uint8_t digest[SHA256_BYTES];
};

/* Copy the file into memory that has a name dlopen() can open. */
static int
library_copy(struct library *library, struct error *err)
{
    struct arena arena = {0};
    char *data;
    size_t len;
    int rc = -1;

    if (file_read(&arena, library->path, PLUGIN_BYTES_MAX, &data, &len, err) != 0)
        goto out;
    hash_sha256(&(struct hash_part){data, len}, 1, library->digest);
    library->fd = memfd_create("policy plugin", MFD_CLOEXEC);
    for (size_t done = 0; library->fd >= 0 && done < len;) {
        ssize_t n = write(library->fd, data + done, len - done);

        if (n < 0 && errno != EINTR)
            break;
        done += n > 0 ? (size_t)n : 0;
        rc = done == len ? 0 : -1;
    }
    if (rc != 0)
        error_set(err, ERROR_INVALID, "%s: expected a shared object; found %s", library->path,
                  len == 0 ? "an empty file" : strerror(errno));
out:
    arena_release(&arena);
    return rc;
}

static int
library_link(struct library *library, struct error *err)
{
    char name[32];
    const char *why;

    snprintf(name, sizeof(name), "/proc/self/fd/%d", library->fd);
    library->handle = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    if (library->handle)
        return 0;
    why = dlerror();
    if (strncmp(why, name, strlen(name)) == 0) /* the copy's name says nothing to anyone */
        why += strlen(name) + strspn(why + strlen(name), ": ");
    return error_set(err, ERROR_INVALID, "%s: expected a shared object; found: %s",
                     library->path, why);
}

int
library_open(const char *path, struct library **out, struct error *err)
{
    struct library *library = calloc(1, sizeof(*library));
    int rc = -1;

    *out = NULL;
    if (!library)
        abort();
    library->fd = -1;
    library->path = arena_copy(&library->arena, path, strlen(path));
    if (library_copy(library, err) != 0 || library_link(library, err) != 0)
        goto out;
    library->plugin = dlsym(library->handle, PLUGIN_SYMBOL);
    if (!library->plugin) {
        error_set(err, ERROR_INVALID, "%s: expected the symbol " PLUGIN_SYMBOL "; found none",
                  path);
        goto out;
    }
    if (plugin_verify(library->plugin, path, err) != 0)
        goto out;
    *out = library;
    library = NULL;
    rc = 0;
out:
    library_close(library);
    return rc;
}

void
library_close(struct library *library)
{
    if (!library)
        return;
    if (library->handle)
        dlclose(library->handle);
    if (library->fd >= 0)
        close(library->fd);
    arena_release(&library->arena);
    free(library);
}

const char *
library_path(const struct library *library)
{
    return library->path;
}

const uint8_t *
library_digest(const struct library *library)
{
    return library->digest;
}

const struct policy_plugin *
library_plugin(const struct library *library)
{
    return library->plugin;
}

/* A name ends up in books, file names and "name@version": keep it plain. */
static int
name_is_plain(const char *name, const char *also)
{
    size_t len = strlen(name);

    if (len == 0 || len > PLUGIN_NAME_MAX)
        return 0;
    for (size_t i = 0; i < len; i++)
        if (!isalnum((unsigned char)name[i]) && !strchr(also, name[i]))
            return 0;
    return 1;
}

int
plugin_verify(const struct policy_plugin *plugin, const char *path, struct error *err)
{
    const char *missing;

    if (plugin->abi >> 16 != POLICY_ABI_MAJOR)
        return error_set(err, ERROR_INVALID,
                         "%s: " PLUGIN_SYMBOL ".abi: expected major version %u; found %u", path,
                         POLICY_ABI_MAJOR, plugin->abi >> 16);
    if (plugin->size < POLICY_PLUGIN_SIZE_1_0)
        return error_set(err, ERROR_INVALID,
                         "%s: " PLUGIN_SYMBOL ".size: expected at least %zu; found %u", path,
                         POLICY_PLUGIN_SIZE_1_0, plugin->size);
    missing = !plugin->name      ? "name"
              : !plugin->version ? "version"
              : !plugin->open    ? "open"
              : !plugin->check   ? "check"
              : !plugin->close   ? "close"
                                 : NULL;
    if (missing)
        return error_set(err, ERROR_INVALID,
                         "%s: " PLUGIN_SYMBOL ".%s: expected a value; found NULL", path,
                         missing);
    if (!name_is_plain(plugin->name, "_"))
        return error_set(err, ERROR_INVALID,
                         "%s: " PLUGIN_SYMBOL ".name: expected letters, digits and _, at most "
                         "%d; found \"%.60s\"",
                         path, PLUGIN_NAME_MAX, plugin->name);
    if (!name_is_plain(plugin->version, ".-+_"))
        return error_set(err, ERROR_INVALID,
                         "%s: " PLUGIN_SYMBOL ".version: expected a version such as 1.0.0; "
                         "found \"%.60s\"",
                         path, plugin->version);
    return 0;
}

/* What open() is given: the public part first. */
struct opening {
    struct policy_host host;
    const cJSON *options;
    struct arena *arena; /* dies when open() has returned */
};

/* The value at a path such as "limits/CNY"; NULL if absent, the whole for "". */
static const cJSON *
option_at(const struct opening *opening, const char *path)
{
    const cJSON *json = opening->options;

    while (json && path[0] != '\0') {
        char segment[OPTION_SEGMENT_MAX + 1];
        size_t len = strcspn(path, "/");

        if (len > OPTION_SEGMENT_MAX)
            return NULL;
        memcpy(segment, path, len);
        segment[len] = '\0';
        json = cJSON_GetObjectItemCaseSensitive(json, segment);
        path += len + (path[len] == '/');
    }
    return json;
}

static const char *
host_option(const struct policy_host *host, const char *path)
{
    const struct opening *opening = (const struct opening *)host;
    const cJSON *json = path ? option_at(opening, path) : NULL;
    struct buffer buffer;

    if (cJSON_IsString(json))
        return json->valuestring;
    if (cJSON_IsBool(json))
        return cJSON_IsTrue(json) ? "true" : "false";
    if (!cJSON_IsNumber(json))
        return "";
    buffer_init(&buffer, opening->arena, 32);
    json_number(&buffer, json->valuedouble);
    return buffer_terminate(&buffer);
}

static const char *
host_option_name(const struct policy_host *host, const char *path, uint32_t index)
{
    const struct opening *opening = (const struct opening *)host;
    const cJSON *json = path ? option_at(opening, path) : NULL;

    if (!cJSON_IsObject(json))
        return NULL;
    json = json->child;
    while (json && index-- > 0)
        json = json->next;
    return json ? json->string : NULL;
}

/* What stands in decisions: the plugin's own word if it has one. */
static const char *
policy_label(const struct policy *policy, struct arena *arena)
{
    const struct policy_plugin *plugin = policy->plugin;
    const char *label = NULL;

    if (plugin->size >= PLUGIN_SIZE_1_1 && plugin->label)
        label = plugin->label(policy->self);
    if (label && label[0] != '\0')
        return arena_copy(arena, label, strlen(label));
    return arena_printf(arena, "%s@%s", plugin->name, plugin->version);
}

int
policy_open(const struct policy_plugin *plugin, const cJSON *options,
            const struct host_pack *pack, const struct host_currencies *currencies,
            struct arena *arena, struct policy *out, struct error *err)
{
    struct arena scratch = {0};
    struct opening opening = {
        .host = {.size = sizeof(opening.host),
                 .abi = POLICY_ABI,
                 .currency_decimals = currencies->decimals,
                 .money_parse = currencies->parse,
                 .option = host_option,
                 .option_name = host_option_name,
                 .pack_path = pack ? pack->path : NULL,
                 .pack_text = pack ? pack->text : NULL,
                 .pack_len = pack ? pack->len : 0},
        .options = options,
        .arena = &scratch,
    };
    char why[PLUGIN_ERROR_MAX] = "";
    char *text = options ? cJSON_PrintUnformatted(options) : NULL;
    int rc;

    *out = (struct policy){.plugin = plugin};
    rc = plugin->open(&opening.host, text ? text : "{}", &out->self, why, sizeof(why));
    why[sizeof(why) - 1] = '\0';
    if (rc != 0) {
        error_set(err, ERROR_INVALID, "%s", why[0] ? why : "no reason given");
        *out = (struct policy){0}; /* never opened, so never to be closed */
    } else {
        out->label = policy_label(out, arena);
    }
    cJSON_free(text);
    arena_release(&scratch);
    return rc == 0 ? 0 : -1;
}

void
policy_close(struct policy *policy)
{
    policy->plugin->close(policy->self);
    *policy = (struct policy){0};
}

int
action_is_known(int answer)
{
    return answer >= POLICY_ABSTAIN && answer <= POLICY_FREEZE;
}
