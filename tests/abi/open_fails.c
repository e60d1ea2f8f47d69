/*
 * open() that gives up: with option say, in those words, filling the whole
 * buffer without a NUL if told "flood"; without it, in silence.
 */
#include <string.h>

#include "tests/abi/never_run.h"

static int
failing_open(const struct policy_host *host, const char *options, void **self, char *error,
             size_t error_size)
{
    const char *say = host->option(host, "say");

    (void)options, (void)self;
    if (strcmp(say, "flood") == 0)
        memset(error, 'x', error_size);
    else if (say[0] != '\0')
        memcpy(error, say, strlen(say) + 1);
    return -1;
}

POLICY_EXPORT const struct policy_plugin policy_plugin = {
    .abi = POLICY_ABI,
    .size = sizeof(struct policy_plugin),
    .name = "open_fails",
    .version = "1.0.0",
    .open = failing_open,
    .check = never_check,
    .close = never_close, /* what was not opened is not closed */
};
