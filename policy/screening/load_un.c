/*
 * load_un.c - the United Nations Security Council's consolidated list.
 *
 *     CONSOLIDATED_LIST dateGenerated="2026-02-27T…"
 *       INDIVIDUALS INDIVIDUAL  DATAID FIRST_NAME … NATIONALITY/VALUE
 *                               INDIVIDUAL_ALIAS/{QUALITY, ALIAS_NAME} …
 *       ENTITIES    ENTITY      DATAID FIRST_NAME ENTITY_ALIAS ENTITY_ADDRESS …
 *
 * What stands in an entry is either a text or a group of texts one level deeper;
 * either way it is gathered as fields, and a table says what they mean.
 *
 * Layout: https://www.un.org/sc/resources/sc-sanctions.xsd
 */
#include <string.h>

#include "policy/screening/list_country.h"
#include "policy/screening/load_xml.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum { ROOT, SECTION, ENTRY, GROUP, MEMBER }; /* depths */

/* An entry on its way. */
struct un {
    struct load *load;
    struct load_file *file;
    uint32_t line;
    enum list_kind kind;
    struct xml_fields own;   /* texts of the entry itself */
    struct xml_fields group; /* of the group being read */
    struct draft *draft;
    const char *why; /* the entry cannot be understood; NULL: so far it can */
};

static const char not_utf8[] = "bytes that are not UTF-8";

/* -- groups -- */

/* Where a bracket opens that is not closed again in this text; its length: nowhere. */
static size_t
bracket_open(struct list_text text)
{
    size_t closed = 0;

    for (size_t i = text.len; i > 0; i--) {
        if (text.data[i - 1] == '(' && closed == 0)
            return i - 1;
        closed += text.data[i - 1] == ')';
        closed -= text.data[i - 1] == '(';
    }
    return text.len;
}

static bool
name_add(struct un *un, enum list_name_kind kind, const char *data, size_t len)
{
    return draft_name(&un->load->build, un->draft, kind, (struct list_text){data, len});
}

/* "A; B" are two names, and so are those in brackets: "X (A; B)" are three. */
static bool
aliases_add(struct un *un, enum list_name_kind kind, struct list_text text)
{
    bool many = text.len > 0 && memchr(text.data, ';', text.len), inside = false;
    struct list_text part;

    while (text_cut(&text, ";", &part)) {
        size_t open = many ? bracket_open(part) : part.len;

        if (open < part.len) {
            if (!name_add(un, kind, part.data, open))
                return false;
            part = (struct list_text){part.data + open + 1, part.len - open - 1};
            inside = true;
        } else if (inside && part.len > 0 && part.data[part.len - 1] == ')') {
            part.len--;
            inside = false;
        }
        if (!name_add(un, kind, part.data, part.len))
            return false;
    }
    return true;
}

static bool
alias_take(struct un *un)
{
    static const struct {
        const char *quality;
        enum list_name_kind kind;
    } kinds[] = {{"Low", LIST_NAME_WEAK}, {"f.k.a.", LIST_NAME_FORMER}};
    struct list_text quality = xml_get(&un->group, "QUALITY");
    enum list_name_kind kind = LIST_NAME_ALIAS;

    for (size_t i = 0; i < COUNT(kinds); i++)
        if (text_is_word(quality, kinds[i].quality))
            kind = kinds[i].kind;
    for (size_t i = 0; i < un->group.count; i++)
        if (text_is(un->group.items[i].name, "ALIAS_NAME") &&
            !aliases_add(un, kind, text_trim(un->group.items[i].value)))
            return false;
    return true;
}

/* VALUE stands once for each. */
static bool
nationality_take(struct un *un)
{
    for (size_t i = 0; i < un->group.count; i++)
        draft_country(&un->load->build, un->draft,
                      country_of_name(text_trim(un->group.items[i].value)));
    return true;
}

static bool
program_take(struct un *un)
{
    return draft_program(&un->load->build, un->draft, xml_get(&un->own, "UN_LIST_TYPE"));
}

static bool
address_take(struct un *un)
{
    static const char *const names[] = {"STREET", "CITY", "STATE_PROVINCE", "ZIP_CODE",
                                        "COUNTRY"};
    struct list_text parts[COUNT(names)];

    for (size_t i = 0; i < COUNT(names); i++)
        parts[i] = xml_get(&un->group, names[i]);
    draft_country(&un->load->build, un->draft, country_of_name(xml_get(&un->group, "COUNTRY")));
    return draft_address(&un->load->build, un->draft,
                         xml_join(un->load, parts, COUNT(parts), ", "));
}

static bool
birth_take(struct un *un)
{
    struct list_build *build = &un->load->build;
    struct list_text type = xml_get(&un->group, "TYPE_OF_DATE"),
                     date = xml_get(&un->group, "DATE");
    struct list_text day = {date.data, date.len < 10 ? date.len : 10};
    int year = xml_year(xml_get(&un->group, "YEAR"));

    if (year == 0 && day.len >= 4)
        year = xml_year((struct list_text){day.data, 4});
    if (text_is_word(type, "BETWEEN"))
        draft_born_between(build, un->draft, xml_year(xml_get(&un->group, "FROM_YEAR")),
                           xml_year(xml_get(&un->group, "TO_YEAR")));
    else if (text_is_word(type, "APPROXIMATELY"))
        draft_born_between(build, un->draft, year - 1, year + 1);
    else
        draft_born_on(build, un->draft, day.len ? day : xml_get(&un->group, "YEAR"));
    return true;
}

static bool
document_take(struct un *un)
{
    static const struct {
        const char *type, *ours;
    } types[] = {
        {"Passport", "passport"},
        {"Numéro de passeport", "passport"},
        {"Número de pasaporte", "passport"},
        {"National Identification Number", "national"},
        {"National Identification", "national"},
    };
    struct list_text type = xml_get(&un->group, "TYPE_OF_DOCUMENT");
    struct list_text country = xml_get(&un->group, "ISSUING_COUNTRY");
    const char *ours = "";

    if (country.len == 0)
        country = xml_get(&un->group, "COUNTRY_OF_ISSUE");
    for (size_t i = 0; i < COUNT(types); i++)
        if (text_is_word(type, types[i].type))
            ours = types[i].ours;
    return draft_identifier(&un->load->build, un->draft, ours, xml_get(&un->group, "NUMBER"),
                            country_of_name(country));
}

static const struct {
    const char *name;
    bool (*take)(struct un *un); /* false: not UTF-8 */
} groups[] = {
    {"INDIVIDUAL_ALIAS", alias_take},         {"ENTITY_ALIAS", alias_take},
    {"NATIONALITY", nationality_take},        {"UN_LIST_TYPE", program_take},
    {"INDIVIDUAL_ADDRESS", address_take},     {"ENTITY_ADDRESS", address_take},
    {"INDIVIDUAL_DATE_OF_BIRTH", birth_take}, {"INDIVIDUAL_DOCUMENT", document_take},
};

/* -- an entry -- */

/* Its number comes first, so that groups have an entry to go to. */
static void
entry_identify(struct un *un, struct list_text id)
{
    id = text_trim(id);
    if (id.len == 0) {
        un->why = "an entry without DATAID";
        return;
    }
    un->draft = build_add(&un->load->build, id);
    if (un->draft)
        un->draft->kind = un->kind;
    else
        un->why = "a DATAID for the second time";
}

static void
group_begin(struct un *un)
{
    un->group.count = 0;
    un->group.full = false;
}

static void
group_end(struct un *un, struct list_text name, struct list_text text)
{
    if (text.len)
        xml_put(&un->own, name, text);
    if (text_is(name, "DATAID") && !un->draft)
        entry_identify(un, text);
    if (un->own.full || un->group.full)
        un->why = "an entry, or a group in it, of more than 64 texts";
    for (size_t i = 0; i < COUNT(groups); i++) {
        if (!text_is(name, groups[i].name))
            continue;
        if (!un->draft && !un->why)
            un->why = "a group in front of the DATAID, so that it belongs to nobody";
        else if (un->draft && !groups[i].take(un))
            un->why = not_utf8;
    }
}

static bool
names_take(struct un *un)
{
    static const char *const names[] = {"FIRST_NAME", "SECOND_NAME", "THIRD_NAME",
                                        "FOURTH_NAME"};
    struct list_text parts[COUNT(names)];

    for (size_t i = 0; i < COUNT(names); i++)
        parts[i] = xml_get(&un->own, names[i]);
    return draft_name(&un->load->build, un->draft, LIST_NAME_PRIMARY,
                      xml_join(un->load, parts, COUNT(parts), " ")) &&
           draft_name(&un->load->build, un->draft, LIST_NAME_PRIMARY,
                      xml_get(&un->own, "NAME_ORIGINAL_SCRIPT"));
}

static int
entry_end(struct un *un)
{
    struct list_text remarks[] = {xml_get(&un->own, "REFERENCE_NUMBER"),
                                  xml_get(&un->own, "COMMENTS1")};

    if (!un->draft && !un->why)
        un->why = "an entry without DATAID";
    if (!un->why &&
        (!names_take(un) || !draft_remarks(&un->load->build, un->draft,
                                           xml_join(un->load, remarks, COUNT(remarks), ": "))))
        un->why = not_utf8;
    if (!un->why && un->draft->names.count == 0)
        un->why = "an entry without a name";
    if (!un->why) {
        un->file->rows++;
        return 0;
    }
    if (un->draft)
        un->draft->dropped = true;
    return load_fault(un->load, un->file, un->line, 1, "%s", un->why);
}

static void
entry_begin(struct un *un, const struct xml *xml)
{
    *un = (struct un){
        .load = un->load,
        .file = un->file,
        .line = xml->line,
        .kind = text_is(xml->name, "INDIVIDUAL") ? LIST_PERSON : LIST_COMPANY,
    };
}

static int
event_take(struct un *un, const struct xml *xml, enum xml_event event)
{
    if (event == XML_OPEN) {
        if (xml->depth == ROOT)
            load_published(un->load, xml_get(&xml->attributes, "dateGenerated"));
        else if (xml->depth == ENTRY)
            entry_begin(un, xml);
        else if (xml->depth == GROUP)
            group_begin(un);
        return 0;
    }
    if (xml->depth == MEMBER)
        xml_put(&un->group, xml->name, xml->text);
    else if (xml->depth == GROUP)
        group_end(un, xml->name, xml->text);
    else if (xml->depth == ENTRY)
        return entry_end(un);
    return 0;
}

static int
read_all(struct load *load)
{
    struct un *un = arena_alloc(load->scratch, sizeof(*un));
    struct xml *xml = arena_alloc(load->scratch, sizeof(*xml));
    enum xml_event event = XML_ERROR;

    *un = (struct un){.load = load, .file = &load->files[0]};
    if (load->file_count != 1)
        return load_refuse(load, &load->files[1], 0, 0, "a second file; the UN's list is one");
    if (xml_open(xml, load, un->file) != 0)
        return -1;
    do {
        event = xml_next(xml);
        if (event > XML_END && event_take(un, xml, event) != 0)
            event = XML_ERROR;
    } while (event > XML_END);
    xml_close(xml);
    load_file_done(load, un->file);
    return event == XML_END ? 0 : -1;
}

const struct load_format load_un = {"un-xml", read_all};
