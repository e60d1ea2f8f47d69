/* standing.c - an array by sequence number, in chunks, under one short lock. */
#include "gateway/bank/standing.h"

#include <pthread.h>
#include <stdlib.h>

#define CHUNK_SLOTS 65536

#define EVENT_BITS  40
#define EVENT_MASK  ((1ULL << EVENT_BITS) - 1)
#define STATE_SHIFT EVENT_BITS
#define FLAGS_SHIFT (EVENT_BITS + 8)
#define WAS_DUE     (1ULL << 61) /* taken from the schedule since it was claimed */
#define CLAIMED     (1ULL << 62)
#define KNOWN       (1ULL << 63)

/* word: the latest event's seq, then state and flags, one byte each, then three bits. */
struct slot {
    uint64_t word;
    int64_t due_ms;
    uint64_t note;
};

struct standing {
    pthread_mutex_t lock;
    struct slot **chunks;
    size_t chunk_count;
    uint64_t last; /* the greatest seq that is a payment's */
};

struct standing *
standing_new(void)
{
    struct standing *standing = calloc(1, sizeof(*standing));

    if (!standing || pthread_mutex_init(&standing->lock, NULL) != 0)
        abort();
    return standing;
}

void
standing_free(struct standing *standing)
{
    if (!standing)
        return;
    for (size_t i = 0; i < standing->chunk_count; i++)
        free(standing->chunks[i]);
    free(standing->chunks);
    pthread_mutex_destroy(&standing->lock);
    free(standing);
}

/* NULL where nothing is known of that seq. */
static struct slot *
slot_find(struct standing *standing, uint64_t seq)
{
    size_t chunk = seq / CHUNK_SLOTS;
    struct slot *slot;

    if (chunk >= standing->chunk_count || !standing->chunks[chunk])
        return NULL;
    slot = &standing->chunks[chunk][seq % CHUNK_SLOTS];
    return slot->word & KNOWN ? slot : NULL;
}

static struct slot *
slot_make(struct standing *standing, uint64_t seq)
{
    size_t chunk = seq / CHUNK_SLOTS;

    if (chunk >= standing->chunk_count) {
        size_t count = (chunk + 1) * 2;

        standing->chunks = realloc(standing->chunks, count * sizeof(*standing->chunks));
        if (!standing->chunks)
            abort();
        for (size_t i = standing->chunk_count; i < count; i++)
            standing->chunks[i] = NULL;
        standing->chunk_count = count;
    }
    if (!standing->chunks[chunk]) {
        standing->chunks[chunk] = calloc(CHUNK_SLOTS, sizeof(struct slot));
        if (!standing->chunks[chunk])
            abort();
    }
    return &standing->chunks[chunk][seq % CHUNK_SLOTS];
}

static void
slot_set(struct slot *slot, uint64_t event_seq, int state, unsigned flags, int64_t due_ms)
{
    slot->word = KNOWN | (event_seq & EVENT_MASK) | (uint64_t)state << STATE_SHIFT |
                 (uint64_t)(flags & 0xff) << FLAGS_SHIFT;
    slot->due_ms = due_ms;
}

static struct stand
slot_read(const struct slot *slot)
{
    return (struct stand){
        .event_seq = slot->word & EVENT_MASK,
        .due_ms = slot->due_ms,
        .note = slot->note,
        .state = (enum payment_state)(slot->word >> STATE_SHIFT & 0xff),
        .flags = (unsigned)(slot->word >> FLAGS_SHIFT & 0xff),
        .claimed = slot->word & CLAIMED,
    };
}

/* Whom a payment in this state waits for: people. */
static unsigned
flags_of_state(int state)
{
    static const unsigned with_case =
        1u << PAYMENT_HELD | 1u << PAYMENT_AWAITING_INFORMATION | 1u << PAYMENT_FROZEN;

    return with_case >> state & 1 ? STAND_CASE : 0;
}

static void
take_payment(struct standing *standing, const struct store_entry *entry)
{
    struct slot *slot = slot_make(standing, entry->seq);

    if (slot->word & KNOWN) /* by an event */
        slot->word |= (uint64_t)flags_of_state(entry->state) << FLAGS_SHIFT;
    else
        slot_set(slot, 0, entry->state, flags_of_state(entry->state), entry->due_ms);
    if (entry->seq > standing->last)
        standing->last = entry->seq;
}

void
standing_take(struct standing *standing, const struct store_entry *entry)
{
    pthread_mutex_lock(&standing->lock);
    if (entry->kind == RECORD_PAYMENT)
        take_payment(standing, entry);
    else if (entry->kind == RECORD_EVENT && entry->payment_seq != 0)
        slot_set(slot_make(standing, entry->payment_seq), entry->seq, entry->state,
                 entry->flags | flags_of_state(entry->state), entry->due_ms);
    pthread_mutex_unlock(&standing->lock);
}

void
standing_remember(struct standing *standing, uint64_t seq, uint64_t note)
{
    pthread_mutex_lock(&standing->lock);
    slot_make(standing, seq)->note = note;
    pthread_mutex_unlock(&standing->lock);
}

bool
standing_find(struct standing *standing, uint64_t seq, struct stand *out)
{
    const struct slot *slot;

    *out = (struct stand){0};
    pthread_mutex_lock(&standing->lock);
    slot = slot_find(standing, seq);
    if (slot)
        *out = slot_read(slot);
    pthread_mutex_unlock(&standing->lock);
    return slot != NULL;
}

int
standing_claim(struct standing *standing, uint64_t seq, struct stand *out, struct error *err)
{
    struct slot *slot;
    int rc = -1;

    *out = (struct stand){0};
    pthread_mutex_lock(&standing->lock);
    slot = slot_find(standing, seq);
    if (!slot) {
        error_record(err, ERROR_NOT_FOUND, "no payment has this id");
    } else if (slot->word & CLAIMED) {
        error_record(
            err, ERROR_CONFLICT,
            "something else is being done with this payment just now; look at it again");
    } else {
        *out = slot_read(slot);
        slot->word |= CLAIMED;
        rc = 0;
    }
    pthread_mutex_unlock(&standing->lock);
    return rc;
}

bool
standing_claim_due(struct standing *standing, uint64_t seq, struct stand *out)
{
    struct slot *slot;

    *out = (struct stand){0};
    pthread_mutex_lock(&standing->lock);
    slot = slot_find(standing, seq);
    if (slot) {
        *out = slot_read(slot);
        slot->word |= CLAIMED | WAS_DUE;
    }
    pthread_mutex_unlock(&standing->lock);
    return slot && !out->claimed;
}

bool
standing_give_up(struct standing *standing, uint64_t seq)
{
    struct slot *slot;
    bool was_due = false;

    pthread_mutex_lock(&standing->lock);
    slot = slot_find(standing, seq);
    if (slot) {
        was_due = slot->word & WAS_DUE;
        slot->word &= ~(CLAIMED | WAS_DUE);
    }
    pthread_mutex_unlock(&standing->lock);
    return was_due;
}

void
standing_each_due(struct standing *standing,
                  void (*each)(void *context, uint64_t seq, int64_t due_ms), void *context)
{
    for (uint64_t seq = 1; seq <= standing->last; seq++) {
        const struct slot *slot = slot_find(standing, seq);

        if (slot && slot->due_ms != 0)
            each(context, seq, slot->due_ms);
    }
}

int
standing_state_now(void *context, uint64_t seq, int state)
{
    struct stand stand;

    return standing_find(context, seq, &stand) ? (int)stand.state : state;
}

static bool
passes(const struct slot *slot, unsigned states, unsigned mask, unsigned flags)
{
    struct stand stand = slot_read(slot);

    return (states == 0 || (states >> stand.state & 1)) && (stand.flags & mask) == flags;
}

/* The writer waits for this lock: it is held for so many slots at a time. */
#define LIST_SLOTS 4096

size_t
standing_list(struct standing *standing, uint64_t from, unsigned states, unsigned mask,
              unsigned flags, uint64_t *seqs, size_t limit)
{
    size_t count = 0;
    uint64_t seq = from;

    while (seq > 0 && count < limit) {
        pthread_mutex_lock(&standing->lock);
        if (seq > standing->last)
            seq = standing->last;
        for (size_t looked = 0; seq > 0 && count < limit && looked < LIST_SLOTS; looked++) {
            const struct slot *slot = slot_find(standing, seq);

            if (slot && passes(slot, states, mask, flags))
                seqs[count++] = seq;
            seq--;
        }
        pthread_mutex_unlock(&standing->lock);
    }
    return count;
}
