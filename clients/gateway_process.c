/* gateway_process.c - fork, exec, the ready line, and the end. */
#include "clients/gateway_process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "gateway/base/time.h"

#define READY_PREFIX   "yuangate listening on http://"
#define EXEC_FAILED    127
#define LINE_MAX_BYTES 256

/* In the child, between fork and exec: only what a signal handler might do. */
static void
child_run(const char *program, char *const *argv, int output, int errors, pid_t parent)
{
    if (prctl(PR_SET_PDEATHSIG, SIGTERM) != 0 || getppid() != parent ||
        dup2(output, STDOUT_FILENO) < 0 || dup2(errors, STDERR_FILENO) < 0)
        _exit(EXEC_FAILED);
    execv(program, argv);
    _exit(EXEC_FAILED);
}

/* argv for exec: the program's name, then the arguments; free() it. */
static char **
argv_make(const char *program, const char *const *arguments)
{
    size_t count = 0;
    char **argv;

    while (arguments[count])
        count++;
    argv = calloc(count + 2, sizeof(*argv));
    if (!argv)
        abort();
    memcpy(&argv[0], &program, sizeof(*argv)); /* exec wants char *, and only reads */
    memcpy(&argv[1], arguments, count * sizeof(*argv));
    return argv;
}

static int
process_spawn(struct gateway_process *process, const char *program,
              const char *const *arguments, struct error *err)
{
    int output[2] = {-1, -1}, errors = -1, handle = -1, rc = -1;
    char **argv = argv_make(program, arguments);
    pid_t parent = getpid(), pid = -1;

    errors = memfd_create("gateway-log", MFD_CLOEXEC);
    if (errors < 0 || pipe2(output, O_CLOEXEC) != 0 || (pid = fork()) < 0) {
        error_set(err, ERROR_INTERNAL, "cannot start %s: %s", program, strerror(errno));
        goto out;
    }
    if (pid == 0)
        child_run(program, argv, output[1], errors, parent);
    handle = pidfd_open(pid, 0);
    if (handle < 0) { /* still our own child, so the number is still its */
        error_set(err, ERROR_INTERNAL, "cannot watch %s: %s", program, strerror(errno));
        kill(pid, SIGKILL);
        waitpid(pid, NULL, 0);
        goto out;
    }
    process->pid = pid;
    process->handle = handle;
    process->output = output[0];
    process->errors = errors;
    output[0] = errors = -1;
    rc = 0;
out:
    if (errors >= 0)
        close(errors);
    if (output[0] >= 0)
        close(output[0]);
    if (output[1] >= 0)
        close(output[1]);
    free(argv);
    return rc;
}

/* One line without its end; false at the end of the output or the deadline. */
static bool
line_read(int fd, int64_t deadline_ms, char line[LINE_MAX_BYTES])
{
    size_t len = 0;

    for (;;) {
        struct pollfd waiting = {.fd = fd, .events = POLLIN};
        int64_t left_ms = deadline_ms - monotonic_ms();
        char byte;

        if (left_ms <= 0 || poll(&waiting, 1, (int)left_ms) == 0)
            return false;
        if (read(fd, &byte, 1) != 1)
            return false;
        if (byte == '\n')
            break;
        if (len < LINE_MAX_BYTES - 1)
            line[len++] = byte;
    }
    line[len] = '\0';
    return true;
}

static bool
process_await_ready(struct gateway_process *process)
{
    int64_t deadline_ms = monotonic_ms() + GATEWAY_READY_MS;
    char line[LINE_MAX_BYTES];

    while (line_read(process->output, deadline_ms, line)) {
        const char *address = line + strlen(READY_PREFIX);

        if (strncmp(line, READY_PREFIX, strlen(READY_PREFIX)) != 0)
            continue;
        if (strlen(address) >= sizeof(process->address))
            return false;
        strcpy(process->address, address);
        return true;
    }
    return false;
}

int
gateway_process_start(struct gateway_process *process, const char *program,
                      const char *const *arguments, struct error *err)
{
    *process = (struct gateway_process){0};
    if (access(program, X_OK) != 0)
        return error_set(err, ERROR_NOT_FOUND, "%s: %s", program, strerror(errno));
    if (process_spawn(process, program, arguments, err) != 0)
        return -1;
    if (process_await_ready(process))
        return 0;
    gateway_process_end(process, SIGTERM);
    return error_set(err, ERROR_INTERNAL, "%s ended with status %d before it was ready",
                     program, process->status);
}

/* Keep the end of what it wrote: there the reason stands. */
static void
process_keep_log(struct gateway_process *process)
{
    off_t length = lseek(process->errors, 0, SEEK_END);
    off_t from = length >= GATEWAY_LOG_SIZE ? length - (GATEWAY_LOG_SIZE - 1) : 0;
    ssize_t got = pread(process->errors, process->log, GATEWAY_LOG_SIZE - 1, from);

    process->log[got > 0 ? got : 0] = '\0';
}

int
gateway_process_end(struct gateway_process *process, int signal)
{
    struct pollfd ending = {.fd = process->handle, .events = POLLIN};
    int status = 0;

    if (process->pid == 0)
        return process->status;
    pidfd_send_signal(process->handle, signal, NULL, 0);
    if (poll(&ending, 1, GATEWAY_STOP_MS) == 0)
        pidfd_send_signal(process->handle, SIGKILL, NULL, 0);
    while (waitpid(process->pid, &status, 0) < 0 && errno == EINTR)
        ;
    process->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    process_keep_log(process);
    close(process->handle);
    close(process->output);
    close(process->errors);
    process->pid = 0;
    return process->status;
}
