/* index.c - clauses out of conditions, bits out of a payment's fields. */
#include "policy/rules/index.h"

#include <assert.h>
#include <stdlib.h>

#include "policy/rules/cel/program_ops.h"

#define CLAUSE_ATOMS_MAX 64 /* a longer disjunction is no clause */
#define KEYS_MAX         64
#define ATOM_SLOTS_FIRST 16

/* What a key's value is found by. */
enum key_kind {
    KEY_SCALAR, /* expression: of the payment, the bank */
    KEY_EACH,   /* expression: of each element of range */
    KEY_SOME,   /* that range has an element */
};

struct key {
    enum key_kind kind;
    uint32_t expression;
    uint32_t range;
    uint8_t local;
    uint64_t *all;   /* the bits of all its atoms: where its value cannot be had */
    uint32_t *slots; /* value -> 1 + atom */
    uint32_t slot_count, atom_count;
};

struct atom {
    uint32_t key;
    uint8_t clauses; /* bit c: it has rules in clause c */
    struct cel_value value;
    uint64_t *rules; /* [INDEX_CLAUSES_MAX][words] */
};

struct rule_index {
    struct arena arena;
    const struct cel_program *program;
    size_t words, count, covered;
    struct key keys[KEYS_MAX]; /* the scalar ones first once built */
    uint32_t key_count;
    struct atom *atoms;
    uint32_t atom_count, atom_capacity;
    uint64_t *free;  /* [clause][word]: rules that have no such clause */
    uint64_t *later; /* [clause][word]: what keys other than scalar may still add */
};

/* Atoms one of which must be true. */
struct clause {
    uint32_t atoms[CLAUSE_ATOMS_MAX];
    uint32_t count;
};

struct clauses {
    struct clause list[INDEX_CLAUSES_MAX];
    uint32_t count;
};

/* The ranges of the loops around an op, by local. */
struct loops {
    uint32_t ranges[CEL_LOOPS_MAX];
};

/* -- keys and atoms -- */

static uint64_t *
bits_new(struct rule_index *index)
{
    return arena_zalloc(&index->arena, INDEX_CLAUSES_MAX * index->words * sizeof(uint64_t));
}

/* KEYS_MAX where there is no room for another. */
static uint32_t
key_find(struct rule_index *index, struct key wanted)
{
    for (uint32_t i = 0; i < index->key_count; i++) {
        const struct key *key = &index->keys[i];

        if (key->kind == wanted.kind && key->expression == wanted.expression &&
            key->range == wanted.range)
            return i;
    }
    if (index->key_count == KEYS_MAX)
        return KEYS_MAX;
    wanted.all = bits_new(index);
    index->keys[index->key_count] = wanted;
    return index->key_count++;
}

static uint64_t
value_hash(struct cel_value value)
{
    uint64_t hash = value.kind * 0x9e3779b97f4a7c15u;

    if (value.kind == CEL_BOOL)
        return hash + value.truth;
    if (value.kind != CEL_STRING)
        return (hash ^ value.u) * 0xff51afd7ed558ccdu >> 20;
    for (uint32_t i = 0; i < value.size; i++)
        hash = (hash ^ (unsigned char)value.text[i]) * 0x100000001b3u;
    return hash ^ hash >> 32;
}

static const struct atom *
key_lookup(const struct rule_index *index, const struct key *key, struct cel_value value)
{
    uint32_t mask = key->slot_count - 1, found;

    if (key->slot_count == 0)
        return NULL;
    for (uint64_t at = value_hash(value); (found = key->slots[at & mask]) != 0; at++) {
        const struct atom *atom = &index->atoms[found - 1];

        if (atom->value.kind == value.kind && cel_is_equal(atom->value, value))
            return atom;
    }
    return NULL;
}

static void
key_place(struct key *key, const struct rule_index *index, uint32_t atom)
{
    uint64_t at = value_hash(index->atoms[atom].value);

    while (key->slots[at & (key->slot_count - 1)])
        at++;
    key->slots[at & (key->slot_count - 1)] = atom + 1;
}

static void
key_grow(struct rule_index *index, uint32_t number)
{
    struct key *key = &index->keys[number];

    if (key->atom_count * 2 < key->slot_count)
        return;
    key->slot_count = key->slot_count ? key->slot_count * 2 : ATOM_SLOTS_FIRST;
    key->slots = arena_zalloc(&index->arena, key->slot_count * sizeof(*key->slots));
    for (uint32_t i = 0; i < index->atom_count; i++)
        if (index->atoms[i].key == number)
            key_place(key, index, i);
}

/* The atom "key is value"; the value of KEY_SOME is true. */
static uint32_t
atom_find(struct rule_index *index, uint32_t number, struct cel_value value)
{
    struct key *key = &index->keys[number];
    const struct atom *found = key_lookup(index, key, value);

    if (found)
        return (uint32_t)(found - index->atoms);
    if (index->atom_count == index->atom_capacity) {
        uint32_t capacity = index->atom_capacity ? index->atom_capacity * 2 : ATOM_SLOTS_FIRST;

        index->atoms = arena_grow(&index->arena, index->atoms,
                                  index->atom_capacity * sizeof(*index->atoms),
                                  capacity * sizeof(*index->atoms));
        index->atom_capacity = capacity;
    }
    key_grow(index, number);
    index->atoms[index->atom_count] =
        (struct atom){.key = number, .value = value, .rules = bits_new(index)};
    key->atom_count++;
    key_place(key, index, index->atom_count);
    return index->atom_count++;
}

/* -- what a condition needs -- */

/* payment.debtor.country, or g.group of a loop: a key; KEYS_MAX: it is none. */
static uint32_t
key_of(struct rule_index *index, const struct loops *loops, uint32_t expression)
{
    const struct cel_op *ops = index->program->ops;
    uint32_t at = expression;

    while (ops[at].kind == CEL_OP_FIELD)
        at = ops[at].a;
    if (at == expression)
        return KEYS_MAX;
    if (ops[at].kind == CEL_OP_VARIABLE)
        return key_find(index, (struct key){.kind = KEY_SCALAR, .expression = expression});
    if (ops[at].kind != CEL_OP_LOCAL || ops[loops->ranges[ops[at].a]].locals)
        return KEYS_MAX;
    return key_find(index, (struct key){.kind = KEY_EACH,
                                        .expression = expression,
                                        .range = loops->ranges[ops[at].a],
                                        .local = (uint8_t)ops[at].a});
}

/* Of what kind the key's values are. */
static enum cel_kind
key_values(const struct rule_index *index, uint32_t number)
{
    const struct key *key = &index->keys[number];

    if (key->kind == KEY_SOME)
        return CEL_BOOL;
    return index->program->ops[key->expression].field->type->kind;
}

/* A double equals an int, and is looked up elsewhere: only what is of the key's own kind. */
static bool
value_is_indexable(struct cel_value value, enum cel_kind of)
{
    return value.kind == of &&
           (value.kind == CEL_STRING || value.kind == CEL_INT || value.kind == CEL_BOOL);
}

/* Add "key is one of values" to the clause.  False: it cannot be said in atoms; nor can
 * "one of none", which is an error where the key's value is one. */
static bool
clause_add(struct rule_index *index, struct clause *clause, uint32_t key,
           const struct cel_value *values, uint32_t count)
{
    if (key == KEYS_MAX || count == 0 || clause->count + count > CLAUSE_ATOMS_MAX)
        return false;
    for (uint32_t i = 0; i < count; i++)
        if (!value_is_indexable(values[i], key_values(index, key)))
            return false;
    for (uint32_t i = 0; i < count; i++)
        clause->atoms[clause->count++] = atom_find(index, key, values[i]);
    return true;
}

static bool
clause_of_comparison(struct rule_index *index, const struct loops *loops,
                     const struct cel_op *op, struct clause *clause)
{
    const struct cel_op *ops = index->program->ops;
    uint32_t field = op->a, constant = op->b;

    if (op->kind == CEL_NODE_EQ && ops[field].kind == CEL_NODE_CONST) {
        field = op->b;
        constant = op->a;
    }
    if (ops[constant].kind != CEL_NODE_CONST)
        return false;
    if (op->kind == CEL_NODE_EQ)
        return clause_add(index, clause, key_of(index, loops, field), ops[constant].value, 1);
    return ops[constant].value->kind == CEL_LIST &&
           clause_add(index, clause, key_of(index, loops, field), ops[constant].value->items,
                      ops[constant].value->size);
}

static void clauses_of(struct rule_index *index, struct loops *loops, uint32_t expression,
                       struct clauses *out);

/* || needs what one of its operands needs: a clause of each, joined. */
static bool
clause_of_either(struct rule_index *index, struct loops *loops, const struct cel_op *op,
                 struct clause *clause)
{
    const uint32_t operands[] = {op->a, op->b};

    for (int i = 0; i < 2; i++) {
        struct clauses *sides = calloc(1, sizeof(*sides));
        const struct clause *side = &sides->list[0];
        bool joined;

        if (!sides)
            abort();
        clauses_of(index, loops, operands[i], sides);
        joined = sides->count > 0 && clause->count + side->count <= CLAUSE_ATOMS_MAX;
        for (uint32_t k = 0; joined && k < side->count; k++)
            clause->atoms[clause->count++] = side->atoms[k];
        free(sides);
        if (!joined)
            return false;
    }
    return true;
}

static void
clauses_of_loop(struct rule_index *index, struct loops *loops, const struct cel_op *op,
                struct clauses *out)
{
    static const struct cel_value some = {.kind = CEL_BOOL, .truth = true};
    uint32_t before = out->count;

    loops->ranges[op->local] = op->a;
    clauses_of(index, loops, op->b, out);
    if (out->count == before && before < INDEX_CLAUSES_MAX &&
        !index->program->ops[op->a].locals) {
        uint32_t key = key_find(index, (struct key){.kind = KEY_SOME, .range = op->a});

        out->list[before].count = 0;
        out->count += clause_add(index, &out->list[before], key, &some, 1);
    }
}

/* The clauses without which the expression is false, as far as they can be seen. */
static void
clauses_of(struct rule_index *index, struct loops *loops, uint32_t expression,
           struct clauses *out)
{
    const struct cel_op *op = &index->program->ops[expression];
    struct clause *next;

    if (out->count == INDEX_CLAUSES_MAX)
        return;
    next = &out->list[out->count];
    next->count = 0;
    switch (op->kind) {
    case CEL_NODE_AND:
        clauses_of(index, loops, op->a, out);
        clauses_of(index, loops, op->b, out);
        break;
    case CEL_NODE_OR:
        out->count += clause_of_either(index, loops, op, next);
        break;
    case CEL_NODE_EQ:
    case CEL_NODE_IN:
        out->count += clause_of_comparison(index, loops, op, next);
        break;
    case CEL_NODE_EXISTS:
    case CEL_NODE_EXISTS_ONE:
        clauses_of_loop(index, loops, op, out);
        break;
    default:
        break;
    }
}

/* -- building -- */

static void
index_add(struct rule_index *index, size_t rule, const struct clauses *clauses)
{
    size_t word = rule / 64;
    uint64_t bit = (uint64_t)1 << rule % 64;

    for (uint32_t c = 0; c < INDEX_CLAUSES_MAX; c++) {
        if (c >= clauses->count) {
            index->free[c * index->words + word] |= bit;
            continue;
        }
        for (uint32_t k = 0; k < clauses->list[c].count; k++) {
            struct atom *atom = &index->atoms[clauses->list[c].atoms[k]];

            atom->clauses |= (uint8_t)(1u << c);
            atom->rules[c * index->words + word] |= bit;
        }
    }
    index->covered += clauses->count > 0;
}

/* What can still be added once the scalar keys have been looked at, and each key's whole. */
static void
index_sum(struct rule_index *index)
{
    size_t words = INDEX_CLAUSES_MAX * index->words;

    for (uint32_t i = 0; i < index->atom_count; i++) {
        const struct atom *atom = &index->atoms[i];
        struct key *key = &index->keys[atom->key];

        for (size_t w = 0; w < words; w++) {
            key->all[w] |= atom->rules[w];
            if (key->kind != KEY_SCALAR)
                index->later[w] |= atom->rules[w];
        }
    }
}

struct rule_index *
rule_index_new(const struct cel_program *program, const uint32_t *expressions, size_t count)
{
    struct rule_index *index = calloc(1, sizeof(*index));
    struct clauses *clauses = malloc(sizeof(*clauses));

    if (!index || !clauses)
        abort();
    assert(count <= INDEX_WORDS_MAX * 64);
    index->program = program;
    index->count = count;
    index->words = (count + 63) / 64;
    index->free = bits_new(index);
    index->later = bits_new(index);
    for (size_t i = 0; i < count; i++) {
        struct loops loops = {{0}};

        clauses->count = 0;
        clauses_of(index, &loops, expressions[i], clauses);
        index_add(index, i, clauses);
    }
    index_sum(index);
    free(clauses);
    return index;
}

void
rule_index_free(struct rule_index *index)
{
    if (!index)
        return;
    arena_release(&index->arena);
    free(index);
}

size_t
rule_index_covered(const struct rule_index *index)
{
    return index->covered;
}

/* -- asking -- */

/* The rules that an atom lets through, clause by clause, into possible. */
static void
atom_admit(const struct rule_index *index, const struct atom *atom, uint64_t *possible)
{
    size_t words = index->words;

    for (uint32_t c = 0; c < INDEX_CLAUSES_MAX; c++)
        if (atom->clauses >> c & 1)
            for (size_t w = 0; w < words; w++)
                possible[c * words + w] |= atom->rules[c * words + w];
}

static void
admit_all(const struct rule_index *index, const uint64_t *bits, uint64_t *possible)
{
    for (size_t w = 0; w < INDEX_CLAUSES_MAX * index->words; w++)
        possible[w] |= bits[w];
}

static void
admit_value(const struct rule_index *index, const struct key *key, struct cel_value value,
            uint64_t *possible)
{
    const struct atom *atom;

    if (value.kind == CEL_ERROR) { /* I1: an error is no false */
        admit_all(index, key->all, possible);
        return;
    }
    atom = key_lookup(index, key, value);
    if (atom)
        atom_admit(index, atom, possible);
}

static void
admit_range(const struct rule_index *index, const struct key *key, struct cel_frame *frame,
            uint64_t *possible)
{
    struct cel_value range = cel_evaluate(frame, key->range);

    if (range.kind != CEL_LIST && range.kind != CEL_MAP) {
        admit_all(index, key->all, possible);
        return;
    }
    if (key->kind == KEY_SOME) {
        if (range.size > 0)
            admit_all(index, key->all, possible);
        return;
    }
    for (uint32_t i = 0; i < range.size; i++) {
        frame->locals[key->local] = range.items[range.kind == CEL_MAP ? 2 * i : i];
        admit_value(index, key, cel_evaluate(frame, key->expression), possible);
    }
}

/* AND the clauses, with what may still come; whether any rule is left. */
static bool
index_intersect(const struct rule_index *index, const uint64_t *possible, const uint64_t *later,
                uint64_t *candidates)
{
    size_t words = index->words;
    uint64_t any = 0;

    for (size_t w = 0; w < words; w++) {
        uint64_t left = UINT64_MAX;

        for (uint32_t c = 0; c < INDEX_CLAUSES_MAX; c++)
            left &= possible[c * words + w] | (later ? later[c * words + w] : 0);
        candidates[w] = left;
        any |= left;
    }
    return any != 0;
}

void
rule_index_candidates(const struct rule_index *index, struct cel_frame *frame,
                      uint64_t candidates[INDEX_WORDS_MAX])
{
    uint64_t possible[INDEX_CLAUSES_MAX * INDEX_WORDS_MAX];

    memcpy(possible, index->free, INDEX_CLAUSES_MAX * index->words * sizeof(*possible));
    for (uint32_t i = 0; i < index->key_count; i++)
        if (index->keys[i].kind == KEY_SCALAR)
            admit_value(index, &index->keys[i], cel_evaluate(frame, index->keys[i].expression),
                        possible);
    if (!index_intersect(index, possible, index->later, candidates))
        return; /* the goods need not be looked at */
    for (uint32_t i = 0; i < index->key_count; i++)
        if (index->keys[i].kind != KEY_SCALAR)
            admit_range(index, &index->keys[i], frame, possible);
    index_intersect(index, possible, NULL, candidates);
}
