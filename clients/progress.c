/* progress.c - see progress.h. */
#include "clients/progress.h"

#include <stdio.h>
#include <unistd.h>

#include "gateway/base/time.h"

#define DRAW_EVERY_MS 200
#define BAR_WIDTH     20
#define PACE_SIZE     64
#define MINUTES_FROM  120 /* seconds left */

static const char filled[] = "####################", empty[] = "--------------------";

void
progress_begin(struct progress *progress)
{
    *progress = (struct progress){
        .on = isatty(STDERR_FILENO) == 1, .began_ms = monotonic_ms(), .what = "payments"};
    progress->drawn_ms = progress->began_ms - DRAW_EVERY_MS;
}

/* ", 38900/s, 15 s left", at the pace so far; "" while that is a guess. */
static void
pace_text(int64_t elapsed_ms, uint64_t done, uint64_t all, size_t count, char text[PACE_SIZE])
{
    double passed = (double)elapsed_ms / 1000;
    double left = done ? passed / (double)done * (double)(all - done) : 0;

    text[0] = '\0';
    if (elapsed_ms < DRAW_EVERY_MS || done == 0)
        return;
    snprintf(text, PACE_SIZE, ", %.0f/s, %.0f %s left", (double)count / passed,
             left < MINUTES_FROM ? left : left / 60, left < MINUTES_FROM ? "s" : "min");
}

void
progress_tell(struct progress *progress, uint64_t done, uint64_t all, size_t count)
{
    int64_t now_ms = monotonic_ms(), elapsed_ms = now_ms - progress->began_ms;
    int width = all ? (int)(done * BAR_WIDTH / all) : BAR_WIDTH;
    char pace[PACE_SIZE];

    if (!progress->on || now_ms - progress->drawn_ms < DRAW_EVERY_MS)
        return;
    pace_text(elapsed_ms, done, all, count, pace);
    fprintf(stderr, "\r[%.*s%.*s] %3d %%  %zu %s%s\033[K", width, filled, BAR_WIDTH - width,
            empty, all ? (int)(done * 100 / all) : 100, count, progress->what, pace);
    fflush(stderr);
    progress->drawn_ms = now_ms;
    progress->shown = true;
}

void
progress_hide(struct progress *progress)
{
    if (progress->shown)
        fputs("\r\033[K", stderr);
    fflush(stderr);
    progress->shown = false;
}
