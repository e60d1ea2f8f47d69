/* json.c - JSON from files, and cJSON's memory. */
#include "gateway/base/json.h"

#include "gateway/base/file.h"

int
json_parse_file(struct arena *arena, const char *path, size_t bytes_max, cJSON **out,
                struct error *err)
{
    struct error why = {0};
    char *text;
    size_t len;

    *out = NULL;
    if (file_read(arena, path, bytes_max, &text, &len, err) != 0)
        return -1;
    if (json_parse(arena, text, len, out, &why) != 0)
        return error_set(err, why.code, "%s: %.300s", path, why.text);
    return 0;
}
