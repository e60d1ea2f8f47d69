/*
 * list_bank.h - sanctions lists put to a bank, whose hits show which list was looked at.
 *
 * The list "mine", version n, has entry number n, which is the debtor of the sample under
 * its own name, and others that nobody is called like.
 */
#ifndef TESTS_SUPPORT_LIST_BANK_H
#define TESTS_SUPPORT_LIST_BANK_H

#include "tests/support/rollout_bank.h"

/* What follows the program in a row of OFAC's main file, but for the remarks. */
#define LIST_BANK_NULLS ",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"

#define LIST_BANK_END "\x1a" /* without it a file was cut */

/* OFAC's main file of version n, with so many others: n + 1 … */
const char *list_bank_main(struct rollout_bank *bank, int n, int others);

/* PUT /v1/lists/mine/files/FILE. */
void list_bank_put(struct rollout_bank *bank, const char *file, const char *text, int status);

/* Its file main.csv put, and loaded. */
void list_bank_load(struct rollout_bank *bank, int n, int others);

/* The version of "mine" that an evaluation of the sample was screened against; 0: of none. */
int list_bank_version_of(const char *answer);
int list_bank_version(struct rollout_bank *bank);

/* A path below the folder of the list "mine", as FOLDER/bank.db-lists/mine/incoming. */
const char *list_bank_path(struct rollout_bank *bank, const char *below);

/* The folder of the version that is in force. */
const char *list_bank_folder(struct rollout_bank *bank);

/* A gateway whose files have no list, or this one of "mine". */
void list_bank_start(struct rollout_bank *bank, const char *file);
void list_bank_again(struct rollout_bank *bank, const char *file); /* stopped first */

#endif
