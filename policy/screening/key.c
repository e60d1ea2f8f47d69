/* key.c - rules of spelling as a table, and a distance that knows them. */
#include "policy/screening/key.h"

#include <pthread.h>
#include <stdbool.h>
#include <string.h>

#define LETTERS 32 /* a-z are 0 to 25, then S J X; digits share what is left */

/* Short skeletons also tell words that begin with a vowel, or h, from others. */
#define SKELETON_OPEN (1ull << 56)
#define SHORT_MAX     3 /* letters of those */
#define LEAVE_OUT_MIN 3 /* letters from which one may be left out */
#define CODE_H        ('h' - 'a')

struct rule {
    const char *from, *to;
};

/*
 * By their first letter; the first that fits is taken, so longer ones stand first.
 * X is shch, c is ch, S is sh, J is zh and dj.  Sources of the habits: BGN/PCGN, ISO 9,
 * GOST R 52535 (passports), Duden (Germanised), French and English usage for Arabic.
 */
static const struct rule *const rules[26] = {
    /* clang-format off */
    ['a' - 'a'] = (const struct rule[]){{"aje", "aie"}, {"aja", "aJa"}, {"aji", "aJi"}, {"ajo", "aJo"}, {"aju", "aJu"}, {"aj", "ai"}, {"ae", "e"}, {NULL, NULL}},
    ['c' - 'a'] = (const struct rule[]){{"chtch", "X"}, {"ch", "c"}, {"cz", "c"}, {"ck", "k"}, {"cq", "k"}, {"ce", "se"}, {"ci", "si"}, {"cy", "si"}, {"c", "k"}, {NULL, NULL}},
    ['d' - 'a'] = (const struct rule[]){{"dsch", "J"}, {"dzh", "J"}, {"dj", "J"}, {"dz", "d"}, {"dh", "d"}, {NULL, NULL}},
    ['e' - 'a'] = (const struct rule[]){{"eie", "ee"}, {"eye", "ee"}, {"eje", "ee"}, {"eja", "eJa"}, {"eji", "eJi"}, {"ejo", "eJo"}, {"eju", "eJu"}, {"ej", "ei"}, {NULL, NULL}},
    ['g' - 'a'] = (const struct rule[]){{"gh", "g"}, {NULL, NULL}},
    ['i' - 'a'] = (const struct rule[]){{"iie", "ie"}, {"iye", "ie"}, {"ije", "ie"}, {"iyi", "i"}, {"iji", "iJi"}, {"ijo", "iJo"}, {"iju", "iJu"}, {"ij", "i"}, {NULL, NULL}},
    ['j' - 'a'] = (const struct rule[]){{"j", "J"}, {NULL, NULL}},
    ['k' - 'a'] = (const struct rule[]){{"kh", "h"}, {NULL, NULL}},
    ['o' - 'a'] = (const struct rule[]){{"ou", "u"}, {"oo", "u"}, {"oe", "o"}, {"oja", "oJa"}, {"oji", "oJi"}, {"oje", "oJe"}, {"oju", "oJu"}, {"oj", "oi"}, {NULL, NULL}},
    ['p' - 'a'] = (const struct rule[]){{"ph", "f"}, {NULL, NULL}},
    ['q' - 'a'] = (const struct rule[]){{"q", "k"}, {NULL, NULL}},
    ['s' - 'a'] = (const struct rule[]){{"schtsch", "X"}, {"schtch", "X"}, {"shtch", "X"}, {"shch", "X"}, {"szcz", "X"}, {"sch", "S"}, {"sh", "S"}, {"sz", "S"}, {NULL, NULL}},
    ['t' - 'a'] = (const struct rule[]){{"tsch", "c"}, {"tch", "c"}, {"th", "t"}, {"ts", "z"}, {"tz", "z"}, {NULL, NULL}},
    ['u' - 'a'] = (const struct rule[]){{"uja", "uJa"}, {"uji", "uJi"}, {"uje", "uJe"}, {"ujo", "uJo"}, {"uj", "ui"}, {"ue", "u"}, {NULL, NULL}},
    ['w' - 'a'] = (const struct rule[]){{"w", "v"}, {NULL, NULL}},
    ['x' - 'a'] = (const struct rule[]){{"x", "ks"}, {NULL, NULL}},
    ['y' - 'a'] = (const struct rule[]){{"yy", "i"}, {"y", "i"}, {NULL, NULL}},
    ['z' - 'a'] = (const struct rule[]){{"zh", "J"}, {NULL, NULL}},
    /* clang-format on */
};

/* The ten groups of skeletons; letters in none (vowels and h) leave no trace. */
static const char *const groups[] = {"kg", "td", "pb", "fv", "sz", "cSJX", "l", "r", "m", "n"};

/* Letters written for each other, and what taking one for the other costs of KEY_UNIT. */
static const struct {
    char a, b;
    uint8_t cost;
} alike[] = {
    {'a', 'e', 5},  {'e', 'i', 4},  {'o', 'u', 4},  {'a', 'o', 6},  {'a', 'i', 8},
    {'a', 'u', 8},  {'e', 'o', 7},  {'e', 'u', 8},  {'i', 'o', 9},  {'i', 'u', 8},
    {'k', 'g', 8},  {'k', 'h', 9},  {'g', 'h', 7},  {'b', 'p', 10}, {'b', 'v', 9},
    {'d', 't', 8},  {'v', 'f', 7},  {'v', 'u', 7},  {'s', 'z', 5},  {'z', 'J', 8},
    {'s', 'S', 8},  {'S', 'c', 8},  {'c', 'J', 9},  {'z', 'c', 9},  {'k', 'c', 9},
    {'J', 'i', 5},  {'J', 'h', 10}, {'J', 'g', 9},  {'X', 'S', 6},  {'X', 'c', 8},
    {'n', 'm', 12}, {'l', 'r', 14}, {'t', 's', 14}, {'d', 'z', 10}, {'t', 'z', 13},
    {'s', 'c', 12}, {'J', 'S', 10}, {'h', 'c', 10},
};

#define LEAVE_VOWEL        7
#define LEAVE_VOWEL_BESIDE 3
#define LEAVE_H            7
#define LEAVE_OTHER        18
#define CHANGED_PLACES     12
#define KIN_COST           10 /* at most, between kin */

/* What rules of a first letter go on with, a bit each; and the one that is it alone. */
static uint32_t second_letters[26];
static const struct rule *alone[26];

static uint8_t exchange[LETTERS][LETTERS];
/* Leaving a letter, or taking another for it, costs no less: with one of these, or without. */
static uint32_t kin[LETTERS];
static uint8_t with_kin[LETTERS], without_kin[LETTERS];
static uint8_t group_of[LETTERS]; /* 0: none */
static bool is_vowel[LETTERS];

static inline uint8_t
letter(char c)
{
    if (c >= 'a')
        return (uint8_t)(c - 'a') & 31;
    return c == 'S' ? 26 : c == 'J' ? 27 : c == 'X' ? 28 : 29 + c % 3;
}

static inline int
least(int a, int b)
{
    return a < b ? a : b;
}

static void
kin_find(unsigned i)
{
    with_kin[i] = is_vowel[i] ? LEAVE_VOWEL_BESIDE : i == CODE_H ? LEAVE_H : LEAVE_OTHER;
    without_kin[i] = with_kin[i];
    for (unsigned j = 0; j < LETTERS; j++) {
        uint8_t cost = exchange[i][j];

        if (j == i)
            continue;
        if (cost <= KIN_COST) {
            kin[i] |= 1u << j;
            with_kin[i] = (uint8_t)least(with_kin[i], cost);
        } else {
            without_kin[i] = (uint8_t)least(without_kin[i], cost);
        }
    }
}

static void
rules_look_ahead(unsigned first)
{
    for (const struct rule *rule = rules[first]; rule && rule->from; rule++)
        if (rule->from[1])
            second_letters[first] |= 1u << (rule->from[1] - 'a');
        else
            alone[first] = rule;
}

static void
tables_fill(void)
{
    for (unsigned first = 0; first < 26; first++)
        rules_look_ahead(first);
    memset(exchange, KEY_UNIT, sizeof(exchange));
    for (unsigned i = 0; i < LETTERS; i++)
        exchange[i][i] = 0;
    for (size_t i = 0; i < sizeof(alike) / sizeof(alike[0]); i++) {
        unsigned a = letter(alike[i].a), b = letter(alike[i].b);

        exchange[a][b] = exchange[b][a] = alike[i].cost;
    }
    for (uint8_t g = 0; g < sizeof(groups) / sizeof(groups[0]); g++)
        for (const char *c = groups[g]; *c; c++)
            group_of[letter(*c)] = g + 1;
    for (const char *c = "aeiou"; *c; c++)
        is_vowel[letter(*c)] = true;
    for (unsigned i = 0; i < LETTERS; i++)
        kin_find(i);
}

/* -- keys -- */

/* The letters that the rules put for the beginning of the word; how many they stand for. */
static size_t
rule_apply(const char *word, size_t len, const char **to)
{
    unsigned first = (unsigned)(*word - 'a'), second = len > 1 ? (unsigned)(word[1] - 'a') : 26;
    const struct rule *rule;

    if (first >= 26)
        return 0;
    rule = second < 26 && second_letters[first] & 1u << second ? rules[first] : alone[first];
    for (; rule && rule->from; rule++) {
        size_t n = 1; /* the first letter fits */

        while (n < len && rule->from[n] && word[n] == rule->from[n])
            n++;
        if (!rule->from[n]) {
            *to = rule->to;
            return n;
        }
    }
    return 0;
}

static void
key_append(struct key *key, uint8_t code)
{
    if (key->len > 0 && key->text[key->len - 1] == code) /* doubled letters count once */
        return;
    key->hash = (key->hash ^ (code + 1u)) * 0x01000193u;
    if (key->len < KEY_MAX)
        key->text[key->len++] = code;
}

static void
skeleton_make(struct key *key)
{
    unsigned count = 0;

    for (size_t i = 0; i < key->len; i++) {
        uint8_t group = group_of[key->text[i]];

        key->letters |= 1u << key->text[i];
        if (group && count < SKELETON_MAX)
            key->skeleton |= (uint64_t)group << (4 * count++);
    }
    if (key->len > 0 && (is_vowel[key->text[0]] || key->text[0] == CODE_H))
        key->skeleton |= SKELETON_OPEN;
}

void
key_make(const char *word, size_t len, struct key *key)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    const char *end = word + len, *to = NULL;

    pthread_once(&once, tables_fill);
    *key = (struct key){.hash = 0x811c9dc5u};
    while (word < end) {
        size_t n = rule_apply(word, (size_t)(end - word), &to);

        if (n == 0)
            key_append(key, letter(*word));
        else
            for (const char *c = to; *c; c++)
                key_append(key, letter(*c));
        word += n ? n : 1;
    }
    skeleton_make(key);
}

void
key_join(const struct key *a, const struct key *b, struct key *joined)
{
    struct key both = *a;

    for (size_t i = 0; i < b->len; i++)
        key_append(&both, b->text[i]);
    both.skeleton = 0;
    skeleton_make(&both);
    *joined = both;
}

/* -- distance -- */

/* What leaving out text[i] costs: little for a vowel beside another, or h. */
static inline int
leave_cost(const struct key *key, size_t i)
{
    uint8_t code = key->text[i];

    if (!is_vowel[code])
        return code == CODE_H ? LEAVE_H : LEAVE_OTHER;
    if ((i > 0 && is_vowel[key->text[i - 1]]) ||
        (i + 1 < key->len && is_vowel[key->text[i + 1]]))
        return LEAVE_VOWEL_BESIDE;
    return LEAVE_VOWEL;
}

/* What the letters of one that are not among the other's cost at least. */
static int
lacking(uint32_t only, uint32_t other)
{
    int cost = 0;

    for (; only; only &= only - 1) {
        int i = __builtin_ctz(only);

        cost += kin[i] & other ? with_kin[i] : without_kin[i];
    }
    return cost;
}

int
key_distance_least(uint32_t a, uint32_t b)
{
    int of_a = lacking(a & ~b, b), of_b = lacking(b & ~a, a);

    return of_a > of_b ? of_a : of_b;
}

/* Are the letters before two places the others' own? */
static inline bool
changed_places(const struct key *a, size_t i, const struct key *b, size_t j)
{
    return a->text[i] == b->text[j - 1] && a->text[i - 1] == b->text[j];
}

/* One row of the table of distances between beginnings; its lowest. */
static int
row_fill(const struct key *a, size_t i, const struct key *b, const int *leave_b,
         const int *before, const int *last, int *row)
{
    const uint8_t *costs = exchange[a->text[i]];
    int leave_a = leave_cost(a, i), lowest;

    lowest = row[0] = last[0] + leave_a;
    for (size_t j = 0; j < b->len; j++) {
        int cost = last[j] + costs[b->text[j]];

        cost = least(cost, least(last[j + 1] + leave_a, row[j] + leave_b[j]));
        if (i > 0 && j > 0 && changed_places(a, i, b, j))
            cost = least(cost, before[j - 1] + CHANGED_PLACES);
        row[j + 1] = cost;
        lowest = least(lowest, cost);
    }
    return lowest;
}

int
key_distance(const struct key *a, const struct key *b, int most)
{
    int rows[3][KEY_MAX + 1], leave_b[KEY_MAX];
    int *before = rows[0], *last = rows[1], *row = rows[2];

    if (a->hash == b->hash && a->len == b->len && memcmp(a->text, b->text, a->len) == 0)
        return 0;
    if (key_distance_least(a->letters, b->letters) > most)
        return KEY_FAR;
    last[0] = 0;
    for (size_t j = 0; j < b->len; j++) {
        leave_b[j] = leave_cost(b, j);
        last[j + 1] = last[j] + leave_b[j];
    }
    for (size_t i = 0; i < a->len; i++) {
        int *spare = before;

        if (row_fill(a, i, b, leave_b, before, last, row) > most)
            return KEY_FAR;
        before = last;
        last = row;
        row = spare;
    }
    return last[b->len] > most ? KEY_FAR : last[b->len];
}

/* -- skeletons -- */

size_t
skeleton_variants(uint64_t skeleton, uint64_t variants[VARIANTS_MAX])
{
    uint64_t letters = skeleton & ~SKELETON_OPEN, open = skeleton & SKELETON_OPEN;
    size_t len = 0, count = 0;

    while (len < SKELETON_MAX && letters >> (4 * len))
        len++;
    variants[count++] = letters | (len <= SHORT_MAX ? open : 0);
    for (size_t i = 0; len >= LEAVE_OUT_MIN && i < len; i++) {
        uint64_t low = letters & ((1ull << (4 * i)) - 1);
        uint64_t without = low | (letters >> (4 * (i + 1))) << (4 * i);

        without |= len - 1 <= SHORT_MAX ? open : 0;
        if (without != variants[count - 1])
            variants[count++] = without;
    }
    return count;
}

int
skeletons_meet(uint64_t a, uint64_t b)
{
    uint64_t of_a[VARIANTS_MAX], of_b[VARIANTS_MAX];
    size_t count_a, count_b;

    if (a == b)
        return 1;
    if ((a & ~SKELETON_OPEN) >> 8 > (b & ~SKELETON_OPEN) ||
        (b & ~SKELETON_OPEN) >> 8 > (a & ~SKELETON_OPEN))
        return 0; /* one is longer by two letters or more */
    count_a = skeleton_variants(a, of_a);
    count_b = skeleton_variants(b, of_b);
    for (size_t i = 0; i < count_a; i++)
        for (size_t j = 0; j < count_b; j++)
            if (of_a[i] == of_b[j])
                return 1;
    return 0;
}
