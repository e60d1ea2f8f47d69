/* disclose.c - one pass over the bytes, which are our own: JSON without white space. */
#include "gateway/bank/disclose.h"

#include <stdbool.h>
#include <string.h>

static const char *const kept_back[] = {"\"decision\":", "\"internal\":"};

static bool
is_kept_back(const char *json, size_t len)
{
    for (size_t i = 0; i < sizeof(kept_back) / sizeof(kept_back[0]); i++)
        if (len >= strlen(kept_back[i]) &&
            memcmp(json, kept_back[i], strlen(kept_back[i])) == 0)
            return true;
    return false;
}

/* Where the string that begins at at ends: at its quote, or at len. */
static size_t
string_end(const char *json, size_t len, size_t at)
{
    for (at++; at < len && json[at] != '"'; at++)
        if (json[at] == '\\')
            at++;
    return at < len ? at : len;
}

/* How much of it comes before what is kept back; len: all; 0: it is no whole object. */
static size_t
disclosed_length(const char *json, size_t len)
{
    int depth = 0;

    if (len == 0 || json[0] != '{')
        return 0;
    for (size_t at = 0; at < len; at++) {
        char byte = json[at];

        if (byte == '{' || byte == '[') {
            depth++;
        } else if (byte == '}' || byte == ']') {
            depth--;
        } else if (byte == '"') {
            if (depth == 1 && is_kept_back(json + at, len - at))
                return json[at - 1] == ',' ? at - 1 : at;
            at = string_end(json, len, at);
        }
    }
    return depth == 0 ? len : 0;
}

void
disclose(struct arena *arena, const char **json, size_t *len)
{
    size_t shown = disclosed_length(*json, *len);
    char *copy;

    if (shown == *len && shown > 0)
        return;
    if (shown == 0) {
        *json = "{}";
        *len = 2;
        return;
    }
    copy = arena_alloc(arena, shown + 1);
    memcpy(copy, *json, shown);
    copy[shown] = '}';
    *json = copy;
    *len = shown + 1;
}
