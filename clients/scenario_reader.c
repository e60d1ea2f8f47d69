/* scenario_reader.c - objects checked by tables of members. */
#include "clients/scenario_reader.h"

#include <string.h>

bool
scenario_has(const cJSON *object, const char *name)
{
    return cJSON_GetObjectItemCaseSensitive(object, name) != NULL;
}

static const char *
type_name(int type)
{
    switch (type) {
    case cJSON_String:
        return "a string";
    case cJSON_Number:
        return "a number";
    case cJSON_Array:
        return "an array";
    case cJSON_True:
        return "true";
    default:
        return "an object";
    }
}

static const struct member *
member_find(const struct member *members, const char *name)
{
    while (members->name && strcmp(members->name, name) != 0)
        members++;
    return members->name ? members : NULL;
}

int
scenario_check(const struct scenario_reader *reader, const cJSON *object,
               const struct member *members)
{
    const cJSON *value;

    cJSON_ArrayForEach(value, object)
    {
        const struct member *member = member_find(members, value->string);

        if (!member)
            return error_set(reader->err, ERROR_INVALID, "%s/%.40s: no member of this name",
                             reader->where, value->string);
        if ((value->type & 0xff) != member->type)
            return error_set(reader->err, ERROR_INVALID, "%s/%s: must be %s", reader->where,
                             member->name, type_name(member->type));
    }
    for (; members->name; members++)
        if (members->required && !scenario_has(object, members->name))
            return error_set(reader->err, ERROR_INVALID, "%s/%s: is missing", reader->where,
                             members->name);
    return 0;
}

const char *
scenario_text(const cJSON *object, const char *name, const char *otherwise)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(object, name);

    return value ? value->valuestring : otherwise;
}
