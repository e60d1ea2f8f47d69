/*
 * Stored payments judged twice: what another set of lists flips, and what it does not.
 *
 * The book has two banks.  Since April one refuses whoever is on a list, before that, and at
 * the other bank always, nobody looks.  Payments are numbered in the order they are stored.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "gateway/bank/bank_private.h"
#include "gateway/bank/impact.h"
#include "gateway/base/json.h"
#include "gateway/base/waiter.h"
#include "gateway/payment/money.h"
#include "gateway/payment/payment_lent.h"
#include "gateway/store/record.h"
#include "tests/support/store_faulty.h"
#include "tests/support/test.h"

#define OFAC     "policy/lists/fictional/ofac"
#define ENTITIES "policy/lists/fictional/entities"
#define APRIL    "manual:2024-04-15T09:00:00+08:00"
#define MARCH    "manual:2024-03-15T09:00:00+08:00"
#define MONTH_MS (30 * 24 * 3600 * 1000LL)
#define PATIENCE 60 /* seconds after which something has gone wrong */

static char folder[] = "/tmp/yuangate-impact-XXXXXX";
static char book[80], named[80], renamed[80];
static const char *const ofac[] = {OFAC}, *const entities[] = {ENTITIES};
static const char *const named_paths[] = {named}, *const renamed_paths[] = {renamed};

/* The lists there are: the same entries by two names, and four lists by one. */
enum which {
    NONE = -1,
    OFAC_AS_ONE,
    OFAC_AS_OTHER,
    ENTITIES_AS_ONE,
    NAMED,
    RENAMED,
    LIST_COUNT
};
static struct list_order orders[LIST_COUNT];

static struct bank *bank;
static struct listings *listings; /* the candidate's */
static struct snapshot *candidate;
static struct arena arena;
static char last_id[IDENT_TEXT_SIZE];
static int stored;

/* -- files -- */

static const char book_text[] =
    "{\"book\":\"impact\",\"default_action\":\"accept\",\"banks\":["
    "{\"bic\":\"HLDBCNBS\",\"name\":\"Hulan\",\"class\":\"joint_stock\"},"
    "{\"bic\":\"ZHYGCNBJ\",\"name\":\"Zhongyang\",\"class\":\"state_big\"}],\"regimes\":["
    "{\"from\":\"2024-01-01\",\"policies\":{\"*\":[\"quiet\"]}},"
    "{\"from\":\"2024-04-01\",\"policies\":{\"joint_stock\":[\"listed\"],"
    "\"state_big\":[\"quiet\"]}}]}";

static const char pack_text[] =
    "{\"pack\":\"%s\",\"version\":\"1\",\"title\":\"t\",\"sources\":[\"s\"],\"rules\":["
    "{\"id\":\"LST-01\",\"title\":\"t\",\"when\":\"%s\",\"then\":{\"action\":\"reject\","
    "\"reason\":{\"code\":\"RR04\",\"text\":\"listed\"}}},"
    "{\"id\":\"SEE-01\",\"title\":\"t\",\"when\":\"payment.debtor.country == 'RU'\",\"then\":{"
    "\"action\":\"hold\",\"reason\":{\"code\":\"NARR\",\"text\":\"Russian payer\"}}}]}";

/* One bank under one number, by two names: as it is paid by, and almost so. */
static const char list_text[] =
    "{\"id\":\"x-1\",\"schema\":\"Company\",\"caption\":\"%s\",\"properties\":{\"name\":["
    "\"%s\"]%s,\"country\":[\"ru\"],\"topics\":[\"sanction\"]},\"target\":true,"
    "\"last_seen\":\"2024-04-01T00:00:00\"}\n";

static void
write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static void
write_pack(const char *name, const char *when)
{
    write_file(arena_printf(&arena, "%s/%s.json", folder, name),
               arena_printf(&arena, pack_text, name, when));
}

static int
make_files(void **state)
{
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    snprintf(book, sizeof(book), "%s/book.json", folder);
    snprintf(named, sizeof(named), "%s/named.ftm", folder);
    snprintf(renamed, sizeof(renamed), "%s/renamed.ftm", folder);
    write_file(book, book_text);
    write_pack("listed", "hits.exists(h, h.score >= 0.9)");
    write_pack("quiet", "payment.debtor.country == 'XX'");
    write_file(named, arena_printf(&arena, list_text, "Sinyaya Ptitsa OOO",
                                   "Sinyaya Ptitsa OOO", ",\"swiftBic\":[\"SNPTRUMM\"]"));
    write_file(renamed,
               arena_printf(&arena, list_text, "Snyaya Ptitsa OOO", "Snyaya Ptitsa OOO", ""));
    orders[OFAC_AS_ONE] = list_order_of("one", ofac, 1);
    orders[OFAC_AS_OTHER] = list_order_of("other", ofac, 1);
    orders[ENTITIES_AS_ONE] = list_order_of("one", entities, 1);
    orders[NAMED] = list_order_of("one", named_paths, 1);
    orders[RENAMED] = list_order_of("one", renamed_paths, 1);
    arena_reset(&arena);
    return 0;
}

static int
remove_files(void **state)
{
    char command[80];

    (void)state;
    snprintf(command, sizeof(command), "rm -rf %s", folder);
    return system(command);
}

/* -- the bank, and the candidate -- */

static struct snapshot_sources
sources_of(const char *with_book)
{
    return (struct snapshot_sources){
        .book = with_book,
        .plugin_path = "/nowhere",
        .pack_path = folder,
        .goods_path = "policy/goods",
        .currency_decimals = currency_decimals,
        .money_parse = money_parse,
        .payment_read = payment_lent_read,
        .reason_fits = payment_lent_reason_fits,
    };
}

static void
open_bank(enum which list, const char *clock, const char *with_book)
{
    const struct bank_options options = {
        .store = "memory",
        .clock = clock,
        .seed = 1,
        .simulate = true,
        .sources = sources_of(with_book),
        .lists = {.orders = list == NONE ? NULL : &orders[list], .order_count = list != NONE},
    };
    struct error err = {0};

    if (bank_open(&options, &bank, &err) != 0)
        fail_msg("%s", err.text);
}

static void
load_candidate(enum which list)
{
    struct snapshot_sources sources = sources_of(book);
    struct error err = {0};

    listings = listings_new(&(struct listings_options){
        .orders = list == NONE ? NULL : &orders[list], .order_count = list != NONE});
    sources.listings = listings;
    if (snapshot_load(&sources, &candidate, &err) != 0)
        fail_msg("%s", err.text);
}

static void
compare(enum which active, enum which with)
{
    open_bank(active, APRIL, book);
    load_candidate(with);
}

static int
close_all(void **state)
{
    (void)state;
    bank_close(bank);
    snapshot_free(candidate);
    listings_free(listings);
    arena_release(&arena);
    bank = NULL;
    candidate = NULL;
    listings = NULL;
    stored = 0;
    return 0;
}

/* -- payments -- */

/* What is said of a payment where it is not like the others. */
struct said {
    const char *debtor, *country, *debtor_agent, *creditor_agent, *owners, *more;
};

/* Of a listed bank's customer, and of another's. */
static const struct said listed = {.debtor_agent = "GRTVRUMM"}, clean = {0};

static const char *
given(const char *text, const char *otherwise)
{
    return text ? text : otherwise;
}

static const char *
request_of(int number, const struct said *said)
{
    return arena_printf(
        &arena,
        "{\"uetr\":\"00000000-0000-4000-8000-%012d\",\"end_to_end_id\":\"E\",\"created_at\":"
        "\"2024-04-15T09:00:00+08:00\",\"amount\":{\"currency\":\"CNY\",\"value\":\"%d.50\"},"
        "\"rail\":\"CIPS\",\"charge_bearer\":\"SHAR\",\"debtor\":{\"name\":\"%s\",\"country\":"
        "\"%s\",\"account\":\"1\"%s},\"debtor_agent\":{\"bic\":\"%s\"},"
        "\"creditor_agent\":{\"bic\":\"%s\",\"country\":\"CN\"},\"creditor\":{\"name\":"
        "\"Ningbo Qinghe Garments\",\"country\":\"CN\",\"account\":\"2\"%s},\"purpose\":"
        "{\"code\":\"CGODDR\",\"text\":\"clothing\"}%s}",
        number, number, given(said->debtor, "TOO Altyn Kiyim"), given(said->country, "KZ"),
        given(said->owners, ""), given(said->debtor_agent, "ALTNKZKA"),
        given(said->creditor_agent, "HLDBCNBS"), given(said->owners, ""),
        given(said->more, ""));
}

struct paying {
    struct submission submission;
    struct waiter waiter;
};

static void
paid(struct submission *submission)
{
    waiter_done(&((struct paying *)(void *)submission)->waiter, 0); /* its first member */
}

/* The answer, until the next one. */
static const char *
pay(const struct said *said)
{
    struct payment_faults faults = {.arena = &arena};
    const char *request;
    struct payment payment = {0};
    struct paying paying;
    struct error err = {0};
    cJSON *json;

    arena_reset(&arena);
    request = request_of(++stored, said);
    if (json_parse(&arena, request, strlen(request), &json, &err) != 0)
        fail_msg("%s", err.text);
    if (payment_read(json, &payment, &faults) != 0)
        fail_msg("%s: %s", faults.list[0].pointer, faults.list[0].detail);
    paying = (struct paying){.submission = {.arena = &arena,
                                            .payment = &payment,
                                            .request = request,
                                            .request_len = strlen(request),
                                            .key = "",
                                            .key_scope = "",
                                            .done = paid}};
    waiter_init(&paying.waiter, 1);
    bank_submit(bank, &paying.submission);
    waiter_wait(&paying.waiter);
    assert_int_equal(paying.submission.result, SUBMIT_STORED);
    snprintf(last_id, sizeof(last_id), "%s", paying.submission.id);
    return arena_copy(&arena, paying.submission.answer, paying.submission.answer_len);
}

/* -- what came of it, as one line of text -- */

static const cJSON *
at(const cJSON *object, const char *name)
{
    const cJSON *found = cJSON_GetObjectItemCaseSensitive(object, name);

    if (!found)
        fail_msg("no member %s", name);
    return found;
}

static const char *
text_at(const cJSON *object, const char *name)
{
    return at(object, name)->valuestring;
}

static void
print_hits(const cJSON *hits, const char *sign, struct buffer *out)
{
    const cJSON *hit;

    cJSON_ArrayForEach(hit, hits) buffer_printf(out, " %s%s:%s:%s", sign, text_at(hit, "list"),
                                                text_at(hit, "entry"), text_at(hit, "field"));
}

/* "3 accept>reject LST-01 +one:9002:debtor_agent/bic" */
static void
print_row(const cJSON *row, struct buffer *out)
{
    const cJSON *rule;

    buffer_printf(out, "; %d %s>%s", atoi(strrchr(text_at(row, "uetr"), '-') + 1),
                  text_at(row, "from"), text_at(row, "to"));
    cJSON_ArrayForEach(rule, at(row, "rules")) buffer_printf(out, " %s", rule->valuestring);
    print_hits(at(row, "hits_added"), "+", out);
    print_hits(at(row, "hits_gone"), "-", out);
}

/* "payments 3 unread 0 flips 1 hits 1; accept>reject 1; ROW; ROW" */
static const char *
print_impact(const cJSON *json)
{
    const cJSON *item;
    struct buffer out;

    buffer_init(&out, &arena, 256);
    buffer_printf(&out, "payments %d unread %d flips %d hits %d",
                  at(json, "payments")->valueint, at(json, "unread")->valueint,
                  at(json, "flips")->valueint, at(json, "hits_changed")->valueint);
    cJSON_ArrayForEach(item, at(json, "moves"))
        buffer_printf(&out, "; %s>%s %d", text_at(item, "from"), text_at(item, "to"),
                      at(item, "count")->valueint);
    cJSON_ArrayForEach(item, at(json, "data")) print_row(item, &out);
    return buffer_terminate(&out);
}

static int
ask(size_t payments, size_t limit, const char **text, struct error *err)
{
    struct buffer out;
    int rc;

    arena_reset(&arena);
    buffer_init(&out, &arena, 256);
    json_open(&out, '{');
    rc = bank_impact(bank, candidate, payments, limit, &out, err);
    if (rc != 0)
        assert_int_equal(out.len, 1);
    json_close(&out, '}');
    *text = buffer_terminate(&out);
    return rc;
}

static const cJSON *
impact(size_t payments, size_t limit)
{
    struct error err = {0};
    const char *text;
    cJSON *json;

    if (ask(payments, limit, &text, &err) != 0)
        fail_msg("%s", err.text);
    if (json_parse(&arena, text, strlen(text), &json, &err) != 0)
        fail_msg("%s in %s", err.text, text);
    return json;
}

static void
expect(size_t payments, size_t limit, const char *wanted)
{
    assert_string_equal(print_impact(impact(payments, limit)), wanted);
}

/* -- the tests -- */

static void
the_same_list_changes_nothing(void **state)
{
    /* Found from the greatest entry down: 9003, his owner 9002 twice, his bank 9001. */
    static const struct said often = {
        .debtor = "KAMALITBANK PAO",
        .debtor_agent = "BRGNRUMM",
        .owners = ",\"owners\":[{\"name\":\"GORTAVBANK AO\",\"share\":\"1\"}]"};

    (void)state;
    compare(OFAC_AS_ONE, OFAC_AS_ONE);
    expect(10, 10, "payments 0 unread 0 flips 0 hits 0");
    pay(&listed);
    pay(&clean);
    pay(&often);
    expect(10, 10, "payments 3 unread 0 flips 0 hits 0");
}

static void
who_is_listed_anew_is_found_and_flips_where_a_rule_asks(void **state)
{
    static const struct said payments[] = {
        {0},
        {.debtor_agent = "GRTVRUMM", .creditor_agent = "ZHYGCNBJ"},
        {.debtor_agent = "GRTVRUMM", .country = "RU"},
        {.debtor_agent = "GRTVRUMM"},
        {.country = "RU"},
    };

    (void)state;
    compare(NONE, OFAC_AS_ONE);
    for (size_t i = 0; i < COUNT(payments); i++)
        pay(&payments[i]);
    expect(10, 10,
           "payments 5 unread 0 flips 2 hits 3; accept>reject 1; hold>reject 1"
           "; 4 accept>reject LST-01 +one:9002:debtor_agent/bic"
           "; 3 hold>reject LST-01 SEE-01 +one:9002:debtor_agent/bic"
           "; 2 accept>accept +one:9002:debtor_agent/bic");
}

static void
who_is_no_longer_listed_flips_back(void **state)
{
    (void)state;
    compare(OFAC_AS_ONE, NONE);
    pay(&listed);
    expect(10, 10,
           "payments 1 unread 0 flips 1 hits 1; reject>accept 1"
           "; 1 reject>accept -one:9002:debtor_agent/bic");
}

static void
a_hit_is_known_by_list_entry_and_field(void **state)
{
    static const struct said bird = {.debtor = "Sinyaya Ptitsa OOO",
                                     .debtor_agent = "SNPTRUMM"};
    static const struct {
        enum which active, candidate;
        const struct said *said;
        const char *wanted;
    } cases[] = {
        {OFAC_AS_ONE, OFAC_AS_OTHER, &listed,
         "payments 1 unread 0 flips 0 hits 1; 1 reject>reject LST-01"
         " +other:9002:debtor_agent/bic -one:9002:debtor_agent/bic"},
        {OFAC_AS_ONE, ENTITIES_AS_ONE, &listed,
         "payments 1 unread 0 flips 0 hits 1; 1 reject>reject LST-01"
         " +one:fiction-9002:debtor_agent/bic -one:9002:debtor_agent/bic"},
        /* The name is found with less certainty, which is the same hit; the BIC is not. */
        {NAMED, RENAMED, &bird,
         "payments 1 unread 0 flips 0 hits 1; 1 reject>reject LST-01"
         " -one:x-1:debtor_agent/bic"},
        {RENAMED, NAMED, &bird,
         "payments 1 unread 0 flips 0 hits 1; 1 reject>reject LST-01"
         " +one:x-1:debtor_agent/bic"},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        compare(cases[i].active, cases[i].candidate);
        pay(cases[i].said);
        expect(10, 10, cases[i].wanted);
        close_all(state);
    }
}

static void
a_row_has_the_payment_and_the_hits_as_a_decision_has_them(void **state)
{
    struct error err = {0};
    const char *text;

    (void)state;
    compare(NONE, OFAC_AS_ONE);
    pay(&listed);
    assert_int_equal(ask(1, 1, &text, &err), 0);
    assert_string_equal(
        text, arena_printf(&arena,
                           "{\"payments\":1,\"unread\":0,\"flips\":1,\"hits_changed\":1,"
                           "\"moves\":[{\"from\":\"accept\",\"to\":\"reject\",\"count\":1}],"
                           "\"data\":[{\"id\":\"%s\","
                           "\"uetr\":\"00000000-0000-4000-8000-000000000001\","
                           "\"decided_at\":\"2024-04-15T09:00:00.000+08:00\","
                           "\"amount\":{\"currency\":\"CNY\",\"value\":\"1.50\"},"
                           "\"from\":\"accept\",\"to\":\"reject\",\"rules\":[\"LST-01\"],"
                           "\"hits_added\":[{\"list\":\"one\",\"entry\":\"9002\","
                           "\"field\":\"debtor_agent/bic\",\"query\":\"GRTVRUMM\","
                           "\"matched\":\"GRTVRUMM\",\"score\":1}],\"hits_gone\":[]}]}",
                           last_id));
}

static void
the_last_payments_are_looked_at_and_the_newest_told(void **state)
{
    (void)state;
    compare(NONE, OFAC_AS_ONE);
    for (int i = 1; i <= 6; i++)
        pay(i == 3 ? &clean : &listed);
    expect(2, 10,
           "payments 2 unread 0 flips 2 hits 2; accept>reject 2"
           "; 6 accept>reject LST-01 +one:9002:debtor_agent/bic"
           "; 5 accept>reject LST-01 +one:9002:debtor_agent/bic");
    expect(5, 1,
           "payments 5 unread 0 flips 4 hits 4; accept>reject 4"
           "; 6 accept>reject LST-01 +one:9002:debtor_agent/bic");
    expect(6, 0, "payments 6 unread 0 flips 5 hits 5; accept>reject 5");
    expect(0, 10, "payments 0 unread 0 flips 0 hits 0");
}

/* More than two pages; each third payment comes from a listed bank. */
static void
no_payment_is_missed_or_doubled_from_page_to_page(void **state)
{
    static const struct {
        size_t asked;
        int judged, flips, oldest;
    } cases[] = {
        {1000, 230, 76, 3}, {230, 230, 76, 3},   {229, 229, 76, 3},   {228, 228, 76, 3},
        {227, 227, 75, 6},  {100, 100, 33, 132}, {101, 101, 33, 132}, {1, 1, 0, 231},
    };

    (void)state;
    compare(NONE, OFAC_AS_ONE);
    for (int i = 1; i <= 230; i++)
        pay(i % 3 == 0 ? &listed : &clean);
    for (size_t i = 0; i < COUNT(cases); i++) {
        const cJSON *json = impact(cases[i].asked, IMPACT_LIMIT_MAX), *row;
        int number = 228 + 3;

        assert_int_equal(at(json, "payments")->valueint, cases[i].judged);
        assert_int_equal(at(json, "flips")->valueint, cases[i].flips);
        cJSON_ArrayForEach(row, at(json, "data"))
        {
            number -= 3;
            assert_int_equal(atoi(strrchr(text_at(row, "uetr"), '-') + 1), number);
        }
        assert_int_equal(number, cases[i].oldest);
    }
}

static void
a_payment_is_judged_at_the_time_it_was_decided(void **state)
{
    struct error err = {0};

    (void)state;
    open_bank(NONE, MARCH, book);
    load_candidate(OFAC_AS_ONE);
    pay(&listed);
    assert_int_equal(clock_advance(bank_clock(bank), MONTH_MS, &err), 0);
    pay(&listed);
    expect(10, 10,
           "payments 2 unread 0 flips 1 hits 2; accept>reject 1"
           "; 2 accept>reject LST-01 +one:9002:debtor_agent/bic"
           "; 1 accept>accept +one:9002:debtor_agent/bic");
}

/* What was wished for was told; what the policies say is compared. */
static void
a_wished_outcome_hides_no_flip(void **state)
{
    static const struct said approved = {.debtor_agent = "GRTVRUMM",
                                         .more = ",\"simulate\":{\"outcome\":\"approved\"}"},
                             blocked = {.debtor_agent = "GRTVRUMM",
                                        .more = ",\"simulate\":{\"reason_code\":\"AM03\"}"},
                             elsewhere = {.more = ",\"simulate\":{\"outcome\":\"held\"}"};

    (void)state;
    compare(NONE, OFAC_AS_ONE);
    assert_non_null(strstr(pay(&approved), "\"action\":\"accept\""));
    assert_non_null(strstr(pay(&blocked), "\"action\":\"reject\""));
    assert_non_null(strstr(pay(&elsewhere), "\"action\":\"hold\""));
    expect(10, 10,
           "payments 3 unread 0 flips 2 hits 2; accept>reject 2"
           "; 2 accept>reject LST-01 +one:9002:debtor_agent/bic"
           "; 1 accept>reject LST-01 +one:9002:debtor_agent/bic");
}

static void
with_nothing_in_force_there_is_nothing_to_compare(void **state)
{
    struct error err = {0};
    const char *text;

    (void)state;
    open_bank(NONE, APRIL, "/nowhere/book.json");
    load_candidate(OFAC_AS_ONE);
    assert_int_equal(ask(10, 10, &text, &err), -1);
    assert_int_equal(err.code, ERROR_BUSY);
    assert_non_null(strstr(err.text, "no policy is in force to compare with: /nowhere/book"));
}

/* -- a store of our own behind the bank's reader -- */

static struct store *own;
static struct reader *banks;

static void
read_own_store(void)
{
    struct store *inner;
    struct error err = {0};

    assert_int_equal(store_memory.open("", 1, &inner, &err), 0);
    own = store_faulty_new(inner);
    banks = bank->reader;
    assert_int_equal(reader_open(own, &bank->reader, &err), 0);
}

static void
read_the_banks_store(void)
{
    reader_close(bank->reader);
    bank->reader = banks;
    own->ops->close(own);
}

static void
append(uint64_t seq, const char *body, size_t len)
{
    const struct store_entry entry = {
        .seq = seq, .kind = RECORD_PAYMENT, .body = body, .body_len = len};
    const struct store_entry *const entries[] = {&entry};
    struct error err = {0};

    assert_int_equal(own->ops->append(own, entries, 1, &err), 0);
}

static void
append_request(uint64_t seq, const char *request)
{
    const struct record record = {.id = "018edf44-a032-8447-a257-2d01928a53ec",
                                  .uetr = "00000000-0000-4000-8000-000000000001",
                                  .key = "",
                                  .at_ms = 1713142800000,
                                  .request = request,
                                  .request_len = strlen(request),
                                  .answer = "",
                                  .answer_len = 0};
    struct buffer body;

    buffer_init(&body, &arena, 2048);
    record_write(&record, &body);
    append(seq, body.data, body.len);
}

static void
what_can_no_longer_be_read_is_counted(void **state)
{
    (void)state;
    compare(NONE, OFAC_AS_ONE);
    read_own_store();
    append_request(1, request_of(1, &listed));
    append_request(2, "{}");
    append_request(3, "no JSON");
    append(4, "no record", 9);
    append(5, "", 0);
    append_request(6, request_of(1, &clean));
    expect(6, 10,
           "payments 2 unread 4 flips 1 hits 1; accept>reject 1"
           "; 1 accept>reject LST-01 +one:9002:debtor_agent/bic");
    expect(2, 10, "payments 1 unread 1 flips 0 hits 0");
    expect(1000, 0, "payments 2 unread 4 flips 1 hits 1; accept>reject 1"); /* no page of all */
    read_the_banks_store();
}

static void
a_store_that_fails_is_an_error(void **state)
{
    const char *text;

    (void)state;
    compare(NONE, OFAC_AS_ONE);
    read_own_store();
    for (uint64_t seq = 1; seq <= 150; seq++, arena_reset(&arena))
        append_request(seq, request_of(1, &listed));
    for (int page = 1; page <= 2; page++) {
        struct error err = {0};

        store_faulty_arm(own, page, 1);
        assert_int_equal(ask(1000, 10, &text, &err), -1);
        assert_int_equal(err.code, ERROR_INTERNAL);
        assert_string_equal(err.text, "simulated store fault");
    }
    store_faulty_arm(own, 1, 0);
    assert_int_equal(at(impact(1000, 10), "flips")->valueint, 150);
    read_the_banks_store();
}

/* A payer owned by a listed bank whose name, four bytes a character, is in three hits. */
static void
what_is_told_is_bounded(void **state)
{
    enum { PAYMENTS = 400, CHARACTERS = 1000 };
    static const char owners[] = ",\"owners\":[{\"name\":\"GORTAVBANK AO\",\"share\":\"1\"}]";
    char name[4 * CHARACTERS + 1] = "";
    struct said said = {.debtor = name, .owners = owners};
    struct arena texts = {0};
    struct error err = {0};
    const char *text;

    (void)state;
    for (size_t i = 0; i < CHARACTERS; i++)
        memcpy(name + 4 * i, "\xf0\x9f\x8f\xa6", 5);
    said.more = arena_printf(&texts,
                             ",\"ultimate_debtor\":{\"name\":\"%s\",\"country\":\"KZ\"%s},"
                             "\"ultimate_creditor\":{\"name\":\"%s\",\"country\":\"CN\"%s}",
                             name, owners, name, owners);
    compare(NONE, OFAC_AS_ONE);
    for (int i = 0; i < PAYMENTS; i++)
        pay(&said);
    assert_int_equal(ask(PAYMENTS, IMPACT_LIMIT_MAX, &text, &err), 0);
    assert_in_range(strlen(text), IMPACT_DATA_BYTES_MAX, IMPACT_DATA_BYTES_MAX + 20000);
    assert_int_equal(at(impact(PAYMENTS, IMPACT_LIMIT_MAX), "flips")->valueint, PAYMENTS);
    arena_release(&texts);
}

/* -- on the roll-out's thread, as it is meant -- */

struct asking {
    struct rollout_request request;
    struct arena arena;
    struct waiter began, done;
    int rc;
    struct error err;
    const char *text;
};

static void
asked(struct rollout_request *request)
{
    waiter_done(&((struct asking *)(void *)request)->done, 0); /* its first member */
}

static void
use_once(struct rollout_request *request, const struct snapshot *snapshot)
{
    struct asking *asking = (struct asking *)(void *)request;
    struct buffer out;

    buffer_init(&out, &arena, 256);
    json_open(&out, '{');
    asking->rc = bank_impact(bank, snapshot, 10, 10, &out, &asking->err);
    json_close(&out, '}');
    asking->text = buffer_terminate(&out);
}

/* Again and again, until it is refused. */
static void
use_until_refused(struct rollout_request *request, const struct snapshot *snapshot)
{
    struct asking *asking = (struct asking *)(void *)request;
    time_t began = time(NULL);

    waiter_done(&asking->began, 0);
    do {
        arena_reset(&arena);
        use_once(request, snapshot);
    } while (asking->rc == 0 && time(NULL) - began < PATIENCE);
}

static void
ask_the_office(struct asking *asking,
               void (*use)(struct rollout_request *request, const struct snapshot *snapshot))
{
    const char *digest = snapshot_digest(bank_enter(bank)->active);

    bank_leave();
    asking->request = (struct rollout_request){.arena = &asking->arena,
                                               .verb = ROLLOUT_BORROW,
                                               .name = "",
                                               .digest = digest,
                                               .file = "",
                                               .text = "",
                                               .after = "",
                                               .limit = 1,
                                               .use = use,
                                               .done = asked};
    waiter_init(&asking->done, 1);
    rollout_submit(bank_rollout(bank), &asking->request);
}

static void
the_roll_outs_thread_may_ask(void **state)
{
    struct asking asking = {0};

    (void)state;
    open_bank(OFAC_AS_ONE, APRIL, book);
    pay(&listed);
    ask_the_office(&asking, use_once);
    waiter_wait(&asking.done);
    assert_int_equal(asking.request.result, ROLLOUT_DONE);
    assert_int_equal(asking.rc, 0);
    assert_string_equal(asking.text, "{\"payments\":1,\"unread\":0,\"flips\":0,"
                                     "\"hits_changed\":0,\"moves\":[],\"data\":[]}");
    arena_release(&asking.arena);
}

static void
it_ends_early_where_the_bank_is_closed(void **state)
{
    struct asking asking = {0};

    (void)state;
    open_bank(OFAC_AS_ONE, APRIL, book);
    pay(&listed);
    waiter_init(&asking.began, 1);
    ask_the_office(&asking, use_until_refused);
    waiter_wait(&asking.began);
    bank_close(bank);
    bank = NULL;
    waiter_wait(&asking.done);
    assert_int_equal(asking.rc, -1);
    assert_int_equal(asking.err.code, ERROR_BUSY);
    assert_string_equal(asking.err.text, "the gateway is shutting down");
    arena_release(&asking.arena);
}

#define TEST(function) cmocka_unit_test_teardown(function, close_all)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_same_list_changes_nothing),
        TEST(who_is_listed_anew_is_found_and_flips_where_a_rule_asks),
        TEST(who_is_no_longer_listed_flips_back),
        TEST(a_hit_is_known_by_list_entry_and_field),
        TEST(a_row_has_the_payment_and_the_hits_as_a_decision_has_them),
        TEST(the_last_payments_are_looked_at_and_the_newest_told),
        TEST(no_payment_is_missed_or_doubled_from_page_to_page),
        TEST(a_payment_is_judged_at_the_time_it_was_decided),
        TEST(a_wished_outcome_hides_no_flip),
        TEST(with_nothing_in_force_there_is_nothing_to_compare),
        TEST(what_can_no_longer_be_read_is_counted),
        TEST(a_store_that_fails_is_an_error),
        TEST(what_is_told_is_bounded),
        TEST(the_roll_outs_thread_may_ask),
        TEST(it_ends_early_where_the_bank_is_closed),
    };

    return cmocka_run_group_tests_name("impact", tests, make_files, remove_files);
}
