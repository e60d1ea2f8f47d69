/* catalogue.c - records in, state out: one function for each kind of record. */
#include "gateway/rollout/catalogue.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "policy/texts.h"

#define TEXTS_FIRST 64

struct stored_text {
    uint8_t digest[SHA256_BYTES];
    uint64_t seq;
};

static const struct {
    const char *name, *text;
} kinds[ROLLOUT_KIND_COUNT] = {
    [ROLLOUT_POLICY] = {"policy", TEXT_PACK},
    [ROLLOUT_BOOK] = {"book", TEXT_BOOK},
    [ROLLOUT_LIST] = {"list", TEXT_LIST},
    [ROLLOUT_GOOD_GUYS] = {"good-guys", TEXT_GOOD_GUYS},
};

const char *
rollout_kind_name(enum rollout_kind kind)
{
    return kinds[kind].name;
}

const char *
rollout_kind_text(enum rollout_kind kind)
{
    return kinds[kind].text;
}

bool
rollout_name_is_sound(const char *name)
{
    size_t len = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                              "-_.");

    return len > 0 && len <= ROLLOUT_NAME_MAX && name[len] == '\0' && name[0] != '.';
}

/* -- looking -- */

struct rollout_name *
catalogue_name(const struct catalogue *catalogue, enum rollout_kind kind, const char *name)
{
    struct rollout_name *found = catalogue->names;

    while (found && (found->kind != kind || strcmp(found->name, name) != 0))
        found = found->next;
    return found;
}

struct version *
catalogue_version(const struct rollout_name *name, const char *digest)
{
    struct version *version = name->newest;

    while (version && strcmp(version->digest, digest) != 0)
        version = version->older;
    return version;
}

const struct pin *
catalogue_pin(const struct catalogue *catalogue, const struct rollout_name *name)
{
    return name->kind == ROLLOUT_BOOK ? catalogue->book : name->pin;
}

uint64_t
catalogue_text(const struct catalogue *catalogue, const uint8_t digest[SHA256_BYTES])
{
    for (size_t i = 0; i < catalogue->text_count; i++)
        if (memcmp(catalogue->texts[i].digest, digest, SHA256_BYTES) == 0)
            return catalogue->texts[i].seq;
    return 0;
}

static struct kept_snapshot *
snapshot_find(const struct catalogue *catalogue, const char *digest)
{
    struct kept_snapshot *kept = catalogue->snapshots;

    while (kept && strcmp(kept->digest, digest) != 0)
        kept = kept->older;
    return kept;
}

const struct kept_snapshot *
catalogue_snapshot(const struct catalogue *catalogue, const char *digest)
{
    return snapshot_find(catalogue, digest);
}

/* -- adding -- */

static int
cannot_be(uint64_t seq, const struct rollout_record *record, const char *why, struct error *err)
{
    return error_set(err, ERROR_INTERNAL, "record %llu: \"%s\" of %s %s %s",
                     (unsigned long long)seq, rollout_what_name(record->what), record->of,
                     record->name, why);
}

static void
text_add(struct catalogue *catalogue, const uint8_t digest[SHA256_BYTES], uint64_t seq)
{
    struct stored_text *text;

    if (catalogue_text(catalogue, digest) != 0)
        return;
    if (catalogue->text_count == catalogue->text_room) {
        size_t room = catalogue->text_room ? 2 * catalogue->text_room : TEXTS_FIRST;

        catalogue->texts = realloc(catalogue->texts, room * sizeof(*catalogue->texts));
        if (!catalogue->texts)
            abort();
        catalogue->text_room = room;
    }
    text = &catalogue->texts[catalogue->text_count++];
    memcpy(text->digest, digest, SHA256_BYTES);
    text->seq = seq;
}

static struct rollout_name *
name_add(struct catalogue *catalogue, enum rollout_kind kind, const char *name)
{
    struct rollout_name *added = catalogue_name(catalogue, kind, name);

    if (added)
        return added;
    added = arena_zalloc(&catalogue->arena, sizeof(*added));
    added->kind = kind;
    added->name = arena_copy(&catalogue->arena, name, strlen(name));
    if (!catalogue->names_end)
        catalogue->names_end = &catalogue->names;
    *catalogue->names_end = added;
    catalogue->names_end = &added->next;
    catalogue->name_count++;
    return added;
}

static struct version *
version_add(struct catalogue *catalogue, struct rollout_name *name, const char *digest,
            int64_t at_ms, uint64_t text_seq)
{
    struct version *version = catalogue_version(name, digest);

    if (version)
        return version;
    version = arena_zalloc(&catalogue->arena, sizeof(*version));
    *version =
        (struct version){.older = name->newest, .put_at_ms = at_ms, .text_seq = text_seq};
    strcpy(version->digest, digest);
    name->newest = version;
    catalogue->version_count++;
    return version;
}

static void
pin_push(struct catalogue *catalogue, struct rollout_name *name, struct version *version)
{
    struct pin **top = name->kind == ROLLOUT_BOOK ? &catalogue->book : &name->pin;
    struct pin *pin = arena_alloc(&catalogue->arena, sizeof(*pin));

    *pin = (struct pin){*top, name, version};
    *top = pin;
}

/* -- records -- */

static void
version_pass(struct version *version)
{
    free(version->why);
    version->why = NULL;
    version->state = VERSION_CHECKED;
}

/* A text has come: a part of a snapshot, or what a client has put. */
static int
apply_text(struct catalogue *catalogue, uint64_t seq, const struct rollout_record *record,
           struct rollout_name *name, struct error *err)
{
    uint8_t digest[SHA256_BYTES];
    struct version *version;

    if (!digest_parse(record->digest, digest))
        return cannot_be(seq, record, "has no digest", err);
    if (record->text_len > 0)
        text_add(catalogue, digest, seq);
    if (catalogue_text(catalogue, digest) == 0)
        return cannot_be(seq, record, "has no text", err);
    if (!name) /* a table of goods, or a kit */
        return 0;
    version = version_add(catalogue, name, record->digest, record->at_ms,
                          catalogue_text(catalogue, digest));
    if (record->what == ROLLOUT_PUT)
        name->candidate = version;
    else
        version_pass(version); /* it was in force */
    return 0;
}

static void
apply_check(struct version *version, const struct rollout_record *record)
{
    version_pass(version);
    if (record->note[0] == '\0')
        return;
    version->state = VERSION_REFUSED;
    version->why = strdup(record->note);
    if (!version->why)
        abort();
}

static void
apply_activate(struct catalogue *catalogue, struct rollout_name *name, struct version *version)
{
    pin_push(catalogue, name, version);
    if (name->shadow == version)
        name->shadow = NULL;
}

static int
apply_rollback(struct catalogue *catalogue, uint64_t seq, const struct rollout_record *record,
               struct rollout_name *name, struct error *err)
{
    struct pin **top = name->kind == ROLLOUT_BOOK ? &catalogue->book : &name->pin;

    if (!*top || (*top)->name != name)
        return cannot_be(seq, record, "takes back what was not activated", err);
    *top = (*top)->below;
    return 0;
}

static void
apply_reset(struct catalogue *catalogue)
{
    catalogue->book = NULL;
    for (struct rollout_name *name = catalogue->names; name; name = name->next) {
        name->pin = NULL;
        name->shadow = NULL;
    }
}

/* The lines of a snapshot that was put in force, kept by their first record. */
static void
apply_snapshot(struct catalogue *catalogue, uint64_t seq, const struct rollout_record *record)
{
    struct kept_snapshot *kept = snapshot_find(catalogue, record->snapshot);

    if (!kept) {
        kept = arena_zalloc(&catalogue->arena, sizeof(*kept));
        *kept = (struct kept_snapshot){
            .older = catalogue->snapshots, .seq = seq, .first_at_ms = record->at_ms};
        strcpy(kept->digest, record->snapshot);
        catalogue->snapshots = kept;
    }
    kept->last_at_ms = record->at_ms;
    catalogue->last = kept;
}

static void
event_add(struct catalogue *catalogue, uint64_t seq, const struct rollout_record *record,
          const struct rollout_name *name, const struct version *version)
{
    size_t half = ROLLOUT_EVENTS_MAX / 2;

    if (!catalogue->events)
        catalogue->events = malloc(ROLLOUT_EVENTS_MAX * sizeof(*catalogue->events));
    if (!catalogue->events)
        abort();
    if (catalogue->event_count == ROLLOUT_EVENTS_MAX) { /* the older half makes room */
        for (size_t i = 0; i < half; i++)
            free(catalogue->events[i].note);
        memmove(catalogue->events, catalogue->events + half,
                (ROLLOUT_EVENTS_MAX - half) * sizeof(*catalogue->events));
        catalogue->event_count -= half;
    }
    catalogue->events[catalogue->event_count++] = (struct rollout_event){
        .seq = seq,
        .at_ms = record->at_ms,
        .what = record->what,
        .name = name,
        .digest = version
                      ? version->digest
                      : arena_copy(&catalogue->arena, record->digest, strlen(record->digest)),
        .snapshot = record->snapshot[0] ? catalogue->last->digest : "",
        .note = record->note[0] ? strdup(record->note) : NULL,
    };
}

/* The name that a record is about; a file of goods has none. */
static struct rollout_name *
name_of(struct catalogue *catalogue, const struct rollout_record *record)
{
    bool is_file = record->what == ROLLOUT_FILE;

    for (int kind = 0; kind < ROLLOUT_KIND_COUNT; kind++)
        if (strcmp(record->of, is_file ? kinds[kind].text : kinds[kind].name) == 0)
            return name_add(catalogue, (enum rollout_kind)kind, record->name);
    return NULL;
}

static bool
has_name(enum rollout_what what)
{
    return what != ROLLOUT_FILE && what != ROLLOUT_START && what != ROLLOUT_RELOAD &&
           what != ROLLOUT_RESET;
}

static bool
has_version(enum rollout_what what)
{
    return what == ROLLOUT_CHECK || what == ROLLOUT_SHADOW || what == ROLLOUT_ACTIVATE;
}

static bool
has_snapshot(enum rollout_what what)
{
    return what == ROLLOUT_ACTIVATE || what == ROLLOUT_ROLLBACK || what == ROLLOUT_START ||
           what == ROLLOUT_RELOAD;
}

static int
apply(struct catalogue *catalogue, uint64_t seq, const struct rollout_record *record,
      struct rollout_name *name, struct version *version, struct error *err)
{
    switch (record->what) {
    case ROLLOUT_FILE:
    case ROLLOUT_PUT:
        return apply_text(catalogue, seq, record, name, err);
    case ROLLOUT_CHECK:
        apply_check(version, record);
        return 0;
    case ROLLOUT_SHADOW:
        name->shadow = version;
        return 0;
    case ROLLOUT_UNSHADOW:
        name->shadow = NULL;
        return 0;
    case ROLLOUT_ACTIVATE:
        apply_activate(catalogue, name, version);
        return 0;
    case ROLLOUT_ROLLBACK:
        return apply_rollback(catalogue, seq, record, name, err);
    case ROLLOUT_RESET:
        apply_reset(catalogue);
        return 0;
    case ROLLOUT_START:
    case ROLLOUT_RELOAD:
        return 0;
    case ROLLOUT_WHAT_COUNT:
        break;
    }
    abort();
}

int
catalogue_apply(struct catalogue *catalogue, uint64_t seq, const struct rollout_record *record,
                struct error *err)
{
    struct rollout_name *name = name_of(catalogue, record);
    struct version *version = name ? catalogue_version(name, record->digest) : NULL;
    uint8_t snapshot[SHA256_BYTES];

    if (!name && has_name(record->what))
        return cannot_be(seq, record, "is about nothing that is rolled out", err);
    if (!version && has_version(record->what))
        return cannot_be(seq, record, "is about a version that was never put", err);
    if (has_snapshot(record->what) && !digest_parse(record->snapshot, snapshot))
        return cannot_be(seq, record, "names no snapshot", err);
    if (apply(catalogue, seq, record, name, version, err) != 0)
        return -1;
    if (has_snapshot(record->what))
        apply_snapshot(catalogue, seq, record);
    if (record->what == ROLLOUT_PUT)
        version = name->candidate;
    if (record->what != ROLLOUT_FILE)
        event_add(catalogue, seq, record, name, version);
    return 0;
}

void
catalogue_release(struct catalogue *catalogue)
{
    for (const struct rollout_name *name = catalogue->names; name; name = name->next)
        for (struct version *version = name->newest; version; version = version->older)
            free(version->why);
    for (size_t i = 0; i < catalogue->event_count; i++)
        free(catalogue->events[i].note);
    free(catalogue->events);
    free(catalogue->texts);
    arena_release(&catalogue->arena);
    *catalogue = (struct catalogue){0};
}
