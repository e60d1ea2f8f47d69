/*
 * ownership.h - who counts as listed because listed parties own it.
 *
 * OFAC's 50 percent rule: what blocked parties own, together, to 50 percent or more,
 * directly or indirectly, is blocked itself.  Indirectly means through what is itself
 * blocked in that way; shares are not multiplied:
 *
 *     A (listed) --50 %--> B --50 %--> C      B is blocked, and so is C: B counts as
 *                                             blocked with the whole of its 50 %
 *     A (listed) --25 %--> B --50 %--> C      neither is
 *
 * The European Union counts the same way since 3 July 2024, before that only more than 50
 * percent; and whoever a listed party controls, whatever it owns.
 *
 *   G1  the answer is the least fixed point: no order of owners, and no cycle of
 *       them, changes it or keeps it from ending.
 *   G2  shares are added exactly; a share that is not known adds nothing.
 *   G3  a party is never owned into being blocked by itself alone.
 *
 * Sources: OFAC, Revised Guidance on Entities Owned by Persons Whose Property and Interests
 * in Property Are Blocked, 13 August 2014, and FAQ 401; Council of the EU, Best Practices
 * for the effective implementation of restrictive measures, 8519/18 and 11623/24.
 */
#ifndef POLICY_SCREENING_OWNERSHIP_H
#define POLICY_SCREENING_OWNERSHIP_H

#include <stdbool.h>

#include "policy/screening/list.h"

enum ownership_law {
    OWNERSHIP_OFAC,
    OWNERSHIP_EU,
};

struct ownership_rule {
    bool at_half;    /* 50 percent is enough; else it takes more */
    bool by_control; /* so is control */
};

/* What a law said on a day, "2024-07-02". */
struct ownership_rule ownership_rule_on(enum ownership_law law, const char *day);

enum ownership_state {
    OWNERSHIP_FREE,
    OWNERSHIP_LISTED,     /* a target itself */
    OWNERSHIP_OWNED,      /* by its owners */
    OWNERSHIP_CONTROLLED, /* by one of them, though they own too little */
};

/* Of one party. */
struct ownership {
    enum ownership_state state;
    int64_t share;  /* that blocked parties hold together, of LIST_SHARE_WHOLE */
    size_t unknown; /* blocked owners whose share the source does not tell */
};

/* By index of the list's entries, on the arena; NULL never. */
const struct ownership *ownership_of_list(struct arena *arena, const struct list *list,
                                          struct ownership_rule rule);

/* An owner of somebody who is on no list himself: a payment's party. */
struct ownership_holder {
    int64_t share; /* of LIST_SHARE_WHOLE, or LIST_SHARE_UNKNOWN */
    bool controls;
    bool blocked; /* he is found on a list, where his state is not OWNERSHIP_FREE */
};

struct ownership ownership_of_party(const struct ownership_holder *holders, size_t count,
                                    struct ownership_rule rule);

/* A payment's share, in millionths of the whole. */
#define OWNERSHIP_SHARE_OF_MILLIONTHS(millionths)                                              \
    ((int64_t)(millionths) * (LIST_SHARE_WHOLE / 1000000))

#endif
