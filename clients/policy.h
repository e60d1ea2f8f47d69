/*
 * policy.h - the commands of `yuanctl policy`: rule packs and books, without a gateway.
 *
 * Each is a file of its own, policy_NAME.c; policy_pack.h has what they share.
 */
#ifndef CLIENTS_POLICY_H
#define CLIENTS_POLICY_H

#include "clients/command.h"

int policy_check(const struct options *options);
int policy_test(const struct options *options);
int policy_diff(const struct options *options);
int policy_diff_store(const struct options *options); /* with --store */
int policy_matrix(const struct options *options);
int policy_explain(const struct options *options);
int policy_eval(const struct options *options);

#endif
