/*
 * arithmetic.c - + - * / % and the minus sign.
 *
 * Numbers are not converted: both operands are of one kind.  What does not fit
 * the kind of the result is an error, except in doubles, which are IEEE 754.
 */
#include "policy/rules/cel/value.h"

#define NANOS 1000000000LL

static struct cel_value
no_overload(struct cel_run *run, char op, struct cel_value a, struct cel_value b)
{
    return cel_no_overload(run, (char[]){op, '\0'}, (struct cel_value[]){a, b}, 2);
}

/* / and % of ints; the one quotient that does not fit is INT64_MIN / -1. */
static struct cel_value
divide_ints(char op, int64_t a, int64_t b)
{
    if (b == 0)
        return cel_error(op == '/' ? "division by zero" : "modulus by zero");
    if (a == INT64_MIN && b == -1)
        return cel_error("int overflow");
    return cel_int(op == '/' ? a / b : a % b);
}

static struct cel_value
int_arithmetic(char op, int64_t a, int64_t b)
{
    int64_t result;
    bool overflow;

    switch (op) {
    case '+':
        overflow = __builtin_add_overflow(a, b, &result);
        break;
    case '-':
        overflow = __builtin_sub_overflow(a, b, &result);
        break;
    case '*':
        overflow = __builtin_mul_overflow(a, b, &result);
        break;
    default:
        return divide_ints(op, a, b);
    }
    return overflow ? cel_error("int overflow") : cel_int(result);
}

static struct cel_value
uint_arithmetic(char op, uint64_t a, uint64_t b)
{
    uint64_t result;
    bool overflow;

    switch (op) {
    case '+':
        overflow = __builtin_add_overflow(a, b, &result);
        break;
    case '-':
        overflow = __builtin_sub_overflow(a, b, &result);
        break;
    case '*':
        overflow = __builtin_mul_overflow(a, b, &result);
        break;
    default:
        if (b == 0)
            return cel_error(op == '/' ? "division by zero" : "modulus by zero");
        return cel_uint(op == '/' ? a / b : a % b);
    }
    return overflow ? cel_error("uint overflow") : cel_uint(result);
}

static struct cel_value
double_arithmetic(struct cel_run *run, char op, double a, double b)
{
    switch (op) {
    case '+':
        return cel_double(a + b);
    case '-':
        return cel_double(a - b);
    case '*':
        return cel_double(a * b);
    case '/':
        return cel_double(a / b);
    default:
        return no_overload(run, op, cel_double(a), cel_double(b));
    }
}

static struct cel_value
duration_arithmetic(struct cel_run *run, char op, int64_t a, int64_t b)
{
    struct cel_value result;

    if (op != '+' && op != '-')
        return no_overload(run, op, cel_duration(a), cel_duration(b));
    result = int_arithmetic(op, a, b);
    return result.kind == CEL_ERROR ? cel_error("duration overflow") : cel_duration(result.i);
}

/* The nanoseconds from b to a. */
static struct cel_value
time_between(struct cel_value a, struct cel_value b)
{
    int64_t span; /* both seconds are small: their difference cannot overflow */

    if (__builtin_mul_overflow(a.i - b.i, NANOS, &span) ||
        __builtin_add_overflow(span, (int64_t)a.size - (int64_t)b.size, &span))
        return cel_error("duration overflow");
    return cel_duration(span);
}

static struct cel_value
shift_time(struct cel_value timestamp, char op, int64_t duration)
{
    int64_t seconds = duration / NANOS, nanos = duration % NANOS;

    seconds = timestamp.i + (op == '+' ? seconds : -seconds);
    nanos = (int64_t)timestamp.size + (op == '+' ? nanos : -nanos);
    if (nanos < 0) {
        seconds--;
        nanos += NANOS;
    } else if (nanos >= NANOS) {
        seconds++;
        nanos -= NANOS;
    }
    if (seconds < CEL_TIMESTAMP_MIN || seconds > CEL_TIMESTAMP_MAX)
        return cel_error("timestamp out of range: years go from 0001 to 9999");
    return cel_timestamp(seconds, (uint32_t)nanos);
}

/* Both blocks, one behind the other, in memory of the run; NULL at its limit. */
static void *
join(struct cel_run *run, const void *a, size_t a_bytes, const void *b, size_t b_bytes)
{
    char *memory = cel_alloc(run, a_bytes + b_bytes);

    if (memory) {
        memcpy(memory, a, a_bytes);
        memcpy(memory + a_bytes, b, b_bytes);
    }
    return memory;
}

/* Strings, bytes or lists: both of one kind. */
static struct cel_value
concatenate(struct cel_run *run, struct cel_value a, struct cel_value b)
{
    size_t size = (size_t)a.size + b.size, item = sizeof(*a.items);
    struct cel_value result = {.kind = a.kind, .size = (uint32_t)size};

    if (a.size == 0 || b.size == 0)
        return a.size == 0 ? b : a;
    if (!cel_spend(run, size))
        return cel_out_of_steps();
    if (a.kind == CEL_LIST)
        result.items = join(run, a.items, a.size * item, b.items, b.size * item);
    else
        result.text = join(run, a.text, a.size, b.text, b.size);
    if (a.kind == CEL_LIST ? !result.items : !result.text)
        return cel_out_of_memory();
    return result;
}

/* Operands of different kinds, and what only some operators know. */
static struct cel_value
other_arithmetic(struct cel_run *run, char op, struct cel_value a, struct cel_value b)
{
    if (a.kind == CEL_TIMESTAMP && b.kind == CEL_DURATION && (op == '+' || op == '-'))
        return shift_time(a, op, b.i);
    if (a.kind == CEL_DURATION && b.kind == CEL_TIMESTAMP && op == '+')
        return shift_time(b, op, a.i);
    if (a.kind == CEL_TIMESTAMP && b.kind == CEL_TIMESTAMP && op == '-')
        return time_between(a, b);
    return no_overload(run, op, a, b);
}

struct cel_value
cel_arithmetic(struct cel_run *run, char op, struct cel_value a, struct cel_value b)
{
    if (a.kind != b.kind)
        return other_arithmetic(run, op, a, b);
    switch (a.kind) {
    case CEL_INT:
        return int_arithmetic(op, a.i, b.i);
    case CEL_UINT:
        return uint_arithmetic(op, a.u, b.u);
    case CEL_DOUBLE:
        return double_arithmetic(run, op, a.d, b.d);
    case CEL_DURATION:
        return duration_arithmetic(run, op, a.i, b.i);
    case CEL_STRING:
    case CEL_BYTES:
    case CEL_LIST:
        return op == '+' ? concatenate(run, a, b) : no_overload(run, op, a, b);
    default:
        return other_arithmetic(run, op, a, b);
    }
}

struct cel_value
cel_negate(struct cel_run *run, struct cel_value a)
{
    if (a.kind == CEL_INT)
        return a.i == INT64_MIN ? cel_error("int overflow") : cel_int(-a.i);
    if (a.kind == CEL_DOUBLE)
        return cel_double(-a.d);
    return cel_no_overload(run, "-", &a, 1);
}
