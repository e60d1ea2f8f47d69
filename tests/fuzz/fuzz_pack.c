/*
 * fuzz_pack.c - any bytes as a pack.
 *
 * Beyond not crashing: text that is no JSON has an error with a sentence.
 */
#include "tests/fuzz/fuzz.h"

#include "gateway/base/json.h"

static struct arena arena;

int
fuzz_pack(const uint8_t *data, size_t size)
{
    struct error err = {0};
    cJSON *json;

    arena_reset(&arena);
    if (json_parse(&arena, (const char *)data, size, &json, &err) != 0)
        MUST(err.text[0], "an error without a sentence");
    return 0;
}
