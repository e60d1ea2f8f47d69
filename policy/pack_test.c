/* pack_test.c - each test a payment of its own, judged by the pack alone. */
#include "policy/pack_test.h"

#include <stdlib.h>
#include <string.h>

#include "gateway/base/file.h"
#include "gateway/base/time.h"
#include "policy/book.h"
#include "policy/chain.h"
#include "policy/course.h"
#include "policy/facts.h"
#include "policy/recall.h"
#include "policy/rules/rules.h"
#include "policy/terms.h"

#define DAY_MS (24 * 3600 * INT64_C(1000))

/* What all tests of one pack share. */
struct bench {
    const struct snapshot_sources *sources;
    const struct goods *goods;
    const struct pack *pack;
    struct policy policy;
    struct arena *arena;
};

/* -- what came out, in words -- */

/* "KIT-01, AMT-01"; none where there are none. */
static const char *
word_list(struct arena *arena, const char *const *words, size_t count, const char *none)
{
    const char *text = count > 0 ? words[0] : none;

    for (size_t i = 1; i < count; i++)
        text = arena_printf(arena, "%s, %s", text, words[i]);
    return text;
}

static const char *
rule_list(struct arena *arena, const char *const *ids, size_t count)
{
    return word_list(arena, ids, count, "no rule");
}

static bool
same_rules(const struct pack_test *test, const struct pack_result *result)
{
    if (!test->rules_given)
        return true;
    if (test->rule_count != result->rule_count)
        return false;
    for (size_t i = 0; i < test->rule_count; i++)
        if (strcmp(test->rules[i], result->rules[i]) != 0)
            return false;
    return true;
}

/* What is asked beside what was expected, as a part of a sentence; NULL: it is that. */
static const char *
wrong_asks(const struct bench *bench, const struct pack_test *test,
           const struct questions *questions)
{
    bool same = test->ask_count == questions->count;

    for (size_t i = 0; same && i < questions->count; i++)
        same = strcmp(test->asks[i], questions->asks[i]) == 0;
    if (!test->asks_given || same)
        return NULL;
    return arena_printf(bench->arena, "expected to ask %s; got %s",
                        word_list(bench->arena, test->asks, test->ask_count, "nothing"),
                        word_list(bench->arena, questions->asks, questions->count, "nothing"));
}

/* Likewise what follows. */
static const char *
wrong_course(const struct bench *bench, const struct pack_test *test,
             const struct course *follows)
{
    enum policy_action action = follows->at_ms ? follows->action : POLICY_ABSTAIN;

    if (!test->follows_given || action == test->follows)
        return NULL;
    return arena_printf(bench->arena, "expected %s to follow; got %s",
                        test->follows == POLICY_ABSTAIN ? "nothing"
                                                        : pack_action_name(test->follows),
                        action == POLICY_ABSTAIN ? "nothing" : pack_action_name(action));
}

/* NULL where the test is met. */
static const char *
failure_of(const struct bench *bench, const struct pack_result *result,
           const struct decision *decision)
{
    const struct pack_test *test = result->test;
    enum policy_action passed =
        result->action == POLICY_ABSTAIN ? POLICY_ACCEPT : result->action;
    bool same_action = test->action == POLICY_ABSTAIN ? result->action == POLICY_ABSTAIN
                                                      : test->action == passed;
    struct arena *arena = bench->arena;

    if (decision->error_count == 0 && same_action && same_rules(test, result)) {
        const char *wrong = wrong_asks(bench, test, &decision->questions);

        return wrong ? wrong : wrong_course(bench, test, &decision->follows);
    }
    return arena_printf(
        arena, "expected %s%s%s; got %s by %s%s%s", pack_action_name(test->action),
        test->rules_given ? " by " : "",
        test->rules_given ? rule_list(arena, test->rules, test->rule_count) : "",
        pack_action_name(passed), rule_list(arena, result->rules, result->rule_count),
        decision->error_count > 0 ? ", and an error: " : "",
        decision->error_count > 0 ? decision->failures->why : "");
}

/* -- one test -- */

static void
note_rules(const struct bench *bench, const struct decision *decision,
           struct pack_result *result, size_t *fired)
{
    const struct pack *pack = bench->pack;
    const char **ids;
    size_t i = 0, count = 0;

    for (const struct fired_rule *rule = decision->rules; rule; rule = rule->next)
        count++;
    ids = arena_alloc(bench->arena, (count + 1) * sizeof(*ids));
    /* Rules fire in the pack's order. */
    for (const struct fired_rule *rule = decision->rules; rule; rule = rule->next) {
        while (i < pack->rule_count && strcmp(pack->rules[i].id, rule->id) != 0)
            i++;
        if (i == pack->rule_count)
            break;
        ids[result->rule_count++] = pack->rules[i].id;
        fired[i]++;
    }
    result->rules = ids;
}

/* One earlier payment as the bank would have noted it. */
static int
note_earlier(const struct bench *bench, const struct pack_earlier *earlier, size_t index,
             int64_t now_ms, const struct rates *rates, struct arena *scratch,
             struct memory_note *out, struct error *err)
{
    const struct policy_payment *payment =
        bench->sources->payment_read(scratch, earlier->payment, err);
    struct decision decision = {0};
    struct memory_keys keys;
    struct kits_found found;

    if (!payment)
        return -1;
    kits_find(bench->goods, payment, NULL, 0, scratch, &found);
    decision.action = earlier->refused ? POLICY_REJECT : POLICY_ACCEPT;
    decision.amount_base =
        rates_to_base(rates, payment->currency, payment->amount_minor, now_ms);
    decision.brings = found.brings;
    decision.brings_count = found.brings_count;
    memory_keys_of(payment, scratch, &keys);
    memory_note_of(payment, &keys, &decision, out);
    out->at_ms = earlier->at_ms ? earlier->at_ms : now_ms;
    out->uetr[15] ^= (uint8_t)(index + 1); /* a payment of its own, whatever it says */
    return 0;
}

/* What the test says came before; the payment's currency is the base. */
static int
remember(const struct bench *bench, const struct pack_test *test, struct facts *facts,
         struct recall *recall, struct error *err)
{
    struct arena *scratch = facts->arena;
    struct memory_note *notes =
        arena_alloc(scratch, (test->history_count + 1) * sizeof(*notes));
    struct memory_keys *keys = arena_alloc(scratch, sizeof(*keys));
    struct rates *rates = arena_alloc(scratch, sizeof(*rates));

    rates_one(rates, facts->payment->currency, bench->sources->currency_decimals, scratch);
    for (size_t i = 0; i < test->history_count; i++)
        if (note_earlier(bench, &test->history[i], i, facts->base.now_ms, rates, scratch,
                         &notes[i], err) != 0)
            return -1;
    memory_keys_of(facts->payment, scratch, keys);
    recall_init(recall, keys, notes, test->history_count);
    facts->memory = &recall->memory;
    facts->rates = rates;
    facts->kits_ms = MEMORY_KITS_DAYS * DAY_MS;
    return 0;
}

static int
judge(const struct bench *bench, const struct pack_test *test,
      const struct policy_payment *payment, struct arena *scratch, struct decision *decision,
      struct error *err)
{
    const struct policy *policies[] = {&bench->policy};
    const struct chain chain = {policies, 1, POLICY_ACCEPT};
    const struct policy_agent *agent = payment->creditor_agent;
    const struct policy_bank bank = {
        .size = sizeof(bank),
        .bic = test->bank_bic[0] != '\0'
                   ? test->bank_bic
                   : arena_copy(scratch, agent->bic, strnlen(agent->bic, BOOK_BIC_LENGTH)),
        .name = test->bank_name[0] != '\0' ? test->bank_name : agent->name,
        .bank_class = test->bank_class,
    };
    static const struct calendar weekends;
    const struct course_of of = {&book_terms_default, &weekends, payment->uetr, test->seed};
    int64_t now_ms = test->now_ms ? test->now_ms : payment->created_at_ms;
    struct recall recall;
    struct facts facts;

    if (now_ms == 0 && !instant_parse(PACK_TEST_NOW, &now_ms))
        abort();
    *decision = (struct decision){0};
    facts_init(&facts, payment, &bank, now_ms, test->seed, bench->goods, scratch);
    facts.hits_known = true;
    facts.hits = test->hits;
    facts.hit_count = test->hit_count;
    if (remember(bench, test, &facts, &recall, err) != 0)
        return -1;
    chain_judge(&chain, &facts, decision);
    course_decide(&of, payment, now_ms, scratch, decision);
    return 0;
}

static void
run_test(const struct bench *bench, const struct pack_test *test, struct arena *scratch,
         struct pack_result *result, size_t *fired)
{
    const struct policy_payment *payment;
    struct error why = {0};
    struct decision decision;

    *result = (struct pack_result){.test = test, .action = POLICY_ABSTAIN};
    payment = bench->sources->payment_read(scratch, test->payment, &why);
    if (!payment || judge(bench, test, payment, scratch, &decision, &why) != 0) {
        result->failure = arena_printf(bench->arena, "%s", why.text);
        return;
    }
    note_rules(bench, &decision, result, fired);
    if (decision.policy[0] != '\0') /* else the default decided */
        result->action = decision.action;
    result->failure = failure_of(bench, result, &decision);
}

/* -- the pack -- */

/* Whether a message carries a code is known to gateway/payment alone. */
static int
check_codes(const struct snapshot_sources *sources, const struct pack *pack, struct error *err)
{
    for (size_t i = 0; i < pack->rule_count; i++) {
        const struct pack_rule *rule = &pack->rules[i];
        const char *const codes[] = {rule->reason.code, rule->disclosed.code};
        const char *member, *unfit;

        for (size_t c = 0; c < 2; c++)
            if (codes[c][0] != '\0' && !sources->reason_fits(rule->action, codes[c]))
                return error_set(err, ERROR_INVALID,
                                 "%s:%u:%u: rules/%s/then/%s/code: expected a reason of the "
                                 "message that %s sends; found \"%s\"",
                                 pack->path, rule->line, rule->column, rule->id,
                                 c == 0 ? "reason" : "disclosed",
                                 pack_action_name(rule->action), codes[c]);
        unfit = rule->terms ? terms_unfit(rule->terms, sources->reason_fits, &member) : NULL;
        if (unfit)
            return error_set(
                err, ERROR_INVALID,
                "%s:%u:%u: rules/%s/then: expected reasons of the message that the "
                "action of \"%s\" sends; found \"%s\"",
                pack->path, rule->line, rule->column, rule->id, member, unfit);
    }
    return 0;
}

int
pack_test_run(const struct snapshot_sources *sources, const struct goods *goods,
              const struct host_pack *file, struct arena *arena, struct pack_report *out,
              struct error *err)
{
    const struct host_currencies currencies = {sources->currency_decimals,
                                               sources->money_parse};
    struct bench bench = {.sources = sources, .goods = goods, .arena = arena};
    struct arena scratch = {0};
    struct pack *pack;

    *out = (struct pack_report){0};
    if (pack_read(arena, file->path, file->text, file->len, NULL, &pack, err) != 0 ||
        check_codes(sources, pack, err) != 0 ||
        policy_open(&rules_plugin, NULL, file, &currencies, arena, &bench.policy, err) != 0)
        return -1;
    bench.pack = out->pack = pack;
    out->results = arena_zalloc(arena, (pack->test_count + 1) * sizeof(*out->results));
    out->fired = arena_zalloc(arena, pack->rule_count * sizeof(*out->fired));
    out->result_count = pack->test_count;
    for (size_t i = 0; i < pack->test_count; i++) {
        run_test(&bench, &pack->tests[i], &scratch, &out->results[i], out->fired);
        out->failed += out->results[i].failure != NULL;
        arena_reset(&scratch);
    }
    arena_release(&scratch);
    policy_close(&bench.policy);
    return 0;
}

int
pack_test_file(const struct snapshot_sources *sources, const char *path, struct arena *arena,
               struct pack_report *out, struct error *err)
{
    struct host_pack file = {.path = path};
    struct goods *goods;
    char *text;

    *out = (struct pack_report){0};
    if (file_read(arena, path, PACK_BYTES_MAX, &text, &file.len, err) != 0 ||
        goods_load(sources->goods_path, arena, &goods, err) != 0)
        return -1;
    file.text = text;
    return pack_test_run(sources, goods, &file, arena, out, err);
}

int
pack_report_verdict(const struct pack_report *report, struct error *err)
{
    for (size_t i = 0; i < report->result_count; i++) {
        const struct pack_result *result = &report->results[i];

        if (result->failure)
            return error_set(err, ERROR_INVALID, "%s:%u:%u: test \"%.100s\": %s",
                             report->pack->path, result->test->line, result->test->column,
                             result->test->title, result->failure);
    }
    return 0;
}
