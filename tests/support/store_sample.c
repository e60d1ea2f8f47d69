/* store_sample.c - a body from a small generator, columns from seq's remainders. */
#include "tests/support/store_sample.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/store/chain.h"

void
sample_entry(uint64_t seq, char *body, struct store_entry *out)
{
    static const char *const currencies[] = {"CNY", "USD", "EUR"};
    static const char *const countries[] = {"RU", "CN", "KZ", "AE", "TR"};
    size_t len = seq * 37 % (SAMPLE_BODY_MAX + 1);

    for (size_t i = 0; i < len; i++)
        body[i] = (char)(seq * 131 + i * 7);
    *out = (struct store_entry){
        .seq = seq,
        .kind = seq % 10 == 0 ? RECORD_EVENT : RECORD_PAYMENT,
        .body = body,
        .body_len = len,
    };
    out->at_ms = 1713142800000 + (int64_t)seq * 1000;
    out->state = (int)(seq % 4);
    out->due_ms = seq % 3 ? 0 : out->at_ms + 86400000;
    if (out->kind == RECORD_EVENT) {
        out->payment_seq = seq - 1;
        out->previous_seq = seq % 20 ? 0 : seq - 10;
        out->flags = (unsigned)(seq % 7);
        return;
    }
    out->note = seq % 4 ? body : NULL;
    out->note_len = seq % 4 ? len / 2 : 0;
    out->fingerprint = seq * 0x9e3779b97f4a7c15ULL;
    out->key_fingerprint = seq % 2 ? 0 : ~out->fingerprint;
    snprintf(out->currency, sizeof(out->currency), "%s", currencies[seq % 3]);
    snprintf(out->debtor_country, sizeof(out->debtor_country), "%s", countries[seq % 5]);
}

int
sample_append_after(struct store *store, uint64_t *head, uint8_t chain[SHA256_BYTES],
                    size_t count, struct error *err)
{
    struct store_entry *entries = calloc(count + 1, sizeof(*entries));
    const struct store_entry **pointers = calloc(count + 1, sizeof(*pointers));
    char *bodies = malloc((count + 1) * SAMPLE_BODY_MAX);
    const uint8_t *previous = chain;
    int rc;

    if (!entries || !pointers || !bodies)
        abort();
    for (size_t i = 0; i < count; i++) {
        struct store_entry *entry = &entries[i];

        sample_entry(*head + 1 + i, bodies + i * SAMPLE_BODY_MAX, entry);
        chain_next(previous, entry->seq, entry->body, entry->body_len, entry->chain);
        previous = entry->chain;
        pointers[i] = entry;
    }
    rc = store->ops->append(store, pointers, count, err);
    if (rc == 0) {
        *head += count;
        memmove(chain, previous, SHA256_BYTES);
    }
    free(bodies);
    free((void *)pointers);
    free(entries);
    return rc;
}

int
sample_append(struct store *store, size_t count, struct error *err)
{
    uint8_t chain[SHA256_BYTES];
    uint64_t head;

    if (store->ops->head(store, &head, chain, err) != 0)
        return -1;
    return sample_append_after(store, &head, chain, count, err);
}

static bool
note_is(const struct store_entry *entry, const struct store_entry *sample)
{
    return entry->note_len == sample->note_len &&
           (entry->note_len == 0 || memcmp(entry->note, sample->note, entry->note_len) == 0);
}

bool
sample_is(const struct store_entry *entry)
{
    char body[SAMPLE_BODY_MAX];
    struct store_entry sample;

    sample_entry(entry->seq, body, &sample);
    return entry->kind == sample.kind && entry->fingerprint == sample.fingerprint &&
           entry->key_fingerprint == sample.key_fingerprint && entry->at_ms == sample.at_ms &&
           entry->state == sample.state && strcmp(entry->currency, sample.currency) == 0 &&
           strcmp(entry->debtor_country, sample.debtor_country) == 0 &&
           entry->due_ms == sample.due_ms && entry->payment_seq == sample.payment_seq &&
           entry->previous_seq == sample.previous_seq && entry->flags == sample.flags &&
           note_is(entry, &sample) &&
           (!entry->body || (entry->body_len == sample.body_len &&
                             memcmp(entry->body, body, sample.body_len) == 0));
}

bool
sample_chain_holds(struct store *store, uint64_t after, uint64_t last)
{
    uint8_t chain[SHA256_BYTES] = {0};
    struct arena arena = {0};
    struct store_entry entry;
    struct error err = {0};
    bool holds = true;

    if (after > 0) {
        holds = store->ops->read(store, after, &arena, &entry, &err) == 0;
        if (holds)
            memcpy(chain, entry.chain, SHA256_BYTES);
    }
    for (uint64_t seq = after + 1; seq <= last && holds; seq++) {
        arena_reset(&arena);
        holds = store->ops->read(store, seq, &arena, &entry, &err) == 0 && sample_is(&entry);
        if (!holds)
            break;
        chain_next(chain, seq, entry.body, entry.body_len, chain);
        holds = memcmp(chain, entry.chain, SHA256_BYTES) == 0;
    }
    arena_release(&arena);
    return holds;
}
