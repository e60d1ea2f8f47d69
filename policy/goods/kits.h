/*
 * kits.h - which devices the goods of a payment assemble into, alone or with earlier ones.
 *
 * Each line may stand for the parts that its HS code names; where the code
 * names several, the description's words choose among them; where it names
 * none, the words speak alone, but only within a chapter that the part's codes
 * are in.  Each line then fills at most one part of a kit, and the lines are
 * dealt out so that as many required parts as possible are filled.
 *
 *   K1  coverage = required parts filled / required parts, and a kit below its
 *       coverage_min is not reported.  A second line of a part adds nothing.
 *   K2  the order of the lines does not change kits, coverage, parts, missing.
 *   K3  a kit whose lines all serve a better covered kit as well is not
 *       reported beside it: a phone's parts are not also most of a notebook.
 *   K4  kits come best covered first, then with more parts, then by name;
 *       parts in the order of the kit's file.
 *   K5  goods of earlier payments count as if they stood in this one, where that covers a
 *       kit better than this payment alone and this payment has one of the required parts.
 *       A part that this payment has is shown as this payment's.  Of an earlier payment that
 *       is what memory.h keeps: the first MEMORY_LINES_MAX lines that a kit may need, each
 *       with MEMORY_CODE_MAX digits and MEMORY_TEXT_MAX bytes, found by its debtor, contract
 *       and first MEMORY_END_USERS_MAX end users; of all of them MEMORY_PARTS_MAX lines.
 */
#ifndef POLICY_GOODS_KITS_H
#define POLICY_GOODS_KITS_H

#include "gateway/base/arena.h"
#include "policy/goods/goods.h"
#include "policy/memory.h"
#include "policy/policy_plugin.h"

struct kits_found {
    struct policy_goods_fact *lines; /* one for each goods line of the payment */
    const struct policy_kit **kits;
    size_t kit_count;
    size_t across_count; /* of the kits: those that earlier payments have parts of */
    uint32_t *brings;    /* the lines that may be a part of some kit, rising */
    size_t brings_count;
};

/*
 * memory may be NULL; it is asked for goods from since_ms on, if this payment brings
 * anything.  Allocates from the arena alone.
 */
void kits_find(const struct goods *goods, const struct policy_payment *payment,
               struct facts_memory *memory, int64_t since_ms, struct arena *arena,
               struct kits_found *out);

#endif
