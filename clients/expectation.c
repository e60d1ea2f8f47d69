/* expectation.c - one table of what can be expected and where an answer has it. */
#include "clients/expectation.h"

#include <stdbool.h>
#include <string.h>

#include "clients/answer.h"
#include "gateway/base/buffer.h"

#define NOTHING "nothing"

static const struct expectable {
    const char *name;
    const char *path;  /* in the answer */
    const char *items; /* an array: the member of its items to look at; else NULL */
    const char *words; /* the only values there are, each with a blank after it; "": any */
    bool may_be_null;
} table[EXPECT_MEMBERS_MAX] = {
    /* clang-format off */
    { "outcome",               "outcome",                     NULL,  "approved held blocked ", false },
    { "state",                 "state",                       NULL,  "received accepted held awaiting_information released "
                                                                     "credited rejected returned frozen cancelled ", false },
    { "action",                "decision/action",             NULL,  "accept request_information hold return reject freeze ", false },
    { "reason_code",           "decision/reason/code",        NULL,  "", true },
    { "disclosed_reason_code", "iso20022/reason_code",        NULL,  "", true },
    { "transaction_status",    "iso20022/transaction_status", NULL,  "", true },
    { "rules",                 "decision/rules",              "id",  "", false },
    { "kits",                  "decision/kits",               "kit", "", false },
    /* clang-format on */
};

static const struct expectable *
expectable_find(const char *name)
{
    for (size_t i = 0; i < EXPECT_MEMBERS_MAX; i++)
        if (strcmp(table[i].name, name) == 0)
            return &table[i];
    return NULL;
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
        if ((expectable->items ? names_read : text_read)(expectable, member, where, err) != 0)
            return -1;
        checks++;
    }
    if (checks == 0)
        return error_set(err, ERROR_INVALID, "%s: expects nothing", where);
    return 0;
}

/* Is there an item whose member (its name) is this text? */
static bool
items_have(const cJSON *items, const char *member, const char *text)
{
    const cJSON *item;

    cJSON_ArrayForEach(item, items)
    {
        if (strcmp(answer_text(item, member), text) == 0)
            return true;
    }
    return false;
}

/* "KIT-01, CNY-01"; member NULL: the items are the names themselves. */
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
        buffer_text(&names, member ? answer_text(item, member) : item->valuestring);
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

/* Compare one member; fills *mismatch where it differs. */
static bool
member_matches(const struct expectable *expectable, const cJSON *expected, const cJSON *answer,
               struct arena *arena, struct mismatch *mismatch)
{
    const char *wanted = cJSON_IsString(expected) ? expected->valuestring : "";
    const char *found = answer_text(answer, expectable->path);

    mismatch->member = expectable->name;
    if (expectable->items) {
        const cJSON *items = answer_at(answer, expectable->path);

        mismatch->expected = names_join(arena, expected, NULL);
        mismatch->found = names_join(arena, items, expectable->items);
        return names_match(expectable, expected, items);
    }
    mismatch->expected = wanted[0] ? wanted : NOTHING;
    mismatch->found = found[0] ? found : NOTHING;
    return strcmp(wanted, found) == 0;
}

size_t
expectation_check(const cJSON *expect, const cJSON *answer, struct arena *arena,
                  struct mismatch mismatches[EXPECT_MEMBERS_MAX])
{
    size_t count = 0;

    for (size_t i = 0; i < EXPECT_MEMBERS_MAX; i++) {
        const cJSON *expected = cJSON_GetObjectItemCaseSensitive(expect, table[i].name);

        if (expected && !member_matches(&table[i], expected, answer, arena, &mismatches[count]))
            count++;
    }
    return count;
}
