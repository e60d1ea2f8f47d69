/*
 * load.h - what the loaders share: one loading, its files, its faults.
 *
 * Each format is one struct load_format in a file of its own (load_*.c).  list_load.c
 * finds out by content which one it is, and hands it all files of the order.
 */
#ifndef POLICY_SCREENING_LOAD_H
#define POLICY_SCREENING_LOAD_H

#include "policy/screening/list_build.h"
#include "policy/screening/list_load.h"

/* Roles that files play; names in list_format.c. */
enum load_role {
    ROLE_UNKNOWN,
    ROLE_OFAC_MAIN,
    ROLE_OFAC_ALT,
    ROLE_OFAC_ADD,
    ROLE_OFAC_COMMENTS,
    ROLE_OFAC_HISTORY, /* daily operations on a main file */
    ROLE_UN,
    ROLE_EU,
    ROLE_TARGETS,
    ROLE_FTM,
    ROLE_FTM_DELTA,
    ROLE_COUNT,
};

struct load_file {
    const char *path; /* as given */
    const char *name; /* without folders */
    char *data;       /* on the scratch arena, NUL-terminated; loaders may write into it */
    size_t len;
    enum load_role role;
    size_t rows;
};

struct load {
    const struct list_order *order;
    struct arena *scratch; /* dies with the loading */
    struct list_build build;
    struct load_file *files;
    size_t file_count;
    struct list_faults *faults;
    size_t bytes_done, bytes_all;
    struct list_text published_on; /* "2024-05-03…", of which ten characters are kept */
    struct error *err;
};

struct load_format {
    const char *name;               /* as struct list has it */
    int (*read)(struct load *load); /* all files */
};

extern const struct load_format load_ofac;
extern const struct load_format load_un;
extern const struct load_format load_eu;
extern const struct load_format load_targets;
extern const struct load_format load_ftm;

/* What the file's content says that it is; ROLE_UNKNOWN: nothing we know. */
enum load_role load_role_of(const struct load_file *file);
const char *load_role_name(enum load_role role); /* "main" */
const struct load_format *load_format_of(enum load_role role);

/* The file cannot be read at all: "path:line:column: ..."; always -1.  line 0: of the whole. */
int load_refuse(struct load *load, const struct load_file *file, uint32_t line, uint32_t column,
                const char *fmt, ...) __attribute__((format(printf, 5, 6), warn_unused_result));

/* A row is left out: 0, or -1 where that is one too many. */
int load_fault(struct load *load, const struct load_file *file, uint32_t line, uint32_t column,
               const char *fmt, ...) __attribute__((format(printf, 5, 6), warn_unused_result));

/* Called now and then, with how far into the file it is. */
void load_progress(struct load *load, size_t bytes_in_file);
void load_file_done(struct load *load, const struct load_file *file);

/* A later day than the one known so far is taken. */
void load_published(struct load *load, struct list_text day);

#endif
