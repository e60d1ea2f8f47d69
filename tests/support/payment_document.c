/* payment_document.c - the document, and text replaced in it. */
#include "tests/support/payment_document.h"

#include <string.h>

#include "gateway/base/buffer.h"
#include "gateway/base/json.h"
#include "tests/support/test.h"

const char payment_document[] =
    "{ \"uetr\": \"97ed4827-7b6f-4491-a06f-b548d5a7512d\",\n"
    "  \"end_to_end_id\": \"INV-2024-0417-001\",\n"
    "  \"created_at\": \"2024-04-17T09:30:00+08:00\",\n"
    "  \"amount\": { \"currency\": \"CNY\", \"value\": \"1250000.00\" },\n"
    "  \"rail\": \"CIPS\",\n"
    "  \"charge_bearer\": \"SHAR\",\n"
    "  \"debtor\": { \"name\": \"OOO Sborka Sever\", \"country\": \"RU\",\n"
    "    \"account\": \"40702156900000000123\", \"address\": \"ul. Lesnaya 5\\nTver\",\n"
    "    \"kind\": \"company\", \"incorporated_on\": \"2023-11-02\",\n"
    "    \"identifiers\": { \"inn\": \"7700000001\", \"ogrn\": \"1230000000001\" },\n"
    "    \"owners\": [ { \"name\": \"A. Primer\", \"share\": \"0.6\" },\n"
    "                { \"name\": \"B. Primer\", \"share\": \"0.4\" } ] },\n"
    "  \"debtor_agent\": { \"bic\": \"SVRBRUMM\", \"country\": \"RU\", \"name\": \"Severny "
    "Bank\" },\n"
    "  \"creditor_agent\": { \"bic\": \"HLDBCNBS\", \"country\": \"CN\", \"cnaps\": "
    "\"999100000011\" },\n"
    "  \"creditor\": { \"name\": \"Shenzhen Lanyu Components Co., Ltd.\", \"country\": "
    "\"CN\",\n"
    "    \"account\": \"6222021001122334455\" },\n"
    "  \"purpose\": { \"code\": \"CGODDR\", \"text\": \"goods, contract 17/04-2024\" },\n"
    "  \"goods\": [\n"
    "    { \"hs_code\": \"854231\", \"description\": \"processors\", \"quantity\": 500,\n"
    "      \"value\": \"600000.00\", \"unit\": \"piece\", \"origin\": \"MY\",\n"
    "      \"end_use\": \"assembly\", \"end_user\": \"OOO Zavod Primer\" },\n"
    "    { \"hs_code\": \"8473301000\", \"quantity\": 2.5 },\n"
    "    { \"description\": \"LCD screens\", \"value\": \"0.5\" } ],\n"
    "  \"trade\": { \"contract\": \"17/04-2024\", \"destination_country\": \"KZ\",\n"
    "    \"route\": [\"Manzhouli\", \"Chita\"], \"documents\": [\"contract\", \"invoice\"],\n"
    "    \"vessels\": [ { \"name\": \"MV Primer\", \"imo\": \"9074729\", \"flag\": \"PA\" } ] "
    "},\n"
    "  \"ultimate_debtor\": { \"name\": \"Ivan Primer\", \"country\": \"AM\", \"kind\": "
    "\"person\",\n"
    "    \"born_on\": \"1970-02-28\" },\n"
    "  \"ultimate_creditor\": { \"name\": \"Lanyu Holding\", \"country\": \"HK\" },\n"
    "  \"intermediary_agents\": [ { \"bic\": \"PRMRAEAD\" }, { \"bic\": \"PRMRHKHHXXX\" } ],\n"
    "  \"remittance_information\": \"invoice 17\",\n"
    "  \"simulate\": { \"outcome\": \"held\", \"reason_code\": \"RR04\", \"fault\": \"drop\",\n"
    "    \"duplicate_webhook\": true, \"delay_ms\": 250 } }\n";

const cJSON *
payment_document_edit(struct arena *arena, const char *from, const char *to)
{
    const char *place = strstr(payment_document, from);
    struct error err = {0};
    char *text;
    cJSON *json;

    if (!place)
        fail_msg("not in the document: %s", from);
    text = arena_printf(arena, "%.*s%s%s", (int)(place - payment_document), payment_document,
                        to, place + strlen(from));
    if (json_parse(arena, text, strlen(text), &json, &err) != 0)
        fail_msg("%s -> %s: %s", from, to, err.text);
    return json;
}

const char *
payment_faults_text(const struct payment_faults *faults)
{
    size_t count = faults->count < PAYMENT_FAULTS_MAX ? faults->count : PAYMENT_FAULTS_MAX;
    struct buffer text;

    buffer_init(&text, faults->arena, 256);
    for (size_t i = 0; i < count; i++)
        buffer_printf(&text, "%s: %s\n", faults->list[i].pointer, faults->list[i].detail);
    return buffer_terminate(&text);
}
