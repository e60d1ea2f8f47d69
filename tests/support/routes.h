/* routes.h - the paths of the table of routes, as a test asks for them. */
#ifndef TESTS_SUPPORT_ROUTES_H
#define TESTS_SUPPORT_ROUTES_H

#include "gateway/base/arena.h"

/* The path with "absent" in the place of each name. */
const char *route_filled(struct arena *arena, const char *path);

#endif
