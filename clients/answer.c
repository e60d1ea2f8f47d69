/* answer.c - a path of member names, walked. */
#include "clients/answer.h"

#include <stdio.h>
#include <string.h>

#define MEMBER_NAME_SIZE 64

const cJSON *
answer_at(const cJSON *json, const char *path)
{
    while (json && *path) {
        size_t len = strcspn(path, "/");
        char name[MEMBER_NAME_SIZE];

        snprintf(name, sizeof(name), "%.*s", (int)len, path);
        json = cJSON_GetObjectItemCaseSensitive(json, name);
        path += len + (path[len] == '/');
    }
    return json;
}

const char *
answer_text(const cJSON *json, const char *path)
{
    const cJSON *value = answer_at(json, path);

    return cJSON_IsString(value) ? value->valuestring : "";
}

double
answer_number(const cJSON *json, const char *path)
{
    const cJSON *value = answer_at(json, path);

    return cJSON_IsNumber(value) ? value->valuedouble : 0;
}
