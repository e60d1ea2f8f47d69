/*
 * reload.h - SIGHUP: the files are read again: keys let in, book and packs judge.
 *
 * A thread of its own waits for the signal, because reading takes as long as a
 * start does and a handler may do nothing.  What does not load is logged and
 * changes nothing.
 */
#ifndef GATEWAY_RELOAD_H
#define GATEWAY_RELOAD_H

#include "gateway/access/keys.h"
#include "gateway/bank/bank.h"

/* Before any other thread is made: they inherit that the signal is not theirs. */
void reload_block(void);

/*
 * From now on a SIGHUP is a keys_reload() and a bank_reload(), those of before included.
 * Either may be refused; the other is done all the same.
 */
int reload_start(struct keys *keys, struct bank *bank, struct error *err)
    __attribute__((warn_unused_result));

/* Waits for a reload that is under way.  Without a start it does nothing. */
void reload_stop(void);

#endif
