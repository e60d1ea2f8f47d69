/*
 * load_ofac_remarks.c - what OFAC says of an entry in one long sentence.
 *
 *     DOB 01 Jan 1970; nationality Russia; Passport 700000001 (Russia) expires 01 Jan
 *     2030; SWIFT/BIC PRIMRUMM; alt. Tax ID No. 7700000002 (Russia); a.k.a. 'BNC'.
 *
 * Items are parted by "; ".  Most begin with what they are and end with a country in
 * brackets.  What begins like nothing in the tables says nothing that we compare.
 */
#include <stdio.h>
#include <string.h>

#include "policy/screening/list_country.h"
#include "policy/screening/load_ofac.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The first row that an item begins with; longer ones stand before what they begin with. */
static const struct {
    const char *prefix;
    const char *type;
} identifiers[] = {
    /* clang-format off */
    {"Passport ",                                   "passport"},
    {"Diplomatic Passport ",                        "passport"},
    {"British National Overseas Passport ",         "passport"},
    {"Travel Document Number ",                     "passport"},
    {"Tax ID No. ",                                 "tax"}, /* of Russia: inn */
    {"V.A.T. Number ",                              "tax"},
    {"NIT # ",                                      "tax"},
    {"RUC # ",                                      "tax"},
    {"RIF # ",                                      "tax"},
    {"R.F.C. # ",                                   "tax"},
    {"R.F.C. ",                                     "tax"},
    {"Italian Fiscal Code ",                        "tax"},
    {"US FEIN ",                                    "tax"},
    {"C.U.I.T. ",                                   "tax"},
    {"C.I.F. ",                                     "tax"},
    {"RTN ",                                        "tax"},
    {"Registration Number ",                        "registration"},
    {"Registration ID ",                            "registration"},
    {"Business Registration Number ",               "registration"},
    {"Business Registration Document # ",           "registration"},
    {"MSB Registration Number ",                    "registration"},
    {"Business Number ",                            "registration"},
    {"Company Number IMO ",                         "imo_company"},
    {"Company Number ",                             "registration"},
    {"UK Company Number ",                          "registration"},
    {"Commercial Registry Number ",                 "registration"},
    {"C.R. No. ",                                   "registration"},
    {"Chamber of Commerce Number ",                 "registration"},
    {"Istanbul Chamber of Comm. No. ",              "registration"},
    {"Dubai Chamber of Commerce Membership No. ",   "registration"},
    {"Central Registration System Number ",         "registration"},
    {"Economic Register Number (CBLS) ",            "registration"},
    {"Public Registration Number ",                 "registration"},
    {"Certificate of Incorporation Number ",        "registration"},
    {"Enterprise Number ",                          "registration"},
    {"Folio Mercantil No. ",                        "registration"},
    {"Matricula Mercantil No ",                     "registration"},
    {"Trade License No. ",                          "registration"},
    {"License ",                                    "registration"},
    {"Branch Unit Number ",                         "registration"},
    {"File Number ",                                "registration"},
    {"Registered Charity No. ",                     "registration"},
    {"Organization Code ",                          "registration"},
    {"Government Gazette Number ",                  "gazette"},
    {"SWIFT/BIC ",                                  "bic"},
    {"BIK (RU) ",                                   "bik"},
    {"Legal Entity Number ",                        "lei"},
    {"Unified Social Credit Code (USCC) ",          "uscc"},
    {"United Social Credit Code Certificate (USCCC) ", "uscc"},
    {"D-U-N-S Number ",                             "duns"},
    {"Vessel Registration Identification IMO ",     "imo"},
    {"Vessel Registration Identification ",         ""},
    {"Identification Number IMO ",                  "imo_company"},
    {"MMSI ",                                       "mmsi"},
    {"Aircraft Tail Number ",                       "tail"},
    {"Previous Aircraft Tail Number ",              "tail"},
    {"Aircraft Manufacturer's Serial Number (MSN) ", "msn"},
    {"Aircraft Construction Number (also called L/N or S/N or F/N) ", "msn"},
    {"National ID No. ",                            "national"},
    {"National Foreign ID Number ",                 "national"},
    {"Identification Number ",                      "national"},
    {"Turkish Identification Number ",              "national"},
    {"Personal ID Card ",                           "national"},
    {"Tazkira National ID Card ",                   "national"},
    {"Citizen's Card Number ",                      "national"},
    {"SSN ",                                        "national"},
    {"C.U.I. ",                                     "national"},
    {"Numero de Identidad ",                        "national"},
    {"LE Number ",                                  "national"},
    {"Kenyan ID No. ",                              "national"},
    {"Residency Number ",                           "national"},
    {"Cedula No. ",                                 "national"},
    {"D.N.I. ",                                     "national"},
    {"C.U.R.P. # ",                                 "national"},
    {"C.U.R.P. ",                                   "national"},
    /* clang-format on */
};

static const char *const banks[] = {
    "Target Type Financial Institution",
    "Organization Type: Other monetary intermediation",
    "Organization Type: Central banking",
};

static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

/* What stands behind a prefix; false: it does not begin so. */
static bool
take(struct list_text item, const char *prefix, struct list_text *rest)
{
    size_t len;

    if (!text_begins(item, prefix))
        return false;
    len = strlen(prefix);
    *rest = (struct list_text){item.data + len, item.len - len};
    return true;
}

/* -- identifiers -- */

/* The country in the last brackets; value loses all brackets and what follows them. */
static const char *
value_country(struct list_text *value)
{
    static const char *const ends[] = {" (", " issued ", " expires ", ", expired "};
    const char *country = NULL;
    size_t from = 0; /* behind the bracket that is open; 0: none is */

    for (size_t i = 0; i < value->len; i++) {
        if (value->data[i] == '(')
            from = i + 1;
        if (value->data[i] != ')' || from == 0)
            continue;
        country = country_of_name((struct list_text){value->data + from, i - from});
        from = 0;
    }
    for (size_t i = 0; i < COUNT(ends); i++) {
        const char *end = memmem(value->data, value->len, ends[i], strlen(ends[i]));

        if (end)
            value->len = (size_t)(end - value->data);
    }
    return country;
}

static bool
identifier_take(struct list_build *build, struct draft *draft, struct list_text item,
                bool *is_utf8)
{
    for (size_t i = 0; i < COUNT(identifiers); i++) {
        const char *type = identifiers[i].type, *country;
        struct list_text value;

        if (!take(item, identifiers[i].prefix, &value))
            continue;
        country = value_country(&value);
        if (country && strcmp(country, "RU") == 0 && strcmp(type, "tax") == 0)
            type = "inn";
        *is_utf8 = draft_identifier(build, draft, type, value, country);
        return true;
    }
    return false;
}

/* -- dates -- */

/* Two digits, or one: 0 is neither. */
static int
day_of(struct list_text word)
{
    int day = 0;

    if (word.len < 1 || word.len > 2)
        return 0;
    for (size_t i = 0; i < word.len; i++)
        day = word.data[i] >= '0' && word.data[i] <= '9' ? day * 10 + word.data[i] - '0' : 99;
    return day <= 31 ? day : 0;
}

static int
month_of(struct list_text word)
{
    int month = 0;

    while (month < 12 && !text_is(word, months[month]))
        month++;
    return month < 12 ? month + 1 : 0;
}

static int
year_of(struct list_text word)
{
    int year = 0;

    if (word.len != 4)
        return 0;
    for (size_t i = 0; i < word.len; i++) {
        if (word.data[i] < '0' || word.data[i] > '9')
            return 0;
        year = year * 10 + word.data[i] - '0';
    }
    return year;
}

/* "10 Dec 1948", "Dec 1948", "1948": in the form of born_on; its year, 0 where it is none. */
static int
date_parse(struct arena *arena, struct list_text text, struct list_text *date)
{
    struct list_text words[3], rest = text_trim(text), word;
    int count = 0, year, month = 0, day = 0;

    while (text_cut(&rest, " ", &word)) {
        if (count == 3)
            return 0;
        words[count++] = word;
    }
    year = count ? year_of(words[count - 1]) : 0;
    if (count > 1)
        month = month_of(words[count - 2]);
    if (count > 2)
        day = day_of(words[0]);
    if (!year || (count > 1 && !month) || (count > 2 && !day))
        return 0;
    *date = text_of(day     ? arena_printf(arena, "%04d-%02d-%02d", year, month, day)
                    : month ? arena_printf(arena, "%04d-%02d", year, month)
                            : arena_printf(arena, "%04d", year));
    return year;
}

/* A day, "circa" one, or "1958 to 1963". */
static void
birth_take(struct load *load, struct draft *draft, struct list_text text)
{
    struct list_text first, rest = text, date, second;
    bool circa = take(text, "circa ", &rest);
    int from, to;

    text_cut(&rest, rest.len && memmem(rest.data, rest.len, " to ", 4) ? " to " : "-", &first);
    from = date_parse(load->scratch, first, &date);
    if (!from)
        return;
    to = rest.len ? date_parse(load->scratch, rest, &second) : from;
    if (circa)
        draft_born_between(&load->build, draft, from - 1, to + 1);
    else if (rest.len)
        draft_born_between(&load->build, draft, from, to);
    else
        draft_born_on(&load->build, draft, date);
}

/* -- an item -- */

/* Names stand in single quotes, which may stand in names too. */
static bool
weak_name_take(struct list_build *build, struct draft *draft, struct list_text quoted)
{
    const char *end = quoted.len ? memrchr(quoted.data, '\'', quoted.len) : NULL;
    struct list_text name = {quoted.data, end ? (size_t)(end - quoted.data) : quoted.len};

    return draft_name(build, draft, LIST_NAME_WEAK, name);
}

/* False: it is not UTF-8. */
static bool
item_take(struct load *load, struct draft *draft, struct list_text item)
{
    struct list_build *build = &load->build;
    struct list_text rest;
    bool is_utf8 = true;

    take(item, "alt. ", &item);
    if (take(item, "DOB ", &rest))
        birth_take(load, draft, rest);
    else if (take(item, "nationality ", &rest) || take(item, "citizen ", &rest))
        draft_country(build, draft, country_of_name(text_trim(rest)));
    else if (take(item, "a.k.a. '", &rest) || take(item, "f.k.a. '", &rest) ||
             take(item, "n.k.a. '", &rest))
        return weak_name_take(build, draft, rest);
    else if (!identifier_take(build, draft, item, &is_utf8))
        for (size_t i = 0; i < COUNT(banks); i++)
            draft->bank = draft->bank || text_begins(item, banks[i]);
    return is_utf8;
}

int
ofac_remarks(struct load *load, struct draft *draft, struct list_text remarks)
{
    struct list_text rest = remarks, item;
    bool is_utf8;

    if (rest.len > 0 && rest.data[rest.len - 1] == '.')
        rest.len--;
    is_utf8 = draft_remarks(&load->build, draft, remarks);
    while (is_utf8 && text_cut(&rest, "; ", &item))
        is_utf8 = item_take(load, draft, text_trim(item));
    if (is_utf8)
        return 0;
    draft->dropped = true;
    return load_fault(load, &load->files[0], 0, 0, "remarks that are not UTF-8: entry %.*s",
                      (int)draft->id.len, draft->id.data);
}
