/* list_bank.c - rows, requests with octets, and what hits say. */
#include "tests/support/list_bank.h"

#include <stdlib.h>
#include <string.h>

#include "gateway/base/buffer.h"
#include "tests/support/test.h"

#define OTHERS_MAX 500

const char *
list_bank_main(struct rollout_bank *bank, int n, int others)
{
    struct buffer rows;

    assert_true(others <= OTHERS_MAX);
    buffer_init(&rows, &bank->arena, 4096);
    buffer_printf(&rows, "%d,\"SBORKA SEVER OOO\",-0- ,\"FICTION\"" LIST_BANK_NULLS "-0- \r\n",
                  n);
    for (int i = 1; i <= others; i++)
        buffer_printf(&rows,
                      "%d,\"KVARTSEVYI ZAVOD %d\",-0- ,\"FICTION\"" LIST_BANK_NULLS "-0- \r\n",
                      n + i, n + i);
    buffer_text(&rows, LIST_BANK_END);
    return buffer_terminate(&rows);
}

void
list_bank_put(struct rollout_bank *bank, const char *file, const char *text, int status)
{
    struct http_client_reply reply;

    assert_true(http_client_send(
        &bank->client, arena_printf(&bank->arena,
                                    "PUT /v1/lists/mine/files/%s HTTP/1.1\r\nHost: test\r\n"
                                    "Content-Type: application/octet-stream\r\n"
                                    "Content-Length: %zu\r\n\r\n%s",
                                    file, strlen(text), text)));
    assert_true(http_client_next(&bank->client, &reply));
    if (reply.status != status)
        fail_msg("PUT of %s gave %d: %s", file, reply.status, reply.body);
}

void
list_bank_load(struct rollout_bank *bank, int n, int others)
{
    const char *text = list_bank_main(bank, n, others);

    list_bank_put(bank, "main.csv", text, 201);
    rollout_bank_ask(bank, "POST", "/v1/lists/mine/load", "", 200);
}

int
list_bank_version_of(const char *answer)
{
    static const char begins[] = "\"hits\":[{\"list\":\"mine\",\"entry\":\"";
    const char *hits = strstr(answer, "\"hits\":[");

    if (!hits)
        fail_msg("no hits in %s", answer);
    return strncmp(hits, begins, strlen(begins)) == 0 ? atoi(hits + strlen(begins)) : 0;
}

int
list_bank_version(struct rollout_bank *bank)
{
    return list_bank_version_of(
        rollout_bank_ask(bank, "POST", "/v1/evaluations", bank->sample, 200));
}

const char *
list_bank_path(struct rollout_bank *bank, const char *below)
{
    return arena_printf(&bank->arena, "%s/bank.db-lists/mine/%s", bank->folder, below);
}

const char *
list_bank_folder(struct rollout_bank *bank)
{
    const char *shown = rollout_bank_ask(bank, "GET", "/v1/lists/mine", NULL, 200);

    return list_bank_path(bank, rollout_bank_member(bank, shown, "digest") + strlen("sha256:"));
}

void
list_bank_start(struct rollout_bank *bank, const char *file)
{
    const char *list = file ? arena_printf(&bank->arena, "mine=%s", file) : "none";

    rollout_bank_start(bank, (const char *const[]){"--list", list, NULL});
}

void
list_bank_again(struct rollout_bank *bank, const char *file)
{
    rollout_bank_stop(bank);
    list_bank_start(bank, file);
}
