/* Keys: made, found, removed, swapped; and files that are refused with their line. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gateway/access/keys.h"
#include "gateway/access/keys_file.h"
#include "gateway/base/file.h"
#include "tests/support/test.h"

#define SALT     "00112233445566778899aabbccddeeff"
#define HASH     "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define TOO_LONG "a2345678901234567890123456789012345678901234567890123456789012345"
#define GOOD     "shop payer 0123456789ab " SALT " " HASH "\n"

static char folder[] = "/tmp/yuangate-keys-XXXXXX";
static char path[64], aside[64];
static struct arena arena;

static int
make_folder(void **state)
{
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof(path), "%s/keys", folder);
    snprintf(aside, sizeof(aside), "%s/keys.new", folder);
    return 0;
}

static int
remove_folder(void **state)
{
    (void)state;
    arena_release(&arena);
    return rmdir(folder);
}

static int
remove_file(void **state)
{
    (void)state;
    arena_reset(&arena);
    unlink(path);
    return 0;
}

static void
write_text(const char *text, size_t len)
{
    FILE *file = fopen(path, "we");

    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, len, file), len);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(path, 0600), 0);
}

static const char *
file_text(void)
{
    struct error err = {0};
    char *text;
    size_t len;

    if (file_read(&arena, path, KEYS_FILE_MAX, &text, &len, &err) != 0)
        fail_msg("%s", err.text);
    return text;
}

/* Make a key; its text, on the arena. */
static const char *
add(const char *name, enum access_role role)
{
    char text[KEY_TEXT_LENGTH + 1];
    struct error err = {0};

    if (keys_add(path, name, role, text, &err) != 0)
        fail_msg("%s", err.text);
    return arena_copy(&arena, text, strlen(text));
}

static void
removes(const char *name)
{
    struct error err = {0};

    if (keys_remove(path, name, &err) != 0)
        fail_msg("%s", err.text);
}

static struct keys *
opened(void)
{
    struct error err = {0};
    struct keys *keys;

    if (keys_open(path, false, &keys, &err) != 0)
        fail_msg("%s", err.text);
    return keys;
}

static bool
finds(struct keys *keys, const char *text, const char *name, enum access_role role)
{
    struct access_key found;

    return keys_find(keys, text, strlen(text), &arena, &found) &&
           strcmp(found.name, name) == 0 && found.role == role;
}

static bool
knows(struct keys *keys, const char *text)
{
    struct access_key found;

    return keys_find(keys, text, strlen(text), &arena, &found);
}

static void
a_key_is_found_by_its_text_and_by_no_other(void **state)
{
    const char *shop = add("shop", ROLE_PAYER), *anna = add("anna", ROLE_REVIEWER);
    char *wrong = arena_copy(&arena, shop, strlen(shop));
    struct keys *keys = opened();

    (void)state;
    assert_true(keys_are_needed(keys));
    assert_true(finds(keys, shop, "shop", ROLE_PAYER));
    assert_true(finds(keys, anna, "anna", ROLE_REVIEWER));
    for (size_t i = 0; i < strlen(shop); i++) { /* each character counts */
        wrong[i] = shop[i] == '7' ? '8' : '7';
        assert_false(knows(keys, wrong));
        wrong[i] = shop[i];
    }
    assert_false(knows(keys, ""));
    assert_false(knows(keys, "yg_"));
    assert_false(knows(keys, arena_printf(&arena, "%s0", shop)));
    assert_false(keys_find(keys, shop, strlen(shop) - 1, &arena, &(struct access_key){0}));
    memcpy(wrong + 3, anna + 3, KEY_ID_DIGITS); /* one's id, the other's secret */
    assert_false(knows(keys, wrong));
    keys_close(keys);
}

static void
the_file_is_for_its_owner_and_holds_no_key(void **state)
{
    const char *key = add("shop", ROLE_PAYER);
    struct stat status;

    (void)state;
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0600);
    assert_int_equal(access(aside, F_OK), -1);
    assert_null(strstr(file_text(), strrchr(key, '_') + 1));
    assert_non_null(strstr(file_text(), "shop payer "));
}

static void
two_keys_of_one_kind_have_nothing_in_common(void **state)
{
    const char *one = add("one", ROLE_ANALYST), *two = add("two", ROLE_ANALYST);
    struct error err = {0};
    struct key_list list;

    (void)state;
    assert_string_not_equal(one, two);
    assert_int_equal(strlen(one), KEY_TEXT_LENGTH);
    assert_int_equal(keys_read(&arena, path, &list, &err), 0);
    assert_int_equal(list.count, 2);
    assert_memory_not_equal(list.lines[0].salt, list.lines[1].salt, KEY_SALT_BYTES);
    assert_memory_not_equal(list.lines[0].hash, list.lines[1].hash, SHA256_BYTES);
}

/* sha256sum over the bytes 00 11 … ff and then the text. */
static void
the_hash_is_sha256_over_salt_and_key(void **state)
{
    static const char key[] =
        "yg_0123456789ab_000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
    uint8_t salt[KEY_SALT_BYTES], hash[SHA256_BYTES];
    char hex[SHA256_HEX_SIZE];

    (void)state;
    for (int i = 0; i < KEY_SALT_BYTES; i++)
        salt[i] = (uint8_t)(17 * i);
    key_hash(salt, key, strlen(key), hash);
    hash_hex(hash, sizeof(hash), hex);
    assert_string_equal(hex,
                        "6488c5d04ed5b867474165f2c4d66735aa42652c73885a7e5870922ed25af98e");
}

static void
a_name_is_of_one_key(void **state)
{
    char text[KEY_TEXT_LENGTH + 1];
    struct error err = {0};
    const char *key = add("shop", ROLE_PAYER), *before = file_text();
    struct keys *keys;

    (void)state;
    assert_int_equal(keys_add(path, "shop", ROLE_OPERATOR, text, &err), -1);
    assert_int_equal(err.code, ERROR_CONFLICT);
    assert_string_equal(text, "");
    assert_string_equal(file_text(), before);
    removes("shop");
    add("shop", ROLE_OPERATOR);
    keys = opened();
    assert_false(knows(keys, key));
    keys_close(keys);
}

static void
names_that_cannot_be_are_refused(void **state)
{
    static const char *const bad[] = {"",     "a b",   "-x",       ".x",
                                      "_x",   "a/b",   "a\nb",     "anonymous",
                                      "bank", "payer", "\xc3\xa4", TOO_LONG};
    static const char *const good[] = {"a", "Anna.P-1_x", "0", "Bank"};

    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++)
        if (key_name_is_sound(bad[i]))
            fail_msg("\"%s\" is taken", bad[i]);
    for (size_t i = 0; i < COUNT(good); i++)
        assert_true(key_name_is_sound(good[i]));
}

static void
a_malformed_file_is_refused_with_its_line(void **state)
{
    static const struct {
        const char *text, *says;
    } cases[] = {
        {"shop payer\n", "keys:1: the line is not NAME ROLE ID SALT HASH"},
        {GOOD "\n# a remark\nx\n", "keys:4: the line is not"},
        {GOOD "a payer 0123456789ac " SALT " " HASH " \n", "keys:2: the line is not"},
        {"sh/op payer 0123456789ab " SALT " " HASH "\n", "keys:1: the name is none"},
        {"bank payer 0123456789ab " SALT " " HASH "\n", "keys:1: the name is none"},
        {"shop king 0123456789ab " SALT " " HASH "\n", "keys:1: the role is none of payer"},
        {"shop anybody 0123456789ab " SALT " " HASH "\n", "keys:1: the role is none of payer"},
        {"shop payer 0123456789aX " SALT " " HASH "\n", "keys:1: the id is not 12"},
        {"shop payer 0123456789 " SALT " " HASH "\n", "keys:1: the id is not 12"},
        {"shop payer 0123456789ab 00 " HASH "\n", "keys:1: the salt is not 32"},
        {"shop payer 0123456789ab " SALT " " HASH "0\n", "keys:1: the hash is not 64"},
        {GOOD "shop operator 0123456789ac " SALT " " HASH "\n", "keys:2: the name is on"},
        {GOOD "other operator 0123456789ab " SALT " " HASH "\n", "keys:2: the id is on"},
        {"shop payer 0123456789ab " SALT " " HASH, "keys:1: the line does not end"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char text[KEY_TEXT_LENGTH + 1];
        struct error err = {0};
        struct keys *keys;

        write_text(cases[i].text, strlen(cases[i].text));
        assert_int_equal(keys_open(path, false, &keys, &err), -1);
        if (!strstr(err.text, cases[i].says) || !strstr(err.text, "yuangate keys add"))
            fail_msg("case %zu says: %s", i, err.text);
        assert_int_equal(keys_add(path, "new", ROLE_PAYER, text, &err), -1);
        assert_string_equal(file_text(), cases[i].text); /* nothing changed */
        assert_int_equal(access(aside, F_OK), -1);
    }
    write_text("a\0b\n", 4);
    assert_int_equal(keys_read(&arena, path, &(struct key_list){0}, &(struct error){0}), -1);
}

static void
a_file_that_others_may_write_to_is_refused(void **state)
{
    static const mode_t modes[] = {0620, 0602, 0666};

    (void)state;
    add("shop", ROLE_PAYER);
    for (size_t i = 0; i < COUNT(modes); i++) {
        struct error err = {0};
        struct keys *keys;

        assert_int_equal(chmod(path, modes[i]), 0);
        assert_int_equal(keys_open(path, false, &keys, &err), -1);
        assert_non_null(strstr(err.text, "chmod 600"));
    }
    assert_int_equal(chmod(path, 0600), 0);
    keys_close(opened());
}

static void
without_a_file_nobody_needs_a_key_unless_it_was_named(void **state)
{
    struct error err = {0};
    struct keys *keys = opened();

    (void)state;
    assert_false(keys_are_needed(keys));
    assert_int_equal(keys_reload(keys, &err), 0);
    assert_false(keys_are_needed(keys));
    keys_close(keys);
    assert_int_equal(keys_open(NULL, false, &keys, &err), 0);
    assert_int_equal(keys_reload(keys, &err), 0);
    assert_false(keys_are_needed(keys));
    keys_close(keys);
    assert_int_equal(keys_open(path, true, &keys, &err), -1);
    assert_int_equal(err.code, ERROR_NOT_FOUND);
    assert_non_null(strstr(err.text, "yuangate keys add"));
}

static void
a_reload_takes_what_is_new_and_drops_what_is_removed(void **state)
{
    struct keys *keys = opened();
    struct error err = {0};
    const char *one = add("one", ROLE_PAYER), *two;

    (void)state;
    assert_false(knows(keys, one));
    assert_int_equal(keys_reload(keys, &err), 0);
    assert_true(keys_are_needed(keys));
    assert_true(finds(keys, one, "one", ROLE_PAYER));
    two = add("two", ROLE_OPERATOR);
    removes("one");
    assert_int_equal(keys_reload(keys, &err), 0);
    assert_false(knows(keys, one));
    assert_true(finds(keys, two, "two", ROLE_OPERATOR));
    removes("two"); /* the last: nobody gets in, and not everybody */
    assert_int_equal(keys_reload(keys, &err), 0);
    assert_false(knows(keys, two));
    assert_true(keys_are_needed(keys));
    keys_close(keys);
}

/* What was found holds until a reload that finds it no more, or with another role. */
static void
a_key_holds_until_it_is_removed(void **state)
{
    static const struct access_key nobody = {"nobody", ROLE_ANYBODY, NULL};
    struct keys *keys = opened();
    struct access_key found, other;
    struct error err = {0};
    const char *one;

    (void)state;
    assert_true(keys_hold(keys, &nobody));
    one = add("one", ROLE_PAYER);
    assert_int_equal(keys_reload(keys, &err), 0);
    assert_false(keys_hold(keys, &nobody));
    assert_true(keys_find(keys, one, strlen(one), &arena, &found));
    assert_true(keys_hold(keys, &found));
    other = found;
    other.role = ROLE_OPERATOR;
    assert_false(keys_hold(keys, &other));
    removes("one");
    assert_true(keys_hold(keys, &found));
    assert_int_equal(keys_reload(keys, &err), 0);
    assert_false(keys_hold(keys, &found));
    add("one", ROLE_PAYER); /* the name again, and another key */
    assert_int_equal(keys_reload(keys, &err), 0);
    assert_false(keys_hold(keys, &found));
    keys_close(keys);
}

static void
a_reload_of_no_file_or_a_bad_one_changes_nothing(void **state)
{
    const char *key = add("shop", ROLE_PAYER);
    struct keys *keys = opened();
    struct error err = {0};

    (void)state;
    write_text("rubbish\n", 8);
    assert_int_equal(keys_reload(keys, &err), -1);
    assert_true(finds(keys, key, "shop", ROLE_PAYER));
    unlink(path);
    assert_int_equal(keys_reload(keys, &err), -1);
    assert_true(keys_are_needed(keys));
    assert_true(finds(keys, key, "shop", ROLE_PAYER));
    keys_close(keys);
}

static void
removing_what_is_not_there_says_so(void **state)
{
    struct error err = {0};

    (void)state;
    assert_int_equal(keys_remove(path, "nobody", &err), -1);
    assert_int_equal(err.code, ERROR_NOT_FOUND);
    assert_int_equal(access(path, F_OK), -1);
}

/* -- at once -- */

#define ADDERS 8

static void *
add_one(void *context)
{
    char text[KEY_TEXT_LENGTH + 1], name[8];
    struct error err = {0};

    snprintf(name, sizeof(name), "n%d", *(int *)context);
    return keys_add(path, name, ROLE_PAYER, text, &err) == 0 ? context : NULL;
}

static void
keys_that_are_made_at_once_are_all_kept(void **state)
{
    struct error err = {0};
    pthread_t threads[ADDERS];
    struct key_list list;
    int numbers[ADDERS];

    (void)state;
    for (int i = 0; i < ADDERS; i++) {
        numbers[i] = i;
        assert_int_equal(pthread_create(&threads[i], NULL, add_one, &numbers[i]), 0);
    }
    for (int i = 0; i < ADDERS; i++) {
        void *done;

        pthread_join(threads[i], &done);
        assert_non_null(done);
    }
    assert_int_equal(keys_read(&arena, path, &list, &err), 0);
    assert_int_equal(list.count, ADDERS);
    assert_int_equal(access(aside, F_OK), -1);
}

struct looking {
    struct keys *keys;
    const char *stays;
    atomic_bool ends;
    atomic_int missed, looked;
};

static void *
look_on(void *context)
{
    struct looking *looking = context;
    struct arena own = {0};

    while (!atomic_load(&looking->ends)) {
        struct access_key found;

        arena_reset(&own);
        if (!keys_find(looking->keys, looking->stays, strlen(looking->stays), &own, &found) ||
            found.role != ROLE_ANALYST)
            atomic_fetch_add(&looking->missed, 1);
        atomic_fetch_add(&looking->looked, 1);
    }
    arena_release(&own);
    return NULL;
}

static void
a_key_that_stays_is_found_while_others_come_and_go(void **state)
{
    struct looking looking = {.stays = add("stays", ROLE_ANALYST)};
    struct error err = {0};
    pthread_t thread;

    (void)state;
    looking.keys = opened();
    assert_int_equal(pthread_create(&thread, NULL, look_on, &looking), 0);
    for (int i = 0; i < 50 || atomic_load(&looking.looked) < 100; i++) {
        i % 2 == 0 ? (void)add("goes", ROLE_PAYER) : removes("goes");
        assert_int_equal(keys_reload(looking.keys, &err), 0);
    }
    atomic_store(&looking.ends, true);
    pthread_join(thread, NULL);
    assert_int_equal(atomic_load(&looking.missed), 0);
    keys_close(looking.keys);
}

int
main(void)
{
#define TEST(function) cmocka_unit_test_teardown(function, remove_file)
    const struct CMUnitTest tests[] = {
        TEST(a_key_is_found_by_its_text_and_by_no_other),
        TEST(the_file_is_for_its_owner_and_holds_no_key),
        TEST(two_keys_of_one_kind_have_nothing_in_common),
        TEST(the_hash_is_sha256_over_salt_and_key),
        TEST(a_name_is_of_one_key),
        TEST(names_that_cannot_be_are_refused),
        TEST(a_malformed_file_is_refused_with_its_line),
        TEST(a_file_that_others_may_write_to_is_refused),
        TEST(without_a_file_nobody_needs_a_key_unless_it_was_named),
        TEST(a_reload_takes_what_is_new_and_drops_what_is_removed),
        TEST(a_key_holds_until_it_is_removed),
        TEST(a_reload_of_no_file_or_a_bad_one_changes_nothing),
        TEST(removing_what_is_not_there_says_so),
        TEST(keys_that_are_made_at_once_are_all_kept),
        TEST(a_key_that_stays_is_found_while_others_come_and_go),
    };

    return cmocka_run_group_tests_name("keys", tests, make_folder, remove_folder);
}
