/*
 * cases.h - payments that people have to look at.
 *
 * All alerts of a payment, the rules that fired and the list entries that were hit, are one
 * case, and its id is the payment's.  A case is open while its payment is held or awaits
 * information, and closed from then on.
 *
 *   C1  whoever decides (release, return, reject, freeze) is not the one who gave the latest
 *       disposition, and there is one.
 *   C2  only a false positive is released, only a true match is frozen, and that only where
 *       a list entry was hit.  Where somebody found anything but a false positive, neither
 *       an answer nor time releases either.
 *   C3  what the payer has asked to have back is not released.
 *   C4  a closed case takes notes and nothing else.
 *   C5  every step is an event of the payment, with who took it.
 */
#ifndef GATEWAY_BANK_CASES_H
#define GATEWAY_BANK_CASES_H

#include "gateway/bank/act.h"
#include "gateway/bank/bank.h"
#include "gateway/bank/dossier.h"

#define CASES_READ_MAX        2000 /* payments that one page of a listing looks at */
#define CASE_SERVICE_DAYS     5    /* bank days until somebody should have decided */
#define CASE_TYPE_NOTE        "case.note"
#define CASE_TYPE_DISPOSITION "case.disposition"

/* Stored as two bits of stand_flags: append none. */
enum disposition {
    DISPOSITION_NONE,
    DISPOSITION_FALSE_POSITIVE,
    DISPOSITION_TRUE_MATCH,
    DISPOSITION_INCONCLUSIVE,
    DISPOSITION_COUNT,
};

const char *disposition_name(enum disposition disposition); /* "none", "true_match" */
bool disposition_parse(const char *name, enum disposition *out);
enum disposition disposition_of(unsigned stand_flags);

/* C2: has somebody found what stands against letting the payment pass? */
bool case_bars(unsigned stand_flags);

/* Is a case of a payment in this state open? */
bool case_is_open(enum payment_state state);

/* Was a list entry hit when the payment was decided? */
bool case_has_hits(const struct dossier *dossier);

/* Who gave the latest disposition; NULL where nobody has. */
const char *case_reviewer(const struct dossier *dossier, struct arena *arena);

/* What a case says of its payment that the payment's view does not. */
struct case_facts {
    const struct payment *payment;
    int64_t opened_ms, due_ms;
    unsigned flags;
};

int case_facts_read(const struct snapshot *snapshot, const struct dossier *dossier,
                    struct arena *arena, struct case_facts *out, struct error *err)
    __attribute__((warn_unused_result));

/* view: of dossier_view().  whole: with alerts, notes and steps; listings leave them out. */
void case_write(const struct case_facts *facts, const char *view, size_t view_len,
                int64_t now_ms, bool whole, struct buffer *out);

/* One step in a case: decide() and context of an act. */
enum case_verb { CASE_NOTE, CASE_DISPOSE, CASE_RELEASE, CASE_RETURN, CASE_REJECT, CASE_FREEZE };

struct case_step {
    /* In. */
    enum case_verb verb;
    const char *text;
    enum disposition disposition; /* CASE_DISPOSE */
    struct policy_reason reason, disclosed;

    struct case_facts facts; /* out */
};

int case_decide(struct act *act, struct bank *bank, const struct snapshot *snapshot,
                const struct dossier *dossier, struct life_event *event, struct error *err);

/* Find one case, or list many, the newest first. */
struct case_query {
    /* In. */
    struct arena *arena; /* lent: used by one thread at a time */
    bool one;
    struct ident id; /* one */
    unsigned states; /* bit 1 << state for each wanted; 0: any */
    bool by_disposition;
    enum disposition disposition;
    int64_t from_ms, to_ms; /* opened_at >= from_ms and < to_ms */
    bool overdue;           /* only those */
    uint64_t before_seq;    /* the cursor; 0: from the newest on */
    size_t limit;
    void (*done)(struct case_query *query);

    /* Out: rc 0, or -1 with err: ERROR_NOT_FOUND for one that is not there. */
    int rc;
    struct error err;
    struct buffer text; /* one: the case; else an array of them */
    uint64_t next_seq;  /* the cursor of the next page; 0: there is none */

    /* The bank's. */
    struct bank *bank;
    struct reader_job read;
};

void bank_cases(struct bank *bank, struct case_query *query);

#endif
