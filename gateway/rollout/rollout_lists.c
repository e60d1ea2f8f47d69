/*
 * rollout_lists.c - sanctions lists: what has come in becomes a version, and what is told.
 *
 *     FOLDER/NAME/incoming/   files as they are put, one by one
 *                .taking/     the same, while they are looked at: nothing is added to it
 *                DIGITS/      a version, whole, for good (policy/screening/list_folder.h)
 *
 * The store has the sums of a version's files; that they are in FOLDER comes first.
 * Another gateway may have the same FOLDER: who touches .taking has FOLDER/NAME locked.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gateway/base/log.h"
#include "gateway/rollout/rollout_private.h"
#include "policy/screening/list_folder.h"
#include "policy/screening/roster.h"

#define LIST_TAKING ".taking"

/* The list of that name in force; NULL: none is. */
static struct listing *
listing_in_force(const struct rollout *rollout, const char *name)
{
    const struct snapshot *active = rollout->current->active;

    return active ? roster_named(snapshot_roster(active), name) : NULL;
}

/* -- folders -- */

struct places {
    const char *list, *incoming, *taking; /* folders */
};

static bool
places_of(const struct rollout *rollout, const char *name, struct arena *arena,
          struct places *places)
{
    const char *folder = listings_options(rollout->sources->listings)->folder;

    if (!folder)
        return false;
    places->list = arena_printf(arena, "%s/%s", folder, name);
    places->incoming = arena_printf(arena, "%s/" LIST_INCOMING, places->list);
    places->taking = arena_printf(arena, "%s/" LIST_TAKING, places->list);
    return true;
}

static const char *
base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

/* To be closed; -1 and errno: EWOULDBLOCK where another gateway has it. */
static int
list_lock(const struct places *places)
{
    int fd = open(places->list, O_RDONLY | O_DIRECTORY | O_CLOEXEC), why;

    if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB) == 0)
        return fd;
    why = errno;
    close(fd);
    errno = why;
    return -1;
}

/* Files that were looked at go back, but for those that were put again since. */
static void
give_back(const struct places *places, struct arena *arena)
{
    struct error err = {0};
    const char *const *paths;
    size_t count;

    if (list_folder_files(arena, places->taking, &paths, &count, &err) != 0)
        return;
    mkdir(places->incoming, 0755); /* mostly it is there */
    for (size_t i = 0; i < count; i++) {
        const char *to = arena_printf(arena, "%s/%s", places->incoming, base_name(paths[i]));

        if (renameat2(AT_FDCWD, paths[i], AT_FDCWD, to, RENAME_NOREPLACE) != 0 &&
            errno == EEXIST)
            unlink(paths[i]);
    }
    rmdir(places->taking);
}

static void
throw_away(const struct places *places, struct arena *arena)
{
    struct error err = {0};
    const char *const *paths;
    size_t count;

    if (list_folder_files(arena, places->taking, &paths, &count, &err) != 0)
        return;
    for (size_t i = 0; i < count; i++)
        unlink(paths[i]);
    rmdir(places->taking);
}

/* What a load had taken that was killed; of one that is under way elsewhere, nothing. */
static void
give_back_left(const struct places *places, struct arena *arena)
{
    int lock = list_lock(places);

    if (lock < 0)
        return;
    give_back(places, arena);
    close(lock);
}

/* Whole files in incoming, by name; uploads under way are hidden. */
static size_t
whole_files(const struct places *places, struct arena *arena, const char *const **paths)
{
    struct error err = {0};
    size_t count;

    return list_folder_files(arena, places->incoming, paths, &count, &err) == 0 ? count : 0;
}

/* One by one: an upload under way stays where it is, and ends there. */
static int
take_files(const struct places *places, const char *const *paths, size_t count,
           struct arena *arena, struct error *err)
{
    if (mkdir(places->taking, 0755) != 0 && errno != EEXIST)
        return error_set(err, ERROR_INTERNAL, "%s: %s", places->taking, strerror(errno));
    for (size_t i = 0; i < count; i++)
        if (rename(paths[i],
                   arena_printf(arena, "%s/%s", places->taking, base_name(paths[i]))) != 0)
            return error_set(err, ERROR_INTERNAL, "%s: %s", paths[i], strerror(errno));
    return 0;
}

/* What has come in, that of a load that was killed too. */
static size_t
incoming_files(const struct places *places, struct arena *arena, const char *const **paths)
{
    give_back_left(places, arena);
    return whole_files(places, arena, paths);
}

/* -- what has come in -- */

/* Every row that made no sense: why the list is refused, or what it goes without. */
static void
tell_faults(struct rollout_request *request, const struct list_faults *faults,
            const char *severity)
{
    size_t count =
        faults->count < LIST_FAULTS_SHOWN_MAX ? faults->count : LIST_FAULTS_SHOWN_MAX;
    struct rollout_finding *findings =
        arena_alloc(request->arena, (count + 1) * sizeof(*findings));

    for (size_t i = 0; i < count; i++) {
        const struct list_fault *fault = &faults->shown[i];

        findings[i] = (struct rollout_finding){
            .severity = severity,
            .file = arena_copy(request->arena, fault->file, strlen(fault->file)),
            .line = fault->line,
            .column = fault->column,
            .rule = "",
            .sentence = arena_copy(request->arena, fault->text, strlen(fault->text)),
        };
    }
    request->findings = findings;
    request->finding_count = count;
}

/* Load it and keep its files under its digest; *out is held. */
static int
load_taken(struct rollout *rollout, struct rollout_request *request,
           const struct places *places, struct listing **out, struct error *err)
{
    struct listings *listings = rollout->sources->listings;
    struct list_order order = list_order_of(request->name, &places->taking, 1);
    struct list_faults faults;

    order.as_of = request->as_of && request->as_of[0] ? request->as_of : NULL;
    order.shrink_percent_max = request->shrink_percent != ROLLOUT_SHRINK_USUAL
                                   ? request->shrink_percent
                                   : listings_options(listings)->shrink_percent_max;
    order.faults_max = listings_options(listings)->faults_max;
    if (listings_load(listings, &order, listing_in_force(rollout, request->name), &faults, out,
                      err) != 0) {
        tell_faults(request, &faults, "error");
        log_warn("rollout.list_refused", "name=%s why=\"%s\"", request->name, err->text);
        return -1;
    }
    tell_faults(request, &faults, "warning");
    if (list_keep(&order, (*out)->list, places->list,
                  (*out)->list->digest + strlen(DIGEST_PREFIX), err) == 0)
        return 0;
    listing_release(*out);
    *out = NULL;
    return -1;
}

/* A list that is loaded has passed. */
static int
put_taken(struct rollout *rollout, const struct list *list, struct error *err)
{
    return rollout_put_checked(rollout, ROLLOUT_LIST, list->name, list->digest, list->sums,
                               list->sums_len, err);
}

/* *held NULL: nothing has come in. */
static int
take_locked(struct rollout *rollout, struct rollout_request *request,
            const struct places *places, struct listing **held, struct error *err)
{
    const char *const *paths;
    size_t count;

    give_back(places, request->arena); /* of a load that was killed */
    count = whole_files(places, request->arena, &paths);
    if (count == 0)
        return 0;
    if (take_files(places, paths, count, request->arena, err) != 0 ||
        load_taken(rollout, request, places, held, err) != 0 ||
        put_taken(rollout, (*held)->list, err) != 0) {
        give_back(places, request->arena);
        return -1;
    }
    throw_away(places, request->arena);
    return 0;
}

static int
take(struct rollout *rollout, struct rollout_request *request, struct listing **held,
     struct error *err)
{
    struct places places;
    int lock, rc;

    *held = NULL;
    if (!places_of(rollout, request->name, request->arena, &places))
        return 0;
    lock = list_lock(&places);
    if (lock < 0 && errno == ENOENT)
        return 0;
    if (lock < 0)
        return errno == EWOULDBLOCK
                   ? error_set(err, ERROR_BUSY,
                               "another gateway with the same folder is loading list \"%s\"; "
                               "try again in a moment",
                               request->name)
                   : error_set(err, ERROR_INTERNAL, "%s: %s", places.list, strerror(errno));
    rc = take_locked(rollout, request, &places, held, err);
    close(lock);
    return rc;
}

/* A list of which nothing is known and nothing has come in. */
static bool
is_unheard_of(struct rollout *rollout, struct rollout_request *request)
{
    if (catalogue_name(&rollout->catalogue, ROLLOUT_LIST, request->name))
        return false;
    rollout_fail(request, ROLLOUT_NOT_FOUND, ERROR_NOT_FOUND,
                 "there is no list \"%s\" and no file of it; PUT its files to "
                 "/v1/lists/%s/files/FILE first",
                 request->name, request->name);
    return true;
}

/* A day is read of files.  Without any, the candidate would be another day's. */
static bool
is_day_of_nothing(struct rollout_request *request)
{
    if (!request->as_of || request->as_of[0] == '\0')
        return false;
    rollout_fail(request, ROLLOUT_CONFLICT, ERROR_CONFLICT,
                 "no file of list \"%s\" has come in that could be read as of %s; PUT them "
                 "again",
                 request->name, request->as_of);
    return true;
}

/* Of what has not come in, what is asked of it cannot be done. */
static bool
can_go_on(struct rollout *rollout, struct rollout_request *request, const struct listing *held)
{
    return held || (!is_unheard_of(rollout, request) && !is_day_of_nothing(request));
}

void
rollout_with_list(struct rollout *rollout, struct rollout_request *request,
                  void (*then)(struct rollout *rollout, struct rollout_request *request))
{
    struct listing *held = NULL;
    struct error err = {0};

    if (request->kind == ROLLOUT_LIST && request->digest[0] == '\0' &&
        take(rollout, request, &held, &err) != 0) {
        rollout_fail_as(request, &err);
        if (request->result == ROLLOUT_CONFLICT) /* it shrank: the list is at fault */
            request->result = ROLLOUT_REFUSED;
    } else if (request->kind != ROLLOUT_LIST || can_go_on(rollout, request, held)) {
        then(rollout, request);
    }
    listing_release(held);
}

/* -- telling -- */

static void
member_count(struct buffer *out, const char *key, size_t count)
{
    json_key(out, key);
    json_int(out, (int64_t)count);
}

static void
write_files(const struct list *list, struct buffer *out)
{
    json_key(out, "files");
    json_open(out, '[');
    for (size_t i = 0; i < list->file_count; i++) {
        const struct list_file *file = &list->files[i];

        json_open(out, '{');
        json_member(out, "name", file->name);
        json_member(out, "role", file->role);
        member_count(out, "rows", file->rows);
        member_count(out, "bytes", file->bytes);
        json_member(out, "sha256", file->digest);
        json_close(out, '}');
    }
    json_close(out, ']');
}

static void
write_kinds(const struct list *list, struct buffer *out)
{
    json_key(out, "kinds");
    json_open(out, '{');
    for (int k = 0; k < LIST_KIND_COUNT; k++)
        member_count(out, list_kind_name((enum list_kind)k), list->kind_counts[k]);
    json_close(out, '}');
}

static void
write_loaded(const struct list *list, int64_t now_ms, struct buffer *out)
{
    int age = listing_age_days(list, now_ms);

    json_open(out, '{');
    json_member(out, "digest", list->digest);
    json_member(out, "format", list->format);
    json_member_or_null(out, "published_on", list->published_on);
    json_member_or_null(out, "as_of", list->as_of);
    json_key(out, "age_days");
    age < 0 ? json_null(out) : json_int(out, age);
    member_count(out, "entries", list->entry_count);
    member_count(out, "names", list->name_count);
    member_count(out, "rows_left_out", list->faults);
    write_kinds(list, out);
    write_files(list, out);
    json_close(out, '}');
}

static const char *
alarm_of(const struct rollout *rollout, const char *name, struct arena *arena)
{
    const struct listing_alarm *alarms;
    size_t count = listings_alarms(rollout->sources->listings, arena, &alarms);

    for (size_t i = 0; i < count; i++)
        if (strcmp(alarms[i].name, name) == 0)
            return alarms[i].why;
    return "";
}

static void
write_incoming(const struct rollout *rollout, const char *name, struct arena *arena,
               struct buffer *out)
{
    const char *const *paths;
    struct places places;
    size_t count =
        places_of(rollout, name, arena, &places) ? incoming_files(&places, arena, &paths) : 0;

    json_key(out, "incoming");
    json_open(out, '[');
    for (size_t i = 0; i < count; i++)
        json_string(out, base_name(paths[i]));
    json_close(out, ']');
}

void
rollout_write_list(struct rollout *rollout, const struct rollout_name *name,
                   struct arena *arena, struct buffer *out)
{
    const struct listing *listing = listing_in_force(rollout, name->name);

    json_key(out, "loaded");
    if (listing)
        write_loaded(listing->list, clock_now(rollout->clock), out);
    else
        json_null(out);
    json_member_or_null(out, "alarm", alarm_of(rollout, name->name, arena));
    write_incoming(rollout, name->name, arena, out);
}

struct rollout_name *
rollout_incoming_names(struct rollout *rollout, struct arena *arena)
{
    const char *folder = listings_options(rollout->sources->listings)->folder;
    struct rollout_name *names = NULL;
    const char *const *paths, *const *files;
    struct error err = {0};
    struct places places;
    size_t count;

    if (!folder || list_folder_folders(arena, folder, &paths, &count, &err) != 0)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        const char *name = base_name(paths[i]);
        struct rollout_name *added;

        if (!list_name_is_valid(name) ||
            catalogue_name(&rollout->catalogue, ROLLOUT_LIST, name) ||
            !places_of(rollout, name, arena, &places) ||
            incoming_files(&places, arena, &files) == 0)
            continue;
        added = arena_zalloc(arena, sizeof(*added));
        *added = (struct rollout_name){.next = names, .kind = ROLLOUT_LIST, .name = name};
        names = added;
    }
    return names;
}

/* -- taken back -- */

/* 0, or errno: ENOENT where no such file has come in. */
static int
drop_file(const struct places *places, const char *file, struct arena *arena)
{
    if (!list_name_is_valid(file))
        return ENOENT;
    give_back_left(places, arena);
    return unlink(arena_printf(arena, "%s/%s", places->incoming, file)) == 0 ? 0 : errno;
}

void
carry_drop_file(struct rollout *rollout, struct rollout_request *request)
{
    struct buffer *out = &request->answer;
    struct places places;
    int failure = ENOENT;

    if (places_of(rollout, request->name, request->arena, &places))
        failure = drop_file(&places, request->file, request->arena);
    if (failure == ENOENT) {
        rollout_fail(request, ROLLOUT_NOT_FOUND, ERROR_NOT_FOUND,
                     "no file \"%s\" of list \"%s\" has come in since its last load",
                     request->file, request->name);
        return;
    }
    if (failure != 0) {
        rollout_fail(request, ROLLOUT_FAILED, ERROR_INTERNAL, "%s/%s: %s", places.incoming,
                     request->file, strerror(failure));
        return;
    }
    json_open(out, '{');
    json_member(out, "list", request->name);
    json_member(out, "file", request->file);
    write_incoming(rollout, request->name, request->arena, out);
    json_close(out, '}');
}
