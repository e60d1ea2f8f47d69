/* answers.c - first each answer against the payment, then each question against the answers. */
#include "gateway/bank/answers.h"

#include <string.h>

#include "policy/request_codes.h"

#define HS6_DIGITS 6
#define ASKS_USE   "RQSG/RQCM"

const char *
answers_verdict_name(enum answers_verdict verdict)
{
    static const char *const names[] = {"complete", "partial", "contradictory"};

    return names[verdict];
}

/* What all steps of one judgement share. */
struct judging {
    const struct policy_payment *payment;
    const struct goods *goods;
    struct arena *arena;
    struct words_scratch scratch;
    struct answers_judged *out;
    const struct answers_finding **tail;
};

static void
note(struct judging *judging, enum answers_verdict verdict, const char *request,
     const char *pointer, const char *finding)
{
    struct answers_finding *found = arena_alloc(judging->arena, sizeof(*found));

    *found = (struct answers_finding){request, finding, pointer, NULL};
    *judging->tail = found;
    judging->tail = &found->next;
    if (verdict > judging->out->verdict)
        judging->out->verdict = verdict;
}

/* -- does the HS code fit? -- */

/* What a description's words say of a chapter. */
struct words_said {
    const struct goods *goods;
    size_t chapter;
    bool named; /* a part of a kit, wherever it is classified */
    bool fits;  /* one that is classified in the chapter */
};

static void
word_found(void *context, uint32_t value)
{
    struct words_said *said = context;

    if (WORD_IS_NOT(value))
        return;
    said->named = true;
    if (said->goods->kits[WORD_KIT(value)]->chapter_parts[said->chapter] >> WORD_PART(value) &
        1u)
        said->fits = true;
}

/* Nothing is known of most words; those that name a part must name one of the chapter's. */
static bool
words_fit(struct judging *judging, const char *text, const char *hs_code)
{
    struct words_said said = {.goods = judging->goods};

    if (!judging->goods || text[0] == '\0')
        return true;
    said.chapter = (size_t)(hs_code[0] - '0') * 10 + (size_t)(hs_code[1] - '0');
    words_scan(&judging->goods->words, text, &judging->scratch, word_found, &said);
    return !said.named || said.fits;
}

static bool
line_fits(struct judging *judging, const struct policy_goods *line, const char *hs_code)
{
    if (line->hs_code[0] != '\0')
        return strncmp(line->hs_code, hs_code, HS6_DIGITS) == 0;
    return words_fit(judging, line->description, hs_code);
}

static void
check_hs_code(struct judging *judging, const struct document_answer *answer,
              const char *pointer)
{
    const struct policy_payment *payment = judging->payment;
    bool fits = payment->goods_count == 0;

    for (uint32_t i = 0; i < payment->goods_count && !fits; i++)
        fits = line_fits(judging, payment->goods[i], answer->hs_code);
    if (!fits)
        note(judging, ANSWERS_CONTRADICTORY, answer->request, pointer,
             arena_printf(judging->arena, "no goods line of the payment is %s",
                          answer->hs_code));
    if (!words_fit(judging, answer->text, answer->hs_code))
        note(judging, ANSWERS_CONTRADICTORY, answer->request, pointer,
             arena_printf(judging->arena,
                          "the answer's text names goods of another chapter "
                          "than %.2s",
                          answer->hs_code));
}

/* -- do destination and attestation? -- */

static void
check_destination(struct judging *judging, const struct document_answer *answer,
                  const char *pointer)
{
    const struct policy_payment *payment = judging->payment;
    const char *said = answer->destination_country, *before = payment->destination_country;
    bool payers = strcmp(said, payment->debtor->country) == 0 ||
                  strcmp(said, payment->ultimate_debtor->country) == 0;

    if (before[0] != '\0' && strcmp(said, before) != 0)
        note(judging, ANSWERS_CONTRADICTORY, answer->request, pointer,
             arena_printf(judging->arena, "the goods go to %s, the payment said %s", said,
                          before));
    if (!payers)
        note(judging, ANSWERS_CONTRADICTORY, answer->request, pointer,
             arena_printf(judging->arena, "the goods go to %s, the payer is in %s", said,
                          payment->debtor->country));
}

static const char *
pointer_of(struct judging *judging, uint32_t answer, const char *member)
{
    return arena_printf(judging->arena, "/%u/%s", answer, member);
}

static void
check_answer(struct judging *judging, const struct document_answer *answer, uint32_t i)
{
    if (answer->hs_code[0] != '\0')
        check_hs_code(judging, answer, pointer_of(judging, i, "hs_code"));
    if (answer->destination_country[0] != '\0')
        check_destination(judging, answer, pointer_of(judging, i, "destination_country"));
    if (answer->attested == ATTESTED_FALSE)
        note(judging, ANSWERS_CONTRADICTORY, answer->request,
             pointer_of(judging, i, "attested"), "the payer does not attest what is asked");
}

/* -- is each question answered? -- */

static char
paper_char(char c)
{
    if (c == '_' || c == '-')
        return ' ';
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

/* "customs_declaration" is "Customs declaration". */
static bool
is_paper(const char *given, const char *paper)
{
    while (*given && paper_char(*given) == paper_char(*paper))
        given++, paper++;
    return *given == '\0' && *paper == '\0';
}

static bool
has_paper(const struct document_answer *answer, const struct request_code *code)
{
    for (const char *const *paper = code->papers; *paper; paper++)
        for (uint32_t i = 0; i < answer->document_count; i++)
            if (is_paper(answer->documents[i], *paper))
                return true;
    return false;
}

static bool
has_country(const struct document_answer *answer, const struct request_code *code)
{
    return answer->destination_country[0] != '\0' || has_paper(answer, code);
}

static bool
has_hs_code(const struct document_answer *answer, const struct request_code *code)
{
    return answer->hs_code[0] != '\0' || has_paper(answer, code);
}

/* A paper alone is nobody's word. */
static bool
is_attested(const struct document_answer *answer, const struct request_code *code)
{
    (void)code;
    return answer->attested != ATTESTED_NOT_SAID;
}

static bool
has_text(const struct document_answer *answer, const struct request_code *code)
{
    return answer->text[0] != '\0' || has_paper(answer, code);
}

/* What a code asks for, by how it begins: the first that fits counts. */
static const struct {
    const char *begins;
    bool (*answered)(const struct document_answer *answer, const struct request_code *code);
} kinds[] = {
    {"RQSG/RQHS", has_hs_code},
    {"RQSG/RQGF", has_country},
    {ASKS_USE, is_attested},
    {"RQDO/", has_paper},
    {"", has_text},
};

static bool
is_answered(const char *asked, const struct document_answers *answers)
{
    static const struct request_code unknown = {.code = "", .text = ""};
    const struct request_code *code = request_code_find(asked);
    size_t kind = 0;

    while (strncmp(asked, kinds[kind].begins, strlen(kinds[kind].begins)) != 0)
        kind++;
    for (uint32_t i = 0; i < answers->count; i++)
        if (strcmp(answers->list[i]->request, asked) == 0 &&
            kinds[kind].answered(answers->list[i], code ? code : &unknown))
            return true;
    return false;
}

void
answers_judge(const struct payment *payment, const struct goods *goods,
              const struct answers_asked *asked, const struct document_answers *answers,
              struct arena *arena, struct answers_judged *out)
{
    struct judging judging = {
        .payment = &payment->record,
        .goods = goods,
        .arena = arena,
        .scratch = {.arena = arena},
        .out = out,
        .tail = &out->findings,
    };

    *out = (struct answers_judged){
        .missing = arena_alloc(arena, (asked->count + 1) * sizeof(*out->missing))};
    for (uint32_t i = 0; i < answers->count; i++)
        check_answer(&judging, answers->list[i], i);
    for (size_t i = 0; i < asked->count; i++) {
        if (is_answered(asked->codes[i], answers))
            continue;
        out->missing[out->missing_count++] = asked->codes[i];
        note(&judging, ANSWERS_PARTIAL, asked->codes[i], "", "is not answered");
    }
}
