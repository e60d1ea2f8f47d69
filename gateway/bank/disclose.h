/*
 * disclose.h - what of a stored answer, or of an event's record, a payer may read.
 *
 * All that is for the payer stands before the member "decision" of an answer, or "internal"
 * of an event; that member, and whatever was written behind it, is for the bank's people.
 */
#ifndef GATEWAY_BANK_DISCLOSE_H
#define GATEWAY_BANK_DISCLOSE_H

#include <stddef.h>

#include "gateway/base/arena.h"

/*
 * The JSON object without what is not for the payer: itself where all is, else a copy on the
 * arena.  What is no whole object becomes an empty one.
 */
void disclose(struct arena *arena, const char **json, size_t *len);

#endif
