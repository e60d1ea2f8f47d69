/*
 * Kits: true ones of each kind, near misses, ambiguous codes, and that neither
 * the order nor the number of lines changes what is found.
 */
#include "policy/facts.h"
#include "policy/goods/kits.h"
#include "tests/policy/fixture.h"
#include "tests/support/test.h"

#define TEXT_MAX 1000

static struct arena tables;
static struct goods *goods;

static int
load(void **state)
{
    struct error err = {0};

    (void)state;
    if (goods_load("policy/goods", &tables, &goods, &err) == 0)
        return 0;
    print_error("%s\n", err.text);
    return -1;
}

static int
unload(void **state)
{
    (void)state;
    arena_release(&tables);
    return 0;
}

static void
add_text(char *text, const char *prefix, const char *const *roles, size_t count)
{
    for (size_t i = 0; i < count; i++)
        snprintf(text + strlen(text), TEXT_MAX - strlen(text), "%s%s", i ? " " : prefix,
                 roles[i]);
}

/* "notebook 3/4: processor casing screen - battery; …" */
static void
print_kits(const struct kits_found *found, char text[TEXT_MAX])
{
    text[0] = '\0';
    for (size_t i = 0; i < found->kit_count; i++) {
        const struct policy_kit *kit = found->kits[i];

        snprintf(text + strlen(text), TEXT_MAX - strlen(text), "%s%s %u/%u", i ? "; " : "",
                 kit->kit, kit->part_count, kit->part_count + kit->missing_count);
        assert_true(kit->coverage ==
                    (double)kit->part_count / (kit->part_count + kit->missing_count));
        add_text(text, ": ", kit->parts, kit->part_count);
        add_text(text, " - ", kit->missing, kit->missing_count);
    }
}

static const char *
find(const struct fixture *fixture, char text[TEXT_MAX])
{
    struct arena arena = {0};
    struct kits_found found;

    kits_find(goods, &fixture->payment, NULL, 0, &arena, &found);
    print_kits(&found, text);
    arena_release(&arena);
    return text;
}

#define LINES_MAX 12

struct kit_case {
    const char *lines[LINES_MAX];
    const char *found;
};

static void
fill(struct fixture *fixture, const struct kit_case *the)
{
    fixture_init(fixture);
    for (size_t i = 0; i < LINES_MAX && the->lines[i]; i++)
        fixture_goods(fixture, the->lines[i]);
}

static void
check(const struct kit_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        static struct fixture fixture;
        char text[TEXT_MAX];

        fill(&fixture, &cases[i]);
        print_message("case %zu: %s …\n", i, cases[i].lines[0]);
        assert_string_equal(find(&fixture, text), cases[i].found);
    }
}

static const struct kit_case true_kits[] = {
    {{"854231 processors", "847330 casings", "852491 LCD screens"},
     "notebook 3/4: processor casing screen - battery"},
    {{"854231 CPU", "847330 bottom cases", "852492 OLED panels", "850760 batteries"},
     "notebook 4/4: processor casing screen battery"},
    {{"8542310000 processors", "8473302000 casings", "8524910000 screens"},
     "notebook 3/4: processor casing screen - battery"},
    {{"854231 processors", "847330 memory modules", "847330 motherboards", "847170 SSD",
      "847330 server chassis", "850440 power supplies"},
     "server 6/6: processor motherboard memory storage casing power_supply"},
    {{"854231 processors", "847330 RAM", "847330 mainboards", "847170 hard drives",
      "847330 rack cases", "850440 PSU", "851762 network cards", "850760 RAID batteries"},
     "server 6/6: processor motherboard memory storage casing power_supply"},
    {{"854231 SoC", "852492 AMOLED displays", "850760 batteries", "851779 housings",
      "852589 camera modules", "851771 antennas"},
     "phone 6/6: processor screen battery casing camera antenna"},
    {{"854231 microcontrollers", "854151 MEMS gyroscopes", "852691 GNSS receivers",
      "853400 printed circuits", "851762 telemetry modules", "902620 barometers"},
     "drone_flight_controller 6/6: processor inertial_sensor navigation_receiver "
     "circuit_board radio_link pressure_sensor"},
    {{"854231 MCU", "901420 gyro units", "852691 GPS modules", "853400 PCB"},
     "drone_flight_controller 4/6: processor inertial_sensor navigation_receiver "
     "circuit_board - radio_link pressure_sensor"},
    {{"847180 RAID controllers", "847170 hard disk drives", "847330 disk shelves",
      "850440 power supplies", "851762 fibre channel modules"},
     "storage_array 5/5: controller drive enclosure power_supply network_module"},
    {{"847180 storage controllers", "852351 SSD", "847330 enclosures", "850440 PSU"},
     "storage_array 4/5: controller drive enclosure power_supply - network_module"},
    /* without codes, in three languages */
    {{"processors", "laptop casings", "LCD screens", "batteries"},
     "notebook 4/4: processor casing screen battery"},
    {{"Процессоры", "Корпуса", "ЭКРАНЫ ЖК", "аккумуляторы"},
     "notebook 4/4: processor casing screen battery"},
    {{"处理器 500个", "笔记本外壳", "液晶显示屏", "锂电池"},
     "notebook 4/4: processor casing screen battery"},
    /* the code of before 2022 for display modules, if the words say so */
    {{"854231 processors", "847330 casings", "852990 LCD display modules"},
     "notebook 3/4: processor casing screen - battery"},
    {{"854231 processors", "847330 casings", "901380 liquid crystal displays"},
     "notebook 3/4: processor casing screen - battery"},
    /* a wrong code of the right chapter, put right by the words */
    {{"854390 processors", "847330 casings", "852491 screens"},
     "notebook 3/4: processor casing screen - battery"},
    /* two different kits in one payment share the processors */
    {{"854231 processors", "847330 notebook casings", "852491 screens", "850760 batteries",
      "851779 phone housings", "852589 cameras", "851771 antennas"},
     "phone 6/6: processor screen battery casing camera antenna; "
     "notebook 4/4: processor casing screen battery"},
    /* several sets of one kit are one kit; a part twice is one part */
    {{"854231 processors", "854231 processors", "847330 casings", "847330 casings",
      "852491 screens", "852491 screens"},
     "notebook 3/4: processor casing screen - battery"},
};

static void
true_kits_of_each_kind_are_found(void **state)
{
    (void)state;
    check(true_kits, COUNT(true_kits));
}

static const struct kit_case near_misses[] = {
    {{NULL}, ""},
    {{"854231 processors"}, ""},
    {{"854231 processors", "847330 casings"}, ""},
    {{"854231 processors", "854231 processors", "854231 more processors", "847330 casings"},
     ""},
    /* words of another trade, with the codes of that trade */
    {{"854231 processors", "730429 oil-well casings", "852491 screens"}, ""},
    {{"854231 processors", "847330 casings", "700719 screen protectors"}, ""},
    {{"854231 processors", "392690 phone cases of plastic", "852491 screens"}, ""},
    {{"850940 food processors", "847330 casings", "852491 screens"}, ""},
    {{"160100 sausage casings", "850940 processors of food", "961900 screens"}, ""},
    /* the right words, but of another chapter than the part's codes */
    {{"854231 processors", "730890 casings", "852491 screens"}, ""},
    {{"854231 processors", "847330 casings", "701400 screens"}, ""},
    /* finished goods are not their parts */
    {{"852852 LCD monitors", "854231 processors", "847330 casings"}, ""},
    {{"852872 LCD TV sets", "854231 processors", "847330 casings"}, ""},
    /* the old display code without a word that says display */
    {{"854231 processors", "847330 casings", "852990 tuner parts"}, ""},
    {{"854231 processors", "847330 casings", "852990"}, ""},
    /* the same without codes */
    {{"processors", "oil-well casings", "LCD screens"}, ""},
    {{"processors", "phone cases", "screen protectors", "lead-acid batteries"}, ""},
    {{"процессоры", "обсадные трубы, корпус", "защитные стёкла для экранов"}, ""},
    {{"处理器", "手机壳", "屏幕保护膜"}, ""},
    /* a router is no flight controller */
    {{"854231 processors", "853400 printed circuits", "851762 Wi-Fi modules",
      "850440 power adapters", "852910 antennas"},
     ""},
    /* car batteries, chargers */
    {{"854231 processors", "852491 screens", "850710 car batteries"}, ""},
    {{"854231 processors", "852491 screens", "850440 battery chargers"}, ""},
    /* one line that names everything fills one part */
    {{"processors, casings, screens, batteries"}, ""},
    /* ordinary trade */
    {{"611120 babies' garments", "950300 toys", "940360 wooden furniture"}, ""},
};

static void
near_misses_are_no_kits(void **state)
{
    (void)state;
    check(near_misses, COUNT(near_misses));
}

/* 8473.30 may be a casing, a memory module, a motherboard: required parts first. */
static void
an_ambiguous_line_goes_where_it_fills_most(void **state)
{
    static const struct kit_case cases[] = {
        {{"854231", "847330", "852491"}, "notebook 3/4: processor casing screen - battery"},
        /* the words leave the bare line for the casing */
        {{"854231", "847330 memory modules", "847330", "852491"},
         "notebook 3/4: processor casing screen - battery"},
        /* memory alone is not a casing */
        {{"854231", "847330 memory modules", "852491"}, ""},
        /* four bare lines: motherboard, memory and casing are filled once each */
        {{"854231", "847330", "847330", "847330", "847330", "847170", "850440"},
         "server 6/6: processor motherboard memory storage casing power_supply"},
        {{"854231", "847330", "847330", "847170", "850440"},
         "server 5/6: processor motherboard memory storage power_supply - casing"},
        /* the board makes way: 8471.50 can be nothing else, the bare line can */
        {{"847330", "847150", "854231", "847170", "850440"},
         "server 5/6: processor motherboard memory storage power_supply - casing"},
        /* chips take the memory's place, so that the one bare line can be more */
        {{"854231", "847330", "854232", "847170", "850440"},
         "server 5/6: processor motherboard memory storage power_supply - casing"},
    };

    (void)state;
    check(cases, COUNT(cases));
}

static void
turn(struct fixture *fixture, size_t by)
{
    const struct policy_goods *lines[FIXTURE_LINES_MAX];
    size_t count = fixture->payment.goods_count;

    memcpy(lines, fixture->lines, sizeof(lines));
    for (size_t i = 0; i < count; i++)
        fixture->lines[i] = lines[(i + by) % count];
}

static void
swap(struct fixture *fixture, size_t a, size_t b)
{
    const struct policy_goods *line = fixture->lines[a];

    fixture->lines[a] = fixture->lines[b];
    fixture->lines[b] = line;
}

static void
the_order_of_lines_does_not_matter(void **state) /* K2 */
{
    (void)state;
    for (size_t i = 0; i < COUNT(true_kits); i++) {
        static struct fixture fixture;
        char text[TEXT_MAX];
        size_t count;

        fill(&fixture, &true_kits[i]);
        count = fixture.payment.goods_count;
        for (size_t a = 0; a < count; a++)
            for (size_t b = 0; b < count; b++) {
                fill(&fixture, &true_kits[i]);
                swap(&fixture, a, b);
                turn(&fixture, a);
                assert_string_equal(find(&fixture, text), true_kits[i].found);
            }
    }
}

static void
a_part_is_filled_by_the_line_that_is_reported(void **state)
{
    static struct fixture fixture;
    struct arena arena = {0};
    struct kits_found found;

    (void)state;
    fixture_init(&fixture);
    fixture_goods(&fixture, "940360 furniture");
    fixture_goods(&fixture, "852491 screens");
    fixture_goods(&fixture, "847330 casings");
    fixture_goods(&fixture, "391220 nitrocellulose");
    fixture_goods(&fixture, "854231 processors");
    fixture_goods(&fixture, "854231 processors");
    kits_find(goods, &fixture.payment, NULL, 0, &arena, &found);
    assert_int_equal(found.kit_count, 1);
    assert_int_equal(found.kits[0]->part_lines[0], 4);
    assert_int_equal(found.kits[0]->part_lines[1], 2);
    assert_int_equal(found.kits[0]->part_lines[2], 1);
    assert_string_equal(found.lines[0].group, "civil_control");
    assert_string_equal(found.lines[0].role, "furniture");
    assert_string_equal(found.lines[0].tier, "");
    assert_string_equal(found.lines[1].tier, ""); /* screens are not on the priority list */
    assert_string_equal(found.lines[2].tier, ""); /* nor are casings */
    assert_string_equal(found.lines[2].role, "casing");
    assert_string_equal(found.lines[3].group, "explosive_precursor");
    assert_string_equal(found.lines[3].role, "nitrocellulose");
    assert_string_equal(found.lines[4].tier, "1");
    assert_string_equal(found.lines[5].role, "processor"); /* by its group: no part is left */
    arena_release(&arena);
}

static void
a_line_that_is_not_there_has_no_facts(void **state)
{
    static struct fixture fixture;
    struct arena arena = {0};
    struct facts facts;

    (void)state;
    fixture_sample(&fixture);
    facts_init(&facts, &fixture.payment, NULL, 0, 0, goods, &arena);
    assert_string_equal(facts.base.goods(&facts.base, 2)->role, "screen");
    assert_string_equal(facts.base.goods(&facts.base, 3)->role, "");
    assert_string_equal(facts.base.goods(&facts.base, UINT32_MAX)->tier, "");
    arena_release(&arena);
}

static void
two_hundred_lines_are_one_kit(void **state)
{
    static const char *const some[] = {"854231 processors", "847330", "847330 casings",
                                       "852491 screens", "611120 garments"};
    static struct fixture fixture;
    char text[TEXT_MAX];

    (void)state;
    fixture_init(&fixture);
    for (size_t i = 0; i < 200; i++)
        fixture_goods(&fixture, some[i % COUNT(some)]);
    assert_string_equal(find(&fixture, text),
                        "notebook 3/4: processor casing screen - battery");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(true_kits_of_each_kind_are_found),
        cmocka_unit_test(near_misses_are_no_kits),
        cmocka_unit_test(an_ambiguous_line_goes_where_it_fills_most),
        cmocka_unit_test(the_order_of_lines_does_not_matter),
        cmocka_unit_test(a_part_is_filled_by_the_line_that_is_reported),
        cmocka_unit_test(a_line_that_is_not_there_has_no_facts),
        cmocka_unit_test(two_hundred_lines_are_one_kit),
    };

    return cmocka_run_group_tests_name("kits", tests, load, unload);
}
