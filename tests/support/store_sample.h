/*
 * store_sample.h - entries to fill a store with, each different and known.
 *
 * Entry seq's columns and body follow from seq alone, so that a test can say
 * what a stored entry must be without keeping it.
 */
#ifndef TESTS_SUPPORT_STORE_SAMPLE_H
#define TESTS_SUPPORT_STORE_SAMPLE_H

#include "gateway/store/store.h"

#define SAMPLE_BODY_MAX 400

/* body has SAMPLE_BODY_MAX bytes; every byte value occurs in some body. */
void sample_entry(uint64_t seq, char *body, struct store_entry *out);

/* Append count sample entries after the store's head, chained, in one call. */
int sample_append(struct store *store, size_t count, struct error *err);

/* The same where the caller knows the head: both are moved on if it succeeds. */
int sample_append_after(struct store *store, uint64_t *head, uint8_t chain[SHA256_BYTES],
                        size_t count, struct error *err);

/* Is this the sample entry of its seq (the chain left out)? */
bool sample_is(const struct store_entry *entry);

/* Is the chain of entries after + 1 to last unbroken, and each the sample? */
bool sample_chain_holds(struct store *store, uint64_t after, uint64_t last);

#endif
