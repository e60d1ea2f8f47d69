/*
 * gateway.h - the real binary, started for a test.
 *
 *     static const char *const arguments[] = {"--store", "memory", NULL};
 *     struct gateway gateway;
 *
 *     assert_int_equal(gateway_start(&gateway, arguments), 0);
 *     ... connect to gateway.address ...
 *     assert_int_equal(gateway_stop(&gateway), 0);
 *
 * The binary is yuangate in $YUANGATE_BUILD, or in build/.  It listens on a
 * free port of 127.0.0.1.  A gateway that a failing test leaves behind ends
 * with the test program.
 */
#ifndef TESTS_SUPPORT_GATEWAY_H
#define TESTS_SUPPORT_GATEWAY_H

#include <sys/types.h>

#include "clients/gateway_process.h"

#define GATEWAY_ARGUMENTS_MAX 32

struct gateway {
    pid_t pid;                          /* 0: does not run */
    char address[GATEWAY_ADDRESS_SIZE]; /* "127.0.0.1:41873" */
    int port;
    struct gateway_process process; /* process.log: its standard error, once ended */
};

/* The build folder the tests run against. */
const char *gateway_build(void);

/*
 * Start with --listen 127.0.0.1:0 and the extra arguments (NULL-terminated).
 * 0 once it serves.  -1 if it ended first: process.status and process.log tell.
 */
int gateway_start(struct gateway *gateway, const char *const *arguments);

/*
 * SIGTERM, wait, and the exit status.  If that is not 0 the gateway's own
 * standard error goes to ours, so that a sanitizer's report is seen.
 */
int gateway_stop(struct gateway *gateway);

/* SIGKILL and wait. */
void gateway_kill(struct gateway *gateway);

#endif
