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

/* Print the error on standard error; returns status. */
int command_complain(enum command_status status, const struct error *err);

int command_pay(const struct options *options);
int command_get(const struct options *options);
int command_list(const struct options *options);
int command_evaluate(const struct options *options);
int command_replay(const struct options *options);

#endif
