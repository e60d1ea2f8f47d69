/* words.c - the tables as hashes, built when the first word is asked for. */
#include "policy/screening/words.h"

#include <assert.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "policy/screening/rarity_table.h"
#include "policy/screening/words_table.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

#define SLOTS            16384 /* a power of two, several times what is put in */
#define BY_KEY_MIN       6     /* letters from which a word is also found by its key */
#define BY_STEM_MIN      8     /* or without its ending */
#define STEM_MIN         6
#define SYLLABLE_BITS    6.5f
#define SYLLABLE_LETTERS 6
#define BITS_LEAST       3

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
    static const char *const ends[] = {"ogo", "ykh", "ikh", "ymi", "omu", "aya", "aia", "oye",
                                       "yye", "iye", "ami", "akh", "yy",  "yi",  "iy",  "ii",
                                       "oy",  "oi",  "oe",  "ie",  "ye",  "ov",  "om",  "am",
                                       "ey",  "ei",  "a",   "y",   "i",   "u",   "e"};

    for (size_t i = 0; i < COUNT_OF(ends); i++) {
        size_t n = strlen(ends[i]);

        if (len >= n + STEM_MIN && memcmp(text + len - n, ends[i], n) == 0)
            return len - n;
    }
    return len;
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

static void
tables_fill(void)
{
    for (size_t i = 0; i < COUNT_OF(shorts); i++)
        short_put(i);
    for (uint16_t row = 0; row < COUNT_OF(rows); row++)
        row_put(row);
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
word_find(const char *word, size_t len, bool of_person)
{
    const struct slot *slot;
    struct key key;

    tables_want();
    slot = slot_find(by_text, word, len, of_person);
    if (!slot->text && len >= BY_KEY_MIN) {
        key_make(word, len, &key);
        slot = key_find(by_key, &key, of_person);
    }
    if (!slot->len && len >= BY_STEM_MIN && !of_person) {
        key_make(word, undeclined(word, len), &key);
        slot = key_find(by_stem, &key, 0);
    }
    return slot->len ? &meanings[slot->row] : NULL;
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
word_rarity(const char *word, const struct key *key, size_t len)
{
    const struct slot *slot;
    size_t last = COUNT_OF(bits_by_length) - 1, syllables;
    float bits = bits_by_length[len < last ? len : last];

    tables_want();
    slot = key_find(names, key, 0);
    if (slot->len)
        bits = fminf(bits, fmaxf(BITS_LEAST, -log2f(slot->probability)));
    syllables = word_syllables(word, len);
    if (syllables > 0)
        bits = fminf(bits, SYLLABLE_BITS * (float)syllables);
    return bits;
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

static bool
is_syllable(const char *text, size_t len)
{
    for (size_t i = 0; i < COUNT_OF(initials); i++) {
        size_t n = strlen(initials[i]);

        if (n >= len || memcmp(text, initials[i], n) != 0)
            continue;
        for (size_t f = 0; f < COUNT_OF(finals); f++)
            if (strlen(finals[f]) == len - n && memcmp(text + n, finals[f], len - n) == 0)
                return true;
    }
    return false;
}

size_t
word_syllables(const char *word, size_t len)
{
    uint8_t fewest[32] = {1}; /* to each place, and 1; 0: it is not reached */

    if (len >= sizeof(fewest))
        return 0;
    for (size_t at = 0; at < len; at++)
        for (size_t n = 1; fewest[at] && n <= SYLLABLE_LETTERS && at + n <= len; n++)
            if ((!fewest[at + n] || fewest[at + n] > fewest[at] + 1) &&
                is_syllable(word + at, n))
                fewest[at + n] = fewest[at] + 1;
    return fewest[len] ? fewest[len] - 1u : 0;
}
