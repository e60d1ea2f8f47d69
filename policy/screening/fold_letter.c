/*
 * fold_letter.c - Latin, Cyrillic and punctuation, by table.
 *
 * Latin letters lose their marks.  Cyrillic follows the romanisation of the BGN and
 * the PCGN (1947 for Russian, 1979 for Belarusian, 2019 for Ukrainian, 2013 for
 * Macedonian), without its dots and primes; the many other habits meet it in key.c.
 */
#include "policy/screening/fold.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* U+00C0 to U+0259 and U+1E00 to U+1EFF, a letter each; '*': see ligatures, else a blank. */
static const char latin[] =
    "aaaaaa*ceeeeiiiidnooooo*ouuuuy**aaaaaa*ceeeeiiiidnooooo*ouuuuy*y" /* C0 */
    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii**jjkkklllllll" /* 100 */
    "lllnnnnnnnnnoooooo**rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs" /* 140 */
    "bb****occdd***eaeffg**iikkl**nnooo**pp******tttuu**yyzzz********" /* 180 */
    "****dddlllnnnaaiioouuuuuuuuuuaaaaa**ggggkkoooo**jdddgg**nnaa****" /* 1C0 */
    "aaaaeeeeiiiioooorrrruuuusstt**hhnd**zzaaeeooooooooyy***j**acclts" /* 200 */
    "z**bu*eejj**rryy***b*****a" /* 240 */;

static const char latin_more[] =
    "aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmm" /* 1E00 */
    "mmmmnnnnnnnnoooooooopppprrrrrrrrssssssssssttttttttuuuuuuuuuuvvvv" /* 1E40 */
    "wwwwwwwwwwxxxxyyzzzzzzhtwyas****aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeee" /* 1E80 */
    "eeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyy******" /* 1EC0 */;

static const struct {
    uint32_t c;
    const char *is;
} ligatures[] = {
    {0xc6, "ae"},  {0xde, "th"},  {0xdf, "ss"},  {0xe6, "ae"},  {0xfe, "th"},
    {0x132, "ij"}, {0x133, "ij"}, {0x152, "oe"}, {0x153, "oe"},
};

/* U+0400 to U+045F */
static const char *const cyrillic[] = {
    "e", "e", "dj", "g", "ye", "z",  "i",  "yi", "j",  "lj",   "nj", "c", "k", "i", "u",  "dz",
    "a", "b", "v",  "g", "d",  "e",  "zh", "z",  "i",  "y",    "k",  "l", "m", "n", "o",  "p",
    "r", "s", "t",  "u", "f",  "kh", "ts", "ch", "sh", "shch", "",   "y", "",  "e", "yu", "ya",
    "a", "b", "v",  "g", "d",  "e",  "zh", "z",  "i",  "y",    "k",  "l", "m", "n", "o",  "p",
    "r", "s", "t",  "u", "f",  "kh", "ts", "ch", "sh", "shch", "",   "y", "",  "e", "yu", "ya",
    "e", "e", "dj", "g", "ye", "z",  "i",  "yi", "j",  "lj",   "nj", "c", "k", "i", "u",  "dz",
};

/* U+0490 to U+04E9, Kazakh, Tatar and other letters in pairs; "" where there is none. */
static const struct {
    uint32_t c; /* the capital; the small letter follows it */
    const char *is;
} cyrillic_more[] = {
    {0x490, "g"}, {0x492, "gh"}, {0x496, "zh"}, {0x49a, "q"}, {0x49c, "k"},
    {0x4a0, "q"}, {0x4a2, "ng"}, {0x4ae, "u"},  {0x4b0, "u"}, {0x4b2, "kh"},
    {0x4b6, "j"}, {0x4ba, "h"},  {0x4d8, "a"},  {0x4e8, "o"},
};

/* Quotation marks part words as a pair of them does, apostrophes vanish. */
static const char *
punctuation(uint32_t c)
{
    switch (c) {
    case 0xab:
    case 0xbb:
    case 0x201c:
    case 0x201d:
    case 0x201e:
    case 0x201f:
    case 0x300a:
    case 0x300b:
    case 0x300c:
    case 0x300d:
        return "\"";
    case 0xad:
    case 0xb4:
    case 0x2018:
    case 0x2019:
    case 0x201a:
    case 0x201b:
    case 0x2b9:
    case 0x2ba:
    case 0x2bb:
    case 0x2bc:
    case 0x2bd:
    case 0x2be:
    case 0x2bf:
    case 0x2c8:
    case 0x200b:
    case 0x200c:
    case 0x200d:
    case 0x200e:
    case 0x200f:
    case 0xfeff:
        return "";
    case 0x2010:
    case 0x2011:
    case 0x2012:
    case 0x2013:
    case 0x2014:
    case 0x2015:
    case 0x2212:
        return "-";
    case 0xff08:
        return "(";
    case 0xff09:
        return ")";
    }
    return c >= 0xff00 && c <= 0xff5e ? NULL : " ";
}

static const char *
latin_letter(uint32_t c)
{
    static const char letters[] = "a\0b\0c\0d\0e\0f\0g\0h\0i\0j\0k\0l\0m\0"
                                  "n\0o\0p\0q\0r\0s\0t\0u\0v\0w\0x\0y\0z";
    const char *table = c < 0x1e00 ? latin : latin_more;
    char letter = table[c - (c < 0x1e00 ? 0xc0u : 0x1e00u)];

    for (size_t i = 0; i < COUNT_OF(ligatures); i++)
        if (ligatures[i].c == c)
            return ligatures[i].is;
    return letter == '*' ? " " : &letters[2 * (letter - 'a')];
}

static const char *
cyrillic_letter(uint32_t c)
{
    if (c <= 0x45f)
        return cyrillic[c - 0x400];
    for (size_t i = 0; i < COUNT_OF(cyrillic_more); i++)
        if (cyrillic_more[i].c == c || cyrillic_more[i].c + 1 == c)
            return cyrillic_more[i].is;
    return "";
}

/* Hebrew from U+05D0, final forms as the others. */
static const char *const hebrew[] = {
    "a", "b", "g", "d", "h", "u", "z", "h",  "t",  "i", "k", "k",  "l", "m",
    "m", "n", "n", "s", "a", "p", "p", "ts", "ts", "k", "r", "sh", "t",
};

/* Arabic from U+0621 to U+064A; waw and ya are the vowels that names mostly mean. */
static const char *const arabic[] = {
    "",  "a",  "a", "u", "i", "i",  "a", "b", "a", "t", "th", "j",  "h", "kh",
    "d", "dh", "r", "z", "s", "sh", "s", "d", "t", "z", "a",  "gh", "",  "",
    "",  "",   "",  "",  "f", "q",  "k", "l", "m", "n", "h",  "u",  "a", "i",
};

/* Letters that Persian, Urdu, Pashto and Kurdish add. */
static const struct {
    uint32_t c;
    const char *is;
} arabic_more[] = {
    {0x679, "t"}, {0x67e, "p"}, {0x681, "z"}, {0x685, "s"},  {0x686, "ch"}, {0x688, "d"},
    {0x689, "d"}, {0x691, "r"}, {0x693, "r"}, {0x698, "zh"}, {0x69a, "sh"}, {0x6a4, "v"},
    {0x6a9, "k"}, {0x6ab, "g"}, {0x6af, "g"}, {0x6ba, "n"},  {0x6bc, "n"},  {0x6be, "h"},
    {0x6c0, "h"}, {0x6c1, "h"}, {0x6c6, "o"}, {0x6cc, "i"},  {0x6cd, "i"},  {0x6d0, "e"},
    {0x6d2, "e"}, {0x6d3, "e"}, {0x6d5, "e"},
};

const char *
fold_abjad(uint32_t c)
{
    if (c >= 0x591 && c <= 0x5f4)
        return c >= 0x5d0 && c <= 0x5ea ? hebrew[c - 0x5d0] : "";
    if (c >= 0x621 && c <= 0x64a)
        return arabic[c - 0x621];
    for (size_t i = 0; i < COUNT_OF(arabic_more); i++)
        if (arabic_more[i].c == c)
            return arabic_more[i].is;
    return (c >= 0x610 && c <= 0x61a) || (c >= 0x64b && c <= 0x65f) || c == 0x670 ? "" : NULL;
}

const char *
fold_letter(uint32_t c)
{
    if ((c >= 0xc0 && c <= 0x259) || (c >= 0x1e00 && c <= 0x1eff))
        return latin_letter(c);
    if (c >= 0x300 && c <= 0x36f) /* marks that stand alone */
        return "";
    if (c >= 0x400 && c <= 0x52f)
        return cyrillic_letter(c);
    if (c < 0xc0 || (c >= 0x2000 && c <= 0x2bff) || (c >= 0x3000 && c <= 0x3020) ||
        (c >= 0x2b0 && c <= 0x2ff) || c >= 0xff00)
        return punctuation(c);
    return NULL;
}
