/*
 * payment_reader.c - walks objects, arrays and strings; knows no payment.
 *
 * The gate has made sure that strings are UTF-8 without NUL and that no key
 * comes twice.  A path becomes a JSON Pointer (RFC 6901) only for a fault.
 */
#include "gateway/payment/payment_reader.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "gateway/base/buffer.h"

#define POINTER_SIZE_FIRST 64
#define DETAIL_SIZE        400

static void
pointer_write(struct buffer *buffer, const struct path *path)
{
    if (!path)
        return;
    pointer_write(buffer, path->up);
    buffer_append(buffer, "/", 1);
    if (!path->name) {
        buffer_int(buffer, (int64_t)path->index);
        return;
    }
    for (const char *at = path->name; *at; at++) {
        if (*at == '~')
            buffer_append(buffer, "~0", 2);
        else if (*at == '/')
            buffer_append(buffer, "~1", 2);
        else
            buffer_append(buffer, at, 1);
    }
}

/* The pointer's text is kept as it is, the detail copied. */
__attribute__((format(printf, 3, 0))) static void
fault_put(struct payment_faults *faults, const char *pointer, const char *fmt, va_list args)
{
    char detail[DETAIL_SIZE];

    vsnprintf(detail, sizeof(detail), fmt, args);
    faults->list[faults->count - 1] = (struct payment_fault){
        .pointer = pointer,
        .detail = arena_copy(faults->arena, detail, strlen(detail)),
    };
}

void
reader_fault(struct reader *reader, const struct path *path, const char *fmt, ...)
{
    struct payment_faults *faults = reader->faults;
    struct buffer pointer;
    va_list args;

    if (faults->count++ >= PAYMENT_FAULTS_MAX)
        return;
    buffer_init(&pointer, faults->arena, POINTER_SIZE_FIRST);
    pointer_write(&pointer, path);
    va_start(args, fmt);
    fault_put(faults, buffer_terminate(&pointer), fmt, args);
    va_end(args);
}

void
payment_fault_add(struct payment_faults *faults, const char *pointer, const char *fmt, ...)
{
    va_list args;

    if (faults->count++ >= PAYMENT_FAULTS_MAX)
        return;
    va_start(args, fmt);
    fault_put(faults, arena_copy(faults->arena, pointer, strlen(pointer)), fmt, args);
    va_end(args);
}

static void
fault_unknown(struct reader *reader, const struct path *path, const struct shape *shape)
{
    char names[DETAIL_SIZE] = "";
    size_t len = 0;

    if (reader->faults->count >= PAYMENT_FAULTS_MAX) {
        reader->faults->count++;
        return;
    }
    for (size_t i = 0; i < shape->count && len < sizeof(names); i++)
        len += (size_t)snprintf(names + len, sizeof(names) - len, "%s%s", i > 0 ? ", " : "",
                                shape->fields[i].name);
    reader_fault(reader, path, "unknown field; %s has %s", shape->what, names);
}

/*
 * The field of that name, or shape->count.  Members mostly come in the order
 * of the table, so the search begins behind the last one found.
 */
static size_t
find_field(const struct shape *shape, const char *name, size_t first)
{
    for (size_t i = first; i < shape->count; i++)
        if (strcmp(shape->fields[i].name, name) == 0)
            return i;
    for (size_t i = 0; i < first; i++)
        if (strcmp(shape->fields[i].name, name) == 0)
            return i;
    return shape->count;
}

static void
note_missing(struct reader *reader, const struct path *path, const struct shape *shape,
             uint32_t seen)
{
    for (size_t i = 0; i < shape->count; i++) {
        struct path at = {.up = path, .name = shape->fields[i].name};

        if (shape->fields[i].required && !(seen & 1u << i))
            reader_fault(reader, &at, "is required");
    }
}

void
read_shape(struct reader *reader, const struct path *path, const cJSON *json,
           const struct shape *shape, void *record)
{
    const cJSON *member;
    uint32_t seen = 0;
    size_t next = 0;

    assert(shape->count <= SHAPE_FIELDS_MAX);
    if (!cJSON_IsObject(json)) {
        reader_fault(reader, path, "must be an object");
        return;
    }
    cJSON_ArrayForEach(member, json)
    {
        struct path at = {.up = path, .name = member->string};
        size_t i = find_field(shape, member->string, next);

        if (i == shape->count) {
            fault_unknown(reader, &at, shape);
            continue;
        }
        seen |= 1u << i;
        next = i + 1;
        shape->fields[i].read(reader, &at, member, &shape->fields[i], record);
    }
    note_missing(reader, path, shape, seen);
    if (shape->finish)
        shape->finish(reader, path, json, record);
}

/* Control characters of ASCII (U+0000 to U+001F, U+007F) and of Latin-1 (U+0080 to U+009F). */
static bool
is_control(const unsigned char *at, bool multiline)
{
    if (*at < 0x20)
        return !multiline || (*at != '\n' && *at != '\r' && *at != '\t');
    return *at == 0x7f || (*at == 0xc2 && at[1] < 0xa0);
}

/*
 * How many characters from the first on are printable ASCII, as nearly all
 * are: eight at a time, and at the end the last eight once more.  May stop
 * early; what follows is looked at one by one.
 */
static size_t
printable_run(const char *text, size_t len)
{
    const uint64_t ones = 0x0101010101010101u, high = ones << 7;
    size_t run = 0;
    uint64_t word;

    if (len < sizeof(word))
        return 0;
    while (run < len) {
        size_t at = len - run < sizeof(word) ? len - sizeof(word) : run;

        memcpy(&word, text + at, sizeof(word));
        if (((word - ones * 0x20) | (word + ones) | word) & high)
            return run;
        run = at + sizeof(word);
    }
    return run;
}

static const char *
plain_text(struct reader *reader, const struct path *path, const char *text,
           const struct text_form *form)
{
    size_t characters = printable_run(text, strlen(text));
    bool blank = strspn(text, " ") >= characters;

    for (const unsigned char *at = (const unsigned char *)text + characters; *at; at++) {
        if (is_control(at, form->multiline)) {
            reader_fault(reader, path, "must not hold control characters");
            return NULL;
        }
        characters += (*at & 0xc0) != 0x80; /* not a continuation byte */
        blank &= *at <= ' ';
    }
    if (blank) {
        reader_fault(reader, path, "must not be empty or blank");
        return NULL;
    }
    if (characters > form->characters_max) {
        reader_fault(reader, path, "has %zu characters, at most %zu are allowed", characters,
                     form->characters_max);
        return NULL;
    }
    return text;
}

const char *
reader_text(struct reader *reader, const struct path *path, const cJSON *json,
            const struct text_form *form)
{
    if (!cJSON_IsString(json)) {
        reader_fault(reader, path, "must be a string%s%s", form->expected ? ": " : "",
                     form->expected ? form->expected : "");
        return NULL;
    }
    if (!form->check)
        return plain_text(reader, path, json->valuestring, form);
    if (!form->check(json->valuestring)) {
        reader_fault(reader, path, "must be %s", form->expected);
        return NULL;
    }
    return json->valuestring;
}

void
read_text(struct reader *reader, const struct path *path, const cJSON *json,
          const struct field *field, void *record)
{
    const char *text = reader_text(reader, path, json, field->form);

    if (text)
        memcpy((char *)record + field->offset, &text, sizeof(text));
}

void
read_object(struct reader *reader, const struct path *path, const cJSON *json,
            const struct field *field, void *record)
{
    read_shape(reader, path, json, field->shape, (char *)record + field->offset);
}

/* One element: a string, or a struct of its own. */
static const void *
read_element(struct reader *reader, const struct path *path, const cJSON *json,
             const struct list_form *list)
{
    void *record;

    if (list->form)
        return reader_text(reader, path, json, list->form);
    record = arena_alloc(reader->faults->arena, list->size);
    memcpy(record, list->empty, list->size);
    read_shape(reader, path, json, list->shape, record);
    return record;
}

void
read_list(struct reader *reader, const struct path *path, const cJSON *json,
          const struct field *field, void *record)
{
    const struct list_form *list = field->list;
    const void **elements;
    const cJSON *element;
    uint32_t count = 0;
    size_t length;

    if (!cJSON_IsArray(json)) {
        reader_fault(reader, path, "must be an array");
        return;
    }
    length = (size_t)cJSON_GetArraySize(json);
    if (length > list->count_max) {
        reader_fault(reader, path, "has %zu elements, at most %zu are allowed", length,
                     list->count_max);
        return;
    }
    if (length == 0)
        return;
    elements = arena_alloc(reader->faults->arena, length * sizeof(*elements));
    cJSON_ArrayForEach(element, json)
    {
        struct path at = {.up = path, .index = count};

        elements[count++] = read_element(reader, &at, element, list);
    }
    memcpy((char *)record + field->offset, &elements, sizeof(elements));
    memcpy((char *)record + list->count_offset, &count, sizeof(count));
}
