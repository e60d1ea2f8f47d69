/*
 * functions.c - where functions are found, and those that fit no other file.
 */
#include "policy/rules/cel/functions.h"

#include "policy/rules/records.h"

/* All that expressions may call; a name stands in one table only. */
const struct cel_function *const cel_function_tables[] = {
    cel_standard_functions,
    cel_conversion_functions,
    cel_time_functions,
    cel_string_functions,
    cel_match_functions,
    cel_record_functions,
    NULL,
};

const struct cel_function *
cel_function_find(const char *name, bool method, uint32_t count, bool *name_known)
{
    const struct cel_function *found = NULL;

    *name_known = false;
    for (size_t i = 0; cel_function_tables[i]; i++)
        for (const struct cel_function *row = cel_function_tables[i]; row->name; row++) {
            if (strcmp(row->name, name) != 0)
                continue;
            *name_known = true;
            if (row->method == method && count >= row->min && count <= row->max)
                found = row;
        }
    return found;
}

bool
cel_type_named(const char *name, struct cel_value *type)
{
    for (enum cel_kind kind = CEL_NULL; kind <= CEL_MAP; kind++)
        if (strcmp(cel_kind_name(kind), name) == 0) {
            *type = cel_type_value(kind);
            return true;
        }
    return false;
}

/* Of a string in code points: every byte but those that continue one. */
static struct cel_value
string_size(struct cel_run *run, struct cel_value string)
{
    int64_t points = 0;

    if (!cel_spend(run, string.size))
        return cel_out_of_steps();
    for (uint32_t i = 0; i < string.size; i++)
        points += ((unsigned char)string.text[i] & 0xc0) != 0x80;
    return cel_int(points);
}

static struct cel_value
call_size(struct cel_run *run, const struct cel_value *args, uint32_t count)
{
    switch (args[0].kind) {
    case CEL_STRING:
        return string_size(run, args[0]);
    case CEL_BYTES:
    case CEL_LIST:
    case CEL_MAP:
        return cel_int(args[0].size);
    default:
        return cel_no_overload(run, "size", args, count);
    }
}

static struct cel_value
call_type(struct cel_run *run, const struct cel_value *args, uint32_t count)
{
    struct cel_value type = cel_type_value(args[0].kind);

    (void)run, (void)count;
    if (args[0].kind == CEL_RECORD) {
        type.type = CEL_RECORD;
        type.size = args[0].type;
    }
    return type;
}

static struct cel_value
call_dyn(struct cel_run *run, const struct cel_value *args, uint32_t count)
{
    (void)run, (void)count;
    return args[0];
}

static bool
are_strings(const struct cel_value *args)
{
    return args[0].kind == CEL_STRING && args[1].kind == CEL_STRING;
}

static struct cel_value
call_contains(struct cel_run *run, const struct cel_value *args, uint32_t count)
{
    if (!are_strings(args))
        return cel_no_overload(run, "contains", args, count);
    if (!cel_spend(run, (uint64_t)args[0].size + args[1].size))
        return cel_out_of_steps();
    return cel_bool(args[1].size == 0 ||
                    (args[1].size <= args[0].size &&
                     memmem(args[0].text, args[0].size, args[1].text, args[1].size) != NULL));
}

static struct cel_value
call_starts_with(struct cel_run *run, const struct cel_value *args, uint32_t count)
{
    if (!are_strings(args))
        return cel_no_overload(run, "startsWith", args, count);
    if (args[1].size > args[0].size)
        return cel_bool(false);
    if (!cel_spend(run, args[1].size))
        return cel_out_of_steps();
    return cel_bool(cel_same_text(cel_string(args[0].text, args[1].size), args[1]));
}

static struct cel_value
call_ends_with(struct cel_run *run, const struct cel_value *args, uint32_t count)
{
    if (!are_strings(args))
        return cel_no_overload(run, "endsWith", args, count);
    if (args[1].size > args[0].size)
        return cel_bool(false);
    if (!cel_spend(run, args[1].size))
        return cel_out_of_steps();
    if (args[1].size == 0)
        return cel_bool(true);
    return cel_bool(cel_same_text(
        cel_string(args[0].text + (args[0].size - args[1].size), args[1].size), args[1]));
}

const struct cel_function cel_standard_functions[] = {
    {"size", false, 1, 1, true, "s:i y:i [A]:i {AB}:i", call_size},
    {"size", true, 1, 1, true, "s:i y:i [A]:i {AB}:i", call_size},
    {"type", false, 1, 1, true, "A:T", call_type},
    {"dyn", false, 1, 1, true, "A:*", call_dyn},
    {"contains", true, 2, 2, true, "ss:b", call_contains},
    {"startsWith", true, 2, 2, true, "ss:b", call_starts_with},
    {"endsWith", true, 2, 2, true, "ss:b", call_ends_with},
    {0},
};
