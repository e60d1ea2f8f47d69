/*
 * compare.c - equality and order of values.
 *
 * Numbers of different kinds compare as the points they are on one line, not
 * by turning one into the other: 9007199254740993 is not 9007199254740992.0.
 */
#include "policy/rules/cel/value.h"

#include <math.h>

#include "policy/rules/records.h"

#define INT_END  0x1p63 /* one past the largest int, as a double */
#define UINT_END 0x1p64

#define ORDER(a, b) (((a) > (b)) - ((a) < (b)))

static bool
is_number(struct cel_value value)
{
    return value.kind == CEL_INT || value.kind == CEL_UINT || value.kind == CEL_DOUBLE;
}

static int
order_doubles(double a, double b)
{
    return isnan(a) || isnan(b) ? CEL_UNORDERED : ORDER(a, b);
}

static int
order_int_double(int64_t i, double d)
{
    int64_t whole;

    if (isnan(d))
        return CEL_UNORDERED;
    if (d == INT_END)
        return ORDER((double)i, d);
    if (d > INT_END)
        return -1;
    if (d < -INT_END)
        return 1;
    whole = (int64_t)d;
    return i != whole ? ORDER(i, whole) : ORDER(0, d - (double)whole);
}

static int
order_uint_double(uint64_t u, double d)
{
    uint64_t whole;

    if (isnan(d))
        return CEL_UNORDERED;
    if (d == UINT_END)
        return ORDER((double)u, d);
    if (d > UINT_END)
        return -1;
    if (d < 0)
        return 1;
    whole = (uint64_t)d;
    return u != whole ? ORDER(u, whole) : ORDER(0, d - (double)whole);
}

static int
order_int_uint(int64_t i, uint64_t u)
{
    return i < 0 ? -1 : ORDER((uint64_t)i, u);
}

static int
reversed(int order)
{
    return order == CEL_UNORDERED ? order : -order;
}

#define PAIR(a, b) ((a)*CEL_KIND_COUNT + (b))

static int
order_numbers(struct cel_value a, struct cel_value b)
{
    switch (PAIR(a.kind, b.kind)) {
    case PAIR(CEL_INT, CEL_INT):
        return ORDER(a.i, b.i);
    case PAIR(CEL_INT, CEL_UINT):
        return order_int_uint(a.i, b.u);
    case PAIR(CEL_INT, CEL_DOUBLE):
        return order_int_double(a.i, b.d);
    case PAIR(CEL_UINT, CEL_INT):
        return -order_int_uint(b.i, a.u);
    case PAIR(CEL_UINT, CEL_UINT):
        return ORDER(a.u, b.u);
    case PAIR(CEL_UINT, CEL_DOUBLE):
        return order_uint_double(a.u, b.d);
    case PAIR(CEL_DOUBLE, CEL_INT):
        return reversed(order_int_double(b.i, a.d));
    case PAIR(CEL_DOUBLE, CEL_UINT):
        return reversed(order_uint_double(b.u, a.d));
    default:
        return order_doubles(a.d, b.d);
    }
}

/* UTF-8 orders by bytes as it does by code points. */
static int
order_texts(struct cel_value a, struct cel_value b)
{
    uint32_t common = a.size < b.size ? a.size : b.size;
    int order = common > 0 ? memcmp(a.text, b.text, common) : 0;

    return order != 0 ? ORDER(order, 0) : ORDER(a.size, b.size);
}

bool
cel_compare(struct cel_value a, struct cel_value b, int *order)
{
    if (is_number(a) && is_number(b)) {
        *order = order_numbers(a, b);
        return true;
    }
    if (a.kind != b.kind)
        return false;
    switch (a.kind) {
    case CEL_STRING:
    case CEL_BYTES:
        *order = order_texts(a, b);
        return true;
    case CEL_BOOL:
        *order = ORDER(a.truth, b.truth);
        return true;
    case CEL_TIMESTAMP:
        *order = a.i != b.i ? ORDER(a.i, b.i) : ORDER(a.size, b.size);
        return true;
    case CEL_DURATION:
        *order = ORDER(a.i, b.i);
        return true;
    default:
        return false;
    }
}

static struct cel_value
equal_lists(struct cel_run *run, struct cel_value a, struct cel_value b)
{
    if (a.size != b.size)
        return cel_bool(false);
    if (!cel_spend(run, a.size))
        return cel_out_of_steps();
    for (uint32_t i = 0; i < a.size; i++) {
        struct cel_value same = cel_equal(run, a.items[i], b.items[i]);

        if (!cel_is_true(same))
            return same;
    }
    return cel_bool(true);
}

/* Two maps that were made alike have their pairs at the same places. */
static struct cel_value
equal_maps(struct cel_run *run, struct cel_value a, struct cel_value b)
{
    if (a.size != b.size)
        return cel_bool(false);
    for (uint32_t i = 0; i < a.size; i++) {
        const struct cel_value *pair = &a.items[2 * (size_t)i];
        struct cel_value found = b.items[2 * (size_t)i + 1], same;

        if (!cel_is_equal(pair[0], b.items[2 * (size_t)i])) {
            if (!cel_spend(run, b.size))
                return cel_out_of_steps();
            if (!cel_map_find(b, pair[0], &found))
                return cel_bool(false);
        }
        if (!cel_spend(run, 1))
            return cel_out_of_steps();
        same = cel_equal(run, pair[1], found);
        if (!cel_is_true(same))
            return same;
    }
    return cel_bool(true);
}

static bool
equal_types(struct cel_value a, struct cel_value b)
{
    return a.type == b.type && (a.type != CEL_RECORD || a.size == b.size);
}

struct cel_value
cel_equal_any(struct cel_run *run, struct cel_value a, struct cel_value b)
{
    if (is_number(a) && is_number(b))
        return cel_bool(order_numbers(a, b) == 0);
    if (a.kind != b.kind)
        return cel_bool(false);
    switch (a.kind) {
    case CEL_NULL:
        return cel_bool(true);
    case CEL_BOOL:
        return cel_bool(a.truth == b.truth);
    case CEL_STRING:
    case CEL_BYTES:
        return cel_spend(run, a.size) ? cel_bool(cel_same_text(a, b)) : cel_out_of_steps();
    case CEL_TIMESTAMP:
        return cel_bool(a.i == b.i && a.size == b.size);
    case CEL_DURATION:
        return cel_bool(a.i == b.i);
    case CEL_TYPE:
        return cel_bool(equal_types(a, b));
    case CEL_LIST:
        return equal_lists(run, a, b);
    case CEL_MAP:
        return equal_maps(run, a, b);
    case CEL_RECORD:
        return cel_bool(a.type == b.type && cel_record_same(a, b));
    default:
        return cel_bool(false);
    }
}

bool
cel_is_equal(struct cel_value a, struct cel_value b)
{
    struct cel_run run = {.steps_left = CEL_STEPS_MAX}; /* comparing allocates nothing */

    return cel_is_true(cel_equal(&run, a, b));
}
