/*
 * decisive.c - copies of a payment, each with a fact less, and their judgement.
 *
 * A copy shares with the original all but the way to what is dropped.  Elements
 * of lists leave a hole, so that pointers keep their numbers; what is judged is
 * a second copy without the holes.
 */
#include "policy/decisive.h"

#include <stdlib.h>
#include <string.h>

#include "policy/rules/records.h"

/* Rules see goods lines with what the tables know of them; here they are a list like others. */
static const struct cel_field goods_list = {
    .name = "goods",
    .how = CEL_FIELD_RECORDS,
    .record = CEL_REC_GOODS,
    .offset = offsetof(struct policy_payment, goods),
    .count_offset = offsetof(struct policy_payment, goods_count),
};

/* -- copying -- */

static void *
pointer_at(const char *at)
{
    void *pointer;

    memcpy(&pointer, at, sizeof(pointer));
    return pointer;
}

static void
put_pointer(char *at, const void *pointer)
{
    memcpy(at, &pointer, sizeof(pointer));
}

static uint32_t
count_of(const struct cel_field *list, const char *record)
{
    uint32_t count;

    memcpy(&count, record + list->count_offset, sizeof(count));
    return count;
}

/* The struct behind the pointer at `at` becomes a copy; every one of ours begins with its size. */
static char *
own_struct(struct arena *arena, char *at)
{
    const char *shared = pointer_at(at);
    uint32_t size;
    char *copy;

    memcpy(&size, shared, sizeof(size));
    copy = arena_alloc(arena, size);
    memcpy(copy, shared, size);
    put_pointer(at, copy);
    return copy;
}

/* The same for the pointers of a list. */
static char *
own_list(struct arena *arena, const struct cel_field *list, char *record)
{
    size_t bytes = count_of(list, record) * sizeof(void *);
    char *copy = arena_alloc(arena, bytes + 1);

    if (bytes > 0) /* an empty list may be NULL */
        memcpy(copy, pointer_at(record + list->offset), bytes);
    put_pointer(record + list->offset, copy);
    return copy;
}

/* -- dropping -- */

static bool
is_list(const struct cel_field *field)
{
    return field->how == CEL_FIELD_TEXTS || field->how == CEL_FIELD_RECORDS;
}

static const struct cel_field *
field_of(enum cel_record_id id, const char *name, size_t len)
{
    char text[64];

    if (len >= sizeof(text))
        return NULL;
    memcpy(text, name, len);
    text[len] = '\0';
    if (id == CEL_REC_PAYMENT && strcmp(text, goods_list.name) == 0)
        return &goods_list;
    return cel_record_field(id, text);
}

/* What the goods tables know is no member of the line. */
static bool
is_of_the_line(const struct cel_field *field)
{
    return field->via != 1 + offsetof(struct cel_goods, fact);
}

static bool drop_fields(struct arena *arena, enum cel_record_id id, char *record,
                        const char *shown_as);

/* The field reads as not given.  False where that cannot be. */
static bool
drop_field(struct arena *arena, enum cel_record_id id, const struct cel_field *field,
           char *record)
{
    static const char nothing[16];
    char *at = record + field->offset;

    if (!is_of_the_line(field))
        return false;
    switch (field->how) {
    case CEL_FIELD_TEXT:
        put_pointer(at, "");
        drop_fields(arena, id, record, field->name); /* an HS code is known as a number too */
        return true;
    case CEL_FIELD_GET: /* amount.value is computed of amount.minor */
        return drop_fields(arena, id, record, field->name);
    case CEL_FIELD_INT64:
    case CEL_FIELD_TIME:
        memcpy(at, nothing, sizeof(int64_t));
        return true;
    case CEL_FIELD_UINT32:
        memcpy(at, nothing, sizeof(uint32_t));
        return true;
    case CEL_FIELD_DOUBLE:
        memcpy(at, nothing, sizeof(double));
        return true;
    case CEL_FIELD_RECORD:
        return drop_fields(arena, (enum cel_record_id)field->record, own_struct(arena, at),
                           NULL);
    case CEL_FIELD_SAME:
        return drop_fields(arena, (enum cel_record_id)field->record, at, NULL);
    case CEL_FIELD_TEXTS:
    case CEL_FIELD_RECORDS:
        memcpy(record + field->count_offset, nothing, sizeof(uint32_t));
        return true;
    }
    return false;
}

/* All fields, or those that evidence names `shown_as`.  False if there is none. */
static bool
drop_fields(struct arena *arena, enum cel_record_id id, char *record, const char *shown_as)
{
    const struct cel_record *fields = &cel_records[id];
    bool dropped = false;

    for (size_t i = 0; i < fields->field_count; i++) {
        const struct cel_field *field = &fields->fields[i];

        if (shown_as ? field->how != CEL_FIELD_GET && field->pointer &&
                           strcmp(field->pointer, shown_as) == 0
                     : field->how != CEL_FIELD_GET)
            dropped |= drop_field(arena, id, field, record);
    }
    return dropped;
}

/* Drop what `pointer` names below the record, which is ours already.  False: it cannot be. */
static bool
drop(struct arena *arena, enum cel_record_id id, char *record, const char *pointer)
{
    while (record) {
        size_t len = strcspn(pointer, "/");
        const struct cel_field *field = field_of(id, pointer, len);
        char *list, *end;
        unsigned long index;

        if (!field || (field->via && !is_of_the_line(field)))
            return false;
        pointer += len + (pointer[len] == '/');
        if (*pointer == '\0')
            return drop_field(arena, id, field, record);
        if (field->how == CEL_FIELD_RECORD) {
            record = own_struct(arena, record + field->offset);
        } else if (field->how == CEL_FIELD_SAME) {
            record += field->offset;
        } else if (is_list(field)) {
            index = strtoul(pointer, &end, 10);
            if (end == pointer || index >= count_of(field, record))
                return false;
            list = own_list(arena, field, record) + index * sizeof(void *);
            if (!pointer_at(list))
                return false; /* gone already */
            if (*end == '\0') {
                put_pointer(list, NULL);
                return true;
            }
            if (*end != '/' || field->how == CEL_FIELD_TEXTS)
                return false;
            pointer = end + 1;
            record = own_struct(arena, list);
        } else {
            return false;
        }
        id = (enum cel_record_id)field->record;
    }
    return false;
}

/* -- closing the holes -- */

static void
close_list(struct arena *arena, const struct cel_field *list, char *record)
{
    uint32_t count = count_of(list, record), left = 0;
    char *items = own_list(arena, list, record);

    for (uint32_t i = 0; i < count; i++) {
        const void *item = pointer_at(items + i * sizeof(void *));

        if (item)
            put_pointer(items + left++ * sizeof(void *), item);
    }
    memcpy(record + list->count_offset, &left, sizeof(left));
}

static void
close_lists(struct arena *arena, enum cel_record_id id, char *record)
{
    const struct cel_record *fields = &cel_records[id];

    for (size_t i = 0; i < fields->field_count; i++) {
        const struct cel_field *field = &fields->fields[i];

        if (is_list(field))
            close_list(arena, field, record);
        else if (field->how == CEL_FIELD_RECORD)
            close_lists(arena, (enum cel_record_id)field->record,
                        own_struct(arena, record + field->offset));
        else if (field->how == CEL_FIELD_SAME)
            close_lists(arena, (enum cel_record_id)field->record, record + field->offset);
    }
}

/* -- the facts -- */

/* Segment by segment; numbers by their value. */
static int
by_pointer(const void *a, const void *b)
{
    const char *left = *(const char *const *)a, *right = *(const char *const *)b;

    while (*left && *right) {
        size_t l = strcspn(left, "/"), r = strcspn(right, "/"), shorter = l < r ? l : r;
        bool numbers = strspn(left, "0123456789") == l && strspn(right, "0123456789") == r;
        int order = numbers && l != r ? (l > r) - (l < r) : strncmp(left, right, shorter);

        if (order != 0)
            return order;
        if (l != r)
            return (l > r) - (l < r);
        left += l + (left[l] == '/');
        right += r + (right[r] == '/');
    }
    return (*left != '\0') - (*right != '\0');
}

/* The distinct pointers of all evidence, in their order. */
static size_t
collect(const struct decision *decision, struct arena *arena, const char ***out)
{
    size_t count = 0, kept = 0;
    const char **pointers;

    for (const struct fired_rule *rule = decision->rules; rule; rule = rule->next)
        for (const struct evidence *fact = rule->because; fact; fact = fact->next)
            count++;
    *out = pointers = arena_alloc(arena, (count + 1) * sizeof(*pointers));
    count = 0;
    for (const struct fired_rule *rule = decision->rules; rule; rule = rule->next)
        for (const struct evidence *fact = rule->because; fact; fact = fact->next)
            pointers[count++] = fact->pointer;
    qsort(pointers, count, sizeof(*pointers), by_pointer);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || strcmp(pointers[kept - 1], pointers[i]) != 0)
            pointers[kept++] = pointers[i];
    return kept;
}

/* Do the rules of this decision rest on the fact? */
static bool
rests_on(const struct decision *decision, const char *pointer)
{
    for (const struct fired_rule *rule = decision->rules; rule; rule = rule->next)
        for (const struct evidence *fact = rule->because; fact; fact = fact->next)
            if (strcmp(fact->pointer, pointer) == 0)
                return true;
    return false;
}

/* -- the trials -- */

struct trials {
    const struct snapshot *snapshot;
    int64_t now_ms;
    uint64_t seed;
    struct facts_memory *memory;
    struct arena *arena;
    const struct decision *wanted;
    struct policy_payment *payment; /* without what was dropped, with holes */
    struct decision last;           /* of that payment, on the arena that is not spare */
    struct arena arenas[2];         /* of one judgement each */
    int spare;
    size_t count;
};

static struct policy_payment *
copy_of(struct arena *arena, const struct policy_payment *payment)
{
    struct policy_payment *copy = arena_alloc(arena, sizeof(*copy));

    *copy = *payment;
    return copy;
}

/* Is the action the same without this fact too?  If so, the fact is gone for good. */
static bool
try_without(struct trials *trials, const char *pointer)
{
    struct policy_payment *without = copy_of(trials->arena, trials->payment), *whole;
    struct arena *scratch = &trials->arenas[trials->spare];
    struct decision decision;

    if (!drop(trials->arena, CEL_REC_PAYMENT, (char *)without, pointer))
        return false;
    arena_reset(scratch);
    whole = copy_of(scratch, without);
    close_list(scratch, &goods_list, (char *)whole);
    close_lists(scratch, CEL_REC_PAYMENT, (char *)whole);
    trials->count++;
    snapshot_judge(trials->snapshot, whole, trials->now_ms, trials->seed, trials->memory,
                   scratch, &decision);
    if (decision.action != trials->wanted->action || decision.bank != trials->wanted->bank ||
        decision.error_count != trials->wanted->error_count)
        return false;
    trials->payment = without;
    trials->last = decision;
    trials->spare ^= 1;
    return true;
}

void
decisive_find(const struct snapshot *snapshot, const struct policy_payment *payment,
              int64_t now_ms, uint64_t seed, struct facts_memory *memory, struct arena *arena,
              struct decision *decision)
{
    struct trials trials = {
        .snapshot = snapshot,
        .now_ms = now_ms,
        .seed = seed,
        .memory = memory,
        .arena = arena,
        .wanted = decision,
        .payment = copy_of(arena, payment),
        .last = *decision,
    };
    const char **pointers;
    size_t count = collect(decision, arena, &pointers), kept = 0, left = 0;
    bool *tried = arena_zalloc(arena, count + 1);

    for (size_t i = 0; i < count; i++) {
        size_t before = trials.count;

        if (before < DECISIVE_TRIALS_MAX && try_without(&trials, pointers[i]))
            continue;
        tried[kept] = trials.count > before;
        pointers[kept++] = pointers[i];
    }
    for (size_t i = 0; i < kept; i++) /* E3 */
        if (tried[i] || rests_on(&trials.last, pointers[i]))
            pointers[left++] = pointers[i];
    decision->decisive = pointers;
    decision->decisive_count = left;
    arena_release(&trials.arenas[0]);
    arena_release(&trials.arenas[1]);
}
