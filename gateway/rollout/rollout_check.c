/*
 * rollout_check.c - what there is to say of a version before it may judge.
 *
 *   policy   the pack by itself: form, types, cost, codes, its tests; then what is odd about
 *            it, alone and beside the others that the book in force names
 *   book     all that policy/book_analysis.h finds, its packs included
 *   both     the whole that would be in force with it loads
 */
#include <stdio.h>
#include <string.h>

#include "gateway/rollout/rollout_private.h"
#include "policy/book_analysis.h"
#include "policy/pack_test.h"
#include "policy/rules/analysis.h"

struct checking {
    struct rollout *rollout;
    struct arena *arena;
    struct snapshot_sources sources; /* with the texts that would be in force */
    const struct text *text;         /* the version's */
    const char *file;                /* "kit-blockade.json" */
    struct goods *goods;
    struct rollout_finding *findings;
    size_t count;
};

static bool
is_refused(const struct checking *checking)
{
    for (size_t i = 0; i < checking->count; i++)
        if (strcmp(checking->findings[i].severity, "error") == 0)
            return true;
    return false;
}

static struct rollout_finding
mended(struct checking *checking, const struct rollout_finding *finding)
{
    char *sentence = arena_copy(checking->arena, finding->sentence, strlen(finding->sentence));
    struct rollout_finding out = *finding;

    error_mend(sentence);
    out.sentence = sentence;
    return out;
}

static void
find(struct checking *checking, const struct rollout_finding *finding)
{
    if (checking->count < ROLLOUT_FINDINGS_MAX)
        checking->findings[checking->count++] = mended(checking, finding);
    else if (strcmp(finding->severity, "error") == 0 && !is_refused(checking))
        checking->findings[ROLLOUT_FINDINGS_MAX - 1] =
            mended(checking, finding); /* an error is never lost */
}

static const char *
base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

/* "FILE:3:7: why", "FILE: line 3, column 7: why" and "FILE: /POINTER: why", as errors are
 * written; another sentence is about the whole. */
static void
find_error(struct checking *checking, const char *text)
{
    struct rollout_finding finding = {"error", checking->file, 0, 0, "", text};
    const char *colon = strstr(text, ".json:");
    int used = 0;

    if (colon) {
        colon += strlen(".json");
        finding.file = base_name(arena_copy(checking->arena, text, (size_t)(colon - text)));
        finding.sentence = colon + 1 + strspn(colon + 1, " ");
        if ((sscanf(colon, ":%u:%u: %n", &finding.line, &finding.column, &used) == 2 ||
             sscanf(colon, ": line %u, column %u: %n", &finding.line, &finding.column, &used) ==
                 2) &&
            used > 0)
            finding.sentence = colon + used;
        else
            finding.line = finding.column = 0;
    }
    find(checking, &finding);
}

static void
find_book_finding(struct checking *checking, const struct book_finding *found)
{
    static const char *const severities[BOOK_SEVERITY_COUNT] = {
        [BOOK_NOTE] = "note", [BOOK_WARNING] = "warning", [BOOK_ERROR] = "error"};

    find(checking,
         &(struct rollout_finding){severities[found->severity], base_name(found->path),
                                   found->line, found->column, found->rule, found->sentence});
}

/* -- a policy -- */

static void
find_failed_tests(struct checking *checking, const struct pack_report *report)
{
    for (size_t i = 0; i < report->result_count; i++) {
        const struct pack_result *result = &report->results[i];

        if (result->failure)
            find(checking,
                 &(struct rollout_finding){"error", checking->file, result->test->line,
                                           result->test->column, "",
                                           arena_printf(checking->arena, "test \"%s\": %s",
                                                        result->test->title, result->failure)});
    }
}

static void
find_untested(struct checking *checking, const struct pack_report *report)
{
    for (size_t i = 0; i < report->pack->rule_count; i++) {
        const struct pack_rule *rule = &report->pack->rules[i];

        if (report->fired[i] == 0)
            find(checking,
                 &(struct rollout_finding){"warning", checking->file, rule->line, rule->column,
                                           rule->id, "no test makes it fire"});
    }
}

static void
find_odd(struct checking *checking, const struct pack *pack)
{
    const struct pack_finding *odd;
    size_t count = pack_analyse(checking->arena, pack, &odd);

    for (size_t i = 0; i < count; i++)
        find(checking, &(struct rollout_finding){
                           odd[i].severity == PACK_WARNING ? "warning" : "note", checking->file,
                           odd[i].line, odd[i].column, odd[i].rule, odd[i].sentence});
}

/* The book in force, from the store.  False: none is, or it cannot be read, which is no fault
 * of the version. */
static bool
book_in_force(const struct checking *checking, struct text *out)
{
    struct rollout *rollout = checking->rollout;
    struct rollout_record record;
    struct error err = {0};
    const struct text *texts;
    size_t count, i = 0;

    if (!rollout->current->active)
        return false;
    count = snapshot_texts(rollout->current->active, &texts);
    while (i < count && strcmp(texts[i].kind, TEXT_BOOK) != 0)
        i++;
    if (i == count ||
        rollout_read_text(rollout, catalogue_text(&rollout->catalogue, texts[i].digest),
                          checking->arena, &record, &err) != 0)
        return false;
    *out = texts[i];
    out->data = arena_copy(checking->arena, record.text, record.text_len);
    out->len = record.text_len;
    return true;
}

/* What is odd about the pack among those that judge with it: outdone, in contradiction. */
static void
find_odd_in_book(struct checking *checking)
{
    struct snapshot_sources sources = checking->sources;
    size_t count = sources.texts.count;
    struct text *texts = arena_alloc(checking->arena, (count + 1) * sizeof(*texts));
    const struct book_finding *found;

    if (!book_in_force(checking, &texts[0]))
        return;
    for (size_t i = 0; i < count; i++) /* the first book counts, which may be the same */
        texts[i + 1] = sources.texts.list[i];
    sources.texts = (struct texts){texts, count + 1, false};
    sources.book = arena_printf(checking->arena, "%s.json", texts[0].name);
    count = book_analyse(&sources, texts[0].data, texts[0].len, checking->goods,
                         checking->arena, &found);
    for (size_t i = 0; i < count; i++)
        if (found[i].severity != BOOK_ERROR && strcmp(found[i].path, checking->file) == 0)
            find_book_finding(checking, &found[i]);
}

static void
check_policy(struct checking *checking)
{
    const struct host_pack file = {checking->file, checking->text->data, checking->text->len};
    struct pack_report report;
    struct error err = {0};

    if (pack_test_run(&checking->sources, checking->goods, &file, checking->arena, &report,
                      &err) != 0) {
        find_error(checking, err.text);
        return;
    }
    if (strcmp(report.pack->name, checking->text->name) != 0)
        find(checking, &(struct rollout_finding){
                           "error", checking->file, report.pack->line, report.pack->column, "",
                           arena_printf(checking->arena, "pack: expected \"%s\"; found \"%s\"",
                                        checking->text->name, report.pack->name)});
    find_failed_tests(checking, &report);
    find_odd(checking, report.pack);
    find_untested(checking, &report);
    if (!is_refused(checking))
        find_odd_in_book(checking);
}

/* -- a book -- */

static void
check_book(struct checking *checking)
{
    const struct book_finding *found;
    size_t count;

    checking->sources.book = checking->file;
    count = book_analyse(&checking->sources, checking->text->data, checking->text->len,
                         checking->goods, checking->arena, &found);
    for (size_t i = 0; i < count; i++)
        find_book_finding(checking, &found[i]);
}

/* -- both -- */

static void
check_whole(struct checking *checking)
{
    struct snapshot *snapshot;
    struct error err = {0};

    if (snapshot_load(&checking->sources, &snapshot, &err) != 0)
        find_error(checking, err.text);
    else
        snapshot_free(snapshot);
}

static bool
is_own(const struct checking *checking, const struct rollout_finding *finding)
{
    return strcmp(finding->severity, "error") == 0 &&
           strcmp(finding->file, checking->file) == 0;
}

/*
 * The first error of the version's own as one line: that refuses it for good.  An error
 * elsewhere may be mended there; it keeps the version from judging, but is not its fault.
 */
static int
refuse(const struct checking *checking, struct error *err)
{
    const struct rollout_finding *finding = checking->findings,
                                 *end = finding + checking->count;
    bool own;

    while (finding < end && !is_own(checking, finding))
        finding++;
    own = finding < end;
    for (finding = own ? finding : checking->findings; strcmp(finding->severity, "error") != 0;)
        finding++;
    if (finding->line == 0)
        return error_set(err, own ? ERROR_INVALID : ERROR_CONFLICT, "%s%s: %s",
                         own ? "" : "what would be in force with it does not load: ",
                         finding->file, finding->sentence);
    return error_set(err, own ? ERROR_INVALID : ERROR_CONFLICT, "%s%s:%u:%u: %s",
                     own ? "" : "what would be in force with it does not load: ", finding->file,
                     finding->line, finding->column, finding->sentence);
}

/* The texts in force with the version among them, and the goods tables to test it with. */
static int
checking_gather(struct checking *checking, const struct rollout_name *name,
                const struct version *version, struct error *err)
{
    const struct replacement replacement = {name, version};
    struct rollout *rollout = checking->rollout;
    struct error why = {0};

    checking->sources = *rollout->sources;
    checking->file = arena_printf(checking->arena, "%s.json", name->name);
    if (rollout_gather(rollout, rollout->current->active, &replacement, checking->arena,
                       &checking->sources.texts, err) != 0)
        return -1;
    checking->text =
        texts_find(&checking->sources.texts, rollout_kind_text(name->kind), name->name);
    if (snapshot_goods(&checking->sources, checking->arena, &checking->goods, &why) != 0)
        return error_set(err, ERROR_CONFLICT, "it cannot be checked: %s", why.text);
    return 0;
}

int
rollout_check(struct rollout *rollout, const struct rollout_name *name,
              const struct version *version, struct arena *arena,
              const struct rollout_finding **findings, size_t *count, struct error *err)
{
    struct checking checking = {.rollout = rollout, .arena = arena};

    *count = 0;
    checking.findings = arena_alloc(arena, ROLLOUT_FINDINGS_MAX * sizeof(*checking.findings));
    *findings = checking.findings;
    if (checking_gather(&checking, name, version, err) != 0)
        return -1;
    if (name->kind == ROLLOUT_POLICY)
        check_policy(&checking);
    else
        check_book(&checking);
    if (!is_refused(&checking))
        check_whole(&checking);
    *count = checking.count;
    return is_refused(&checking) ? refuse(&checking, err) : 0;
}
