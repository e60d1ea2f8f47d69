/* error.c - records a failure as a code and one sentence. */
#include "gateway/base/error.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

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
}
