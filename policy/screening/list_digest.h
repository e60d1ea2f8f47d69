/*
 * list_digest.h - an entry of a list as one number: has anything about it changed?
 */
#ifndef POLICY_SCREENING_LIST_DIGEST_H
#define POLICY_SCREENING_LIST_DIGEST_H

#include "policy/screening/list.h"

/*
 * SHA-256 over all that an officer would look at: kind, whether it is listed, names with
 * their kinds, identifiers, countries, dates of birth, programs, owners, addresses,
 * remarks, each in the order published.  A text is its length, a colon and its bytes; a
 * number, and the count before each series, ends with a semicolon; so nothing runs
 * together.  Exceptions (good_guys.h) store it: who changes this form voids them all.
 */
void list_entry_digest(const struct list_entry *entry, uint8_t digest[SHA256_BYTES]);

#endif
