/*
 * request_codes.c - the catalogue.  Codes: ISO 20022 external code sets, request for
 * information (camt.110); which of them banks used in 2024 is after reports.
 */
#include "policy/request_codes.h"

#include <string.h>

/* -- what a payment has -- */

/* Of each line, and there is one. */
static bool
each_line(const struct policy_payment *payment, size_t member)
{
    for (uint32_t i = 0; i < payment->goods_count; i++) {
        const char *text;

        memcpy(&text, (const char *)payment->goods[i] + member, sizeof(text));
        if (text[0] == '\0')
            return false;
    }
    return payment->goods_count > 0;
}

static bool
goods_coded(const struct policy_payment *payment)
{
    return each_line(payment, offsetof(struct policy_goods, hs_code));
}

static bool
goods_described(const struct policy_payment *payment)
{
    return each_line(payment, offsetof(struct policy_goods, description));
}

static bool
end_use_given(const struct policy_payment *payment)
{
    return each_line(payment, offsetof(struct policy_goods, end_use));
}

static bool
destination_given(const struct policy_payment *payment)
{
    return payment->destination_country[0] != '\0';
}

static bool
contract_given(const struct policy_payment *payment)
{
    return payment->contract[0] != '\0';
}

static bool
route_given(const struct policy_payment *payment)
{
    return payment->route_count > 0;
}

static bool
vessels_numbered(const struct policy_payment *payment)
{
    for (uint32_t i = 0; i < payment->vessel_count; i++)
        if (payment->vessels[i]->imo[0] == '\0')
            return false;
    return payment->vessel_count > 0;
}

static bool
owners_given(const struct policy_payment *payment)
{
    return payment->debtor->owner_count > 0;
}

static bool
ultimate_debtor_given(const struct policy_payment *payment)
{
    return payment->ultimate_debtor->name[0] != '\0';
}

/* One of the schemes, which end with NULL. */
static bool
has_identifier(const struct policy_party *party, const char *const *schemes)
{
    for (uint32_t i = 0; i < party->identifier_count; i++)
        for (size_t s = 0; schemes[s]; s++)
            if (strcmp(party->identifiers[i]->scheme, schemes[s]) == 0)
                return true;
    return false;
}

static const char *const lei[] = {"lei", NULL};
static const char *const tax_numbers[] = {"inn", "uscc", "tax_id", NULL};

static bool
debtor_has_lei(const struct policy_payment *payment)
{
    return has_identifier(payment->debtor, lei);
}

static bool
debtor_has_tax_id(const struct policy_payment *payment)
{
    return has_identifier(payment->debtor, tax_numbers);
}

static bool
debtor_has_address(const struct policy_payment *payment)
{
    return payment->debtor->address[0] != '\0';
}

static bool
creditor_has_lei(const struct policy_payment *payment)
{
    return has_identifier(payment->creditor, lei);
}

static bool
creditor_has_tax_id(const struct policy_payment *payment)
{
    return has_identifier(payment->creditor, tax_numbers);
}

static bool
creditor_has_address(const struct policy_payment *payment)
{
    return payment->creditor->address[0] != '\0';
}

/* -- the catalogue -- */

#define TRANSPORT                                                                              \
    "bill of lading", "airway bill", "rail consignment note", "road consignment note",         \
        "transport document"

static const struct request_code catalogue[] = {
    /* clang-format off */
    /* the goods */
    {"RQSG/RQHS", "HS code of the goods", "goods/hs_code", goods_coded, {"customs declaration"}},
    {"RQSG/RQDG", "details of the goods", "goods/description", goods_described, {"invoice", "specification"}},
    {"RQSG/RQGF", "final destination of the goods", "trade/destination_country", destination_given, {"proof of delivery"}},
    {"RQSG/RQCM", "civil or military use of the goods", "goods/end_use", end_use_given, {"end-use statement", "end-user certificate"}},
    {"RQSG/RQON", "where the goods are traded on to", "", NULL, {"statement of onward trade"}},
    {"RQSG/RQGD", "when the goods change owners", "", NULL, {"contract", "transfer of ownership"}},
    /* papers */
    {"RQDO/RQIN", "copy of the invoice", "", NULL, {"invoice"}},
    {"RQDO/RQCD", "customs declaration", "", NULL, {"customs declaration"}},
    {"RQDO/RQBL", "bill of lading", "", NULL, {"bill of lading"}},
    {"RQDO/RQAB", "airway bill", "", NULL, {"airway bill"}},
    {"RQDO/RQTD", "transport papers", "", NULL, {TRANSPORT}},
    {"RQDO/RQLP", "licence, or why none is required", "", NULL, {"licence", "statement that no licence is required"}},
    {"RQDO/RQGL", "copy of the general licence", "", NULL, {"general licence"}},
    {"RQDO/RQSL", "copy of the specific licence", "", NULL, {"specific licence"}},
    /* the parties */
    {"RQPR/RQRE", "relationship of payer and payee", "trade/contract", contract_given, {"contract", "statement of relationship"}},
    {"RQPR/RQOW", "confirmation of ownership", "", NULL, {"proof of ownership"}},
    {"RQPR/RQUO", "who owns them in the end", "debtor/owners", owners_given, {"proof of ownership"}},
    {"RQPR/RQUP", "ultimate parties and source of the funds", "ultimate_debtor/name", ultimate_debtor_given, {"source of funds"}},
    /* places */
    {"RQLD/RQCI", "all countries involved", "", NULL, {"statement of countries"}},
    {"RQLD/RQCT", "countries of transit between payer and payee", "trade/route", route_given, {TRANSPORT}},
    {"RQLD/RQPO", "province of birth", "", NULL, {"identity document"}},
    {"RQLD/RCBL", "countries and regions of operation", "", NULL, {"statement of regions"}},
    /* vessels and aircraft */
    {"RQVD/RQIM", "IMO number of the vessel", "trade/vessels/imo", vessels_numbered, {"bill of lading"}},
    {"RQVD/RQTA", "tail number of the aircraft", "", NULL, {"airway bill"}},
    {"RQVD/RPOC", "ports of call", "", NULL, {"statement of ports of call", "bill of lading"}},
    /* who pays and who is paid */
    {"DTOR/RQLE", "legal entity identifier of the payer", "debtor/identifiers/lei", debtor_has_lei, {NULL}},
    {"DTOR/RQPA", "address of the payer", "debtor/address", debtor_has_address, {NULL}},
    {"DTOR/TXID", "tax number of the payer", "debtor/identifiers/tax_id", debtor_has_tax_id, {"tax certificate"}},
    {"CTOR/RQLE", "legal entity identifier of the payee", "creditor/identifiers/lei", creditor_has_lei, {NULL}},
    {"CTOR/RQPA", "address of the payee", "creditor/address", creditor_has_address, {NULL}},
    {"CTOR/TXID", "tax number of the payee", "creditor/identifiers/tax_id", creditor_has_tax_id, {"tax certificate"}},
    /* law */
    {"FCCI/RQUS", "what ties the payment to the United States", "", NULL, {"statement of US nexus"}},
    {"AMLI", "what a check against money laundering needs", "", NULL, {"source of funds"}},
    {"FWTR", "data of the payer that must go with the funds", "debtor/address", debtor_has_address, {"identity document"}},
    /* clang-format on */
};

#define CODES (sizeof(catalogue) / sizeof(catalogue[0]))

const struct request_code *
request_codes(size_t *count)
{
    *count = CODES;
    return catalogue;
}

const struct request_code *
request_code_find(const char *code)
{
    for (size_t i = 0; code && i < CODES; i++)
        if (strcmp(catalogue[i].code, code) == 0)
            return &catalogue[i];
    return NULL;
}

bool
request_is_answered(const char *code, const struct policy_payment *payment)
{
    const struct request_code *request = request_code_find(code);

    if (!request)
        return false;
    if (request->given && request->given(payment))
        return true;
    for (uint32_t i = 0; i < payment->document_count; i++)
        for (size_t p = 0; request->papers[p]; p++)
            if (strcmp(payment->documents[i], request->papers[p]) == 0)
                return true;
    return false;
}
