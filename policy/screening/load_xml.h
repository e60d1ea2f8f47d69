/*
 * load_xml.h - an XML list read element by element, through libxml2's reader.
 *
 *   E1  nothing is fetched: no network, no external subset; a document type is refused
 *       before the parser sees it, and so is a reference to an entity.
 *   E2  what is not well-formed to its end is refused: so is a file that was cut off.
 *   E3  bytes are read as UTF-8, whatever the file declares.
 */
#ifndef POLICY_SCREENING_LOAD_XML_H
#define POLICY_SCREENING_LOAD_XML_H

#include <libxml/xmlreader.h>

#include "gateway/base/buffer.h"
#include "policy/screening/load.h"

#define XML_DEPTH_MAX  16
#define XML_FIELDS_MAX 64 /* of one element; what has more makes no sense */

enum xml_event {
    XML_ERROR = -1, /* the error is set */
    XML_END = 0,    /* of the document */
    XML_OPEN,       /* an element begins; name, and fields are its attributes */
    XML_CLOSE,      /* an element ends; name, and text is what stood in it */
};

/* Texts live on the scratch arena. */
struct xml_field {
    struct list_text name;
    struct list_text value;
};

struct xml_fields {
    struct xml_field items[XML_FIELDS_MAX];
    size_t count;
    bool full; /* there were more */
};

struct xml {
    struct load *load;
    const struct load_file *file;
    xmlTextReaderPtr reader;
    int depth;              /* of the element; the root's is 0 */
    struct list_text name;  /* without a prefix */
    struct list_text text;  /* at XML_CLOSE: what stood last in the element, trimmed */
    struct buffer gathered; /* text since the last element began or ended */
    struct xml_fields attributes;
    uint32_t line;
    bool empty;  /* the element just opened has no end tag: its close comes next */
    bool failed; /* below: libxml2's first complaint */
    uint32_t failed_line, failed_column;
    char failure[200];
};

int xml_open(struct xml *xml, struct load *load, const struct load_file *file)
    __attribute__((warn_unused_result));
enum xml_event xml_next(struct xml *xml) __attribute__((warn_unused_result));
void xml_close(struct xml *xml);

/* The first one of that name, "" where there is none. */
struct list_text xml_get(const struct xml_fields *fields, const char *name);
void xml_put(struct xml_fields *fields, struct list_text name, struct list_text value);

/* Parts that are not empty, with the separator between them, on the scratch arena. */
struct list_text xml_join(struct load *load, const struct list_text *parts, size_t count,
                          const char *separator);

/* "1957", or 0. */
int xml_year(struct list_text text);

#endif
