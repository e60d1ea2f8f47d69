/*
 * payment_forms.h - the forms that strings of a payment take.
 *
 * Private to gateway/payment.
 */
#ifndef GATEWAY_PAYMENT_PAYMENT_FORMS_H
#define GATEWAY_PAYMENT_PAYMENT_FORMS_H

#include "gateway/payment/payment_reader.h"

extern const struct text_form form_text;     /* one line */
extern const struct text_form form_lines;    /* may hold line breaks */
extern const struct text_form form_id;       /* ISO 20022 Max35Text */
extern const struct text_form form_account;  /* ISO 20022 Max34Text */
extern const struct text_form form_country;  /* ISO 3166-1 alpha-2 */
extern const struct text_form form_currency; /* ISO 4217 */
extern const struct text_form form_bic;      /* ISO 9362 */
extern const struct text_form form_cnaps;
extern const struct text_form form_hs;
extern const struct text_form form_imo;
extern const struct text_form form_date;
extern const struct text_form form_decimal; /* "1250000.00", any number of decimals */
extern const struct text_form form_rail;
extern const struct text_form form_charge_bearer;
extern const struct text_form form_kind;
extern const struct text_form form_purpose_code;
extern const struct text_form form_outcome;
extern const struct text_form form_action;
extern const struct text_form form_hold_end;
extern const struct text_form form_fault;
extern const struct text_form form_reason;
extern const struct text_form form_lei;
extern const struct text_form form_inn;
extern const struct text_form form_kpp;
extern const struct text_form form_ogrn;
extern const struct text_form form_uscc;
extern const struct text_form form_duns;

#endif
