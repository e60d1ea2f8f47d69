/* publish.c - hazard pointers, one slot a reading thread. */
#include "gateway/rollout/publish.h"

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <time.h>

#define CACHE_LINE      64
#define WAIT_FIRST_NS   1000    /* a judgement takes microseconds */
#define WAIT_LONGEST_NS 1000000 /* a reader may have lost its processor */

/* Alone on its line: a reader's stores must not slow its neighbour's. */
struct slot {
    _Alignas(CACHE_LINE) _Atomic(const void *) reads;
    atomic_bool taken;
};

static struct slot slots[PUBLISH_READERS_MAX];
static _Thread_local struct slot *mine;
static pthread_key_t at_thread_end;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void
slot_give_back(void *slot)
{
    struct slot *given = slot;

    atomic_store(&given->reads, NULL);
    atomic_store(&given->taken, false);
}

static void
make_key(void)
{
    if (pthread_key_create(&at_thread_end, slot_give_back) != 0)
        abort();
}

static struct slot *
slot_take(void)
{
    pthread_once(&once, make_key);
    for (size_t i = 0; i < PUBLISH_READERS_MAX; i++) {
        bool free_slot = false;

        if (atomic_compare_exchange_strong(&slots[i].taken, &free_slot, true)) {
            pthread_setspecific(at_thread_end, &slots[i]);
            return &slots[i];
        }
    }
    assert(!"no more than PUBLISH_READERS_MAX threads read");
    abort();
}

void
publisher_init(struct publisher *publisher, void *value)
{
    atomic_init(&publisher->current, value);
    if (pthread_mutex_init(&publisher->turn, NULL) != 0)
        abort();
}

void
publisher_release(struct publisher *publisher)
{
    pthread_mutex_destroy(&publisher->turn);
}

/*
 * Say what is about to be read, then look whether it still stands: a publisher
 * that replaced it before has not seen the slot, one that replaces it after does.
 */
const void *
publish_enter(struct publisher *publisher)
{
    const void *value = atomic_load_explicit(&publisher->current, memory_order_acquire);
    const void *still;

    if (!mine)
        mine = slot_take();
    assert(!atomic_load_explicit(&mine->reads, memory_order_relaxed));
    for (;; value = still) {
        atomic_store(&mine->reads, value);
        still = atomic_load(&publisher->current);
        if (still == value)
            return value;
    }
}

void
publish_leave(void)
{
    atomic_store_explicit(&mine->reads, NULL, memory_order_release);
}

static bool
is_read(const void *value)
{
    for (size_t i = 0; i < PUBLISH_READERS_MAX; i++)
        if (atomic_load(&slots[i].reads) == value)
            return true;
    return false;
}

void *
publish(struct publisher *publisher, void *value)
{
    struct timespec wait = {0, WAIT_FIRST_NS};
    void *old;

    pthread_mutex_lock(&publisher->turn);
    old = atomic_exchange(&publisher->current, value);
    while (old && old != value && is_read(old)) {
        nanosleep(&wait, NULL);
        if (wait.tv_nsec < WAIT_LONGEST_NS)
            wait.tv_nsec *= 2;
    }
    pthread_mutex_unlock(&publisher->turn);
    return old;
}
