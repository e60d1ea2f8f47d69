/* schema.c - a small JSON Schema checker: one function a keyword. */
#include "tests/support/schema.h"

#include <math.h>
#include <regex.h>
#include <stdio.h>
#include <string.h>

#define PATH_SIZE 256

struct check {
    const cJSON *document;
    char path[PATH_SIZE]; /* of the value, as a JSON Pointer */
    char *why;
    size_t why_size;
};

static bool holds(struct check *check, const cJSON *schema, const cJSON *value);

static bool
fails(struct check *check, const char *what, const char *detail)
{
    if (check->why_size)
        snprintf(check->why, check->why_size, "%s: %s %s", check->path, what, detail);
    return false;
}

const cJSON *
schema_at(const cJSON *document, const char *ref)
{
    char copy[PATH_SIZE], *rest = NULL;

    snprintf(copy, sizeof(copy), "%s", ref);
    for (char *part = strtok_r(copy, "/", &rest); part && document;
         part = strtok_r(NULL, "/", &rest))
        if (strcmp(part, "#") != 0)
            document = cJSON_GetObjectItemCaseSensitive(document, part);
    return document;
}

/* The length in code points. */
static double
characters(const char *text)
{
    size_t count = 0;

    for (; *text; text++)
        count += ((unsigned char)*text & 0xc0) != 0x80;
    return (double)count;
}

static bool
is_type(const cJSON *value, const char *type)
{
    static const struct {
        const char *name;
        int mask;
    } types[] = {
        {"object", cJSON_Object},  {"array", cJSON_Array},
        {"string", cJSON_String},  {"number", cJSON_Number},
        {"integer", cJSON_Number}, {"boolean", cJSON_True | cJSON_False},
        {"null", cJSON_NULL},
    };

    if (strcmp(type, "integer") == 0 && value->valuedouble != floor(value->valuedouble))
        return false;
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
        if (strcmp(types[i].name, type) == 0)
            return (value->type & types[i].mask) != 0;
    return false;
}

static bool
check_type(struct check *check, const cJSON *types, const cJSON *value)
{
    const cJSON *type;

    if (cJSON_IsString(types))
        return is_type(value, types->valuestring) || fails(check, "is no", types->valuestring);
    cJSON_ArrayForEach(type, types)
    {
        if (is_type(value, type->valuestring))
            return true;
    }
    return fails(check, "is of none of the types", "");
}

static bool
check_enum(struct check *check, const cJSON *values, const cJSON *value)
{
    const cJSON *one;

    cJSON_ArrayForEach(one, values)
    {
        if (cJSON_Compare(one, value, true))
            return true;
    }
    return fails(check, "is none of the values",
                 cJSON_IsString(value) ? value->valuestring : "");
}

static bool
check_const(struct check *check, const cJSON *wanted, const cJSON *value)
{
    return cJSON_Compare(wanted, value, true) || fails(check, "is not the constant", "");
}

static bool
check_required(struct check *check, const cJSON *names, const cJSON *value)
{
    const cJSON *name;

    cJSON_ArrayForEach(name, names)
    {
        if (cJSON_IsObject(value) &&
            !cJSON_GetObjectItemCaseSensitive(value, name->valuestring))
            return fails(check, "lacks", name->valuestring);
    }
    return true;
}

/* Check a part of the value, with its name on the path. */
static bool
holds_below(struct check *check, const char *name, const cJSON *schema, const cJSON *value)
{
    size_t len = strlen(check->path);
    bool held;

    snprintf(check->path + len, sizeof(check->path) - len, "/%s", name);
    held = holds(check, schema, value);
    if (held)
        check->path[len] = '\0';
    return held;
}

static bool
check_properties(struct check *check, const cJSON *properties, const cJSON *value)
{
    const cJSON *property;

    cJSON_ArrayForEach(property, properties)
    {
        const cJSON *member = cJSON_GetObjectItemCaseSensitive(value, property->string);

        if (member && !holds_below(check, property->string, property, member))
            return false;
    }
    return true;
}

static bool
check_items(struct check *check, const cJSON *schema, const cJSON *value)
{
    const cJSON *item;
    char index[16];
    int i = 0;

    cJSON_ArrayForEach(item, value)
    {
        snprintf(index, sizeof(index), "%d", i++);
        if (!holds_below(check, index, schema, item))
            return false;
    }
    return true;
}

static bool
check_any_of(struct check *check, const cJSON *schemas, const cJSON *value)
{
    const cJSON *schema;

    cJSON_ArrayForEach(schema, schemas)
    {
        struct check attempt = {.document = check->document, .why = NULL, .why_size = 0};

        if (holds(&attempt, schema, value))
            return true;
    }
    return fails(check, "keeps none of anyOf", "");
}

static bool
check_pattern(struct check *check, const cJSON *pattern, const cJSON *value)
{
    regex_t regex;
    bool matched;

    if (!cJSON_IsString(value))
        return true;
    if (regcomp(&regex, pattern->valuestring, REG_EXTENDED | REG_NOSUB) != 0)
        return fails(check, "has a pattern that does not compile:", pattern->valuestring);
    matched = regexec(&regex, value->valuestring, 0, NULL, 0) == 0;
    regfree(&regex);
    return matched || fails(check, "does not match", pattern->valuestring);
}

/* The measure that a bound is about, or NAN where it does not apply. */
static double
measure(const char *keyword, const cJSON *value)
{
    if (strstr(keyword, "Items"))
        return cJSON_IsArray(value) ? cJSON_GetArraySize(value) : NAN;
    if (strstr(keyword, "Length"))
        return cJSON_IsString(value) ? characters(value->valuestring) : NAN;
    return cJSON_IsNumber(value) ? value->valuedouble : NAN;
}

static bool
check_at_least(struct check *check, const cJSON *bound, const cJSON *value)
{
    return !(measure(bound->string, value) < bound->valuedouble) ||
           fails(check, "is below", bound->string);
}

static bool
check_above(struct check *check, const cJSON *bound, const cJSON *value)
{
    return !(measure(bound->string, value) <= bound->valuedouble) ||
           fails(check, "is not above", bound->string);
}

static bool
check_at_most(struct check *check, const cJSON *bound, const cJSON *value)
{
    return !(measure(bound->string, value) > bound->valuedouble) ||
           fails(check, "is past", bound->string);
}

static bool
check_ref(struct check *check, const cJSON *ref, const cJSON *value)
{
    const cJSON *schema = schema_at(check->document, ref->valuestring);

    return schema ? holds(check, schema, value) : fails(check, "refers to", ref->valuestring);
}

static bool
check_nothing(struct check *check, const cJSON *keyword, const cJSON *value)
{
    (void)check, (void)keyword, (void)value;
    return true;
}

static const struct {
    const char *name;
    bool (*check)(struct check *check, const cJSON *keyword, const cJSON *value);
} keywords[] = {
    {"$ref", check_ref},
    {"type", check_type},
    {"enum", check_enum},
    {"const", check_const},
    {"required", check_required},
    {"properties", check_properties},
    {"additionalProperties", check_nothing}, /* see members_known() */
    {"items", check_items},
    {"minItems", check_at_least},
    {"maxItems", check_at_most},
    {"minLength", check_at_least},
    {"maxLength", check_at_most},
    {"minimum", check_at_least},
    {"maximum", check_at_most},
    {"exclusiveMinimum", check_above},
    {"pattern", check_pattern},
    {"anyOf", check_any_of},
    {"description", check_nothing},
    {"examples", check_nothing},
    {"default", check_nothing},
    {"format", check_nothing}, /* an annotation in 2020-12 */
};

static bool
members_known(struct check *check, const cJSON *schema, const cJSON *value)
{
    const cJSON *properties = cJSON_GetObjectItemCaseSensitive(schema, "properties");
    const cJSON *member;

    if (!cJSON_IsObject(value) ||
        !cJSON_IsFalse(cJSON_GetObjectItemCaseSensitive(schema, "additionalProperties")))
        return true;
    cJSON_ArrayForEach(member, value)
    {
        if (!cJSON_GetObjectItemCaseSensitive(properties, member->string))
            return fails(check, "has a member that is not in the contract:", member->string);
    }
    return true;
}

static bool
holds(struct check *check, const cJSON *schema, const cJSON *value)
{
    const cJSON *keyword;

    cJSON_ArrayForEach(keyword, schema)
    {
        size_t i = 0;

        while (i < sizeof(keywords) / sizeof(keywords[0]) &&
               strcmp(keywords[i].name, keyword->string) != 0)
            i++;
        if (i == sizeof(keywords) / sizeof(keywords[0]))
            return fails(check, "has a schema with the unknown keyword", keyword->string);
        if (!keywords[i].check(check, keyword, value))
            return false;
    }
    return members_known(check, schema, value);
}

bool
schema_holds(const cJSON *document, const cJSON *schema, const cJSON *value, char *why,
             size_t why_size)
{
    struct check check = {.document = document, .why = why, .why_size = why_size};

    return schema ? holds(&check, schema, value) : fails(&check, "there is no schema", "");
}
