/*
 * good_guys_private.h - what reading one exception and reading all of them share.
 */
#ifndef POLICY_SCREENING_GOOD_GUYS_PRIVATE_H
#define POLICY_SCREENING_GOOD_GUYS_PRIVATE_H

#include "policy/document.h"
#include "policy/screening/good_guys.h"

#define GOOD_GUYS_TEXT     "good-guys" /* what faults call the text */
#define GOOD_GUY_ID_PREFIX "gg-"
#define GOOD_GUY_ID_DIGITS 12

/* One of the text, with all that the bank has set.  Where faults were noted, *out must not be
 * used.  All of it lives on faults->arena. */
void good_guy_read_stored(const struct value *value, struct good_guy *out,
                          struct good_guy_faults *faults);

#endif
