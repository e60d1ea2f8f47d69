/*
 * temp_store.h - a folder of its own for a store's file, gone afterwards.
 */
#ifndef TESTS_SUPPORT_TEMP_STORE_H
#define TESTS_SUPPORT_TEMP_STORE_H

struct temp_store {
    char folder[64];
    char path[96]; /* of the database, which does not exist yet */
};

int temp_store_make(struct temp_store *temp);
void temp_store_clear(struct temp_store *temp);  /* the files */
void temp_store_remove(struct temp_store *temp); /* and the folder */

/* The size of path with a suffix ("-wal"), -1 where there is none. */
long temp_store_size(const struct temp_store *temp, const char *suffix);

#endif
