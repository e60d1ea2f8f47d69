/*
 * fuzz.h - what the fuzzers feed, and the regression test with them.
 *
 * Each takes any bytes, returns 0, and aborts with a sentence where a promise
 * of the code under test does not hold.
 */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int fuzz_cel(const uint8_t *data, size_t size);
int fuzz_pack(const uint8_t *data, size_t size);
int fuzz_ofac(const uint8_t *data, size_t size);
int fuzz_xml(const uint8_t *data, size_t size);
int fuzz_targets(const uint8_t *data, size_t size);
int fuzz_entities(const uint8_t *data, size_t size);
int fuzz_good_guys(const uint8_t *data, size_t size);

#define MUST(condition, ...)                                                                   \
    do {                                                                                       \
        if (!(condition)) {                                                                    \
            fprintf(stderr, __VA_ARGS__);                                                      \
            fprintf(stderr, "\n");                                                             \
            abort();                                                                           \
        }                                                                                      \
    } while (0)

#endif
