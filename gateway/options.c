/* options.c - the table of options and its three sources. */
#include "gateway/options.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gateway/base/json.h"
#include "policy/screening/list_load.h"

#define THREADS_MAX    64
#define EXACT_MAX      9007199254740991.0 /* 2^53 - 1 */
#define TIMEOUT_MS_MAX 3600000
#define ENV_PREFIX     "YUANGATE_"
#define ENV_NAME_SIZE  64
#define SHIPPED_LIST   "fictional="

enum kind { TEXT, TEXTS, NUMBER, SWITCH, FLAG };

static const struct option {
    const char *name;
    enum kind kind;
    size_t offset;       /* in struct options */
    size_t count_offset; /* TEXTS */
    long long min, max;  /* NUMBER; of TEXTS min is how many there is room for */
    const char *value;   /* how help names it */
    const char *help;
} table[] = {
#define AT(member) offsetof(struct options, member)
    /* clang-format off */
    { "listen",    TEXTS,  AT(listen), AT(listen_count), OPTIONS_REPEAT_MAX, 0, "ADDR:PORT", "where to serve; repeatable (default 127.0.0.1:8080; port 0 picks one)" },
    { "store",     TEXT,   AT(store), 0, 0, 0,      "SPEC",  "sqlite:PATH or memory (default sqlite:./yuangate.db)" },
    { "book",      TEXT,   AT(book), 0, 0, 0,       "FILE",  "which policies at which class of bank from when (default: the shipped china-2024)" },
    { "policy",    TEXTS,  AT(policies), AT(policy_count), OPTIONS_REPEAT_MAX, 0, "FILE", "one more policy plugin (.so) that the book may name; repeatable" },
    { "list",      TEXTS,  AT(lists), AT(list_count), OPTIONS_LISTS_MAX, 0, "NAME=PATH", "a sanctions list: a file or a folder of it; repeatable; NAME@2024-05-03=PATH as of a day; none: no list (default: the shipped fictional one)" },
    { "plugins",   TEXT,   AT(plugins), 0, 0, 0,    "DIR",   "where the shipped plugins are" },
    { "packs",     TEXT,   AT(packs), 0, 0, 0,      "DIR",   "where the packs of rules are" },
    { "goods",     TEXT,   AT(goods), 0, 0, 0,      "DIR",   "where the goods tables and kits are" },
    { "list-shrink", NUMBER, AT(list_shrink), 0, 0, 100, "PERCENT", "by how much a list may have shrunk, in entries or in names, against the one in force (default 20)" },
    { "list-faults", NUMBER, AT(list_faults), 0, 0, 1000000, "N", "so many rows of a list may make no sense and be left out (default 10)" },
    { "lists",     TEXT,   AT(lists_folder), 0, 0, 0,      "DIR",   "where lists that are put over HTTP are kept (default: beside the store)" },
    { "keys",      TEXT,   AT(keys), 0, 0, 0,       "FILE",  "the API keys, each with a role (default: beside the store)" },
    { "role",      TEXT,   AT(role), 0, 0, 0,       "ROLE",  "of yuangate keys add: payer, reviewer, analyst or operator" },
    { "clock",     TEXT,   AT(clock), 0, 0, 0,      "KIND",  "wall, from:TIME, manual:TIME or payment (default from:2024-04-15T09:00:00+08:00)" },
    { "seed",      NUMBER, AT(seed), 0, 0, LLONG_MAX, "N",   "makes ids and chance; belongs to the store (default 1)" },
    { "threads",   NUMBER, AT(threads), 0, 1, THREADS_MAX, "N", "worker threads (default: one a processor, at most 8)" },
    { "log-level", TEXT,   AT(log_level), 0, 0, 0,  "LEVEL", "debug, info, warn or error (default info)" },
    { "simulate",  SWITCH, AT(simulate), 0, 0, 0,   "on|off", "honour a payment's simulate object (default on)" },
    { "request-timeout-ms", NUMBER, AT(request_ms), 0, 1, TIMEOUT_MS_MAX, "N", "a request must have arrived whole (default 10000)" },
    { "idle-timeout-ms",    NUMBER, AT(idle_ms), 0, 1, TIMEOUT_MS_MAX, "N", "an idle connection is closed (default 60000)" },
    { "webhook-retry-ms",   NUMBER, AT(webhook_retry_ms), 0, 1, TIMEOUT_MS_MAX, "N", "a failed webhook is tried again after this, then 5, 30, 120, 600 and 3600 times this (default 1000)" },
    { "from-files", FLAG,  AT(from_files), 0, 0, 0, NULL,    "let the files count again, whatever was activated over HTTP" },
    { "config",    TEXT,   0, 0, 0, 0,              "FILE",  "read options from a JSON file" },
    { "check",     FLAG,   AT(check), 0, 0, 0,      NULL,    "load everything, say what is wrong, serve nothing" },
    { "version",   FLAG,   AT(version), 0, 0, 0,    NULL,    "print the version" },
    { "help",      FLAG,   AT(help), 0, 0, 0,       NULL,    "print this" },
/* clang-format on */
#undef AT
};

#define TABLE_COUNT (sizeof(table) / sizeof(table[0]))

/* Where a value came from, for the message when it is wrong. */
struct source {
    struct arena *arena;
    struct options *options;
    const char *prefix; /* "--" or "YUANGATE_" or "" */
    const char *where;  /* "on the command line" */
};

static bool
is_config(const struct option *option)
{
    return strcmp(option->name, "config") == 0;
}

static const struct option *
option_find(const char *name, size_t len)
{
    for (size_t i = 0; i < TABLE_COUNT; i++)
        if (strlen(table[i].name) == len && strncmp(table[i].name, name, len) == 0)
            return &table[i];
    return NULL;
}

static int
set_number(const struct source *source, const struct option *option, const char *value,
           struct error *err)
{
    char *field = (char *)source->options + option->offset, *end;
    long long number;

    errno = 0;
    number = strtoll(value, &end, 10);
    if (errno || *value == '\0' || *end != '\0' || number < option->min || number > option->max)
        return error_set(err, ERROR_INVALID,
                         "%s%s %s: \"%.60s\" must be a number, %lld to %lld", source->prefix,
                         option->name, source->where, value, option->min, option->max);
    if (option->offset == offsetof(struct options, threads))
        *(int *)(void *)field = (int)number;
    else
        *(int64_t *)(void *)field = number;
    return 0;
}

static int
set_switch(const struct source *source, const struct option *option, const char *value,
           struct error *err)
{
    bool on = strcmp(value, "on") == 0;

    if (!on && strcmp(value, "off") != 0)
        return error_set(err, ERROR_INVALID, "%s%s %s: \"%.60s\" must be on or off",
                         source->prefix, option->name, source->where, value);
    *(bool *)((char *)source->options + option->offset) = on;
    return 0;
}

static int
add_text(const struct source *source, const struct option *option, const char *value,
         struct error *err)
{
    char *base = (char *)source->options;
    const char **list = (const char **)(void *)(base + option->offset);
    size_t *count = (size_t *)(void *)(base + option->count_offset);

    if ((long long)*count == option->min)
        return error_set(err, ERROR_INVALID, "%s%s %s: at most %lld times", source->prefix,
                         option->name, source->where, option->min);
    list[(*count)++] = value;
    return 0;
}

static int
option_set(const struct source *source, const struct option *option, const char *value,
           struct error *err)
{
    char *field = (char *)source->options + option->offset;

    switch (option->kind) {
    case TEXT:
        if (!is_config(option))
            *(const char **)(void *)field = value;
        return 0;
    case TEXTS:
        return add_text(source, option, value, err);
    case NUMBER:
        return set_number(source, option, value, err);
    case SWITCH:
        return set_switch(source, option, value, err);
    case FLAG:
        *(bool *)field = true;
        return 0;
    }
    abort();
}

/* One member of the file: a string, a number, a boolean or an array of strings. */
static int
set_from_json(const struct source *source, const cJSON *member, struct error *err)
{
    const struct option *option = option_find(member->string, strlen(member->string));
    const cJSON *item;

    if (!option || option->kind == FLAG || is_config(option))
        return error_set(err, ERROR_INVALID, "%s: there is no option \"%.60s\"", source->where,
                         member->string);
    if (option->kind == TEXTS) /* wins over the default */
        *(size_t *)(void *)((char *)source->options + option->count_offset) = 0;
    if (cJSON_IsString(member))
        return option_set(source, option, member->valuestring, err);
    if (option->kind == NUMBER && cJSON_IsNumber(member)) {
        if (member->valuedouble > EXACT_MAX || member->valuedouble < -EXACT_MAX)
            return error_set(err, ERROR_INVALID,
                             "%s: \"%s\" is past what a JSON number holds exactly; write it as "
                             "a string",
                             source->where, option->name);
        return option_set(source, option,
                          arena_printf(source->arena, "%.17g", member->valuedouble), err);
    }
    if (option->kind == SWITCH && cJSON_IsBool(member))
        return option_set(source, option, cJSON_IsTrue(member) ? "on" : "off", err);
    if (option->kind != TEXTS || !cJSON_IsArray(member))
        return error_set(err, ERROR_INVALID, "%s: \"%s\" has a value of the wrong type",
                         source->where, option->name);
    cJSON_ArrayForEach(item, member)
    {
        if (!cJSON_IsString(item))
            return error_set(err, ERROR_INVALID, "%s: \"%s\" must hold strings", source->where,
                             option->name);
        if (option_set(source, option, item->valuestring, err) != 0)
            return -1;
    }
    return 0;
}

static int
read_file(struct arena *arena, const char *path, struct options *out, struct error *err)
{
    const struct source source = {arena, out, "", path};
    const cJSON *member;
    cJSON *json;

    if (json_parse_file(arena, path, OPTIONS_FILE_MAX, &json, err) != 0)
        return -1;
    if (!cJSON_IsObject(json))
        return error_set(err, ERROR_INVALID, "%s: must hold one JSON object", path);
    cJSON_ArrayForEach(member, json)
    {
        if (set_from_json(&source, member, err) != 0)
            return -1;
    }
    return 0;
}

/* "log-level" as YUANGATE_LOG_LEVEL. */
static const char *
env_of(const struct option *option)
{
    char name[ENV_NAME_SIZE];
    char *at = name;

    snprintf(name, sizeof(name), ENV_PREFIX "%s", option->name);
    for (at += strlen(ENV_PREFIX); *at; at++)
        *at = *at == '-' ? '_' : (char)(*at & ~0x20);
    return getenv(name);
}

static int
read_environment(struct arena *arena, struct options *out, struct error *err)
{
    const struct source source = {arena, out, ENV_PREFIX, "in the environment"};

    for (size_t i = 0; i < TABLE_COUNT; i++) {
        const char *value = env_of(&table[i]);
        char *copy, *rest = NULL;

        if (!value || table[i].kind == FLAG || is_config(&table[i]))
            continue;
        copy = arena_copy(arena, value, strlen(value));
        if (table[i].kind != TEXTS) {
            if (option_set(&source, &table[i], copy, err) != 0)
                return -1;
            continue;
        }
        *(size_t *)(void *)((char *)out + table[i].count_offset) = 0; /* wins over the file */
        for (char *item = strtok_r(copy, ",", &rest); item; item = strtok_r(NULL, ",", &rest))
            if (option_set(&source, &table[i], item, err) != 0)
                return -1;
    }
    return 0;
}

/* One argument and, where it takes one, its value: "--x V" or "--x=V". */
static int
take_argument(char **argv, int *i, const struct option **option, const char **value,
              struct error *err)
{
    const char *name = argv[*i] + 2, *equals = strchr(name, '=');
    size_t len = equals ? (size_t)(equals - name) : strlen(name);

    if (strncmp(argv[*i], "--", 2) != 0 || !(*option = option_find(name, len)))
        return error_set(err, ERROR_INVALID, "there is no option \"%.60s\"; --help lists them",
                         argv[*i]);
    if ((*option)->kind == FLAG) {
        *value = "";
        return equals ? error_set(err, ERROR_INVALID, "--%s takes no value", (*option)->name)
                      : 0;
    }
    *value = equals ? equals + 1 : argv[++*i];
    if (!*value)
        return error_set(err, ERROR_INVALID, "--%s needs a value: %s", (*option)->name,
                         (*option)->value);
    return 0;
}

static int
read_arguments(struct arena *arena, int argc, char **argv, struct options *out,
               struct error *err)
{
    const struct source source = {arena, out, "--", "on the command line"};
    bool replaced[TABLE_COUNT] = {false};

    for (int i = 1; i < argc; i++) {
        const struct option *option;
        const char *value;

        if (take_argument(argv, &i, &option, &value, err) != 0)
            return -1;
        if (option->kind == TEXTS && !replaced[option - table]) {
            replaced[option - table] = true;
            *(size_t *)(void *)((char *)out + option->count_offset) = 0;
        }
        if (option_set(&source, option, value, err) != 0)
            return -1;
    }
    return 0;
}

/* The file is named on the command line or in the environment, and read first. */
static int
find_config(int argc, char **argv, const char **path, struct error *err)
{
    *path = getenv(ENV_PREFIX "CONFIG");
    for (int i = 1; i < argc; i++) {
        const struct option *option;
        const char *value;

        if (take_argument(argv, &i, &option, &value, err) != 0)
            return -1;
        if (is_config(option))
            *path = value;
    }
    return 0;
}

/* Beside the program in the build tree, or in PREFIX/share and PREFIX/lib. */
static void
find_shipped(struct arena *arena, struct options *out)
{
    char exe[PATH_MAX];
    ssize_t len = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
    const char *installed;
    char *slash;

    exe[len > 0 ? len : 0] = '\0';
    slash = strrchr(exe, '/');
    if (slash)
        *slash = '\0';
    installed = arena_printf(arena, "%s/../share/yuangate/books/china-2024.json", exe);
    if (access(installed, R_OK) == 0) {
        out->book = installed;
        out->packs = arena_printf(arena, "%s/../share/yuangate/packs", exe);
        out->goods = arena_printf(arena, "%s/../share/yuangate/goods", exe);
        out->plugins = arena_printf(arena, "%s/../lib/yuangate/plugins", exe);
        out->lists[0] =
            arena_printf(arena, SHIPPED_LIST "%s/../share/yuangate/lists/fictional/ofac", exe);
        return;
    }
    /* A build folder may lie deeper than build/: look upwards for the tree. */
    for (const char *up = ".."; strlen(up) <= strlen("../../../..");
         up = arena_printf(arena, "%s/..", up)) {
        out->book = arena_printf(arena, "%s/%s/policy/books/china-2024.json", exe, up);
        out->packs = arena_printf(arena, "%s/%s/policy/packs", exe, up);
        out->goods = arena_printf(arena, "%s/%s/policy/goods", exe, up);
        out->lists[0] =
            arena_printf(arena, SHIPPED_LIST "%s/%s/policy/lists/fictional/ofac", exe, up);
        if (access(out->book, R_OK) == 0)
            break;
    }
    out->plugins = arena_printf(arena, "%s/plugins", exe);
}

const char *
options_beside_store(const struct options *options, struct arena *arena, const char *suffix)
{
    const char *sqlite = "sqlite:";

    return strncmp(options->store, sqlite, strlen(sqlite)) == 0
               ? arena_printf(arena, "%s%s", options->store + strlen(sqlite), suffix)
               : NULL;
}

/* "keys add NAME" in front of the options; any other word is no option, and said to be none. */
static size_t
count_words(int argc, char **argv)
{
    size_t count = 0;

    if (argc > 1 && strcmp(argv[1], "keys") == 0)
        while (count + 1 < (size_t)argc && strncmp(argv[count + 1], "--", 2) != 0)
            count++;
    return count;
}

static int
default_threads(void)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);

    return processors < 1 ? 1 : processors > 8 ? 8 : (int)processors;
}

int
options_read(struct arena *arena, int argc, char **argv, struct options *out, struct error *err)
{
    const char *config;

    *out = (struct options){
        .listen = {"127.0.0.1:8080"},
        .listen_count = 1,
        .list_count = 1,
        .list_shrink = LIST_SHRINK_PERCENT_MAX,
        .list_faults = LIST_FAULTS_MAX,
        .store = "sqlite:./yuangate.db",
        .clock = "from:2024-04-15T09:00:00+08:00",
        .log_level = "info",
        .seed = 1,
        .threads = default_threads(),
        .simulate = true,
    };
    out->words = argv + 1;
    out->word_count = count_words(argc, argv);
    argc -= (int)out->word_count;
    argv += out->word_count;
    find_shipped(arena, out);
    if (find_config(argc, argv, &config, err) != 0 ||
        (config && read_file(arena, config, out, err) != 0) ||
        read_environment(arena, out, err) != 0 ||
        read_arguments(arena, argc, argv, out, err) != 0)
        return -1;
    if (out->listen_count == 0)
        return error_set(err, ERROR_INVALID, "listen: there is no address to listen on");
    return 0;
}

void
options_help(FILE *out)
{
    fputs(
        "yuangate - a simulated bank that judges cross-border payments; no real money moves\n\n"
        "usage: yuangate [options]\n"
        "       yuangate keys add NAME --role ROLE | keys list | keys remove NAME  [--store "
        "SPEC | "
        "--keys FILE]\n\n",
        out);
    for (size_t i = 0; i < TABLE_COUNT; i++) {
        char left[40];

        snprintf(left, sizeof(left), "--%s%s%s", table[i].name, table[i].value ? " " : "",
                 table[i].value ? table[i].value : "");
        fprintf(out, "  %-25s %s\n", left, table[i].help);
    }
    fputs("\nEach with a value is also read from the environment (YUANGATE_LOG_LEVEL=debug) "
          "and from\n"
          "the JSON file named by --config ({\"log-level\":\"debug\"}).\n",
          out);
}
