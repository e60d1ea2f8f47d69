/*
 * good_guys_text.c - all exceptions as one text: in one order, with ids of their content.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/base/json.h"
#include "gateway/base/time.h"
#include "policy/screening/good_guys_private.h"

#define ID_TEXTS 8 /* list, entry, name and five of the party */

/* -- in one order -- */

static int
compare_identifiers(const void *a, const void *b)
{
    const struct good_guy_identifier *one = a, *other = b;
    int order = strcmp(one->scheme, other->scheme);

    return order ? order : strcmp(one->value, other->value);
}

/* Those of a party by scheme; how many. */
static size_t
sort_identifiers(const struct good_guy_party *party,
                 struct good_guy_identifier sorted[GOOD_GUY_IDENTIFIERS_MAX])
{
    assert(party->identifier_count <= GOOD_GUY_IDENTIFIERS_MAX);
    for (size_t i = 0; i < party->identifier_count; i++)
        sorted[i] = party->identifiers[i];
    qsort(sorted, party->identifier_count, sizeof(*sorted), compare_identifiers);
    return party->identifier_count;
}

/* The same id in the order of places: qsort() may leave equals in any. */
static int
compare_ids(const void *a, const void *b)
{
    const struct good_guy *one = *(const struct good_guy *const *)a;
    const struct good_guy *other = *(const struct good_guy *const *)b;
    int order = strcmp(one->id, other->id);

    return order ? order : (one > other) - (one < other);
}

static const struct good_guy **
sort_by_id(struct arena *arena, const struct good_guy *list, size_t count)
{
    const struct good_guy **sorted = arena_alloc(arena, count * sizeof(*sorted));

    for (size_t i = 0; i < count; i++)
        sorted[i] = &list[i];
    qsort(sorted, count, sizeof(*sorted), compare_ids);
    return sorted;
}

static struct hash_part
part_of(const char *text)
{
    return (struct hash_part){text, strlen(text) + 1};
}

void
good_guy_id(const struct good_guy *guy, char id[GOOD_GUY_ID_SIZE])
{
    const struct good_guy_party *party = &guy->party;
    struct good_guy_identifier sorted[GOOD_GUY_IDENTIFIERS_MAX];
    size_t count = sort_identifiers(party, sorted), parts = ID_TEXTS;
    struct hash_part all[ID_TEXTS + 2 * GOOD_GUY_IDENTIFIERS_MAX] = {
        part_of(guy->list),      part_of(guy->entry),
        part_of(guy->name),      part_of(party->name),
        part_of(party->country), part_of(party->kind),
        part_of(party->born_on), part_of(party->incorporated_on),
    };
    uint8_t digest[SHA256_BYTES];

    for (size_t i = 0; i < count; i++) {
        all[parts++] = part_of(sorted[i].scheme);
        all[parts++] = part_of(sorted[i].value);
    }
    hash_sha256(all, parts, digest);
    memcpy(id, GOOD_GUY_ID_PREFIX, strlen(GOOD_GUY_ID_PREFIX));
    hash_hex(digest, GOOD_GUY_ID_DIGITS / 2, id + strlen(GOOD_GUY_ID_PREFIX));
}

/* -- all of them -- */

/* E5: the faults of the first exception that has some end the reading. */
static int
read_all(const struct value *all, struct good_guy_faults *faults, struct good_guy *guys,
         struct error *err)
{
    struct value one = {0};

    while (value_next(all, &one)) {
        good_guy_read_stored(&one, guys++, faults);
        if (faults->count > 0)
            return error_set(err, ERROR_INVALID, GOOD_GUYS_TEXT ": %s: %s",
                             faults->list[0].pointer, faults->list[0].detail);
    }
    return 0;
}

static int
make_set(struct arena *arena, const struct good_guy *guys, const struct good_guy **sorted,
         size_t count, struct good_guys **out, struct error *err)
{
    struct good_guys *set;

    for (size_t i = 1; i < count; i++)
        if (strcmp(sorted[i - 1]->id, sorted[i]->id) == 0)
            return error_set(err, ERROR_INVALID,
                             GOOD_GUYS_TEXT
                             ": /good_guys/%td: is /good_guys/%td once more; leave one out",
                             sorted[i] - guys, sorted[i - 1] - guys);
    set = arena_zalloc(arena, sizeof(*set));
    set->list = arena_alloc(arena, count * sizeof(*set->list));
    for (set->count = 0; set->count < count; set->count++)
        set->list[set->count] = *sorted[set->count];
    *out = set;
    return 0;
}

static int
read_set(struct arena *arena, struct arena *scratch, const struct document *document,
         struct good_guys **out, struct error *err)
{
    static const char *const names[] = {"good_guys", NULL};
    struct value root = value_root(document), all = value_member(&root, names[0]);
    struct good_guy_faults faults = {.arena = arena};
    struct good_guy *guys;
    size_t count;

    if (value_object(&root, names, err) != 0 || value_array(&all, 0, GOOD_GUYS_MAX, err) != 0)
        return -1;
    count = (size_t)cJSON_GetArraySize(all.json);
    guys = arena_alloc(scratch, count * sizeof(*guys));
    if (read_all(&all, &faults, guys, err) != 0)
        return -1;
    return make_set(arena, guys, sort_by_id(scratch, guys, count), count, out, err);
}

int
good_guys_read(struct arena *arena, const char *text, size_t len, struct good_guys **out,
               struct error *err)
{
    struct document document = {.path = GOOD_GUYS_TEXT, .text = text, .len = len};
    struct arena scratch = {0};
    struct error why = {0};
    cJSON *root;
    int rc = -1;

    *out = NULL;
    if (len > GOOD_GUYS_BYTES_MAX) {
        error_set(err, ERROR_INVALID, GOOD_GUYS_TEXT ": expected at most %u bytes; found %zu",
                  GOOD_GUYS_BYTES_MAX, len);
        goto out;
    }
    if (json_parse(&scratch, text, len, &root, &why) != 0) {
        error_set(err, why.code, GOOD_GUYS_TEXT ": %s", why.text);
        goto out;
    }
    document.root = root;
    rc = read_set(arena, &scratch, &document, out, err);
out:
    arena_release(&scratch);
    return rc;
}

/* -- writing -- */

static void
write_party(const struct good_guy_party *party, struct buffer *out)
{
    struct good_guy_identifier sorted[GOOD_GUY_IDENTIFIERS_MAX];
    size_t count = sort_identifiers(party, sorted);

    json_open(out, '{');
    json_member(out, "name", party->name);
    json_member(out, "country", party->country);
    json_member_if(out, "kind", party->kind);
    json_member_if(out, "born_on", party->born_on);
    json_member_if(out, "incorporated_on", party->incorporated_on);
    if (count > 0) {
        json_key(out, "identifiers");
        json_open(out, '{');
        for (size_t i = 0; i < count; i++)
            json_member(out, sorted[i].scheme, sorted[i].value);
        json_close(out, '}');
    }
    json_close(out, '}');
}

void
good_guy_members(const struct good_guy *guy, struct buffer *out)
{
    char added_at[INSTANT_TEXT_SIZE], digest[SHA256_HEX_SIZE];

    instant_print(guy->added_at_ms, added_at);
    hash_hex(guy->entry_digest, SHA256_BYTES, digest);
    json_member(out, "id", guy->id);
    json_key(out, "party");
    write_party(&guy->party, out);
    json_member(out, "list", guy->list);
    json_member(out, "entry", guy->entry);
    json_member(out, "name", guy->name);
    json_member(out, "reason", guy->reason);
    json_member(out, "owner", guy->owner);
    json_member(out, "expires_on", guy->expires_on);
    json_member(out, "added_at", added_at);
    json_member(out, "entry_sha256", digest);
}

void
good_guys_write(const struct good_guy *list, size_t count, struct buffer *out)
{
    const struct good_guy **sorted = sort_by_id(out->arena, list, count);

    json_open(out, '{');
    json_key(out, "good_guys");
    json_open(out, '[');
    for (size_t i = 0; i < count; i++) {
        json_open(out, '{');
        good_guy_members(sorted[i], out);
        json_close(out, '}');
    }
    json_close(out, ']');
    json_close(out, '}');
}
