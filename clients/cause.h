/*
 * cause.h - what makes a decision as strict as it is: a rule, or what stood in for one.
 */
#ifndef CLIENTS_CAUSE_H
#define CLIENTS_CAUSE_H

#include "gateway/base/buffer.h"
#include "policy/decision.h"

enum cause_kind {
    CAUSE_FAILURE,   /* a policy could not answer */
    CAUSE_RULE,      /* the first of the strictest rules; name is its id */
    CAUSE_NO_REASON, /* a policy that fired no rule so strict; name is its label */
    CAUSE_BANK,      /* the book has no such bank, from here on without a policy */
    CAUSE_REGIME,    /* the day is before the book's first regime */
    CAUSE_NOBODY,    /* the regime has no policy for the bank */
    CAUSE_DEFAULT,   /* all abstained, and the book has a default action */
};

struct cause {
    enum cause_kind kind;
    const char *name; /* the decision's; "" where the kind says it all */
};

/* Of a decision that is not POLICY_ABSTAIN. */
struct cause cause_of(const struct decision *decision);

/* What follows the name: "" a rule's, else "could not answer", "bank not in the book". */
const char *cause_words(struct cause cause);

/* The member "because", where neither a rule nor a failure says it. */
void cause_json(struct buffer *out, struct cause cause);

#endif
