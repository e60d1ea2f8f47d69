/*
 * pack_test.h - runs a pack's own tests.
 *
 * A test is judged as a payment is: the same chain, facts, goods tables and
 * chance, the pack being the only policy and accept the default.  Its hits are those
 * that the test states, none where it states none, whatever list is loaded, and what came
 * before it is what the test states, too.
 *
 *   Q1  a rule that could not be answered fails its test, whatever came out.
 *   Q2  "accept" is met by a payment that passes, "abstain" only where no rule
 *       had an opinion.
 */
#ifndef POLICY_PACK_TEST_H
#define POLICY_PACK_TEST_H

#include "policy/goods/goods.h"
#include "policy/host.h"
#include "policy/rules/pack.h"
#include "policy/snapshot.h"

#define PACK_TEST_NOW                                                                          \
    "2024-04-15T09:00:00+08:00" /* where neither test nor payment has a time */

struct pack_result {
    const struct pack_test *test;
    enum policy_action action; /* POLICY_ABSTAIN: no rule had an opinion */
    const char *const *rules;  /* ids of those that fired, in the pack's order */
    size_t rule_count;
    const char *failure; /* "expected reject by KIT-01; got accept by no rule"; NULL: passed */
};

struct pack_report {
    const struct pack *pack;
    struct pack_result *results; /* one a test, in the pack's order */
    size_t result_count;
    size_t failed;
    size_t *fired; /* for each rule of the pack: in how many tests it fired */
};

/*
 * Read the pack in file, see that its reason codes belong to their messages and
 * that it opens, and run its tests.  -1: it is no pack that could be used, and
 * err names the place.  0 says nothing about the tests: see failed.  All on the
 * arena; file and its text must live as long.
 */
int pack_test_run(const struct snapshot_sources *sources, const struct goods *goods,
                  const struct host_pack *file, struct arena *arena, struct pack_report *out,
                  struct error *err) __attribute__((warn_unused_result));

/* The same for a file by its path, with the goods tables that sources names. */
int pack_test_file(const struct snapshot_sources *sources, const char *path,
                   struct arena *arena, struct pack_report *out, struct error *err)
    __attribute__((warn_unused_result));

/* 0 if all passed; else the first failure: FILE:LINE:COLUMN: test "TITLE": ... */
int pack_report_verdict(const struct pack_report *report, struct error *err)
    __attribute__((warn_unused_result));

#endif
