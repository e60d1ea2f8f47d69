/* rollout_read.c - what is read, and snapshots that are lent; nothing changes here. */
#include <stdlib.h>
#include <string.h>

#include "gateway/rollout/rollout_private.h"

/* -- reading -- */

void
carry_list(struct rollout *rollout, struct rollout_request *request)
{
    answer_names(rollout, request);
}

void
carry_show(struct rollout *rollout, struct rollout_request *request)
{
    const struct rollout_name *name =
        request->kind == ROLLOUT_LIST ? rollout_incoming_names(rollout, request->arena) : NULL;

    while (name && strcmp(name->name, request->name) != 0)
        name = name->next;
    if (!name) /* something of it is known, or nothing at all */
        name = rollout_wanted(rollout, request);
    if (name)
        answer_name(rollout, name, true, request);
}

void
carry_history(struct rollout *rollout, struct rollout_request *request)
{
    const struct rollout_name *name = rollout_wanted(rollout, request);

    if (name)
        answer_history(rollout, name, request);
}

static void
answer_text(struct rollout *rollout, uint64_t seq, struct rollout_request *request)
{
    struct rollout_record record;
    struct error err = {0};

    if (rollout_read_text(rollout, seq, request->arena, &record, &err) != 0)
        rollout_fail_as(request, &err);
    else
        buffer_append(&request->answer, record.text, record.text_len);
}

/* The text that is in force for the name; NULL: none is. */
const struct text *
rollout_text_in_force(const struct rollout *rollout, const struct rollout_name *name)
{
    const struct text *texts;
    size_t count;

    if (!rollout->current->active)
        return NULL;
    count = snapshot_texts(rollout->current->active, &texts);
    return texts_find(&(struct texts){texts, count, true}, rollout_kind_text(name->kind),
                      name->name);
}

void
carry_text(struct rollout *rollout, struct rollout_request *request)
{
    const struct rollout_name *name = rollout_wanted(rollout, request);
    const struct text *in_force = name ? rollout_text_in_force(rollout, name) : NULL;
    const struct version *version;

    if (!name)
        return;
    if (!request->digest[0] && in_force)
        answer_text(rollout, catalogue_text(&rollout->catalogue, in_force->digest), request);
    else if ((version = rollout_wanted_version(request, name)))
        answer_text(rollout, version->text_seq, request);
}

static const struct kept_snapshot *
wanted_snapshot(struct rollout *rollout, struct rollout_request *request)
{
    const struct kept_snapshot *kept = catalogue_snapshot(&rollout->catalogue, request->digest);

    if (!kept)
        rollout_fail(request, ROLLOUT_NOT_FOUND, ERROR_NOT_FOUND,
                     "no snapshot %s was ever in force here", request->digest);
    return kept;
}

void
carry_snapshots(struct rollout *rollout, struct rollout_request *request)
{
    answer_snapshots(rollout, request);
}

void
carry_snapshot(struct rollout *rollout, struct rollout_request *request)
{
    const struct kept_snapshot *kept = wanted_snapshot(rollout, request);
    struct rollout_record record;
    struct error err = {0};

    if (!kept)
        return;
    if (rollout_read_text(rollout, kept->seq, request->arena, &record, &err) != 0)
        rollout_fail_as(request, &err);
    else
        answer_snapshot(rollout, kept, &record, request);
}

void
carry_snapshot_text(struct rollout *rollout, struct rollout_request *request)
{
    const struct kept_snapshot *kept = wanted_snapshot(rollout, request);
    struct rollout_record record;
    struct error err = {0};
    struct text *lines;
    size_t count;

    if (!kept)
        return;
    if (rollout_read_text(rollout, kept->seq, request->arena, &record, &err) != 0) {
        rollout_fail_as(request, &err);
        return;
    }
    count = rollout_lines(record.text, record.text_len, request->arena, &lines);
    for (size_t i = 0; i < count; i++) {
        const char *file = arena_printf(request->arena, "%s/%s", lines[i].kind, lines[i].name);
        uint64_t seq = catalogue_text(&rollout->catalogue, lines[i].digest);

        if (strcmp(file, request->file) == 0 && seq != 0) {
            answer_text(rollout, seq, request);
            return;
        }
    }
    rollout_fail(request, ROLLOUT_NOT_FOUND, ERROR_NOT_FOUND,
                 "snapshot %s has no text %s; the code of plugins is not kept", request->digest,
                 request->file);
}

/* -- lending -- */

static struct borrowed *
borrowed_find(struct rollout *rollout, const char *key)
{
    for (size_t i = 0; i < ROLLOUT_BORROWED_MAX; i++)
        if (rollout->borrowed[i].key && strcmp(rollout->borrowed[i].key, key) == 0)
            return &rollout->borrowed[i];
    return NULL;
}

/* In the place of the one that was not used for longest. */
static struct borrowed *
borrowed_add(struct rollout *rollout, const char *key, struct snapshot *snapshot)
{
    struct borrowed *oldest = &rollout->borrowed[0];

    for (size_t i = 1; i < ROLLOUT_BORROWED_MAX; i++)
        if (rollout->borrowed[i].used < oldest->used)
            oldest = &rollout->borrowed[i];
    free(oldest->key);
    snapshot_free(oldest->snapshot);
    snapshot_forget_texts(snapshot);
    oldest->key = strdup(key);
    if (!oldest->key)
        abort();
    oldest->snapshot = snapshot;
    return oldest;
}

/* What the request names: a digest of the past, or a name's candidate beside the rest. */
static int
borrowed_build(struct rollout *rollout, struct rollout_request *request,
               const struct kept_snapshot *kept, const struct replacement *replacement,
               struct borrowed **out)
{
    const struct snapshot *active = rollout->current->active;
    const char *key =
        kept ? kept->digest
             : arena_printf(request->arena, "%s %s %s", active ? snapshot_digest(active) : "",
                            rollout_kind_name(replacement->name->kind),
                            replacement->version->digest);
    struct snapshot *snapshot;
    struct error err = {0};

    *out = borrowed_find(rollout, key);
    if (*out)
        return 0;
    if (!kept && rollout_build_for(rollout, replacement, request, &snapshot) != 0)
        return -1;
    if (kept && rollout_rebuild(rollout, kept, &snapshot, &err) != 0) {
        rollout_fail_as(request, &err);
        return -1;
    }
    *out = borrowed_add(rollout, key, snapshot);
    return 0;
}

void
carry_borrow(struct rollout *rollout, struct rollout_request *request)
{
    const struct kept_snapshot *kept = NULL;
    struct replacement replacement = {0};
    struct borrowed *borrowed;

    if (request->name[0] == '\0') {
        kept = wanted_snapshot(rollout, request);
        if (!kept)
            return;
    } else {
        replacement.name = rollout_wanted(rollout, request);
        if (!replacement.name ||
            !(replacement.version = rollout_checked_version(request, replacement.name)))
            return;
    }
    if (borrowed_build(rollout, request, kept, &replacement, &borrowed) != 0)
        return;
    borrowed->used = ++rollout->borrowings;
    request->use(request, borrowed->snapshot);
}
