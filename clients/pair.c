/* pair.c - see pair.h. */
#include "clients/pair.h"

#include "clients/policy_pack.h"
#include "clients/print.h"
#include "gateway/payment/life.h"
#include "policy/rules/pack.h"

int
pair_open(struct pair *pair, struct arena *arena, const char *const packs[PAIR_COUNT],
          struct error *err)
{
    struct snapshot_sources sources;
    struct goods *goods;

    *pair = (struct pair){0};
    if (policy_sources(arena, &sources, err) != 0 ||
        goods_load(sources.goods_path, arena, &goods, err) != 0)
        return -1;
    for (int i = 0; i < PAIR_COUNT; i++) {
        struct host_pack pack;

        if (policy_pack_find(arena, packs[i], &pack, err) != 0 ||
            judge_open(&pair->judges[i], arena, &sources, &pack, goods, err) != 0)
            return -1;
    }
    return 0;
}

int
pair_take_book(struct pair *pair, struct arena *arena, const char *path, struct error *err)
{
    if (document_read(arena, path, &pair->book_document, err) != 0)
        return -1;
    return book_read(&pair->book_document, arena, &pair->book, err);
}

void
pair_close(struct pair *pair)
{
    for (int i = 0; i < PAIR_COUNT; i++)
        judge_close(&pair->judges[i]);
}

const char *
pair_label(const struct pair *pair, int side)
{
    return pair->judges[side].policy.label;
}

/* As the book has it; one that is not in the book has no class. */
static struct policy_bank
bank_of(const struct book *book, const struct policy_payment *payment)
{
    const char *bic = payment->creditor_agent->bic;
    const struct book_bank *known = book_bank(book, bic);

    if (known)
        return known->bank;
    return (struct policy_bank){
        .size = sizeof(struct policy_bank), .bic = bic, .name = "", .bank_class = ""};
}

void
pair_judge(const struct pair *pair, const struct policy_payment *payment, int64_t now_ms,
           uint64_t seed, struct arena *arena, struct decision decisions[PAIR_COUNT])
{
    struct circumstances *circumstances = arena_alloc(arena, sizeof(*circumstances));

    *circumstances = (struct circumstances){bank_of(&pair->book, payment), now_ms, seed};
    for (int i = 0; i < PAIR_COUNT; i++)
        judge_payment(&pair->judges[i], payment, circumstances, arena, &decisions[i]);
}

/* -- telling -- */

static void
rules_print(FILE *out, const struct decision *decision)
{
    for (const struct fired_rule *rule = decision->rules; rule; rule = rule->next) {
        fputc(' ', out);
        print_text(out, rule->id);
    }
}

void
pair_print(FILE *out, int indent, const struct decision decisions[PAIR_COUNT])
{
    for (int i = 0; i < PAIR_COUNT; i++) {
        fprintf(out, "%*s%c  %s", indent, "", 'A' + i, pack_action_name(decisions[i].action));
        rules_print(out, &decisions[i]);
        fputc('\n', out);
        for (const struct policy_failure *failure = decisions[i].failures; failure;
             failure = failure->next) {
            fprintf(out, "%*s   ", indent, "");
            print_text(out, failure->why);
            fputc('\n', out);
        }
    }
}

static void
decision_json(struct buffer *line, const char *key, const struct decision *decision)
{
    json_key(line, key);
    json_open(line, '{');
    json_member(line, "action", pack_action_name(decision->action));
    json_key(line, "outcome");
    if (decision->action == POLICY_ABSTAIN)
        json_null(line);
    else
        json_string(line,
                    payment_outcome_name(payment_outcome(action_state(decision->action))));
    json_key(line, "rules");
    json_open(line, '[');
    for (const struct fired_rule *rule = decision->rules; rule; rule = rule->next)
        json_string(line, rule->id);
    json_close(line, ']');
    json_key(line, "failures");
    json_open(line, '[');
    for (const struct policy_failure *failure = decision->failures; failure;
         failure = failure->next)
        json_string(line, failure->why);
    json_close(line, ']');
    json_close(line, '}');
}

void
pair_json(struct buffer *line, const struct decision decisions[PAIR_COUNT])
{
    decision_json(line, "a", &decisions[PAIR_A]);
    decision_json(line, "b", &decisions[PAIR_B]);
}
