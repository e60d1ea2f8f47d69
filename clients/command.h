/*
 * command.h - what the commands of yuanctl share.
 *
 * A command takes the options, does its work and returns the exit status; it
 * has printed its answer to standard output and its troubles to standard error.
 */
#ifndef CLIENTS_COMMAND_H
#define CLIENTS_COMMAND_H

#include "clients/options.h"

enum command_status {
    STATUS_DONE = 0,
    STATUS_UNEXPECTED = 1,  /* the bank said something else, or no: a problem */
    STATUS_USAGE = 2,       /* the command line or its file makes no sense */
    STATUS_UNREACHABLE = 3, /* no gateway answers, or a private one does not start */
};

/* A row of a table of commands; a row without a name ends it. */
struct command {
    const char *name;
    const char *arguments; /* "FILE", "PACK...": for the help */
    size_t min, max;       /* how many */
    int (*run)(const struct options *options);
    const char *help;
};

/*
 * Run what options->command names, if it is in the table and the number of its
 * arguments fits; else a sentence on standard error and STATUS_USAGE.  of stands
 * before its name in sentences: "" or "policy ".
 */
int command_run(const struct command *table, const char *of, const struct options *options);

/* The same for `yuanctl policy COMMAND …`: the second word is the command there, the others
 * are its arguments. */
int command_run_second(const struct command *table, const char *of,
                       const struct options *options);

/* The table as help, one line a command. */
void command_print(FILE *out, const struct command *table);

/* Print the error on standard error; returns status. */
int command_complain(enum command_status status, const struct error *err);

int command_pay(const struct options *options);
int command_get(const struct options *options);
int command_list(const struct options *options);
int command_evaluate(const struct options *options);
int command_replay(const struct options *options);
int command_policy(const struct options *options);
int command_rollout(const struct options *options);
int command_lists(const struct options *options);
int command_documents(const struct options *options);
int command_cancel(const struct options *options);
int command_cases(const struct options *options);
int command_clock(const struct options *options);
int command_watch(const struct options *options);
int command_webhooks(const struct options *options);

/* The help of `yuanctl policy` and `yuanctl rollout`. */
void policy_usage(FILE *out);
void rollout_usage(FILE *out);

/* The help of `yuanctl lists`, `yuanctl cases` and `yuanctl clock`. */
void lists_usage(FILE *out);
void cases_usage(FILE *out);
void clock_usage(FILE *out);

/* The help of `yuanctl webhooks`. */
void webhooks_usage(FILE *out);

#endif
