/*
 * load_eu.c - the European Union's Financial Sanctions Files.
 *
 *     export generationDate="2024-12-31T…"
 *       sanctionEntity logicalId="…"
 *         subjectType code="enterprise"   nameAlias wholeName="…" strong="true"
 *         regulation programme="UKR"      address city="…" countryIso2Code="RU"
 *         identification number="…" identificationTypeCode="regnumber"
 *         birthdate  citizenship  remark
 *
 * Nearly everything is in attributes.  Elements that stand deeper (a remark of a name, an
 * address of publication) say nothing that we compare.
 *
 * Layout: the Commission's XML schema of the files, version 1.1.
 */
#include <string.h>

#include "policy/screening/list_country.h"
#include "policy/screening/load_xml.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum { ROOT, ENTITY, CHILD }; /* depths */

struct eu {
    struct load *load;
    struct load_file *file;
    uint32_t line;
    struct draft *draft; /* NULL: outside an entity, or it is left out */
    bool primary;        /* it has its primary name */
    const char *why;     /* it is left out; NULL: so far it is not */
};

static bool
is_true(const struct xml_fields *fields, const char *name)
{
    return text_is(xml_get(fields, name), "true");
}

static const char *
country(const struct xml_fields *fields)
{
    return country_of_code(xml_get(fields, "countryIso2Code"));
}

/* -- children: each takes its attributes; false: not UTF-8 -- */

static bool
subject_take(struct eu *eu, const struct xml_fields *fields)
{
    struct list_text code = xml_get(fields, "code");

    if (text_is(code, "person"))
        eu->draft->kind = LIST_PERSON;
    else if (text_is(code, "enterprise"))
        eu->draft->kind = LIST_COMPANY;
    return true;
}

/* The first strong name is the primary one. */
static bool
name_take(struct eu *eu, const struct xml_fields *fields)
{
    enum list_name_kind kind = eu->primary ? LIST_NAME_ALIAS : LIST_NAME_PRIMARY;
    struct list_text name = xml_get(fields, "wholeName");

    if (text_is(xml_get(fields, "strong"), "false"))
        kind = LIST_NAME_WEAK;
    if (name.len == 0) {
        struct list_text parts[] = {xml_get(fields, "firstName"), xml_get(fields, "middleName"),
                                    xml_get(fields, "lastName")};

        name = xml_join(eu->load, parts, COUNT(parts), " ");
    }
    eu->primary = eu->primary || (kind == LIST_NAME_PRIMARY && name.len > 0);
    return draft_name(&eu->load->build, eu->draft, kind, name);
}

static bool
program_take(struct eu *eu, const struct xml_fields *fields)
{
    return draft_program(&eu->load->build, eu->draft, xml_get(fields, "programme"));
}

static bool
citizenship_take(struct eu *eu, const struct xml_fields *fields)
{
    draft_country(&eu->load->build, eu->draft, country(fields));
    return true;
}

static bool
birth_take(struct eu *eu, const struct xml_fields *fields)
{
    struct list_build *build = &eu->load->build;
    struct list_text date = xml_get(fields, "birthdate"), year = xml_get(fields, "year");
    int from = xml_year(xml_get(fields, "yearRangeFrom"));
    int to = xml_year(xml_get(fields, "yearRangeTo"));

    if (from && to)
        draft_born_between(build, eu->draft, from, to);
    else if (is_true(fields, "circa") && xml_year(year))
        draft_born_between(build, eu->draft, xml_year(year) - 1, xml_year(year) + 1);
    else
        draft_born_on(build, eu->draft, date.len ? date : year);
    return true;
}

static bool
address_take(struct eu *eu, const struct xml_fields *fields)
{
    static const char *const names[] = {
        "street", "poBox", "place", "city", "region", "zipCode", "countryDescription"};
    struct list_text parts[COUNT(names)];

    for (size_t i = 0; i < COUNT(names); i++)
        parts[i] = xml_get(fields, names[i]);
    draft_country(&eu->load->build, eu->draft, country(fields));
    return draft_address(&eu->load->build, eu->draft,
                         xml_join(eu->load, parts, COUNT(parts), ", "));
}

static bool
identification_take(struct eu *eu, const struct xml_fields *fields)
{
    static const struct {
        const char *code, *type;
    } types[] = {
        {"passport", "passport"},     {"regnumber", "registration"},
        {"swiftbic", "bic"},          {"imo", "imo"},
        {"fiscalcode", "tax"},        {"id", "national"},
        {"ssn", "national"},          {"lei", "lei"},
        {"travelcardid", "passport"},
    };
    struct list_text code = xml_get(fields, "identificationTypeCode");
    const char *type = "", *of = country(fields);

    if (is_true(fields, "knownFalse"))
        return true;
    for (size_t i = 0; i < COUNT(types); i++)
        if (text_is(code, types[i].code))
            type = types[i].type;
    if (of && strcmp(of, "RU") == 0 && strcmp(type, "tax") == 0)
        type = "inn";
    return draft_identifier(&eu->load->build, eu->draft, type, xml_get(fields, "number"), of);
}

static const struct {
    const char *name;
    bool (*take)(struct eu *eu, const struct xml_fields *fields);
} children[] = {
    {"subjectType", subject_take},
    {"nameAlias", name_take},
    {"regulation", program_take},
    {"citizenship", citizenship_take},
    {"birthdate", birth_take},
    {"address", address_take},
    {"identification", identification_take},
};

/* -- an entity -- */

static void
entity_begin(struct eu *eu, const struct xml *xml)
{
    struct list_text id = xml_get(&xml->attributes, "logicalId");

    eu->line = xml->line;
    eu->why = NULL;
    eu->draft = NULL;
    eu->primary = false;
    if (!text_is(xml->name, "sanctionEntity"))
        return;
    eu->draft = id.len ? build_add(&eu->load->build, id) : NULL;
    if (!eu->draft)
        eu->why = id.len ? "a logicalId for the second time" : "an entity without logicalId";
}

static int
entity_end(struct eu *eu)
{
    if (eu->draft && !eu->why && eu->draft->names.count == 0)
        eu->why = "an entity without a name";
    if (eu->why) {
        if (eu->draft)
            eu->draft->dropped = true;
        return load_fault(eu->load, eu->file, eu->line, 1, "%s", eu->why);
    }
    if (!eu->draft)
        return 0;
    eu->file->rows++;
    eu->draft = NULL;
    return 0;
}

static void
child_begin(struct eu *eu, const struct xml *xml)
{
    if (xml->attributes.full)
        eu->why = "an element of more than 64 attributes";
    for (size_t i = 0; i < COUNT(children); i++)
        if (text_is(xml->name, children[i].name) && !children[i].take(eu, &xml->attributes))
            eu->why = "bytes that are not UTF-8";
}

static int
event_take(struct eu *eu, const struct xml *xml, enum xml_event event)
{
    if (event == XML_OPEN) {
        if (xml->depth == ROOT)
            load_published(eu->load, xml_get(&xml->attributes, "generationDate"));
        else if (xml->depth == ENTITY)
            entity_begin(eu, xml);
        else if (xml->depth == CHILD && eu->draft)
            child_begin(eu, xml);
        return 0;
    }
    if (xml->depth == ENTITY)
        return entity_end(eu);
    if (xml->depth == CHILD && eu->draft && text_is(xml->name, "remark") &&
        eu->draft->remarks.len == 0 && !draft_remarks(&eu->load->build, eu->draft, xml->text))
        eu->why = "bytes that are not UTF-8";
    return 0;
}

static int
read_all(struct load *load)
{
    struct eu eu = {.load = load, .file = &load->files[0]};
    struct xml *xml = arena_alloc(load->scratch, sizeof(*xml));
    enum xml_event event = XML_ERROR;

    if (load->file_count != 1)
        return load_refuse(load, &load->files[1], 0, 0, "a second file; the EU's list is one");
    if (xml_open(xml, load, eu.file) != 0)
        return -1;
    do {
        event = xml_next(xml);
        if (event > XML_END && event_take(&eu, xml, event) != 0)
            event = XML_ERROR;
    } while (event > XML_END);
    xml_close(xml);
    load_file_done(load, eu.file);
    return event == XML_END ? 0 : -1;
}

const struct load_format load_eu = {"eu-xml", read_all};
