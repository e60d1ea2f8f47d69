/*
 * host.h - loads plugins and opens policies.
 *
 *   library ── one file, loaded once ──► plugin (its table of functions)
 *                                          │ open(options), once for the same options
 *                                          ▼
 *                                        policy, asked by chain.c
 *
 *   H1  nothing of a plugin runs before its table is found sound.  (A shared
 *       object's own constructors do run at loading: a plugin is trusted code.)
 *   H2  the digest is that of the bytes that were loaded: the file is copied
 *       into memory first, so that replacing or overwriting it while the bank
 *       runs changes nothing, and the new file can be loaded beside the old.
 *   H3  open() that succeeded is followed by close() exactly once.
 */
#ifndef POLICY_HOST_H
#define POLICY_HOST_H

#include <cjson/cJSON.h>
#include <stdint.h>

#include "gateway/base/arena.h"
#include "gateway/base/error.h"
#include "gateway/base/hash.h"
#include "policy/policy_plugin.h"

#define PLUGIN_BYTES_MAX   (64u << 20)
#define PLUGIN_NAME_MAX    40  /* characters of a name or a version */
#define PLUGIN_ERROR_MAX   400 /* bytes a plugin may say about itself */
#define OPTION_SEGMENT_MAX 64  /* characters of one step of an option's path */

/* Currencies belong to gateway/payment; the host is lent these two functions. */
struct host_currencies {
    int (*decimals)(const char *currency);
    int (*parse)(const char *value, const char *currency, int64_t *minor);
};

/* The file of rules that a book names for a policy; text is terminated. */
struct host_pack {
    const char *path;
    const char *text;
    size_t len;
};

struct library;

/* Free with library_close(), after every policy opened from it is closed. */
int library_open(const char *path, struct library **out, struct error *err)
    __attribute__((warn_unused_result));
void library_close(struct library *library); /* takes NULL */

const char *library_path(const struct library *library);
const uint8_t *library_digest(const struct library *library); /* SHA256_BYTES */
const struct policy_plugin *library_plugin(const struct library *library);

/* Is this table of a plugin sound?  path says in errors where it came from. */
int plugin_verify(const struct policy_plugin *plugin, const char *path, struct error *err)
    __attribute__((warn_unused_result));

/* A plugin with its options, ready to be asked. */
struct policy {
    const struct policy_plugin *plugin;
    void *self;
    const char *label; /* "kit_block@1.0.0", or what the plugin calls itself */
};

/*
 * options is an object or NULL, pack NULL where the book names none.  The label is on the
 * arena; close the policy before the arena goes.  The error is the plugin's own sentence.
 */
int policy_open(const struct policy_plugin *plugin, const cJSON *options,
                const struct host_pack *pack, const struct host_currencies *currencies,
                struct arena *arena, struct policy *out, struct error *err)
    __attribute__((warn_unused_result));
void policy_close(struct policy *policy);

/* Is answer a word of enum policy_action? */
int action_is_known(int answer);

#endif
