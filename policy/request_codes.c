/*
 * request_codes.c - the catalogue.  Codes: ISO 20022 external code sets, request for
 * information (camt.110); which of them banks used in 2024 is after reports.
 */
#include "policy/request_codes.h"

#include <string.h>

#define TRANSPORT                                                                              \
    "bill of lading", "airway bill", "rail consignment note", "road consignment note",         \
        "transport document"

static const struct request_code catalogue[] = {
    /* clang-format off */
    /* the goods */
    {"RQSG/RQHS", "HS code of the goods", {"customs declaration"}},
    {"RQSG/RQDG", "details of the goods", {"invoice", "specification"}},
    {"RQSG/RQGF", "final destination of the goods", {"proof of delivery"}},
    {"RQSG/RQCM", "civil or military use of the goods", {"end-use statement", "end-user certificate"}},
    {"RQSG/RQON", "where the goods are traded on to", {"statement of onward trade"}},
    {"RQSG/RQGD", "when the goods change owners", {"contract", "transfer of ownership"}},
    /* papers */
    {"RQDO/RQIN", "copy of the invoice", {"invoice"}},
    {"RQDO/RQCD", "customs declaration", {"customs declaration"}},
    {"RQDO/RQBL", "bill of lading", {"bill of lading"}},
    {"RQDO/RQAB", "airway bill", {"airway bill"}},
    {"RQDO/RQTD", "transport papers", {TRANSPORT}},
    {"RQDO/RQLP", "licence, or why none is required", {"licence", "statement that no licence is required"}},
    {"RQDO/RQGL", "copy of the general licence", {"general licence"}},
    {"RQDO/RQSL", "copy of the specific licence", {"specific licence"}},
    /* the parties */
    {"RQPR/RQRE", "relationship of payer and payee", {"contract", "statement of relationship"}},
    {"RQPR/RQOW", "confirmation of ownership", {"proof of ownership"}},
    {"RQPR/RQUO", "who owns them in the end", {"proof of ownership"}},
    {"RQPR/RQUP", "ultimate parties and source of the funds", {"source of funds"}},
    /* places */
    {"RQLD/RQCI", "all countries involved", {"statement of countries"}},
    {"RQLD/RQCT", "countries of transit between payer and payee", {TRANSPORT}},
    {"RQLD/RQPO", "province of birth", {"identity document"}},
    {"RQLD/RCBL", "countries and regions of operation", {"statement of regions"}},
    /* vessels and aircraft */
    {"RQVD/RQIM", "IMO number of the vessel", {"bill of lading"}},
    {"RQVD/RQTA", "tail number of the aircraft", {"airway bill"}},
    {"RQVD/RPOC", "ports of call", {"statement of ports of call", "bill of lading"}},
    /* who pays and who is paid */
    {"DTOR/RQLE", "legal entity identifier of the payer", {NULL}},
    {"DTOR/RQPA", "address of the payer", {NULL}},
    {"DTOR/TXID", "tax number of the payer", {"tax certificate"}},
    {"CTOR/RQLE", "legal entity identifier of the payee", {NULL}},
    {"CTOR/RQPA", "address of the payee", {NULL}},
    {"CTOR/TXID", "tax number of the payee", {"tax certificate"}},
    /* law */
    {"FCCI/RQUS", "what ties the payment to the United States", {"statement of US nexus"}},
    {"AMLI", "what a check against money laundering needs", {"source of funds"}},
    {"FWTR", "data of the payer that must go with the funds", {"identity document"}},
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
