/*
 * kill -9 while a store is being written, again and again on the same file.
 *
 * The program starts itself as a child that appends without end and, after
 * each append, writes the head to a pipe: that is its acknowledgement.  The
 * parent kills it after a number of acknowledgements that a fixed seed gives,
 * at whatever it is doing then, and looks at the file (S1, S2).  In every third
 * round the batches are so great that checkpoints are under way as well.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "gateway/store/store.h"
#include "tests/support/store_sample.h"
#include "tests/support/temp_store.h"
#include "tests/support/test.h"

#define ROUNDS      12
#define ACKS_MAX    40
#define BATCH_SMALL 50
#define BATCH_GREAT 3000

static struct temp_store temp;

/* The child: never returns. */
static void
append_for_ever(const char *path, size_t batch_max, int pipe_fd)
{
    uint8_t chain[SHA256_BYTES];
    struct store *store;
    struct error err = {0};
    uint64_t head;

    if (store_sqlite.open(path, 1, &store, &err) != 0 ||
        store->ops->head(store, &head, chain, &err) != 0)
        _exit(1);
    for (size_t batch = 1;; batch = (batch + batch_max / 2) % batch_max + 1) {
        if (sample_append_after(store, &head, chain, batch, &err) != 0 ||
            write(pipe_fd, &head, sizeof(head)) != sizeof(head))
            _exit(1);
    }
}

static pid_t
start_child(int batch_max, int *pipe_fd)
{
    char batch[16];
    int ends[2];
    pid_t child;

    snprintf(batch, sizeof(batch), "%d", batch_max);
    assert_int_equal(pipe(ends), 0);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        dup2(ends[1], STDOUT_FILENO);
        close(ends[0]);
        close(ends[1]);
        execl("/proc/self/exe", "test_sqlite_crash", "append", temp.path, batch, (char *)NULL);
        _exit(1);
    }
    close(ends[1]);
    *pipe_fd = ends[0];
    return child;
}

/* The last head acknowledged when the child has been killed. */
static uint64_t
kill_after(int acks, int batch_max)
{
    uint64_t head = 0;
    int pipe_fd, status;
    pid_t child = start_child(batch_max, &pipe_fd);

    for (int i = 0; i < acks; i++)
        assert_int_equal(read(pipe_fd, &head, sizeof(head)), sizeof(head));
    assert_int_equal(kill(child, SIGKILL), 0);
    while (read(pipe_fd, &head, sizeof(head)) == sizeof(head))
        ; /* what it acknowledged before the signal reached it counts too */
    close(pipe_fd);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    return head;
}

static void
what_was_acknowledged_survives_kill_9(void **state) /* S1, S2 */
{
    uint64_t random = 4711, before = 0;

    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        int batch_max = round % 3 == 2 ? BATCH_GREAT : BATCH_SMALL;
        uint8_t chain[SHA256_BYTES];
        uint64_t acknowledged, head;
        struct store *store;
        struct error err = {0};

        random = random * 6364136223846793005ULL + 1442695040888963407ULL;
        acknowledged = kill_after(1 + (int)((random >> 33) % ACKS_MAX), batch_max);
        if (store_sqlite.open(temp.path, 1, &store, &err) != 0)
            fail_msg("%s", err.text);
        assert_int_equal(store->ops->head(store, &head, chain, &err), 0);
        assert_in_range(head, acknowledged, acknowledged + (uint64_t)batch_max); /* one more */
        assert_true(sample_chain_holds(store, before, head));
        before = head;
        store_sqlite.close(store);
    }
}

int
main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_acknowledged_survives_kill_9),
    };
    int failed;

    if (argc == 4 && strcmp(argv[1], "append") == 0)
        append_for_ever(argv[2], (size_t)atoi(argv[3]), STDOUT_FILENO);
    if (temp_store_make(&temp) != 0)
        return 1;
    failed = cmocka_run_group_tests_name("sqlite crash", tests, NULL, NULL);
    temp_store_remove(&temp);
    return failed;
}
