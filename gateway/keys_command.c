/* keys_command.c - three commands, one table. */
#include "gateway/keys_command.h"

#include <string.h>

#include "gateway/access/keys_file.h"

#define USAGE                                                                                  \
    "yuangate keys add NAME --role payer|reviewer|analyst|operator, keys list, or keys "       \
    "remove NAME, each with --store SPEC or --keys FILE"

static const char take_note[] = "a gateway that runs takes it with SIGHUP (kill -HUP)";

const char *
keys_path(const struct options *options, struct arena *arena)
{
    const char *beside = options_beside_store(options, arena, "-keys");

    return options->keys ? options->keys : beside;
}

/* -- commands: the file, and what stands behind the command -- */

static int
command_add(const char *path, const struct options *options, struct error *err)
{
    char text[KEY_TEXT_LENGTH + 1];
    enum access_role role;

    if (!options->role)
        return error_set(err, ERROR_INVALID,
                         "keys add needs --role payer, reviewer, analyst or operator");
    if (role_parse(options->role, &role, err) != 0 ||
        keys_add(path, options->words[2], role, text, err) != 0)
        return -1;
    puts(text);
    fprintf(stderr, "this is the key of %s, and it is shown this once; %s\n", options->words[2],
            take_note);
    return 0;
}

static int
command_list(const char *path, const struct options *options, struct error *err)
{
    struct arena arena = {0};
    struct key_list list;
    int rc = keys_read(&arena, path, &list, err);

    (void)options;
    for (size_t i = 0; rc == 0 && i < list.count; i++)
        printf("%-10s %s%s  %s\n", role_name(list.lines[i].role), KEY_PREFIX, list.lines[i].id,
               list.lines[i].name);
    arena_release(&arena);
    return rc;
}

static int
command_remove(const char *path, const struct options *options, struct error *err)
{
    if (keys_remove(path, options->words[2], err) != 0)
        return -1;
    fprintf(stderr, "the key of %s is removed; %s\n", options->words[2], take_note);
    return 0;
}

static const struct {
    const char *name;
    size_t words; /* with "keys" and itself */
    int (*run)(const char *path, const struct options *options, struct error *err);
} commands[] = {
    {"add", 3, command_add},
    {"list", 2, command_list},
    {"remove", 3, command_remove},
};

int
keys_command(const struct options *options, struct arena *arena, struct error *err)
{
    const char *path = keys_path(options, arena);
    size_t i = 0, count = sizeof(commands) / sizeof(commands[0]);

    while (i < count &&
           (options->word_count < 2 || strcmp(options->words[1], commands[i].name) != 0))
        i++;
    if (i == count || options->word_count != commands[i].words)
        return error_set(err, ERROR_INVALID, "%s", USAGE);
    if (options->role && commands[i].run != command_add)
        return error_set(err, ERROR_INVALID, "--role belongs to keys add");
    if (!path)
        return error_set(err, ERROR_INVALID,
                         "with a store in memory the file of keys must be named: --keys FILE");
    return commands[i].run(path, options, err);
}
