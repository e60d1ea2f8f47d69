/* matrix.c - rows and columns of a book, and a decision for each pair and payment. */
#include "clients/matrix.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients/policy_pack.h"
#include "gateway/base/buffer.h"
#include "gateway/base/time.h"
#include "policy/rules/pack.h"

#define DATE_LENGTH      10 /* "2024-03-20" */
#define RULES_BYTES_MANY 64
#define BIC_COUNTRY_AT   4 /* ISO 9362: the fifth and sixth characters */

/* -- columns -- */

static const char *
date_text(struct arena *arena, int64_t at_ms)
{
    char text[INSTANT_TEXT_SIZE];

    instant_print(at_ms, text);
    if (strcmp(text + DATE_LENGTH, "T00:00:00.000+08:00") == 0)
        text[DATE_LENGTH] = '\0';
    else if (strncmp(text + DATE_LENGTH + strlen("T00:00:00"), ".000", 4) == 0)
        strcpy(text + DATE_LENGTH + strlen("T00:00:00"), "+08:00");
    return arena_copy(arena, text, strlen(text));
}

static int64_t
noon_of_the_15th(int month) /* counted from year 0 */
{
    char text[64];
    int64_t ms = 0;

    snprintf(text, sizeof(text), "%04d-%02d-15T12:00:00+08:00", month / 12, month % 12 + 1);
    if (!instant_parse(text, &ms)) /* between two regimes every month is one */
        abort();
    return ms;
}

static int
month_of(int64_t at_ms)
{
    char text[INSTANT_TEXT_SIZE];

    instant_print(at_ms, text);
    return atoi(text) * 12 + atoi(text + strlen("2024-")) - 1;
}

static void
column_add(struct arena *arena, const struct book *book, int64_t at_ms, struct matrix *matrix)
{
    matrix->columns[matrix->column_count++] =
        (struct matrix_column){at_ms, date_text(arena, at_ms), book_regime(book, at_ms)->from};
}

/* Regimes and months are both in order of time: merge them. */
static void
columns_fill(struct arena *arena, const struct book *book, bool months, struct matrix *matrix)
{
    int64_t first = book->regimes[0].from_ms;
    int64_t last = book->regimes[book->regime_count - 1].from_ms;
    int month = month_of(first), end = months ? month_of(last) + 1 : month;

    matrix->columns = arena_alloc(arena, (book->regime_count + (size_t)(end - month)) *
                                             sizeof(*matrix->columns));
    for (size_t i = 0; i < book->regime_count; i++) {
        int64_t from = book->regimes[i].from_ms;

        for (; month < end && noon_of_the_15th(month) <= from; month++)
            if (noon_of_the_15th(month) > first && noon_of_the_15th(month) < from)
                column_add(arena, book, noon_of_the_15th(month), matrix);
        column_add(arena, book, from, matrix);
    }
}

/* -- rows -- */

static bool
has_own(const struct book *book, const struct book_bank *bank)
{
    for (size_t i = 0; i < book->regime_count; i++)
        if (book_own(&book->regimes[i], bank))
            return true;
    return false;
}

static void
row_add(struct arena *arena, const struct policy_bank *bank, bool alone, struct matrix *matrix)
{
    const char *class = bank->bank_class;

    matrix->rows[matrix->row_count++] = (struct matrix_row){
        alone ? arena_printf(arena, "%s %s", bank->bic, class) : class, bank};
}

static void
rows_of_class(struct arena *arena, const struct book *book, int class, bool every_bank,
              struct matrix *matrix)
{
    const struct book_bank *end = book->banks + book->bank_count, *bank = book->banks;

    while (bank < end && ((int)bank->class != class || has_own(book, bank)))
        bank++;
    if (bank < end && !every_bank)
        row_add(arena, &bank->bank, false, matrix);
    for (bank = book->banks; bank < end; bank++)
        if ((int)bank->class == class && (every_bank || has_own(book, bank)))
            row_add(arena, &bank->bank, true, matrix);
}

/* -- decisions -- */

static const char *
kept(struct arena *arena, const char *text)
{
    return text[0] ? arena_copy(arena, text, strlen(text)) : "";
}

static const char *
rules_of(struct arena *arena, const struct decision *decision)
{
    struct buffer text;

    if (!decision->rules)
        return "";
    buffer_init(&text, arena, RULES_BYTES_MANY);
    for (const struct fired_rule *rule = decision->rules; rule; rule = rule->next)
        buffer_printf(&text, "%s%s", rule == decision->rules ? "" : " ", rule->id);
    return buffer_terminate(&text);
}

static struct matrix_cell
cell_of(struct arena *arena, const struct decision *decision)
{
    return (struct matrix_cell){
        .action = decision->action,
        .rules = rules_of(arena, decision),
        .code = kept(arena, decision->reason.code),
        .text = kept(arena, decision->reason.text),
        .failure = decision->failures ? kept(arena, decision->failures->why) : "",
    };
}

/* The payment as it would name this bank; what it did not say of its own it does not say of
 * this one. */
static struct policy_agent
agent_of(struct arena *arena, const struct policy_bank *bank, const struct policy_agent *given)
{
    return (struct policy_agent){
        .size = sizeof(struct policy_agent),
        .bic = bank->bic,
        .name = given->name[0] ? bank->name : "",
        .country = given->country[0] ? arena_copy(arena, bank->bic + BIC_COUNTRY_AT, 2) : "",
        .cnaps = "",
    };
}

static void
payment_judge(struct arena *arena, const struct snapshot *snapshot, uint64_t seed,
              const struct policy_payment *payment, struct matrix *matrix,
              struct matrix_cell *cells)
{
    struct arena each = {0};

    for (size_t r = 0; r < matrix->row_count; r++)
        for (size_t c = 0; c < matrix->column_count; c++) {
            struct policy_payment at_bank = *payment;
            struct policy_agent agent =
                agent_of(&each, matrix->rows[r].bank, payment->creditor_agent);
            struct decision decision;

            at_bank.creditor_agent = &agent;
            snapshot_judge(snapshot, &at_bank, matrix->columns[c].at_ms, seed, NULL, &each,
                           &decision);
            *cells = cell_of(arena, &decision);
            matrix->failures += cells->failure[0] != '\0';
            cells++;
            arena_reset(&each);
        }
    arena_release(&each);
}

/* -- payments -- */

/* The first of a name has it; another is told apart by its step. */
static const char *
name_of(struct arena *arena, const struct matrix *matrix, const char *name, size_t step)
{
    for (size_t i = 0; i < matrix->payment_count; i++)
        if (strcmp(matrix->payments[i].name, name) == 0)
            return arena_printf(arena, "%s (step %zu)", name, step);
    return name;
}

static void
step_judge(struct arena *arena, const struct snapshot *snapshot,
           const struct scenario *scenario, size_t index, struct matrix *matrix)
{
    const struct scenario_step *step = &scenario->steps[index];
    struct matrix_payment *out = &matrix->payments[matrix->payment_count];
    const struct policy_payment *payment;
    struct arena read = {0};
    struct error err = {0};

    if (policy_payment_read(&read, "payment", step->body, step->body_len, &payment, &err) !=
        0) {
        matrix->left_out++;
    } else {
        *out = (struct matrix_payment){.step = index + 1, .title = ""};
        out->name = name_of(arena, matrix, step->name[0] ? step->name : step->title, out->step);
        if (step->name[0] && strcmp(step->name, step->title) != 0)
            out->title = step->title;
        out->cells =
            arena_alloc(arena, matrix->row_count * matrix->column_count * sizeof(*out->cells));
        payment_judge(arena, snapshot, (uint64_t)scenario->seed, payment, matrix, out->cells);
        matrix->payment_count++;
    }
    arena_release(&read);
}

int
matrix_judge(struct arena *arena, const struct snapshot *snapshot,
             const struct scenario *scenario, struct matrix_wishes wishes, struct matrix *out,
             struct error *err)
{
    const struct book *book = snapshot_book(snapshot);
    size_t pays = 0;

    *out = (struct matrix){
        .book = book->name, .scenario = scenario->name, .snapshot = snapshot_digest(snapshot)};
    columns_fill(arena, book, wishes.months, out);
    out->rows = arena_alloc(arena, (book->bank_count + BANK_CLASS_COUNT) * sizeof(*out->rows));
    for (int i = 0; i < BANK_CLASS_COUNT; i++)
        rows_of_class(arena, book, i, wishes.every_bank, out);
    for (size_t i = 0; i < scenario->step_count; i++)
        pays += scenario->steps[i].kind == STEP_PAY;
    if (pays == 0)
        return error_set(err, ERROR_INVALID, "the scenario %s pays nothing", scenario->name);
    if (pays > MATRIX_CELLS_MAX / (out->row_count * out->column_count))
        return error_set(err, ERROR_INVALID,
                         "%zu payments at %zu banks on %zu dates are more than %d decisions; "
                         "a smaller scenario or book has fewer",
                         pays, out->row_count, out->column_count, MATRIX_CELLS_MAX);
    out->payments = arena_alloc(arena, pays * sizeof(*out->payments));
    for (size_t i = 0; i < scenario->step_count; i++)
        if (scenario->steps[i].kind == STEP_PAY)
            step_judge(arena, snapshot, scenario, i, out);
    return 0;
}

const char *
matrix_cell_words(struct arena *arena, const struct matrix_cell *cell)
{
    return arena_printf(arena, "%s%s%s%s%s%s%s", pack_action_name(cell->action),
                        cell->code[0] ? " " : "", cell->code, cell->rules[0] ? " by " : "",
                        cell->rules, cell->failure[0] ? "; a policy failed: " : "",
                        cell->failure);
}
