/*
 * history_pack.c - a note as bytes, little-endian, for a narrow column of the store.
 *
 *     version, flags, end users, lines    1 byte each
 *     amount                              8, -1: unknown
 *     debtor, creditor, presented         8 each
 *     contract                            8, if the flag says so
 *     end users                           8 each
 *     uetr                                16, if there are lines
 *     lines                               number, digits, bytes (1 each), HS code, description
 */
#include <string.h>

#include "gateway/bank/history_private.h"

#define VERSION      1
#define HAS_CONTRACT 1u

/* What is read of bytes that may end too early. */
struct reading {
    const uint8_t *at;
    size_t left;
    bool short_of;
};

static uint8_t *
put_u64(uint8_t *at, uint64_t value)
{
    for (int i = 0; i < 8; i++)
        at[i] = (uint8_t)(value >> 8 * i);
    return at + 8;
}

static uint64_t
take_u64(struct reading *reading)
{
    uint64_t value = 0;

    if (reading->left < 8) {
        reading->short_of = true;
        reading->left = 0;
        return 0;
    }
    for (int i = 0; i < 8; i++)
        value |= (uint64_t)reading->at[i] << 8 * i;
    reading->at += 8;
    reading->left -= 8;
    return value;
}

static void
take(struct reading *reading, void *out, size_t len)
{
    if (reading->left < len) {
        reading->short_of = true;
        reading->left = 0;
        memset(out, 0, len);
        return;
    }
    memcpy(out, reading->at, len);
    reading->at += len;
    reading->left -= len;
}

static uint8_t *
put_line(uint8_t *at, const struct memory_line *line)
{
    size_t digits = strlen(line->hs_code), bytes = strlen(line->description);

    *at++ = (uint8_t)line->line;
    *at++ = (uint8_t)digits;
    *at++ = (uint8_t)bytes;
    memcpy(at, line->hs_code, digits);
    memcpy(at + digits, line->description, bytes);
    return at + digits + bytes;
}

size_t
history_pack(const struct memory_note *note, uint8_t *out)
{
    const struct memory_keys *keys = &note->keys;
    uint8_t *at = out;

    *at++ = VERSION;
    *at++ = keys->contract != 0 ? HAS_CONTRACT : 0;
    *at++ = (uint8_t)keys->end_user_count;
    *at++ = (uint8_t)note->line_count;
    at = put_u64(at, (uint64_t)note->amount);
    at = put_u64(at, keys->debtor);
    at = put_u64(at, keys->creditor);
    at = put_u64(at, keys->presented);
    if (keys->contract != 0)
        at = put_u64(at, keys->contract);
    for (uint32_t i = 0; i < keys->end_user_count; i++)
        at = put_u64(at, keys->end_users[i]);
    if (note->line_count > 0) {
        memcpy(at, note->uetr, sizeof(note->uetr));
        at += sizeof(note->uetr);
    }
    for (uint32_t i = 0; i < note->line_count; i++)
        at = put_line(at, &note->lines[i]);
    return (size_t)(at - out);
}

static void
take_line(struct reading *reading, struct memory_line *out)
{
    uint8_t head[3];

    take(reading, head, sizeof(head));
    if (head[1] > MEMORY_CODE_MAX || head[2] > MEMORY_TEXT_MAX) {
        reading->short_of = true;
        return;
    }
    out->line = head[0];
    take(reading, out->hs_code, head[1]);
    out->hs_code[head[1]] = '\0';
    take(reading, out->description, head[2]);
    out->description[head[2]] = '\0';
}

int
history_unpack(const uint8_t *packed, size_t len, struct memory_note *out, struct error *err)
{
    struct reading reading = {packed, len, false};
    struct memory_keys *keys = &out->keys;
    uint8_t head[4];

    take(&reading, head, sizeof(head));
    if (reading.short_of || head[0] != VERSION || head[2] > MEMORY_END_USERS_MAX ||
        head[3] > MEMORY_LINES_MAX)
        return error_set(err, ERROR_INTERNAL,
                         "a stored payment's note for the bank's memory cannot be read");
    out->amount = (int64_t)take_u64(&reading);
    keys->debtor = take_u64(&reading);
    keys->creditor = take_u64(&reading);
    keys->presented = take_u64(&reading);
    keys->contract = head[1] & HAS_CONTRACT ? take_u64(&reading) : 0;
    keys->end_user_count = head[2];
    for (uint32_t i = 0; i < head[2]; i++)
        keys->end_users[i] = take_u64(&reading);
    out->line_count = head[3];
    if (head[3] > 0)
        take(&reading, out->uetr, sizeof(out->uetr));
    for (uint32_t i = 0; i < head[3]; i++)
        take_line(&reading, &out->lines[i]);
    if (reading.short_of || reading.left > 0 || !keys->debtor || !keys->creditor ||
        !keys->presented || out->amount < MEMORY_UNKNOWN)
        return error_set(err, ERROR_INTERNAL,
                         "a stored payment's note for the bank's memory cannot be read");
    return 0;
}
