/*
 * codes.c - checks of single codes; the tables of reasons are in codes_reason.c.
 *
 * Each check reads no further than the first byte that is wrong, so text may
 * be shorter than the code it should be.
 */
#include "gateway/payment/codes.h"

#include <stddef.h>
#include <string.h>

#include "gateway/base/time.h"

#define BIC_LENGTH        8
#define BIC_BRANCH_LENGTH 11
#define HS_LENGTH_MIN     6
#define HS_LENGTH_MAX     10
#define HS_CHAPTER_UNUSED 77 /* kept free by the Harmonized System */
#define HS_CHAPTER_MAX    97 /* 98 and 99 are for national use */
#define CNAPS_LENGTH      12
#define IMO_LENGTH        7

/*
 * ISO 3166-1 alpha-2: 249 codes by first letter, each string the second letters.
 * Also XK (Kosovo), which is user-assigned and what SWIFT's BICs carry.
 */
static const char *const country_seconds[26] = {
    "DEFGILMOQRSTUWXZ",        /* A */
    "ABDEFGHIJLMNOQRSTVWYZ",   /* B */
    "ACDFGHIKLMNORUVWXYZ",     /* C */
    "EJKMOZ",                  /* D */
    "CEGHRST",                 /* E */
    "IJKMOR",                  /* F */
    "ABDEFGHILMNPQRSTUWY",     /* G */
    "KMNRTU",                  /* H */
    "DELMNOQRST",              /* I */
    "EMOP",                    /* J */
    "EGHIMNPRWYZ",             /* K */
    "ABCIKRSTUVY",             /* L */
    "ACDEFGHKLMNOPQRSTUVWXYZ", /* M */
    "ACEFGILOPRUZ",            /* N */
    "M",                       /* O */
    "AEFGHKLMNRSTWY",          /* P */
    "A",                       /* Q */
    "EOSUW",                   /* R */
    "ABCDEGHIJKLMNORSTVXYZ",   /* S */
    "CDFGHJKLMNORTVWZ",        /* T */
    "AGMSYZ",                  /* U */
    "ACEGINU",                 /* V */
    "FS",                      /* W */
    "K",                       /* X */
    "ET",                      /* Y */
    "AMW",                     /* Z */
};

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool
is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

/* Exactly length digits, then the end. */
static bool
all_digits(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (!is_digit(text[i]))
            return false;
    return text[length] == '\0';
}

bool
code_is_currency(const char *text)
{
    return is_upper(text[0]) && is_upper(text[1]) && is_upper(text[2]) && text[3] == '\0';
}

/* first is a capital letter. */
static bool
country_known(char first, char second)
{
    for (const char *s = country_seconds[first - 'A']; *s; s++)
        if (*s == second)
            return true;
    return false;
}

bool
code_is_country(const char *text)
{
    return is_upper(text[0]) && country_known(text[0], text[1]) && text[2] == '\0';
}

/*
 * ISO 9362:2022: party prefix, country, party suffix, branch.  The standard
 * allows digits in the prefix; none was ever assigned, and a digit there is a
 * typing error more often than not, so letters it is.
 */
bool
code_is_bic(const char *text)
{
    size_t length;

    for (length = 0; length < BIC_BRANCH_LENGTH && text[length]; length++)
        if (!is_upper(text[length]) && (length < 6 || !is_digit(text[length])))
            return false;
    return (length == BIC_LENGTH || length == BIC_BRANCH_LENGTH) && text[length] == '\0' &&
           country_known(text[4], text[5]);
}

static int
hex_digit(char c)
{
    if (is_digit(c))
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* RFC 9562: xxxxxxxx-xxxx-4xxx-Vxxx-xxxxxxxxxxxx, V one of 8, 9, a, b. */
bool
code_is_uetr(const char *text, uint8_t bytes[16])
{
    for (int i = 0; i < 16; i++) {
        int high, low;

        if ((i == 4 || i == 6 || i == 8 || i == 10) && *text++ != '-')
            return false;
        high = hex_digit(text[0]);
        low = high < 0 ? -1 : hex_digit(text[1]);
        if (low < 0)
            return false;
        bytes[i] = (uint8_t)(high << 4 | low);
        text += 2;
    }
    return *text == '\0' && bytes[6] >> 4 == 4 && bytes[8] >> 6 == 2;
}

/* World Customs Organization: two digits chapter, two heading, two subheading. */
bool
code_is_hs(const char *text)
{
    size_t length = strnlen(text, HS_LENGTH_MAX + 1);
    int chapter;

    if (length < HS_LENGTH_MIN || length > HS_LENGTH_MAX || !all_digits(text, length))
        return false;
    chapter = (text[0] - '0') * 10 + (text[1] - '0');
    return chapter >= 1 && chapter <= HS_CHAPTER_MAX && chapter != HS_CHAPTER_UNUSED;
}

/* The CNAPS bank number of the People's Bank of China; ISO 7064 MOD 11,10, pure system. */
bool
code_is_cnaps(const char *text)
{
    int product = 10, sum;

    if (!all_digits(text, CNAPS_LENGTH))
        return false;
    for (int i = 0; i < CNAPS_LENGTH - 1; i++) {
        sum = (text[i] - '0' + product) % 10;
        product = (sum ? sum : 10) * 2 % 11;
    }
    return (product + text[CNAPS_LENGTH - 1] - '0') % 10 == 1;
}

/* IMO ship identification number: weights 7 to 2, the last digit of the sum. */
bool
code_is_imo(const char *text)
{
    int sum = 0;

    if (!all_digits(text, IMO_LENGTH) || text[0] == '0')
        return false;
    for (int i = 0; i < IMO_LENGTH - 1; i++)
        sum += (text[i] - '0') * (IMO_LENGTH - i);
    return sum % 10 == text[IMO_LENGTH - 1] - '0';
}

static int
digits_value(const char *text, int count)
{
    int value = 0;

    for (int i = 0; i < count; i++)
        value = value * 10 + (text[i] - '0');
    return value;
}

bool
code_is_date(const char *text)
{
    static const char form[] = "dddd-dd-dd";

    for (size_t i = 0; i < sizeof(form) - 1; i++)
        if (form[i] == 'd' ? !is_digit(text[i]) : text[i] != form[i])
            return false;
    return text[sizeof(form) - 1] == '\0' &&
           date_is_valid(digits_value(text, 4), digits_value(text + 5, 2),
                         digits_value(text + 8, 2));
}
