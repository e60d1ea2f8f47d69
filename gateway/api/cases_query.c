/* cases_query.c - the parameters of GET /v1/cases, one small reader for each. */
#include <stdlib.h>
#include <string.h>

#include "gateway/api/acts.h"
#include "gateway/bank/cases.h"

#define CURSOR_LENGTH 16 /* a sequence number in hexadecimal */

/* Each returns NULL, or a sentence. */

/* Narrow the states wanted. */
static void
want_states(struct case_query *query, unsigned states)
{
    query->states = query->states ? query->states & states : states;
    if (query->states == 0)
        query->states = 1u << PAYMENT_RECEIVED; /* none is stored so: nothing matches */
}

static const char *
read_status(struct case_query *query, const char *value)
{
    bool open = strcmp(value, "open") == 0;
    unsigned states = 0;

    if (!open && strcmp(value, "closed") != 0)
        return "status must be open or closed";
    for (int state = 0; state < PAYMENT_STATE_COUNT; state++)
        if (case_is_open((enum payment_state)state) == open)
            states |= 1u << state;
    want_states(query, states);
    return NULL;
}

static const char *
read_state(struct case_query *query, const char *value)
{
    enum payment_state state;

    if (!payment_state_parse(value, &state))
        return "state must be a payment's state, such as held or rejected";
    want_states(query, 1u << state);
    return NULL;
}

static const char *
read_disposition(struct case_query *query, const char *value)
{
    query->by_disposition = true;
    return disposition_parse(value, &query->disposition)
               ? NULL
               : "disposition must be none, false_positive, true_match or inconclusive";
}

static const char *
read_from(struct case_query *query, const char *value)
{
    return instant_parse_local(value, &query->from_ms)
               ? NULL
               : "from must be a date or an RFC 3339 time";
}

static const char *
read_to(struct case_query *query, const char *value)
{
    return instant_parse_local(value, &query->to_ms) ? NULL
                                                     : "to must be a date or an RFC 3339 time";
}

static const char *
read_overdue(struct case_query *query, const char *value)
{
    query->overdue = true;
    return strcmp(value, "true") == 0 ? NULL : "overdue must be true, or left out";
}

static const char *
read_limit(struct case_query *query, const char *value)
{
    char *end;
    long limit = strtol(value, &end, 10);

    if (value[0] < '0' || value[0] > '9' || *end != '\0' || limit < 1 || limit > API_LIST_MAX)
        return "limit must be 1 to 500";
    query->limit = (size_t)limit;
    return NULL;
}

static const char *
read_cursor(struct case_query *query, const char *value)
{
    if (strlen(value) == CURSOR_LENGTH && strspn(value, "0123456789abcdef") == CURSOR_LENGTH)
        query->before_seq = strtoull(value, NULL, 16);
    return query->before_seq ? NULL : "cursor must be the next_cursor of an earlier page";
}

static const struct {
    const char *name;
    const char *(*read)(struct case_query *query, const char *value);
} parameters[] = {
    {"status", read_status}, {"state", read_state},   {"disposition", read_disposition},
    {"from", read_from},     {"to", read_to},         {"overdue", read_overdue},
    {"limit", read_limit},   {"cursor", read_cursor},
};

#define PARAMETER_COUNT (sizeof(parameters) / sizeof(parameters[0]))

/* For http_query_each(): a name nobody reads is a typo that would widen a search. */
static bool
is_parameter(void *context, const char *name)
{
    bool *unknown = context;

    for (size_t i = 0; i < PARAMETER_COUNT; i++)
        if (strcmp(name, parameters[i].name) == 0)
            return true;
    *unknown = true;
    return false;
}

const char *
api_read_cases_query(struct http_exchange *exchange, struct case_query *query)
{
    bool bad = false, unknown = false;
    const char *fault = NULL;

    query->limit = API_LIST_DEFAULT;
    query->from_ms = INT64_MIN;
    query->to_ms = INT64_MAX;
    if (!http_query_each(exchange, is_parameter, &unknown))
        return unknown ? "the query has a parameter that is none of status, state, "
                         "disposition, from, to, overdue, limit, cursor"
                       : "the query is not well-formed";
    for (size_t i = 0; i < PARAMETER_COUNT && !fault; i++) {
        const char *value = http_query(exchange, parameters[i].name, &bad);

        if (bad)
            return "the query has a malformed percent escape";
        if (value)
            fault = parameters[i].read(query, value);
    }
    return fault;
}
