/* print.c - see print.h; every function prints one kind of answer. */
#include "clients/print.h"

#include <string.h>

#include "clients/answer.h"

#define DIGEST_DIGITS 12 /* as policy diff shows them */

void
print_text_n(FILE *out, const char *text, size_t len)
{
    const unsigned char *at = (const unsigned char *)text, *end = at + len;

    while (at < end) {
        if (end - at > 1 && at[0] == 0xc2 && at[1] >= 0x80 && at[1] < 0xa0) { /* C1 in UTF-8 */
            fputc('?', out);
            at += 2;
        } else {
            fputc(*at < 0x20 || *at == 0x7f ? '?' : *at, out);
            at++;
        }
    }
}

void
print_text(FILE *out, const char *text)
{
    print_text_n(out, text, strlen(text));
}

void
print_digest(FILE *out, const char *label, const char *digest)
{
    static const char before[] = "sha256:";
    char digits[DIGEST_DIGITS + 1];

    if (digest[0] == '\0')
        return;
    if (strncmp(digest, before, strlen(before)) == 0)
        digest += strlen(before);
    snprintf(digits, sizeof(digits), "%s", digest);
    fprintf(out, "%s", label);
    print_text(out, digits);
}

void
print_part(FILE *out, const char *before, const char *text)
{
    if (text[0] == '\0')
        return;
    fputs(before, out);
    print_text(out, text);
}

void
print_padded(FILE *out, const char *text, int width)
{
    int len = (int)strlen(text);

    print_text(out, text);
    fprintf(out, "%*s", len < width ? width - len : 0, "");
}

void
print_count(FILE *out, double count, const char *noun)
{
    fprintf(out, "%.0f %s%s", count, noun, count == 1 ? "" : "s");
}

/* "  label     first second\n"; nothing at all where both are empty. */
static void
print_line(FILE *out, const char *label, const char *first, const char *second)
{
    if (first[0] == '\0' && second[0] == '\0')
        return;
    fprintf(out, "  %-10s", label);
    print_text(out, first);
    if (first[0] && second[0])
        fputc(' ', out);
    print_text(out, second);
    fputc('\n', out);
}

/* "a, b, c" of an array of strings. */
static void
print_words(FILE *out, const cJSON *words)
{
    const cJSON *word;

    cJSON_ArrayForEach(word, words)
    {
        if (word != words->child)
            fputs(", ", out);
        print_text(out, cJSON_IsString(word) ? word->valuestring : "?");
    }
}

static void
print_rules(FILE *out, const cJSON *rules)
{
    const cJSON *rule, *because;

    cJSON_ArrayForEach(rule, rules)
    {
        fprintf(out, "  %-10s", "rule");
        print_text(out, answer_text(rule, "id"));
        fputc(' ', out);
        print_text(out, answer_text(rule, "title"));
        fputs(" (", out);
        print_text(out, answer_text(rule, "action"));
        fputs(")\n", out);
        cJSON_ArrayForEach(because, answer_at(rule, "because"))
        {
            print_line(out, "", cJSON_IsString(because) ? because->valuestring : "", "");
        }
    }
}

static void
print_kits(FILE *out, const cJSON *kits)
{
    const cJSON *kit;

    cJSON_ArrayForEach(kit, kits)
    {
        const cJSON *coverage = answer_at(kit, "coverage");
        const cJSON *missing = answer_at(kit, "missing");

        fprintf(out, "  %-10s", "kit");
        print_text(out, answer_text(kit, "kit"));
        if (cJSON_IsNumber(coverage))
            fprintf(out, " %.0f %%", coverage->valuedouble * 100);
        fputs(": ", out);
        print_words(out, answer_at(kit, "parts"));
        if (cJSON_GetArraySize(missing) > 0) {
            fputs("; missing ", out);
            print_words(out, missing);
        }
        fputc('\n', out);
    }
}

/* "  label     a, b, c\n"; nothing at all where there are none. */
static void
print_word_line(FILE *out, const char *label, const cJSON *words)
{
    if (cJSON_GetArraySize(words) == 0)
        return;
    fprintf(out, "  %-10s", label);
    print_words(out, words);
    fputc('\n', out);
}

/* What a payer is asked or gets back, and what follows: each only where there is any. */
static void
print_course(FILE *out, const cJSON *decision)
{
    print_word_line(out, "asked", answer_at(decision, "requested"));
    print_line(out, "answer by", answer_text(decision, "answer_by"), "");
    print_line(out, "returned", answer_text(decision, "returned/value"),
               answer_text(decision, "returned/currency"));
    print_line(out, "charges", answer_text(decision, "returned/charges"), "");
    print_line(out, "follows", answer_text(decision, "decision/follows/action"),
               answer_text(decision, "decision/follows/at"));
}

void
print_decision(FILE *out, const cJSON *decision)
{
    print_text(out, answer_text(decision, "outcome"));
    fputs("  ", out);
    print_text(out, answer_text(decision, "state"));
    fputs("  ", out);
    /* A payer is told of no decision: what he is told stands for it. */
    print_text(out,
               answer_text(decision, answer_at(decision, "decision") ? "decision/reason/code"
                                                                     : "iso20022/reason_code"));
    fputc('\n', out);
    print_line(out, "id", answer_text(decision, "id"), "");
    print_line(out, "uetr", answer_text(decision, "uetr"), "");
    print_line(out, "decided", answer_text(decision, "decided_at"), "");
    print_line(out, "bank", answer_text(decision, "decision/bank/bic"),
               answer_text(decision, "decision/bank/class"));
    print_line(out, "action", answer_text(decision, "decision/action"), "");
    print_line(out, "reason", answer_text(decision, "decision/reason/code"),
               answer_text(decision, "decision/reason/text"));
    print_line(out, "told", answer_text(decision, "iso20022/reason_code"),
               answer_text(decision, "disclosed_reason"));
    print_line(out, "message", answer_text(decision, "iso20022/message"),
               answer_text(decision, "iso20022/transaction_status"));
    print_course(out, decision);
    print_rules(out, answer_at(decision, "decision/rules"));
    print_kits(out, answer_at(decision, "decision/kits"));
    print_word_line(out, "decisive", answer_at(decision, "decision/decisive"));
}

void
print_list(FILE *out, const cJSON *list)
{
    const cJSON *payment;

    cJSON_ArrayForEach(payment, answer_at(list, "data"))
    {
        static const char *const columns[] = {"id", "decided_at", "outcome", "state",
                                              "iso20022/reason_code"};

        for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
            if (i > 0)
                fputs("  ", out);
            print_text(out, answer_text(payment, columns[i]));
        }
        fputc('\n', out);
    }
    print_more(out, list);
}

void
print_more(FILE *out, const cJSON *page)
{
    if (answer_text(page, "next_cursor")[0] == '\0')
        return;
    fputs("more: --cursor ", out);
    print_text(out, answer_text(page, "next_cursor"));
    fputc('\n', out);
}

void
print_problem(FILE *out, const char *indent, int status, const cJSON *json)
{
    const cJSON *item;

    fprintf(out, "%s%d ", indent, status);
    print_text(out, answer_text(json, "title")[0] ? answer_text(json, "title")
                                                  : "(no problem+json in the reply)");
    if (answer_text(json, "detail")[0] != '\0') {
        fputs(": ", out);
        print_text(out, answer_text(json, "detail"));
    }
    fputc('\n', out);
    cJSON_ArrayForEach(item, answer_at(json, "errors"))
    {
        const char *pointer = answer_text(item, "pointer");

        fprintf(out, "%s  ", indent);
        print_text(out, pointer[0] ? pointer : "(the whole body)");
        fputs("  ", out);
        print_text(out, answer_text(item, "detail"));
        fputc('\n', out);
    }
}
