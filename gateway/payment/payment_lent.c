/* payment_lent.c - payments and reason codes in the form that policy/ asks for. */
#include "gateway/payment/payment_lent.h"

#include "gateway/payment/codes.h"
#include "gateway/payment/payment.h"

const struct policy_payment *
payment_lent_read(struct arena *arena, const cJSON *json, struct error *err)
{
    struct payment_faults *faults = arena_zalloc(arena, sizeof(*faults));
    struct payment *payment = arena_zalloc(arena, sizeof(*payment));

    faults->arena = arena;
    if (payment_read(json, payment, faults) == 0)
        return &payment->record;
    error_record(err, ERROR_INVALID, "payment%s: %s", faults->list[0].pointer,
                 faults->list[0].detail);
    if (faults->count > 1)
        error_record(err, ERROR_INVALID, "payment%s: %s (and %zu more)",
                     faults->list[0].pointer, faults->list[0].detail, faults->count - 1);
    return NULL;
}

bool
payment_lent_reason_fits(enum policy_action action, const char *code)
{
    return action == POLICY_RETURN ? code_is_return_reason(code) : code_is_status_reason(code);
}
