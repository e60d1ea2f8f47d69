/*
 * policy.h - the commands of `yuanctl policy`: rule packs, without a gateway.
 *
 * Each is a file of its own, policy_NAME.c.
 */
#ifndef CLIENTS_POLICY_H
#define CLIENTS_POLICY_H

#include "clients/command.h"

int policy_eval(const struct options *options);

#endif
