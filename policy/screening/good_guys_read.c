/*
 * good_guys_read.c - one exception from JSON, strictly, by tables, every fault noted.
 *
 * A client's exception and one of the text are the same shape; a client's ends before the
 * fields that only the bank may set.  A field that is at fault stays "", so that what is
 * checked afterwards sees "not given".
 */
#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/base/time.h"
#include "policy/screening/good_guys_private.h"
#include "policy/screening/list_country.h"
#include "policy/screening/list_load.h"

#define COUNT(table)  (sizeof(table) / sizeof((table)[0]))
#define DETAIL_SIZE   400
#define DIGEST_DIGITS (2 * SHA256_BYTES)

struct reader {
    struct good_guy_faults *faults;
    const char *day; /* the bank's; a text has none */
};

/* What a string may be: where check is given, that alone; else one line of text. */
struct form {
    size_t characters_max;
    bool (*check)(const char *text);
    const char *expected; /* "must be …" */
};

struct field {
    const char *name;
    void (*read)(struct reader *reader, const struct value *value, const struct field *field,
                 void *record);
    size_t offset; /* of the const char * that read_text() sets in record */
    const struct form *form;
    bool required;
};

struct shape {
    const char *what; /* "a party" */
    const struct field *fields;
    size_t count;
    /* What concerns several fields, after the last of them; NULL: nothing does. */
    void (*finish)(struct reader *reader, const struct value *value, void *record);
};

/* -- faults -- */

static void __attribute__((format(printf, 3, 0)))
fault_add(struct good_guy_faults *faults, const char *pointer, const char *fmt, va_list args)
{
    char detail[DETAIL_SIZE];

    if (faults->count++ >= GOOD_GUY_FAULTS_MAX)
        return;
    vsnprintf(detail, sizeof(detail), fmt, args);
    error_mend(detail);
    faults->list[faults->count - 1] = (struct good_guy_fault){
        .pointer = arena_copy(faults->arena, pointer, strlen(pointer)),
        .detail = arena_copy(faults->arena, detail, strlen(detail)),
    };
}

void
good_guy_fault_add(struct good_guy_faults *faults, const char *pointer, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    fault_add(faults, pointer, fmt, args);
    va_end(args);
}

static void __attribute__((format(printf, 3, 4)))
note(struct reader *reader, const struct value *at, const char *fmt, ...)
{
    char pointer[DOCUMENT_POINTER_MAX];
    va_list args;

    value_pointer(at, pointer);
    error_mend(pointer); /* a long one may have been cut inside a character */
    va_start(args, fmt);
    fault_add(reader->faults, pointer, fmt, args);
    va_end(args);
}

static void
note_member(struct reader *reader, const struct value *object, const char *name,
            const char *detail)
{
    struct value member = value_member(object, name);

    note(reader, &member, "%s", detail);
}

static void
note_unknown(struct reader *reader, const struct value *member, const struct shape *shape)
{
    char names[DETAIL_SIZE] = "";
    size_t len = 0;

    for (size_t i = 0; i < shape->count && len < sizeof(names); i++)
        len += (size_t)snprintf(names + len, sizeof(names) - len, "%s%s", i > 0 ? ", " : "",
                                shape->fields[i].name);
    note(reader, member, "unknown field; %s has %s", shape->what, names);
}

/* -- forms -- */

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool
good_guy_day_is_valid(const char *text)
{
    static const char form[] = "dddd-dd-dd";

    for (size_t i = 0; i < sizeof(form) - 1; i++)
        if (form[i] == 'd' ? !is_digit(text[i]) : text[i] != form[i])
            return false;
    return text[sizeof(form) - 1] == '\0' &&
           date_is_valid(atoi(text), atoi(text + 5), atoi(text + 8));
}

/* In capitals, as payments have it. */
static bool
is_country(const char *text)
{
    const char *code = country_of_code(text_of(text));

    return code && strcmp(code, text) == 0;
}

static bool
is_kind(const char *text)
{
    return strcmp(text, "person") == 0 || strcmp(text, "company") == 0;
}

static bool
is_hex(const char *text, size_t digits)
{
    return strlen(text) == digits && strspn(text, "0123456789abcdef") == digits;
}

static bool
is_id(const char *text)
{
    size_t prefix = strlen(GOOD_GUY_ID_PREFIX);

    return strncmp(text, GOOD_GUY_ID_PREFIX, prefix) == 0 &&
           is_hex(text + prefix, GOOD_GUY_ID_DIGITS);
}

static bool
is_digest(const char *text)
{
    return is_hex(text, DIGEST_DIGITS);
}

static bool
is_instant(const char *text)
{
    int64_t ms;

    return instant_parse(text, &ms);
}

/* clang-format off */
static const struct form form_name   = { .characters_max = GOOD_GUY_NAME_MAX };
static const struct form form_text   = { .characters_max = GOOD_GUY_TEXT_MAX };
static const struct form form_entry  = { .characters_max = GOOD_GUY_ENTRY_MAX };
static const struct form form_number = { .characters_max = GOOD_GUY_NUMBER_MAX };

static const struct form form_country = { .check = is_country,            .expected = "an ISO 3166-1 alpha-2 country code such as CN" };
static const struct form form_kind    = { .check = is_kind,               .expected = "person or company" };
static const struct form form_day     = { .check = good_guy_day_is_valid, .expected = "a date that exists, such as 2024-12-31" };
static const struct form form_list    = { .check = list_name_is_valid,    .expected = "the name of a list: letters, digits and -_." };
static const struct form form_id      = { .check = is_id,                 .expected = "gg- and 12 hexadecimal digits in lower case" };
static const struct form form_digest  = { .check = is_digest,             .expected = "64 hexadecimal digits in lower case" };
static const struct form form_instant = { .check = is_instant,            .expected = "a time with its offset such as 2024-04-15T09:00:00+08:00" };
/* clang-format on */

/* Of ASCII (U+0000 to U+001F, U+007F) and of Latin-1 (U+0080 to U+009F). */
static bool
is_control(const unsigned char *at)
{
    return *at < 0x20 || *at == 0x7f || (*at == 0xc2 && at[1] < 0xa0);
}

static bool
is_plain(struct reader *reader, const struct value *value, const char *text,
         const struct form *form)
{
    size_t characters = 0;
    bool control = false, blank = true;

    for (const unsigned char *at = (const unsigned char *)text; *at; at++) {
        control |= is_control(at);
        blank &= *at <= ' ';
        characters += (*at & 0xc0) != 0x80; /* not a continuation byte */
    }
    if (control)
        note(reader, value, "must not hold control characters");
    else if (blank)
        note(reader, value, "must not be empty or blank");
    else if (characters > form->characters_max)
        note(reader, value, "has %zu characters, at most %zu are allowed", characters,
             form->characters_max);
    else
        return true;
    return false;
}

/* A copy on the arena, or NULL and a fault. */
static const char *
text_as(struct reader *reader, const struct value *value, const struct form *form)
{
    const char *text = cJSON_IsString(value->json) ? value->json->valuestring : NULL;

    if (!text)
        note(reader, value, "must be a string%s%s", form->expected ? ": " : "",
             form->expected ? form->expected : "");
    else if (form->check && !form->check(text))
        note(reader, value, "must be %s", form->expected);
    else if (form->check || is_plain(reader, value, text, form))
        return arena_copy(reader->faults->arena, text, strlen(text));
    return NULL;
}

/* -- objects -- */

static const struct field *
find_field(const struct shape *shape, const char *name)
{
    for (size_t i = 0; i < shape->count; i++)
        if (strcmp(shape->fields[i].name, name) == 0)
            return &shape->fields[i];
    return NULL;
}

static void
read_shape(struct reader *reader, const struct value *value, const struct shape *shape,
           void *record)
{
    struct value member = {0};

    if (!cJSON_IsObject(value->json)) {
        note(reader, value, "must be an object");
        return;
    }
    while (value_next(value, &member)) {
        const struct field *field = find_field(shape, member.name);

        if (field)
            field->read(reader, &member, field, record);
        else
            note_unknown(reader, &member, shape);
    }
    for (size_t i = 0; i < shape->count; i++)
        if (shape->fields[i].required && !value_member(value, shape->fields[i].name).json)
            note_member(reader, value, shape->fields[i].name, "is required");
    if (shape->finish)
        shape->finish(reader, value, record);
}

static void
read_text(struct reader *reader, const struct value *value, const struct field *field,
          void *record)
{
    const char *text = text_as(reader, value, field->form);

    if (text)
        memcpy((char *)record + field->offset, &text, sizeof(text));
}

/* -- a party -- */

#define SLOT(i) ((i) * sizeof(const char *))

/* What a payment's party may have, by name; each is read into its place of this order. */
static const struct field identifier_fields[] = {
    /* clang-format off */
    { "bic",                 read_text, SLOT(0),  &form_number, false },
    { "duns",                read_text, SLOT(1),  &form_number, false },
    { "imo",                 read_text, SLOT(2),  &form_number, false },
    { "inn",                 read_text, SLOT(3),  &form_number, false },
    { "kpp",                 read_text, SLOT(4),  &form_number, false },
    { "lei",                 read_text, SLOT(5),  &form_number, false },
    { "national_id",         read_text, SLOT(6),  &form_number, false },
    { "ogrn",                read_text, SLOT(7),  &form_number, false },
    { "passport",            read_text, SLOT(8),  &form_number, false },
    { "registration_number", read_text, SLOT(9),  &form_number, false },
    { "tax_id",              read_text, SLOT(10), &form_number, false },
    { "uscc",                read_text, SLOT(11), &form_number, false },
    /* clang-format on */
};
static const struct shape identifiers_shape = {"identifiers", identifier_fields,
                                               COUNT(identifier_fields), NULL};

_Static_assert(COUNT(identifier_fields) == GOOD_GUY_IDENTIFIERS_MAX, "one place a scheme");

static void
read_identifiers(struct reader *reader, const struct value *value, const struct field *field,
                 void *record)
{
    const char *values[COUNT(identifier_fields)] = {NULL};
    struct good_guy_party *party = record;
    struct good_guy_identifier *list =
        arena_alloc(reader->faults->arena, sizeof(*list) * COUNT(values));

    (void)field;
    read_shape(reader, value, &identifiers_shape, values);
    for (size_t i = 0; i < COUNT(values); i++)
        if (values[i])
            list[party->identifier_count++] =
                (struct good_guy_identifier){identifier_fields[i].name, values[i]};
    party->identifiers = list;
}

/* As payments have it: no payment could match a party that is otherwise. */
static void
finish_party(struct reader *reader, const struct value *value, void *record)
{
    const struct good_guy_party *party = record;
    bool born = party->born_on[0] != '\0', incorporated = party->incorporated_on[0] != '\0';

    if (born && strcmp(party->kind, "company") == 0)
        note_member(reader, value, "born_on", "does not go with a company");
    if (incorporated && strcmp(party->kind, "person") == 0)
        note_member(reader, value, "incorporated_on", "does not go with a person");
    if (born && incorporated && party->kind[0] == '\0')
        note(reader, value, "has both born_on and incorporated_on");
}

#define OF_PARTY(member) offsetof(struct good_guy_party, member)

static const struct field party_fields[] = {
    /* clang-format off */
    { "name",            read_text, OF_PARTY(name),            &form_name,    true },
    { "country",         read_text, OF_PARTY(country),         &form_country, true },
    { "kind",            read_text, OF_PARTY(kind),            &form_kind,    false },
    { "born_on",         read_text, OF_PARTY(born_on),         &form_day,     false },
    { "incorporated_on", read_text, OF_PARTY(incorporated_on), &form_day,     false },
    { "identifiers",     read_identifiers, 0,                  NULL,          false },
    /* clang-format on */
};
static const struct shape party_shape = {"a party", party_fields, COUNT(party_fields),
                                         finish_party};

/* -- an exception -- */

static void
read_party(struct reader *reader, const struct value *value, const struct field *field,
           void *record)
{
    (void)field;
    read_shape(reader, value, &party_shape, &((struct good_guy *)record)->party);
}

static void
read_id(struct reader *reader, const struct value *value, const struct field *field,
        void *record)
{
    const char *text = text_as(reader, value, field->form);

    if (text)
        memcpy(((struct good_guy *)record)->id, text, GOOD_GUY_ID_SIZE);
}

static void
read_added_at(struct reader *reader, const struct value *value, const struct field *field,
              void *record)
{
    const char *text = text_as(reader, value, field->form);
    int64_t ms;

    if (text && instant_parse(text, &ms))
        ((struct good_guy *)record)->added_at_ms = ms;
}

static uint8_t
hex_value(char digit)
{
    return (uint8_t)(is_digit(digit) ? digit - '0' : digit - 'a' + 10);
}

static void
read_digest(struct reader *reader, const struct value *value, const struct field *field,
            void *record)
{
    const char *text = text_as(reader, value, field->form);
    uint8_t *digest = ((struct good_guy *)record)->entry_digest;

    for (size_t i = 0; text && i < SHA256_BYTES; i++)
        digest[i] = (uint8_t)(hex_value(text[2 * i]) << 4 | hex_value(text[2 * i + 1]));
}

/* From a client: it has not ended before it begins. */
static void
finish_new(struct reader *reader, const struct value *value, void *record)
{
    const struct good_guy *guy = record;
    struct value last = value_member(value, "expires_on");

    if (guy->expires_on[0] && strcmp(guy->expires_on, reader->day) < 0)
        note(reader, &last, "must not be before %s, the day it is at the bank", reader->day);
}

/* E5 */
static void
finish_stored(struct reader *reader, const struct value *value, void *record)
{
    const struct good_guy *guy = record;
    struct value given = value_member(value, "id");
    char id[GOOD_GUY_ID_SIZE];

    good_guy_id(guy, id);
    if (strcmp(guy->id, id) != 0)
        note(reader, &given, "must be %s, the digest of list, entry, name and party", id);
}

#define OF_GUY(member) offsetof(struct good_guy, member)
#define CLIENT_FIELDS  7

static const struct field guy_fields[] = {
    /* clang-format off */
    { "party",        read_party,    0,                  NULL,          true },
    { "list",         read_text,     OF_GUY(list),       &form_list,    true },
    { "entry",        read_text,     OF_GUY(entry),      &form_entry,   true },
    { "name",         read_text,     OF_GUY(name),       &form_name,    true },
    { "reason",       read_text,     OF_GUY(reason),     &form_text,    true },
    { "owner",        read_text,     OF_GUY(owner),      &form_text,    true },
    { "expires_on",   read_text,     OF_GUY(expires_on), &form_day,     true },
    /* A client's end here. */
    { "added_at",     read_added_at, 0,                  &form_instant, true },
    { "entry_sha256", read_digest,   0,                  &form_digest,  true },
    { "id",           read_id,       0,                  &form_id,      true },
    /* clang-format on */
};
static const struct shape new_shape = {"an exception", guy_fields, CLIENT_FIELDS, finish_new};
static const struct shape stored_shape = {"an exception of this text", guy_fields,
                                          COUNT(guy_fields), finish_stored};

static const struct good_guy empty_guy = {
    .party = {.name = "", .country = "", .kind = "", .born_on = "", .incorporated_on = ""},
    .list = "",
    .entry = "",
    .name = "",
    .reason = "",
    .owner = "",
    .expires_on = "",
};

int
good_guy_read(const cJSON *json, const char *day, struct good_guy *out,
              struct good_guy_faults *faults)
{
    struct document document = {.path = GOOD_GUYS_TEXT, .root = json};
    struct reader reader = {.faults = faults, .day = day};
    struct value root = value_root(&document);

    assert(good_guy_day_is_valid(day));
    *out = empty_guy;
    read_shape(&reader, &root, &new_shape, out);
    return faults->count == 0 ? 0 : -1;
}

void
good_guy_read_stored(const struct value *value, struct good_guy *out,
                     struct good_guy_faults *faults)
{
    struct reader reader = {.faults = faults};

    *out = empty_guy;
    read_shape(&reader, value, &stored_shape, out);
}
