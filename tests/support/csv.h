/* csv.h - one column of a CSV file under ../shared/data, for tests that compare our tables. */
#ifndef TESTS_SUPPORT_CSV_H
#define TESTS_SUPPORT_CSV_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Calls each(context, cells) for every row below the head, cells[i] being the
 * text in the column named columns[i] ("" where the row is short).  Quoted
 * cells are resolved.  False, and no call, where the file is absent: then
 * skip() the test.  Lines are at most 64 KiB and hold no line break in a cell.
 */
bool csv_each(const char *path, const char *const *columns, size_t count,
              void (*each)(void *context, const char *const *cells), void *context);

#endif
