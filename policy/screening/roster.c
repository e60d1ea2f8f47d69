/* roster.c - everybody that a payment names, asked for on every list. */
#include "policy/screening/roster.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#include "gateway/base/time.h"

#define NOT_INDEXED  (-1)
#define SCORE_DIGITS 1e4
#define HITS_FIRST   8

/* Where in the payment something is: HEAD, or HEAD/INDEX, and what of it was asked for. */
struct place {
    const char *head;
    int index;
    const char *name;   /* "/name" */
    const char *number; /* "/bic"; "/identifiers/": and the type; NULL: it has none */
};

/* One payment's screening, as it goes on. */
struct screening {
    const struct roster *roster;
    struct arena *arena;
    int64_t now_ms;
    bool rule_known;
    struct ownership_rule rule; /* of the day */
    struct policy_hit **hits;
    size_t count, capacity;
    const struct roster_exception *excepted, **excepted_end;
};

double
roster_score(float score)
{
    return round((double)score * SCORE_DIGITS) / SCORE_DIGITS;
}

int
roster_load(struct roster *out, struct listings *listings, struct arena *arena,
            struct error *err)
{
    const struct listings_options *options = listings_options(listings);
    struct listing **opened = arena_alloc(arena, (options->order_count + 1) * sizeof(*opened));

    *out = (struct roster){
        .listings = opened,
        .thresholds =
            arena_zalloc(arena, (options->order_count + 1) * sizeof(*out->thresholds)),
    };
    for (; out->count < options->order_count; out->count++)
        if (listings_load(listings, &options->orders[out->count], NULL, NULL,
                          &opened[out->count], err) != 0)
            return -1;
    return 0;
}

void
roster_release(struct roster *roster)
{
    for (size_t i = 0; i < roster->count; i++)
        listing_release(roster->listings[i]);
    roster->count = 0;
}

struct listing *
roster_named(const struct roster *roster, const char *name)
{
    for (size_t i = 0; i < roster->count; i++)
        if (strcmp(roster->listings[i]->list->name, name) == 0)
            return roster->listings[i];
    return NULL;
}

static struct ownership_rule
rule_on(enum ownership_law law, int64_t now_ms)
{
    char day[DAY_TEXT_SIZE];

    day_print(now_ms, day);
    return ownership_rule_on(law, day);
}

/* Most payments never need it. */
static struct ownership_rule
rule_of(struct screening *screening)
{
    if (!screening->rule_known)
        screening->rule = rule_on(screening->roster->law, screening->now_ms);
    screening->rule_known = true;
    return screening->rule;
}

/* -- hits -- */

static const char *
field_of(struct arena *arena, const struct place *place, const struct screen_hit *hit)
{
    const char *head = place->head;
    const char *what = hit->by_identifier ? place->number : place->name;
    bool typed = hit->by_identifier && what[strlen(what) - 1] == '/';

    if (place->index != NOT_INDEXED)
        head = arena_printf(arena, "%s/%d", head, place->index);
    return arena_printf(arena, "%s%s%s", head, what, typed ? hit->query_type : "");
}

static void
hit_add(struct screening *screening, struct policy_hit hit)
{
    struct policy_hit *added = arena_alloc(screening->arena, sizeof(*added));

    if (screening->count == screening->capacity) {
        size_t capacity = screening->capacity ? 2 * screening->capacity : HITS_FIRST;

        screening->hits = arena_grow(screening->arena, screening->hits,
                                     screening->capacity * sizeof(*screening->hits),
                                     capacity * sizeof(*screening->hits));
        screening->capacity = capacity;
    }
    *added = hit;
    screening->hits[screening->count++] = added;
}

/* R3: those that stand on the list for others' sake are left out. */
static size_t
hits_that_count(const struct listing *listing, struct ownership_rule rule,
                struct screen_hit *hits, size_t count)
{
    size_t kept = 0;

    for (size_t i = 0; i < count; i++)
        if (listing_state(listing, hits[i].entry, rule) != OWNERSHIP_FREE)
            hits[kept++] = hits[i];
    return kept;
}

size_t
roster_find(const struct roster *roster, size_t listing, struct screen_party *party,
            int64_t now_ms, struct arena *arena, struct screen_hit **hits)
{
    size_t count;

    party->thresholds = &roster->thresholds[listing];
    count = screen_find(roster->listings[listing]->screen, arena, party, hits);
    return count == 0 ? 0
                      : hits_that_count(roster->listings[listing], rule_on(roster->law, now_ms),
                                        *hits, count);
}

enum ownership_state
roster_state(const struct roster *roster, size_t listing, const struct list_entry *entry,
             int64_t now_ms)
{
    return listing_state(roster->listings[listing], entry, rule_on(roster->law, now_ms));
}

static struct policy_hit
policy_hit_of(struct arena *arena, const struct place *place, const struct screen_hit *hit)
{
    return (struct policy_hit){.size = sizeof(struct policy_hit),
                               .list = hit->list,
                               .entry = hit->entry->id,
                               .field = field_of(arena, place, hit),
                               .query = hit->query_normal,
                               .matched = hit->matched_normal,
                               .score = roster_score(hit->score)};
}

/* A party that lists are asked for, and as exceptions know it. */
struct asking {
    struct screening *screening;
    const struct place *place;
    const struct good_guy_party *as_known;
};

static bool
is_excepted(void *context, const struct screen_hit *hit)
{
    const struct asking *asking = context;
    struct screening *screening = asking->screening;
    struct roster_exception *exception;
    const struct good_guy *good_guy;
    char day[DAY_TEXT_SIZE];

    day_print(screening->now_ms, day);
    good_guy = good_guys_find(screening->roster->good_guys, hit, asking->as_known, day);
    if (!good_guy)
        return false;
    exception = arena_alloc(screening->arena, sizeof(*exception));
    *exception = (struct roster_exception){
        .hit = policy_hit_of(screening->arena, asking->place, hit), .good_guy = good_guy->id};
    *screening->excepted_end = exception;
    screening->excepted_end = &exception->next;
    return true;
}

/* Ask every list for one party. */
static void
ask(struct screening *screening, const struct screen_party *party, const struct place *place,
    const struct good_guy_party *as_known)
{
    const struct roster *roster = screening->roster;
    struct asking asking = {screening, place, as_known};
    struct screen_party asked = *party;

    if (roster->good_guys && as_known) {
        asked.excepts = is_excepted;
        asked.context = &asking;
    }
    for (size_t l = 0; l < roster->count; l++) {
        struct screen_hit *hits;
        size_t count;

        asked.thresholds = &roster->thresholds[l];
        count = screen_find(roster->listings[l]->screen, screening->arena, &asked, &hits);
        if (count > 0)
            count = hits_that_count(roster->listings[l], rule_of(screening), hits, count);
        for (size_t i = 0; i < count; i++)
            hit_add(screening, policy_hit_of(screening->arena, place, &hits[i]));
    }
}

static void
ask_name(struct screening *screening, enum screen_kind kind, const char *name,
         const struct place *place)
{
    struct screen_party party = {.kind = kind, .names = &name, .name_count = 1, .born_on = ""};
    const struct good_guy_party as_known = {
        .name = name, .country = "", .kind = "", .born_on = "", .incorporated_on = ""};

    if (name[0] != '\0')
        ask(screening, &party, place, &as_known);
}

/* -- owners -- */

/* What was found of an owner: hits from first on, up to end. */
struct owner_hits {
    size_t first, end;
};

/* The best of them by this list; NULL: it does not have him. */
static const struct policy_hit *
best_by(const struct screening *screening, const struct owner_hits *found, const char *list)
{
    const struct policy_hit *best = NULL;

    for (size_t i = found->first; i < found->end; i++)
        if (strcmp(screening->hits[i]->list, list) == 0 &&
            (!best || screening->hits[i]->score > best->score))
            best = screening->hits[i];
    return best;
}

/* Blocked owners hold half of it: a hit by the largest of them, as sure as the least sure. */
static void
hit_by_owners(struct screening *screening, const struct policy_party *party, const char *head,
              const struct policy_hit *const *by_owner)
{
    const struct policy_hit *largest = NULL;
    uint32_t share = 0;
    double score = 1;

    for (size_t i = 0; i < party->owner_count; i++) {
        if (!by_owner[i])
            continue;
        score = fmin(score, by_owner[i]->score);
        if (largest && party->owners[i]->share_millionths <= share)
            continue;
        largest = by_owner[i];
        share = party->owners[i]->share_millionths;
    }
    if (largest) /* a party that is held has a holder */
        hit_add(screening, (struct policy_hit){.size = sizeof(struct policy_hit),
                                               .list = largest->list,
                                               .entry = largest->entry,
                                               .field = head,
                                               .query = party->name,
                                               .matched = largest->matched,
                                               .score = score});
}

/* Do those whom this list blocks hold the party?  Nobody is blocked by two lists' halves. */
static void
add_up_owners(struct screening *screening, const struct policy_party *party, const char *head,
              const struct owner_hits *found, const char *list)
{
    size_t count = party->owner_count;
    const struct policy_hit **by_owner =
        arena_alloc(screening->arena, count * sizeof(*by_owner));
    struct ownership_holder *holders = arena_alloc(screening->arena, count * sizeof(*holders));

    for (size_t i = 0; i < count; i++) {
        by_owner[i] = best_by(screening, &found[i], list);
        holders[i] = (struct ownership_holder){
            .share = OWNERSHIP_SHARE_OF_MILLIONTHS(party->owners[i]->share_millionths),
            .blocked = by_owner[i] != NULL};
    }
    if (ownership_of_party(holders, count, rule_of(screening)).state != OWNERSHIP_FREE)
        hit_by_owners(screening, party, head, by_owner);
}

static void
ask_owners(struct screening *screening, const struct policy_party *party, const char *head)
{
    struct owner_hits *found =
        arena_alloc(screening->arena, party->owner_count * sizeof(*found));
    const struct roster *roster = screening->roster;
    size_t before = screening->count;

    for (size_t i = 0; i < party->owner_count; i++) {
        const struct place place = {head, (int)i, "/name", NULL};

        found[i].first = screening->count;
        ask_name(screening, SCREEN_PARTY, party->owners[i]->name, &place);
        found[i].end = screening->count;
    }
    for (size_t l = 0; l < roster->count && screening->count > before; l++)
        add_up_owners(screening, party, head, found, roster->listings[l]->list->name);
}

/* -- whom a payment names -- */

static const struct {
    const char *head, *owners;
    size_t offset; /* of a pointer to the party in struct policy_payment */
} parties[] = {
    {"debtor", "debtor/owners", offsetof(struct policy_payment, debtor)},
    {"ultimate_debtor", "ultimate_debtor/owners",
     offsetof(struct policy_payment, ultimate_debtor)},
    {"creditor", "creditor/owners", offsetof(struct policy_payment, creditor)},
    {"ultimate_creditor", "ultimate_creditor/owners",
     offsetof(struct policy_payment, ultimate_creditor)},
};

static enum screen_kind
kind_of(const char *kind)
{
    return strcmp(kind, "person") == 0    ? SCREEN_SAID_PERSON
           : strcmp(kind, "company") == 0 ? SCREEN_SAID_COMPANY
                                          : SCREEN_PARTY;
}

static void
ask_party(struct screening *screening, const struct policy_party *party, const char *head,
          const char *owners)
{
    const struct place place = {head, NOT_INDEXED, "/name", "/identifiers/"};
    struct screen_identifier *identifiers = NULL;
    struct good_guy_identifier *known = NULL;
    struct good_guy_party as_known = {
        .name = party->name,
        .country = party->country,
        .kind = party->kind,
        .born_on = party->born_on,
        .incorporated_on = party->incorporated_on,
        .identifier_count = party->identifier_count,
    };
    struct screen_party asked = {
        .kind = kind_of(party->kind),
        .names = &party->name,
        .name_count = party->name[0] != '\0',
        .countries = &party->country,
        .country_count = party->country[0] != '\0',
        .born_on = party->born_on,
    };

    if (party->identifier_count > 0) {
        identifiers =
            arena_alloc(screening->arena, party->identifier_count * sizeof(*identifiers));
        known = arena_alloc(screening->arena, party->identifier_count * sizeof(*known));
    }
    for (size_t i = 0; i < party->identifier_count; i++) {
        const struct policy_identifier *own = party->identifiers[i];

        identifiers[i] = (struct screen_identifier){own->scheme, own->value};
        known[i] = (struct good_guy_identifier){own->scheme, own->value};
    }
    as_known.identifiers = known;
    asked.identifiers = identifiers;
    asked.identifier_count = party->identifier_count;
    if (asked.name_count + asked.identifier_count > 0)
        ask(screening, &asked, &place, &as_known);
    if (party->owner_count > 0)
        ask_owners(screening, party, owners);
}

static void
ask_agent(struct screening *screening, const struct policy_agent *agent, const char *head,
          int index)
{
    const struct place place = {head, index, "/name", "/bic"};
    const struct screen_identifier bic = {"bic", agent->bic};
    struct screen_party asked = {
        .kind = SCREEN_COMPANY,
        .names = &agent->name,
        .name_count = agent->name[0] != '\0',
        .countries = &agent->country,
        .country_count = agent->country[0] != '\0',
        .born_on = "",
        .identifiers = &bic,
        .identifier_count = agent->bic[0] != '\0',
    };

    if (asked.name_count + asked.identifier_count > 0)
        ask(screening, &asked, &place, NULL); /* a bank is known by its BIC */
}

static void
ask_vessels(struct screening *screening, const struct policy_payment *payment)
{
    for (uint32_t i = 0; i < payment->vessel_count; i++) {
        const struct policy_vessel *vessel = payment->vessels[i];
        const struct place place = {"trade/vessels", (int)i, "/name", "/imo"};
        const struct screen_identifier imo = {"imo", vessel->imo};
        struct screen_party asked = {
            .kind = SCREEN_VESSEL,
            .names = &vessel->name,
            .name_count = vessel->name[0] != '\0',
            .countries = &vessel->flag,
            .country_count = vessel->flag[0] != '\0',
            .born_on = "",
            .identifiers = &imo,
            .identifier_count = vessel->imo[0] != '\0',
        };

        ask(screening, &asked, &place, NULL);
    }
}

/* The lines of an invoice mostly have one end user: each is asked for where he is first. */
static void
ask_end_users(struct screening *screening, const struct policy_payment *payment)
{
    for (uint32_t i = 0; i < payment->goods_count; i++) {
        const char *name = payment->goods[i]->end_user;
        const struct place place = {"goods", (int)i, "/end_user", NULL};
        uint32_t first = 0;

        while (first < i && strcmp(payment->goods[first]->end_user, name) != 0)
            first++;
        if (first == i)
            ask_name(screening, SCREEN_PARTY, name, &place);
    }
}

/* The best first; stable, and few. */
static void
hits_sort(struct screening *screening)
{
    for (size_t i = 1; i < screening->count; i++) {
        struct policy_hit *hit = screening->hits[i];
        size_t at = i;

        for (; at > 0 && hit->score > screening->hits[at - 1]->score; at--)
            screening->hits[at] = screening->hits[at - 1];
        screening->hits[at] = hit;
    }
}

void
roster_screen(const struct roster *roster, const struct policy_payment *payment, int64_t now_ms,
              struct arena *arena, struct roster_hits *out)
{
    struct screening screening = {.roster = roster, .arena = arena, .now_ms = now_ms};

    screening.excepted_end = &screening.excepted;
    for (size_t i = 0; i < sizeof(parties) / sizeof(parties[0]); i++) {
        const struct policy_party *party;

        memcpy(&party, (const char *)payment + parties[i].offset, sizeof(party));
        ask_party(&screening, party, parties[i].head, parties[i].owners);
    }
    ask_agent(&screening, payment->debtor_agent, "debtor_agent", NOT_INDEXED);
    for (uint32_t i = 0; i < payment->intermediary_agent_count; i++)
        ask_agent(&screening, payment->intermediary_agents[i], "intermediary_agents", (int)i);
    ask_agent(&screening, payment->creditor_agent, "creditor_agent", NOT_INDEXED);
    ask_vessels(&screening, payment);
    ask_end_users(&screening, payment);
    hits_sort(&screening);
    *out = (struct roster_hits){
        .list = (const struct policy_hit *const *)screening.hits,
        .count = screening.count,
        .excepted = screening.excepted,
    };
}
