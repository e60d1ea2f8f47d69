/*
 * The digest of a payment: blind to how the JSON was laid out, and to nothing
 * else.  Each edit below changes one field of the document that has them all.
 */
#include <string.h>

#include "gateway/base/buffer.h"
#include "gateway/base/json.h"
#include "gateway/payment/payment.h"
#include "tests/support/payment_document.h"
#include "tests/support/test.h"

static struct arena arena;

struct edit {
    const char *from;
    const char *to;
};

struct digest {
    uint8_t bytes[SHA256_BYTES];
};

static int
teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static struct digest
digest_of(const cJSON *json)
{
    struct payment_faults faults = {.arena = &arena};
    struct payment payment;
    struct digest digest;

    if (payment_read(json, &payment, &faults) != 0)
        fail_msg("%s", payment_faults_text(&faults));
    payment_digest(&payment, digest.bytes);
    return digest;
}

static bool
same(struct digest a, struct digest b)
{
    return memcmp(a.bytes, b.bytes, SHA256_BYTES) == 0;
}

static struct digest
digest_unedited(void)
{
    return digest_of(payment_document_edit(&arena, "", ""));
}

/* One row a field, in the order of payment.h and policy_plugin.h. */
static const struct edit changes[] = {
    /* clang-format off */
    { "97ed4827", "97ed4828" }, { "INV-2024-0417-001", "INV-2024-0417-002" }, { "09:30:00+", "09:30:01+" },
    { "  \"created_at\": \"2024-04-17T09:30:00+08:00\",\n", "" },
    { "1250000.00", "1250000.01" }, { "\"CNY\"", "\"HKD\"" }, { "\"CIPS\"", "\"SPFS\"" }, { "  \"rail\": \"CIPS\",\n", "" },
    { "\"SHAR\"", "\"DEBT\"" },
    { "OOO Sborka Sever", "OOO Sborka Yug" }, { "\"country\": \"RU\",\n", "\"country\": \"BY\",\n" },
    { "40702156900000000123", "40702156900000000124" }, { "ul. Lesnaya 5", "ul. Lesnaya 6" },
    { "\"kind\": \"company\", ", "" }, { "2023-11-02", "2023-11-03" },
    { "\"kind\": \"company\", \"incorporated_on\"", "\"born_on\"" },
    { "7700000001", "7700000002" }, { "\"inn\": \"7700000001\"", "\"tax_id\": \"7700000001\"" }, { "\"inn\": \"7700000001\", ", "" },
    { "A. Primer", "C. Primer" }, { "\"0.6\"", "\"0.599999\"" }, { ",\n                { \"name\": \"B. Primer\", \"share\": \"0.4\" }", "" },
    { "SVRBRUMM", "SVRBRUM2" }, { "Severny Bank", "Yuzhny Bank" }, { "HLDBCNBS", "HLDBCNBSXXX" }, { "999100000011", "910290000010" },
    { "Lanyu Components", "Hongyu Components" }, { "6222021001122334455", "6222021001122334456" },
    { "CGODDR", "CSTRDR" }, { "goods, contract", "Goods, contract" },
    { "854231", "854232" }, { "854231", "85423100" }, { "processors", "processor" }, { "500,", "501," }, { "600000.00", "600000.01" },
    { "\"piece\"", "\"kg\"" }, { "\"MY\"", "\"VN\"" }, { "assembly", "repair" }, { "OOO Zavod Primer", "OOO Zavod" },
    { "\"quantity\": 2.5", "\"quantity\": 2.25" }, { ",\n    { \"description\": \"LCD screens\", \"value\": \"0.5\" }", "" },
    { "17/04-2024\", \"destination", "18/04-2024\", \"destination" }, { "\"KZ\"", "\"KG\"" },
    { "\"Manzhouli\", \"Chita\"", "\"Chita\", \"Manzhouli\"" }, { ", \"Chita\"", "" },
    { "[\"Manzhouli\", \"Chita\"], \"documents\": [\"contract\", \"invoice\"]", "[\"Manzhouli\"], \"documents\": [\"Chita\", \"contract\", \"invoice\"]" },
    { "\"invoice\"]", "\"waybill\"]" }, { "MV Primer", "MV Vtoroy" }, { "9074729", "1234567" }, { "\"PA\"", "\"LR\"" },
    { "Ivan Primer", "Pyotr Primer" }, { "\"AM\"", "\"GE\"" }, { "1970-02-28", "1970-02-27" },
    { "Lanyu Holding", "Lanyu Group" }, { "\"HK\"", "\"MO\"" }, { "PRMRAEAD", "PRMRAEAA" }, { ", { \"bic\": \"PRMRHKHHXXX\" }", "" },
    { "invoice 17", "invoice 18" },
    { "\"outcome\": \"held\", ", "" }, { "\"RR04\"", "\"MS03\"" }, { "\"drop\"", "\"unavailable\"" }, { "250 }", "251 }" },
    { "{ \"outcome\": \"held\", \"reason_code\": \"RR04\", \"fault\": \"drop\",\n    \"duplicate_webhook\": true, \"delay_ms\": 250 }", "{}" },
    { "true, \"delay", "false, \"delay" },
    { "\"outcome\": \"held\"", "\"action\": \"hold\"" }, { "\"outcome\": \"held\"", "\"action\": \"request_information\"" },
    { "\"outcome\": \"held\"", "\"hold\": {\"for\": \"P35D\", \"then\": \"return\"}" }, { "\"outcome\": \"held\"", "\"hold\": {\"for\": \"P36D\", \"then\": \"return\"}" },
    { "\"outcome\": \"held\"", "\"hold\": {\"for\": \"P35D\", \"then\": \"reject\"}" },
    { "\"drop\"", "\"unavailable\", \"for\": \"PT30S\"" }, { "\"drop\"", "\"unavailable\", \"for\": \"PT31S\"" }, { "\"drop\"", "\"reset\"" },
    { "250 }", "{\"least\": 1, \"likely\": 2, \"most\": 9} }" }, { "250 }", "{\"least\": 1, \"likely\": 3, \"most\": 9} }" },
    { "250 }", "{\"least\": 0, \"likely\": 2, \"most\": 9} }" }, { "250 }", "{\"least\": 1, \"likely\": 2, \"most\": 250} }" },
    { "250 }", "{\"median\": 9, \"p99\": 90} }" }, { "250 }", "{\"median\": 9, \"p99\": 91} }" }, { "250 }", "{\"median\": 8, \"p99\": 90} }" },
    /* the same words in another field */
    { "\"ultimate_creditor\": { \"name\": \"Lanyu Holding\", \"country\": \"HK\" },\n", "" },
    { "\"unit\": \"piece\", \"origin\": \"MY\",\n      \"end_use\": \"assembly\"", "\"end_use\": \"piece\", \"origin\": \"MY\",\n      \"unit\": \"assembly\"" },
    { "\"contract\": \"17/04-2024\", ", "" },
    /* clang-format on */
};

static void
a_change_in_any_field_changes_the_digest(void **state)
{
    struct digest seen[COUNT(changes) + 1];

    (void)state;
    seen[0] = digest_unedited();
    for (size_t i = 0; i < COUNT(changes); i++) {
        seen[i + 1] = digest_of(payment_document_edit(&arena, changes[i].from, changes[i].to));
        for (size_t k = 0; k <= i; k++)
            if (same(seen[i + 1], seen[k]))
                fail_msg("%s -> %s has the digest of %zu", changes[i].from, changes[i].to, k);
    }
}

static const struct edit layouts[] = {
    /* clang-format off */
    { "\"rail\": \"CIPS\",\n  \"charge_bearer\": \"SHAR\"", "\"charge_bearer\"  :\t\"SHAR\" ,\r\n\"rail\":\"CIPS\"" },
    { "\"inn\": \"7700000001\", \"ogrn\": \"1230000000001\"", "\"ogrn\": \"1230000000001\", \"inn\": \"7700000001\"" },
    { "97ed4827-7b6f", "97ED4827-7B6F" },
    { "OOO Sborka", "\\u004f\\u004fO Sborka" }, { "17/04-2024", "17\\/04-2024" },
    { "1250000.00", "1250000" }, { "1250000.00", "1250000.0" }, { "\"0.5\"", "\"0.50\"" }, { "600000.00", "600000" },
    { "\"0.6\"", "\"0.600\"" }, { "500,", "5e2," }, { "500,", "500.0," }, { "250 }", "2.5E+2 }" }, { "250 }", "{\"most\": 250, \"likely\": 250, \"least\": 250} }" },
    { "2024-04-17T09:30:00+08:00", "2024-04-17T01:30:00Z" }, { "2024-04-17T09:30:00+08:00", "2024-04-17T09:30:00.000+08:00" },
    { "\"SVRBRUMM\", \"country\": \"RU\"", "\"SVRBRUMM\"" }, /* the BIC's own */
    /* clang-format on */
};

static void
how_the_json_is_laid_out_does_not_matter(void **state)
{
    struct digest original = digest_unedited();

    (void)state;
    for (size_t i = 0; i < COUNT(layouts); i++)
        if (!same(digest_of(payment_document_edit(&arena, layouts[i].from, layouts[i].to)),
                  original))
            fail_msg("%s -> %s", layouts[i].from, layouts[i].to);
}

/* Ten names of a thousand letters, one of them changed: it takes several blocks to hash. */
static const cJSON *
long_document(int changed)
{
    char name[PAYMENT_STRING_MAX];
    struct buffer route;

    memset(name, 'x', sizeof(name));
    buffer_init(&route, &arena, 16384);
    for (int i = 0; i < 10; i++) {
        name[500] = i == changed ? 'y' : 'x';
        buffer_printf(&route, "%s\"%.*s\"", i ? "," : "", (int)sizeof(name), name);
    }
    return payment_document_edit(&arena, "\"Manzhouli\"", buffer_terminate(&route));
}

static void
every_block_of_a_long_payment_counts(void **state)
{
    struct digest seen[10];

    (void)state;
    for (int i = 0; i < 10; i++) {
        seen[i] = digest_of(long_document(i));
        assert_true(same(seen[i], digest_of(long_document(i))));
        for (int k = 0; k < i; k++)
            assert_false(same(seen[i], seen[k]));
    }
}

/* Around the size of a block, where the last block is full, empty or nearly so. */
static void
every_length_has_its_own_digest(void **state)
{
    char name[PAYMENT_STRING_MAX];
    struct digest last = digest_unedited();

    (void)state;
    memset(name, 'x', sizeof(name));
    for (int length = 1; length <= PAYMENT_STRING_MAX; length++) {
        struct digest digest = digest_of(payment_document_edit(
            &arena, "\"Manzhouli\"",
            arena_printf(&arena, "\"%.1000s\",\"%.1000s\",\"%.1000s\",\"%.*s\"", name, name,
                         name, length, name)));

        assert_false(same(digest, last));
        last = digest;
        arena_reset(&arena);
    }
}

/*
 * Digests are stored.  If this changes, what a store holds no longer matches.  Members that
 * came later are left out: they must not change what was stored before them.
 */
static void
the_digest_of_the_document_is_what_it_was(void **state)
{
    char hex[SHA256_HEX_SIZE];
    struct digest digest =
        digest_of(payment_document_edit(&arena, "\"duplicate_webhook\": true, ", ""));

    (void)state;
    hash_hex(digest.bytes, sizeof(digest.bytes), hex);
    assert_string_equal(hex,
                        "3be092ba902087ddfdd1c079003468e03d06ca2f1a40430a66be5d91a12ca4c2");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_change_in_any_field_changes_the_digest),
        cmocka_unit_test(how_the_json_is_laid_out_does_not_matter),
        cmocka_unit_test(every_block_of_a_long_payment_counts),
        cmocka_unit_test(every_length_has_its_own_digest),
        cmocka_unit_test(the_digest_of_the_document_is_what_it_was),
    };

    return cmocka_run_group_tests_name("payment_digest", tests, NULL, teardown);
}
