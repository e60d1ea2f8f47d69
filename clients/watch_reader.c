/* watch_reader.c - the event stream format, as the gateway writes it: one data line an event. */
#include <stdlib.h>
#include <string.h>

#include "clients/watch.h"

static void
keep(char *out, size_t size, const char *text)
{
    size_t len = strnlen(text, size - 1);

    memcpy(out, text, len);
    out[len] = '\0';
}

/* A whole line, NUL-terminated.  False: no more. */
static bool
line_done(struct watch_reader *reader)
{
    char *line = reader->line, *value = strchr(line, ':');
    bool go_on = true;

    if (line[0] == '\0') {
        if (reader->data)
            go_on = reader->each(reader->context, reader->type, reader->data);
        watch_reset(reader);
        return go_on;
    }
    if (!value || value == line) /* a comment, or a field without a value */
        return true;
    *value++ = '\0';
    value += *value == ' ';
    if (strcmp(line, "id") == 0) {
        if (value[strspn(value, "0123456789")] == '\0') /* it goes into a header of ours */
            keep(reader->id, sizeof(reader->id), value);
    } else if (strcmp(line, "event") == 0) {
        keep(reader->type, sizeof(reader->type), value);
    } else if (strcmp(line, "data") == 0) {
        free(reader->data);
        reader->data = strdup(value);
        if (!reader->data)
            abort();
    }
    return true;
}

bool
watch_read(struct watch_reader *reader, const char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (reader->len + 1 >= reader->capacity) {
            reader->capacity = reader->capacity ? reader->capacity * 2 : 4096;
            reader->line = realloc(reader->line, reader->capacity);
            if (!reader->line)
                abort();
        }
        if (bytes[i] != '\n') {
            reader->line[reader->len++] = bytes[i];
            if (reader->len > WATCH_LINE_MAX)
                return false;
            continue;
        }
        reader->line[reader->len] = '\0';
        reader->len = 0;
        if (!line_done(reader))
            return false;
    }
    return true;
}

void
watch_reset(struct watch_reader *reader)
{
    reader->len = 0;
    reader->type[0] = '\0';
    free(reader->data);
    reader->data = NULL;
}

void
watch_release(struct watch_reader *reader)
{
    watch_reset(reader);
    free(reader->line);
    reader->line = NULL;
}
