/* options.c - the table of options, and the loop over argv. */
#include "clients/options.h"

#include <stdbool.h>
#include <string.h>

static const struct {
    const char *name;
    const char *value;   /* what follows, for the help; NULL: nothing does */
    const char *command; /* that takes it, "policy test" with its second word, or several:
                            "list, policy test"; "": all do */
    const char *help;
} table[OPTION_COUNT] = {
    /* clang-format off */
    [OPTION_SERVER]         = { "server",  "URL",  "",       "the gateway (default " DEFAULT_SERVER ")" },
    [OPTION_KEY]            = { "key",     "KEY",  "",       "the gateway's key; others can see it among the processes" },
    [OPTION_KEY_FILE]       = { "key-file", "FILE", "",      "read it from there (default: YUANGATE_KEY of the environment)" },
    [OPTION_JSON]           = { "json",    NULL,   "",       "print JSON, for programs" },
    [OPTION_HELP]           = { "help",    NULL,   "",       "print this and stop" },
    [OPTION_VERSION]        = { "version", NULL,   "",       "print the version and stop" },
    [OPTION_GATEWAY]        = { "gateway", "PATH", "replay", "the program to start (default: yuangate beside yuanctl, or in PATH)" },
    [OPTION_EXPLAIN]        = { "explain", NULL,   "evaluate, lists score, lists screen", "say which facts were decisive, which words agreed" },
    [OPTION_SNAPSHOT]       = { "snapshot", "DIGEST", "evaluate", "by what was in force once" },
    [OPTION_POLICY]         = { "policy",  "NAME", "evaluate", "as if this policy's checked candidate were in force" },
    [OPTION_UETR]           = { "uetr",    "UETR", "list, watch, webhooks add",   "the payment with this reference" },
    [OPTION_OUTCOME]        = { "outcome", "WORD", "list, watch, webhooks add",   "approved, held or blocked" },
    [OPTION_STATE]          = { "state",   "WORD", "list, cases list, watch, webhooks add", "held, credited, returned ..." },
    [OPTION_CURRENCY]       = { "currency", "CODE", "list, watch, webhooks add",  "ISO 4217" },
    [OPTION_DEBTOR_COUNTRY] = { "debtor-country", "CODE", "list, watch, webhooks add", "ISO 3166-1 alpha-2" },
    [OPTION_FROM]           = { "from",    "TIME", "list, policy diff, cases list", "decided at this time or later" },
    [OPTION_TO]             = { "to",      "TIME", "list, policy diff, cases list", "decided before this time" },
    [OPTION_LIMIT]          = { "limit",   "N",    "list, policy diff, rollout list, rollout disagreements, rollout history, lists show, lists shadow, lists disagreements, lists history, cases list, watch, webhooks listen", "show at most so many" },
    [OPTION_CURSOR]         = { "cursor",  "TEXT", "list, rollout list, rollout disagreements, rollout history, lists show, lists disagreements, lists history, cases list", "go on where the last page ended" },
    [OPTION_STRICT]         = { "strict",  NULL,   "policy check", "a warning counts as an error" },
    [OPTION_JUNIT]          = { "junit",   "FILE", "policy test", "write the results as JUnit XML too" },
    [OPTION_SCENARIO]       = { "scenario", "FILE", "policy diff, policy matrix", "whose payments are judged" },
    [OPTION_STORE]          = { "store",   "SPEC", "policy diff", "sqlite:PATH, a gateway's store: its payments are judged" },
    [OPTION_THREADS]        = { "threads", "N",    "policy diff", "that read the store (default: one a processor, at most 8)" },
    [OPTION_BOOK]           = { "book",    "BOOK", "policy diff, policy matrix, evaluate, rollout", "a file or a shipped book's name (default: the scenario's, or china-2024); of a diff of packs: whose banks are asked; of evaluate: as if this book's checked candidate were in force; of rollout: in the place of NAME" },
    [OPTION_PACKS]          = { "packs",   "DIR",  "policy check, policy diff, policy matrix", "where the packs of a book are (default: the shipped ones)" },
    [OPTION_LIST]           = { "list",    "NAME=PATH", "policy diff, policy explain, policy matrix", "the sanctions lists that are screened, with commas between; none: without (default: the shipped one)" },
    [OPTION_MONTHS]         = { "months",  NULL,   "policy matrix", "also noon on the 15th of every month between the regimes" },
    [OPTION_BANKS]          = { "banks",   NULL,   "policy matrix", "every bank of the book, not one a class" },
    [OPTION_REASONS]        = { "reasons", NULL,   "policy matrix", "say from when which rules decide" },
    [OPTION_CSV]            = { "csv",     NULL,   "policy matrix", "print a line of CSV a decision" },
    [OPTION_SVG]            = { "svg",     "FILE", "policy matrix", "draw it too" },
    [OPTION_HTML]           = { "html",    "FILE", "policy matrix", "write a page of it too" },
    [OPTION_RULE]           = { "rule",    "ID",   "policy explain", "this rule alone" },
    [OPTION_NOW]            = { "now",     "TIME", "policy explain", "the bank's time (default: the payment's created_at)" },
    [OPTION_NAME]           = { "name",    "NAME", "lists import", "of the list: ofac-sdn" },
    [OPTION_OUT]            = { "out",     "DIR",  "lists import", "where lists are kept: it becomes DIR/NAME" },
    [OPTION_SHRINK]         = { "shrink",  "PERCENT", "lists import, lists load, lists shadow", "so many fewer entries than before are believed (default 20)" },
    [OPTION_FAULTS]         = { "faults",  "N",    "lists import, lists status, lists diff", "so many rows may be left out of a list (default 10)" },
    [OPTION_AS_OF]          = { "as-of",   "DAY",  "lists status, lists load, lists shadow", "apply no operation of a later day than this" },
    [OPTION_KIND]           = { "kind",    "KIND", "lists screen", "person, company, bank or vessel (default: anything)" },
    [OPTION_COUNTRY]        = { "country", "CODE", "lists screen", "ISO 3166-1 alpha-2, of all names" },
    [OPTION_BORN_ON]        = { "born-on", "DATE", "lists screen", "1967-12-12, of all names" },
    [OPTION_PAYMENTS]       = { "payments", "N",   "lists shadow", "look at so many of the last payments (default 1000, 0: none)" },
    [OPTION_AFTER]          = { "after",   "ID",   "watch", "what came behind this event; 0: from the beginning (default: from now on)" },
    [OPTION_TYPE]           = { "type",    "TYPES", "watch, webhooks add", "payment.held, or payment. for all that begin so; several with commas between" },
    [OPTION_PAYMENT]        = { "payment", "ID",   "watch, webhooks add", "of this payment" },
    [OPTION_BANK]           = { "bank",    "BIC",  "watch, webhooks add", "of payments to this bank" },
    [OPTION_PORT]           = { "port",    "N",    "webhooks listen", "of 127.0.0.1 (default 9000, 0 picks one)" },
    [OPTION_SECRET]         = { "secret",  "WHSEC", "webhooks add, webhooks listen", "what deliveries are signed with; others can see it among the processes" },
    [OPTION_SECRET_FILE]    = { "secret-file", "FILE", "webhooks add, webhooks listen", "read it from there (default: YUANGATE_WEBHOOK_SECRET of the environment)" },
    [OPTION_BANK_CLASS]     = { "bank-class", "CLASS", "policy explain", "of the bank that judges (default joint_stock)" },
    [OPTION_BOOKS]          = { "books",   NULL,   "rollout list", "the books, not the policies" },
    [OPTION_DIGEST]         = { "digest",  "DIGEST", "rollout check, rollout shadow, rollout activate, rollout text, lists load, lists shadow", "another version: sha256:..., as history has them" },
    [OPTION_STATUS]         = { "status",  "WORD", "cases list", "open or closed" },
    [OPTION_DISPOSITION]    = { "disposition", "WORD", "cases list", "none, false_positive, true_match or inconclusive" },
    [OPTION_OVERDUE]        = { "overdue", NULL,   "cases list", "only those that should have been decided by now" },
    [OPTION_TEXT]           = { "text",    "TEXT", "cases dispose, cases release, cases return, cases reject, cases freeze", "why; none of them goes without" },
    [OPTION_REASON]         = { "reason",  "CODE", "cancel, cases release, cases return, cases reject, cases freeze", "ISO 20022, for the bank's people; of cancel: why it is recalled (default CUST)" },
    [OPTION_DISCLOSED]      = { "disclosed", "CODE", "cases release, cases return, cases reject, cases freeze", "ISO 20022, what the payer is told" },
    [OPTION_AS]             = { "as",      "NAME", "cases note, cases dispose, cases release, cases return, cases reject, cases freeze", "who acts, where the gateway has no keys" },
    /* clang-format on */
};

const char *
option_name(enum option option)
{
    return table[option].name;
}

/* Is it shown in the help of command?  What several take is, if one of them begins so. */
static bool
option_is_of(int option, const char *command)
{
    const char *of = table[option].command, *at = command ? strstr(of, command) : NULL;

    return !command || of[0] == '\0' || at == of || (at && at[-1] == ' ');
}

void
options_print(FILE *out, const char *command)
{
    for (int i = 0; i < OPTION_COUNT; i++) {
        char left[40];

        if (!option_is_of(i, command))
            continue;
        snprintf(left, sizeof(left), "--%s %s", table[i].name,
                 table[i].value ? table[i].value : "");
        fprintf(out, "  %-24s %s%s%s\n", left, table[i].command,
                table[i].command[0] ? ": " : "", table[i].help);
    }
}

/* Which option "name" or "name=value" is; OPTION_COUNT: none. */
static enum option
option_find(const char *text, size_t len)
{
    int i = 0;

    while (i < OPTION_COUNT &&
           (strlen(table[i].name) != len || strncmp(table[i].name, text, len) != 0))
        i++;
    return (enum option)i;
}

/* One option at argv[*at]; *at moves on if its value is the next word. */
static int
option_take(int argc, char *const *argv, int *at, struct options *options, struct error *err)
{
    const char *text = argv[*at] + 2;
    size_t len = strcspn(text, "=");
    enum option option = option_find(text, len);
    const char *value = text[len] == '=' ? text + len + 1 : NULL;

    if (option == OPTION_COUNT)
        return error_set(err, ERROR_INVALID, "there is no option --%.*s", (int)len, text);
    if (options->values[option])
        return error_set(err, ERROR_INVALID, "--%s is given twice", table[option].name);
    if (!table[option].value) {
        if (value)
            return error_set(err, ERROR_INVALID, "--%s takes no value", table[option].name);
        value = "";
    } else if (!value) {
        if (*at + 1 >= argc)
            return error_set(err, ERROR_INVALID, "--%s needs a value: %s", table[option].name,
                             table[option].value);
        value = argv[++*at];
    }
    options->values[option] = value;
    return 0;
}

static int
word_take(const char *word, struct options *options, struct error *err)
{
    if (!options->command)
        options->command = word;
    else if (options->argument_count < ARGUMENTS_MAX)
        options->arguments[options->argument_count++] = word;
    else
        return error_set(err, ERROR_INVALID, "more than %d arguments", ARGUMENTS_MAX);
    return 0;
}

/* Is this the command that was given: "list", or of len bytes "policy test"? */
static bool
command_is(const struct options *options, const char *name, size_t len)
{
    size_t first = options->command ? strlen(options->command) : 0;
    const char *second = options->argument_count > 0 ? options->arguments[0] : "";

    if (first == 0 || first > len || strncmp(name, options->command, first) != 0)
        return false;
    return len == first || (name[first] == ' ' && len == first + 1 + strlen(second) &&
                            strncmp(name + first + 1, second, strlen(second)) == 0);
}

/* Is it among "list, policy test"? */
static bool
command_is_among(const struct options *options, const char *names)
{
    for (; *names; names += strspn(names, ", ")) {
        size_t len = strcspn(names, ",");

        if (command_is(options, names, len))
            return true;
        names += len;
    }
    return false;
}

/* Every option given must be one that the command takes. */
static int
options_fit(const struct options *options, struct error *err)
{
    for (int i = 0; i < OPTION_COUNT; i++) {
        if (!options->values[i] || table[i].command[0] == '\0')
            continue;
        if (!command_is_among(options, table[i].command))
            return error_set(err, ERROR_INVALID, "--%s belongs to %s", table[i].name,
                             table[i].command);
    }
    return 0;
}

int
options_parse(int argc, char *const *argv, struct options *options, struct error *err)
{
    int only_words = 0;

    *options = (struct options){0};
    for (int i = 1; i < argc; i++) {
        if (!only_words && strcmp(argv[i], "--") == 0) {
            only_words = 1;
        } else if (!only_words && strncmp(argv[i], "--", 2) == 0) {
            if (option_take(argc, argv, &i, options, err) != 0)
                return -1;
        } else if (!only_words && argv[i][0] == '-' && argv[i][1] != '\0') {
            return error_set(err, ERROR_INVALID, "there is no option %s", argv[i]);
        } else if (word_take(argv[i], options, err) != 0) {
            return -1;
        }
    }
    return options_fit(options, err);
}
