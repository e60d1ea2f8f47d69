/*
 * options.h - everything that can be set, as one table.
 *
 * The same name serves on the command line (--store X), in the environment
 * (YUANGATE_STORE=X) and in a JSON file named by --config ({"store":"X"}).
 * The command line wins over the environment, and that over the file.
 * Repeatable options are arrays in the file and comma-separated in the
 * environment.
 */
#ifndef GATEWAY_OPTIONS_H
#define GATEWAY_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "gateway/base/arena.h"
#include "gateway/base/error.h"

#define OPTIONS_REPEAT_MAX 16
#define OPTIONS_LISTS_MAX  64    /* files of lists */
#define OPTIONS_FILE_MAX   65536 /* bytes of a configuration file */

struct options {
    const char *listen[OPTIONS_REPEAT_MAX];
    size_t listen_count;
    const char *policies[OPTIONS_REPEAT_MAX];
    size_t policy_count;
    const char *lists[OPTIONS_LISTS_MAX]; /* "NAME=PATH" */
    size_t list_count;
    int64_t list_shrink; /* percent */
    int64_t list_faults; /* rows */
    const char *store;
    const char *book;
    const char *plugins;      /* folder */
    const char *packs;        /* folder */
    const char *goods;        /* folder */
    const char *lists_folder; /* NULL: beside the store */
    const char *keys;         /* file; NULL: beside the store */
    const char *role;         /* of keys add; NULL: not given */
    const char *clock;
    const char *log_level;
    uint64_t seed;
    int threads;
    int64_t request_ms;
    int64_t idle_ms;
    int64_t webhook_retry_ms;
    bool simulate;
    bool from_files;
    /* What to do instead of serving. */
    bool check, help, version;
    char *const *words; /* "keys" and what stands behind it, in front of all options */
    size_t word_count;  /* 0: serve */
};

/*
 * Defaults, then file, environment and arguments.  Strings live on the arena
 * or in argv.  ERROR_INVALID names the option, its source and what it takes.
 */
int options_read(struct arena *arena, int argc, char **argv, struct options *out,
                 struct error *err) __attribute__((warn_unused_result));

/* The store's path and the suffix, on the arena; NULL: a store in memory has none. */
const char *options_beside_store(const struct options *options, struct arena *arena,
                                 const char *suffix);

void options_help(FILE *out);

#endif
