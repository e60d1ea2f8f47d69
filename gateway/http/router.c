/* router.c - a linear walk over some dozens of lines; the literal ones are one memcmp each. */
#include "gateway/http/router.h"

#include <stdlib.h>
#include <string.h>

#include "gateway/http/parse.h"

static const struct http_slice method_get = {"GET", 3};
static const struct http_slice method_head = {"HEAD", 4};

/* RFC 9110 section 9.1 and RFC 5789, without CONNECT, which no path here could take. */
static const struct http_slice methods_defined[] = {
    {"GET", 3},    {"HEAD", 4},    {"POST", 4},  {"PUT", 3},
    {"DELETE", 6}, {"OPTIONS", 7}, {"TRACE", 5}, {"PATCH", 5},
};

static bool
same(struct http_slice a, struct http_slice b)
{
    return slice_equal(a, b.data, b.len);
}

/* The next segment of a path that stands at a '/', which is passed. */
static struct http_slice
segment_take(struct http_slice *path)
{
    struct http_slice segment = {path->data + 1, 0};
    size_t rest = path->len - 1;

    while (segment.len < rest && segment.data[segment.len] != '/')
        segment.len++;
    path->data = segment.data + segment.len;
    path->len = rest - segment.len;
    return segment;
}

static int
line_compile(struct route_line *line, const struct http_route *route, struct error *err)
{
    struct http_slice rest = {route->path, strlen(route->path)};

    *line = (struct route_line){.route = route, .path = rest};
    line->method = (struct http_slice){route->method, strlen(route->method)};
    if (!parse_knows_method(route->method))
        return error_set(err, ERROR_INVALID, "route %s: no such method: %s", route->path,
                         route->method);
    if (rest.len == 0 || rest.data[0] != '/')
        return error_set(err, ERROR_INVALID, "route \"%s\" does not begin with /", route->path);
    while (rest.len > 0) {
        struct http_slice text = segment_take(&rest);
        bool is_name = text.len > 2 && text.data[0] == '{' && text.data[text.len - 1] == '}';

        if (line->segment_count == HTTP_SEGMENTS_MAX ||
            (is_name && line->names == HTTP_PARAMS_MAX))
            return error_set(err, ERROR_INVALID, "route %s has too many segments", route->path);
        line->names += is_name;
        line->segments[line->segment_count++] = (struct route_segment){text, is_name};
    }
    return 0;
}

int
router_open(struct router *router, const struct http_route *routes, size_t count,
            struct error *err)
{
    *router = (struct router){0};
    if (count > HTTP_ROUTES_MAX)
        return error_set(err, ERROR_INVALID, "more than %d routes", HTTP_ROUTES_MAX);
    router->lines = calloc(count + 1, sizeof(*router->lines));
    if (!router->lines)
        abort();
    for (; router->count < count; router->count++)
        if (line_compile(&router->lines[router->count], &routes[router->count], err) != 0)
            return -1;
    return 0;
}

void
router_close(struct router *router)
{
    free(router->lines);
    *router = (struct router){0};
}

bool
router_knows_method(const struct router *router, struct http_slice method)
{
    for (size_t i = 0; i < sizeof(methods_defined) / sizeof(methods_defined[0]); i++)
        if (same(method, methods_defined[i]))
            return true;
    for (size_t i = 0; i < router->count; i++)
        if (same(method, router->lines[i].method))
            return true;
    return false;
}

static bool
path_matches(const struct route_line *line, struct http_slice path)
{
    if (line->names == 0)
        return same(path, line->path);
    for (size_t i = 0; i < line->segment_count; i++) {
        struct http_slice segment;

        if (path.len == 0)
            return false;
        segment = segment_take(&path);
        if (line->segments[i].is_name ? segment.len == 0
                                      : !same(segment, line->segments[i].text))
            return false;
    }
    return path.len == 0;
}

/* The escapes were checked when the target was read, so decoding cannot fail. */
static void
params_take(const struct route_line *line, struct http_slice path, struct arena *arena,
            struct http_slice params[HTTP_PARAMS_MAX])
{
    size_t n = 0;

    for (size_t i = 0; n < line->names; i++) {
        struct http_slice segment = segment_take(&path);

        if (!line->segments[i].is_name)
            continue;
        if (memchr(segment.data, '%', segment.len))
            segment.data = percent_decode(arena, segment, false, &segment.len);
        params[n++] = segment;
    }
}

const struct http_route *
router_find(const struct router *router, struct http_slice method, struct http_slice path,
            struct arena *arena, struct http_slice params[HTTP_PARAMS_MAX], bool *path_known)
{
    const struct route_line *best = NULL;

    *path_known = false;
    if (path.data[0] != '/')
        return NULL;
    if (same(method, method_head))
        method = method_get;
    for (size_t i = 0; i < router->count; i++) {
        const struct route_line *line = &router->lines[i];

        if ((best && best->names <= line->names) || !path_matches(line, path))
            continue;
        *path_known = true;
        if (same(method, line->method))
            best = line;
    }
    if (!best)
        return NULL;
    params_take(best, path, arena, params);
    return best->route;
}

const char *
router_allow(const struct router *router, struct http_slice path, struct arena *arena)
{
    bool everything = slice_equal(path, "*", 1);
    struct buffer allow;

    buffer_init(&allow, arena, 64);
    for (size_t i = 0; i < router->count; i++) {
        const struct route_line *line = &router->lines[i];
        bool seen = false;

        if (!everything && !path_matches(line, path))
            continue;
        for (size_t j = 0; j < i && !seen; j++)
            seen = same(router->lines[j].method, line->method) &&
                   (everything || path_matches(&router->lines[j], path));
        if (!seen)
            buffer_printf(&allow, "%s%s, ", line->route->method,
                          same(line->method, method_get) ? ", HEAD" : "");
    }
    buffer_text(&allow, "OPTIONS");
    return buffer_terminate(&allow);
}
