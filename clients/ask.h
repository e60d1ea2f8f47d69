/*
 * ask.h - one question to the gateway of --server, its answer shown, the exit status.
 *
 *     struct asking asking;
 *     int status = ask_begin(&asking, options);
 *
 *     if (status == STATUS_DONE)
 *         status = ask(&asking, &(struct request){"GET", path, NULL, 0}, print_decision);
 *     ask_end(&asking);
 */
#ifndef CLIENTS_ASK_H
#define CLIENTS_ASK_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdio.h>

#include "clients/client.h"
#include "clients/command.h"
#include "gateway/base/buffer.h"

typedef void ask_print(FILE *out, const cJSON *json);

/* Of a 422 that is the answer; false, with nothing printed, of one about the asking. */
typedef bool ask_refusal(FILE *out, const cJSON *problem);

struct asking {
    const struct options *options;
    struct client *client; /* NULL: ask_begin() failed */
    struct arena arena;    /* paths, bodies and replies */
};

/*
 * A client of server that sends the key of --key, --key-file or YUANGATE_KEY, in this order;
 * without one, none.  A key that cannot be one is ERROR_INVALID, with no part of it in the
 * sentence.
 */
int ask_connect(const struct options *options, const char *server, struct client **client,
                struct error *err) __attribute__((warn_unused_result));

/* STATUS_DONE; or STATUS_USAGE, with a sentence on standard error, if --server or the key makes
 * no sense.  ask_end() follows in either case. */
int ask_begin(struct asking *asking, const struct options *options);
void ask_end(struct asking *asking);

/*
 * Send, and show the reply as ask_show() does; STATUS_UNREACHABLE, with a sentence, where
 * none came.
 */
int ask(struct asking *asking, const struct request *request, ask_print *print);

/*
 * The same where a refusal is no trouble, but what was asked about: it goes to standard
 * output, by refusal, and is STATUS_UNEXPECTED.  refusal NULL: there is none.
 */
int ask_whether(struct asking *asking, const struct request *request, ask_print *print,
                ask_refusal *refusal);

/* The first half of it. */
int ask_send(struct asking *asking, const struct request *request, struct reply *reply);

/*
 * The other half: by print, or as it came with --json.  print NULL: the bytes as they are,
 * whatever was asked for.  A problem is told on standard error and is STATUS_UNEXPECTED.
 */
int ask_show(struct asking *asking, const struct reply *reply, ask_print *print);

/* A NUL-terminated file, "-" being standard input; STATUS_USAGE with a sentence. */
int ask_read(struct asking *asking, const char *file, char **text, size_t *len);

/* text as it may stand in a path segment or a query value. */
const char *ask_escape(struct asking *asking, const char *text);

/* Add the option to the path's query if it was given: "debtor-country" on the command line
 * is debtor_country there. */
void ask_query(struct asking *asking, struct buffer *path, enum option option);

#endif
