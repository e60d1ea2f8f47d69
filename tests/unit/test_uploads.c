/* Files on their way to the disk: whole or not there at all, whatever happens to them. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gateway/api/uploads.h"
#include "gateway/base/buffer.h"
#include "gateway/base/file.h"
#include "tests/support/test.h"

#define ABC_SHA256 "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

static char top[] = "/tmp/yuangate-uploads-XXXXXX";
static char folder[64], incoming[96]; /* of the list "ofac" */
static struct arena arena;
static struct uploads uploads;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int steps_done;

static int
make_top(void **state)
{
    (void)state;
    return mkdtemp(top) ? 0 : -1;
}

static int
remove_top(void **state)
{
    char command[64];

    (void)state;
    snprintf(command, sizeof(command), "rm -rf '%s'", top);
    return system(command);
}

static int
open_uploads(void **state)
{
    static int number;
    struct error err = {0};

    (void)state;
    snprintf(folder, sizeof(folder), "%s/lists-%d", top, number++);
    snprintf(incoming, sizeof(incoming), "%s/ofac/incoming", folder);
    steps_done = 0;
    return uploads_open(&uploads, folder, &err);
}

static int
close_uploads(void **state)
{
    (void)state;
    uploads_close(&uploads);
    arena_release(&arena);
    return 0;
}

static void
count_done(struct upload *upload)
{
    (void)upload;
    pthread_mutex_lock(&lock);
    steps_done++;
    pthread_cond_signal(&changed);
    pthread_mutex_unlock(&lock);
}

/* Until the disk has had the upload once more. */
static void
await_step(void)
{
    pthread_mutex_lock(&lock);
    while (steps_done == 0)
        pthread_cond_wait(&changed, &lock);
    steps_done--;
    pthread_mutex_unlock(&lock);
}

static struct upload *
begin(const char *file)
{
    struct upload *upload = upload_begin(&uploads, "ofac", file);

    assert_non_null(upload);
    upload->done = count_done;
    return upload;
}

/* Begun, and three bytes of it are on disk. */
static struct upload *
begin_abc(const char *file)
{
    struct upload *upload = begin(file);

    assert_false(upload_collect(upload, "abc", 3));
    upload_write(upload);
    await_step();
    assert_int_equal(upload->failure, 0);
    return upload;
}

static int
is_not_a_dot(const struct dirent *item)
{
    return strcmp(item->d_name, ".") != 0 && strcmp(item->d_name, "..") != 0;
}

/* What is in a folder, in order: "a.csv .b.csv.XXXXXX", chance shown as XXXXXX; "-": no folder. */
static const char *
shown(const char *path)
{
    struct dirent **items;
    int count = scandir(path, &items, is_not_a_dot, alphasort);
    struct buffer out;

    if (count < 0)
        return "-";
    buffer_init(&out, &arena, 256);
    for (int i = 0; i < count; i++) {
        char *name = items[i]->d_name, *dot = strrchr(name, '.');

        if (name[0] == '.' && dot && strlen(dot) == 7)
            memcpy(dot + 1, "XXXXXX", 6);
        buffer_printf(&out, "%s%s", i > 0 ? " " : "", name);
        free(items[i]);
    }
    free(items);
    return buffer_terminate(&out);
}

static const char *
content(const char *file)
{
    struct error err = {0};
    char *text;
    size_t len;

    if (file_read(&arena, arena_printf(&arena, "%s/%s", incoming, file), 1 << 20, &text, &len,
                  &err) != 0)
        fail_msg("%s", err.text);
    return text;
}

static void
a_file_is_there_once_it_is_whole_and_not_before(void **state)
{
    struct upload *upload = begin("sdn.csv");

    (void)state;
    assert_false(upload_collect(upload, "ab", 2));
    assert_string_equal(shown(folder), "-");
    upload_write(upload);
    await_step();
    assert_string_equal(shown(folder), "ofac");
    assert_string_equal(shown(incoming), ".sdn.csv.XXXXXX");
    assert_false(upload_collect(upload, "c", 1));
    upload_finish(upload);
    await_step();
    assert_string_equal(shown(incoming), "sdn.csv");
    assert_string_equal(content("sdn.csv"), "abc");
    assert_int_equal(upload->failure, 0);
    assert_int_equal(upload->bytes, 3);
    assert_false(upload->replaced);
    assert_string_equal(upload->sha256, ABC_SHA256);
    upload_end(upload);
}

static void
a_file_is_replaced_at_once(void **state)
{
    struct upload *upload = begin_abc("sdn.csv");

    (void)state;
    upload_finish(upload);
    await_step();
    upload_end(upload);
    upload = begin("sdn.csv");
    upload_collect(upload, "new", 3);
    upload_write(upload);
    await_step();
    assert_string_equal(content("sdn.csv"), "abc");
    upload_finish(upload);
    await_step();
    assert_string_equal(content("sdn.csv"), "new");
    assert_true(upload->replaced);
    assert_string_equal(shown(incoming), "sdn.csv");
    upload_end(upload);
}

static void
a_buffer_is_full_at_256_kib_and_takes_one_piece_more(void **state)
{
    static char piece[UPLOAD_PIECE_MAX];
    struct upload *upload = begin("large.xml");
    struct stat status;

    (void)state;
    assert_false(upload_collect(upload, piece, 1));
    for (int i = 0; i < 3; i++)
        assert_false(upload_collect(upload, piece, sizeof(piece)));
    assert_false(upload_collect(upload, piece, sizeof(piece) - 2));
    assert_true(upload_collect(upload, piece, sizeof(piece)));
    upload_finish(upload);
    await_step();
    assert_int_equal(stat(arena_printf(&arena, "%s/large.xml", incoming), &status), 0);
    assert_int_equal(status.st_size, 5 * UPLOAD_PIECE_MAX - 1);
    assert_int_equal(status.st_mode & 0777, 0644);
    assert_int_equal(upload->bytes, status.st_size);
    upload_end(upload);

    upload = begin("exact.xml");
    for (int i = 0; i < 3; i++)
        assert_false(upload_collect(upload, piece, sizeof(piece)));
    assert_true(upload_collect(upload, piece, sizeof(piece)));
}

static void
of_an_abandoned_upload_nothing_is_left(void **state)
{
    struct upload *upload = begin_abc("sdn.csv");

    (void)state;
    upload_abandon(upload);
    await_step();
    upload_end(upload);
    assert_string_equal(shown(incoming), "");
    upload = begin("sdn.csv"); /* and one that never came to the disk */
    upload_abandon(upload);
    await_step();
    upload_end(upload);
    assert_string_equal(shown(incoming), "");
}

static void
four_are_open_at_a_time(void **state)
{
    struct upload *open[UPLOADS_MAX];

    (void)state;
    for (int i = 0; i < UPLOADS_MAX; i++)
        open[i] = begin_abc("same.csv");
    assert_null(upload_begin(&uploads, "ofac", "one-more.csv"));
    assert_string_equal(shown(incoming), ".same.csv.XXXXXX .same.csv.XXXXXX .same.csv.XXXXXX "
                                         ".same.csv.XXXXXX");
    upload_finish(open[1]);
    await_step();
    assert_null(upload_begin(&uploads, "ofac", "one-more.csv"));
    upload_end(open[1]);
    assert_ptr_equal(begin("one-more.csv"), open[1]);
}

static void
what_is_open_at_the_end_is_abandoned(void **state)
{
    struct upload *upload = begin_abc("sdn.csv");

    (void)state;
    begin("never-written.csv");
    upload_collect(upload, "d", 1);
    upload_write(upload); /* it may be under way */
    uploads_close(&uploads);
    assert_int_equal(steps_done, 1);
    assert_string_equal(shown(incoming), "");
    upload_abandon(upload); /* as a connection does that is closed after the disk */
    upload_end(upload);
    assert_int_equal(steps_done, 1);
}

/* Files may not grow past this: the disk is full, as it were. */
static void
limit_file_size(rlim_t bytes)
{
    struct rlimit limit;

    signal(SIGXFSZ, bytes == RLIM_INFINITY ? SIG_DFL : SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = bytes;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void
a_step_that_fails_says_why_and_leaves_nothing(void **state)
{
    struct upload *upload = begin_abc("sdn.csv");

    (void)state;
    upload_collect(upload, "def", 3);
    limit_file_size(5);
    upload_write(upload);
    await_step();
    limit_file_size(RLIM_INFINITY);
    assert_int_equal(upload->failure, EFBIG);
    assert_string_equal(shown(incoming), "");
    upload_end(upload);

    assert_int_equal(mkdir(arena_printf(&arena, "%s/taken", incoming), 0755), 0);
    upload = begin("taken");
    upload_collect(upload, "abc", 3);
    upload_finish(upload);
    await_step();
    assert_int_equal(upload->failure, EISDIR);
    assert_string_equal(shown(incoming), "taken");
    upload_end(upload);

    assert_int_equal(
        symlink("/nonexistent/elsewhere", arena_printf(&arena, "%s/broken", folder)), 0);
    upload = upload_begin(&uploads, "broken", "sdn.csv");
    upload->done = count_done;
    upload_collect(upload, "abc", 3);
    upload_write(upload);
    await_step();
    assert_int_equal(upload->failure, ENOENT);
    upload_end(upload);
}

static void
put_file(const char *path)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    fclose(file);
}

static void
a_sweep_removes_what_was_left_and_nothing_else(void **state)
{
    static const char *const left[] = {".sdn.csv.a1B2c3", ".x.XXXXXX", ".a..b.123456"};
    static const char *const kept[] = {".a1B2c3", "..a1B2c3",    ".sdn.csv.a1B2c34", ".keep",
                                       "sdn.csv", ".b d.a1B2c3", "sdn.csv.a1B2c3"};
    struct upload *upload = begin_abc("being-written.csv");
    const char *before;

    (void)state;
    for (size_t i = 0; i < COUNT(kept); i++)
        put_file(arena_printf(&arena, "%s/%s", incoming, kept[i]));
    put_file(arena_printf(&arena, "%s/.sdn.csv.a1B2c3", folder)); /* not in incoming */
    assert_int_equal(mkdir(arena_printf(&arena, "%s/.folder.a1B2c3", incoming), 0755), 0);
    assert_int_equal(symlink("sdn.csv", arena_printf(&arena, "%s/.link.a1B2c3", incoming)), 0);
    assert_int_equal(mkdir(arena_printf(&arena, "%s/un", folder), 0755), 0);
    assert_int_equal(mkfifo(arena_printf(&arena, "%s/.pipe.a1B2c3", incoming), 0644), 0);
    before = shown(incoming);
    for (size_t i = 0; i < COUNT(left); i++)
        put_file(arena_printf(&arena, "%s/%s", incoming, left[i]));
    assert_int_equal(uploads_sweep(folder), COUNT(left));
    assert_string_equal(shown(incoming), before);
    assert_int_equal(uploads_sweep(folder), 0);
    assert_int_equal(access(arena_printf(&arena, "%s/.sdn.csv.a1B2c3", folder), F_OK), 0);
    upload_abandon(upload);
    await_step();
    upload_end(upload);
}

static void
there_may_be_nothing_to_sweep(void **state)
{
    (void)state;
    assert_int_equal(uploads_sweep(folder), 0);
    put_file(folder);
    assert_int_equal(uploads_sweep(folder), 0);
    uploads_close(&(struct uploads){0});
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_uploads, close_uploads)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_file_is_there_once_it_is_whole_and_not_before),
        TEST(a_file_is_replaced_at_once),
        TEST(a_buffer_is_full_at_256_kib_and_takes_one_piece_more),
        TEST(of_an_abandoned_upload_nothing_is_left),
        TEST(four_are_open_at_a_time),
        TEST(what_is_open_at_the_end_is_abandoned),
        TEST(a_step_that_fails_says_why_and_leaves_nothing),
        TEST(a_sweep_removes_what_was_left_and_nothing_else),
        TEST(there_may_be_nothing_to_sweep),
    };

    return cmocka_run_group_tests_name("uploads", tests, make_top, remove_top);
}
