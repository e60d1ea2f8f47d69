/* payments_list.c - many payments, filtered, a page at a time. */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/api/api.h"
#include "gateway/payment/codes.h"

#define CURSOR_LENGTH 16 /* a sequence number in hexadecimal */

struct payments_page {
    struct http_exchange *exchange;
    struct lookup lookup;
    struct arena records; /* read into; gone before the reply waits for its turn */
    struct http_task task;
    size_t limit;
    bool nothing; /* the filters exclude each other */
    const char *fault;
};

/* Each reads one parameter's value, or leaves a sentence in list->fault. */

static void
read_uetr(struct payments_page *list, const char *value)
{
    list->lookup.by = LOOKUP_UETR;
    if (!code_is_uetr(value, list->lookup.uetr))
        list->fault = "uetr must be a version 4 UUID";
}

/* Narrow the states wanted; none left means that nothing can match. */
static void
want_states(struct payments_page *list, unsigned states)
{
    struct store_filter *filter = &list->lookup.filter;

    filter->states = filter->states ? filter->states & states : states;
    list->nothing = filter->states == 0;
}

static void
read_outcome(struct payments_page *list, const char *value)
{
    enum payment_outcome outcome;
    unsigned states = 0;

    if (!payment_outcome_parse(value, &outcome)) {
        list->fault = "outcome must be approved, held or blocked";
        return;
    }
    for (int state = 0; state < PAYMENT_STATE_COUNT; state++)
        if (payment_outcome((enum payment_state)state) == outcome)
            states |= 1u << state;
    want_states(list, states);
}

static void
read_state(struct payments_page *list, const char *value)
{
    enum payment_state state;

    if (payment_state_parse(value, &state))
        want_states(list, 1u << state);
    else
        list->fault = "state must be a payment's state, such as held or rejected";
}

static void
read_currency(struct payments_page *list, const char *value)
{
    list->lookup.filter.currency = value;
    if (!code_is_currency(value))
        list->fault = "currency must be an ISO 4217 code of three capitals";
}

static void
read_debtor_country(struct payments_page *list, const char *value)
{
    list->lookup.filter.debtor_country = value;
    if (!code_is_country(value))
        list->fault = "debtor_country must be an ISO 3166-1 code of two letters";
}

static void
read_from(struct payments_page *list, const char *value)
{
    if (!instant_parse_local(value, &list->lookup.filter.from_ms))
        list->fault = "from must be a date or an RFC 3339 time";
}

static void
read_to(struct payments_page *list, const char *value)
{
    if (!instant_parse_local(value, &list->lookup.filter.to_ms))
        list->fault = "to must be a date or an RFC 3339 time";
}

static void
read_limit(struct payments_page *list, const char *value)
{
    char *end;
    long limit = strtol(value, &end, 10);

    if (value[0] < '0' || value[0] > '9' || *end != '\0' || limit < 1 || limit > API_LIST_MAX)
        list->fault = "limit must be 1 to 500";
    else
        list->limit = (size_t)limit;
}

static void
read_cursor(struct payments_page *list, const char *value)
{
    if (strlen(value) != CURSOR_LENGTH || strspn(value, "0123456789abcdef") != CURSOR_LENGTH)
        list->fault = "cursor must be the next_cursor of an earlier page";
    else
        list->lookup.filter.after_seq = strtoull(value, NULL, 16);
}

static const struct {
    const char *name;
    void (*read)(struct payments_page *list, const char *value);
} parameters[] = {
    {"uetr", read_uetr},
    {"outcome", read_outcome},
    {"state", read_state},
    {"currency", read_currency},
    {"debtor_country", read_debtor_country},
    {"from", read_from},
    {"to", read_to},
    {"limit", read_limit},
    {"cursor", read_cursor},
};

#define PARAMETER_COUNT (sizeof(parameters) / sizeof(parameters[0]))

/* For http_query_each(): a name nobody reads is a typo that would widen a search. */
static bool
is_parameter(void *context, const char *name)
{
    struct payments_page *list = context;

    for (size_t i = 0; i < PARAMETER_COUNT; i++)
        if (strcmp(name, parameters[i].name) == 0)
            return true;
    list->fault = "the query has a parameter that is none of uetr, outcome, state, currency, "
                  "debtor_country, from, to, limit, cursor";
    return false;
}

static int
read_query(struct payments_page *list)
{
    bool bad = false;

    if (!http_query_each(list->exchange, is_parameter, list) && !list->fault)
        list->fault = "the query is not well-formed";
    for (size_t i = 0; i < PARAMETER_COUNT && !list->fault; i++) {
        const char *value = http_query(list->exchange, parameters[i].name, &bad);

        if (bad)
            list->fault = "the query has a malformed percent escape";
        else if (value)
            parameters[i].read(list, value);
    }
    return list->fault ? -1 : 0;
}

static void
write_payment(const struct payments_page *list, const struct lookup_row *row,
              struct buffer *out)
{
    const char *answer = row->answer;
    size_t len = row->answer_len;

    api_disclose(list->exchange, out->arena, &answer, &len);
    json_raw(out, answer, len);
}

static void
write_page(const struct payments_page *list, struct buffer *out)
{
    const struct lookup *lookup = &list->lookup;
    size_t shown = lookup->count < list->limit ? lookup->count : list->limit;
    size_t bytes = 0;

    for (size_t i = 0; i < shown; i++)
        bytes += lookup->rows[i].answer_len + 1;
    buffer_init(out, list->exchange->arena, bytes + 64);
    json_open(out, '{');
    json_key(out, "data");
    json_open(out, '[');
    for (size_t i = 0; i < shown; i++)
        write_payment(list, &lookup->rows[i], out);
    json_close(out, ']');
    json_key(out, "next_cursor");
    if (lookup->count > shown || lookup->cut)
        json_string(out, arena_printf(out->arena, "%016llx",
                                      (unsigned long long)lookup->rows[shown - 1].seq));
    else
        json_null(out);
    json_close(out, '}');
}

static void
list_reply(struct http_task *task)
{
    struct payments_page *list =
        (struct payments_page *)(void *)((char *)task - offsetof(struct payments_page, task));
    struct buffer out;

    if (list->lookup.rc == 0)
        write_page(list, &out);
    arena_release(&list->records);
    if (list->lookup.rc == 0)
        http_reply(list->exchange, 200, API_JSON, out.data, out.len);
    else
        api_fail(list->exchange, &list->lookup.err);
}

static void
list_done(struct lookup *lookup)
{
    struct payments_page *list =
        (struct payments_page *)(void *)((char *)lookup -
                                         offsetof(struct payments_page, lookup));

    list->task.run = list_reply;
    http_post(list->exchange->worker, &list->task);
}

void
api_payments_list(struct http_exchange *exchange)
{
    struct payments_page *list = arena_zalloc(exchange->arena, sizeof(*list));

    *list = (struct payments_page){
        .exchange = exchange,
        .limit = API_LIST_DEFAULT,
        .lookup = {.arena = &list->records, .by = LOOKUP_LIST, .done = list_done},
    };
    list->lookup.filter = (struct store_filter){
        .from_ms = INT64_MIN, .to_ms = INT64_MAX, .currency = "", .debtor_country = ""};
    if (read_query(list) != 0) {
        http_problem(exchange, 400, list->fault);
        return;
    }
    list->lookup.limit = list->limit + 1; /* one more tells whether a page follows */
    if (list->nothing)
        list_reply(&list->task);
    else
        bank_lookup(api_bank(exchange), &list->lookup);
}
