/*
 * packs.h - the packs that a snapshot is made of.
 *
 *   N1  each file is read once, however often the book names it: what is
 *       hashed, tested and opened are the same bytes.
 *   N2  a pack whose own tests fail does not load.
 */
#ifndef POLICY_PACKS_H
#define POLICY_PACKS_H

#include "gateway/base/hash.h"
#include "policy/goods/goods.h"
#include "policy/host.h"
#include "policy/snapshot.h"

#define PACKS_MAX 256

struct loaded_pack {
    const char *name;
    struct host_pack file;
    uint8_t digest[SHA256_BYTES];
};

/* {0} has none. */
struct packs {
    struct arena arena; /* the files and all below */
    struct loaded_pack list[PACKS_MAX];
    size_t count;
};

/*
 * The text that stands in for the pack, or NAME.json of sources->pack_path, on the
 * arena.  ERROR_NOT_FOUND where there is neither.
 */
int packs_text(const struct snapshot_sources *sources, const char *name, struct arena *arena,
               struct host_pack *out, struct error *err) __attribute__((warn_unused_result));

/* The pack of that name, loaded now or before. */
int packs_load(struct packs *packs, const struct snapshot_sources *sources,
               const struct goods *goods, const char *name, const struct loaded_pack **out,
               struct error *err) __attribute__((warn_unused_result));

/* The texts are gone then; policies opened with them do not need them any more. */
void packs_release(struct packs *packs);

#endif
