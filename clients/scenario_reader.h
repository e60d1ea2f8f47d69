/*
 * scenario_reader.h - what the readers of a scenario and of its steps share.
 *
 * Private to scenario.c, scenario_reader.c and scenario_step.c.
 */
#ifndef CLIENTS_SCENARIO_READER_H
#define CLIENTS_SCENARIO_READER_H

#include <stdbool.h>

#include "clients/scenario.h"

/* A row of a table of members; one without a name ends it. */
struct member {
    const char *name;
    int type; /* cJSON_String, ... */
    bool required;
};

/* What reading carries along; where begins every error. */
struct scenario_reader {
    struct arena *arena;
    struct scenario *scenario;
    const char *where; /* "file: step 3, /steps/2" */
    struct error *err;
};

/* cJSON_HasObjectItem() ignores case, and JSON does not. */
bool scenario_has(const cJSON *object, const char *name);

/* Only these members, of these types, and none missing. */
int scenario_check(const struct scenario_reader *reader, const cJSON *object,
                   const struct member *members) __attribute__((warn_unused_result));

/* The member's text, otherwise where it is not there. */
const char *scenario_text(const cJSON *object, const char *name, const char *otherwise);

/* The step at this index; those before it have been read. */
int scenario_step_read(const struct scenario_reader *reader, const cJSON *json, size_t index,
                       struct scenario_step *step) __attribute__((warn_unused_result));

#endif
