/*
 * replay.c - a scenario, step by step, against a gateway.
 *
 * The scenario is read whole first; then, unless --server is given, a private
 * gateway starts with its clock, seed and book, an empty store in memory and a
 * free port, and ends when the replay does.
 */
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "clients/answer.h"
#include "clients/ask.h"
#include "clients/command.h"
#include "clients/gateway_process.h"
#include "clients/input.h"
#include "clients/place.h"
#include "clients/report.h"
#include "gateway/base/buffer.h"
#include "gateway/base/json.h"

#define GATEWAY_ARGUMENTS_MAX 16

struct replay {
    const struct options *options;
    struct scenario scenario;
    struct gateway_process gateway;
    struct client *client;
    const char **ids;   /* by step: of the payment that it made; NULL: none */
    struct arena arena; /* lives as long as the replay */
    struct arena step;  /* emptied after each step */
    struct report report;
};

static int
gateway_begin(struct replay *replay, struct error *err)
{
    const char *arguments[GATEWAY_ARGUMENTS_MAX] = {"--listen", "127.0.0.1:0", "--store",
                                                    "memory"};
    const char *program = replay->options->values[OPTION_GATEWAY];
    const char *book;
    size_t count = 4;

    if (!program && place_of_gateway(&replay->arena, &program, err) != 0)
        return -1;
    arguments[count++] = "--clock";
    arguments[count++] = replay->scenario.clock;
    arguments[count++] = "--seed";
    arguments[count++] = arena_printf(&replay->arena, "%" PRId64, replay->scenario.seed);
    if (replay->scenario.book[0]) {
        if (place_of_book(&replay->arena, replay->scenario.book, replay->options->arguments[0],
                          program, &book, err) != 0)
            return -1;
        arguments[count++] = "--book";
        arguments[count++] = book;
    }
    return gateway_process_start(&replay->gateway, program, arguments, err);
}

static int
replay_connect(struct replay *replay, struct error *err)
{
    const char *server = replay->options->values[OPTION_SERVER];

    if (!server) {
        if (gateway_begin(replay, err) != 0)
            return -1;
        server = arena_printf(&replay->arena, "http://%s", replay->gateway.address);
    }
    return ask_connect(replay->options, server, &replay->client, err);
}

/* Send, and keep status and parsed answer.  -1: no gateway answers. */
static int
step_ask(struct replay *replay, const struct request *request, struct step_result *result,
         struct error *err)
{
    struct error why = {0};
    struct reply reply;
    cJSON *json = NULL;

    if (client_request(replay->client, request, &replay->step, &reply, err) != 0)
        return -1;
    result->http_status = reply.status;
    if (json_parse(&replay->step, reply.body, reply.len, &json, &why) == 0)
        result->answer = json;
    else
        result->trouble = arena_printf(&replay->step, "the answer is not JSON: %s", why.text);
    result->passed = reply.status >= 200 && reply.status < 300 && result->answer;
    return 0;
}

static void
step_check(struct replay *replay, const struct scenario_step *step, struct step_result *result)
{
    bool refusal = step->expect && expectation_is_refusal(step->expect);

    if (!step->expect || !(result->passed || (refusal && result->answer)))
        return;
    result->mismatch_count =
        expectation_check(step->expect, result->answer, &replay->step, result->mismatches);
    result->passed = result->mismatch_count == 0;
}

static int
step_pay(struct replay *replay, const struct scenario_step *step, struct step_result *result,
         struct error *err)
{
    const struct request request = {"POST", "/v1/payments", step->body, step->body_len};
    const char *id;

    if (step_ask(replay, &request, result, err) != 0)
        return -1;
    id = answer_text(result->answer, "id");
    if (result->passed && id[0])
        replay->ids[step->payment] = arena_copy(&replay->arena, id, strlen(id));
    step_check(replay, step, result);
    return 0;
}

static int
step_move(struct replay *replay, const struct scenario_step *step, struct step_result *result,
          struct error *err)
{
    const struct request request = {"POST", "/v1/clock", step->body, step->body_len};

    if (step_ask(replay, &request, result, err) != 0)
        return -1;
    step_check(replay, step, result);
    return 0;
}

/* Where each kind looks, or acts, behind the payment's id. */
static const struct {
    const char *method, *path, *verb;
} places[STEP_KIND_COUNT] = {
    [STEP_DOCUMENTS] = {"POST", "/v1/payments", "/documents"},
    [STEP_CANCEL] = {"POST", "/v1/payments", "/cancellation"},
    [STEP_CASE] = {"POST", "/v1/cases", "/"},
    [STEP_EXPECT] = {"GET", "/v1/payments", ""},
};

/* What is done with a payment that was paid before, and reading it back. */
static int
step_act(struct replay *replay, const struct scenario_step *step, struct step_result *result,
         struct error *err)
{
    const char *id = replay->ids[step->payment];
    struct request request = {
        .method = places[step->kind].method, .body = step->body, .len = step->body_len};
    int rc;

    if (!id) {
        result->trouble = "that payment was not taken, so there is nothing to look at";
        return 0;
    }
    request.path = arena_printf(&replay->step, "%s/%s%s%s", places[step->kind].path,
                                client_escape(replay->client, &replay->step, id),
                                places[step->kind].verb, step->verb);
    client_act_as(replay->client, step->actor);
    rc = step_ask(replay, &request, result, err);
    client_act_as(replay->client, "");
    if (rc != 0)
        return -1;
    step_check(replay, step, result);
    return 0;
}

static int
steps_run(struct replay *replay, struct error *err)
{
    static int (*const run[])(struct replay * replay, const struct scenario_step *step,
                              struct step_result *result, struct error *err) = {
        [STEP_PAY] = step_pay,    [STEP_DOCUMENTS] = step_act, [STEP_CANCEL] = step_act,
        [STEP_CASE] = step_act,   [STEP_ADVANCE] = step_move,  [STEP_TO] = step_move,
        [STEP_EXPECT] = step_act,
    };

    for (size_t i = 0; i < replay->scenario.step_count; i++) {
        const struct scenario_step *step = &replay->scenario.steps[i];
        struct step_result result = {0};

        if (run[step->kind](replay, step, &result, err) != 0)
            return -1;
        report_step(&replay->report, i, step, &result);
        arena_reset(&replay->step);
    }
    return 0;
}

static int
replay_read(struct replay *replay, struct error *err)
{
    const char *file = replay->options->arguments[0];
    char *text;
    size_t len;

    if (input_read(&replay->arena, file, &text, &len, err) != 0 ||
        scenario_read(&replay->arena, file, text, len, &replay->scenario, err) != 0)
        return -1;
    replay->ids =
        arena_zalloc(&replay->arena, replay->scenario.step_count * sizeof(*replay->ids));
    return 0;
}

/* End the private gateway; its own complaints are shown if it did not end well. */
static int
gateway_finish(struct replay *replay)
{
    if (replay->gateway.pid == 0 || gateway_process_end(&replay->gateway, SIGTERM) == 0)
        return STATUS_DONE;
    fprintf(stderr, "yuanctl: the gateway ended with status %d\n%s", replay->gateway.status,
            replay->gateway.log);
    return STATUS_UNEXPECTED;
}

static int
replay_run(struct replay *replay)
{
    struct error err = {0};
    int ended;

    if (replay_read(replay, &err) != 0)
        return command_complain(STATUS_USAGE, &err);
    if (replay_connect(replay, &err) != 0) {
        command_complain(STATUS_UNREACHABLE, &err);
        fputs(replay->gateway.log, stderr);
        return err.code == ERROR_INVALID ? STATUS_USAGE : STATUS_UNREACHABLE;
    }
    report_begin(&replay->report, &replay->scenario);
    if (steps_run(replay, &err) != 0) {
        command_complain(STATUS_UNREACHABLE, &err);
        gateway_finish(replay);
        return STATUS_UNREACHABLE;
    }
    report_end(&replay->report, &replay->scenario);
    ended = gateway_finish(replay);
    return replay->report.failed > 0 ? STATUS_UNEXPECTED : ended;
}

int
command_replay(const struct options *options)
{
    struct replay replay = {.options = options};
    int status;

    replay.report = (struct report){
        .json = options->values[OPTION_JSON] != NULL,
        .arena = &replay.step,
    };
    status = replay_run(&replay);
    client_close(replay.client);
    arena_release(&replay.step);
    arena_release(&replay.arena);
    return status;
}
