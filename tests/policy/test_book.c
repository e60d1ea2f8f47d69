/* Books: every fault has its place named, and the right regime is in force. */
#include <unistd.h>

#include "policy/book.h"
#include "tests/policy/fixture.h"
#include "tests/support/test.h"

static char path[] = "/tmp/yuangate-book-XXXXXX";

static int
set_up(void **state)
{
    int fd = mkstemp(path);

    (void)state;
    return fd < 0 || close(fd) != 0 ? -1 : 0;
}

static int
tear_down(void **state)
{
    (void)state;
    return unlink(path);
}

static int
read_text(const char *text, struct arena *arena, struct book *book, struct error *err)
{
    FILE *file = fopen(path, "w");
    struct document document;

    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    if (document_read(arena, path, &document, err) != 0)
        return -1;
    return book_read(&document, arena, book, err);
}

#define BANK               "{\"bic\":\"HLDBCNBS\",\"name\":\"Hulan\",\"class\":\"joint_stock\"}"
#define HEAD               "{\"book\":\"b\",\"default_action\":\"accept\","
#define BANKS              "\"banks\":[" BANK "],"
#define REGIME             "{\"from\":\"2024-03-20\",\"policies\":{}}"
#define REGIMES            "\"regimes\":[" REGIME "]}"
#define POLICY(p)          HEAD BANKS "\"regimes\":[{\"from\":\"2024-03-20\",\"policies\":{" p "}}]}"
#define SCREENING(s)       HEAD "\"screening\":" s "," BANKS REGIMES
#define CALENDAR(c)        HEAD "\"calendar\":" c "," BANKS REGIMES
#define RATES(from, rates) "\"rates\":[{\"from\":" from "," rates "}],"
#define OWN(b)                                                                                 \
    HEAD BANKS "\"regimes\":[{\"from\":\"2024-03-20\",\"policies\":{},\"banks\":" b "}]}"
#define CLASSES                                                                                \
    "expected one of the classes state_big, joint_stock, city_commercial, rural_commercial, "  \
    "rural_commercial_border, foreign, cn_subsidiary_in_ru, russian_branch_in_cn"

static void
every_fault_has_its_place_and_says_what_was_found(void **state)
{
    static const struct {
        const char *text, *says;
    } cases[] = {
        /* clang-format off */
        {"", "line 1"},
        {"[]", "/: expected an object; found an array of 0"},
        {"{}", "/book: expected a text; found nothing"},
        {"{\"book\":7}", "/book: expected a text; found 7"},
        {"{\"book\":\"\"}", "/book: expected a text; found \"\""},
        {"{\"book\":\"a b\"}", "/book: expected a name without blanks; found \"a b\""},
        {"{\"book\":\"b\"}", "/default_action: expected accept, request_information, hold, return "
                             "or reject; found nothing"},
        {"{\"book\":\"b\",\"default_action\":\"freeze\"}", "/default_action: expected accept, "
                             "request_information, hold, return or reject; found \"freeze\""},
        {"{\"book\":\"b\",\"default_action\":\"abstain\"}", "found \"abstain\""},
        {"{\"book\":\"b\",\"defualt_action\":\"accept\"}",
         "/defualt_action: expected only the members book, banks, default_action, screening, terms, rates, calendar, memory, "
         "regimes; found \"accept\""},
        {"{\"a/~b\":1}", "/a~1~0b: expected only the members"},
        {HEAD REGIMES, "/banks: expected an array of 1 to 10000 elements; found nothing"},
        {HEAD "\"banks\":[]," REGIMES, "/banks: expected an array of 1 to 10000 elements; found an "
                                       "array of 0"},
        {HEAD "\"banks\":[7]," REGIMES, "/banks/0: expected an object; found 7"},
        {HEAD "\"banks\":[" BANK ",{\"bic\":\"HLDB\",\"name\":\"x\",\"class\":\"foreign\"}]," REGIMES,
         "/banks/1/bic: expected a BIC of 8 or 11 capital letters and digits; found \"HLDB\""},
        {HEAD "\"banks\":[{\"bic\":\"hldbcnbs\",\"name\":\"x\",\"class\":\"foreign\"}]," REGIMES,
         "/banks/0/bic: expected a BIC"},
        {HEAD "\"banks\":[{\"bic\":\"HLDBCNBS\",\"class\":\"foreign\"}]," REGIMES,
         "/banks/0/name: expected a text; found nothing"},
        {HEAD "\"banks\":[{\"bic\":\"HLDBCNBS\",\"name\":\"x\",\"class\":\"jiont_stock\"}]," REGIMES,
         "/banks/0/class: " CLASSES "; found \"jiont_stock\""},
        {HEAD "\"banks\":[{\"bic\":\"HLDBCNBS\",\"name\":\"x\",\"class\":\"*\"}]," REGIMES,
         "/banks/0/class: " CLASSES "; found \"*\""},
        {HEAD "\"banks\":[{\"bic\":\"HLDBCNBS\",\"name\":\"x\",\"class\":\"foreign\",\"x\":1}]," REGIMES,
         "/banks/0/x: expected only the members bic, name, class; found 1"},
        {HEAD "\"banks\":[" BANK ",{\"bic\":\"HLDBCNBSXXX\",\"name\":\"x\",\"class\":\"foreign\"}]," REGIMES,
         "/banks: expected each bank once; found HLDBCNBS twice"},
        {HEAD BANKS "\"regimes\":[]}", "/regimes: expected an array of 1 to 1000 elements; found an array of 0"},
        {HEAD BANKS "\"regimes\":[{\"policies\":{}}]}", "/regimes/0/from: expected a text; found nothing"},
        {HEAD BANKS "\"regimes\":[{\"from\":\"2024-02-30\",\"policies\":{}}]}",
         "/regimes/0/from: expected a date such as 2024-03-20 or an RFC 3339 time; found \"2024-02-30\""},
        {HEAD BANKS "\"regimes\":[{\"from\":\"2024-03-20\"}]}",
         "/regimes/0/policies: expected an object of lists of policies by bank class; found nothing"},
        {HEAD BANKS "\"regimes\":[" REGIME "," REGIME "]}",
         "/regimes: expected each from once; found 2024-03-20 twice"},
        {HEAD BANKS "\"regimes\":[" REGIME ",{\"from\":\"2024-03-19T16:00:00Z\",\"policies\":{}}]}",
         "/regimes: expected each from once; found "},
        {HEAD BANKS "\"regimes\":[{\"from\":\"2024-03-20\",\"policies\":{},\"until\":1}]}",
         "/regimes/0/until: expected only the members from, policies, banks; found 1"},
        {HEAD BANKS "\"rates\":7," REGIMES, "/rates: expected an array of 0 to 1000 elements; found 7"},
        {HEAD BANKS RATES("\"2024-13-01\"", "\"USD\":\"7.1\"") REGIMES,
         "/rates/0/from: expected a date such as 2024-03-20 or an RFC 3339 time; found "
         "\"2024-13-01\""},
        {HEAD BANKS RATES("\"2024-01-01\"", "\"usd\":\"7.1\"") REGIMES,
         "/rates/0/usd: expected from, or a currency of three capital letters; found \"7.1\""},
        {HEAD BANKS RATES("\"2024-01-01\"", "\"USD\":7.1") REGIMES,
         "/rates/0/USD: expected a text; found 7.1"},
        {HEAD BANKS RATES("\"2024-01-01\"", "\"USD\":\"7,1\"") REGIMES,
         "/rates/0/USD: expected what one unit is worth, as text: \"7.1095\", at most nine "
         "decimals; found \"7,1\""},
        {HEAD BANKS RATES("\"2024-01-01\"", "\"USD\":\"0.0\"") REGIMES, "/rates/0/USD: expected"},
        {HEAD BANKS RATES("\"2024-01-01\"", "\"USD\":\"0.1234567891\"") REGIMES,
         "/rates/0/USD: expected"},
        {HEAD BANKS "\"rates\":[{\"from\":\"2024-01-01\"}]," REGIMES,
         "/rates/0: expected at least one currency; found an object"},
        {HEAD BANKS "\"rates\":[{\"from\":\"2024-01-01\",\"CNY\":\"1\"},"
                    "{\"from\":\"2024-01-01\",\"CNY\":\"1\"}]," REGIMES,
         "/rates: expected each from once; found an array of 2"},
        {HEAD BANKS "\"memory\":{\"kit\":\"P90D\"}," REGIMES, "/memory/kit: expected"},
        {HEAD BANKS "\"memory\":{\"kits\":\"P3M\"}," REGIMES,
         "/memory/kits: expected a duration of at most 400 days, such as P90D; found \"P3M\""},
        {HEAD BANKS "\"memory\":{\"kits\":\"P401D\"}," REGIMES, "/memory/kits: expected"},
        {HEAD BANKS "\"calendar\":7," REGIMES, "/calendar: expected an object; found 7"},
        {CALENDAR("{\"holiday\":[]}"), "/calendar/holiday: expected only the members name, holidays, workdays; found an array of 0"},
        {CALENDAR("{\"name\":7}"), "/calendar/name: expected a text; found 7"},
        {CALENDAR("{\"holidays\":7}"), "/calendar/holidays: expected an array of 0 to 2000 elements; found 7"},
        {CALENDAR("{\"holidays\":[\"2024-02-10\"]}"), "/calendar/holidays/0: expected an array of 2 to 3 elements; found \"2024-02-10\""},
        {CALENDAR("{\"holidays\":[[\"2024-02-10\",\"2024-02-30\"]]}"), "/calendar/holidays/0/1: expected a day such as \"2024-02-10\"; found \"2024-02-30\""},
        {CALENDAR("{\"holidays\":[[\"2024-02-10\",\"2024-02-17T00:00:00\"]]}"), "/calendar/holidays/0/1: expected a day"},
        {CALENDAR("{\"holidays\":[[\"2024-02-17\",\"2024-02-10\"]]}"), "/calendar/holidays/0: expected the first and the last day of a holiday, of at most 31 days; found an array of 2"},
        {CALENDAR("{\"holidays\":[[\"2024-02-10\",\"2025-02-10\"]]}"), "/calendar/holidays/0: expected the first and the last day"},
        {CALENDAR("{\"holidays\":[[\"2024-02-10\",\"2024-02-17\",7]]}"), "/calendar/holidays/0/2: expected a text; found 7"},
        {CALENDAR("{\"workdays\":[20240204]}"), "/calendar/workdays/0: expected a day such as \"2024-02-10\"; found 20240204"},
        {CALENDAR("{\"workdays\":[\"2024-02-05\"]}"), "/calendar/workdays/0: expected a Saturday or Sunday that is worked, outside the holidays; found \"2024-02-05\""},
        {CALENDAR("{\"holidays\":[[\"2024-02-10\",\"2024-02-17\"]],\"workdays\":[\"2024-02-11\"]}"), "/calendar/workdays/0: expected a Saturday or Sunday that is worked"},
        {CALENDAR("{\"holidays\":[[\"1970-01-01\",\"1970-01-01\"]],\"workdays\":[\"2100-01-02\"]}"), "/calendar: expected days of at most 100 years; found an object"},
        {POLICY("\"jiont_stock\":[]"), "/regimes/0/policies/jiont_stock: " CLASSES ", or *; found an array of 0"},
        {POLICY("\"*\":{}"), "/regimes/0/policies/*: expected an array of 0 to 64 elements; found an object"},
        {POLICY("\"*\":[{}]"), "/regimes/0/policies/*/0/plugin: expected a text; found nothing"},
        {POLICY("\"*\":[{\"plugin\":\"../x\"}]"), "/regimes/0/policies/*/0/plugin: expected a plugin's name: "
                                                  "letters, digits and _; found \"../x\""},
        {POLICY("\"*\":[{\"plugin\":\"x\",\"option\":{}}]"), "/regimes/0/policies/*/0/option: expected only the "
                                                  "members plugin, options, pack; found an object"},
        {POLICY("\"*\":[{\"plugin\":\"x\",\"options\":[]}]"), "/regimes/0/policies/*/0/options: expected an object "
                                                  "of options; found an array of 0"},
        {POLICY("\"*\":[{\"plugin\":\"x\",\"pack\":\"p\"}]"), "/regimes/0/policies/*/0/pack: expected no pack, "
                                                  "which only the plugin rules reads; found \"p\""},
        {POLICY("\"*\":[{\"plugin\":\"rules\"}]"), "/regimes/0/policies/*/0/pack: expected a text; found nothing"},
        {POLICY("\"*\":[{\"plugin\":\"rules\",\"pack\":\"../x\"}]"), "/regimes/0/policies/*/0/pack: expected a pack's name: "
                                                  "letters, digits, - _ and .; found \"../x\""},
        {POLICY("\"*\":[7]"), "/regimes/0/policies/*/0: expected the name of a pack, or an object that names "
                                                  "a plugin; found 7"},
        {POLICY("\"*\":[\"\"]"), "/regimes/0/policies/*/0: expected a text; found \"\""},
        {POLICY("\"*\":[\"../x\"]"), "/regimes/0/policies/*/0: expected a pack's name: letters, digits, - _ "
                                                  "and .; found \"../x\""},
        {SCREENING("7"), "/screening: expected an object; found 7"},
        {SCREENING("{\"require\":[]}"), "/screening/require: expected only the members required, thresholds, ownership; found "},
        {SCREENING("{\"required\":\"*\"}"), "/screening/required: expected an array of 0 to 64 elements; found \"*\""},
        {SCREENING("{\"required\":[\"a b\"]}"), "/screening/required/0: expected the name of a list, or \"*\" for one or more"},
        {SCREENING("{\"thresholds\":[]}"), "/screening/thresholds: expected an object of at most 64 lists; found an array of 0"},
        {SCREENING("{\"thresholds\":{\"un\":0.9}}"), "/screening/thresholds/un: expected an object; found 0.9"},
        {SCREENING("{\"thresholds\":{\"un\":{\"persons\":0.9}}}"), "/screening/thresholds/un/persons: expected only the members person, company, vessel"},
        {SCREENING("{\"thresholds\":{\"*\":{\"person\":0.49}}}"), "/screening/thresholds/*/person: expected a score of 0.5 to 1; found 0.49"},
        {SCREENING("{\"thresholds\":{\"*\":{\"vessel\":\"1\"}}}"), "/screening/thresholds/*/vessel: expected a score of 0.5 to 1; found \"1\""},
        {SCREENING("{\"ownership\":\"us\"}"), "/screening/ownership: expected \"ofac\" or \"eu\"; found \"us\""},
        {OWN("[]"), "/regimes/0/banks: expected an object of lists of policies by BIC; found an array of 0"},
        {OWN("{\"NOSUCNBJ\":[]}"), "/regimes/0/banks/NOSUCNBJ: expected the BIC of a bank that the book has; found "
                                                  "an array of 0"},
        {OWN("{\"HLDBCNB\":[]}"), "/regimes/0/banks/HLDBCNB: expected the BIC of a bank"},
        {OWN("{\"HLDBCNBSXX\":[]}"), "/regimes/0/banks/HLDBCNBSXX: expected the BIC of a bank"},
        {OWN("{\"HLDBCNBS\":[],\"HLDBCNBSXXX\":[]}"), "/regimes/0/banks/HLDBCNBSXXX: expected each bank once; found "
                                                  "an array of 0"},
        {OWN("{\"HLDBCNBS\":[7]}"), "/regimes/0/banks/HLDBCNBS/0: expected the name of a pack, or an object"},
        {OWN("{\"HLDBCNBS\":{}}"), "/regimes/0/banks/HLDBCNBS: expected an array of 0 to 64 elements; found an object"},
        /* clang-format on */
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct arena arena = {0};
        struct error err = {0};
        struct book book;

        assert_int_equal(read_text(cases[i].text, &arena, &book, &err), -1);
        if (!strstr(err.text, cases[i].says))
            fail_msg("%s\n  does not say: %s", err.text, cases[i].says);
        assert_int_equal(strncmp(err.text, path, strlen(path)), 0);
        arena_release(&arena);
    }
}

static void
the_latest_regime_that_has_begun_is_in_force(void **state) /* B1 */
{
    static const char text[] =
        HEAD BANKS "\"regimes\":["
                   "{\"from\":\"2024-04-01T09:30:00+08:00\",\"policies\":{}},"
                   "{\"from\":\"2023-12-01\",\"policies\":{}},"
                   "{\"from\":\"2024-03-20\",\"policies\":{}}]}";
    static const struct {
        const char *now, *from;
    } cases[] = {
        {"2023-11-30T23:59:59.999+08:00", NULL},
        {"2023-12-01T00:00:00+08:00", "2023-12-01"},
        {"2024-03-19T15:59:59.999Z", "2023-12-01"},
        {"2024-03-19T16:00:00Z", "2024-03-20"},
        {"2024-04-01T09:29:59.999+08:00", "2024-03-20"},
        {"2024-04-01T09:30:00+08:00", "2024-04-01T09:30:00+08:00"},
        {"2030-01-01", "2024-04-01T09:30:00+08:00"},
    };
    struct arena arena = {0};
    struct error err = {0};
    struct book book;

    (void)state;
    assert_int_equal(read_text(text, &arena, &book, &err), 0);
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct book_regime *regime = book_regime(&book, fixture_time(cases[i].now));

        if (cases[i].from)
            assert_string_equal(regime->from, cases[i].from);
        else
            assert_null(regime);
    }
    arena_release(&arena);
}

static void
a_bank_is_found_by_eight_characters(void **state) /* B2 */
{
    static const char text[] = HEAD
        "\"banks\":[" BANK ",{\"bic\":\"AAAACNBJ123\",\"name\":\"A\",\"class\":\"foreign\"},"
        "{\"bic\":\"ZZZZCNBJ\",\"name\":\"Z\",\"class\":\"state_big\"}]," REGIMES;
    struct arena arena = {0};
    struct error err = {0};
    struct book book;

    (void)state;
    assert_int_equal(read_text(text, &arena, &book, &err), 0);
    assert_string_equal(book_bank(&book, "HLDBCNBS")->bank.name, "Hulan");
    assert_string_equal(book_bank(&book, "HLDBCNBSXXX")->bank.name, "Hulan");
    assert_string_equal(book_bank(&book, "AAAACNBJ")->bank.name, "A");
    assert_string_equal(book_bank(&book, "AAAACNBJ")->bank.bic, "AAAACNBJ");
    assert_string_equal(book_bank(&book, "ZZZZCNBJ999")->bank.bank_class, "state_big");
    assert_null(book_bank(&book, "HLDBCNB"));
    assert_null(book_bank(&book, "HLDBCNBX"));
    assert_null(book_bank(&book, ""));
    assert_string_equal(book.banks[0].bank.bic, "HLDBCNBS"); /* in the file's order */
    arena_release(&arena);
}

static void
a_pack_needs_no_plugin_named_and_no_more_than_its_name(void **state)
{
    struct arena arena = {0};
    struct error err = {0};
    const struct book_policies *any;
    struct book book;

    (void)state;
    assert_int_equal(read_text(POLICY("\"*\":[\"a\",{\"plugin\":\"rules\",\"pack\":\"b\","
                                      "\"options\":{}},{\"plugin\":\"c\"},{\"pack\":\"d\"}]"),
                               &arena, &book, &err),
                     0);
    any = &book.regimes[0].classes[BANK_ANY];
    assert_int_equal(any->count, 4);
    assert_string_equal(any->list[0].plugin, "rules");
    assert_string_equal(any->list[0].pack, "a");
    assert_null(any->list[0].options);
    assert_string_equal(any->list[0].pack_pointer, "/regimes/0/policies/*/0");
    assert_string_equal(any->list[1].pack, "b");
    assert_string_equal(any->list[1].pack_pointer, "/regimes/0/policies/*/1/pack");
    assert_non_null(any->list[1].options);
    assert_string_equal(any->list[2].plugin, "c");
    assert_null(any->list[2].pack);
    assert_string_equal(any->list[2].pointer, "/regimes/0/policies/*/2");
    assert_string_equal(any->list[3].plugin, "rules");
    assert_string_equal(any->list[3].pack, "d");
    arena_release(&arena);
}

static void
a_bank_s_own_policies_are_found_in_their_regime_alone(void **state) /* B1, B3 */
{
    static const char text[] =
        HEAD "\"banks\":[" BANK ",{\"bic\":\"AAAACNBJ\",\"name\":\"A\",\"class\":\"foreign\"},"
             "{\"bic\":\"ZZZZCNBJ\",\"name\":\"Z\",\"class\":\"joint_stock\"}],\"regimes\":["
             "{\"from\":\"2024-02-01\",\"policies\":{},\"banks\":{\"ZZZZCNBJXXX\":[\"z\"],"
             "\"HLDBCNBS\":[\"h\",\"i\"]}},{\"from\":\"2024-03-20\",\"policies\":{}},"
             "{\"from\":\"2024-04-01\",\"policies\":{},\"banks\":{}}]}";
    struct arena arena = {0};
    struct error err = {0};
    const struct book_regime *february;
    struct book book;

    (void)state;
    assert_int_equal(read_text(text, &arena, &book, &err), 0);
    february = &book.regimes[0];
    assert_int_equal(book_own(february, &book.banks[0])->policies.count, 2);
    assert_string_equal(book_own(february, &book.banks[0])->policies.list[1].pack, "i");
    assert_null(book_own(february, &book.banks[1]));
    assert_string_equal(book_own(february, &book.banks[2])->policies.list[0].pack, "z");
    for (size_t b = 0; b < book.bank_count; b++) {
        assert_null(book_own(&book.regimes[1], &book.banks[b]));
        assert_null(book_own(&book.regimes[2], &book.banks[b]));
    }
    arena_release(&arena);
}

static void
a_threshold_is_a_lists_own_or_everybodys(void **state)
{
    static const char text[] =
        SCREENING("{\"required\":[\"*\",\"un\"],\"ownership\":\"eu\",\"thresholds\":"
                  "{\"*\":{\"person\":0.9,\"vessel\":1},\"un\":{\"company\":0.75,"
                  "\"vessel\":0.5}}}");
    static const struct {
        const char *list;
        float of[BOOK_SCORE_KINDS];
    } cases[] = {{"un", {0.9f, 0.75f, 0.5f}}, {"ofac", {0.9f, 0, 1}}};
    struct arena arena = {0};
    struct error err = {0};
    struct book book;

    (void)state;
    assert_int_equal(read_text(text, &arena, &book, &err), 0);
    assert_int_equal(book.screening.required_count, 2);
    assert_string_equal(book.screening.required[1], "un");
    assert_true(book.screening.eu_ownership);
    for (size_t i = 0; i < COUNT(cases); i++)
        for (int k = 0; k < BOOK_SCORE_KINDS; k++)
            assert_true(book_threshold(&book, cases[i].list, k) == cases[i].of[k]);
    arena_release(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_fault_has_its_place_and_says_what_was_found),
        cmocka_unit_test(a_threshold_is_a_lists_own_or_everybodys),
        cmocka_unit_test(the_latest_regime_that_has_begun_is_in_force),
        cmocka_unit_test(a_bank_is_found_by_eight_characters),
        cmocka_unit_test(a_pack_needs_no_plugin_named_and_no_more_than_its_name),
        cmocka_unit_test(a_bank_s_own_policies_are_found_in_their_regime_alone),
    };

    return cmocka_run_group_tests_name("book", tests, set_up, tear_down);
}
