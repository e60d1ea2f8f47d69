/*
 * payment_simulate.h - the member "simulate" of a payment.
 *
 * Private to gateway/payment.
 */
#ifndef GATEWAY_PAYMENT_PAYMENT_SIMULATE_H
#define GATEWAY_PAYMENT_PAYMENT_SIMULATE_H

#include "gateway/payment/payment_reader.h"

/* Of a struct payment_simulate. */
extern const struct shape simulate_shape;

/* Nothing asked for, and no string NULL. */
extern const struct payment_simulate simulate_empty;

#endif
