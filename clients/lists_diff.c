/*
 * lists_diff.c - what changed from one publication of a list to the next.
 *
 *     + 33020 person LEGRA SOTOLONGO, Roberto
 *     ~ 36 company AEROCARIBBEAN AIRLINES
 *         + names alias AERO-CARIBBEAN
 *     - 173 company ANGLO-CARIBBEAN CO., LTD.
 */
#include "clients/lists.h"
#include "clients/print.h"
#include "gateway/base/buffer.h"
#include "policy/screening/list_diff.h"

#define LINE_BYTES_FIRST 512

static const char signs[LIST_CHANGE_COUNT] = {
    [LIST_ADDED] = '+', [LIST_REMOVED] = '-', [LIST_CHANGED] = '~'};

static void
difference_print(const struct list_difference *difference)
{
    const struct list_entry *entry = difference->entry;

    printf("%c ", signs[difference->change]);
    print_text(stdout, entry->id);
    printf(" %s ", list_kind_name(entry->kind));
    print_text(stdout, entry->names[0].text);
    fputc('\n', stdout);
    for (size_t i = 0; i < difference->detail_count; i++) {
        const struct list_detail *detail = &difference->details[i];

        printf("    %c %s ", detail->added ? '+' : '-', detail->field);
        print_text(stdout, detail->added ? detail->added : detail->removed);
        fputc('\n', stdout);
    }
}

static void
difference_print_json(struct arena *arena, const struct list_difference *difference)
{
    const struct list_entry *entry = difference->entry;
    struct buffer line;

    buffer_init(&line, arena, LINE_BYTES_FIRST);
    json_open(&line, '{');
    json_member(&line, "change", list_change_name(difference->change));
    json_member(&line, "id", entry->id);
    json_member(&line, "kind", list_kind_name(entry->kind));
    json_member(&line, "name", entry->names[0].text);
    json_key(&line, "details");
    json_open(&line, '[');
    for (size_t i = 0; i < difference->detail_count; i++) {
        const struct list_detail *detail = &difference->details[i];

        json_open(&line, '{');
        json_member(&line, "field", detail->field);
        json_member(&line, detail->added ? "added" : "removed",
                    detail->added ? detail->added : detail->removed);
        json_close(&line, '}');
    }
    json_close(&line, ']');
    json_close(&line, '}');
    puts(buffer_terminate(&line));
}

static void
summary_print(const size_t counts[LIST_CHANGE_COUNT], const struct list *before,
              const struct list *now, int json)
{
    printf(json ? "{\"entries_before\":%zu,\"entries\":%zu,\"added\":%zu,\"removed\":%zu,"
                  "\"changed\":%zu}\n"
                : "%zu entries before, %zu now: %zu added, %zu removed, %zu changed\n",
           before->entry_count, now->entry_count, counts[LIST_ADDED], counts[LIST_REMOVED],
           counts[LIST_CHANGED]);
}

static int
differences_show(const struct options *options, const struct list *before,
                 const struct list *now, struct arena *arena)
{
    const struct list_difference *differences;
    size_t count, counts[LIST_CHANGE_COUNT] = {0};
    int json = options->values[OPTION_JSON] != NULL;
    struct error err = {0};

    if (list_diff(arena, before, now, &differences, &count, &err) != 0)
        return command_complain(STATUS_USAGE, &err);
    for (size_t i = 0; i < count; i++) {
        counts[differences[i].change]++;
        if (json)
            difference_print_json(arena, &differences[i]);
        else
            difference_print(&differences[i]);
    }
    summary_print(counts, before, now, json);
    return count ? STATUS_UNEXPECTED : STATUS_DONE;
}

/* One of the two; what was left out of it is told on standard error. */
static int
list_take(const struct options *options, const char *const *path, struct list **list)
{
    struct list_faults faults = {0};
    struct list_order order;
    struct error err = {0};

    *list = NULL;
    if (lists_order(options, NULL, path, 1, &order, &err) == 0 &&
        lists_load(&order, &faults, list, &err) == 0) {
        lists_print_faults(stderr, &faults);
        return STATUS_DONE;
    }
    lists_print_faults(stderr, &faults);
    return command_complain(STATUS_USAGE, &err);
}

int
lists_diff(const struct options *options)
{
    struct arena arena = {0};
    struct list *before = NULL, *now = NULL;
    int status = list_take(options, &options->arguments[0], &before);

    if (status == STATUS_DONE)
        status = list_take(options, &options->arguments[1], &now);
    if (status == STATUS_DONE)
        status = differences_show(options, before, now, &arena);
    list_free(before);
    list_free(now);
    arena_release(&arena);
    return status;
}
