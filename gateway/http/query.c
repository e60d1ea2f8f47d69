/* query.c - the query of a target, taken apart when a handler asks. */
#include <string.h>

#include "gateway/http/chars.h"
#include "gateway/http/exchange.h"
#include "gateway/http/router.h"

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
http_query(struct http_exchange *exchange, const char *name, bool *bad)
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
        if (strcmp(found, name) != 0)
            continue;
        value = percent_decode(exchange->arena, parameter.value, true, &len);
        if (!value)
            *bad = true;
        return value;
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
