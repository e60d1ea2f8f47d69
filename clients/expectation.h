/*
 * expectation.h - what a scenario expects of a payment, and whether it came so.
 *
 *     {"outcome": "blocked", "state": "rejected", "action": "reject",
 *      "reason_code": "RR04", "disclosed_reason_code": "MS03",
 *      "transaction_status": "RJCT", "rules": ["KIT-01"], "kits": ["notebook"]}
 *
 * Only what is named is checked.  reason_code is the internal one.  A code or
 * status that must not be there is null.
 *
 *   X1  rules and kits: each one named must be among those found; an empty
 *       list says that none may be found.
 *   X2  an expectation that checks nothing is refused when it is read.
 */
#ifndef CLIENTS_EXPECTATION_H
#define CLIENTS_EXPECTATION_H

#include <cjson/cJSON.h>
#include <stddef.h>

#include "gateway/base/arena.h"
#include "gateway/base/error.h"

#define EXPECT_MEMBERS_MAX 8

/* On the arena. */
struct mismatch {
    const char *member;   /* "outcome" */
    const char *expected; /* "blocked"; "nothing" */
    const char *found;
};

/*
 * Is it well-formed?  where is the JSON Pointer so far, which begins the error.
 * A member "payment" is left to the caller.
 */
int expectation_read(const cJSON *expect, const char *where, struct error *err)
    __attribute__((warn_unused_result));

/* Compare with a gateway's answer; how many members differ. */
size_t expectation_check(const cJSON *expect, const cJSON *answer, struct arena *arena,
                         struct mismatch mismatches[EXPECT_MEMBERS_MAX]);

#endif
