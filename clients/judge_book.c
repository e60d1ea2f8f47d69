/* judge_book.c - a snapshot, as a gateway has one. */
#include "clients/judge.h"

#include <string.h>

#define LABEL_DIGITS 12 /* of a snapshot's digest: two versions of a book have one name */

static void
book_judge(const struct judge *judge, const struct policy_payment *payment,
           const struct circumstances *circumstances, struct arena *arena,
           struct decision *decision)
{
    snapshot_judge(judge->snapshot, payment, circumstances->now_ms, circumstances->seed, NULL,
                   arena, decision);
}

static void
book_close(struct judge *judge)
{
    snapshot_free(judge->snapshot);
    *judge = (struct judge){0};
}

static const struct judge_ops book_ops = {"book", true, book_judge, book_close};

int
judge_book_open(struct judge *judge, struct arena *arena,
                const struct snapshot_sources *sources, struct error *err)
{
    struct snapshot *snapshot;

    *judge = (struct judge){0};
    if (snapshot_load(sources, &snapshot, err) != 0)
        return -1;
    *judge = (struct judge){
        .ops = &book_ops,
        .label = arena_printf(arena, "%s@%.*s", snapshot_book_name(snapshot), LABEL_DIGITS,
                              snapshot_digest(snapshot) + strlen("sha256:")),
        .snapshot = snapshot,
    };
    return 0;
}
