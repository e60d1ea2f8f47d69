/* history_shards.c - accounts by key, and who may touch them. */
#include <stdlib.h>
#include <string.h>

#include "gateway/bank/history_private.h"

#define CAPACITY_FIRST 16
#define SHARD_BITS     8
#define SHARD_ACCOUNTS (HISTORY_ACCOUNTS_MAX / HISTORY_SHARDS)

_Static_assert(1 << SHARD_BITS == HISTORY_SHARDS, "shards are told by the low bits of a key");

/* --- accounts ---------------------------------------------------------------------------- */

static struct shard *
shard_of(struct history *history, uint64_t key)
{
    return &history->shards[key & (HISTORY_SHARDS - 1)];
}

/* Where the search for a key begins. */
static size_t
home_of(const struct shard *shard, uint64_t key)
{
    return (key >> SHARD_BITS) & (shard->capacity - 1);
}

/* Of the key, or the free one where it would be. */
static struct slot *
shard_slot(const struct shard *shard, uint64_t key)
{
    size_t i = home_of(shard, key);

    while (shard->slots[i].key != 0 && shard->slots[i].key != key)
        i = (i + 1) & (shard->capacity - 1);
    return &shard->slots[i];
}

static void
shard_grow(struct shard *shard)
{
    struct slot *old = shard->slots;
    size_t capacity = shard->capacity;

    shard->capacity = capacity ? 2 * capacity : CAPACITY_FIRST;
    shard->slots = calloc(shard->capacity, sizeof(*shard->slots));
    if (!shard->slots)
        abort();
    for (size_t i = 0; i < capacity; i++)
        if (old[i].key != 0)
            *shard_slot(shard, old[i].key) = old[i];
    free(old);
}

static uint64_t
visit_key(const struct history_visit *visit, uint32_t at)
{
    const struct memory_keys *keys = &visit->keys;
    const uint64_t single[] = {keys->debtor, keys->creditor, keys->contract, keys->presented};

    return at < VISIT_END_USERS ? single[at] : keys->end_users[at - VISIT_END_USERS];
}

struct account *
visit_account_made(struct history_visit *visit, uint32_t at)
{
    uint64_t key = visit_key(visit, at);
    struct shard *shard = shard_of(visit->history, key);

    if (visit->accounts[at] || key == 0)
        return visit->accounts[at];
    if (shard->count + 1 > shard->capacity / 4 * 3)
        shard_grow(shard);
    visit->accounts[at] = account_new(key);
    *shard_slot(shard, key) = (struct slot){key, visit->accounts[at]};
    shard->count++;
    return visit->accounts[at];
}

/* Those behind it move up, as far as they may stand before where they are. */
static void
shard_drop(struct shard *shard, uint64_t key)
{
    size_t mask = shard->capacity - 1;
    size_t hole = (size_t)(shard_slot(shard, key) - shard->slots);

    shard->count--;
    for (size_t i = (hole + 1) & mask; shard->slots[i].key != 0; i = (i + 1) & mask)
        if (((i - home_of(shard, shard->slots[i].key)) & mask) >= ((i - hole) & mask)) {
            shard->slots[hole] = shard->slots[i];
            hole = i;
        }
    shard->slots[hole] = (struct slot){0};
}

void
visit_account_settle(struct history_visit *visit, uint32_t at)
{
    struct account *account = visit->accounts[at];
    struct shard *shard = shard_of(visit->history, visit_key(visit, at));

    if (account->count > 0 || (account->gone_ms != 0 && shard->count <= SHARD_ACCOUNTS))
        return;
    shard_drop(shard, account->key);
    account_free(account);
    visit->accounts[at] = NULL;
}

/* --- locks (T1) -------------------------------------------------------------------------- */

/* Into the sorted shards, once. */
static void
visit_add_shard(struct history_visit *visit, uint64_t key)
{
    uint16_t shard = (uint16_t)(key & (HISTORY_SHARDS - 1));
    uint32_t at = visit->shard_count;

    if (key == 0)
        return;
    while (at > 0 && visit->shards[at - 1] > shard)
        at--;
    if (at > 0 && visit->shards[at - 1] == shard)
        return;
    memmove(&visit->shards[at + 1], &visit->shards[at],
            (visit->shard_count - at) * sizeof(visit->shards[0]));
    visit->shards[at] = shard;
    visit->shard_count++;
}

void
visit_find_shards(struct history_visit *visit)
{
    visit->shard_count = 0;
    for (uint32_t i = 0; i < visit_keys(visit); i++)
        visit_add_shard(visit, visit_key(visit, i));
}

/* All that memory has to be waited for is asked for at once. */
static void
visit_find_accounts(struct history_visit *visit)
{
    uint32_t count = visit_keys(visit);

    for (uint32_t i = 0; i < count; i++) {
        uint64_t key = visit_key(visit, i);
        const struct shard *shard = shard_of(visit->history, key);

        if (key != 0 && shard->capacity > 0) /* the shard of no key is not locked */
            __builtin_prefetch(&shard->slots[home_of(shard, key)]);
    }
    for (uint32_t i = 0; i < count; i++) {
        uint64_t key = visit_key(visit, i);
        const struct shard *shard = shard_of(visit->history, key);

        visit->accounts[i] =
            key != 0 && shard->count > 0 ? shard_slot(shard, key)->account : NULL;
        if (visit->accounts[i])
            __builtin_prefetch(visit->accounts[i]);
    }
    for (uint32_t i = 0; i < count; i++)
        if (visit->accounts[i])
            account_prefetch(visit->accounts[i]);
}

void
visit_enter(struct facts_memory *memory)
{
    struct history_visit *visit = (struct history_visit *)memory;

    if (visit->entered)
        return;
    visit->entered = true;
    for (uint32_t i = 0; i < visit->shard_count; i++)
        pthread_mutex_lock(&visit->history->shards[visit->shards[i]].lock);
    visit_find_accounts(visit);
}

void
visit_unlock(struct history_visit *visit)
{
    for (uint32_t i = visit->shard_count; visit->entered && i > 0; i--)
        pthread_mutex_unlock(&visit->history->shards[visit->shards[i - 1]].lock);
    visit->entered = false;
}
