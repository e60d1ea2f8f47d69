/* reload.c - a thread that waits for SIGHUP. */
#include "gateway/reload.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>

static struct {
    pthread_t thread;
    struct bank *bank; /* NULL: not started */
    atomic_bool ends;
} reload;

static sigset_t
hang_up(void)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGHUP);
    return set;
}

void
reload_block(void)
{
    sigset_t set = hang_up();

    pthread_sigmask(SIG_BLOCK, &set, NULL);
}

static void *
reload_run(void *context)
{
    sigset_t set = hang_up();
    int caught;

    while (sigwait(&set, &caught) == 0 && !atomic_load(&reload.ends)) {
        struct error err = {0};

        if (bank_reload(context, &err) != 0)
            continue; /* said in the log, and nothing has changed */
    }
    return NULL;
}

int
reload_start(struct bank *bank, struct error *err)
{
    int rc;

    atomic_store(&reload.ends, false);
    rc = pthread_create(&reload.thread, NULL, reload_run, bank);
    if (rc != 0)
        return error_set(err, ERROR_INTERNAL, "cannot start a thread: %s", strerror(rc));
    reload.bank = bank;
    return 0;
}

void
reload_stop(void)
{
    if (!reload.bank)
        return;
    atomic_store(&reload.ends, true);
    pthread_kill(reload.thread, SIGHUP);
    pthread_join(reload.thread, NULL);
    reload.bank = NULL;
}
