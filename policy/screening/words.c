/* words.c - the tables as hashes, built when the first word is asked for. */
#include "policy/screening/words.h"

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "policy/screening/affix.h"
#include "policy/screening/rarity_table.h"
#include "policy/screening/words_table.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

#define SLOTS            16384 /* a power of two, several times what is put in */
#define BY_KEY_MIN       6     /* letters from which a word is also found by its key */
#define BY_STEM_MIN      8     /* or without its ending */
#define STEM_MIN         6
#define SYLLABLE_BITS    6.5f
#define SYLLABLE_LETTERS 6
#define SYLLABLE_SLOTS   4096
#define BITS_LEAST       3
#define FOUNDER_BITS     2

/* One spelling, or the key of one. */
struct slot {
    const char *text; /* NULL: the hash of a key stands for it */
    uint32_t key;
    uint16_t len;
    uint8_t person;    /* which of the two vocabularies it is in */
    uint16_t row;      /* of rows[] */
    float probability; /* in names: how many persons of one have it */
};

static struct slot by_text[SLOTS], by_key[SLOTS], by_stem[SLOTS], names[SLOTS];
static struct word_meaning meanings[COUNT_OF(rows) + COUNT_OF(shorts)];
static uint8_t longest[26 * 26 * 26];
static uint32_t syllable_set[SYLLABLE_SLOTS];

/* -- hashes -- */

static struct slot *
slot_find(struct slot *slots, const char *text, size_t len, uint8_t person)
{
    uint64_t hash = 0xcbf29ce484222325u + person;
    size_t at;

    for (size_t i = 0; i < len; i++)
        hash = (hash ^ (unsigned char)text[i]) * 0x100000001b3u;
    at = (size_t)(hash >> 20) & (SLOTS - 1);
    while (slots[at].text && (slots[at].len != len || slots[at].person != person ||
                              memcmp(slots[at].text, text, len) != 0))
        at = (at + 1) & (SLOTS - 1);
    return &slots[at];
}

static size_t
three(const char *word)
{
    size_t place = 0;

    for (int i = 0; i < 3; i++)
        place = place * 26 + (word[i] >= 'a' && word[i] <= 'z' ? (size_t)(word[i] - 'a') : 0);
    return place;
}

static struct slot *
key_find(struct slot *slots, const struct key *key, uint8_t person)
{
    size_t at = (key->hash ^ key->hash >> 15) & (SLOTS - 1);

    while (slots[at].len && (slots[at].key != key->hash || slots[at].person != person))
        at = (at + 1) & (SLOTS - 1);
    return &slots[at];
}

static void
key_put(struct slot *slots, const struct key *key, uint8_t person, uint16_t row, double p)
{
    struct slot *slot = key_find(slots, key, person);

    if (!slot->len)
        *slot = (struct slot){.key = key->hash, .len = 1, .person = person, .row = row};
    slot->probability += (float)p;
}

/* The length of a word without an ending that Russian declension puts. */
static size_t
undeclined(const char *text, size_t len)
{
    static const struct affix ends[] = {
        AFFIX("ogo"), AFFIX("ykh"), AFFIX("ikh"), AFFIX("ymi"), AFFIX("omu"), AFFIX("aya"),
        AFFIX("aia"), AFFIX("oye"), AFFIX("yye"), AFFIX("iye"), AFFIX("ami"), AFFIX("akh"),
        AFFIX("yy"),  AFFIX("yi"),  AFFIX("iy"),  AFFIX("ii"),  AFFIX("oy"),  AFFIX("oi"),
        AFFIX("oe"),  AFFIX("ie"),  AFFIX("ye"),  AFFIX("ov"),  AFFIX("om"),  AFFIX("am"),
        AFFIX("ey"),  AFFIX("ei"),  AFFIX("a"),   AFFIX("y"),   AFFIX("i"),   AFFIX("u"),
        AFFIX("e"),
    };
    size_t n = affix_behind(ends, COUNT_OF(ends), text, len);

    return len >= n + STEM_MIN ? len - n : len;
}

static void
spelling_put(const char *text, size_t len, uint8_t person, uint16_t row)
{
    struct slot *slot = slot_find(by_text, text, len, person);
    struct key key;

    if (slot->text) /* the first row that has it */
        return;
    *slot = (struct slot){.text = text, .len = (uint16_t)len, .person = person, .row = row};
    if (len >= 3 && longest[three(text)] < len)
        longest[three(text)] = (uint8_t)len;
    if (len < BY_KEY_MIN)
        return;
    key_make(text, len, &key);
    key_put(by_key, &key, person, row, 0);
    if (person || len < BY_STEM_MIN)
        return;
    key_make(text, undeclined(text, len), &key);
    key_put(by_stem, &key, 0, row, 0);
}

/* Which vocabularies a class belongs to: companies' (0), persons' (1), both. */
static void
row_put(uint16_t row)
{
    enum word_class is = rows[row].is;
    size_t len;

    meanings[row] = (struct word_meaning){.is = is, .concept = row + 1, .bits = rows[row].bits};
    for (const char *text = rows[row].spellings; *text; text += len + (text[len] == ' ')) {
        len = strcspn(text, " ");
        if (is != WORD_TITLE && is != WORD_NAME)
            spelling_put(text, len, 0, row);
        if (is == WORD_TITLE || is == WORD_PARTICLE || is == WORD_NAME)
            spelling_put(text, len, 1, row);
    }
}

static void
short_put(size_t i)
{
    uint16_t row = (uint16_t)(COUNT_OF(rows) + i);
    size_t len;

    meanings[row] = (struct word_meaning){.is = WORD_SHORT, .stands_for = shorts[i].stands_for};
    for (const char *text = shorts[i].spellings; *text; text += len + (text[len] == ' ')) {
        len = strcspn(text, " ");
        spelling_put(text, len, 0, row);
    }
}

static void
names_put(const char *text, float bits)
{
    for (size_t len; *text; text += len + (text[len] == ' ')) {
        struct key key;

        len = strcspn(text, " ");
        key_make(text, len, &key);
        key_put(names, &key, 0, 0, exp2(-(double)bits));
    }
}

/* -- syllables of Mandarin -- */

static const char *const initials[] = {"zh", "ch", "sh", "b", "p", "m", "f", "d",
                                       "t",  "n",  "l",  "g", "k", "h", "j", "q",
                                       "x",  "r",  "z",  "c", "s", "y", "w", ""};
static const char *const finals[] = {
    "iang", "iong", "uang", "ang", "eng", "ong", "iao", "ian", "ing", "uai", "uan",
    "ai",   "ei",   "ao",   "ou",  "an",  "en",  "ia",  "ie",  "iu",  "in",  "ua",
    "uo",   "ui",   "un",   "ue",  "a",   "o",   "e",   "i",   "u",
};

/* Up to six letters in a number. */
static uint32_t
packed(const char *text, size_t len)
{
    uint32_t number = 0;

    for (size_t i = 0; i < len; i++)
        number = number << 5 | ((uint32_t)text[i] & 31);
    return number;
}

static uint32_t *
syllable_slot(uint32_t number)
{
    size_t at = (number * 0x9e3779b1u) >> 20 & (SYLLABLE_SLOTS - 1);

    while (syllable_set[at] && syllable_set[at] != number)
        at = (at + 1) & (SYLLABLE_SLOTS - 1);
    return &syllable_set[at];
}

static void
syllables_put(void)
{
    for (size_t i = 0; i < COUNT_OF(initials); i++)
        for (size_t f = 0; f < COUNT_OF(finals); f++) {
            char text[SYLLABLE_LETTERS + 1];
            int len = snprintf(text, sizeof(text), "%s%s", initials[i], finals[f]);
            uint32_t number = packed(text, (size_t)len);

            *syllable_slot(number) = number;
        }
}

static void
tables_fill(void)
{
    for (size_t i = 0; i < COUNT_OF(shorts); i++)
        short_put(i);
    for (uint16_t row = 0; row < COUNT_OF(rows); row++)
        row_put(row);
    syllables_put();
    for (size_t i = 0; i < COUNT_OF(common); i++)
        names_put(common[i].names, common[i].bits);
}

static void
tables_want(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, tables_fill);
}

/* -- meanings -- */

const struct word_meaning *
word_find_keyed(const char *word, size_t len, const struct key *key, bool of_person)
{
    const struct slot *slot;
    struct key own;

    tables_want();
    slot = slot_find(by_text, word, len, of_person);
    if (!slot->text && len >= BY_KEY_MIN) {
        if (!key) {
            key_make(word, len, &own);
            key = &own;
        }
        slot = key_find(by_key, key, of_person);
    }
    if (!slot->len && len >= BY_STEM_MIN && !of_person) {
        key_make(word, undeclined(word, len), &own);
        slot = key_find(by_stem, &own, 0);
    }
    return slot->len ? &meanings[slot->row] : NULL;
}

const struct word_meaning *
word_find(const char *word, size_t len, bool of_person)
{
    return word_find_keyed(word, len, NULL, of_person);
}

size_t
word_longest(const char *word)
{
    tables_want();
    return longest[three(word)];
}

/* -- rarity -- */

/* Of a word in no list, by its number of letters: short ones are many people's. */
static const float bits_by_length[] = {3, 3, 7, 9, 11, 12.5f, 13.5f, 14, 14.5f, 15, 15.5f, 16};

float
word_rarity(const char *word, const struct key *key, size_t len, bool of_person)
{
    const struct slot *slot;
    size_t last = COUNT_OF(bits_by_length) - 1, syllables;
    float bits = bits_by_length[len < last ? len : last];

    tables_want();
    slot = key_find(names, key, 0);
    if (slot->len)
        bits = fminf(bits, fmaxf(BITS_LEAST,
                                 -log2f(slot->probability) - (of_person ? 0 : FOUNDER_BITS)));
    syllables = word_syllables(word, len);
    if (syllables > 0)
        bits = fminf(bits, SYLLABLE_BITS * (float)syllables);
    return bits;
}

/* -- syllables -- */

size_t
word_syllables(const char *word, size_t len)
{
    uint8_t fewest[32] = {1}; /* to each place, and 1; 0: it is not reached */

    if (len >= sizeof(fewest))
        return 0;
    for (size_t at = 0; at < len; at++)
        for (size_t n = 1; fewest[at] && n <= SYLLABLE_LETTERS && at + n <= len; n++)
            if ((!fewest[at + n] || fewest[at + n] > fewest[at] + 1) &&
                *syllable_slot(packed(word + at, n)))
                fewest[at + n] = fewest[at] + 1;
    return fewest[len] ? fewest[len] - 1u : 0;
}
