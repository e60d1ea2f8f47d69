/* webhooks.c - `yuanctl webhooks`: who is told what happens, by POST. */
#include "clients/webhooks.h"

#include <stdlib.h>
#include <string.h>

#include "clients/answer.h"
#include "clients/ask.h"
#include "clients/input.h"
#include "clients/print.h"

#define BODY_BYTES 512

void
webhooks_print(FILE *out, const cJSON *webhook)
{
    print_text(out, answer_text(webhook, "id"));
    fputc(' ', out);
    print_text(out, answer_text(webhook, "state"));
    fputc(' ', out);
    print_text(out, answer_text(webhook, "url"));
    fprintf(out, ": %.0f waiting, %.0f dead letters", answer_number(webhook, "waiting"),
            answer_number(webhook, "dead_letters"));
    print_part(out, ", last error: ", answer_text(webhook, "last_error"));
    print_part(out, "\nits secret, which is not shown again: ", answer_text(webhook, "secret"));
    fputc('\n', out);
}

static void
print_all(FILE *out, const cJSON *page)
{
    const cJSON *one;

    cJSON_ArrayForEach(one, cJSON_GetObjectItemCaseSensitive(page, "data"))
    {
        webhooks_print(out, one);
    }
}

void
webhooks_print_letters(FILE *out, const cJSON *page)
{
    const cJSON *one;

    cJSON_ArrayForEach(one, cJSON_GetObjectItemCaseSensitive(page, "data"))
    {
        print_text(out, answer_text(one, "id"));
        fputs(" given up at ", out);
        print_text(out, answer_text(one, "given_up_at"));
        fprintf(out, " after %.0f attempts: ", answer_number(one, "attempts"));
        print_text(out, answer_text(one, "why"));
        fputc('\n', out);
    }
}

static void
print_queued(FILE *out, const cJSON *answer)
{
    fprintf(out, "%.0f dead letters are delivered again\n", answer_number(answer, "queued"));
}

static void
print_nothing(FILE *out, const cJSON *answer)
{
    (void)out, (void)answer;
}

int
webhooks_secret(const struct options *options, struct arena *arena, const char **secret,
                struct signature_key *key, struct error *err)
{
    const char *given = options->values[OPTION_SECRET];
    const char *file = options->values[OPTION_SECRET_FILE];

    *secret = given;
    *key = (struct signature_key){0};
    if (given && file)
        return error_set(err, ERROR_INVALID, "--secret and --secret-file are both given");
    if (file && input_read_line(arena, file, secret, err) != 0)
        return -1;
    if (!*secret)
        *secret = getenv("YUANGATE_WEBHOOK_SECRET");
    if (*secret && !signature_key_read(*secret, key))
        return error_set(err, ERROR_INVALID,
                         "the secret of %s must be whsec_ and the base64 of %d to %d bytes",
                         file    ? file
                         : given ? "--secret"
                                 : "YUANGATE_WEBHOOK_SECRET",
                         SIGNATURE_SECRET_MIN, SIGNATURE_SECRET_MAX);
    return 0;
}

/* The body of a POST: the address, the secret, the options that were given as its members. */
static void
write_wish(struct asking *asking, const char *secret, struct buffer *body)
{
    static const struct {
        enum option option;
        const char *member;
    } members[] = {
        {OPTION_OUTCOME, "outcome"},   {OPTION_STATE, "state"},
        {OPTION_PAYMENT, "payment"},   {OPTION_UETR, "uetr"},
        {OPTION_CURRENCY, "currency"}, {OPTION_DEBTOR_COUNTRY, "debtor_country"},
        {OPTION_BANK, "bank"},
    };
    const char *const *values = asking->options->values;

    json_open(body, '{');
    json_member(body, "url", asking->options->arguments[0]);
    if (secret)
        json_member(body, "secret", secret);
    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
        if (values[members[i].option])
            json_member(body, members[i].member, values[members[i].option]);
    if (values[OPTION_TYPE]) {
        json_key(body, "types");
        json_open(body, '[');
        for (const char *at = values[OPTION_TYPE]; *at; at += *at == ',') {
            json_string_n(body, at, strcspn(at, ","));
            at += strcspn(at, ",");
        }
        json_close(body, ']');
    }
    json_close(body, '}');
}

static int
webhooks_add(const struct options *options)
{
    struct asking asking;
    int status = ask_begin(&asking, options);
    struct signature_key key;
    struct error err = {0};
    const char *secret;

    if (status == STATUS_DONE &&
        webhooks_secret(options, &asking.arena, &secret, &key, &err) != 0)
        status = command_complain(STATUS_USAGE, &err);
    if (status == STATUS_DONE) {
        struct buffer body;

        buffer_init(&body, &asking.arena, BODY_BYTES);
        write_wish(&asking, secret, &body);
        status = ask(&asking, &(struct request){"POST", "/v1/webhooks", body.data, body.len},
                     webhooks_print);
    }
    ask_end(&asking);
    return status;
}

/* By command: what is asked of the webhook that is named. */
static const struct {
    const char *command, *method, *tail;
    ask_print *print;
} verbs[] = {
    {"list", "GET", "", print_all},
    {"show", "GET", "", webhooks_print},
    {"remove", "DELETE", "", print_nothing},
    {"dead-letters", "GET", "/dead-letters", webhooks_print_letters},
    {"redeliver", "POST", "/redeliver", print_queued},
};

static int
webhooks_verb(const struct options *options)
{
    struct asking asking;
    int status = ask_begin(&asking, options);
    size_t i = 0;

    while (strcmp(verbs[i].command, options->command) != 0)
        i++;
    if (status == STATUS_DONE) {
        bool post = strcmp(verbs[i].method, "POST") == 0;
        const char *path =
            options->argument_count == 0
                ? "/v1/webhooks"
                : arena_printf(&asking.arena, "/v1/webhooks/%s%s",
                               ask_escape(&asking, options->arguments[0]), verbs[i].tail);
        struct reply reply;

        status = ask_send(
            &asking, &(struct request){verbs[i].method, path, post ? "" : NULL, 0}, &reply);
        if (status == STATUS_DONE && reply.status != 204)
            status = ask_show(&asking, &reply, verbs[i].print);
    }
    ask_end(&asking);
    return status;
}

static const struct command commands[] = {
    /* clang-format off */
    { "add",          "URL", 1, 1, webhooks_add,    "have events posted to it, filtered by the options below; prints its secret" },
    { "list",         "",    0, 0, webhooks_verb,   "every webhook, and how it is" },
    { "show",         "ID",  1, 1, webhooks_verb,   "one of them" },
    { "remove",       "ID",  1, 1, webhooks_verb,   "post no more to it" },
    { "dead-letters", "ID",  1, 1, webhooks_verb,   "what could not be delivered" },
    { "redeliver",    "ID",  1, 1, webhooks_verb,   "try these again; enable it where it is disabled" },
    { "listen",       "",    0, 0, webhooks_listen, "take deliveries here, check their signatures and print them" },
    { NULL, NULL, 0, 0, NULL, NULL },
    /* clang-format on */
};

void
webhooks_usage(FILE *out)
{
    fputs("usage: yuanctl [--server URL] [--json] webhooks COMMAND [ARGUMENTS] [OPTIONS]\n\n"
          "commands:\n",
          out);
    command_print(out, commands);
    fputs("\noptions:\n", out);
    options_print(out, "webhooks");
    fputs("\nexit status: 0 done, 1 a refusal, or a delivery with a wrong signature, 2 usage,\n"
          "3 no gateway answers\n",
          out);
}

int
command_webhooks(const struct options *options)
{
    return command_run_second(commands, "webhooks ", options);
}
