/*
 * payment.h - one customer credit transfer as the gateway holds it.
 *
 * The record itself is struct policy_payment, so that a policy reads what the
 * parser wrote and nothing is copied in between.  Around it stands what a
 * policy must not see: the caller's wish for a simulated fault.
 *
 *   P1  amount_minor > 0, and within ten to the eighteenth.
 *   P2  every string is UTF-8 of at most PAYMENT_STRING_MAX characters, and
 *       never NULL; record's pointers lead into this struct or its arena.
 *   P3  uetr is a version 4 UUID in lower case.
 */
#ifndef GATEWAY_PAYMENT_PAYMENT_H
#define GATEWAY_PAYMENT_PAYMENT_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gateway/base/arena.h"
#include "gateway/base/error.h"
#include "gateway/base/hash.h"
#include "policy/policy_plugin.h"

#define PAYMENT_BODY_MAX                262144 /* bytes of JSON */
#define PAYMENT_STRING_MAX              1000   /* characters */
#define PAYMENT_GOODS_MAX               200
#define PAYMENT_OWNERS_MAX              50 /* of one party */
#define PAYMENT_INTERMEDIARY_AGENTS_MAX 3
#define PAYMENT_ROUTE_MAX               20
#define PAYMENT_DOCUMENTS_MAX           50
#define PAYMENT_VESSELS_MAX             20
#define PAYMENT_FAULTS_MAX              100 /* reported; more are counted */
#define PAYMENT_UETR_LENGTH             36

/* How long an answer takes, in ms: even where least is most, else drawn; see payment_delay_ms(). */
struct payment_delay {
    double least, likely, most; /* a triangle */
    double median, p99;         /* log-normal; 0: it is the triangle */
};

/* A hold that ends by itself. */
struct payment_hold {
    int64_t for_ms;   /* of the bank's clock */
    const char *then; /* "release", "return", "reject"; "": none was asked for */
};

/* What a client asks the bank to pretend.  Honoured only with --simulate on. */
struct payment_simulate {
    bool present;
    const char *outcome; /* "approved", "held", "blocked" or ""; given with action or hold */
    const char *action;  /* "accept", "request_information", ... or "" */
    const char *reason_code; /* "" or an ISO 20022 code */
    struct payment_hold hold;
    const char *fault; /* "", "drop", "drop_before", "reset" or "unavailable" */
    int64_t fault_ms;  /* unavailable: for so long, of real time; 0: for good */
    struct payment_delay delay;
    bool duplicate_webhook; /* each of its events is delivered twice */
};

struct payment {
    struct policy_payment record;
    uint8_t uetr[16]; /* record.uetr as bytes */
    struct policy_party debtor, ultimate_debtor, creditor, ultimate_creditor;
    struct policy_agent debtor_agent, creditor_agent;
    const char *amount_value; /* as sent */
    struct payment_simulate simulate;
};

/* One thing wrong with a body.  pointer is an RFC 6901 JSON Pointer. */
struct payment_fault {
    const char *pointer;
    const char *detail;
};

struct payment_faults {
    struct arena *arena;
    size_t count; /* all of them, also those past PAYMENT_FAULTS_MAX */
    struct payment_fault list[PAYMENT_FAULTS_MAX];
};

/*
 * Read a parsed JSON body.  Faults are collected, never only the first; the
 * result is -1 if there are any, and then *out must not be used.  Everything
 * lives on faults->arena.
 */
int payment_read(const cJSON *json, struct payment *out, struct payment_faults *faults)
    __attribute__((warn_unused_result));

/* One fault more, by who finds it after the reading; past PAYMENT_FAULTS_MAX it is counted. */
void payment_fault_add(struct payment_faults *faults, const char *pointer, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/*
 * The simulated delay: the same for a payment under one seed, whenever it is asked for,
 * and at most a minute; 0 without one.
 */
int64_t payment_delay_ms(const struct payment *payment, uint64_t seed);

/*
 * SHA-256 over the payment's content, the same however the JSON was laid out:
 * order of members, white space, escapes and trailing zeros do not matter.
 */
void payment_digest(const struct payment *payment, uint8_t digest[SHA256_BYTES]);

#endif
