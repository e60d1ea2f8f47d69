/* load_xml.c - libxml2's reader, with the doors shut. */
#include "policy/screening/load_xml.h"

#include <libxml/parser.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#define TEXT_BYTES_FIRST 4096

static pthread_once_t once = PTHREAD_ONCE_INIT;

/* The first complaint counts; later ones follow from it. */
static void
hear(void *context, xmlErrorPtr error)
{
    struct xml *xml = context;

    if (xml->failed)
        return;
    xml->failed = true;
    xml->failed_line = error->line > 0 ? (uint32_t)error->line : 0;
    xml->failed_column = error->int2 > 0 ? (uint32_t)error->int2 : 1;
    snprintf(xml->failure, sizeof(xml->failure), "%s", error->message ? error->message : "");
    xml->failure[strcspn(xml->failure, "\r\n")] = '\0';
}

int
xml_open(struct xml *xml, struct load *load, const struct load_file *file)
{
    pthread_once(&once, xmlInitParser);
    *xml = (struct xml){.load = load, .file = file, .text = {"", 0}};
    buffer_init(&xml->gathered, load->scratch, TEXT_BYTES_FIRST);
    if (memmem(file->data, file->len, "<!DOCTYPE", 9))
        return load_refuse(load, file, 0, 0,
                           "it has a document type, which no list needs; get it again from the "
                           "authority");
    xml->reader = xmlReaderForMemory(file->data, (int)file->len, NULL, "UTF-8",
                                     XML_PARSE_NONET | XML_PARSE_NOCDATA | XML_PARSE_COMPACT |
                                         XML_PARSE_BIG_LINES);
    if (!xml->reader)
        return load_refuse(load, file, 0, 0, "libxml2 cannot read it");
    xmlTextReaderSetStructuredErrorHandler(xml->reader, hear, xml);
    return 0;
}

void
xml_close(struct xml *xml)
{
    xmlFreeTextReader(xml->reader);
    xml->reader = NULL;
}

static struct list_text
copy(struct xml *xml, const xmlChar *text)
{
    size_t len = text ? strlen((const char *)text) : 0;

    return (struct list_text){arena_copy(xml->load->scratch, (const char *)text, len), len};
}

/* The reader keeps names as long as it lives. */
static struct list_text
element_name(const struct xml *xml)
{
    return text_of((const char *)xmlTextReaderConstLocalName(xml->reader));
}

static void
attributes_take(struct xml *xml)
{
    xml->attributes.count = 0;
    xml->attributes.full = xmlTextReaderAttributeCount(xml->reader) > XML_FIELDS_MAX;
    while (xml->attributes.count < XML_FIELDS_MAX &&
           xmlTextReaderMoveToNextAttribute(xml->reader) == 1)
        xml_put(&xml->attributes, element_name(xml),
                copy(xml, xmlTextReaderConstValue(xml->reader)));
    xmlTextReaderMoveToElement(xml->reader);
}

/* Behind a comment or the like, text goes on. */
static void
text_gather(struct xml *xml)
{
    const char *text = (const char *)xmlTextReaderConstValue(xml->reader);

    if (text)
        buffer_append(&xml->gathered, text, strlen(text));
}

static void
text_take(struct xml *xml)
{
    struct list_text text =
        text_trim((struct list_text){xml->gathered.data, xml->gathered.len});

    xml->text = (struct list_text){"", 0};
    if (text.len)
        xml->text =
            (struct list_text){arena_copy(xml->load->scratch, text.data, text.len), text.len};
    xml->gathered.len = 0;
}

static enum xml_event
refuse(struct xml *xml)
{
    const char *why = xml->failed ? xml->failure : "not well-formed";
    uint32_t line = xml->failed ? xml->failed_line : xml->line;

    return (enum xml_event)load_refuse(
        xml->load, xml->file, line ? line : 1, xml->failed ? xml->failed_column : 1,
        "not well-formed XML: %s; if the file was cut off, get it again", why);
}

/* Of the node itself: the parser is ahead of it. */
static uint32_t
line_of(const struct xml *xml)
{
    long line = xmlGetLineNo(xmlTextReaderCurrentNode(xml->reader));

    return line > 0 ? (uint32_t)line : 0;
}

/* What the node is for us; XML_END: nothing, go on. */
static enum xml_event
node_take(struct xml *xml)
{
    switch (xmlTextReaderNodeType(xml->reader)) {
    case XML_READER_TYPE_ELEMENT:
        xml->name = element_name(xml);
        xml->depth = xmlTextReaderDepth(xml->reader);
        xml->line = line_of(xml);
        if (xml->depth >= XML_DEPTH_MAX)
            return (enum xml_event)load_refuse(xml->load, xml->file, xml->line, 1,
                                               "more than %d elements in one another",
                                               XML_DEPTH_MAX);
        xml->empty = xmlTextReaderIsEmptyElement(xml->reader) == 1;
        attributes_take(xml);
        xml->gathered.len = 0;
        return XML_OPEN;
    case XML_READER_TYPE_END_ELEMENT:
        xml->name = element_name(xml);
        xml->depth = xmlTextReaderDepth(xml->reader);
        text_take(xml);
        return XML_CLOSE;
    case XML_READER_TYPE_TEXT:
    case XML_READER_TYPE_CDATA:
        text_gather(xml);
        return XML_END;
    case XML_READER_TYPE_DOCUMENT_TYPE:
    case XML_READER_TYPE_ENTITY_REFERENCE:
        return (enum xml_event)load_refuse(xml->load, xml->file, xml->line, 1,
                                           "entities are not followed");
    default:
        return XML_END;
    }
}

enum xml_event
xml_next(struct xml *xml)
{
    enum xml_event event = XML_END;

    if (xml->empty) {
        xml->empty = false;
        xml->text = (struct list_text){"", 0};
        return XML_CLOSE;
    }
    while (event == XML_END) {
        int more = xmlTextReaderRead(xml->reader);

        if (xml->failed || more < 0)
            return refuse(xml);
        if (more == 0)
            return XML_END;
        event = node_take(xml);
    }
    return event;
}

/* -- fields -- */

struct list_text
xml_get(const struct xml_fields *fields, const char *name)
{
    for (size_t i = 0; i < fields->count; i++)
        if (text_is(fields->items[i].name, name))
            return text_trim(fields->items[i].value);
    return (struct list_text){"", 0};
}

void
xml_put(struct xml_fields *fields, struct list_text name, struct list_text value)
{
    if (fields->count < XML_FIELDS_MAX)
        fields->items[fields->count++] = (struct xml_field){name, value};
    else
        fields->full = true;
}

struct list_text
xml_join(struct load *load, const struct list_text *parts, size_t count, const char *separator)
{
    size_t gap = strlen(separator), room = 0, len = 0;
    char *joined;

    for (size_t i = 0; i < count; i++)
        room += parts[i].len + gap;
    joined = arena_alloc(load->scratch, room + 1);
    for (size_t i = 0; i < count; i++) {
        if (parts[i].len == 0)
            continue;
        if (len > 0)
            memcpy(joined + len, separator, gap);
        len += len > 0 ? gap : 0;
        memcpy(joined + len, parts[i].data, parts[i].len);
        len += parts[i].len;
    }
    return (struct list_text){joined, len};
}

int
xml_year(struct list_text text)
{
    int year = 0;

    if (text.len != 4)
        return 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
            return 0;
        year = year * 10 + text.data[i] - '0';
    }
    return year;
}
