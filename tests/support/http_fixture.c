/* http_fixture.c - a toy server and a client connected to it. */
#include "tests/support/test.h"

#include <stdlib.h>

#include "tests/support/http_fixture.h"

int
fixture_open_with(void **state, const struct http_options *options)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));

    assert_non_null(fixture);
    http_toy_open(&fixture->toy, options);
    assert_true(http_client_connect(&fixture->client, fixture->toy.address));
    *state = fixture;
    return 0;
}

int
fixture_open(void **state)
{
    return fixture_open_with(state, &(struct http_options){0});
}

int
fixture_close(void **state)
{
    struct fixture *fixture = *state;

    http_client_close(&fixture->client);
    http_toy_close(&fixture->toy);
    free(fixture);
    return 0;
}
