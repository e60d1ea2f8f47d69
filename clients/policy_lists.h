/*
 * policy_lists.h - the sanctions lists that a command judges by: those of --list, else the
 * shipped one, as a gateway has them.
 */
#ifndef CLIENTS_POLICY_LISTS_H
#define CLIENTS_POLICY_LISTS_H

#include "clients/options.h"
#include "gateway/base/arena.h"
#include "policy/screening/listing.h"

/* For listings_free(); orders are on the arena.  Nothing is loaded yet. */
int policy_lists_open(struct arena *arena, const struct options *options, struct listings **out,
                      struct error *err) __attribute__((warn_unused_result));

#endif
