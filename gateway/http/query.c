/* query.c - the query of a target, taken apart when a handler asks. */
#include <string.h>

#include "gateway/http/chars.h"
#include "gateway/http/exchange.h"
#include "gateway/http/router.h"

#define NAME_SHOWN_MAX 40 /* bytes of a parameter's name, in a sentence */

char *
percent_decode(struct arena *arena, struct http_slice text, bool plus_is_blank, size_t *len)
{
    char *out = arena_alloc(arena, text.len + 1);
    size_t n = 0;

    for (size_t i = 0; i < text.len; i++) {
        char byte = text.data[i];

        if (byte == '+' && plus_is_blank)
            byte = ' ';
        if (byte == '%') {
            if (text.len - i < 3 || !chars_is(text.data[i + 1], CHARS_HEX) ||
                !chars_is(text.data[i + 2], CHARS_HEX))
                return NULL;
            byte = (char)(chars_hex(text.data[i + 1]) << 4 | chars_hex(text.data[i + 2]));
            i += 2;
        }
        if (byte == '\0')
            return NULL;
        out[n++] = byte;
    }
    out[n] = '\0';
    *len = n;
    return out;
}

struct parameter {
    struct http_slice name;
    struct http_slice value;
};

/* Take the next "name=value" off the query.  False: there is none. */
static bool
parameter_next(struct http_slice *query, struct parameter *parameter)
{
    while (query->len > 0) {
        const char *amp = memchr(query->data, '&', query->len);
        size_t len = amp ? (size_t)(amp - query->data) : query->len;
        const char *equals = memchr(query->data, '=', len);
        size_t name = equals ? (size_t)(equals - query->data) : len;

        parameter->name = (struct http_slice){query->data, name};
        parameter->value = (struct http_slice){query->data + name, 0};
        if (equals)
            parameter->value = (struct http_slice){equals + 1, len - name - 1};
        query->data += amp ? len + 1 : len;
        query->len -= amp ? len + 1 : len;
        if (len > 0)
            return true;
    }
    return false;
}

const char *
http_query_at(struct http_exchange *exchange, const char *name, size_t i, bool *bad)
{
    struct http_slice rest = exchange->query;
    struct parameter parameter;
    size_t len;

    while (parameter_next(&rest, &parameter)) {
        const char *found = percent_decode(exchange->arena, parameter.name, true, &len);
        const char *value;

        if (!found) {
            *bad = true;
            continue;
        }
        if (strcmp(found, name) != 0 || i-- > 0)
            continue;
        value = percent_decode(exchange->arena, parameter.value, true, &len);
        if (!value)
            *bad = true;
        return value;
    }
    return NULL;
}

const char *
http_query(struct http_exchange *exchange, const char *name, bool *bad)
{
    return http_query_at(exchange, name, 0, bad);
}

static bool
is_among(const char *name, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

/* The name stays as it was sent: an escape may hold any byte. */
static const char *
told_twice(struct arena *arena, struct http_slice name)
{
    size_t shown = name.len < NAME_SHOWN_MAX ? name.len : NAME_SHOWN_MAX;

    return arena_printf(arena, "the query has %.*s more than once", (int)shown, name.data);
}

/* A malformed name is passed over here: whoever reads the query finds it. */
const char *
http_query_fault(struct http_exchange *exchange, const char *again)
{
    struct http_slice rest = exchange->query;
    const char *names[HTTP_QUERY_MAX];
    struct parameter parameter;
    size_t count = 0, len;

    for (size_t seen = 0; parameter_next(&rest, &parameter); seen++) {
        const char *name = percent_decode(exchange->arena, parameter.name, true, &len);

        if (seen == HTTP_QUERY_MAX)
            return arena_printf(exchange->arena, "the query has more than %d parameters",
                                HTTP_QUERY_MAX);
        if (!name || (again && strcmp(name, again) == 0))
            continue;
        if (is_among(name, names, count))
            return told_twice(exchange->arena, parameter.name);
        names[count++] = name;
    }
    return NULL;
}

bool
http_query_each(struct http_exchange *exchange, bool (*each)(void *context, const char *name),
                void *context)
{
    struct http_slice rest = exchange->query;
    struct parameter parameter;
    size_t len;

    while (parameter_next(&rest, &parameter)) {
        const char *name = percent_decode(exchange->arena, parameter.name, true, &len);

        if (!name || !each(context, name))
            return false;
    }
    return true;
}
