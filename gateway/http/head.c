/*
 * head.c - the strict reading of a request's head.
 *
 * head_scan() finds the lines while bytes still arrive and keeps the limits;
 * head_read() looks at every byte once, after the last line is in.  What both
 * refuse ends the connection: after such a head nobody knows where the next
 * request begins.
 */
#include "gateway/http/head.h"

#include "gateway/http/chars.h"

#define LENGTH_DIGITS_MAX 18 /* fits uint64_t; longer is refused, not computed */

#define NAME(text) text, sizeof(text) - 1

bool
slice_is(struct http_slice slice, const char *lower, size_t len)
{
    if (slice.len != len)
        return false;
    for (size_t i = 0; i < len; i++) {
        char byte = slice.data[i];

        if (byte >= 'A' && byte <= 'Z')
            byte |= 0x20;
        if (byte != lower[i])
            return false;
    }
    return true;
}

const struct head_field *
head_find(const struct head *head, const char *name, size_t len)
{
    for (size_t i = 0; i < head->field_count; i++)
        if (slice_is(head->fields[i].name, name, len))
            return &head->fields[i];
    return NULL;
}

/* The limits while the head is not yet whole; len bytes of it are here. */
static bool
head_within_limits(const struct head_scan *scan, size_t len, struct refusal *why)
{
    if (scan->lines == 0 && len > HTTP_REQUEST_LINE_MAX)
        return refuse(why, 414, "the request line is longer than 8 KiB");
    if (len > HTTP_HEAD_MAX)
        return refuse(why, 431, "the request's head is larger than 16 KiB");
    if (scan->lines > HTTP_HEADERS_MAX + 1)
        return refuse(why, 431, "the request has more than 64 header fields");
    return true;
}

enum head_progress
head_scan(struct head_scan *scan, const char *data, size_t len, struct refusal *why)
{
    if (scan->at == 0 && len > 0 && !chars_is(data[0], CHARS_TOKEN)) {
        refuse(why, 400, "a request begins with a method");
        return HEAD_REFUSED;
    }
    while (scan->at < len) {
        const char *lf = memchr(data + scan->at, '\n', len - scan->at);
        size_t end = lf ? (size_t)(lf - data) + 1 : len;
        bool blank;

        scan->at = end;
        if (!lf)
            break;
        if (end < scan->line + 2 || lf[-1] != '\r' || /* R1 */
            memchr(data + scan->line, '\r', end - scan->line - 2)) {
            refuse(why, 400, "a line of the head does not end in CRLF, or holds a bare CR");
            return HEAD_REFUSED;
        }
        blank = end == scan->line + 2;
        scan->line = end;
        if (!head_within_limits(scan, end, why))
            return HEAD_REFUSED;
        if (blank)
            return HEAD_WHOLE;
        scan->lines++;
    }
    return head_within_limits(scan, len, why) ? HEAD_MORE : HEAD_REFUSED;
}

/* "HTTP/1.1"; anything else of that shape is 505, the rest 400. */
static bool
version_read(struct head *head, struct http_slice version, struct refusal *why)
{
    const char *text = version.data;

    if (version.len != 8 || memcmp(text, "HTTP/", 5) != 0 || !chars_is(text[5], CHARS_DIGIT) ||
        text[6] != '.' || !chars_is(text[7], CHARS_DIGIT))
        return refuse(why, 400, "the request line does not end in HTTP/1.1 or HTTP/1.0");
    if (text[5] != '1' || text[7] > '1')
        return refuse(why, 505, "only HTTP/1.1 and HTTP/1.0 are spoken here");
    head->minor = text[7] - '0';
    return true;
}

/* method SP target SP version, one blank each. */
static bool
request_line_read(struct head *head, const char *line, size_t len, struct refusal *why)
{
    size_t method = chars_span(line, len, CHARS_TOKEN);
    struct http_slice target, version;
    const char *blank;

    head->method = (struct http_slice){line, method};
    if (method == 0 || method == len || line[method] != ' ')
        return refuse(why, 400, "the request line does not begin with a method and a blank");
    target.data = line + method + 1;
    blank = memchr(target.data, ' ', len - method - 1);
    if (!blank || blank == target.data)
        return refuse(why, 400, "the request line is not method, target and version");
    target.len = (size_t)(blank - target.data);
    version = (struct http_slice){blank + 1, (size_t)(line + len - blank - 1)};
    if (!version_read(head, version, why))
        return false;
    /* CONNECT's target is no path; the router turns the method away. */
    if (slice_equal(head->method, NAME("CONNECT")) && target.data[0] != '/') {
        head->path = target;
        head->query = (struct http_slice){NULL, 0};
        return true;
    }
    return target_read(head, target, why);
}

static bool
field_read(struct head_field *field, const char *line, size_t len, struct refusal *why)
{
    size_t name = chars_span(line, len, CHARS_TOKEN);
    const char *value = line + name + 1, *end = line + len;

    if (name == 0 || name == len || line[name] != ':') /* R2 */
        return refuse(why, 400, "a header line does not begin with a name and a colon");
    while (value < end && (*value == ' ' || *value == '\t'))
        value++;
    while (end > value && (end[-1] == ' ' || end[-1] == '\t'))
        end--;
    field->name = (struct http_slice){line, name};
    field->value = (struct http_slice){value, (size_t)(end - value)};
    if (chars_span(value, field->value.len, CHARS_FIELD) != field->value.len)
        return refuse(why, 400, "a header value holds a control character");
    return true;
}

static bool
length_read(struct head *head, struct http_slice value, struct refusal *why)
{
    if (head->has_length) /* R3: even if both say the same */
        return refuse(why, 400, "Content-Length occurs more than once");
    if (value.len == 0 || chars_span(value.data, value.len, CHARS_DIGIT) != value.len)
        return refuse(why, 400, "Content-Length is not a number");
    if (value.len > LENGTH_DIGITS_MAX)
        return refuse(why, 400, "Content-Length is beyond counting");
    head->has_length = true;
    for (size_t i = 0; i < value.len; i++)
        head->length = head->length * 10 + (uint64_t)(value.data[i] - '0');
    return true;
}

static bool
coding_read(struct head *head, struct http_slice value, struct refusal *why)
{
    if (head->chunked)
        return refuse(why, 400, "Transfer-Encoding occurs more than once");
    if (head->minor == 0)
        return refuse(why, 400, "HTTP/1.0 knows no Transfer-Encoding");
    if (slice_is(value, NAME("chunked"))) {
        head->chunked = true;
        return true;
    }
    if (value.len > 0 && chars_span(value.data, value.len, CHARS_TOKEN) == value.len)
        return refuse(why, 501, "the only transfer coding known here is chunked");
    return refuse(why, 400, "Transfer-Encoding is not exactly \"chunked\"");
}

/* R3: the fields that say where the request ends and whom it is for. */
static bool
framing_read(struct head *head, struct refusal *why)
{
    size_t hosts = 0;

    for (size_t i = 0; i < head->field_count; i++) {
        const struct head_field *field = &head->fields[i];

        if (slice_is(field->name, NAME("host"))) {
            hosts++;
            if (!target_host_is_valid(field->value))
                return refuse(why, 400, "Host is empty or malformed");
        } else if (slice_is(field->name, NAME("content-length"))) {
            if (!length_read(head, field->value, why))
                return false;
        } else if (slice_is(field->name, NAME("transfer-encoding"))) {
            if (!coding_read(head, field->value, why))
                return false;
        }
    }
    if (hosts > 1)
        return refuse(why, 400, "Host occurs more than once");
    if (hosts == 0 && head->minor == 1)
        return refuse(why, 400, "Host is missing");
    if (head->chunked && head->has_length)
        return refuse(why, 400, "Content-Length and Transfer-Encoding are both there");
    return true;
}

bool
head_read(struct head *head, struct arena *arena, const char *data, size_t len, size_t lines,
          struct refusal *why)
{
    const char *line = data;

    *head = (struct head){.field_count = lines - 1};
    head->fields = arena_alloc(arena, lines * sizeof(*head->fields));
    for (size_t i = 0; i < lines; i++) {
        const char *lf = memchr(line, '\n', len - (size_t)(line - data));
        size_t line_len = (size_t)(lf - line) - 1;

        if (i == 0 ? !request_line_read(head, line, line_len, why)
                   : !field_read(&head->fields[i - 1], line, line_len, why))
            return false;
        line = lf + 1;
    }
    return framing_read(head, why);
}
