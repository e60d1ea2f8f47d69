/*
 * chance.h - dice that fall the same way again.
 *
 * What a rule leaves to chance depends on the seed, the payment, the rule and
 * the place in it, and on nothing else: the same payment judged twice under one
 * seed meets the same luck, and two places in a rule do not meet each other's.
 */
#ifndef POLICY_CHANCE_H
#define POLICY_CHANCE_H

#include <stdint.h>

#define CHANCE_UETR_LENGTH 36

/*
 * In [0, 1): the first 53 bits of SHA-256(seed, uetr, rule, site) / 2^53, the
 * hash being over the seed as 8 bytes big-endian, the uetr's characters, the
 * rule's id with its NUL and the site as 4 bytes big-endian.
 */
double chance_draw(uint64_t seed, const char *uetr, const char *rule, uint32_t site);

#endif
