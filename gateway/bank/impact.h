/*
 * impact.h - what another snapshot would have made of the payments that are stored.
 *
 * A list, pack or book that is to come into force is first tried on the last payments: each
 * is judged once more by what is in force and by the candidate, at the time it was decided,
 * and what the two make of it is compared.
 *
 *   V1  nothing is stored, no decision is counted, nobody who paid is told.
 *   V2  policies alone are compared: the outcome that a payment's simulate object asks for
 *       would be that of both sides and hide what differs, so no wish is looked at; neither
 *       is the stored answer, which an older snapshot may have given.
 *   V3  what is held meanwhile is one page of the store, the judgement of one payment, and
 *       what is told.
 */
#ifndef GATEWAY_BANK_IMPACT_H
#define GATEWAY_BANK_IMPACT_H

#include <stddef.h>

#include "gateway/base/buffer.h"
#include "gateway/base/error.h"

#define IMPACT_PAYMENTS_MAX     100000 /* looked at */
#define IMPACT_PAYMENTS_DEFAULT 1000
#define IMPACT_LIMIT_MAX        500     /* told one by one */
#define IMPACT_DATA_BYTES_MAX   4194304 /* of these; then no further one is told */

struct bank;
struct snapshot;

/*
 * Look at the last `payments` of the store, at most IMPACT_PAYMENTS_MAX, and write into the
 * object that is open in out:
 *
 *     "payments": 998, "unread": 2,       judged; stored requests that are none any more
 *     "flips": 3, "hits_changed": 5,      another action; other hits, flip or not
 *     "moves": [{"from": "accept", "to": "reject", "count": 3}],              of the flips
 *     "data": [{"id", "uetr", "decided_at", "amount": {"currency", "value"},
 *               "from": "accept", "to": "reject",
 *               "rules": ["LST-01"],                       that fired in the candidate
 *               "hits_added": [...], "hits_gone": [...]}]  as in a decision
 *
 * data has the newest `limit`, at most IMPACT_LIMIT_MAX, of those with another action or other
 * hits; fewer where these alone reach IMPACT_DATA_BYTES_MAX.  A hit is known by list, entry
 * and field: another score alone is no change.
 *
 * It waits for the store, so it is for a thread that may, and not between bank_enter() and
 * bank_leave().  What is in force must not change meanwhile: on the roll-out's thread, which
 * alone changes it, nothing does.  On failure out is as it was; ERROR_BUSY where nothing is
 * in force, where too many wait for the store, and as soon as the bank is being closed.
 */
int bank_impact(struct bank *bank, const struct snapshot *candidate, size_t payments,
                size_t limit, struct buffer *out, struct error *err)
    __attribute__((warn_unused_result));

#endif
