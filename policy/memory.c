/* memory.c - who is who, and what is worth remembering. */
#include "policy/memory.h"

#include <stdlib.h>
#include <string.h>

#include "policy/decision.h"
#include "policy/screening/fold.h"

/* --- 64 bits of a text ------------------------------------------------------------------- */

/* Two factors with bits all over, as in wyhash; what is stored depends on them. */
#define MIX_FIRST  UINT64_C(0xa0761d6478bd642f)
#define MIX_SECOND UINT64_C(0xe7037ed1a0b428db)

#define NAME_BYTES_MAX 1024 /* letters and digits of a name that count */

static uint64_t
mix(uint64_t a, uint64_t b)
{
    unsigned __int128 product = (unsigned __int128)(a ^ MIX_FIRST) * (b ^ MIX_SECOND);

    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static uint64_t
mix_bytes(uint64_t seed, const char *bytes, size_t len)
{
    uint64_t word;

    for (; len >= sizeof(word); bytes += sizeof(word), len -= sizeof(word)) {
        memcpy(&word, bytes, sizeof(word));
        seed = mix(seed, word);
    }
    word = 0;
    memcpy(&word, bytes, len);
    return mix(seed, word ^ (uint64_t)len << 56);
}

/* Never 0, which stands for none. */
static uint64_t
sealed(uint64_t hash)
{
    return hash != 0 ? hash : 1;
}

/* What the hashes are of: one name in two places is two things. */
enum {
    SEED_PARTY = 1,
    SEED_IDENTIFIER,
    SEED_END_USER,
    SEED_CONTRACT,
    SEED_PRESENTED,
    SEED_BY, /* and one more for each enum policy_history_by */
};

/* --- parties (M1) ------------------------------------------------------------------------ */

/* What a character counts as: its small letter or digit, 0: nothing. */
static const char letters[128] = {
    /* clang-format off */
    ['0'] = '0', ['1'] = '1', ['2'] = '2', ['3'] = '3', ['4'] = '4', ['5'] = '5', ['6'] = '6',
    ['7'] = '7', ['8'] = '8', ['9'] = '9',
#define LETTER(large, small) [large] = small, [small] = small
    LETTER('A', 'a'), LETTER('B', 'b'), LETTER('C', 'c'), LETTER('D', 'd'), LETTER('E', 'e'),
    LETTER('F', 'f'), LETTER('G', 'g'), LETTER('H', 'h'), LETTER('I', 'i'), LETTER('J', 'j'),
    LETTER('K', 'k'), LETTER('L', 'l'), LETTER('M', 'm'), LETTER('N', 'n'), LETTER('O', 'o'),
    LETTER('P', 'p'), LETTER('Q', 'q'), LETTER('R', 'r'), LETTER('S', 's'), LETTER('T', 't'),
    LETTER('U', 'u'), LETTER('V', 'v'), LETTER('W', 'w'), LETTER('X', 'x'), LETTER('Y', 'y'),
    LETTER('Z', 'z'),
#undef LETTER
    /* clang-format on */
};

/* The letters and digits of a text in ASCII; false: it is in another script, or long. */
static bool
keep_letters(const char *text, char out[NAME_BYTES_MAX + 1], size_t *kept)
{
    size_t count = 0;

    for (; *text; text++) {
        if ((unsigned char)*text >= sizeof(letters) || count == NAME_BYTES_MAX)
            return false;
        out[count] = letters[(unsigned char)*text];
        count += out[count] != 0;
    }
    *kept = count;
    return true;
}

/* In any script. */
static size_t
fold_letters(const char *name, struct arena *arena, char out[NAME_BYTES_MAX + 1])
{
    struct arena_mark mark = arena_mark(arena);
    size_t len, kept = 0;
    const char *folded = fold(arena, name, &len);

    for (size_t i = 0; i < len && kept < NAME_BYTES_MAX; i++) {
        unsigned char c = (unsigned char)folded[i];

        if (c < sizeof(letters) && letters[c] != 0)
            out[kept++] = letters[c];
    }
    arena_rewind(arena, mark);
    return kept;
}

/* Letters and digits alone; a text without any counts as it is written. */
static uint64_t
mix_name(uint64_t seed, const char *name, struct arena *arena)
{
    char kept[NAME_BYTES_MAX + 1];
    size_t len;

    if (!keep_letters(name, kept, &len))
        len = fold_letters(name, arena, kept);
    return len > 0 ? mix_bytes(seed, kept, len) : mix_bytes(~seed, name, strlen(name));
}

static const char *
tax_identifier(const struct policy_party *party)
{
    static const char *const schemes[] = {"inn", "uscc", "lei"};

    for (size_t s = 0; s < sizeof(schemes) / sizeof(schemes[0]); s++)
        for (uint32_t i = 0; i < party->identifier_count; i++)
            if (strcmp(party->identifiers[i]->scheme, schemes[s]) == 0)
                return party->identifiers[i]->value;
    return NULL;
}

static uint64_t
party_key(const struct policy_party *party, struct arena *arena)
{
    const char *identifier = tax_identifier(party);
    uint64_t country = mix_bytes(identifier ? SEED_IDENTIFIER : SEED_PARTY, party->country,
                                 strlen(party->country));

    return mix_name(country, identifier ? identifier : party->name, arena);
}

/* --- keys -------------------------------------------------------------------------------- */

static void
add_end_user(struct memory_keys *keys, const char *name, struct arena *arena)
{
    uint64_t key = sealed(mix_name(SEED_END_USER, name, arena));

    for (uint32_t i = 0; i < keys->end_user_count; i++)
        if (keys->end_users[i] == key)
            return;
    if (keys->end_user_count < MEMORY_END_USERS_MAX)
        keys->end_users[keys->end_user_count++] = key;
}

void
memory_keys_of(const struct policy_payment *payment, struct arena *arena,
               struct memory_keys *out)
{
    uint64_t debtor = party_key(payment->debtor, arena);
    uint64_t creditor = party_key(payment->creditor, arena);
    bool contract = payment->contract[0] != '\0';
    const char *named = contract ? payment->contract : payment->end_to_end_id;
    uint64_t presented = mix(mix(SEED_PRESENTED + contract, debtor), creditor);

    presented = mix(presented, (uint64_t)payment->amount_minor);
    presented = mix_bytes(presented, payment->currency, strlen(payment->currency));
    out->debtor = sealed(mix(SEED_BY + POLICY_HISTORY_DEBTOR, debtor));
    out->creditor = sealed(mix(SEED_BY + POLICY_HISTORY_CREDITOR, creditor));
    out->contract = contract ? sealed(mix_name(mix(SEED_CONTRACT, creditor), named, arena)) : 0;
    out->presented = sealed(mix_name(presented, named, arena));
    out->end_user_count = 0;
    for (uint32_t i = 0; i < payment->goods_count; i++)
        if (payment->goods[i]->end_user[0] != '\0')
            add_end_user(out, payment->goods[i]->end_user, arena);
}

/* --- notes ------------------------------------------------------------------------------- */

static uint8_t
hex_value(char c)
{
    return (uint8_t)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
}

static void
uetr_bytes(const char *text, uint8_t out[16])
{
    size_t digits = 0;

    memset(out, 0, 16);
    for (; *text && digits < 32; text++)
        if (*text != '-') {
            out[digits / 2] = (uint8_t)(out[digits / 2] << 4 | (hex_value(*text) & 15));
            digits++;
        }
}

void
memory_uetr_print(const uint8_t uetr[16], char text[MEMORY_UETR_SIZE])
{
    static const char digits[] = "0123456789abcdef";
    char *out = text;

    for (int i = 0; i < 16; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            *out++ = '-';
        *out++ = digits[uetr[i] >> 4];
        *out++ = digits[uetr[i] & 15];
    }
    *out = '\0';
}

/* As many whole characters as fit. */
static void
copy_text(char *out, const char *text, size_t max)
{
    size_t len = strnlen(text, max + 1);

    if (len > max)
        for (len = max; len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80; len--)
            ;
    memcpy(out, text, len);
    out[len] = '\0';
}

void
memory_note_of(const struct policy_payment *payment, const struct memory_keys *keys,
               const struct decision *decision, struct memory_note *out)
{
    size_t count = decision->brings_count;

    out->at_ms = 0;
    out->amount = decision->amount_base;
    out->keys = *keys;
    out->outcome = decision->action >= POLICY_RETURN ? MEMORY_REFUSED : MEMORY_OPEN;
    out->line_count = (uint32_t)(count < MEMORY_LINES_MAX ? count : MEMORY_LINES_MAX);
    uetr_bytes(payment->uetr, out->uetr);
    for (uint32_t i = 0; i < out->line_count; i++) {
        const struct policy_goods *goods = payment->goods[decision->brings[i]];

        out->lines[i].line = decision->brings[i];
        copy_text(out->lines[i].hs_code, goods->hs_code, MEMORY_CODE_MAX);
        copy_text(out->lines[i].description, goods->description, MEMORY_TEXT_MAX);
    }
}

static int
by_time(const void *a, const void *b)
{
    const struct memory_part *left = a, *right = b;
    int order;

    if (left->at_ms != right->at_ms)
        return left->at_ms < right->at_ms ? 1 : -1;
    order = strcmp(left->uetr, right->uetr);
    return order != 0 ? order : (left->line > right->line) - (left->line < right->line);
}

size_t
memory_parts_sort(struct memory_part *parts, size_t count)
{
    size_t kept = 0;

    qsort(parts, count, sizeof(*parts), by_time);
    for (size_t i = 0; i < count && kept < MEMORY_PARTS_MAX; i++)
        if (kept == 0 || by_time(&parts[kept - 1], &parts[i]) != 0)
            parts[kept++] = parts[i];
    return kept;
}
