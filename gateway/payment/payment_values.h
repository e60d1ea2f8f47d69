/*
 * payment_values.h - read functions for single fields; record is as noted.
 *
 * Private to gateway/payment.
 */
#ifndef GATEWAY_PAYMENT_PAYMENT_VALUES_H
#define GATEWAY_PAYMENT_PAYMENT_VALUES_H

#include "gateway/payment/payment_reader.h"

#define PAYMENT_SHARE_WHOLE 1000000u /* millionths */

/* struct payment */
void read_uetr(struct reader *reader, const struct path *path, const cJSON *json,
               const struct field *field, void *record);
void read_created_at(struct reader *reader, const struct path *path, const cJSON *json,
                     const struct field *field, void *record);
void read_amount_value(struct reader *reader, const struct path *path, const cJSON *json,
                       const struct field *field, void *record);

/* struct policy_goods */
void read_goods_value(struct reader *reader, const struct path *path, const cJSON *json,
                      const struct field *field, void *record);
void read_quantity(struct reader *reader, const struct path *path, const cJSON *json,
                   const struct field *field, void *record);
void read_hs_code(struct reader *reader, const struct path *path, const cJSON *json,
                  const struct field *field, void *record);

/* struct policy_owner */
void read_share(struct reader *reader, const struct path *path, const cJSON *json,
                const struct field *field, void *record);

/* An object of identifiers, as many as are without fault; *out is on the arena. */
uint32_t identifiers_read(struct reader *reader, const struct path *path, const cJSON *json,
                          const struct policy_identifier *const **out);

#endif
