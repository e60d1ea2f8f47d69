/*
 * yuanctl lists screen, the built program against the built gateway: what is on the screen,
 * chunks of many names, and that what was not asked never ends with 0.
 */
#include "tests/support/test.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/base/buffer.h"
#include "gateway/http/http.h"
#include "tests/support/gateway.h"
#include "tests/support/yuanctl.h"

#define NOBODY "http://127.0.0.1:1" /* no gateway may listen there */

static char folder[] = "/tmp/yuangate-screen-XXXXXX";
static struct gateway gateway;
static struct arena arena;
static char output[YUANCTL_OUTPUT_SIZE];

#define format(...) arena_printf(&arena, __VA_ARGS__)

static int
set_up(void **state)
{
    static const char *const arguments[] = {"--store", "memory", "--clock",
                                            "manual:2024-07-03T12:00:00+08:00", NULL};

    (void)state;
    return mkdtemp(folder) ? gateway_start(&gateway, arguments) : -1;
}

static int
tear_down(void **state)
{
    int removed = system(format("rm -rf %s", folder));

    (void)state;
    arena_release(&arena);
    return removed == 0 ? gateway_stop(&gateway) : -1;
}

/* `yuanctl lists screen words`, which must end with the status; its output. */
static const char *
run_at(const char *server, int status, const char *words)
{
    int ended = yuanctl(format("--server http://%s lists screen %s", server, words), output);

    if (ended != status)
        fail_msg("%s ended with %d:\n%s", words, ended, output);
    return output;
}

static const char *
run(int status, const char *words)
{
    return run_at(gateway.address, status, words);
}

static const char *
file_of(const char *name, const char *text)
{
    const char *path = format("%s/%s", folder, name);
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
    return path;
}

/* These lines on standard input. */
static const char *
lines_of(const char *text)
{
    return format("- <%s", file_of("names.txt", text));
}

/* "Nobody 1", "Nobody 2", …; then the last. */
static const char *
many_lines(int count, const char *last)
{
    const char *text = "";

    for (int i = 1; i < count; i++)
        text = format("%sNobody %d\n", text, i);
    return lines_of(format("%s%s\n", text, last));
}

static int
count_of(const char *text, const char *part)
{
    int count = 0;

    for (const char *at = text; (at = strstr(at, part)); at += strlen(part))
        count++;
    return count;
}

static void
hits_stand_in_a_table_below_their_name(void **state)
{
    (void)state;
    assert_string_equal(
        run(1, "'Матвей Стужев' 'OOO Sborka Sever' Гортавбанк"),
        "asked of fictional (12 entries)\n"
        "Матвей Стужев\n"
        "  1.0000  fictional  9012  person  listed  STUZHEV, Matvei Glebovich (STUZHEV, "
        "Matvey)  FICTION-2024, FICTION-2022\n"
        "OOO Sborka Sever\n"
        "  no hits\n"
        "Гортавбанк\n"
        "  1.0000  fictional  9002  bank    listed  GORTAVBANK AO (GORTAV BANK)  "
        "FICTION-2024\n");
    assert_string_equal(run(0, "'OOO Sborka Sever'"),
                        "asked of fictional (12 entries)\nOOO Sborka Sever\n  no hits\n");
}

static void
what_is_known_of_all_names_is_sent_with_each(void **state)
{
    (void)state;
    run(1, "Gortavbank --kind bank");
    run(0, "Gortavbank --kind person");
    run(0, "'Stuzhov Matvey' --born-on 1990-01-01");
    assert_has(run(1, "'Stuzhov Matvey'"), "  0.9296  ");
    assert_has(run(1, "'Stuzhov Matvey' --country RU"), "  0.9402  ");
    assert_has(run(1, "'Stuzhov Matvey' --born-on 1967-12-12"), "  0.9578  ");
}

static void
an_explanation_stands_below_its_hit(void **state)
{
    (void)state;
    assert_has(run(1, "'Stuzhov Matvey' --explain --country RU"),
               "  0.9402  fictional  9012  person  listed  STUZHEV, Matvei Glebovich (STUZHEV, "
               "Matvey)  FICTION-2024, FICTION-2022\n"
               "          names alone 0.9296\n"
               "          matvey = matvey  1.00  13.5 bits\n"
               "          stuzhov = stuzhev  0.79  11.1 bits\n"
               "          missing 2.9 bits of the query, 2.9 of the match\n");
}

static void
lines_are_names_blank_ones_are_none(void **state)
{
    (void)state;
    assert_string_equal(run(1, lines_of("Nobody\n\n  \r\nVarya \r\n")),
                        "asked of fictional (12 entries)\nNobody\n  no hits\nVarya\n"
                        "  0.9000  fictional  9013  person  listed  RECHKINA, Varvara "
                        "Ilyinichna (VARYA)  FICTION-2024\n");
    assert_has(run(1, format("Gortavbank %s", lines_of("Nobody\n"))),
               "GORTAVBANK AO (GORTAV BANK)  FICTION-2024\nNobody\n  no hits\n");
    assert_has(run(2, lines_of("\n \n")),
               "yuanctl: standard input has no name, so nothing was screened\n");
}

static void
many_names_go_in_chunks_of_a_hundred(void **state)
{
    (void)state;
    run(0, many_lines(250, "Nobody 250"));
    assert_int_equal(count_of(output, "  no hits\n"), 250);
    assert_int_equal(count_of(output, "asked of"), 1);
    run(1, many_lines(201, "Gortavbank"));
    assert_int_equal(count_of(output, "  no hits\n"), 200);
    assert_has(output, "Nobody 200\n  no hits\nGortavbank\n  1.0000  ");
    run(1, format("Gortavbank %s", many_lines(150, "Nobody 150"))); /* in the first alone */
    assert_int_equal(count_of(output, "  no hits\n"), 150);
    run(1, format("--json %s", many_lines(201, "Gortavbank")));
    assert_int_equal(count_of(output, "{\"snapshot\":"), 3);
    assert_int_equal(count_of(output, "\n"), 3);
    run(1, many_lines(100, "Gortavbank"));
    assert_int_equal(count_of(output, "asked of"), 1);
}

/* A hundred names of a thousand characters in Han are more than a body may have. */
static void
of_long_names_fewer_go_in_a_chunk(void **state)
{
    struct buffer lines;

    (void)state;
    buffer_init(&lines, &arena, 400000);
    for (int i = 0; i < 100; i++) {
        for (int c = 0; c < 990; c++)
            buffer_text(&lines, "东");
        buffer_text(&lines, "\n");
    }
    run(0, lines_of(buffer_terminate(&lines)));
    assert_int_equal(count_of(output, "  no hits\n"), 100);
}

static void
what_was_not_screened_is_told(void **state)
{
    static const struct {
        const char *words;
        int status;
        const char *says;
    } cases[] = {
        {"", 2, "lists screen takes NAME...|-"},
        {"A --kind ship", 1, "  /names/0/kind  must be person, company, bank or vessel"},
        {"A --country Russia", 1, "  /names/0/country  must be"},
        {"A B --born-on 1967", 1, "  /names/1/born_on  must be a date"},
        {"A ''", 1, "  /names/1/name  must not be empty or blank"},
        {"A --", 0, "A\n  no hits\n"},
        {"-- --A", 0, "--A\n  no hits\n"},
        {"-- '--'", 1, "  /names/0/name  has no letter or digit to compare"},
        {"A --kind ship", 1,
         "yuanctl: name 1, /names/0 of its request, and all after it were not screened\n"},
        {"--name A", 2, "--name belongs to lists import"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_has(run(cases[i].status, cases[i].words), cases[i].says);
    run(1, many_lines(150, "!"));
    assert_int_equal(count_of(output, "  no hits\n"), 100);
    assert_has(output, "  /names/49/name  has no letter or digit to compare\n");
    assert_has(output, "yuanctl: name 101, /names/0 of its request, and all after it were not "
                       "screened\n");
    assert_int_equal(yuanctl("lists screen --server " NOBODY " A", output), 3);
    assert_has(output, "yuanctl: cannot reach " NOBODY ": ");
    assert_int_equal(yuanctl("lists screen --server bank A", output), 2);
}

static void
a_gateway_without_lists_is_no_clean_result(void **state)
{
    const char *book = file_of(
        "book.json",
        "{\"book\":\"b\",\"default_action\":\"hold\",\"banks\":[{\"bic\":\"HLDBCNBS\",\"name\":"
        "\"H\",\"class\":\"joint_stock\"}],\"regimes\":[{\"from\":\"2024-01-01\",\"policies\":{"
        "\"*\":[\"baseline\"]}}]}");
    const char *const arguments[] = {"--store", "memory", "--list", "none",
                                     "--book",  book,     NULL};
    struct gateway bare;

    (void)state;
    assert_int_equal(gateway_start(&bare, arguments), 0);
    assert_has(run_at(bare.address, 1, "A"),
               "503 Service Unavailable: no sanctions list is in force");
    assert_int_equal(gateway_stop(&bare), 0);
}

/* -- a server that answers something else -- */

static const char *_Atomic answer; /* of the server, to any screening */

static void
answer_anyhow(struct http_exchange *exchange)
{
    const char *text = answer;

    http_reply(exchange, 200, "application/json", text, strlen(text));
}

static void *
serve(void *server)
{
    http_server_run(server);
    return NULL;
}

static void
an_answer_to_other_names_is_none(void **state)
{
    static const char *const answers[] = {
        "",
        "[]",
        "{}",
        "{\"lists\":[{\"name\":\"l\"}],\"data\":[]}",
        "{\"lists\":[{\"name\":\"l\"}],\"data\":[{\"name\":\"A\"}]}",
        "{\"lists\":[],\"data\":[{\"name\":\"A\",\"hits\":[]}]}",
        ("{\"lists\":[{\"name\":\"l\"}],\"data\":[{\"name\":\"A\",\"hits\":[]},"
         "{\"name\":\"B\",\"hits\":[]}]}"),
    };
    static const struct http_route routes[] = {
        {"POST", "/v1/screenings", HTTP_BODY_JSON, answer_anyhow, 0}};
    static const char *const listen[] = {"127.0.0.1:0"};
    const struct http_options options = {
        .listen = listen, .listen_count = 1, .threads = 1, .routes = routes, .route_count = 1};
    struct http_server *server;
    struct error err = {0};
    const char *address;
    pthread_t thread;

    (void)state;
    assert_int_equal(http_server_open(&options, &server, &err), 0);
    address = http_server_address(server, 0);
    assert_int_equal(pthread_create(&thread, NULL, serve, server), 0);
    for (size_t i = 0; i < COUNT(answers); i++) {
        answer = answers[i];
        assert_has(run_at(address, 1, "A"),
                   "yuanctl: the gateway's answer is none to these names\n");
    }
    answer =
        "{\"snapshot\":\"s\",\"lists\":[{\"name\":\"l\",\"entries\":1}],\"data\":[{\"name\":"
        "\"A\\u001b[2J\",\"hits\":[{\"list\":\"l\",\"entry\":\"1\",\"kind\":\"company\","
        "\"names\":[\"B\\u0007\"],\"matched_as_published\":\"B\\u0007\",\"score\":1,\"by\":"
        "\"identifier\",\"state\":\"owned\",\"programs\":[]}],\"left_out\":7}]}";
    assert_string_equal(run_at(address, 1, "A"),
                        "asked of l (1 entry)\nA?[2J\n  number  l  1  company  owned  B?\n"
                        "  and 7 more\n");
    http_server_stop(server);
    assert_int_equal(pthread_join(thread, NULL), 0);
    http_server_close(server);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hits_stand_in_a_table_below_their_name),
        cmocka_unit_test(what_is_known_of_all_names_is_sent_with_each),
        cmocka_unit_test(an_explanation_stands_below_its_hit),
        cmocka_unit_test(lines_are_names_blank_ones_are_none),
        cmocka_unit_test(many_names_go_in_chunks_of_a_hundred),
        cmocka_unit_test(of_long_names_fewer_go_in_a_chunk),
        cmocka_unit_test(what_was_not_screened_is_told),
        cmocka_unit_test(a_gateway_without_lists_is_no_clean_result),
        cmocka_unit_test(an_answer_to_other_names_is_none),
    };

    return cmocka_run_group_tests_name("yuanctl lists screen", tests, set_up, tear_down);
}
