/*
 * options.h - the command line of yuanctl.
 *
 *     yuanctl [--server URL] [--key-file FILE] [--json] COMMAND [ARGUMENTS]
 *             [OPTIONS OF THE COMMAND]
 *
 * One table (options.c) names every option with its help; options may stand
 * before or after the command.  A lone "-" is an argument, "--" ends options.
 */
#ifndef CLIENTS_OPTIONS_H
#define CLIENTS_OPTIONS_H

#include <stddef.h>
#include <stdio.h>

#include "gateway/base/error.h"

#define DEFAULT_SERVER "http://127.0.0.1:8080"
#define ARGUMENTS_MAX  256 /* behind the command: packs, mostly */

enum option {
    OPTION_SERVER,
    OPTION_KEY,
    OPTION_KEY_FILE,
    OPTION_JSON,
    OPTION_HELP,
    OPTION_VERSION,
    OPTION_GATEWAY,  /* replay */
    OPTION_EXPLAIN,  /* evaluate, lists score and lists screen */
    OPTION_SNAPSHOT, /* evaluate */
    OPTION_POLICY,   /* evaluate */
    OPTION_UETR,     /* list, from here on: each is a query parameter */
    OPTION_OUTCOME,
    OPTION_STATE,
    OPTION_CURRENCY,
    OPTION_DEBTOR_COUNTRY,
    OPTION_FROM,
    OPTION_TO,
    OPTION_LIMIT,       /* policy diff, rollout, lists and cases too */
    OPTION_CURSOR,      /* rollout, lists and cases too */
    OPTION_STRICT,      /* policy check */
    OPTION_JUNIT,       /* policy test */
    OPTION_SCENARIO,    /* policy diff and matrix */
    OPTION_STORE,       /* policy diff, from here on */
    OPTION_THREADS,     /* */
    OPTION_BOOK,        /* policy diff and matrix, evaluate, rollout */
    OPTION_PACKS,       /* policy check, diff and matrix */
    OPTION_LIST,        /* policy diff, explain and matrix */
    OPTION_MONTHS,      /* policy matrix, from here on */
    OPTION_BANKS,       /* */
    OPTION_REASONS,     /* */
    OPTION_CSV,         /* */
    OPTION_SVG,         /* */
    OPTION_HTML,        /* */
    OPTION_RULE,        /* policy explain, from here on */
    OPTION_NOW,         /* */
    OPTION_BANK_CLASS,  /* */
    OPTION_BOOKS,       /* rollout list */
    OPTION_DIGEST,      /* rollout check, shadow, activate and text, lists load and shadow */
    OPTION_NAME,        /* lists import, from here on */
    OPTION_OUT,         /* */
    OPTION_SHRINK,      /* lists load and shadow too */
    OPTION_FAULTS,      /* lists import and status */
    OPTION_AS_OF,       /* lists status, load and shadow */
    OPTION_KIND,        /* lists screen, from here on */
    OPTION_COUNTRY,     /* */
    OPTION_BORN_ON,     /* */
    OPTION_PAYMENTS,    /* lists shadow */
    OPTION_STATUS,      /* cases list, from here on */
    OPTION_DISPOSITION, /* */
    OPTION_OVERDUE,     /* */
    OPTION_TEXT,        /* the cases commands that change one, from here on */
    OPTION_REASON,      /* cancel too */
    OPTION_DISCLOSED,   /* */
    OPTION_AS,          /* */
    OPTION_AFTER,       /* watch */
    OPTION_TYPE,        /* watch and webhooks add, from here on */
    OPTION_PAYMENT,     /* */
    OPTION_BANK,        /* */
    OPTION_PORT,        /* webhooks listen */
    OPTION_SECRET,      /* webhooks add and listen, from here on */
    OPTION_SECRET_FILE, /* */
    OPTION_COUNT,
};

#define OPTION_FILTER_FIRST OPTION_UETR
#define OPTION_FILTER_LAST  OPTION_CURSOR

/* Strings belong to argv. */
struct options {
    const char *command;                  /* NULL: none given */
    const char *arguments[ARGUMENTS_MAX]; /* FILE, ID, ...: what stands behind it */
    size_t argument_count;
    const char *values[OPTION_COUNT]; /* NULL: not given; "" for one without a value */
};

/*
 * Read argv.  An unknown option, one that the command does not take, a missing
 * value or too many arguments is ERROR_INVALID with a sentence that names it.
 */
int options_parse(int argc, char *const *argv, struct options *options, struct error *err)
    __attribute__((warn_unused_result));

/* "debtor-country" */
const char *option_name(enum option option);

/* The table as help, one line an option: those of the command ("policy") and of all
 * commands; NULL: every one. */
void options_print(FILE *out, const char *command);

#endif
