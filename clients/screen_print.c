/* screen_print.c - see screen_print.h. */
#include "clients/screen_print.h"

#include <string.h>

#include "clients/answer.h"
#include "clients/print.h"

/* The columns of a hit behind its score, each as wide as its widest text. */
static const char *const columns[] = {"list", "entry", "kind", "state"};

#define COLUMN_COUNT (sizeof(columns) / sizeof(columns[0]))

static double
number_at(const cJSON *json, const char *path)
{
    const cJSON *value = answer_at(json, path);

    return cJSON_IsNumber(value) ? value->valuedouble : 0;
}

/* ", " before all but the first. */
static void
print_words(FILE *out, const cJSON *words)
{
    const cJSON *word;

    cJSON_ArrayForEach(word, words)
    {
        fputs(word == words->child ? "" : ", ", out);
        print_text(out, cJSON_IsString(word) ? word->valuestring : "?");
    }
}

void
screen_print_lists(FILE *out, const cJSON *answer)
{
    const cJSON *list, *lists = answer_at(answer, "lists");

    fputs("asked of ", out);
    cJSON_ArrayForEach(list, lists)
    {
        fputs(list == lists->child ? "" : ", ", out);
        print_text(out, answer_text(list, "name"));
        fprintf(out, " (%.0f entr%s)", number_at(list, "entries"),
                number_at(list, "entries") == 1 ? "y" : "ies");
    }
    fputc('\n', out);
}

static void
widths_find(const cJSON *data, int widths[COLUMN_COUNT])
{
    const cJSON *name, *hit;

    cJSON_ArrayForEach(name, data)
    {
        cJSON_ArrayForEach(hit, answer_at(name, "hits"))
        {
            for (size_t i = 0; i < COLUMN_COUNT; i++) {
                int width = (int)strlen(answer_text(hit, columns[i]));

                widths[i] = width > widths[i] ? width : widths[i];
            }
        }
    }
}

/* The first primary name; where another one matched, that too. */
static void
print_names(FILE *out, const cJSON *hit)
{
    const cJSON *primary = cJSON_GetArrayItem(answer_at(hit, "names"), 0);
    const char *matched = answer_text(hit, "matched_as_published");

    print_text(out, cJSON_IsString(primary) ? primary->valuestring : "?");
    if (cJSON_IsString(primary) && strcmp(primary->valuestring, matched) == 0)
        return;
    fputs(" (", out);
    print_text(out, matched);
    fputc(')', out);
}

static void
print_explanation(FILE *out, const cJSON *explanation)
{
    const cJSON *pair;

    if (!explanation)
        return;
    fprintf(out, "          names alone %.4f\n", number_at(explanation, "name_score"));
    cJSON_ArrayForEach(pair, answer_at(explanation, "pairs"))
    {
        fputs("          ", out);
        print_text(out, answer_text(pair, "query"));
        fputs(" = ", out);
        print_text(out, answer_text(pair, "matched"));
        fprintf(out, "  %.2f  %.1f bits\n", number_at(pair, "agree"), number_at(pair, "bits"));
    }
    fprintf(out, "          missing %.1f bits of the query, %.1f of the match\n",
            number_at(explanation, "missing_query_bits"),
            number_at(explanation, "missing_matched_bits"));
}

static void
print_hit(FILE *out, const cJSON *hit, const int widths[COLUMN_COUNT])
{
    if (strcmp(answer_text(hit, "by"), "identifier") == 0)
        fputs("  number", out);
    else
        fprintf(out, "  %.4f", number_at(hit, "score"));
    for (size_t i = 0; i < COLUMN_COUNT; i++) {
        const char *text = answer_text(hit, columns[i]);

        fputs("  ", out);
        print_text(out, text);
        fprintf(out, "%*s", widths[i] - (int)strlen(text), "");
    }
    fputs("  ", out);
    print_names(out, hit);
    if (cJSON_GetArraySize(answer_at(hit, "programs")) > 0) {
        fputs("  ", out);
        print_words(out, answer_at(hit, "programs"));
    }
    fputc('\n', out);
    print_explanation(out, answer_at(hit, "explanation"));
}

void
screen_print(FILE *out, const cJSON *answer)
{
    int widths[COLUMN_COUNT] = {0};
    const cJSON *name, *hit;

    widths_find(answer_at(answer, "data"), widths);
    cJSON_ArrayForEach(name, answer_at(answer, "data"))
    {
        print_text(out, answer_text(name, "name"));
        fputc('\n', out);
        cJSON_ArrayForEach(hit, answer_at(name, "hits"))
        {
            print_hit(out, hit, widths);
        }
        if (cJSON_GetArraySize(answer_at(name, "hits")) == 0)
            fputs("  no hits\n", out);
        if (number_at(name, "left_out") > 0)
            fprintf(out, "  and %.0f more\n", number_at(name, "left_out"));
    }
}
