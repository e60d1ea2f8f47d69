/* list_country.h - a country as a list writes it, as ISO 3166-1 alpha-2. */
#ifndef POLICY_SCREENING_LIST_COUNTRY_H
#define POLICY_SCREENING_LIST_COUNTRY_H

#include "policy/screening/list_text.h"

/* "ru" or "RU": "RU"; NULL: no code of a country (XK, Kosovo, is taken for one). */
const char *country_of_code(struct list_text text);

/* "Korea, North": "KP"; NULL: not a name we know. */
const char *country_of_name(struct list_text text);

#endif
