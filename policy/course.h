/*
 * course.h - what follows from a decision by itself, and when.
 *
 *   accept                credited when the book's span has run out
 *   hold                  its end, when its span has run out; nothing where there is none:
 *                         then a person must look
 *   request_information   its end at the deadline, unless the payer answers before
 *   the rest              nothing
 *
 * Span and ends are those of the rule that decided, else the book's.  Where they leave
 * something to chance it falls by the payment's uetr and the seed (chance.h), the same
 * whenever it is asked again.
 *
 *   W1  what follows is later than what it follows from, by a millisecond at least, but not
 *       later than INSTANT_MAX_MS, where time ends.
 *   W2  a hold of which its end says "hold" for this payment has nothing that follows.
 *   W3  charges are less than the amount, and never negative.
 *   W4  what is held while a policy had an error is not released by time: a person must
 *       look.
 */
#ifndef POLICY_COURSE_H
#define POLICY_COURSE_H

#include "gateway/base/arena.h"
#include "policy/book.h"
#include "policy/decision.h"

/* Whose course it is, and by what. */
struct course_of {
    const struct book_terms *terms;
    const struct calendar *calendar;
    const char *uetr;
    uint64_t seed;
};

/* When something accepted at from_ms is credited. */
void course_settle(const struct course_of *of, int64_t from_ms, struct course *out);

/* What follows from the book's hold that begins at from_ms. */
void course_hold(const struct course_of *of, int64_t from_ms, struct course *out);

/* Fill follows, questions and charges_minor of a decision that is complete but for them. */
void course_decide(const struct course_of *of, const struct policy_payment *payment,
                   int64_t now_ms, struct arena *arena, struct decision *decision);

#endif
