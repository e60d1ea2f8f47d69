/* error.c - records a failure as a code and one sentence. */
#include "gateway/base/error.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

/* Bytes of the UTF-8 character at a place, 0 if it is none; NUL ends every text. */
static size_t
character(const unsigned char *at)
{
    size_t len = at[0] < 0x80 ? 1 : at[0] < 0xc2 ? 0 : at[0] < 0xe0 ? 2 : at[0] < 0xf0 ? 3 : 4;

    if (at[0] > 0xf4 || (at[0] == 0xe0 && at[1] < 0xa0) || (at[0] == 0xed && at[1] > 0x9f) ||
        (at[0] == 0xf0 && at[1] < 0x90) || (at[0] == 0xf4 && at[1] > 0x8f))
        return 0;
    for (size_t i = 1; i < len; i++)
        if ((at[i] & 0xc0) != 0x80)
            return 0;
    return len;
}

void
error_mend(char *text)
{
    while (*text) {
        size_t len = character((const unsigned char *)text);

        if (len == 0)
            *text = '?';
        text += len > 0 ? len : 1;
    }
}

void
error_record(struct error *err, enum error_code code, const char *fmt, ...)
{
    va_list args;

    assert(err != NULL);
    assert(code != ERROR_NONE);

    err->code = code;
    va_start(args, fmt);
    vsnprintf(err->text, sizeof(err->text), fmt, args);
    va_end(args);
    error_mend(err->text); /* answers, logs and records are UTF-8, whoever cut what */
}
