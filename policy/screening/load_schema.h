/* load_schema.h - the kinds of entity of the FollowTheMoney model, as far as lists have them. */
#ifndef POLICY_SCREENING_LOAD_SCHEMA_H
#define POLICY_SCREENING_LOAD_SCHEMA_H

#include "policy/screening/list.h"
#include "policy/screening/list_text.h"

enum schema_part {
    SCHEMA_PARTY,     /* can be an entry */
    SCHEMA_ADDRESS,   /* parties point to it */
    SCHEMA_SANCTION,  /* says by which program a party is listed */
    SCHEMA_OWNERSHIP, /* an owner's share of an asset */
    SCHEMA_DOCUMENT,  /* a party's passport or the like */
    SCHEMA_NOTHING,   /* says nothing that we compare: families, payments, ... */
};

struct schema {
    const char *name;
    enum schema_part part;
    enum list_kind kind; /* of a party */
};

/* What is not known is SCHEMA_NOTHING. */
const struct schema *schema_of(struct list_text name);

#endif
