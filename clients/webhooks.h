/* webhooks.h - the commands of `yuanctl webhooks`. */
#ifndef CLIENTS_WEBHOOKS_H
#define CLIENTS_WEBHOOKS_H

#include "clients/command.h"

int webhooks_listen(const struct options *options); /* webhooks_listen.c */

#endif
