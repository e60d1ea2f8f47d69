/*
 * json_keys.h - has this object had this key before?  And escapes resolved.
 *
 * The json gate asks once a member.  Payments have a dozen members an object,
 * so the first JSON_KEYS_LISTED keys of an object are compared one by one, on
 * the stack.  An object with more of them, or with an escape in a key, moves
 * to a hash table that all such objects of one document share; it is seeded
 * by chance, so that nobody can write a body whose keys all collide.
 *
 *   K1  two keys are equal when they are after escapes are resolved.
 *   K2  the time for n keys of b bytes in all grows as n + b, whatever they are.
 *   K3  memory is taken only by the table, and is proportional to the document.
 *
 * Private to gateway/base.
 */
#ifndef GATEWAY_BASE_JSON_KEYS_H
#define GATEWAY_BASE_JSON_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define JSON_KEYS_LISTED 32

/* What stands between the quotes; valid JSON, escapes and all. */
struct json_key {
    const char *text;
    size_t len;
    uint32_t tag; /* differs: so do the keys */
};

/* The keys of one object that is being read. Only the first two fields need setting. */
struct json_object_keys {
    uint32_t count;
    uint32_t object; /* its number in the table; 0 while the list serves */
    struct json_key list[JSON_KEYS_LISTED];
};

struct json_key_slot;

/* The table of one document. {0} is ready; release it when the document is done. */
struct json_key_table {
    struct json_key_slot *slots;
    size_t capacity; /* a power of two, or 0 */
    size_t used;
    uint64_t seed;
    uint32_t objects; /* numbered so far */
};

/* False if the object has the key already. */
bool json_keys_add(struct json_key_table *table, struct json_object_keys *keys,
                   const char *text, size_t len, bool escaped);

/*
 * What stands between the quotes with its escapes resolved; out has room for
 * len bytes, since no escape is shorter than what it stands for.  Returns the
 * length.
 */
size_t json_resolve(const char *text, size_t len, char *out);

void json_keys_release(struct json_key_table *table);

#endif
