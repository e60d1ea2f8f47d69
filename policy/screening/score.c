/* score.c - a pair of names, scored and explained. */
#include "policy/screening/score.h"

#include <string.h>

#include "gateway/base/buffer.h"

static const struct {
    const char *word;
    enum name_kind kind;
} kinds[] = {
    {"Person", NAME_PERSON},       {"Company", NAME_COMPANY}, {"Organization", NAME_COMPANY},
    {"LegalEntity", NAME_COMPANY}, {"Vessel", NAME_VESSEL},
};

bool
score_kind(const char *word, enum name_kind *kind)
{
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (strcmp(kinds[i].word, word) == 0) {
            *kind = kinds[i].kind;
            return true;
        }
    return false;
}

void
score_names(struct arena *arena, enum name_kind kind, const char *a, const char *b,
            struct score *score)
{
    name_read(arena, a, kind, &score->a);
    name_read(arena, b, kind, &score->b);
    compare(&score->a, &score->b, &score->how);
    score->value = score->how.score;
}

/* -- explaining -- */

static void
words_print(struct buffer *out, const struct reading *reading, size_t first, size_t count)
{
    for (size_t i = first; i < first + count; i++) {
        buffer_text(out, i > first ? " " : "");
        buffer_append(out, reading->words[i].text, reading->words[i].len);
    }
}

const char *
score_explain(struct arena *arena, const struct score *score)
{
    const struct comparison *how = &score->how;
    const struct reading *a = &score->a.readings[how->reading_a];
    const struct reading *b = &score->b.readings[how->reading_b];
    struct buffer out;

    buffer_init(&out, arena, 512);
    if (score->a.reading_count == 0 || score->b.reading_count == 0) {
        buffer_text(&out, "  a name without a letter\n");
        return buffer_terminate(&out);
    }
    buffer_printf(&out, "  a  %s\n", reading_print(arena, a));
    buffer_printf(&out, "  b  %s\n", reading_print(arena, b));
    for (size_t i = 0; i < how->pair_count; i++) {
        const struct agreement *pair = &how->pairs[i];

        buffer_text(&out, "     ");
        words_print(&out, a, pair->a, pair->a_count);
        buffer_text(&out, " = ");
        words_print(&out, b, pair->b, pair->b_count);
        buffer_printf(&out, "  %.2f  %.1f bits\n", (double)pair->agree, (double)pair->bits);
    }
    buffer_printf(&out, "  agreed %.1f bits, missing %.1f of a, %.1f of b\n",
                  (double)how->evidence, (double)how->missing_a, (double)how->missing_b);
    return buffer_terminate(&out);
}
