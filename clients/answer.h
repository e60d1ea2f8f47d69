/* answer.h - finding one's way in the JSON that a gateway sends. */
#ifndef CLIENTS_ANSWER_H
#define CLIENTS_ANSWER_H

#include <cjson/cJSON.h>

/* The value at "decision/reason/code", member by member; NULL where a step is missing. */
const cJSON *answer_at(const cJSON *json, const char *path);

/* Its text; "" where it is missing, null, or no string. */
const char *answer_text(const cJSON *json, const char *path);

/* Its number; 0 where it is missing, null, or none. */
double answer_number(const cJSON *json, const char *path);

#endif
