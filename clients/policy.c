/* policy.c - the table of commands behind `yuanctl policy`. */
#include "clients/policy.h"

static const struct command commands[] = {
    /* clang-format off */
    { "check",   "PACK|BOOK...", 1, ARGUMENTS_MAX, policy_check, "faults, failing tests, rules that cannot be meant or that no test reaches; whom a book forgets" },
    { "test",    "PACK...",      1, ARGUMENTS_MAX, policy_test, "run the packs' own tests; which rules they reach" },
    { "diff",    "PACK PACK|BOOK BOOK", 2, 2, policy_diff, "the payments of a scenario or a store that two packs, or two books, judge differently" },
    { "matrix",  "",             0, 0, policy_matrix,  "the payments of a scenario at every class of bank on every date of a book" },
    { "explain", "PACK PAYMENT", 2, 2, policy_explain, "each rule with the value of every part of its condition" },
    { "eval",    "[FILE]",       0, 1, policy_eval,    "CEL expressions, a line of JSON each; without FILE standard input" },
    { NULL, NULL, 0, 0, NULL, NULL },
    /* clang-format on */
};

void
policy_usage(FILE *out)
{
    fputs("usage: yuanctl [--json] policy COMMAND [ARGUMENTS] [OPTIONS]\n\n"
          "PACK and BOOK are files, or the names of shipped ones\n\ncommands:\n",
          out);
    command_print(out, commands);
    fputs("\noptions:\n", out);
    options_print(out, "policy");
    fputs("\nexit status: 0 done, 1 findings, failed tests or differences, 2 usage or a file\n",
          out);
}

int
command_policy(const struct options *options)
{
    return command_run_second(commands, "policy ", options);
}
