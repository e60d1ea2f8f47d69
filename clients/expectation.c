/* expectation.c - one table of what can be expected and where an answer has it. */
#include "clients/expectation.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "clients/answer.h"
#include "gateway/base/buffer.h"

#define NOTHING "nothing"

enum how { TEXT, BEGINS, CONTAINS, NUMBER, NAMES };

static const struct expectable {
    const char *name;
    enum how how;
    const char *path;  /* in the answer; "@at" is a member of its latest event */
    const char *items; /* NAMES: the member of its items to look at, where they are objects */
    const char *words; /* the only values there are, each with a blank after it; "": any */
    bool may_be_null;
} table[EXPECT_MEMBERS_MAX] = {
    /* clang-format off */
    { "outcome",               TEXT,     "outcome",                     NULL,  "approved held blocked ", false },
    { "state",                 TEXT,     "state",                       NULL,  "received accepted held awaiting_information released "
                                                                               "credited rejected returned frozen cancelled ", false },
    { "action",                TEXT,     "decision/action",             NULL,  "accept request_information hold return reject freeze ", false },
    { "reason_code",           TEXT,     "decision/reason/code",        NULL,  "", true },
    { "disclosed_reason_code", TEXT,     "iso20022/reason_code",        NULL,  "", true },
    { "disclosed_reason",      TEXT,     "disclosed_reason",            NULL,  "", true },
    { "transaction_status",    TEXT,     "iso20022/transaction_status", NULL,  "", true },
    { "rules",                 NAMES,    "decision/rules",              "id",  "", false },
    { "kits",                  NAMES,    "decision/kits",               "kit", "", false },
    { "at",                    BEGINS,   "@at",                         NULL,  "", false },
    { "cause",                 TEXT,     "@internal/cause",             NULL,  "", false },
    { "actor",                 TEXT,     "@internal/actor",             NULL,  "", false },
    { "returned",              TEXT,     "returned/value",              NULL,  "", true },
    { "charges",               TEXT,     "returned/charges",            NULL,  "", true },
    { "status",                TEXT,     "iso20022/status",             NULL,  "CNCL PDCR RJCR ", false },
    { "completeness",          TEXT,     "completeness",                NULL,  "complete partial contradictory ", false },
    { "missing",               NAMES,    "missing",                     "request", "", false },
    { "disposition",           TEXT,     "disposition",                 NULL,  "false_positive true_match inconclusive ", true },
    { "events",                NUMBER,   "events",                      NULL,  "", false },
    { "error",                 NUMBER,   "status",                      NULL,  "", false },
    /* clang-format on */
};

/* It goes with error, and is looked for in more than one place. */
static const struct expectable detail = {"detail", CONTAINS, "detail", NULL, "", false};

static const struct expectable *
expectable_find(const char *name)
{
    for (size_t i = 0; i < EXPECT_MEMBERS_MAX; i++)
        if (strcmp(table[i].name, name) == 0)
            return &table[i];
    return strcmp(name, detail.name) == 0 ? &detail : NULL;
}

static bool
word_is_among(const char *word, const char *words)
{
    size_t len = strlen(word);

    while (*words) {
        size_t next = strcspn(words, " ");

        if (next == len && strncmp(words, word, len) == 0)
            return true;
        words += next + 1;
    }
    return false;
}

static int
text_read(const struct expectable *expectable, const cJSON *value, const char *where,
          struct error *err)
{
    if (expectable->may_be_null && cJSON_IsNull(value))
        return 0;
    if (!cJSON_IsString(value))
        return error_set(err, ERROR_INVALID, "%s/%s: must be a string%s", where,
                         expectable->name, expectable->may_be_null ? " or null" : "");
    if (expectable->how != TEXT && value->valuestring[0] == '\0') /* X2 */
        return error_set(err, ERROR_INVALID, "%s/%s: \"\" would be met by any answer", where,
                         expectable->name);
    if (expectable->words[0] && !word_is_among(value->valuestring, expectable->words))
        return error_set(err, ERROR_INVALID, "%s/%s: \"%.40s\" is none of %.*s", where,
                         expectable->name, value->valuestring,
                         (int)strlen(expectable->words) - 1, expectable->words);
    return 0;
}

static int
names_read(const struct expectable *expectable, const cJSON *value, const char *where,
           struct error *err)
{
    const cJSON *item;
    int i = 0;

    if (!cJSON_IsArray(value))
        return error_set(err, ERROR_INVALID, "%s/%s: must be an array of strings", where,
                         expectable->name);
    cJSON_ArrayForEach(item, value)
    {
        if (!cJSON_IsString(item))
            return error_set(err, ERROR_INVALID, "%s/%s/%d: must be a string", where,
                             expectable->name, i);
        i++;
    }
    return 0;
}

static int
number_read(const struct expectable *expectable, const cJSON *value, const char *where,
            struct error *err)
{
    if (!cJSON_IsNumber(value) || value->valuedouble < 0 ||
        value->valuedouble != floor(value->valuedouble))
        return error_set(err, ERROR_INVALID, "%s/%s: must be a whole number", where,
                         expectable->name);
    return 0;
}

static int
value_read(const struct expectable *expectable, const cJSON *value, const char *where,
           struct error *err)
{
    if (expectable->how == NAMES)
        return names_read(expectable, value, where, err);
    if (expectable->how == NUMBER)
        return number_read(expectable, value, where, err);
    return text_read(expectable, value, where, err);
}

bool
expectation_is_refusal(const cJSON *expect)
{
    return cJSON_GetObjectItemCaseSensitive(expect, "error") != NULL;
}

/* X4 */
static int
refusal_read(const cJSON *expect, const char *where, struct error *err)
{
    bool refusal = expectation_is_refusal(expect);
    const cJSON *member;

    cJSON_ArrayForEach(member, expect)
    {
        bool its =
            strcmp(member->string, "error") == 0 || strcmp(member->string, "detail") == 0;

        if (refusal && !its && strcmp(member->string, "payment") != 0)
            return error_set(err, ERROR_INVALID,
                             "%s/%.40s: does not go with error, which expects a refusal", where,
                             member->string);
        if (!refusal && its)
            return error_set(err, ERROR_INVALID, "%s/detail: goes with error alone", where);
    }
    return 0;
}

int
expectation_read(const cJSON *expect, const char *where, struct error *err)
{
    const cJSON *member;
    int checks = 0;

    cJSON_ArrayForEach(member, expect)
    {
        const struct expectable *expectable = expectable_find(member->string);

        if (strcmp(member->string, "payment") == 0)
            continue;
        if (!expectable)
            return error_set(err, ERROR_INVALID,
                             "%s/%.40s: nothing of this name can be expected", where,
                             member->string);
        if (value_read(expectable, member, where, err) != 0)
            return -1;
        checks++;
    }
    if (checks == 0)
        return error_set(err, ERROR_INVALID, "%s: expects nothing", where);
    return refusal_read(expect, where, err);
}

/* What an item is called: it is its own name, or has it in a member. */
static const char *
item_name(const cJSON *item, const char *member)
{
    return cJSON_IsString(item) ? item->valuestring : answer_text(item, member);
}

/* Is there an item of this name? */
static bool
items_have(const cJSON *items, const char *member, const char *text)
{
    const cJSON *item;

    cJSON_ArrayForEach(item, items)
    {
        if (strcmp(item_name(item, member), text) == 0)
            return true;
    }
    return false;
}

/* "KIT-01, CNY-01" */
static const char *
names_join(struct arena *arena, const cJSON *items, const char *member)
{
    const cJSON *item;
    struct buffer names;

    buffer_init(&names, arena, 64);
    cJSON_ArrayForEach(item, items)
    {
        if (names.len > 0)
            buffer_text(&names, ", ");
        buffer_text(&names, item_name(item, member));
    }
    return names.len > 0 ? buffer_terminate(&names) : NOTHING;
}

static bool
names_match(const struct expectable *expectable, const cJSON *expected, const cJSON *found)
{
    const cJSON *name;

    if (cJSON_GetArraySize(expected) == 0)
        return cJSON_GetArraySize(found) == 0;
    cJSON_ArrayForEach(name, expected)
    {
        if (!items_have(found, expectable->items, name->valuestring))
            return false;
    }
    return true;
}

/* The value, in the latest event where the path says so; a case has its payment inside. */
static const cJSON *
value_at(const cJSON *answer, const char *path)
{
    const cJSON *events, *value;

    if (path[0] != '@') {
        value = answer_at(answer, path);
        return value ? value : answer_at(answer_at(answer, "payment"), path);
    }
    events = answer_at(answer, answer_at(answer, "steps") ? "steps" : "events");
    return answer_at(cJSON_GetArrayItem(events, cJSON_GetArraySize(events) - 1), path + 1);
}

/* A text or a number as text; "" where there is neither. */
static const char *
value_text(struct arena *arena, const cJSON *value)
{
    if (cJSON_IsNumber(value))
        return arena_printf(arena, "%.0f", value->valuedouble);
    return cJSON_IsString(value) ? value->valuestring : "";
}

/* All that a problem says in sentences. */
static const char *
sentences_of(struct arena *arena, const cJSON *problem)
{
    const cJSON *item;
    struct buffer text;

    buffer_init(&text, arena, 256);
    buffer_text(&text, answer_text(problem, "detail"));
    cJSON_ArrayForEach(item, answer_at(problem, "errors"))
    {
        buffer_printf(&text, "; %s: %s", answer_text(item, "pointer"),
                      answer_text(item, "detail"));
    }
    return buffer_terminate(&text);
}

static bool
text_matches(enum how how, const char *wanted, const char *found)
{
    if (how == BEGINS)
        return strncmp(found, wanted, strlen(wanted)) == 0;
    if (how == CONTAINS)
        return strstr(found, wanted) != NULL;
    return strcmp(wanted, found) == 0;
}

/* Compare one member; fills *mismatch where it differs. */
static bool
member_matches(const struct expectable *expectable, const cJSON *expected, const cJSON *answer,
               struct arena *arena, struct mismatch *mismatch)
{
    const cJSON *value = value_at(answer, expectable->path);
    const char *wanted = value_text(arena, expected), *found;

    mismatch->member = expectable->name;
    if (expectable->how == NAMES) {
        mismatch->expected = names_join(arena, expected, NULL);
        mismatch->found = names_join(arena, value, expectable->items);
        return names_match(expectable, expected, value);
    }
    found =
        expectable->how == CONTAINS ? sentences_of(arena, answer) : value_text(arena, value);
    mismatch->expected = wanted[0] ? wanted : NOTHING;
    mismatch->found = found[0] ? found : NOTHING;
    return text_matches(expectable->how, wanted, found);
}

size_t
expectation_check(const cJSON *expect, const cJSON *answer, struct arena *arena,
                  struct mismatch mismatches[EXPECT_MEMBERS_MAX])
{
    const cJSON *expected;
    size_t count = 0;

    for (size_t i = 0; i < EXPECT_MEMBERS_MAX; i++) {
        expected = cJSON_GetObjectItemCaseSensitive(expect, table[i].name);
        if (expected && !member_matches(&table[i], expected, answer, arena, &mismatches[count]))
            count++;
    }
    expected = cJSON_GetObjectItemCaseSensitive(expect, detail.name);
    if (expected && !member_matches(&detail, expected, answer, arena, &mismatches[count]))
        count++; /* with error alone: there is room (X4) */
    return count;
}
