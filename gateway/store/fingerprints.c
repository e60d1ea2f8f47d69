/*
 * fingerprints.c - 256 sorted tables with gaps.
 *
 * A fingerprint is mixed (one to one); 8 bits choose a shard, 24 are its tag.
 * A shard's slots hold tag and seq, and 0 where empty.  A tag's home is the
 * slot at its share of the table: tag / 2^24 of the homes.
 *
 *   T1  slots that are not empty rise in value: they are sorted by tag.
 *   T2  a slot lies at or behind its home, with no empty slot in between.
 *
 * So a search walks from the home to the first slot that is empty or greater.
 * Because homes rise with tags, a table can grow in the very memory it lies
 * in: its slots are pushed together at the far end of the larger memory and
 * from there dealt out to their new homes, front to back.  The memory is the
 * kernel's (mremap), by pages: malloc would leave a hole of the old size at
 * each growth, and F3 is about what the process really holds.
 */
#include "gateway/store/fingerprints.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>

#define SHARD_COUNT    256
#define TAG_BITS       24
#define SEQ_BITS       40
#define PAGE_BYTES     4096
#define PAGE_SLOTS     (PAGE_BYTES / sizeof(uint64_t))
#define TAIL_SLOTS_MIN 32 /* behind the last home, for what is pushed past it */
#define CLAIMS_MIN     8
#define CACHE_LINE     64

struct shard {
    _Alignas(CACHE_LINE) pthread_mutex_t lock;
    uint64_t *slots;
    size_t pages;
    size_t tail; /* of the slots, those behind the last home */
    size_t used;
    uint64_t *claims; /* whole fingerprints, in no order */
    size_t claim_count;
    size_t claim_capacity;
};

struct fingerprints {
    uint64_t salt;
    atomic_size_t count;
    atomic_size_t bytes;
    struct shard shards[SHARD_COUNT];
};

/* Where a fingerprint belongs. */
struct place {
    struct shard *shard;
    uint64_t tag;
};

/* Every bit of the result depends on every bit given (the end of MurmurHash3). */
static uint64_t
mix(uint64_t x)
{
    x ^= x >> 33;
    x *= 0xff51afd7ed558ccdULL;
    x ^= x >> 33;
    x *= 0xc4ceb9fe1a85ec53ULL;
    return x ^ x >> 33;
}

static struct place
place_of(struct fingerprints *set, uint64_t fingerprint)
{
    uint64_t mixed = mix(fingerprint ^ set->salt);

    return (struct place){
        .shard = &set->shards[mixed % SHARD_COUNT],
        .tag = mixed >> (64 - TAG_BITS),
    };
}

static uint64_t
slot_tag(uint64_t slot)
{
    return slot >> SEQ_BITS;
}

static size_t
shard_slots(const struct shard *shard)
{
    return shard->pages * PAGE_SLOTS;
}

static size_t
shard_home(const struct shard *shard, uint64_t tag)
{
    return (size_t)(tag * (shard_slots(shard) - shard->tail) >> TAG_BITS);
}

/* The first slot that is empty or has at least this value; slots' number if none. */
static size_t
shard_seek(const struct shard *shard, uint64_t value)
{
    size_t end = shard_slots(shard), i = end ? shard_home(shard, slot_tag(value)) : 0;

    while (i < end && shard->slots[i] && shard->slots[i] < value)
        i++;
    return i;
}

/* Full at four fifths of the homes: longer walks cost more than they save. */
static bool
shard_is_full(const struct shard *shard)
{
    return shard->used * 5 >= (shard_slots(shard) - shard->tail) * 4;
}

/* More pages, by a quarter: a table is then between 0.64 and 0.8 full. */
static void
shard_extend(struct fingerprints *set, struct shard *shard)
{
    size_t pages = shard->pages + (shard->pages < 4 ? 1 : shard->pages / 4);
    void *memory = shard->pages ? mremap(shard->slots, shard->pages * PAGE_BYTES,
                                         pages * PAGE_BYTES, MREMAP_MAYMOVE)
                                : mmap(NULL, pages * PAGE_BYTES, PROT_READ | PROT_WRITE,
                                       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (memory == MAP_FAILED)
        abort();
    atomic_fetch_add(&set->bytes, (pages - shard->pages) * PAGE_BYTES);
    shard->slots = memory;
    shard->pages = pages;
}

/* Push all slots together at the far end; returns where they begin. */
static size_t
shard_pack(struct shard *shard, size_t old_slots)
{
    size_t to = shard_slots(shard);

    for (size_t from = old_slots; from-- > 0;) {
        uint64_t slot = shard->slots[from];

        if (slot) {
            shard->slots[from] = 0;
            shard->slots[--to] = slot;
        }
    }
    return to;
}

static size_t
place_after(const struct shard *shard, uint64_t slot, size_t next_free)
{
    size_t home = shard_home(shard, slot_tag(slot));

    return home > next_free ? home : next_free;
}

/*
 * Would the packed slots, dealt out, leave the last one empty?  Then the slot
 * that made the table grow finds a gap, whatever its home.
 */
static bool
shard_fits(const struct shard *shard, size_t packed)
{
    size_t next_free = 0;

    for (size_t i = packed; i < shard_slots(shard); i++)
        next_free = place_after(shard, shard->slots[i], next_free) + 1;
    return next_free < shard_slots(shard);
}

/*
 * Since the last slot ends within the table, each has room for those that
 * follow it: no place lies behind the packed slot that goes there.
 */
static void
shard_deal(struct shard *shard, size_t packed)
{
    size_t next_free = 0;

    for (size_t i = packed; i < shard_slots(shard); i++) {
        uint64_t slot = shard->slots[i];
        size_t place = place_after(shard, slot, next_free);

        assert(place <= i);
        shard->slots[i] = 0;
        shard->slots[place] = slot;
        next_free = place + 1;
    }
}

/*
 * The tail is long enough for any luck but not for malice (thousands of the
 * highest tags): then it doubles, and at the latest fits when it holds all.
 */
static void
shard_grow(struct fingerprints *set, struct shard *shard)
{
    size_t packed;

    if (!shard->pages)
        shard->tail = TAIL_SLOTS_MIN;
    for (;;) {
        size_t old_slots = shard_slots(shard);

        shard_extend(set, shard);
        packed = shard_pack(shard, old_slots);
        if (!shard_fits(shard, packed) && shard->tail * 2 < shard_slots(shard))
            shard->tail *= 2;
        if (shard_fits(shard, packed) && !shard_is_full(shard))
            break;
    }
    shard_deal(shard, packed);
}

static void
shard_insert(struct fingerprints *set, struct shard *shard, uint64_t slot)
{
    size_t place, gap;

    for (;;) {
        if (shard->pages && !shard_is_full(shard)) {
            place = gap = shard_seek(shard, slot);
            while (gap < shard_slots(shard) && shard->slots[gap])
                gap++;
            if (gap < shard_slots(shard))
                break;
        }
        shard_grow(set, shard);
    }
    memmove(&shard->slots[place + 1], &shard->slots[place], (gap - place) * sizeof(slot));
    shard->slots[place] = slot;
    shard->used++;
    atomic_fetch_add_explicit(&set->count, 1, memory_order_relaxed);
}

static bool
is_refuted(uint64_t seq, const uint64_t *refuted, size_t refuted_count)
{
    for (size_t i = 0; i < refuted_count; i++)
        if (refuted[i] == seq)
            return true;
    return false;
}

static size_t
shard_matches(const struct shard *shard, uint64_t tag, const uint64_t *refuted,
              size_t refuted_count, uint64_t matches[FINGERPRINT_MATCHES_MAX])
{
    size_t count = 0;

    for (size_t i = shard_seek(shard, tag << SEQ_BITS); i < shard_slots(shard); i++) {
        uint64_t slot = shard->slots[i], seq = slot & FINGERPRINT_SEQ_MAX;

        if (!slot || slot_tag(slot) != tag || count == FINGERPRINT_MATCHES_MAX)
            break;
        if (!is_refuted(seq, refuted, refuted_count))
            matches[count++] = seq;
    }
    return count;
}

/* The claim's index, or claim_count where there is none. */
static size_t
shard_claim_of(const struct shard *shard, uint64_t fingerprint)
{
    size_t i = 0;

    while (i < shard->claim_count && shard->claims[i] != fingerprint)
        i++;
    return i;
}

static void
shard_add_claim(struct fingerprints *set, struct shard *shard, uint64_t fingerprint)
{
    if (shard->claim_count == shard->claim_capacity) {
        size_t capacity = shard->claim_capacity ? shard->claim_capacity * 2 : CLAIMS_MIN;

        shard->claims = realloc(shard->claims, capacity * sizeof(*shard->claims));
        if (!shard->claims)
            abort();
        atomic_fetch_add(&set->bytes,
                         (capacity - shard->claim_capacity) * sizeof(*shard->claims));
        shard->claim_capacity = capacity;
    }
    shard->claims[shard->claim_count++] = fingerprint;
}

static void
shard_end_claim(struct shard *shard, uint64_t fingerprint)
{
    size_t i = shard_claim_of(shard, fingerprint);

    assert(i < shard->claim_count); /* it was claimed */
    shard->claims[i] = shard->claims[--shard->claim_count];
}

struct fingerprints *
fingerprints_new_salted(uint64_t salt)
{
    struct fingerprints *set = aligned_alloc(CACHE_LINE, sizeof(*set));

    if (!set)
        abort();
    memset(set, 0, sizeof(*set));
    set->salt = salt;
    atomic_init(&set->bytes, sizeof(*set));
    for (size_t i = 0; i < SHARD_COUNT; i++)
        if (pthread_mutex_init(&set->shards[i].lock, NULL) != 0)
            abort();
    return set;
}

struct fingerprints *
fingerprints_new(void)
{
    uint64_t salt;

    if (getrandom(&salt, sizeof(salt), 0) != sizeof(salt))
        abort();
    return fingerprints_new_salted(salt);
}

void
fingerprints_free(struct fingerprints *set)
{
    if (!set)
        return;
    for (size_t i = 0; i < SHARD_COUNT; i++) {
        struct shard *shard = &set->shards[i];

        if (shard->pages)
            munmap(shard->slots, shard->pages * PAGE_BYTES);
        free(shard->claims);
        pthread_mutex_destroy(&shard->lock);
    }
    free(set);
}

enum fingerprint_claim
fingerprints_claim(struct fingerprints *set, uint64_t fingerprint, const uint64_t *refuted,
                   size_t refuted_count, uint64_t matches[FINGERPRINT_MATCHES_MAX],
                   size_t *count)
{
    struct place place = place_of(set, fingerprint);
    struct shard *shard = place.shard;
    enum fingerprint_claim answer = FINGERPRINT_CLAIMED;

    pthread_mutex_lock(&shard->lock);
    *count = shard_matches(shard, place.tag, refuted, refuted_count, matches);
    if (*count)
        answer = FINGERPRINT_KNOWN;
    else if (shard_claim_of(shard, fingerprint) < shard->claim_count)
        answer = FINGERPRINT_IN_FLIGHT;
    else
        shard_add_claim(set, shard, fingerprint);
    pthread_mutex_unlock(&shard->lock);
    return answer;
}

size_t
fingerprints_find(struct fingerprints *set, uint64_t fingerprint,
                  uint64_t matches[FINGERPRINT_MATCHES_MAX])
{
    struct place place = place_of(set, fingerprint);
    size_t count;

    pthread_mutex_lock(&place.shard->lock);
    count = shard_matches(place.shard, place.tag, NULL, 0, matches);
    pthread_mutex_unlock(&place.shard->lock);
    return count;
}

void
fingerprints_settle(struct fingerprints *set, uint64_t fingerprint, uint64_t seq)
{
    struct place place = place_of(set, fingerprint);

    assert(seq >= 1 && seq <= FINGERPRINT_SEQ_MAX); /* so that no slot is 0 */
    pthread_mutex_lock(&place.shard->lock);
    shard_end_claim(place.shard, fingerprint);
    shard_insert(set, place.shard, place.tag << SEQ_BITS | seq);
    pthread_mutex_unlock(&place.shard->lock);
}

void
fingerprints_abandon(struct fingerprints *set, uint64_t fingerprint)
{
    struct place place = place_of(set, fingerprint);

    pthread_mutex_lock(&place.shard->lock);
    shard_end_claim(place.shard, fingerprint);
    pthread_mutex_unlock(&place.shard->lock);
}

void
fingerprints_load(struct fingerprints *set, uint64_t fingerprint, uint64_t seq)
{
    struct place place = place_of(set, fingerprint);

    assert(seq >= 1 && seq <= FINGERPRINT_SEQ_MAX);
    shard_insert(set, place.shard, place.tag << SEQ_BITS | seq);
}

size_t
fingerprints_count(const struct fingerprints *set)
{
    return atomic_load(&set->count);
}

size_t
fingerprints_bytes(const struct fingerprints *set)
{
    return atomic_load(&set->bytes);
}
