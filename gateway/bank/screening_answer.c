/* screening_answer.c - lists that were asked, and hits, straight into the buffer. */
#include "gateway/bank/screening_answer.h"

#include <math.h>

#include "policy/screening/score.h"

#define TENTHS 10

static void
write_strings(const char *key, const char *const *texts, size_t count, struct buffer *out)
{
    json_key(out, key);
    json_open(out, '[');
    for (size_t i = 0; i < count; i++)
        json_string(out, texts[i]);
    json_close(out, ']');
}

static void
write_or_null(const char *key, const char *text, struct buffer *out)
{
    json_key(out, key);
    if (text[0] != '\0')
        json_string(out, text);
    else
        json_null(out);
}

static void
write_list(const struct list *list, struct buffer *out)
{
    json_open(out, '{');
    json_member(out, "name", list->name);
    json_member(out, "digest", list->digest);
    json_key(out, "entries");
    json_int(out, (int64_t)list->entry_count);
    write_or_null("published_on", list->published_on, out);
    json_close(out, '}');
}

void
screening_write_head(const struct asking *asking)
{
    struct buffer *out = &asking->screening->answer;

    json_open(out, '{');
    json_member(out, "snapshot", asking->screening->snapshot);
    json_key(out, "lists");
    json_open(out, '[');
    for (size_t l = 0; l < asking->roster->count; l++)
        if (asking->screening->asked[l])
            write_list(asking->roster->listings[l]->list, out);
    json_close(out, ']');
    json_key(out, "data");
    json_open(out, '[');
}

/* -- a hit -- */

static void
write_tenths(const char *key, float bits, struct buffer *out)
{
    json_key(out, key);
    json_number(out, round((double)bits * TENTHS) / TENTHS);
}

static void
write_score(const char *key, float score, struct buffer *out)
{
    json_key(out, key);
    json_number(out, roster_score(score));
}

/* Words of a reading as they are compared. */
static void
write_words(const char *key, struct arena *arena, const struct reading *reading, size_t first,
            size_t count, struct buffer *out)
{
    const struct reading words = {.words = reading->words + first, .count = count};

    json_member(out, key, reading_print(arena, &words));
}

static const char *
name_kind_of(const struct screen_hit *hit)
{
    const struct list_entry *entry = hit->entry;
    size_t i = 0;

    while (i + 1 < entry->name_count && entry->names[i].text != hit->matched)
        i++;
    return list_name_kind_name(entry->names[i].kind);
}

/* The two names side by side, as the kind that hit: dates and countries do not count here. */
static void
write_explanation(struct arena *arena, const struct screen_hit *hit, struct buffer *out)
{
    const struct reading *query, *matched;
    struct score score;

    score_names(arena, (enum name_kind)hit->read_as, hit->query, hit->matched, &score);
    query = &score.a.readings[score.how.reading_a];
    matched = &score.b.readings[score.how.reading_b];
    json_key(out, "explanation");
    json_open(out, '{');
    json_member(out, "query", reading_print(arena, query));
    json_member(out, "matched", reading_print(arena, matched));
    json_member(out, "matched_is", name_kind_of(hit));
    write_score("name_score", score.value, out);
    json_key(out, "pairs");
    json_open(out, '[');
    for (size_t i = 0; i < score.how.pair_count; i++) {
        const struct agreement *pair = &score.how.pairs[i];

        json_open(out, '{');
        write_words("query", arena, query, pair->a, pair->a_count, out);
        write_words("matched", arena, matched, pair->b, pair->b_count, out);
        write_score("agree", pair->agree, out);
        write_tenths("bits", pair->bits, out);
        json_close(out, '}');
    }
    json_close(out, ']');
    write_tenths("missing_query_bits", score.how.missing_a, out);
    write_tenths("missing_matched_bits", score.how.missing_b, out);
    json_close(out, '}');
}

static void
write_primaries(const struct list_entry *entry, struct buffer *out)
{
    size_t shown = 0;

    json_key(out, "names");
    json_open(out, '[');
    for (size_t i = 0; i < entry->name_count && shown < SCREENING_PRIMARIES_MAX; i++)
        if (entry->names[i].kind == LIST_NAME_PRIMARY) {
            json_string(out, entry->names[i].text);
            shown++;
        }
    json_close(out, ']');
}

static void
write_hit(const struct asking *asking, const struct found *found)
{
    static const char *const states[] = {
        [OWNERSHIP_FREE] = "free", /* roster_find() leaves them out */
        [OWNERSHIP_LISTED] = "listed",
        [OWNERSHIP_OWNED] = "owned",
        [OWNERSHIP_CONTROLLED] = "controlled",
    };
    const struct screen_hit *hit = found->hit;
    const struct list_entry *entry = hit->entry;
    struct buffer *out = &asking->screening->answer;

    json_open(out, '{');
    json_member(out, "list", hit->list);
    json_member(out, "entry", entry->id);
    json_member(out, "kind", list_kind_name(entry->kind));
    write_primaries(entry, out);
    json_member(out, "query", hit->query_normal);
    json_member(out, "matched", hit->matched_normal);
    json_member(out, "matched_as_published", hit->matched);
    write_score("score", hit->score, out);
    json_member(out, "by", hit->by_identifier ? "identifier" : "name");
    json_member(
        out, "state",
        states[roster_state(asking->roster, found->listing, entry, asking->screening->now_ms)]);
    write_strings("programs", entry->programs, entry->program_count, out);
    write_strings("countries", entry->countries, entry->country_count, out);
    write_strings("born_on", entry->born_on, entry->born_on_count, out);
    if (asking->screening->request.explain && !hit->by_identifier)
        write_explanation(asking->scratch, hit, out);
    json_close(out, '}');
}

/* -- a name -- */

void
screening_write_name(const struct asking *asking, const char *name, const struct founds *founds)
{
    struct buffer *out = &asking->screening->answer;

    json_open(out, '{');
    write_or_null("name", name, out);
    json_key(out, "hits");
    json_open(out, '[');
    for (size_t i = 0; i < founds->count; i++)
        write_hit(asking, &founds->best[i]);
    json_close(out, ']');
    json_key(out, "left_out");
    json_int(out, (int64_t)founds->left_out);
    json_close(out, '}');
}

void
screening_write_end(const struct asking *asking)
{
    json_close(&asking->screening->answer, ']');
    json_close(&asking->screening->answer, '}');
}
