/* list.c - what can be said of a list that is loaded: words, age, its end. */
#include <stdio.h>
#include <stdlib.h>

#include "policy/screening/list_load.h"

#define MS_A_DAY (24 * 3600 * 1000LL)

static const char *const kind_names[LIST_KIND_COUNT] = {
    [LIST_PERSON] = "person", [LIST_COMPANY] = "company",   [LIST_BANK] = "bank",
    [LIST_VESSEL] = "vessel", [LIST_AIRCRAFT] = "aircraft", [LIST_OTHER] = "other",
};

static const char *const name_kind_names[] = {
    [LIST_NAME_PRIMARY] = "primary",
    [LIST_NAME_ALIAS] = "alias",
    [LIST_NAME_FORMER] = "former",
    [LIST_NAME_WEAK] = "weak",
};

const char *
list_kind_name(enum list_kind kind)
{
    return kind_names[kind];
}

const char *
list_name_kind_name(enum list_name_kind kind)
{
    return name_kind_names[kind];
}

void
list_free(struct list *list)
{
    if (!list)
        return;
    arena_release(&list->arena);
    free(list);
}

/* Days from 1970-01-01 to a date of our calendar. */
static int64_t
days_of(int year, int month, int day)
{
    int64_t y = year - (month <= 2), era = (y >= 0 ? y : y - 399) / 400, of_era = y - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

int
list_age_days(const struct list *list, int64_t now_ms)
{
    int year, month, day;
    int64_t age = -1;

    if (sscanf(list->published_on, "%4d-%2d-%2d", &year, &month, &day) == 3)
        age = now_ms / MS_A_DAY - days_of(year, month, day);
    else if (list->modified_ms)
        age = (now_ms - list->modified_ms) / MS_A_DAY;
    return age < 0 ? -1 : age > INT32_MAX ? INT32_MAX : (int)age;
}
