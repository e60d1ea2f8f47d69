/* cel_json.c - one row a type: its names, how it is read, how it is written. */
#include "clients/cel_json.h"

#include <errno.h>
#include <math.h>
#include <openssl/evp.h>
#include <stdlib.h>

#include "policy/rules/cel/functions.h"
#include "policy/rules/records.h"

#define EXACT_MAX       9007199254740992.0 /* 2^53: what a JSON number holds exactly */
#define WHOLE_TEXT_SIZE 24

/* -- reading -- */

/* "-42" whole, out of a string or a number that is exact; NULL if it is neither. */
static const char *
whole_text(const cJSON *json, char text[WHOLE_TEXT_SIZE])
{
    const char *digits;

    if (cJSON_IsNumber(json) && json->valuedouble == floor(json->valuedouble) &&
        fabs(json->valuedouble) <= EXACT_MAX) {
        snprintf(text, WHOLE_TEXT_SIZE, "%.0f", json->valuedouble + 0.0);
        return text;
    }
    if (!cJSON_IsString(json))
        return NULL;
    digits = json->valuestring + (json->valuestring[0] == '-');
    return *digits && strspn(digits, "0123456789") == strlen(digits) ? json->valuestring : NULL;
}

static int
read_int(struct cel_run *run, const struct value *json, struct cel_value *out,
         struct error *err)
{
    char text[WHOLE_TEXT_SIZE];
    const char *whole = whole_text(json->json, text);

    (void)run;
    errno = 0;
    if (whole)
        *out = cel_int(strtoll(whole, NULL, 10));
    if (!whole || errno)
        return value_fault(json, err, "a whole number of 64 bits, such as \"-42\"");
    return 0;
}

static int
read_uint(struct cel_run *run, const struct value *json, struct cel_value *out,
          struct error *err)
{
    char text[WHOLE_TEXT_SIZE];
    const char *whole = whole_text(json->json, text);

    (void)run;
    errno = 0;
    if (whole)
        *out = cel_uint(strtoull(whole, NULL, 10));
    if (!whole || errno || whole[0] == '-')
        return value_fault(json, err, "a whole number of 64 bits without sign, such as \"42\"");
    return 0;
}

static const struct {
    const char *text;
    double value;
} odd_doubles[] = {{"NaN", NAN}, {"Infinity", INFINITY}, {"-Infinity", -INFINITY}};

#define ODD_DOUBLE_COUNT (sizeof(odd_doubles) / sizeof(odd_doubles[0]))

static bool
double_of_text(const char *text, double *out)
{
    char *end;

    for (size_t i = 0; i < ODD_DOUBLE_COUNT; i++) {
        *out = odd_doubles[i].value;
        if (strcmp(text, odd_doubles[i].text) == 0)
            return true;
    }
    *out = strtod(text, &end);
    return *text && *end == '\0' && strspn(text, "0123456789+-.eE") == strlen(text) &&
           isfinite(*out);
}

static int
read_double(struct cel_run *run, const struct value *json, struct cel_value *out,
            struct error *err)
{
    double d = 0;

    (void)run;
    if (cJSON_IsNumber(json->json))
        d = json->json->valuedouble;
    else if (!cJSON_IsString(json->json) || !double_of_text(json->json->valuestring, &d))
        return value_fault(json, err, "a number, \"NaN\", \"Infinity\" or \"-Infinity\"");
    *out = cel_double(d);
    return 0;
}

static int
read_bool(struct cel_run *run, const struct value *json, struct cel_value *out,
          struct error *err)
{
    (void)run;
    if (!cJSON_IsBool(json->json))
        return value_fault(json, err, "true or false");
    *out = cel_bool(cJSON_IsTrue(json->json));
    return 0;
}

/* An absent value is as good as null: there is only one. */
static int
read_null(struct cel_run *run, const struct value *json, struct cel_value *out,
          struct error *err)
{
    (void)run;
    if (json->json && !cJSON_IsNull(json->json))
        return value_fault(json, err, "null");
    *out = cel_null();
    return 0;
}

static int
read_string(struct cel_run *run, const struct value *json, struct cel_value *out,
            struct error *err)
{
    (void)run;
    if (!cJSON_IsString(json->json))
        return value_fault(json, err, "a string");
    *out = cel_text(json->json->valuestring);
    return 0;
}

/* Four characters a three bytes, '=' only where the last four are not full. */
static bool
is_base64(const char *text, size_t len)
{
    size_t full = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                               "0123456789+/");

    return len % 4 == 0 && len - full <= 2 && strspn(text + full, "=") == len - full;
}

static int
read_bytes(struct cel_run *run, const struct value *json, struct cel_value *out,
           struct error *err)
{
    const char *text = cJSON_IsString(json->json) ? json->json->valuestring : NULL;
    size_t len = text ? strlen(text) : 0, padding = len;
    unsigned char *bytes;

    if (!text || !is_base64(text, len))
        return value_fault(json, err, "bytes in base64, with = to the end of the last four");
    while (padding > 0 && text[padding - 1] == '=')
        padding--;
    padding = len - padding;
    bytes = cel_alloc(run, len + 1);
    if (!bytes)
        return value_fault(json, err, "less data");
    EVP_DecodeBlock(bytes, (const unsigned char *)text, (int)len);
    *out = cel_bytes((const char *)bytes, len / 4 * 3 - padding);
    return 0;
}

static int
read_moment(const struct value *json, struct cel_value (*parse)(const char *text, size_t len),
            const char *expected, struct cel_value *out, struct error *err)
{
    const char *text = cJSON_IsString(json->json) ? json->json->valuestring : NULL;

    *out = text ? parse(text, strlen(text)) : cel_error(expected);
    return out->kind == CEL_ERROR ? value_fault(json, err, expected) : 0;
}

static int
read_timestamp(struct cel_run *run, const struct value *json, struct cel_value *out,
               struct error *err)
{
    (void)run;
    return read_moment(json, cel_timestamp_parse,
                       "a time of RFC 3339, such as \"2024-04-15T09:00:00Z\"", out, err);
}

static int
read_duration(struct cel_run *run, const struct value *json, struct cel_value *out,
              struct error *err)
{
    (void)run;
    return read_moment(json, cel_duration_parse, "a duration, such as \"3.5s\"", out, err);
}

static int
read_list(struct cel_run *run, const struct value *json, struct cel_value *out,
          struct error *err)
{
    struct value item = {0};
    struct cel_value *items;
    size_t count = 0;

    if (!cJSON_IsArray(json->json))
        return value_fault(json, err, "an array of values with their types");
    items = cel_alloc(run, ((size_t)cJSON_GetArraySize(json->json) + 1) * sizeof(*items));
    if (!items)
        return value_fault(json, err, "less data");
    while (value_next(json, &item))
        if (cel_json_read(run, &item, &items[count++], err) != 0)
            return -1;
    *out = cel_list(items, count);
    return 0;
}

static int
read_pair(struct cel_run *run, const struct value *pair, struct cel_value *items,
          struct error *err)
{
    struct value member = {0};

    if (!cJSON_IsArray(pair->json) || cJSON_GetArraySize(pair->json) != 2)
        return value_fault(pair, err, "a pair of key and value");
    while (value_next(pair, &member))
        if (cel_json_read(run, &member, items++, err) != 0)
            return -1;
    return 0;
}

static int
read_map(struct cel_run *run, const struct value *json, struct cel_value *out,
         struct error *err)
{
    struct value pair = {0};
    struct cel_value *items;
    size_t count = 0;

    if (!cJSON_IsArray(json->json))
        return value_fault(json, err, "an array of pairs of key and value");
    items = cel_alloc(run, ((size_t)cJSON_GetArraySize(json->json) * 2 + 1) * sizeof(*items));
    if (!items)
        return value_fault(json, err, "less data");
    while (value_next(json, &pair))
        if (read_pair(run, &pair, &items[2 * count++], err) != 0)
            return -1;
    *out = cel_map(run, items, count);
    return out->kind == CEL_ERROR ? value_fault(json, err, "different keys, and none a double")
                                  : 0;
}

static int read_type(struct cel_run *run, const struct value *json, struct cel_value *out,
                     struct error *err);

/* -- writing -- */

static void
write_odd(struct buffer *out, double d)
{
    json_string(out, isnan(d) ? "NaN" : d > 0 ? "Infinity" : "-Infinity");
}

static void
write_double(struct buffer *out, struct cel_value value)
{
    if (!isfinite(value.d))
        write_odd(out, value.d);
    else if (value.d == 0 && signbit(value.d))
        json_raw(out, "-0.0", 4);
    else
        json_number(out, value.d);
}

static void
write_int(struct buffer *out, struct cel_value value)
{
    char text[WHOLE_TEXT_SIZE];

    json_string_n(out, text, (size_t)snprintf(text, sizeof(text), "%lld", (long long)value.i));
}

static void
write_uint(struct buffer *out, struct cel_value value)
{
    char text[WHOLE_TEXT_SIZE];

    json_string_n(out, text,
                  (size_t)snprintf(text, sizeof(text), "%llu", (unsigned long long)value.u));
}

static void
write_bool(struct buffer *out, struct cel_value value)
{
    json_bool(out, value.truth);
}

static void
write_null(struct buffer *out, struct cel_value value)
{
    (void)value;
    json_null(out);
}

static void
write_string(struct buffer *out, struct cel_value value)
{
    json_string_n(out, value.text, value.size);
}

static void
write_bytes(struct buffer *out, struct cel_value value)
{
    size_t len = ((size_t)value.size + 2) / 3 * 4;
    char *text = arena_alloc(out->arena, len + 1);

    EVP_EncodeBlock((unsigned char *)text, (const unsigned char *)value.text, (int)value.size);
    json_string_n(out, text, len);
}

static void
write_timestamp(struct buffer *out, struct cel_value value)
{
    char text[CEL_TIME_TEXT_SIZE];

    cel_timestamp_print(value, text);
    json_string(out, text);
}

static void
write_duration(struct buffer *out, struct cel_value value)
{
    char text[CEL_TIME_TEXT_SIZE];

    cel_duration_print(value, text);
    json_string(out, text);
}

static void
write_type(struct buffer *out, struct cel_value value)
{
    json_string(out, cel_kind_name((enum cel_kind)value.type));
}

static void write_part(struct buffer *out, struct cel_value value);

static void
write_list(struct buffer *out, struct cel_value value)
{
    json_open(out, '[');
    for (uint32_t i = 0; i < value.size; i++)
        write_part(out, value.items[i]);
    json_close(out, ']');
}

static void
write_map(struct buffer *out, struct cel_value value)
{
    json_open(out, '[');
    for (uint32_t i = 0; i < value.size; i++) {
        json_open(out, '[');
        write_part(out, value.items[2 * i]);
        write_part(out, value.items[2 * i + 1]);
        json_close(out, ']');
    }
    json_close(out, ']');
}

/* -- the table -- */

static const struct kind {
    const char *name;
    int (*read)(struct cel_run *run, const struct value *json, struct cel_value *out,
                struct error *err);
    void (*write)(struct buffer *out, struct cel_value value);
} kinds[CEL_KIND_COUNT] = {
    [CEL_NULL] = {"null", read_null, write_null},
    [CEL_BOOL] = {"bool", read_bool, write_bool},
    [CEL_INT] = {"int", read_int, write_int},
    [CEL_UINT] = {"uint", read_uint, write_uint},
    [CEL_DOUBLE] = {"double", read_double, write_double},
    [CEL_STRING] = {"string", read_string, write_string},
    [CEL_BYTES] = {"bytes", read_bytes, write_bytes},
    [CEL_TIMESTAMP] = {"timestamp", read_timestamp, write_timestamp},
    [CEL_DURATION] = {"duration", read_duration, write_duration},
    [CEL_TYPE] = {"type", read_type, write_type},
    [CEL_LIST] = {"list", read_list, write_list},
    [CEL_MAP] = {"map", read_map, write_map},
};

/* By our name or by type()'s; CEL_ERROR: none. */
static enum cel_kind
kind_named(const char *name)
{
    for (int kind = 0; kind < CEL_KIND_COUNT; kind++)
        if (kinds[kind].name && (strcmp(name, kinds[kind].name) == 0 ||
                                 strcmp(name, cel_kind_name((enum cel_kind)kind)) == 0))
            return (enum cel_kind)kind;
    return CEL_ERROR;
}

static int
read_kind(const struct value *json, enum cel_kind *kind, struct error *err)
{
    *kind = cJSON_IsString(json->json) ? kind_named(json->json->valuestring) : CEL_ERROR;
    return *kind == CEL_ERROR ? value_fault(json, err, "the name of a type, such as \"int\"")
                              : 0;
}

static int
read_type(struct cel_run *run, const struct value *json, struct cel_value *out,
          struct error *err)
{
    enum cel_kind kind;

    (void)run;
    if (read_kind(json, &kind, err) != 0)
        return -1;
    *out = cel_type_value(kind);
    return 0;
}

int
cel_json_read(struct cel_run *run, const struct value *json, struct cel_value *out,
              struct error *err)
{
    static const char *const members[] = {"type", "value", NULL};
    struct value type, value;
    enum cel_kind kind;

    if (value_object(json, members, err) != 0)
        return -1;
    type = value_member(json, "type");
    value = value_member(json, "value");
    if (read_kind(&type, &kind, err) != 0)
        return -1;
    return kinds[kind].read(run, &value, out, err);
}

static bool
fits(struct cel_value value, size_t *left)
{
    bool text = value.kind == CEL_STRING || value.kind == CEL_BYTES;
    size_t bytes = sizeof(value) + (text ? value.size : 0);
    size_t items = value.kind == CEL_LIST  ? value.size
                   : value.kind == CEL_MAP ? 2 * (size_t)value.size
                                           : 0;

    if (bytes > *left)
        return false;
    *left -= bytes;
    for (size_t i = 0; i < items; i++)
        if (!fits(value.items[i], left))
            return false;
    return true;
}

bool
cel_json_fits(struct cel_value value)
{
    size_t left = CEL_MEMORY_MAX;

    return fits(value, &left);
}

static void
write_members(struct buffer *out, struct cel_value value, bool whole)
{
    const struct kind *kind = &kinds[value.kind];

    json_member(out, "type",
                value.kind == CEL_RECORD ? cel_records[value.type].name : kind->name);
    json_key(out, "value");
    if (kind->write && whole)
        kind->write(out, value);
    else
        json_null(out);
}

void
cel_json_members(struct buffer *out, struct cel_value value)
{
    write_members(out, value, cel_json_fits(value));
}

/* A part of what fits as a whole. */
static void
write_part(struct buffer *out, struct cel_value value)
{
    json_open(out, '{');
    write_members(out, value, true);
    json_close(out, '}');
}

void
cel_json_write(struct buffer *out, struct cel_value value)
{
    json_open(out, '{');
    cel_json_members(out, value);
    json_close(out, '}');
}
