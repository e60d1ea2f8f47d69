/* printed.h - what a client shows a person of an answer. */
#ifndef TESTS_SUPPORT_PRINTED_H
#define TESTS_SUPPORT_PRINTED_H

#include "clients/ask.h"

/* Fails the test unless print shows exactly seen of the JSON text. */
void assert_prints(ask_print *print, const char *text, const char *seen);

#endif
