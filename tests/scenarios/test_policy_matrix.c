/* yuanctl policy matrix, the built program: a small book of our own and the shipped one. */
#include "tests/support/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clients/answer.h"
#include "gateway/base/file.h"
#include "gateway/base/json.h"
#include "gateway/base/time.h"
#include "tests/support/yuanctl.h"

#define FOLDER         "tests/scenarios/fixtures/matrix/"
#define MATRIX         "policy matrix --packs " FOLDER "packs "
#define GRID           MATRIX "--scenario " FOLDER "scenario.json "
#define FILE_BYTES_MAX (1 << 24)
#define TAGS_MAX       32

static struct arena arena;

static int
tear_down(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

/* The n-th line, from 0; NULL past the last one. */
static char *
line_of(char *text, int n)
{
    while (n-- > 0 && *text) {
        text += strcspn(text, "\n");
        text += *text == '\n';
    }
    return *text ? arena_copy(&arena, text, strcspn(text, "\n")) : NULL;
}

static cJSON *
parsed(const char *line)
{
    struct error err = {0};
    cJSON *json = NULL;

    if (!line || json_parse(&arena, line, strlen(line), &json, &err) != 0)
        fail_msg("no JSON: %s", line ? line : "no line");
    return json;
}

/* --- decisions --------------------------------------------------------------------------- */

/* One letter a date: accept, information, hold, return, reject (x), freeze. */
static char
letter(const char *action)
{
    return strcmp(action, "reject") == 0 ? 'x' : action[0] == 'r' ? action[2] : action[0];
}

/* The lines from first on: what is paid, at which bank, and as many letters as dates. */
static const char *
row_of(char *output, int first, int dates)
{
    char letters[16] = "";
    cJSON *line = NULL;

    for (int i = 0; i < dates; i++) {
        line = parsed(line_of(output, first + i));
        letters[i] = letter(answer_text(line, "action"));
    }
    return arena_printf(&arena, "%s %s %s", answer_text(line, "payment"),
                        answer_text(line, "bank"), letters);
}

/* 20 January, 20 March, its evening, 1 May.  request_information is q, return is t. */
static void
each_payment_meets_each_class_in_each_regime(void **state)
{
    static const char *const rows[] = {
        "toys AAAACNBJ qqqh",
        "toys BBBBCNBS qtth",
        "toys EEEEHKHH qqqh",
        "toys DDDDHKHH qqth",
        "chips AAAACNBJ qqqh",
        "chips BBBBCNBS qxxh",
        "chips EEEEHKHH qqqh",
        "chips DDDDHKHH qqxh",
        "a payer from elsewhere AAAACNBJ aaah",
        "a payer from elsewhere BBBBCNBS aaah",
        "a payer from elsewhere EEEEHKHH aaah",
        "a payer from elsewhere DDDDHKHH aaah",
        "a payer from elsewhere (step 5) AAAACNBJ hhhh",
        "a payer from elsewhere (step 5) BBBBCNBS hhhh",
        "a payer from elsewhere (step 5) EEEEHKHH hhhh",
        "a payer from elsewhere (step 5) DDDDHKHH hhhh",
        "listed AAAACNBJ qqqa",
        "listed BBBBCNBS qffa",
        "listed EEEEHKHH qqqa",
        "listed DDDDHKHH qqfa",
    };
    char output[YUANCTL_OUTPUT_SIZE];
    cJSON *end;

    (void)state;
    assert_int_equal(yuanctl("--json " GRID, output), 0);
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_string_equal(row_of(output, (int)i * 4, 4), rows[i]);
    end = parsed(line_of(output, COUNT(rows) * 4));
    assert_string_equal(answer_text(end, "book"), "grid");
    assert_int_equal(answer_at(end, "payments")->valueint, 5);
    assert_int_equal(answer_at(end, "dates")->valueint, 4);
    assert_int_equal(answer_at(end, "left_out")->valueint, 1);
    assert_int_equal(answer_at(end, "failures")->valueint, 0);
    assert_null(line_of(output, COUNT(rows) * 4 + 1));
}

static void
a_decision_says_its_date_its_rules_and_its_reason(void **state)
{
    char output[YUANCTL_OUTPUT_SIZE];
    const cJSON *line;

    (void)state;
    assert_int_equal(yuanctl("--json " GRID, output), 0);
    line = parsed(line_of(output, 30)); /* chips in Hong Kong, 20 March in the evening */
    assert_string_equal(answer_text(line, "payment"), "chips");
    assert_int_equal(answer_at(line, "step")->valueint, 3);
    assert_string_equal(answer_text(line, "class"), "foreign");
    assert_string_equal(answer_text(line, "date"), "2024-03-20T18:30:00+08:00");
    assert_string_equal(answer_text(line, "regime"), "2024-03-20T18:30:00+08:00");
    assert_string_equal(answer_text(line, "reason_code"), "RR04");
    assert_string_equal(answer_text(line, "reason"), "processors");
    assert_int_equal(cJSON_GetArraySize(answer_at(line, "rules")), 3);
    assert_string_equal(answer_at(line, "rules")->child->next->valuestring, "STN-02");
}

static void
every_bank_and_every_month_come_where_that_is_asked(void **state)
{
    static const char *const rows[] = {
        "nothing AAAACNBJ qqqqqqh", "nothing BBBBCNBS qqqttth", "nothing CCCCCNSZ qqqttth",
        "nothing DDDDHKHH hhhhtth", "nothing EEEEHKHH hhhhhhh",
    };
    static const char *const dates[] = {
        "2024-01-20", "2024-02-15T12:00:00+08:00", "2024-03-15T12:00:00+08:00",
        "2024-03-20", "2024-03-20T18:30:00+08:00", "2024-04-15T12:00:00+08:00",
        "2024-05-01",
    };
    char output[YUANCTL_OUTPUT_SIZE];

    (void)state;
    assert_int_equal(
        yuanctl("--json " MATRIX "--banks --months --scenario " FOLDER "failing.json", output),
        1);
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_string_equal(row_of(output, (int)(i * COUNT(dates)), COUNT(dates)), rows[i]);
    for (size_t i = 0; i < COUNT(dates); i++)
        assert_string_equal(answer_text(parsed(line_of(output, (int)i)), "date"), dates[i]);
    assert_string_equal(answer_text(parsed(line_of(output, 1)), "regime"), "2024-01-20");
}

/* The banks in Hong Kong divide by the number of goods lines. */
static void
a_policy_that_fails_is_shown_and_told_by_the_status(void **state)
{
    char output[YUANCTL_OUTPUT_SIZE];

    (void)state;
    assert_int_equal(yuanctl(MATRIX "--reasons --scenario " FOLDER "failing.json", output), 1);
    assert_has(output, "\n  DDDDHKHH foreign  !  !  !  h\n");
    assert_has(output, "# freeze  ! a policy failed\n");
    assert_has(output, "by MLD-01; a policy failed: MLD-03: division by zero\n");
    assert_int_equal(yuanctl("--json " MATRIX "--scenario " FOLDER "failing.json", output), 1);
    assert_string_equal(answer_text(parsed(line_of(output, 8)), "failure"),
                        "MLD-03: division by zero");
}

/* --- forms ------------------------------------------------------------------------------- */

static void
the_table_has_a_block_a_payment_and_a_legend(void **state)
{
    char output[YUANCTL_OUTPUT_SIZE];

    (void)state;
    assert_int_equal(yuanctl(GRID, output), 0);
    assert_has(output, "grid by grid: 5 payments, 4 rows, 4 dates\n"
                       "\n"
                       "toys: toys <cheap> & \"good\", from Russia\n"
                       "              year 24 24 24 24\n"
                       "             month 01 03 03 05\n"
                       "               day 20 20 20 01\n"
                       "              hour 00 00 18 00\n"
                       "  state_big         ?  ?  ?  h\n"
                       "  joint_stock       ?  <  <  h\n"
                       "  foreign           ?  ?  ?  h\n"
                       "  DDDDHKHH foreign  ?  ?  <  h\n"
                       "\n"
                       "chips\n");
    assert_has(output, "  joint_stock       ?  #  #  .\n");
    assert_has(output, "\n\n. accept  ? ask  h hold  < return  x reject  # freeze\n"
                       "1 left out: no payment that a gateway takes\n");
}

static void
rows_that_fare_the_same_share_their_reasons(void **state)
{
    char output[YUANCTL_OUTPUT_SIZE];

    (void)state;
    assert_int_equal(yuanctl(GRID "--reasons", output), 0);
    assert_has(output, "  state_big, joint_stock, foreign, DDDDHKHH foreign\n"
                       "    2024-01-20  accept\n"
                       "    2024-05-01  hold NARR by AMT-01\n");
    assert_has(output, "  joint_stock\n"
                       "    2024-01-20  request_information G003 by MLD-01\n"
                       "    2024-03-20  return RR04 by STN-01 MLD-01\n"
                       "    2024-05-01  hold NARR by AMT-01\n"
                       "  DDDDHKHH foreign\n"
                       "    2024-01-20  request_information G003 by MLD-01\n"
                       "    2024-03-20T18:30:00+08:00  return RR04 by STN-01 MLD-01\n");
}

static void
csv_is_quoted_where_it_has_to_be(void **state)
{
    static const char *const lines[] = {
        "payment,class,bank,date,action,rules,reason",
        "toys,state_big,AAAACNBJ,2024-01-20,request_information,MLD-01,"
        "\"G003 papers, \"\"all\"\" of them\"",
    };
    char output[YUANCTL_OUTPUT_SIZE];
    int count = 0;

    (void)state;
    assert_int_equal(yuanctl(GRID "--csv", output), 0);
    for (size_t i = 0; i < COUNT(lines); i++)
        assert_string_equal(line_of(output, (int)i), lines[i]);
    assert_has(output, "\na payer from elsewhere,joint_stock,BBBBCNBS,2024-03-20,accept,,\n");
    assert_has(output, "\nchips,foreign,DDDDHKHH,2024-03-20T18:30:00+08:00,reject,"
                       "STN-01 STN-02 MLD-01,RR04 processors\n");
    while (line_of(output, count))
        count++;
    assert_int_equal(count, 1 + 5 * 4 * 4 + 1);
    assert_string_equal(line_of(output, count - 1), /* on standard error */
                        "yuanctl: 1 left out: no payment that a gateway takes");
}

/* A file of our own for the length of a test. */
static const char *
temporary(const char *suffix, const char *text)
{
    char *path = arena_printf(&arena, "/tmp/yuangate_matrix_XXXXXX%s", suffix);
    int fd = mkstemps(path, (int)strlen(suffix));

    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    assert_int_equal(close(fd), 0);
    return path;
}

static char *
content(const char *path)
{
    struct error err = {0};
    char *text;
    size_t len;

    if (file_read(&arena, path, FILE_BYTES_MAX, &text, &len, &err) != 0)
        fail_msg("%s", err.text);
    assert_int_equal(strlen(text), len);
    return text;
}

/* Two years are 24 months, more than stand side by side. */
static void
what_does_not_fit_the_terminal_follows_below(void **state)
{
    const char *book = temporary(
        ".json", "{\"book\":\"long\",\"default_action\":\"accept\",\"banks\":[{\"bic\":"
                 "\"AAAACNBJ\",\"name\":\"A\",\"class\":\"rural_commercial_border\"}],"
                 "\"regimes\":[{\"from\":\"2023-12-01\",\"policies\":{\"*\":[]}},"
                 "{\"from\":\"2025-12-01\",\"policies\":{\"*\":[\"mild\"]}}]}");
    char output[YUANCTL_OUTPUT_SIZE], *line;
    int bands = 0, letters = 0;

    (void)state;
    assert_int_equal(yuanctl(arena_printf(&arena, GRID "--months --book %s", book), output), 0);
    unlink(book);
    assert_has(output, "5 payments, 1 row, 26 dates\n");
    for (int i = 3; (line = line_of(output, i)) && line[0]; i++) {
        assert_true(strlen(line) <= 80);
        bands += strstr(line, "month") != NULL;
        if (strncmp(line, "  rural_commercial_border", 25) == 0)
            letters += (int)(strlen(line) - 25) / 3;
    }
    assert_int_equal(bands, 2);
    assert_int_equal(letters, 26);
}

/* --- pictures ---------------------------------------------------------------------------- */

struct open_tags {
    char names[TAGS_MAX][16];
    size_t count;
};

/* From behind a tag's name to behind its '>': NAME="VALUE" pairs; is it closed at once? */
static const char *
attributes_end(const char *at, int *closed)
{
    for (;;) {
        at += strspn(at, " ");
        *closed = at[0] == '/';
        if (at[*closed] == '>')
            return at + 1 + *closed;
        assert_true(strspn(at, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-") > 0);
        at += strspn(at, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-");
        assert_int_equal(strncmp(at, "=\"", 2), 0);
        at += 2 + strcspn(at + 2, "\"<");
        assert_int_equal(*at, '"');
        at++;
    }
}

/* At a '<'; to behind the tag. */
static const char *
tag_end(const char *at, struct open_tags *open)
{
    int ends = at[1] == '/', closed;
    const char *name = at + 1 + ends;
    size_t len = strcspn(name, " />");

    if (len == 0 || len >= sizeof(open->names[0]))
        fail_msg("no tag: %.40s", at);
    if (ends) {
        if (open->count == 0 || strncmp(open->names[open->count - 1], name, len) != 0 ||
            open->names[open->count - 1][len] != '\0' || name[len] != '>')
            fail_msg("no such element is open: %.40s", at);
        open->count--;
        return name + len + 1;
    }
    at = attributes_end(name + len, &closed);
    if (!closed) {
        assert_true(open->count < TAGS_MAX);
        snprintf(open->names[open->count++], sizeof(open->names[0]), "%.*s", (int)len, name);
    }
    return at;
}

/* Every element ends where it should, every & begins an entity of XML. */
static void
assert_well_formed(const char *at)
{
    static const char *const entities[] = {"&lt;", "&gt;", "&amp;", "&quot;"};
    struct open_tags open = {.count = 0};
    size_t elements = 0;

    if (strncmp(at, "<?", 2) == 0 || strncmp(at, "<!DOCTYPE html>", 15) == 0)
        at = strchr(at, '>') + 1;
    while (*at) {
        if (*at == '<') {
            assert_true(open.count > 0 || elements == 0); /* one root */
            at = tag_end(at, &open);
            elements++;
            continue;
        }
        for (size_t i = 0; *at == '&'; i++) {
            if (i == COUNT(entities))
                fail_msg("no entity: %.20s", at);
            at += strncmp(at, entities[i], strlen(entities[i])) == 0 ? strlen(entities[i]) : 0;
        }
        assert_true(*at != '>');
        at += *at && *at != '<';
    }
    assert_int_equal(open.count, 0);
    assert_true(elements > 10);
}

static void
pictures_and_pages_are_well_formed_and_hold_text_escaped(void **state)
{
    static const struct {
        const char *option, *suffix, *has[5];
    } cases[] = {
        {"svg",
         ".svg",
         {"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg "
          "xmlns=\"http://www.w3.org/2000/svg\"",
          ">toys: toys &lt;cheap&gt; &amp; &quot;good&quot;, from Russia</text>",
          ">grid by grid</text>", ">freeze</text>",
          "<title>foreign DDDDHKHH, 2024-03-20T18:30:00+08:00: return RR04 by STN-01 "
          "MLD-01</title>"}},
        {"html",
         ".html",
         {"<!DOCTYPE html>\n<html lang=\"en\">", "<svg xmlns=",
          "<h2>toys: toys &lt;cheap&gt; &amp; &quot;good&quot;, from Russia</h2>",
          ">reject<br/><small>STN-01 STN-02 MLD-01</small></td>",
          "<p>1 left out: no payment that a gateway takes</p>"}},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *path = temporary(cases[i].suffix, ""), *first;
        const char *arguments = arena_printf(&arena, GRID "--%s %s", cases[i].option, path);
        char output[YUANCTL_OUTPUT_SIZE];

        assert_int_equal(yuanctl(arguments, output), 0);
        assert_has(output, "\n. accept  ? ask"); /* the table too */
        first = content(path);
        assert_well_formed(first);
        for (size_t h = 0; h < COUNT(cases[i].has); h++)
            assert_has(first, cases[i].has[h]);
        assert_null(strstr(first, "<cheap>"));
        assert_null(strstr(first, "<script"));
        assert_null(strstr(first, ">failed<"));
        assert_int_equal(yuanctl(arguments, output), 0);
        assert_string_equal(content(path), first); /* M3 */
        unlink(path);
    }
}

static void
a_failure_has_a_look_of_its_own(void **state)
{
    const char *path = temporary(".svg", "");
    char output[YUANCTL_OUTPUT_SIZE];

    (void)state;
    yuanctl(arena_printf(&arena, MATRIX "--scenario " FOLDER "failing.json --svg %s", path),
            output);
    assert_well_formed(content(path));
    assert_has(content(path), "a policy failed: MLD-03: division by zero</title>");
    assert_has(content(path), ">failed</text>");
    unlink(path);
}

/* --- words ------------------------------------------------------------------------------- */

static void
what_makes_no_sense_is_answered_in_words(void **state)
{
    static const struct {
        const char *arguments, *says;
    } cases[] = {
        /* clang-format off */
        {"policy matrix", "policy matrix needs --scenario FILE"},
        {"policy matrix x --scenario y", "policy matrix takes no argument"},
        {"policy matrix --scenario no/such.json", "no/such.json: No such file or directory"},
        {"policy check x --csv", "--csv belongs to policy matrix"},
        {"--json " GRID "--csv", "--json and --csv: one of them is printed"},
        {GRID "--book atlantis", "there is no shipped book \"atlantis\"; a file has a / or .json in its name"},
        {GRID "--book no/such.json", "no/such.json: No such file or directory"},
        {GRID "--svg no/such/m.svg", "--svg no/such/m.svg: No such file or directory"},
        {GRID "--html no/such/m.html", "--html no/such/m.html: No such file or directory"},
        {"policy matrix --scenario " FOLDER "scenario.json", "/regimes/1/policies/*/0: expected the name of a pack; found \"mild\""},
        /* clang-format on */
    };
    char output[YUANCTL_OUTPUT_SIZE];

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_int_equal(yuanctl(cases[i].arguments, output), 2);
        assert_has(output, cases[i].says);
    }
}

static void
a_scenario_that_pays_nothing_has_no_matrix(void **state)
{
    const char *path =
        temporary(".json", "{\"scenario\":\"idle\",\"clock\":\"manual:2024-01-01\",\"steps\":"
                           "[{\"advance\":\"P1D\"}]}");
    char output[YUANCTL_OUTPUT_SIZE];

    (void)state;
    assert_int_equal(yuanctl(arena_printf(&arena, "policy matrix --scenario %s", path), output),
                     2);
    unlink(path);
    assert_has(output, "the scenario idle pays nothing");
}

/* --- the shipped book -------------------------------------------------------------------- */

static void
the_shipped_book_refuses_kits_from_april_on(void **state)
{
    static const struct {
        const char *date, *action;
    } at_state_banks[] = {{"2024-03-20", "accept"}, {"2024-04-01", "reject"}};
    char output[YUANCTL_OUTPUT_SIZE], *line;
    size_t found = 0;

    (void)state;
    assert_int_equal(yuanctl("--json policy matrix --book china-2024 --scenario "
                             "clients/scenarios/april-kits.json | grep '\"april\".*BEIWCNBJ'",
                             output),
                     0);
    for (int i = 0; (line = line_of(output, i)); i++)
        for (size_t c = 0; c < COUNT(at_state_banks); c++)
            if (strcmp(answer_text(parsed(line), "date"), at_state_banks[c].date) == 0) {
                assert_string_equal(answer_text(parsed(line), "action"),
                                    at_state_banks[c].action);
                found++;
            }
    assert_int_equal(found, COUNT(at_state_banks));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_payment_meets_each_class_in_each_regime),
        cmocka_unit_test(a_decision_says_its_date_its_rules_and_its_reason),
        cmocka_unit_test(every_bank_and_every_month_come_where_that_is_asked),
        cmocka_unit_test(a_policy_that_fails_is_shown_and_told_by_the_status),
        cmocka_unit_test(the_table_has_a_block_a_payment_and_a_legend),
        cmocka_unit_test(rows_that_fare_the_same_share_their_reasons),
        cmocka_unit_test(csv_is_quoted_where_it_has_to_be),
        cmocka_unit_test(what_does_not_fit_the_terminal_follows_below),
        cmocka_unit_test(pictures_and_pages_are_well_formed_and_hold_text_escaped),
        cmocka_unit_test(a_failure_has_a_look_of_its_own),
        cmocka_unit_test(what_makes_no_sense_is_answered_in_words),
        cmocka_unit_test(a_scenario_that_pays_nothing_has_no_matrix),
        cmocka_unit_test(the_shipped_book_refuses_kits_from_april_on),
    };

    return cmocka_run_group_tests_name("yuanctl policy matrix", tests, NULL, tear_down);
}
