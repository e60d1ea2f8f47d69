/*
 * fuzz_good_guys.c - any bytes as the text of all exceptions, and as one that a client sends.
 *
 * Beyond not crashing:
 *   X1  what is refused is refused with a sentence, and there is no set.
 *   X2  a set is in the order of its ids, each of them once, and excepts nothing yet.
 *   X3  what was read is written, read and written again as the same bytes.
 *   X4  a client's exception is read without a fault, or each fault has its words.
 */
#include <string.h>

#include "gateway/base/json.h"
#include "policy/screening/good_guys.h"
#include "tests/fuzz/fuzz.h"

#define TODAY "2024-04-15"

static struct arena arena;

static struct buffer
written(const struct good_guy *list, size_t count)
{
    struct buffer out;

    buffer_init(&out, &arena, 1024);
    good_guys_write(list, count, &out);
    return out;
}

/* X3 */
static void
write_and_read(const struct good_guy *list, size_t count)
{
    struct buffer once = written(list, count), again;
    struct error err = {0};
    struct good_guys *set;

    MUST(good_guys_read(&arena, once.data, once.len, &set, &err) == 0, "X3: %s", err.text);
    MUST(set->count == count, "X3: %zu of %zu", set->count, count);
    again = written(set->list, set->count);
    MUST(again.len == once.len && memcmp(again.data, once.data, once.len) == 0,
         "X3: other bytes");
}

static void
feed_text(const char *text, size_t len)
{
    struct error err = {0};
    struct good_guys *set;

    if (good_guys_read(&arena, text, len, &set, &err) != 0) {
        MUST(!set && err.text[0], "X1: refused without a sentence, or with a set");
        return;
    }
    for (size_t i = 0; i < set->count; i++) {
        MUST(set->list[i].state == GOOD_GUY_UNBOUND, "X2: bound to no list");
        MUST(i == 0 || strcmp(set->list[i - 1].id, set->list[i].id) < 0, "X2: %s",
             set->list[i].id);
    }
    write_and_read(set->list, set->count);
}

static void
feed_client(const char *text, size_t len)
{
    struct good_guy_faults faults = {.arena = &arena};
    struct error err = {0};
    struct good_guy guy;
    cJSON *json;

    if (json_parse_request(&arena, text, len, &json, &err) != 0)
        return;
    if (good_guy_read(json, TODAY, &guy, &faults) == 0) {
        good_guy_id(&guy, guy.id);
        write_and_read(&guy, 1);
        return;
    }
    MUST(faults.count > 0, "X4: refused without a fault");
    for (size_t i = 0; i < faults.count && i < GOOD_GUY_FAULTS_MAX; i++)
        MUST(faults.list[i].detail[0], "X4: a fault without words");
}

int
fuzz_good_guys(const uint8_t *data, size_t size)
{
    arena_reset(&arena);
    feed_text((const char *)data, size);
    feed_client((const char *)data, size);
    return 0;
}
