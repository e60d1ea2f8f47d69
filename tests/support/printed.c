/* printed.c - see printed.h. */
#include "tests/support/printed.h"

#include "tests/support/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/base/json.h"

void
assert_prints(ask_print *print, const char *text, const char *seen)
{
    struct arena arena = {0};
    struct error err = {0};
    char *printed = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&printed, &len);
    cJSON *json;

    assert_non_null(out);
    assert_int_equal(json_parse(&arena, text, strlen(text), &json, &err), 0);
    print(out, json);
    fclose(out);
    assert_string_equal(printed, seen);
    free(printed);
    arena_release(&arena);
}
