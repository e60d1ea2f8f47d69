/* documents.c - yuanctl documents and cancel: what a payer does with a payment under way. */
#include "clients/ask.h"
#include "clients/life_print.h"
#include "gateway/base/json.h"

static const char *
path_of(struct asking *asking, const char *behind)
{
    return arena_printf(&asking->arena, "/v1/payments/%s%s",
                        ask_escape(asking, asking->options->arguments[0]), behind);
}

/* A list of answers may stand alone; the gateway wants it in an object. */
static int
answers_read(struct asking *asking, const char *file, struct request *request)
{
    char *text;
    size_t len;
    int status = ask_read(asking, file, &text, &len);

    if (status != STATUS_DONE)
        return status;
    while (len > 0 && (*text == ' ' || *text == '\t' || *text == '\r' || *text == '\n'))
        text++, len--;
    request->body =
        *text == '[' ? arena_printf(&asking->arena, "{\"answers\":%s}", text) : text;
    request->len = *text == '[' ? len + sizeof("{\"answers\":}") - 1 : len;
    return STATUS_DONE;
}

static int
documents_ask(struct asking *asking)
{
    struct request request = {.method = "POST"};
    int status;

    if (asking->options->argument_count == 1)
        return ask(asking, &(struct request){"GET", path_of(asking, ""), NULL, 0},
                   print_requested);
    request.path = path_of(asking, "/documents");
    status = answers_read(asking, asking->options->arguments[1], &request);
    return status == STATUS_DONE ? ask(asking, &request, print_documents) : status;
}

int
command_documents(const struct options *options)
{
    struct asking asking;
    int status = ask_begin(&asking, options);

    if (status == STATUS_DONE)
        status = documents_ask(&asking);
    ask_end(&asking);
    return status;
}

int
command_cancel(const struct options *options)
{
    const char *code = options->values[OPTION_REASON];
    struct asking asking;
    int status = ask_begin(&asking, options);

    if (status == STATUS_DONE) {
        struct buffer body;

        buffer_init(&body, &asking.arena, 64);
        json_open(&body, '{');
        json_key(&body, "reason");
        json_open(&body, '{');
        json_member(&body, "code", code ? code : "CUST");
        json_close(&body, '}');
        json_close(&body, '}');
        status = ask(
            &asking,
            &(struct request){"POST", path_of(&asking, "/cancellation"), body.data, body.len},
            print_cancellation);
    }
    ask_end(&asking);
    return status;
}
