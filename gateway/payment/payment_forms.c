/*
 * payment_forms.c - one check a form, and how a fault describes it.
 *
 * Registration numbers are checked for their form only: the parties here are
 * fictional, and a number with a right check digit might be somebody's.
 */
#include "gateway/payment/payment_forms.h"

#include <string.h>

#include "gateway/payment/codes.h"
#include "gateway/payment/money.h"

#define ID_MAX      35
#define ACCOUNT_MAX 34

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool
is_upper_or_digit(char c)
{
    return is_digit(c) || (c >= 'A' && c <= 'Z');
}

/* How many of the first max characters are of a kind; -1 if another comes before the end. */
static int
length_of(const char *text, bool (*kind)(char), int max)
{
    int length = 0;

    while (length < max && kind(text[length]))
        length++;
    return text[length] == '\0' ? length : -1;
}

static bool
is_one_of(const char *text, const char *const *words)
{
    for (; *words; words++)
        if (strcmp(text, *words) == 0)
            return true;
    return false;
}

static bool
is_currency(const char *text)
{
    return currency_decimals(text) >= 0;
}

static bool
is_decimal(const char *text)
{
    const char *at = text;

    if (!is_digit(*at) || (*at == '0' && is_digit(at[1])))
        return false;
    while (is_digit(*at))
        at++;
    if (*at == '.' && is_digit(at[1]))
        for (at++; is_digit(*at);)
            at++;
    return *at == '\0';
}

static bool
is_rail(const char *text)
{
    return is_one_of(text, (const char *const[]){"SWIFT", "CIPS", "SPFS", NULL});
}

static bool
is_charge_bearer(const char *text)
{
    return is_one_of(text, (const char *const[]){"DEBT", "CRED", "SHAR", "SLEV", NULL});
}

static bool
is_kind(const char *text)
{
    return is_one_of(text, (const char *const[]){"person", "company", NULL});
}

static bool
is_outcome(const char *text)
{
    return is_one_of(text, (const char *const[]){"approved", "held", "blocked", NULL});
}

static bool
is_action(const char *text)
{
    return is_one_of(text, (const char *const[]){"accept", "hold", "request_information",
                                                 "reject", "return", "freeze", NULL});
}

static bool
is_hold_end(const char *text)
{
    return is_one_of(text, (const char *const[]){"release", "return", "reject", NULL});
}

static bool
is_fault(const char *text)
{
    return is_one_of(
        text, (const char *const[]){"drop", "drop_before", "reset", "unavailable", NULL});
}

static bool
is_reason(const char *text)
{
    return code_is_status_reason(text) || code_is_return_reason(text);
}

static bool
is_purpose_code(const char *text)
{
    return length_of(text, is_upper_or_digit, ID_MAX) > 0;
}

/* ISO 17442: 18 characters and two check digits. */
static bool
is_lei(const char *text)
{
    return length_of(text, is_upper_or_digit, 20) == 20 && is_digit(text[18]) &&
           is_digit(text[19]);
}

static bool
is_inn(const char *text)
{
    int length = length_of(text, is_digit, 12);

    return length == 10 || length == 12;
}

static bool
is_kpp(const char *text)
{
    return length_of(text, is_upper_or_digit, 9) == 9;
}

static bool
is_ogrn(const char *text)
{
    int length = length_of(text, is_digit, 15);

    return length == 13 || length == 15;
}

/* GB 32100-2015 */
static bool
is_uscc(const char *text)
{
    return length_of(text, is_upper_or_digit, 18) == 18;
}

static bool
is_duns(const char *text)
{
    return length_of(text, is_digit, 9) == 9;
}

/* clang-format off */
const struct text_form form_text    = { .characters_max = PAYMENT_STRING_MAX };
const struct text_form form_lines   = { .characters_max = PAYMENT_STRING_MAX, .multiline = true };
const struct text_form form_id      = { .characters_max = ID_MAX };
const struct text_form form_account = { .characters_max = ACCOUNT_MAX };

const struct text_form form_country  = { .check = code_is_country, .expected = "an ISO 3166-1 alpha-2 country code such as CN" };
const struct text_form form_currency = { .check = is_currency,     .expected = "an ISO 4217 code of a currency in circulation such as CNY" };
const struct text_form form_bic      = { .check = code_is_bic,     .expected = "a BIC of 8 or 11 characters such as HLDBCNBS" };
const struct text_form form_cnaps    = { .check = code_is_cnaps,   .expected = "a CNAPS code of 12 digits with a right check digit" };
const struct text_form form_hs       = { .check = code_is_hs,      .expected = "an HS code of 6 to 10 digits such as 854231" };
const struct text_form form_imo      = { .check = code_is_imo,     .expected = "an IMO number of 7 digits with a right check digit" };
const struct text_form form_date     = { .check = code_is_date,    .expected = "a date that exists, such as 2024-04-17" };
const struct text_form form_decimal  = { .check = is_decimal,      .expected = "a decimal number in a string such as \"1250000.00\"" };

const struct text_form form_rail          = { .check = is_rail,          .expected = "SWIFT, CIPS or SPFS" };
const struct text_form form_charge_bearer = { .check = is_charge_bearer, .expected = "DEBT, CRED, SHAR or SLEV" };
const struct text_form form_kind          = { .check = is_kind,          .expected = "person or company" };
const struct text_form form_purpose_code  = { .check = is_purpose_code,  .expected = "1 to 35 capital letters and digits such as CGODDR" };
const struct text_form form_outcome       = { .check = is_outcome,       .expected = "approved, held or blocked" };
const struct text_form form_action        = { .check = is_action,        .expected = "accept, hold, request_information, reject, return or freeze" };
const struct text_form form_hold_end      = { .check = is_hold_end,      .expected = "release, return or reject" };
const struct text_form form_fault         = { .check = is_fault,         .expected = "drop, drop_before, reset or unavailable" };
const struct text_form form_reason        = { .check = is_reason,        .expected = "an ISO 20022 status or return reason code such as RR04" };

const struct text_form form_lei  = { .check = is_lei,  .expected = "an LEI of 20 characters" };
const struct text_form form_inn  = { .check = is_inn,  .expected = "an INN of 10 or 12 digits" };
const struct text_form form_kpp  = { .check = is_kpp,  .expected = "a KPP of 9 characters" };
const struct text_form form_ogrn = { .check = is_ogrn, .expected = "an OGRN of 13 or 15 digits" };
const struct text_form form_uscc = { .check = is_uscc, .expected = "a unified social credit code of 18 characters" };
const struct text_form form_duns = { .check = is_duns, .expected = "a D-U-N-S number of 9 digits" };
/* clang-format on */
