/*
 * rollout_bank.h - a bank of one pack and one book whose answers show which version judged.
 *
 * The pack "mine" has one rule; version, rule id and reason of it carry the same number,
 * so that an answer which mixes two versions is seen.
 */
#ifndef TESTS_SUPPORT_ROLLOUT_BANK_H
#define TESTS_SUPPORT_ROLLOUT_BANK_H

#include "gateway/base/arena.h"
#include "tests/support/gateway.h"
#include "tests/support/http_client.h"

struct rollout_bank {
    struct arena arena;
    char folder[64]; /* book.json, mine.json, bank.db */
    char book[80], pack[80], store[96];
    struct gateway gateway;
    struct http_client client;
    char *sample; /* a payment that the rule holds */
};

int rollout_bank_make(struct rollout_bank *bank); /* the folder, not the gateway */
void rollout_bank_remove(struct rollout_bank *bank);

/* more: NULL-terminated options, or NULL.  Connects too. */
void rollout_bank_start(struct rollout_bank *bank, const char *const *more);
void rollout_bank_stop(struct rollout_bank *bank);
void rollout_bank_kill(struct rollout_bank *bank); /* SIGKILL */

/* The text of version n of "mine"; action is what its rule does. */
const char *rollout_bank_pack(struct rollout_bank *bank, int n, const char *action);
const char *rollout_bank_book(struct rollout_bank *bank, const char *name);
void rollout_bank_write(const char *path, const char *text);

/* One request; the body lives until the bank is removed.  Fails if the status is another. */
const char *rollout_bank_ask(struct rollout_bank *bank, const char *method, const char *path,
                             const char *body, int status);

/* What follows "name":" in a reply, up to the quote. */
const char *rollout_bank_member(struct rollout_bank *bank, const char *body, const char *name);

/* The version that judges the sample by the evaluations at this path; all parts agree. */
int rollout_bank_version_at(struct rollout_bank *bank, const char *path);
int rollout_bank_version(struct rollout_bank *bank);

/* PUT, check and activate version n. */
void rollout_bank_activate(struct rollout_bank *bank, int n);

#endif
