/*
 * The goods tables: faults have a place, and what is shipped agrees with the
 * public lists it was typed from (skipped where ../shared/data is not there).
 */
#include <sys/stat.h>
#include <unistd.h>

#include "policy/goods/goods.h"
#include "tests/policy/fixture.h"
#include "tests/support/test.h"

#define DATA     "../shared/data/goods/"
#define LINE_MAX 2048

static char folder[] = "/tmp/yuangate-goods-XXXXXX";

static const char *
in_folder(const char *name)
{
    static char text[2][200];
    static int next;

    next = !next;
    snprintf(text[next], sizeof(text[next]), "%s/%s", folder, name);
    return text[next];
}

static int
set_up(void **state)
{
    (void)state;
    return mkdtemp(folder) && mkdir(in_folder("kits"), 0700) == 0 ? 0 : -1;
}

static int
tear_down(void **state)
{
    (void)state;
    unlink(in_folder("high_priority.json"));
    unlink(in_folder("groups.json"));
    unlink(in_folder("kits/k.json"));
    rmdir(in_folder("kits"));
    return rmdir(folder);
}

static void
write_file(const char *name, const char *text)
{
    FILE *file = fopen(in_folder(name), "w");

    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

#define LIST(tiers)                                                                            \
    "{\"list\":\"l\",\"date\":\"2024-02-23\",\"source\":\"s\",\"tiers\":{" tiers "}}"
#define GROUPS(groups) "{\"source\":\"s\",\"groups\":{" groups "}}"
#define KIT(parts)     "{\"kit\":\"k\",\"title\":\"K\",\"coverage_min\":0.5,\"parts\":[" parts "]}"
#define PART           "{\"role\":\"r\",\"required\":true,\"hs\":[\"854231\"]}"

static void
every_fault_of_a_table_has_its_place(void **state)
{
    static const struct {
        const char *list, *groups, *kit, *says;
    } cases[] = {
        /* clang-format off */
        {"[]", GROUPS(""), KIT(PART), "high_priority.json: /: expected an object"},
        {LIST("\"1\":[]"), GROUPS(""), KIT(PART), "high_priority.json: /tiers/1: expected an array of 1 to 1000"},
        {LIST("\"1\":[\"85423\"]"), GROUPS(""), KIT(PART), "/tiers/1/0: expected an HS code of 6 digits; found \"85423\""},
        {LIST("\"1\":[854231]"), GROUPS(""), KIT(PART), "/tiers/1/0: expected an HS code of 6 digits; found 854231"},
        {LIST("\"1\":[\"854231\"],\"2\":[\"854231\"]"), GROUPS(""), KIT(PART), "/tiers/2/0: expected each code in one tier, once"},
        {"{\"list\":\"l\",\"date\":\"now\",\"source\":\"s\",\"tiers\":{}}", GROUPS(""), KIT(PART), "/date: expected the date of the list"},
        {LIST(""), "{\"groups\":{}}", KIT(PART), "groups.json: /source: expected a text; found nothing"},
        {LIST(""), GROUPS("\"g\":[]"), KIT(PART), "groups.json: /groups/g: expected an object"},
        {LIST(""), GROUPS("\"g\":{\"r\":[\"854231\"]},\"h\":{\"r\":[\"854231\"]}"), KIT(PART), "/groups/h/r/0: expected each code in one group"},
        {LIST(""), GROUPS(""), "{\"kit\":\"other\",\"title\":\"K\",\"coverage_min\":0.5,\"parts\":[" PART "]}", "k.json: /kit: expected the file's name; found \"other\""},
        {LIST(""), GROUPS(""), "{\"kit\":\"k\",\"title\":\"K\",\"coverage_min\":0,\"parts\":[" PART "]}", "/coverage_min: expected a number above 0, at most 1; found 0"},
        {LIST(""), GROUPS(""), "{\"kit\":\"k\",\"title\":\"K\",\"coverage_min\":1.01,\"parts\":[" PART "]}", "/coverage_min: expected a number above 0, at most 1; found 1.01"},
        {LIST(""), GROUPS(""), KIT(""), "/parts: expected an array of 1 to 32 elements; found an array of 0"},
        {LIST(""), GROUPS(""), KIT(PART "," PART), "/parts/1/role: expected each role once in a kit; found \"r\""},
        {LIST(""), GROUPS(""), KIT("{\"role\":\"r\",\"hs\":[\"854231\"]}"), "/parts/0/required: expected true or false; found nothing"},
        {LIST(""), GROUPS(""), KIT("{\"role\":\"r\",\"required\":false,\"hs\":[\"854231\"]}"), "/parts: expected at least one required part"},
        {LIST(""), GROUPS(""), KIT("{\"role\":\"r\",\"required\":true}"), "/parts/0/hs: expected HS codes, or words_hs beside words; found nothing"},
        {LIST(""), GROUPS(""), KIT("{\"role\":\"r\",\"required\":true,\"words_hs\":[\"854231\"]}"), "/parts/0/words: expected words for the codes of words_hs"},
        {LIST(""), GROUPS(""), KIT("{\"role\":\"r\",\"required\":true,\"hs\":[\"854\"]}"), "/parts/0/hs/0: expected an HS code of 4 to 10 digits; found \"854\""},
        {LIST(""), GROUPS(""), KIT("{\"role\":\"r\",\"required\":true,\"hs\":[\"85423100000\"]}"), "/parts/0/hs/0: expected an HS code of 4 to 10"},
        {LIST(""), GROUPS(""), KIT("{\"role\":\"r\",\"required\":true,\"hs\":[\"854231\",\"854231\"]}"), "/parts/0/hs/1: expected each code once in a part"},
        {LIST(""), GROUPS(""), KIT("{\"role\":\"r\",\"required\":true,\"hs\":[\"8542\"],\"words\":[\"tv\"]}"), "/parts/0/words/0: expected a word of at least three letters or two signs; found \"tv\""},
        {LIST(""), GROUPS(""), KIT("{\"role\":\"r\",\"required\":true,\"hs\":[\"8542\"],\"wrods\":[\"cpu\"]}"), "/parts/0/wrods: expected only the members role"},
        /* clang-format on */
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct arena arena = {0};
        struct error err = {0};
        struct goods *goods;

        write_file("high_priority.json", cases[i].list);
        write_file("groups.json", cases[i].groups);
        write_file("kits/k.json", cases[i].kit);
        assert_int_equal(goods_load(folder, &arena, &goods, &err), -1);
        if (!strstr(err.text, cases[i].says))
            fail_msg("%s\n  does not say: %s", err.text, cases[i].says);
        assert_int_equal(strncmp(err.text, folder, strlen(folder)), 0);
        arena_release(&arena);
    }
}

static void
a_missing_file_or_folder_is_named(void **state)
{
    struct arena arena = {0};
    struct error err = {0};
    struct goods *goods;

    (void)state;
    assert_int_equal(goods_load("/nowhere", &arena, &goods, &err), -1);
    assert_non_null(strstr(err.text, "/nowhere/high_priority.json"));
    write_file("high_priority.json", LIST(""));
    write_file("groups.json", GROUPS(""));
    unlink(in_folder("kits/k.json"));
    assert_int_equal(goods_load(folder, &arena, &goods, &err), 0); /* no kits: none are found */
    assert_int_equal(goods->kit_count, 0);
    rmdir(in_folder("kits"));
    assert_int_equal(goods_load(folder, &arena, &goods, &err), -1);
    assert_non_null(strstr(err.text, "kits: expected a folder of kits"));
    assert_int_equal(mkdir(in_folder("kits"), 0700), 0);
    arena_release(&arena);
}

/* A code is read by every number of digits that any table uses. */
static void
longer_codes_are_found_by_their_beginnings(void **state)
{
    struct arena arena = {0};
    struct error err = {0};
    struct goods *goods;

    (void)state;
    write_file("high_priority.json", LIST("\"1\":[\"854231\"]"));
    write_file("groups.json", GROUPS(""));
    write_file("kits/k.json", KIT("{\"role\":\"r\",\"required\":true,\"hs\":[\"0101\",\"8524\","
                                  "\"85423100\",\"1234567890\"]}"));
    assert_int_equal(goods_load(folder, &arena, &goods, &err), 0);
    assert_int_equal(goods->digits_used, 1u << 4 | 1u << 6 | 1u << 8 | 1u << 10);
    assert_string_equal(goods_find(goods, 854231, 6)->tier, "1");
    assert_null(goods_find(goods, 854231, 8));
    assert_non_null(goods_find(goods, 85423100, 8)->parts);
    assert_null(goods_find(goods, 85423100, 8)->parts->next);
    assert_non_null(goods_find(goods, 1234567890, 10));
    assert_non_null(goods_find(goods, 101, 4)); /* a leading zero is a digit */
    assert_null(goods_find(goods, 101, 6));
    arena_release(&arena);
}

/* The shipped tables; the caller releases the arena. */
static struct goods *
shipped(struct arena *arena)
{
    struct error err = {0};
    struct goods *goods;

    if (goods_load("policy/goods", arena, &goods, &err) != 0)
        fail_msg("%s", err.text);
    return goods;
}

static FILE *
open_data(const char *name)
{
    FILE *file = fopen(name, "r");
    char line[LINE_MAX];

    if (!file)
        skip();
    assert_non_null(fgets(line, sizeof(line), file)); /* the heading */
    return file;
}

static void
the_tiers_are_those_of_the_published_list(void **state)
{
    struct arena arena = {0};
    char line[LINE_MAX], code[7], tier[8];
    FILE *file = open_data(DATA "chpl.csv");
    struct goods *goods = shipped(&arena);
    size_t listed = 0, ours = 0;

    (void)state;
    while (fgets(line, sizeof(line), file)) {
        const struct code *found;

        assert_int_equal(sscanf(line, "%6[0-9],%7[^,],", code, tier), 2);
        found = goods_find(goods, strtoul(code, NULL, 10), 6);
        assert_non_null(found);
        assert_string_equal(found->tier, tier);
        listed++;
    }
    for (size_t i = 0; i < GOODS_SLOTS; i++)
        ours += goods->codes[i].key != 0 && goods->codes[i].tier[0] != '\0';
    assert_int_equal(listed, 50);
    assert_int_equal(ours, 50);
    fclose(file);
    arena_release(&arena);
}

static void
every_grouped_code_has_its_group(void **state)
{
    struct arena arena = {0};
    char line[LINE_MAX], group[40], role[40], code[7];
    FILE *file = open_data(DATA "hs_goods_groups.csv");
    struct goods *goods = shipped(&arena);

    (void)state;
    while (fgets(line, sizeof(line), file)) {
        const struct code *found;

        assert_int_equal(sscanf(line, "%39[^,],%39[^,],%6[0-9],", group, role, code), 3);
        found = goods_find(goods, strtoul(code, NULL, 10), 6);
        assert_non_null(found);
        /* 8471.50 and 8471.70 are parts and finished goods; a code has one group. */
        if (strcmp(code, "847150") != 0 && strcmp(code, "847170") != 0)
            assert_string_equal(found->group, group);
    }
    fclose(file);
    arena_release(&arena);
}

static bool
is_retired(uint64_t code)
{
    return code == 851770 || code == 852580; /* before HS 2022; the kits say so */
}

/* "854231" is one, and so is "8524" if some six-digit code begins with it. */
static bool
is_listed(FILE *file, uint64_t digits, size_t count)
{
    char line[LINE_MAX], wanted[40];

    snprintf(wanted, sizeof(wanted), "%0*llu", (int)count, (unsigned long long)digits);
    rewind(file);
    while (fgets(line, sizeof(line), file))
        if (strncmp(line, wanted, count < 6 ? count : 6) == 0)
            return true;
    return false;
}

static void
every_code_exists_in_hs_2022(void **state)
{
    struct arena arena = {0};
    FILE *file = open_data(DATA "hs2022_hs6.csv");
    struct goods *goods = shipped(&arena);

    (void)state;
    for (size_t i = 0; i < GOODS_SLOTS; i++) {
        uint64_t digits = goods->codes[i].key >> 4;

        if (goods->codes[i].key == 0 || is_retired(digits))
            continue;
        if (!is_listed(file, digits, goods->codes[i].key & 15))
            fail_msg("%llu is no HS 2022 code", (unsigned long long)digits);
    }
    fclose(file);
    arena_release(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_fault_of_a_table_has_its_place),
        cmocka_unit_test(a_missing_file_or_folder_is_named),
        cmocka_unit_test(longer_codes_are_found_by_their_beginnings),
        cmocka_unit_test(the_tiers_are_those_of_the_published_list),
        cmocka_unit_test(every_grouped_code_has_its_group),
        cmocka_unit_test(every_code_exists_in_hs_2022),
    };

    return cmocka_run_group_tests_name("goods", tests, set_up, tear_down);
}
