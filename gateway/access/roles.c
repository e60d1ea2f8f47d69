/* roles.c - the names of the roles. */
#include "gateway/access/roles.h"

#include <string.h>

#include "gateway/base/buffer.h"

static const char *const names[] = {
    [ROLE_PAYER] = "payer",       [ROLE_REVIEWER] = "reviewer", [ROLE_ANALYST] = "analyst",
    [ROLE_OPERATOR] = "operator", [ROLE_ANYBODY] = "anybody",
};

const char *
role_name(enum access_role role)
{
    return names[role];
}

int
role_parse(const char *name, enum access_role *role, struct error *err)
{
    for (int i = 0; i < ROLE_COUNT; i++)
        if (strcmp(name, names[i]) == 0) {
            *role = (enum access_role)i;
            return 0;
        }
    return error_set(err, ERROR_INVALID,
                     "the role \"%.30s\" is none of payer, reviewer, analyst, operator", name);
}

bool
role_is_among(enum access_role role, unsigned roles)
{
    return role == ROLE_ANYBODY || (roles & ROLE_BIT(role)) != 0;
}

const char *
roles_print(struct arena *arena, unsigned roles)
{
    struct buffer out;

    buffer_init(&out, arena, 64);
    for (int i = 0; i < ROLE_COUNT; i++)
        if (roles & ROLE_BIT(i))
            buffer_printf(&out, "%s%s", out.len > 0 ? ", " : "", names[i]);
    return buffer_terminate(&out);
}
