/*
 * analysis.h - what is odd about a pack that can be read: for `yuanctl policy check`.
 *
 *   A1  no finding stops a pack from being loaded.  A warning is something that
 *       its author did not mean; a note may be meant.
 *   A2  what is found holds for every payment, NaN and hash collisions aside;
 *       what is not found may still be there.
 *   A3  findings are in the order of the rules, what concerns the whole pack
 *       comes last.
 *
 *   never true     what a condition asks for excludes itself: x == 1 && x == 2,
 *                  x in [1] && x > 5, P && !P, an element nothing can be; with the
 *                  pack's parameters only: a note
 *   always true    likewise, its opposite; a note, as "true" may be meant.  Of some
 *                  payments it may be an error still: x / 0 == 1 || x / 0 != 1
 *   duplicate      two rules with conditions that say the same
 *   shadowed       whenever it holds another rule holds too whose action is as
 *                  strict or stricter
 *   reasons        no code, no text, nothing to disclose, where money is stopped; nothing
 *                  to disclose where "ends" or "answered" stops it
 *   parameters     that nothing uses
 *   sources        none
 */
#ifndef POLICY_RULES_ANALYSIS_H
#define POLICY_RULES_ANALYSIS_H

#include "policy/rules/pack.h"

enum pack_severity { PACK_NOTE, PACK_WARNING };

struct pack_finding {
    enum pack_severity severity;
    const char *rule;      /* its id; "" for the pack as a whole */
    uint32_t line, column; /* of the rule's condition; 0 for the pack as a whole */
    const char *sentence;  /* "is never true: nothing is both ... and ..." */
};

/* The findings, on the arena; their number is the result. */
size_t pack_analyse(struct arena *arena, const struct pack *pack,
                    const struct pack_finding **findings);

#endif
