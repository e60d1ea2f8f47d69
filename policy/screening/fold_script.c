/*
 * fold_script.c - the scripts that ICU transliterates.
 *
 * A transliterator is made once a thread and a kind, and stays.  ICU's memory comes from
 * a pool that keeps what is given back: once warm, a name takes nothing from malloc (F3).
 * It cannot be the arena, for ICU keeps some of it.  A Han character has one reading
 * whatever stands beside it, so each is asked for once a process.
 */
#include "policy/screening/fold.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/uclean.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>

#define POOL_LEAST   32 /* bytes of the smallest piece; each class twice the last */
#define POOL_CLASSES 12
#define POOL_SLAB    (256u << 10)
#define UNITS_MAX    (4 * FOLD_BYTES_MAX) /* of UTF-16, after transliteration */
#define HAN_FIRST    0x4e00u
#define HAN_COUNT    0x5200u

enum { TO_LATIN, HAN_TO_LATIN, TRANSLITERATORS };

/* Marks vanish before the rest of Latin is made ASCII. */
static const char *const rules[TRANSLITERATORS] = {
    [TO_LATIN] = "Any-Latin; NFD; [[:M:][:Lm:]] Remove; Latin-ASCII",
    [HAN_TO_LATIN] = "Han-Latin; NFD; [:M:] Remove; Latin-ASCII",
};

static _Thread_local UTransliterator *made[TRANSLITERATORS];

/* Up to seven letters of a syllable; 0: not asked yet; a blank first: there is none. */
static _Atomic uint64_t syllables[HAN_COUNT];

/* -- ICU's memory -- */

/* Before each piece: its size, as a number of doublings; POOL_CLASSES: from malloc alone. */
union head {
    size_t class;
    union head *next; /* of the free ones */
    max_align_t align;
};

static struct {
    pthread_mutex_t lock;
    union head *free[POOL_CLASSES];
    char *slab, *slab_end; /* not cut yet */
} pool = {.lock = PTHREAD_MUTEX_INITIALIZER};

static size_t
piece_bytes(size_t class)
{
    return sizeof(union head) + ((size_t)POOL_LEAST << class);
}

/* A new piece cut from the slab, and a new slab where it is used up.  The lock is held. */
static union head *
piece_cut(size_t class)
{
    size_t bytes = piece_bytes(class);
    union head *head;

    if ((size_t)(pool.slab_end - pool.slab) < bytes) {
        pool.slab = malloc(POOL_SLAB);
        if (!pool.slab)
            abort();
        pool.slab_end = pool.slab + POOL_SLAB;
    }
    head = (union head *)(void *)pool.slab;
    pool.slab += bytes;
    return head;
}

static void *
icu_alloc(const void *context, size_t bytes)
{
    union head *head;
    size_t class = 0;

    (void)context;
    while (class < POOL_CLASSES && ((size_t)POOL_LEAST << class) < bytes)
        class ++;
    if (class == POOL_CLASSES) {
        head = malloc(sizeof(*head) + bytes);
        if (!head)
            abort();
    } else {
        pthread_mutex_lock(&pool.lock);
        head = pool.free[class];
        if (head)
            pool.free[class] = head->next;
        else
            head = piece_cut(class);
        pthread_mutex_unlock(&pool.lock);
    }
    head->class = class;
    return head + 1;
}

static void
icu_free(const void *context, void *memory)
{
    union head *head = memory;
    size_t class;

    (void)context;
    if (!head)
        return;
    head--;
    class = head->class;
    if (class == POOL_CLASSES) {
        free(head);
        return;
    }
    pthread_mutex_lock(&pool.lock);
    head->next = pool.free[class];
    pool.free[class] = head;
    pthread_mutex_unlock(&pool.lock);
}

static void *
icu_realloc(const void *context, void *memory, size_t bytes)
{
    union head *head = memory;
    void *grown;
    size_t held;

    if (!head)
        return icu_alloc(context, bytes);
    held = head[-1].class < POOL_CLASSES ? (size_t)POOL_LEAST << head[-1].class : 0;
    if (bytes <= held)
        return memory;
    if (head[-1].class == POOL_CLASSES) {
        head = realloc(head - 1, sizeof(*head) + bytes);
        if (!head)
            abort();
        return head + 1;
    }
    grown = icu_alloc(context, bytes);
    memcpy(grown, memory, held);
    icu_free(context, memory);
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
    utrans_transUChars(translit, units, &count, UNITS_MAX, 0, &limit, &status);
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
