/* gateway.c - where the binary is, and the listener every test wants. */
#include "tests/support/gateway.h"

#include <assert.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PROGRAM_PATH_SIZE 512

const char *
gateway_build(void)
{
    const char *build = getenv("YUANGATE_BUILD");

    return build ? build : "build";
}

int
gateway_start(struct gateway *gateway, const char *const *arguments)
{
    const char *all[GATEWAY_ARGUMENTS_MAX] = {"--listen", "127.0.0.1:0"};
    char program[PROGRAM_PATH_SIZE];
    struct error err = {0};
    size_t count = 2;

    *gateway = (struct gateway){0};
    for (size_t i = 0; arguments && arguments[i]; i++) {
        assert(count < GATEWAY_ARGUMENTS_MAX - 1);
        all[count++] = arguments[i];
    }
    snprintf(program, sizeof(program), "%s/yuangate", gateway_build());
    if (gateway_process_start(&gateway->process, program, all, &err) != 0) {
        fprintf(stderr, "%s\n%s", err.text, gateway->process.log);
        return -1;
    }
    gateway->pid = gateway->process.pid;
    strcpy(gateway->address, gateway->process.address);
    gateway->port = atoi(strrchr(gateway->address, ':') + 1);
    return 0;
}

int
gateway_stop(struct gateway *gateway)
{
    int status = gateway_process_end(&gateway->process, SIGTERM);

    if (status != 0)
        fprintf(stderr, "gateway ended with status %d\n%s", status, gateway->process.log);
    gateway->pid = 0;
    return status;
}

void
gateway_kill(struct gateway *gateway)
{
    gateway_process_end(&gateway->process, SIGKILL);
    gateway->pid = 0;
}
