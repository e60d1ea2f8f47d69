/* lists.c - see lists.h. */
#include "tests/support/lists.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/test.h"

#define LINE_SIZE 32768

struct list *
lists_from(const struct list_bytes *files, size_t count)
{
    struct list_order order = list_order_of("sample", NULL, 0);
    struct error err = {0};
    struct list *list;

    if (list_read(&order, files, count, NULL, &list, &err) != 0)
        fail_msg("%s", err.text);
    assert_non_null(list);
    return list;
}

struct list *
lists_from_disk(const char *const *paths, struct list_faults *faults)
{
    size_t count = 0;
    struct list_order order;
    struct error err = {0};
    struct list *list;

    if (access(paths[0], R_OK) != 0)
        return NULL;
    while (paths[count])
        count++;
    order = list_order_of("sample", paths, count);
    if (list_load(&order, faults, &list, &err) != 0)
        fail_msg("%s", err.text);
    return list;
}

void
lists_refused(const struct list_bytes *files, size_t count, const char *words)
{
    struct list_order order = list_order_of("sample", NULL, 0);
    struct error err = {0};
    struct list *list = (struct list *)&order; /* is cleared */

    assert_int_equal(list_read(&order, files, count, NULL, &list, &err), -1);
    assert_null(list);
    if (!strstr(err.text, words))
        fail_msg("expected \"%s\", found \"%s\"", words, err.text);
}

const struct list_entry *
lists_entry(const struct list *list, const char *id)
{
    for (size_t i = 0; i < list->entry_count; i++)
        if (strcmp(list->entries[i].id, id) == 0)
            return &list->entries[i];
    fail_msg("no entry %s", id);
    return NULL;
}

/* -- a line -- */

static char line[LINE_SIZE];
static size_t used;

static void
put(const char *before, const char *text)
{
    used += (size_t)snprintf(line + used, sizeof(line) - used, "%s%s", before, text);
    assert_true(used < sizeof(line));
}

static void
put_texts(const char *before, const char *const *texts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        put(i == 0 ? before : "; ", texts[i]);
}

static void
put_names(const struct list_entry *entry)
{
    static const char *const words[] = {
        [LIST_NAME_PRIMARY] = "",
        [LIST_NAME_ALIAS] = "alias ",
        [LIST_NAME_FORMER] = "former ",
        [LIST_NAME_WEAK] = "weak ",
    };

    for (size_t i = 0; i < entry->name_count; i++) {
        put(i == 0 ? " | " : "; ", words[entry->names[i].kind]);
        put("", entry->names[i].text);
    }
}

static void
put_identifiers(const struct list_entry *entry)
{
    for (size_t i = 0; i < entry->identifier_count; i++) {
        put(i == 0 ? " | " : "; ", entry->identifiers[i].type);
        put(" ", entry->identifiers[i].value);
        put(entry->identifiers[i].country[0] ? " " : "", entry->identifiers[i].country);
    }
}

static void
put_owners(const struct list_entry *entry)
{
    for (size_t i = 0; i < entry->owner_count; i++) {
        char share[40];

        snprintf(share, sizeof(share), "%.10g%%", entry->owners[i].share * 100);
        put(i == 0 ? " | owned " : "; ", entry->owners[i].owner);
        put(" ", entry->owners[i].share_exact == LIST_SHARE_UNKNOWN ? "?" : share);
        put("", entry->owners[i].controls ? " controls" : "");
    }
}

const char *
lists_line(const struct list_entry *entry)
{
    used = 0;
    put("", list_kind_name(entry->kind));
    put_names(entry);
    put_identifiers(entry);
    put_texts(" | ", entry->countries, entry->country_count);
    put_texts(" | born ", entry->born_on, entry->born_on_count);
    put_texts(" | ", entry->programs, entry->program_count);
    put_owners(entry);
    put_texts(" | at ", entry->addresses, entry->address_count);
    put("", entry->listed ? "" : " | not listed");
    return line;
}
