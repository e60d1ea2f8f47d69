/* rollout_verbs.c - one function for each thing that can be asked of the office. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/base/json.h"
#include "gateway/base/log.h"
#include "gateway/base/metrics.h"
#include "gateway/rollout/rollout_private.h"
#include "gateway/rollout/shadow.h"

/* -- the ends of a request -- */

/* err tells already what went wrong. */
void
rollout_fail_as(struct rollout_request *request, const struct error *err)
{
    request->err = *err;
    request->result = err->code == ERROR_CONFLICT    ? ROLLOUT_CONFLICT
                      : err->code == ERROR_NOT_FOUND ? ROLLOUT_NOT_FOUND
                      : err->code == ERROR_INVALID   ? ROLLOUT_REFUSED
                      : err->code == ERROR_SETUP     ? ROLLOUT_REFUSED
                                                     : ROLLOUT_FAILED;
}

/* -- finding what a request is about -- */

/* NULL, with the request failed: nobody has put it, and no snapshot has had it. */
struct rollout_name *
rollout_wanted(struct rollout *rollout, struct rollout_request *request)
{
    struct rollout_name *name =
        catalogue_name(&rollout->catalogue, request->kind, request->name);
    enum rollout_kind other = request->kind == ROLLOUT_BOOK ? ROLLOUT_POLICY : ROLLOUT_BOOK;
    const char *hint = "";

    if (name)
        return name;
    if (catalogue_name(&rollout->catalogue, other, request->name))
        hint = arena_printf(request->arena, ", but a %s", rollout_kind_name(other));
    rollout_fail(request, ROLLOUT_NOT_FOUND, ERROR_NOT_FOUND, "there is no %s \"%s\"%s",
                 rollout_kind_name(request->kind), request->name, hint);
    return NULL;
}

/* The version of the digest that was given, else the candidate; NULL likewise. */
struct version *
rollout_wanted_version(struct rollout_request *request, const struct rollout_name *name)
{
    struct version *version =
        request->digest[0] ? catalogue_version(name, request->digest) : name->candidate;

    if (version)
        return version;
    if (request->digest[0])
        rollout_fail(request, ROLLOUT_NOT_FOUND, ERROR_NOT_FOUND,
                     "%s \"%s\" has no version %s; GET its history for those that there are",
                     rollout_kind_name(name->kind), name->name, request->digest);
    else
        rollout_fail(request, ROLLOUT_NOT_FOUND, ERROR_NOT_FOUND,
                     "no version of %s \"%s\" was put; PUT %s, or name a digest",
                     rollout_kind_name(name->kind), name->name,
                     name->kind == ROLLOUT_LIST ? "its files" : "one");
    return NULL;
}

/* Likewise, one that has passed its checks. */
struct version *
rollout_checked_version(struct rollout_request *request, const struct rollout_name *name)
{
    struct version *version = rollout_wanted_version(request, name);

    if (!version || version->state == VERSION_CHECKED)
        return version;
    if (version->state == VERSION_REFUSED)
        rollout_fail(request, ROLLOUT_CONFLICT, ERROR_CONFLICT,
                     "version %s of %s \"%s\" was refused: %s", version->digest,
                     rollout_kind_name(name->kind), name->name, version->why);
    else
        rollout_fail(request, ROLLOUT_CONFLICT, ERROR_CONFLICT,
                     "version %s of %s \"%s\" was never checked; POST …/check first",
                     version->digest, rollout_kind_name(name->kind), name->name);
    return NULL;
}

static struct rollout_record
record_of(enum rollout_what what, const struct rollout_name *name,
          const struct version *version)
{
    struct rollout_record record = rollout_record_of(what);

    record.of = rollout_kind_name(name->kind);
    record.name = name->name;
    if (version)
        record.digest = version->digest;
    return record;
}

/* A version that passed alone may not fit what else would be in force: nothing changes. */
int
rollout_build_for(struct rollout *rollout, const struct replacement *replacement,
                  struct rollout_request *request, struct snapshot **out)
{
    struct error err = {0};

    if (rollout_build(rollout, rollout->current->active, replacement, out, &err) == 0)
        return 0;
    if (err.code == ERROR_BUSY || err.code == ERROR_INTERNAL)
        rollout_fail_as(request, &err);
    else
        rollout_fail(request, ROLLOUT_CONFLICT, ERROR_CONFLICT,
                     "what would be in force then does not load: %s", err.text);
    return -1;
}

/* -- put and check -- */

#define NO_ROOM "the gateway keeps %d names and %d versions, and there are as many"

static bool
is_room(const struct catalogue *catalogue)
{
    return catalogue->name_count < ROLLOUT_NAMES_MAX &&
           catalogue->version_count < ROLLOUT_VERSIONS_MAX;
}

int
rollout_put_checked(struct rollout *rollout, enum rollout_kind kind, const char *name,
                    const char *digest, const char *text, size_t len, struct error *err)
{
    const struct rollout_name *put = catalogue_name(&rollout->catalogue, kind, name);
    bool known = put && catalogue_version(put, digest);
    struct rollout_record records[2] = {rollout_record_of(ROLLOUT_PUT),
                                        rollout_record_of(ROLLOUT_CHECK)};
    uint8_t bytes[SHA256_BYTES];

    if (!known && !is_room(&rollout->catalogue))
        return error_set(err, ERROR_CONFLICT, NO_ROOM, ROLLOUT_NAMES_MAX, ROLLOUT_VERSIONS_MAX);
    for (size_t i = 0; i < 2; i++) {
        records[i].of = rollout_kind_name(kind);
        records[i].name = name;
        records[i].digest = digest;
    }
    records[0].text = text;
    if (!digest_parse(digest, bytes))
        abort();
    if (catalogue_text(&rollout->catalogue, bytes) == 0)
        records[0].text_len = len;
    return rollout_write(rollout, records, 2, err);
}

static void
carry_put(struct rollout *rollout, struct rollout_request *request)
{
    struct rollout_name *name =
        catalogue_name(&rollout->catalogue, request->kind, request->name);
    struct rollout_record record = rollout_record_of(ROLLOUT_PUT);
    uint8_t digest[SHA256_BYTES];
    char text[DIGEST_TEXT_SIZE];
    struct error err = {0};
    bool known;

    hash_sha256(&(struct hash_part){request->text, request->len}, 1, digest);
    digest_print(digest, text);
    record.of = rollout_kind_name(request->kind);
    record.name = request->name;
    record.digest = text;
    record.text = request->text;
    record.text_len = request->len;
    known = name && catalogue_version(name, text);
    if (!known && !is_room(&rollout->catalogue)) {
        rollout_fail(request, ROLLOUT_CONFLICT, ERROR_CONFLICT, NO_ROOM, ROLLOUT_NAMES_MAX,
                     ROLLOUT_VERSIONS_MAX);
        return;
    }
    if (catalogue_text(&rollout->catalogue, digest) != 0)
        record.text_len = 0; /* the store has it */
    if (rollout_write(rollout, &record, 1, &err) != 0) {
        rollout_fail_as(request, &err);
        return;
    }
    request->result = known ? ROLLOUT_DONE : ROLLOUT_CREATED;
    answer_name(rollout, catalogue_name(&rollout->catalogue, request->kind, request->name),
                false, request);
}

static void
carry_check(struct rollout *rollout, struct rollout_request *request)
{
    struct rollout_name *name = rollout_wanted(rollout, request);
    struct version *version = name ? rollout_wanted_version(request, name) : NULL;
    struct error why = {0}, err = {0};
    struct rollout_record record;

    if (!version)
        return;
    record = record_of(ROLLOUT_CHECK, name, version);
    if (rollout_check(rollout, name, version, request->arena, &request->findings,
                      &request->finding_count, &why) != 0) {
        if (why.code != ERROR_INVALID) { /* not the version's own fault */
            rollout_fail_as(request, &why);
            return;
        }
        record.note = why.text;
    }
    if (rollout_write(rollout, &record, 1, &err) != 0)
        rollout_fail_as(request, &err);
    else if (record.note[0])
        rollout_fail(request, ROLLOUT_REFUSED, ERROR_INVALID, "%s", why.text);
    else
        answer_check(name, version, request);
}

/* -- shadow -- */

static void
publish_shadows(struct rollout *rollout)
{
    struct shadow *shadows[SHADOWS_MAX];
    size_t count = 0;

    for (size_t i = 0; i < rollout->current->shadow_count; i++)
        if (shadow_name(rollout->current->shadows[i])->shadow)
            shadows[count++] = rollout->current->shadows[i];
    rollout_publish(rollout, rollout->current->active, rollout->current->why, shadows, count);
}

/* Beside what is in force now; one of the same name gives way. */
static void
publish_shadow(struct rollout *rollout, const struct rollout_name *name,
               struct snapshot *snapshot)
{
    const struct in_force *current = rollout->current;
    struct shadow *shadows[SHADOWS_MAX];
    size_t count = 0;

    snapshot_forget_texts(snapshot);
    for (size_t i = 0; i < current->shadow_count; i++)
        if (shadow_name(current->shadows[i]) != name)
            shadows[count++] = current->shadows[i];
    assert(count < SHADOWS_MAX);
    shadows[count++] =
        shadow_new(snapshot, name, snapshot_digest(current->active), clock_now(rollout->clock));
    rollout_publish(rollout, current->active, current->why, shadows, count);
}

/* Also those that do not judge just now, because nothing is in force. */
static size_t
shadowed_count(const struct catalogue *catalogue)
{
    size_t count = 0;

    for (const struct rollout_name *name = catalogue->names; name; name = name->next)
        count += name->shadow != NULL;
    return count;
}

static void
shadow_begin(struct rollout *rollout, struct rollout_request *request)
{
    struct rollout_name *name = rollout_wanted(rollout, request);
    struct version *version = name ? rollout_checked_version(request, name) : NULL;
    const struct replacement replacement = {name, version};
    struct rollout_record record;
    struct snapshot *snapshot;
    struct error err = {0};

    if (!version)
        return;
    if (!rollout->current->active) {
        rollout_fail(request, ROLLOUT_CONFLICT, ERROR_CONFLICT,
                     "nothing is in force that it could be compared with: %s",
                     rollout->current->why);
        return;
    }
    if (!name->shadow && shadowed_count(&rollout->catalogue) >= SHADOWS_MAX) {
        rollout_fail(request, ROLLOUT_CONFLICT, ERROR_CONFLICT,
                     "%d candidates are shadowed already; DELETE the shadow of one first",
                     SHADOWS_MAX);
        return;
    }
    if (rollout_build_for(rollout, &replacement, request, &snapshot) != 0)
        return;
    record = record_of(ROLLOUT_SHADOW, name, version);
    if (rollout_write(rollout, &record, 1, &err) != 0) {
        snapshot_free(snapshot);
        rollout_fail_as(request, &err);
        return;
    }
    if (request->use)
        request->use(request, snapshot);
    publish_shadow(rollout, name, snapshot);
    answer_shadow(rollout, name, request);
}

static void
carry_shadow(struct rollout *rollout, struct rollout_request *request)
{
    rollout_with_list(rollout, request, shadow_begin);
}

static bool
is_shadowed(const struct rollout_name *name, struct rollout_request *request)
{
    if (name->shadow)
        return true;
    rollout_fail(request, ROLLOUT_NOT_FOUND, ERROR_NOT_FOUND,
                 "no version of %s \"%s\" is shadowed; POST …/shadow begins it",
                 rollout_kind_name(name->kind), name->name);
    return false;
}

static void
carry_read_shadow(struct rollout *rollout, struct rollout_request *request)
{
    struct rollout_name *name = rollout_wanted(rollout, request);

    if (name && is_shadowed(name, request))
        answer_shadow(rollout, name, request);
}

/* Answers with the last comparison. */
static void
carry_unshadow(struct rollout *rollout, struct rollout_request *request)
{
    struct rollout_name *name = rollout_wanted(rollout, request);
    struct rollout_record record;
    struct error err = {0};

    if (!name || !is_shadowed(name, request))
        return;
    answer_shadow(rollout, name, request);
    record = record_of(ROLLOUT_UNSHADOW, name, name->shadow);
    if (rollout_write(rollout, &record, 1, &err) != 0)
        rollout_fail_as(request, &err);
    else
        publish_shadows(rollout);
}

/* -- into force -- */

static void
count_activation(const struct rollout_request *request)
{
    metric_add(request->result == ROLLOUT_DONE ? METRIC_ACTIVATION_TOTAL
                                               : METRIC_ACTIVATION_REFUSED_TOTAL,
               1);
}

/* "sha256:…" of the text that the snapshot has for the name, or of its book; "" for none. */
static const char *
digest_within(const struct snapshot *snapshot, const struct rollout_name *name,
              struct arena *arena)
{
    const struct text *texts, *text;
    size_t count = snapshot_texts(snapshot, &texts);
    char *digest = arena_zalloc(arena, DIGEST_TEXT_SIZE);

    text = texts_find(&(struct texts){texts, count, true}, rollout_kind_text(name->kind),
                      name->kind == ROLLOUT_BOOK ? snapshot_book_name(snapshot) : name->name);
    if (text)
        digest_print(text->digest, digest);
    return digest;
}

void
rollout_replace(struct rollout *rollout, const struct replacement *replacement,
                struct rollout_record *record, struct rollout_request *request)
{
    struct snapshot *snapshot;
    struct error err = {0};

    if (rollout_build_for(rollout, replacement, request, &snapshot) != 0)
        return;
    if (!replacement->version) /* the file: which text that is */
        record->digest = digest_within(snapshot, replacement->name, request->arena);
    if (rollout_put_in_force(rollout, snapshot, record, &err) != 0)
        rollout_fail_as(request, &err);
    else
        answer_name(rollout, replacement->name, false, request);
}

static void
activate(struct rollout *rollout, struct rollout_request *request)
{
    struct rollout_name *name = rollout_wanted(rollout, request);
    struct version *version = name ? rollout_checked_version(request, name) : NULL;
    const struct replacement replacement = {name, version};
    const struct pin *pin;
    struct rollout_record record;

    if (!version)
        return;
    pin = catalogue_pin(&rollout->catalogue, name);
    if (pin && pin->version == version && rollout->current->active) {
        answer_name(rollout, name, false, request); /* it is in force already */
        return;
    }
    record = record_of(ROLLOUT_ACTIVATE, name, version);
    if (name->shadow == version &&
        rollout_shadow_of(rollout, name)) /* the numbers that speak for it go with its shadow */
        record.note = shadow_summary(rollout_shadow_of(rollout, name), request->arena);
    rollout_replace(rollout, &replacement, &record, request);
    count_activation(request);
}

static void
carry_activate(struct rollout *rollout, struct rollout_request *request)
{
    rollout_with_list(rollout, request, activate);
}

static void
carry_rollback(struct rollout *rollout, struct rollout_request *request)
{
    struct rollout_name *name = rollout_wanted(rollout, request);
    const struct pin *pin = name ? catalogue_pin(&rollout->catalogue, name) : NULL;
    struct replacement replacement = {name, NULL};
    struct rollout_record record;

    if (!name)
        return;
    if (!pin || pin->name != name) {
        rollout_fail(request, ROLLOUT_CONFLICT, ERROR_CONFLICT,
                     "%s \"%s\" %s%s: there is nothing to go back to",
                     rollout_kind_name(name->kind), name->name,
                     pin ? "is not in force, but " : "was not activated",
                     pin ? pin->name->name : "");
        return;
    }
    if (pin->below)
        replacement = (struct replacement){pin->below->name, pin->below->version};
    record = record_of(ROLLOUT_ROLLBACK, name, pin->below ? pin->below->version : NULL);
    rollout_replace(rollout, &replacement, &record, request);
    if (request->result == ROLLOUT_DONE && replacement.name != name) {
        buffer_init(&request->answer, request->arena, 1024);
        answer_name(rollout, name, false, request);
    }
    count_activation(request);
}

static void
carry_reload(struct rollout *rollout, struct rollout_request *request)
{
    struct rollout_record record = rollout_record_of(ROLLOUT_RELOAD);
    const struct snapshot *active = rollout->current->active;
    struct snapshot *snapshot;
    struct error err = {0};

    if (rollout_build(rollout, NULL, NULL, &snapshot, &err) != 0) {
        rollout_fail_as(request, &err);
        if (!active) /* readyz tells the latest */
            rollout_publish(rollout, NULL, err.text, NULL, 0);
        return;
    }
    if (active && strcmp(snapshot_digest(snapshot), snapshot_digest(active)) == 0)
        snapshot_free(snapshot); /* nothing has changed */
    else if (rollout_put_in_force(rollout, snapshot, &record, &err) != 0)
        rollout_fail_as(request, &err);
}

/* -- the table -- */

static void (*const verbs[ROLLOUT_VERB_COUNT])(struct rollout *rollout,
                                               struct rollout_request *request) = {
    [ROLLOUT_READ_NAMES] = carry_list,
    [ROLLOUT_SHOW] = carry_show,
    [ROLLOUT_TEXT] = carry_text,
    [ROLLOUT_DO_PUT] = carry_put,
    [ROLLOUT_DO_CHECK] = carry_check,
    [ROLLOUT_DO_SHADOW] = carry_shadow,
    [ROLLOUT_DO_UNSHADOW] = carry_unshadow,
    [ROLLOUT_DO_ACTIVATE] = carry_activate,
    [ROLLOUT_DO_ROLLBACK] = carry_rollback,
    [ROLLOUT_DROP_FILE] = carry_drop_file,
    [ROLLOUT_READ_SHADOW] = carry_read_shadow,
    [ROLLOUT_READ_HISTORY] = carry_history,
    [ROLLOUT_LIST_SNAPSHOTS] = carry_snapshots,
    [ROLLOUT_READ_SNAPSHOT] = carry_snapshot,
    [ROLLOUT_SNAPSHOT_TEXT] = carry_snapshot_text,
    [ROLLOUT_READ_GOOD_GUYS] = carry_good_guys,
    [ROLLOUT_READ_GOOD_GUY] = carry_good_guy,
    [ROLLOUT_ADD_GOOD_GUY] = carry_add_good_guy,
    [ROLLOUT_DROP_GOOD_GUY] = carry_drop_good_guy,
    [ROLLOUT_DO_RELOAD] = carry_reload,
    [ROLLOUT_BORROW] = carry_borrow,
};

void
rollout_carry_out(struct rollout *rollout, struct rollout_request *request)
{
    request->result = ROLLOUT_DONE;
    request->err = (struct error){0};
    request->finding_count = 0;
    request->extra = (struct buffer){0};
    buffer_init(&request->answer, request->arena, 1024);
    verbs[request->verb](rollout, request);
}
