/* documents_json.c - a payer's answers in JSON, as tables. */
#include "gateway/payment/documents_json.h"

#include <string.h>

#include "gateway/payment/payment_forms.h"
#include "gateway/payment/payment_values.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define CODE_LENGTH  4

static const struct document_answer empty_answer = {
    .request = "",
    .hs_code = "",
    .destination_country = "",
    .name = "",
    .text = "",
};

/* Four capital letters, or twice that with a slash between. */
static bool
is_request(const char *text)
{
    size_t length = strlen(text);

    for (size_t i = 0; i < length; i++)
        if (i == CODE_LENGTH ? text[i] != '/' : text[i] < 'A' || text[i] > 'Z')
            return false;
    return length == CODE_LENGTH || length == 2 * CODE_LENGTH + 1;
}

static const struct text_form form_request = {
    .check = is_request, .expected = "a code of camt.110 such as RQSG/RQHS"};

static void
read_attested(struct reader *reader, const struct path *path, const cJSON *json,
              const struct field *field, void *record)
{
    struct document_answer *answer = record;

    (void)field;
    if (cJSON_IsBool(json))
        answer->attested = cJSON_IsTrue(json) ? ATTESTED_TRUE : ATTESTED_FALSE;
    else
        reader_fault(reader, path, "must be true or false");
}

/* A1: what is there but at fault has been noted as that. */
static void
finish_answer(struct reader *reader, const struct path *path, const cJSON *json, void *record)
{
    static const char *const members[] = {"documents", "hs_code", "destination_country",
                                          "attested", "text"};
    size_t i = 0;

    (void)record;
    while (i < COUNT(members) && !cJSON_GetObjectItemCaseSensitive(json, members[i]))
        i++;
    if (i == COUNT(members))
        reader_fault(reader, path,
                     "answers nothing: it needs documents, hs_code, destination_country, "
                     "attested or text");
}

static const struct list_form names_list = {
    .count_max = PAYMENT_DOCUMENTS_MAX,
    .count_offset = offsetof(struct document_answer, document_count),
    .form = &form_text,
};

static const struct field answer_fields[] = {
    /* clang-format off */
    { "request",   read_text, offsetof(struct document_answer, request),   .form = &form_request, .required = true },
    { "documents", read_list, offsetof(struct document_answer, documents), .list = &names_list },
    { "hs_code",   read_text, offsetof(struct document_answer, hs_code),   .form = &form_hs },
    { "destination_country", read_text, offsetof(struct document_answer, destination_country), .form = &form_country },
    { "attested",  read_attested, .required = false },
    { "name",      read_text, offsetof(struct document_answer, name),      .form = &form_text },
    { "text",      read_text, offsetof(struct document_answer, text),      .form = &form_lines },
    /* clang-format on */
};
static const struct shape answer_shape = {"an answer", answer_fields, COUNT(answer_fields),
                                          finish_answer};

static const struct list_form answers_list = {
    .count_max = DOCUMENTS_ANSWERS_MAX,
    .count_offset = offsetof(struct document_answers, count),
    .shape = &answer_shape,
    .empty = &empty_answer,
    .size = sizeof(empty_answer),
};

/* Nothing that is said would be a step that changes nothing. */
static void
read_some(struct reader *reader, const struct path *path, const cJSON *json,
          const struct field *field, void *record)
{
    if (cJSON_IsArray(json) && !json->child)
        reader_fault(reader, path, "must have an element");
    read_list(reader, path, json, field, record);
}

static const struct field body_fields[] = {
    {"answers", read_some, offsetof(struct document_answers, list), .list = &answers_list,
     .required = true},
};
static const struct shape body_shape = {"documents", body_fields, COUNT(body_fields), NULL};

int
documents_read(const cJSON *json, struct document_answers *out, struct payment_faults *faults)
{
    struct reader reader = {.faults = faults, .currency = ""};

    faults->count = 0;
    *out = (struct document_answers){0};
    read_shape(&reader, NULL, json, &body_shape, out);
    return faults->count == 0 ? 0 : -1;
}

int
documents_read_list(const cJSON *json, struct document_answers *out,
                    struct payment_faults *faults)
{
    struct reader reader = {.faults = faults, .currency = ""};

    faults->count = 0;
    *out = (struct document_answers){0};
    read_list(&reader, NULL, json, &body_fields[0], out);
    return faults->count == 0 ? 0 : -1;
}

static void
write_answer(const struct document_answer *answer, struct buffer *out)
{
    json_open(out, '{');
    json_member(out, "request", answer->request);
    if (answer->document_count > 0) {
        json_key(out, "documents");
        json_open(out, '[');
        for (uint32_t i = 0; i < answer->document_count; i++)
            json_string(out, answer->documents[i]);
        json_close(out, ']');
    }
    json_member_if(out, "hs_code", answer->hs_code);
    json_member_if(out, "destination_country", answer->destination_country);
    if (answer->attested != ATTESTED_NOT_SAID) {
        json_key(out, "attested");
        json_bool(out, answer->attested == ATTESTED_TRUE);
    }
    json_member_if(out, "name", answer->name);
    json_member_if(out, "text", answer->text);
    json_close(out, '}');
}

void
documents_write(const struct document_answers *answers, struct buffer *out)
{
    json_open(out, '[');
    for (uint32_t i = 0; i < answers->count; i++)
        write_answer(answers->list[i], out);
    json_close(out, ']');
}
