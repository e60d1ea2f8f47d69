/*
 * book_analysis.h - what is wrong with a book and what is odd, for `yuanctl policy check`.
 *
 *   A1  an error keeps a gateway from loading the book; without one it loads.  A warning
 *       is something that its author did not mean; a note may be meant.
 *   A2  what is said of rules holds for every payment, NaN and hash collisions aside;
 *       what is not said may still be so.
 *   A3  the same files give the same findings in the same order: errors, the book from
 *       top to bottom, its rules, the folder of packs.
 *
 *   error     whatever the book or a pack that it names cannot be loaded for
 *   warning   dropped       a class, a bank or "*" has policies in one regime and is not
 *                           even named in the next; an empty list says that it is meant
 *             left out      a pack that a class has before and after, and not in between
 *             no policy     at the banks of a class (a note where an empty list says so)
 *             twice         one pack with the same parameters in one chain
 *             for nobody    a pack that judges no bank of the book
 *             undisclosed   an end in "terms" whose reason the payer would read
 *             contradiction a rule accepts and one of another pack in its chain refuses,
 *                           where one of the two conditions holds whenever the other does
 *             outdone       wherever a rule judges, one of another pack that is stricter,
 *                           or as strict and asked before it, fires whenever it does
 *   note      outdone       the same, in some of the places where it judges
 *             no banks      a list for a class that no bank of the book is of
 *             unused        a file in the folder of packs that the book does not name
 */
#ifndef POLICY_BOOK_ANALYSIS_H
#define POLICY_BOOK_ANALYSIS_H

#include "policy/goods/goods.h"
#include "policy/snapshot.h"

#define BOOK_FINDINGS_MAX    1000     /* a note says that there are more */
#define BOOK_VARIANTS_MAX    1000     /* packs, each with the parameters that the book sets */
#define BOOK_CHAINS_MAX      2000     /* different lists of packs that are looked into */
#define BOOK_COMPARISONS_MAX 50000000 /* of a rule with a rule; a note says where it ended */

enum book_severity { BOOK_NOTE, BOOK_WARNING, BOOK_ERROR, BOOK_SEVERITY_COUNT };

/* The book's file or a pack's. */
struct book_finding {
    enum book_severity severity;
    const char *path;
    const char *rule;      /* its id; "" where it is about none */
    uint32_t line, column; /* 0: the file as a whole */
    const char *sentence;
};

/*
 * The findings about sources->book, whose text it is; on the arena.  Their number
 * is the result.  text is NUL-terminated.
 */
size_t book_analyse(const struct snapshot_sources *sources, const char *text, size_t len,
                    const struct goods *goods, struct arena *arena,
                    const struct book_finding **findings);

#endif
