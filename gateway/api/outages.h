/*
 * outages.h - simulated outages that end: which payments get 503, and until when.
 *
 *   O1  an outage begins with the first try of its uetr and ends so much real time
 *       later, for good: it is not begun again while it is remembered.
 *   O2  at most OUTAGES_MAX are remembered.  The one that began first is forgotten, and
 *       a try of its payment begins it anew.
 *
 * From any thread.
 */
#ifndef GATEWAY_API_OUTAGES_H
#define GATEWAY_API_OUTAGES_H

#include <stdint.h>

#define OUTAGES_MAX 1024

/* How long it still is, for_ms at the first try; 0: it is over. */
int64_t outage_left_ms(const uint8_t uetr[16], int64_t for_ms, int64_t now_ms);

#endif
