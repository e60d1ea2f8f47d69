/* test_good_guys_text.c - exceptions as JSON: every fault has its place, one set one text. */
#include "tests/support/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/base/json.h"
#include "gateway/payment/codes.h"
#include "policy/screening/good_guys.h"

#define TODAY "2024-04-15"

static struct arena arena;

/* -- what a client sends -- */

#define IVAN   "\"name\":\"Ivan Stuzhev\",\"country\":\"RU\""
#define REST   "\"list\":\"fictional\",\"entry\":\"9012\",\"name\":\"STUZHEV, Matvei Glebovich\","
#define WHY    "\"reason\":\"another man\",\"owner\":\"A. Person\","
#define LAST   "\"expires_on\":\"2024-12-31\""
#define OF(p)  "{\"party\":{" p "}," REST WHY LAST "}"
#define BUT(m) "{\"party\":{" IVAN "}," m "}"

static struct good_guy_faults
read_one(const char *text, struct good_guy *guy)
{
    struct good_guy_faults faults = {.arena = &arena};
    struct error err = {0};
    cJSON *json;
    int rc;

    if (json_parse(&arena, text, strlen(text), &json, &err) != 0)
        fail_msg("%s: %s", text, err.text);
    rc = good_guy_read(json, TODAY, guy, &faults);
    assert_int_equal(rc, faults.count == 0 ? 0 : -1);
    return faults;
}

static void
a_client_s_exception_is_read_as_it_stands(void **state)
{
    struct good_guy guy;
    struct good_guy_faults faults =
        read_one(OF(IVAN ",\"kind\":\"person\",\"born_on\":\"1980-02-03\","
                         "\"identifiers\":{\"passport\":\"4509 1\",\"inn\":\"7701\"}"),
                 &guy);

    (void)state;
    assert_int_equal(faults.count, 0);
    assert_string_equal(guy.party.name, "Ivan Stuzhev");
    assert_string_equal(guy.party.country, "RU");
    assert_string_equal(guy.party.kind, "person");
    assert_string_equal(guy.party.born_on, "1980-02-03");
    assert_string_equal(guy.party.incorporated_on, "");
    assert_int_equal(guy.party.identifier_count, 2);
    assert_string_equal(guy.party.identifiers[0].scheme, "inn");
    assert_string_equal(guy.party.identifiers[1].value, "4509 1");
    assert_string_equal(guy.list, "fictional");
    assert_string_equal(guy.entry, "9012");
    assert_string_equal(guy.name, "STUZHEV, Matvei Glebovich");
    assert_string_equal(guy.reason, "another man");
    assert_string_equal(guy.owner, "A. Person");
    assert_string_equal(guy.expires_on, "2024-12-31");
    assert_string_equal(guy.id, "");
    assert_int_equal(guy.state, GOOD_GUY_UNBOUND);
}

static void
each_fault_of_a_client_has_its_pointer(void **state)
{
    static const struct {
        const char *text, *pointer, *detail;
    } cases[] = {
        /* clang-format off */
        {"[]", "", "must be an object"},
        {"{" REST WHY LAST "}", "/party", "is required"},
        {"{\"party\":7," REST WHY LAST "}", "/party", "must be an object"},
        {BUT("\"entry\":\"1\",\"name\":\"A\"," WHY LAST), "/list", "is required"},
        {BUT("\"list\":\"l\",\"name\":\"A\"," WHY LAST), "/entry", "is required"},
        {BUT("\"list\":\"l\",\"entry\":\"1\"," WHY LAST), "/name", "is required"},
        {BUT(REST "\"owner\":\"A\"," LAST), "/reason", "is required"},
        {BUT(REST "\"reason\":\"A\"," LAST), "/owner", "is required"},
        {BUT(REST WHY "\"expires_on\":null"), "/expires_on", "must be a string: a date that exists, such as 2024-12-31"},
        {BUT(REST "\"reason\":\"A\",\"owner\":\"B\""), "/expires_on", "is required"},
        {BUT(REST WHY "\"expires_on\":\"2024-06-31\""), "/expires_on", "must be a date that exists, such as 2024-12-31"},
        {BUT(REST WHY "\"expires_on\":\"2025-02-29\""), "/expires_on", "must be a date that exists, such as 2024-12-31"},
        {BUT(REST WHY "\"expires_on\":\"2024-12-3\""), "/expires_on", "must be a date that exists, such as 2024-12-31"},
        {BUT(REST WHY "\"expires_on\":\"2024-12-31T00:00\""), "/expires_on", "must be a date that exists, such as 2024-12-31"},
        {BUT(REST WHY "\"expires_on\":\"2024-04-14\""), "/expires_on", "must not be before 2024-04-15, the day it is at the bank"},
        {BUT(REST WHY LAST ",\"id\":\"gg-9ef433ef7d19\""), "/id", "unknown field; an exception has party, list, entry, name, reason, owner, expires_on"},
        {BUT(REST WHY LAST ",\"added_at\":\"2024-04-15T09:00:00Z\""), "/added_at", "unknown field; an exception has "},
        {BUT(REST WHY LAST ",\"entry_sha256\":\"00\""), "/entry_sha256", "unknown field; an exception has "},
        {BUT(REST WHY LAST ",\"state\":\"valid\""), "/state", "unknown field; an exception has "},
        {BUT(REST WHY LAST ",\"a/b~c\":1"), "/a~1b~0c", "unknown field; an exception has "},
        {BUT("\"list\":\"a b\",\"entry\":\"1\",\"name\":\"A\"," WHY LAST), "/list", "must be the name of a list: letters, digits and -_."},
        {BUT("\"list\":\"l\",\"entry\":9012,\"name\":\"A\"," WHY LAST), "/entry", "must be a string"},
        {BUT("\"list\":\"l\",\"entry\":\"\",\"name\":\"A\"," WHY LAST), "/entry", "must not be empty or blank"},
        {BUT("\"list\":\"l\",\"entry\":\"1\",\"name\":\"  \"," WHY LAST), "/name", "must not be empty or blank"},
        {BUT("\"list\":\"l\",\"entry\":\"1\",\"name\":\"A\\u0007\"," WHY LAST), "/name", "must not hold control characters"},
        {BUT("\"list\":\"l\",\"entry\":\"1\",\"name\":\"A\\u0085B\"," WHY LAST), "/name", "must not hold control characters"},
        {OF("\"country\":\"RU\""), "/party/name", "is required"},
        {OF("\"name\":\"A\""), "/party/country", "is required"},
        {OF("\"name\":\"A\",\"country\":\"ru\""), "/party/country", "must be an ISO 3166-1 alpha-2 country code such as CN"},
        {OF("\"name\":\"A\",\"country\":\"RUS\""), "/party/country", "must be an ISO 3166-1 alpha-2 country code such as CN"},
        {OF("\"name\":\"A\",\"country\":\"ZZ\""), "/party/country", "must be an ISO 3166-1 alpha-2 country code such as CN"},
        {OF(IVAN ",\"kind\":\"bank\""), "/party/kind", "must be person or company"},
        {OF(IVAN ",\"kind\":\"\""), "/party/kind", "must be person or company"},
        {OF(IVAN ",\"born_on\":\"1980-02-30\""), "/party/born_on", "must be a date that exists, such as 2024-12-31"},
        {OF(IVAN ",\"born_on\":\"1980\""), "/party/born_on", "must be a date that exists, such as 2024-12-31"},
        {OF(IVAN ",\"incorporated_on\":\"2001-00-01\""), "/party/incorporated_on", "must be a date that exists, such as 2024-12-31"},
        {OF(IVAN ",\"kind\":\"company\",\"born_on\":\"1980-02-03\""), "/party/born_on", "does not go with a company"},
        {OF(IVAN ",\"kind\":\"person\",\"incorporated_on\":\"1980-02-03\""), "/party/incorporated_on", "does not go with a person"},
        {OF(IVAN ",\"born_on\":\"1980-02-03\",\"incorporated_on\":\"1980-02-03\""), "/party", "has both born_on and incorporated_on"},
        {OF(IVAN ",\"account\":\"1\""), "/party/account", "unknown field; a party has name, country, kind, born_on, incorporated_on, identifiers"},
        {OF(IVAN ",\"identifiers\":[]"), "/party/identifiers", "must be an object"},
        {OF(IVAN ",\"identifiers\":{\"imn\":\"7\"}"), "/party/identifiers/imn", "unknown field; identifiers has bic, duns, imo, inn, kpp, lei, "
                                                      "national_id, ogrn, passport, registration_number, tax_id, uscc"},
        {OF(IVAN ",\"identifiers\":{\"inn\":7}"), "/party/identifiers/inn", "must be a string"},
        {OF(IVAN ",\"identifiers\":{\"inn\":\"123456789012345678901234567890123456\"}"), "/party/identifiers/inn", "has 36 characters, at most 35 are allowed"},
        /* clang-format on */
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct good_guy guy;
        struct good_guy_faults faults = read_one(cases[i].text, &guy);

        if (faults.count != 1)
            fail_msg("%s: %zu faults", cases[i].text, faults.count);
        assert_string_equal(faults.list[0].pointer, cases[i].pointer);
        if (strncmp(faults.list[0].detail, cases[i].detail, strlen(cases[i].detail)) != 0)
            fail_msg("%s\n  does not say: %s", faults.list[0].detail, cases[i].detail);
    }
}

static void
all_faults_are_told_at_once(void **state)
{
    struct good_guy guy;
    struct good_guy_faults faults = read_one(
        "{\"party\":{\"country\":1,\"born_on\":\"x\"},\"list\":\"\",\"expires_on\":\"\"}",
        &guy);
    static const char *const pointers[] = {"/party/country", "/party/born_on", "/party/name",
                                           "/list",          "/expires_on",    "/entry",
                                           "/name",          "/reason",        "/owner"};

    (void)state;
    assert_int_equal(faults.count, COUNT(pointers));
    for (size_t i = 0; i < faults.count; i++)
        assert_string_equal(faults.list[i].pointer, pointers[i]);
}

static void
more_faults_than_are_reported_are_counted(void **state)
{
    struct buffer text;
    struct good_guy guy;
    struct good_guy_faults faults;

    (void)state;
    buffer_init(&text, &arena, 1024);
    buffer_text(&text, "{");
    for (int i = 0; i < 100; i++)
        buffer_printf(&text, "\"%d\":1,", i);
    buffer_text(&text, "\"party\":{" IVAN "}," REST WHY LAST "}");
    faults = read_one(buffer_terminate(&text), &guy);
    assert_int_equal(faults.count, 100);
    assert_string_equal(faults.list[GOOD_GUY_FAULTS_MAX - 1].pointer, "/31");
}

static void
a_pointer_that_was_cut_is_still_utf_8(void **state)
{
    (void)state;
    for (int shift = 0; shift < 4; shift++) {
        struct buffer text, printed;
        struct good_guy guy;
        struct good_guy_faults faults;
        struct error err = {0};

        buffer_init(&text, &arena, 1024);
        buffer_text(&text, "{\"");
        for (int i = 0; i < shift; i++)
            buffer_text(&text, "x");
        for (int i = 0; i < 100; i++)
            buffer_text(&text, "\xf0\x9f\x98\x80");
        buffer_text(&text, "\":1}");
        faults = read_one(buffer_terminate(&text), &guy);
        buffer_init(&printed, &arena, 1024);
        json_string(&printed, faults.list[0].pointer);
        assert_int_equal(json_gate(printed.data, printed.len, &err), 0);
    }
}

/* The text with each place of a given character filled by one text, as often as said. */
static char *
filled(const char *form, const char *unit, int times)
{
    struct buffer text;

    buffer_init(&text, &arena, 1024);
    for (; *form; form++)
        if (*form != '@')
            buffer_append(&text, form, 1);
        else
            for (int i = 0; i < times; i++)
                buffer_text(&text, unit);
    return buffer_terminate(&text);
}

static void
texts_are_measured_in_characters(void **state)
{
    static const struct {
        const char *form, *pointer;
        int most;
    } cases[] = {
        {OF("\"name\":\"@\",\"country\":\"RU\""), "/party/name", GOOD_GUY_NAME_MAX},
        {BUT("\"list\":\"l\",\"entry\":\"1\",\"name\":\"@\"," WHY LAST), "/name",
         GOOD_GUY_NAME_MAX},
        {BUT("\"list\":\"l\",\"entry\":\"@\",\"name\":\"A\"," WHY LAST), "/entry",
         GOOD_GUY_ENTRY_MAX},
        {BUT(REST "\"reason\":\"@\",\"owner\":\"A\"," LAST), "/reason", GOOD_GUY_TEXT_MAX},
        {BUT(REST "\"reason\":\"A\",\"owner\":\"@\"," LAST), "/owner", GOOD_GUY_TEXT_MAX},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct good_guy guy;
        struct good_guy_faults faults =
            read_one(filled(cases[i].form, "\xf0\x9f\x98\x80", cases[i].most), &guy);

        assert_int_equal(faults.count, 0);
        faults = read_one(filled(cases[i].form, "\xd0\x96", cases[i].most + 1), &guy);
        assert_int_equal(faults.count, 1);
        assert_string_equal(faults.list[0].pointer, cases[i].pointer);
        assert_non_null(strstr(faults.list[0].detail, " are allowed"));
    }
}

/* -- what payments say, said here again because policy/ knows no payment -- */

static void
identifiers_are_those_of_payments(void **state)
{
    static const char path[] = "gateway/api/openapi.json";
    const cJSON *scheme, *schemes = NULL;
    struct error err = {0};
    struct good_guy guy;
    size_t count = 0;
    cJSON *root;

    (void)state;
    if (json_parse_file(&arena, path, 4u << 20, &root, &err) != 0)
        fail_msg("%s", err.text);
    schemes = root;
    for (const char *const *step =
             (const char *const[]){"components", "schemas", "Party", "properties",
                                   "identifiers", "properties", NULL};
         *step; step++)
        schemes = cJSON_GetObjectItemCaseSensitive(schemes, *step);
    cJSON_ArrayForEach(scheme, schemes)
    {
        char *text =
            arena_printf(&arena, OF(IVAN ",\"identifiers\":{\"%s\":\"7\"}"), scheme->string);

        assert_int_equal(read_one(text, &guy).count, 0);
        assert_string_equal(guy.party.identifiers[0].scheme, scheme->string);
        count++;
    }
    assert_int_equal(count, GOOD_GUY_IDENTIFIERS_MAX);
}

static void
countries_are_those_of_payments(void **state)
{
    (void)state;
    for (char first = 'A'; first <= 'Z'; first++)
        for (char second = 'A'; second <= 'Z'; second++) {
            const char code[] = {first, second, '\0'};
            char *text = arena_printf(&arena, OF("\"name\":\"A\",\"country\":\"%s\""), code);
            struct good_guy guy;

            assert_int_equal(read_one(text, &guy).count, !code_is_country(code));
        }
}

/* -- ids -- */

static const char *
id_of(const char *text)
{
    struct good_guy *guy = arena_alloc(&arena, sizeof(*guy));

    assert_int_equal(read_one(text, guy).count, 0);
    good_guy_id(guy, guy->id);
    return guy->id;
}

/*
 * printf '%s\0' fictional 9012 'STUZHEV, Matvei Glebovich' 'Ivan Stuzhev' RU person 1980-02-03 '' \
 *     inn 770100000001 passport '4509 000001' | sha256sum | cut -c 1-12
 */
static void
an_id_is_the_digest_of_what_is_excepted(void **state)
{
    (void)state;
    assert_string_equal(
        id_of(OF(IVAN ",\"kind\":\"person\",\"born_on\":\"1980-02-03\",\"identifiers\":"
                      "{\"passport\":\"4509 000001\",\"inn\":\"770100000001\"}")),
        "gg-9ef433ef7d19");
}

static void
reason_owner_and_last_day_are_not_in_an_id(void **state)
{
    (void)state;
    assert_string_equal(id_of(OF(IVAN)), id_of(BUT(REST "\"reason\":\"B\",\"owner\":\"C\","
                                                        "\"expires_on\":\"2025-01-01\"")));
}

static void
nothing_runs_together_in_an_id(void **state)
{
    static const char *const different[] = {
        OF(IVAN),
        OF("\"name\":\"Ivan StuzhevR\",\"country\":\"US\""),
        OF(IVAN ",\"kind\":\"person\""),
        OF(IVAN ",\"kind\":\"company\""),
        OF(IVAN ",\"born_on\":\"2001-01-01\""),
        OF(IVAN ",\"incorporated_on\":\"2001-01-01\""),
        OF(IVAN ",\"identifiers\":{\"inn\":\"kpp\"}"),
        OF(IVAN ",\"identifiers\":{\"kpp\":\"inn\"}"),
        OF(IVAN ",\"identifiers\":{\"inn\":\"1\",\"kpp\":\"2\"}"),
        OF(IVAN ",\"identifiers\":{\"inn\":\"1kpp2\"}"),
        BUT("\"list\":\"fictional9\",\"entry\":\"012\",\"name\":\"STUZHEV, Matvei "
            "Glebovich\"," WHY LAST),
        BUT("\"list\":\"fictional\",\"entry\":\"9012S\",\"name\":\"TUZHEV, Matvei "
            "Glebovich\"," WHY LAST),
        "{\"party\":{\"name\":\"GlebovichIvan Stuzhev\",\"country\":\"RU\"},\"list\":"
        "\"fictional\",\"entry\":\"9012\",\"name\":\"STUZHEV, Matvei \"," WHY LAST "}",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(different); i++)
        for (size_t k = 0; k < i; k++)
            if (strcmp(id_of(different[i]), id_of(different[k])) == 0)
                fail_msg("%s\n  has the id of\n%s", different[i], different[k]);
}

/* -- the text -- */

#define SHA "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define FIRST                                                                                  \
    "{\"id\":\"gg-9ef433ef7d19\",\"party\":{\"name\":\"Ivan Stuzhev\",\"country\":\"RU\","     \
    "\"kind\":\"person\",\"born_on\":\"1980-02-03\",\"identifiers\":{\"inn\":"                 \
    "\"770100000001\",\"passport\":\"4509 000001\"}},\"list\":\"fictional\",\"entry\":"        \
    "\"9012\",\"name\":\"STUZHEV, Matvei Glebovich\",\"reason\":\"another man: born 1980, "    \
    "papers seen\",\"owner\":\"compliance, A. Person\",\"expires_on\":\"2024-12-31\","         \
    "\"added_at\":\"2024-04-15T09:00:00.000+08:00\",\"entry_sha256\":\"" SHA "\"}"
#define SECOND                                                                                 \
    "{\"id\":\"gg-ee0dfd96604b\",\"party\":{\"name\":\"Sever Treyd\",\"country\":\"KZ\"},"     \
    "\"list\":\"un\",\"entry\":\"KDi.001\",\"name\":\"Sever \\\"Trade\\\"\",\"reason\":"       \
    "\"стоит в реестре\",\"owner\":\"O\",\"expires_on\":\"2024-04-01\","          \
    "\"added_at\":\"2023-11-01T00:00:00.123+08:00\",\"entry_sha256\":\"" SHA "\"}"
#define TEXT(guys) "{\"good_guys\":[" guys "]}"

static struct good_guys *
read_text(const char *text)
{
    struct error err = {0};
    struct good_guys *set;

    if (good_guys_read(&arena, text, strlen(text), &set, &err) != 0)
        fail_msg("%s", err.text);
    assert_non_null(set);
    return set;
}

static const char *
written(const struct good_guy *list, size_t count)
{
    struct buffer out;

    buffer_init(&out, &arena, 16);
    good_guys_write(list, count, &out);
    return buffer_terminate(&out);
}

static void
a_text_that_is_read_is_written_to_the_byte(void **state) /* E6 */
{
    static const char *const texts[] = {TEXT(""), TEXT(FIRST), TEXT(SECOND),
                                        TEXT(FIRST "," SECOND)};

    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct good_guys *set = read_text(texts[i]);

        assert_string_equal(written(set->list, set->count), texts[i]);
    }
}

static void
order_and_blanks_do_not_matter(void **state) /* E6 */
{
    struct good_guys *set = read_text("\n{ \"good_guys\" : [ " SECOND " , " FIRST " ] }\n");
    const struct good_guy swapped[] = {set->list[1], set->list[0]};
    const struct good_guy *all;
    size_t count;

    (void)state;
    all = good_guys_all(set, &count);
    assert_int_equal(count, 2);
    assert_string_equal(all[0].id, "gg-9ef433ef7d19");
    assert_string_equal(all[1].id, "gg-ee0dfd96604b");
    assert_string_equal(written(all, count), TEXT(FIRST "," SECOND));
    assert_string_equal(written(swapped, 2), TEXT(FIRST "," SECOND));
}

static void
identifiers_are_written_in_one_order(void **state) /* E6 */
{
    struct good_guy guy = read_text(TEXT(FIRST))->list[0];
    const struct good_guy_identifier swapped[] = {guy.party.identifiers[1],
                                                  guy.party.identifiers[0]};
    char id[GOOD_GUY_ID_SIZE];

    (void)state;
    guy.party.identifiers = swapped;
    assert_string_equal(written(&guy, 1), TEXT(FIRST));
    good_guy_id(&guy, id);
    assert_string_equal(id, guy.id);
}

static void
what_is_read_stands_when_the_text_is_gone(void **state)
{
    char *text = arena_copy(&arena, TEXT(FIRST), strlen(TEXT(FIRST)));
    struct good_guys *set = read_text(text);
    char *reused = malloc(ARENA_CHUNK_BYTES); /* what the tree was in, most likely */

    (void)state;
    assert_non_null(reused);
    memset(reused, 'x', ARENA_CHUNK_BYTES);
    memset(text, 'x', strlen(text));
    assert_string_equal(written(set->list, 1), TEXT(FIRST));
    assert_int_equal(set->list[0].added_at_ms, 1713142800000);
    assert_int_equal(set->list[0].entry_digest[0], 0x01);
    assert_int_equal(set->list[0].entry_digest[31], 0xef);
    free(reused);
}

/* FIRST with one piece replaced. */
static const char *
with(const char *piece, const char *other)
{
    const char *at = strstr(TEXT(FIRST), piece);

    assert_non_null(at);
    return arena_printf(&arena, "%.*s%s%s", (int)(at - TEXT(FIRST)), TEXT(FIRST), other,
                        at + strlen(piece));
}

static void
refused(const char *text, const char *words)
{
    struct good_guys *set = (struct good_guys *)&arena; /* is cleared */
    struct error err = {0};

    assert_int_equal(good_guys_read(&arena, text, strlen(text), &set, &err), -1);
    assert_null(set);
    assert_int_equal(err.code, ERROR_INVALID);
    if (strncmp(err.text, words, strlen(words)) != 0)
        fail_msg("%s\n  does not say: %s", err.text, words);
}

static void
a_text_is_refused_with_the_place(void **state) /* E5 */
{
    static const struct {
        const char *text, *words;
    } whole[] = {
        {"", "good-guys: line 1, column 1: there is no JSON in it"},
        {"{\"good_guys\":[}", "good-guys: line 1, column 15: "},
        {"[]", "good-guys: /: expected an object; found an array of 0"},
        {"{}", "good-guys: /good_guys: expected an array of 0 to 5000 elements; found nothing"},
        {"{\"good_guys\":{}}",
         "good-guys: /good_guys: expected an array of 0 to 5000 elements"},
        {"{\"good_guys\":[],\"more\":1}",
         "good-guys: /more: expected only the members good_guys"},
        {TEXT("7"), "good-guys: /good_guys/0: must be an object"},
        {TEXT(FIRST "," FIRST), "good-guys: /good_guys/1: is /good_guys/0 once more"},
        {TEXT(FIRST "," SECOND "," FIRST),
         "good-guys: /good_guys/2: is /good_guys/0 once more"},
        {TEXT(SECOND ",{}"), "good-guys: /good_guys/1/party: is required"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(whole); i++)
        refused(whole[i].text, whole[i].words);
}

static void
an_exception_of_a_text_is_refused_with_the_place(void **state) /* E5 */
{
    static const struct {
        const char *piece, *other, *words;
    } cases[] = {
        /* clang-format off */
        {"\"id\":\"gg-9ef433ef7d19\",", "", "/id: is required"},
        {"gg-9ef433ef7d19", "gg-9ef433ef7d1a", "/id: must be gg-9ef433ef7d19, the digest of list, entry, name and party"},
        {"gg-9ef433ef7d19", "gg-9EF433EF7D19", "/id: must be gg- and 12 hexadecimal digits in lower case"},
        {"gg-9ef433ef7d19", "gg-9ef433ef7d1", "/id: must be gg- and 12 hexadecimal digits in lower case"},
        {"gg-9ef433ef7d19", "9ef433ef7d19gg-", "/id: must be gg- and 12 hexadecimal digits in lower case"},
        {"Ivan Stuzhev", "Iwan Stuzhev", "/id: must be gg-"}, /* a party that was changed by hand */
        {"\"9012\"", "\"9013\"", "/id: must be gg-"},
        {",\"entry_sha256\":\"" SHA "\"", "", "/entry_sha256: is required"},
        {SHA, "0123", "/entry_sha256: must be 64 hexadecimal digits in lower case"},
        {"0123456789abcdef", "0123456789ABCDEF", "/entry_sha256: must be 64 hexadecimal digits in lower case"},
        {"\"added_at\":\"2024-04-15T09:00:00.000+08:00\",", "", "/added_at: is required"},
        {"2024-04-15T09:00:00.000+08:00", "2024-04-15", "/added_at: must be a time with its offset such as 2024-04-15T09:00:00+08:00"},
        {"2024-12-31", "2024-13-31", "/expires_on: must be a date that exists, such as 2024-12-31"},
        {"1980-02-03", "1980-02-31", "/party/born_on: must be a date that exists"},
        {"\"kind\":\"person\"", "\"kind\":\"company\"", "/party/born_on: does not go with a company"},
        {"\"inn\"", "\"inm\"", "/party/identifiers/inm: unknown field"},
        {"\"reason\"", "\"raeson\"", "/raeson: unknown field; an exception of this text has party, list, entry, name, "
                                     "reason, owner, expires_on, added_at, entry_sha256, id"},
        {"\"owner\":\"compliance, A. Person\"", "\"owner\":\" \"", "/owner: must not be empty or blank"},
        /* clang-format on */
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        refused(with(cases[i].piece, cases[i].other),
                arena_printf(&arena, "good-guys: /good_guys/0%s", cases[i].words));
}

static void
one_that_has_ended_is_read_all_the_same(void **state)
{
    struct good_guys *set = read_text(TEXT(SECOND));

    (void)state;
    assert_string_equal(set->list[0].expires_on, "2024-04-01");
}

/* -- limits -- */

/* All that the limits let through: four bytes a character, every identifier. */
static struct good_guy
longest(void)
{
    static const char *const schemes[] = {
        "bic",    "duns",        "imo",  "inn",      "kpp",
        "lei",    "national_id", "ogrn", "passport", "registration_number",
        "tax_id", "uscc"};
    struct good_guy_identifier *identifiers =
        arena_alloc(&arena, COUNT(schemes) * sizeof(*identifiers));
    struct good_guy guy;

    for (size_t i = 0; i < COUNT(schemes); i++)
        identifiers[i] = (struct good_guy_identifier){
            schemes[i], filled("@", "\xf0\x9f\x98\x80", GOOD_GUY_NUMBER_MAX)};
    assert_int_equal(
        read_one(OF(IVAN ",\"kind\":\"company\",\"incorporated_on\":\"2001-01-01\""), &guy)
            .count,
        0);
    guy.party.identifiers = identifiers;
    guy.party.identifier_count = COUNT(schemes);
    guy.party.name = guy.name = filled("@", "\xf0\x9f\x98\x80", GOOD_GUY_NAME_MAX);
    guy.reason = guy.owner = filled("@", "\xf0\x9f\x98\x80", GOOD_GUY_TEXT_MAX);
    guy.entry = filled("@", "\xf0\x9f\x98\x80", GOOD_GUY_ENTRY_MAX);
    guy.list = filled("@", "l", 64);
    good_guy_id(&guy, guy.id);
    return guy;
}

static void
whatever_the_other_limits_let_through_can_be_read_back(void **state)
{
    struct good_guy guy = longest();
    const char *text = written(&guy, 1);

    (void)state;
    read_text(text);
    assert_true(strlen(text) < GOOD_GUYS_BYTES_MAX / GOOD_GUYS_MAX);
}

static void
there_are_so_many_and_no_more(void **state)
{
    struct good_guy *many = arena_alloc(&arena, (GOOD_GUYS_MAX + 1) * sizeof(*many));

    (void)state;
    for (size_t i = 0; i <= GOOD_GUYS_MAX; i++) {
        assert_int_equal(read_one(OF(IVAN), &many[i]).count, 0);
        many[i].entry = arena_printf(&arena, "%zu", i);
        good_guy_id(&many[i], many[i].id);
    }
    assert_int_equal(read_text(written(many, GOOD_GUYS_MAX))->count, GOOD_GUYS_MAX);
    refused(written(many, GOOD_GUYS_MAX + 1),
            "good-guys: /good_guys: expected an array of 0 to 5000 elements; found an array "
            "of 5001");
}

static int
forget(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

#define TEST(test) cmocka_unit_test_teardown(test, forget)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_client_s_exception_is_read_as_it_stands),
        TEST(each_fault_of_a_client_has_its_pointer),
        TEST(all_faults_are_told_at_once),
        TEST(more_faults_than_are_reported_are_counted),
        TEST(a_pointer_that_was_cut_is_still_utf_8),
        TEST(texts_are_measured_in_characters),
        TEST(identifiers_are_those_of_payments),
        TEST(countries_are_those_of_payments),
        TEST(an_id_is_the_digest_of_what_is_excepted),
        TEST(reason_owner_and_last_day_are_not_in_an_id),
        TEST(nothing_runs_together_in_an_id),
        TEST(a_text_that_is_read_is_written_to_the_byte),
        TEST(order_and_blanks_do_not_matter),
        TEST(identifiers_are_written_in_one_order),
        TEST(what_is_read_stands_when_the_text_is_gone),
        TEST(a_text_is_refused_with_the_place),
        TEST(an_exception_of_a_text_is_refused_with_the_place),
        TEST(one_that_has_ended_is_read_all_the_same),
        TEST(whatever_the_other_limits_let_through_can_be_read_back),
        TEST(there_are_so_many_and_no_more),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
