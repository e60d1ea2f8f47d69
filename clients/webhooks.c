/* webhooks.c - `yuanctl webhooks`: who is told what happens, by POST. */
#include "clients/webhooks.h"

#include <stdlib.h>
#include <string.h>

#include "clients/answer.h"
#include "clients/ask.h"
#include "clients/input.h"

#define BODY_BYTES 512

static void
print_webhook(FILE *out, const cJSON *webhook)
{
    const char *error = answer_text(webhook, "last_error");
    const cJSON *dead = cJSON_GetObjectItemCaseSensitive(webhook, "dead_letters");
    const cJSON *waiting = cJSON_GetObjectItemCaseSensitive(webhook, "waiting");

    fprintf(out, "%s %s %s: %d waiting, %d dead letters%s%s\n", answer_text(webhook, "id"),
            answer_text(webhook, "state"), answer_text(webhook, "url"),
            waiting ? waiting->valueint : 0, dead ? dead->valueint : 0,
            error[0] ? ", last error: " : "", error);
    if (answer_text(webhook, "secret")[0])
        fprintf(out, "its secret, which is not shown again: %s\n",
                answer_text(webhook, "secret"));
}

static void
print_all(FILE *out, const cJSON *page)
{
    const cJSON *one;

    cJSON_ArrayForEach(one, cJSON_GetObjectItemCaseSensitive(page, "data"))
    {
        print_webhook(out, one);
    }
}

static void
print_letters(FILE *out, const cJSON *page)
{
    const cJSON *one, *attempts;

    cJSON_ArrayForEach(one, cJSON_GetObjectItemCaseSensitive(page, "data"))
    {
        attempts = cJSON_GetObjectItemCaseSensitive(one, "attempts");
        fprintf(out, "%s given up at %s after %d attempts: %s\n", answer_text(one, "id"),
                answer_text(one, "given_up_at"), attempts ? attempts->valueint : 0,
                answer_text(one, "why"));
    }
}

static void
print_queued(FILE *out, const cJSON *answer)
{
    const cJSON *queued = cJSON_GetObjectItemCaseSensitive(answer, "queued");

    fprintf(out, "%d dead letters are delivered again\n", queued ? queued->valueint : 0);
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
                     print_webhook);
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
    {"show", "GET", "", print_webhook},
    {"remove", "DELETE", "", print_nothing},
    {"dead-letters", "GET", "/dead-letters", print_letters},
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
