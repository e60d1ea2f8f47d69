/*
 * lists_score.c - how much two names agree, a line each.
 *
 *     Person<TAB>ASSAD, Bashar<TAB>Bashar al-Assad
 *     0.957
 *
 * With --explain the readings and the words taken for each other stand below the
 * score, indented, and what each was worth.  A line that makes no sense ends the run
 * with its number; what was answered before it stays.
 */
#include <string.h>

#include "clients/lines.h"
#include "clients/lists.h"
#include "gateway/base/arena.h"
#include "policy/screening/score.h"

/* A line in three: *at moves behind the tab. */
static char *
field_take(char **at)
{
    char *field = *at, *tab = field ? strchr(field, '\t') : NULL;

    if (tab)
        *tab++ = '\0';
    *at = tab;
    return field;
}

static int
line_read(const struct lines *lines, char *line, size_t len, enum name_kind *kind,
          const char *names[2], struct error *err)
{
    const char *word = field_take(&line);

    if (len > LINE_BYTES_MAX)
        return error_set(err, ERROR_INVALID, "line %zu: more than %u bytes", lines->line,
                         LINE_BYTES_MAX);
    names[0] = field_take(&line);
    names[1] = field_take(&line);
    if (!names[1] || line)
        return error_set(err, ERROR_INVALID,
                         "line %zu: must be a kind, a name and a name between tabs",
                         lines->line);
    if (!score_kind(word, kind))
        return error_set(err, ERROR_INVALID,
                         "line %zu: \"%.40s\" is none of Person, Company, Organization, "
                         "LegalEntity, Vessel",
                         lines->line, word);
    if (*names[0] == '\0' || *names[1] == '\0')
        return error_set(err, ERROR_INVALID, "line %zu: a name is empty", lines->line);
    return 0;
}

static int
line_answer(struct arena *arena, const struct lines *lines, const char *line, size_t len,
            bool explain, struct error *err)
{
    struct score score;
    const char *names[2];
    enum name_kind kind;

    while (len > 0 && line[len - 1] == '\r')
        len--;
    if (memchr(line, '\0', len))
        return error_set(err, ERROR_INVALID, "line %zu: a NUL byte", lines->line);
    if (line_read(lines, arena_copy(arena, line, len), len, &kind, names, err) != 0)
        return -1;
    score_names(arena, kind, names[0], names[1], &score);
    printf("%.3f\n", (double)score.value);
    if (explain)
        fputs(score_explain(arena, &score), stdout);
    return 0;
}

int
lists_score(const struct options *options)
{
    struct arena arena = {0};
    struct error err = {0};
    struct lines lines;
    const char *line;
    size_t len;
    int got;

    if (lines_open(&lines, options->argument_count > 0 ? options->arguments[0] : "-", &err) !=
        0)
        return command_complain(STATUS_USAGE, &err);
    while ((got = lines_next(&lines, &line, &len, &err)) > 0) {
        if (line_answer(&arena, &lines, line, len, options->values[OPTION_EXPLAIN], &err) != 0)
            break;
        arena_reset(&arena);
        if (!lines_ready(&lines) && fflush(stdout) != 0)
            break; /* nobody reads on: main() says so */
    }
    lines_release(&lines);
    arena_release(&arena);
    return err.code != ERROR_NONE ? command_complain(STATUS_USAGE, &err) : STATUS_DONE;
}
