/* book_packs.c - the packs that a book names, read and proved; and the files that it does not. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "policy/book_private.h"
#include "policy/pack_test.h"
#include "policy/packs.h"

#define SUFFIX        ".json"
#define FILES_MAX     10000 /* of a folder that are looked at */
#define SUFFIX_LENGTH (sizeof(SUFFIX) - 1)

/* -- reading -- */

static void
find_failed_tests(struct book_check *check, const struct pack_report *report)
{
    for (size_t i = 0; i < report->result_count; i++)
        if (report->results[i].failure)
            book_find_at(check, BOOK_ERROR, report->pack->path, report->results[i].test->line,
                         report->results[i].test->column,
                         arena_printf(check->arena, "test \"%.100s\": %s",
                                      report->results[i].test->title,
                                      report->results[i].failure));
}

/* The pack is as a gateway would take it; what keeps it from that is told. */
static void
pack_prove(struct book_check *check, struct book_pack *pack)
{
    const struct host_pack file = {pack->path, pack->text, pack->len};
    struct pack_report report;
    struct error err = {0};

    if (pack_test_run(check->sources, check->goods, &file, check->arena, &report, &err) != 0)
        book_find_error(check, pack->path, err.text);
    else if (strcmp(report.pack->name, pack->name) != 0)
        book_find_at(check, BOOK_ERROR, pack->path, report.pack->line, report.pack->column,
                     arena_printf(check->arena,
                                  "pack: expected \"%s\", as the file is named; found \"%s\"",
                                  pack->name, report.pack->name));
    else if (report.failed > 0)
        find_failed_tests(check, &report);
    else
        pack->pack = report.pack;
}

static struct book_pack *
pack_find(const struct book_check *check, const char *name)
{
    for (size_t i = 0; i < check->pack_count; i++)
        if (strcmp(check->packs[i].name, name) == 0)
            return &check->packs[i];
    return NULL;
}

/* NULL where there are too many, which loading tells. */
static struct book_pack *
pack_of(struct book_check *check, const struct book_policy *entry)
{
    struct book_pack *pack = pack_find(check, entry->pack);
    struct host_pack file;
    struct error err = {0};

    if (pack || check->pack_count == PACKS_MAX)
        return pack;
    pack = &check->packs[check->pack_count++];
    *pack = (struct book_pack){.name = entry->pack, .pointer = entry->pack_pointer};
    if (packs_text(check->sources, pack->name, check->arena, &file, &err) != 0) {
        pack->path = file.path;
        book_find(check, BOOK_ERROR, entry->pack_pointer,
                  arena_printf(check->arena, "there is no such pack: %s", err.text));
        return pack;
    }
    pack->path = file.path;
    pack->text = file.text;
    pack->len = file.len;
    pack_prove(check, pack);
    return pack;
}

static const cJSON *
parameters_of(const struct book_policy *entry)
{
    const cJSON *parameters = cJSON_GetObjectItemCaseSensitive(entry->options, "parameters");

    return parameters && parameters->child ? parameters : NULL;
}

static bool
is_variant(const struct book_variant *variant, const struct book_policy *entry)
{
    const cJSON *parameters = parameters_of(entry);

    if (strcmp(variant->of->name, entry->pack) != 0 || !parameters != !variant->parameters)
        return false;
    return !parameters || cJSON_Compare(parameters, variant->parameters, 1);
}

const struct book_variant *
book_variant_of(const struct book_check *check, const struct book_policy *entry)
{
    for (size_t i = 0; entry->pack && i < check->variant_count; i++)
        if (is_variant(&check->variants[i], entry))
            return &check->variants[i];
    return NULL;
}

/* The pack with the book's parameters; what it does not take is told. */
static void
variant_open(struct book_check *check, const struct book_policy *entry,
             struct book_variant *variant)
{
    const struct book_pack *of = variant->of;
    struct error err = {0};
    struct pack *pack;

    variant->pack = of->pack;
    if (!of->pack || !variant->parameters)
        return;
    variant->pack = NULL;
    if (pack_read(check->arena, of->path, of->text, of->len, variant->parameters, &pack,
                  &err) == 0)
        variant->pack = pack;
    else
        book_find(check, BOOK_ERROR,
                  arena_printf(check->arena, "%s/options/parameters", entry->pointer),
                  arena_printf(check->arena, "%s does not take these parameters: %s", of->name,
                               err.text));
}

static void
entry_read(struct book_check *check, const struct book_policy *entry)
{
    struct book_pack *pack = entry->pack ? pack_of(check, entry) : NULL;
    struct book_variant *variant = &check->variants[check->variant_count];

    if (!pack || check->variant_count == BOOK_VARIANTS_MAX || book_variant_of(check, entry))
        return;
    *variant = (struct book_variant){.of = pack, .parameters = parameters_of(entry)};
    check->variant_count++;
    variant_open(check, entry, variant);
}

static void
list_read(struct book_check *check, const struct book_policies *policies)
{
    for (size_t i = 0; i < policies->count; i++)
        entry_read(check, &policies->list[i]);
}

void
book_find_packs(struct book_check *check)
{
    check->packs = arena_zalloc(check->arena, PACKS_MAX * sizeof(*check->packs));
    check->variants =
        arena_zalloc(check->arena, (BOOK_VARIANTS_MAX + 1) * sizeof(*check->variants));
    for (size_t r = 0; r < check->book.regime_count; r++) {
        const struct book_regime *regime = &check->book.regimes[r];

        for (size_t c = 0; c <= BANK_ANY; c++)
            list_read(check, &regime->classes[c]);
        for (size_t b = 0; b < regime->own_count; b++)
            list_read(check, &regime->own[b].policies);
    }
}

/* -- what is there for nothing -- */

static int
by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The names of the packs in the folder, sorted: a folder has no order of its own. */
static size_t
folder_names(struct book_check *check, const char **names)
{
    DIR *folder = opendir(check->sources->pack_path);
    const struct dirent *entry;
    size_t count = 0;

    if (!folder)
        return 0; /* if the book names a pack, that is told already */
    while (count < FILES_MAX && (entry = readdir(folder))) {
        size_t len = strlen(entry->d_name);

        if (len > SUFFIX_LENGTH && entry->d_name[0] != '.' &&
            strcmp(entry->d_name + len - SUFFIX_LENGTH, SUFFIX) == 0)
            names[count++] = arena_copy(check->arena, entry->d_name, len - SUFFIX_LENGTH);
    }
    closedir(folder);
    qsort(names, count, sizeof(*names), by_text);
    return count;
}

static void
find_unused(struct book_check *check)
{
    const char **names = arena_alloc(check->arena, FILES_MAX * sizeof(*names));
    size_t count = folder_names(check, names);

    for (size_t i = 0; i < count; i++)
        if (!pack_find(check, names[i]))
            book_find_at(
                check, BOOK_NOTE,
                arena_printf(check->arena, "%s/%s" SUFFIX, check->sources->pack_path, names[i]),
                0, 0,
                arena_printf(check->arena, "no regime of %s names this pack",
                             check->book.name));
}

void
book_find_idle(struct book_check *check)
{
    for (size_t i = 0; i < check->pack_count; i++)
        if (!check->packs[i].judges)
            book_find(check, BOOK_WARNING, check->packs[i].pointer,
                      arena_printf(check->arena,
                                   "%s judges no bank: the book has none of the classes that "
                                   "it is named for",
                                   check->packs[i].name));
    find_unused(check);
}
