/* webhooks.h - the commands of `yuanctl webhooks`. */
#ifndef CLIENTS_WEBHOOKS_H
#define CLIENTS_WEBHOOKS_H

#include <cjson/cJSON.h>

#include "clients/command.h"
#include "gateway/bank/signature.h"
#include "gateway/base/arena.h"

/*
 * What deliveries are signed with, as text and as a key: of --secret, --secret-file or
 * YUANGATE_WEBHOOK_SECRET, in this order; NULL and a key of no bytes where none is given.  One
 * that cannot be one is ERROR_INVALID, with no part of it in the sentence.
 */
int webhooks_secret(const struct options *options, struct arena *arena, const char **secret,
                    struct signature_key *key, struct error *err)
    __attribute__((warn_unused_result));

/* One webhook, with its secret where the answer has it; a page of dead letters. */
void webhooks_print(FILE *out, const cJSON *webhook);
void webhooks_print_letters(FILE *out, const cJSON *page);

int webhooks_listen(const struct options *options); /* webhooks_listen.c */

#endif
