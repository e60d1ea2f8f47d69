/*
 * store_lock.h - one gateway a file.
 *
 * Two writers on one store would both number from the same head.  The lock
 * belongs to the open file, so the kernel drops it however the process ends.
 */
#ifndef GATEWAY_STORE_LOCK_H
#define GATEWAY_STORE_LOCK_H

#include "gateway/base/error.h"

/*
 * Open path for reading and writing, creating it if need be, and lock it.
 * Returns the descriptor, or -1 with one line in err.  Close it only after
 * SQLite has closed the file: closing any descriptor of a file drops all the
 * POSIX locks that the process holds on it, SQLite's too.
 */
int store_lock(const char *path, struct error *err) __attribute__((warn_unused_result));

#endif
