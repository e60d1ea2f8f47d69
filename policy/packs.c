/* packs.c - a pack's file is read, checked, tested, and kept until all is opened. */
#include "policy/packs.h"

#include <string.h>

#include "gateway/base/file.h"
#include "policy/pack_test.h"

static const struct loaded_pack *
packs_find(const struct packs *packs, const char *name)
{
    for (size_t i = 0; i < packs->count; i++)
        if (strcmp(packs->list[i].name, name) == 0)
            return &packs->list[i];
    return NULL;
}

int
packs_text(const struct snapshot_sources *sources, const char *name, struct arena *arena,
           struct host_pack *out, struct error *err)
{
    const struct text *text = texts_find(&sources->texts, TEXT_PACK, name);
    char *data;

    *out = (struct host_pack){0};
    if (text) {
        out->path = arena_printf(arena, "%s.json", name);
        out->text = arena_copy(arena, text->data, text->len);
        out->len = text->len;
        return 0;
    }
    out->path = arena_printf(arena, "%s/%s.json", sources->pack_path, name);
    if (sources->texts.only)
        return error_set(err, ERROR_NOT_FOUND, "there is no pack %s", name);
    if (file_read(arena, out->path, PACK_BYTES_MAX, &data, &out->len, err) != 0)
        return -1;
    out->text = data;
    return 0;
}

/* The tests are run once a pack, with its own parameters. */
static int
pack_prove(const struct loaded_pack *loaded, const struct snapshot_sources *sources,
           const struct goods *goods, struct error *err)
{
    struct arena arena = {0};
    struct pack_report report;
    int rc = pack_test_run(sources, goods, &loaded->file, &arena, &report, err);

    if (rc == 0 && strcmp(report.pack->name, loaded->name) != 0)
        rc = error_set(err, ERROR_INVALID,
                       "%s:%u:%u: pack: expected \"%s\", as the file is named; found \"%s\"",
                       loaded->file.path, report.pack->line, report.pack->column, loaded->name,
                       report.pack->name);
    if (rc == 0)
        rc = pack_report_verdict(&report, err);
    arena_release(&arena);
    return rc;
}

int
packs_load(struct packs *packs, const struct snapshot_sources *sources,
           const struct goods *goods, const char *name, const struct loaded_pack **out,
           struct error *err)
{
    struct loaded_pack *loaded = &packs->list[packs->count];

    *out = packs_find(packs, name);
    if (*out)
        return 0;
    if (packs->count == PACKS_MAX)
        return error_set(err, ERROR_INVALID, "%s: expected at most %d packs; found more", name,
                         PACKS_MAX);
    *loaded = (struct loaded_pack){.name = arena_copy(&packs->arena, name, strlen(name))};
    if (packs_text(sources, name, &packs->arena, &loaded->file, err) != 0)
        return -1;
    hash_sha256(&(struct hash_part){loaded->file.text, loaded->file.len}, 1, loaded->digest);
    if (pack_prove(loaded, sources, goods, err) != 0)
        return -1;
    packs->count++;
    *out = loaded;
    return 0;
}

void
packs_release(struct packs *packs)
{
    arena_release(&packs->arena);
    packs->count = 0;
}
