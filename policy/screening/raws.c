/* raws.c - one pass that cuts, one that joins what was Han. */
#include "policy/screening/raws.h"

#include <string.h>

#include "policy/screening/fold.h"

#define WORD_BYTES_MAX 255

/* -- cutting -- */

/* The end of "l.l.c." at text, whose dots stand between single letters; NULL: it is none. */
static const char *
dotted_end(const char *text, const char *end)
{
    const char *at = text;
    size_t letters = 0;

    while (at + 1 < end && is_letter(at[0]) && at[1] == '.') {
        at += 2;
        letters++;
    }
    if (letters > 0 && at < end && is_letter(*at) && (at + 1 == end || !is_letter(at[1]))) {
        at++; /* "s.p.a": the last dot is left out */
        letters++;
    }
    return letters > 1 ? at : NULL;
}

static void
raw_append(struct raws *raws, const char *text, size_t len, int han)
{
    if (raws->count < RAW_WORDS_MAX && len > 0 && len <= WORD_BYTES_MAX)
        raws->at[raws->count++] =
            (struct raw){.text = text, .len = len, .han = han, .loose = han != 0};
}

/* A dotted abbreviation without its dots. */
static void
dotted_append(struct arena *arena, struct raws *raws, const char *text, const char *end)
{
    char *joined = arena_alloc(arena, (size_t)(end - text) + 1);
    size_t len = 0;

    for (; text < end; text++)
        if (*text != '.')
            joined[len++] = *text;
    joined[len] = '\0';
    raw_append(raws, joined, len, 0);
}

/* The letters and digits from text to end as words; letters and digits part each other. */
static void
cut(struct arena *arena, const char *text, const char *end, bool join_dotted, struct raws *raws)
{
    int han = 0;
    bool abjad = false;

    while (text < end) {
        const char *begin = text, *dotted = join_dotted ? dotted_end(text, end) : NULL;

        if (dotted) {
            dotted_append(arena, raws, text, dotted);
            text = dotted;
            continue;
        }
        while (text < end && is_letter(*text))
            text++;
        if (text == begin)
            while (text < end && is_digit(*text))
                text++;
        raw_append(raws, begin, (size_t)(text - begin), han);
        if (text > begin) {
            raws->at[raws->count - 1].abjad = abjad;
            continue;
        }
        if (*text == FOLD_HAN_BEGIN)
            han = ++raws->runs;
        else if (*text == FOLD_HAN_END)
            han = 0;
        else if (*text == FOLD_ABJAD)
            abjad = !abjad;
        text++;
    }
}

/* -- Han: syllables into words -- */

/* The syllables from first on joined; *len of them in bytes. */
char *
raws_join(struct arena *arena, const struct raw *first, size_t count, size_t *len)
{
    char *joined = arena_alloc(arena, count * 8 + JOINED_BYTES_MAX + 1);

    *len = 0;
    for (size_t i = 0; i < count && *len + first[i].len <= JOINED_BYTES_MAX; i++) {
        memcpy(joined + *len, first[i].text, first[i].len);
        *len += first[i].len;
    }
    joined[*len] = '\0';
    return joined;
}

/* How many of count syllables, those at the end, are one word of the table; 0: none. */
static size_t
han_known(struct arena *arena, const struct raw *first, size_t count)
{
    for (size_t n = count < WORD_JOINED_MAX ? count : WORD_JOINED_MAX; n >= 2; n--) {
        size_t len;
        char *joined = raws_join(arena, first + count - n, n, &len);

        if (word_find(joined, len, false))
            return n;
    }
    return 0;
}

bool
raw_is(const struct raw *raw, const char *text)
{
    return strlen(text) == raw->len && memcmp(raw->text, text, raw->len) == 0;
}

static void
han_append(struct arena *arena, const struct raw *first, size_t count, bool known,
           struct raws *out)
{
    size_t len;
    char *joined = raws_join(arena, first, count, &len);

    raw_append(out, joined, len, 1);
    if (known && out->count > 0)
        out->at[out->count - 1].han = 0; /* it has a meaning */
}

/*
 * A run of count syllables at first, as words into out.  What a company does stands at
 * the end, so words of the table are looked for from there.
 */
static void
han_words(struct arena *arena, const struct raw *first, size_t count, struct raws *out)
{
    uint8_t known[RAW_WORDS_MAX] = {0}; /* of those that begin at each: how many */

    for (size_t end = count; end > 0;) {
        size_t n = han_known(arena, first, end);

        if (n > 0)
            known[end - n] = (uint8_t)n;
        end -= n ? n : 1;
    }
    for (size_t i = 0, n; i < count; i += n) {
        n = known[i] ? known[i] : 1;
        while (!known[i] && i + n < count && !known[i + n])
            n++;
        if (!known[i] && i > 0 && raw_is(&first[i], "shi")) { /* of the city before it */
            i++;
            n--;
        }
        if (n > 0)
            han_append(arena, first + i, n, known[i] > 0, out);
    }
}

/* A person's: the family name is the first syllable, if all stands together. */
static void
han_person(struct arena *arena, const struct raw *first, size_t count, bool alone,
           struct raws *out)
{
    size_t family = alone && count > 1 ? 1 : 0, len;
    char *joined;

    if (family)
        raw_append(out, first->text, first->len, 1);
    joined = raws_join(arena, first + family, count - family, &len);
    raw_append(out, joined, len, 1);
}

static void
han_join(struct arena *arena, enum name_kind kind, struct raws *raws)
{
    struct raws out = {0};

    if (raws->runs == 0)
        return;
    for (size_t i = 0, n; i < raws->count; i += n) {
        for (n = 1;
             raws->at[i].han && i + n < raws->count && raws->at[i + n].han == raws->at[i].han;)
            n++;
        if (!raws->at[i].han)
            out.at[out.count++] = raws->at[i];
        else if (kind == NAME_PERSON)
            han_person(arena, &raws->at[i], n, raws->runs == 1, &out);
        else
            han_words(arena, &raws->at[i], n, &out);
    }
    *raws = out;
}

void
raws_cut(struct arena *arena, const char *text, size_t len, enum name_kind kind,
         struct raws *raws)
{
    *raws = (struct raws){0};
    cut(arena, text, text + len, kind != NAME_PERSON, raws);
    han_join(arena, kind, raws);
}
