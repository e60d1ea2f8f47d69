/*
 * markup.h - text of others inside XML, SVG and HTML.
 *
 * What XML 1.0 cannot hold at all (control characters, U+FFFE, U+FFFF) becomes
 * U+FFFD.
 */
#ifndef CLIENTS_MARKUP_H
#define CLIENTS_MARKUP_H

#include "gateway/base/buffer.h"

/* text, UTF-8, as it may stand between tags and between double quotes. */
void markup_text(struct buffer *out, const char *text);

#endif
