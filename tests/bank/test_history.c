/* test_history.c - what the bank remembers, against a memory that looks at every payment. */
#include "gateway/bank/history.h"

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
    uint32_t parties; /* how many there are */
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

static void
same_window(const struct memory_window *a, const struct memory_window *b)
{
    assert_int_equal(a->count, b->count);
    assert_int_equal(a->counterparties, b->counterparties);
    assert_int_equal(a->refused, b->refused);
    assert_int_equal(a->unknown, b->unknown);
    assert_int_equal(a->largest, b->largest);
    assert_true(a->sum == b->sum);
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
            same_window(&told, &expected);
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

/* A payment is judged and noted, by both. */
static void
step(struct scene *scene, uint32_t serial)
{
    struct memory_note *model = &scene->notes[scene->count];
    uint8_t packed[HISTORY_NOTE_MAX];
    struct history_visit visit;
    struct asked asked;

    arena_reset(&scene->arena);
    asked_init(&asked, scene, serial);
    history_visit(scene->history, &asked.fixture.payment, scene->now_ms, &scene->arena, &visit);
    visit.memory.enter(&visit.memory);
    same_answers(scene, &visit);
    memory_note_of(&asked.fixture.payment, &visit.keys, &asked.decision, model);
    model->at_ms = scene->now_ms;
    assert_true(history_note(&visit, &asked.fixture.payment, &asked.decision, packed,
                             &scene->ids[scene->count]) > 0);
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

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_window_is_what_looking_at_each_payment_says),
        cmocka_unit_test(what_comes_late_is_put_in_its_place),
        cmocka_unit_test(what_is_forgotten_refused_or_cancelled_counts_so),
    };

    return cmocka_run_group_tests_name("history", tests, NULL, NULL);
}
