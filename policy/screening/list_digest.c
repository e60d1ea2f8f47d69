/* list_digest.c - an entry laid out as one text, and that text's hash. */
#include "policy/screening/list_digest.h"

#include <string.h>

#include "gateway/base/buffer.h"
#include "policy/screening/list_load.h"

#define LAYOUT_BYTES_FIRST 2048 /* most entries fit */

static void
put_number(struct buffer *out, int64_t number)
{
    buffer_int(out, number);
    buffer_append(out, ";", 1);
}

static void
put_text(struct buffer *out, const char *text)
{
    size_t len = strlen(text);

    buffer_int(out, (int64_t)len);
    buffer_append(out, ":", 1);
    buffer_append(out, text, len);
}

static void
put_texts(struct buffer *out, const char *const *texts, size_t count)
{
    put_number(out, (int64_t)count);
    for (size_t i = 0; i < count; i++)
        put_text(out, texts[i]);
}

static void
put_names(struct buffer *out, const struct list_entry *entry)
{
    put_number(out, (int64_t)entry->name_count);
    for (size_t i = 0; i < entry->name_count; i++) {
        put_text(out, list_name_kind_name(entry->names[i].kind));
        put_text(out, entry->names[i].text);
    }
}

static void
put_identifiers(struct buffer *out, const struct list_entry *entry)
{
    put_number(out, (int64_t)entry->identifier_count);
    for (size_t i = 0; i < entry->identifier_count; i++) {
        put_text(out, entry->identifiers[i].type);
        put_text(out, entry->identifiers[i].value);
        put_text(out, entry->identifiers[i].country);
    }
}

/* The exact share; the other one is made of it. */
static void
put_owners(struct buffer *out, const struct list_entry *entry)
{
    put_number(out, (int64_t)entry->owner_count);
    for (size_t i = 0; i < entry->owner_count; i++) {
        put_text(out, entry->owners[i].owner);
        put_number(out, entry->owners[i].share_exact);
        put_number(out, entry->owners[i].controls != 0);
    }
}

void
list_entry_digest(const struct list_entry *entry, uint8_t digest[SHA256_BYTES])
{
    struct arena arena = {0};
    struct buffer out;

    buffer_init(&out, &arena, LAYOUT_BYTES_FIRST);
    put_text(&out, list_kind_name(entry->kind));
    put_number(&out, entry->listed != 0);
    put_names(&out, entry);
    put_identifiers(&out, entry);
    put_texts(&out, entry->countries, entry->country_count);
    put_texts(&out, entry->born_on, entry->born_on_count);
    put_texts(&out, entry->programs, entry->program_count);
    put_owners(&out, entry);
    put_texts(&out, entry->addresses, entry->address_count);
    put_text(&out, entry->remarks);
    hash_sha256(&(struct hash_part){out.data, out.len}, 1, digest);
    arena_release(&arena);
}
