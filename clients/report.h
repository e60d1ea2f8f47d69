/* report.h - how a replay tells what happened: a table, or a line of JSON a step. */
#ifndef CLIENTS_REPORT_H
#define CLIENTS_REPORT_H

#include <stdbool.h>

#include "clients/expectation.h"
#include "clients/scenario.h"

/* What became of one step. */
struct step_result {
    bool passed;
    int http_status;     /* 0: nothing was sent */
    const cJSON *answer; /* a decision or a problem; NULL: none */
    const char *trouble; /* why it failed where no mismatch says so; NULL: none */
    size_t mismatch_count;
    struct mismatch mismatches[EXPECT_MEMBERS_MAX];
};

struct report {
    bool json;
    struct arena *arena; /* for the text of one step */
    int title_column;    /* of the table */
    size_t passed, failed;
};

void report_begin(struct report *report, const struct scenario *scenario);

/* Count the step and print it; index from 0. */
void report_step(struct report *report, size_t index, const struct scenario_step *step,
                 const struct step_result *result);

void report_end(const struct report *report, const struct scenario *scenario);

#endif
