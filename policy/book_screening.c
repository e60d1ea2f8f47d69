/* book_screening.c - what a book says of lists: which, how alike, whose rule of ownership. */
#include "policy/book_screening.h"

#include <string.h>

#include "policy/screening/list_load.h"

static const char *const kinds[BOOK_SCORE_KINDS + 1] = {"person", "company", "vessel", NULL};

static int
read_required(const struct value *value, struct arena *arena, struct book_screening *out,
              struct error *err)
{
    struct value item = {0};

    if (!value->json)
        return 0;
    if (value_array(value, 0, BOOK_LISTS_MAX, err) != 0)
        return -1;
    out->required = arena_alloc(arena, BOOK_LISTS_MAX * sizeof(*out->required));
    while (value_next(value, &item)) {
        const char **name = &out->required[out->required_count];

        if (value_text(&item, name, err) != 0)
            return -1;
        if (strcmp(*name, "*") != 0 && !list_name_is_valid(*name))
            return value_fault(&item, err, "the name of a list, or \"*\" for one or more");
        out->required_count++;
    }
    return 0;
}

static int
read_threshold(const struct value *value, struct book_threshold *out, struct error *err)
{
    if (value_object(value, kinds, err) != 0)
        return -1;
    *out = (struct book_threshold){.list = value->name};
    if (strcmp(out->list, "*") != 0 && !list_name_is_valid(out->list))
        return value_fault(value, err, "the name of a list, or \"*\" for those not named");
    for (int k = 0; k < BOOK_SCORE_KINDS; k++) {
        struct value score = value_member(value, kinds[k]);

        if (!score.json)
            continue;
        if (!cJSON_IsNumber(score.json) || score.json->valuedouble < BOOK_SCORE_LEAST ||
            score.json->valuedouble > 1)
            return value_fault(&score, err, "a score of 0.5 to 1");
        out->of[k] = (float)score.json->valuedouble;
    }
    return 0;
}

static int
read_thresholds(const struct value *value, struct arena *arena, struct book_screening *out,
                struct error *err)
{
    struct value item = {0};

    if (!value->json)
        return 0;
    if (!cJSON_IsObject(value->json) || cJSON_GetArraySize(value->json) > BOOK_LISTS_MAX)
        return value_fault(value, err, "an object of at most 64 lists");
    out->thresholds = arena_alloc(arena, BOOK_LISTS_MAX * sizeof(*out->thresholds));
    while (value_next(value, &item))
        if (read_threshold(&item, &out->thresholds[out->threshold_count++], err) != 0)
            return -1;
    return 0;
}

static int
read_ownership(const struct value *value, struct book_screening *out, struct error *err)
{
    const char *law;

    if (!value->json)
        return 0;
    if (value_text(value, &law, err) != 0)
        return -1;
    out->eu_ownership = strcmp(law, "eu") == 0;
    return out->eu_ownership || strcmp(law, "ofac") == 0
               ? 0
               : value_fault(value, err, "\"ofac\" or \"eu\"");
}

int
book_read_screening(const struct value *value, struct arena *arena, struct book_screening *out,
                    struct error *err)
{
    static const char *const names[] = {"required", "thresholds", "ownership", NULL};
    struct value required = value_member(value, "required");
    struct value thresholds = value_member(value, "thresholds");
    struct value ownership = value_member(value, "ownership");

    if (!value->json)
        return 0;
    if (value_object(value, names, err) != 0 ||
        read_required(&required, arena, out, err) != 0 ||
        read_thresholds(&thresholds, arena, out, err) != 0)
        return -1;
    return read_ownership(&ownership, out, err);
}

static float
threshold_named(const struct book_screening *screening, const char *list, int kind)
{
    for (size_t i = 0; i < screening->threshold_count; i++)
        if (strcmp(screening->thresholds[i].list, list) == 0)
            return screening->thresholds[i].of[kind];
    return 0;
}

float
book_threshold(const struct book *book, const char *list, int kind)
{
    float own = threshold_named(&book->screening, list, kind);

    return own > 0 ? own : threshold_named(&book->screening, "*", kind);
}
