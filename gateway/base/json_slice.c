/* json_slice.c - skips over values by their brackets and quotes. */
#include "gateway/base/json_slice.h"

#include <string.h>

/* The first byte behind the string that begins at `at`; len where it does not end. */
static size_t
skip_string(const char *json, size_t len, size_t at)
{
    for (at++; at < len; at++) {
        if (json[at] == '\\')
            at++;
        else if (json[at] == '"')
            return at + 1;
    }
    return len;
}

static size_t
skip_value(const char *json, size_t len, size_t at)
{
    size_t depth = 0;

    while (at < len) {
        switch (json[at]) {
        case '"':
            at = skip_string(json, len, at);
            break;
        case '{':
        case '[':
            depth++;
            at++;
            break;
        case '}':
        case ']':
            if (depth == 0)
                return at;
            depth--;
            at++;
            break;
        case ',':
            if (depth == 0)
                return at;
            at++;
            break;
        default:
            at++;
        }
    }
    return at;
}

bool
json_slice_next(const char *json, size_t len, size_t *at, struct json_slice *name,
                struct json_slice *value)
{
    size_t begin = *at, end;

    *name = *value = (struct json_slice){NULL, 0};
    if (begin >= len || (json[begin] != '{' && json[begin] != ','))
        return false;
    if (++begin >= len || json[begin] != '"')
        return false;
    end = skip_string(json, len, begin);
    if (end >= len || json[end] != ':')
        return false;
    *name = (struct json_slice){json + begin + 1, end - begin - 2};
    begin = end + 1;
    *at = skip_value(json, len, begin);
    *value = (struct json_slice){json + begin, *at - begin};
    return *at < len;
}

struct json_slice
json_slice_member(const char *json, size_t len, const char *name)
{
    struct json_slice key, value;
    size_t at = 0;

    while (json && json_slice_next(json, len, &at, &key, &value))
        if (json_slice_is(key, name))
            return value;
    return (struct json_slice){NULL, 0};
}

bool
json_slice_element(const char *json, size_t len, size_t *at, struct json_slice *value)
{
    size_t begin = *at;

    *value = (struct json_slice){NULL, 0};
    if (begin >= len || (json[begin] != '[' && json[begin] != ','))
        return false;
    if (++begin >= len || json[begin] == ']')
        return false;
    *at = skip_value(json, len, begin);
    *value = (struct json_slice){json + begin, *at - begin};
    return *at < len;
}

struct json_slice
json_slice_text(struct json_slice value)
{
    if (!value.data || value.len < 2 || value.data[0] != '"' ||
        memchr(value.data, '\\', value.len))
        return (struct json_slice){NULL, 0};
    return (struct json_slice){value.data + 1, value.len - 2};
}

bool
json_slice_is(struct json_slice slice, const char *text)
{
    return slice.data && strlen(text) == slice.len && memcmp(slice.data, text, slice.len) == 0;
}
