/* book.c - reads a book strictly: a typo must not switch off a policy. */
#include "policy/book.h"

#include <stdlib.h>
#include <string.h>

#include "gateway/base/time.h"
#include "policy/book_screening.h"
#include "policy/book_terms.h"
#include "policy/memory.h"
#include "policy/rules/pack.h"

static const char *const class_names[BANK_CLASS_COUNT + 1] = {
    [BANK_STATE_BIG] = "state_big",
    [BANK_JOINT_STOCK] = "joint_stock",
    [BANK_CITY_COMMERCIAL] = "city_commercial",
    [BANK_RURAL_COMMERCIAL] = "rural_commercial",
    [BANK_RURAL_COMMERCIAL_BORDER] = "rural_commercial_border",
    [BANK_FOREIGN] = "foreign",
    [BANK_CN_SUBSIDIARY_IN_RU] = "cn_subsidiary_in_ru",
    [BANK_RUSSIAN_BRANCH_IN_CN] = "russian_branch_in_cn",
    [BANK_ANY] = "*",
};

/* What a book may do where no policy has an opinion.  Freezing is not a
 * default: it is for a listed person's interest. */
static const struct {
    const char *name;
    enum policy_action action;
} default_actions[] = {
    {"accept", POLICY_ACCEPT}, {"request_information", POLICY_REQUEST_INFORMATION},
    {"hold", POLICY_HOLD},     {"return", POLICY_RETURN},
    {"reject", POLICY_REJECT},
};

#define DAY_MS (24 * 3600 * INT64_C(1000))

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* BANK_CLASS_COUNT + 1 if there is no such class. */
static size_t
class_find(const char *name)
{
    size_t i = 0;

    while (i < LENGTH(class_names) && strcmp(class_names[i], name) != 0)
        i++;
    return i;
}

bool
bank_class_is_known(const char *name)
{
    return class_find(name) < BANK_CLASS_COUNT;
}

const char *bank_class_name(enum bank_class class)
{
    return class_names[class];
}

static int
bic_is_sound(const char *bic)
{
    size_t len = strspn(bic, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");

    return bic[len] == '\0' && (len == BOOK_BIC_LENGTH || len == BOOK_BIC_LENGTH + 3);
}

static int
read_bank(const struct value *value, struct arena *arena, struct book_bank *out,
          struct error *err)
{
    static const char *const names[] = {"bic", "name", "class", NULL};
    struct value bic = value_member(value, "bic");
    struct value name = value_member(value, "name");
    struct value class = value_member(value, "class");
    const char *bic_text, *class_text;
    size_t found;

    *out = (struct book_bank){.bank.size = sizeof(out->bank)};
    if (value_object(value, names, err) != 0 || value_text(&bic, &bic_text, err) != 0 ||
        value_text(&name, &out->bank.name, err) != 0 ||
        value_text(&class, &class_text, err) != 0)
        return -1;
    if (!bic_is_sound(bic_text))
        return value_fault(&bic, err, "a BIC of 8 or 11 capital letters and digits");
    found = class_find(class_text);
    if (found >= BANK_CLASS_COUNT)
        return value_fault(&class, err, BANK_CLASSES_EXPECTED);
    out->class = (enum bank_class)found;
    out->bank.bank_class = class_names[found];
    out->bank.bic = arena_copy(arena, bic_text, BOOK_BIC_LENGTH);
    return 0;
}

static int
by_bic(const void *a, const void *b)
{
    const struct book_bank *const *left = a, *const *right = b;

    return memcmp((*left)->bank.bic, (*right)->bank.bic, BOOK_BIC_LENGTH);
}

static int
read_banks(const struct value *value, struct arena *arena, struct book *book, struct error *err)
{
    struct value item = {0};
    size_t count;

    if (value_array(value, 1, BOOK_BANKS_MAX, err) != 0)
        return -1;
    count = (size_t)cJSON_GetArraySize(value->json);
    book->banks = arena_zalloc(arena, count * sizeof(*book->banks));
    book->by_bic = arena_zalloc(arena, count * sizeof(struct book_bank *));
    while (value_next(value, &item)) {
        if (read_bank(&item, arena, &book->banks[item.index], err) != 0)
            return -1;
        book->by_bic[item.index] = &book->banks[item.index];
    }
    book->bank_count = count;
    qsort(book->by_bic, count, sizeof(struct book_bank *), by_bic);
    for (size_t i = 1; i < count; i++)
        if (by_bic(&book->by_bic[i - 1], &book->by_bic[i]) == 0)
            return error_set(err, ERROR_INVALID,
                             "%s: /banks: expected each bank once; found %s twice",
                             value->document->path, book->by_bic[i]->bank.bic);
    return 0;
}

/* A name that becomes a file name NAME.so: no dots, no slashes. */
static int
plugin_name_is_sound(const char *name)
{
    return name[strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                             "0123456789_")] == '\0';
}

static const char *
pointer_copy(const struct value *value, struct arena *arena)
{
    char pointer[DOCUMENT_POINTER_MAX];

    value_pointer(value, pointer);
    return arena_copy(arena, pointer, strlen(pointer));
}

static int
read_pack(const struct value *pack, struct arena *arena, struct book_policy *out,
          struct error *err)
{
    if (value_text(pack, &out->pack, err) != 0)
        return -1;
    if (!pack_name_is_sound(out->pack))
        return value_fault(pack, err, "a pack's name: letters, digits, - _ and .");
    out->pack_pointer = pointer_copy(pack, arena);
    return 0;
}

static int
read_policy(const struct value *value, struct arena *arena, struct book_policy *out,
            struct error *err)
{
    static const char *const names[] = {"plugin", "options", "pack", NULL};
    struct value plugin = value_member(value, "plugin");
    struct value options = value_member(value, "options");
    struct value pack = value_member(value, "pack");

    out->pointer = pointer_copy(value, arena);
    if (cJSON_IsString(value->json)) {
        out->plugin = BOOK_PLUGIN_RULES;
        return read_pack(value, arena, out, err);
    }
    if (!cJSON_IsObject(value->json))
        return value_fault(value, err, "the name of a pack, or an object that names a plugin");
    if (value_object(value, names, err) != 0)
        return -1;
    if (pack.json && !plugin.json)
        out->plugin = BOOK_PLUGIN_RULES;
    else if (value_text(&plugin, &out->plugin, err) != 0)
        return -1;
    if (!plugin_name_is_sound(out->plugin))
        return value_fault(&plugin, err, "a plugin's name: letters, digits and _");
    if (options.json && !cJSON_IsObject(options.json))
        return value_fault(&options, err, "an object of options");
    out->options = options.json;
    if (strcmp(out->plugin, BOOK_PLUGIN_RULES) == 0)
        return read_pack(&pack, arena, out, err);
    if (pack.json)
        return value_fault(&pack, err, "no pack, which only the plugin rules reads");
    return 0;
}

static int
read_policies(const struct value *value, struct arena *arena, struct book_policies *out,
              struct error *err)
{
    struct value item = {0};

    if (value_array(value, 0, BOOK_POLICIES_MAX, err) != 0)
        return -1;
    out->count = (size_t)cJSON_GetArraySize(value->json);
    out->list = arena_zalloc(arena, out->count * sizeof(*out->list));
    while (value_next(value, &item))
        if (read_policy(&item, arena, &out->list[item.index], err) != 0)
            return -1;
    return 0;
}

static int
read_classes(const struct value *policies, struct arena *arena, struct book_regime *out,
             struct error *err)
{
    struct value class = {0};

    if (!cJSON_IsObject(policies->json))
        return value_fault(policies, err, "an object of lists of policies by bank class");
    while (value_next(policies, &class)) {
        size_t found = class_find(class.name);

        if (found > BANK_ANY)
            return value_fault(&class, err, BANK_CLASSES_EXPECTED ", or *");
        if (read_policies(&class, arena, &out->classes[found], err) != 0)
            return -1;
    }
    return 0;
}

static int
by_bank(const void *a, const void *b)
{
    const struct book_own *left = a, *right = b;

    return (left->bank > right->bank) - (left->bank < right->bank);
}

/* The book's banks are known by now. */
static int
read_own(const struct value *banks, struct arena *arena, const struct book *book,
         struct book_regime *out, struct error *err)
{
    struct value item = {0};

    if (!banks->json)
        return 0;
    if (!cJSON_IsObject(banks->json))
        return value_fault(banks, err, "an object of lists of policies by BIC");
    out->own = arena_zalloc(arena, (size_t)cJSON_GetArraySize(banks->json) * sizeof(*out->own));
    while (value_next(banks, &item)) {
        struct book_own *own = &out->own[out->own_count];

        own->bank = bic_is_sound(item.name) ? book_bank(book, item.name) : NULL;
        if (!own->bank)
            return value_fault(&item, err, "the BIC of a bank that the book has");
        for (size_t i = 0; i < out->own_count; i++)
            if (out->own[i].bank == own->bank)
                return value_fault(&item, err, "each bank once");
        if (read_policies(&item, arena, &own->policies, err) != 0)
            return -1;
        out->own_count++;
    }
    qsort(out->own, out->own_count, sizeof(*out->own), by_bank);
    return 0;
}

static int
read_regime(const struct value *value, struct arena *arena, const struct book *book,
            struct book_regime *out, struct error *err)
{
    static const char *const names[] = {"from", "policies", "banks", NULL};
    struct value from = value_member(value, "from");
    struct value policies = value_member(value, "policies");
    struct value banks = value_member(value, "banks");

    if (value_object(value, names, err) != 0 || value_text(&from, &out->from, err) != 0)
        return -1;
    if (!instant_parse_local(out->from, &out->from_ms))
        return value_fault(&from, err, "a date such as 2024-03-20 or an RFC 3339 time");
    if (read_classes(&policies, arena, out, err) != 0)
        return -1;
    return read_own(&banks, arena, book, out, err);
}

static int
by_from(const void *a, const void *b)
{
    const struct book_regime *left = a, *right = b;

    return (left->from_ms > right->from_ms) - (left->from_ms < right->from_ms);
}

static int
read_regimes(const struct value *value, struct arena *arena, struct book *book,
             struct error *err)
{
    struct value item = {0};

    if (value_array(value, 1, BOOK_REGIMES_MAX, err) != 0)
        return -1;
    book->regime_count = (size_t)cJSON_GetArraySize(value->json);
    book->regimes = arena_zalloc(arena, book->regime_count * sizeof(*book->regimes));
    while (value_next(value, &item))
        if (read_regime(&item, arena, book, &book->regimes[item.index], err) != 0)
            return -1;
    qsort(book->regimes, book->regime_count, sizeof(*book->regimes), by_from);
    for (size_t i = 1; i < book->regime_count; i++)
        if (book->regimes[i].from_ms == book->regimes[i - 1].from_ms)
            return error_set(err, ERROR_INVALID,
                             "%s: /regimes: expected each from once; found %s twice",
                             value->document->path, book->regimes[i].from);
    return 0;
}

static int
read_default_action(const struct value *value, enum policy_action *out, struct error *err)
{
    const char *text = cJSON_IsString(value->json) ? value->json->valuestring : "";

    for (size_t i = 0; i < LENGTH(default_actions); i++)
        if (strcmp(default_actions[i].name, text) == 0) {
            *out = default_actions[i].action;
            return 0;
        }
    return value_fault(value, err, "accept, request_information, hold, return or reject");
}

static int
read_memory(const struct value *value, struct book_memory *out, struct error *err)
{
    static const char *const names[] = {"kits", NULL};
    struct value kits = value_member(value, "kits");
    const char *text;

    out->kits_ms = MEMORY_KITS_DAYS * DAY_MS;
    if (!value->json)
        return 0;
    if (value_object(value, names, err) != 0)
        return -1;
    if (!kits.json)
        return 0;
    if (value_text(&kits, &text, err) != 0)
        return -1;
    if (!duration_parse(text, &out->kits_ms) || out->kits_ms > BOOK_KITS_DAYS_MAX * DAY_MS)
        return value_fault(&kits, err, "a duration of at most 400 days, such as P90D");
    return 0;
}

int
book_read(const struct document *document, struct arena *arena, struct book *out,
          struct error *err)
{
    static const char *const names[] = {"book",    "banks", "default_action", "screening",
                                        "terms",   "rates", "calendar",       "memory",
                                        "regimes", NULL};
    struct value root = value_root(document);
    struct value name = value_member(&root, "book");
    struct value banks = value_member(&root, "banks");
    struct value action = value_member(&root, "default_action");
    struct value screening = value_member(&root, "screening");
    struct value terms = value_member(&root, "terms");
    struct value regimes = value_member(&root, "regimes");
    struct value rates = value_member(&root, "rates");
    struct value calendar = value_member(&root, "calendar");
    struct value memory = value_member(&root, "memory");

    *out = (struct book){0};
    if (value_object(&root, names, err) != 0 || value_text(&name, &out->name, err) != 0)
        return -1;
    if (strpbrk(out->name, " \t\r\n")) /* it stands in a line of the snapshot's digest */
        return value_fault(&name, err, "a name without blanks");
    if (read_default_action(&action, &out->default_action, err) != 0 ||
        calendar_read(&calendar, arena, &out->calendar, err) != 0 ||
        book_read_terms(&terms, arena, &out->terms, err) != 0 ||
        book_read_screening(&screening, arena, &out->screening, err) != 0 ||
        rates_read(&rates, arena, &out->rates, err) != 0 ||
        read_memory(&memory, &out->memory, err) != 0 ||
        read_banks(&banks, arena, out, err) != 0 ||
        read_regimes(&regimes, arena, out, err) != 0)
        return -1;
    return 0;
}

const struct book_bank *
book_bank(const struct book *book, const char *bic)
{
    const struct book_bank key = {.bank.bic = bic}, *wanted = &key;
    const struct book_bank **found;

    if (strnlen(bic, BOOK_BIC_LENGTH) < BOOK_BIC_LENGTH)
        return NULL;
    found = bsearch(&wanted, book->by_bic, book->bank_count, sizeof(wanted), by_bic);
    return found ? *found : NULL;
}

const struct book_regime *
book_regime(const struct book *book, int64_t now_ms)
{
    size_t i = book->regime_count;

    while (i > 0 && book->regimes[i - 1].from_ms > now_ms)
        i--;
    return i > 0 ? &book->regimes[i - 1] : NULL;
}

const struct book_own *
book_own(const struct book_regime *regime, const struct book_bank *bank)
{
    const struct book_own key = {.bank = bank};

    if (regime->own_count == 0)
        return NULL;
    return bsearch(&key, regime->own, regime->own_count, sizeof(key), by_bank);
}
