/* yuanctl.h - the built yuanctl, run by the shell. */
#ifndef TESTS_SUPPORT_YUANCTL_H
#define TESTS_SUPPORT_YUANCTL_H

#define YUANCTL_OUTPUT_SIZE (1 << 20) /* a line for each test of each shipped pack */

/* All that it prints goes to output, cut where it is full.  Its exit status. */
int yuanctl(const char *arguments, char output[YUANCTL_OUTPUT_SIZE]);

/* Fails the test, and shows output, where it does not hold text. */
void assert_has(const char *output, const char *text);

#endif
