/*
 * roles.h - who somebody is to the bank.
 *
 *   payer     sends payments and asks after them; is told what a payer is told
 *   reviewer  looks at payments, and decides cases
 *   analyst   keeps policies, books and lists
 *   operator  runs the gateway; may all but decide cases, which takes another pair of eyes
 *
 * Who may what is a column of the table of routes (gateway/api/api.c).
 */
#ifndef GATEWAY_ACCESS_ROLES_H
#define GATEWAY_ACCESS_ROLES_H

#include <stdbool.h>

#include "gateway/base/arena.h"
#include "gateway/base/error.h"

enum access_role {
    ROLE_PAYER,
    ROLE_REVIEWER,
    ROLE_ANALYST,
    ROLE_OPERATOR,
    ROLE_COUNT,                /* those a key can have */
    ROLE_ANYBODY = ROLE_COUNT, /* who calls a gateway without keys: may do everything */
};

/* A set of roles is the sum of their bits. */
#define ROLE_BIT(role) (1u << (role))

/* "payer"; of ROLE_ANYBODY "anybody". */
const char *role_name(enum access_role role);

/* One that a key can have; ERROR_INVALID names them all. */
int role_parse(const char *name, enum access_role *role, struct error *err)
    __attribute__((warn_unused_result));

/* Is it one of the set?  ROLE_ANYBODY is one of each. */
bool role_is_among(enum access_role role, unsigned roles);

/* "analyst, operator", on the arena. */
const char *roles_print(struct arena *arena, unsigned roles);

#endif
