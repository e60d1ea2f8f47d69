/*
 * progress.h - how far a long piece of work is, on a terminal's last line.
 *
 *     [########------------]  41 %  412345 payments, 38900/s, 15 s left
 *
 * Where standard error is no terminal nothing is written at all.
 */
#ifndef CLIENTS_PROGRESS_H
#define CLIENTS_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct progress {
    bool on;
    bool shown;
    int64_t began_ms, drawn_ms;
    const char *what; /* is counted; progress_begin() makes it "payments" */
};

void progress_begin(struct progress *progress);

/* done of all is behind us, in it count payments.  Draws a few times a second. */
void progress_tell(struct progress *progress, uint64_t done, uint64_t all, size_t count);

/* Before anything else is printed, and at the end. */
void progress_hide(struct progress *progress);

#endif
