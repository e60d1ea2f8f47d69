/* sample.h - the one payment, and the facts around it, that fuzzed rules judge. */
#ifndef TESTS_FUZZ_SAMPLE_H
#define TESTS_FUZZ_SAMPLE_H

#include "policy/rules/records.h"

/* Made at the first call; the same ever after, so that findings repeat. */
const struct cel_host *sample_host(void);

/* Memory that facts->alloc() gave out. */
void sample_release(void);

#endif
