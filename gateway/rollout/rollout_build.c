/*
 * rollout_build.c - snapshots out of files and stored texts; and what is published.
 *
 *   files (book, packs, goods)  <  activated versions  <  the one that is tried
 *
 * the later going before the earlier where both have a text of one kind and name.
 */
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/base/log.h"
#include "gateway/rollout/rollout_private.h"
#include "gateway/rollout/shadow.h"

#define LINE_DIGEST_LENGTH (SHA256_HEX_SIZE - 1)

/* -- texts -- */

static int
gather_one(struct rollout *rollout, const struct rollout_name *name,
           const struct version *version, struct arena *arena, struct text *list, size_t *count,
           struct error *err)
{
    struct text *text = &list[*count];
    struct rollout_record record;

    if (rollout_read_text(rollout, version->text_seq, arena, &record, err) != 0)
        return -1;
    *text = (struct text){
        .kind = rollout_kind_text(name->kind),
        .name = name->name,
        .data = arena_copy(arena, record.text, record.text_len),
        .len = record.text_len,
    };
    (*count)++;
    return 0;
}

/* Is what was activated for this name to give way? */
static bool
is_replaced(const struct replacement *replacement, const struct rollout_name *name)
{
    return replacement &&
           (replacement->name == name ||
            (replacement->name->kind == ROLLOUT_BOOK && name->kind == ROLLOUT_BOOK));
}

int
rollout_gather(struct rollout *rollout, const struct replacement *replacement,
               struct arena *arena, struct texts *out, struct error *err)
{
    const struct catalogue *catalogue = &rollout->catalogue;
    struct text *list = arena_alloc(arena, (catalogue->name_count + 2) * sizeof(*list));
    const struct pin *book = catalogue->book;
    size_t count = 0;

    *out = (struct texts){0};
    if (book && !is_replaced(replacement, book->name) &&
        gather_one(rollout, book->name, book->version, arena, list, &count, err) != 0)
        return -1;
    for (const struct rollout_name *name = catalogue->names; name; name = name->next)
        if (name->pin && !is_replaced(replacement, name) &&
            gather_one(rollout, name, name->pin->version, arena, list, &count, err) != 0)
            return -1;
    if (replacement && replacement->version &&
        gather_one(rollout, replacement->name, replacement->version, arena, list, &count,
                   err) != 0)
        return -1;
    *out = (struct texts){.list = list, .count = count};
    return 0;
}

int
rollout_build(struct rollout *rollout, const struct replacement *replacement,
              struct snapshot **out, struct error *err)
{
    struct snapshot_sources sources = *rollout->sources;
    struct arena arena = {0};
    int rc = rollout_gather(rollout, replacement, &arena, &sources.texts, err);

    *out = NULL;
    if (rc == 0)
        rc = snapshot_load(&sources, out, err);
    arena_release(&arena); /* the snapshot has copies */
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
    if (!old)
        return;
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
    struct rollout_record record = {
        .what = ROLLOUT_UNSHADOW,
        .of = rollout_kind_name(name->kind),
        .name = name->name,
        .digest = name->shadow->digest,
        .snapshot = "",
        .note = why->text,
        .text = "",
    };
    struct error err = {0};

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
        if (rollout_build(rollout, &replacement, &snapshot, &why) != 0) {
            shadow_give_up(rollout, name, &why);
            continue;
        }
        snapshot_forget_texts(snapshot);
        shadows[count++] =
            shadow_new(snapshot, name, snapshot_digest(active), clock_now(rollout->clock));
    }
    return count;
}

/* The texts that the store has not, and behind them what they are put in force by. */
static size_t
records_of(struct rollout *rollout, const struct snapshot *snapshot,
           const struct rollout_record *act, struct arena *arena,
           struct rollout_record **records)
{
    const struct text *texts;
    size_t count = snapshot_texts(snapshot, &texts), written = 0;
    struct buffer lines;

    *records = arena_alloc(arena, (count + 1) * sizeof(**records));
    buffer_init(&lines, arena, 8192);
    for (size_t i = 0; i < count; i++) {
        char *digest = arena_alloc(arena, DIGEST_TEXT_SIZE);

        digest_print(texts[i].digest, digest);
        buffer_printf(&lines, "%s %s %s\n", texts[i].kind, texts[i].name,
                      digest + strlen(DIGEST_PREFIX));
        if (!texts[i].data || catalogue_text(&rollout->catalogue, texts[i].digest) != 0)
            continue;
        (*records)[written++] = (struct rollout_record){
            .what = ROLLOUT_FILE,
            .of = texts[i].kind,
            .name = texts[i].name,
            .digest = digest,
            .snapshot = "",
            .note = "",
            .text = texts[i].data,
            .text_len = texts[i].len,
        };
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
