/* snapshot.c - files in, one immutable set out; and judging by it. */
#include "policy/snapshot.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/base/buffer.h"
#include "gateway/base/log.h"
#include "policy/book.h"
#include "policy/book_terms.h"
#include "policy/chain.h"
#include "policy/course.h"
#include "policy/document.h"
#include "policy/facts.h"
#include "policy/goods/goods.h"
#include "policy/libraries.h"
#include "policy/packs.h"
#include "policy/screening/roster.h"
#include "policy/snapshot_lists.h"

#define DIGEST_TEXT_SIZE (sizeof("sha256:") - 1 + SHA256_HEX_SIZE)
#define REASON_NO_BANK   "RC04" /* ISO 20022: the creditor's bank is not known */
#define REASON_OTHER     "NARR"

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
    struct libraries libraries;
    struct packs packs; /* with their texts, until these are forgotten */
    struct roster roster;
    struct text *texts; /* all that it is made of, sorted */
    size_t text_count;
    struct policy *policies;           /* each use once, as the book first needs it */
    const struct book_policy **opened; /* what each of them was opened for */
    size_t policy_count;
    struct regime_chains *chains; /* by regime */
};

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

    if (libraries_find(&snapshot->libraries, sources, snapshot->document.path, entry, &plugin,
                       err) != 0 ||
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
    for (size_t i = 0; i < snapshot->libraries.count; i++)
        if (!snapshot->libraries.list[i].used)
            log_warn("policy.unused", "plugin=%s: the book names it nowhere",
                     library_plugin(snapshot->libraries.list[i].library)->name);
    return 0;
}

static int
by_kind_and_name(const void *a, const void *b)
{
    const struct text *left = a, *right = b;
    int order = strcmp(left->kind, right->kind);

    return order != 0 ? order : strcmp(left->name, right->name);
}

static struct text *
snapshot_add_text(struct snapshot *snapshot, const char *kind, const char *name,
                  const uint8_t *digest)
{
    struct text *text = &snapshot->texts[snapshot->text_count++];

    *text = (struct text){.kind = kind, .name = name};
    memcpy(text->digest, digest, sizeof(text->digest));
    return text;
}

/* The sums of their files, which live as long as the listings are held. */
static void
snapshot_list_lists(struct snapshot *snapshot)
{
    for (size_t i = 0; i < snapshot->roster.count; i++) {
        const struct list *list = snapshot->roster.listings[i]->list;
        uint8_t digest[SHA256_BYTES];
        struct text *text;

        hash_sha256(&(struct hash_part){list->sums, list->sums_len}, 1, digest);
        text = snapshot_add_text(snapshot, TEXT_LIST, list->name, digest);
        text->data = list->sums;
        text->len = list->sums_len;
    }
}

static void
snapshot_list_good_guys(struct snapshot *snapshot, const struct snapshot_sources *sources)
{
    const struct text *given = texts_find(&sources->texts, TEXT_GOOD_GUYS, GOOD_GUYS_NAME);
    uint8_t digest[SHA256_BYTES];
    struct text *text;

    if (!given || !snapshot->roster.good_guys)
        return;
    hash_sha256(&(struct hash_part){given->data, given->len}, 1, digest);
    text = snapshot_add_text(snapshot, TEXT_GOOD_GUYS, GOOD_GUYS_NAME, digest);
    text->data = arena_copy(&snapshot->arena, given->data, given->len);
    text->len = given->len;
}

static void
snapshot_list_texts(struct snapshot *snapshot, const struct snapshot_sources *sources)
{
    const struct document *book = &snapshot->document;
    const struct hash_part version = {SNAPSHOT_ENGINE_VERSION, strlen(SNAPSHOT_ENGINE_VERSION)};
    uint8_t engine[SHA256_BYTES];
    struct text *text;

    snapshot->texts = arena_alloc(&snapshot->arena,
                                  (snapshot->libraries.count + snapshot->packs.count +
                                   snapshot->goods->file_count + snapshot->roster.count + 3) *
                                      sizeof(*snapshot->texts));
    hash_sha256(&version, 1, engine);
    snapshot_add_text(snapshot, TEXT_ENGINE, SNAPSHOT_ENGINE, engine);
    text = snapshot_add_text(snapshot, TEXT_BOOK, snapshot->book.name, book->digest);
    text->data = book->text;
    text->len = book->len;
    for (size_t i = 0; i < snapshot->libraries.count; i++) {
        const struct library *library = snapshot->libraries.list[i].library;

        if (snapshot->libraries.list[i].used)
            snapshot_add_text(snapshot, TEXT_PLUGIN, library_plugin(library)->name,
                              library_digest(library));
    }
    for (size_t i = 0; i < snapshot->packs.count; i++) {
        const struct loaded_pack *pack = &snapshot->packs.list[i];

        text = snapshot_add_text(snapshot, TEXT_PACK,
                                 arena_copy(&snapshot->arena, pack->name, strlen(pack->name)),
                                 pack->digest);
        text->data = pack->file.text;
        text->len = pack->file.len;
    }
    for (size_t i = 0; i < snapshot->goods->file_count; i++)
        snapshot->texts[snapshot->text_count++] = snapshot->goods->files[i];
    snapshot_list_lists(snapshot);
    snapshot_list_good_guys(snapshot, sources);
    qsort(snapshot->texts, snapshot->text_count, sizeof(*snapshot->texts), by_kind_and_name);
}

/* The snapshot's name: SHA-256 of the sorted lines "kind name sha256(file)". */
static void
snapshot_name(struct snapshot *snapshot)
{
    struct arena arena = {0};
    uint8_t digest[SHA256_BYTES];
    struct buffer lines;

    buffer_init(&lines, &arena, 8192);
    for (size_t i = 0; i < snapshot->text_count; i++) {
        const struct text *text = &snapshot->texts[i];
        char hex[SHA256_HEX_SIZE];

        hash_hex(text->digest, SHA256_BYTES, hex);
        buffer_printf(&lines, "%s %s %s\n", text->kind, text->name, hex);
    }
    hash_sha256(&(struct hash_part){lines.data, lines.len}, 1, digest);
    strcpy(snapshot->digest, "sha256:");
    hash_hex(digest, sizeof(digest), snapshot->digest + strlen("sha256:"));
    arena_release(&arena);
}

/* The book from its text or its file. */
static int
snapshot_read_book(struct snapshot *snapshot, const struct snapshot_sources *sources,
                   struct error *err)
{
    struct arena *arena = &snapshot->arena;

    for (size_t i = 0; i < sources->texts.count; i++) {
        const struct text *text = &sources->texts.list[i];

        if (strcmp(text->kind, TEXT_BOOK) == 0)
            return document_parse(arena, arena_printf(arena, "%s.json", text->name),
                                  arena_copy(arena, text->data, text->len), text->len,
                                  &snapshot->document, err);
    }
    return document_read(arena, arena_copy(arena, sources->book, strlen(sources->book)),
                         &snapshot->document, err);
}

static bool
is_of_goods(const struct text *text)
{
    return strcmp(text->kind, TEXT_GOODS) == 0 || strcmp(text->kind, TEXT_KIT) == 0;
}

int
snapshot_goods(const struct snapshot_sources *sources, struct arena *arena, struct goods **out,
               struct error *err)
{
    bool texts = sources->texts.only;

    for (size_t i = 0; i < sources->texts.count && !texts; i++)
        texts = is_of_goods(&sources->texts.list[i]);
    return texts ? goods_load_texts(&sources->texts, arena, out, err)
                 : goods_load(sources->goods_path, arena, out, err);
}

int
snapshot_load(const struct snapshot_sources *sources, struct snapshot **out, struct error *err)
{
    struct snapshot *snapshot = calloc(1, sizeof(*snapshot));
    int rc = -1;

    *out = NULL;
    if (!snapshot)
        abort();
    assert(sources->currency_decimals && sources->money_parse && sources->payment_read &&
           sources->reason_fits);
    snapshot->libraries.arena = &snapshot->arena;
    if (libraries_load_given(&snapshot->libraries, sources, err) != 0 ||
        snapshot_read_book(snapshot, sources, err) != 0 ||
        book_read(&snapshot->document, &snapshot->arena, &snapshot->book, err) != 0 ||
        book_settle_terms(&snapshot->book.terms, snapshot->document.path, sources, err) != 0 ||
        snapshot_goods(sources, &snapshot->arena, &snapshot->goods, err) != 0 ||
        roster_open(&snapshot->roster, sources, &snapshot->document, &snapshot->book,
                    &snapshot->arena, err) != 0 ||
        snapshot_open_policies(snapshot, sources, err) != 0)
        goto out;
    snapshot->book.rates.decimals = sources->currency_decimals;
    snapshot_list_texts(snapshot, sources);
    snapshot_name(snapshot);
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
    libraries_release(&snapshot->libraries);
    packs_release(&snapshot->packs);
    roster_release(&snapshot->roster);
    arena_release(&snapshot->arena);
    free(snapshot);
}

size_t
snapshot_texts(const struct snapshot *snapshot, const struct text **texts)
{
    *texts = snapshot->texts;
    return snapshot->text_count;
}

/* Those of the packs are the large ones, and nobody needs them to judge. */
void
snapshot_forget_texts(struct snapshot *snapshot)
{
    for (size_t i = 0; i < snapshot->text_count; i++)
        snapshot->texts[i].data = NULL;
    packs_release(&snapshot->packs);
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

const struct goods *
snapshot_goods_tables(const struct snapshot *snapshot)
{
    return snapshot->goods;
}

const struct roster *
snapshot_roster(const struct snapshot *snapshot)
{
    return &snapshot->roster;
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

static enum policy_action
stricter(enum policy_action a, enum policy_action b)
{
    return a > b ? a : b;
}

/* Who judges, and what is decided before anybody is asked: NULL then. */
static const struct chain *
snapshot_judges(const struct snapshot *snapshot, const struct book_bank *bank, int64_t now_ms,
                struct decision *out)
{
    const struct book_regime *regime = book_regime(&snapshot->book, now_ms);
    const struct chain *chain;

    out->regime_from = regime ? regime->from : "";
    if (!bank) {
        decision_settle(out, POLICY_REJECT, REASON_NO_BANK, "the creditor's bank is not known");
        return NULL;
    }
    if (!regime) { /* failing closed: the book says nothing about this day */
        decision_settle(out, POLICY_HOLD, REASON_OTHER, "no policy in force");
        return NULL;
    }
    chain = snapshot_chain(snapshot, regime, bank);
    out->unguarded = chain->count == 0;
    if (out->unguarded) { /* no opinion is an answer; nobody to ask is none */
        decision_settle(out, stricter(chain->default_action, POLICY_HOLD), REASON_OTHER,
                        "no policy for this bank");
        return NULL;
    }
    return chain;
}

/* What a memory keeps of it, whoever decided. */
static void
snapshot_remember(const struct snapshot *snapshot, struct facts *facts, struct decision *out)
{
    const struct policy_payment *payment = facts->payment;
    const struct kits_found *found = facts_found(facts);

    out->amount_base = rates_to_base(&snapshot->book.rates, payment->currency,
                                     payment->amount_minor, facts->base.now_ms);
    out->brings = found->brings;
    out->brings_count = found->brings_count;
}

/* All but what follows. */
static void
snapshot_decide(const struct snapshot *snapshot, const struct policy_payment *payment,
                int64_t now_ms, uint64_t seed, struct facts_memory *memory, struct arena *arena,
                struct decision *out)
{
    const struct book_bank *bank = book_bank(&snapshot->book, payment->creditor_agent->bic);
    const struct chain *chain;
    struct facts facts;

    *out = (struct decision){
        .bank = bank ? &bank->bank : NULL,
        .snapshot = snapshot->digest,
        .amount_base = MEMORY_UNKNOWN,
    };
    chain = snapshot_judges(snapshot, bank, now_ms, out);
    if (!chain && !memory)
        return;
    facts_init(&facts, payment, out->bank, now_ms, seed, snapshot->goods, arena);
    facts.roster = &snapshot->roster;
    facts.memory = memory;
    facts.rates = &snapshot->book.rates;
    facts.kits_ms = snapshot->book.memory.kits_ms;
    if (memory) {
        if (chain)
            facts_screen(&facts);
        memory->enter(memory);
    }
    if (chain)
        chain_judge(chain, &facts, out);
    if (memory)
        snapshot_remember(snapshot, &facts, out);
}

static struct course_of
snapshot_course(const struct snapshot *snapshot, const char *uetr, uint64_t seed)
{
    return (struct course_of){&snapshot->book.terms, &snapshot->book.calendar, uetr, seed};
}

void
snapshot_follow(const struct snapshot *snapshot, const struct policy_payment *payment,
                int64_t now_ms, uint64_t seed, struct arena *arena, struct decision *decision)
{
    struct course_of of = snapshot_course(snapshot, payment->uetr, seed);

    course_decide(&of, payment, now_ms, arena, decision);
}

void
snapshot_judge(const struct snapshot *snapshot, const struct policy_payment *payment,
               int64_t now_ms, uint64_t seed, struct facts_memory *memory, struct arena *arena,
               struct decision *out)
{
    snapshot_decide(snapshot, payment, now_ms, seed, memory, arena, out);
    snapshot_follow(snapshot, payment, now_ms, seed, arena, out);
}

void
snapshot_settle(const struct snapshot *snapshot, const char *uetr, uint64_t seed,
                int64_t from_ms, struct course *out)
{
    struct course_of of = snapshot_course(snapshot, uetr, seed);

    course_settle(&of, from_ms, out);
}

void
snapshot_hold(const struct snapshot *snapshot, const char *uetr, uint64_t seed, int64_t from_ms,
              struct course *out)
{
    struct course_of of = snapshot_course(snapshot, uetr, seed);

    course_hold(&of, from_ms, out);
}

int64_t
snapshot_charges(const struct snapshot *snapshot, const char *currency, int64_t amount_minor)
{
    return book_charges(&snapshot->book.terms, currency, amount_minor);
}

int64_t
snapshot_add_bank_days(const struct snapshot *snapshot, int64_t from_ms, unsigned bank_days)
{
    return calendar_add(&snapshot->book.calendar, from_ms, bank_days);
}

const char *
snapshot_unguarded(const struct snapshot *snapshot, int64_t now_ms, struct arena *arena)
{
    const struct book_regime *regime = book_regime(&snapshot->book, now_ms);
    const char *text = "";

    for (size_t i = 0; regime && i < snapshot->book.bank_count; i++) {
        const struct book_bank *bank = &snapshot->book.banks[i];

        if (snapshot_chain(snapshot, regime, bank)->count == 0)
            text = arena_printf(arena, "%s%s%s", text, text[0] ? ", " : "", bank->bank.bic);
    }
    return text;
}

void
snapshot_each_bank(const struct snapshot *snapshot,
                   void (*each)(void *context, const struct policy_bank *bank), void *context)
{
    for (size_t i = 0; i < snapshot->book.bank_count; i++)
        each(context, &snapshot->book.banks[i].bank);
}
