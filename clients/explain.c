/*
 * explain.c - the tree walked once more, every part an expression of its own.
 *
 * The program holds the parts as they are written; a part of a loop's body is
 * evaluated with the loop's variable set.
 */
#include "clients/explain.h"

/* What walking one condition carries along. */
struct walk {
    struct explainer *explainer;
    const struct cel_node *root;
    const char *source;
    const char *rule;
    struct cel_surroundings here; /* of what is being walked; chances are set for each part */
};

static void walk_part(struct walk *walk, const struct cel_node *node, bool needed,
                      struct explained_row *row);
static void walk_inside(struct walk *walk, const struct cel_node *node, bool needed,
                        struct explained *into);

void
explainer_init(struct explainer *explainer, struct arena *arena, struct cel_run *run,
               const struct cel_environment *environment,
               struct cel_value (*load)(struct cel_run *run, enum cel_variable_id id))
{
    *explainer = (struct explainer){.arena = arena, .run = run};
    explainer->program = cel_program_new(environment, false);
    cel_frame_init(&explainer->frame, explainer->program, run, NULL, load);
}

void
explainer_release(struct explainer *explainer)
{
    cel_program_free(explainer->program);
    explainer->program = NULL;
}

/* -- pieces -- */

static bool
is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r' || byte == '\f';
}

/* source[begin..end) on one line. */
static const char *
source_text(const struct walk *walk, const struct cel_node *node)
{
    char *text =
        arena_copy(walk->explainer->arena, walk->source + node->begin, node->end - node->begin);
    char *to = text;

    for (const char *from = text; *from; from++)
        if (!is_blank(*from))
            *to++ = *from;
        else if (to == text || to[-1] != ' ')
            *to++ = ' ';
    *to = '\0';
    return text;
}

/* Counts the calls of chance() that the compiler meets before part; was part met? */
static bool
count_chances(const struct cel_node *node, const struct cel_node *part, uint32_t *count)
{
    if (node == part)
        return true;
    for (uint32_t i = 0; i < node->arg_count; i++)
        if (count_chances(node->args[i], part, count))
            return true;
    *count += node->kind == CEL_NODE_CALL && strcmp(node->name, "chance") == 0;
    return false;
}

static struct cel_value
node_value(struct walk *walk, const struct cel_node *node)
{
    struct explainer *explainer = walk->explainer;
    uint32_t part;

    walk->here.chances = 0;
    (void)count_chances(walk->root, node, &walk->here.chances);
    part = cel_program_add_part(explainer->program, node, walk->rule, &walk->here);
    explainer->run->memory_left = CEL_MEMORY_MAX; /* each part stands alone */
    explainer->run->steps_left = CEL_STEPS_MAX;
    return cel_evaluate(&explainer->frame, part);
}

static struct explained *
row_add(struct walk *walk, struct explained_row *row)
{
    struct explained *added = arena_zalloc(walk->explainer->arena, sizeof(*added));

    if (row->last)
        row->last->next = added;
    else
        row->first = added;
    row->last = added;
    return added;
}

/* -- what is not worth a line -- */

static bool
is_loop_variable(const struct walk *walk, const struct cel_node *node)
{
    for (uint32_t i = 0; node->kind == CEL_NODE_IDENT && i < walk->here.local_count; i++)
        if (strcmp(walk->here.locals[i], node->name) == 0)
            return true;
    return false;
}

/* A literal, lists and maps of them included. */
static bool
is_literal(const struct cel_node *node)
{
    if (node->kind != CEL_NODE_LIST && node->kind != CEL_NODE_MAP)
        return node->kind == CEL_NODE_CONST;
    for (uint32_t i = 0; i < node->arg_count; i++)
        if (!is_literal(node->args[i]))
            return false;
    return true;
}

static bool
is_plain(const struct walk *walk, const struct cel_node *node)
{
    return is_literal(node) || is_loop_variable(walk, node);
}

/* Behind a field: what it is a field of, if that is a name or a name's field. */
static bool
is_way(const struct cel_node *node)
{
    while (node->kind == CEL_NODE_SELECT)
        node = node->args[0];
    return node->kind == CEL_NODE_IDENT;
}

/* -- what was needed -- */

static bool
is_bool(struct cel_value value, bool truth)
{
    return value.kind == CEL_BOOL && value.truth == truth;
}

/* The element's value that ends a loop early. */
static bool
is_decisive(const struct cel_node *loop, struct cel_value value)
{
    return (loop->kind == CEL_NODE_ALL && is_bool(value, false)) ||
           (loop->kind == CEL_NODE_EXISTS && is_bool(value, true));
}

/* -- loops -- */

static bool
is_loop(const struct cel_node *node)
{
    return node->kind >= CEL_NODE_ALL && node->kind <= CEL_NODE_MAP_EACH;
}

/* Element index: what the loop asks of it, and the parts of that.  Is the loop decided? */
static bool
walk_element(struct walk *walk, const struct cel_node *loop, struct cel_value range,
             uint32_t index, bool needed, struct explained_row *row)
{
    struct explained *added = row_add(walk, row);
    struct cel_value element = range.items[range.kind == CEL_MAP ? 2 * index : index], asked;

    walk->explainer->frame.locals[walk->here.local_count - 1] = element;
    asked = node_value(walk, loop->args[1]);
    added->text = loop->name;
    added->is_element = true;
    added->index = index;
    added->element = element;
    added->value = asked;
    added->needed = needed;
    walk_inside(walk, loop->args[1], needed, added);
    if (loop->arg_count == 3)
        walk_part(walk, loop->args[2], needed && is_bool(asked, true), &added->parts);
    return is_decisive(loop, asked);
}

static void
walk_loop(struct walk *walk, const struct cel_node *loop, bool needed, struct explained *into)
{
    struct cel_value range = node_value(walk, loop->args[0]);
    uint32_t count = range.kind == CEL_LIST || range.kind == CEL_MAP ? range.size : 0;

    walk_part(walk, loop->args[0], needed, &into->parts);
    walk->here.locals[walk->here.local_count++] = loop->name;
    for (uint32_t i = 0; i < count && i < EXPLAIN_ELEMENTS_MAX; i++)
        if (walk_element(walk, loop, range, i, needed, &into->parts))
            needed = false;
    walk->here.local_count--;
    into->omitted = count > EXPLAIN_ELEMENTS_MAX ? count - EXPLAIN_ELEMENTS_MAX : 0;
}

/* -- the tree -- */

/* a && b && c are operands of one line, however the tree groups them. */
static void
walk_chain(struct walk *walk, const struct cel_node *chain, bool *needed,
           struct explained_row *row)
{
    bool decisive = chain->kind == CEL_NODE_OR;

    for (uint32_t i = 0; i < chain->arg_count; i++) {
        if (chain->args[i]->kind == chain->kind) {
            walk_chain(walk, chain->args[i], needed, row);
            continue;
        }
        walk_part(walk, chain->args[i], *needed, row);
        if (is_bool(node_value(walk, chain->args[i]), decisive))
            *needed = false;
    }
}

static void
walk_choice(struct walk *walk, const struct cel_node *choice, bool needed,
            struct explained_row *row)
{
    struct cel_value condition = node_value(walk, choice->args[0]);

    walk_part(walk, choice->args[0], needed, row);
    walk_part(walk, choice->args[1], needed && is_bool(condition, true), row);
    walk_part(walk, choice->args[2], needed && is_bool(condition, false), row);
}

static void
walk_operands(struct walk *walk, const struct cel_node *node, bool needed,
              struct explained_row *row)
{
    switch (node->kind) {
    case CEL_NODE_AND:
    case CEL_NODE_OR:
        walk_chain(walk, node, &needed, row);
        break;
    case CEL_NODE_COND:
        walk_choice(walk, node, needed, row);
        break;
    case CEL_NODE_SELECT:
    case CEL_NODE_HAS:
        if (!is_way(node->args[0]))
            walk_part(walk, node->args[0], needed, row);
        break;
    default:
        for (uint32_t i = 0; i < node->arg_count; i++)
            walk_part(walk, node->args[i], needed, row);
    }
}

static void
walk_inside(struct walk *walk, const struct cel_node *node, bool needed, struct explained *into)
{
    if (is_loop(node))
        walk_loop(walk, node, needed, into);
    else
        walk_operands(walk, node, needed, &into->parts);
}

static void
walk_line(struct walk *walk, const struct cel_node *node, struct cel_value value, bool needed,
          struct explained_row *row)
{
    struct explained *added = row_add(walk, row);

    added->text = source_text(walk, node);
    added->value = value;
    added->needed = needed;
    walk_inside(walk, node, needed, added);
}

/* The node's line and its parts'; a record has no line, only its parts have. */
static void
walk_part(struct walk *walk, const struct cel_node *node, bool needed,
          struct explained_row *row)
{
    struct cel_value value;

    if (is_plain(walk, node))
        return;
    value = node_value(walk, node);
    if (value.kind == CEL_RECORD)
        walk_operands(walk, node, needed, row);
    else
        walk_line(walk, node, value, needed, row);
}

const struct explained *
explain(struct explainer *explainer, const struct cel_node *root, const char *source,
        const char *rule)
{
    struct walk walk = {.explainer = explainer, .root = root, .source = source, .rule = rule};
    struct explained_row row = {0};

    walk_line(&walk, root, node_value(&walk, root), true, &row);
    return row.first;
}

struct cel_value
explain_value(struct explainer *explainer, const struct cel_node *root, const char *rule)
{
    struct walk walk = {.explainer = explainer, .root = root, .rule = rule};

    return node_value(&walk, root);
}
