/*
 * keys_command.h - `yuangate keys add NAME --role ROLE`, `keys list`, `keys remove NAME`.
 *
 * They change the file of keys and talk to no gateway; one that runs takes the change with
 * SIGHUP.  add prints the key on standard output, alone and once.
 */
#ifndef GATEWAY_KEYS_COMMAND_H
#define GATEWAY_KEYS_COMMAND_H

#include "gateway/options.h"

/* The file of keys that the options mean; NULL: none, as with a store in memory. */
const char *keys_path(const struct options *options, struct arena *arena);

/* ERROR_INVALID: the command line makes no sense. */
int keys_command(const struct options *options, struct arena *arena, struct error *err)
    __attribute__((warn_unused_result));

#endif
