/*
 * fingerprints.h - which uetr and which key is known, without asking the disk.
 *
 * A UNIQUE index on random uetrs costs a store more than all the rest.  So the
 * set is in memory: fingerprint -> sequence numbers, in shards with a lock
 * each, rebuilt at start from the store's narrow columns.  Two different
 * things may share a fingerprint; the caller reads the entry and compares.
 *
 *   F1  of several claims of one fingerprint at once exactly one gets CLAIMED;
 *       the others get IN_FLIGHT until it is settled or abandoned.
 *   F2  settled fingerprints are never forgotten.
 *   F3  at most 16 bytes of memory for each settled fingerprint besides
 *       FINGERPRINTS_FIXED_BYTES, shards' growth included (measured by a test).
 *
 * A settled fingerprint is a slot of 8 bytes: 40 bits of seq and 24 bits of
 * the mixed fingerprint, beside the 8 bits that chose the shard.  So a new
 * fingerprint meets a false match once in 2^32 / count claims (one in 4,000
 * with a million settled), which costs the caller one read.
 */
#ifndef GATEWAY_STORE_FINGERPRINTS_H
#define GATEWAY_STORE_FINGERPRINTS_H

#include <stddef.h>
#include <stdint.h>

#define FINGERPRINT_SEQ_MAX     ((1ULL << 40) - 1)
#define FINGERPRINT_MATCHES_MAX 8

#define FINGERPRINTS_FIXED_BYTES 1114112 /* one page for each shard, and the shards */

enum fingerprint_claim {
    FINGERPRINT_CLAIMED,   /* new, and now in flight: settle or abandon it */
    FINGERPRINT_IN_FLIGHT, /* another request has it */
    FINGERPRINT_KNOWN,     /* matches[0..count) may be it */
};

struct fingerprints;

/*
 * An empty set; aborts when out of memory.  Where a fingerprint goes depends on
 * a number drawn at start, so that nobody can choose uetrs that meet; the other
 * form takes that number, for tests.
 */
struct fingerprints *fingerprints_new(void);
struct fingerprints *fingerprints_new_salted(uint64_t salt);
void fingerprints_free(struct fingerprints *set);

/*
 * Claim a fingerprint.  refuted: seqs that the caller has already read and
 * found to be something else; they do not count as known.  What is known shows
 * before what is in flight, so that a replay is answered while a stranger with
 * the same fingerprint is being decided.
 */
enum fingerprint_claim fingerprints_claim(struct fingerprints *set, uint64_t fingerprint,
                                          const uint64_t *refuted, size_t refuted_count,
                                          uint64_t matches[FINGERPRINT_MATCHES_MAX],
                                          size_t *count);

/* Only look: the seqs that may be it; in-flight ones do not show. */
size_t fingerprints_find(struct fingerprints *set, uint64_t fingerprint,
                         uint64_t matches[FINGERPRINT_MATCHES_MAX]);

/* The claim ends well: known under seq from now on. */
void fingerprints_settle(struct fingerprints *set, uint64_t fingerprint, uint64_t seq);
/* The claim ends badly: as if it had never been. */
void fingerprints_abandon(struct fingerprints *set, uint64_t fingerprint);
/* At start, single-threaded. */
void fingerprints_load(struct fingerprints *set, uint64_t fingerprint, uint64_t seq);

size_t fingerprints_count(const struct fingerprints *set);
size_t
fingerprints_bytes(const struct fingerprints *set); /* held from the system, all in all */

#endif
