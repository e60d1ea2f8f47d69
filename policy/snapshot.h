/*
 * snapshot.h - the immutable set in force: book, packs, plugins, lists, kits, goods tables.
 *
 * Built beside live traffic from files, checked whole, then only read: any
 * number of threads may judge by one snapshot at once.  Its name is the
 * SHA-256 over the sorted lines "kind name sha256(file)", so equal names mean
 * equal judgement.
 *
 *   S1  a snapshot that exists is complete: every policy of every regime opened,
 *       and the tests of every pack passed.
 *   S2  nothing in it changes between snapshot_load() and snapshot_free().
 *   S3  the lists that its book requires are there.
 */
#ifndef POLICY_SNAPSHOT_H
#define POLICY_SNAPSHOT_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gateway/base/arena.h"
#include "gateway/base/error.h"
#include "policy/decision.h"
#include "policy/texts.h"

/* Part of the digest: raise it when the same files would judge differently. */
#define SNAPSHOT_ENGINE         "yuangate"
#define SNAPSHOT_ENGINE_VERSION "1.3.0"

struct book;
struct facts_memory;
struct goods;
struct listings;
struct roster;
struct snapshot;

/* Where the files are.  The strings are copied. */
struct snapshot_sources {
    const char *book;        /* a file */
    const char *plugin_path; /* a folder with NAME.so */
    const char *pack_path;   /* a folder with NAME.json, each NAME's "pack" */
    const char *goods_path;  /* a folder: high_priority.json, groups.json, kits/ of *.json */
    const char *const *policies; /* more plugin files, found by the name they export */
    size_t policy_count;
    /*
     * Where lists are loaded and shared; NULL: lists are of no concern, as where a book is
     * only looked at.  Those of its orders count that no text stands in for.
     */
    struct listings *listings;
    const struct snapshot *before; /* whose lists a list may not have shrunk against; NULL */
    struct texts texts; /* go before the files; goods and kits all together or not at all */

    /* Lent to the plugins; gateway/payment/money.h has both.  Never NULL. */
    int (*currency_decimals)(const char *currency);
    int (*money_parse)(const char *value, const char *currency, int64_t *minor);

    /* Lent to the tests and checks of packs; gateway/payment/payment_lent.h.  Never NULL. */
    const struct policy_payment *(*payment_read)(struct arena *arena, const cJSON *json,
                                                 struct error *err);
    bool (*reason_fits)(enum policy_action action, const char *code);
};

/* The goods tables and kits of the texts, where there are any, else of goods_path. */
int snapshot_goods(const struct snapshot_sources *sources, struct arena *arena,
                   struct goods **out, struct error *err) __attribute__((warn_unused_result));

/*
 * One line in err: file, path in it, what was expected and what found.  ERROR_SETUP
 * where a plugin cannot be used: that is not to be mended by another text.
 */
int snapshot_load(const struct snapshot_sources *sources, struct snapshot **out,
                  struct error *err) __attribute__((warn_unused_result));
void snapshot_free(struct snapshot *snapshot); /* takes NULL */

const char *snapshot_digest(const struct snapshot *snapshot);    /* "sha256:" and 64 digits */
const char *snapshot_book_name(const struct snapshot *snapshot); /* "china-2024" */

/*
 * What it is made of, in the order of the lines that name it: sorted by kind and name.
 * Data of books, packs, goods and kits until snapshot_forget_texts(), which is for
 * the one who has loaded it, before others see it.
 */
size_t snapshot_texts(const struct snapshot *snapshot, const struct text **texts);
void snapshot_forget_texts(struct snapshot *snapshot);

/*
 * The banks that no policy judges in the regime of now_ms, "" for none; on the arena.
 * Such a bank holds what it gets, or refuses it if the book's default does: accepting
 * by default is for payments on which every policy had no opinion.
 */
const char *snapshot_unguarded(const struct snapshot *snapshot, int64_t now_ms,
                               struct arena *arena);

/* Which banks and which regimes; as long as the snapshot. */
const struct book *snapshot_book(const struct snapshot *snapshot);

/* The lists it screens by, as long as the snapshot; of none where there is none. */
const struct roster *snapshot_roster(const struct snapshot *snapshot);

/* The goods tables and kits it judges by, as long as the snapshot. */
const struct goods *snapshot_goods_tables(const struct snapshot *snapshot);

/* By its first 8 characters; NULL where the book has no such bank. */
const struct policy_bank *snapshot_bank(const struct snapshot *snapshot, const char *bic);

/*
 * Judge one payment at the bank's time now_ms, chance falling by the seed.
 * Always fills *out: an unknown bank is rejected with RC04, no regime in force
 * or a failing policy holds.  Allocates from the arena alone and takes no lock
 * but the memory's, which is entered when the parties have been screened; NULL:
 * nothing is remembered.
 */
void snapshot_judge(const struct snapshot *snapshot, const struct policy_payment *payment,
                    int64_t now_ms, uint64_t seed, struct facts_memory *memory,
                    struct arena *arena, struct decision *out);

/*
 * Fill what follows, what is asked and the charges of a decision whose action something
 * else has replaced since it was judged; its terms are NULL or still those that hold.
 */
void snapshot_follow(const struct snapshot *snapshot, const struct policy_payment *payment,
                     int64_t now_ms, uint64_t seed, struct arena *arena,
                     struct decision *decision);

/*
 * For moves after the decision, by the book's terms and the same chance: when a payment is
 * credited that is accepted or released at from_ms; what follows from a hold that begins
 * then (at_ms 0: nothing); what a return costs, less than the amount; and a deadline.
 */
void snapshot_settle(const struct snapshot *snapshot, const char *uetr, uint64_t seed,
                     int64_t from_ms, struct course *out);
void snapshot_hold(const struct snapshot *snapshot, const char *uetr, uint64_t seed,
                   int64_t from_ms, struct course *out);
int64_t snapshot_charges(const struct snapshot *snapshot, const char *currency,
                         int64_t amount_minor);
int64_t snapshot_add_bank_days(const struct snapshot *snapshot, int64_t from_ms,
                               unsigned bank_days);

/* For listings: calls each(context, …) for every bank of the book, in its order. */
void snapshot_each_bank(const struct snapshot *snapshot,
                        void (*each)(void *context, const struct policy_bank *bank),
                        void *context);

#endif
