/* waiter.c - a count of what is not done yet, and a bell. */
#include "gateway/base/waiter.h"

#include <assert.h>
#include <stdlib.h>

void
waiter_init(struct waiter *waiter, size_t pending)
{
    assert(pending > 0);
    *waiter = (struct waiter){.pending = pending};
    if (pthread_mutex_init(&waiter->lock, NULL) != 0 ||
        pthread_cond_init(&waiter->wake, NULL) != 0)
        abort();
}

void
waiter_done(struct waiter *waiter, int rc)
{
    pthread_mutex_lock(&waiter->lock);
    if (rc != 0)
        waiter->rc = -1;
    if (--waiter->pending == 0)
        pthread_cond_signal(&waiter->wake);
    pthread_mutex_unlock(&waiter->lock);
}

int
waiter_wait(struct waiter *waiter)
{
    pthread_mutex_lock(&waiter->lock);
    while (waiter->pending > 0)
        pthread_cond_wait(&waiter->wake, &waiter->lock);
    pthread_mutex_unlock(&waiter->lock);
    pthread_mutex_destroy(&waiter->lock);
    pthread_cond_destroy(&waiter->wake);
    return waiter->rc;
}
