/*
 * store_bench.c - what the writer costs a payment, and how long a commit takes.
 *
 *     build/tests/bench/store_bench PATH COUNT RATE [IN_FLIGHT]
 *
 * Stores COUNT records of 1.8 KB, RATE a second (0: as fast as the writer takes
 * them, IN_FLIGHT at a time), and prints a line for each tenth.  A latency
 * runs from the moment a record was due until its done(), so a stall counts
 * for every record that it kept waiting.
 */
#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "gateway/base/time.h"
#include "gateway/store/writer.h"

#define BODY_BYTES    1800
#define JOBS_MAX      16384
#define PARTS         10
#define NS_PER_SECOND 1000000000LL

struct bench_job {
    struct writer_job job;
    int64_t due_ns;
    char body[BODY_BYTES];
};

static struct bench_job jobs[JOBS_MAX];
static uint32_t *latency_us; /* of each record */
static _Atomic uint64_t done_count;
static _Atomic int64_t writer_cpu_ns; /* after the last done() */
static atomic_int failures;

static void
bench_done(struct writer_job *job, int rc)
{
    const struct bench_job *bench = (const struct bench_job *)job;
    uint64_t i = atomic_load_explicit(&done_count, memory_order_relaxed);
    struct timespec cpu;

    if (rc != 0)
        atomic_fetch_add(&failures, 1);
    latency_us[i] = (uint32_t)((monotonic_ns() - bench->due_ns) / 1000);
    if (i % 256 == 0) {
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &cpu);
        atomic_store(&writer_cpu_ns, cpu.tv_sec * NS_PER_SECOND + cpu.tv_nsec);
    }
    atomic_store_explicit(&done_count, i + 1, memory_order_release);
}

static void
bench_pause(int64_t ns)
{
    nanosleep(&(struct timespec){.tv_nsec = ns}, NULL);
}

/* Bodies that differ: their first bytes count, the rest is arbitrary. */
static void
bench_fill(struct bench_job *bench, uint64_t i)
{
    bench->job.done = bench_done;
    bench->job.entry = (struct store_entry){
        .kind = RECORD_PAYMENT,
        .fingerprint = i * 0x9e3779b97f4a7c15ULL,
        .at_ms = 1713142800000 + (int64_t)i,
        .state = 1,
        .currency = "CNY",
        .debtor_country = "RU",
        .body = bench->body,
        .body_len = BODY_BYTES,
    };
    memcpy(bench->body, &i, sizeof(i));
}

static int
compare_u32(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return (x > y) - (x < y);
}

static long
file_kib(const char *path, const char *suffix)
{
    char name[4096];
    struct stat status;

    snprintf(name, sizeof(name), "%s%s", path, suffix);
    return stat(name, &status) == 0 ? (long)(status.st_size / 1024) : 0;
}

static long
resident_kib(void)
{
    long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");

    if (!file || fscanf(file, "%*d %ld", &pages) != 1)
        pages = 0;
    if (file)
        fclose(file);
    return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

static void
report(const char *path, uint64_t from, uint64_t to, int64_t wall_ns, int64_t cpu_ns)
{
    uint64_t n = to - from;
    uint32_t *part = latency_us + from;

    qsort(part, n, sizeof(*part), compare_u32);
    printf("%9" PRIu64 " stored  %7.0f/s  writer %5.2f us/payment  p50 %6.2f p99 %6.2f "
           "p99.9 %6.2f max %6.2f ms  wal %6ld KiB  rss %6ld KiB\n",
           to, (double)n * 1e9 / (double)wall_ns, (double)cpu_ns / 1000.0 / (double)n,
           part[n / 2] / 1000.0, part[n * 99 / 100] / 1000.0, part[n * 999 / 1000] / 1000.0,
           part[n - 1] / 1000.0, file_kib(path, "-wal"), resident_kib());
    fflush(stdout);
}

static void
bench_run(struct writer *writer, const char *path, uint64_t count, uint64_t rate,
          uint64_t in_flight)
{
    int64_t start_ns = monotonic_ns(), part_ns = start_ns, part_cpu = 0;
    uint64_t part_from = 0, step = count / PARTS;
    struct error err = {0};

    for (uint64_t i = 0; i < count; i++) {
        struct bench_job *bench = &jobs[i % JOBS_MAX];
        int64_t due_ns = rate ? start_ns + (int64_t)(i * NS_PER_SECOND / rate) : 0;

        while (rate && monotonic_ns() < due_ns)
            bench_pause(200000);
        while (i - atomic_load_explicit(&done_count, memory_order_acquire) >= in_flight)
            bench_pause(50000);
        bench_fill(bench, i);
        bench->due_ns = rate ? due_ns : monotonic_ns();
        if (writer_submit(writer, &bench->job, &err) != 0)
            abort();
        if (atomic_load_explicit(&done_count, memory_order_acquire) >= part_from + step) {
            int64_t now = monotonic_ns(), cpu = atomic_load(&writer_cpu_ns);

            report(path, part_from, part_from + step, now - part_ns, cpu - part_cpu);
            part_from += step, part_ns = now, part_cpu = cpu;
        }
    }
}

int
main(int argc, char **argv)
{
    uint64_t count, rate, in_flight;
    struct error err = {0};
    struct store *store;
    struct writer *writer;
    char spec[4096];

    if (argc < 4) {
        fprintf(stderr, "usage: store_bench PATH COUNT RATE [IN_FLIGHT]\n");
        return 2;
    }
    count = strtoull(argv[2], NULL, 10);
    rate = strtoull(argv[3], NULL, 10);
    in_flight = argc > 4 ? strtoull(argv[4], NULL, 10) : 1024;
    if (count < PARTS || in_flight == 0 || in_flight > JOBS_MAX)
        return 2;
    if (rate)
        in_flight = JOBS_MAX;
    latency_us = calloc(count, sizeof(*latency_us));
    for (size_t i = 0; i < JOBS_MAX; i++)
        for (size_t j = 0; j < BODY_BYTES; j++)
            jobs[i].body[j] = (char)(' ' + (i * 31 + j * 7) % 90);
    snprintf(spec, sizeof(spec), "sqlite:%s", argv[1]);
    if (store_open(spec, 1, &store, &err) != 0 || writer_open(store, &writer, &err) != 0) {
        fprintf(stderr, "%s\n", err.text);
        return 1;
    }
    bench_run(writer, argv[1], count, rate, in_flight);
    writer_close(writer);
    store->ops->close(store);
    printf("%d failed\n", atomic_load(&failures));
    return atomic_load(&failures) != 0;
}
