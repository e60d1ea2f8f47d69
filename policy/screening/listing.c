/* listing.c - loading, sharing, finding again, and what is said of lists that were refused. */
#include "policy/screening/listing.h"

#include <assert.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "gateway/base/log.h"
#include "gateway/base/metrics.h"
#include "policy/screening/list_folder.h"

#define DIGEST_PREFIX_LEN (sizeof("sha256:") - 1)

struct alarm {
    char name[LIST_NAME_BYTES_MAX + 1];
    char why[ERROR_TEXT_MAX];
};

struct listings {
    struct listings_options options;
    struct listing *held; /* all that somebody holds */
    pthread_mutex_t lock; /* of the alarms */
    struct alarm alarms[LISTINGS_ALARMS_MAX];
    size_t alarm_count;
};

struct listings *
listings_new(const struct listings_options *options)
{
    struct listings *listings = calloc(1, sizeof(*listings));

    if (!listings || pthread_mutex_init(&listings->lock, NULL) != 0)
        abort();
    listings->options = *options;
    return listings;
}

void
listings_free(struct listings *listings)
{
    if (!listings)
        return;
    assert(!listings->held);
    pthread_mutex_destroy(&listings->lock);
    free(listings);
}

const struct listings_options *
listings_options(const struct listings *listings)
{
    return &listings->options;
}

/* -- who is owned -- */

/* Does anything but being a target come into question? */
static bool
has_owners(const struct list *list)
{
    for (size_t i = 0; i < list->entry_count; i++)
        if (list->entries[i].owner_count > 0 || !list->entries[i].listed)
            return true;
    return false;
}

static uint8_t *
states_under(const struct list *list, struct ownership_rule rule)
{
    struct arena arena = {0};
    const struct ownership *owned = ownership_of_list(&arena, list, rule);
    uint8_t *states = malloc(list->entry_count + 1);

    if (!states)
        abort();
    for (size_t i = 0; i < list->entry_count; i++)
        states[i] = (uint8_t)owned[i].state;
    arena_release(&arena);
    return states;
}

static void
states_fill(struct listing *listing)
{
    if (!has_owners(listing->list))
        return;
    for (int at_half = 0; at_half < 2; at_half++)
        for (int by_control = 0; by_control < 2; by_control++)
            listing->states[at_half][by_control] =
                states_under(listing->list, (struct ownership_rule){at_half, by_control});
}

enum ownership_state
listing_state(const struct listing *listing, const struct list_entry *entry,
              struct ownership_rule rule)
{
    const uint8_t *states = listing->states[rule.at_half][rule.by_control];

    return states ? (enum ownership_state)states[entry - listing->list->entries]
                  : OWNERSHIP_LISTED;
}

int
listing_age_days(const struct list *list, int64_t now_ms)
{
    return list_age_days(list, list->published_on[0] ? now_ms : (int64_t)time(NULL) * 1000);
}

/* -- holding -- */

static struct listing *
held_find(const struct listings *listings, const char *name, const char *digest)
{
    struct listing *listing = listings->held;

    while (listing && (strcmp(listing->list->name, name) != 0 ||
                       strcmp(listing->list->digest, digest) != 0))
        listing = listing->next;
    return listing;
}

void
listing_hold(struct listing *listing)
{
    listing->holders++;
}

void
listing_release(struct listing *listing)
{
    struct listing **link;

    if (!listing || --listing->holders > 0)
        return;
    for (link = &listing->of->held; *link != listing; link = &(*link)->next)
        ;
    *link = listing->next;
    screen_free(listing->screen);
    list_free((struct list *)(uintptr_t)listing->list);
    for (int i = 0; i < 4; i++)
        free(listing->states[i / 2][i % 2]);
    free(listing);
}

/* The list becomes a listing, unless there is one of it already (T2); held once more. */
static struct listing *
listing_of(struct listings *listings, struct list *list)
{
    struct listing *listing = held_find(listings, list->name, list->digest);

    if (listing) {
        list_free(list);
        listing_hold(listing);
        return listing;
    }
    listing = calloc(1, sizeof(*listing));
    if (!listing)
        abort();
    listing->list = list;
    listing->screen = screen_new(&listing->list, 1);
    states_fill(listing);
    listing->of = listings;
    listing->holders = 1;
    listing->next = listings->held;
    listings->held = listing;
    return listing;
}

int
listings_load(struct listings *listings, const struct list_order *given,
              const struct listing *before, struct list_faults *faults, struct listing **out,
              struct error *err)
{
    struct list_order order = *given;
    struct error why = {0};
    struct list *list;

    *out = NULL;
    order.entries_before = before ? before->list->entry_count : 0;
    order.names_before = before ? before->list->name_count : 0;
    order.bare = true;
    if (list_load(&order, faults, &list, &why) != 0) {
        listings_alarm(listings, order.name, why.text);
        metric_add(METRIC_LIST_REFUSED_TOTAL, 1);
        return error_set(err, why.code, "list %s: %.500s", order.name, why.text);
    }
    *out = listing_of(listings, list);
    listings_alarm(listings, order.name, NULL);
    metric_add(METRIC_LIST_LOADED_TOTAL, 1);
    return 0;
}

/* -- finding again -- */

const char *
listings_place(const struct listings *listings, const char *name, const char *digest,
               struct arena *arena)
{
    if (!listings->options.folder)
        return NULL;
    return arena_printf(arena, "%s/%s/%s", listings->options.folder, name,
                        digest + DIGEST_PREFIX_LEN);
}

/*
 * T3: what the order leads to, if it is what was asked for.  How many rows it may go without
 * was asked when it came in: whatever the limit is today, it is that list.
 */
static int
find_by(struct listings *listings, const struct list_order *given, const char *digest,
        struct listing **out, struct error *err)
{
    struct list_order order = *given;
    struct list *list;

    order.faults_max = UINT_MAX;
    order.bare = true;
    if (list_load(&order, NULL, &list, err) != 0)
        return -1;
    if (strcmp(list->digest, digest) != 0) {
        list_free(list);
        return error_set(err, ERROR_NOT_FOUND, "what is there is another list");
    }
    *out = listing_of(listings, list);
    return 0;
}

/* Which file it is, and not in which folder: for readers elsewhere. */
static void
tell_without(struct error *err, const char *folder)
{
    size_t len = strlen(folder);
    const char *rest = err->text + len;

    if (strncmp(err->text, folder, len) != 0)
        return;
    rest += strspn(rest, "/: ");
    memmove(err->text, rest, strlen(rest) + 1);
}

static int
find_in_folder(struct listings *listings, const char *name, const char *digest,
               struct listing **out, struct error *err)
{
    struct arena arena = {0};
    const char *place = listings_place(listings, name, digest, &arena);
    struct list_order order = list_order_of(name, &place, 1);
    int rc = -1;

    if (!place || !list_folder_is(place))
        error_set(err, ERROR_NOT_FOUND, "it was not kept");
    else if (list_folder_as_of(&arena, place, &order.as_of, err) == 0)
        rc = find_by(listings, &order, digest, out, err);
    if (rc != 0 && place) {
        log_warn("list.missing", "name=%s place=\"%s\" why=\"%s\"", name, place, err->text);
        tell_without(err, place);
    }
    arena_release(&arena);
    return rc;
}

int
listings_find(struct listings *listings, const char *name, const char *digest,
              struct listing **out, struct error *err)
{
    struct listing *held = held_find(listings, name, digest);
    struct error why = {0};

    *out = held;
    if (held) {
        listing_hold(held);
        return 0;
    }
    if (find_in_folder(listings, name, digest, out, &why) == 0)
        return 0;
    for (size_t i = 0; i < listings->options.order_count; i++)
        if (strcmp(listings->options.orders[i].name, name) == 0 &&
            find_by(listings, &listings->options.orders[i], digest, out, &why) == 0)
            return 0;
    return error_set(err, ERROR_NOT_FOUND,
                     "list %.64s %s is not here any more (%.200s); load the list again", name,
                     digest, why.text);
}

/* -- alarms -- */

static size_t
alarm_place(const struct listings *listings, const char *name)
{
    size_t at = 0;

    while (at < listings->alarm_count && strcmp(listings->alarms[at].name, name) < 0)
        at++;
    return at;
}

static void
alarm_remove(struct listings *listings, size_t at)
{
    listings->alarm_count--;
    memmove(&listings->alarms[at], &listings->alarms[at + 1],
            (listings->alarm_count - at) * sizeof(listings->alarms[0]));
}

static bool
is_held(const struct listings *listings, const char *name)
{
    const struct listing *listing = listings->held;

    while (listing && strcmp(listing->list->name, name) != 0)
        listing = listing->next;
    return listing != NULL;
}

/* The alarm of a list that nobody screens by gives way, before that of one that somebody does. */
static void
alarm_make_room(struct listings *listings)
{
    size_t at = 0;

    while (at < listings->alarm_count && is_held(listings, listings->alarms[at].name))
        at++;
    alarm_remove(listings, at < listings->alarm_count ? at : 0);
}

static void
alarm_set(struct listings *listings, const char *name, const char *why)
{
    size_t at = alarm_place(listings, name);

    if (at == listings->alarm_count || strcmp(listings->alarms[at].name, name) != 0) {
        if (listings->alarm_count == LISTINGS_ALARMS_MAX)
            alarm_make_room(listings);
        at = alarm_place(listings, name);
        memmove(&listings->alarms[at + 1], &listings->alarms[at],
                (listings->alarm_count++ - at) * sizeof(listings->alarms[0]));
        snprintf(listings->alarms[at].name, sizeof(listings->alarms[at].name), "%s", name);
    }
    snprintf(listings->alarms[at].why, sizeof(listings->alarms[at].why), "%s", why);
}

void
listings_alarm(struct listings *listings, const char *name, const char *why)
{
    size_t at;

    pthread_mutex_lock(&listings->lock);
    at = alarm_place(listings, name);
    if (why)
        alarm_set(listings, name, why);
    else if (at < listings->alarm_count && strcmp(listings->alarms[at].name, name) == 0)
        alarm_remove(listings, at);
    pthread_mutex_unlock(&listings->lock);
}

size_t
listings_alarms(struct listings *listings, struct arena *arena,
                const struct listing_alarm **out)
{
    struct listing_alarm *alarms;
    size_t count;

    pthread_mutex_lock(&listings->lock);
    count = listings->alarm_count;
    alarms = arena_alloc(arena, (count + 1) * sizeof(*alarms));
    for (size_t i = 0; i < count; i++) {
        const struct alarm *alarm = &listings->alarms[i];

        alarms[i] = (struct listing_alarm){arena_copy(arena, alarm->name, strlen(alarm->name)),
                                           arena_copy(arena, alarm->why, strlen(alarm->why))};
    }
    pthread_mutex_unlock(&listings->lock);
    *out = alarms;
    return count;
}
