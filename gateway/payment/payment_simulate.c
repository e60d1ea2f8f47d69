/*
 * payment_simulate.c - what a client asks the bank to pretend.
 *
 * An action says its outcome, and so does a hold: it is filled in, so that the
 * bank has one thing to look at.  What contradicts itself is a fault.
 */
#include "gateway/payment/payment_simulate.h"

#include <math.h>
#include <string.h>

#include "gateway/base/time.h"
#include "gateway/payment/codes.h"
#include "gateway/payment/life.h"
#include "gateway/payment/payment_forms.h"
#include "policy/chance.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define DELAY_MS_MAX 60000
#define DAY_MS       (24 * 3600 * 1000LL)
#define FOR_MS_MAX   (2 * DAY_MS)
#define HOLD_MS_MAX  (3660 * DAY_MS)
#define P99_Z        2.3263478740408408 /* of the normal distribution */
#define TWO_PI       6.283185307179586
#define DELAY_RULE   "simulate/delay_ms" /* what chance calls the rule */

const struct payment_simulate simulate_empty = {
    .outcome = "", .action = "", .reason_code = "", .fault = "", .hold = {.then = ""}};

/* --- how long ---------------------------------------------------------------------------- */

static bool
delay_value(const cJSON *json, double *ms)
{
    *ms = cJSON_IsNumber(json) ? json->valuedouble : -1;
    return *ms >= 0 && *ms <= DELAY_MS_MAX && *ms == floor(*ms);
}

static void
read_ms(struct reader *reader, const struct path *path, const cJSON *json,
        const struct field *field, void *record)
{
    double ms;

    if (delay_value(json, &ms))
        memcpy((char *)record + field->offset, &ms, sizeof(ms));
    else
        reader_fault(reader, path, "must be a whole number from 0 to %d", DELAY_MS_MAX);
}

static void
finish_spread(struct reader *reader, const struct path *path, const cJSON *json, void *record)
{
    const struct payment_delay *delay = record;
    bool least = cJSON_GetObjectItemCaseSensitive(json, "least"),
         likely = cJSON_GetObjectItemCaseSensitive(json, "likely"),
         most = cJSON_GetObjectItemCaseSensitive(json, "most"),
         median = cJSON_GetObjectItemCaseSensitive(json, "median"),
         p99 = cJSON_GetObjectItemCaseSensitive(json, "p99");
    bool triangle = least && likely && most && !median && !p99;
    bool skewed = median && p99 && !least && !likely && !most;

    if (!triangle && !skewed)
        reader_fault(reader, path, "needs least, likely and most, or median and p99 alone");
    else if (triangle && !(delay->least <= delay->likely && delay->likely <= delay->most))
        reader_fault(reader, path, "least, likely and most must not fall in this order");
    else if (skewed && !(delay->median >= 1 && delay->median <= delay->p99))
        reader_fault(reader, path, "median must be at least 1, and p99 not below it");
}

static const struct field spread_fields[] = {
    {"least", read_ms, offsetof(struct payment_delay, least), .required = false},
    {"likely", read_ms, offsetof(struct payment_delay, likely), .required = false},
    {"most", read_ms, offsetof(struct payment_delay, most), .required = false},
    {"median", read_ms, offsetof(struct payment_delay, median), .required = false},
    {"p99", read_ms, offsetof(struct payment_delay, p99), .required = false},
};
static const struct shape spread_shape = {"delay_ms", spread_fields, COUNT(spread_fields),
                                          finish_spread};

static void
read_delay(struct reader *reader, const struct path *path, const cJSON *json,
           const struct field *field, void *record)
{
    struct payment_simulate *simulate = record;
    double ms;

    (void)field;
    if (cJSON_IsObject(json))
        read_shape(reader, path, json, &spread_shape, &simulate->delay);
    else if (delay_value(json, &ms))
        simulate->delay = (struct payment_delay){ms, ms, ms, 0, 0};
    else
        reader_fault(reader, path,
                     "must be a whole number from 0 to %d, or an object with least, likely "
                     "and most, or with median and p99",
                     DELAY_MS_MAX);
}

/* The duration, or 0 and a fault. */
static int64_t
reader_duration(struct reader *reader, const struct path *path, const cJSON *json,
                int64_t ms_max, const char *example)
{
    const char *text = reader_text(reader, path, json, &form_text);
    int64_t ms;

    if (!text)
        return 0;
    if (duration_parse(text, &ms) && ms > 0 && ms <= ms_max)
        return ms;
    reader_fault(reader, path,
                 "must be an ISO 8601 duration above zero and of at most %lld days, such as %s",
                 (long long)(ms_max / DAY_MS), example);
    return 0;
}

static void
read_for(struct reader *reader, const struct path *path, const cJSON *json,
         const struct field *field, void *record)
{
    struct payment_simulate *simulate = record;

    (void)field;
    simulate->fault_ms = reader_duration(reader, path, json, FOR_MS_MAX, "PT30S");
}

static void
read_hold_for(struct reader *reader, const struct path *path, const cJSON *json,
              const struct field *field, void *record)
{
    struct payment_hold *hold = record;

    (void)field;
    hold->for_ms = reader_duration(reader, path, json, HOLD_MS_MAX, "P35D");
}

/* --- the rest ---------------------------------------------------------------------------- */

static void
read_flag(struct reader *reader, const struct path *path, const cJSON *json,
          const struct field *field, void *record)
{
    bool is = cJSON_IsTrue(json);

    if (cJSON_IsBool(json))
        memcpy((char *)record + field->offset, &is, sizeof(is));
    else
        reader_fault(reader, path, "must be true or false");
}

static const struct field hold_fields[] = {
    {"for", read_hold_for, .required = true},
    {"then", read_text, offsetof(struct payment_hold, then), .form = &form_hold_end,
     .required = true},
};
static const struct shape hold_shape = {"a hold", hold_fields, COUNT(hold_fields), NULL};

static void
read_hold(struct reader *reader, const struct path *path, const cJSON *json,
          const struct field *field, void *record)
{
    struct payment_simulate *simulate = record;

    read_shape(reader, path, json, field->shape, &simulate->hold);
}

/* The outcome of an action by name. */
static const char *
outcome_of(const char *name)
{
    enum policy_action action = POLICY_HOLD;

    (void)!action_parse(name, &action); /* its form has been checked */
    return payment_outcome_name(payment_outcome(action_state(action)));
}

static void
finish_action(struct reader *reader, const struct path *path, struct payment_simulate *simulate)
{
    const char *action = simulate->action, *code = simulate->reason_code;
    bool fits = true;

    if (strcmp(action, "accept") == 0)
        fits = code[0] == '\0';
    else if (strcmp(action, "reject") == 0)
        fits = code[0] == '\0' || code_is_status_reason(code);
    else if (strcmp(action, "return") == 0)
        fits = code[0] == '\0' || code_is_return_reason(code);
    if (!fits)
        reader_fault(reader, &(struct path){path, "reason_code", 0},
                     "%s is no reason to %s a payment; leave it out or give another", code,
                     action);
    if (simulate->outcome[0] == '\0')
        simulate->outcome = outcome_of(action);
    else if (strcmp(simulate->outcome, outcome_of(action)) != 0)
        reader_fault(reader, &(struct path){path, "action", 0},
                     "%s does not end in the outcome %s; leave one of them out", action,
                     simulate->outcome);
}

static void
finish_simulate(struct reader *reader, const struct path *path, const cJSON *json, void *record)
{
    struct payment_simulate *simulate = record;

    if (simulate->action[0] != '\0')
        finish_action(reader, path, simulate);
    if (simulate->hold.then[0] != '\0') {
        if (simulate->outcome[0] == '\0')
            simulate->outcome = "held";
        else if (strcmp(simulate->outcome, "held") != 0)
            reader_fault(reader, &(struct path){path, "hold", 0},
                         "goes with the outcome held, not with %s", simulate->outcome);
    }
    if (cJSON_GetObjectItemCaseSensitive(json, "for") &&
        strcmp(simulate->fault, "unavailable") != 0)
        reader_fault(reader, &(struct path){path, "for", 0},
                     "goes with the fault unavailable alone");
}

static const struct field simulate_fields[] = {
    /* clang-format off */
    { "outcome",     read_text, offsetof(struct payment_simulate, outcome),     .form = &form_outcome },
    { "action",      read_text, offsetof(struct payment_simulate, action),      .form = &form_action },
    { "reason_code", read_text, offsetof(struct payment_simulate, reason_code), .form = &form_reason },
    { "hold",        read_hold, .shape = &hold_shape },
    { "fault",       read_text, offsetof(struct payment_simulate, fault),       .form = &form_fault },
    { "for",         read_for,   .required = false },
    { "delay_ms",    read_delay, .required = false },
    { "duplicate_webhook", read_flag, offsetof(struct payment_simulate, duplicate_webhook), .required = false },
    /* clang-format on */
};
const struct shape simulate_shape = {"simulate", simulate_fields, COUNT(simulate_fields),
                                     finish_simulate};

/* --- drawing ----------------------------------------------------------------------------- */

static double
draw_triangle(const struct payment_delay *delay, double luck)
{
    double width = delay->most - delay->least, rise = delay->likely - delay->least;

    if (width == 0)
        return delay->least;
    if (luck < rise / width)
        return delay->least + sqrt(luck * width * rise);
    return delay->most - sqrt((1 - luck) * width * (delay->most - delay->likely));
}

/* Log-normal: Box and Muller make a normal number of two even ones. */
static double
draw_skewed(const struct payment_delay *delay, double luck, double more)
{
    double z = sqrt(-2 * log(1 - luck)) * cos(TWO_PI * more);

    return delay->median * exp(z * log(delay->p99 / delay->median) / P99_Z);
}

int64_t
payment_delay_ms(const struct payment *payment, uint64_t seed)
{
    const struct payment_delay *delay = &payment->simulate.delay;
    const char *uetr = payment->record.uetr;
    double ms;

    if (delay->median == 0 && delay->least == delay->most)
        return (int64_t)delay->most; /* almost all: nothing is drawn */
    if (delay->median > 0)
        ms = draw_skewed(delay, chance_draw(seed, uetr, DELAY_RULE, 0),
                         chance_draw(seed, uetr, DELAY_RULE, 1));
    else
        ms = draw_triangle(delay, chance_draw(seed, uetr, DELAY_RULE, 0));
    return ms < DELAY_MS_MAX ? (int64_t)(ms + 0.5) : DELAY_MS_MAX;
}
