/* screening.c - a name at a time: asked for on each list, its hits written out. */
#include "gateway/bank/screening.h"

#include <stdio.h>
#include <string.h>

#include "gateway/bank/screening_answer.h"
#include "policy/screening/name.h"

#define LIST_NAMES_SIZE 200 /* of those in force that a fault names */

/* -- what can be asked for -- */

/* "a, b, c" */
static const char *
list_names(const struct roster *roster, char text[LIST_NAMES_SIZE])
{
    size_t len = 0;

    for (size_t i = 0; i < roster->count && len < LIST_NAMES_SIZE; i++)
        len += (size_t)snprintf(text + len, LIST_NAMES_SIZE - len, "%s%s", i > 0 ? ", " : "",
                                roster->listings[i]->list->name);
    return text;
}

static void
check_lists(const struct asking *asking)
{
    struct screening *screening = asking->screening;
    const struct screening_request *request = &screening->request;
    const struct roster *roster = asking->roster;
    char names[LIST_NAMES_SIZE] = "";

    for (size_t l = 0; l < roster->count; l++)
        screening->asked[l] = request->list_count == 0;
    for (uint32_t i = 0; i < request->list_count; i++) {
        size_t l = 0;

        if (!request->lists[i])
            continue; /* noted as it was read */
        while (l < roster->count &&
               strcmp(roster->listings[l]->list->name, request->lists[i]) != 0)
            l++;
        if (l < roster->count)
            screening->asked[l] = true;
        else
            payment_fault_add(screening->faults, arena_printf(asking->scratch, "/lists/%u", i),
                              "is not in force; the lists are %s", list_names(roster, names));
    }
}

static size_t
letters_and_digits(const char *text)
{
    size_t count = 0;

    for (; *text; text++)
        count += (*text >= '0' && *text <= '9') || (*text >= 'A' && *text <= 'Z') ||
                 (*text >= 'a' && *text <= 'z');
    return count;
}

/* What a name leaves to be compared does not depend on what it is the name of. */
static bool
is_comparable(struct arena *arena, const char *text)
{
    struct name name;

    name_read(arena, text, NAME_COMPANY, &name);
    return name.reading_count > 0;
}

static void
check_question(const struct asking *asking, const struct screening_question *question,
               const char *at)
{
    struct payment_faults *faults = asking->screening->faults;

    if (question->name[0] != '\0' && !is_comparable(asking->scratch, question->name))
        payment_fault_add(faults, arena_printf(asking->scratch, "%s/name", at),
                          "has no letter or digit to compare");
    for (uint32_t i = 0; i < question->identifier_count; i++) {
        const struct policy_identifier *identifier = question->identifiers[i];

        if (letters_and_digits(identifier->value) < SCREEN_NUMBER_LEAST)
            payment_fault_add(
                faults,
                arena_printf(asking->scratch, "%s/identifiers/%s", at, identifier->scheme),
                "must have at least %d letters of A to Z and digits: shorter ones are not "
                "looked for",
                SCREEN_NUMBER_LEAST);
    }
}

/* Y3 */
static void
check(const struct asking *asking)
{
    const struct screening_request *request = &asking->screening->request;

    check_lists(asking);
    for (uint32_t i = 0; i < request->question_count; i++)
        check_question(asking, request->questions[i],
                       request->many ? arena_printf(asking->scratch, "/names/%u", i) : "");
}

/* -- beginning, and beginning again -- */

static int
begin(struct bank *bank, const struct asking *asking, const char *snapshot, struct error *err)
{
    struct screening *screening = asking->screening;

    if (asking->roster->count == 0) /* Y2 */
        return error_set(err, ERROR_BUSY,
                         "no sanctions list is in force, so nothing was screened; --list "
                         "NAME=PATH loads one");
    check(asking);
    if (screening->faults->count > 0)
        return error_set(err, ERROR_INVALID, "the screening is at fault");
    snprintf(screening->snapshot, sizeof(screening->snapshot), "%s", snapshot);
    screening->now_ms = clock_now(bank_clock(bank));
    screening->next = 0;
    screening->answer.len = 0; /* Y1 */
    screening->answer.comma = false;
    screening_write_head(asking);
    return 0;
}

/* -- asking -- */

static bool
is_before(const struct screen_hit *a, const struct screen_hit *b)
{
    if (a->by_identifier != b->by_identifier)
        return a->by_identifier;
    return a->score > b->score;
}

/* Behind those that are as good; the worst goes where there are too many. */
static void
found_put(struct founds *founds, struct found found)
{
    size_t at = founds->count;

    if (at == SCREENING_HITS_MAX) {
        founds->left_out++;
        if (!is_before(found.hit, founds->best[--at].hit))
            return;
    } else {
        founds->count++;
    }
    for (; at > 0 && is_before(found.hit, founds->best[at - 1].hit); at--)
        founds->best[at] = founds->best[at - 1];
    founds->best[at] = found;
}

static enum screen_kind
kind_of(const char *kind)
{
    static const struct {
        const char *name;
        enum screen_kind kind;
    } kinds[] = {
        {"person", SCREEN_PERSON},
        {"company", SCREEN_COMPANY},
        {"bank", SCREEN_COMPANY},
        {"vessel", SCREEN_VESSEL},
    };

    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (strcmp(kinds[i].name, kind) == 0)
            return kinds[i].kind;
    return SCREEN_ANY;
}

static struct screen_party
party_of(const struct screening_question *question, struct arena *arena)
{
    struct screen_identifier *identifiers =
        arena_alloc(arena, (question->identifier_count + 1) * sizeof(*identifiers));

    for (uint32_t i = 0; i < question->identifier_count; i++)
        identifiers[i] = (struct screen_identifier){question->identifiers[i]->scheme,
                                                    question->identifiers[i]->value};
    return (struct screen_party){
        .kind = kind_of(question->kind),
        .names = &question->name,
        .name_count = question->name[0] != '\0',
        .countries = &question->country,
        .country_count = question->country[0] != '\0',
        .born_on = question->born_on,
        .identifiers = identifiers,
        .identifier_count = question->identifier_count,
    };
}

/* The lists as the book has them, or with the one threshold that was asked for. */
static struct roster
roster_asked(const struct asking *asking)
{
    float threshold = (float)asking->screening->request.threshold;
    struct roster roster = *asking->roster;
    struct screen_thresholds *own;

    if (threshold == 0)
        return roster;
    own = arena_alloc(asking->scratch, roster.count * sizeof(*own));
    for (size_t l = 0; l < roster.count; l++)
        for (int k = 0; k < SCREEN_NAME_KINDS; k++)
            own[l].of[k] = threshold;
    roster.thresholds = own;
    return roster;
}

static void
ask(const struct asking *asking, const struct screening_question *question,
    struct founds *founds)
{
    struct roster roster = roster_asked(asking);
    struct screen_party party = party_of(question, asking->scratch);

    for (size_t l = 0; l < roster.count; l++) {
        struct screen_hit *hits;
        size_t count;

        if (!asking->screening->asked[l])
            continue;
        count =
            roster_find(&roster, l, &party, asking->screening->now_ms, asking->scratch, &hits);
        for (size_t i = 0; i < count; i++)
            found_put(founds, (struct found){&hits[i], l});
    }
}

/* -- a name after the other -- */

static void
screen_next(const struct asking *asking)
{
    struct screening *screening = asking->screening;
    const struct screening_question *question = screening->request.questions[screening->next++];
    struct founds *founds = arena_zalloc(asking->scratch, sizeof(*founds));

    ask(asking, question, founds);
    screening_write_name(asking, question->name, founds);
}

/* Between enter and leave. */
static int
screen_in(struct bank *bank, const struct snapshot *active, const struct asking *asking,
          struct error *err)
{
    struct screening *screening = asking->screening;
    const char *digest = snapshot_digest(active);

    if (strcmp(screening->snapshot, digest) != 0 && begin(bank, asking, digest, err) != 0)
        return -1; /* Y1 */
    screen_next(asking);
    if (screening->next < screening->request.question_count)
        return 0;
    screening_write_end(asking);
    screening->done = true;
    return 0;
}

int
bank_screen(struct bank *bank, struct screening *screening, struct error *err)
{
    const struct in_force *force = bank_enter(bank);
    struct arena scratch = {0};
    int rc;

    _Static_assert(SCREENING_LISTS_MAX == LISTINGS_MAX, "a request can name every list");
    if (!force->active)
        rc = error_set(err, ERROR_BUSY, "no policy is in force: %s", force->why);
    else
        rc = screen_in(bank, force->active,
                       &(struct asking){screening, snapshot_roster(force->active), &scratch},
                       err);
    bank_leave();
    arena_release(&scratch);
    return rc;
}
