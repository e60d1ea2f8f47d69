/* analysis.c - one function a question, each asked of every rule. */
#include "policy/rules/analysis.h"

#include "policy/rules/implication.h"
#include "policy/terms.h"

#define FINDINGS_PER_RULE 9  /* truth, another rule, code, text, disclosed, of four ends too */
#define QUOTE_MAX         80 /* bytes of a condition that a sentence quotes */

struct analysis {
    struct arena *arena;
    const struct pack *pack;
    struct pack_finding *findings;
    size_t count;
    struct conjuncts *conjuncts; /* of each rule, parameters by name */
};

static void
find(struct analysis *analysis, enum pack_severity severity, const struct pack_rule *rule,
     const char *sentence)
{
    analysis->findings[analysis->count++] = (struct pack_finding){
        .severity = severity,
        .rule = rule ? rule->id : "",
        .line = rule ? rule->line : 0,
        .column = rule ? rule->column : 0,
        .sentence = sentence,
    };
}

/* The node as it is written, cut where it is long. */
static const char *
quoted(struct arena *arena, const struct pack_rule *rule, const struct cel_node *node)
{
    uint32_t len = node->end - node->begin;
    uint32_t shown = len <= QUOTE_MAX ? len : QUOTE_MAX;

    while (shown < len && shown > 0 && (rule->when[node->begin + shown] & 0xc0) == 0x80)
        shown--; /* not within a character */
    return arena_printf(arena, "%.*s%s", (int)shown, rule->when + node->begin,
                        shown < len ? "..." : "");
}

/* !(a == b) for what must be false. */
static const char *
asked(struct arena *arena, const struct pack_rule *rule, struct asked asked)
{
    const char *text = quoted(arena, rule, asked.node);
    bool binary = asked.node->kind >= CEL_NODE_AND && asked.node->kind <= CEL_NODE_COND;

    if (!asked.negated)
        return text;
    return arena_printf(arena, binary ? "!(%s)" : "!%s", text);
}

/* --- never true, always true ------------------------------------------------------------- */

static const char *
conflict_text(struct arena *arena, const struct pack_rule *rule,
              const struct conflict *conflict)
{
    if (conflict->of)
        return arena_printf(arena, "no value of %s is all that is asked of it",
                            quoted(arena, rule, conflict->of));
    if (conflict->choice.node)
        return arena_printf(arena, "no side of %s can hold beside the rest",
                            asked(arena, rule, conflict->choice));
    if (conflict->b.node)
        return arena_printf(arena, "%s and %s exclude each other",
                            asked(arena, rule, conflict->a), asked(arena, rule, conflict->b));
    return arena_printf(arena, "%s cannot hold", asked(arena, rule, conflict->a));
}

/* True if something was found. */
static bool
ask_never(struct analysis *analysis, const struct pack_rule *rule, bool with_params)
{
    struct conjuncts conjuncts =
        conjuncts_of(analysis->arena, rule->condition, false, with_params);

    if (conjuncts.never)
        find(analysis, with_params ? PACK_NOTE : PACK_WARNING, rule,
             arena_printf(analysis->arena, "is never true%s: %s",
                          with_params ? " with these parameters" : "",
                          conflict_text(analysis->arena, rule, &conjuncts.conflict)));
    return conjuncts.never;
}

static bool
ask_always(struct analysis *analysis, const struct pack_rule *rule, bool with_params)
{
    bool always = conjuncts_of(analysis->arena, rule->condition, true, with_params).never;

    if (always)
        find(analysis, PACK_NOTE, rule,
             with_params ? "is true of every payment with these parameters"
                         : "is true of every payment");
    return always;
}

static void
ask_truth(struct analysis *analysis, const struct pack_rule *rule)
{
    if (!ask_never(analysis, rule, false) && !ask_always(analysis, rule, false) &&
        !ask_never(analysis, rule, true))
        ask_always(analysis, rule, true);
}

/* --- other rules ------------------------------------------------------------------------- */

/* Whenever rule a holds, rule b holds. */
static bool
implies(const struct analysis *analysis, size_t a, size_t b)
{
    const struct conjuncts *first = &analysis->conjuncts[a], *second = &analysis->conjuncts[b];

    return second->count > 0 && conjuncts_imply(first, second); /* always true: told already */
}

static void
ask_other(struct analysis *analysis, size_t index)
{
    const struct pack_rule *rule = &analysis->pack->rules[index];

    for (size_t i = 0; i < analysis->pack->rule_count; i++) {
        const struct pack_rule *other = &analysis->pack->rules[i];
        bool same;

        if (i == index || !implies(analysis, index, i))
            continue;
        same = implies(analysis, i, index);
        if (same && i > index) /* the later one is told */
            continue;
        if (!same && other->action < rule->action)
            continue;
        find(analysis, PACK_WARNING, rule,
             same ? arena_printf(analysis->arena, "has the condition of %s, which %s",
                                 other->id, pack_action_verb(other->action))
                  : arena_printf(analysis->arena,
                                 "decides nothing: whenever it holds, %s holds too and %s",
                                 other->id, pack_action_verb(other->action)));
        return;
    }
}

static void
prepare_others(struct analysis *analysis)
{
    size_t rules = analysis->pack->rule_count;

    analysis->conjuncts = arena_alloc(analysis->arena, rules * sizeof(struct conjuncts));
    for (size_t i = 0; i < rules; i++) {
        analysis->conjuncts[i] =
            conjuncts_of(analysis->arena, analysis->pack->rules[i].condition, false, false);
        conjuncts_split(analysis->arena, &analysis->conjuncts[i], false);
    }
}

/* --- reasons ----------------------------------------------------------------------------- */

static void
ask_reasons(struct analysis *analysis, const struct pack_rule *rule)
{
    if (rule->action == POLICY_ACCEPT)
        return;
    if (rule->reason.code[0] == '\0')
        find(analysis, PACK_WARNING, rule,
             arena_printf(analysis->arena, "%s without a reason code",
                          pack_action_verb(rule->action)));
    if (rule->reason.text[0] == '\0')
        find(analysis, PACK_WARNING, rule,
             arena_printf(analysis->arena, "%s without a reason text",
                          pack_action_verb(rule->action)));
    if (rule->disclosed.code[0] == '\0')
        find(analysis, PACK_WARNING, rule,
             "the payer would read the internal reason: add then/disclosed");
}

/* The same of how it ends, and of what answers lead to. */
static void
ask_ends(struct analysis *analysis, const struct pack_rule *rule)
{
    const char *member;
    size_t at = 0;

    while (rule->terms && (member = terms_undisclosed(rule->terms, &at)))
        find(analysis, PACK_WARNING, rule,
             arena_printf(analysis->arena,
                          "the payer would read the internal reason: add then/%s%s/disclosed",
                          strcmp(member, "ends") == 0 ? "" : "answered/", member));
}

/* --- parameters -------------------------------------------------------------------------- */

/* A loop's variable hides params. */
struct hiding {
    const char *name;
    const struct hiding *outer;
};

static bool
is_params(const struct hiding *hiding, const struct cel_node *node)
{
    if (node->kind != CEL_NODE_IDENT)
        return false;
    if (strcmp(node->name, ".params") == 0)
        return true;
    for (; hiding; hiding = hiding->outer)
        if (strcmp(hiding->name, "params") == 0)
            return false;
    return strcmp(node->name, "params") == 0;
}

/* params.NAME, has(params.NAME), params['NAME']. */
static bool
reads_param(const struct cel_node *node, struct cel_value name)
{
    const struct cel_node *key = node->kind == CEL_NODE_INDEX ? node->args[1] : NULL;

    if (key)
        return key->value.kind == CEL_ERROR || cel_is_equal(key->value, name);
    return cel_is_equal(cel_text(node->name), name);
}

static bool
uses(const struct hiding *hiding, const struct cel_node *node, struct cel_value name)
{
    struct hiding loop = {node->name, hiding};
    bool reads = node->kind == CEL_NODE_SELECT || node->kind == CEL_NODE_HAS ||
                 node->kind == CEL_NODE_INDEX;

    if (reads && is_params(hiding, node->args[0]))
        return reads_param(node, name) ||
               (node->kind == CEL_NODE_INDEX && uses(hiding, node->args[1], name));
    if (is_params(hiding, node)) /* all of them, as in 'x' in params */
        return true;
    for (uint32_t i = 0; i < node->arg_count; i++)
        if (uses(cel_node_is_loop(node) && i > 0 ? &loop : hiding, node->args[i], name))
            return true;
    return false;
}

static bool
is_used(const struct pack *pack, struct cel_value name)
{
    for (size_t i = 0; i < pack->rule_count; i++)
        if (uses(NULL, pack->rules[i].condition, name) ||
            (pack->rules[i].score && uses(NULL, pack->rules[i].score, name)))
            return true;
    return false;
}

static void
ask_parameters(struct analysis *analysis)
{
    struct cel_value params = analysis->pack->params;

    for (uint32_t i = 0; i < params.size; i++) {
        struct cel_value name = params.items[2 * (size_t)i];

        if (!analysis->pack->in_terms[i] && !is_used(analysis->pack, name))
            find(analysis, PACK_WARNING, NULL,
                 arena_printf(analysis->arena,
                              "no condition, score or span uses the parameter %.*s",
                              (int)name.size, name.text));
    }
}

/* --- a pack ------------------------------------------------------------------------------ */

size_t
pack_analyse(struct arena *arena, const struct pack *pack, const struct pack_finding **findings)
{
    size_t most = pack->rule_count * FINDINGS_PER_RULE + pack->params.size + 1;
    struct analysis analysis = {.arena = arena, .pack = pack};

    analysis.findings = arena_alloc(arena, most * sizeof(struct pack_finding));
    prepare_others(&analysis);
    for (size_t i = 0; i < pack->rule_count; i++) {
        ask_truth(&analysis, &pack->rules[i]);
        ask_other(&analysis, i);
        ask_reasons(&analysis, &pack->rules[i]);
        ask_ends(&analysis, &pack->rules[i]);
    }
    ask_parameters(&analysis);
    if (pack->source_count == 0)
        find(&analysis, PACK_WARNING, NULL, "no sources are named");
    *findings = analysis.findings;
    return analysis.count;
}
