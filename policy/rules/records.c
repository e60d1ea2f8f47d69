/*
 * records.c - the tables of fields, and the one switch that reads them.
 *
 * R3 of policy_plugin.h says that no string is NULL; a NULL reads as "" here
 * all the same, and a struct that is missing as one that is all zeros, so that
 * a careless host costs a rule its match and not the bank its process.
 */
#include "policy/rules/records.h"

#include <assert.h>

#include "policy/rules/cel/check.h"
#include "policy/rules/record_values.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* The most that a list can hold.  gateway/payment/payment.h sets the same limits. */
#define GOODS_MAX               200
#define OWNERS_MAX              50
#define INTERMEDIARY_AGENTS_MAX 3
#define ROUTE_MAX               20
#define DOCUMENTS_MAX           50
#define VESSELS_MAX             20
#define IDENTIFIERS_MAX         12 /* schemes that gateway/payment/payment_json.c knows */
#define KITS_MAX                32 /* policy/goods/goods.h, as the next */
#define KIT_PARTS_MAX           32
#define TABLE_NAME_MAX          100 /* characters of a role, a kit, a class: our own tables' */
#define HITS_MAX                200

/* --- types ------------------------------------------------------------------------------- */

/* clang-format off */
#define RECORD_TYPE(id) [id] = {.kind = CEL_RECORD, .record = (id)}
const struct cel_type cel_record_types[CEL_REC_COUNT] = {
    RECORD_TYPE(CEL_REC_PAYMENT), RECORD_TYPE(CEL_REC_AMOUNT),  RECORD_TYPE(CEL_REC_PURPOSE),
    RECORD_TYPE(CEL_REC_TRADE),   RECORD_TYPE(CEL_REC_PARTY),   RECORD_TYPE(CEL_REC_OWNER),
    RECORD_TYPE(CEL_REC_AGENT),   RECORD_TYPE(CEL_REC_GOODS),   RECORD_TYPE(CEL_REC_VESSEL),
    RECORD_TYPE(CEL_REC_KIT),     RECORD_TYPE(CEL_REC_HIT),     RECORD_TYPE(CEL_REC_BANK),
    RECORD_TYPE(CEL_REC_HISTORY), RECORD_TYPE(CEL_REC_WINDOW),
};

#define LIST_OF(id) [id] = {.kind = CEL_LIST, .element = &cel_record_types[id]}
static const struct cel_type lists[CEL_REC_COUNT] = {
    LIST_OF(CEL_REC_OWNER), LIST_OF(CEL_REC_AGENT), LIST_OF(CEL_REC_GOODS),
    LIST_OF(CEL_REC_VESSEL), LIST_OF(CEL_REC_KIT), LIST_OF(CEL_REC_HIT),
};
/* clang-format on */

static const struct cel_type texts = {.kind = CEL_LIST, .element = &cel_types[CEL_STRING]};
static const struct cel_type ints = {.kind = CEL_LIST, .element = &cel_types[CEL_INT]};
static const struct cel_type text_map = {
    .kind = CEL_MAP, .key = &cel_types[CEL_STRING], .element = &cel_types[CEL_STRING]};

/* --- fields ------------------------------------------------------------------------------ */

/* clang-format off */
#define TEXT(s, member)   CEL_FIELD_TEXT,   .offset = offsetof(s, member), .type = &cel_types[CEL_STRING]
#define CODE(s, member, most) TEXT(s, member), .items_max = (most)
#define INT64(s, member)  CEL_FIELD_INT64,  .offset = offsetof(s, member), .type = &cel_types[CEL_INT]
#define UINT32(s, member) CEL_FIELD_UINT32, .offset = offsetof(s, member), .type = &cel_types[CEL_INT]
#define DOUBLE(s, member) CEL_FIELD_DOUBLE, .offset = offsetof(s, member), .type = &cel_types[CEL_DOUBLE]
#define TIME(s, member)   CEL_FIELD_TIME,   .offset = offsetof(s, member), .type = &cel_types[CEL_TIMESTAMP]

#define RECORD(s, member, id) CEL_FIELD_RECORD, .offset = offsetof(s, member), \
                              .record = (id), .type = &cel_record_types[id]
#define PART(at, id)          CEL_FIELD_SAME, .offset = (at), \
                              .record = (id), .type = &cel_record_types[id]
#define TEXTS(s, member, count, most) CEL_FIELD_TEXTS, .offset = offsetof(s, member), \
                              .count_offset = offsetof(s, count), .items_max = (most), .type = &texts
#define RECORDS(s, member, count, most, id) CEL_FIELD_RECORDS, .offset = offsetof(s, member), \
                              .count_offset = offsetof(s, count), .items_max = (most), \
                              .record = (id), .type = &lists[id]
#define GET(getter, of)       CEL_FIELD_GET, .get = getter, .type = (of)

#define LINE .via = 1 + offsetof(struct cel_goods, line)
#define FACT .via = 1 + offsetof(struct cel_goods, fact)

static const struct cel_field payment_fields[] = {
    { "uetr",                   CODE(struct policy_payment, uetr, 36) },
    { "end_to_end_id",          TEXT(struct policy_payment, end_to_end_id) },
    { "created_at",             TIME(struct policy_payment, created_at_ms) },
    { "amount",                 PART(0, CEL_REC_AMOUNT) },
    { "rail",                   CODE(struct policy_payment, rail, 5) },
    { "charge_bearer",          CODE(struct policy_payment, charge_bearer, 4) },
    { "debtor",                 RECORD(struct policy_payment, debtor, CEL_REC_PARTY) },
    { "ultimate_debtor",        RECORD(struct policy_payment, ultimate_debtor, CEL_REC_PARTY) },
    { "debtor_agent",           RECORD(struct policy_payment, debtor_agent, CEL_REC_AGENT) },
    { "intermediary_agents",    RECORDS(struct policy_payment, intermediary_agents, intermediary_agent_count,
                                        INTERMEDIARY_AGENTS_MAX, CEL_REC_AGENT) },
    { "creditor_agent",         RECORD(struct policy_payment, creditor_agent, CEL_REC_AGENT) },
    { "creditor",               RECORD(struct policy_payment, creditor, CEL_REC_PARTY) },
    { "ultimate_creditor",      RECORD(struct policy_payment, ultimate_creditor, CEL_REC_PARTY) },
    { "purpose",                PART(0, CEL_REC_PURPOSE) },
    { "remittance_information", TEXT(struct policy_payment, remittance_information) },
    { "goods",                  GET(cel_payment_goods, &lists[CEL_REC_GOODS]), .items_max = GOODS_MAX },
    { "trade",                  PART(0, CEL_REC_TRADE) },
};

static const struct cel_field amount_fields[] = {
    { "currency", CODE(struct policy_payment, currency, 3) },
    { "value",    GET(cel_payment_value, &cel_types[CEL_STRING]) },
    { "minor",    INT64(struct policy_payment, amount_minor), .pointer = "value" },
};

static const struct cel_field purpose_fields[] = {
    { "code", TEXT(struct policy_payment, purpose_code) },
    { "text", TEXT(struct policy_payment, purpose_text) },
};

static const struct cel_field trade_fields[] = {
    { "contract",            TEXT(struct policy_payment, contract) },
    { "destination_country", CODE(struct policy_payment, destination_country, 2) },
    { "route",     TEXTS(struct policy_payment, route, route_count, ROUTE_MAX) },
    { "documents", TEXTS(struct policy_payment, documents, document_count, DOCUMENTS_MAX) },
    { "vessels",   RECORDS(struct policy_payment, vessels, vessel_count, VESSELS_MAX, CEL_REC_VESSEL) },
};

static const struct cel_field party_fields[] = {
    { "name",            TEXT(struct policy_party, name) },
    { "country",         CODE(struct policy_party, country, 2) },
    { "account",         TEXT(struct policy_party, account) },
    { "address",         TEXT(struct policy_party, address) },
    { "kind",            CODE(struct policy_party, kind, 7) },
    { "born_on",         CODE(struct policy_party, born_on, 10) },
    { "incorporated_on", CODE(struct policy_party, incorporated_on, 10) },
    { "identifiers",     GET(cel_party_identifiers, &text_map), .items_max = IDENTIFIERS_MAX },
    { "owners",          RECORDS(struct policy_party, owners, owner_count, OWNERS_MAX, CEL_REC_OWNER) },
};

static const struct cel_field owner_fields[] = {
    { "name",  TEXT(struct policy_owner, name) },
    { "share", GET(cel_owner_share, &cel_types[CEL_DOUBLE]) },
};

static const struct cel_field agent_fields[] = {
    { "bic",     CODE(struct policy_agent, bic, 11) },
    { "name",    TEXT(struct policy_agent, name) },
    { "country", CODE(struct policy_agent, country, 2) },
    { "cnaps",   CODE(struct policy_agent, cnaps, 12) },
};

static const struct cel_field goods_fields[] = {
    { "hs_code",     CODE(struct policy_goods, hs_code, 10),      LINE },
    { "description", TEXT(struct policy_goods, description),  LINE },
    { "quantity",    DOUBLE(struct policy_goods, quantity),   LINE },
    { "unit",        TEXT(struct policy_goods, unit),         LINE },
    { "origin",      CODE(struct policy_goods, origin, 2),       LINE },
    { "end_use",     TEXT(struct policy_goods, end_use),      LINE },
    { "end_user",    TEXT(struct policy_goods, end_user),     LINE },
    { "value",       GET(cel_goods_value, &cel_types[CEL_STRING]) },
    { "value_minor", INT64(struct policy_goods, value_minor), LINE, .pointer = "value" },
    { "hs6",         UINT32(struct policy_goods, hs6),        LINE, .pointer = "hs_code" },
    { "chapter",     GET(cel_goods_chapter, &cel_types[CEL_INT]), .pointer = "hs_code" },
    { "tier",        CODE(struct policy_goods_fact, tier, TABLE_NAME_MAX),    FACT },
    { "group",       CODE(struct policy_goods_fact, group, TABLE_NAME_MAX),   FACT },
    { "role",        CODE(struct policy_goods_fact, role, TABLE_NAME_MAX),    FACT },
};

static const struct cel_field vessel_fields[] = {
    { "name", TEXT(struct policy_vessel, name) },
    { "imo",  CODE(struct policy_vessel, imo, 7) },
    { "flag", CODE(struct policy_vessel, flag, 2) },
};

static const struct cel_field kit_fields[] = {
    { "kit",      CODE(struct policy_kit, kit, TABLE_NAME_MAX) },
    { "title",    TEXT(struct policy_kit, title) },
    { "coverage", DOUBLE(struct policy_kit, coverage) },
    { "parts",    TEXTS(struct policy_kit, parts, part_count, KIT_PARTS_MAX) },
    { "missing",  TEXTS(struct policy_kit, missing, missing_count, KIT_PARTS_MAX) },
    { "lines",    GET(cel_kit_lines, &ints), .items_max = KIT_PARTS_MAX },
    { "across_payments", GET(cel_kit_across, &cel_types[CEL_INT]) },
};

static const struct cel_field hit_fields[] = {
    { "list",    TEXT(struct policy_hit, list) },
    { "entry",   TEXT(struct policy_hit, entry) },
    { "field",   TEXT(struct policy_hit, field) },
    { "query",   TEXT(struct policy_hit, query) },
    { "matched", TEXT(struct policy_hit, matched) },
    { "score",   DOUBLE(struct policy_hit, score) },
};

static const struct cel_field bank_fields[] = {
    { "bic",   CODE(struct policy_bank, bic, 11) },
    { "name",  TEXT(struct policy_bank, name) },
    { "class", CODE(struct policy_bank, bank_class, TABLE_NAME_MAX) },
};

#define WINDOW(by_whom) PART(offsetof(struct cel_history, by[by_whom]), CEL_REC_WINDOW)
static const struct cel_field history_fields[] = {
    { "debtor",   WINDOW(POLICY_HISTORY_DEBTOR) },
    { "creditor", WINDOW(POLICY_HISTORY_CREDITOR) },
    { "end_user", WINDOW(POLICY_HISTORY_END_USER) },
    { "contract", WINDOW(POLICY_HISTORY_CONTRACT) },
    { "refused",  WINDOW(POLICY_HISTORY_REFUSED) },
};

static const struct cel_field window_fields[] = {
    { "last_at", GET(cel_window_last, &cel_types[CEL_TIMESTAMP]) },
};
/* clang-format on */

/* --- records ----------------------------------------------------------------------------- */

static bool
given(const char *text)
{
    return text && text[0] != '\0';
}

static bool
purpose_present(const void *record)
{
    const struct policy_payment *payment = record;

    return given(payment->purpose_code) || given(payment->purpose_text);
}

static bool
trade_present(const void *record)
{
    const struct policy_payment *payment = record;

    return given(payment->contract) || given(payment->destination_country) ||
           payment->route_count > 0 || payment->document_count > 0 || payment->vessel_count > 0;
}

static bool
party_present(const void *record)
{
    return given(((const struct policy_party *)record)->name);
}

static bool
agent_present(const void *record)
{
    return given(((const struct policy_agent *)record)->bic);
}

/* clang-format off */
const struct cel_record cel_records[CEL_REC_COUNT] = {
    [CEL_REC_PAYMENT] = {"payment",    payment_fields, COUNT(payment_fields), NULL},
    [CEL_REC_AMOUNT]  = {"amount",     amount_fields,  COUNT(amount_fields),  NULL},
    [CEL_REC_PURPOSE] = {"purpose",    purpose_fields, COUNT(purpose_fields), purpose_present},
    [CEL_REC_TRADE]   = {"trade",      trade_fields,   COUNT(trade_fields),   trade_present},
    [CEL_REC_PARTY]   = {"party",      party_fields,   COUNT(party_fields),   party_present},
    [CEL_REC_OWNER]   = {"owner",      owner_fields,   COUNT(owner_fields),   NULL},
    [CEL_REC_AGENT]   = {"agent",      agent_fields,   COUNT(agent_fields),   agent_present},
    [CEL_REC_GOODS]   = {"goods line", goods_fields,   COUNT(goods_fields),   NULL},
    [CEL_REC_VESSEL]  = {"vessel",     vessel_fields,  COUNT(vessel_fields),  NULL},
    [CEL_REC_KIT]     = {"kit",        kit_fields,     COUNT(kit_fields),     NULL},
    [CEL_REC_HIT]     = {"hit",        hit_fields,     COUNT(hit_fields),     NULL},
    [CEL_REC_BANK]    = {"bank",       bank_fields,    COUNT(bank_fields),    NULL},
    [CEL_REC_HISTORY] = {"history",    history_fields, COUNT(history_fields), NULL},
    [CEL_REC_WINDOW]  = {"window of history", window_fields, COUNT(window_fields), NULL},
};
/* clang-format on */

const struct cel_field *
cel_record_field(enum cel_record_id record, const char *name)
{
    const struct cel_record *of = &cel_records[record];

    for (size_t i = 0; i < of->field_count; i++)
        if (strcmp(of->fields[i].name, name) == 0)
            return &of->fields[i];
    return NULL;
}

/* --- reading ----------------------------------------------------------------------------- */

/* Stands for a struct that the host did not give. */
static const union {
    struct policy_party party;
    struct policy_agent agent;
    struct policy_bank bank;
    struct policy_goods goods;
    struct policy_goods_fact fact;
} nothing;

/* Through memcpy: to the compiler, pointers to different structs are different things. */
static inline const void *
pointer_at(const char *at)
{
    const void *pointer;

    memcpy(&pointer, at, sizeof(pointer));
    return pointer;
}

static inline double
double_at(const char *at)
{
    double d;

    memcpy(&d, at, sizeof(d));
    return d;
}

static inline const void *
struct_at(const char *at)
{
    const void *pointer = pointer_at(at);

    return pointer ? pointer : &nothing;
}

/* The struct that has the field. */
static inline const char *
field_owner(const struct cel_field *field, const void *record)
{
    return field->via ? struct_at((const char *)record + field->via - 1) : record;
}

static inline struct cel_value
text_value(const char *text)
{
    return text ? cel_text(text) : cel_string("", 0);
}

static struct cel_value
texts_value(struct cel_run *run, const char *const *from, uint32_t count)
{
    struct cel_value *items;

    if (count == 0)
        return cel_list(NULL, 0);
    items = cel_alloc(run, count * sizeof(*items));
    if (!items)
        return cel_out_of_memory();
    for (uint32_t i = 0; i < count; i++)
        items[i] = text_value(from[i]);
    return cel_list(items, count);
}

struct cel_value
cel_field_get(struct cel_run *run, const struct cel_field *field, const void *record)
{
    const char *owner = field_owner(field, record);
    const char *at = owner + field->offset;

    switch (field->how) {
    case CEL_FIELD_TEXT:
        return text_value(pointer_at(at));
    case CEL_FIELD_INT64:
        return cel_int(*(const int64_t *)at);
    case CEL_FIELD_UINT32:
        return cel_int(*(const uint32_t *)at);
    case CEL_FIELD_DOUBLE:
        return cel_double(double_at(at));
    case CEL_FIELD_TIME:
        return cel_timestamp_ms(*(const int64_t *)at);
    case CEL_FIELD_RECORD:
        return cel_record_value(field->record, struct_at(at));
    case CEL_FIELD_SAME:
        return cel_record_value(field->record, at);
    case CEL_FIELD_TEXTS:
        return texts_value(run, pointer_at(at),
                           *(const uint32_t *)(owner + field->count_offset));
    case CEL_FIELD_RECORDS:
        return cel_records_list(run, field->record, pointer_at(at),
                                *(const uint32_t *)(owner + field->count_offset));
    case CEL_FIELD_GET:
        return field->get(run, record);
    }
    assert(!"a field is read in one of the ways above");
    return cel_null();
}

static bool
is_default(struct cel_value value)
{
    switch (value.kind) {
    case CEL_INT:
        return value.i == 0;
    case CEL_DOUBLE:
        return value.d == 0;
    case CEL_TIMESTAMP:
        return value.i == 0 && value.size == 0;
    default: /* strings, lists and maps */
        return value.size == 0;
    }
}

static bool
is_present(uint8_t record, const void *of)
{
    return !cel_records[record].present || cel_records[record].present(of);
}

struct cel_value
cel_field_has(struct cel_run *run, const struct cel_field *field, const void *record)
{
    const char *owner = field_owner(field, record);
    const char *at = owner + field->offset;
    struct cel_value value;

    switch (field->how) {
    case CEL_FIELD_TEXT:
        return cel_bool(given(pointer_at(at)));
    case CEL_FIELD_RECORD:
        return cel_bool(is_present(field->record, struct_at(at)));
    case CEL_FIELD_SAME:
        return cel_bool(is_present(field->record, at));
    case CEL_FIELD_TEXTS:
    case CEL_FIELD_RECORDS:
        return cel_bool(*(const uint32_t *)(owner + field->count_offset) > 0);
    default:
        value = cel_field_get(run, field, record);
        return value.kind == CEL_ERROR ? value : cel_bool(!is_default(value));
    }
}

/* --- variables --------------------------------------------------------------------------- */

const char *const cel_variable_names[CEL_VAR_COUNT] = {
    [CEL_VAR_PAYMENT] = "payment", [CEL_VAR_GOODS] = "goods",     [CEL_VAR_KITS] = "kits",
    [CEL_VAR_HITS] = "hits",       [CEL_VAR_HISTORY] = "history", [CEL_VAR_BANK] = "bank",
    [CEL_VAR_NOW] = "now",         [CEL_VAR_PARAMS] = "params",
};

static const struct variable {
    const struct cel_type *type;
    uint32_t items_max;
} variables[CEL_VAR_COUNT] = {
    [CEL_VAR_PAYMENT] = {&cel_record_types[CEL_REC_PAYMENT], 0},
    [CEL_VAR_GOODS] = {&lists[CEL_REC_GOODS], GOODS_MAX},
    [CEL_VAR_KITS] = {&lists[CEL_REC_KIT], KITS_MAX},
    [CEL_VAR_HITS] = {&lists[CEL_REC_HIT], HITS_MAX},
    [CEL_VAR_HISTORY] = {&cel_record_types[CEL_REC_HISTORY], 0},
    [CEL_VAR_BANK] = {&cel_record_types[CEL_REC_BANK], 0},
    [CEL_VAR_NOW] = {&cel_types[CEL_TIMESTAMP], 0},
    [CEL_VAR_PARAMS] = {&cel_types[CEL_MAP], 0},
};

const struct cel_type *
cel_variable_type(enum cel_variable_id id)
{
    return variables[id].type;
}

uint32_t
cel_variable_items_max(enum cel_variable_id id)
{
    return variables[id].items_max;
}

struct cel_value
cel_variable_load(struct cel_run *run, enum cel_variable_id id)
{
    const struct cel_host *host = run->host;

    switch (id) {
    case CEL_VAR_PAYMENT:
        return cel_record_value(CEL_REC_PAYMENT, host->payment);
    case CEL_VAR_GOODS:
        return cel_goods_list(run);
    case CEL_VAR_KITS:
        return cel_kits_list(run);
    case CEL_VAR_HITS:
        return cel_hits_list(run);
    case CEL_VAR_HISTORY:
        return cel_history_value(run);
    case CEL_VAR_BANK:
        return cel_record_value(CEL_REC_BANK,
                                host->facts->bank ? (const void *)host->facts->bank : &nothing);
    case CEL_VAR_NOW:
        return cel_timestamp_ms(host->facts->now_ms);
    case CEL_VAR_PARAMS:
    case CEL_VAR_COUNT:
        break;
    }
    assert(!"params is a constant of the pack");
    return cel_null();
}
