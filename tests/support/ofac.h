/* ofac.h - the OFAC list under ../shared/data, for tests and benchmarks of names. */
#ifndef TESTS_SUPPORT_OFAC_H
#define TESTS_SUPPORT_OFAC_H

#include <stdbool.h>

#include "policy/screening/list.h"

#define SHARED_DATA "../shared/data/"

/* The set of May 2024, for list_free(); false where the files are absent. */
bool ofac_load(struct list **list);

/* The cells of the next row of CSV at *at, which moves on; how many, 0 at the end. */
size_t csv_row(char **at, char **cells, size_t max);

#endif
