/*
 * payer_view.h - what of a payment's view, or of an event, its payer may read.
 *
 *   N1  "decision" and "internal" are left out wherever they stand.
 *   N2  events of type case.* are left out as a whole: that people look at a payment, and
 *       what they think of it, is the bank's own.
 *   N3  what is not an object as the bank writes them becomes an empty one.
 */
#ifndef GATEWAY_BANK_PAYER_VIEW_H
#define GATEWAY_BANK_PAYER_VIEW_H

#include <stddef.h>

#include "gateway/base/buffer.h"

/* view: of dossier_view(), or one event's record; appended to out as a JSON value. */
void view_for_payer(const char *view, size_t len, struct buffer *out);

#endif
