/* pack.c - reads a pack strictly: a typo must not switch off a rule. */
#include "policy/rules/pack.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "gateway/base/json.h"
#include "policy/rules/locate.h"
#include "policy/rules/pack_private.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

#define NAME_CHARACTERS                                                                        \
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"                                     \
    "0123456789-_."

static const char *const action_names[] = {
    [POLICY_ABSTAIN] = "abstain",
    [POLICY_ACCEPT] = "accept",
    [POLICY_REQUEST_INFORMATION] = "request_information",
    [POLICY_HOLD] = "hold",
    [POLICY_RETURN] = "return",
    [POLICY_REJECT] = "reject",
    [POLICY_FREEZE] = "freeze",
};

static const char *const action_verbs[] = {
    [POLICY_ABSTAIN] = "abstains",
    [POLICY_ACCEPT] = "accepts",
    [POLICY_REQUEST_INFORMATION] = "requests information",
    [POLICY_HOLD] = "holds",
    [POLICY_RETURN] = "returns",
    [POLICY_REJECT] = "rejects",
    [POLICY_FREEZE] = "freezes",
};

const char *
pack_action_name(enum policy_action action)
{
    return action_names[action];
}

const char *
pack_action_verb(enum policy_action action)
{
    return action_verbs[action];
}

int
pack_name_is_sound(const char *name)
{
    size_t len = strspn(name, NAME_CHARACTERS);

    return len > 0 && len <= PACK_NAME_MAX && name[len] == '\0' && name[0] != '.';
}

/* -- faults -- */

/* "rules/KIT-01/when": elements that have an id go by it. */
static void
where_of(const struct value *value, char where[DOCUMENT_POINTER_MAX])
{
    const cJSON *id = cJSON_GetObjectItemCaseSensitive(value->json, "id");
    size_t len;

    where[0] = '\0';
    if (!value->parent)
        return;
    where_of(value->parent, where);
    len = strlen(where);
    snprintf(where + len, DOCUMENT_POINTER_MAX - len, "%s", len > 0 ? "/" : "");
    len = strlen(where);
    if (value->name)
        snprintf(where + len, DOCUMENT_POINTER_MAX - len, "%s", value->name);
    else if (cJSON_IsString(id) && pack_name_is_sound(id->valuestring))
        snprintf(where + len, DOCUMENT_POINTER_MAX - len, "%s", id->valuestring);
    else
        snprintf(where + len, DOCUMENT_POINTER_MAX - len, "%zu", value->index);
}

int
pack_fault_at(const struct value *value, size_t at, struct error *err, const char *fmt, ...)
{
    struct place place = {0, 1, 1};
    char where[DOCUMENT_POINTER_MAX], sentence[ERROR_TEXT_MAX];
    va_list args;

    va_start(args, fmt);
    vsnprintf(sentence, sizeof(sentence), fmt, args);
    va_end(args);
    place_move(pack_reading_of(value)->text, &place, at);
    where_of(value, where);
    error_record(err, ERROR_INVALID, "%s:%u:%u: %s%s%s", value->document->path, place.line,
                 place.column, where, where[0] != '\0' ? ": " : "", sentence);
    for (char *c = err->text; *c != '\0'; c++)
        if ((unsigned char)*c < ' ')
            *c = ' '; /* of names and values found: a fault is one line */
    return -1;
}

/* The form that document.c's checks report in. */
static int
fault_of_document(const struct value *value, struct error *err, const char *expected)
{
    char found[DOCUMENT_FOUND_MAX];

    value_describe(value, found);
    return pack_fault(value, err, "expected %s; found %s", expected, found);
}

/* The gate says "line 3, column 7: why". */
static int
fault_of_gate(const char *path, const struct error *why, struct error *err)
{
    unsigned line, column;
    int skipped = 0;

    if (sscanf(why->text, "line %u, column %u: %n", &line, &column, &skipped) == 2 && skipped)
        return error_set(err, why->code, "%s:%u:%u: %s", path, line, column,
                         why->text + skipped);
    return error_set(err, why->code, "%s: %s", path, why->text);
}

/* -- what all parts of a pack are made of -- */

int
pack_object(const struct value *value, const char *const *names, struct error *err)
{
    struct value member = {0};
    size_t count = 0, known;

    if (!cJSON_IsObject(value->json))
        return value_fault(value, err, "an object");
    while (names[count])
        count++;
    while (value_next(value, &member)) {
        const char *nearest;

        for (known = 0; known < count && strcmp(names[known], member.name) != 0; known++)
            ;
        if (known < count)
            continue;
        nearest = cel_nearest(member.name, names, count);
        return pack_fault_at(&member, locate_name(pack_reading_of(value)->text, &member), err,
                             "no such member%s%s", nearest ? "; the nearest is " : "",
                             nearest ? nearest : "");
    }
    return 0;
}

int
pack_text(const struct value *value, const char **out, struct error *err)
{
    if (value_text(value, out, err) != 0)
        return -1;
    if (strlen(*out) > PACK_TEXT_MAX)
        return pack_fault(value, err, "expected at most %d bytes of text; found %zu",
                          PACK_TEXT_MAX, strlen(*out));
    return 0;
}

int
pack_text_if(const struct value *value, const char **out, struct error *err)
{
    *out = "";
    if (!value->json || (cJSON_IsString(value->json) && value->json->valuestring[0] == '\0'))
        return 0;
    return pack_text(value, out, err);
}

int
pack_action(const struct value *value, bool abstain_too, enum policy_action *out,
            struct error *err)
{
    const char *text = cJSON_IsString(value->json) ? value->json->valuestring : "";

    for (int i = abstain_too ? POLICY_ABSTAIN : POLICY_ACCEPT; i <= POLICY_FREEZE; i++)
        if (strcmp(action_names[i], text) == 0) {
            *out = (enum policy_action)i;
            return 0;
        }
    return value_fault(value, err,
                       abstain_too ? "abstain, accept, request_information, hold, return, "
                                     "reject or freeze"
                                   : "accept, request_information, hold, return, reject or "
                                     "freeze");
}

/* -- the top -- */

static int
read_head(const struct value *root, struct pack_reading *reading, struct error *err)
{
    struct value name = value_member(root, "pack");
    struct value version = value_member(root, "version");
    struct value title = value_member(root, "title");
    struct pack *pack = reading->pack;

    if (value_text(&name, &pack->name, err) != 0 ||
        value_text(&version, &pack->version, err) != 0 ||
        pack_text(&title, &pack->title, err) != 0)
        return -1;
    if (!pack_name_is_sound(pack->name))
        return value_fault(&name, err, "letters, digits, - _ and ., at most 64");
    if (strlen(pack->version) > PACK_NAME_MAX ||
        pack->version[strspn(pack->version, NAME_CHARACTERS "+")] != '\0')
        return value_fault(&version, err, "a version such as 1.0.0");
    pack->label = arena_printf(reading->arena, "%s@%s", pack->name, pack->version);
    return 0;
}

static int
read_sources(const struct value *value, struct pack_reading *reading, struct error *err)
{
    const char **sources;
    struct value item = {0};

    if (!value->json)
        return 0;
    if (value_array(value, 0, PACK_SOURCES_MAX, err) != 0)
        return -1;
    sources = arena_alloc(reading->arena, PACK_SOURCES_MAX * sizeof(*sources));
    while (value_next(value, &item))
        if (pack_text(&item, &sources[item.index], err) != 0)
            return -1;
    reading->pack->sources = sources;
    reading->pack->source_count = (size_t)cJSON_GetArraySize(value->json);
    return 0;
}

/* What conditions may name: the variables of all rules, params being known by now. */
static void
prepare_environment(struct pack_reading *reading)
{
    struct pack *pack = reading->pack;
    struct cel_variable *variables =
        arena_zalloc(reading->arena, CEL_VAR_COUNT * sizeof(*variables));

    for (int i = 0; i < CEL_VAR_COUNT; i++)
        variables[i] = (struct cel_variable){
            .name = cel_variable_names[i], .type = cel_variable_type((enum cel_variable_id)i)};
    variables[CEL_VAR_PARAMS].type = cel_type_of(reading->arena, pack->params);
    variables[CEL_VAR_PARAMS].constant = &pack->params;
    pack->environment =
        (struct cel_environment){.variables = variables, .variable_count = CEL_VAR_COUNT};
}

/* Where the name, each rule's condition and each test stand: one walk through the text. */
static void
fill_places(const struct value *name, const struct value *rules, const struct value *tests)
{
    const struct pack_reading *reading = pack_reading_of(rules);
    const char *text = reading->text;
    struct pack *pack = reading->pack;
    struct place place = {0, 1, 1};
    size_t at = locate_first(text, locate_value(text, rules));
    const cJSON *json = rules->json->child;

    place_move(text, &place, locate_value(text, name));
    pack->line = place.line;
    pack->column = place.column;
    place = (struct place){0, 1, 1};
    for (size_t i = 0; i < pack->rule_count; i++, json = json->next) {
        size_t when =
            locate_child(text, at, json, cJSON_GetObjectItemCaseSensitive(json, "when"));

        place_move(text, &place, when);
        pack->rules[i].line = place.line;
        pack->rules[i].column = place.column;
        at = locate_next(text, at);
    }
    place = (struct place){0, 1, 1};
    at = tests->json ? locate_first(text, locate_value(text, tests)) : 0;
    for (size_t i = 0; i < pack->test_count; i++) {
        place_move(text, &place, at);
        pack->tests[i].line = place.line;
        pack->tests[i].column = place.column;
        at = locate_next(text, at);
    }
}

static int
read_root(struct pack_reading *reading, const cJSON *options, struct error *err)
{
    static const char *const names[] = {"pack",    "version", "title", "sources", "parameters",
                                        "payment", "rules",   "tests", NULL};
    struct value root = value_root(&reading->document);
    struct value name = value_member(&root, "pack");
    struct value sources = value_member(&root, "sources");
    struct value parameters = value_member(&root, "parameters");
    struct value payment = value_member(&root, "payment");
    struct value rules = value_member(&root, "rules");
    struct value tests = value_member(&root, "tests");

    if (pack_object(&root, names, err) != 0 || read_head(&root, reading, err) != 0 ||
        read_sources(&sources, reading, err) != 0 ||
        pack_parameters_read(&parameters, options, err) != 0)
        return -1;
    prepare_environment(reading);
    if (pack_rules_read(&rules, err) != 0 || pack_tests_read(&tests, &payment, err) != 0)
        return -1;
    fill_places(&name, &rules, &tests);
    return 0;
}

int
pack_read(struct arena *arena, const char *path, const char *text, size_t len,
          const cJSON *parameters, struct pack **out, struct error *err)
{
    struct pack *pack = arena_zalloc(arena, sizeof(*pack));
    struct pack_reading reading = {
        .document = {.path = path, .fault = fault_of_document},
        .text = text,
        .arena = arena,
        .pack = pack,
    };
    struct error why = {0};
    cJSON *root;

    *out = NULL;
    pack->path = path;
    if (len > PACK_BYTES_MAX)
        return error_set(err, ERROR_INVALID, "%s: expected at most %u bytes; found %zu", path,
                         PACK_BYTES_MAX, len);
    if (json_parse(arena, text, len, &root, &why) != 0)
        return fault_of_gate(path, &why, err);
    reading.document.root = root;
    if (read_root(&reading, parameters, err) != 0)
        return -1;
    *out = pack;
    return 0;
}
