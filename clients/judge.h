/*
 * judge.h - one pack as the only policy of a bank: its answer to one payment.
 *
 * The pack is judged through the ABI and the chain, as a gateway would; only
 * that nothing else has a say, and no default stands in where it abstains.
 */
#ifndef CLIENTS_JUDGE_H
#define CLIENTS_JUDGE_H

#include "policy/chain.h"
#include "policy/host.h"
#include "policy/snapshot.h"

/* {0} is none.  Closed before its arena goes. */
struct judge {
    const struct goods *goods;
    struct policy policy;
};

/* A file's text as a pack.  The error is one line: file, line, column, what is wrong. */
int judge_open(struct judge *judge, struct arena *arena, const struct snapshot_sources *sources,
               const struct host_pack *pack, const struct goods *goods, struct error *err)
    __attribute__((warn_unused_result));
void judge_close(struct judge *judge);

/* Under what circumstances. */
struct circumstances {
    struct policy_bank bank;
    int64_t now_ms;
    uint64_t seed;
};

/* decision->action is POLICY_ABSTAIN where no rule has an opinion.  On the arena. */
void judge_payment(const struct judge *judge, const struct policy_payment *payment,
                   const struct circumstances *circumstances, struct arena *arena,
                   struct decision *decision);

#endif
