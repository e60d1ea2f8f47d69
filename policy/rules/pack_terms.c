/* pack_terms.c - what a rule says of time: how long, how it ends, what is asked. */
#include "policy/rules/pack_private.h"

/* A number of params, as the book may have replaced it. */
static bool
find_parameter(const struct value *value, const char *name, double *out)
{
    struct pack *pack = pack_reading_of(value)->pack;

    for (uint32_t i = 0; i < pack->params.size; i++) {
        const struct cel_value *pair = &pack->params.items[2 * (size_t)i];

        if (!cel_is_equal(pair[0], cel_text(name)))
            continue;
        pack->in_terms[i] = true;
        *out = pair[1].kind == CEL_INT ? (double)pair[1].i : pair[1].d;
        return pair[1].kind == CEL_INT || pair[1].kind == CEL_DOUBLE;
    }
    return false;
}

struct terms_file
pack_terms_file(const struct value *value)
{
    return (struct terms_file){
        .arena = pack_reading_of(value)->arena,
        .parameter = find_parameter,
        .object = pack_object,
    };
}

/* What an action has of them: nothing waits after a return, a refusal or a freeze. */
static const struct {
    const char *name;
    bool of[POLICY_FREEZE + 1];
    const char *expected;
} members[] = {
    /* clang-format off */
    {"lasts", {[POLICY_ACCEPT] = true, [POLICY_REQUEST_INFORMATION] = true, [POLICY_HOLD] = true},
     "nothing: only what is accepted, held or asked about lasts"},
    {"ends", {[POLICY_REQUEST_INFORMATION] = true, [POLICY_HOLD] = true},
     "nothing: only what is held or asked about ends"},
    {"asks", {[POLICY_REQUEST_INFORMATION] = true},
     "nothing: only request_information asks"},
    {"answered", {[POLICY_REQUEST_INFORMATION] = true},
     "nothing: only request_information is answered"},
    /* clang-format on */
};

#define MEMBERS (sizeof(members) / sizeof(members[0]))

/* *given: whether there is one of them. */
static int
check_members(const struct value *then, enum policy_action action, bool *given,
              struct error *err)
{
    *given = false;
    for (size_t i = 0; i < MEMBERS; i++) {
        struct value member = value_member(then, members[i].name);

        if (!member.json)
            continue;
        if (!members[i].of[action])
            return value_fault(&member, err, members[i].expected);
        *given = true;
    }
    return 0;
}

int
pack_terms_read(const struct value *then, struct pack_rule *out, struct error *err)
{
    const struct terms_file file = pack_terms_file(then);
    struct value lasts = value_member(then, "lasts");
    struct value ends = value_member(then, "ends");
    struct value asks = value_member(then, "asks");
    struct value answered = value_member(then, "answered");
    struct policy_terms *terms;
    bool given;

    if (check_members(then, out->action, &given, err) != 0)
        return -1;
    if (!given)
        return 0;
    if (out->action == POLICY_HOLD && lasts.json && !ends.json)
        return value_fault(&ends, err, "how a hold that lasts so long ends");
    terms = arena_alloc(file.arena, sizeof(*terms));
    *terms = (struct policy_terms){.size = sizeof(*terms)};
    if ((lasts.json && terms_read_span(&lasts, &file, &terms->lasts, err) != 0) ||
        (ends.json && terms_read_end(&ends, &file, POLICY_HOLD, &terms->ends, err) != 0) ||
        terms_read_asks(&asks, &file, terms, err) != 0 ||
        terms_read_answered(&answered, &file, terms, err) != 0)
        return -1;
    out->terms = terms;
    return 0;
}
