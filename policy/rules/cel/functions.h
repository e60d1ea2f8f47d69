/*
 * functions.h - the functions that CEL expressions may call.
 *
 * One row a function and calling style.  call() takes values of any kind (a
 * dyn may be anything) and answers cel_no_overload() for those it has no
 * meaning for; arguments are never errors, that is the evaluator's affair.
 *
 * signatures lists the overloads for the type checker, blank-separated,
 * ARGUMENTS:RESULT in letters:
 *
 *     b bool   i int   u uint   d double   s string   y bytes   n null
 *     t timestamp   r duration   T type   * dyn
 *     [A] list   {AB} map   A B any type, the same one wherever it stands
 *     w a window of history (records.h)
 *
 * so "s:i y:i [A]:i {AB}:i" is size().  For a method the first argument is the
 * receiver.
 */
#ifndef POLICY_RULES_CEL_FUNCTIONS_H
#define POLICY_RULES_CEL_FUNCTIONS_H

#include "policy/rules/cel/value.h"

#define CEL_ARGUMENTS_MAX 8

struct cel_function {
    const char *name;
    bool method;
    uint8_t min; /* arguments, the receiver included */
    uint8_t max;
    bool pure; /* the same arguments, the same result: may be computed at load time */
    const char *signatures;
    struct cel_value (*call)(struct cel_run *run, const struct cel_value *args, uint32_t count);
};

/* Each ends with a row whose name is NULL. */
extern const struct cel_function cel_standard_functions[];   /* functions.c: size, type, ... */
extern const struct cel_function cel_conversion_functions[]; /* conversions.c: int, string */
extern const struct cel_function cel_time_functions[];       /* times.c: timestamp, getHours */
extern const struct cel_function cel_string_functions[];     /* strings.c: the extension */
extern const struct cel_function cel_match_functions[];      /* match.c: matches */

extern const struct cel_function *const cel_function_tables[]; /* all of them, then NULL */

/* By name and style over all tables and what records.h adds; NULL if there is none with
 * that many arguments, and *name_known says whether any has the name. */
const struct cel_function *cel_function_find(const char *name, bool method, uint32_t count,
                                             bool *name_known);

/* "int", "list", "null_type", "google.protobuf.Timestamp", ...: a name that is a value. */
bool cel_type_named(const char *name, struct cel_value *type);

/*
 * A pattern known at load time is compiled once.  Lives until released.
 * NULL with a sentence in error where it is not RE2 syntax or too large.
 */
struct cel_pattern;
struct cel_pattern *cel_pattern_compile(const char *pattern, size_t len, char *error,
                                        size_t error_size);
void cel_pattern_release(struct cel_pattern *pattern); /* takes NULL */
/* Steps that one character of a text can take, at most; NULL: with any pattern. */
uint32_t cel_pattern_steps(const struct cel_pattern *pattern);
struct cel_value cel_pattern_matches(struct cel_run *run, const struct cel_pattern *pattern,
                                     struct cel_value text);

/* Shared with eval's JSON and cel_print(): RFC 3339 and "3.5s", as string() gives them.
 * text has room for CEL_TIME_TEXT_SIZE. */
#define CEL_TIME_TEXT_SIZE 40
void cel_timestamp_print(struct cel_value timestamp, char *text);
void cel_duration_print(struct cel_value duration, char *text);
struct cel_value cel_timestamp_parse(const char *text, size_t len); /* or an error */
struct cel_value cel_duration_parse(const char *text, size_t len);
size_t cel_double_print(double d, char text[32]); /* as string(double) gives it */

#endif
