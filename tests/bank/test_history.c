/* test_history.c - what the bank remembers, against a memory that looks at every payment. */
#include "gateway/bank/history.h"

#include <pthread.h>

#include "policy/decision.h"
#include "policy/recall.h"
#include "tests/policy/fixture.h"
#include "tests/support/test.h"

#define STEPS    1500
#define DAY_MS   (24 * 3600 * INT64_C(1000))
#define START_MS (19800 * DAY_MS)

/* -- chance of our own: the same in every run -- */

static uint64_t chance_state;

static uint32_t
chance(uint32_t below)
{
    chance_state = chance_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(chance_state >> 33) % below;
}

/* -- payments -- */

struct scene {
    struct history *history;
    struct arena arena;
    struct memory_note notes[STEPS]; /* the model: in the order of judging */
    uint64_t ids[STEPS];
    size_t count;
    int64_t now_ms;
    uint32_t parties;                 /* how many there are */
    uint8_t packed[HISTORY_NOTE_MAX]; /* the latest */
    size_t packed_len;
};

struct asked {
    struct fixture fixture;
    char debtor[24], creditor[24], contract[24], end_to_end_id[24], uetr[40];
    char end_users[3][24];
    struct decision decision;
    uint32_t brings[FIXTURE_LINES_MAX];
    size_t brings_count;
};

static void
asked_init(struct asked *asked, const struct scene *scene, uint32_t serial)
{
    static const char *const goods[] = {"854231 processors", "847330 casings", "852491 screens",
                                        "850760 batteries"};
    struct policy_payment *payment = &asked->fixture.payment;
    uint32_t lines = chance(3);

    fixture_init(&asked->fixture);
    snprintf(asked->debtor, sizeof(asked->debtor), "OOO Payer %u", chance(scene->parties));
    snprintf(asked->creditor, sizeof(asked->creditor), "Seller %u", chance(scene->parties));
    snprintf(asked->contract, sizeof(asked->contract), "C-%u", chance(4));
    snprintf(asked->uetr, sizeof(asked->uetr), "97ed4827-7b6f-4491-a06f-%012x", serial);
    asked->fixture.debtor.name = asked->debtor;
    asked->fixture.creditor.name = asked->creditor;
    payment->uetr = asked->uetr;
    payment->contract = chance(3) > 0 ? asked->contract : "";
    payment->amount_minor = 100 * (1 + chance(3));
    asked->brings_count = 0;
    for (uint32_t i = 0; i < lines; i++) {
        fixture_goods(&asked->fixture, goods[chance(4)]);
        snprintf(asked->end_users[i], sizeof(asked->end_users[i]), "User %u", chance(6));
        asked->fixture.goods[i].end_user = chance(2) ? asked->end_users[i] : "";
        if (chance(30) == 0)
            asked->brings[asked->brings_count++] = i;
    }
    asked->decision = (struct decision){
        .action = chance(4) ? POLICY_ACCEPT : POLICY_REJECT,
        .amount_base = chance(40) ? (int64_t)chance(1000) + 1 : MEMORY_UNKNOWN,
        .brings = asked->brings,
        .brings_count = asked->brings_count,
    };
}

/* When a contract without payments was last seen is not kept; a party's is (T3). */
static void
same_window(enum policy_history_by by, const struct memory_window *a,
            const struct memory_window *b)
{
    assert_int_equal(a->count, b->count);
    assert_int_equal(a->counterparties, b->counterparties);
    assert_int_equal(a->refused, b->refused);
    assert_int_equal(a->unknown, b->unknown);
    assert_int_equal(a->largest, b->largest);
    assert_true(a->sum == b->sum);
    if (b->count > 0 || (by != POLICY_HISTORY_CONTRACT && by != POLICY_HISTORY_REFUSED))
        assert_int_equal(a->last_ms, b->last_ms);
}

static int64_t
clipped(const struct scene *scene, int64_t since_ms)
{
    int64_t horizon = scene->now_ms - HISTORY_DAYS * DAY_MS;

    return since_ms > horizon ? since_ms : horizon;
}

/* Both memories say the same of what came before. */
static void
same_answers(struct scene *scene, struct history_visit *visit)
{
    static const int64_t back_ms[] = {0, 1, 3600000, DAY_MS, 30 * DAY_MS, 3000 * DAY_MS};
    const struct memory_part *ours, *model;
    struct recall recall;
    size_t count;

    recall_init(&recall, &visit->keys, scene->notes, scene->count);
    for (int by = 0; by < POLICY_HISTORY_COUNT; by++)
        for (size_t i = 0; i < sizeof(back_ms) / sizeof(back_ms[0]); i++) {
            int64_t since_ms = scene->now_ms - back_ms[i] + chance(2);
            struct memory_window told, expected;

            visit->memory.window(&visit->memory, (enum policy_history_by)by, since_ms, &told);
            recall.memory.window(&recall.memory, (enum policy_history_by)by,
                                 clipped(scene, since_ms), &expected);
            same_window((enum policy_history_by)by, &told, &expected);
        }
    count =
        visit->memory.parts(&visit->memory, scene->now_ms - 90 * DAY_MS, &scene->arena, &ours);
    assert_int_equal(count, recall.memory.parts(&recall.memory, scene->now_ms - 90 * DAY_MS,
                                                &scene->arena, &model));
    for (size_t i = 0; i < count; i++) {
        assert_string_equal(ours[i].uetr, model[i].uetr);
        assert_string_equal(ours[i].hs_code, model[i].hs_code);
        assert_string_equal(ours[i].description, model[i].description);
        assert_int_equal(ours[i].at_ms, model[i].at_ms);
        assert_int_equal(ours[i].line, model[i].line);
    }
}

/* Without the model. */
static void
note_only(struct scene *scene, uint32_t serial, uint64_t *id)
{
    struct history_visit visit;
    struct asked asked;

    arena_reset(&scene->arena);
    asked_init(&asked, scene, serial);
    history_visit(scene->history, &asked.fixture.payment, scene->now_ms, &scene->arena, &visit);
    history_note(&visit, &asked.fixture.payment, &asked.decision, scene->packed, id);
    history_leave(&visit);
}

/* A payment is judged and noted, by both. */
static void
step(struct scene *scene, uint32_t serial)
{
    struct memory_note *model = &scene->notes[scene->count];
    struct history_visit visit;
    struct asked asked;

    arena_reset(&scene->arena);
    asked_init(&asked, scene, serial);
    history_visit(scene->history, &asked.fixture.payment, scene->now_ms, &scene->arena, &visit);
    visit.memory.enter(&visit.memory);
    same_answers(scene, &visit);
    memory_note_of(&asked.fixture.payment, &visit.keys, &asked.decision, model);
    model->at_ms = scene->now_ms;
    scene->packed_len = history_note(&visit, &asked.fixture.payment, &asked.decision,
                                     scene->packed, &scene->ids[scene->count]);
    scene->count++;
    history_leave(&visit);
}

/* One of the notes is forgotten, refused or cancelled, by both. */
static void
change(struct scene *scene)
{
    size_t i = scene->count > 40 && chance(2) ? scene->count - 1 - chance(40)
                                              : chance((uint32_t)scene->count);
    size_t behind = scene->count - i - 1;

    switch (chance(3)) {
    case 0:
        history_forget(scene->history, scene->ids[i]);
        memmove(&scene->notes[i], &scene->notes[i + 1], behind * sizeof(scene->notes[0]));
        memmove(&scene->ids[i], &scene->ids[i + 1], behind * sizeof(scene->ids[0]));
        scene->count--;
        break;
    case 1:
        history_refuse(scene->history, scene->ids[i]);
        scene->notes[i].outcome = MEMORY_REFUSED;
        break;
    default:
        history_cancel(scene->history, scene->ids[i]);
        if (scene->notes[i].outcome == MEMORY_OPEN)
            scene->notes[i].outcome = MEMORY_CANCELLED;
    }
}

static void
scene_release(struct scene *scene)
{
    history_free(scene->history);
    arena_release(&scene->arena);
    free(scene);
}

/* How time goes between two payments, in ms, at most; some go back by as much. */
static void
run(uint64_t seed, uint32_t parties, uint32_t pace_ms, uint32_t back_ms, bool changes)
{
    struct scene *scene = calloc(1, sizeof(*scene));

    assert_non_null(scene);
    chance_state = seed;
    scene->history = history_new();
    scene->parties = parties;
    scene->now_ms = START_MS;
    for (uint32_t i = 0; i < STEPS; i++) {
        int64_t now_ms = scene->now_ms += pace_ms ? chance(pace_ms) : 0;

        if (back_ms && chance(3) == 0)
            scene->now_ms -= chance(back_ms);
        step(scene, i);
        scene->now_ms = now_ms;
        if (changes && chance(4) == 0)
            change(scene);
    }
    assert_int_equal(history_count(scene->history), scene->count);
    scene_release(scene);
}

static void
every_window_is_what_looking_at_each_payment_says(void **state)
{
    (void)state;
    run(1, 3, 3600000, 0, false); /* busy parties: many blocks */
    run(2, 40, 3600000, 0, false);
    run(3, 2, 0, 0, false); /* a clock that stands still */
}

static void
what_comes_late_is_put_in_its_place(void **state)
{
    (void)state;
    run(4, 2, 60000, 86400000, false);
    run(5, 20, 600000, 86400000, false);
}

static void
what_is_forgotten_refused_or_cancelled_counts_so(void **state)
{
    (void)state;
    run(6, 2, 60000, 3600000, true);
    run(7, 1, 0, 0, true);
    run(8, 12, 3600000, 86400000, true);
}

/* Submissions that come to nothing without end: their places are taken again. */
static void
what_is_forgotten_leaves_its_place(void **state)
{
    struct scene *scene = calloc(1, sizeof(*scene));
    uint64_t kept, id;

    (void)state;
    assert_non_null(scene);
    chance_state = 11;
    scene->history = history_new();
    scene->parties = 6;
    scene->now_ms = START_MS;
    note_only(scene, 0, &kept);
    for (uint32_t i = 1; i < 5000; i++) {
        scene->now_ms += chance(2) * DAY_MS / 4;
        note_only(scene, i, &id);
        assert_int_equal((uint32_t)id, 2);
        history_forget(scene->history, id);
        history_forget(scene->history, id); /* is nobody's by now */
    }
    history_forget(scene->history, kept);
    assert_int_equal(history_count(scene->history), 0);
    scene_release(scene);
}

/* A payment that is far ahead of the others takes its own share with it, and not all. */
static void
one_far_ahead_does_not_age_the_rest(void **state)
{
    enum { BEFORE = 200, AFTER = 100 };
    struct scene *scene = calloc(1, sizeof(*scene));
    uint64_t id;

    (void)state;
    assert_non_null(scene);
    chance_state = 12;
    scene->history = history_new();
    scene->parties = 6;
    scene->now_ms = START_MS;
    for (uint32_t i = 0; i < BEFORE; i++)
        note_only(scene, i, &id);
    scene->now_ms += 3000 * DAY_MS;
    note_only(scene, BEFORE, &id);
    scene->now_ms = START_MS;
    for (uint32_t i = 1; i <= AFTER; i++)
        note_only(scene, BEFORE + i, &id);
    assert_int_equal(history_count(scene->history), BEFORE - HISTORY_TRIM + 1 + AFTER);
    scene_release(scene);
}

static void
what_is_past_the_horizon_is_not_told_but_when_a_party_was_last_seen(void **state)
{
    struct scene *scene = calloc(1, sizeof(*scene));

    (void)state;
    assert_non_null(scene);
    chance_state = 9;
    scene->history = history_new();
    scene->parties = 6;
    scene->now_ms = START_MS;
    for (uint32_t i = 0; i < 900; i++) {
        scene->now_ms += chance(8) ? chance(8) * DAY_MS / 2 : 60 * DAY_MS;
        step(scene, i);
        if (chance(9) == 0)
            scene->now_ms += chance(500) * DAY_MS;
    }
    assert_true(history_count(scene->history) < 400); /* the rest has gone */
    scene_release(scene);
}

/* What history_note() packs is what history_load() makes a memory of (T5). */
static void
what_is_packed_and_loaded_again_tells_the_same(void **state)
{
    struct scene *scene = calloc(1, sizeof(*scene));
    struct history *again = history_new();
    struct error err = {0};

    (void)state;
    assert_non_null(scene);
    chance_state = 10;
    scene->history = history_new();
    scene->parties = 4;
    scene->now_ms = START_MS;
    for (uint32_t i = 0; i < 600; i++) {
        scene->now_ms += chance(3600000);
        step(scene, i);
        assert_int_equal(history_load(again, scene->packed, scene->packed_len, scene->now_ms,
                                      scene->notes[i].outcome, &scene->ids[i], &err),
                         0);
    }
    history_free(scene->history);
    scene->history = again;
    for (uint32_t i = 600; i < 700; i++)
        step(scene, i); /* asked of what was loaded */
    for (int i = 0; i < 50; i++)
        change(scene);
    step(scene, 700);
    scene_release(scene);
}

static void
bytes_that_are_no_note_are_refused(void **state)
{
    struct scene *scene = calloc(1, sizeof(*scene));
    struct error err = {0};
    uint64_t id;

    (void)state;
    assert_non_null(scene);
    chance_state = 11;
    scene->history = history_new();
    scene->parties = 4;
    scene->now_ms = START_MS;
    do
        step(scene, (uint32_t)scene->count);
    while (scene->notes[scene->count - 1].line_count == 0);
    for (size_t len = 0; len < scene->packed_len; len++)
        assert_int_equal(
            history_load(scene->history, scene->packed, len, 1, MEMORY_OPEN, &id, &err), -1);
    scene->packed[0]++;
    assert_int_equal(history_load(scene->history, scene->packed, scene->packed_len, 1,
                                  MEMORY_OPEN, &id, &err),
                     -1);
    assert_int_equal(id, 0);
    assert_int_equal(history_count(scene->history), scene->count);
    history_forget(scene->history, 0); /* none is passed over, as what is long gone */
    history_refuse(scene->history, UINT64_MAX);
    history_cancel(scene->history, scene->ids[0] + (UINT64_C(1) << 40));
    scene_release(scene);
}

/* -- many threads (T1) -- */

#define WORKERS      4
#define WORKER_STEPS 400

/* One payment and what was told before it, in the order of judging. */
struct judged {
    uint32_t worker, serial;
    int64_t told[3][3];
};

struct crowd {
    struct history *history;
    pthread_mutex_t lock;
    struct judged list[WORKERS * WORKER_STEPS];
    size_t count;
};

struct worker {
    struct crowd *crowd;
    uint32_t number;
};

/* Of few parties, by its number alone. */
static void
crowd_payment(struct fixture *fixture, uint32_t worker, uint32_t serial, char names[2][24])
{
    uint64_t x = (uint64_t)(worker * WORKER_STEPS + serial) * UINT64_C(0x9e3779b97f4a7c15);

    fixture_init(fixture);
    snprintf(names[0], 24, "Payer %u", (unsigned)(x >> 60) % 5);
    snprintf(names[1], 24, "Seller %u", (unsigned)(x >> 50) % 7);
    fixture->debtor.name = names[0];
    fixture->creditor.name = names[1];
    fixture->payment.amount_minor = 1 + (int64_t)(x >> 40) % 3;
}

/* Refused or not, by what came before: as a policy would. */
static void
crowd_judge(struct history *history, uint32_t worker, uint32_t serial, struct arena *arena,
            int64_t told[3][3], struct crowd *crowd)
{
    static const enum policy_history_by asked[] = {
        POLICY_HISTORY_DEBTOR, POLICY_HISTORY_CREDITOR, POLICY_HISTORY_REFUSED};
    uint8_t packed[HISTORY_NOTE_MAX];
    struct decision decision = {0};
    struct history_visit visit;
    struct fixture fixture;
    char names[2][24];
    uint64_t id;

    arena_reset(arena);
    crowd_payment(&fixture, worker, serial, names);
    history_visit(history, &fixture.payment, START_MS + 1, arena, &visit);
    visit.memory.enter(&visit.memory);
    for (int i = 0; i < 3; i++) {
        struct memory_window window;

        visit.memory.window(&visit.memory, asked[i], START_MS, &window);
        told[i][0] = window.count;
        told[i][1] = window.counterparties;
        told[i][2] = (int64_t)window.sum;
    }
    decision.action = told[0][0] % 3 == 2 || told[2][0] % 2 ? POLICY_REJECT : POLICY_ACCEPT;
    decision.amount_base = 1 + told[0][2] % 1000 + told[1][0];
    history_note(&visit, &fixture.payment, &decision, packed, &id);
    if (crowd) { /* as the caller hands it to the writer */
        struct judged *judged;

        pthread_mutex_lock(&crowd->lock);
        judged = &crowd->list[crowd->count++];
        *judged = (struct judged){.worker = worker, .serial = serial};
        memcpy(judged->told, told, sizeof(judged->told));
        pthread_mutex_unlock(&crowd->lock);
    }
    history_leave(&visit);
}

static void *
work(void *context)
{
    struct worker *worker = context;
    struct arena arena = {0};
    int64_t told[3][3];

    for (uint32_t i = 0; i < WORKER_STEPS; i++)
        crowd_judge(worker->crowd->history, worker->number, i, &arena, told, worker->crowd);
    arena_release(&arena);
    return NULL;
}

static void
what_threads_judged_at_once_replays_on_one_thread(void **state)
{
    struct crowd *crowd = calloc(1, sizeof(*crowd));
    struct history *again = history_new();
    struct worker workers[WORKERS];
    pthread_t threads[WORKERS];
    struct arena arena = {0};

    (void)state;
    assert_non_null(crowd);
    pthread_mutex_init(&crowd->lock, NULL);
    crowd->history = history_new();
    for (uint32_t i = 0; i < WORKERS; i++) {
        workers[i] = (struct worker){crowd, i};
        assert_int_equal(pthread_create(&threads[i], NULL, work, &workers[i]), 0);
    }
    for (uint32_t i = 0; i < WORKERS; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(crowd->count, WORKERS * WORKER_STEPS);
    for (size_t i = 0; i < crowd->count; i++) {
        int64_t told[3][3];

        crowd_judge(again, crowd->list[i].worker, crowd->list[i].serial, &arena, told, NULL);
        assert_memory_equal(told, crowd->list[i].told, sizeof(told));
    }
    pthread_mutex_destroy(&crowd->lock);
    history_free(crowd->history);
    history_free(again);
    arena_release(&arena);
    free(crowd);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_window_is_what_looking_at_each_payment_says),
        cmocka_unit_test(what_comes_late_is_put_in_its_place),
        cmocka_unit_test(what_is_forgotten_refused_or_cancelled_counts_so),
        cmocka_unit_test(what_is_forgotten_leaves_its_place),
        cmocka_unit_test(one_far_ahead_does_not_age_the_rest),
        cmocka_unit_test(what_is_past_the_horizon_is_not_told_but_when_a_party_was_last_seen),
        cmocka_unit_test(what_is_packed_and_loaded_again_tells_the_same),
        cmocka_unit_test(bytes_that_are_no_note_are_refused),
        cmocka_unit_test(what_threads_judged_at_once_replays_on_one_thread),
    };

    return cmocka_run_group_tests_name("history", tests, NULL, NULL);
}
