/*
 * list_files.c - PUT /v1/lists/{name}/files/{file}: a file of a list goes to the disk.
 *
 *   pieces in --> upload --(256 KiB)--> the disk's thread --> more pieces ... --> reply
 *
 *   P1  while the disk has the upload, the body is not read on; TCP holds the sender.
 *   P2  a put is answered once, after the disk has given its upload back for the last time.
 *   P3  a put whose last piece has come is finished, also when its client has gone since.
 */
#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "gateway/api/api.h"
#include "policy/screening/list_folder.h"

_Static_assert(HTTP_PIECE_MAX <= UPLOAD_PIECE_MAX, "an upload takes any piece of a body");
_Static_assert(HTTP_OCTETS_BODY_MAX <= LIST_FILE_BYTES_MAX, "what can be put can be loaded");

struct put {
    struct http_exchange *exchange;
    struct upload *upload;
    struct http_task task; /* the way back from the disk */
    bool at_disk;
    bool broken; /* the rest of the body does not come */
};

/* -- the answer -- */

/* A full disk is a matter of its own: somebody can make room and put the file again. */
static bool
is_no_room(int failure)
{
    return failure == ENOSPC || failure == EDQUOT || failure == EFBIG;
}

static void
reply_failure(struct http_exchange *exchange, int failure)
{
    if (is_no_room(failure))
        http_problem(exchange, 507,
                     "the disk has no room for this file; nothing of it is kept, make room "
                     "and put it again");
    else
        http_problem(exchange, 500,
                     arena_printf(exchange->arena,
                                  "the file could not be written (%s); nothing of it is kept, "
                                  "and the gateway's log says where",
                                  strerror(failure)));
}

static void
reply_done(struct http_exchange *exchange, const struct upload *upload)
{
    struct buffer out;

    buffer_init(&out, exchange->arena, 512);
    json_open(&out, '{');
    json_member(&out, "list", upload->list);
    json_member(&out, "file", upload->file);
    json_key(&out, "bytes");
    json_int(&out, upload->bytes);
    json_member(&out, "sha256", upload->sha256);
    json_close(&out, '}');
    http_reply(exchange, upload->replaced ? 200 : 201, API_JSON, out.data, out.len);
}

/* The put lies on the exchange's arena: gone with the reply. */
static void
put_answer(struct put *put)
{
    struct upload *upload = put->upload;

    if (put->broken)
        http_problem(put->exchange, 400, "the body did not come whole"); /* nobody reads it */
    else if (upload->failure != 0)
        reply_failure(put->exchange, upload->failure);
    else if (upload->bytes == 0)
        http_problem(put->exchange, 422,
                     "the file is empty: keep the list in force and get it again");
    else
        reply_done(put->exchange, upload);
    upload_end(upload);
}

/* -- to the disk and back -- */

static void
put_to_disk(struct put *put, void (*step)(struct upload *upload))
{
    put->at_disk = true;
    step(put->upload);
}

/* On the disk's thread. */
static void
put_stepped(struct upload *upload)
{
    struct put *put = upload->context;

    http_post(put->exchange->worker, &put->task);
}

static void
put_back(struct http_task *task)
{
    struct put *put = (struct put *)(void *)((char *)task - offsetof(struct put, task));

    put->at_disk = false;
    if (put->upload->failure != 0 || put->upload->step != UPLOAD_WRITE)
        put_answer(put);
    else if (put->broken)
        put_to_disk(put, upload_abandon);
    else
        http_body_resume(put->exchange);
}

/* -- from the client -- */

static void
put_body(struct http_exchange *exchange, const char *data, size_t len, bool last)
{
    struct put *put = exchange->state;
    bool full = upload_collect(put->upload, data, len);

    if (last && put->upload->bytes == 0)
        put_answer(put);
    else if (last)
        put_to_disk(put, upload_finish);
    else if (full) {
        http_body_pause(exchange);
        put_to_disk(put, upload_write);
    }
}

static void
put_abort(struct http_exchange *exchange)
{
    struct put *put = exchange->state;

    if (put->upload->step == UPLOAD_FINISH)
        return;
    put->broken = true;
    if (!put->at_disk)
        put_to_disk(put, upload_abandon);
}

/* What is wrong with the path, or NULL. */
static const char *
path_fault(const char *list, const char *file)
{
    if (strcmp(list, LIST_NAME_TAKEN) == 0)
        return LIST_NAME_TAKEN
            " has entries, and no files; put the file under a list of its own";
    if (!list_name_is_valid(list))
        return "a list's name has letters, digits, - _ and ., at most 64, and no . first";
    if (!list_name_is_valid(file))
        return "a file's name has letters, digits, - _ and ., at most 64, and no . first";
    if (strcmp(file, LIST_MANIFEST) == 0)
        return LIST_MANIFEST " is written by the gateway itself; give the file another name";
    return NULL;
}

void
api_list_files_put(struct http_exchange *exchange)
{
    struct put *put = arena_zalloc(exchange->arena, sizeof(*put));
    const struct http_slice *params = exchange->params;
    const char *list = arena_copy(exchange->arena, params[0].data, params[0].len);
    const char *file = arena_copy(exchange->arena, params[1].data, params[1].len);
    const char *fault = path_fault(list, file);

    if (fault) {
        http_problem(exchange, 404, fault);
        return;
    }
    if (exchange->query.len > 0) {
        http_problem(exchange, 400, "this path takes no query");
        return;
    }
    put->upload = upload_begin(api_uploads(exchange), list, file);
    if (!put->upload) {
        http_problem(exchange, 503,
                     arena_printf(exchange->arena,
                                  "%d files are being put already; put this one again in a "
                                  "moment",
                                  UPLOADS_MAX));
        return;
    }
    put->exchange = exchange;
    put->task.run = put_back;
    put->upload->done = put_stepped;
    put->upload->context = put;
    exchange->state = put;
    exchange->on_body = put_body;
    exchange->on_abort = put_abort;
}
