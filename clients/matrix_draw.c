/*
 * matrix_draw.c - the picture from top to bottom, then the page around it.
 *
 *     title
 *     legend
 *     payment      2023   2024            one block each
 *                 12-01  03-20
 *     joint_stock [accept][return]
 */
#include "clients/matrix_draw.h"

#include <string.h>

#include "clients/markup.h"

/* In pixels. */
#define MARGIN       16
#define CELL_WIDTH   50
#define CELL_HEIGHT  22
#define LINE_HEIGHT  18
#define TITLE_SIZE   16
#define LEGEND_STEP  74
#define LETTER       7 /* of a label, about */
#define BOLD_LETTER  8 /* of a heading */
#define TITLE_LETTER 9
#define BASELINE     15 /* of a text in a cell */

#define YEAR_LENGTH 4
#define DAY_AT      5 /* "03-20" of "2024-03-20" */
#define DATE_LENGTH 10
#define HOUR_AT     11 /* "12:00" of "2024-04-15T12:00:00+08:00" */
#define PART_LENGTH 5  /* of a day or an hour */

/* The words and colours of cells: they differ in lightness too, for eyes and printers that see
 * no hues. */
enum look {
    LOOK_ACCEPT,
    LOOK_ASK,
    LOOK_HOLD,
    LOOK_RETURN,
    LOOK_REJECT,
    LOOK_FREEZE,
    LOOK_FAILED,
    LOOK_COUNT
};

static const struct {
    const char *word, *fill, *ink;
} looks[LOOK_COUNT] = {
    [LOOK_ACCEPT] = {"accept", "#edf5ea", "#37563a"},
    [LOOK_ASK] = {"ask", "#f8e58c", "#1a1a1a"},
    [LOOK_HOLD] = {"hold", "#efa63a", "#1a1a1a"},
    [LOOK_RETURN] = {"return", "#7fb6e0", "#1a1a1a"},
    [LOOK_REJECT] = {"reject", "#b93a26", "#ffffff"},
    [LOOK_FREEZE] = {"freeze", "#33225c", "#ffffff"},
    [LOOK_FAILED] = {"failed", "#ffffff", "#b00020"},
};

static enum look
look_of(const struct matrix_cell *cell)
{
    static const enum look of_action[] = {
        [POLICY_ACCEPT] = LOOK_ACCEPT, [POLICY_REQUEST_INFORMATION] = LOOK_ASK,
        [POLICY_HOLD] = LOOK_HOLD,     [POLICY_RETURN] = LOOK_RETURN,
        [POLICY_REJECT] = LOOK_REJECT, [POLICY_FREEZE] = LOOK_FREEZE,
    };

    return cell->failure[0] ? LOOK_FAILED : of_action[cell->action];
}

/* -- sizes -- */

/* How many Latin letters are about as wide. */
static size_t
letters(const char *text)
{
    size_t count = 0;

    for (; *text; text++)
        if (((unsigned char)*text & 0xc0) != 0x80)
            count += (unsigned char)*text >= 0xe3 ? 2 : 1; /* from there on mostly Han */
    return count;
}

struct layout {
    size_t label_width;
    size_t date_lines; /* year, day, and where one column needs it the hour */
    size_t block_height;
    size_t width, height;
};

static size_t
larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

static const char *
heading_of(struct arena *arena, const struct matrix_payment *payment)
{
    return arena_printf(arena, "%s%s%s", payment->name, payment->title[0] ? ": " : "",
                        payment->title);
}

static const char *
title_of(struct arena *arena, const struct matrix *matrix)
{
    return arena_printf(arena, "%s by %s", matrix->scenario, matrix->book);
}

static struct layout
layout_of(struct arena *arena, const struct matrix *matrix)
{
    struct layout layout = {.date_lines = 2};
    size_t inner = LOOK_COUNT * LEGEND_STEP;

    for (size_t r = 0; r < matrix->row_count; r++)
        layout.label_width =
            larger(layout.label_width, letters(matrix->rows[r].label) * LETTER);
    layout.label_width += MARGIN;
    for (size_t c = 0; c < matrix->column_count; c++)
        if (strlen(matrix->columns[c].date) > DATE_LENGTH)
            layout.date_lines = 3;
    inner = larger(inner, layout.label_width + matrix->column_count * CELL_WIDTH);
    inner = larger(inner, letters(title_of(arena, matrix)) * TITLE_LETTER);
    for (size_t i = 0; i < matrix->payment_count; i++)
        inner = larger(inner, letters(heading_of(arena, &matrix->payments[i])) * BOLD_LETTER);
    layout.block_height =
        (2 + layout.date_lines) * LINE_HEIGHT + matrix->row_count * CELL_HEIGHT;
    layout.width = inner + 2 * MARGIN;
    layout.height = 2 * MARGIN + 3 * LINE_HEIGHT + matrix->payment_count * layout.block_height;
    return layout;
}

/* -- the picture -- */

/* An element of text; style is more attributes. */
static void
text_at(struct buffer *out, size_t x, size_t y, const char *style, const char *text)
{
    buffer_printf(out, "<text x=\"%zu\" y=\"%zu\"%s>", x, y, style);
    markup_text(out, text);
    buffer_text(out, "</text>\n");
}

static void
part_at(struct buffer *out, size_t x, size_t y, const char *text, size_t len)
{
    buffer_printf(out, "<text x=\"%zu\" y=\"%zu\" class=\"d\">%.*s</text>\n", x, y, (int)len,
                  text);
}

/* A box with a word in it, and what shows while the pointer rests on it, or NULL. */
static void
box_at(struct buffer *out, size_t x, size_t y, enum look look, const char *hint)
{
    buffer_text(out, "<g>");
    if (hint) {
        buffer_text(out, "<title>");
        markup_text(out, hint);
        buffer_text(out, "</title>");
    }
    buffer_printf(out,
                  "<rect x=\"%zu\" y=\"%zu\" width=\"%d\" height=\"%d\" fill=\"%s\" "
                  "stroke=\"%s\"%s/>"
                  "<text x=\"%zu\" y=\"%zu\" class=\"c\" fill=\"%s\">%s</text></g>\n",
                  x, y, CELL_WIDTH - 2, CELL_HEIGHT - 2, looks[look].fill, looks[look].ink,
                  look == LOOK_FAILED ? " stroke-dasharray=\"3 2\""
                                      : " stroke-opacity=\"0.25\"",
                  x + CELL_WIDTH / 2 - 1, y + BASELINE - 1, looks[look].ink, looks[look].word);
}

/* The year stands where it begins. */
static void
dates_draw(struct buffer *out, const struct matrix *matrix, const struct layout *layout,
           size_t y)
{
    for (size_t c = 0; c < matrix->column_count; c++) {
        const char *date = matrix->columns[c].date;
        size_t x = MARGIN + layout->label_width + c * CELL_WIDTH + CELL_WIDTH / 2 - 1;

        if (c == 0 || strncmp(matrix->columns[c - 1].date, date, YEAR_LENGTH) != 0)
            part_at(out, x, y, date, YEAR_LENGTH);
        part_at(out, x, y + LINE_HEIGHT, date + DAY_AT, PART_LENGTH);
        if (strlen(date) > DATE_LENGTH)
            part_at(out, x, y + 2 * LINE_HEIGHT, date + HOUR_AT, PART_LENGTH);
    }
}

static void
row_draw(struct buffer *out, const struct matrix *matrix, const struct layout *layout,
         const struct matrix_payment *payment, size_t row, size_t y)
{
    const struct matrix_row *of = &matrix->rows[row];
    struct arena arena = {0};

    text_at(out, MARGIN, y + BASELINE - 1, "", of->label);
    for (size_t c = 0; c < matrix->column_count; c++) {
        const struct matrix_cell *cell = matrix_cell(matrix, payment, row, c);

        box_at(out, MARGIN + layout->label_width + c * CELL_WIDTH, y, look_of(cell),
               arena_printf(&arena, "%s %s, %s: %s", of->bank->bank_class, of->bank->bic,
                            matrix->columns[c].date, matrix_cell_words(&arena, cell)));
    }
    arena_release(&arena);
}

static void
block_draw(struct buffer *out, const struct matrix *matrix, const struct layout *layout,
           const struct matrix_payment *payment, size_t y)
{
    struct arena arena = {0};

    y += 2 * LINE_HEIGHT - 4;
    text_at(out, MARGIN, y, " class=\"h\"", heading_of(&arena, payment));
    dates_draw(out, matrix, layout, y + LINE_HEIGHT);
    y += layout->date_lines * LINE_HEIGHT + 6;
    for (size_t r = 0; r < matrix->row_count; r++)
        row_draw(out, matrix, layout, payment, r, y + r * CELL_HEIGHT);
    arena_release(&arena);
}

static void
legend_draw(struct buffer *out, const struct matrix *matrix, size_t y)
{
    size_t count = matrix->failures ? LOOK_COUNT : LOOK_FAILED;

    for (size_t i = 0; i < count; i++)
        box_at(out, MARGIN + i * LEGEND_STEP, y, (enum look)i, NULL);
}

static void
picture(struct buffer *out, const struct matrix *matrix)
{
    struct arena arena = {0};
    struct layout layout = layout_of(&arena, matrix);
    size_t y = MARGIN + TITLE_SIZE;

    buffer_printf(out,
                  "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" width=\"%zu\" "
                  "height=\"%zu\" viewBox=\"0 0 %zu %zu\" font-family=\"sans-serif\" "
                  "font-size=\"12\" fill=\"#1a1a1a\">\n<title>",
                  layout.width, layout.height, layout.width, layout.height);
    markup_text(out, title_of(&arena, matrix));
    buffer_printf(out,
                  "</title>\n<style>.h{font-weight:bold}.t{font-size:%dpx;font-weight:bold}"
                  ".c{font-size:11px;text-anchor:middle}"
                  ".d{font-size:11px;text-anchor:middle;fill:#555}</style>\n"
                  "<rect width=\"%zu\" height=\"%zu\" fill=\"#ffffff\"/>\n",
                  TITLE_SIZE, layout.width, layout.height);
    text_at(out, MARGIN, y, " class=\"t\"", title_of(&arena, matrix));
    legend_draw(out, matrix, y + LINE_HEIGHT / 2);
    y += 2 * LINE_HEIGHT;
    for (size_t i = 0; i < matrix->payment_count; i++)
        block_draw(out, matrix, &layout, &matrix->payments[i], y + i * layout.block_height);
    buffer_text(out, "</svg>\n");
    arena_release(&arena);
}

void
matrix_svg(struct buffer *out, const struct matrix *matrix)
{
    buffer_text(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    picture(out, matrix);
}

/* -- the page -- */

static void
element(struct buffer *out, const char *name, const char *text)
{
    buffer_printf(out, "<%s>", name);
    markup_text(out, text);
    buffer_printf(out, "</%s>\n", name);
}

static void
cell_page(struct buffer *out, const struct matrix_cell *cell)
{
    enum look look = look_of(cell);

    buffer_printf(out, "<td style=\"background:%s;color:%s\">%s", looks[look].fill,
                  looks[look].ink, looks[look].word);
    if (cell->rules[0] || cell->failure[0]) {
        buffer_text(out, "<br/><small>");
        markup_text(out, cell->failure[0] ? cell->failure : cell->rules);
        buffer_text(out, "</small>");
    }
    buffer_text(out, "</td>\n");
}

static void
table_page(struct buffer *out, const struct matrix *matrix,
           const struct matrix_payment *payment)
{
    struct arena arena = {0};

    element(out, "h2", heading_of(&arena, payment));
    buffer_text(out, "<table>\n<tr><td></td>\n");
    for (size_t c = 0; c < matrix->column_count; c++)
        element(out, "th", matrix->columns[c].date);
    buffer_text(out, "</tr>\n");
    for (size_t r = 0; r < matrix->row_count; r++) {
        buffer_text(out, "<tr>");
        element(out, "th", matrix->rows[r].label);
        for (size_t c = 0; c < matrix->column_count; c++)
            cell_page(out, matrix_cell(matrix, payment, r, c));
        buffer_text(out, "</tr>\n");
    }
    buffer_text(out, "</table>\n");
    arena_release(&arena);
}

void
matrix_html(struct buffer *out, const struct matrix *matrix)
{
    struct arena arena = {0};

    buffer_text(out,
                "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n");
    element(out, "title", title_of(&arena, matrix));
    buffer_text(out, "<style>body{font-family:sans-serif;margin:2em;color:#1a1a1a}"
                     "figure{margin:0;overflow-x:auto}"
                     "table{border-collapse:collapse;font-size:smaller}"
                     "th,td{border:1px solid #ccc;padding:.2em .5em;text-align:left;"
                     "vertical-align:top}</style>\n</head>\n<body>\n");
    element(out, "h1", title_of(&arena, matrix));
    buffer_text(out, "<p>Fictional banks and parties: a simulation. Snapshot ");
    markup_text(out, matrix->snapshot);
    buffer_text(out, "</p>\n");
    if (matrix->left_out)
        buffer_printf(out, "<p>%zu left out: no payment that a gateway takes</p>\n",
                      matrix->left_out);
    buffer_text(out, "<figure>\n");
    picture(out, matrix);
    buffer_text(out, "</figure>\n");
    for (size_t i = 0; i < matrix->payment_count; i++)
        table_page(out, matrix, &matrix->payments[i]);
    buffer_text(out, "</body>\n</html>\n");
    arena_release(&arena);
}
