/* yuanctl.c - see yuanctl.h. */
#include "tests/support/yuanctl.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "tests/support/gateway.h"
#include "tests/support/test.h"

#define COMMAND_SIZE 1024

int
yuanctl(const char *arguments, char output[YUANCTL_OUTPUT_SIZE])
{
    char command[COMMAND_SIZE], rest[512];
    size_t len = 0, got;
    FILE *pipe;
    int status;

    snprintf(command, sizeof(command), "%s/yuanctl %s 2>&1", gateway_build(), arguments);
    pipe = popen(command, "r");
    assert_non_null(pipe);
    while (len < YUANCTL_OUTPUT_SIZE - 1 &&
           (got = fread(output + len, 1, YUANCTL_OUTPUT_SIZE - 1 - len, pipe)) > 0)
        len += got;
    output[len] = '\0';
    while (fread(rest, 1, sizeof(rest), pipe) > 0)
        ;
    status = pclose(pipe);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

void
assert_has(const char *output, const char *text)
{
    if (!strstr(output, text))
        fail_msg("expected \"%s\" in:\n%s", text, output);
}
