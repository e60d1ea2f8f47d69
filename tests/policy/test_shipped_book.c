/*
 * The shipped book, day by day: what a class of banks, or one bank, says to a
 * payment of 2024.  The dates and what happened on them are those of the table in
 * policy/README.md.
 */
#include "gateway/payment/codes.h"
#include "policy/book.h"
#include "tests/policy/fixture.h"
#include "tests/support/test.h"

#define BOOK            "policy/books/china-2024.json"
#define BANKS_MIN       30
#define BANKS_CLASS_MIN 2
#define SHARE_PAYMENTS  2000

static struct snapshot *snapshot;

static int
load(void **state)
{
    struct snapshot_sources sources = fixture_sources();
    struct error err = {0};

    (void)state;
    if (snapshot_load(&sources, &snapshot, &err) == 0)
        return 0;
    print_error("%s\n", err.text);
    return -1;
}

static int
unload(void **state)
{
    (void)state;
    snapshot_free(snapshot);
    return 0;
}

/* --- payments ---------------------------------------------------------------------------- */

/* Each is CLOTHING but for what its name says. */
enum kind {
    CLOTHING, /* yuan, a Russian buyer, nothing wrong with it but that */
    DOLLARS,
    EUROS,
    KIT,
    NITRO,
    SANCTIONED, /* the payer's bank, since January */
    LATE,       /* the payer's bank, since November */
    ZABAYKALSK,
    NO_ROUTE,
    LISTED,   /* the payer, by his tax number */
    OOO,      /* in the payer's name */
    BELARUS,  /* payer and bank */
    KAZAKH,   /* payer and bank; the goods are for Kazakhstan */
    ONWARD,   /* the same, the goods are for Russia */
    SHOWN,    /* for Kazakhstan, with the paper that shows it */
    CYRILLIC, /* an Armenian payer's name */
    EMIRATES, /* an Emirati payer, goods for Russia */
};

static void
from(struct fixture *fixture, const char *country, const char *bic)
{
    fixture->debtor = fixture_party("Altyn Kiyim", country);
    fixture->debtor_agent = fixture_agent(bic, country);
    fixture->payment.destination_country = country;
}

static void
payment_of(enum kind kind, struct fixture *fixture)
{
    static const struct policy_identifier number = {sizeof(number), "inn", "0000000120"};
    static const struct policy_identifier *const numbers[] = {&number};
    static const char *const manzhouli[] = {"Manzhouli"}, *const listed[] = {"Zabaykalsk"},
                             *const papers[] = {"invoice", "customs declaration"};
    struct policy_payment *payment = &fixture->payment;

    fixture_init(fixture);
    if (kind == KIT)
        fixture_sample(fixture);
    else
        fixture_goods(fixture, kind == NITRO ? "391220 nitrocellulose" : "620240 anoraks");
    from(fixture, "RU", "UDACRUMM");
    payment->amount_minor = 32000000;
    payment->currency = kind == DOLLARS ? "USD" : kind == EUROS ? "EUR" : "CNY";
    payment->route = kind == ZABAYKALSK ? listed : manzhouli;
    payment->route_count = kind != NO_ROUTE;
    if (kind == SANCTIONED)
        fixture->debtor_agent.bic = "GRTVRUMM";
    if (kind == LATE)
        fixture->debtor_agent.bic = "NDVGRUMM";
    if (kind == BELARUS)
        from(fixture, "BY", "SVBLBY2X");
    if (kind == KAZAKH || kind == ONWARD || kind == SHOWN)
        from(fixture, "KZ", "ALTNKZKA");
    if (kind == CYRILLIC)
        from(fixture, "AM", "MTSGAM22");
    if (kind == EMIRATES)
        from(fixture, "AE", "SDUNAEAD");
    if (kind == ONWARD || kind == EMIRATES)
        payment->destination_country = "RU";
    if (kind == SHOWN) {
        payment->documents = papers;
        payment->document_count = COUNT(papers);
    }
    if (kind == OOO)
        fixture->debtor.name = "OOO Teplyi Dom";
    if (kind == CYRILLIC)
        fixture->debtor.name = "Гарни Камар";
    if (kind == LISTED) {
        fixture->debtor.identifiers = numbers;
        fixture->debtor.identifier_count = COUNT(numbers);
    }
}

/* --- the year ---------------------------------------------------------------------------- */

struct dated {
    enum kind kind;
    const char *bank, *when;
    enum policy_action action;
    const char *rules;
    uint64_t seed;
};

/* "CNY-01 KIT-01": the rules that fired, in order. */
static const char *
rules_text(const struct decision *decision, char text[200])
{
    text[0] = '\0';
    for (const struct fired_rule *rule = decision->rules; rule; rule = rule->next)
        snprintf(text + strlen(text), 200 - strlen(text), "%s%s", text[0] ? " " : "", rule->id);
    return text;
}

static void
expect(const struct dated *cases, size_t count)
{
    static struct fixture fixture;

    for (size_t i = 0; i < count; i++) {
        const struct dated *the = &cases[i];
        struct arena arena = {0};
        struct decision decision;
        char text[200];

        print_message("case %zu: %s %s\n", i, the->bank, the->when);
        payment_of(the->kind, &fixture);
        fixture.creditor_agent.bic = the->bank;
        snapshot_judge(snapshot, &fixture.payment, fixture_time(the->when), the->seed, NULL,
                       &arena, &decision);
        assert_string_equal(rules_text(&decision, text), the->rules);
        assert_int_equal(decision.action, the->action);
        assert_int_equal(decision.error_count, 0);
        arena_release(&arena);
    }
}

#define ACCEPT POLICY_ACCEPT
#define ASK    POLICY_REQUEST_INFORMATION
#define HOLD   POLICY_HOLD
#define RETURN POLICY_RETURN
#define REJECT POLICY_REJECT

static void
winter_dollars_sanctioned_banks_and_one_bank_that_stops(void **state)
{
    static const struct dated cases[] = {
        /* clang-format off */
        /* 1 December 2023: big state banks take no dollars, others do */
        {DOLLARS,    "BEIWCNBJ", "2023-12-01", REJECT, "USD-01", 1},
        {EUROS,      "BEIWCNBJ", "2023-12-01", ACCEPT, "", 1},
        {CLOTHING,   "BEIWCNBJ", "2023-12-01", ACCEPT, "", 1},
        {DOLLARS,    "HLDBCNBS", "2023-12-01", ACCEPT, "", 1},
        {DOLLARS,    "VOLGCNSH", "2023-12-01", ACCEPT, "", 1},
        /* 16 January 2024: sanctioned payer banks, goods of weapons */
        {SANCTIONED, "BEIWCNBJ", "2024-01-15T23:59:59", ACCEPT, "", 1},
        {SANCTIONED, "BEIWCNBJ", "2024-01-16", REJECT, "PBS-01", 1},
        {SANCTIONED, "LJCBCNSZ", "2024-01-16", ACCEPT, "", 1},
        {LATE,       "BEIWCNBJ", "2024-01-16", ACCEPT, "", 1},
        {NITRO,      "YNLGCNBJ", "2024-01-15", ACCEPT, "", 1},
        {NITRO,      "YNLGCNBJ", "2024-01-16", REJECT, "NIT-01", 1},
        {KIT,        "YNLGCNBJ", "2024-01-16", ACCEPT, "", 1},
        /* 1 February: one city bank stops, its class goes on */
        {CLOTHING,   "JNSHCNHZ", "2024-01-31T23:59:59", ACCEPT, "", 1},
        {CLOTHING,   "JNSHCNHZ", "2024-02-01", RETURN, "STP-01 STP-02", 1},
        {DOLLARS,    "JNSHCNHZXXX", "2024-02-01", RETURN, "STP-01 STP-02", 1},
        {BELARUS,    "JNSHCNHZ", "2024-02-01", RETURN, "STP-01 STP-02", 1},
        {KAZAKH,     "JNSHCNHZ", "2024-02-01", ACCEPT, "", 1},
        {CLOTHING,   "LJCBCNSZ", "2024-02-01", ACCEPT, "", 1},
        {BELARUS,    "TXCBCNBN", "2024-02-01", ACCEPT, "", 1},
        /* clang-format on */
    };

    (void)state;
    expect(cases, COUNT(cases));
}

static void
spring_yuan_kits_questions_and_routes(void **state)
{
    static const struct dated cases[] = {
        /* clang-format off */
        /* 20 March: yuan go back at four classes; the bank that stopped says so too */
        {CLOTHING,   "MNGHCNBJ", "2024-03-20", RETURN, "CNY-01", 1},
        {CLOTHING,   "WNQUCNNJ", "2024-03-20", RETURN, "CNY-01", 1},
        {CLOTHING,   "MEZUCNGZ", "2024-03-20", RETURN, "CNY-01", 1},
        {CLOTHING,   "HASTCNSH", "2024-03-20", RETURN, "CNY-01", 1},
        {CLOTHING,   "JNSHCNHZ", "2024-03-20", RETURN, "STP-01 STP-02 CNY-01", 1},
        {EUROS,      "WNQUCNNJ", "2024-03-20", ACCEPT, "", 1},
        {SANCTIONED, "QSASCNBJ", "2024-03-20", REJECT, "PBS-01", 1},
        {CLOTHING,   "BAIHCNHB", "2024-03-20", ACCEPT, "", 1},
        {CLOTHING,   "VRKHCNBJ", "2024-03-20", ACCEPT, "", 1},
        {CLOTHING,   "TNGZRUMM", "2024-03-20", ACCEPT, "", 1},
        /* 1 April: kits; two banks ask, one of them returns a share, one returns all yuan */
        {KIT,        "GLNGCNSZ", "2024-04-01", REJECT, "CNY-01 KIT-01", 1},
        {KIT,        "QSASCNBJ", "2024-04-01", REJECT, "KIT-01", 1},
        {CLOTHING,   "YNLGCNBJ", "2024-04-01", ACCEPT, "", 1},
        {CLOTHING,   "ZHYGCNBJ", "2024-03-31T23:59:59", ACCEPT, "", 2},
        {CLOTHING,   "ZHYGCNBJ", "2024-04-01", RETURN, "QST-01 QST-02 SHR-01", 2},
        {CLOTHING,   "ZHYGCNBJ", "2024-04-01", ASK, "QST-01 QST-02", 10},
        {KAZAKH,     "ZHYGCNBJ", "2024-04-01", ACCEPT, "", 1},
        {CLOTHING,   "TNGZCNBJ", "2024-04-01", RETURN, "CNY-01", 1},
        {EUROS,      "TNGZCNBJ", "2024-04-01", ACCEPT, "", 1},
        {EUROS,      "XLGPCNCD", "2024-04-01", ASK, "QST-01 QST-02", 1},
        {EUROS,      "WNQUCNNJ", "2024-04-01", ACCEPT, "", 1},
        {CLOTHING,   "ERGVCNHL", "2024-04-01", ACCEPT, "", 1},
        /* 1 April too: sanctioned payer banks at four classes more */
        {SANCTIONED, "HLDBCNBS", "2024-03-31T23:59:59", RETURN, "CNY-01", 1},
        {SANCTIONED, "HLDBCNBS", "2024-04-01", REJECT, "CNY-01 PBS-01", 1},
        {SANCTIONED, "LJCBCNSZ", "2024-03-31T23:59:59", RETURN, "CNY-01", 1},
        {SANCTIONED, "LJCBCNSZ", "2024-04-01", REJECT, "CNY-01 PBS-01", 1},
        {SANCTIONED, "LGTNCNSZ", "2024-04-01", REJECT, "CNY-01 PBS-01", 1},
        {SANCTIONED, "NGTECNSH", "2024-04-01", REJECT, "CNY-01 PBS-01", 1},
        {SANCTIONED, "SNGPCNHB", "2024-04-01", ACCEPT, "", 1},
        {SANCTIONED, "VOLGCNSH", "2024-04-01", ACCEPT, "", 1},
        /* 14 May: big state banks look at the route and return half of the yuan */
        {ZABAYKALSK, "BEIWCNBJ", "2024-05-13T23:59:59", ACCEPT, "", 1},
        {ZABAYKALSK, "BEIWCNBJ", "2024-05-14", REJECT, "ROU-01", 1},
        {NO_ROUTE,   "BEIWCNBJ", "2024-05-14", ASK, "ROU-02", 1},
        {CLOTHING,   "BEIWCNBJ", "2024-05-14", ACCEPT, "", 2},
        {CLOTHING,   "BEIWCNBJ", "2024-05-13", ACCEPT, "", 3},
        {CLOTHING,   "BEIWCNBJ", "2024-05-14", RETURN, "SHR-01", 3},
        {CLOTHING,   "ZHYGCNBJ", "2024-05-14", ASK, "QST-01 QST-02", 2},
        {ZABAYKALSK, "HLDBCNBS", "2024-05-14", RETURN, "CNY-01", 1},
        {ZABAYKALSK, "SNGPCNHB", "2024-05-14", ACCEPT, "", 1},
        /* clang-format on */
    };

    (void)state;
    expect(cases, COUNT(cases));
}

static void
june_third_countries_the_wider_list_branch_and_subsidiaries(void **state)
{
    static const struct dated cases[] = {
        /* clang-format off */
        /* 1 June: payers of third countries at three classes */
        {KAZAKH,     "BEIWCNBJ", "2024-05-31T23:59:59", ACCEPT, "", 1},
        {KAZAKH,     "BEIWCNBJ", "2024-06-01", ASK, "TCD-01", 1},
        {SHOWN,      "BEIWCNBJ", "2024-06-01", ACCEPT, "", 1},
        {ONWARD,     "BEIWCNBJ", "2024-06-01", HOLD, "TCD-02", 1},
        {KAZAKH,     "LJCBCNSZ", "2024-06-01", ASK, "TCD-01", 1},
        {KAZAKH,     "JNSHCNHZ", "2024-06-01", ASK, "TCD-01", 1},
        {KAZAKH,     "LGTNCNSZ", "2024-06-01", ASK, "TCD-01", 1},
        {KAZAKH,     "HLDBCNBS", "2024-06-01", ACCEPT, "", 1},
        {KAZAKH,     "NGTECNSH", "2024-06-01", ACCEPT, "", 1},
        {EMIRATES,   "BEIWCNBJ", "2024-06-01", ACCEPT, "", 1},
        /* 13 June: the wider list; subsidiaries in Russia take neither dollars nor euros */
        {LISTED,     "BEIWCNBJ", "2024-06-12", ACCEPT, "", 1},
        {LISTED,     "BEIWCNBJ", "2024-06-13", REJECT, "WDL-01", 1},
        {LISTED,     "ANLNCNSZ", "2024-06-13", REJECT, "CNY-01 WDL-01", 1},
        {LISTED,     "HSNCCNGZ", "2024-06-13", REJECT, "CNY-01 WDL-01", 1},
        {LISTED,     "FNGQCNHZ", "2024-06-13", REJECT, "CNY-01 WDL-01", 1},
        {LISTED,     "LNDQCNSH", "2024-06-13", REJECT, "CNY-01 WDL-01", 1},
        {LISTED,     "BJHRCNBH", "2024-06-13", ACCEPT, "", 1},
        {EUROS,      "TNGZRUMM", "2024-06-12T23:59:59", ACCEPT, "", 1},
        {EUROS,      "TNGZRUMM", "2024-06-13", REJECT, "USD-01", 1},
        {DOLLARS,    "YNLGRUMM", "2024-06-13", REJECT, "USD-01", 1},
        {EUROS,      "BEIWCNBJ", "2024-06-13", ACCEPT, "", 1},
        {CLOTHING,   "ZHYRCNBJ", "2024-06-13", ACCEPT, "", 1},
        /* 20 June: what comes to a Russian bank's branch stays there */
        {CLOTHING,   "VOLGCNSH", "2024-06-19T23:59:59", ACCEPT, "", 1},
        {CLOTHING,   "VOLGCNSH", "2024-06-20", HOLD, "BRH-01", 1},
        {KAZAKH,     "VRKHCNBJ", "2024-06-20", ACCEPT, "", 1},
        /* 24 June: subsidiaries in Russia refuse listed payer banks, and serve the others */
        {SANCTIONED, "ZHYRCNBJ", "2024-06-23T23:59:59", ACCEPT, "", 1},
        {SANCTIONED, "ZHYRCNBJ", "2024-06-24", REJECT, "PBS-01", 1},
        {CLOTHING,   "ZHYRCNBJ", "2024-06-24", ACCEPT, "", 1},
        {EUROS,      "ZHYRCNBJ", "2024-06-24", REJECT, "USD-01", 1},
        /* clang-format on */
    };

    (void)state;
    expect(cases, COUNT(cases));
}

static void
summer_and_autumn_names_the_border_and_nearly_all(void **state)
{
    static const struct dated cases[] = {
        /* clang-format off */
        /* 15 July: names; big state banks return four of five */
        {CYRILLIC,   "BEIWCNBJ", "2024-07-14T23:59:59", ACCEPT, "", 1},
        {CYRILLIC,   "BEIWCNBJ", "2024-07-15", HOLD, "CYR-01", 1},
        {CYRILLIC,   "QXJSCNSH", "2024-07-15", HOLD, "CYR-01", 1},
        {CYRILLIC,   "LNTGCNHZ", "2024-07-15", HOLD, "CYR-01", 1},
        {CYRILLIC,   "DNHUCNSU", "2024-07-15", HOLD, "CYR-01", 1},
        {CYRILLIC,   "MERICNSH", "2024-07-15", HOLD, "CYR-01", 1},
        {CYRILLIC,   "BJHRCNBH", "2024-07-15", ACCEPT, "", 1},
        {CYRILLIC,   "ZHYRCNBJ", "2024-07-15", ACCEPT, "", 1},
        {OOO,        "QSASCNBJ", "2024-07-15", HOLD, "CYR-03", 1},
        {OOO,        "HLDBCNBS", "2024-07-15", RETURN, "CNY-01 CYR-03", 1},
        {CLOTHING,   "QSASCNBJ", "2024-07-14", ACCEPT, "", 10},
        {CLOTHING,   "QSASCNBJ", "2024-07-15", RETURN, "SHR-01", 10},
        {CLOTHING,   "QSASCNBJ", "2024-07-15", ACCEPT, "", 1},
        /* 20 July: the border region stops but for one bank */
        {CLOTHING,   "BJHRCNBH", "2024-07-19T23:59:59", ACCEPT, "", 1},
        {CLOTHING,   "BJHRCNBH", "2024-07-20", RETURN, "STP-01 STP-02", 1},
        {CLOTHING,   "ERGVCNHL", "2024-07-20", RETURN, "STP-01 STP-02", 1},
        {BELARUS,    "BJHRCNBH", "2024-07-20", ACCEPT, "", 1},
        {KAZAKH,     "BJHRCNBH", "2024-07-20", ACCEPT, "", 1},
        {CLOTHING,   "HLRCCNHB", "2024-07-20", ACCEPT, "", 1},
        {CLOTHING,   "HLRCCNHB", "2024-12-31", ACCEPT, "", 1},
        /* 13 August: nearly all, whatever the currency; one in fifty passes */
        {CLOTHING,   "BEIWCNBJ", "2024-08-12T23:59:59", ACCEPT, "", 1},
        {CLOTHING,   "BEIWCNBJ", "2024-08-13", REJECT, "NAB-01", 1},
        {CLOTHING,   "BEIWCNBJ", "2024-08-13", ACCEPT, "", 14},
        {EUROS,      "HYTBCNSH", "2024-08-13", REJECT, "NAB-01", 1},
        {EUROS,      "TXCBCNBN", "2024-08-13", REJECT, "NAB-01", 1},
        {EUROS,      "SHRCCNSH", "2024-08-13", REJECT, "NAB-01", 1},
        {EUROS,      "HASTCNSH", "2024-08-13", REJECT, "NAB-01", 1},
        {EUROS,      "HASTCNSH", "2024-08-13", ACCEPT, "", 14},
        {CLOTHING,   "HASTCNSH", "2024-08-13", RETURN, "CNY-01", 14},
        {CLOTHING,   "VOLGCNSH", "2024-08-13", HOLD, "BRH-01", 1},
        {CLOTHING,   "ZHYRCNBJ", "2024-08-13", ACCEPT, "", 1},
        {ONWARD,     "HLDBCNBS", "2024-08-13", ACCEPT, "", 1},
        /* 22 November: papers match the payer, everywhere; one more bank is sanctioned */
        {ONWARD,     "HLDBCNBS", "2024-11-21T23:59:59", ACCEPT, "", 1},
        {ONWARD,     "HLDBCNBS", "2024-11-22", REJECT, "PMP-01", 1},
        {ONWARD,     "BEIWCNBJ", "2024-11-22", REJECT, "TCD-02 PMP-01", 1},
        {EMIRATES,   "NGTECNSH", "2024-11-22", REJECT, "PMP-01", 1},
        {EMIRATES,   "BAIHCNHB", "2024-11-22", REJECT, "PMP-01", 1},
        {KAZAKH,     "HLDBCNBS", "2024-11-22", ASK, "PMP-02", 1},
        {SHOWN,      "BEIWCNBJ", "2024-11-22", ACCEPT, "", 1},
        {LATE,       "ZHYRCNBJ", "2024-11-21", ACCEPT, "", 1},
        {LATE,       "ZHYRCNBJ", "2024-11-22", REJECT, "PBS-01", 1},
        {LATE,       "BEIWCNBJ", "2024-11-22", REJECT, "PBS-01 NAB-01", 1},
        {LATE,       "HASTCNSH", "2024-11-22", RETURN, "CNY-01", 14},
        {SANCTIONED, "YNLGRUMM", "2024-11-22", REJECT, "PBS-01", 1},
        /* clang-format on */
    };

    (void)state;
    expect(cases, COUNT(cases));
}

/* How many of many payments a bank lets through. */
static size_t
accepted(const char *bank, const char *when)
{
    static struct fixture fixture;
    size_t count = 0;

    payment_of(CLOTHING, &fixture);
    fixture.creditor_agent.bic = bank;
    for (unsigned i = 0; i < SHARE_PAYMENTS; i++) {
        struct arena arena = {0};
        struct decision decision;
        char uetr[37];

        snprintf(uetr, sizeof(uetr), "%08x-7b6f-4491-a06f-b548d5a7512d", i);
        fixture.payment.uetr = uetr;
        snapshot_judge(snapshot, &fixture.payment, fixture_time(when), 1, NULL, &arena,
                       &decision);
        count += decision.action == POLICY_ACCEPT;
        arena_release(&arena);
    }
    return count;
}

static void
shares_of_payments_come_back_as_reported(void **state)
{
    static const struct {
        const char *when;
        double passes;
    } cases[] = {{"2024-05-01", 1},
                 {"2024-05-14", 0.5},
                 {"2024-06-24", 0.5},
                 {"2024-07-15", 0.2},
                 {"2024-08-13", 0.02}};

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        double share = (double)accepted("BEIWCNBJ", cases[i].when) / SHARE_PAYMENTS;

        print_message("%s: %.4f\n", cases[i].when, share);
        assert_true(share > cases[i].passes - 0.03 && share < cases[i].passes + 0.03);
        assert_true(share > 0);
    }
}

/* --- the book itself --------------------------------------------------------------------- */

static void
read_book(struct arena *arena, struct book *book)
{
    struct document document;
    struct error err = {0};

    if (document_read(arena, BOOK, &document, &err) != 0 ||
        book_read(&document, arena, book, &err) != 0)
        fail_msg("%s", err.text);
}

static void
every_class_has_several_banks(void **state)
{
    size_t of_class[BANK_CLASS_COUNT] = {0};
    struct arena arena = {0};
    struct book book;

    (void)state;
    read_book(&arena, &book);
    assert_true(book.bank_count >= BANKS_MIN);
    for (size_t b = 0; b < book.bank_count; b++) {
        assert_true(code_is_bic(book.banks[b].bank.bic));
        of_class[book.banks[b].class]++;
        for (size_t other = 0; other < b; other++)
            assert_string_not_equal(book.banks[b].bank.name, book.banks[other].bank.name);
    }
    for (size_t c = 0; c < BANK_CLASS_COUNT; c++)
        assert_true(of_class[c] >= BANKS_CLASS_MIN);
    arena_release(&arena);
}

static bool
names_pack(const struct book_policies *policies, const char *pack)
{
    for (size_t i = 0; i < policies->count; i++)
        if (strcmp(policies->list[i].pack, pack) == 0)
            return true;
    return false;
}

/* Regimes carry nothing over, so each must say everything again. */
static void
what_began_has_not_been_forgotten_later(void **state) /* B1 */
{
    static const struct {
        const char *pack, *from, *until; /* NULL: for good */
        enum bank_class class;
    } steps[] = {
        /* clang-format off */
        {"listed-party",              "2023-12-01", NULL, BANK_ANY},
        {"baseline",                  "2023-12-01", NULL, BANK_ANY},
        {"usd-refusal",               "2023-12-01", NULL, BANK_STATE_BIG},
        {"goods-filter",              "2023-12-01", NULL, BANK_CITY_COMMERCIAL},
        {"payer-bank-sanctioned",     "2024-01-16", NULL, BANK_STATE_BIG},
        {"nitrocellulose",            "2024-01-16", NULL, BANK_STATE_BIG},
        {"missile-technology",        "2024-01-16", NULL, BANK_STATE_BIG},
        {"drone-engines",             "2024-01-16", NULL, BANK_STATE_BIG},
        {"cny-return",                "2024-03-20", NULL, BANK_JOINT_STOCK},
        {"cny-return",                "2024-03-20", NULL, BANK_CITY_COMMERCIAL},
        {"cny-return",                "2024-03-20", NULL, BANK_RURAL_COMMERCIAL},
        {"cny-return",                "2024-03-20", NULL, BANK_FOREIGN},
        {"kit-blockade",              "2024-04-01", NULL, BANK_STATE_BIG},
        {"kit-blockade",              "2024-04-01", NULL, BANK_JOINT_STOCK},
        {"kit-blockade",              "2024-04-01", NULL, BANK_CITY_COMMERCIAL},
        {"kit-blockade",              "2024-04-01", NULL, BANK_RURAL_COMMERCIAL},
        {"kit-blockade",              "2024-04-01", NULL, BANK_FOREIGN},
        {"payer-bank-sanctioned",     "2024-04-01", NULL, BANK_JOINT_STOCK},
        {"payer-bank-sanctioned",     "2024-04-01", NULL, BANK_CITY_COMMERCIAL},
        {"payer-bank-sanctioned",     "2024-04-01", NULL, BANK_RURAL_COMMERCIAL},
        {"payer-bank-sanctioned",     "2024-04-01", NULL, BANK_FOREIGN},
        {"machine-tools",             "2024-04-01", NULL, BANK_STATE_BIG},
        {"yuan-share",                "2024-05-14", "2024-08-13", BANK_STATE_BIG},
        {"route-refusal",             "2024-05-14", NULL, BANK_STATE_BIG},
        {"third-country-destination", "2024-06-01", NULL, BANK_STATE_BIG},
        {"third-country-destination", "2024-06-01", NULL, BANK_CITY_COMMERCIAL},
        {"third-country-destination", "2024-06-01", NULL, BANK_RURAL_COMMERCIAL},
        {"wider-list",                "2024-06-13", NULL, BANK_STATE_BIG},
        {"wider-list",                "2024-06-13", NULL, BANK_JOINT_STOCK},
        {"wider-list",                "2024-06-13", NULL, BANK_CITY_COMMERCIAL},
        {"wider-list",                "2024-06-13", NULL, BANK_RURAL_COMMERCIAL},
        {"wider-list",                "2024-06-13", NULL, BANK_FOREIGN},
        {"usd-refusal",               "2024-06-13", NULL, BANK_CN_SUBSIDIARY_IN_RU},
        {"branch-hold",               "2024-06-20", NULL, BANK_RUSSIAN_BRANCH_IN_CN},
        {"payer-bank-sanctioned",     "2024-06-24", NULL, BANK_CN_SUBSIDIARY_IN_RU},
        {"russian-name",              "2024-07-15", NULL, BANK_STATE_BIG},
        {"russian-name",              "2024-07-15", NULL, BANK_JOINT_STOCK},
        {"russian-name",              "2024-07-15", NULL, BANK_CITY_COMMERCIAL},
        {"russian-name",              "2024-07-15", NULL, BANK_RURAL_COMMERCIAL},
        {"russian-name",              "2024-07-15", NULL, BANK_FOREIGN},
        {"full-stop",                 "2024-07-20", NULL, BANK_RURAL_COMMERCIAL_BORDER},
        {"nearly-all-banks",          "2024-08-13", NULL, BANK_STATE_BIG},
        {"nearly-all-banks",          "2024-08-13", NULL, BANK_JOINT_STOCK},
        {"nearly-all-banks",          "2024-08-13", NULL, BANK_CITY_COMMERCIAL},
        {"nearly-all-banks",          "2024-08-13", NULL, BANK_RURAL_COMMERCIAL},
        {"nearly-all-banks",          "2024-08-13", NULL, BANK_FOREIGN},
        {"papers-match-payer",        "2024-11-22", NULL, BANK_ANY},
        /* clang-format on */
    };
    size_t named = 0, expected = 0;
    struct arena arena = {0};
    struct book book;

    (void)state;
    read_book(&arena, &book);
    for (size_t r = 0; r < book.regime_count; r++) {
        const struct book_regime *regime = &book.regimes[r];

        for (size_t c = 0; c <= BANK_ANY; c++)
            named += regime->classes[c].count;
        for (size_t s = 0; s < COUNT(steps); s++) {
            bool in_force = strcmp(regime->from, steps[s].from) >= 0 &&
                            (!steps[s].until || strcmp(regime->from, steps[s].until) < 0);

            print_message("%s %s %zu\n", regime->from, steps[s].pack, s);
            assert_true(names_pack(&regime->classes[steps[s].class], steps[s].pack) ==
                        in_force);
            expected += in_force;
        }
    }
    assert_int_equal(named, expected); /* and nothing besides */
    arena_release(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(winter_dollars_sanctioned_banks_and_one_bank_that_stops),
        cmocka_unit_test(spring_yuan_kits_questions_and_routes),
        cmocka_unit_test(june_third_countries_the_wider_list_branch_and_subsidiaries),
        cmocka_unit_test(summer_and_autumn_names_the_border_and_nearly_all),
        cmocka_unit_test(shares_of_payments_come_back_as_reported),
        cmocka_unit_test(every_class_has_several_banks),
        cmocka_unit_test(what_began_has_not_been_forgotten_later),
    };

    return cmocka_run_group_tests_name("shipped book", tests, load, unload);
}
