/* screening_json.c - what names to be screened look like in JSON, as tables. */
#include "gateway/payment/screening_json.h"

#include <string.h>

#include "gateway/payment/payment_forms.h"
#include "gateway/payment/payment_values.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* The body as it is read: in the end its questions are those of "names", or one. */
struct body {
    struct screening_question one; /* first, so that its rows serve the body too */
    struct screening_request request;
};

static const struct screening_question empty_question = {
    .name = "", .kind = "", .country = "", .born_on = ""};

/* -- single fields -- */

static bool
is_kind(const char *text)
{
    static const char *const kinds[] = {"person", "company", "bank", "vessel"};

    for (size_t i = 0; i < COUNT(kinds); i++)
        if (strcmp(text, kinds[i]) == 0)
            return true;
    return false;
}

static const struct text_form form_asked_kind = {
    .check = is_kind, .expected = "person, company, bank or vessel; left out, it is anything"};

static void
read_explain(struct reader *reader, const struct path *path, const cJSON *json,
             const struct field *field, void *record)
{
    struct body *body = record;

    (void)field;
    if (!cJSON_IsBool(json))
        reader_fault(reader, path, "must be true or false");
    body->request.explain = cJSON_IsTrue(json);
}

static void
read_threshold(struct reader *reader, const struct path *path, const cJSON *json,
               const struct field *field, void *record)
{
    struct body *body = record;

    (void)field;
    if (cJSON_IsNumber(json) && json->valuedouble >= SCREENING_THRESHOLD_LEAST &&
        json->valuedouble <= 1)
        body->request.threshold = json->valuedouble;
    else
        reader_fault(reader, path, "must be a number from %.1f to 1",
                     SCREENING_THRESHOLD_LEAST);
}

/* -- a question -- */

static void
read_identifiers(struct reader *reader, const struct path *path, const cJSON *json,
                 const struct field *field, void *record)
{
    struct screening_question *question = record;

    (void)field;
    question->identifier_count = identifiers_read(reader, path, json, &question->identifiers);
}

/* Q1: what is there but at fault has been noted as that. */
static bool
asks_something(const cJSON *json)
{
    const cJSON *identifiers = cJSON_GetObjectItemCaseSensitive(json, "identifiers");

    return cJSON_GetObjectItemCaseSensitive(json, "name") ||
           (identifiers && !(cJSON_IsObject(identifiers) && !identifiers->child));
}

static void
check_question(struct reader *reader, const struct path *path, const cJSON *json,
               const struct screening_question *question)
{
    if (!asks_something(json))
        reader_fault(reader, path, "needs a name or an identifier");
    if (question->born_on[0] != '\0' && question->kind[0] != '\0' &&
        strcmp(question->kind, "person") != 0)
        reader_fault(reader, &(struct path){path, "born_on", 0}, "does not go with a %s",
                     question->kind);
}

static void
finish_question(struct reader *reader, const struct path *path, const cJSON *json, void *record)
{
    check_question(reader, path, json, record);
}

/* clang-format off */
#define QUESTION_ROWS \
    { "name",        read_text, offsetof(struct screening_question, name),    .form = &form_text }, \
    { "kind",        read_text, offsetof(struct screening_question, kind),    .form = &form_asked_kind }, \
    { "country",     read_text, offsetof(struct screening_question, country), .form = &form_country }, \
    { "born_on",     read_text, offsetof(struct screening_question, born_on), .form = &form_date }, \
    { "identifiers", read_identifiers, .required = false }
/* clang-format on */

static const struct field question_fields[] = {QUESTION_ROWS};
static const struct shape question_shape = {"a question", question_fields,
                                            COUNT(question_fields), finish_question};

/* -- the body -- */

static const struct list_form names_list = {
    .count_max = SCREENING_NAMES_MAX,
    .count_offset = offsetof(struct body, request.question_count),
    .shape = &question_shape,
    .empty = &empty_question,
    .size = sizeof(empty_question),
};

static const struct list_form lists_list = {
    .count_max = SCREENING_LISTS_MAX,
    .count_offset = offsetof(struct body, request.list_count),
    .form = &form_text,
};

/* An empty array asks nobody, or of no list: its answer would look like "no hits". */
static void
read_some(struct reader *reader, const struct path *path, const cJSON *json,
          const struct field *field, void *record)
{
    if (cJSON_IsArray(json) && !json->child)
        reader_fault(reader, path, "must have an element, or be left out");
    read_list(reader, path, json, field, record);
}

/* The members of one question, beside "names", would be asked of nobody. */
static void
refuse_both(struct reader *reader, const struct path *path, const cJSON *json)
{
    for (size_t i = 0; i < question_shape.count; i++) {
        const char *name = question_fields[i].name;

        if (cJSON_GetObjectItemCaseSensitive(json, name))
            reader_fault(reader, &(struct path){path, name, 0},
                         "does not go with names: it belongs to one of them");
    }
}

static void
finish_body(struct reader *reader, const struct path *path, const cJSON *json, void *record)
{
    struct body *body = record;

    body->request.many = cJSON_GetObjectItemCaseSensitive(json, "names") != NULL;
    if (body->request.many)
        refuse_both(reader, path, json);
    else
        check_question(reader, path, json, &body->one);
}

static const struct field body_fields[] = {
    QUESTION_ROWS,
    /* clang-format off */
    { "names",     read_some, offsetof(struct body, request.questions), .list = &names_list },
    { "explain",   read_explain,   .required = false },
    { "lists",     read_some, offsetof(struct body, request.lists),     .list = &lists_list },
    { "threshold", read_threshold, .required = false },
    /* clang-format on */
};
static const struct shape body_shape = {"a screening", body_fields, COUNT(body_fields),
                                        finish_body};

void
screening_read(const cJSON *json, struct screening_request *out, struct payment_faults *faults)
{
    struct reader reader = {.faults = faults, .currency = ""};
    struct body *body = arena_alloc(faults->arena, sizeof(*body));
    const struct screening_question **one = arena_alloc(faults->arena, sizeof(*one));

    faults->count = 0;
    *body = (struct body){.one = empty_question};
    read_shape(&reader, NULL, json, &body_shape, body);
    *one = &body->one;
    *out = body->request;
    if (!out->many) {
        out->questions = one;
        out->question_count = 1;
    }
}
