/*
 * book_gaps.c - whom a regime forgets: it is complete in itself (B1), so that what was copied
 * without a line is gone.
 */
#include <string.h>

#include "gateway/base/buffer.h"
#include "policy/book_private.h"

#define NAMES_BYTES_MANY 64

/* Pointers into one regime of the file. */
struct regime_view {
    const struct book_regime *regime;
    const char *pointer;   /* "/regimes/3" */
    const cJSON *policies; /* its members are the classes it names */
    const cJSON *banks;    /* likewise; NULL: it names none */
};

static struct regime_view
view_of(const struct book_check *check, size_t sorted)
{
    const struct book_regime *regime = &check->book.regimes[sorted];
    size_t index = book_regime_index(check, regime);
    const cJSON *json = cJSON_GetArrayItem(
        cJSON_GetObjectItemCaseSensitive(check->document.root, "regimes"), (int)index);

    return (struct regime_view){
        regime,
        arena_printf(check->arena, "/regimes/%zu", index),
        cJSON_GetObjectItemCaseSensitive(json, "policies"),
        cJSON_GetObjectItemCaseSensitive(json, "banks"),
    };
}

static bool
is_named(const struct regime_view *view, size_t class)
{
    return cJSON_GetObjectItemCaseSensitive(view->policies,
                                            bank_class_name((enum bank_class) class)) != NULL;
}

static const char *
who(struct book_check *check, size_t class)
{
    return class == BANK_ANY ? "all banks (*)"
                             : arena_printf(check->arena, "%s banks",
                                            bank_class_name((enum bank_class) class));
}

static const char *
name_of(const struct book_policy *entry)
{
    return entry->pack ? entry->pack : entry->plugin;
}

static const char *
names_of(struct book_check *check, const struct book_policies *policies)
{
    struct buffer text;

    buffer_init(&text, check->arena, NAMES_BYTES_MANY);
    for (size_t i = 0; i < policies->count; i++)
        buffer_printf(&text, "%s%s", i ? ", " : "", name_of(&policies->list[i]));
    return buffer_terminate(&text);
}

/* -- dropped -- */

static bool
is_dropped(const struct book_check *check, const struct regime_view *view,
           const struct book_regime *before, size_t class)
{
    return before && before->classes[class].count > 0 && !is_named(view, class) &&
           (class == BANK_ANY || book_bank_of(&check->book, class));
}

static void
find_dropped(struct book_check *check, const struct regime_view *view, const char *member,
             const char *whom, const char *from, const struct book_policies *lost)
{
    book_find(check, BOOK_WARNING, arena_printf(check->arena, "%s/%s", view->pointer, member),
              arena_printf(check->arena,
                           "names nothing for %s; the regime of %s has %s, and nothing carries "
                           "over (an empty list says that it is meant)",
                           whom, from, names_of(check, lost)));
}

static bool
names_bank(const struct regime_view *view, const char *bic)
{
    const cJSON *item;

    cJSON_ArrayForEach(item, view->banks)
    {
        if (strncmp(item->string, bic, BOOK_BIC_LENGTH) == 0)
            return true;
    }
    return false;
}

static void
find_dropped_banks(struct book_check *check, const struct regime_view *view,
                   const struct book_regime *before)
{
    for (size_t i = 0; i < before->own_count; i++) {
        const struct book_own *own = &before->own[i];

        if (own->policies.count > 0 && !names_bank(view, own->bank->bank.bic))
            find_dropped(check, view, "banks", own->bank->bank.bic, before->from,
                         &own->policies);
    }
}

/* -- left out -- */

static bool
list_has(const struct book_policies *policies, const char *name)
{
    for (size_t i = 0; i < policies->count; i++)
        if (strcmp(name_of(&policies->list[i]), name) == 0)
            return true;
    return false;
}

/* As a bank of the class has them: its class's and those of all. */
static bool
class_has(const struct book_regime *regime, size_t class, const char *name)
{
    return list_has(&regime->classes[class], name) ||
           list_has(&regime->classes[BANK_ANY], name);
}

/* "*" lacks what some class does not have of its own either. */
static bool
class_lacks(const struct book *book, const struct book_regime *regime, size_t class,
            const char *name)
{
    if (class != BANK_ANY)
        return !class_has(regime, class, name);
    for (size_t c = 0; c < BANK_CLASS_COUNT; c++)
        if (book_bank_of(book, c) && !class_has(regime, c, name))
            return true;
    return false;
}

static bool
comes_back(const struct book *book, size_t after, size_t class, const char *name)
{
    for (size_t r = after + 1; r < book->regime_count; r++)
        if (class_has(&book->regimes[r], class, name))
            return true;
    return false;
}

static void
find_left_out(struct book_check *check, const struct regime_view *view, size_t sorted,
              size_t class, const struct book_policies *before)
{
    const struct book *book = &check->book;

    for (size_t i = 0; i < before->count; i++) {
        const char *name = name_of(&before->list[i]);

        if (class_lacks(book, view->regime, class, name) &&
            comes_back(book, sorted, class, name))
            book_find(check, BOOK_WARNING,
                      arena_printf(check->arena, "%s/policies/%s", view->pointer,
                                   bank_class_name((enum bank_class) class)),
                      arena_printf(check->arena,
                                   "leaves out %s for %s, which have it before and after", name,
                                   who(check, class)));
    }
}

/* -- no policy -- */

static size_t
policies_of(const struct book_regime *regime)
{
    size_t count = 0;

    for (size_t c = 0; c <= BANK_ANY; c++)
        count += regime->classes[c].count;
    for (size_t i = 0; i < regime->own_count; i++)
        count += regime->own[i].policies.count;
    return count;
}

/* Is some bank of the class judged by nothing? */
static bool
class_is_free(const struct book *book, const struct book_regime *regime, size_t class)
{
    if (regime->classes[class].count + regime->classes[BANK_ANY].count > 0)
        return false;
    for (size_t i = 0; i < book->bank_count; i++) {
        const struct book_own *own = book_own(regime, &book->banks[i]);

        if ((size_t)book->banks[i].class == class && (!own || own->policies.count == 0))
            return true;
    }
    return false;
}

static bool
class_is_always_free(const struct book *book, size_t class)
{
    for (size_t r = 0; r < book->regime_count; r++)
        if (!class_is_free(book, &book->regimes[r], class))
            return false;
    return true;
}

static void
find_free(struct book_check *check, const struct regime_view *view, size_t class)
{
    bool meant = is_named(view, class) || is_named(view, BANK_ANY);

    book_find(check, meant ? BOOK_NOTE : BOOK_WARNING,
              arena_printf(check->arena, "%s/policies", view->pointer),
              arena_printf(check->arena,
                           "no policy for %s from %s on: the default action decides, %s",
                           who(check, class), view->regime->from,
                           pack_action_name(check->book.default_action)));
}

/* Once for a class that no regime ever knows, at its first bank. */
static void
find_always_free(struct book_check *check)
{
    for (size_t c = 0; c < BANK_CLASS_COUNT; c++) {
        const struct book_bank *bank = book_bank_of(&check->book, c);

        if (bank && check->book.regime_count > 1 && class_is_always_free(&check->book, c))
            book_find(check, BOOK_WARNING,
                      arena_printf(check->arena, "/banks/%zu/class",
                                   (size_t)(bank - check->book.banks)),
                      arena_printf(check->arena,
                                   "no regime has a policy for %s: the default action decides, "
                                   "%s",
                                   who(check, c),
                                   pack_action_name(check->book.default_action)));
    }
}

static void
find_no_policy(struct book_check *check, const struct regime_view *view,
               const struct book_regime *before)
{
    const struct book *book = &check->book;

    if (policies_of(view->regime) == 0) {
        book_find(check, BOOK_WARNING, arena_printf(check->arena, "%s/policies", view->pointer),
                  arena_printf(check->arena,
                               "no policy for any bank from %s on: the default action decides, "
                               "%s",
                               view->regime->from, pack_action_name(book->default_action)));
        return;
    }
    for (size_t c = 0; c < BANK_CLASS_COUNT; c++)
        if (class_is_free(book, view->regime, c) &&
            (book->regime_count == 1 || !class_is_always_free(book, c)) &&
            !is_dropped(check, view, before, c))
            find_free(check, view, c);
}

/* -- for nobody -- */

static void
find_classes_without_banks(struct book_check *check)
{
    for (size_t c = 0; c < BANK_CLASS_COUNT; c++)
        for (size_t r = 0; !book_bank_of(&check->book, c) && r < check->book.regime_count;
             r++) {
            struct regime_view view = view_of(check, r);

            if (view.regime->classes[c].count == 0)
                continue;
            book_find(check, BOOK_NOTE,
                      arena_printf(check->arena, "%s/policies/%s", view.pointer,
                                   bank_class_name((enum bank_class)c)),
                      arena_printf(check->arena, "the book has no %s", who(check, c)));
            break;
        }
}

/* Beside the regime before it. */
static void
find_lost(struct book_check *check, const struct regime_view *view, size_t sorted)
{
    const struct book_regime *before = &check->book.regimes[sorted - 1];

    for (size_t c = 0; c <= BANK_ANY; c++) {
        bool is_asked = c == BANK_ANY || book_bank_of(&check->book, c);

        if (is_dropped(check, view, before, c))
            find_dropped(check, view, "policies", who(check, c), before->from,
                         &before->classes[c]);
        else if (is_asked && view->regime->classes[c].count > 0)
            find_left_out(check, view, sorted, c, &before->classes[c]);
    }
    find_dropped_banks(check, view, before);
}

void
book_find_gaps(struct book_check *check)
{
    find_always_free(check);
    for (size_t r = 0; r < check->book.regime_count; r++) {
        struct regime_view view = view_of(check, r);

        if (r > 0 && policies_of(view.regime) > 0)
            find_lost(check, &view, r);
        find_no_policy(check, &view, r > 0 ? &check->book.regimes[r - 1] : NULL);
    }
    find_classes_without_banks(check);
}
