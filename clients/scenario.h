/*
 * scenario.h - a scenario file, read whole and strictly before anything is sent.
 *
 *     { "scenario": "april-kits", "title": "...", "seed": 1,
 *       "clock": "manual:2024-03-31T10:00:00+08:00", "book": "china-2024",
 *       "steps": [
 *         { "pay": {...}, "as": "kit", "title": "...", "expect": {...} },
 *         { "advance": "P1D" }, { "to": "2024-05-25T09:00:00", "expect": { "events": 2 } },
 *         { "documents": { "payment": "$kit", "answers": [...] }, "expect": {...} },
 *         { "cancel": { "payment": "$kit", "reason": { "code": "CUST" } } },
 *         { "case": { "payment": "$kit", "disposition": "false_positive" }, "by": "anna" },
 *         { "case": { "payment": "$kit", "release": true, "text": "..." }, "by": "boris" },
 *         { "expect": { "payment": "$kit", "state": "returned" } } ] }
 *
 * title is optional everywhere; as names a payment so that a later step can
 * refer to it as $name; a step without expect must only be taken.  Without
 * seed it is 1, without book the gateway's own.
 *
 * A case is its payment's.  One of disposition, release, return, reject and freeze is done
 * with it; without any of them the text is a note.  by says who does it, to a gateway
 * without keys.
 *
 *   N1  an unknown member, a missing one, a wrong type or a reference to what is
 *       not yet paid fails with the step's number and a JSON Pointer.
 *   N2  a payment without uetr gets one made of the seed and the step's number,
 *       a valid UUID version 4: the same file gives the same bytes.
 *   N3  only a manual clock is moved.
 */
#ifndef CLIENTS_SCENARIO_H
#define CLIENTS_SCENARIO_H

#include <cjson/cJSON.h>
#include <stddef.h>
#include <stdint.h>

#include "gateway/base/arena.h"
#include "gateway/base/error.h"

#define SCENARIO_STEPS_MAX 100000
#define SCENARIO_SEED_MAX  9007199254740991LL /* what a JSON number holds exactly */
#define UETR_TEXT_SIZE     37

enum step_kind {
    STEP_PAY,
    STEP_DOCUMENTS,
    STEP_CANCEL,
    STEP_CASE,
    STEP_ADVANCE,
    STEP_TO,
    STEP_EXPECT,
    STEP_KIND_COUNT,
};

struct scenario_step {
    enum step_kind kind;
    const char *title;   /* what to call it: title, name, or the kind */
    const char *name;    /* PAY: as; "" for none */
    const char *body;    /* the JSON to post, a payment's uetr included; EXPECT: NULL */
    size_t body_len;     /* */
    int64_t move_ms;     /* ADVANCE: by so much; TO: to this instant */
    const char *verb;    /* CASE: "release", the end of the path; "" of the others */
    const char *actor;   /* CASE: by; "" for none */
    size_t payment;      /* index of the step that paid; PAY: its own; of the clock's: unused */
    const cJSON *expect; /* NULL: nothing expected */
};

struct scenario {
    const char *name;
    const char *title; /* "" for none */
    int64_t seed;
    const char *clock;
    const char *book; /* as written; "" for none */
    struct scenario_step *steps;
    size_t step_count;
};

/* text is what file holds; file is only named in errors.  All is on the arena. */
int scenario_read(struct arena *arena, const char *file, const char *text, size_t len,
                  struct scenario *out, struct error *err) __attribute__((warn_unused_result));

/* The kind's name: "pay", "cancel". */
const char *step_kind_name(enum step_kind kind);

/* The uetr of N2; step counts from 1. */
void scenario_uetr(int64_t seed, size_t step, char text[UETR_TEXT_SIZE]);

#endif
