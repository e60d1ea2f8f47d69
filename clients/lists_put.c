/*
 * lists_put.c - a list's files sent to a running gateway, one after the other.
 *
 * All are looked at before the first is sent: what cannot be sent, or not under its own
 * name, is the command line's fault, and nothing has happened yet.
 */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "clients/lists_gateway.h"
#include "policy/screening/list_folder.h"

#define KIB 1024

/* What is being sent. */
struct putting {
    struct asking *asking;
    const char *list;
    const struct list_order *order; /* the paths */
    size_t *lens;
    struct progress bar;
    size_t all, behind; /* bytes of all files, and of those that were sent */
};

static const char *
name_of(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

/* -- before anything is sent -- */

static int
check_name(const struct putting *putting, size_t index, struct error *err)
{
    const char *path = putting->order->paths[index], *name = name_of(path);

    if (!list_name_is_valid(name))
        return error_set(err, ERROR_INVALID,
                         "%.300s: a file is put under a name of letters, digits, - _ and ., at "
                         "most %d, and no . first; rename it",
                         path, LIST_NAME_BYTES_MAX);
    for (size_t i = 0; i < index; i++)
        if (strcmp(name_of(putting->order->paths[i]), name) == 0)
            return error_set(err, ERROR_INVALID,
                             "%.300s: another file is called %s as well; rename one", path,
                             name);
    return 0;
}

static int
check_file(const char *path, size_t *len, struct error *err)
{
    struct stat status;

    if (stat(path, &status) != 0)
        return error_set(err, ERROR_NOT_FOUND, "%.300s: %s", path, strerror(errno));
    if (!S_ISREG(status.st_mode))
        return error_set(err, ERROR_INVALID, "%.300s: not a file", path);
    if (status.st_size == 0)
        return error_set(err, ERROR_INVALID,
                         "%.300s: the file is empty; keep the list in force and get it again",
                         path);
    if ((size_t)status.st_size > LIST_FILE_BYTES_MAX)
        return error_set(err, ERROR_INVALID, "%.300s: more than %u MiB", path,
                         LIST_FILE_BYTES_MAX / KIB / KIB);
    *len = (size_t)status.st_size;
    return 0;
}

static int
check_all(struct putting *putting, struct error *err)
{
    size_t count = putting->order->path_count;

    putting->lens = arena_alloc(&putting->asking->arena, count * sizeof(*putting->lens));
    for (size_t i = 0; i < count; i++) {
        if (check_name(putting, i, err) != 0 ||
            check_file(putting->order->paths[i], &putting->lens[i], err) != 0)
            return -1;
        putting->all += putting->lens[i];
    }
    return 0;
}

/* -- sending -- */

static void
tell_sent(void *context, size_t sent)
{
    struct putting *putting = context;
    size_t done = putting->behind + sent;

    progress_tell(&putting->bar, done, putting->all, done / KIB);
}

static int
send_file(struct putting *putting, size_t index, struct reply *reply)
{
    const char *path = putting->order->paths[index];
    struct client_file file = {.file = fopen(path, "rbe"),
                               .len = putting->lens[index],
                               .progress = tell_sent,
                               .context = putting};
    struct error why = {0}, err = {0};
    const char *to;
    int rc;

    if (!file.file) {
        error_set(&err, ERROR_INVALID, "%.300s: %s", path, strerror(errno));
        return command_complain(STATUS_USAGE, &err);
    }
    to = arena_printf(&putting->asking->arena, "/v1/lists/%s/files/%s",
                      ask_escape(putting->asking, putting->list),
                      ask_escape(putting->asking, name_of(path)));
    rc = client_put_file(putting->asking->client, to, &file, &putting->asking->arena, reply,
                         &why);
    fclose(file.file);
    putting->behind += file.len;
    if (rc == 0)
        return STATUS_DONE;
    progress_hide(&putting->bar);
    error_set(&err, why.code, "%.300s: %.300s", path, why.text);
    return command_complain(why.code == ERROR_BUSY ? STATUS_UNREACHABLE : STATUS_USAGE, &err);
}

/* The first that is refused is the last. */
static int
send_all(struct putting *putting)
{
    int status = STATUS_DONE;

    progress_begin(&putting->bar);
    putting->bar.what = "KiB";
    for (size_t i = 0; i < putting->order->path_count && status == STATUS_DONE; i++) {
        struct reply reply;

        status = send_file(putting, i, &reply);
        if (status != STATUS_DONE)
            break;
        progress_hide(&putting->bar);
        status = ask_show(putting->asking, &reply, lists_print_put);
    }
    return status;
}

int
lists_put_all(struct asking *asking, const char *list, const char *const *paths, size_t count)
{
    struct list_order order = list_order_of(list, paths, count);
    struct putting putting = {.asking = asking, .list = list, .order = &order};
    struct error err = {0};

    if (list_order_expand(&asking->arena, &order, &err) != 0 || check_all(&putting, &err) != 0)
        return command_complain(STATUS_USAGE, &err);
    return send_all(&putting);
}

int
lists_put(const struct options *options)
{
    struct asking asking;
    int status = ask_begin(&asking, options);

    if (status == STATUS_DONE)
        status = lists_put_all(&asking, options->arguments[0], options->arguments + 1,
                               options->argument_count - 1);
    ask_end(&asking);
    return status;
}
