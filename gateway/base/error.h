/*
 * error.h - how a failed operation explains itself.
 *
 * Three kinds of bad news travel in three different ways:
 *
 *   A refusal is a result.  The payment was understood and the bank's answer
 *   is no.  It has a reason code, it is stored and audited; never an error.
 *
 *   An error is an operation that could not be carried out: the store cannot
 *   write, the body is not JSON, the payment does not exist.  The function
 *   returns -1 and says why in the caller's struct error.
 *
 *   A bug is a broken invariant.  assert() stops the process, in release
 *   builds too; what was acknowledged is on disk, the rest never was.
 */
#ifndef GATEWAY_BASE_ERROR_H
#define GATEWAY_BASE_ERROR_H

enum error_code {
    ERROR_NONE,
    ERROR_INVALID,   /* it makes no sense as written */
    ERROR_NOT_FOUND, /* it names something we do not have */
    ERROR_CONFLICT,  /* it contradicts what is stored or in flight */
    ERROR_BUSY,      /* no room or not ready: try again later */
    ERROR_INTERNAL,  /* our fault; the details are for the log */
    ERROR_SETUP,     /* a program or plugin is not there or cannot be used */
};

#define ERROR_TEXT_MAX 600

/* Lives on the caller's stack, owns no memory; {0} means nothing went wrong. */
struct error {
    enum error_code code;
    char text[ERROR_TEXT_MAX]; /* one sentence that can be shown as it stands */
};

/*
 * Record why the operation failed.  Its value is -1, so that a function can
 * end with "return error_set(err, ...)".  A macro, because the compiler has
 * to see that constant to know which paths leave the outputs unset.
 */
#define error_set(...) (error_record(__VA_ARGS__), error_result())

static inline int
error_result(void)
{
    return -1;
}

/* What is no UTF-8, as a text that was cut inside a character, becomes '?'. */
void error_mend(char *text);

void error_record(struct error *err, enum error_code code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

#endif
