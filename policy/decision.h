/*
 * decision.h - what the policies made of one payment.
 *
 * Pure data on the request's arena: chain.c fills it, gateway/bank stores it
 * and gateway/api writes it out.  The strings of rules and reasons are copies
 * on the arena; bank and snapshot strings belong to the snapshot.
 *
 *   D1  action is never POLICY_ABSTAIN: the book's default stands in.
 *   D2  an action stricter than accept has a reason with a code.
 *   D3  error_count > 0 means that the action is at least POLICY_HOLD.
 */
#ifndef POLICY_DECISION_H
#define POLICY_DECISION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policy/policy_plugin.h"

/* "goods/0 854231 processor (tier 1)" as its parts, joined only when written. */
struct evidence {
    const char *pointer; /* "goods/0" */
    const char *value;   /* "854231" */
    const char *role;    /* "processor" or "" */
    const char *tier;    /* "1" or "" */
    const struct evidence *next;
};

struct fired_rule {
    enum policy_action action;
    const char *policy; /* "kit-blockade@1.0.0", or a plugin's */
    const char *id;
    const char *title;
    struct policy_reason reason;
    struct policy_reason disclosed;
    double score;
    const struct policy_terms *terms; /* NULL: it leaves them to the book */
    const struct evidence *because;   /* in the order reported */
    const struct fired_rule *next;
};

/* A policy that could not answer. */
struct policy_failure {
    const char *policy;
    const char *why;
    const struct policy_failure *next;
};

struct roster_exception;

/*
 * What follows by itself.  After accept: credited at at_ms.  After a hold or questions:
 * action at at_ms, unless somebody steps in or the payer answers.  After the rest: nothing.
 */
struct course {
    int64_t at_ms;             /* of the bank's clock; 0: nothing follows */
    enum policy_action action; /* ACCEPT, HOLD, RETURN or REJECT */
    struct policy_reason reason;
    struct policy_reason disclosed;
};

/* What was asked of the payer, and what follows from each kind of answer. */
struct questions {
    const char *const
        *asks; /* "RQSG/RQHS", each in request_codes.h, once; of every rule that asks */
    size_t count;
    struct course complete, partial, contradictory; /* at_ms is 0: they follow the answer */
};

struct decision {
    enum policy_action action;
    double score;                   /* of the rule that decided; 0 without one */
    const struct policy_bank *bank; /* NULL: not in the book (RC04) */
    const char *snapshot;           /* "sha256:…" */
    const char *regime_from;        /* "2024-04-01"; "" if none was in force */
    bool unguarded;                 /* the regime has no policy for this bank */
    const char *policy;             /* the policy that decided; "" if the default did */
    struct policy_reason reason;
    struct policy_reason disclosed;
    const struct policy_terms *terms; /* of the rule that decided; NULL: the book's */
    const struct fired_rule *rules;   /* every rule that fired, in the book's order */
    const struct policy_failure *failures;
    size_t error_count;
    const struct policy_kit *const *kits;
    size_t kit_count;
    const struct policy_hit *const *hits; /* whether a policy asked for them or not */
    size_t hit_count;
    const struct roster_exception *excepted; /* screening/roster.h: no hits, as officers said */
    struct course follows;
    struct questions questions; /* count 0: nothing is asked */
    int64_t charges_minor;      /* of a return, in the payment's currency */
    int64_t amount_base;        /* what a memory keeps: millionths of the base; -1: no rate */
    const uint32_t *brings;     /* and the goods lines that some kit may need */
    size_t brings_count;
    const char *const *decisive; /* see decisive.h; NULL: nobody asked */
    size_t decisive_count;
};

#endif
