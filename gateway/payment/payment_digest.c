/*
 * payment_digest.c - one serialisation of a payment's content, hashed.
 *
 * Every string goes in with its NUL (no string holds one), every number as
 * eight bytes, every list behind its count, in one fixed order: so different
 * contents cannot give the same bytes.  Where a field is not in here, two
 * payments that differ in it count as the same request; a test changes each
 * field in turn.
 *
 * The bytes are hashed in blocks of fixed size, each behind the digest of the
 * one before.  One block holds almost every payment.
 */
#include <string.h>

#include "gateway/payment/payment.h"

#define BLOCK_BYTES 4096

/* Changes with the serialisation: stored digests are compared with new ones. */
static const uint8_t first_digest[SHA256_BYTES] = "yuangate payment 1";

struct sink {
    uint8_t digest[SHA256_BYTES]; /* of the blocks before */
    size_t len;
    char block[BLOCK_BYTES];
};

static void
sink_flush(struct sink *sink)
{
    const struct hash_part parts[] = {{sink->digest, SHA256_BYTES}, {sink->block, sink->len}};
    uint8_t digest[SHA256_BYTES];

    hash_sha256(parts, 2, digest);
    memcpy(sink->digest, digest, sizeof(digest));
    sink->len = 0;
}

static void
put(struct sink *sink, const void *data, size_t len)
{
    const char *at = data;

    while (len > 0) {
        size_t room = BLOCK_BYTES - sink->len, take = len < room ? len : room;

        memcpy(sink->block + sink->len, at, take);
        sink->len += take;
        at += take;
        len -= take;
        if (sink->len == BLOCK_BYTES)
            sink_flush(sink);
    }
}

static void
put_text(struct sink *sink, const char *text)
{
    put(sink, text, strlen(text) + 1);
}

static void
put_number(struct sink *sink, uint64_t number)
{
    uint8_t bytes[8];

    for (int i = 0; i < 8; i++)
        bytes[i] = (uint8_t)(number >> (56 - 8 * i));
    put(sink, bytes, sizeof(bytes));
}

static void
put_double(struct sink *sink, double number)
{
    uint64_t bits;

    memcpy(&bits, &number, sizeof(bits));
    put_number(sink, bits);
}

static void
put_texts(struct sink *sink, const char *const *texts, uint32_t count)
{
    put_number(sink, count);
    for (uint32_t i = 0; i < count; i++)
        put_text(sink, texts[i]);
}

static void
put_party(struct sink *sink, const struct policy_party *party)
{
    put_text(sink, party->name);
    put_text(sink, party->country);
    put_text(sink, party->account);
    put_text(sink, party->address);
    put_text(sink, party->kind);
    put_text(sink, party->born_on);
    put_text(sink, party->incorporated_on);
    put_number(sink, party->identifier_count);
    for (uint32_t i = 0; i < party->identifier_count; i++) {
        put_text(sink, party->identifiers[i]->scheme);
        put_text(sink, party->identifiers[i]->value);
    }
    put_number(sink, party->owner_count);
    for (uint32_t i = 0; i < party->owner_count; i++) {
        put_text(sink, party->owners[i]->name);
        put_number(sink, party->owners[i]->share_millionths);
    }
}

static void
put_agent(struct sink *sink, const struct policy_agent *agent)
{
    put_text(sink, agent->bic);
    put_text(sink, agent->name);
    put_text(sink, agent->country);
    put_text(sink, agent->cnaps);
}

static void
put_goods(struct sink *sink, const struct policy_goods *goods)
{
    put_text(sink, goods->hs_code);
    put_text(sink, goods->description);
    put_text(sink, goods->unit);
    put_text(sink, goods->origin);
    put_text(sink, goods->end_use);
    put_text(sink, goods->end_user);
    put_double(sink, goods->quantity);
    put_number(sink, (uint64_t)goods->value_minor);
}

static void
put_trade(struct sink *sink, const struct policy_payment *record)
{
    put_text(sink, record->contract);
    put_text(sink, record->destination_country);
    put_texts(sink, record->route, record->route_count);
    put_texts(sink, record->documents, record->document_count);
    put_number(sink, record->vessel_count);
    for (uint32_t i = 0; i < record->vessel_count; i++) {
        put_text(sink, record->vessels[i]->name);
        put_text(sink, record->vessels[i]->imo);
        put_text(sink, record->vessels[i]->flag);
    }
}

static void
put_record(struct sink *sink, const struct policy_payment *record)
{
    put_text(sink, record->end_to_end_id);
    put_number(sink, (uint64_t)record->created_at_ms);
    put_number(sink, (uint64_t)record->amount_minor);
    put_text(sink, record->currency);
    put_text(sink, record->rail);
    put_text(sink, record->charge_bearer);
    put_party(sink, record->debtor);
    put_party(sink, record->ultimate_debtor);
    put_party(sink, record->creditor);
    put_party(sink, record->ultimate_creditor);
    put_agent(sink, record->debtor_agent);
    put_agent(sink, record->creditor_agent);
    put_number(sink, record->intermediary_agent_count);
    for (uint32_t i = 0; i < record->intermediary_agent_count; i++)
        put_agent(sink, record->intermediary_agents[i]);
    put_text(sink, record->purpose_code);
    put_text(sink, record->purpose_text);
    put_text(sink, record->remittance_information);
    put_number(sink, record->goods_count);
    for (uint32_t i = 0; i < record->goods_count; i++)
        put_goods(sink, record->goods[i]);
    put_trade(sink, record);
}

/*
 * First what there has been from the first day on; what came later behind its name, and
 * only where it is given: the digests that are stored stay as they are.
 */
static void
put_simulate(struct sink *sink, const struct payment_simulate *simulate)
{
    const struct payment_delay *delay = &simulate->delay;
    bool even = delay->median == 0 && delay->least == delay->most;

    put_number(sink, simulate->present);
    put_text(sink, simulate->outcome);
    put_text(sink, simulate->reason_code);
    put_text(sink, simulate->fault);
    put_number(sink, even ? (uint64_t)delay->most : 0);
    if (simulate->action[0] != '\0') {
        put_text(sink, "action");
        put_text(sink, simulate->action);
    }
    if (simulate->hold.then[0] != '\0') {
        put_text(sink, "hold");
        put_text(sink, simulate->hold.then);
        put_number(sink, (uint64_t)simulate->hold.for_ms);
    }
    if (simulate->fault_ms > 0) {
        put_text(sink, "for");
        put_number(sink, (uint64_t)simulate->fault_ms);
    }
    if (!even) {
        put_text(sink, "delay_ms");
        put_double(sink, delay->least);
        put_double(sink, delay->likely);
        put_double(sink, delay->most);
        put_double(sink, delay->median);
        put_double(sink, delay->p99);
    }
    if (simulate->duplicate_webhook)
        put_text(sink, "duplicate_webhook");
}

void
payment_digest(const struct payment *payment, uint8_t digest[SHA256_BYTES])
{
    struct sink sink; /* the block is filled as needed */

    memcpy(sink.digest, first_digest, SHA256_BYTES);
    sink.len = 0;
    put(&sink, payment->uetr, sizeof(payment->uetr));
    put_record(&sink, &payment->record);
    put_simulate(&sink, &payment->simulate);
    sink_flush(&sink);
    memcpy(digest, sink.digest, SHA256_BYTES);
}
