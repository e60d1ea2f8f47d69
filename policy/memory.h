/*
 * memory.h - what is remembered of earlier payments: the seam that policy/ is lent.
 *
 * A memory stands for what came before one payment.  The bank's own is
 * gateway/bank/history.h; policy/recall.h is the trivial one, for the tests of packs.
 *
 *   M1  a party is its country and its tax identifier (inn, uscc or lei, the first that is
 *       given in this order), or else its country and its name: letters and digits alone
 *       count, in any script (policy/screening/fold.h).
 *   M2  an end user is a name.  A contract is its number, letters and digits alone, and its
 *       creditor: numbers such as 1/2024 are anybody's.
 *   M3  a payment presented again has the same debtor, creditor, amount, currency, and
 *       contract number, or where none is given end_to_end_id.
 *   M4  amounts are in millionths of the book's base currency (policy/rates.h).
 *   M5  a window has no end: what was judged earlier counts, also where its time is later,
 *       as under a clock that follows the payments.
 *   M6  of a payment the first end users and the first lines that a kit may need are kept, as
 *       many as MEMORY_END_USERS_MAX and MEMORY_LINES_MAX say; what is behind them is not
 *       looked for later.  All lines of the payment at hand count.
 */
#ifndef POLICY_MEMORY_H
#define POLICY_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gateway/base/arena.h"
#include "policy/policy_plugin.h"

#define MEMORY_KITS_DAYS     90   /* goods of how many days make up a kit; a book may differ */
#define MEMORY_END_USERS_MAX 8    /* of one payment */
#define MEMORY_LINES_MAX     8    /* of one payment: goods lines that a kit may need */
#define MEMORY_TEXT_MAX      96   /* bytes of such a line's description */
#define MEMORY_CODE_MAX      10   /* digits of its HS code */
#define MEMORY_PARTS_MAX     64   /* lines of earlier payments that one payment is told */
#define MEMORY_UNKNOWN       (-1) /* an amount in a currency without a rate */

/* Whose payments: 0 stands for none. */
struct memory_keys {
    uint64_t debtor, creditor, contract, presented;
    uint64_t end_users[MEMORY_END_USERS_MAX];
    uint32_t end_user_count;
};

/* What came of it, as far as memory goes. */
enum memory_outcome {
    MEMORY_OPEN,      /* accepted, held, asked about: the goods may move */
    MEMORY_REFUSED,   /* rejected, returned, frozen */
    MEMORY_CANCELLED, /* the payer took it back: its goods do not move, nobody refused it */
};

/* A goods line that a kit may need. */
struct memory_line {
    uint32_t line;
    char hs_code[MEMORY_CODE_MAX + 1];
    char description[MEMORY_TEXT_MAX + 1];
};

/* One payment as it is remembered. */
struct memory_note {
    int64_t at_ms;
    int64_t amount; /* M4; MEMORY_UNKNOWN */
    struct memory_keys keys;
    enum memory_outcome outcome;
    uint8_t uetr[16];
    struct memory_line lines[MEMORY_LINES_MAX];
    uint32_t line_count;
};

/* Earlier payments of one party, end user or contract; {0} for none. */
struct memory_window {
    int64_t count;
    int64_t counterparties;
    int64_t refused;
    int64_t unknown; /* of the payments: those without an amount */
    int64_t largest;
    __int128 sum;
    int64_t last_ms; /* whatever the window; 0: never */
};

/* A goods line of an earlier payment that was not refused or cancelled. */
struct memory_part {
    const char *uetr;
    const char *hs_code;
    const char *description;
    int64_t at_ms;
    uint32_t line;
};

/* Of several end users the one is told that has most payments, then the larger sum. */
static inline bool
memory_window_is_more(const struct memory_window *a, const struct memory_window *b)
{
    if (a->count != b->count)
        return a->count > b->count;
    return a->count > 0 ? a->sum > b->sum : a->last_ms > b->last_ms;
}

/* The functions are called between enter and what ends the visit, on one thread. */
struct facts_memory {
    /* Nothing else is noted from here on; asked as late as can be.  A second time: nothing. */
    void (*enter)(struct facts_memory *memory);

    /*
     * From since_ms on.  Counterparties are a debtor's creditors, and of the others their
     * debtors; refused presentations are counted alone under POLICY_HISTORY_REFUSED.
     */
    void (*window)(struct facts_memory *memory, enum policy_history_by by, int64_t since_ms,
                   struct memory_window *out);

    /*
     * Of the debtor, end users and contract, from since_ms on, in the order of
     * memory_parts_sort(); at most MEMORY_PARTS_MAX, all on the arena.
     */
    size_t (*parts)(struct facts_memory *memory, int64_t since_ms, struct arena *arena,
                    const struct memory_part **out);
};

/* The arena is for a while only. */
void memory_keys_of(const struct policy_payment *payment, struct arena *arena,
                    struct memory_keys *out);

struct decision;

/* Everything but the time; of the lines that the decision has under brings, the first. */
void memory_note_of(const struct policy_payment *payment, const struct memory_keys *keys,
                    const struct decision *decision, struct memory_note *out);

/* Newest first, then by uetr and line; each once, at most MEMORY_PARTS_MAX. */
size_t memory_parts_sort(struct memory_part *parts, size_t count);

/* The 16 bytes of a uetr as its 36 characters and a NUL. */
#define MEMORY_UETR_SIZE 37
void memory_uetr_print(const uint8_t uetr[16], char text[MEMORY_UETR_SIZE]);

/* The debtor's counterparty is the creditor; of all others it is the debtor. */
static inline uint64_t
memory_counterparty(const struct memory_keys *keys, enum policy_history_by by)
{
    return by == POLICY_HISTORY_DEBTOR ? keys->creditor : keys->debtor;
}

#endif
