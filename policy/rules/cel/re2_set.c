/* Sets of characters: built from items, tested character by character. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdio.h>
#include <string.h>

#include "policy/rules/cel/re2_set.h"
#include "policy/rules/cel/utf8.h"

#define PROBE_WORKSPACE 64 /* ints; one character and one set need few */
#define NAME_BYTES_MAX  32

/* The only characters beyond ASCII whose cases are in it: a long s and the kelvin sign. */
#define LONG_S 0x17Fu
#define KELVIN 0x212Au

/* First and last of each range in turn. */
static const struct group {
    const char *name; /* of Perl: one letter */
    const char *ranges;
} groups[] = {
    {"d", "09"},           {"s", "\t\n\f\r  "}, {"w", "09AZ__az"},   {"alnum", "09AZaz"},
    {"alpha", "AZaz"},     {"ascii", ""},       {"blank", "\t\t  "}, {"cntrl", ""},
    {"digit", "09"},       {"graph", "!~"},     {"lower", "az"},     {"print", " ~"},
    {"punct", "!/:@[`{~"}, {"space", "\t\r  "}, {"upper", "AZ"},     {"word", "09AZ__az"},
    {"xdigit", "09AFaf"},
};

static const char *const categories[] = {
    "C",  "Cc", "Cf", "Co", "Cs", "L",  "Ll", "Lm", "Lo", "Lt", "Lu", "M",
    "Mc", "Me", "Mn", "N",  "Nd", "Nl", "No", "P",  "Pc", "Pd", "Pe", "Pf",
    "Pi", "Po", "Ps", "S",  "Sc", "Sk", "Sm", "So", "Z",  "Zl", "Zp", "Zs",
};

/* Of Unicode 14, as the Unicode Character Database names them. */
static const char scripts[] =
    " Adlam Ahom Anatolian_Hieroglyphs Arabic Armenian Avestan Balinese Bamum Bassa_Vah"
    " Batak Bengali Bhaiksuki Bopomofo Brahmi Braille Buginese Buhid Canadian_Aboriginal"
    " Carian Caucasian_Albanian Chakma Cham Cherokee Chorasmian Common Coptic Cuneiform"
    " Cypriot Cypro_Minoan Cyrillic Deseret Devanagari Dives_Akuru Dogra Duployan"
    " Egyptian_Hieroglyphs Elbasan Elymaic Ethiopic Georgian Glagolitic Gothic Grantha"
    " Greek Gujarati Gunjala_Gondi Gurmukhi Han Hangul Hanifi_Rohingya Hanunoo Hatran"
    " Hebrew Hiragana Imperial_Aramaic Inherited Inscriptional_Pahlavi"
    " Inscriptional_Parthian Javanese Kaithi Kannada Katakana Kayah_Li Kharoshthi"
    " Khitan_Small_Script Khmer Khojki Khudawadi Lao Latin Lepcha Limbu Linear_A Linear_B"
    " Lisu Lycian Lydian Mahajani Makasar Malayalam Mandaic Manichaean Marchen"
    " Masaram_Gondi Medefaidrin Meetei_Mayek Mende_Kikakui Meroitic_Cursive"
    " Meroitic_Hieroglyphs Miao Modi Mongolian Mro Multani Myanmar Nabataean Nandinagari"
    " New_Tai_Lue Newa Nko Nushu Nyiakeng_Puachue_Hmong Ogham Ol_Chiki Old_Hungarian"
    " Old_Italic Old_North_Arabian Old_Permic Old_Persian Old_Sogdian Old_South_Arabian"
    " Old_Turkic Old_Uyghur Oriya Osage Osmanya Pahawh_Hmong Palmyrene Pau_Cin_Hau"
    " Phags_Pa Phoenician Psalter_Pahlavi Rejang Runic Samaritan Saurashtra Sharada"
    " Shavian Siddham SignWriting Sinhala Sogdian Sora_Sompeng Soyombo Sundanese"
    " Syloti_Nagri Syriac Tagalog Tagbanwa Tai_Le Tai_Tham Tai_Viet Takri Tamil Tangsa"
    " Tangut Telugu Thaana Thai Tibetan Tifinagh Tirhuta Toto Ugaritic Vai Vithkuqi Wancho"
    " Warang_Citi Yezidi Yi Zanabazar_Square ";

static void
add_plain(struct re2_set_draft *draft, uint32_t first, uint32_t last)
{
    size_t room = sizeof(draft->text) - draft->text_size;
    int written =
        snprintf(draft->text + draft->text_size, room, "\\x{%X}-\\x{%X}", first, last);

    if ((size_t)written >= room || draft->range_count == RE2_SET_RANGES_MAX) {
        draft->full = true;
        return;
    }
    draft->text_size += (size_t)written;
    for (uint32_t point = first; point <= last && point < 128; point++)
        draft->ascii[point >> 6] |= (uint64_t)1 << (point & 63);
    if (last >= 128)
        draft->ranges[draft->range_count++] =
            (struct re2_range){first < 128 ? 128 : first, last};
}

static bool
in_ascii(const uint64_t ascii[2], uint32_t point)
{
    return ascii[point >> 6] >> (point & 63) & 1;
}

/* The other case of a letter of ASCII; anything else stays. */
static uint32_t
other_case(uint32_t point)
{
    return (point | 0x20) >= 'a' && (point | 0x20) <= 'z' ? point ^ 0x20 : point;
}

static void
fold_ascii(uint64_t ascii[2])
{
    for (uint32_t point = 'A'; point <= 'z'; point++)
        if (in_ascii(ascii, point))
            ascii[1] |= (uint64_t)1 << (other_case(point) & 63);
}

void
re2_set_begin(struct re2_set_draft *draft, bool fold)
{
    draft->ascii[0] = draft->ascii[1] = 0;
    draft->range_count = 0;
    draft->text_size = 0;
    draft->fold = fold;
    draft->unicode = draft->full = false;
}

/* The cases of ASCII are added here; those beyond are PCRE2's affair. */
void
re2_set_add_range(struct re2_set_draft *draft, uint32_t first, uint32_t last)
{
    uint64_t ascii[2] = {0};

    add_plain(draft, first, last);
    if (!draft->fold)
        return;
    if (last >= 128)
        draft->unicode = true;
    for (uint32_t point = first; point <= last && point < 128; point++)
        ascii[point >> 6] |= (uint64_t)1 << (point & 63);
    fold_ascii(ascii);
    draft->ascii[1] |= ascii[1];
    if (in_ascii(ascii, 's'))
        add_plain(draft, LONG_S, LONG_S);
    if (in_ascii(ascii, 'k'))
        add_plain(draft, KELVIN, KELVIN);
}

/* Everything beyond ASCII but the cases of s and k, where those are left out. */
static void
add_beyond_ascii(struct re2_set_draft *draft, bool with_s, bool with_k)
{
    uint32_t first = 128;

    if (!with_s) {
        add_plain(draft, first, LONG_S - 1);
        first = LONG_S + 1;
    }
    if (!with_k) {
        add_plain(draft, first, KELVIN - 1);
        first = KELVIN + 1;
    }
    add_plain(draft, first, RE2_POINT_MAX);
}

/* A case-blind group takes in the other cases before it is negated. */
static void
add_group(struct re2_set_draft *draft, const struct group *group, bool negated)
{
    const char *range = group->ranges;
    uint64_t ascii[2] = {0};
    bool has_s, has_k;

    if (strcmp(group->name, "ascii") == 0)
        ascii[0] = ascii[1] = UINT64_MAX;
    if (strcmp(group->name, "cntrl") == 0) {
        ascii[0] = 0xFFFFFFFF;
        ascii[1] = (uint64_t)1 << 63;
    }
    for (; *range; range += 2)
        for (uint32_t point = (unsigned char)range[0]; point <= (unsigned char)range[1];
             point++)
            ascii[point >> 6] |= (uint64_t)1 << (point & 63);
    if (draft->fold)
        fold_ascii(ascii);
    has_s = draft->fold && in_ascii(ascii, 's');
    has_k = draft->fold && in_ascii(ascii, 'k');
    for (uint32_t first = 0, next; first < 128; first = next) {
        next = first + 1;
        if (in_ascii(ascii, first) == negated)
            continue;
        while (next < 128 && in_ascii(ascii, next) != negated)
            next++;
        add_plain(draft, first, next - 1);
    }
    if (negated)
        add_beyond_ascii(draft, !has_s, !has_k);
    if (!negated && has_s)
        add_plain(draft, LONG_S, LONG_S);
    if (!negated && has_k)
        add_plain(draft, KELVIN, KELVIN);
}

bool
re2_set_add_posix(struct re2_set_draft *draft, const char *name, size_t size, bool negated)
{
    for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
        if (strlen(groups[i].name) != size || memcmp(groups[i].name, name, size) != 0)
            continue;
        add_group(draft, &groups[i], negated);
        return true;
    }
    return false;
}

bool
re2_set_add_perl(struct re2_set_draft *draft, char letter, bool negated)
{
    return re2_set_add_posix(draft, &letter, 1, negated);
}

static bool
is_category(const char *name)
{
    for (size_t i = 0; i < sizeof(categories) / sizeof(categories[0]); i++)
        if (strcmp(categories[i], name) == 0)
            return true;
    return false;
}

/* scripts[] is one text of words between blanks. */
static bool
is_script(const char *name)
{
    char word[NAME_BYTES_MAX + 3];

    snprintf(word, sizeof(word), " %s ", name);
    return strstr(scripts, word) != NULL;
}

bool
re2_set_add_property(struct re2_set_draft *draft, const char *name, size_t size, bool negated)
{
    size_t room = sizeof(draft->text) - draft->text_size;
    char *text = draft->text + draft->text_size, word[NAME_BYTES_MAX];
    char sign = negated ? 'P' : 'p';
    int written;

    if (size == 0 || size >= sizeof(word) || memchr(name, ' ', size) || memchr(name, 0, size))
        return false;
    memcpy(word, name, size);
    word[size] = '\0';
    if (strcmp(word, "Any") == 0)
        written = snprintf(text, room, "\\%c{Any}", sign);
    else if (strcmp(word, "C") == 0) /* which to RE2 is without the unassigned ones */
        written = snprintf(text, room, negated ? "\\P{C}\\p{Cn}" : "\\p{Cc}\\p{Cf}\\p{Co}");
    else if (draft->fold && word[0] == 'L' && word[1] && strchr("ult", word[1]))
        written = snprintf(text, room, "\\%c{L&}", sign);
    else if (is_category(word))
        written = snprintf(text, room, "\\%c{%s}", sign, word);
    else if (is_script(word)) /* sc: not the characters that several scripts share */
        written = snprintf(text, room, "\\%c{sc:%s}", sign, word);
    else
        return false;
    draft->full |= (size_t)written >= room;
    if (!draft->full)
        draft->text_size += (size_t)written;
    draft->unicode = true;
    return true;
}

static void *
pcre2_alloc(size_t bytes, void *data)
{
    struct re2_memory *memory = data;

    return memory->alloc(memory->context, bytes);
}

static void
pcre2_keep(void *block, void *data)
{
    (void)block;
    (void)data;
}

/* [items] as PCRE2 has it. */
static const struct re2_unicode *
compile(const struct re2_set_draft *draft, struct re2_memory *memory)
{
    uint32_t options = PCRE2_UTF | (draft->fold ? PCRE2_CASELESS : 0);
    pcre2_general_context *general =
        pcre2_general_context_create(pcre2_alloc, pcre2_keep, memory);
    pcre2_compile_context *context = general ? pcre2_compile_context_create(general) : NULL;
    char *pattern = memory->alloc(memory->context, draft->text_size + 2);
    PCRE2_SIZE at;
    int code;

    if (!context || !pattern)
        return NULL;
    pattern[0] = '[';
    memcpy(pattern + 1, draft->text, draft->text_size);
    pattern[draft->text_size + 1] = ']';
    return (const struct re2_unicode *)pcre2_compile((PCRE2_SPTR)pattern, draft->text_size + 2,
                                                     options, &code, &at, context);
}

bool
re2_set_has_unicode(const struct re2_set *set, uint32_t point, struct re2_probe *probe)
{
    const pcre2_code *code = (const pcre2_code *)set->unicode;
    int workspace[PROBE_WORKSPACE];
    char bytes[UTF8_BYTES_MAX];
    size_t size = utf8_encode(point, bytes);

    if (!probe->match_data && !probe->failed) {
        pcre2_general_context *general =
            pcre2_general_context_create(pcre2_alloc, pcre2_keep, probe->memory);

        probe->match_data = general ? pcre2_match_data_create(1, general) : NULL;
        probe->failed = !probe->match_data;
    }
    if (probe->failed)
        return false;
    return pcre2_dfa_match(code, (PCRE2_SPTR)bytes, size, 0,
                           PCRE2_ANCHORED | PCRE2_NO_UTF_CHECK, probe->match_data, NULL,
                           workspace, PROBE_WORKSPACE) > 0;
}

/* What PCRE2 says of ASCII, asked once. */
static bool
ask_for_ascii(struct re2_set *set, struct re2_memory *memory)
{
    struct re2_probe probe = {.memory = memory};

    set->ascii[0] = set->ascii[1] = 0;
    for (uint32_t point = 0; point < 128; point++)
        if (re2_set_has_unicode(set, point, &probe))
            set->ascii[point >> 6] |= (uint64_t)1 << (point & 63);
    return !probe.failed;
}

bool
re2_set_end(struct re2_set_draft *draft, bool negated, struct re2_memory *memory,
            struct re2_set *set)
{
    struct re2_range *ranges = NULL;

    *set = (struct re2_set){.ascii = {draft->ascii[0], draft->ascii[1]}, .inverted = negated};
    if (draft->full)
        return false;
    if (draft->unicode) {
        set->unicode = compile(draft, memory);
        if (!set->unicode || !ask_for_ascii(set, memory))
            return false;
    } else if (draft->range_count > 0) {
        ranges = memory->alloc(memory->context, draft->range_count * sizeof(*ranges));
        if (!ranges)
            return false;
        memcpy(ranges, draft->ranges, draft->range_count * sizeof(*ranges));
    }
    set->ranges = ranges;
    set->range_count = ranges ? draft->range_count : 0;
    if (negated) {
        set->ascii[0] = ~set->ascii[0];
        set->ascii[1] = ~set->ascii[1];
    }
    return true;
}
