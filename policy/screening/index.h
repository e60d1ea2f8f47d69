/*
 * index.h - the names of lists, found by what a name can agree with.
 *
 * Every word of a list stands under the variants of its skeleton (key.h), under its
 * concept, and joined to its neighbours under the skeleton of both: what word_agree()
 * and the joining of compare.c can pair has a bucket in common.  A query sums, for each
 * name that its words lead to, the most that the two could agree on, and compares in
 * full where that could reach the threshold.
 *
 *   I1  index_find() finds every name whose comparison reaches the threshold, and says
 *       what compare() says; of a name that its source calls weak, INDEX_WEAK of it.
 *   I2  a built index is read-only: threads share it.
 *   I3  the lists outlive the index.
 */
#ifndef POLICY_SCREENING_INDEX_H
#define POLICY_SCREENING_INDEX_H

#include "policy/screening/compare.h"
#include "policy/screening/list.h"

/*
 * Weak names are nicknames, initials, single words: OFAC publishes them for the reader of
 * an entry and does not expect them to be searched for (its FAQ on weak aliases).  They
 * count, but a name that only resembles one is no hit.
 */
#define INDEX_WEAK 0.9f

struct index;

/* A name of a list, and how it agreed. */
struct index_hit {
    uint32_t list;   /* of those that the index was made from */
    uint32_t entry;  /* of the list */
    uint32_t name;   /* of the entry */
    uint32_t record; /* for index_compare() */
    struct comparison how;
    const struct name *listed;
};

/* The caller's, for index_free(). */
struct index *index_new(const struct list *const *lists, size_t count);
void index_free(struct index *index);

/*
 * The hits of a name against all names of its kind, in the order of the lists; *hits is
 * on the arena.  threshold > 0.
 */
size_t index_find(const struct index *index, struct arena *arena, const struct name *name,
                  float threshold, struct index_hit **hits);

/* Whose name a record of a kind is. */
struct index_place {
    uint32_t list, entry;
};
struct index_place index_place(const struct index *index, enum name_kind kind, uint32_t record);

/* Hits again, from their records; as many, on the arena. */
struct index_hit *index_compare(const struct index *index, struct arena *arena,
                                const struct name *name, const uint32_t *records, size_t count);

/* The same by comparing with every name: slow, for tests. */
size_t index_find_all(const struct index *index, struct arena *arena, const struct name *name,
                      float threshold, struct index_hit **hits);

/* Bytes held. */
size_t index_footprint(const struct index *index);

#endif
