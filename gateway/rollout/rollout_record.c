/* rollout_record.c - a head line of JSON, then the text as it is. */
#include "gateway/rollout/rollout_record.h"

#include <stdio.h>
#include <string.h>

#include "gateway/base/json.h"

static const char *const names[ROLLOUT_WHAT_COUNT] = {
    [ROLLOUT_FILE] = "file",         [ROLLOUT_PUT] = "put",
    [ROLLOUT_CHECK] = "check",       [ROLLOUT_SHADOW] = "shadow",
    [ROLLOUT_UNSHADOW] = "unshadow", [ROLLOUT_ACTIVATE] = "activate",
    [ROLLOUT_ROLLBACK] = "rollback", [ROLLOUT_START] = "start",
    [ROLLOUT_RELOAD] = "reload",     [ROLLOUT_RESET] = "reset",
};

const char *
rollout_what_name(enum rollout_what what)
{
    return names[what];
}

struct rollout_record
rollout_record_of(enum rollout_what what)
{
    return (struct rollout_record){
        .what = what,
        .of = "",
        .name = "",
        .digest = "",
        .snapshot = "",
        .note = "",
        .text = "",
    };
}

void
rollout_record_write(const struct rollout_record *record, struct buffer *out)
{
    bool comma = out->comma;
    size_t note = strnlen(record->note, ROLLOUT_NOTE_MAX);

    while (note > 0 && ((unsigned char)record->note[note] & 0xc0) == 0x80)
        note--; /* not through the middle of a character */
    out->comma = false;
    json_open(out, '{');
    json_member(out, "kind", "rollout");
    json_member(out, "what", names[record->what]);
    json_key(out, "at_ms");
    json_int(out, record->at_ms);
    json_member_if(out, "of", record->of);
    json_member_if(out, "name", record->name);
    json_member_if(out, "digest", record->digest);
    json_member_if(out, "snapshot", record->snapshot);
    if (note > 0) {
        json_key(out, "note");
        json_string_n(out, record->note, note);
    }
    json_key(out, "text_bytes");
    json_int(out, (int64_t)record->text_len);
    json_close(out, '}');
    buffer_text(out, "\n");
    buffer_append(out, record->text, record->text_len);
    out->comma = comma;
}

static const char *
text_member(const cJSON *head, const char *name)
{
    const cJSON *member = cJSON_GetObjectItemCaseSensitive(head, name);

    return cJSON_IsString(member) ? member->valuestring : "";
}

static int64_t
number_member(const cJSON *head, const char *name)
{
    const cJSON *member = cJSON_GetObjectItemCaseSensitive(head, name);

    return cJSON_IsNumber(member) ? (int64_t)member->valuedouble : -1;
}

static bool
what_parse(const char *text, enum rollout_what *what)
{
    for (int i = 0; i < ROLLOUT_WHAT_COUNT; i++)
        if (strcmp(text, names[i]) == 0) {
            *what = (enum rollout_what)i;
            return true;
        }
    return false;
}

int
rollout_record_read(const char *body, size_t body_len, struct arena *arena,
                    struct rollout_record *out, struct error *err)
{
    const char *feed = memchr(body, '\n', body_len);
    size_t rest = feed ? body_len - (size_t)(feed + 1 - body) : 0;
    struct error why = {0};
    cJSON *head;

    *out = (struct rollout_record){0};
    if (!feed || json_parse(arena, body, (size_t)(feed - body), &head, &why) != 0 ||
        strcmp(text_member(head, "kind"), "rollout") != 0 ||
        !what_parse(text_member(head, "what"), &out->what))
        return error_set(err, ERROR_INTERNAL,
                         "record: expected a roll-out's head line; found something else%s%s",
                         why.text[0] ? ": " : "", why.text);
    if (number_member(head, "text_bytes") != (int64_t)rest)
        return error_set(err, ERROR_INTERNAL,
                         "record: expected a text of %lld bytes after the head; found %zu",
                         (long long)number_member(head, "text_bytes"), rest);
    out->at_ms = number_member(head, "at_ms");
    out->of = text_member(head, "of");
    out->name = text_member(head, "name");
    out->digest = text_member(head, "digest");
    out->snapshot = text_member(head, "snapshot");
    out->note = text_member(head, "note");
    out->text = feed + 1;
    out->text_len = rest;
    return 0;
}

void
digest_print(const uint8_t digest[SHA256_BYTES], char text[DIGEST_TEXT_SIZE])
{
    strcpy(text, DIGEST_PREFIX);
    hash_hex(digest, SHA256_BYTES, text + strlen(DIGEST_PREFIX));
}

static int
hex_digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool
digest_parse(const char *text, uint8_t digest[SHA256_BYTES])
{
    const char *digits = text + strlen(DIGEST_PREFIX);

    if (strlen(text) != DIGEST_TEXT_SIZE - 1 ||
        strncmp(text, DIGEST_PREFIX, strlen(DIGEST_PREFIX)) != 0)
        return false;
    for (size_t i = 0; i < SHA256_BYTES; i++) {
        int high = hex_digit(digits[2 * i]), low = hex_digit(digits[2 * i + 1]);

        if (high < 0 || low < 0)
            return false;
        digest[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}
