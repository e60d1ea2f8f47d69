/*
 * policy_matrix.c - what a book does to the payments of a scenario, bank by bank, date by date.
 *
 * The book is loaded whole, as a gateway loads it: packs, their tests, plugins.
 * No gateway runs; the scenario's clock and expectations are not looked at.
 */
#include <errno.h>
#include <string.h>

#include "clients/input.h"
#include "clients/matrix.h"
#include "clients/matrix_draw.h"
#include "clients/matrix_print.h"
#include "clients/place.h"
#include "clients/policy.h"
#include "clients/policy_lists.h"
#include "clients/policy_pack.h"
#include "gateway/base/buffer.h"

#define BOOK_DEFAULT     "china-2024"
#define FILE_BYTES_FIRST 65536

struct drawing {
    struct arena arena;
    struct scenario scenario;
    struct listings *listings;
    struct snapshot *snapshot;
    struct matrix matrix;
};

/* -- reading -- */

static int
scenario_open(struct drawing *drawing, const char *file, struct error *err)
{
    char *text;
    size_t len;

    if (!file)
        return error_set(err, ERROR_INVALID, "policy matrix needs --scenario FILE");
    if (input_read(&drawing->arena, file, &text, &len, err) != 0)
        return -1;
    return scenario_read(&drawing->arena, file, text, len, &drawing->scenario, err);
}

/* That of --book, else the scenario's, else the shipped one. */
static int
book_find(struct drawing *drawing, const struct options *options, const char **path,
          struct error *err)
{
    const char *given = options->values[OPTION_BOOK];
    const char *named = drawing->scenario.book;

    if (given)
        return place_of_own_book(&drawing->arena, given, path, err);
    return place_of_book(&drawing->arena, named[0] ? named : BOOK_DEFAULT,
                         options->values[OPTION_SCENARIO], place_of_program(&drawing->arena),
                         path, err);
}

static int
snapshot_open(struct drawing *drawing, const struct options *options, struct error *err)
{
    struct snapshot_sources sources;

    if (policy_sources_of_books(&drawing->arena, options->values[OPTION_PACKS], &sources,
                                err) != 0 ||
        book_find(drawing, options, &sources.book, err) != 0 ||
        policy_lists_open(&drawing->arena, options, &drawing->listings, err) != 0)
        return -1;
    sources.listings = drawing->listings;
    return snapshot_load(&sources, &drawing->snapshot, err);
}

/* -- writing -- */

static int
file_write(struct drawing *drawing, enum option option, const char *path,
           void (*draw)(struct buffer *out, const struct matrix *matrix), struct error *err)
{
    struct buffer out;
    FILE *file;
    bool saved;

    if (!path)
        return 0;
    buffer_init(&out, &drawing->arena, FILE_BYTES_FIRST);
    draw(&out, &drawing->matrix);
    file = fopen(path, "w");
    saved = file && fwrite(out.data, 1, out.len, file) == out.len;
    if (!file || fclose(file) != 0 || !saved)
        return error_set(err, ERROR_INVALID, "--%s %s: %s", option_name(option), path,
                         strerror(errno));
    return 0;
}

static void
matrix_print(const struct matrix *matrix, const struct options *options)
{
    if (options->values[OPTION_JSON]) {
        matrix_print_json(matrix);
    } else if (options->values[OPTION_CSV]) {
        matrix_print_csv(matrix);
        fflush(stdout);
        if (matrix->left_out) /* a line of CSV is a decision */
            fprintf(stderr, "yuanctl: %zu left out: no payment that a gateway takes\n",
                    matrix->left_out);
    } else {
        matrix_print_table(matrix, options->values[OPTION_REASONS] != NULL);
    }
}

static int
matrix_run(struct drawing *drawing, const struct options *options, struct error *err)
{
    const struct matrix_wishes wishes = {options->values[OPTION_BANKS] != NULL,
                                         options->values[OPTION_MONTHS] != NULL};

    if (options->values[OPTION_JSON] && options->values[OPTION_CSV])
        return error_set(err, ERROR_INVALID, "--json and --csv: one of them is printed");
    if (scenario_open(drawing, options->values[OPTION_SCENARIO], err) != 0 ||
        snapshot_open(drawing, options, err) != 0 ||
        matrix_judge(&drawing->arena, drawing->snapshot, &drawing->scenario, wishes,
                     &drawing->matrix, err) != 0 ||
        file_write(drawing, OPTION_SVG, options->values[OPTION_SVG], matrix_svg, err) != 0 ||
        file_write(drawing, OPTION_HTML, options->values[OPTION_HTML], matrix_html, err) != 0)
        return -1;
    matrix_print(&drawing->matrix, options);
    return 0;
}

int
policy_matrix(const struct options *options)
{
    struct drawing drawing = {.snapshot = NULL};
    struct error err = {0};
    int status = STATUS_DONE;

    if (matrix_run(&drawing, options, &err) != 0)
        status = command_complain(STATUS_USAGE, &err);
    else if (drawing.matrix.failures > 0)
        status = STATUS_UNEXPECTED;
    snapshot_free(drawing.snapshot);
    listings_free(drawing.listings);
    arena_release(&drawing.arena);
    return status;
}
