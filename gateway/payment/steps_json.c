/* steps_json.c - notes, dispositions, decisions and recalls in JSON, as tables. */
#include "gateway/payment/steps_json.h"

#include <string.h>

#include "gateway/payment/codes.h"
#include "gateway/payment/payment_forms.h"
#include "gateway/payment/payment_lent.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static bool
is_disposition(const char *text)
{
    static const char *const dispositions[] = {"false_positive", "true_match", "inconclusive"};

    for (size_t i = 0; i < COUNT(dispositions); i++)
        if (strcmp(text, dispositions[i]) == 0)
            return true;
    return false;
}

static const struct text_form form_disposition = {
    .check = is_disposition, .expected = "false_positive, true_match or inconclusive"};

static const struct text_form form_code = {.characters_max = 4};

static const struct field reason_fields[] = {
    {"code", read_text, offsetof(struct policy_reason, code), .form = &form_code,
     .required = true},
    {"text", read_text, offsetof(struct policy_reason, text), .form = &form_lines},
};
static const struct shape reason_shape = {"a reason", reason_fields, COUNT(reason_fields),
                                          NULL};

/* clang-format off */
#define TEXT_ROW { "text", read_text, offsetof(struct step_body, text), .form = &form_lines, .required = true }
#define REASON_ROW(needed) \
    { "reason", read_object, offsetof(struct step_body, reason), .shape = &reason_shape, .required = (needed) }
/* clang-format on */

static const struct field note_fields[] = {TEXT_ROW};

static const struct field disposition_fields[] = {
    {"disposition", read_text, offsetof(struct step_body, disposition),
     .form = &form_disposition, .required = true},
    TEXT_ROW,
};

static const struct field decision_fields[] = {
    TEXT_ROW,
    REASON_ROW(false),
    {"disclosed", read_object, offsetof(struct step_body, disclosed), .shape = &reason_shape},
};

static const struct field recall_fields[] = {REASON_ROW(true)};

static const struct shape shapes[STEP_KIND_COUNT] = {
    [STEP_NOTE] = {"a note", note_fields, COUNT(note_fields), NULL},
    [STEP_DISPOSITION] = {"a disposition", disposition_fields, COUNT(disposition_fields), NULL},
    [STEP_DECISION] = {"a decision", decision_fields, COUNT(decision_fields), NULL},
    [STEP_RECALL] = {"a cancellation", recall_fields, COUNT(recall_fields), NULL},
};

/* S1 of one code that is there. */
static void
check_code(struct payment_faults *faults, const char *pointer, enum step_kind kind,
           enum policy_action action, const char *code)
{
    const char *message = kind == STEP_RECALL       ? "camt.056"
                          : action == POLICY_RETURN ? "pacs.004"
                                                    : "pacs.002";

    if (code[0] == '\0' || (kind == STEP_RECALL ? code_is_cancellation_reason(code)
                                                : payment_lent_reason_fits(action, code)))
        return;
    payment_fault_add(faults, pointer, "%s is no reason code that a %s carries", code, message);
}

int
step_read(const cJSON *json, enum step_kind kind, enum policy_action action,
          struct step_body *out, struct payment_faults *faults)
{
    struct reader reader = {.faults = faults, .currency = ""};

    faults->count = 0;
    *out = (struct step_body){
        .text = "", .disposition = "", .reason = {"", ""}, .disclosed = {"", ""}};
    read_shape(&reader, NULL, json, &shapes[kind], out);
    check_code(faults, "/reason/code", kind, action, out->reason.code);
    check_code(faults, "/disclosed/code", kind, action, out->disclosed.code);
    return faults->count == 0 ? 0 : -1;
}
