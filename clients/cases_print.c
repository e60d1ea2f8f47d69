/* cases_print.c - see cases_print.h. */
#include "clients/cases_print.h"

#include "clients/answer.h"
#include "clients/life_print.h"
#include "clients/print.h"

/* "018edf44-…  open  held  CNY 1250000.00  OOO Sborka Sever -> Lanyu  due 2024-…" */
static void
print_case_line(FILE *out, const cJSON *json)
{
    print_text(out, answer_text(json, "id"));
    print_part(out, "  ", answer_text(json, "status"));
    print_part(out, "  ", answer_text(json, "payment/state"));
    print_part(out, "  ", answer_text(json, "payment/amount/currency"));
    print_part(out, " ", answer_text(json, "payment/amount/value"));
    print_part(out, "  ", answer_text(json, "payment/debtor/name"));
    print_part(out, " -> ", answer_text(json, "payment/creditor/name"));
    print_part(out, "  ", answer_text(json, "disposition"));
    print_part(out, " by ", answer_text(json, "reviewer"));
    print_part(out, cJSON_IsTrue(answer_at(json, "overdue")) ? "  OVERDUE since " : "  due ",
               answer_text(json, "due_at"));
    fputs(cJSON_IsTrue(answer_at(json, "cancellation_requested")) ? "  recalled\n" : "\n", out);
}

void
print_cases(FILE *out, const cJSON *page)
{
    const cJSON *json;

    cJSON_ArrayForEach(json, answer_at(page, "data"))
    {
        print_case_line(out, json);
    }
    print_more(out, page);
}

static void
print_alerts(FILE *out, const cJSON *alerts)
{
    const cJSON *item;

    cJSON_ArrayForEach(item, answer_at(alerts, "rules"))
    {
        fprintf(out, "  %-10s", "rule");
        print_text(out, answer_text(item, "id"));
        print_part(out, " ", answer_text(item, "title"));
        fputc('\n', out);
    }
    cJSON_ArrayForEach(item, answer_at(alerts, "hits"))
    {
        fprintf(out, "  %-10s", "hit");
        print_text(out, answer_text(item, "list"));
        print_part(out, " ", answer_text(item, "entry"));
        print_part(out, "  ", answer_text(item, "field"));
        print_part(out, "  ", answer_text(item, "matched"));
        fputc('\n', out);
    }
}

void
print_case(FILE *out, const cJSON *json)
{
    print_case_line(out, json);
    fprintf(out, "  %-10s", "opened");
    print_text(out, answer_text(json, "opened_at"));
    fprintf(out, "\n  %-10s", "uetr");
    print_text(out, answer_text(json, "payment/uetr"));
    fputc('\n', out);
    print_alerts(out, answer_at(json, "alerts"));
    print_events(out, answer_at(json, "steps"));
}
