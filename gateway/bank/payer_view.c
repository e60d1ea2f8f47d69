/* payer_view.c - one pass over JSON of our own; events are objects of the same kind. */
#include "gateway/bank/payer_view.h"

#include <stdbool.h>
#include <string.h>

#include "gateway/base/json_slice.h"

#define CASE_PREFIX "case."

static bool
is_of_a_case(struct json_slice event)
{
    struct json_slice type = json_slice_text(json_slice_member(event.data, event.len, "type"));

    return type.data && type.len >= strlen(CASE_PREFIX) &&
           memcmp(type.data, CASE_PREFIX, strlen(CASE_PREFIX)) == 0;
}

/* An event: its members but for "internal". */
static void
write_event(struct json_slice event, struct buffer *out)
{
    struct json_slice name, value;
    size_t at = 0;

    json_open(out, '{');
    while (json_slice_next(event.data, event.len, &at, &name, &value)) {
        if (json_slice_is(name, "internal") || json_slice_is(name, "decision"))
            continue;
        json_key_n(out, name.data, name.len);
        json_raw(out, value.data, value.len);
    }
    json_close(out, '}');
}

static void
write_events(struct json_slice events, struct buffer *out)
{
    struct json_slice event;
    size_t at = 0;

    json_open(out, '[');
    while (json_slice_element(events.data, events.len, &at, &event))
        if (!is_of_a_case(event))
            write_event(event, out);
    json_close(out, ']');
}

void
view_for_payer(const char *view, size_t len, struct buffer *out)
{
    struct json_slice name, value;
    size_t at = 0;

    json_open(out, '{');
    while (!is_of_a_case((struct json_slice){view, len}) &&
           json_slice_next(view, len, &at, &name, &value)) {
        if (json_slice_is(name, "decision") || json_slice_is(name, "internal"))
            continue;
        json_key_n(out, name.data, name.len);
        if (json_slice_is(name, "events"))
            write_events(value, out);
        else
            json_raw(out, value.data, value.len);
    }
    json_close(out, '}');
}
