/*
 * load_schema.c - see load_schema.h.
 *
 * Names: the schemata of FollowTheMoney, https://followthemoney.tech/explorer/
 */
#include "policy/screening/load_schema.h"

static const struct schema schemata[] = {
    {"Person", SCHEMA_PARTY, LIST_PERSON},
    {"Company", SCHEMA_PARTY, LIST_COMPANY},
    {"Organization", SCHEMA_PARTY, LIST_COMPANY},
    {"PublicBody", SCHEMA_PARTY, LIST_COMPANY},
    {"LegalEntity", SCHEMA_PARTY, LIST_OTHER}, /* a company or a person */
    {"Vessel", SCHEMA_PARTY, LIST_VESSEL},
    {"Airplane", SCHEMA_PARTY, LIST_AIRCRAFT},
    {"Thing", SCHEMA_PARTY, LIST_OTHER},
    {"Asset", SCHEMA_PARTY, LIST_OTHER},
    {"Vehicle", SCHEMA_PARTY, LIST_OTHER},
    {"CryptoWallet", SCHEMA_PARTY, LIST_OTHER},
    {"Security", SCHEMA_PARTY, LIST_OTHER},
    {"Address", SCHEMA_ADDRESS, LIST_OTHER},
    {"Sanction", SCHEMA_SANCTION, LIST_OTHER},
    {"Ownership", SCHEMA_OWNERSHIP, LIST_OTHER},
    {"Passport", SCHEMA_DOCUMENT, LIST_OTHER},
    {"Identification", SCHEMA_DOCUMENT, LIST_OTHER},
};

const struct schema *
schema_of(struct list_text name)
{
    static const struct schema nothing = {"", SCHEMA_NOTHING, LIST_OTHER};

    for (size_t i = 0; i < sizeof(schemata) / sizeof(schemata[0]); i++)
        if (text_is(name, schemata[i].name))
            return &schemata[i];
    return &nothing;
}
