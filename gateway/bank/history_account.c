/* history_account.c - entries, the last of each counterparty, parts of kits. */
#include "gateway/bank/history_account.h"

#include "gateway/bank/history_large.h"

static bool
is_array(const struct account *account)
{
    return account->capacity > 1;
}

/* After entries came to the array from elsewhere, or some of them went. */
static void
array_sum(struct account *account)
{
    account->all = (struct sums){0};
    sums_add_entries(&account->all, account->entries, 0, account->count);
}

struct account *
account_new(uint64_t key)
{
    struct account *account = grown(NULL, sizeof(*account));

    *account = (struct account){.key = key};
    return account;
}

void
account_free(struct account *account)
{
    if (!account)
        return;
    if (account->large)
        large_free(account->large);
    if (is_array(account))
        free(account->entries);
    free(account->parts);
    free(account);
}

/* --- the last of each counterparty (A2) -------------------------------------------------- */

/* Where an entry is; NULL: nowhere.  *block is its block where the account is large. */
static struct entry *
account_find(const struct account *account, int64_t at_ms, uint32_t order, uint32_t *block)
{
    struct entry *entries = account->entries;
    size_t count = account->count, at;

    if (account->large) {
        if (account->count == 0)
            return NULL;
        *block = large_block(account->large, at_ms, order);
        entries = account->large->blocks[*block].entries;
        count = account->large->blocks[*block].count;
    }
    at = entries_find(entries, count, at_ms, order);
    return at < count && entries[at].at_ms == at_ms && entries[at].order == order ? &entries[at]
                                                                                  : NULL;
}

/* The same where there may be a shorter way. */
static struct entry *
account_find_seen(const struct account *account, const struct history_last_seen *seen,
                  uint32_t *block)
{
    struct entry *entry = account->large ? large_at(account->large, seen->place) : NULL;

    *block = seen->place / ACCOUNT_BLOCK;
    if (entry && entry->at_ms == seen->at_ms && entry->order == seen->order)
        return entry;
    return account_find(account, seen->at_ms, seen->order, block);
}

static void
account_mark(struct account *account, const struct history_last_seen *seen, uint32_t mark,
             bool on)
{
    uint32_t block;
    struct entry *entry = account_find_seen(account, seen, &block);
    struct sums change = {0};

    if (!entry || ((entry->marks & mark) != 0) == on)
        return;
    entry->marks ^= mark;
    if (mark == ENTRY_LAST)
        change.last = on ? 1 : UINT32_MAX;
    else
        change.refused = on ? 1 : UINT32_MAX;
    if (account->large)
        large_change(account->large, block, &change);
    else if (is_array(account))
        sums_add(&account->all, &change);
}

/* The last entry with the counterparty before the time and order; false: there is none. */
static bool
account_last(const struct account *account, uint64_t other, int64_t at_ms, uint32_t order,
             struct history_last_seen *out)
{
    const struct account_large *large = account->large;
    uint32_t b = large ? large_block(large, at_ms, order) + 1 : 1;

    for (uint32_t first = large ? large->first : 0; b > first; b--) {
        const struct entry *entries = large ? large->blocks[b - 1].entries : account->entries;
        size_t i = entries_find(entries, large ? large->blocks[b - 1].count : account->count,
                                at_ms, order);

        for (; i > 0; i--)
            if (entries[i - 1].other == other) {
                *out = (struct history_last_seen){entries[i - 1].at_ms, entries[i - 1].order,
                                                  (b - 1) * ACCOUNT_BLOCK + (uint32_t)(i - 1)};
                return true;
            }
    }
    return false;
}

static bool
small_last(const struct account *account, uint64_t other, struct history_last_seen *out)
{
    for (size_t i = account->count; i > 0; i--) {
        const struct entry *entry = &account->entries[i - 1];

        if (entry->other == other && (entry->marks & ENTRY_LAST)) {
            *out = (struct history_last_seen){entry->at_ms, entry->order, 0};
            return true;
        }
    }
    return false;
}

/* Before the entry is in: is it the last with its counterparty?  The one that was is not. */
static bool
account_takes_last(struct account *account, const struct entry *entry)
{
    struct history_last_seen seen;
    bool known = account->large ? history_last_find(&account->large->last, entry->other, &seen)
                                : small_last(account, entry->other, &seen);

    if (known && is_before(entry->at_ms, entry->order, seen.at_ms, seen.order))
        return false;
    if (known)
        account_mark(account, &seen, ENTRY_LAST, false);
    if (account->large)
        history_last_set(&account->large->last, entry->other,
                         (struct history_last_seen){entry->at_ms, entry->order,
                                                    large_next_place(account->large)});
    return true;
}

/* --- adding ------------------------------------------------------------------------------ */

/* All that there is, as blocks. */
static void
account_enlarge(struct account *account)
{
    account->large = large_new(account->entries, account->count);
    free(account->entries);
    account->entries = NULL;
    account->capacity = 0;
}

/* Room for one more: first in the account itself, then in an array. */
static void
small_grow(struct account *account)
{
    bool was_array = is_array(account);

    account->capacity = account->capacity ? 2 * account->capacity : 1;
    if (account->capacity == 1) {
        account->entries = &account->one;
    } else if (was_array) {
        account->entries =
            grown(account->entries, account->capacity * sizeof(*account->entries));
    } else {
        account->entries = grown(NULL, account->capacity * sizeof(*account->entries));
        account->entries[0] = account->one;
        array_sum(account);
    }
}

static void
small_add(struct account *account, const struct entry *entry)
{
    const struct sums one = sums_of(entry);
    size_t at = entries_find(account->entries, account->count, entry->at_ms, entry->order);

    if (account->count == account->capacity)
        small_grow(account);
    entries_insert(account->entries, account->count, at, entry);
    if (is_array(account))
        sums_add(&account->all, &one);
}

void
account_add(struct account *account, const struct entry *entry)
{
    struct entry added = *entry;

    if (!account->large && account->count == ACCOUNT_SMALL)
        account_enlarge(account);
    added.marks &= ~ENTRY_LAST;
    if (account_takes_last(account, &added))
        added.marks |= ENTRY_LAST;
    if (account->large)
        large_add(account->large, &added);
    else
        small_add(account, &added);
    account->count++;
}

/* --- removing ---------------------------------------------------------------------------- */

/* The one before it is the last with its counterparty now, if there is one. */
static void
account_yield_last(struct account *account, const struct entry *entry)
{
    struct history_last_seen seen;
    bool first =
        account->large &&
        large_block(account->large, entry->at_ms, entry->order) == account->large->first &&
        account->large->blocks[account->large->first].order == entry->order &&
        account->large->blocks[account->large->first].at_ms == entry->at_ms;

    if (!first && account_last(account, entry->other, entry->at_ms, entry->order, &seen)) {
        account_mark(account, &seen, ENTRY_LAST, true);
        if (account->large)
            history_last_set(&account->large->last, entry->other, seen);
    } else if (account->large) {
        history_last_drop(&account->large->last, entry->other);
    }
}

void
account_remove(struct account *account, int64_t at_ms, uint32_t order)
{
    uint32_t block = 0;
    struct entry *entry = account_find(account, at_ms, order, &block);

    if (!entry)
        return;
    if (entry->marks & ENTRY_LAST)
        account_yield_last(account, entry);
    if (account->large)
        large_remove(account->large, block,
                     (size_t)(entry - account->large->blocks[block].entries));
    else
        entries_delete(account->entries, account->count, (size_t)(entry - account->entries));
    account->count--;
    if (is_array(account))
        array_sum(account);
}

void
account_refuse(struct account *account, int64_t at_ms, uint32_t order, bool refused)
{
    const struct history_last_seen seen = {at_ms, order, UINT32_MAX};

    account_mark(account, &seen, ENTRY_REFUSED, refused);
}

/* --- asking ------------------------------------------------------------------------------ */

static int64_t
last_time(const struct account *account)
{
    if (account->large)
        return account->large->last_ms;
    return account->count > 0 ? account->entries[account->count - 1].at_ms : 0;
}

void
account_window(const struct account *account, int64_t since_ms, struct memory_window *out)
{
    int64_t last_ms = last_time(account);
    struct sums sums = {0};

    if (account->large)
        large_sum(account->large, since_ms, &sums);
    else if (is_array(account) &&
             entries_since(account->entries, account->count, since_ms) == 0)
        sums = account->all;
    else
        sums_add_entries(&sums, account->entries,
                         entries_since(account->entries, account->count, since_ms),
                         account->count);
    *out = (struct memory_window){
        .count = sums.count,
        .counterparties = sums.last,
        .refused = sums.refused,
        .unknown = sums.unknown,
        .largest = sums.largest,
        .sum = sums.sum,
        .last_ms = last_ms > account->gone_ms ? last_ms : account->gone_ms,
    };
}

void
account_prefetch(const struct account *account)
{
    if (account->large)
        __builtin_prefetch(account->large);
    else if (is_array(account))
        __builtin_prefetch(&account->entries[account->count - 1]);
}

/* --- parts of kits ----------------------------------------------------------------------- */

static void
parts_delete(struct account_parts *parts, uint32_t at)
{
    parts->count--;
    memmove(&parts->list[at], &parts->list[at + 1],
            (parts->count - at) * sizeof(parts->list[0]));
}

static struct account_parts *
parts_grown(struct account_parts *parts)
{
    uint32_t count = parts ? parts->count : 0, capacity = count ? 2 * count : 1;

    parts = grown(parts, sizeof(*parts) + capacity * sizeof(parts->list[0]));
    parts->count = count;
    parts->capacity = capacity;
    return parts;
}

void
account_add_part(struct account *account, uint32_t note, uint64_t goods)
{
    struct account_parts *parts = account->parts;
    uint32_t same = 0;

    if (!parts || (parts->count == parts->capacity && parts->count < ACCOUNT_PARTS))
        account->parts = parts = parts_grown(parts);
    if (parts->count == ACCOUNT_PARTS) {
        while (same < parts->count && parts->list[same].goods != goods)
            same++;
        parts_delete(parts, same < parts->count ? same : 0);
    }
    parts->list[parts->count++] = (struct account_part){goods, note};
}

void
account_remove_part(struct account *account, uint32_t note)
{
    struct account_parts *parts = account->parts;

    for (uint32_t i = 0; parts && i < parts->count; i++)
        if (parts->list[i].note == note) {
            parts_delete(parts, i);
            break;
        }
    if (parts && parts->count == 0) {
        free(parts);
        account->parts = NULL;
    }
}
