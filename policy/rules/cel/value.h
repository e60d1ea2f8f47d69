/*
 * value.h - a value of the Common Expression Language, and what one evaluation owns.
 *
 * A value is 16 bytes and passed by value.  An error is a value too: CEL's
 * && and || may absorb it, everything else hands it on.
 *
 *   V1  text and items belong to the run, the program or the record behind a
 *       variable; all of them outlive the evaluation.
 *   V2  a STRING is UTF-8 and may hold NUL; it is not terminated.
 *   V3  a MAP has no two equal keys; its order is that of its making.
 *   V4  a TIMESTAMP lies within the years 0001 to 9999, a DURATION within the
 *       nanoseconds of an int64_t (about 292 years), as in the specification.
 *   V5  nothing is allocated but through cel_alloc(), which counts.
 *
 * Language definition: https://github.com/google/cel-spec/blob/master/doc/langdef.md
 */
#ifndef POLICY_RULES_CEL_VALUE_H
#define POLICY_RULES_CEL_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Also the kinds of types: CEL_DYN is never a value's. */
enum cel_kind {
    CEL_ERROR,
    CEL_NULL,
    CEL_BOOL,
    CEL_INT,
    CEL_UINT,
    CEL_DOUBLE,
    CEL_STRING,
    CEL_BYTES,
    CEL_TIMESTAMP,
    CEL_DURATION,
    CEL_TYPE,
    CEL_LIST,
    CEL_MAP,
    CEL_RECORD, /* a struct of ours: payment, goods line, kit, ... */
    CEL_DYN,
    CEL_KIND_COUNT
};

struct cel_record; /* records.h */

struct cel_value {
    uint8_t kind;  /* enum cel_kind */
    uint8_t type;  /* TYPE: the enum cel_kind it names; RECORD: index in cel_records[] */
    uint32_t size; /* STRING, BYTES: bytes; LIST: items; MAP: pairs; TIMESTAMP: nanoseconds;
                      TYPE of a record: index in cel_records[] */
    union {
        bool truth;
        int64_t i; /* INT; TIMESTAMP: seconds since 1970; DURATION: nanoseconds */
        uint64_t u;
        double d;
        const char *text;              /* STRING, BYTES; ERROR: a sentence, terminated */
        const struct cel_value *items; /* LIST: size of them; MAP: key, value, key, ... */
        const void *record;            /* RECORD: the struct */
    };
};

#define CEL_TIMESTAMP_MIN (-62135596800LL) /* 0001-01-01T00:00:00Z, in seconds */
#define CEL_TIMESTAMP_MAX 253402300799LL   /* 9999-12-31T23:59:59Z */

#define CEL_MEMORY_MAX (1u << 22) /* bytes that the evaluation of one payment may allocate */
#define CEL_STEPS_MAX  (1u << 22) /* elements and bytes that one rule may look at */

/*
 * One evaluation.  alloc() never returns NULL and its memory lives longer than
 * the run: an arena.  The limits turn into errors, not into aborts.
 */
struct cel_run {
    void *(*alloc)(void *context, size_t bytes);
    void *context;
    size_t memory_left;  /* starts as CEL_MEMORY_MAX */
    uint64_t steps_left; /* starts as CEL_STEPS_MAX */
    const void *host;    /* what getters of records.h need: struct cel_host */
};

/* NULL when the memory limit is reached: return cel_out_of_memory() then. */
void *cel_alloc(struct cel_run *run, size_t bytes) __attribute__((warn_unused_result));

/* Work that grows with the data (bytes compared, elements visited).  False: the limit. */
static inline bool
cel_spend(struct cel_run *run, uint64_t steps)
{
    if (steps > run->steps_left)
        return false;
    run->steps_left -= steps;
    return true;
}

/* An error with its sentence, such as "division by zero". */
struct cel_value cel_fail(struct cel_run *run, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
struct cel_value cel_out_of_memory(void);
struct cel_value cel_out_of_steps(void);

/* A sentence that is a literal: costs nothing. */
static inline struct cel_value
cel_error(const char *sentence)
{
    return (struct cel_value){.kind = CEL_ERROR, .text = sentence};
}

/* "no such overload: int + string" and "no such overload: size(int)". */
struct cel_value cel_no_overload(struct cel_run *run, const char *operation,
                                 const struct cel_value *args, uint32_t count);

static inline struct cel_value
cel_bool(bool truth)
{
    return (struct cel_value){.kind = CEL_BOOL, .truth = truth};
}

static inline struct cel_value
cel_int(int64_t i)
{
    return (struct cel_value){.kind = CEL_INT, .i = i};
}

static inline struct cel_value
cel_uint(uint64_t u)
{
    return (struct cel_value){.kind = CEL_UINT, .u = u};
}

static inline struct cel_value
cel_double(double d)
{
    return (struct cel_value){.kind = CEL_DOUBLE, .d = d};
}

static inline struct cel_value
cel_null(void)
{
    return (struct cel_value){.kind = CEL_NULL};
}

static inline struct cel_value
cel_string(const char *text, size_t size)
{
    return (struct cel_value){.kind = CEL_STRING, .size = (uint32_t)size, .text = text};
}

static inline struct cel_value
cel_text(const char *terminated)
{
    return cel_string(terminated, strlen(terminated));
}

static inline struct cel_value
cel_bytes(const char *bytes, size_t size)
{
    return (struct cel_value){.kind = CEL_BYTES, .size = (uint32_t)size, .text = bytes};
}

static inline struct cel_value
cel_list(const struct cel_value *items, size_t count)
{
    return (struct cel_value){.kind = CEL_LIST, .size = (uint32_t)count, .items = items};
}

static inline struct cel_value
cel_timestamp(int64_t seconds, uint32_t nanoseconds)
{
    return (struct cel_value){.kind = CEL_TIMESTAMP, .size = nanoseconds, .i = seconds};
}

static inline struct cel_value
cel_duration(int64_t nanoseconds)
{
    return (struct cel_value){.kind = CEL_DURATION, .i = nanoseconds};
}

static inline struct cel_value
cel_type_value(enum cel_kind kind)
{
    return (struct cel_value){.kind = CEL_TYPE, .type = (uint8_t)kind};
}

static inline bool
cel_is_true(struct cel_value value)
{
    return value.kind == CEL_BOOL && value.truth;
}

/* A copy of the bytes in memory of the run, or an error. */
struct cel_value cel_string_copy(struct cel_run *run, const char *text, size_t size);

/* A map of count pairs; an equal key twice or a key that is no bool, int, uint
 * or string (a double never is one) is an error.  items must outlive the value. */
struct cel_value cel_map(struct cel_run *run, const struct cel_value *items, size_t count);

/* Two STRINGs or two BYTES. */
static inline bool
cel_same_text(struct cel_value a, struct cel_value b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.text, b.text, a.size) == 0);
}

/* The other half of cel_equal(). */
struct cel_value cel_equal_any(struct cel_run *run, struct cel_value a, struct cel_value b);

/*
 * Equality as the specification has it: numbers across int, uint and double by
 * value, NaN equal to nothing, lists and maps deeply, a record to itself only,
 * different kinds unequal.  Never an error, except where run's steps are
 * spent: then an ERROR value.  Inline, because rules do little else.
 */
static inline struct cel_value
cel_equal(struct cel_run *run, struct cel_value a, struct cel_value b)
{
    if (a.kind == CEL_STRING && b.kind == CEL_STRING)
        return cel_spend(run, a.size) ? cel_bool(cel_same_text(a, b)) : cel_out_of_steps();
    if (a.kind == CEL_INT && b.kind == CEL_INT)
        return cel_bool(a.i == b.i);
    return cel_equal_any(run, a, b);
}

/* The same without a run, for constants and keys. */
bool cel_is_equal(struct cel_value a, struct cel_value b);

/*
 * -1, 0, 1 into *order for two values that have an order: numbers (across
 * kinds), strings and bytes bytewise, bools, timestamps, durations.
 * CEL_UNORDERED with a NaN; false where there is no such overload.
 *
 * Numbers compare by their exact value with one exception, which the other
 * implementations share: 2^63 as a double counts as what the ints next to it
 * round to, and 2^64 likewise for uints.
 */
#define CEL_UNORDERED 2
bool cel_compare(struct cel_value a, struct cel_value b, int *order)
    __attribute__((warn_unused_result));

/* The binary and unary operators of arithmetic, overflow an error.  op is one
 * of "+", "-", "*", "/", "%" by its character; '-' with one operand negates. */
struct cel_value cel_arithmetic(struct cel_run *run, char op, struct cel_value a,
                                struct cel_value b);
struct cel_value cel_negate(struct cel_run *run, struct cel_value a);

/* list[i], map[key]; for maps a number finds an equal number of another kind. */
struct cel_value cel_index(struct cel_run *run, struct cel_value container,
                           struct cel_value key);

/* element in list, key in map. */
struct cel_value cel_in(struct cel_run *run, struct cel_value element,
                        struct cel_value container);

/* The pair's value; false where the map has no such key. */
bool cel_map_find(struct cel_value map, struct cel_value key, struct cel_value *found);

/* "int", "list", "null_type", "google.protobuf.Timestamp", ...: as type() names it. */
const char *cel_kind_name(enum cel_kind kind);

/* The same of a value's kind; a record has its record's name. */
const char *cel_name_of_kind(struct cel_value value);

/*
 * The value as a person reads it, in CEL's own notation: 'RU', 1u, [1, 2],
 * timestamp('2024-04-15T01:00:00Z').  At most size - 1 bytes, cut with "...".
 */
void cel_print(struct cel_value value, char *text, size_t size);

#endif
