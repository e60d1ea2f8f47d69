/*
 * payment_identifiers.c - the numbers by which a party is known: a table of schemes.
 *
 * Whatever the order of the members, they come in that of the table.
 */
#include "gateway/payment/payment_forms.h"
#include "gateway/payment/payment_values.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static const struct field identifier_fields[] = {
    /* clang-format off */
    { "lei",                 read_text,  0 * sizeof(char *), .form = &form_lei },
    { "inn",                 read_text,  1 * sizeof(char *), .form = &form_inn },
    { "kpp",                 read_text,  2 * sizeof(char *), .form = &form_kpp },
    { "ogrn",                read_text,  3 * sizeof(char *), .form = &form_ogrn },
    { "uscc",                read_text,  4 * sizeof(char *), .form = &form_uscc },
    { "imo",                 read_text,  5 * sizeof(char *), .form = &form_imo },
    { "bic",                 read_text,  6 * sizeof(char *), .form = &form_bic },
    { "passport",            read_text,  7 * sizeof(char *), .form = &form_id },
    { "tax_id",              read_text,  8 * sizeof(char *), .form = &form_id },
    { "registration_number", read_text,  9 * sizeof(char *), .form = &form_id },
    { "duns",                read_text, 10 * sizeof(char *), .form = &form_duns },
    { "national_id",         read_text, 11 * sizeof(char *), .form = &form_id },
    /* clang-format on */
};
static const struct shape identifiers_shape = {"identifiers", identifier_fields,
                                               COUNT(identifier_fields), NULL};

uint32_t
identifiers_read(struct reader *reader, const struct path *path, const cJSON *json,
                 const struct policy_identifier *const **out)
{
    const char *values[COUNT(identifier_fields)] = {NULL};
    struct arena *arena = reader->faults->arena;
    const struct policy_identifier **list = arena_alloc(arena, sizeof(values));
    uint32_t count = 0;

    read_shape(reader, path, json, &identifiers_shape, values);
    for (size_t i = 0; i < COUNT(values); i++) {
        struct policy_identifier *identifier;

        if (!values[i])
            continue;
        identifier = arena_alloc(arena, sizeof(*identifier));
        *identifier = (struct policy_identifier){sizeof(*identifier), identifier_fields[i].name,
                                                 values[i]};
        list[count++] = identifier;
    }
    *out = list;
    return count;
}
