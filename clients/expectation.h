/*
 * expectation.h - what a scenario expects of a payment, and whether it came so.
 *
 *     {"outcome": "blocked", "state": "rejected", "action": "reject",
 *      "reason_code": "RR04", "disclosed_reason_code": "MS03", "disclosed_reason": null,
 *      "transaction_status": "RJCT", "rules": ["KIT-01"], "kits": ["notebook"]}
 *
 * and of what has become of it, or of what was done with it:
 *
 *     {"at": "2024-05-20", "cause": "hold_ran_out", "actor": "bank", "returned": "1249950.00",
 *      "charges": "50.00", "status": "CNCL", "completeness": "partial",
 *      "missing": ["RQSG/RQHS"], "disposition": "false_positive", "events": 2}
 *
 * or a refusal: {"error": 409, "detail": "another person"}.
 *
 * Only what is named is checked.  reason_code is the decision's internal one; at, cause and
 * actor are those of the latest event; status is what a recall was answered by; events are
 * those that a move of the clock brought about.  A code, status or text that must not be
 * there is null.
 *
 *   X1  rules, kits and missing: each one named must be among those found; an empty
 *       list says that none may be found.
 *   X2  an expectation that checks nothing is refused when it is read; so are "at" and
 *       "detail" of no characters, which any answer would meet.
 *   X3  at is right if the time begins so; detail if a sentence of the refusal has it.
 *   X4  with error only detail is checked, and detail only with it.
 */
#ifndef CLIENTS_EXPECTATION_H
#define CLIENTS_EXPECTATION_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

#include "gateway/base/arena.h"
#include "gateway/base/error.h"

#define EXPECT_MEMBERS_MAX 20

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

/* Is it a refusal that is expected? */
bool expectation_is_refusal(const cJSON *expect);

/* Compare with a gateway's answer; how many members differ. */
size_t expectation_check(const cJSON *expect, const cJSON *answer, struct arena *arena,
                         struct mismatch mismatches[EXPECT_MEMBERS_MAX]);

#endif
