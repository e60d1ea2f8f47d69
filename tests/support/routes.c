/* routes.c - "/v1/payments/{id}" becomes "/v1/payments/absent". */
#include "tests/support/routes.h"

#include <string.h>

#include "gateway/base/buffer.h"

const char *
route_filled(struct arena *arena, const char *path)
{
    struct buffer out;

    buffer_init(&out, arena, 64);
    while (*path) {
        size_t plain = strcspn(path, "{");

        buffer_append(&out, path, plain);
        path += plain;
        if (*path == '{') {
            buffer_text(&out, "absent");
            path = strchr(path, '}') + 1;
        }
    }
    return buffer_terminate(&out);
}
