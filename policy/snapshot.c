/* snapshot.c - files in, one immutable set out; and judging by it. */
#include "policy/snapshot.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gateway/base/buffer.h"
#include "gateway/base/log.h"
#include "policy/book.h"
#include "policy/chain.h"
#include "policy/document.h"
#include "policy/facts.h"
#include "policy/goods/goods.h"
#include "policy/host.h"
#include "policy/packs.h"
#include "policy/rules/rules.h"

#define DIGEST_TEXT_SIZE (sizeof("sha256:") - 1 + SHA256_HEX_SIZE)
#define LIBRARIES_MAX    256
#define LINKED_IN        "the program itself"
#define REASON_NO_BANK   "RC04" /* ISO 20022: the creditor's bank is not known */
#define REASON_OTHER     "NARR"

/* A loaded plugin file. */
struct loaded {
    struct library *library;
    bool used; /* by the book */
};

/* What a regime means for each class of banks, and for those with policies of their own. */
struct regime_chains {
    struct chain classes[BANK_CLASS_COUNT];
    struct chain *own; /* as the book's regime has them */
};

struct snapshot {
    struct arena arena; /* all below, except the libraries */
    char digest[DIGEST_TEXT_SIZE];
    struct document document;
    struct book book;
    struct goods *goods;
    struct loaded libraries[LIBRARIES_MAX];
    size_t library_count;
    struct packs packs;                /* their texts while loading */
    struct policy *policies;           /* each use once, as the book first needs it */
    const struct book_policy **opened; /* what each of them was opened for */
    size_t policy_count;
    struct regime_chains *chains; /* by regime */
};

/* Plugins that need no file: their code is the engine's. */
static const struct policy_plugin *const linked[] = {&rules_plugin};

static const struct policy_plugin *
linked_plugin(const char *name)
{
    for (size_t i = 0; i < sizeof(linked) / sizeof(linked[0]); i++)
        if (strcmp(linked[i]->name, name) == 0)
            return linked[i];
    return NULL;
}

static struct loaded *
snapshot_library(struct snapshot *snapshot, const char *name)
{
    for (size_t i = 0; i < snapshot->library_count; i++)
        if (strcmp(library_plugin(snapshot->libraries[i].library)->name, name) == 0)
            return &snapshot->libraries[i];
    return NULL;
}

static int
duplicate_name(const char *name, const char *first, const char *second, struct error *err)
{
    return error_set(err, ERROR_INVALID,
                     "%s: expected a name of its own; found \"%s\", as in %s", second, name,
                     first);
}

static int
snapshot_load_library(struct snapshot *snapshot, const char *path, struct error *err)
{
    struct library *library;
    const struct loaded *other;

    if (snapshot->library_count == LIBRARIES_MAX)
        return error_set(err, ERROR_INVALID, "%s: expected at most %d plugins; found more",
                         path, LIBRARIES_MAX);
    if (library_open(path, &library, err) != 0)
        return -1;
    other = snapshot_library(snapshot, library_plugin(library)->name);
    if (other) {
        duplicate_name(library_plugin(library)->name, library_path(other->library), path, err);
        library_close(library);
        return -1;
    }
    snapshot->libraries[snapshot->library_count++] = (struct loaded){.library = library};
    return 0;
}

static const char *
shipped_path(struct snapshot *snapshot, const struct snapshot_sources *sources,
             const char *name)
{
    return arena_printf(&snapshot->arena, "%s/%s.so", sources->plugin_path, name);
}

/* The files of --policy.  None may hide a shipped plugin behind its name. */
static int
snapshot_load_given(struct snapshot *snapshot, const struct snapshot_sources *sources,
                    struct error *err)
{
    for (size_t i = 0; i < sources->policy_count; i++) {
        const char *name, *shipped;

        if (snapshot_load_library(snapshot, sources->policies[i], err) != 0)
            return -1;
        name = library_plugin(snapshot->libraries[i].library)->name;
        shipped = linked_plugin(name) ? LINKED_IN : shipped_path(snapshot, sources, name);
        if (linked_plugin(name) || access(shipped, F_OK) == 0)
            return duplicate_name(name, shipped, sources->policies[i], err);
    }
    return 0;
}

/* The plugin a book entry names: linked in, given, or NAME.so among the shipped ones. */
static int
snapshot_find_plugin(struct snapshot *snapshot, const struct snapshot_sources *sources,
                     const struct book_policy *entry, const struct policy_plugin **out,
                     struct error *err)
{
    struct loaded *loaded = snapshot_library(snapshot, entry->plugin);
    const char *path;

    *out = linked_plugin(entry->plugin);
    if (*out)
        return plugin_verify(*out, LINKED_IN, err);
    if (!loaded) {
        path = shipped_path(snapshot, sources, entry->plugin);
        if (access(path, F_OK) != 0)
            return error_set(err, ERROR_NOT_FOUND,
                             "%s: %s/plugin: expected the name of a plugin; found \"%s\", and "
                             "there is no %s",
                             snapshot->document.path, entry->pointer, entry->plugin, path);
        if (snapshot_load_library(snapshot, path, err) != 0)
            return -1;
        loaded = snapshot_library(snapshot, entry->plugin);
        if (!loaded)
            return error_set(
                err, ERROR_INVALID,
                "%s: policy_plugin.name: expected \"%s\", as the file is named; found \"%s\"",
                path, entry->plugin,
                library_plugin(snapshot->libraries[snapshot->library_count - 1].library)->name);
    }
    loaded->used = true;
    *out = library_plugin(loaded->library);
    return 0;
}

/* The pack a book entry names; NULL if it names none. */
static int
snapshot_find_pack(struct snapshot *snapshot, const struct snapshot_sources *sources,
                   const struct book_policy *entry, const struct host_pack **out,
                   struct error *err)
{
    const struct loaded_pack *loaded;
    struct error why = {0};

    *out = NULL;
    if (!entry->pack)
        return 0;
    if (packs_load(&snapshot->packs, sources, snapshot->goods, entry->pack, &loaded, &why) != 0)
        return why.code == ERROR_NOT_FOUND
                   ? error_set(err, ERROR_NOT_FOUND,
                               "%s: %s: expected the name of a pack; found \"%s\", and "
                               "there is no %s/%s.json",
                               snapshot->document.path, entry->pack_pointer, entry->pack,
                               sources->pack_path, entry->pack)
                   : error_set(err, why.code, "%s", why.text);
    *out = &loaded->file;
    return 0;
}

static int
snapshot_open_policy(struct snapshot *snapshot, const struct snapshot_sources *sources,
                     const struct book_policy *entry, struct error *err)
{
    const struct host_currencies currencies = {sources->currency_decimals,
                                               sources->money_parse};
    const struct policy_plugin *plugin;
    const struct host_pack *pack;
    struct error why = {0};

    if (snapshot_find_plugin(snapshot, sources, entry, &plugin, err) != 0 ||
        snapshot_find_pack(snapshot, sources, entry, &pack, err) != 0)
        return -1;
    if (policy_open(plugin, entry->options, pack, &currencies, &snapshot->arena,
                    &snapshot->policies[snapshot->policy_count], &why) != 0)
        return error_set(err, ERROR_INVALID,
                         "%s: %s/options: expected options that %s opens with; found: %s",
                         snapshot->document.path, entry->pointer, plugin->name, why.text);
    snapshot->opened[snapshot->policy_count++] = entry;
    return 0;
}

/* To the byte, as plugins read them: cJSON_Compare() takes near numbers for equal. */
static bool
same_options(const cJSON *a, const cJSON *b)
{
    char *left, *right;
    bool same;

    if (!a || !b)
        return a == b;
    left = cJSON_PrintUnformatted(a);
    right = cJSON_PrintUnformatted(b);
    if (!left || !right)
        abort();
    same = strcmp(left, right) == 0;
    cJSON_free(left);
    cJSON_free(right);
    return same;
}

static bool
same_use(const struct book_policy *a, const struct book_policy *b)
{
    return strcmp(a->plugin, b->plugin) == 0 && !a->pack == !b->pack &&
           (!a->pack || strcmp(a->pack, b->pack) == 0) && same_options(a->options, b->options);
}

/* Regimes repeat each other: the same plugin, pack and options are opened once. */
static const struct policy *
snapshot_opened(const struct snapshot *snapshot, const struct book_policy *entry)
{
    for (size_t i = 0; i < snapshot->policy_count; i++)
        if (same_use(snapshot->opened[i], entry))
            return &snapshot->policies[i];
    return NULL;
}

static size_t
book_policy_count(const struct book *book)
{
    size_t count = 0;

    for (size_t r = 0; r < book->regime_count; r++) {
        const struct book_regime *regime = &book->regimes[r];

        for (size_t c = 0; c <= BANK_ANY; c++)
            count += regime->classes[c].count;
        for (size_t b = 0; b < regime->own_count; b++)
            count += regime->own[b].policies.count;
    }
    return count;
}

/* A list of the book as a chain of its own, the default action being the book's. */
static int
snapshot_open_list(struct snapshot *snapshot, const struct snapshot_sources *sources,
                   const struct book_policies *entries, struct chain *out, struct error *err)
{
    *out = (struct chain){
        .policies = arena_alloc(&snapshot->arena, entries->count * sizeof(*out->policies)),
        .default_action = snapshot->book.default_action,
    };
    for (size_t i = 0; i < entries->count; i++) {
        const struct book_policy *entry = &entries->list[i];
        const struct policy *policy = snapshot_opened(snapshot, entry);

        if (!policy) {
            if (snapshot_open_policy(snapshot, sources, entry, err) != 0)
                return -1;
            policy = &snapshot->policies[snapshot->policy_count - 1];
        }
        out->policies[out->count++] = policy;
    }
    return 0;
}

/* The policies of one chain and after them those of another. */
static struct chain
chain_join(const struct chain *first, const struct chain *second, struct arena *arena)
{
    struct chain both = {.default_action = first->default_action};

    both.policies = arena_alloc(arena, (first->count + second->count) * sizeof(*both.policies));
    for (size_t i = 0; i < first->count; i++)
        both.policies[both.count++] = first->policies[i];
    for (size_t i = 0; i < second->count; i++)
        both.policies[both.count++] = second->policies[i];
    return both;
}

/* One regime: a bank gets its own policies, its class's and those of all (B3). */
static int
snapshot_open_regime(struct snapshot *snapshot, const struct snapshot_sources *sources,
                     size_t index, struct error *err)
{
    const struct book_regime *regime = &snapshot->book.regimes[index];
    struct regime_chains *chains = &snapshot->chains[index];
    struct arena *arena = &snapshot->arena;
    struct chain any, list;

    if (snapshot_open_list(snapshot, sources, &regime->classes[BANK_ANY], &any, err) != 0)
        return -1;
    for (size_t c = 0; c < BANK_CLASS_COUNT; c++) {
        if (snapshot_open_list(snapshot, sources, &regime->classes[c], &list, err) != 0)
            return -1;
        chains->classes[c] = chain_join(&list, &any, arena);
    }
    chains->own = arena_zalloc(arena, regime->own_count * sizeof(*chains->own));
    for (size_t b = 0; b < regime->own_count; b++) {
        const struct book_own *own = &regime->own[b];

        if (snapshot_open_list(snapshot, sources, &own->policies, &list, err) != 0)
            return -1;
        chains->own[b] = chain_join(&list, &chains->classes[own->bank->class], arena);
    }
    return 0;
}

static int
snapshot_open_policies(struct snapshot *snapshot, const struct snapshot_sources *sources,
                       struct error *err)
{
    struct book *book = &snapshot->book;

    snapshot->policies =
        arena_zalloc(&snapshot->arena, book_policy_count(book) * sizeof(struct policy));
    snapshot->opened =
        arena_alloc(&snapshot->arena, book_policy_count(book) * sizeof(*snapshot->opened));
    snapshot->chains =
        arena_zalloc(&snapshot->arena, book->regime_count * sizeof(*snapshot->chains));
    for (size_t r = 0; r < book->regime_count; r++)
        if (snapshot_open_regime(snapshot, sources, r, err) != 0)
            return -1;
    for (size_t i = 0; i < snapshot->library_count; i++)
        if (!snapshot->libraries[i].used)
            log_warn("policy.unused", "plugin=%s: the book names it nowhere",
                     library_plugin(snapshot->libraries[i].library)->name);
    return 0;
}

static int
by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static const char *
digest_line(struct arena *arena, const char *kind, const char *name, const uint8_t *digest)
{
    char hex[SHA256_HEX_SIZE];

    hash_hex(digest, SHA256_BYTES, hex);
    return arena_printf(arena, "%s %s %s\n", kind, name, hex);
}

/* The snapshot's name: SHA-256 of the sorted lines "kind name sha256(file)". */
static void
snapshot_name(struct snapshot *snapshot)
{
    const char *lines[LIBRARIES_MAX + PACKS_MAX + KITS_MAX + 4];
    struct arena *arena = &snapshot->arena;
    struct hash_part parts[sizeof(lines) / sizeof(lines[0])];
    uint8_t digest[SHA256_BYTES];
    size_t count = 0;

    lines[count++] = digest_line(arena, "book", snapshot->book.name, snapshot->document.digest);
    for (size_t i = 0; i < snapshot->library_count; i++) {
        const struct library *library = snapshot->libraries[i].library;

        if (snapshot->libraries[i].used)
            lines[count++] = digest_line(arena, "plugin", library_plugin(library)->name,
                                         library_digest(library));
    }
    for (size_t i = 0; i < snapshot->packs.count; i++) {
        const struct loaded_pack *pack = &snapshot->packs.list[i];

        lines[count++] = digest_line(arena, "pack", pack->name, pack->digest);
    }
    for (size_t i = 0; i < snapshot->goods->file_count; i++) {
        const struct goods_file *file = &snapshot->goods->files[i];

        lines[count++] = digest_line(arena, file->kind, file->name, file->digest);
    }
    hash_sha256(&(struct hash_part){SNAPSHOT_ENGINE_VERSION, strlen(SNAPSHOT_ENGINE_VERSION)},
                1, digest);
    lines[count++] = digest_line(arena, "engine", SNAPSHOT_ENGINE, digest);
    qsort(lines, count, sizeof(lines[0]), by_text);
    for (size_t i = 0; i < count; i++)
        parts[i] = (struct hash_part){lines[i], strlen(lines[i])};
    hash_sha256(parts, count, digest);
    strcpy(snapshot->digest, "sha256:");
    hash_hex(digest, sizeof(digest), snapshot->digest + strlen("sha256:"));
}

int
snapshot_load(const struct snapshot_sources *sources, struct snapshot **out, struct error *err)
{
    struct snapshot *snapshot = calloc(1, sizeof(*snapshot));
    const char *path;
    int rc = -1;

    *out = NULL;
    if (!snapshot)
        abort();
    assert(sources->currency_decimals && sources->money_parse && sources->payment_read &&
           sources->reason_fits);
    path = arena_copy(&snapshot->arena, sources->book, strlen(sources->book));
    if (document_read(&snapshot->arena, path, &snapshot->document, err) != 0 ||
        book_read(&snapshot->document, &snapshot->arena, &snapshot->book, err) != 0 ||
        goods_load(sources->goods_path, &snapshot->arena, &snapshot->goods, err) != 0 ||
        snapshot_load_given(snapshot, sources, err) != 0 ||
        snapshot_open_policies(snapshot, sources, err) != 0)
        goto out;
    snapshot_name(snapshot);
    packs_release(&snapshot->packs);
    *out = snapshot;
    snapshot = NULL;
    rc = 0;
out:
    snapshot_free(snapshot);
    return rc;
}

void
snapshot_free(struct snapshot *snapshot)
{
    if (!snapshot)
        return;
    for (size_t i = snapshot->policy_count; i > 0; i--)
        policy_close(&snapshot->policies[i - 1]);
    for (size_t i = snapshot->library_count; i > 0; i--)
        library_close(snapshot->libraries[i - 1].library);
    packs_release(&snapshot->packs);
    arena_release(&snapshot->arena);
    free(snapshot);
}

const char *
snapshot_digest(const struct snapshot *snapshot)
{
    return snapshot->digest;
}

const char *
snapshot_book_name(const struct snapshot *snapshot)
{
    return snapshot->book.name;
}

const struct book *
snapshot_book(const struct snapshot *snapshot)
{
    return &snapshot->book;
}

const struct policy_bank *
snapshot_bank(const struct snapshot *snapshot, const char *bic)
{
    const struct book_bank *bank = book_bank(&snapshot->book, bic);

    return bank ? &bank->bank : NULL;
}

static const struct chain *
snapshot_chain(const struct snapshot *snapshot, const struct book_regime *regime,
               const struct book_bank *bank)
{
    const struct regime_chains *chains = &snapshot->chains[regime - snapshot->book.regimes];
    const struct book_own *own = book_own(regime, bank);

    return own ? &chains->own[own - regime->own] : &chains->classes[bank->class];
}

void
snapshot_judge(const struct snapshot *snapshot, const struct policy_payment *payment,
               int64_t now_ms, uint64_t seed, struct arena *arena, struct decision *out)
{
    const struct book_bank *bank = book_bank(&snapshot->book, payment->creditor_agent->bic);
    const struct book_regime *regime = book_regime(&snapshot->book, now_ms);
    struct facts facts;

    *out = (struct decision){
        .bank = bank ? &bank->bank : NULL,
        .snapshot = snapshot->digest,
        .regime_from = regime ? regime->from : "",
    };
    if (!bank) {
        decision_settle(out, POLICY_REJECT, REASON_NO_BANK, "the creditor's bank is not known");
        return;
    }
    if (!regime) { /* failing closed: the book says nothing about this day */
        decision_settle(out, POLICY_HOLD, REASON_OTHER, "no policy in force");
        return;
    }
    facts_init(&facts, payment, &bank->bank, now_ms, seed, snapshot->goods, arena);
    chain_judge(snapshot_chain(snapshot, regime, bank), &facts, out);
}

void
snapshot_each_bank(const struct snapshot *snapshot,
                   void (*each)(void *context, const struct policy_bank *bank), void *context)
{
    for (size_t i = 0; i < snapshot->book.bank_count; i++)
        each(context, &snapshot->book.banks[i].bank);
}
