/* reload.c - a thread that waits for SIGHUP. */
#include "gateway/reload.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>

static struct {
    pthread_t thread;
    struct keys *keys;
    struct bank *bank;
    bool started;
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

    (void)context;
    while (sigwait(&set, &caught) == 0 && !atomic_load(&reload.ends)) {
        struct error err = {0};

        /* What is refused has changed nothing, and the log says so. */
        if (keys_reload(reload.keys, &err) != 0)
            err = (struct error){0};
        if (bank_reload(reload.bank, &err) != 0)
            continue;
    }
    return NULL;
}

int
reload_start(struct keys *keys, struct bank *bank, struct error *err)
{
    int rc;

    atomic_store(&reload.ends, false);
    reload.keys = keys;
    reload.bank = bank;
    rc = pthread_create(&reload.thread, NULL, reload_run, NULL);
    if (rc != 0)
        return error_set(err, ERROR_INTERNAL, "cannot start a thread: %s", strerror(rc));
    reload.started = true;
    return 0;
}

void
reload_stop(void)
{
    if (!reload.started)
        return;
    atomic_store(&reload.ends, true);
    pthread_kill(reload.thread, SIGHUP);
    pthread_join(reload.thread, NULL);
    reload.started = false;
}
