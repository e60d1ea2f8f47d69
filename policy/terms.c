/* terms.c - spans and ends out of JSON, and out of a plugin's hands. */
#include "policy/terms.h"

#include <math.h>
#include <string.h>

#include "gateway/base/time.h"
#include "policy/calendar.h"
#include "policy/request_codes.h"

#define DAY_MS    (24 * 3600 * 1000.0)
#define PARAMETER "params."

/* -- numbers -- */

/* What a number may be. */
struct range {
    double min, max;
    bool whole;
};

static bool
is_in(struct range range, double number)
{
    return number >= range.min && number <= range.max &&
           (!range.whole || number == floor(number));
}

static int
read_number(const struct value *value, const struct terms_file *file, struct range range,
            double *out, struct error *err)
{
    const char *name = cJSON_IsString(value->json) ? value->json->valuestring : NULL;
    double number = 0;
    bool given = cJSON_IsNumber(value->json);

    if (given)
        number = value->json->valuedouble;
    else if (name && file->parameter && strncmp(name, PARAMETER, strlen(PARAMETER)) == 0)
        given = file->parameter(value, name + strlen(PARAMETER), &number);
    if (!given || !is_in(range, number))
        return value_fault(value, err,
                           arena_printf(file->arena, "a %snumber, %g to %g%s",
                                        range.whole ? "whole " : "", range.min, range.max,
                                        file->parameter ? ", or a parameter that is one" : ""));
    *out = number;
    return 0;
}

/* -- spans -- */

static struct range
days_range(bool bank_days)
{
    return bank_days ? (struct range){0, CALENDAR_BANK_DAYS_MAX, true}
                     : (struct range){0, TERMS_DAYS_MAX, false};
}

/* As many numbers as there are outs, in order; or one for all three. */
static int
read_days(const struct value *value, const struct terms_file *file, bool bank_days,
          double *const *outs, size_t count, struct error *err)
{
    struct range range = days_range(bank_days);
    struct value item = {0};

    if (!cJSON_IsArray(value->json) && count == 3) {
        if (read_number(value, file, range, outs[0], err) != 0)
            return -1;
        *outs[1] = *outs[2] = *outs[0];
        return 0;
    }
    if (value_array(value, count, count, err) != 0)
        return -1;
    while (value_next(value, &item)) {
        if (read_number(&item, file, range, outs[item.index], err) != 0)
            return -1;
        range.min = *outs[item.index]; /* each is no less than the one before */
    }
    return 0;
}

static int
read_tail(const struct value *value, const struct terms_file *file, struct policy_span *span,
          struct error *err)
{
    static const char *const in_days[] = {"share", "days", NULL};
    static const char *const in_bank_days[] = {"share", "bank_days", NULL};
    const char *const *names = span->bank_days ? in_bank_days : in_days;
    struct value share = value_member(value, "share");
    struct value days = value_member(value, names[1]);
    double *const outs[] = {&span->tail_least, &span->tail_most};

    if (!value->json)
        return 0;
    if (file->object(value, names, err) != 0 ||
        read_number(&share, file, (struct range){0, 1, false}, &span->tail_share, err) != 0)
        return -1;
    return read_days(&days, file, span->bank_days, outs, 2, err);
}

static int
read_span_object(const struct value *value, const struct terms_file *file,
                 struct policy_span *span, struct error *err)
{
    static const char *const names[] = {"days", "bank_days", "tail", NULL};
    struct value days = value_member(value, "days");
    struct value bank_days = value_member(value, "bank_days");
    struct value tail = value_member(value, "tail");
    double *const outs[] = {&span->least, &span->likely, &span->most};

    if (file->object(value, names, err) != 0)
        return -1;
    if (!days.json == !bank_days.json)
        return value_fault(value, err, "either days or bank_days");
    span->bank_days = bank_days.json != NULL;
    if (read_days(span->bank_days ? &bank_days : &days, file, span->bank_days, outs, 3, err) !=
        0)
        return -1;
    return read_tail(&tail, file, span, err);
}

int
terms_read_span(const struct value *value, const struct terms_file *file,
                const struct policy_span **out, struct error *err)
{
    struct policy_span *span = arena_alloc(file->arena, sizeof(*span));
    int64_t ms;

    *span = (struct policy_span){.size = sizeof(*span)};
    *out = span;
    if (cJSON_IsObject(value->json))
        return read_span_object(value, file, span, err);
    if (!cJSON_IsString(value->json) || !duration_parse(value->json->valuestring, &ms) ||
        (double)ms > TERMS_DAYS_MAX * DAY_MS)
        return value_fault(value, err,
                           "a duration such as \"P35D\", at most ten years, or an object of "
                           "days or bank_days");
    span->least = span->likely = span->most = (double)ms / DAY_MS;
    return 0;
}

/* -- ends -- */

/* What something may end in. */
static const struct {
    const char *name;
    enum policy_action action;
} end_actions[] = {
    {"accept", POLICY_ACCEPT},
    {"hold", POLICY_HOLD},
    {"return", POLICY_RETURN},
    {"reject", POLICY_REJECT},
};

#define END_ACTIONS    (sizeof(end_actions) / sizeof(end_actions[0]))
#define OTHERWISE_ENDS 2 /* of these: what the rest may end in */

static int
read_action(const struct value *value, size_t count, int *out, struct error *err)
{
    const char *text = cJSON_IsString(value->json) ? value->json->valuestring : "";

    for (size_t i = 0; i < count; i++)
        if (strcmp(end_actions[i].name, text) == 0) {
            *out = (int)end_actions[i].action;
            return 0;
        }
    return value_fault(
        value, err, count == END_ACTIONS ? "accept, hold, return or reject" : "accept or hold");
}

/* An ISO 20022 code by its form; whether a message has it is the host's to know. */
static bool
code_is_sound(const char *code)
{
    return strspn(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == 4 && code[4] == '\0';
}

static int
read_text(const struct value *value, bool needed, const char **out, struct error *err)
{
    *out = "";
    if (!needed &&
        (!value->json || (cJSON_IsString(value->json) && value->json->valuestring[0] == '\0')))
        return 0;
    if (value_text(value, out, err) != 0)
        return -1;
    if (strlen(*out) > TERMS_TEXT_MAX)
        return value_fault(value, err, "at most 1000 bytes of text");
    return 0;
}

int
terms_read_reason(const struct value *value, const struct terms_file *file, bool needs_text,
                  struct policy_reason *out, struct error *err)
{
    static const char *const names[] = {"code", "text", NULL};
    struct value code = value_member(value, "code");
    struct value text = value_member(value, "text");

    *out = (struct policy_reason){"", ""};
    if (!value->json && !needs_text)
        return 0;
    if (file->object(value, names, err) != 0 || value_text(&code, &out->code, err) != 0)
        return -1;
    if (!code_is_sound(out->code))
        return value_fault(&code, err, "a code of four capital letters and digits");
    return read_text(&text, needs_text, &out->text, err);
}

int
terms_read_end(const struct value *value, const struct terms_file *file,
               enum policy_action otherwise, const struct policy_end **out, struct error *err)
{
    static const char *const names[] = {"action", "share",     "otherwise",
                                        "reason", "disclosed", NULL};
    struct value action = value_member(value, "action");
    struct value share = value_member(value, "share");
    struct value rest = value_member(value, "otherwise");
    struct value reason = value_member(value, "reason");
    struct value disclosed = value_member(value, "disclosed");
    struct policy_end *end = arena_alloc(file->arena, sizeof(*end));

    *end = (struct policy_end){.size = sizeof(*end), .otherwise = (int)otherwise, .share = 1};
    *out = end;
    if (file->object(value, names, err) != 0 ||
        read_action(&action, END_ACTIONS, &end->action, err) != 0)
        return -1;
    if ((share.json &&
         read_number(&share, file, (struct range){0, 1, false}, &end->share, err) != 0) ||
        (rest.json && read_action(&rest, OTHERWISE_ENDS, &end->otherwise, err) != 0))
        return -1;
    if (terms_read_reason(&reason, file, reason.json || end->action >= POLICY_RETURN,
                          &end->reason, err) != 0)
        return -1;
    return terms_read_reason(&disclosed, file, false, &end->disclosed, err);
}

int
terms_read_answered(const struct value *value, const struct terms_file *file,
                    struct policy_terms *out, struct error *err)
{
    static const char *const names[] = {"complete", "partial", "contradictory", NULL};
    const struct policy_end **const outs[] = {&out->complete, &out->partial,
                                              &out->contradictory};

    if (!value->json)
        return 0;
    if (file->object(value, names, err) != 0)
        return -1;
    for (int i = 0; names[i]; i++) {
        struct value end = value_member(value, names[i]);

        if (end.json &&
            terms_read_end(&end, file, i == 0 ? POLICY_ACCEPT : POLICY_HOLD, outs[i], err) != 0)
            return -1;
    }
    return 0;
}

/* -- questions -- */

int
terms_read_asks(const struct value *value, const struct terms_file *file,
                struct policy_terms *out, struct error *err)
{
    struct value item = {0};
    const char **asks;

    if (!value->json)
        return 0;
    if (value_array(value, 1, TERMS_ASKS_MAX, err) != 0)
        return -1;
    asks = arena_alloc(file->arena, TERMS_ASKS_MAX * sizeof(*asks));
    while (value_next(value, &item)) {
        const struct request_code *code =
            request_code_find(cJSON_IsString(item.json) ? item.json->valuestring : NULL);

        if (!code)
            return value_fault(&item, err, REQUEST_CODES_EXPECTED);
        for (uint32_t i = 0; i < out->ask_count; i++)
            if (asks[i] == code->code)
                return value_fault(&item, err, "each question once");
        asks[out->ask_count++] = code->code;
    }
    out->asks = asks;
    return 0;
}

/* -- the ends by number -- */

static const struct {
    const char *name;
    size_t at;
} ends[] = {
    {"ends", offsetof(struct policy_terms, ends)},
    {"complete", offsetof(struct policy_terms, complete)},
    {"partial", offsetof(struct policy_terms, partial)},
    {"contradictory", offsetof(struct policy_terms, contradictory)},
};

#define ENDS (sizeof(ends) / sizeof(ends[0]))

static const struct policy_end *
end_at(const struct policy_terms *terms, size_t index)
{
    const struct policy_end *end;

    memcpy(&end, (const char *)terms + ends[index].at, sizeof(end));
    return end;
}

const char *
terms_unfit(const struct policy_terms *terms,
            bool (*reason_fits)(enum policy_action action, const char *code),
            const char **member)
{
    for (size_t i = 0; i < ENDS; i++) {
        const struct policy_end *end = end_at(terms, i);
        const char *const codes[] = {end ? end->reason.code : "",
                                     end ? end->disclosed.code : ""};

        *member = ends[i].name;
        for (size_t c = 0; c < 2; c++)
            if (codes[c][0] != '\0' && !reason_fits((enum policy_action)end->action, codes[c]))
                return codes[c];
    }
    return NULL;
}

/* Of what is accepted the payer is told no reason. */
static bool
end_tells_reason(const struct policy_end *end)
{
    return end && end->action != POLICY_ACCEPT && end->reason.code[0] != '\0' &&
           end->disclosed.code[0] == '\0';
}

const char *
terms_undisclosed(const struct policy_terms *terms, size_t *at)
{
    while (*at < ENDS) {
        size_t i = (*at)++;

        if (end_tells_reason(end_at(terms, i)))
            return ends[i].name;
    }
    return NULL;
}

/* -- a plugin's -- */

/* As far as its structs must reach: those of 1.2, which was the first to have them. */
#define REACH(type, last) (offsetof(struct type, last) + sizeof(((struct type *)0)->last))
#define SPAN_SIZE_1_2     REACH(policy_span, tail_most)
#define END_SIZE_1_2      REACH(policy_end, disclosed)
#define TERMS_SIZE_1_2    REACH(policy_terms, contradictory)

/* Not a number is in no order, and so in none of these. */
static bool
span_is_sound(const struct policy_span *span)
{
    double max = span->bank_days ? CALENDAR_BANK_DAYS_MAX : TERMS_DAYS_MAX;

    return span->least >= 0 && span->least <= span->likely && span->likely <= span->most &&
           span->most <= max && span->tail_share >= 0 && span->tail_share <= 1 &&
           span->tail_least >= 0 && span->tail_least <= span->tail_most &&
           span->tail_most <= max;
}

static bool
end_is_sound(const struct policy_end *end)
{
    bool known = false;

    for (size_t i = 0; i < END_ACTIONS; i++)
        known |= (int)end_actions[i].action == end->action;
    return known && (end->otherwise == POLICY_ACCEPT || end->otherwise == POLICY_HOLD) &&
           end->share >= 0 && end->share <= 1 &&
           (end->action < POLICY_RETURN || (end->reason.code && end->reason.code[0] != '\0'));
}

const char *
terms_fault(const struct policy_terms *terms)
{
    if (terms->size < TERMS_SIZE_1_2)
        return "terms of an unknown size";
    if (terms->lasts && terms->lasts->size < SPAN_SIZE_1_2)
        return "a span of an unknown size";
    if (terms->lasts && !span_is_sound(terms->lasts))
        return "a span whose days are out of order or of bounds";
    for (size_t i = 0; i < ENDS; i++) {
        const struct policy_end *end = end_at(terms, i);

        if (end && end->size < END_SIZE_1_2)
            return "an end of an unknown size";
        if (end && !end_is_sound(end))
            return "an end of an unknown action, or without a share or a reason";
    }
    if (terms->ask_count > TERMS_ASKS_MAX || (terms->ask_count > 0 && !terms->asks))
        return "questions that are too many or missing";
    for (uint32_t i = 0; i < terms->ask_count; i++)
        if (!request_code_find(terms->asks[i]))
            return "a question that is not in the catalogue";
    return NULL;
}

/* As far as the plugin's struct reaches, and zeros behind it. */
static void *
struct_copy(struct arena *arena, const void *from, size_t size, size_t size_here)
{
    void *copy = arena_zalloc(arena, size_here);

    memcpy(copy, from, size < size_here ? size : size_here);
    return copy;
}

static const char *
text_copy(struct arena *arena, const char *text)
{
    return text && text[0] != '\0' ? arena_copy(arena, text, strlen(text)) : "";
}

static struct policy_reason
reason_copy(struct arena *arena, struct policy_reason reason)
{
    return (struct policy_reason){text_copy(arena, reason.code), text_copy(arena, reason.text)};
}

static const struct policy_span *
span_copy(struct arena *arena, const struct policy_span *span)
{
    struct policy_span *copy;

    if (!span)
        return NULL;
    copy = struct_copy(arena, span, span->size, sizeof(*span));
    copy->size = sizeof(*copy);
    return copy;
}

static const struct policy_end *
end_copy(struct arena *arena, const struct policy_end *end)
{
    struct policy_end *copy;

    if (!end)
        return NULL;
    copy = struct_copy(arena, end, end->size, sizeof(*end));
    copy->size = sizeof(*copy);
    copy->reason = reason_copy(arena, end->reason);
    copy->disclosed = reason_copy(arena, end->disclosed);
    return copy;
}

const struct policy_terms *
terms_copy(struct arena *arena, const struct policy_terms *terms)
{
    struct policy_terms *copy = struct_copy(arena, terms, terms->size, sizeof(*terms));
    const char **asks;

    copy->size = sizeof(*copy);
    copy->lasts = span_copy(arena, terms->lasts);
    copy->ends = end_copy(arena, terms->ends);
    copy->complete = end_copy(arena, terms->complete);
    copy->partial = end_copy(arena, terms->partial);
    copy->contradictory = end_copy(arena, terms->contradictory);
    if (terms->ask_count == 0)
        return copy;
    asks = arena_alloc(arena, terms->ask_count * sizeof(*asks));
    for (uint32_t i = 0; i < terms->ask_count; i++)
        asks[i] = request_code_find(terms->asks[i])->code;
    copy->asks = asks;
    return copy;
}
