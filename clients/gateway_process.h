/*
 * gateway_process.h - a gateway of one's own: started, watched, ended.
 *
 * yuanctl replay and the tests start private gateways with it.  What must stay
 * true:
 *
 *   G1  start returns 0 only when the gateway has said that it serves.
 *   G2  the child ends with the thread that started it, however that ends.
 *   G3  only the process started here is ever signalled, by its own handle.
 */
#ifndef CLIENTS_GATEWAY_PROCESS_H
#define CLIENTS_GATEWAY_PROCESS_H

#include <sys/types.h>

#include "gateway/base/error.h"

#define GATEWAY_READY_MS     20000 /* from start to the ready line; a sanitizer is slow */
#define GATEWAY_STOP_MS      15000 /* from a signal to the end; a drain takes at most 10 s */
#define GATEWAY_ADDRESS_SIZE 64
#define GATEWAY_LOG_SIZE     8192

/* {0} is a gateway that does not run. */
struct gateway_process {
    pid_t pid;                          /* 0: does not run, and the next three mean nothing */
    int handle;                         /* of the process, for poll() and signals */
    int output;                         /* its standard output */
    int errors;                         /* its standard error, a file in memory */
    char address[GATEWAY_ADDRESS_SIZE]; /* "127.0.0.1:41873", the first listener */
    int status;                         /* once ended: exit status, or 128 + signal */
    char log[GATEWAY_LOG_SIZE];         /* once ended: the last of its standard error */
};

/*
 * Run program with arguments (NULL-terminated, without the program's name) and
 * wait for its ready line.  On failure nothing is left running; log says what
 * the program said, if it ran at all.
 */
int gateway_process_start(struct gateway_process *process, const char *program,
                          const char *const *arguments, struct error *err)
    __attribute__((warn_unused_result));

/*
 * Send the signal, wait for the end and return the status.  One that does not
 * end within GATEWAY_STOP_MS is killed.  Without a running process: its status.
 */
int gateway_process_end(struct gateway_process *process, int signal);

#endif
