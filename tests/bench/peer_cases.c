/*
 * peer_cases.c - fifty payments, and which of the twenty rules fire for each.
 *
 *     build/tests/bench/peer_cases       JSON for peers/peers.js
 *
 * The first is the sample payment.  Only what the twenty rules read is written,
 * goods and kits with what our tables know of them.
 */
#include "gateway/base/buffer.h"
#include "tests/bench/judging.h"

#define CASE_COUNT 50
#define LINES_MAX  5
#define SEED       2024

/* Numbers that are the same everywhere. */
static uint32_t
draw(uint32_t *state, uint32_t below)
{
    *state = *state * 1664525 + 1013904223;
    return (*state >> 16) % below;
}

#define DRAW(state, array) array[draw(state, sizeof(array) / sizeof(array[0]))]

static void
vary_payment(struct asked *asked, const struct goods *goods, uint32_t *state)
{
    static const char *const countries[] = {"RU", "RU", "KZ", "AE", "SE"};
    static const char *const behind[] = {"", "", "RU", "KZ"};
    static const char *const currencies[] = {"CNY", "CNY", "USD", "RUB"};
    static const char *const rails[] = {"CIPS", "SWIFT", "SPFS"};
    static const char *const routes[] = {"Manzhouli", "Khorgos", "Zabaikalsk"};
    static const char *const papers[] = {"contract", "invoice", "packing list"};
    static const int64_t amounts[] = {1000000, 36000000, 125000000, 600000000};
    static const char *const lines[] = {
        "854231 processors",   "847330 casings",     "852491 LCD screens",
        "854232 memory",       "853221 capacitors",  "840710 aircraft engines",
        "391220 cellulose",    "845811 lathes",      "901420 navigation",
        "520300 cotton",       "spare parts",        "847130 notebooks",
        "840910 engine parts", "848620 lithography", "854110 diodes",
    };
    struct policy_payment *payment = &asked->fixture.payment;
    static const char *route[CASE_COUNT], *documents[CASE_COUNT];
    static size_t count;

    fixture_init(&asked->fixture);
    asked->fixture.debtor.country = DRAW(state, countries);
    asked->fixture.debtor_agent.country = DRAW(state, countries);
    asked->fixture.ultimate_debtor.country = DRAW(state, behind);
    asked->fixture.ultimate_debtor.name =
        *asked->fixture.ultimate_debtor.country ? "Other" : "";
    payment->currency = DRAW(state, currencies);
    payment->amount_minor = DRAW(state, amounts);
    payment->rail = DRAW(state, rails);
    payment->purpose_code = draw(state, 3) ? "CGODDR" : "";
    payment->contract = draw(state, 2) ? "17/04-2024" : "";
    payment->destination_country = DRAW(state, behind);
    route[count % CASE_COUNT] = DRAW(state, routes);
    documents[count % CASE_COUNT] = DRAW(state, papers);
    payment->route = &route[count % CASE_COUNT];
    payment->documents = &documents[count % CASE_COUNT];
    payment->route_count = draw(state, 2);
    payment->document_count = draw(state, 2);
    count++;
    for (uint32_t left = draw(state, LINES_MAX); left > 0; left--)
        fixture_goods(&asked->fixture, DRAW(state, lines));
    asked_prepare(asked, goods);
}

static void
write_texts(struct buffer *out, const char *key, const char *const *texts, uint32_t count)
{
    json_key(out, key);
    json_open(out, '[');
    for (uint32_t i = 0; i < count; i++)
        json_string(out, texts[i]);
    json_close(out, ']');
}

/* "key": {"member": "text"} */
static void
write_nested(struct buffer *out, const char *key, const char *member, const char *text)
{
    json_key(out, key);
    json_open(out, '{');
    json_member(out, member, text);
    json_close(out, '}');
}

static void
write_payment(struct buffer *out, const struct policy_payment *payment)
{
    json_key(out, "payment");
    json_open(out, '{');
    json_key(out, "amount");
    json_open(out, '{');
    json_member(out, "currency", payment->currency);
    json_key(out, "minor");
    json_int(out, payment->amount_minor);
    json_close(out, '}');
    json_member(out, "rail", payment->rail);
    write_nested(out, "debtor", "country", payment->debtor->country);
    write_nested(out, "debtor_agent", "country", payment->debtor_agent->country);
    write_nested(out, "ultimate_debtor", "country", payment->ultimate_debtor->country);
    write_nested(out, "purpose", "code", payment->purpose_code);
    json_key(out, "trade");
    json_open(out, '{');
    json_member(out, "contract", payment->contract);
    json_member(out, "destination_country", payment->destination_country);
    write_texts(out, "route", payment->route, payment->route_count);
    write_texts(out, "documents", payment->documents, payment->document_count);
    json_close(out, '}');
    json_close(out, '}');
}

static void
write_goods(struct buffer *out, struct asked *asked)
{
    json_key(out, "goods");
    json_open(out, '[');
    for (uint32_t i = 0; i < asked->fixture.payment.goods_count; i++) {
        const struct policy_goods_fact *fact = asked->facts.base.goods(&asked->facts.base, i);

        json_open(out, '{');
        json_member(out, "hs_code", asked->fixture.goods[i].hs_code);
        json_member(out, "tier", fact->tier);
        json_member(out, "group", fact->group);
        json_member(out, "role", fact->role);
        json_close(out, '}');
    }
    json_close(out, ']');
}

static void
write_kits(struct buffer *out, struct asked *asked)
{
    const struct policy_kit *const *kits;
    size_t count = asked->facts.base.kits(&asked->facts.base, &kits);

    json_key(out, "kits");
    json_open(out, '[');
    for (size_t i = 0; i < count; i++) {
        json_open(out, '{');
        json_member(out, "kit", kits[i]->kit);
        json_key(out, "coverage");
        json_number(out, kits[i]->coverage);
        json_close(out, '}');
    }
    json_close(out, ']');
}

static void
write_case(struct buffer *out, void *self, struct asked *asked)
{
    struct tally tally;

    judge(self, asked, &tally);
    json_open(out, '{');
    json_member(out, "fired", tally.ids);
    write_payment(out, &asked->fixture.payment);
    write_goods(out, asked);
    write_kits(out, asked);
    json_close(out, '}');
}

int
main(void)
{
    static struct asked asked;
    static struct arena arena;
    struct goods *goods;
    struct error err = {0};
    uint32_t state = SEED;
    struct buffer out;
    void *self;

    if (goods_load("policy/goods", &arena, &goods, &err) != 0)
        die("policy/goods", err.text);
    self = open_pack(JUDGING_TWENTY, read_text(&arena, JUDGING_TWENTY));
    buffer_init(&out, &arena, 1u << 16);
    json_open(&out, '[');
    for (size_t i = 0; i < CASE_COUNT; i++) {
        if (i == 0)
            sample(&asked, goods);
        else
            vary_payment(&asked, goods, &state);
        write_case(&out, self, &asked);
        asked_release(&asked);
    }
    json_close(&out, ']');
    puts(buffer_terminate(&out));
    rules_plugin.close(self);
    arena_release(&arena);
    return 0;
}
