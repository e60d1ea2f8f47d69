/* markup.c - the escapes of XML. */
#include "clients/markup.h"

#include <string.h>

#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */

/* What stands for a byte; NULL: the byte itself. */
static const char *const escapes[256] = {
    /* clang-format off */
    [0x00] = REPLACEMENT, [0x01] = REPLACEMENT, [0x02] = REPLACEMENT, [0x03] = REPLACEMENT,
    [0x04] = REPLACEMENT, [0x05] = REPLACEMENT, [0x06] = REPLACEMENT, [0x07] = REPLACEMENT,
    [0x08] = REPLACEMENT, ['\t'] = "&#9;",      ['\n'] = "&#10;",     [0x0b] = REPLACEMENT,
    [0x0c] = REPLACEMENT, ['\r'] = "&#13;",     [0x0e] = REPLACEMENT, [0x0f] = REPLACEMENT,
    [0x10] = REPLACEMENT, [0x11] = REPLACEMENT, [0x12] = REPLACEMENT, [0x13] = REPLACEMENT,
    [0x14] = REPLACEMENT, [0x15] = REPLACEMENT, [0x16] = REPLACEMENT, [0x17] = REPLACEMENT,
    [0x18] = REPLACEMENT, [0x19] = REPLACEMENT, [0x1a] = REPLACEMENT, [0x1b] = REPLACEMENT,
    [0x1c] = REPLACEMENT, [0x1d] = REPLACEMENT, [0x1e] = REPLACEMENT, [0x1f] = REPLACEMENT,
    ['"']  = "&quot;",    ['&']  = "&amp;",     ['<']  = "&lt;",      ['>']  = "&gt;",
    /* clang-format on */
};

/* U+FFFE and U+FFFF are characters of UTF-8, and not of XML. */
static bool
is_noncharacter(const char *at)
{
    return strncmp(at, "\xef\xbf\xbe", 3) == 0 || strncmp(at, "\xef\xbf\xbf", 3) == 0;
}

void
markup_text(struct buffer *out, const char *text)
{
    while (*text) {
        const char *escape = escapes[(unsigned char)*text];
        size_t len = 1;

        if (!escape && is_noncharacter(text)) {
            escape = REPLACEMENT;
            len = 3;
        }
        buffer_append(out, escape ? escape : text, escape ? strlen(escape) : 1);
        text += len;
    }
}
