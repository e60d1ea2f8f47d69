/*
 * terms.h - how long what waits lasts, and how it ends: as books, packs and plugins say it.
 *
 *     "lasts": "P35D"
 *     "lasts": { "days": [30, 35, 40], "tail": { "share": 0.1, "days": [90, 120] } }
 *     "lasts": { "bank_days": 10 }
 *     "ends":  { "action": "return", "share": 0.9, "otherwise": "accept",
 *                "reason":    { "code": "RR04", "text": "the hold ran out" },
 *                "disclosed": { "code": "MS03" } }
 *
 * Three days are the least, the likeliest and the most, one is all of them; a tail, which
 * may be missing, has the days of a share of payments instead.  Days are of 24 hours, bank
 * days those of the book's calendar.  An end's action is accept, hold, return or reject.
 * "share" (1) of payments end so, of the rest becomes what "otherwise" says, accept or hold.
 * A number may be the name of a pack's parameter: "params.refused_anyway".
 *
 *   T1  0 <= least <= likely <= most <= TERMS_DAYS_MAX, and of the tail likewise; bank days
 *       are whole and at most CALENDAR_BANK_DAYS_MAX.
 *   T2  an end in return or reject has a reason with a code.
 *   T3  structs that are read here, or copied, are of this header's size.
 */
#ifndef POLICY_TERMS_H
#define POLICY_TERMS_H

#include <stdbool.h>

#include "gateway/base/arena.h"
#include "policy/document.h"
#include "policy/policy_plugin.h"

#define TERMS_DAYS_MAX 3650
#define TERMS_TEXT_MAX 1000 /* bytes of a reason's text */
#define TERMS_ASKS_MAX 32   /* questions of one rule */

/* What the readers below need to know of the file they read in. */
struct terms_file {
    struct arena *arena;
    /* The parameter so called, a number; false where there is none.  NULL: no file of them. */
    bool (*parameter)(const struct value *value, const char *name, double *out);
    int (*object)(const struct value *value, const char *const *names, struct error *err);
};

int terms_read_span(const struct value *value, const struct terms_file *file,
                    const struct policy_span **out, struct error *err)
    __attribute__((warn_unused_result));

/* otherwise: where the file does not say. */
int terms_read_end(const struct value *value, const struct terms_file *file,
                   enum policy_action otherwise, const struct policy_end **out,
                   struct error *err) __attribute__((warn_unused_result));

/* {"complete": END, "partial": END, "contradictory": END}; what is missing stays as it is. */
int terms_read_answered(const struct value *value, const struct terms_file *file,
                        struct policy_terms *out, struct error *err)
    __attribute__((warn_unused_result));

/* ["RQSG/RQHS", …]: codes of request_codes.h, each once. */
int terms_read_asks(const struct value *value, const struct terms_file *file,
                    struct policy_terms *out, struct error *err)
    __attribute__((warn_unused_result));

/* Absent without needs_text: {"", ""}.  Else a code of four characters, and a text. */
int terms_read_reason(const struct value *value, const struct terms_file *file, bool needs_text,
                      struct policy_reason *out, struct error *err)
    __attribute__((warn_unused_result));

/* Why they cannot be a rule's, which is a plugin's fault; NULL: they can. */
const char *terms_fault(const struct policy_terms *terms);

/* All the way down, texts too; only of terms without a fault. */
const struct policy_terms *terms_copy(struct arena *arena, const struct policy_terms *terms);

/* The first code that its end's message does not carry, with its member; NULL: none. */
const char *terms_unfit(const struct policy_terms *terms,
                        bool (*reason_fits)(enum policy_action action, const char *code),
                        const char **member);

/*
 * Step through the ends whose reason the payer would read, because they disclose none: *at is
 * 0 at first.  The end's member, "partial"; NULL past the last one.
 */
const char *terms_undisclosed(const struct policy_terms *terms, size_t *at);

#endif
