/*
 * The strings extension of CEL: "a,b".split(","), "kit".upperAscii(), ...
 *
 * Places are counted in code points from 0.  A place before the beginning or
 * behind the end is an error; the end itself is a place.  Results are slices of
 * their arguments where they can be.
 */
#include "policy/rules/cel/format.h"
#include "policy/rules/cel/functions.h"
#include "policy/rules/cel/utf8.h"

/* Are the arguments strings (s), ints (i) and lists (l) as these letters say? */
static bool
takes(const struct cel_value *args, uint32_t count, const char *letters)
{
    for (uint32_t i = 0; i < count; i++) {
        enum cel_kind wanted = letters[i] == 's'   ? CEL_STRING
                               : letters[i] == 'i' ? CEL_INT
                                                   : CEL_LIST;

        if (args[i].kind != wanted)
            return false;
    }
    return true;
}

static struct cel_value
slice(struct cel_value text, size_t begin, size_t end)
{
    return cel_string(text.text + begin, end - begin);
}

static int64_t
count_points(const char *text, size_t size)
{
    int64_t points = 0;

    for (size_t at = 0; at < size; at++)
        points += !utf8_continues(text[at]);
    return points;
}

/* The byte where code point number `place` begins, or an error in *error. */
static bool
find_place(struct cel_run *run, struct cel_value text, int64_t place, size_t *byte,
           struct cel_value *error)
{
    size_t at = 0;
    int64_t left = place;

    if (!cel_spend(run, text.size)) {
        *error = cel_out_of_steps();
        return false;
    }
    while (left > 0 && at < text.size) {
        at = utf8_next(text.text, text.size, at);
        left--;
    }
    *byte = at;
    if (left != 0)
        *error = cel_fail(run, "index out of range: %lld; the text has %lld characters",
                          (long long)place, (long long)count_points(text.text, text.size));
    return left == 0;
}

static struct cel_value
call_char_at(struct cel_run *run, const struct cel_value *args, uint32_t count)
{
    struct cel_value error;
    size_t at;

    if (!takes(args, count, "si"))
        return cel_no_overload(run, "charAt", args, count);
    if (!find_place(run, args[0], args[1].i, &at, &error))
        return error;
    if (at == args[0].size)
        return cel_string("", 0);
    return slice(args[0], at, utf8_next(args[0].text, args[0].size, at));
}

/* Byte of the first `what` in text[from..), or text.size + 1.  Linear. */
static size_t
find_from(struct cel_value text, struct cel_value what, size_t from)
{
    const char *found;

    if (what.size == 0)
        return from;
    found = memmem(text.text + from, text.size - from, what.text, what.size);
    return found ? (size_t)(found - text.text) : (size_t)text.size + 1;
}

static struct cel_value
call_index_of(struct cel_run *run, const struct cel_value *args, uint32_t count)
{
    struct cel_value error;
    size_t from, found;

    if (!takes(args, count, "ssi"))
        return cel_no_overload(run, "indexOf", args, count);
    if (!find_place(run, args[0], count > 2 ? args[2].i : 0, &from, &error))
        return error;
    if (!cel_spend(run, (uint64_t)args[0].size + args[1].size))
        return cel_out_of_steps();
    found = find_from(args[0], args[1], from);
    return cel_int(found > args[0].size ? -1 : count_points(args[0].text, found));
}

static struct cel_value
call_last_index_of(struct cel_run *run, const struct cel_value *args, uint32_t count)
{
    struct cel_value text = args[0], what = args[1], error;
    size_t at = text.size;

    if (!takes(args, count, "ssi"))
        return cel_no_overload(run, "lastIndexOf", args, count);
    if (count > 2 && !find_place(run, text, args[2].i, &at, &error))
        return error;
    if (what.size > text.size)
        return cel_int(-1);
    at = at < text.size - what.size ? at : text.size - what.size;
    for (;; at--) {
        bool begins = what.size == 0 || text.text[at] == what.text[0];

        if (!cel_spend(run, begins ? 1 + (uint64_t)what.size : 1))
            return cel_out_of_steps();
        if (begins && memcmp(text.text + at, what.text, what.size) == 0)
            return cel_int(count_points(text.text, at));
        if (at == 0)
            return cel_int(-1);
    }
}

static struct cel_value
call_substring(struct cel_run *run, const struct cel_value *args, uint32_t count)
{
    struct cel_value error;
    size_t begin, end = args[0].size;

    if (!takes(args, count, "sii"))
        return cel_no_overload(run, "substring", args, count);
    if (!find_place(run, args[0], args[1].i, &begin, &error))
        return error;
    if (count > 2 && !find_place(run, args[0], args[2].i, &end, &error))
        return error;
    if (begin > end)
        return cel_fail(run, "invalid substring range: it begins at %lld and ends at %lld",
                        (long long)args[1].i, (long long)args[2].i);
    return slice(args[0], begin, end);
}

/* Room for a text of `size` bytes that still has to be filled, or an error. */
static struct cel_value
new_string(struct cel_run *run, size_t size, char **room)
{
    if (size > CEL_MEMORY_MAX)
        return cel_out_of_memory();
    if (!cel_spend(run, size))
        return cel_out_of_steps();
    *room = cel_alloc(run, size + 1);
    return *room ? cel_string(*room, size) : cel_out_of_memory();
}

/* The letters from `first` on, 26 of them, changed to the other case. */
static struct cel_value
change_case(struct cel_run *run, struct cel_value text, char first)
{
    char *to;
    struct cel_value result = new_string(run, text.size, &to);

    if (result.kind != CEL_STRING)
        return result;
    for (size_t i = 0; i < text.size; i++)
        to[i] = (unsigned char)(text.text[i] - first) < 26 ? (char)(text.text[i] ^ 0x20)
                                                           : text.text[i];
    return result;
}

static struct cel_value
call_lower_ascii(struct cel_run *run, const struct cel_value *args, uint32_t count)
{
    if (!takes(args, count, "s"))
        return cel_no_overload(run, "lowerAscii", args, count);
    return change_case(run, args[0], 'A');
}

static struct cel_value
call_upper_ascii(struct cel_run *run, const struct cel_value *args, uint32_t count)
{
    if (!takes(args, count, "s"))
        return cel_no_overload(run, "upperAscii", args, count);
    return change_case(run, args[0], 'a');
}

static struct cel_value
call_reverse(struct cel_run *run, const struct cel_value *args, uint32_t count)
{
    struct cel_value result, text = args[0];
    char *to;

    if (!takes(args, count, "s"))
        return cel_no_overload(run, "reverse", args, count);
    result = new_string(run, text.size, &to);
    if (result.kind != CEL_STRING)
        return result;
    for (size_t at = 0, next; at < text.size; at = next) {
        next = utf8_next(text.text, text.size, at);
        memcpy(to + text.size - next, text.text + at, next - at);
    }
    return result;
}

/* White_Space of the Unicode Character Database; zero-width spaces are not. */
static bool
is_space(uint32_t point)
{
    return (point >= 0x09 && point <= 0x0D) || point == 0x20 || point == 0x85 ||
           point == 0xA0 || point == 0x1680 || (point >= 0x2000 && point <= 0x200A) ||
           point == 0x2028 || point == 0x2029 || point == 0x202F || point == 0x205F ||
           point == 0x3000;
}

static struct cel_value
call_trim(struct cel_run *run, const struct cel_value *args, uint32_t count)
{
    struct cel_value text = args[0];
    size_t begin, end = 0, length;
    uint32_t point;

    if (!takes(args, count, "s"))
        return cel_no_overload(run, "trim", args, count);
    if (!cel_spend(run, text.size))
        return cel_out_of_steps();
    begin = text.size;
    for (size_t at = 0; at < text.size; at += length) {
        length = utf8_decode(text.text + at, text.size - at, &point);
        if (length && is_space(point))
            continue;
        length = length ? length : 1;
        begin = begin < at ? begin : at;
        end = at + length;
    }
    return begin < end ? slice(text, begin, end) : cel_string("", 0);
}

/*
 * The places of `what` in a text, one after the other.  Nothing is found before
 * each code point and at the end.
 */
struct places {
    struct cel_value text, what;
    size_t from;
};

static bool
next_place(struct places *places, size_t *at)
{
    if (places->from > places->text.size)
        return false;
    *at = find_from(places->text, places->what, places->from);
    places->from = places->what.size ? *at + places->what.size
                                     : utf8_next(places->text.text, places->text.size, *at);
    return *at <= places->text.size;
}

/* A limit below 0 is none. */
static uint64_t
count_places(struct places places, int64_t limit)
{
    uint64_t found = 0;
    size_t at;

    while ((limit < 0 || found < (uint64_t)limit) && next_place(&places, &at))
        found++;
    return found;
}

static struct cel_value
call_replace(struct cel_run *run, const struct cel_value *args, uint32_t count)
{
    struct cel_value text = args[0], what = args[1], with = args[2], result;
    struct places places = {.text = text, .what = what};
    uint64_t left;
    size_t at, copied = 0;
    char *to;

    if (!takes(args, count, "sssi"))
        return cel_no_overload(run, "replace", args, count);
    if (!cel_spend(run, (uint64_t)text.size + what.size))
        return cel_out_of_steps();
    left = count_places(places, count > 3 ? args[3].i : -1);
    result = new_string(run, text.size - left * what.size + left * with.size, &to);
    if (result.kind != CEL_STRING)
        return result;
    for (; left > 0 && next_place(&places, &at); left--) {
        memcpy(to, text.text + copied, at - copied);
        to += at - copied;
        memcpy(to, with.text, with.size);
        to += with.size;
        copied = at + what.size;
    }
    memcpy(to, text.text + copied, text.size - copied);
    return result;
}

/* By "" a text falls into its characters, and there is no piece before the first. */
static size_t
count_pieces(struct places *places, int64_t limit)
{
    int64_t points;

    if (places->what.size != 0)
        return count_places(*places, limit - (limit > 0)) + 1;
    places->from = utf8_next(places->text.text, places->text.size, 0);
    points = count_points(places->text.text, places->text.size);
    return (size_t)(limit > 0 && limit < points ? limit : points);
}

static struct cel_value
call_split(struct cel_run *run, const struct cel_value *args, uint32_t count)
{
    struct cel_value text = args[0], *items;
    int64_t limit = count > 2 ? args[2].i : -1;
    struct places places = {.text = text, .what = args[1]};
    size_t at, begin = 0, pieces, i = 0;

    if (!takes(args, count, "ssi"))
        return cel_no_overload(run, "split", args, count);
    if (!cel_spend(run, (uint64_t)text.size + args[1].size))
        return cel_out_of_steps();
    if (limit == 0 || (args[1].size == 0 && text.size == 0))
        return cel_list(NULL, 0);
    pieces = count_pieces(&places, limit);
    if (pieces > CEL_MEMORY_MAX / sizeof(*items))
        return cel_out_of_memory();
    if (!cel_spend(run, pieces))
        return cel_out_of_steps();
    items = cel_alloc(run, pieces * sizeof(*items));
    if (!items)
        return cel_out_of_memory();
    for (; i + 1 < pieces && next_place(&places, &at); i++) {
        items[i] = slice(text, begin, at);
        begin = at + args[1].size;
    }
    items[i] = slice(text, begin, text.size);
    return cel_list(items, pieces);
}

static struct cel_value
call_join(struct cel_run *run, const struct cel_value *args, uint32_t count)
{
    struct cel_value between = count > 1 ? args[1] : cel_string("", 0), result;
    size_t size = 0;
    char *to;

    if (!takes(args, count, "ls"))
        return cel_no_overload(run, "join", args, count);
    if (!cel_spend(run, args[0].size))
        return cel_out_of_steps();
    for (uint32_t i = 0; i < args[0].size; i++) {
        const struct cel_value *item = &args[0].items[i];

        if (item->kind != CEL_STRING)
            return cel_fail(run, "join: item %u of the list is no string but %s", i,
                            cel_kind_name((enum cel_kind)item->kind));
        size += item->size + (i > 0 ? between.size : 0);
    }
    result = new_string(run, size, &to);
    if (result.kind != CEL_STRING)
        return result;
    for (uint32_t i = 0; i < args[0].size; i++) {
        if (i > 0) {
            memcpy(to, between.text, between.size);
            to += between.size;
        }
        memcpy(to, args[0].items[i].text, args[0].items[i].size);
        to += args[0].items[i].size;
    }
    return result;
}

/* What stands for a character inside quotes; NULL: itself. */
static const char *
quoted(uint32_t point, size_t length)
{
    static const char *const escapes[128] = {
        ['\a'] = "\\a", ['\b'] = "\\b", ['\f'] = "\\f", ['\n'] = "\\n",  ['\r'] = "\\r",
        ['\t'] = "\\t", ['\v'] = "\\v", ['"'] = "\\\"", ['\\'] = "\\\\",
    };

    if (length == 0)
        return "\xEF\xBF\xBD"; /* U+FFFD */
    return point < 128 ? escapes[point] : NULL;
}

/* Into `to` where there is one; the bytes it takes. */
static size_t
quote(struct cel_value text, char *to)
{
    size_t size = 0, length;
    uint32_t point;

    for (size_t at = 0; at < text.size; at += length) {
        const char *from;
        size_t bytes;

        length = utf8_decode(text.text + at, text.size - at, &point);
        from = quoted(point, length);
        bytes = from ? strlen(from) : length;
        if (to)
            memcpy(to + size, from ? from : text.text + at, bytes);
        size += bytes;
        length = length ? length : 1;
    }
    return size;
}

static struct cel_value
call_quote(struct cel_run *run, const struct cel_value *args, uint32_t count)
{
    struct cel_value result;
    size_t size;
    char *to;

    if (!takes(args, count, "s"))
        return cel_no_overload(run, "strings.quote", args, count);
    size = quote(args[0], NULL);
    result = new_string(run, size + 2, &to);
    if (result.kind != CEL_STRING)
        return result;
    to[0] = '"';
    quote(args[0], to + 1);
    to[size + 1] = '"';
    return result;
}

static struct cel_value
call_format(struct cel_run *run, const struct cel_value *args, uint32_t count)
{
    if (!takes(args, count, "sl"))
        return cel_no_overload(run, "format", args, count);
    return cel_format(run, args[0], args[1]);
}

const struct cel_function cel_string_functions[] = {
    {"charAt", true, 2, 2, true, "si:s", call_char_at},
    {"format", true, 2, 2, true, "s[*]:s", call_format},
    {"indexOf", true, 2, 3, true, "ss:i ssi:i", call_index_of},
    {"join", true, 1, 2, true, "[s]:s [s]s:s", call_join},
    {"lastIndexOf", true, 2, 3, true, "ss:i ssi:i", call_last_index_of},
    {"lowerAscii", true, 1, 1, true, "s:s", call_lower_ascii},
    {"replace", true, 3, 4, true, "sss:s sssi:s", call_replace},
    {"reverse", true, 1, 1, true, "s:s", call_reverse},
    {"split", true, 2, 3, true, "ss:[s] ssi:[s]", call_split},
    {"strings.quote", false, 1, 1, true, "s:s", call_quote},
    {"substring", true, 2, 3, true, "si:s sii:s", call_substring},
    {"trim", true, 1, 1, true, "s:s", call_trim},
    {"upperAscii", true, 1, 1, true, "s:s", call_upper_ascii},
    {NULL, false, 0, 0, false, NULL, NULL},
};
