/* history_large.c - blocks of entries, sums of suffixes. */
#include "gateway/bank/history_large.h"

/* --- blocks and their tree --------------------------------------------------------------- */

static void
tree_add(struct account_large *large, uint32_t block, const struct sums *more)
{
    for (uint32_t p = block + 1; p > 0; p -= p & -p)
        sums_add(&large->tree[p], more);
}

/* Of a block that is the last one now. */
static void
tree_append(struct account_large *large, uint32_t block)
{
    large->tree[block + 1] = (struct sums){0};
    tree_add(large, block, &large->blocks[block].sums);
}

static void
tree_build(struct account_large *large, uint32_t from)
{
    for (uint32_t b = from; b < large->count; b++)
        large->tree[b + 1] = (struct sums){0};
    for (uint32_t b = from; b < large->count; b++)
        tree_add(large, b, &large->blocks[b].sums);
}

/* Blocks that went leave room at the front: the rest moves there, and the tree with it. */
static void
large_rebuild(struct account_large *large)
{
    if (large->first > 0) {
        large->count -= large->first;
        memmove(large->blocks, &large->blocks[large->first],
                large->count * sizeof(*large->blocks));
        large->first = 0;
    }
    tree_build(large, 0);
}

static void
block_refresh(struct block *block)
{
    block->at_ms = block->entries[0].at_ms;
    block->order = block->entries[0].order;
    block->sums = (struct sums){0};
    sums_add_entries(&block->sums, block->entries, 0, block->count);
}

/* An empty block before the one at index. */
static struct block *
large_open(struct account_large *large, uint32_t index)
{
    struct block *block;

    if (large->count == large->capacity) {
        large->capacity = large->capacity ? 2 * large->capacity : 8;
        large->blocks = grown(large->blocks, large->capacity * sizeof(*large->blocks));
        large->tree = grown(large->tree, (large->capacity + 1) * sizeof(*large->tree));
    }
    block = &large->blocks[index];
    memmove(block + 1, block, (large->count - index) * sizeof(*block));
    large->count++;
    *block = (struct block){.entries = grown(NULL, ACCOUNT_BLOCK * sizeof(struct entry))};
    return block;
}

uint32_t
large_block(const struct account_large *large, int64_t at_ms, uint32_t order)
{
    uint32_t low = large->first, high = large->count;
    const struct block *last = &large->blocks[high - 1];

    if (!is_before(at_ms, order, last->at_ms, last->order)) /* as nearly always */
        return high - 1;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        const struct block *block = &large->blocks[middle];

        if (is_before(at_ms, order, block->at_ms, block->order))
            high = middle;
        else
            low = middle;
    }
    return low;
}

uint32_t
large_next_place(const struct account_large *large)
{
    const struct block *last;

    if (large->first == large->count)
        return large->count * ACCOUNT_BLOCK;
    last = &large->blocks[large->count - 1];
    return (large->count - 1) * ACCOUNT_BLOCK + last->count; /* or the first of a new block */
}

struct entry *
large_at(const struct account_large *large, uint32_t place)
{
    uint32_t block = place / ACCOUNT_BLOCK, at = place % ACCOUNT_BLOCK;

    if (block < large->first || block >= large->count || at >= large->blocks[block].count)
        return NULL;
    return &large->blocks[block].entries[at];
}

void
large_change(struct account_large *large, uint32_t block, const struct sums *change)
{
    sums_add(&large->blocks[block].sums, change);
    sums_add(&large->all, change);
    tree_add(large, block, change);
}

/* What is of the time or later, from the block on. */
static void
large_sum_from(const struct account_large *large, uint32_t from, int64_t since_ms,
               struct sums *out)
{
    const struct block *block = &large->blocks[from];

    sums_add_entries(out, block->entries, entries_since(block->entries, block->count, since_ms),
                     block->count);
    for (uint32_t p = from + 2; p <= large->count; p += p & -p)
        sums_add(out, &large->tree[p]);
}

/* From the blocks, after some of it went. */
static void
large_sum_all(struct account_large *large)
{
    const struct block *last;

    large->all = (struct sums){0};
    large->first_ms = large->last_ms = 0;
    if (large->first == large->count)
        return;
    last = &large->blocks[large->count - 1];
    large->first_ms = large->blocks[large->first].at_ms;
    large->last_ms = last->entries[last->count - 1].at_ms;
    large_sum_from(large, large->first, 0, &large->all);
}

struct account_large *
large_new(const struct entry *entries, uint32_t count)
{
    struct account_large *large = grown(NULL, sizeof(*large));

    *large = (struct account_large){0};
    for (uint32_t i = 0; i < count; i++)
        if (entries[i].marks & ENTRY_LAST)
            history_last_set(&large->last, entries[i].other,
                             (struct history_last_seen){entries[i].at_ms, entries[i].order, i});
    for (uint32_t i = 0; i < count; i += ACCOUNT_BLOCK) {
        struct block *block = large_open(large, large->count);

        block->count = count - i < ACCOUNT_BLOCK ? count - i : ACCOUNT_BLOCK;
        memcpy(block->entries, &entries[i], block->count * sizeof(*entries));
        block_refresh(block);
    }
    large_rebuild(large);
    large_sum_all(large);
    return large;
}

void
large_free(struct account_large *large)
{
    for (uint32_t b = large->first; b < large->count; b++)
        free(large->blocks[b].entries);
    free(large->blocks);
    free(large->tree);
    history_last_release(&large->last);
    free(large);
}

/* --- entries come and go ----------------------------------------------------------------- */

/* Half of a full block goes to a new one behind it. */
static void
large_split(struct account_large *large, uint32_t index)
{
    struct block *behind = large_open(large, index + 1);
    struct block *block = &large->blocks[index];

    behind->count = block->count / 2;
    block->count -= behind->count;
    memcpy(behind->entries, &block->entries[block->count],
           behind->count * sizeof(struct entry));
    block_refresh(block);
    block_refresh(behind);
    large_rebuild(large);
}

static void
large_put(struct account_large *large, const struct entry *entry)
{
    const struct sums one = sums_of(entry);
    struct block *block;
    uint32_t index = 0;
    size_t at = 0;

    if (large->first < large->count) {
        index = large_block(large, entry->at_ms, entry->order);
        block = &large->blocks[index];
        at = entries_find(block->entries, block->count, entry->at_ms, entry->order);
        if (block->count == ACCOUNT_BLOCK && (at < block->count || index + 1 < large->count)) {
            large_split(large, index);
            large_put(large, entry);
            return;
        }
    }
    if (large->first == large->count || large->blocks[index].count == ACCOUNT_BLOCK) {
        index = large->count;
        block = large_open(large, index);
        block->count = 1;
        block->entries[0] = *entry;
        block_refresh(block);
        tree_append(large, index);
        return;
    }
    block = &large->blocks[index];
    entries_insert(block->entries, block->count++, at, entry);
    if (at == 0) {
        block->at_ms = entry->at_ms;
        block->order = entry->order;
    }
    sums_add(&block->sums, &one);
    tree_add(large, index, &one);
}

void
large_add(struct account_large *large, const struct entry *entry)
{
    const struct sums one = sums_of(entry);

    if (large->first == large->count || entry->at_ms < large->first_ms)
        large->first_ms = entry->at_ms;
    if (large->first == large->count || entry->at_ms > large->last_ms)
        large->last_ms = entry->at_ms;
    large_put(large, entry);
    sums_add(&large->all, &one);
}

/* What is taken from the front leaves the tree alone (A3); else it is made anew. */
void
large_remove(struct account_large *large, uint32_t index, size_t at)
{
    struct block *block = &large->blocks[index];
    bool in_front = index == large->first;

    entries_delete(block->entries, block->count--, at);
    if (block->count > 0) {
        block_refresh(block);
    } else {
        free(block->entries);
        if (in_front) {
            large->first++;
        } else {
            large->count--;
            memmove(block, block + 1, (large->count - index) * sizeof(*block));
        }
    }
    if (!in_front || large->first > large->count / 2)
        large_rebuild(large);
    large_sum_all(large);
}

/* --- asking ------------------------------------------------------------------------------ */

void
large_sum(const struct account_large *large, int64_t since_ms, struct sums *out)
{
    uint32_t low = large->first, high = large->count;

    if (large->first == large->count)
        return;
    if (large->first_ms >= since_ms) {
        *out = large->all;
        return;
    }
    while (high - low > 1) { /* the last block that begins before the time */
        uint32_t middle = low + (high - low) / 2;

        if (large->blocks[middle].at_ms < since_ms)
            low = middle;
        else
            high = middle;
    }
    large_sum_from(large, low, since_ms, out);
}
