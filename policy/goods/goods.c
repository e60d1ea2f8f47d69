/* goods.c - reads the goods tables and the kits into one table by code. */
#include "policy/goods/goods.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/base/time.h"
#include "policy/document.h"

#define TEXTS_MAX 1000 /* elements of one list of codes or words */

static uint64_t
code_key(uint64_t digits, size_t count)
{
    return digits << 4 | count;
}

static size_t
slot_of(uint64_t key)
{
    return (size_t)((key * 0x9E3779B97F4A7C15u) >> 51); /* 13 bits are GOODS_SLOTS */
}

const struct code *
goods_find(const struct goods *goods, uint64_t digits, size_t count)
{
    uint64_t key = code_key(digits, count);

    for (size_t slot = slot_of(key);; slot = (slot + 1) % GOODS_SLOTS) {
        if (goods->codes[slot].key == key)
            return &goods->codes[slot];
        if (goods->codes[slot].key == 0)
            return NULL;
    }
}

/* The entry of the code that value spells, added if it is new. */
static int
goods_code(struct goods *goods, const struct value *value, size_t digits_min, size_t digits_max,
           struct code **out, struct error *err)
{
    const char *text = cJSON_IsString(value->json) ? value->json->valuestring : "";
    size_t len = strspn(text, "0123456789"), slot;
    uint64_t key;

    if (text[len] != '\0' || len < digits_min || len > digits_max)
        return value_fault(value, err,
                           digits_min == digits_max ? "an HS code of 6 digits"
                                                    : "an HS code of 4 to 10 digits");
    key = code_key(strtoull(text, NULL, 10), len);
    for (slot = slot_of(key); goods->codes[slot].key != 0; slot = (slot + 1) % GOODS_SLOTS)
        if (goods->codes[slot].key == key)
            break;
    *out = &goods->codes[slot];
    if ((*out)->key == key)
        return 0;
    if (goods->code_count++ == GOODS_CODES_MAX)
        return value_fault(value, err, "no more codes than the table has room for");
    **out = (struct code){.key = key, .tier = "", .group = "", .role = ""};
    goods->digits_used |= 1u << len;
    return 0;
}

static void
goods_remember(struct goods *goods, const struct document *document, const char *kind,
               const char *name)
{
    struct text *file = &goods->files[goods->file_count++];

    *file = (struct text){kind, name, document->text, document->len, {0}};
    memcpy(file->digest, document->digest, sizeof(file->digest));
}

/* {"list", "date", "source", "tiers": {"1": ["854231", …], …}} */
static int
read_high_priority(struct goods *goods, const struct document *document, struct error *err)
{
    static const char *const names[] = {"list", "date", "source", "tiers", NULL};
    struct value root = value_root(document), tier = {0};
    struct value list = value_member(&root, "list"), date = value_member(&root, "date");
    struct value source = value_member(&root, "source"), tiers = value_member(&root, "tiers");
    const char *text;
    int64_t ms;

    if (value_object(&root, names, err) != 0 || value_text(&list, &text, err) != 0 ||
        value_text(&source, &text, err) != 0 || value_text(&date, &text, err) != 0)
        return -1;
    if (!instant_parse_local(text, &ms))
        return value_fault(&date, err, "the date of the list, as 2024-02-23");
    if (!cJSON_IsObject(tiers.json))
        return value_fault(&tiers, err, "an object of lists of codes by tier");
    while (value_next(&tiers, &tier)) {
        struct value item = {0};
        struct code *code;

        if (value_array(&tier, 1, TEXTS_MAX, err) != 0)
            return -1;
        while (value_next(&tier, &item)) {
            if (goods_code(goods, &item, 6, 6, &code, err) != 0)
                return -1;
            if (code->tier[0] != '\0')
                return value_fault(&item, err, "each code in one tier, once");
            code->tier = tier.name;
        }
    }
    return 0;
}

/* One group: {"role": ["854231", …], …} */
static int
read_group(struct goods *goods, const struct value *group, struct error *err)
{
    struct value role = {0};

    if (!cJSON_IsObject(group->json))
        return value_fault(group, err, "an object of lists of codes by role");
    while (value_next(group, &role)) {
        struct value item = {0};
        struct code *code;

        if (value_array(&role, 1, TEXTS_MAX, err) != 0)
            return -1;
        while (value_next(&role, &item)) {
            if (goods_code(goods, &item, 6, 6, &code, err) != 0)
                return -1;
            if (code->group[0] != '\0')
                return value_fault(&item, err, "each code in one group, once");
            code->group = group->name;
            code->role = role.name;
        }
    }
    return 0;
}

/* {"source", "groups": {"GROUP": {"ROLE": [codes]}}} */
static int
read_groups(struct goods *goods, const struct document *document, struct error *err)
{
    static const char *const names[] = {"source", "groups", NULL};
    struct value root = value_root(document), group = {0};
    struct value source = value_member(&root, "source"), groups = value_member(&root, "groups");
    const char *text;

    if (value_object(&root, names, err) != 0 || value_text(&source, &text, err) != 0)
        return -1;
    if (!cJSON_IsObject(groups.json))
        return value_fault(&groups, err, "an object of groups");
    while (value_next(&groups, &group))
        if (read_group(goods, &group, err) != 0)
            return -1;
    return 0;
}

/* The entry of this code's list that belongs to the kit being read. */
static struct code_parts *
code_parts_of(struct goods *goods, struct code *code, uint32_t kit)
{
    struct code_parts *parts = code->parts;

    if (parts && parts->kit == kit) /* kits are read one after the other */
        return parts;
    parts = arena_zalloc(goods->arena, sizeof(*parts));
    parts->kit = kit;
    parts->next = code->parts;
    code->parts = parts;
    return parts;
}

static int
read_part_codes(struct goods *goods, const struct value *list, struct kit *kit, bool with_word,
                struct error *err)
{
    uint32_t bit = 1u << kit->part_count;
    struct value item = {0};

    if (!list->json)
        return 0;
    if (value_array(list, 1, TEXTS_MAX, err) != 0)
        return -1;
    while (value_next(list, &item)) {
        struct code_parts *parts;
        struct code *code;
        const char *text;

        if (goods_code(goods, &item, HS_DIGITS_MIN, HS_DIGITS_MAX, &code, err) != 0)
            return -1;
        parts = code_parts_of(goods, code, (uint32_t)goods->kit_count);
        if ((parts->alone | parts->with_word) & bit)
            return value_fault(&item, err, "each code once in a part");
        *(with_word ? &parts->with_word : &parts->alone) |= bit;
        text = item.json->valuestring;
        kit->chapter_parts[(text[0] - '0') * 10 + (text[1] - '0')] |= bit;
    }
    return 0;
}

static int
read_part_words(struct goods *goods, const struct value *list, const struct kit *kit,
                bool is_not, struct error *err)
{
    struct value item = {0};
    const char *text;

    if (!list->json)
        return 0;
    if (value_array(list, 1, TEXTS_MAX, err) != 0)
        return -1;
    while (value_next(list, &item)) {
        if (value_text(&item, &text, err) != 0)
            return -1;
        if (words_add(&goods->words, goods->arena, text,
                      WORD_VALUE(goods->kit_count, kit->part_count, is_not)) != 0)
            return value_fault(&item, err, "a word of at least three letters or two signs");
    }
    return 0;
}

static int
read_part(struct goods *goods, const struct value *value, struct kit *kit, struct error *err)
{
    static const char *const names[] = {"role",  "title",    "required",  "hs",
                                        "words", "words_hs", "not_words", NULL};
    struct kit_part *part = &kit->parts[kit->part_count];
    struct value role = value_member(value, "role"), title = value_member(value, "title");
    struct value required = value_member(value, "required");
    struct value hs = value_member(value, "hs"), words = value_member(value, "words");
    struct value words_hs = value_member(value, "words_hs");
    struct value not_words = value_member(value, "not_words");
    const char *text;

    if (value_object(value, names, err) != 0 || value_text(&role, &part->role, err) != 0 ||
        (title.json && value_text(&title, &text, err) != 0))
        return -1;
    for (uint32_t i = 0; i < kit->part_count; i++)
        if (strcmp(kit->parts[i].role, part->role) == 0)
            return value_fault(&role, err, "each role once in a kit");
    if (!cJSON_IsBool(required.json))
        return value_fault(&required, err, "true or false");
    if (!hs.json && !words_hs.json)
        return value_fault(&hs, err, "HS codes, or words_hs beside words");
    if (words_hs.json && !words.json)
        return value_fault(&words, err, "words for the codes of words_hs");
    if (read_part_codes(goods, &hs, kit, false, err) != 0 ||
        read_part_codes(goods, &words_hs, kit, true, err) != 0 ||
        read_part_words(goods, &words, kit, false, err) != 0 ||
        read_part_words(goods, &not_words, kit, true, err) != 0)
        return -1;
    part->required = cJSON_IsTrue(required.json);
    if (part->required)
        kit->required |= 1u << kit->part_count;
    kit->part_count++;
    return 0;
}

static int
read_kit(struct goods *goods, const struct document *document, struct kit *kit,
         struct error *err)
{
    static const char *const names[] = {"kit", "title", "coverage_min", "parts", NULL};
    struct value root = value_root(document), part = {0};
    struct value name = value_member(&root, "kit"), title = value_member(&root, "title");
    struct value coverage = value_member(&root, "coverage_min");
    struct value parts = value_member(&root, "parts");

    if (value_object(&root, names, err) != 0 || value_text(&name, &kit->name, err) != 0 ||
        value_text(&title, &kit->title, err) != 0 ||
        value_array(&parts, 1, KIT_PARTS_MAX, err) != 0)
        return -1;
    if (!cJSON_IsNumber(coverage.json) || !(coverage.json->valuedouble > 0) ||
        coverage.json->valuedouble > 1)
        return value_fault(&coverage, err, "a number above 0, at most 1");
    kit->coverage_min = coverage.json->valuedouble;
    while (value_next(&parts, &part))
        if (read_part(goods, &part, kit, err) != 0)
            return -1;
    if (!kit->required)
        return value_fault(&parts, err, "at least one required part");
    return 0;
}

static int
is_json(const struct dirent *entry)
{
    size_t len = strlen(entry->d_name);

    return len > 5 && strcmp(entry->d_name + len - 5, ".json") == 0;
}

static int
by_name(const struct dirent **a, const struct dirent **b)
{
    const char *left = (*a)->d_name, *right = (*b)->d_name;
    size_t left_len = strlen(left) - strlen(".json"),
           right_len = strlen(right) - strlen(".json");
    int order = memcmp(left, right, left_len < right_len ? left_len : right_len);

    /* By name, as texts are sorted; not alphasort(): the locale must not matter. */
    return order != 0 ? order : (left_len > right_len) - (left_len < right_len);
}

static int
goods_add_kit(struct goods *goods, const struct document *document, const char *name,
              struct error *err)
{
    struct kit *kit = arena_zalloc(goods->arena, sizeof(*kit));

    if (goods->kit_count == KITS_MAX)
        return error_set(err, ERROR_INVALID, "%s: expected at most %d kits; found more",
                         document->path, KITS_MAX);
    if (read_kit(goods, document, kit, err) != 0)
        return -1;
    if (strcmp(name, kit->name) != 0)
        return error_set(err, ERROR_INVALID, "%s: /kit: expected the file's name; found \"%s\"",
                         document->path, kit->name);
    goods->kits[goods->kit_count++] = kit;
    goods_remember(goods, document, TEXT_KIT, kit->name);
    return 0;
}

static int
goods_load_kit(struct goods *goods, const char *folder, const char *file, struct error *err)
{
    const char *path = arena_printf(goods->arena, "%s/%s", folder, file);
    const char *name = arena_copy(goods->arena, file, strlen(file) - strlen(".json"));
    struct document document;

    if (document_read(goods->arena, path, &document, err) != 0)
        return -1;
    return goods_add_kit(goods, &document, name, err);
}

static int
goods_load_kits(struct goods *goods, const char *folder, struct error *err)
{
    const char *kits = arena_printf(goods->arena, "%s/kits", folder);
    struct dirent **entries = NULL;
    int count = scandir(kits, &entries, is_json, by_name), rc = 0;

    if (count < 0)
        return error_set(err, ERROR_NOT_FOUND, "%s: expected a folder of kits; found: %s", kits,
                         strerror(errno));
    for (int i = 0; i < count; i++) {
        if (rc == 0)
            rc = goods_load_kit(goods, kits, entries[i]->d_name, err);
        free(entries[i]);
    }
    free(entries);
    return rc;
}

/* The tables, in the order in which they are read. */
static const struct {
    const char *name;
    int (*read)(struct goods *goods, const struct document *document, struct error *err);
} tables[] = {
    {"high_priority", read_high_priority},
    {"groups", read_groups},
};

#define TABLE_COUNT (sizeof(tables) / sizeof(tables[0]))

static int
goods_add_table(struct goods *goods, const struct document *document, size_t table,
                struct error *err)
{
    if (tables[table].read(goods, document, err) != 0)
        return -1;
    goods_remember(goods, document, TEXT_GOODS, tables[table].name);
    return 0;
}

int
goods_load(const char *folder, struct arena *arena, struct goods **out, struct error *err)
{
    struct goods *goods = arena_zalloc(arena, sizeof(*goods));

    *out = NULL;
    goods->arena = arena;
    for (size_t i = 0; i < TABLE_COUNT; i++) {
        const char *path = arena_printf(arena, "%s/%s.json", folder, tables[i].name);
        struct document document;

        if (document_read(arena, path, &document, err) != 0 ||
            goods_add_table(goods, &document, i, err) != 0)
            return -1;
    }
    if (goods_load_kits(goods, folder, err) != 0)
        return -1;
    *out = goods;
    return 0;
}

static int
goods_parse(struct goods *goods, const struct text *text, struct document *document,
            struct error *err)
{
    const char *path = arena_printf(goods->arena, "%s.json", text->name);

    return document_parse(goods->arena, path, text->data, text->len, document, err);
}

int
goods_load_texts(const struct texts *texts, struct arena *arena, struct goods **out,
                 struct error *err)
{
    struct goods *goods = arena_zalloc(arena, sizeof(*goods));
    struct document document;

    *out = NULL;
    goods->arena = arena;
    for (size_t i = 0; i < TABLE_COUNT; i++) {
        const struct text *text = texts_find(texts, TEXT_GOODS, tables[i].name);

        if (!text)
            return error_set(err, ERROR_NOT_FOUND, "there is no table %s", tables[i].name);
        if (goods_parse(goods, text, &document, err) != 0 ||
            goods_add_table(goods, &document, i, err) != 0)
            return -1;
    }
    for (size_t i = 0; i < texts->count; i++) {
        const struct text *text = &texts->list[i];

        if (strcmp(text->kind, TEXT_KIT) == 0 &&
            (goods_parse(goods, text, &document, err) != 0 ||
             goods_add_kit(goods, &document, text->name, err) != 0))
            return -1;
    }
    *out = goods;
    return 0;
}
