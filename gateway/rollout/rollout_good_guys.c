/*
 * rollout_good_guys.c - exceptions to hits: added, taken back, told.
 *
 * All of them are one text (policy/screening/good_guys.h).  Each change writes another one,
 * which is put in force by the way of every version: so that it has a record, an hour, and a
 * snapshot that a decision names.
 */
#include <stdlib.h>
#include <string.h>

#include "gateway/base/time.h"
#include "gateway/rollout/rollout_private.h"
#include "policy/screening/roster.h"

/* The exceptions as they are written, on the request's arena; an empty set where none are. */
static int
set_in_force(struct rollout *rollout, struct arena *arena, struct good_guys **out,
             struct error *err)
{
    static const char none[] = "{\"good_guys\":[]}";
    const struct rollout_name *name =
        catalogue_name(&rollout->catalogue, ROLLOUT_GOOD_GUYS, GOOD_GUYS_NAME);
    const struct text *text = name ? rollout_text_in_force(rollout, name) : NULL;
    struct rollout_record record;

    if (!rollout->current->active) /* they are not known, which is not that there are none */
        return error_set(err, ERROR_BUSY, "nothing is in force: %s", rollout->current->why);
    if (!text)
        return good_guys_read(arena, none, strlen(none), out, err);
    if (rollout_read_text(rollout, catalogue_text(&rollout->catalogue, text->digest), arena,
                          &record, err) != 0)
        return -1;
    return good_guys_read(arena, record.text, record.text_len, out, err);
}

static size_t
lists_in_force(const struct rollout *rollout, struct arena *arena,
               const struct list *const **out)
{
    const struct roster *roster =
        rollout->current->active ? snapshot_roster(rollout->current->active) : NULL;
    size_t count = roster ? roster->count : 0;
    const struct list **lists = arena_alloc(arena, (count + 1) * sizeof(*lists));

    for (size_t i = 0; i < count; i++)
        lists[i] = roster->listings[i]->list;
    *out = lists;
    return count;
}

/* -- changing -- */

/* These, as a version that is checked and in force; or the request has failed. */
static void
put_in_force(struct rollout *rollout, struct rollout_request *request,
             const struct good_guy *list, size_t count)
{
    struct replacement replacement = {NULL, NULL};
    struct rollout_record record;
    char digest[DIGEST_TEXT_SIZE];
    uint8_t bytes[SHA256_BYTES];
    struct error err = {0};
    struct buffer text;

    buffer_init(&text, request->arena, 4096);
    good_guys_write(list, count, &text);
    hash_sha256(&(struct hash_part){text.data, text.len}, 1, bytes);
    digest_print(bytes, digest);
    if (rollout_put_checked(rollout, ROLLOUT_GOOD_GUYS, GOOD_GUYS_NAME, digest, text.data,
                            text.len, &err) != 0) {
        rollout_fail_as(request, &err);
        return;
    }
    replacement.name = catalogue_name(&rollout->catalogue, ROLLOUT_GOOD_GUYS, GOOD_GUYS_NAME);
    replacement.version = catalogue_version(replacement.name, digest);
    record = rollout_record_of(ROLLOUT_ACTIVATE);
    record.of = rollout_kind_name(ROLLOUT_GOOD_GUYS);
    record.name = GOOD_GUYS_NAME;
    record.digest = digest;
    rollout_replace(rollout, &replacement, &record, request);
}

static struct good_guy *
find(struct good_guy *list, size_t count, const char *id)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(list[i].id, id) == 0)
            return &list[i];
    return NULL;
}

static void
write_one(const struct good_guy *guy, const char *day, struct buffer *out)
{
    json_open(out, '{');
    good_guy_members(guy, out);
    json_key(out, "counts");
    json_bool(out, guy->state == GOOD_GUY_VALID && strcmp(guy->expires_on, day) >= 0);
    json_member(out, "state",
                guy->state == GOOD_GUY_VALID && strcmp(guy->expires_on, day) < 0
                    ? "its last day has passed"
                    : good_guy_state_name(guy->state));
    json_close(out, '}');
}

/* Compared with the lists of now, and told. */
static void
answer_one(struct rollout *rollout, struct rollout_request *request, struct good_guy *guy)
{
    const struct list *const *lists;
    size_t count = lists_in_force(rollout, request->arena, &lists);
    struct good_guys set = {.list = guy, .count = 1};
    char day[DAY_TEXT_SIZE];

    good_guys_bind(&set, request->arena, lists, count);
    day_print(clock_now(rollout->clock), day);
    buffer_init(&request->answer, request->arena, 1024);
    write_one(guy, day, &request->answer);
}

/* The same party, entry and name again is a renewal: it takes the place of the first. */
void
carry_add_good_guy(struct rollout *rollout, struct rollout_request *request)
{
    struct good_guy_faults faults = {.arena = request->arena};
    struct good_guy *added = request->good_guy, *list, *known;
    const struct list *const *lists;
    struct error err = {0};
    struct good_guys *set;
    size_t count;

    count = lists_in_force(rollout, request->arena, &lists);
    if (set_in_force(rollout, request->arena, &set, &err) != 0) {
        rollout_fail_as(request, &err);
        return;
    }
    if (good_guy_seal(added, lists, count, clock_now(rollout->clock), &faults) != 0) {
        rollout_fail(request, ROLLOUT_REFUSED, ERROR_INVALID, "%s: %s", faults.list[0].pointer,
                     faults.list[0].detail);
        return;
    }
    list = arena_alloc(request->arena, (set->count + 1) * sizeof(*list));
    memcpy(list, set->list, set->count * sizeof(*list));
    known = find(list, set->count, added->id);
    if (!known && set->count == GOOD_GUYS_MAX) {
        rollout_fail(request, ROLLOUT_CONFLICT, ERROR_CONFLICT,
                     "there are %d exceptions, and no more are kept; DELETE some first",
                     GOOD_GUYS_MAX);
        return;
    }
    *(known ? known : &list[set->count]) = *added;
    put_in_force(rollout, request, list, set->count + !known);
    if (request->result != ROLLOUT_DONE)
        return;
    request->result = known ? ROLLOUT_DONE : ROLLOUT_CREATED;
    answer_one(rollout, request, added);
}

static void
fail_unknown(struct rollout_request *request)
{
    rollout_fail(request, ROLLOUT_NOT_FOUND, ERROR_NOT_FOUND, "there is no exception %s",
                 request->name);
}

/* Answers with what was taken back. */
void
carry_drop_good_guy(struct rollout *rollout, struct rollout_request *request)
{
    struct good_guy dropped, *found;
    struct error err = {0};
    struct good_guys *set;

    if (set_in_force(rollout, request->arena, &set, &err) != 0) {
        rollout_fail_as(request, &err);
        return;
    }
    found = find(set->list, set->count, request->name);
    if (!found) {
        fail_unknown(request);
        return;
    }
    dropped = *found;
    memmove(found, found + 1, (size_t)(set->list + set->count - found - 1) * sizeof(*found));
    put_in_force(rollout, request, set->list, set->count - 1);
    if (request->result == ROLLOUT_DONE)
        answer_one(rollout, request, &dropped);
}

/* -- telling -- */

void
carry_good_guys(struct rollout *rollout, struct rollout_request *request)
{
    struct buffer *out = &request->answer;
    const struct list *const *lists;
    size_t count, at = 0, written = 0;
    char day[DAY_TEXT_SIZE];
    struct error err = {0};
    struct good_guys *set;

    if (set_in_force(rollout, request->arena, &set, &err) != 0) {
        rollout_fail_as(request, &err);
        return;
    }
    count = lists_in_force(rollout, request->arena, &lists);
    good_guys_bind(set, request->arena, lists, count);
    day_print(clock_now(rollout->clock), day);
    while (at < set->count && strcmp(set->list[at].id, request->after) <= 0)
        at++;
    json_open(out, '{');
    json_key(out, "data");
    json_open(out, '[');
    for (; at < set->count && written < request->limit; at++, written++)
        write_one(&set->list[at], day, out);
    json_close(out, ']');
    json_key(out, "next_cursor");
    at < set->count ? json_string(out, set->list[at - 1].id) : json_null(out);
    json_close(out, '}');
}

void
carry_good_guy(struct rollout *rollout, struct rollout_request *request)
{
    struct error err = {0};
    struct good_guys *set;
    struct good_guy *found;

    if (set_in_force(rollout, request->arena, &set, &err) != 0) {
        rollout_fail_as(request, &err);
        return;
    }
    found = find(set->list, set->count, request->name);
    if (found)
        answer_one(rollout, request, found);
    else
        fail_unknown(request);
}
