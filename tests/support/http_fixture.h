/*
 * http_fixture.h - a toy server and a client connected to it, for one test.
 *
 * fixture_open() starts with the usual options; fixture_open_with() is for a
 * test's own set-up function.  Both put a struct fixture into *state, which
 * fixture_close() ends and frees.
 */
#ifndef TESTS_SUPPORT_HTTP_FIXTURE_H
#define TESTS_SUPPORT_HTTP_FIXTURE_H

#include "tests/support/http_client.h"
#include "tests/support/http_toy.h"

struct fixture {
    struct http_toy toy;
    struct http_client client;
};

int fixture_open(void **state);
int fixture_open_with(void **state, const struct http_options *options);
int fixture_close(void **state);

#endif
