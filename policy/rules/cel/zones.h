/*
 * zones.h - how far a place is from UTC at a moment: "Asia/Shanghai", "+05:30", "UTC".
 *
 * Names are those of the IANA time zone database, read from the system's files
 * (Debian's package tzdata, or the folder that TZDIR names).
 *
 *   Z1  a zone's file is read once in the life of the process and never changes
 *       afterwards; after that the look-up takes no lock.
 *   Z2  a name reaches no file outside the folder: it begins with a capital
 *       letter, as all zones do, and has letters, digits and _ + / - only.
 */
#ifndef POLICY_RULES_CEL_ZONES_H
#define POLICY_RULES_CEL_ZONES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ZONE_NAME_MAX  64
#define ZONE_BYTES_MAX 65536 /* of a file; the largest has some 4,000 */
#define ZONES_MAX      1024  /* all there are: about 600 */
#define ZONE_ERROR_MAX 200

/* Loads it if need be, so that the first payment does not have to. */
bool cel_zone_known(const char *name);

/* Seconds east of UTC at `seconds` since 1970.  False with a sentence in why. */
bool cel_zone_offset(const char *name, size_t len, int64_t seconds, int32_t *offset,
                     char why[ZONE_ERROR_MAX]);

#endif
