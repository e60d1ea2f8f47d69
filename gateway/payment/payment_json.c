/*
 * payment_json.c - what a payment looks like in JSON, as tables.
 *
 * The tables are in the order of the documentation, which is the order most
 * clients send.  A fault never stops the reading; see payment_reader.h.
 *
 * An agent's country that is not given is taken from its BIC: a policy that
 * looks at the country must not be blind to a payer who leaves it out.
 */
#include <string.h>

#include "gateway/payment/money.h"
#include "gateway/payment/payment_forms.h"
#include "gateway/payment/payment_simulate.h"
#include "gateway/payment/payment_values.h"

#define COUNT(table)   (sizeof(table) / sizeof((table)[0]))
#define BIC_COUNTRY_AT 4

static const struct policy_party empty_party = {
    .size = sizeof(struct policy_party),
    .name = "",
    .country = "",
    .account = "",
    .address = "",
    .kind = "",
    .born_on = "",
    .incorporated_on = "",
};

static const struct policy_agent empty_agent = {
    .size = sizeof(struct policy_agent), .bic = "", .name = "", .country = "", .cnaps = ""};

static const struct policy_owner empty_owner = {.size = sizeof(struct policy_owner),
                                                .name = ""};

static const struct policy_goods empty_goods = {
    .size = sizeof(struct policy_goods),
    .hs_code = "",
    .description = "",
    .unit = "",
    .origin = "",
    .end_use = "",
    .end_user = "",
};

static const struct policy_vessel empty_vessel = {
    .size = sizeof(struct policy_vessel), .name = "", .imo = "", .flag = ""};

static const struct policy_payment empty_record = {
    .size = sizeof(struct policy_payment),
    .uetr = "",
    .end_to_end_id = "",
    .currency = "",
    .rail = "",
    .charge_bearer = "",
    .purpose_code = "",
    .purpose_text = "",
    .remittance_information = "",
    .contract = "",
    .destination_country = "",
};

/* --- parties and agents ------------------------------------------------------------------ */

static void
read_identifiers(struct reader *reader, const struct path *path, const cJSON *json,
                 const struct field *field, void *record)
{
    struct policy_party *party = record;

    (void)field;
    party->identifier_count = identifiers_read(reader, path, json, &party->identifiers);
}

static const struct field owner_fields[] = {
    {"name", read_text, offsetof(struct policy_owner, name), .form = &form_text,
     .required = true},
    {"share", read_share, .required = true},
};
static const struct shape owner_shape = {"an owner", owner_fields, COUNT(owner_fields), NULL};
static const struct list_form owners_list = {
    .count_max = PAYMENT_OWNERS_MAX,
    .count_offset = offsetof(struct policy_party, owner_count),
    .shape = &owner_shape,
    .empty = &empty_owner,
    .size = sizeof(empty_owner),
};

static void
finish_party(struct reader *reader, const struct path *path, const cJSON *json, void *record)
{
    const struct policy_party *party = record;
    bool born = party->born_on[0] != '\0', incorporated = party->incorporated_on[0] != '\0';
    uint64_t shares = 0;

    (void)json;
    if (born && strcmp(party->kind, "company") == 0)
        reader_fault(reader, &(struct path){path, "born_on", 0}, "does not go with a company");
    if (incorporated && strcmp(party->kind, "person") == 0)
        reader_fault(reader, &(struct path){path, "incorporated_on", 0},
                     "does not go with a person");
    if (born && incorporated && party->kind[0] == '\0')
        reader_fault(reader, path, "has both born_on and incorporated_on");
    for (uint32_t i = 0; i < party->owner_count; i++)
        shares += party->owners[i]->share_millionths;
    if (shares > PAYMENT_SHARE_WHOLE)
        reader_fault(reader, &(struct path){path, "owners", 0}, "the shares exceed the whole");
}

static const struct field party_fields[] = {
    /* clang-format off */
    { "name",    read_text, offsetof(struct policy_party, name),    .form = &form_text,    .required = true },
    { "country", read_text, offsetof(struct policy_party, country), .form = &form_country, .required = true },
    { "account", read_text, offsetof(struct policy_party, account), .form = &form_account },
    { "address", read_text, offsetof(struct policy_party, address), .form = &form_lines },
    { "kind",    read_text, offsetof(struct policy_party, kind),    .form = &form_kind },
    { "born_on", read_text, offsetof(struct policy_party, born_on), .form = &form_date },
    { "incorporated_on", read_text, offsetof(struct policy_party, incorporated_on), .form = &form_date },
    { "identifiers", read_identifiers, .required = false },
    { "owners",  read_list, offsetof(struct policy_party, owners),  .list = &owners_list },
    /* clang-format on */
};
static const struct shape party_shape = {"a party", party_fields, COUNT(party_fields),
                                         finish_party};

static void
finish_agent(struct reader *reader, const struct path *path, const cJSON *json, void *record)
{
    struct policy_agent *agent = record;

    (void)json;
    if (agent->bic[0] == '\0')
        return;
    if (agent->country[0] == '\0')
        agent->country = arena_copy(reader->faults->arena, agent->bic + BIC_COUNTRY_AT, 2);
    else if (strncmp(agent->bic + BIC_COUNTRY_AT, agent->country, 2) != 0)
        reader_fault(reader, &(struct path){path, "country", 0},
                     "contradicts the country in the BIC, which is %.2s",
                     agent->bic + BIC_COUNTRY_AT);
}

static const struct field agent_fields[] = {
    /* clang-format off */
    { "bic",     read_text, offsetof(struct policy_agent, bic),     .form = &form_bic, .required = true },
    { "country", read_text, offsetof(struct policy_agent, country), .form = &form_country },
    { "name",    read_text, offsetof(struct policy_agent, name),    .form = &form_text },
    { "cnaps",   read_text, offsetof(struct policy_agent, cnaps),   .form = &form_cnaps },
    /* clang-format on */
};
static const struct shape agent_shape = {"an agent", agent_fields, COUNT(agent_fields),
                                         finish_agent};

/* --- goods and trade --------------------------------------------------------------------- */

static void
finish_goods(struct reader *reader, const struct path *path, const cJSON *json, void *record)
{
    const struct policy_goods *goods = record;

    /* A code or description that is there but at fault has been noted as that. */
    if (goods->hs_code[0] == '\0' && goods->description[0] == '\0' &&
        !cJSON_GetObjectItemCaseSensitive(json, "hs_code") &&
        !cJSON_GetObjectItemCaseSensitive(json, "description"))
        reader_fault(reader, path, "needs an hs_code or a description");
}

static const struct field goods_fields[] = {
    /* clang-format off */
    { "hs_code",     read_hs_code,     .form = &form_hs },
    { "description", read_text,        offsetof(struct policy_goods, description), .form = &form_lines },
    { "quantity",    read_quantity,    .required = false },
    { "value",       read_goods_value, .required = false },
    { "unit",        read_text,        offsetof(struct policy_goods, unit),     .form = &form_text },
    { "origin",      read_text,        offsetof(struct policy_goods, origin),   .form = &form_country },
    { "end_use",     read_text,        offsetof(struct policy_goods, end_use),  .form = &form_lines },
    { "end_user",    read_text,        offsetof(struct policy_goods, end_user), .form = &form_text },
    /* clang-format on */
};
static const struct shape goods_shape = {"a goods line", goods_fields, COUNT(goods_fields),
                                         finish_goods};
static const struct list_form goods_list = {
    .count_max = PAYMENT_GOODS_MAX,
    .count_offset = offsetof(struct payment, record.goods_count),
    .shape = &goods_shape,
    .empty = &empty_goods,
    .size = sizeof(empty_goods),
};

static const struct field vessel_fields[] = {
    /* clang-format off */
    { "name", read_text, offsetof(struct policy_vessel, name), .form = &form_text, .required = true },
    { "imo",  read_text, offsetof(struct policy_vessel, imo),  .form = &form_imo },
    { "flag", read_text, offsetof(struct policy_vessel, flag), .form = &form_country },
    /* clang-format on */
};
static const struct shape vessel_shape = {"a vessel", vessel_fields, COUNT(vessel_fields),
                                          NULL};
static const struct list_form vessels_list = {
    .count_max = PAYMENT_VESSELS_MAX,
    .count_offset = offsetof(struct payment, record.vessel_count),
    .shape = &vessel_shape,
    .empty = &empty_vessel,
    .size = sizeof(empty_vessel),
};
static const struct list_form route_list = {
    .count_max = PAYMENT_ROUTE_MAX,
    .count_offset = offsetof(struct payment, record.route_count),
    .form = &form_text,
};
static const struct list_form documents_list = {
    .count_max = PAYMENT_DOCUMENTS_MAX,
    .count_offset = offsetof(struct payment, record.document_count),
    .form = &form_text,
};

static const struct field trade_fields[] = {
    /* clang-format off */
    { "contract",  read_text, offsetof(struct payment, record.contract),  .form = &form_text },
    { "destination_country", read_text, offsetof(struct payment, record.destination_country), .form = &form_country },
    { "route",     read_list, offsetof(struct payment, record.route),     .list = &route_list },
    { "documents", read_list, offsetof(struct payment, record.documents), .list = &documents_list },
    { "vessels",   read_list, offsetof(struct payment, record.vessels),   .list = &vessels_list },
    /* clang-format on */
};
static const struct shape trade_shape = {"trade", trade_fields, COUNT(trade_fields), NULL};

/* --- the payment ------------------------------------------------------------------------- */

static const struct field amount_fields[] = {
    /* clang-format off */
    { "currency", read_text, offsetof(struct payment, record.currency), .form = &form_currency, .required = true },
    { "value",    read_amount_value, .required = true },
    /* clang-format on */
};
static const struct shape amount_shape = {"an amount", amount_fields, COUNT(amount_fields),
                                          NULL};

static const struct field purpose_fields[] = {
    /* clang-format off */
    { "code", read_text, offsetof(struct payment, record.purpose_code), .form = &form_purpose_code },
    { "text", read_text, offsetof(struct payment, record.purpose_text), .form = &form_lines },
    /* clang-format on */
};
static const struct shape purpose_shape = {"a purpose", purpose_fields, COUNT(purpose_fields),
                                           NULL};

static void
read_simulate(struct reader *reader, const struct path *path, const cJSON *json,
              const struct field *field, void *record)
{
    struct payment *payment = record;

    payment->simulate.present = true;
    read_shape(reader, path, json, field->shape, &payment->simulate);
}

static const struct list_form intermediaries_list = {
    .count_max = PAYMENT_INTERMEDIARY_AGENTS_MAX,
    .count_offset = offsetof(struct payment, record.intermediary_agent_count),
    .shape = &agent_shape,
    .empty = &empty_agent,
    .size = sizeof(empty_agent),
};

static const struct field payment_fields[] = {
    /* clang-format off */
    { "uetr",           read_uetr, .required = true },
    { "end_to_end_id",  read_text, offsetof(struct payment, record.end_to_end_id), .form = &form_id, .required = true },
    { "created_at",     read_created_at, .required = false },
    { "amount",         read_object, .shape = &amount_shape, .required = true },
    { "rail",           read_text,   offsetof(struct payment, record.rail), .form = &form_rail },
    { "charge_bearer",  read_text,   offsetof(struct payment, record.charge_bearer), .form = &form_charge_bearer },
    { "debtor",         read_object, offsetof(struct payment, debtor), .shape = &party_shape, .required = true },
    { "debtor_agent",   read_object, offsetof(struct payment, debtor_agent), .shape = &agent_shape, .required = true },
    { "creditor_agent", read_object, offsetof(struct payment, creditor_agent), .shape = &agent_shape, .required = true },
    { "creditor",       read_object, offsetof(struct payment, creditor), .shape = &party_shape, .required = true },
    { "purpose",        read_object, .shape = &purpose_shape },
    { "goods",          read_list,   offsetof(struct payment, record.goods), .list = &goods_list },
    { "trade",          read_object, .shape = &trade_shape },
    { "ultimate_debtor",   read_object, offsetof(struct payment, ultimate_debtor), .shape = &party_shape },
    { "ultimate_creditor", read_object, offsetof(struct payment, ultimate_creditor), .shape = &party_shape },
    { "intermediary_agents", read_list, offsetof(struct payment, record.intermediary_agents), .list = &intermediaries_list },
    { "remittance_information", read_text, offsetof(struct payment, record.remittance_information), .form = &form_lines },
    { "simulate",       read_simulate, .shape = &simulate_shape },
    /* clang-format on */
};
static const struct shape payment_shape = {"a payment", payment_fields, COUNT(payment_fields),
                                           NULL};

/* The currency that the amounts of goods are in, wherever it stands; "" if it is at fault. */
static const char *
payment_currency(const cJSON *json)
{
    const cJSON *amount = cJSON_GetObjectItemCaseSensitive(json, "amount");
    const cJSON *currency = cJSON_GetObjectItemCaseSensitive(amount, "currency");

    return cJSON_IsString(currency) && currency_decimals(currency->valuestring) >= 0
               ? currency->valuestring
               : "";
}

/* P2: nothing given yet, and no string NULL. */
static void
payment_empty(struct payment *payment)
{
    *payment = (struct payment){
        .record = empty_record,
        .debtor = empty_party,
        .ultimate_debtor = empty_party,
        .creditor = empty_party,
        .ultimate_creditor = empty_party,
        .debtor_agent = empty_agent,
        .creditor_agent = empty_agent,
        .amount_value = "",
        .simulate = simulate_empty,
    };
    payment->record.debtor = &payment->debtor;
    payment->record.ultimate_debtor = &payment->ultimate_debtor;
    payment->record.debtor_agent = &payment->debtor_agent;
    payment->record.creditor_agent = &payment->creditor_agent;
    payment->record.creditor = &payment->creditor;
    payment->record.ultimate_creditor = &payment->ultimate_creditor;
}

int
payment_read(const cJSON *json, struct payment *out, struct payment_faults *faults)
{
    struct reader reader = {.faults = faults, .currency = payment_currency(json)};

    faults->count = 0;
    payment_empty(out);
    read_shape(&reader, NULL, json, &payment_shape, out);
    return faults->count == 0 ? 0 : -1;
}
