/* book_analysis.c - the book read, each finding given its place, and the order of questions. */
#include "policy/book_analysis.h"

#include <stdio.h>
#include <string.h>

#include "gateway/base/json.h"
#include "policy/book_private.h"
#include "policy/rules/locate.h"
#include "policy/terms.h"

/* -- findings -- */

static void
find(struct book_check *check, struct book_finding finding)
{
    if (check->count < BOOK_FINDINGS_MAX)
        check->findings[check->count++] = finding;
    else if (check->count == BOOK_FINDINGS_MAX)
        check->findings[check->count++] =
            (struct book_finding){.severity = BOOK_NOTE,
                                  .path = check->document.path,
                                  .rule = "",
                                  .sentence = "there is more than can be told at once"};
}

/* The child that a step of a pointer names, of len bytes; NULL: there is none. */
static const cJSON *
child_named(const cJSON *json, const char *step, size_t len)
{
    const cJSON *child;
    size_t index = 0;

    cJSON_ArrayForEach(child, json)
    {
        char number[24];
        const char *name = child->string;

        snprintf(number, sizeof(number), "%zu", index++);
        if (!name)
            name = number;
        if (strlen(name) == len && strncmp(name, step, len) == 0)
            return child;
    }
    return NULL;
}

/* What the pointer names, or as far as it leads. */
static struct place
place_of(const struct book_check *check, const char *pointer, size_t len)
{
    struct value root = value_root(&check->document);
    struct place place = {0, 1, 1};
    const cJSON *json = root.json;
    const char *end = pointer + len;
    size_t at = locate_value(check->text, &root);

    while (pointer < end && *pointer == '/') {
        size_t step = strcspn(++pointer, "/");
        const cJSON *child;

        if (step > (size_t)(end - pointer))
            step = (size_t)(end - pointer);
        child = child_named(json, pointer, step);
        if (!child)
            break;
        at = locate_child(check->text, at, json, child);
        json = child;
        pointer += step;
    }
    place_move(check->text, &place, at);
    return place;
}

void
book_find(struct book_check *check, enum book_severity severity, const char *pointer,
          const char *sentence)
{
    struct place place = place_of(check, pointer, strlen(pointer));

    find(check, (struct book_finding){severity, check->document.path, "", place.line,
                                      place.column, sentence});
}

void
book_find_rule(struct book_check *check, enum book_severity severity, const struct pack *pack,
               const struct pack_rule *rule, const char *sentence)
{
    find(check, (struct book_finding){severity, pack->path, rule->id, rule->line, rule->column,
                                      sentence});
}

void
book_find_at(struct book_check *check, enum book_severity severity, const char *path,
             uint32_t line, uint32_t column, const char *sentence)
{
    find(check, (struct book_finding){severity, path, "", line, column, sentence});
}

/* "PATH:3:7: why", "PATH: line 3, column 7: why" or "PATH: /POINTER: why", as errors are written:
 * what is behind the place, or behind the path, which line 0 says. */
static const char *
read_place(const struct book_check *check, const char *path, const char *text,
           struct place *place)
{
    size_t len = strlen(path);
    int used = 0;

    *place = (struct place){0};
    if (strncmp(text, path, len) != 0 || text[len] != ':')
        return text; /* it is about something else, and says so */
    text += len;
    if (sscanf(text, ":%u:%u: %n", &place->line, &place->column, &used) == 2 && used > 0)
        return text + used;
    if (sscanf(text, ": line %u, column %u: %n", &place->line, &place->column, &used) == 2 &&
        used > 0)
        return text + used;
    *place = (struct place){0};
    text += strspn(text, ": ");
    if (text[0] == '/' && check->document.root)
        *place = place_of(check, text, strcspn(text, ":"));
    return text;
}

void
book_find_error(struct book_check *check, const char *path, const char *text)
{
    struct place place;
    const char *sentence = read_place(check, path, text, &place);

    find(check, (struct book_finding){BOOK_ERROR, path, "", place.line, place.column,
                                      arena_copy(check->arena, sentence, strlen(sentence))});
}

/* -- the book -- */

size_t
book_regime_index(const struct book_check *check, const struct book_regime *regime)
{
    const cJSON *item =
        cJSON_GetObjectItemCaseSensitive(check->document.root, "regimes")->child;
    size_t index = 0;

    while (cJSON_GetObjectItemCaseSensitive(item, "from")->valuestring != regime->from) {
        item = item->next;
        index++;
    }
    return index;
}

const struct book_bank *
book_bank_of(const struct book *book, size_t class)
{
    for (size_t i = 0; i < book->bank_count; i++)
        if ((size_t)book->banks[i].class == class)
            return &book->banks[i];
    return NULL;
}

/* -1: it is no book, which is told. */
static int
book_open(struct book_check *check, size_t len)
{
    const char *path = check->document.path;
    struct error why = {0}, err = {0};
    cJSON *root;

    if (len > DOCUMENT_BYTES_MAX) {
        error_record(&err, ERROR_INVALID, "%s: expected at most %u bytes; found %zu", path,
                     DOCUMENT_BYTES_MAX, len);
    } else if (json_parse(check->arena, check->text, len, &root, &why) != 0) {
        error_record(&err, ERROR_INVALID, "%s: %s", path, why.text);
    } else {
        check->document.root = root;
        if (book_read(&check->document, check->arena, &check->book, &err) == 0)
            return 0;
    }
    book_find_error(check, path, err.text);
    return -1;
}

/* Plugins, their options, the number of packs: what a gateway would still stumble over. */
static void
book_load(struct book_check *check)
{
    struct snapshot *snapshot;
    struct error err = {0};

    if (snapshot_load(check->sources, &snapshot, &err) != 0)
        book_find_error(check, check->document.path, err.text);
    else
        snapshot_free(snapshot);
}

/* What ends in the book's terms, and what the payer would read of it. */
static void
find_undisclosed(struct book_check *check)
{
    const struct {
        const char *name;
        const struct policy_terms *terms;
    } both[] = {{"hold", &check->book.terms.hold},
                {"request_information", &check->book.terms.questions}};

    for (size_t i = 0; i < sizeof(both) / sizeof(both[0]); i++) {
        const char *member;
        size_t at = 0;

        while ((member = terms_undisclosed(both[i].terms, &at)))
            book_find(check, BOOK_WARNING,
                      arena_printf(check->arena, "/terms/%s/%s", both[i].name, member),
                      "the payer would read the internal reason: add disclosed");
    }
}

size_t
book_analyse(const struct snapshot_sources *sources, const char *text, size_t len,
             const struct goods *goods, struct arena *arena,
             const struct book_finding **findings)
{
    struct book_check check = {.sources = sources,
                               .goods = goods,
                               .arena = arena,
                               .text = text,
                               .document = {.path = sources->book}};

    check.findings = arena_alloc(arena, (BOOK_FINDINGS_MAX + 1) * sizeof(struct book_finding));
    if (book_open(&check, len) == 0) {
        book_find_packs(&check);
        if (check.count == 0)
            book_load(&check);
        find_undisclosed(&check);
        book_find_gaps(&check);
        book_find_rules(&check);
        book_find_idle(&check);
    }
    *findings = check.findings;
    return check.count;
}
