/* matrix_print.c - one function a form. */
#include "clients/matrix_print.h"

#include <stdio.h>
#include <string.h>

#include "clients/print.h"
#include "gateway/base/buffer.h"
#include "policy/rules/pack.h"

#define CELL_WIDTH       3 /* a blank, and two digits of the date above */
#define LINE_BYTES_FIRST 512
#define FAILED           '!'

static const char symbols[] = {
    [POLICY_ACCEPT] = '.', [POLICY_REQUEST_INFORMATION] = '?',
    [POLICY_HOLD] = 'h',   [POLICY_RETURN] = '<',
    [POLICY_REJECT] = 'x', [POLICY_FREEZE] = '#',
};

/* -- the table -- */

/* Two digits of every date, in a line of its own. */
static const struct {
    const char *name;
    size_t at;
} digits[] = {{"year", 2}, {"month", 5}, {"day", 8}, {"hour", 11}};

#define DATE_LINES 3

static int
label_width(const struct matrix *matrix)
{
    size_t width = strlen("month");

    for (size_t r = 0; r < matrix->row_count; r++)
        if (strlen(matrix->rows[r].label) > width)
            width = strlen(matrix->rows[r].label);
    return (int)width;
}

/* Do two columns that are to be printed stand on one day? */
static bool
days_repeat(const struct matrix *matrix, size_t from, size_t to)
{
    for (size_t c = from + 1; c < to; c++)
        if (strncmp(matrix->columns[c - 1].date, matrix->columns[c].date, digits[3].at - 1) ==
            0)
            return true;
    return false;
}

static void
dates_print(const struct matrix *matrix, int width, size_t from, size_t to)
{
    size_t lines = DATE_LINES + (days_repeat(matrix, from, to) ? 1 : 0);

    for (size_t i = 0; i < lines; i++) {
        printf("  %*s", width, digits[i].name);
        for (size_t c = from; c < to; c++) {
            const char *date = matrix->columns[c].date;

            printf(" %.2s", strlen(date) > digits[i].at ? date + digits[i].at : "00");
        }
        putchar('\n');
    }
}

/* The columns from one to another. */
static void
band_print(const struct matrix *matrix, const struct matrix_payment *payment, int width,
           size_t from, size_t to)
{
    dates_print(matrix, width, from, to);
    for (size_t r = 0; r < matrix->row_count; r++) {
        printf("  %-*s", width, matrix->rows[r].label);
        for (size_t c = from; c < to; c++) {
            const struct matrix_cell *cell = matrix_cell(matrix, payment, r, c);

            printf("  %c", cell->failure[0] ? FAILED : symbols[cell->action]);
        }
        putchar('\n');
    }
}

static void
bands_print(const struct matrix *matrix, const struct matrix_payment *payment)
{
    int width = label_width(matrix);
    size_t most = (size_t)(MATRIX_PRINT_WIDTH - 2 - width) / CELL_WIDTH;

    for (size_t from = 0; from < matrix->column_count; from += most) {
        size_t left = matrix->column_count - from;

        band_print(matrix, payment, width, from, from + (left < most ? left : most));
    }
}

static bool
is_same(const struct matrix_cell *a, const struct matrix_cell *b)
{
    return a->action == b->action && strcmp(a->rules, b->rules) == 0 &&
           strcmp(a->code, b->code) == 0 && strcmp(a->failure, b->failure) == 0;
}

static bool
rows_are_same(const struct matrix *matrix, const struct matrix_payment *payment, size_t a,
              size_t b)
{
    for (size_t c = 0; c < matrix->column_count; c++)
        if (!is_same(matrix_cell(matrix, payment, a, c), matrix_cell(matrix, payment, b, c)))
            return false;
    return true;
}

/* The names of the row and of those after it that fare the same; false: told before. */
static bool
same_rows_print(const struct matrix *matrix, const struct matrix_payment *payment, size_t row)
{
    for (size_t r = 0; r < row; r++)
        if (rows_are_same(matrix, payment, r, row))
            return false;
    printf("  %s", matrix->rows[row].label);
    for (size_t r = row + 1; r < matrix->row_count; r++)
        if (rows_are_same(matrix, payment, row, r))
            printf(", %s", matrix->rows[r].label);
    putchar('\n');
    return true;
}

/* Each row's dates on which something changes. */
static void
reasons_print(const struct matrix *matrix, const struct matrix_payment *payment)
{
    struct arena arena = {0};

    for (size_t r = 0; r < matrix->row_count; r++) {
        const struct matrix_cell *before = NULL;

        if (!same_rows_print(matrix, payment, r))
            continue;
        for (size_t c = 0; c < matrix->column_count; c++) {
            const struct matrix_cell *cell = matrix_cell(matrix, payment, r, c);

            if (before && is_same(before, cell))
                continue;
            printf("    %s  ", matrix->columns[c].date);
            print_text(stdout, matrix_cell_words(&arena, cell));
            putchar('\n');
            before = cell;
        }
    }
    arena_release(&arena);
}

static void
heading_print(const struct matrix_payment *payment)
{
    putchar('\n');
    print_text(stdout, payment->name);
    fputs(payment->title[0] ? ": " : "", stdout);
    print_text(stdout, payment->title);
    putchar('\n');
}

static void
begin_print(const struct matrix *matrix)
{
    print_text(stdout, matrix->scenario);
    fputs(" by ", stdout);
    print_text(stdout, matrix->book);
    printf(": %zu payment%s, %zu row%s, %zu date%s\n", matrix->payment_count,
           matrix->payment_count == 1 ? "" : "s", matrix->row_count,
           matrix->row_count == 1 ? "" : "s", matrix->column_count,
           matrix->column_count == 1 ? "" : "s");
}

static void
legend_print(const struct matrix *matrix)
{
    printf("\n%c accept  %c ask  %c hold  %c return  %c reject  %c freeze", //
           symbols[POLICY_ACCEPT], symbols[POLICY_REQUEST_INFORMATION], symbols[POLICY_HOLD],
           symbols[POLICY_RETURN], symbols[POLICY_REJECT], symbols[POLICY_FREEZE]);
    if (matrix->failures)
        printf("  %c a policy failed", FAILED);
    putchar('\n');
    if (matrix->left_out)
        printf("%zu left out: no payment that a gateway takes\n", matrix->left_out);
}

void
matrix_print_table(const struct matrix *matrix, bool reasons)
{
    begin_print(matrix);
    for (size_t i = 0; i < matrix->payment_count; i++) {
        heading_print(&matrix->payments[i]);
        bands_print(matrix, &matrix->payments[i]);
        if (reasons)
            reasons_print(matrix, &matrix->payments[i]);
    }
    legend_print(matrix);
}

/* -- CSV -- */

/* RFC 4180: quoted where a comma or a quotation mark is within. */
static void
field_print(struct arena *arena, const char *text, char end)
{
    struct buffer quoted;

    if (text[strcspn(text, ",\"\r\n")] == '\0') {
        print_text(stdout, text);
    } else {
        buffer_init(&quoted, arena, strlen(text) + LINE_BYTES_FIRST);
        for (const char *at = text; *at; at++)
            buffer_append(&quoted, *at == '"' ? "\"\"" : at, *at == '"' ? 2 : 1);
        putchar('"');
        print_text(stdout, buffer_terminate(&quoted));
        putchar('"');
    }
    putchar(end);
}

static void
cell_csv(const struct matrix *matrix, const struct matrix_payment *payment, size_t row,
         size_t column)
{
    const struct matrix_cell *cell = matrix_cell(matrix, payment, row, column);
    const struct policy_bank *bank = matrix->rows[row].bank;
    struct arena arena = {0};

    field_print(&arena, payment->name, ',');
    field_print(&arena, bank->bank_class, ',');
    field_print(&arena, bank->bic, ',');
    field_print(&arena, matrix->columns[column].date, ',');
    field_print(&arena, pack_action_name(cell->action), ',');
    field_print(&arena, cell->rules, ',');
    field_print(
        &arena,
        arena_printf(&arena, "%s%s%s", cell->code, cell->text[0] ? " " : "", cell->text), '\n');
    arena_release(&arena);
}

void
matrix_print_csv(const struct matrix *matrix)
{
    puts("payment,class,bank,date,action,rules,reason");
    for (size_t i = 0; i < matrix->payment_count; i++)
        for (size_t r = 0; r < matrix->row_count; r++)
            for (size_t c = 0; c < matrix->column_count; c++)
                cell_csv(matrix, &matrix->payments[i], r, c);
}

/* -- JSON -- */

static void
cell_json(struct arena *arena, const struct matrix *matrix,
          const struct matrix_payment *payment, size_t row, size_t column)
{
    const struct matrix_cell *cell = matrix_cell(matrix, payment, row, column);
    const struct policy_bank *bank = matrix->rows[row].bank;
    struct buffer line;

    buffer_init(&line, arena, LINE_BYTES_FIRST);
    json_open(&line, '{');
    json_member(&line, "payment", payment->name);
    json_key(&line, "step");
    json_int(&line, (int64_t)payment->step);
    json_member(&line, "class", bank->bank_class);
    json_member(&line, "bank", bank->bic);
    json_member(&line, "date", matrix->columns[column].date);
    json_member(&line, "regime", matrix->columns[column].regime);
    json_member(&line, "action", pack_action_name(cell->action));
    json_key(&line, "rules");
    json_open(&line, '[');
    for (const char *at = cell->rules; *at; at += strspn(at, " ")) {
        size_t len = strcspn(at, " ");

        json_string_n(&line, at, len);
        at += len;
    }
    json_close(&line, ']');
    json_member_if(&line, "reason_code", cell->code);
    json_member_if(&line, "reason", cell->text);
    json_member_if(&line, "failure", cell->failure);
    json_close(&line, '}');
    puts(buffer_terminate(&line));
}

static void
count_json(struct buffer *line, const char *key, size_t count)
{
    json_key(line, key);
    json_int(line, (int64_t)count);
}

static void
end_json(struct arena *arena, const struct matrix *matrix)
{
    struct buffer line;

    buffer_init(&line, arena, LINE_BYTES_FIRST);
    json_open(&line, '{');
    json_member(&line, "scenario", matrix->scenario);
    json_member(&line, "book", matrix->book);
    json_member(&line, "snapshot", matrix->snapshot);
    count_json(&line, "payments", matrix->payment_count);
    count_json(&line, "rows", matrix->row_count);
    count_json(&line, "dates", matrix->column_count);
    count_json(&line, "left_out", matrix->left_out);
    count_json(&line, "failures", matrix->failures);
    json_close(&line, '}');
    puts(buffer_terminate(&line));
}

void
matrix_print_json(const struct matrix *matrix)
{
    struct arena arena = {0};

    for (size_t i = 0; i < matrix->payment_count; i++)
        for (size_t r = 0; r < matrix->row_count; r++)
            for (size_t c = 0; c < matrix->column_count; c++) {
                cell_json(&arena, matrix, &matrix->payments[i], r, c);
                arena_reset(&arena);
            }
    end_json(&arena, matrix);
    arena_release(&arena);
}
