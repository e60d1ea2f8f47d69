/* words.c - one form for texts and words, and a look-up by first bytes. */
#include "policy/goods/words.h"

#include <stdbool.h>
#include <string.h>

enum kind { BLANK, ASCII, OTHER };

static enum kind
kind_of(unsigned char byte)
{
    if (byte >= 0x80)
        return OTHER;
    if ((byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
        (byte >= 'A' && byte <= 'Z'))
        return ASCII;
    return BLANK;
}

static bool
ends_with(const char *text, size_t len, const char *end)
{
    size_t n = strlen(end);

    return len > n && memcmp(text + len - n, end, n) == 0;
}

/* The length of an English word without its plural; "ies" becomes "y" in place. */
static size_t
without_plural(char *word, size_t len)
{
    static const char *const es[] = {"xes", "zes", "ches", "shes", "sses"};

    if (len >= 5 && ends_with(word, len, "ies")) {
        word[len - 3] = 'y';
        return len - 2;
    }
    for (size_t i = 0; i < sizeof(es) / sizeof(es[0]); i++)
        if (ends_with(word, len, es[i]))
            return len - 2;
    if (len >= 4 && word[len - 1] == 's' && word[len - 2] != 's')
        return len - 1;
    return len;
}

/*
 * Two-byte Cyrillic capitals to small letters, in place.  In UTF-8 the capitals
 * are D0 90..AF and D0 81 (Ё), the small ones D0 B0..BF, D1 80..8F and D1 91.
 */
static void
fold_cyrillic(unsigned char letter[2])
{
    if (letter[0] != 0xD0)
        return;
    if (letter[1] >= 0x90 && letter[1] <= 0x9F) {
        letter[1] = (unsigned char)(letter[1] + 0x20);
    } else if (letter[1] >= 0xA0 && letter[1] <= 0xAF) {
        letter[0] = 0xD1;
        letter[1] = (unsigned char)(letter[1] - 0x20);
    } else if (letter[1] == 0x81) {
        letter[0] = 0xD1;
        letter[1] = 0x91;
    }
}

static void
fold(char *word, size_t len, enum kind kind)
{
    unsigned char *bytes = (unsigned char *)word;

    for (size_t i = 0; i < len; i++) {
        if (kind == OTHER && i + 1 < len)
            fold_cyrillic(bytes + i);
        else if (bytes[i] >= 'A' && bytes[i] <= 'Z')
            bytes[i] = (unsigned char)(bytes[i] | 0x20);
    }
}

/* At most twice the text and WORDS_KEY_SIZE, which are NULs for the look-up. */
static size_t
normalise(const char *text, char *out)
{
    size_t len = 0;

    while (*text) {
        enum kind kind = kind_of((unsigned char)*text);
        size_t n = 0;

        while (text[n] && kind_of((unsigned char)text[n]) == kind)
            n++;
        if (kind != BLANK) {
            memcpy(out + len, text, n);
            fold(out + len, n, kind);
            len += kind == ASCII ? without_plural(out + len, n) : n;
            out[len++] = ' ';
        }
        text += n;
    }
    memset(out + len, 0, WORDS_KEY_SIZE);
    return len;
}

static size_t
normalised_size(const char *text)
{
    return 2 * strlen(text) + WORDS_KEY_SIZE;
}

static size_t
bucket_of(const char *text)
{
    uint32_t key;

    memcpy(&key, text, WORDS_KEY_SIZE);
    return (key * 2654435761u) >> 22; /* Knuth's multiplier; 10 bits are WORDS_BUCKETS */
}

int
words_add(struct words *words, struct arena *arena, const char *text, uint32_t value)
{
    struct word *word = arena_alloc(arena, sizeof(*word));
    char *form = arena_alloc(arena, normalised_size(text));
    size_t len = normalise(text, form), bucket;

    /* The blank after an ASCII word makes it a whole word; a stem has none. */
    if (len >= 2 && kind_of((unsigned char)form[len - 2]) == OTHER)
        len--;
    if (len < WORDS_KEY_SIZE)
        return -1;
    bucket = bucket_of(form);
    *word = (struct word){form, len, value, words->buckets[bucket]};
    words->buckets[bucket] = word;
    return 0;
}

/* May a word begin here?  Between UTF-8 sequences, and not inside an ASCII word. */
static bool
is_start(const char *text, size_t i)
{
    unsigned char byte = (unsigned char)text[i];

    if (byte >= 0x80)
        return byte >= 0xC0;
    return byte != ' ' && (i == 0 || text[i - 1] == ' ');
}

void
words_scan(const struct words *words, const char *text, struct words_scratch *scratch,
           void (*found)(void *context, uint32_t value), void *context)
{
    size_t need = normalised_size(text), len;

    if (scratch->size < need) {
        scratch->text = arena_alloc(scratch->arena, need);
        scratch->size = need;
    }
    len = normalise(text, scratch->text);
    for (size_t i = 0; i < len; i++) {
        const struct word *word;

        if (!is_start(scratch->text, i))
            continue;
        for (word = words->buckets[bucket_of(scratch->text + i)]; word; word = word->next)
            if (word->len <= len - i && memcmp(word->text, scratch->text + i, word->len) == 0)
                found(context, word->value);
    }
}
