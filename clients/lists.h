/*
 * lists.h - the commands of `yuanctl lists`: sanctions lists and names, without a gateway.
 *
 * Each is a file of its own, lists_NAME.c.
 */
#ifndef CLIENTS_LISTS_H
#define CLIENTS_LISTS_H

#include "clients/command.h"

int lists_score(const struct options *options);

#endif
