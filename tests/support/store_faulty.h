/*
 * store_faulty.h - a store that fails when told to.
 *
 * It passes every call on to the store inside, but armed calls fail with
 * ERROR_INTERNAL "simulated store fault" and never reach it.  A scenario can
 * then be repeated with the first, second, … call failing until it succeeds.
 */
#ifndef TESTS_SUPPORT_STORE_FAULTY_H
#define TESTS_SUPPORT_STORE_FAULTY_H

#include "gateway/store/store.h"

/* Takes inner over: closing the wrapper closes it. */
struct store *store_faulty_new(struct store *inner);

/*
 * From now on the calls numbered first (1: the very next) to first + count - 1
 * fail; head, append, read, list, events, feed and scan count.  count 0 disarms.  Any thread.
 */
void store_faulty_arm(struct store *store, long first, long count);

/* Calls since the last arm. */
long store_faulty_calls(struct store *store);

#endif
