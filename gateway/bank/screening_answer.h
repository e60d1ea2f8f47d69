/*
 * screening_answer.h - what a screening says, written as JSON; for screening.c.
 */
#ifndef GATEWAY_BANK_SCREENING_ANSWER_H
#define GATEWAY_BANK_SCREENING_ANSWER_H

#include "gateway/bank/screening.h"

/* One name being asked for; all memory but the answer's is the scratch arena's. */
struct asking {
    struct screening *screening;
    const struct roster *roster;
    struct arena *scratch;
};

/* A hit, and by which list. */
struct found {
    const struct screen_hit *hit;
    size_t listing;
};

struct founds {
    struct found best[SCREENING_HITS_MAX];
    size_t count;
    size_t left_out;
};

/* What stands before the first name, one name with its hits, what stands behind the last. */
void screening_write_head(const struct asking *asking);
void screening_write_name(const struct asking *asking, const char *name,
                          const struct founds *founds);
void screening_write_end(const struct asking *asking);

#endif
