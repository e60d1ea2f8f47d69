/*
 * main.c - options, bank, server; serve; and an orderly end: the workers stop
 * (http_server_run() returns), the bank's threads end, the workers are freed.
 * SIGHUP reads keys, book and packs again (reload.h).
 *
 * Policies that do not load are no reason to end: the bank then decides nothing, says
 * why on /readyz, and can be mended over HTTP or with SIGHUP.
 *
 * Exit status: 0 after a drain or a clean --check, 1 where something could not
 * be opened (a plugin, a clock that cannot be read, with --check a policy), 2 where the
 * options make no sense.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/api/api.h"
#include "gateway/base/json.h"
#include "gateway/base/log.h"
#include "gateway/keys_command.h"
#include "gateway/options.h"
#include "gateway/payment/money.h"
#include "gateway/payment/payment_lent.h"
#include "gateway/reload.h"
#include "gateway/version.h"

enum { EXIT_USAGE = 2 };

static struct http_server *serving;

/* SIGINT and SIGTERM: drain.  A second one cuts the drain short. */
static void
on_signal(int signal_number)
{
    (void)signal_number;
    http_server_stop(serving);
}

static void
catch_signals(void)
{
    struct sigaction stop = {.sa_handler = on_signal, .sa_flags = SA_RESTART};

    signal(SIGPIPE, SIG_IGN);
    sigemptyset(&stop.sa_mask);
    sigaction(SIGINT, &stop, NULL);
    sigaction(SIGTERM, &stop, NULL);
}

/* From here on the end is near and certain; the server that a handler would touch is freed. */
static void
ignore_signals(void)
{
    signal(SIGINT, SIG_IGN);
    signal(SIGTERM, SIG_IGN);
}

/* Beside the store.  It is made when the first file is put. */
static const char *
lists_folder(const struct options *options, struct arena *arena)
{
    const char *beside = options_beside_store(options, arena, "-lists");

    if (options->lists_folder)
        return options->lists_folder;
    return beside ? beside : "./yuangate-lists";
}

/* "none" alone stands for none. */
static int
read_lists(const struct options *options, struct arena *arena, struct listings_options *out,
           struct error *err)
{
    struct list_order *orders = arena_alloc(arena, OPTIONS_LISTS_MAX * sizeof(*orders));

    *out = (struct listings_options){
        .folder = lists_folder(options, arena),
        .orders = orders,
        .shrink_percent_max = (unsigned)options->list_shrink,
        .faults_max = (unsigned)options->list_faults,
    };
    if (options->list_count == 1 && strcmp(options->lists[0], "none") == 0)
        return 0;
    for (size_t i = 0; i < options->list_count; i++)
        if (list_order_parse(arena, options->lists[i], orders, &out->order_count, err) != 0)
            return -1;
    for (size_t i = 0; i < out->order_count; i++) {
        orders[i].shrink_percent_max = out->shrink_percent_max;
        orders[i].faults_max = out->faults_max;
    }
    return 0;
}

/* What is asked for in place of a gateway: true, it is done or refused, and *status the end. */
static bool
do_instead(const struct options *options, struct arena *arena, int *status, struct error *err)
{
    if (options->help || options->version) {
        options->help ? options_help(stdout) : (void)puts("yuangate " YUANGATE_VERSION);
        *status = EXIT_SUCCESS;
        return true;
    }
    if (options->word_count > 0) {
        *status = keys_command(options, arena, err) == 0 ? EXIT_SUCCESS
                  : err->code == ERROR_INVALID           ? EXIT_USAGE
                                                         : EXIT_FAILURE;
        return true;
    }
    if (options->role) {
        error_record(err, ERROR_INVALID, "role belongs to yuangate keys add NAME --role ROLE");
        *status = EXIT_USAGE;
        return true;
    }
    return false;
}

/* The keys; without them nobody but this machine is served. */
static int
open_keys(const struct options *options, struct arena *arena, struct keys **keys, int *status,
          struct error *err)
{
    if (keys_open(keys_path(options, arena), options->keys != NULL, keys, err) != 0)
        return -1;
    for (size_t i = 0; i < options->listen_count && !keys_are_needed(*keys); i++)
        if (http_address_is_open(options->listen[i])) {
            *status = EXIT_USAGE;
            return error_set(err, ERROR_INVALID,
                             "without keys only loopback addresses are served, and %.60s is "
                             "none; make a key with yuangate keys add NAME --role ROLE",
                             options->listen[i]);
        }
    return 0;
}

static int
open_bank(const struct options *options, const struct listings_options *lists,
          struct bank **bank, struct error *err)
{
    const struct bank_options settings = {
        .store = options->check ? "memory" : options->store,
        .clock = options->clock,
        .seed = options->seed,
        .simulate = options->simulate,
        .reset = options->from_files,
        .webhook_retry_ms = options->webhook_retry_ms,
        .lists = *lists,
        .sources =
            {
                .book = options->book,
                .plugin_path = options->plugins,
                .pack_path = options->packs,
                .goods_path = options->goods,
                .policies = options->policies,
                .policy_count = options->policy_count,
                .currency_decimals = currency_decimals,
                .money_parse = money_parse,
                .payment_read = payment_lent_read,
                .reason_fits = payment_lent_reason_fits,
            },
    };

    return bank_open(&settings, bank, err);
}

static int
open_server(const struct options *options, struct api *api, struct http_server **server,
            struct error *err)
{
    struct http_options settings = {
        .listen = options->listen,
        .listen_count = options->listen_count,
        .threads = options->threads,
        .context = api,
        .enter = api_enter,
        .request_ms = options->request_ms,
        .idle_ms = options->idle_ms,
    };

    settings.routes = api_routes(&settings.route_count);
    return http_server_open(&settings, server, err);
}

static void
serve(const struct options *options, const struct keys *keys)
{
    catch_signals(); /* before anybody is told that we serve */
    if (!keys_are_needed(keys)) {
        puts("yuangate has no keys: it serves this machine alone, and whoever calls may do "
             "everything");
        log_warn("keys.none", "served=loopback");
    }
    for (size_t i = 0; i < options->listen_count; i++)
        printf("yuangate listening on http://%s\n", http_server_address(serving, i));
    fflush(stdout);
    http_server_run(serving);
    ignore_signals();
    log_info("gateway.stop", "workers=stopped");
}

int
main(int argc, char **argv)
{
    struct arena arena = {0};
    struct listings_options lists;
    struct options options;
    struct error err = {0};
    enum log_level level;
    struct api api = {0};
    int status = EXIT_FAILURE;

    if (options_read(&arena, argc, argv, &options, &err) != 0 ||
        log_level_parse(options.log_level, &level, &err) != 0) {
        status = EXIT_USAGE;
        goto out;
    }
    log_set_level(level);
    reload_block();
    if (do_instead(&options, &arena, &status, &err) ||
        open_keys(&options, &arena, &api.keys, &status, &err) != 0)
        goto out;
    if (read_lists(&options, &arena, &lists, &err) != 0) {
        status = EXIT_USAGE;
        goto out;
    }
    if (open_bank(&options, &lists, &api.bank, &err) != 0)
        goto out;
    if (options.check) {
        if (bank_ready(api.bank, &err) != 0)
            goto out;
        puts("the configuration is good");
        status = EXIT_SUCCESS;
        goto out;
    }
    if (uploads_open(&api.uploads, lists.folder, &err) != 0 ||
        open_server(&options, &api, &serving, &err) != 0 ||
        reload_start(api.keys, api.bank, &err) != 0)
        goto out;
    feeds_open(&api.feeds, api.bank);
    serve(&options, api.keys);
    status = EXIT_SUCCESS;
out:
    if (err.code != ERROR_NONE)
        fprintf(stderr, "yuangate: %s\n", err.text);
    reload_stop();
    uploads_close(&api.uploads); /* threads may still be waking a worker that has stopped */
    bank_close(api.bank);        /* likewise */
    http_server_close(serving);
    feeds_close(&api.feeds); /* it ended streams that a drain cut short */
    keys_close(api.keys);
    arena_release(&arena);
    return status;
}
