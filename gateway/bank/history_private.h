/* history_private.h - notes in memory and packed, for the files gateway/bank/history*.c only. */
#ifndef GATEWAY_BANK_HISTORY_PRIVATE_H
#define GATEWAY_BANK_HISTORY_PRIVATE_H

#include <pthread.h>
#include <stdatomic.h>

#include "gateway/bank/history.h"
#include "gateway/bank/history_account.h"

#define HISTORY_DAY_MS     (24 * 3600 * INT64_C(1000))
#define HISTORY_HORIZON_MS (HISTORY_DAYS * HISTORY_DAY_MS)

/* --- history_pack.c: a note as bytes ----------------------------------------------------- */

/* Its length; out has room for HISTORY_NOTE_MAX. */
size_t history_pack(const struct memory_note *note, uint8_t *out);

/* Everything but time and outcome. */
int history_unpack(const uint8_t *packed, size_t len, struct memory_note *out,
                   struct error *err) __attribute__((warn_unused_result));

/* --- history_notes.c: the payments themselves -------------------------------------------- */

/* What few payments have. */
struct note_extra {
    uint8_t uetr[16];
    uint64_t goods; /* a hash of the lines */
    uint32_t end_user_count;
    uint32_t packed_len; /* of the lines */
    uint64_t end_users[MEMORY_END_USERS_MAX];
    uint8_t packed[]; /* { line, digits, bytes } and these, again and again */
};

struct note {
    int64_t at_ms;
    uint64_t debtor, creditor, contract, presented;
    struct note_extra *extra; /* NULL: neither end users nor parts of kits */
    int64_t amount;
    uint32_t order;
    uint32_t next, previous; /* of the same day; free: the next free one */
    uint8_t outcome;         /* enum memory_outcome */
    bool listed;             /* by its day */
    bool gone;               /* in no account */
};

#define NOTES_CHUNK      4096
#define NOTES_CHUNKS_MAX (2 * HISTORY_NOTES_MAX / NOTES_CHUNK)

struct notes_day {
    int64_t day;
    uint32_t first, last; /* of notes, 0: none; in the order of judging */
};

/* Notes by number, from 1 on; and by day. */
struct notes {
    pthread_mutex_t lock;
    struct note *chunks[NOTES_CHUNKS_MAX];
    uint32_t used;  /* numbers that were ever given */
    uint32_t free;  /* the first of a list of free ones; 0: none */
    size_t count;   /* listed by day */
    uint32_t order; /* of the next one */
    int64_t latest_ms;
    struct notes_day *days; /* sorted */
    size_t day_count, day_capacity;
};

static inline struct note *
note_at(struct notes *notes, uint32_t number)
{
    return &notes->chunks[number / NOTES_CHUNK][number % NOTES_CHUNK];
}

void notes_init(struct notes *notes);
void notes_release(struct notes *notes);

/* Its number; the note gets its order here. */
uint32_t notes_add(struct notes *notes, const struct memory_note *from);

/* Of a note that is remembered still: its keys and a copy; false where it is gone. */
bool notes_get(struct notes *notes, uint64_t id, struct memory_keys *keys);

/*
 * The oldest that is past the horizon of now_ms or one too many; 0: none.  It is listed no
 * longer, and the caller's to drop.
 */
uint32_t notes_oldest(struct notes *notes, int64_t now_ms);

/* Both once the note is in no account, under the locks of its shards.  Its number is free. */
void notes_drop(struct notes *notes, uint32_t number);   /* after notes_oldest() */
void notes_forget(struct notes *notes, uint32_t number); /* whoever has it */

/* The keys of a note, and its lines as parts on the arena. */
void note_keys(const struct note *note, struct memory_keys *out);
size_t note_parts(const struct note *note, struct arena *arena, struct memory_part *out);

static inline uint64_t
note_id(uint32_t number, uint32_t order)
{
    return (uint64_t)order << 32 | number;
}

/* --- history_shards.c --------------------------------------------------------------------------- */

struct slot {
    uint64_t key; /* 0: free */
    struct account *account;
};

struct shard {
    _Alignas(64) pthread_mutex_t lock;
    struct slot *slots;     /* open addressing by key */
    size_t count, capacity; /* a power of two */
};

struct history {
    struct shard shards[HISTORY_SHARDS];
    struct notes notes;
};

/* Where a visit's accounts are; end users from VISIT_END_USERS on. */
enum { VISIT_DEBTOR, VISIT_CREDITOR, VISIT_CONTRACT, VISIT_PRESENTED, VISIT_END_USERS };

static inline uint32_t
visit_keys(const struct history_visit *visit)
{
    return VISIT_END_USERS + visit->keys.end_user_count;
}

void visit_find_shards(struct history_visit *visit); /* of its keys */
void visit_enter(struct facts_memory *memory);
void visit_unlock(struct history_visit *visit);

/* Of a visit that has entered.  NULL where the payment has no such key. */
struct account *visit_account_made(struct history_visit *visit, uint32_t at);

/* One without payments is kept for when it was last seen, while there is room. */
void visit_account_settle(struct history_visit *visit, uint32_t at);

/* --- history.c: of a visit that has entered ---------------------------------------------- */

uint64_t note_insert(struct history_visit *visit, const struct memory_note *from);
void note_under(struct history_visit *visit, uint32_t at, const struct note *note);
void note_part(struct history_visit *visit, const struct note *note, uint32_t number);

#endif
