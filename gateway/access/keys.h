/*
 * keys.h - the keys that are in force: whose is the one that a request brings?
 *
 *   K1  a set of keys is swapped whole; a look-up sees the old one or the new one.
 *   K2  without a file nobody needs a key.  With one everybody does, and with an empty one
 *       nobody gets in.
 *   K3  once keys are needed they are until the gateway ends: a file that is gone or
 *       malformed at a reload changes nothing.
 *   K4  a look-up costs one SHA-256 at most, compares in constant time, and says nothing of
 *       how far a wrong key was right.
 */
#ifndef GATEWAY_ACCESS_KEYS_H
#define GATEWAY_ACCESS_KEYS_H

#include "gateway/access/roles.h"

/* Whose a key is. */
struct access_key {
    const char *name;
    enum access_role role;
    const char *id; /* its public part; NULL: who came without a key */
};

struct keys;

/*
 * Read the file at path, which is kept; NULL: there is none and never will be.  A file that
 * is not there is an error (ERROR_NOT_FOUND) only if it is wanted: somebody named it.
 */
int keys_open(const char *path, bool wanted, struct keys **out, struct error *err)
    __attribute__((warn_unused_result));

/* Does everybody need a key?  From any thread. */
bool keys_are_needed(const struct keys *keys);

/* The file again, from any thread but one at a time.  -1: all stays as it was. */
int keys_reload(struct keys *keys, struct error *err) __attribute__((warn_unused_result));

/* Whose key is the text?  Name and id are on the arena.  False: nobody's. */
bool keys_find(struct keys *keys, const char *text, size_t len, struct arena *arena,
               struct access_key *out);

/* Is what keys_find() found in force still?  Nobody's key is while keys are not needed. */
bool keys_hold(struct keys *keys, const struct access_key *key);

void keys_close(struct keys *keys); /* takes NULL */

#endif
