/* list_load.c - an order carried out: files read, told apart, loaded, checked. */
#include "policy/screening/list_load.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "gateway/base/buffer.h"
#include "gateway/base/file.h"
#include "gateway/base/time.h"
#include "policy/screening/list_folder.h"
#include "policy/screening/load.h"

#define DAY_LEN      10 /* "2024-05-03" */
#define SUM_LINE_MAX 96 /* bytes of "role sha256\n" */

/* -- bad news -- */

__attribute__((format(printf, 3, 0))) static void
sentence(char *text, size_t size, const char *fmt, va_list args)
{
    vsnprintf(text, size, fmt, args);
    for (char *c = text; *c; c++) /* parts of it are from the file */
        *c = (unsigned char)*c < 0x20 || *c == 0x7f ? '?' : *c;
}

int
load_refuse(struct load *load, const struct load_file *file, uint32_t line, uint32_t column,
            const char *fmt, ...)
{
    char text[300];
    va_list args;

    va_start(args, fmt);
    sentence(text, sizeof(text), fmt, args);
    va_end(args);
    if (line == 0)
        return error_set(load->err, ERROR_INVALID, "%.200s: %s", file->path, text);
    return error_set(load->err, ERROR_INVALID, "%.200s:%u:%u: %s", file->path, line, column,
                     text);
}

int
load_fault(struct load *load, const struct load_file *file, uint32_t line, uint32_t column,
           const char *fmt, ...)
{
    struct list_faults *faults = load->faults;
    struct list_fault fault = {.line = line, .column = column};
    va_list args;

    va_start(args, fmt);
    sentence(fault.text, sizeof(fault.text), fmt, args);
    va_end(args);
    snprintf(fault.file, sizeof(fault.file), "%s", file->name);
    if (faults->count < LIST_FAULTS_SHOWN_MAX)
        faults->shown[faults->count] = fault;
    if (++faults->count <= load->order->faults_max)
        return 0;
    return load_refuse(
        load, file, line, column,
        "%s; that is one row too many that cannot be understood (at most %u): get "
        "the file again, or see whether its format has changed",
        fault.text, load->order->faults_max);
}

void
load_progress(struct load *load, size_t bytes_in_file)
{
    if (load->order->progress)
        load->order->progress(load->order->context, load->bytes_done + bytes_in_file,
                              load->bytes_all);
}

void
load_file_done(struct load *load, const struct load_file *file)
{
    load->bytes_done += file->len;
    load_progress(load, 0);
}

/* Does it begin with "2024-05-03" or the like? */
static bool
begins_with_day(const char *text, size_t len)
{
    static const char form[DAY_LEN + 1] = "dddd-dd-dd";

    if (len < DAY_LEN)
        return false;
    for (size_t i = 0; i < DAY_LEN; i++)
        if (form[i] == 'd' ? text[i] < '0' || text[i] > '9' : text[i] != '-')
            return false;
    return true;
}

bool
list_day_is_valid(const char *text)
{
    return strlen(text) == DAY_LEN && begins_with_day(text, DAY_LEN) &&
           date_is_valid(atoi(text), atoi(text + 5), atoi(text + 8));
}

void
load_published(struct load *load, struct list_text day)
{
    if (!begins_with_day(day.data, day.len))
        return;
    day.len = DAY_LEN;
    if (load->published_on.len == 0 || memcmp(day.data, load->published_on.data, day.len) > 0)
        load->published_on = day;
}

/* -- files -- */

static const char *
name_of(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

/* The mark of UTF-8 that some editors put in front. */
static void
mark_skip(struct load_file *file)
{
    static const char mark[] = "\xef\xbb\xbf";
    size_t len = sizeof(mark) - 1;

    if (file->len < len || memcmp(file->data, mark, len) != 0)
        return;
    file->data += len;
    file->len -= len;
}

/* Only a history of operations knows other days than its own. */
static int
as_of_check(struct load *load)
{
    for (size_t i = 0; i < load->file_count; i++)
        if (load->files[i].role == ROLE_OFAC_HISTORY)
            return 0;
    return load->order->as_of
               ? load_refuse(
                     load, &load->files[0], 0, 0,
                     "no list as of %s can be made of it: that takes the history of daily "
                     "operations as well",
                     load->order->as_of)
               : 0;
}

/* Told apart; all of one format.  *format is theirs. */
static int
files_examine(struct load *load, const struct load_format **format)
{
    *format = NULL;
    for (size_t i = 0; i < load->file_count; i++) {
        struct load_file *file = &load->files[i];

        load->bytes_all += file->len;
        mark_skip(file);
        if (file->len == 0)
            return load_refuse(load, file, 0, 0,
                               "the file is empty; keep the list in force and get it again");
        file->role = load_role_of(file);
        if (!load_format_of(file->role))
            return load_refuse(load, file, 1, 1,
                               "not a list that is known: OFAC CSV (main, alt, add, comments), "
                               "UN or EU XML, OpenSanctions targets CSV or entities JSON");
        if (*format && *format != load_format_of(file->role))
            return load_refuse(
                load, file, 0, 0,
                "this is %s, the file before it %s; a list is made of one format",
                load_format_of(file->role)->name, (*format)->name);
        *format = load_format_of(file->role);
    }
    return 0;
}

static int
compare_digests(const void *a, const void *b)
{
    return strcmp(((const struct list_file *)a)->digest, ((const struct list_file *)b)->digest);
}

/* Files of this role are applied one after the other. */
static bool
is_ordered(const struct list_file *file)
{
    return strcmp(file->role, load_role_name(ROLE_FTM_DELTA)) == 0 ||
           strcmp(file->role, load_role_name(ROLE_OFAC_HISTORY)) == 0;
}

/* The order of files does not matter, but for those that build on each other. */
static void
list_sum_up(struct load *load, struct list *list)
{
    size_t bytes = list->file_count * sizeof(struct list_file);
    struct list_file *sorted = arena_alloc(load->scratch, bytes);
    uint8_t digest[SHA256_BYTES];
    struct buffer sums;
    size_t count = 0;

    for (size_t i = 0; i < list->file_count; i++)
        if (!is_ordered(&list->files[i]))
            sorted[count++] = list->files[i];
    qsort(sorted, count, sizeof(*sorted), compare_digests);
    for (size_t i = 0; i < list->file_count; i++)
        if (is_ordered(&list->files[i]))
            sorted[count++] = list->files[i];
    buffer_init(&sums, load->scratch, SUM_LINE_MAX * (list->file_count + 1));
    for (size_t i = 0; i < list->file_count; i++)
        buffer_printf(&sums, "%s %s\n", sorted[i].role, sorted[i].digest);
    if (list->as_of[0])
        buffer_printf(&sums, "as-of %s\n", list->as_of);
    list->sums = arena_copy(&list->arena, sums.data, sums.len);
    list->sums_len = sums.len;
    hash_sha256(&(struct hash_part){sums.data, sums.len}, 1, digest);
    memcpy(list->digest, "sha256:", 7);
    hash_hex(digest, SHA256_BYTES, list->digest + 7);
}

static struct list_file *
digests_take(struct load *load)
{
    struct list_file *files = arena_zalloc(load->scratch, load->file_count * sizeof(*files));

    for (size_t i = 0; i < load->file_count; i++) {
        struct hash_part whole = {load->files[i].data, load->files[i].len};
        uint8_t digest[SHA256_BYTES];

        files[i].bytes = whole.len;
        hash_sha256(&whole, 1, digest);
        hash_hex(digest, SHA256_BYTES, files[i].digest);
    }
    return files;
}

/* -- a list -- */

/* O2: much less than before? */
static int
shrink_check(struct load *load, size_t before, size_t now, const char *what)
{
    unsigned percent = load->order->shrink_percent_max;

    if (now >= before || (before - now) * 100 <= before * percent)
        return 0;
    return error_set(load->err, ERROR_CONFLICT,
                     "%.200s: %zu %s where the list in force has %zu: it shrank by more than "
                     "%u %%; if that is so, allow a larger share (--shrink PERCENT, over HTTP "
                     "shrink_percent_max)",
                     load->files[0].path, now, what, before, percent);
}

static int
size_check(struct load *load, const struct list *list)
{
    if (list->entry_count == 0)
        return error_set(load->err, ERROR_INVALID,
                         "%.200s: no entry in it; keep the list in force and get it again",
                         load->files[0].path);
    if (shrink_check(load, load->order->entries_before, list->entry_count, "entries") != 0)
        return -1;
    return shrink_check(load, load->order->names_before, list->name_count, "names");
}

/* What list_describe() takes, with the arena's alignment. */
static size_t
description_bytes(const struct load *load)
{
    size_t bytes = strlen(load->order->name) + load->published_on.len + DAY_LEN + SUM_LINE_MAX +
                   6 * ARENA_ALIGNMENT;

    for (size_t i = 0; i < load->file_count; i++)
        bytes += SUM_LINE_MAX + sizeof(struct list_file) + strlen(load->files[i].name) +
                 2 * ARENA_ALIGNMENT;
    return bytes;
}

static void
list_describe(struct load *load, const struct load_format *format, struct list_file *files,
              struct list *list)
{
    struct arena *arena = &list->arena;

    for (size_t i = 0; i < load->file_count; i++) {
        files[i].name = arena_copy(arena, load->files[i].name, strlen(load->files[i].name));
        files[i].role = load_role_name(load->files[i].role);
        files[i].rows = load->files[i].rows;
    }
    list->files = memcpy(arena_alloc(arena, load->file_count * sizeof(*files)), files,
                         load->file_count * sizeof(*files));
    list->file_count = load->file_count;
    list->name = arena_copy(arena, load->order->name, strlen(load->order->name));
    list->format = format->name;
    list->published_on = arena_copy(arena, load->published_on.data, load->published_on.len);
    list->as_of = load->order->as_of ? arena_copy(arena, load->order->as_of, DAY_LEN) : "";
    list->faults = load->faults->count;
    list_sum_up(load, list);
}

static int
load_run(struct load *load, struct list **out)
{
    const struct load_format *format;
    struct list_file *files;
    struct list *list = NULL;
    int rc = -1;

    files = digests_take(load); /* before the loaders write into the data */
    if (files_examine(load, &format) != 0 || as_of_check(load) != 0)
        goto out;
    build_init(&load->build, load->scratch);
    if (format->read(load) != 0)
        goto out;
    if (load->build.full &&
        load_refuse(load, &load->files[0], 0, 0,
                    "more than %d entries, or than %d names and the like; is it a list?",
                    LIST_ENTRIES_MAX, BUILD_ITEMS_MAX) != 0)
        goto out;
    list = calloc(1, sizeof(*list));
    if (!list)
        abort();
    build_finish(&load->build, list, description_bytes(load));
    if (size_check(load, list) != 0)
        goto out;
    list_describe(load, format, files, list);
    *out = list;
    list = NULL;
    rc = 0;
out:
    list_free(list);
    return rc;
}

static int
order_check(const struct list_order *order, size_t count, struct error *err)
{
    if (!list_name_is_valid(order->name))
        return error_set(
            err, ERROR_INVALID,
            "\"%.80s\" names no list: 1 to %d letters, digits and -_. but no . first",
            order->name, LIST_NAME_BYTES_MAX);
    if (order->as_of && !list_day_is_valid(order->as_of))
        return error_set(err, ERROR_INVALID, "\"%.40s\" is no day such as 2024-05-03",
                         order->as_of);
    if (count == 0 || count > LIST_FILES_MAX)
        return error_set(err, ERROR_INVALID, "%s: %zu files; a list has 1 to %d", order->name,
                         count, LIST_FILES_MAX);
    return 0;
}

int
list_read(const struct list_order *order, const struct list_bytes *bytes, size_t count,
          struct list_faults *faults, struct list **list, struct error *err)
{
    struct list_faults own = {0};
    struct arena scratch = {0};
    struct load load = {.order = order,
                        .scratch = &scratch,
                        .file_count = count,
                        .faults = faults ? faults : &own,
                        .published_on = {"", 0},
                        .err = err};
    int rc = -1;

    *list = NULL;
    *load.faults = (struct list_faults){0};
    if (order_check(order, count, err) == 0) {
        load.files = arena_zalloc(&scratch, count * sizeof(*load.files));
        for (size_t i = 0; i < count; i++)
            load.files[i] = (struct load_file){
                .path = bytes[i].path,
                .name = name_of(bytes[i].path),
                .data = arena_copy(&scratch, bytes[i].data, bytes[i].len),
                .len = bytes[i].len,
            };
        rc = load_run(&load, list);
    }
    arena_release(&scratch);
    return rc;
}

/* -- from disk -- */

static int64_t
modified_ms(const char *path)
{
    struct stat status;

    if (stat(path, &status) != 0)
        return 0;
    return (int64_t)status.st_mtim.tv_sec * 1000 + status.st_mtim.tv_nsec / 1000000;
}

int
list_load(const struct list_order *given, struct list_faults *faults, struct list **list,
          struct error *err)
{
    struct list_order expanded = *given, *order = &expanded;
    struct list_faults own = {0};
    struct arena scratch = {0};
    struct load load = {.order = order,
                        .scratch = &scratch,
                        .faults = faults ? faults : &own,
                        .published_on = {"", 0},
                        .err = err};
    int64_t newest = 0;
    int rc = -1;

    *list = NULL;
    *load.faults = (struct list_faults){0};
    if (list_order_expand(&scratch, order, err) != 0 ||
        order_check(order, order->path_count, err) != 0)
        goto out;
    load.files = arena_zalloc(&scratch, order->path_count * sizeof(*load.files));
    for (; load.file_count < order->path_count; load.file_count++) {
        struct load_file *file = &load.files[load.file_count];
        int64_t when = modified_ms(order->paths[load.file_count]);

        file->name = name_of(order->paths[load.file_count]);
        file->path = order->bare ? file->name : order->paths[load.file_count];
        if (file_read(&scratch, order->paths[load.file_count], LIST_FILE_BYTES_MAX, &file->data,
                      &file->len, err) != 0)
            goto out;
        newest = when > newest ? when : newest;
    }
    rc = load_run(&load, list);
    if (rc == 0 && order->paths != given->paths) /* it was a folder */
        rc = list_folder_check(&scratch, given->paths[0], (*list)->files, (*list)->file_count,
                               err);
    if (rc == 0) {
        (*list)->modified_ms = newest;
    } else {
        list_free(*list);
        *list = NULL;
    }
out:
    arena_release(&scratch);
    return rc;
}

int
list_as_of(const char *name, const char *const *paths, size_t path_count, const char *day,
           struct list **list, struct error *err)
{
    struct list_order order = list_order_of(name, paths, path_count);

    order.as_of = day;
    return list_load(&order, NULL, list, err);
}
