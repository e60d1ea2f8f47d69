/* types.c - types compared, joined, named, and matched with the letters of functions.h. */
#include "policy/rules/cel/types.h"

#include <assert.h>
#include <stdio.h>

#define DYN (&cel_types[CEL_DYN])

/* clang-format off */
const struct cel_type cel_types[CEL_KIND_COUNT] = {
    [CEL_ERROR]     = {.kind = CEL_DYN}, /* no value of that type is ever seen */
    [CEL_NULL]      = {.kind = CEL_NULL},
    [CEL_BOOL]      = {.kind = CEL_BOOL},
    [CEL_INT]       = {.kind = CEL_INT},
    [CEL_UINT]      = {.kind = CEL_UINT},
    [CEL_DOUBLE]    = {.kind = CEL_DOUBLE},
    [CEL_STRING]    = {.kind = CEL_STRING},
    [CEL_BYTES]     = {.kind = CEL_BYTES},
    [CEL_TIMESTAMP] = {.kind = CEL_TIMESTAMP},
    [CEL_DURATION]  = {.kind = CEL_DURATION},
    [CEL_TYPE]      = {.kind = CEL_TYPE},
    [CEL_LIST]      = {.kind = CEL_LIST, .element = &cel_types[CEL_DYN]},
    [CEL_MAP]       = {.kind = CEL_MAP, .key = &cel_types[CEL_DYN], .element = &cel_types[CEL_DYN]},
    [CEL_RECORD]    = {.kind = CEL_DYN}, /* cel_record_types[] has those */
    [CEL_DYN]       = {.kind = CEL_DYN},
};
/* clang-format on */

const struct cel_type cel_type_open = {.kind = CEL_DYN};

/* --- two types --------------------------------------------------------------------------- */

bool
cel_type_same(const struct cel_type *a, const struct cel_type *b)
{
    if (a == b)
        return true;
    if (a->kind != b->kind)
        return false;
    switch (a->kind) {
    case CEL_LIST:
        return cel_type_same(a->element, b->element);
    case CEL_MAP:
        return cel_type_same(a->key, b->key) && cel_type_same(a->element, b->element);
    case CEL_RECORD:
        return a->record == b->record;
    default:
        return true;
    }
}

static const struct cel_type *
list_of(struct arena *arena, const struct cel_type *element)
{
    struct cel_type *type = arena_alloc(arena, sizeof(*type));

    *type = (struct cel_type){.kind = CEL_LIST, .element = element};
    return type;
}

static const struct cel_type *
map_of(struct arena *arena, const struct cel_type *key, const struct cel_type *element)
{
    struct cel_type *type = arena_alloc(arena, sizeof(*type));

    *type = (struct cel_type){.kind = CEL_MAP, .key = key, .element = element};
    return type;
}

const struct cel_type *
cel_type_join(struct arena *arena, const struct cel_type *a, const struct cel_type *b)
{
    if (a == &cel_type_open)
        return b;
    if (b == &cel_type_open || cel_type_same(a, b))
        return a;
    if (a->kind == CEL_LIST && b->kind == CEL_LIST)
        return list_of(arena, cel_type_join(arena, a->element, b->element));
    if (a->kind == CEL_MAP && b->kind == CEL_MAP)
        return map_of(arena, cel_type_join(arena, a->key, b->key),
                      cel_type_join(arena, a->element, b->element));
    return DYN;
}

bool
cel_type_accepts(const struct cel_type *wanted, const struct cel_type *given)
{
    if (wanted->kind == CEL_DYN || given->kind == CEL_DYN)
        return true;
    if (wanted->kind != given->kind)
        return false;
    switch (wanted->kind) {
    case CEL_LIST:
        return cel_type_accepts(wanted->element, given->element);
    case CEL_MAP:
        return cel_type_accepts(wanted->key, given->key) &&
               cel_type_accepts(wanted->element, given->element);
    case CEL_RECORD:
        return wanted->record == given->record;
    default:
        return true;
    }
}

static bool
is_number(const struct cel_type *type)
{
    return type->kind == CEL_INT || type->kind == CEL_UINT || type->kind == CEL_DOUBLE;
}

static bool
may_be_null(const struct cel_type *type)
{
    return type->kind == CEL_RECORD || type->kind == CEL_TIMESTAMP ||
           type->kind == CEL_DURATION;
}

bool
cel_type_comparable(const struct cel_type *a, const struct cel_type *b)
{
    if (is_number(a) && is_number(b))
        return true;
    if (a->kind == CEL_NULL && may_be_null(b))
        return true;
    if (b->kind == CEL_NULL && may_be_null(a))
        return true;
    if (a->kind == CEL_LIST && b->kind == CEL_LIST)
        return cel_type_comparable(a->element, b->element);
    if (a->kind == CEL_MAP && b->kind == CEL_MAP)
        return cel_type_comparable(a->key, b->key) &&
               cel_type_comparable(a->element, b->element);
    return cel_type_accepts(a, b);
}

/* --- of values --------------------------------------------------------------------------- */

static const struct cel_type *
map_type_of(struct arena *arena, struct cel_value map)
{
    const struct cel_type *key = &cel_type_open, *element = &cel_type_open;

    for (uint32_t i = 0; i < map.size; i++) {
        key = cel_type_join(arena, key, cel_type_of(arena, map.items[2 * (size_t)i]));
        element =
            cel_type_join(arena, element, cel_type_of(arena, map.items[2 * (size_t)i + 1]));
    }
    return map_of(arena, key, element);
}

const struct cel_type *
cel_type_of(struct arena *arena, struct cel_value value)
{
    const struct cel_type *element = &cel_type_open;

    switch (value.kind) {
    case CEL_LIST:
        for (uint32_t i = 0; i < value.size; i++)
            element = cel_type_join(arena, element, cel_type_of(arena, value.items[i]));
        return list_of(arena, element);
    case CEL_MAP:
        return map_type_of(arena, value);
    case CEL_RECORD:
        return &cel_record_types[value.type];
    default:
        return &cel_types[value.kind];
    }
}

/* --- names ------------------------------------------------------------------------------- */

static const char *const kind_names[CEL_KIND_COUNT] = {
    [CEL_NULL] = "null",         [CEL_BOOL] = "bool",
    [CEL_INT] = "int",           [CEL_UINT] = "uint",
    [CEL_DOUBLE] = "double",     [CEL_STRING] = "string",
    [CEL_BYTES] = "bytes",       [CEL_TIMESTAMP] = "timestamp",
    [CEL_DURATION] = "duration", [CEL_TYPE] = "type",
    [CEL_DYN] = "dyn",           [CEL_LIST] = "list",
    [CEL_MAP] = "map",
};

const char *
cel_type_name(struct arena *arena, const struct cel_type *type)
{
    switch (type->kind) {
    case CEL_LIST:
        return arena_printf(arena, "list(%s)", cel_type_name(arena, type->element));
    case CEL_MAP:
        return arena_printf(arena, "map(%s, %s)", cel_type_name(arena, type->key),
                            cel_type_name(arena, type->element));
    case CEL_RECORD:
        return cel_records[type->record].name;
    default:
        return kind_names[type->kind];
    }
}

/* --- signatures -------------------------------------------------------------------------- */

/* The types that stand for the letters A and B; NULL: none so far. */
struct binding {
    struct arena *arena;
    const struct cel_type *of[2];
};

static const char letters[] = "biudsyntrT*";
static const enum cel_kind letter_kinds[] = {
    CEL_BOOL, CEL_INT,       CEL_UINT,     CEL_DOUBLE, CEL_STRING, CEL_BYTES,
    CEL_NULL, CEL_TIMESTAMP, CEL_DURATION, CEL_TYPE,   CEL_DYN,
};

static const struct cel_type *
letter_type(char letter)
{
    const char *at = strchr(letters, letter);

    if (letter == 'w')
        return &cel_record_types[CEL_REC_WINDOW];
    assert(at && letter);
    return &cel_types[letter_kinds[at - letters]];
}

static bool
bind(struct binding *binding, char letter, const struct cel_type *given)
{
    const struct cel_type **of = &binding->of[letter - 'A'];

    if (*of && !cel_type_accepts(*of, given))
        return false;
    *of = *of ? cel_type_join(binding->arena, *of, given) : given;
    return true;
}

static const struct cel_type *
part_of(const struct cel_type *type, bool key)
{
    if (type->kind == CEL_DYN)
        return DYN;
    return key ? type->key : type->element;
}

/* Does the type fit what stands at *at?  *at moves past it, if it fits. */
static bool
fits(struct binding *binding, const char **at, const struct cel_type *given)
{
    char letter = *(*at)++;
    enum cel_kind container = letter == '[' ? CEL_LIST : CEL_MAP;

    if (letter == 'A' || letter == 'B')
        return bind(binding, letter, given);
    if (letter != '[' && letter != '{')
        return cel_type_accepts(letter_type(letter), given);
    if (given->kind != container && given->kind != CEL_DYN)
        return false;
    if (letter == '{' && !fits(binding, at, part_of(given, true)))
        return false;
    if (!fits(binding, at, part_of(given, false)))
        return false;
    (*at)++; /* ] or } */
    return true;
}

/* The type written at *at, which moves past it. */
static const struct cel_type *
written(const struct binding *binding, const char **at)
{
    char letter = *(*at)++;
    const struct cel_type *key, *element;

    if (letter == 'A' || letter == 'B')
        return binding->of[letter - 'A'] ? binding->of[letter - 'A'] : DYN;
    if (letter != '[' && letter != '{')
        return letter_type(letter);
    key = letter == '{' ? written(binding, at) : NULL;
    element = written(binding, at);
    (*at)++;
    return key ? map_of(binding->arena, key, element) : list_of(binding->arena, element);
}

static const struct cel_type *
overload_result(struct arena *arena, const char *at, const struct cel_type *const *args,
                uint32_t count)
{
    struct binding binding = {.arena = arena};

    for (uint32_t i = 0; i < count; i++)
        if (*at == ':' || !fits(&binding, &at, args[i]))
            return NULL;
    if (*at++ != ':')
        return NULL;
    return written(&binding, &at);
}

static const char *
next_overload(const char *signature)
{
    const char *blank = strchr(signature, ' ');

    return blank ? blank + 1 : NULL;
}

const struct cel_type *
cel_signature_result(struct arena *arena, const char *signatures,
                     const struct cel_type *const *args, uint32_t count)
{
    const struct cel_type *found = NULL, *result;

    for (const char *at = signatures; at; at = next_overload(at)) {
        result = overload_result(arena, at, args, count);
        if (result && found && !cel_type_same(result, found))
            return DYN;
        if (result)
            found = result;
    }
    return found;
}

static const char *
letter_word(char letter)
{
    switch (letter) {
    case '[':
        return "list";
    case '{':
        return "map";
    case 'A':
    case 'B':
    case '*':
        return "any value";
    case 'w':
        return cel_records[CEL_REC_WINDOW].name;
    default:
        return kind_names[letter_type(letter)->kind];
    }
}

/* What follows the argument at *at. */
static const char *
next_argument(const char *at)
{
    int depth = 0;

    do {
        depth += (*at == '[' || *at == '{') - (*at == ']' || *at == '}');
        at++;
    } while (depth > 0);
    return at;
}

const char *
cel_signature_print(const char *signatures, char *text, size_t size)
{
    const char *at = signatures;
    size_t len = 0;

    text[0] = '\0';
    for (; *at != ':'; at = next_argument(at))
        if (len < size)
            len += (size_t)snprintf(text + len, size - len, "%s%s", len ? ", " : "",
                                    letter_word(*at));
    return next_overload(at);
}

/* --- the nearest name -------------------------------------------------------------------- */

#define NEAR_LENGTH_MAX 40 /* of a name that is compared at all */
#define NEAR_SHARE      3  /* one edit for so many characters */

static char
lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

static unsigned
least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* Characters put in, left out, changed, or swapped with their neighbour; capitals do not count. */
static unsigned
edits(const char *a, size_t a_len, const char *b, size_t b_len)
{
    unsigned rows[3][NEAR_LENGTH_MAX + 1], *two_up = rows[0], *up = rows[1], *row = rows[2];

    for (unsigned j = 0; j <= b_len; j++)
        up[j] = j;
    for (unsigned i = 1; i <= a_len; i++) {
        unsigned *spare = two_up;

        row[0] = i;
        for (unsigned j = 1; j <= b_len; j++) {
            unsigned differs = lower(a[i - 1]) != lower(b[j - 1]);

            row[j] = least(least(up[j], row[j - 1]) + 1, up[j - 1] + differs);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = least(row[j], two_up[j - 2] + 1);
        }
        two_up = up;
        up = row;
        row = spare;
    }
    return up[b_len];
}

const char *
cel_nearest(const char *name, const char *const *candidates, size_t count)
{
    size_t len = strlen(name);
    unsigned fewest = (unsigned)len / NEAR_SHARE + 1;
    const char *nearest = NULL;

    if (len > NEAR_LENGTH_MAX)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        size_t other = strlen(candidates[i]);
        unsigned n = other <= NEAR_LENGTH_MAX ? edits(name, len, candidates[i], other) : fewest;

        if (n < fewest) {
            fewest = n;
            nearest = candidates[i];
        }
    }
    return nearest;
}
