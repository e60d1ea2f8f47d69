/*
 * load_ftm.c - OpenSanctions' entities: a line of JSON each, and operations on them.
 *
 *     {"id": "NK-1", "schema": "Company", "properties": {"name": ["…"], …}, "target": true}
 *     {"op": "MOD", "entity": {"id": "NK-1", …}}
 *
 * Links are entities too (an Ownership has an owner and an asset), in any order.  So a
 * first pass learns which line holds each id in the end, deltas applied; a second one
 * reads those lines, what is pointed to before what points to it.
 *
 * Layout: https://www.opensanctions.org/docs/bulk/json/ and .../docs/bulk/delta/
 */
#include "policy/screening/load_ftm.h"

#include <string.h>

#include "gateway/base/json.h"

#define RECORDS_FIRST  1024
#define PROGRESS_LINES 1024

/* -- lines -- */

static void
lines_begin(struct ftm_lines *lines, struct load_file *file)
{
    *lines = (struct ftm_lines){.file = file, .rest = {file->data, file->len}};
}

static bool
lines_next(struct ftm_lines *lines)
{
    const char *end;

    while (lines->rest.len > 0) {
        end = memchr(lines->rest.data, '\n', lines->rest.len);
        lines->ended = end != NULL;
        lines->text = (struct list_text){
            lines->rest.data, end ? (size_t)(end - lines->rest.data) : lines->rest.len};
        lines->rest.data += lines->text.len + lines->ended;
        lines->rest.len -= lines->text.len + lines->ended;
        lines->line++;
        if (text_trim(lines->text).len > 0)
            return true;
    }
    return false;
}

/*
 * The object on the line; NULL, and why, where there is none.  A last line that has no
 * end and is no JSON was cut off: lines->cut.
 */
static const cJSON *
line_parse(struct ftm *ftm, struct ftm_lines *lines, const char **why)
{
    struct error err = {0};
    cJSON *json;

    arena_reset(&ftm->line);
    if (lines->text.len > FTM_LINE_BYTES_MAX) {
        *why = "a line of more than 4 MiB";
        return NULL;
    }
    if (json_parse(&ftm->line, lines->text.data, lines->text.len, &json, &err) != 0) {
        lines->cut = !lines->ended;
        *why = arena_printf(&ftm->line, "not JSON: %.150s", err.text);
        return NULL;
    }
    if (!cJSON_IsObject(json)) {
        *why = "no JSON object";
        return NULL;
    }
    return json;
}

const char *
ftm_text(const cJSON *object, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);

    return cJSON_IsString(item) ? item->valuestring : "";
}

/* -- first pass: which line holds each id in the end -- */

static struct ftm_record *
record_of(struct ftm *ftm, struct list_text id)
{
    struct draft *draft = build_find(&ftm->load->build, id);

    return draft ? &ftm->records[draft->index] : NULL;
}

static struct ftm_record *
record_add(struct ftm *ftm, const char *id)
{
    struct list_text text = {arena_copy(ftm->load->scratch, id, strlen(id)), strlen(id)};
    struct draft *draft = build_add(&ftm->load->build, text);

    if (ftm->load->build.count > ftm->capacity) {
        size_t bytes = ftm->capacity * sizeof(*ftm->records);

        ftm->capacity = ftm->capacity ? ftm->capacity * 2 : RECORDS_FIRST;
        ftm->records = arena_grow(ftm->load->scratch, ftm->records, bytes,
                                  ftm->capacity * sizeof(*ftm->records));
    }
    ftm->records[draft->index] = (struct ftm_record){.draft = draft};
    draft->dropped = true; /* until the second pass makes an entry of it */
    return &ftm->records[draft->index];
}

/* What keeps the line from being taken; NULL: it has been. */
static const char *
operation_apply(struct ftm *ftm, const struct ftm_lines *lines, const char *operation,
                const cJSON *entity)
{
    const char *id = ftm_text(entity, "id");
    struct ftm_record *record;
    bool there;

    if (!id[0] || strlen(id) > FTM_ID_BYTES_MAX)
        return "an entity without an id, or with one of more than 255 bytes";
    record = record_of(ftm, text_of(id));
    there = record && !record->gone;
    if (strcmp(operation, "DEL") == 0) {
        if (there)
            record->gone = true;
        return there ? NULL : "DEL of an entity that is not there";
    }
    if (strcmp(operation, "MOD") == 0 ? !there : there)
        return there ? "an entity that is there already" : "MOD of an entity that is not there";
    if (strcmp(operation, "MOD") != 0 && strcmp(operation, "ADD") != 0)
        return "an operation that is none of ADD, MOD and DEL";
    if (ftm->load->build.count == LIST_ENTRIES_MAX)
        return "more entities than a list can have";
    if (!record)
        record = record_add(ftm, id);
    record->gone = false;
    record->file = lines->file;
    record->line = lines->line;
    record->text = lines->text;
    record->schema = schema_of(text_of(ftm_text(entity, "schema")));
    if (record->schema->part == SCHEMA_NOTHING && ftm_is_target(entity))
        record->schema = schema_of(text_of("Thing")); /* of a kind we do not know, but listed */
    return NULL;
}

static const char *
line_learn(struct ftm *ftm, struct ftm_lines *lines)
{
    const char *why = NULL, *operation;
    const cJSON *json = line_parse(ftm, lines, &why), *entity;

    if (!json)
        return why;
    if (lines->file->role == ROLE_FTM)
        return operation_apply(ftm, lines, "ADD", json);
    operation = ftm_text(json, "op");
    entity = cJSON_GetObjectItemCaseSensitive(json, "entity");
    if (!operation[0] || !cJSON_IsObject(entity))
        return "a delta has \"op\" and \"entity\"";
    return operation_apply(ftm, lines, operation, entity);
}

static int
file_learn(struct ftm *ftm, struct load_file *file)
{
    struct ftm_lines lines;

    lines_begin(&lines, file);
    while (lines_next(&lines)) {
        const char *why = line_learn(ftm, &lines);

        if (lines.cut)
            return load_refuse(
                ftm->load, file, lines.line, 1,
                "%s; the last line has no end: the file was cut off, get it again", why);
        if (why && load_fault(ftm->load, file, lines.line, 1, "%s", why) != 0)
            return -1;
        file->rows += !why;
        if (lines.line % PROGRESS_LINES == 0)
            load_progress(ftm->load, file->len - lines.rest.len);
    }
    load_file_done(ftm->load, file);
    return 0;
}

/* Full files first, then deltas in the order given. */
static int
files_learn(struct ftm *ftm)
{
    static const enum load_role order[] = {ROLE_FTM, ROLE_FTM_DELTA};
    struct load *load = ftm->load;
    size_t whole = 0;

    for (size_t i = 0; i < load->file_count; i++)
        whole += load->files[i].role == ROLE_FTM;
    if (whole == 0)
        return load_refuse(
            load, &load->files[0], 0, 0,
            "deltas alone make no list; give the full file they apply to as well");
    for (size_t k = 0; k < 2; k++)
        for (size_t i = 0; i < load->file_count; i++)
            if (load->files[i].role == order[k] && file_learn(ftm, &load->files[i]) != 0)
                return -1;
    return 0;
}

/* -- second pass -- */

static int
part_read(struct ftm *ftm, enum schema_part part)
{
    for (size_t i = 0; i < ftm->load->build.count; i++) {
        struct ftm_record *record = &ftm->records[i];
        const char *why = NULL;
        const cJSON *json;
        struct ftm_lines line = {.file = record->file, .text = record->text, .ended = true};

        if (record->gone || record->schema->part != part)
            continue;
        json = line_parse(ftm, &line, &why);
        if (json && record->file->role == ROLE_FTM_DELTA)
            json = cJSON_GetObjectItemCaseSensitive(json, "entity");
        if (json)
            why = ftm_take(ftm, record, json);
        if (why && load_fault(ftm->load, record->file, record->line, 1, "%s", why) != 0)
            return -1;
    }
    return 0;
}

static int
read_all(struct load *load)
{
    static const enum schema_part order[] = {SCHEMA_ADDRESS, SCHEMA_PARTY, SCHEMA_SANCTION,
                                             SCHEMA_DOCUMENT, SCHEMA_OWNERSHIP};
    struct ftm ftm = {.load = load};
    int rc = files_learn(&ftm);

    for (size_t i = 0; i < sizeof(order) / sizeof(order[0]) && rc == 0; i++)
        rc = part_read(&ftm, order[i]);
    if (rc == 0)
        ftm_finish(&ftm);
    arena_release(&ftm.line);
    return rc;
}

const struct load_format load_ftm = {"ftm-json", read_all};
