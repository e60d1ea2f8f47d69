/* pair.c - see pair.h. */
#include "clients/pair.h"

#include "clients/cause.h"
#include "clients/place.h"
#include "clients/policy_lists.h"
#include "clients/policy_pack.h"
#include "clients/print.h"
#include "gateway/payment/life.h"
#include "policy/rules/pack.h"

/* -- two of a kind -- */

struct pair_files {
    struct host_pack files[PAIR_COUNT];
    bool books; /* both; else none */
};

/* One of each cannot be compared, and two options belong to one kind. */
static int
files_find(struct arena *arena, const struct options *options, struct pair_files *found,
           struct error *err)
{
    const char *const *names = options->arguments;
    bool is_book[PAIR_COUNT];

    for (int i = 0; i < PAIR_COUNT; i++)
        if (policy_file_find(arena, names[i], &found->files[i], &is_book[i], err) != 0)
            return -1;
    if (is_book[PAIR_A] != is_book[PAIR_B])
        return error_set(err, ERROR_INVALID,
                         "policy diff takes two packs or two books, but %.60s is a %s and "
                         "%.60s a %s: a pack answers for itself and may abstain, a book for "
                         "a whole bank",
                         names[PAIR_A], is_book[PAIR_A] ? "book" : "pack", names[PAIR_B],
                         is_book[PAIR_B] ? "book" : "pack");
    found->books = is_book[PAIR_A];
    if (found->books && options->values[OPTION_BOOK])
        return error_set(err, ERROR_INVALID,
                         "--book says of whose banks two packs are asked; A and B are books");
    if (!found->books && options->values[OPTION_PACKS])
        return error_set(err, ERROR_INVALID,
                         "--packs says where the packs of two books are; A and B are packs");
    return 0;
}

static int
packs_open(struct pair *pair, struct arena *arena, const struct pair_files *found,
           const struct options *options, struct error *err)
{
    struct snapshot_sources sources;
    struct goods *goods;

    if (policy_sources(arena, &sources, err) != 0 ||
        goods_load(sources.goods_path, arena, &goods, err) != 0 ||
        policy_lists_open(arena, options, &pair->listings, err) != 0 ||
        roster_load(&pair->roster, pair->listings, arena, err) != 0)
        return -1;
    for (int i = 0; i < PAIR_COUNT; i++)
        if (judge_pack_open(&pair->judges[i], arena, &sources, &found->files[i], goods,
                            &pair->roster, err) != 0)
            return -1;
    return 0;
}

static int
books_open(struct pair *pair, struct arena *arena, const struct pair_files *found,
           const struct options *options, struct error *err)
{
    struct snapshot_sources sources;

    if (policy_sources_of_books(arena, options->values[OPTION_PACKS], &sources, err) != 0 ||
        policy_lists_open(arena, options, &pair->listings, err) != 0)
        return -1;
    sources.listings = pair->listings;
    for (int i = 0; i < PAIR_COUNT; i++) {
        sources.book = found->files[i].path;
        if (judge_book_open(&pair->judges[i], arena, &sources, err) != 0)
            return -1;
    }
    return 0;
}

int
pair_open(struct pair *pair, struct arena *arena, const struct options *options,
          struct error *err)
{
    struct pair_files found;

    *pair = (struct pair){0};
    if (files_find(arena, options, &found, err) != 0)
        return -1;
    return found.books ? books_open(pair, arena, &found, options, err)
                       : packs_open(pair, arena, &found, options, err);
}

int
pair_take_banks(struct pair *pair, struct arena *arena, const struct options *options,
                const char *named, struct error *err)
{
    const char *given = options->values[OPTION_BOOK];
    const char *scenario = options->values[OPTION_SCENARIO], *path;
    int rc;

    if (pair_is_of_books(pair))
        return 0;
    if (given || !scenario)
        rc = place_of_own_book(arena, given ? given : PAIR_BOOK_DEFAULT, &path, err);
    else
        rc = place_of_book(arena, named[0] ? named : PAIR_BOOK_DEFAULT, scenario,
                           place_of_program(arena), &path, err);
    if (rc != 0 || document_read(arena, path, &pair->banks_document, err) != 0)
        return -1;
    return book_read(&pair->banks_document, arena, &pair->banks, err);
}

void
pair_close(struct pair *pair)
{
    for (int i = 0; i < PAIR_COUNT; i++)
        if (pair->judges[i].ops)
            pair->judges[i].ops->close(&pair->judges[i]);
    roster_release(&pair->roster);
    listings_free(pair->listings);
}

const char *
pair_noun(const struct pair *pair)
{
    return pair->judges[PAIR_A].ops->noun;
}

const char *
pair_label(const struct pair *pair, int side)
{
    return pair->judges[side].label;
}

bool
pair_is_of_books(const struct pair *pair)
{
    return pair->judges[PAIR_A].ops->many;
}

void
pair_judge(const struct pair *pair, const struct policy_payment *payment, int64_t now_ms,
           uint64_t seed, struct arena *arena, struct decision decisions[PAIR_COUNT])
{
    const struct circumstances circumstances = {&pair->banks, now_ms, seed};

    for (int i = 0; i < PAIR_COUNT; i++)
        pair->judges[i].ops->judge(&pair->judges[i], payment, &circumstances, arena,
                                   &decisions[i]);
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

/* What passes, and what nobody has an opinion on, needs no reason. */
static bool
needs_reason(const struct decision *decision)
{
    return decision->action > POLICY_ACCEPT;
}

static void
line_print(FILE *out, int indent, const char *first, const char *between, const char *second)
{
    fprintf(out, "%*s   ", indent, "");
    print_text(out, first);
    fputs(between, out);
    print_text(out, second);
    fputc('\n', out);
}

static void
decision_print(FILE *out, int indent, char side, const struct decision *decision, bool many)
{
    fprintf(out, "%*s%c  %s", indent, "", side, pack_action_name(decision->action));
    rules_print(out, decision);
    fputc('\n', out);
    if (needs_reason(decision)) {
        struct cause cause = cause_of(decision);

        if (cause.kind > CAUSE_RULE)
            line_print(out, indent, cause.name, "", cause_words(cause));
    }
    for (const struct policy_failure *failure = decision->failures; failure;
         failure = failure->next)
        line_print(out, indent, many ? failure->policy : "", many ? ": " : "", failure->why);
}

void
pair_print(const struct pair *pair, FILE *out, int indent,
           const struct decision decisions[PAIR_COUNT])
{
    for (int i = 0; i < PAIR_COUNT; i++)
        decision_print(out, indent, (char)('A' + i), &decisions[i], pair->judges[i].ops->many);
}

static void
decision_json(struct buffer *line, const char *key, const struct decision *decision, bool many)
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
        json_string(line,
                    many ? arena_printf(line->arena, "%s: %s", failure->policy, failure->why)
                         : failure->why);
    json_close(line, ']');
    if (needs_reason(decision))
        cause_json(line, cause_of(decision));
    json_close(line, '}');
}

void
pair_json(const struct pair *pair, struct buffer *line,
          const struct decision decisions[PAIR_COUNT])
{
    decision_json(line, "a", &decisions[PAIR_A], pair->judges[PAIR_A].ops->many);
    decision_json(line, "b", &decisions[PAIR_B], pair->judges[PAIR_B].ops->many);
}
