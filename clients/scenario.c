/* scenario.c - the file around the steps. */
#include <math.h>

#include "clients/scenario_reader.h"
#include "gateway/base/json.h"
#include "gateway/base/time.h"

static const struct member scenario_members[] = {
    /* clang-format off */
    { "scenario", cJSON_String, true },
    { "title",    cJSON_String, false },
    { "seed",     cJSON_Number, false },
    { "clock",    cJSON_String, true },
    { "book",     cJSON_String, false },
    { "steps",    cJSON_Array,  true },
    { NULL, 0, false },
    /* clang-format on */
};

static int
steps_read(struct scenario_reader *reader, const char *file, const cJSON *steps)
{
    struct scenario *scenario = reader->scenario;
    size_t count = (size_t)cJSON_GetArraySize(steps), i = 0;
    const cJSON *step;

    if (count == 0 || count > SCENARIO_STEPS_MAX)
        return error_set(reader->err, ERROR_INVALID, "%s: /steps: must have 1 to %d steps",
                         file, SCENARIO_STEPS_MAX);
    scenario->steps = arena_alloc(reader->arena, count * sizeof(*scenario->steps));
    scenario->step_count = count;
    cJSON_ArrayForEach(step, steps)
    {
        reader->where = arena_printf(reader->arena, "%s: step %zu, /steps/%zu", file, i + 1, i);
        if (scenario_step_read(reader, step, i, &scenario->steps[i]) != 0)
            return -1;
        i++;
    }
    return 0;
}

static int
seed_read(const struct scenario_reader *reader, const cJSON *json)
{
    const cJSON *seed = cJSON_GetObjectItemCaseSensitive(json, "seed");
    double value = seed ? seed->valuedouble : 1;

    if (value != floor(value) || value < 0 || value > (double)SCENARIO_SEED_MAX)
        return error_set(reader->err, ERROR_INVALID,
                         "%s/seed: must be a whole number from 0 to %lld", reader->where,
                         SCENARIO_SEED_MAX);
    reader->scenario->seed = (int64_t)value;
    return 0;
}

static int
clock_read(const struct scenario_reader *reader)
{
    struct error why = {0};
    struct clock clock;

    if (clock_init(&clock, reader->scenario->clock, &why) != 0)
        return error_set(reader->err, ERROR_INVALID, "%s/clock: %.300s", reader->where,
                         why.text);
    return 0;
}

int
scenario_read(struct arena *arena, const char *file, const char *text, size_t len,
              struct scenario *out, struct error *err)
{
    struct scenario_reader reader = {.arena = arena, .scenario = out, .err = err};
    struct error why = {0};
    cJSON *json;

    *out = (struct scenario){0};
    reader.where = arena_printf(arena, "%s: ", file);
    if (json_parse(arena, text, len, &json, &why) != 0)
        return error_set(err, ERROR_INVALID, "%s: %.300s", file, why.text);
    if (!cJSON_IsObject(json))
        return error_set(err, ERROR_INVALID, "%s: must be an object", file);
    if (scenario_check(&reader, json, scenario_members) != 0)
        return -1;
    out->name = scenario_text(json, "scenario", "");
    out->title = scenario_text(json, "title", "");
    out->clock = scenario_text(json, "clock", "");
    out->book = scenario_text(json, "book", "");
    if (seed_read(&reader, json) != 0 || clock_read(&reader) != 0)
        return -1;
    return steps_read(&reader, file, cJSON_GetObjectItemCaseSensitive(json, "steps"));
}
