/* rollout_answer.c - the office's answers, written straight into JSON. */
#include <stdlib.h>
#include <string.h>

#include "gateway/rollout/rollout_private.h"
#include "gateway/rollout/shadow.h"

static void
member_time(struct buffer *out, const char *key, int64_t ms)
{
    char text[INSTANT_TEXT_SIZE];

    instant_print(ms, text);
    json_member(out, key, text);
}

static void
member_digest(struct buffer *out, const char *key, const uint8_t digest[SHA256_BYTES])
{
    char text[DIGEST_TEXT_SIZE];

    digest_print(digest, text);
    json_member(out, key, text);
}

/* -- one name -- */

static const char *
state_name(const struct version *version)
{
    static const char *const states[] = {
        [VERSION_UNCHECKED] = "unchecked",
        [VERSION_CHECKED] = "checked",
        [VERSION_REFUSED] = "refused",
    };

    return states[version->state];
}

static void
write_version(const struct version *version, struct buffer *out)
{
    json_open(out, '{');
    json_member(out, "digest", version->digest);
    json_member(out, "state", state_name(version));
    if (version->why)
        json_member(out, "why", version->why);
    member_time(out, "put_at", version->put_at_ms);
    json_close(out, '}');
}

/* {"digest":…,"from":"file"} or null: no bank is judged by it. */
static void
write_in_force(struct rollout *rollout, const struct rollout_name *name, struct buffer *out)
{
    const struct text *text = rollout_text_in_force(rollout, name);
    const struct pin *pin = catalogue_pin(&rollout->catalogue, name);

    json_key(out, "in_force");
    if (!text) {
        json_null(out);
        return;
    }
    json_open(out, '{');
    member_digest(out, "digest", text->digest);
    json_member(out, "from", pin && pin->name == name ? "activation" : "file");
    json_close(out, '}');
}

/* The name's members, in an object that is open. */
static void
write_name(struct rollout *rollout, const struct rollout_name *name, struct buffer *out)
{
    const struct pin *pin = catalogue_pin(&rollout->catalogue, name);

    json_member(out, "name", name->name);
    write_in_force(rollout, name, out);
    json_member_or_null(out, "activated", pin && pin->name == name ? pin->version->digest : "");
    json_key(out, "candidate");
    name->candidate ? write_version(name->candidate, out) : json_null(out);
    json_member_or_null(out, "shadow", name->shadow ? name->shadow->digest : "");
    if (name->kind == ROLLOUT_LIST)
        rollout_write_list(rollout, name, out->arena, out);
}

static void
write_versions(const struct rollout_name *name, struct buffer *out)
{
    json_key(out, "versions");
    json_open(out, '[');
    for (const struct version *version = name->newest; version; version = version->older)
        write_version(version, out);
    json_close(out, ']');
}

/* Of a list that was loaded for this answer: what it goes without. */
static void
write_left_out(const struct rollout_request *request, struct buffer *out)
{
    if (request->finding_count > 0)
        rollout_write_findings(request, out);
}

void
answer_name(struct rollout *rollout, const struct rollout_name *name, bool versions,
            struct rollout_request *request)
{
    struct buffer *out = &request->answer;

    json_open(out, '{');
    write_name(rollout, name, out);
    write_left_out(request, out);
    if (versions)
        write_versions(name, out);
    json_close(out, '}');
}

/* -- lists -- */

static int
by_name(const void *a, const void *b)
{
    return strcmp((*(const struct rollout_name *const *)a)->name,
                  (*(const struct rollout_name *const *)b)->name);
}

/* All of the kind behind the request's cursor, in no order; how many. */
static size_t
names_after(struct rollout *rollout, const struct rollout_request *request,
            const struct rollout_name ***out)
{
    const struct rollout_name *known = rollout->catalogue.names, *incoming = NULL;
    size_t room = rollout->catalogue.name_count + 1, count = 0;

    if (request->kind == ROLLOUT_LIST)
        incoming = rollout_incoming_names(rollout, request->arena);
    for (const struct rollout_name *name = incoming; name; name = name->next)
        room++;
    *out = arena_alloc(request->arena, room * sizeof(**out));
    for (; known; known = known->next)
        if (known->kind == request->kind && strcmp(known->name, request->after) > 0)
            (*out)[count++] = known;
    for (; incoming; incoming = incoming->next)
        if (strcmp(incoming->name, request->after) > 0)
            (*out)[count++] = incoming;
    return count;
}

void
answer_names(struct rollout *rollout, struct rollout_request *request)
{
    const struct rollout_name **names;
    size_t count = names_after(rollout, request, &names), written = 0;
    struct buffer *out = &request->answer;

    qsort(names, count, sizeof(*names), by_name);
    json_open(out, '{');
    json_key(out, "data");
    json_open(out, '[');
    for (; written < count && written < request->limit; written++) {
        json_open(out, '{');
        write_name(rollout, names[written], out);
        json_close(out, '}');
    }
    json_close(out, ']');
    json_member_or_null(out, "next_cursor", written < count ? names[written - 1]->name : "");
    json_close(out, '}');
}

static void
write_event(const struct rollout_event *event, struct buffer *out)
{
    json_open(out, '{');
    json_key(out, "seq");
    json_int(out, (int64_t)event->seq);
    member_time(out, "at", event->at_ms);
    json_member(out, "what", rollout_what_name(event->what));
    json_member_or_null(out, "name", event->name ? event->name->name : "");
    json_member_or_null(out, "digest", event->digest);
    json_member_or_null(out, "snapshot", event->snapshot);
    if (event->what == ROLLOUT_CHECK)
        json_member(out, "result", event->note ? "refused" : "passed");
    if (event->note)
        json_member(out, "note", event->note);
    json_close(out, '}');
}

/*
 * A start, a reload and a reset are about every name; which book is in force is about every
 * book.
 */
static bool
is_about(const struct rollout_event *event, const struct rollout_name *name)
{
    return !event->name || event->name == name ||
           (event->name->kind == ROLLOUT_BOOK && name->kind == ROLLOUT_BOOK &&
            (event->what == ROLLOUT_ACTIVATE || event->what == ROLLOUT_ROLLBACK));
}

void
answer_history(struct rollout *rollout, const struct rollout_name *name,
               struct rollout_request *request)
{
    const struct catalogue *catalogue = &rollout->catalogue;
    struct buffer *out = &request->answer;
    uint64_t next = 0;
    size_t written = 0;

    json_open(out, '{');
    json_key(out, "data");
    json_open(out, '[');
    for (size_t i = catalogue->event_count; i > 0; i--) {
        const struct rollout_event *event = &catalogue->events[i - 1];

        if (event->seq >= request->before || !is_about(event, name))
            continue;
        if (written++ == request->limit)
            break;
        write_event(event, out);
        next = event->seq;
    }
    json_close(out, ']');
    json_member_or_null(out, "next_cursor",
                        written > request->limit
                            ? arena_printf(request->arena, "%llu", (unsigned long long)next)
                            : "");
    json_close(out, '}');
}

/* -- snapshots -- */

static void
write_snapshot(struct rollout *rollout, const struct kept_snapshot *kept, struct buffer *out)
{
    const struct snapshot *active = rollout->current->active;

    json_member(out, "snapshot", kept->digest);
    json_key(out, "in_force");
    json_bool(out, active && strcmp(snapshot_digest(active), kept->digest) == 0);
    member_time(out, "first_at", kept->first_at_ms);
    member_time(out, "last_at", kept->last_at_ms);
}

/* By their first records, so that a page's end is a number that stays. */
void
answer_snapshots(struct rollout *rollout, struct rollout_request *request)
{
    struct buffer *out = &request->answer;
    const struct kept_snapshot *kept = rollout->catalogue.snapshots;
    size_t written = 0;
    uint64_t last = 0;

    json_open(out, '{');
    json_key(out, "data");
    json_open(out, '[');
    for (; kept && written < request->limit; kept = kept->older) {
        if (kept->seq >= request->before)
            continue;
        json_open(out, '{');
        write_snapshot(rollout, kept, out);
        json_close(out, '}');
        written++;
        last = kept->seq;
    }
    json_close(out, ']');
    json_member_or_null(out, "next_cursor",
                        kept ? arena_printf(request->arena, "%llu", (unsigned long long)last)
                             : "");
    json_close(out, '}');
}

void
answer_snapshot(struct rollout *rollout, const struct kept_snapshot *kept,
                const struct rollout_record *record, struct rollout_request *request)
{
    struct buffer *out = &request->answer;
    struct text *lines;
    size_t count = rollout_lines(record->text, record->text_len, request->arena, &lines);

    json_open(out, '{');
    write_snapshot(rollout, kept, out);
    json_key(out, "texts");
    json_open(out, '[');
    for (size_t i = 0; i < count; i++) {
        json_open(out, '{');
        json_member(out, "kind", lines[i].kind);
        json_member(out, "name", lines[i].name);
        member_digest(out, "digest", lines[i].digest);
        json_key(out, "kept");
        json_bool(out, catalogue_text(&rollout->catalogue, lines[i].digest) != 0);
        json_close(out, '}');
    }
    json_close(out, ']');
    json_close(out, '}');
}

/* -- a check -- */

void
rollout_write_findings(const struct rollout_request *request, struct buffer *out)
{
    json_key(out, "findings");
    json_open(out, '[');
    for (size_t i = 0; i < request->finding_count; i++) {
        const struct rollout_finding *finding = &request->findings[i];

        json_open(out, '{');
        json_member(out, "severity", finding->severity);
        json_member(out, "file", finding->file);
        json_key(out, "line");
        json_int(out, finding->line);
        json_key(out, "column");
        json_int(out, finding->column);
        json_member(out, "rule", finding->rule);
        json_member(out, "sentence", finding->sentence);
        json_close(out, '}');
    }
    json_close(out, ']');
}

void
answer_check(const struct rollout_name *name, const struct version *version,
             struct rollout_request *request)
{
    struct buffer *out = &request->answer;

    json_open(out, '{');
    json_member(out, "name", name->name);
    json_member(out, "digest", version->digest);
    json_member(out, "state", state_name(version));
    rollout_write_findings(request, out);
    json_close(out, '}');
}

/* -- a shadow -- */

void
answer_shadow(struct rollout *rollout, const struct rollout_name *name,
              struct rollout_request *request)
{
    struct shadow *shadow = rollout_shadow_of(rollout, name);
    struct buffer *out = &request->answer;
    uint64_t next = 0;

    json_open(out, '{');
    json_member(out, "name", name->name);
    json_member(out, "digest", name->shadow->digest);
    json_key(out, "judges");
    json_bool(out, shadow != NULL);
    if (shadow)
        shadow_write(shadow, request->before, request->limit, request->arena, out, &next);
    if (request->extra.len > 0) {
        json_key(out, "impact");
        json_raw(out, request->extra.data, request->extra.len);
    }
    write_left_out(request, out);
    json_member_or_null(out, "next_cursor",
                        next ? arena_printf(request->arena, "%llu", (unsigned long long)next)
                             : "");
    json_close(out, '}');
}
