/* turns.c - two flags under one lock. */
#include "gateway/store/turns.h"

#include <stdlib.h>

void
turns_init(struct turns *turns)
{
    *turns = (struct turns){0};
    if (pthread_mutex_init(&turns->lock, NULL) != 0 ||
        pthread_cond_init(&turns->appender, NULL) != 0 ||
        pthread_cond_init(&turns->checkpointer, NULL) != 0)
        abort();
}

void
turns_release(struct turns *turns)
{
    pthread_cond_destroy(&turns->checkpointer);
    pthread_cond_destroy(&turns->appender);
    pthread_mutex_destroy(&turns->lock);
}

void
appender_enter(struct turns *turns, bool journal_is_full)
{
    pthread_mutex_lock(&turns->lock);
    while (turns->finishing || (journal_is_full && turns->wanted))
        pthread_cond_wait(&turns->appender, &turns->lock);
    turns->appending = true;
    pthread_mutex_unlock(&turns->lock);
}

void
appender_leave(struct turns *turns, bool checkpoint_wanted)
{
    pthread_mutex_lock(&turns->lock);
    turns->appending = false;
    turns->wanted |= checkpoint_wanted;
    if (turns->finishing || checkpoint_wanted)
        pthread_cond_signal(&turns->checkpointer);
    pthread_mutex_unlock(&turns->lock);
}

bool
checkpointer_wait(struct turns *turns)
{
    bool more;

    pthread_mutex_lock(&turns->lock);
    while (!turns->wanted && !turns->closing)
        pthread_cond_wait(&turns->checkpointer, &turns->lock);
    more = !turns->closing;
    pthread_mutex_unlock(&turns->lock);
    return more;
}

void
checkpointer_enter(struct turns *turns)
{
    pthread_mutex_lock(&turns->lock);
    turns->finishing = true;
    while (turns->appending)
        pthread_cond_wait(&turns->checkpointer, &turns->lock);
    pthread_mutex_unlock(&turns->lock);
}

void
checkpointer_leave(struct turns *turns)
{
    pthread_mutex_lock(&turns->lock);
    turns->finishing = false;
    pthread_cond_signal(&turns->appender);
    pthread_mutex_unlock(&turns->lock);
}

void
checkpointer_done(struct turns *turns)
{
    pthread_mutex_lock(&turns->lock);
    turns->wanted = false;
    pthread_cond_signal(&turns->appender);
    pthread_mutex_unlock(&turns->lock);
}

void
turns_close(struct turns *turns)
{
    pthread_mutex_lock(&turns->lock);
    turns->closing = true;
    pthread_cond_signal(&turns->checkpointer);
    pthread_mutex_unlock(&turns->lock);
}
