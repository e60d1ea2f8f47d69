/* rollout_bank.c - files, a gateway on them, and requests that must succeed. */
#include "tests/support/rollout_bank.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gateway/base/file.h"
#include "tests/support/test.h"

#define ARGUMENTS_MAX 20

void
rollout_bank_write(const char *path, const char *text)
{
    char next[120];
    FILE *file;

    snprintf(next, sizeof(next), "%s.next", path);
    file = fopen(next, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(rename(next, path), 0);
}

const char *
rollout_bank_pack(struct rollout_bank *bank, int n, const char *action)
{
    return arena_printf(
        &bank->arena,
        "{\"pack\":\"mine\",\"version\":\"%d\",\"title\":\"t\",\"sources\":[\"s\"],\"rules\":["
        "{\"id\":\"V-%d\",\"title\":\"t\",\"when\":\"payment.debtor.country == 'RU'\",\"then\":"
        "{\"action\":\"%s\",\"reason\":{\"code\":\"NARR\",\"text\":\"version %d\"}}}]}",
        n, n, action, n);
}

const char *
rollout_bank_book(struct rollout_bank *bank, const char *name)
{
    return arena_printf(
        &bank->arena,
        "{\"book\":\"%s\",\"default_action\":\"accept\",\"banks\":[{\"bic\":\"HLDBCNBS\","
        "\"name\":\"Hulan\",\"class\":\"joint_stock\"}],\"regimes\":[{\"from\":\"2024-01-01\","
        "\"policies\":{\"*\":[\"mine\"]}}]}",
        name);
}

int
rollout_bank_make(struct rollout_bank *bank)
{
    struct error err = {0};
    size_t len;

    *bank = (struct rollout_bank){.folder = "/tmp/yuangate-rollout-XXXXXX"};
    if (!mkdtemp(bank->folder))
        return -1;
    snprintf(bank->book, sizeof(bank->book), "%s/book.json", bank->folder);
    snprintf(bank->pack, sizeof(bank->pack), "%s/mine.json", bank->folder);
    snprintf(bank->store, sizeof(bank->store), "sqlite:%s/bank.db", bank->folder);
    rollout_bank_write(bank->book, rollout_bank_book(bank, "own"));
    rollout_bank_write(bank->pack, rollout_bank_pack(bank, 1, "hold"));
    return file_read(&bank->arena, "clients/examples/kit-payment.json", 100000, &bank->sample,
                     &len, &err);
}

void
rollout_bank_remove(struct rollout_bank *bank)
{
    char command[80];

    if (bank->gateway.pid)
        rollout_bank_stop(bank);
    arena_release(&bank->arena);
    snprintf(command, sizeof(command), "rm -rf %s", bank->folder);
    assert_int_equal(system(command), 0);
}

void
rollout_bank_start(struct rollout_bank *bank, const char *const *more)
{
    const char *arguments[ARGUMENTS_MAX] = {"--store",  bank->store, "--book",
                                            bank->book, "--packs",   bank->folder};
    size_t count = 6;

    for (size_t i = 0; more && more[i]; i++)
        arguments[count++] = more[i];
    if (gateway_start(&bank->gateway, arguments) != 0)
        fail_msg("%s", bank->gateway.process.log);
    assert_true(http_client_connect(&bank->client, bank->gateway.address));
}

void
rollout_bank_stop(struct rollout_bank *bank)
{
    http_client_close(&bank->client);
    assert_int_equal(gateway_stop(&bank->gateway), 0);
}

void
rollout_bank_kill(struct rollout_bank *bank)
{
    http_client_close(&bank->client);
    gateway_kill(&bank->gateway);
}

const char *
rollout_bank_ask(struct rollout_bank *bank, const char *method, const char *path,
                 const char *body, int status)
{
    struct http_client_reply reply;

    assert_true(http_client_request(&bank->client, method, path, body));
    assert_true(http_client_next(&bank->client, &reply));
    if (reply.status != status)
        fail_msg("%s %s gave %d: %s", method, path, reply.status, reply.body);
    if (status == 503)
        assert_non_null(http_client_header(&bank->client, &reply, "retry-after"));
    return arena_copy(&bank->arena, reply.body, reply.body_len);
}

const char *
rollout_bank_member(struct rollout_bank *bank, const char *body, const char *name)
{
    const char *at = strstr(body, arena_printf(&bank->arena, "\"%s\":\"", name));

    if (!at)
        fail_msg("no %s in %s", name, body);
    at += strlen(name) + 4;
    return arena_copy(&bank->arena, at, strcspn(at, "\""));
}

int
rollout_bank_version_at(struct rollout_bank *bank, const char *path)
{
    const char *answer = rollout_bank_ask(bank, "POST", path, bank->sample, 200);
    const char *pack = rollout_bank_member(bank, answer, "pack");
    int number = atoi(pack + strlen("mine@"));

    assert_non_null(strstr(answer, arena_printf(&bank->arena, "\"id\":\"V-%d\"", number)));
    assert_non_null(
        strstr(answer, arena_printf(&bank->arena, "\"text\":\"version %d\"", number)));
    return number;
}

int
rollout_bank_version(struct rollout_bank *bank)
{
    return rollout_bank_version_at(bank, "/v1/evaluations");
}

void
rollout_bank_activate(struct rollout_bank *bank, int n)
{
    rollout_bank_ask(bank, "PUT", "/v1/policies/mine", rollout_bank_pack(bank, n, "hold"), 201);
    rollout_bank_ask(bank, "POST", "/v1/policies/mine/check", "", 200);
    rollout_bank_ask(bank, "POST", "/v1/policies/mine/activate", "", 200);
}
