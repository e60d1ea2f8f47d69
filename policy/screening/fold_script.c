/*
 * fold_script.c - the scripts that ICU transliterates.
 *
 * A transliterator is made once a thread and a kind.  ICU takes its memory from
 * malloc; while a name is folded it is given the arena instead (F3).  A Han character
 * has one reading whatever stands beside it, so each is asked for once a process.
 */
#include "policy/screening/fold.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/uclean.h>
#include <unicode/uscript.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>

#define UNITS_MAX (4 * FOLD_BYTES_MAX) /* of UTF-16, after transliteration */
#define HAN_FIRST 0x4e00u
#define HAN_COUNT 0x5200u

enum { TO_LATIN, HAN_TO_LATIN, TRANSLITERATORS };

/* Marks vanish before the rest of Latin is made ASCII. */
static const char *const rules[TRANSLITERATORS] = {
    [TO_LATIN] = "Any-Latin; NFD; [[:M:][:Lm:]] Remove; Latin-ASCII",
    [HAN_TO_LATIN] = "Han-Latin; NFD; [:M:] Remove; Latin-ASCII",
};

static _Thread_local UTransliterator *made[TRANSLITERATORS];
static _Thread_local struct arena *lent; /* to ICU, while it works on a name */

/* Scripts that this thread has had: what ICU keeps of one, it makes at the first name. */
static _Thread_local bool met[USCRIPT_CODE_LIMIT];

/* Up to seven letters of a syllable; 0: not asked yet; a blank first: there is none. */
static _Atomic uint64_t syllables[HAN_COUNT];

/* -- ICU's memory: a word before each piece says whose it is -- */

union head {
    size_t bytes; /* of a piece on the arena; 0: from malloc */
    max_align_t align;
};

static void *
icu_alloc(const void *context, size_t bytes)
{
    union head *head =
        lent ? arena_alloc(lent, sizeof(*head) + bytes) : malloc(sizeof(*head) + bytes);

    (void)context;
    if (!head)
        return NULL;
    head->bytes = lent ? bytes : 0;
    return head + 1;
}

static void
icu_free(const void *context, void *memory)
{
    union head *head = memory;

    (void)context;
    if (head && head[-1].bytes == 0)
        free(head - 1);
}

static void *
icu_realloc(const void *context, void *memory, size_t bytes)
{
    union head *head = memory, *grown;

    if (!head)
        return icu_alloc(context, bytes);
    if (head[-1].bytes == 0) {
        grown = realloc(head - 1, sizeof(*head) + bytes);
        return grown ? grown + 1 : NULL;
    }
    grown = icu_alloc(context, bytes);
    if (grown)
        memcpy(grown, head, bytes < head[-1].bytes ? bytes : head[-1].bytes);
    return grown;
}

static void
icu_begin(void)
{
    UErrorCode status = U_ZERO_ERROR;

    u_setMemoryFunctions(NULL, icu_alloc, icu_realloc, icu_free, &status);
    assert(U_SUCCESS(status));
}

/* -- transliteration -- */

static UTransliterator *
transliterator(int which)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    UErrorCode status = U_ZERO_ERROR;
    UChar id[64];

    pthread_once(&once, icu_begin);
    if (!made[which]) {
        u_uastrcpy(id, rules[which]);
        made[which] = utrans_openU(id, -1, UTRANS_FORWARD, NULL, 0, NULL, &status);
        assert(U_SUCCESS(status) && made[which]);
    }
    return made[which];
}

/* Has this thread met every script of the text?  Now it has. */
static bool
all_met(const UChar *units, int32_t count)
{
    bool before = true;

    for (int32_t next = 0; next < count;) {
        UErrorCode status = U_ZERO_ERROR;
        UScriptCode script;
        UChar32 c;

        U16_NEXT(units, next, count, c);
        script = uscript_getScript(c, &status);
        before = before && met[script];
        met[script] = true;
    }
    return before;
}

static const char *
transliterate(struct arena *arena, int which, const char *text, size_t len)
{
    UTransliterator *translit = transliterator(which);
    UChar *units = arena_alloc(arena, UNITS_MAX * sizeof(*units));
    char *ascii = arena_alloc(arena, UNITS_MAX + 1);
    UErrorCode status = U_ZERO_ERROR;
    int32_t count = 0, limit;

    u_strFromUTF8WithSub(units, UNITS_MAX, &count, text, (int32_t)len, ' ', NULL, &status);
    limit = count;
    lent = U_SUCCESS(status) && all_met(units, count) ? arena : NULL;
    utrans_transUChars(translit, units, &count, UNITS_MAX, 0, &limit, &status);
    lent = NULL;
    if (U_FAILURE(status))
        return "";
    for (int32_t i = 0; i < count; i++)
        ascii[i] = units[i] > 0 && units[i] < 0x80 ? (char)units[i] : '\'';
    ascii[count] = '\0';
    return ascii;
}

const char *
fold_script(struct arena *arena, const char *text, size_t len)
{
    return transliterate(arena, TO_LATIN, text, len);
}

/* -- Han -- */

static size_t
utf8(uint32_t c, char out[4])
{
    if (c < 0x10000) {
        out[0] = (char)(0xe0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 0x3f));
        out[2] = (char)(0x80 | (c & 0x3f));
        return 3;
    }
    out[0] = (char)(0xf0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 0x3f));
    out[2] = (char)(0x80 | (c >> 6 & 0x3f));
    out[3] = (char)(0x80 | (c & 0x3f));
    return 4;
}

/* Readings that names of people, places and companies prefer to ICU's. */
static const struct {
    uint32_t c;
    const char *syllable;
} preferred[] = {
    {0x957f, "chang"}, {0x9577, "chang"}, /* length, as in Changsha, Changjiang */
    {0x6c88, "shen"},                     /* the family name, Shenyang */
    {0x53a6, "xia"},   {0x5ec8, "xia"},   /* Xiamen */
    {0x62d3, "tuo"},                      /* to open up */
    {0x66fe, "zeng"},                     /* the family name */
    {0x5355, "shan"},  {0x55ae, "shan"},  /* the family name */
    {0x4ec7, "qiu"},                      /* the family name */
    {0x52d2, "le"},                       /* in transcriptions */
    {0x91cd, "chong"},                    /* Chongqing */
    {0x884c, "hang"},                     /* a business: bank, trading firm */
};

static void
han_ask(struct arena *arena, uint32_t c, char syllable[8])
{
    char text[4];
    const char *latin = transliterate(arena, HAN_TO_LATIN, text, utf8(c, text));
    size_t n = 0;

    memset(syllable, 0, 8);
    for (size_t i = 0; i < sizeof(preferred) / sizeof(preferred[0]); i++)
        if (preferred[i].c == c)
            latin = preferred[i].syllable;
    for (; *latin && n < 7; latin++)
        if (*latin >= 'a' && *latin <= 'z')
            syllable[n++] = *latin;
}

void
fold_han(struct arena *arena, uint32_t c, char syllable[8])
{
    _Atomic uint64_t *known = c - HAN_FIRST < HAN_COUNT ? &syllables[c - HAN_FIRST] : NULL;
    uint64_t packed = known ? atomic_load_explicit(known, memory_order_relaxed) : 0;

    if (packed) {
        memcpy(syllable, &packed, sizeof(packed));
    } else {
        han_ask(arena, c, syllable);
        memcpy(&packed, syllable, sizeof(packed));
        if (!packed)
            memcpy(&packed, " ", 1);
        if (known)
            atomic_store_explicit(known, packed, memory_order_relaxed);
    }
    if (*syllable == ' ')
        *syllable = '\0';
}
