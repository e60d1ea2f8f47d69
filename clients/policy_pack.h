/*
 * policy_pack.h - what the commands about packs share: finding and reading.
 */
#ifndef CLIENTS_POLICY_PACK_H
#define CLIENTS_POLICY_PACK_H

#include "policy/goods/goods.h"
#include "policy/host.h"
#include "policy/snapshot.h"

/* The file that a PACK argument names, read.  All on the arena. */
int policy_pack_find(struct arena *arena, const char *argument, struct host_pack *out,
                     struct error *err) __attribute__((warn_unused_result));

/* The file of a PACK or BOOK argument: what has "book" for its first member is a book. */
int policy_file_find(struct arena *arena, const char *argument, struct host_pack *out,
                     bool *is_book, struct error *err) __attribute__((warn_unused_result));

/* What judging lends from and takes from elsewhere: the shipped goods tables' folder,
 * currencies, the reading of payments.  No book, no plugins, no packs. */
int policy_sources(struct arena *arena, struct snapshot_sources *out, struct error *err)
    __attribute__((warn_unused_result));

/* The same with the plugins, and with the folder of packs: the shipped one where NULL is given.
 * For all but the book. */
int policy_sources_of_books(struct arena *arena, const char *packs,
                            struct snapshot_sources *out, struct error *err)
    __attribute__((warn_unused_result));

/* A payment's JSON; name begins the error, which says the first fault with its JSON Pointer
 * and how many more there are. */
int policy_payment_read(struct arena *arena, const char *name, const char *text, size_t len,
                        const struct policy_payment **out, struct error *err)
    __attribute__((warn_unused_result));

#endif
