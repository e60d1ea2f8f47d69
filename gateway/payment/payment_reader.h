/*
 * payment_reader.h - JSON objects into structs, by tables, every fault noted.
 *
 * A shape is a table of fields.  Reading an object walks its members once,
 * hands each to its field's read function, and afterwards notes the required
 * ones that did not come.  A read function that finds a fault notes it and
 * leaves the struct's default alone, so that later checks see "not given".
 *
 * Private to gateway/payment.
 */
#ifndef GATEWAY_PAYMENT_PAYMENT_READER_H
#define GATEWAY_PAYMENT_PAYMENT_READER_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gateway/payment/payment.h"

#define SHAPE_FIELDS_MAX 32

struct reader {
    struct payment_faults *faults;
    const char *currency; /* of the payment; "" if there is none to go by */
};

/* Where in the document we are: the way up, on the stack.  NULL is the root. */
struct path {
    const struct path *up;
    const char *name; /* of a member; NULL: an element, and index tells which */
    size_t index;
};

/* What a string may be: where check is given, that alone; else a plain text. */
struct text_form {
    size_t characters_max;
    bool multiline; /* may hold tabs and line breaks */
    bool (*check)(const char *text);
    const char *expected; /* "must be …" */
};

struct shape;
struct list_form;

struct field {
    const char *name;
    void (*read)(struct reader *reader, const struct path *path, const cJSON *json,
                 const struct field *field, void *record);
    size_t offset; /* of what read() sets, in record */
    const struct text_form *form;
    const struct shape *shape;
    const struct list_form *list;
    bool required;
};

struct shape {
    const char *what; /* "a party" */
    const struct field *fields;
    size_t count;
    /* What concerns several fields, after the last of them; NULL: nothing does. */
    void (*finish)(struct reader *reader, const struct path *path, const cJSON *json,
                   void *record);
};

/* An array: of objects of a shape and size, each starting as a copy of empty, or of strings. */
struct list_form {
    size_t count_max;
    size_t count_offset; /* a uint32_t in record */
    const struct shape *shape;
    const struct text_form *form;
    const void *empty;
    size_t size;
};

void reader_fault(struct reader *reader, const struct path *path, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

void read_shape(struct reader *reader, const struct path *path, const cJSON *json,
                const struct shape *shape, void *record);

/* The string if it is as the form wants it, else NULL and a fault. */
const char *reader_text(struct reader *reader, const struct path *path, const cJSON *json,
                        const struct text_form *form);

/* Read functions for tables: a string, an object, an array of either. */
void read_text(struct reader *reader, const struct path *path, const cJSON *json,
               const struct field *field, void *record);
void read_object(struct reader *reader, const struct path *path, const cJSON *json,
                 const struct field *field, void *record);
void read_list(struct reader *reader, const struct path *path, const cJSON *json,
               const struct field *field, void *record);

#endif
