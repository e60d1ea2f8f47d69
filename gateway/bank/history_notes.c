/* history_notes.c - the payments themselves, in chunks that never move. */
#include <stdlib.h>
#include <string.h>

#include "gateway/bank/history_private.h"

static void *
taken(size_t bytes)
{
    void *memory = malloc(bytes);

    if (!memory)
        abort();
    return memory;
}

void
notes_init(struct notes *notes)
{
    *notes = (struct notes){.latest_ms = INT64_MIN};
    pthread_mutex_init(&notes->lock, NULL);
}

void
notes_release(struct notes *notes)
{
    for (uint32_t i = 1; i <= notes->used; i++)
        free(note_at(notes, i)->extra);
    for (size_t c = 0; c < NOTES_CHUNKS_MAX; c++)
        free(notes->chunks[c]);
    free(notes->days);
    pthread_mutex_destroy(&notes->lock);
}

/* --- days -------------------------------------------------------------------------------- */

static int64_t
day_of(int64_t at_ms)
{
    return at_ms / HISTORY_DAY_MS - (at_ms % HISTORY_DAY_MS < 0);
}

/* Made where there is none. */
static struct notes_day *
notes_day(struct notes *notes, int64_t day)
{
    size_t at = notes->day_count;

    while (at > 0 && notes->days[at - 1].day > day)
        at--;
    if (at > 0 && notes->days[at - 1].day == day)
        return &notes->days[at - 1];
    if (notes->day_count == notes->day_capacity) {
        notes->day_capacity = notes->day_capacity ? 2 * notes->day_capacity : 64;
        notes->days = realloc(notes->days, notes->day_capacity * sizeof(*notes->days));
        if (!notes->days)
            abort();
    }
    memmove(&notes->days[at + 1], &notes->days[at],
            (notes->day_count - at) * sizeof(*notes->days));
    notes->days[at] = (struct notes_day){.day = day};
    notes->day_count++;
    return &notes->days[at];
}

static void
day_append(struct notes *notes, uint32_t number)
{
    struct note *note = note_at(notes, number);
    struct notes_day *day = notes_day(notes, day_of(note->at_ms));

    note->listed = true;
    note->previous = day->last;
    if (day->last != 0)
        note_at(notes, day->last)->next = number;
    else
        day->first = number;
    day->last = number;
    notes->count++;
}

/* A day without notes goes. */
static void
day_unlink(struct notes *notes, struct notes_day *day, uint32_t number)
{
    struct note *note = note_at(notes, number);

    *(note->previous ? &note_at(notes, note->previous)->next : &day->first) = note->next;
    *(note->next ? &note_at(notes, note->next)->previous : &day->last) = note->previous;
    note->listed = false;
    notes->count--;
    if (day->first == 0) {
        notes->day_count--;
        memmove(day, day + 1, (size_t)(notes->days + notes->day_count - day) * sizeof(*day));
    }
}

/* --- one note ---------------------------------------------------------------------------- */

static struct note_extra *
extra_of(const struct memory_note *from)
{
    uint8_t bytes[HISTORY_NOTE_MAX], *at = bytes;
    struct note_extra *extra;
    uint64_t goods = from->line_count;

    if (from->line_count == 0 && from->keys.end_user_count == 0)
        return NULL;
    for (uint32_t i = 0; i < from->line_count; i++) {
        const struct memory_line *line = &from->lines[i];
        size_t digits = strlen(line->hs_code), len = strlen(line->description);

        *at++ = (uint8_t)line->line;
        *at++ = (uint8_t)digits;
        *at++ = (uint8_t)len;
        memcpy(at, line->hs_code, digits);
        memcpy(at + digits, line->description, len);
        for (size_t b = 0; b < digits + len; b++)
            goods = (goods ^ at[b]) * UINT64_C(1099511628211);
        at += digits + len;
    }
    extra = taken(sizeof(*extra) + (size_t)(at - bytes));
    memcpy(extra->uetr, from->uetr, sizeof(extra->uetr));
    extra->goods = goods;
    extra->end_user_count = from->keys.end_user_count;
    memcpy(extra->end_users, from->keys.end_users, sizeof(extra->end_users));
    extra->packed_len = (uint32_t)(at - bytes);
    memcpy(extra->packed, bytes, extra->packed_len);
    return extra;
}

static uint32_t
notes_number(struct notes *notes)
{
    uint32_t number = notes->free;

    if (number != 0) {
        notes->free = note_at(notes, number)->next;
        return number;
    }
    number = ++notes->used;
    if (number / NOTES_CHUNK >= NOTES_CHUNKS_MAX)
        abort(); /* history_leave() trims more than visits add */
    if (!notes->chunks[number / NOTES_CHUNK])
        notes->chunks[number / NOTES_CHUNK] = taken(NOTES_CHUNK * sizeof(struct note));
    return number;
}

uint32_t
notes_add(struct notes *notes, const struct memory_note *from)
{
    struct note_extra *extra = extra_of(from);
    uint32_t number;

    pthread_mutex_lock(&notes->lock);
    number = notes_number(notes);
    *note_at(notes, number) = (struct note){
        .at_ms = from->at_ms,
        .debtor = from->keys.debtor,
        .creditor = from->keys.creditor,
        .contract = from->keys.contract,
        .presented = from->keys.presented,
        .extra = extra,
        .amount = from->amount,
        .order = notes->order++,
        .outcome = (uint8_t)from->outcome,
    };
    day_append(notes, number);
    if (from->at_ms > notes->latest_ms)
        notes->latest_ms = from->at_ms;
    pthread_mutex_unlock(&notes->lock);
    return number;
}

bool
notes_get(struct notes *notes, uint64_t id, struct memory_keys *keys)
{
    uint32_t number = (uint32_t)id;
    const struct note *note;
    bool there;

    pthread_mutex_lock(&notes->lock);
    there = number != 0 && number <= notes->used;
    note = there ? note_at(notes, number) : NULL;
    there = there && note->order == (uint32_t)(id >> 32) && !note->gone;
    if (there)
        note_keys(note, keys);
    pthread_mutex_unlock(&notes->lock);
    return there;
}

/* --- leaving ----------------------------------------------------------------------------- */

/* One payment far ahead of the rest ages none of them. */
static bool
is_past(const struct notes *notes, const struct notes_day *day, int64_t now_ms)
{
    int64_t from_ms = notes->latest_ms < now_ms ? notes->latest_ms : now_ms;

    return day->day < day_of(from_ms - HISTORY_HORIZON_MS) - 1;
}

uint32_t
notes_oldest(struct notes *notes, int64_t now_ms)
{
    uint32_t number = 0;

    pthread_mutex_lock(&notes->lock);
    if (notes->count > HISTORY_NOTES_MAX ||
        (notes->count > 0 && is_past(notes, notes->days, now_ms))) {
        number = notes->days->first;
        day_unlink(notes, notes->days, number);
    }
    pthread_mutex_unlock(&notes->lock);
    return number;
}

/* Under the lock. */
static void
note_free(struct notes *notes, uint32_t number)
{
    struct note *note = note_at(notes, number);

    free(note->extra);
    *note = (struct note){.gone = true, .next = notes->free};
    notes->free = number;
}

void
notes_drop(struct notes *notes, uint32_t number)
{
    pthread_mutex_lock(&notes->lock);
    note_free(notes, number);
    pthread_mutex_unlock(&notes->lock);
}

void
notes_forget(struct notes *notes, uint32_t number)
{
    struct note *note = note_at(notes, number);

    pthread_mutex_lock(&notes->lock);
    if (note->listed) {
        day_unlink(notes, notes_day(notes, day_of(note->at_ms)), number);
        note_free(notes, number);
    } else {
        note->gone = true; /* who took it from its day drops it */
    }
    pthread_mutex_unlock(&notes->lock);
}

/* --- what is in it ----------------------------------------------------------------------- */

void
note_keys(const struct note *note, struct memory_keys *out)
{
    out->debtor = note->debtor;
    out->creditor = note->creditor;
    out->contract = note->contract;
    out->presented = note->presented;
    out->end_user_count = note->extra ? note->extra->end_user_count : 0;
    if (note->extra)
        memcpy(out->end_users, note->extra->end_users, sizeof(out->end_users));
}

size_t
note_parts(const struct note *note, struct arena *arena, struct memory_part *out)
{
    const struct note_extra *extra = note->extra;
    const uint8_t *at = extra->packed, *end = at + extra->packed_len;
    char *uetr = arena_alloc(arena, MEMORY_UETR_SIZE);
    size_t count = 0;

    memory_uetr_print(extra->uetr, uetr);
    while (at < end) {
        size_t digits = at[1], len = at[2];
        const char *text = (const char *)at + 3;

        out[count++] = (struct memory_part){
            .uetr = uetr,
            .hs_code = arena_copy(arena, text, digits),
            .description = arena_copy(arena, text + digits, len),
            .at_ms = note->at_ms,
            .line = at[0],
        };
        at += 3 + digits + len;
    }
    return count;
}
