/*
 * load_ftm_entity.c - what an entity says, by its schema.
 *
 * Whether a party is a target: "target" says so, else the topic "sanction"; where the
 * file has neither it is one, because then the file is a list of nothing else.
 */
#include <string.h>
#include <strings.h>

#include "policy/screening/list_country.h"
#include "policy/screening/load_ftm.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char not_utf8[] = "bytes that are not UTF-8"; /* which JSON rules out */

/* A name in a property, and what it is worth. */
static const struct {
    const char *property;
    enum list_name_kind kind;
} names[] = {
    {"name", LIST_NAME_PRIMARY},        {"alias", LIST_NAME_ALIAS},
    {"previousName", LIST_NAME_FORMER}, {"weakAlias", LIST_NAME_WEAK},
    {"abbreviation", LIST_NAME_WEAK},
};

static const struct {
    const char *property, *type;
} identifiers[] = {
    {"swiftBic", "bic"},
    {"bikCode", "bik"},
    {"leiCode", "lei"},
    {"uscCode", "uscc"},
    {"innCode", "inn"},
    {"imoNumber", "imo"},
    {"mmsi", "mmsi"},
    {"registrationNumber", "registration"},
    {"ogrnCode", "registration"},
    {"taxNumber", "tax"},
    {"vatCode", "tax"},
    {"passportNumber", "passport"},
    {"idNumber", "national"},
    {"dunsCode", "duns"},
    {"serialNumber", "msn"},
};

static const char *const countries[] = {"country",     "jurisdiction", "nationality",
                                        "citizenship", "mainCountry",  "flag"};

/* The array of a property's values; NULL: there is none. */
static const cJSON *
values(const cJSON *entity, const char *property)
{
    const cJSON *all = cJSON_GetObjectItemCaseSensitive(entity, "properties");
    const cJSON *found = cJSON_GetObjectItemCaseSensitive(all, property);

    return cJSON_IsArray(found) ? found->child : NULL;
}

static struct list_text
text(const cJSON *value)
{
    return cJSON_IsString(value) ? text_of(value->valuestring) : (struct list_text){"", 0};
}

/* A text that outlives the line. */
static struct list_text
keep(struct ftm *ftm, struct list_text text)
{
    return (struct list_text){arena_copy(ftm->load->scratch, text.data, text.len), text.len};
}

static struct ftm_record *
find(struct ftm *ftm, const cJSON *id)
{
    struct draft *draft = build_find(&ftm->load->build, text(id));
    struct ftm_record *record = draft ? &ftm->records[draft->index] : NULL;

    return record && !record->gone ? record : NULL;
}

/* One that makes an entry. */
static struct ftm_record *
find_party(struct ftm *ftm, const cJSON *id)
{
    struct ftm_record *record = find(ftm, id);

    return record && record->schema->part == SCHEMA_PARTY && !record->draft->dropped ? record
                                                                                     : NULL;
}

/* -- an address -- */

static const char *
address_take(struct ftm *ftm, struct ftm_record *record, const cJSON *entity)
{
    const cJSON *full = values(entity, "full");

    record->address = keep(ftm, text(full ? full : values(entity, "name")));
    record->country = country_of_code(text(values(entity, "country")));
    return NULL;
}

/* -- a party -- */

static bool
topic_is(const cJSON *entity, const char *topic)
{
    for (const cJSON *value = values(entity, "topics"); value; value = value->next)
        if (text_is(text(value), topic))
            return true;
    return false;
}

bool
ftm_is_target(const cJSON *entity)
{
    const cJSON *target = cJSON_GetObjectItemCaseSensitive(entity, "target");

    return cJSON_IsBool(target) ? cJSON_IsTrue(target) != 0 : topic_is(entity, "sanction");
}

static bool
is_listed(const cJSON *entity)
{
    const cJSON *target = cJSON_GetObjectItemCaseSensitive(entity, "target");

    return ftm_is_target(entity) || (!cJSON_IsBool(target) && !values(entity, "topics"));
}

static bool
names_take(struct ftm *ftm, struct draft *draft, const cJSON *entity)
{
    bool good = true;

    for (size_t i = 0; i < COUNT(names); i++)
        for (const cJSON *v = values(entity, names[i].property); v; v = v->next)
            good =
                good && draft_name(&ftm->load->build, draft, names[i].kind, keep(ftm, text(v)));
    if (good && !values(entity, "name"))
        good = draft_name(&ftm->load->build, draft, LIST_NAME_PRIMARY,
                          keep(ftm, text_of(ftm_text(entity, "caption"))));
    return good;
}

static bool
identifiers_take(struct ftm *ftm, struct draft *draft, const cJSON *entity)
{
    bool good = true;

    for (size_t i = 0; i < COUNT(identifiers); i++)
        for (const cJSON *v = values(entity, identifiers[i].property); v; v = v->next)
            good = good && draft_identifier(&ftm->load->build, draft, identifiers[i].type,
                                            text(v), NULL);
    return good;
}

static bool
addresses_take(struct ftm *ftm, struct draft *draft, const cJSON *entity)
{
    struct list_build *build = &ftm->load->build;
    bool good = true;

    for (const cJSON *v = values(entity, "address"); v; v = v->next)
        good = good && draft_address(build, draft, keep(ftm, text(v)));
    for (const cJSON *v = values(entity, "addressEntity"); v; v = v->next) {
        const struct ftm_record *address = find(ftm, v);

        if (!address || address->schema->part != SCHEMA_ADDRESS)
            continue;
        good = good && draft_address(build, draft, address->address);
        draft_country(build, draft, address->country);
    }
    return good;
}

static bool
programs_take(struct ftm *ftm, struct draft *draft, const cJSON *entity, const char *property)
{
    bool good = true;

    for (const cJSON *v = values(entity, property); v; v = v->next)
        good = good && draft_program(&ftm->load->build, draft, keep(ftm, text(v)));
    return good;
}

static void
codes_take(struct ftm *ftm, struct draft *draft, const cJSON *entity)
{
    struct list_build *build = &ftm->load->build;

    for (size_t i = 0; i < COUNT(countries); i++)
        for (const cJSON *v = values(entity, countries[i]); v; v = v->next)
            draft_country(build, draft, country_of_code(text(v)));
    for (const cJSON *v = values(entity, "birthDate"); v; v = v->next)
        draft_born_on(build, draft, keep(ftm, text(v)));
}

static const char *
party_take(struct ftm *ftm, struct ftm_record *record, const cJSON *entity)
{
    struct draft *draft = record->draft;
    const char *seen = ftm_text(entity, "last_seen");

    draft->kind = record->schema->kind;
    draft->bank = topic_is(entity, "fin.bank");
    draft->listed = is_listed(entity);
    if (!names_take(ftm, draft, entity) || !identifiers_take(ftm, draft, entity) ||
        !addresses_take(ftm, draft, entity) ||
        !programs_take(ftm, draft, entity, "programId") ||
        !draft_remarks(&ftm->load->build, draft, keep(ftm, text(values(entity, "notes")))))
        return not_utf8;
    codes_take(ftm, draft, entity);
    load_published(ftm->load,
                   keep(ftm, text_of(seen[0] ? seen : ftm_text(entity, "last_change"))));
    if (draft->names.count == 0)
        return "a party without a name";
    draft->dropped = false;
    return NULL;
}

/* -- what points to parties -- */

static const char *
sanction_take(struct ftm *ftm, struct ftm_record *record, const cJSON *entity)
{
    (void)record;
    for (const cJSON *v = values(entity, "entity"); v; v = v->next) {
        struct ftm_record *party = find_party(ftm, v);

        if (!party)
            return "a sanction of an entity that is not in the file";
        if (!programs_take(ftm, party->draft, entity, "programId") ||
            !programs_take(ftm, party->draft, entity, "program"))
            return not_utf8;
    }
    return NULL;
}

static const char *
document_take(struct ftm *ftm, struct ftm_record *record, const cJSON *entity)
{
    const char *type = strcmp(record->schema->name, "Passport") == 0 ? "passport" : "national";
    const char *country = country_of_code(text(values(entity, "country")));

    for (const cJSON *v = values(entity, "holder"); v; v = v->next) {
        struct ftm_record *party = find_party(ftm, v);

        for (const cJSON *n = values(entity, "number"); n && party; n = n->next)
            if (!draft_identifier(&ftm->load->build, party->draft, type, text(n), country))
                return not_utf8;
    }
    return NULL;
}

/* Ended before the list was published, as far as the dates are known and exact. */
static bool
is_over(const struct ftm *ftm, const cJSON *entity)
{
    struct list_text end = text(values(entity, "endDate")), now = ftm->load->published_on;
    size_t len = end.len < now.len ? end.len : now.len;

    return len > 0 && memcmp(end.data, now.data, len) < 0;
}

static bool
says_control(const cJSON *entity)
{
    static const char *const properties[] = {"role", "ownershipType"};

    for (size_t i = 0; i < COUNT(properties); i++)
        for (const cJSON *v = values(entity, properties[i]); v; v = v->next)
            if (cJSON_IsString(v) && strcasestr(v->valuestring, "control"))
                return true;
    return false;
}

/* The largest that is said: sources may differ. */
static int64_t
share_of(const cJSON *entity)
{
    int64_t share = LIST_SHARE_UNKNOWN;

    for (const cJSON *v = values(entity, "percentage"); v; v = v->next) {
        int64_t said = share_parse(text(v));

        share = said > share ? said : share;
    }
    return share;
}

/* Several sources may tell of the same holding: it counts once, the largest share of them. */
static void
owner_add(struct ftm *ftm, struct ftm_record *asset, struct ftm_record *owner, int64_t share,
          bool controls)
{
    struct draft_item *item = asset->draft->owners.first;

    owner->related = asset->related = true;
    while (item && !text_equals(item->text, owner->draft->id))
        item = item->next;
    if (!item) {
        draft_owner(&ftm->load->build, asset->draft, owner->draft->id, share, controls);
        return;
    }
    item->share = share > item->share ? share : item->share;
    item->controls = item->controls || controls;
}

static const char *
ownership_take(struct ftm *ftm, struct ftm_record *record, const cJSON *entity)
{
    int64_t share = share_of(entity);
    bool controls = says_control(entity);
    size_t pairs = 0;

    (void)record;
    if (is_over(ftm, entity))
        return NULL;
    for (const cJSON *o = values(entity, "owner"); o; o = o->next)
        for (const cJSON *a = values(entity, "asset"); a; a = a->next) {
            struct ftm_record *owner = find_party(ftm, o), *asset = find_party(ftm, a);

            if (!owner || !asset)
                return "an ownership between entities that are not both in the file";
            if (++pairs > FTM_PAIRS_MAX || asset->draft->owners.count >= FTM_OWNERS_MAX)
                return "more owners than are believed";
            owner_add(ftm, asset, owner, share, controls);
        }
    return NULL;
}

const char *
ftm_take(struct ftm *ftm, struct ftm_record *record, const cJSON *entity)
{
    static const char *(*const take[])(struct ftm *, struct ftm_record *, const cJSON *) = {
        [SCHEMA_PARTY] = party_take,       [SCHEMA_ADDRESS] = address_take,
        [SCHEMA_SANCTION] = sanction_take, [SCHEMA_OWNERSHIP] = ownership_take,
        [SCHEMA_DOCUMENT] = document_take,
    };

    return take[record->schema->part](ftm, record, entity);
}

void
ftm_finish(struct ftm *ftm)
{
    for (size_t i = 0; i < ftm->load->build.count; i++) {
        struct ftm_record *record = &ftm->records[i];

        if (!record->draft->listed && !record->related)
            record->draft->dropped = true;
    }
}
