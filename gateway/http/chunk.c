/*
 * chunk.c - a machine of one step a byte over the framing of a chunked body.
 *
 *   SIZE -> EXTENSION -> SIZE_LF -> DATA -> DATA_CR -> DATA_LF -> SIZE ...
 *   a size of 0:         SIZE_LF -> TRAILER -> NAME -> VALUE -> VALUE_LF -> TRAILER
 *                                   TRAILER -> LAST_LF, the end
 *
 * Data is passed over as a run, not byte by byte.
 */
#include "gateway/http/chunk.h"

#include "gateway/http/chars.h"

enum {
    CHUNK_SIZE,
    CHUNK_EXTENSION,
    CHUNK_SIZE_LF,
    CHUNK_IN_DATA,
    CHUNK_DATA_CR,
    CHUNK_DATA_LF,
    CHUNK_TRAILER,
    CHUNK_NAME,
    CHUNK_VALUE,
    CHUNK_VALUE_LF,
    CHUNK_LAST_LF,
    CHUNK_OVER,
    CHUNK_BAD,
};

static int
chunk_size_step(struct chunk_scan *scan, char byte)
{
    if (chars_is(byte, CHARS_HEX)) {
        scan->left = scan->left * 16 + chars_hex(byte);
        return ++scan->digits > CHUNK_DIGITS_MAX ? CHUNK_BAD : CHUNK_SIZE;
    }
    if (scan->digits == 0)
        return CHUNK_BAD;
    return byte == '\r' ? CHUNK_SIZE_LF : byte == ';' ? CHUNK_EXTENSION : CHUNK_BAD;
}

/* A step over one byte of framing; the state that follows. */
static int
chunk_step(struct chunk_scan *scan, char byte)
{
    switch (scan->state) {
    case CHUNK_SIZE:
        return chunk_size_step(scan, byte);
    case CHUNK_EXTENSION:
        if (byte == '\r')
            return CHUNK_SIZE_LF;
        return chars_is(byte, CHARS_FIELD) && byte != '\t' ? CHUNK_EXTENSION : CHUNK_BAD;
    case CHUNK_SIZE_LF:
        if (byte != '\n')
            return CHUNK_BAD;
        scan->line = 0;
        return scan->left > 0 ? CHUNK_IN_DATA : CHUNK_TRAILER;
    case CHUNK_DATA_CR:
        return byte == '\r' ? CHUNK_DATA_LF : CHUNK_BAD;
    case CHUNK_DATA_LF:
        scan->digits = 0;
        scan->line = 0;
        return byte == '\n' ? CHUNK_SIZE : CHUNK_BAD;
    case CHUNK_TRAILER:
        if (byte == '\r')
            return CHUNK_LAST_LF;
        return chars_is(byte, CHARS_TOKEN) ? CHUNK_NAME : CHUNK_BAD;
    case CHUNK_NAME:
        if (byte == ':')
            return CHUNK_VALUE;
        return chars_is(byte, CHARS_TOKEN) ? CHUNK_NAME : CHUNK_BAD;
    case CHUNK_VALUE:
        if (byte == '\r')
            return CHUNK_VALUE_LF;
        return chars_is(byte, CHARS_FIELD) ? CHUNK_VALUE : CHUNK_BAD;
    case CHUNK_VALUE_LF:
        return byte == '\n' ? CHUNK_TRAILER : CHUNK_BAD;
    case CHUNK_LAST_LF:
        return byte == '\n' ? CHUNK_OVER : CHUNK_BAD;
    }
    return CHUNK_BAD;
}

static bool
chunk_within_limits(const struct chunk_scan *scan, struct refusal *why)
{
    if (scan->state >= CHUNK_TRAILER && scan->line > CHUNK_TRAIL_MAX)
        return refuse(why, 431, "the trailer fields are larger than 4 KiB");
    if (scan->state < CHUNK_TRAILER && scan->line > CHUNK_LINE_MAX)
        return refuse(why, 400, "a chunk's size line is longer than 256 bytes");
    return true;
}

enum chunk_progress
chunk_scan(struct chunk_scan *scan, const char *data, size_t len, size_t *n,
           struct refusal *why)
{
    if (scan->state == CHUNK_IN_DATA) {
        *n = scan->left < len ? (size_t)scan->left : len;
        scan->left -= *n;
        if (scan->left == 0)
            scan->state = CHUNK_DATA_CR;
        return CHUNK_DATA;
    }
    for (*n = 0; *n < len && scan->state != CHUNK_IN_DATA; ++*n) {
        scan->line++;
        scan->state = chunk_step(scan, data[*n]);
        if (scan->state == CHUNK_BAD) {
            refuse(why, 400, "the chunked body is malformed");
            return CHUNK_REFUSED;
        }
        if (!chunk_within_limits(scan, why))
            return CHUNK_REFUSED;
        if (scan->state == CHUNK_OVER) {
            ++*n;
            return CHUNK_END;
        }
    }
    return CHUNK_FRAMING;
}
