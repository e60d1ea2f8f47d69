/*
 * list_folder.h - a list's own folder: files checked once, then kept as they are.
 *
 *     lists/ofac-sdn/main.csv alt.csv add.csv comments.csv list.json
 *
 * list.json says what was imported and when; the rest is the authority's files, byte
 * for byte, under names that say which is which.
 *
 *   F1  a folder holds a whole list, the old one or the new: it is written aside,
 *       flushed to disk, and exchanged by one rename.
 *   F2  a list that is refused leaves the folder as it was.
 *   F3  a folder with a list.json is what was imported, file for file and byte for byte,
 *       or it is refused: one that lost a file, or was exchanged while it was read.
 */
#ifndef POLICY_SCREENING_LIST_FOLDER_H
#define POLICY_SCREENING_LIST_FOLDER_H

#include <stdbool.h>

#include "policy/screening/list_load.h"

#define LIST_MANIFEST           "list.json"
#define LIST_INCOMING           "incoming" /* beside the versions of a list: files that were put */
#define LIST_MANIFEST_BYTES_MAX (1u << 20)

/*
 * The paths in order of names, on the arena.  Passed over: hidden files, the manifest, folders.
 * *count is 0 where nothing else is there.
 */
int list_folder_files(struct arena *arena, const char *folder, const char *const **paths,
                      size_t *count, struct error *err) __attribute__((warn_unused_result));

/* The folders in it, hidden ones passed over; a path that is no folder has none. */
int list_folder_folders(struct arena *arena, const char *folder, const char *const **paths,
                        size_t *count, struct error *err) __attribute__((warn_unused_result));

bool list_folder_is(const char *path);

/* F3: do these files, names and digests, stand in the folder's manifest?  Without one: yes. */
int list_folder_check(struct arena *arena, const char *folder, const struct list_file *files,
                      size_t count, struct error *err) __attribute__((warn_unused_result));

/* The day that the manifest says the list counts to, on the arena; NULL: all days. */
int list_folder_as_of(struct arena *arena, const char *folder, const char **as_of,
                      struct error *err) __attribute__((warn_unused_result));

/* Where the order's only path is a folder, its files take its place. */
int list_order_expand(struct arena *arena, struct list_order *order, struct error *err)
    __attribute__((warn_unused_result));

/*
 * Load the order's files and, if they pass, make them FOLDER/NAME, NAME being the
 * order's.  A list that is there already is the one in force: its entries and names
 * count for the share by which the new one may have shrunk.  ERROR_CONFLICT: it shrank.
 */
int list_import(const struct list_order *order, const char *folder, struct list_faults *faults,
                struct list **list, struct error *err) __attribute__((warn_unused_result));

/*
 * Make the files that the order led to, and that list was loaded from, FOLDER/AS, AS being
 * made of its digest.  One that is there already gives way: it may have been damaged.
 */
int list_keep(const struct list_order *order, const struct list *list, const char *folder,
              const char *as, struct error *err) __attribute__((warn_unused_result));

#endif
