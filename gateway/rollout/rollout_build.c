/*
 * rollout_build.c - snapshots out of files and stored texts; and what is published.
 *
 *   at a start, a reload       files  <  activated versions
 *   to try or put in force     files  <  activated versions  <  the texts in force  <  the version
 *
 * the later going before the earlier where both have a text of one kind and name.  So what
 * has been changed in a file comes into force when it is looked for, and not by the way.
 */
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/base/log.h"
#include "gateway/rollout/rollout_private.h"
#include "gateway/rollout/shadow.h"

#define LINE_DIGEST_LENGTH (SHA256_HEX_SIZE - 1)

/* -- texts -- */

/* A growing list on the arena. */
struct gathering {
    struct rollout *rollout;
    struct arena *arena;
    struct text *list;
    size_t count;
};

static int
gather_one(struct gathering *gathering, const char *kind, const char *name, uint64_t seq,
           struct error *err)
{
    struct text *text = &gathering->list[gathering->count];
    struct rollout_record record;

    if (seq == 0)
        return error_set(err, ERROR_INTERNAL, "the store has no text of %s %s", kind, name);
    if (rollout_read_text(gathering->rollout, seq, gathering->arena, &record, err) != 0)
        return -1;
    *text = (struct text){
        .kind = kind,
        .name = name,
        .data = arena_copy(gathering->arena, record.text, record.text_len),
        .len = record.text_len,
    };
    gathering->count++;
    return 0;
}

static int
gather_version(struct gathering *gathering, const struct rollout_name *name,
               const struct version *version, struct error *err)
{
    return gather_one(gathering, rollout_kind_text(name->kind), name->name, version->text_seq,
                      err);
}

/* Is what counts for a text of this kind and name to give way? */
static bool
is_replaced(const struct replacement *replacement, const char *kind, const char *name)
{
    if (!replacement || strcmp(rollout_kind_text(replacement->name->kind), kind) != 0)
        return false;
    return replacement->name->kind == ROLLOUT_BOOK ||
           strcmp(replacement->name->name, name) == 0;
}

/* What base is made of, but for code, as the store has it. */
static int
gather_base(struct gathering *gathering, const struct snapshot *base,
            const struct replacement *replacement, struct error *err)
{
    const struct text *texts;
    size_t count = base ? snapshot_texts(base, &texts) : 0;

    for (size_t i = 0; i < count; i++) {
        const struct text *text = &texts[i];

        if (strcmp(text->kind, TEXT_PLUGIN) == 0 || strcmp(text->kind, TEXT_ENGINE) == 0 ||
            is_replaced(replacement, text->kind, text->name))
            continue;
        if (gather_one(gathering, text->kind, text->name,
                       catalogue_text(&gathering->rollout->catalogue, text->digest), err) != 0)
            return -1;
    }
    return 0;
}

/* What was activated and base does not have: all of it where there is no base. */
static int
gather_activated(struct gathering *gathering, const struct replacement *replacement,
                 struct error *err)
{
    const struct catalogue *catalogue = &gathering->rollout->catalogue;
    const struct pin *book = catalogue->book;

    if (gathering->rollout->from_files)
        return 0;
    if (book && !is_replaced(replacement, TEXT_BOOK, book->name->name) &&
        !texts_find(&(struct texts){gathering->list, gathering->count, false}, TEXT_BOOK,
                    book->name->name) &&
        gather_version(gathering, book->name, book->version, err) != 0)
        return -1;
    for (const struct rollout_name *name = catalogue->names; name; name = name->next) {
        const char *kind = rollout_kind_text(name->kind);

        if (name->pin && !is_replaced(replacement, kind, name->name) &&
            !texts_find(&(struct texts){gathering->list, gathering->count, false}, kind,
                        name->name) &&
            gather_version(gathering, name, name->pin->version, err) != 0)
            return -1;
    }
    return 0;
}

int
rollout_gather(struct rollout *rollout, const struct snapshot *base,
               const struct replacement *replacement, struct arena *arena, struct texts *out,
               struct error *err)
{
    struct gathering gathering = {.rollout = rollout, .arena = arena};
    const struct text *texts;
    size_t room = rollout->catalogue.name_count + 2;

    if (base)
        room += snapshot_texts(base, &texts);
    gathering.list = arena_alloc(arena, room * sizeof(*gathering.list));
    *out = (struct texts){0};
    if (gather_base(&gathering, base, replacement, err) != 0 ||
        gather_activated(&gathering, replacement, err) != 0)
        return -1;
    if (replacement && replacement->version &&
        gather_version(&gathering, replacement->name, replacement->version, err) != 0)
        return -1;
    *out = (struct texts){.list = gathering.list, .count = gathering.count};
    return 0;
}

/* Code comes from where it lies; what has changed there is not to slip in with a text. */
static int
same_code(const struct snapshot *base, const struct snapshot *built, struct error *err)
{
    const struct text *old, *new;
    size_t old_count = snapshot_texts(base, &old), new_count = snapshot_texts(built, &new);

    for (size_t i = 0; i < new_count; i++) {
        const struct text *before =
            strcmp(new[i].kind, TEXT_PLUGIN) == 0
                ? texts_find(&(struct texts){old, old_count, false}, TEXT_PLUGIN, new[i].name)
                : NULL;

        if (before && memcmp(before->digest, new[i].digest, SHA256_BYTES) != 0)
            return error_set(err, ERROR_CONFLICT,
                             "the file of plugin %s has changed since it was put in force; "
                             "reload first (SIGHUP)",
                             new[i].name);
    }
    return 0;
}

int
rollout_build(struct rollout *rollout, const struct snapshot *base,
              const struct replacement *replacement, struct snapshot **out, struct error *err)
{
    struct snapshot_sources sources = *rollout->sources;
    struct arena arena = {0};
    int rc;

    *out = NULL;
    /* A list's file that stood before what is taken back may be as small as it was then. */
    if (rollout->current && !(replacement && !replacement->version))
        sources.before = rollout->current->active;
    rc = rollout_gather(rollout, base, replacement, &arena, &sources.texts, err);
    if (rc == 0)
        rc = snapshot_load(&sources, out, err);
    arena_release(&arena); /* the snapshot has copies */
    if (rc == 0 && base && same_code(base, *out, err) != 0) {
        snapshot_free(*out);
        *out = NULL;
        rc = -1;
    }
    return rc;
}

/* -- out of the past -- */

/* "kind name sha256" up to the line's end; false: it is no such line. */
static bool
line_read(struct arena *arena, const char *line, size_t len, struct text *out)
{
    const char *kind_end = memchr(line, ' ', len);
    size_t kind_len = kind_end ? (size_t)(kind_end - line) : 0;
    char digest[DIGEST_TEXT_SIZE] = DIGEST_PREFIX;

    if (!kind_end || len < kind_len + 3 + LINE_DIGEST_LENGTH ||
        line[len - LINE_DIGEST_LENGTH - 1] != ' ')
        return false;
    memcpy(digest + strlen(DIGEST_PREFIX), line + len - LINE_DIGEST_LENGTH, LINE_DIGEST_LENGTH);
    *out = (struct text){
        .kind = arena_copy(arena, line, kind_len),
        .name = arena_copy(arena, kind_end + 1, len - kind_len - 2 - LINE_DIGEST_LENGTH),
    };
    return digest_parse(digest, out->digest);
}

size_t
rollout_lines(const char *text, size_t len, struct arena *arena, struct text **out)
{
    size_t count = 0, room = 1;

    for (size_t i = 0; i < len; i++)
        room += text[i] == '\n';
    *out = arena_alloc(arena, room * sizeof(**out));
    for (const char *line = text, *end; (end = memchr(line, '\n', len - (size_t)(line - text)));
         line = end + 1)
        count += line_read(arena, line, (size_t)(end - line), &(*out)[count]);
    return count;
}

/* The text of each line that has one; code is looked for where it lies today. */
static int
lines_fill(struct rollout *rollout, struct text *lines, size_t *count, struct arena *arena,
           struct error *err)
{
    size_t kept = 0;

    for (size_t i = 0; i < *count; i++) {
        struct text line = lines[i];
        struct rollout_record record;
        uint64_t seq = catalogue_text(&rollout->catalogue, line.digest);

        if (strcmp(line.kind, TEXT_PLUGIN) == 0 || strcmp(line.kind, TEXT_ENGINE) == 0)
            continue;
        if (seq == 0)
            return error_set(err, ERROR_INTERNAL, "the store has no text of %s %s", line.kind,
                             line.name);
        if (rollout_read_text(rollout, seq, arena, &record, err) != 0)
            return -1;
        line.data = arena_copy(arena, record.text, record.text_len);
        line.len = record.text_len;
        lines[kept++] = line;
    }
    *count = kept;
    return 0;
}

static int
rebuild_with(struct rollout *rollout, const struct kept_snapshot *kept, struct arena *arena,
             struct snapshot **out, struct error *err)
{
    struct snapshot_sources sources = *rollout->sources;
    struct rollout_record record;
    struct error why = {0};
    struct text *lines;
    size_t count;

    if (rollout_read_text(rollout, kept->seq, arena, &record, err) != 0)
        return -1;
    count = rollout_lines(record.text, record.text_len, arena, &lines);
    if (lines_fill(rollout, lines, &count, arena, err) != 0)
        return -1;
    sources.texts = (struct texts){lines, count, true};
    if (snapshot_load(&sources, out, &why) != 0)
        return error_set(err, ERROR_CONFLICT, "%s cannot be built any more: %s", kept->digest,
                         why.text);
    if (strcmp(snapshot_digest(*out), kept->digest) == 0)
        return 0;
    snapshot_free(*out);
    *out = NULL;
    return error_set(err, ERROR_CONFLICT,
                     "%s cannot be built any more: the engine, or one of its plugins, has "
                     "changed since",
                     kept->digest);
}

int
rollout_rebuild(struct rollout *rollout, const struct kept_snapshot *kept,
                struct snapshot **out, struct error *err)
{
    struct arena arena = {0};
    int rc;

    *out = NULL;
    rc = rebuild_with(rollout, kept, &arena, out, err);
    arena_release(&arena);
    return rc;
}

/* -- into force -- */

static bool
is_among(const struct shadow *shadow, struct shadow *const *shadows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (shadows[i] == shadow)
            return true;
    return false;
}

/* Nobody should have to look for what accepts nothing. */
static void
tell_unguarded(struct rollout *rollout, const struct snapshot *active)
{
    struct arena arena = {0};
    const char *banks = snapshot_unguarded(active, clock_now(rollout->clock), &arena);

    if (banks[0])
        log_warn("rollout.no_policy", "banks=\"%s\": what they get is held", banks);
    arena_release(&arena);
}

void
rollout_publish(struct rollout *rollout, const struct snapshot *active, const char *why,
                struct shadow *const *shadows, size_t count)
{
    struct in_force *next = calloc(1, sizeof(*next)), *old;

    if (!next || !(next->why = strdup(why)))
        abort();
    next->active = active;
    next->shadow_count = count;
    for (size_t i = 0; i < count; i++)
        next->shadows[i] = shadows[i];
    rollout->current = next;
    old = publish(&rollout->force, next);
    if (active && (!old || old->active != active))
        tell_unguarded(rollout, active);
    if (!old) {
        malloc_trim(0); /* lists and their indexes were made of several times their size */
        return;
    }
    for (size_t i = 0; i < old->shadow_count; i++)
        if (!is_among(old->shadows[i], shadows, count))
            shadow_free(old->shadows[i]);
    if (old->active != active)
        snapshot_free((struct snapshot *)(uintptr_t)old->active);
    free((char *)(uintptr_t)old->why);
    free(old);
    malloc_trim(0); /* a snapshot is megabytes, and the next is built from fresh ones */
}

struct shadow *
rollout_shadow_of(const struct rollout *rollout, const struct rollout_name *name)
{
    for (size_t i = 0; i < rollout->current->shadow_count; i++)
        if (shadow_name(rollout->current->shadows[i]) == name)
            return rollout->current->shadows[i];
    return NULL;
}

/* What no longer loads beside the new snapshot is shadowed no more, and says so. */
static void
shadow_give_up(struct rollout *rollout, const struct rollout_name *name,
               const struct error *why)
{
    struct rollout_record record = rollout_record_of(ROLLOUT_UNSHADOW);
    struct error err = {0};

    record.of = rollout_kind_name(name->kind);
    record.name = name->name;
    record.digest = name->shadow->digest;
    record.note = why->text;
    log_warn("rollout.unshadow", "of=%s name=%s why=\"%s\"", record.of, name->name, why->text);
    if (rollout_write(rollout, &record, 1, &err) != 0)
        log_error("rollout.unrecorded", "why=\"%s\"", err.text);
}

size_t
rollout_shadows(struct rollout *rollout, const struct snapshot *active,
                struct shadow *shadows[SHADOWS_MAX])
{
    size_t count = 0;

    for (const struct rollout_name *name = rollout->catalogue.names;
         name && count < SHADOWS_MAX; name = name->next) {
        const struct replacement replacement = {name, name->shadow};
        struct snapshot *snapshot;
        struct error why = {0};

        if (!name->shadow)
            continue;
        if (rollout_build(rollout, active, &replacement, &snapshot, &why) != 0) {
            shadow_give_up(rollout, name, &why);
            continue;
        }
        snapshot_forget_texts(snapshot);
        shadows[count++] =
            shadow_new(snapshot, name, snapshot_digest(active), clock_now(rollout->clock));
    }
    return count;
}

/* Is it a text that the store lacks, or a version that was never known to be in force? */
static bool
is_news(struct rollout *rollout, const struct text *text, const char *digest)
{
    const struct catalogue *catalogue = &rollout->catalogue;
    const struct rollout_name *name;
    const struct version *version;

    if (catalogue_text(catalogue, text->digest) == 0)
        return true;
    for (int kind = 0; kind < ROLLOUT_KIND_COUNT; kind++) {
        if (strcmp(rollout_kind_text((enum rollout_kind)kind), text->kind) != 0)
            continue;
        name = catalogue_name(catalogue, (enum rollout_kind)kind, text->name);
        version = name ? catalogue_version(name, digest) : NULL;
        return !version || version->state != VERSION_CHECKED;
    }
    return false;
}

/* The texts that the store has not, and behind them what they are put in force by. */
static size_t
records_of(struct rollout *rollout, const struct snapshot *snapshot,
           const struct rollout_record *act, struct arena *arena,
           struct rollout_record **records)
{
    const struct text *texts;
    size_t count = snapshot_texts(snapshot, &texts), written = 0;
    struct rollout_record *record;
    struct buffer lines;

    *records = arena_alloc(arena, (count + 1) * sizeof(**records));
    buffer_init(&lines, arena, 8192);
    for (size_t i = 0; i < count; i++) {
        char *digest = arena_alloc(arena, DIGEST_TEXT_SIZE);

        digest_print(texts[i].digest, digest);
        buffer_printf(&lines, "%s %s %s\n", texts[i].kind, texts[i].name,
                      digest + strlen(DIGEST_PREFIX));
        if (!texts[i].data || !is_news(rollout, &texts[i], digest))
            continue;
        record = &(*records)[written++];
        *record = rollout_record_of(ROLLOUT_FILE);
        record->of = texts[i].kind;
        record->name = texts[i].name;
        record->digest = digest;
        record->text = texts[i].data;
        if (catalogue_text(&rollout->catalogue, texts[i].digest) == 0)
            record->text_len = texts[i].len;
    }
    (*records)[written] = *act;
    (*records)[written].snapshot = snapshot_digest(snapshot);
    (*records)[written].text = lines.data;
    (*records)[written].text_len = lines.len;
    return written + 1;
}

int
rollout_put_in_force(struct rollout *rollout, struct snapshot *snapshot,
                     struct rollout_record *record, struct error *err)
{
    struct arena arena = {0};
    struct shadow *shadows[SHADOWS_MAX];
    struct rollout_record *records;
    size_t count = records_of(rollout, snapshot, record, &arena, &records);
    int rc = rollout_write(rollout, records, count, err);

    arena_release(&arena);
    if (rc != 0) {
        snapshot_free(snapshot);
        return -1;
    }
    snapshot_forget_texts(snapshot);
    log_info("rollout.in_force", "what=%s of=%s name=%s book=%s snapshot=%s",
             rollout_what_name(record->what), record->of, record->name,
             snapshot_book_name(snapshot), snapshot_digest(snapshot));
    count = rollout_shadows(rollout, snapshot, shadows);
    rollout_publish(rollout, snapshot, "", shadows, count);
    return 0;
}
