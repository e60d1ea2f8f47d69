/* name.c - from words to readings: joined by meaning, weighed. */
#include "policy/screening/name.h"

#include <string.h>

#include "gateway/base/buffer.h"
#include "policy/screening/affix.h"
#include "policy/screening/fold.h"
#include "policy/screening/raws.h"

#define PATRONYMIC_MIN 7 /* letters */
#define FORM_GLUED_MIN 4 /* letters that a name must have beside a form glued to it */
#define STEM_MIN       4
#define SURE_PERSON    0.9f /* of what pinyin tells */
#define SURE_PLACE     0.95f
#define SURE_GENERIC   0.9f
#define SURE_NAME      0.78f
#define NUMBER_BITS    6
#define BITS_LEAST     0.5f /* so that a name of such words alone is itself */
#define INITIAL_BITS   3

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* What one unmatched word counts, of its bits. */
static const float miss_of[] = {
    [WORD_NAME] = 1,        [WORD_FORM] = 0.3f,  [WORD_GENERIC] = 0.45f,   [WORD_PLACE] = 0.5f,
    [WORD_PARTICLE] = 0.3f, [WORD_TITLE] = 0.3f, [WORD_PATRONYMIC] = 0.4f, [WORD_NUMBER] = 2,
    [WORD_INITIAL] = 0.3f,  [WORD_STOP] = 0,
};

/* -- words -- */

/* II, III, IV … as the last word of a ship's name or a company's. */
static bool
is_roman(const char *text, size_t len)
{
    return len > 1 && strspn(text, "ivx") >= len;
}

static bool
is_patronymic(const char *text, size_t len)
{
    static const struct affix ends[] = {
        AFFIX("ovich"), AFFIX("evich"), AFFIX("avich"), AFFIX("ivich"), AFFIX("ovych"),
        AFFIX("evych"), AFFIX("ovic"),  AFFIX("evic"),  AFFIX("itsch"), AFFIX("ovna"),
        AFFIX("evna"),  AFFIX("ivna"),  AFFIX("ichna"), AFFIX("euna"),  AFFIX("auna"),
        AFFIX("ouna"),  AFFIX("owna"),  AFFIX("ewna"),
    };

    return len >= PATRONYMIC_MIN && affix_behind(ends, COUNT_OF(ends), text, len) > 0;
}

/* The length of a company's word without what makes a place an adjective: Samarskii. */
static size_t
stem(const char *text, size_t len)
{
    static const struct affix ends[] = {
        AFFIX("skogo"), AFFIX("skaia"), AFFIX("skaya"), AFFIX("skoye"), AFFIX("skoi"),
        AFFIX("skoy"),  AFFIX("skoe"),  AFFIX("skii"),  AFFIX("skiy"),  AFFIX("skie"),
        AFFIX("sky"),   AFFIX("ski"),   AFFIX("sk"),
    };
    size_t n = affix_behind(ends, COUNT_OF(ends), text, len);

    return len >= n + STEM_MIN ? len - n : len;
}

static void
word_weigh(struct word *word, const struct word_meaning *meaning, enum name_kind kind)
{
    if (meaning && meaning->is == WORD_NAME) {
        word->is = is_patronymic(word->text, word->len) ? WORD_PATRONYMIC : WORD_NAME;
        word->concept = meaning->concept;
        word->bits = word_rarity(word->text, &word->key, word->len, kind == NAME_PERSON);
    } else if (meaning) {
        word->is = meaning->is;
        word->concept = meaning->concept;
        word->bits = meaning->bits > BITS_LEAST ? meaning->bits : BITS_LEAST;
    } else if (is_digit(*word->text) ||
               (kind != NAME_PERSON && is_roman(word->text, word->len))) {
        word->is = WORD_NUMBER;
        word->bits = NUMBER_BITS;
    } else if (word->len == 1) {
        word->is = WORD_INITIAL;
        word->bits = INITIAL_BITS;
    } else {
        word->is = kind == NAME_PERSON && is_patronymic(word->text, word->len) ? WORD_PATRONYMIC
                                                                               : WORD_NAME;
        word->bits = word_rarity(word->text, &word->key, word->len, kind == NAME_PERSON);
    }
    word->miss = word->bits * miss_of[word->is];
}

/* How far pinyin tells which name it was. */
static float
sureness(const struct word *word, enum name_kind kind)
{
    if (kind == NAME_PERSON)
        return SURE_PERSON;
    return word->is == WORD_PLACE     ? SURE_PLACE
           : word->is == WORD_GENERIC ? SURE_GENERIC
                                      : SURE_NAME;
}

static void
word_append(struct reading *reading, const struct raw *raw, const struct key *key,
            const struct word_meaning *meaning, enum name_kind kind)
{
    struct word *word = &reading->words[reading->count];
    size_t len = kind == NAME_COMPANY && !meaning ? stem(raw->text, raw->len) : raw->len;

    if (reading->count == NAME_WORDS_MAX)
        return;
    *word = (struct word){
        .text = raw->text, .len = (uint8_t)raw->len, .sure = 1, .abjad = raw->abjad};
    if (key && len == raw->len)
        word->key = *key;
    else
        key_make(raw->text, len, &word->key);
    word_weigh(word, meaning, kind);
    if (raw->loose)
        word->sure = sureness(word, kind);
    reading->count++;
}

/* How many single letters stand from first on. */
static size_t
letters_count(const struct raw *first, size_t left)
{
    size_t n = 0;

    while (n < left && first[n].len == 1 && is_letter(*first[n].text))
        n++;
    return n;
}

/* How many words from first on have one meaning together, and which; key: of the first. */
static size_t
meaning_find(const struct raw *first, size_t left, const struct key *key, bool of_person,
             const struct word_meaning **meaning)
{
    char joined[JOINED_BYTES_MAX + 1];
    size_t ends[WORD_JOINED_MAX], n = 0, len = 0;

    *meaning = NULL;
    while (n < left && n < WORD_JOINED_MAX && !first[n].han &&
           len + first[n].len <= JOINED_BYTES_MAX) {
        memcpy(joined + len, first[n].text, first[n].len);
        len += first[n].len;
        ends[n++] = len;
        if (len >= 3 && word_longest(joined) < len)
            break;
    }
    for (; n > 0; n--)
        if ((*meaning = word_find_keyed(joined, ends[n - 1], n == 1 ? key : NULL, of_person)))
            return n;
    return 1;
}

/* "jscargument": a form that no word begins or ends with; the name is left in *raw. */
static const struct word_meaning *
form_unglue(struct raw *raw)
{
    static const struct affix before[] = {AFFIX("pjsc"), AFFIX("ojsc"), AFFIX("cjsc"),
                                          AFFIX("jsc"),  AFFIX("ooo"),  AFFIX("llc")};
    static const struct affix behind[] = {AFFIX("jsc"),  AFFIX("llc"), AFFIX("ltd"),
                                          AFFIX("gmbh"), AFFIX("ooo"), AFFIX("fze"),
                                          AFFIX("dmcc")};
    size_t n = affix_before(before, COUNT_OF(before), raw->text, raw->len);

    if (n > 0 && raw->len >= n + FORM_GLUED_MIN) {
        raw->text += n;
        raw->len -= n;
        return word_find(raw->text - n, n, false);
    }
    n = affix_behind(behind, COUNT_OF(behind), raw->text, raw->len);
    if (n > 0 && raw->len >= n + FORM_GLUED_MIN) {
        raw->len -= n;
        return word_find(raw->text + raw->len, n, false);
    }
    return NULL;
}

/* The words that an abbreviation stands for. */
static void
expansion_append(struct reading *reading, const char *text, enum name_kind kind)
{
    for (size_t len; *text; text += len + (text[len] == ' ')) {
        struct raw raw = {.text = text, .len = strcspn(text, " ")};
        const struct word_meaning *meaning = word_find(text, raw.len, false);

        len = raw.len;
        if (!meaning || meaning->is != WORD_FORM)
            word_append(reading, &raw, NULL, meaning, kind);
    }
}

static bool
is_ordinal_end(const struct raws *raws, size_t i)
{
    const struct raw *raw = &raws->at[i], *before = raw - 1;

    return i > 0 && is_digit(*before->text) && before->text + before->len == raw->text &&
           (raw_is(raw, "th") || raw_is(raw, "st") || raw_is(raw, "nd") || raw_is(raw, "rd"));
}

/* Forms go into a mask unless nothing else would be left; words that say nothing go. */
static void
words_take(struct arena *arena, const struct raws *raws, enum name_kind kind, bool keep_all,
           struct reading *reading)
{
    bool of_person = kind == NAME_PERSON;

    for (size_t i = 0, n, letters; i < raws->count; i += n) {
        const struct word_meaning *meaning, *form = NULL;
        struct raw raw = raws->at[i];
        struct key key;

        key_make(raw.text, raw.len, &key);
        n = meaning_find(&raws->at[i], raws->count - i, &key, of_person, &meaning);
        letters = of_person ? 0 : letters_count(&raws->at[i], raws->count - i);
        if (letters > n) {
            n = letters;
            meaning = NULL;
        }
        if (n > 1)
            raw.text = raws_join(arena, &raws->at[i], n, &raw.len);
        if (!meaning && !of_person)
            form = form_unglue(&raw);
        if (meaning && meaning->is == WORD_FORM)
            form = meaning;
        if (form)
            reading->forms |= 1ull << (form->concept & 63);
        if (meaning && meaning->is == WORD_SHORT) {
            expansion_append(reading, meaning->stands_for, kind);
            continue;
        }
        if ((meaning && (meaning->is == WORD_STOP || meaning->is == WORD_FORM) && !keep_all) ||
            is_ordinal_end(raws, i))
            continue;
        word_append(reading, &raw, n == 1 && !form ? &key : NULL, meaning, kind);
    }
}

/* Its words, as many as they are, on the arena. */
static void
reading_keep(struct arena *arena, struct reading *reading)
{
    size_t bytes = reading->count * sizeof(*reading->words);

    reading->words = memcpy(arena_alloc(arena, bytes), reading->words, bytes);
}

static void
reading_make(struct arena *arena, struct raws *raws, enum name_kind kind, struct name *name)
{
    struct reading *reading = &name->readings[name->reading_count];
    struct word words[NAME_WORDS_MAX];

    if (raws->count == 0 || name->reading_count == NAME_READINGS_MAX)
        return;
    *reading = (struct reading){.words = words};
    words_take(arena, raws, kind, false, reading);
    if (reading->count == 0)
        words_take(arena, raws, kind, true, reading);
    if (kind == NAME_PERSON && reading->count < 3) /* then it is the family name */
        for (size_t i = 0; i < reading->count; i++)
            if (reading->words[i].is == WORD_PATRONYMIC) {
                reading->words[i].is = WORD_NAME;
                reading->words[i].miss = reading->words[i].bits;
            }
    for (size_t i = 0; i < reading->count; i++)
        reading->miss += reading->words[i].miss;
    reading_keep(arena, reading);
    if (reading->count > 0)
        name->reading_count++;
}

/* -- readings -- */

/* Text with what stands in brackets blanked, or what stands outside. */
static char *
blanked(struct arena *arena, const char *text, size_t len, bool inside)
{
    char *copy = arena_copy(arena, text, len);
    int depth = 0;

    for (size_t i = 0; i < len; i++) {
        depth += text[i] == '(';
        if ((depth > 0) == inside)
            copy[i] = text[i] > '\0' && text[i] <= FOLD_ABJAD ? text[i] : ' ';
        depth -= text[i] == ')' && depth > 0;
    }
    return copy;
}

static void
read_as(struct arena *arena, const char *text, size_t len, struct name *name)
{
    struct raws raws;

    raws_cut(arena, text, len, name->kind, &raws);
    reading_make(arena, &raws, name->kind, name);
}

/* Do the brackets hold a name, and no mere form or place? */
static bool
names_someone(const struct reading *reading)
{
    for (size_t i = 0; i < reading->count; i++)
        if (reading->words[i].is == WORD_NAME && reading->words[i].len > 2)
            return true;
    return false;
}

void
name_read(struct arena *arena, const char *text, enum name_kind kind, struct name *name)
{
    size_t len;
    char *folded = fold(arena, text, &len), *slash = strstr(folded, " / ");

    *name = (struct name){.kind = kind};
    read_as(arena, folded, len, name);
    if (memchr(folded, '(', len)) {
        read_as(arena, blanked(arena, folded, len, false), len, name);
        read_as(arena, blanked(arena, folded, len, true), len, name);
        if (name->reading_count == 3 && !names_someone(&name->readings[2]))
            name->reading_count--;
    }
    if (slash) {
        read_as(arena, folded, (size_t)(slash - folded), name);
        read_as(arena, slash + 3, len - (size_t)(slash + 3 - folded), name);
    }
}

char *
reading_print(struct arena *arena, const struct reading *reading)
{
    struct buffer out;

    buffer_init(&out, arena, 64);
    for (size_t i = 0; i < reading->count; i++) {
        buffer_text(&out, i ? " " : "");
        buffer_append(&out, reading->words[i].text, reading->words[i].len);
    }
    return buffer_terminate(&out);
}
