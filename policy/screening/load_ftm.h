/*
 * load_ftm.h - entities of the FollowTheMoney model on their way to a list.
 *
 * load_ftm.c reads lines and learns what is there in the end; load_ftm_entity.c makes
 * entries of parties and puts what links say where it belongs.
 */
#ifndef POLICY_SCREENING_LOAD_FTM_H
#define POLICY_SCREENING_LOAD_FTM_H

#include <cjson/cJSON.h>

#include "policy/screening/load.h"
#include "policy/screening/load_schema.h"

#define FTM_LINE_BYTES_MAX (4u << 20)
#define FTM_ID_BYTES_MAX   255
#define FTM_PAIRS_MAX      256  /* owners and assets of one link, all pairs */
#define FTM_OWNERS_MAX     4096 /* of one asset */

/* An entity, a link included. */
struct ftm_record {
    struct draft *draft; /* dropped unless it is a party that counts */
    struct load_file *file;
    struct list_text text; /* its line */
    uint32_t line;
    bool gone; /* an operation deleted it */
    const struct schema *schema;
    /* An address: */
    struct list_text address;
    const char *country;
    /* A party: */
    bool related; /* it owns, or is owned */
};

struct ftm_lines {
    struct load_file *file;
    struct list_text rest;
    struct list_text text; /* of the line, without its end */
    uint32_t line;
    bool ended; /* the line has an end */
    bool cut;   /* it has none, and makes no sense */
};

struct ftm {
    struct load *load;
    struct arena line;          /* of the line being read */
    struct ftm_record *records; /* by draft->index */
    size_t capacity;
};

/* A string member, or "". */
const char *ftm_text(const cJSON *object, const char *name);

/* The file says so in words: "target", or else the topic "sanction". */
bool ftm_is_target(const cJSON *entity);

/* What the entity says, by its schema; NULL, or why it is left out. */
const char *ftm_take(struct ftm *ftm, struct ftm_record *record, const cJSON *entity);

/* Parties that are neither listed nor related to one that owns or is owned go. */
void ftm_finish(struct ftm *ftm);

#endif
