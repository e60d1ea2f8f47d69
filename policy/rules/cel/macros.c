/* macros.c - calls that are more than calls: has() and the loops. */
#include "policy/rules/cel/parser.h"

/* A name with another count or style is an ordinary call: somebody's function. */
const struct cel_macro cel_macros[] = {
    {"has", false, 1, CEL_NODE_HAS, "has(x.field)"},
    {"all", true, 3, CEL_NODE_ALL, "list.all(x, x > 0)"},
    {"exists", true, 3, CEL_NODE_EXISTS, "list.exists(x, x > 0)"},
    {"exists_one", true, 3, CEL_NODE_EXISTS_ONE, "list.exists_one(x, x > 0)"},
    {"existsOne", true, 3, CEL_NODE_EXISTS_ONE, "list.existsOne(x, x > 0)"},
    {"filter", true, 3, CEL_NODE_FILTER, "list.filter(x, x > 0)"},
    {"map", true, 3, CEL_NODE_MAP_EACH, "list.map(x, x + 1)"},
    {"map", true, 4, CEL_NODE_MAP_EACH, "list.map(x, x > 0, x + 1)"},
    {NULL, false, 0, CEL_NODE_CALL, NULL},
};

/* has(e.f): the call takes over the name and the operand of its argument. */
static bool
expand_has(struct cel_parser *p, struct cel_node *call)
{
    const struct cel_node *field = call->args[0];

    if (field->kind != CEL_NODE_SELECT) {
        cel_lexer_fail(&p->lexer, field->begin,
                       "has() takes a field, as in has(payment.trade)");
        return false;
    }
    call->kind = CEL_NODE_HAS;
    call->at = field->at;
    call->name = field->name;
    call->args = field->args;
    return true;
}

/* range.all(variable, predicate): the variable leaves the arguments. */
static bool
expand_loop(struct cel_parser *p, struct cel_node *call, enum cel_node_kind kind)
{
    const struct cel_node *variable = call->args[1];

    if (variable->kind != CEL_NODE_IDENT || variable->name[0] == '.') {
        cel_lexer_fail(&p->lexer, variable->begin,
                       "the first argument of %s() names its variable, as in list.%s(x, ...)",
                       call->name, call->name);
        return false;
    }
    call->kind = kind;
    call->method = false;
    call->name = variable->name;
    call->arg_count--;
    for (uint32_t i = 1; i < call->arg_count; i++)
        call->args[i] = call->args[i + 1];
    return true;
}

bool
cel_parser_macro(struct cel_parser *p, struct cel_node *call)
{
    for (const struct cel_macro *macro = cel_macros; macro->name; macro++) {
        if (strcmp(macro->name, call->name) != 0 || macro->method != call->method ||
            macro->arg_count != call->arg_count)
            continue;
        return macro->kind == CEL_NODE_HAS ? expand_has(p, call)
                                           : expand_loop(p, call, macro->kind);
    }
    return true;
}
