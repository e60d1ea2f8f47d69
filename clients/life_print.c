/* life_print.c - see life_print.h. */
#include "clients/life_print.h"

#include <string.h>

#include "clients/answer.h"
#include "clients/print.h"

/* "  held -> returned", or nothing where it stayed what it was. */
static void
print_move(FILE *out, const cJSON *event)
{
    const char *from = answer_text(event, "from"), *state = answer_text(event, "state");

    if (from[0] == '\0' || strcmp(from, state) == 0)
        return;
    print_part(out, "  ", from);
    print_part(out, " -> ", state);
}

/* What the payer was told of it, and the reason that only the bank's people see. */
static void
print_reasons(FILE *out, const cJSON *event)
{
    print_part(out, "  ", answer_text(event, "iso20022/message"));
    print_part(out, " ", answer_text(event, "iso20022/transaction_status"));
    print_part(out, " ", answer_text(event, "iso20022/reason_code"));
    print_part(out, "  reason ", answer_text(event, "internal/reason/code"));
    print_part(out, " ", answer_text(event, "internal/reason/text"));
}

static void
print_event(FILE *out, const cJSON *event)
{
    fprintf(out, "  %-10s", "event");
    print_text(out, answer_text(event, "at"));
    print_part(out, "  ", answer_text(event, "type"));
    print_move(out, event);
    print_part(out, "  by ", answer_text(event, "internal/actor"));
    print_part(out, ": ", answer_text(event, "internal/cause"));
    print_part(out, "  ", answer_text(event, "internal/disposition"));
    print_reasons(out, event);
    print_part(out, "  then ", answer_text(event, "internal/follows/action"));
    print_part(out, " ", answer_text(event, "internal/follows/at"));
    fputc('\n', out);
    if (answer_text(event, "internal/text")[0] == '\0')
        return;
    fprintf(out, "  %-10s", "");
    print_text(out, answer_text(event, "internal/text"));
    fputc('\n', out);
}

void
print_events(FILE *out, const cJSON *events)
{
    const cJSON *event;

    cJSON_ArrayForEach(event, events)
    {
        print_event(out, event);
    }
}

void
print_life(FILE *out, const cJSON *payment)
{
    print_decision(out, payment);
    print_events(out, answer_at(payment, "events"));
}

/* "  label     RQSG/RQHS the text" for each: a code alone, or with what it means. */
static void
print_asks(FILE *out, const char *label, const cJSON *asks)
{
    const cJSON *ask;

    cJSON_ArrayForEach(ask, asks)
    {
        fprintf(out, "  %-10s", label);
        print_text(out, cJSON_IsString(ask)              ? ask->valuestring
                        : answer_text(ask, "request")[0] ? answer_text(ask, "request")
                                                         : answer_text(ask, "code"));
        print_part(out, "  ", answer_text(ask, "text"));
        fputc('\n', out);
    }
}

void
print_requested(FILE *out, const cJSON *payment)
{
    const cJSON *asks = answer_at(payment, "requested");

    print_text(out, answer_text(payment, "state"));
    print_part(out, "  answer by ", answer_text(payment, "answer_by"));
    fputs(cJSON_GetArraySize(asks) > 0 ? "\n" : "  nothing is asked\n", out);
    print_asks(out, "asked", asks);
}

void
print_documents(FILE *out, const cJSON *answer)
{
    print_text(out, answer_text(answer, "completeness"));
    print_part(out, "  ", answer_text(answer, "state"));
    fputc('\n', out);
    print_asks(out, "missing", answer_at(answer, "missing"));
    print_asks(out, "contradicts", answer_at(answer, "contradictions"));
}

void
print_cancellation(FILE *out, const cJSON *answer)
{
    static const char *const words[][2] = {
        {"CNCL", "cancelled as asked"},
        {"PDCR", "pending: the bank has yet to decide"},
        {"RJCR", "refused"},
    };
    const char *status = answer_text(answer, "iso20022/status");

    print_text(out, status);
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        print_part(out, "  ", strcmp(status, words[i][0]) == 0 ? words[i][1] : "");
    print_part(out, "  ", answer_text(answer, "iso20022/reason_code"));
    print_part(out, "  ", answer_text(answer, "state"));
    fputc('\n', out);
}
