/* The bytes of a roll-out's record: what is written is read, what is not one is refused. */
#include "gateway/rollout/rollout_record.h"

#include <string.h>

#include "tests/support/test.h"

static struct arena arena;

static int
release(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static const char digest[] =
    "sha256:00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

static void
a_record_comes_back_as_it_was_written(void **state)
{
    static const char text[] = "{\n\"pack\":\"kit\"}\n";
    const struct rollout_record record = {ROLLOUT_PUT,  1713142800000, "policy",
                                          "kit",        digest,        digest,
                                          "a \"note\"", text,          sizeof(text) - 1};
    struct rollout_record read;
    struct error err = {0};
    struct buffer body;

    (void)state;
    buffer_init(&body, &arena, 16);
    rollout_record_write(&record, &body);
    assert_non_null(strstr(buffer_terminate(&body),
                           "{\"kind\":\"rollout\",\"what\":\"put\",\"at_ms\":1713142800000,"
                           "\"of\":\"policy\",\"name\":\"kit\",\"digest\":\"sha256:0011"));
    assert_int_equal(rollout_record_read(body.data, body.len, &arena, &read, &err), 0);
    assert_int_equal(read.what, ROLLOUT_PUT);
    assert_true(read.at_ms == record.at_ms);
    assert_string_equal(read.of, "policy");
    assert_string_equal(read.name, "kit");
    assert_string_equal(read.digest, digest);
    assert_string_equal(read.snapshot, digest);
    assert_string_equal(read.note, "a \"note\"");
    assert_int_equal(read.text_len, sizeof(text) - 1);
    assert_memory_equal(read.text, text, sizeof(text) - 1);
}

static void
what_does_not_apply_is_left_out_and_reads_as_nothing(void **state)
{
    const struct rollout_record record = {ROLLOUT_START, 1, "", "", "", digest, "", "", 0};
    struct rollout_record read;
    struct error err = {0};
    struct buffer body;

    (void)state;
    buffer_init(&body, &arena, 16);
    rollout_record_write(&record, &body);
    assert_null(strstr(buffer_terminate(&body), "note"));
    assert_int_equal(rollout_record_read(body.data, body.len, &arena, &read, &err), 0);
    assert_string_equal(read.of, "");
    assert_string_equal(read.digest, "");
    assert_int_equal(read.text_len, 0);
}

static void
a_long_note_is_cut_between_characters(void **state)
{
    struct rollout_record record = {ROLLOUT_CHECK, 1, "policy", "kit", digest, "", "", "", 0};
    char note[ROLLOUT_NOTE_MAX + 20] = "";
    struct rollout_record read;
    struct error err = {0};
    struct buffer body;

    (void)state;
    memset(note, 'x', ROLLOUT_NOTE_MAX - 1);
    strcat(note, "银行"); /* the limit falls into the first of them */
    record.note = note;
    buffer_init(&body, &arena, 16);
    rollout_record_write(&record, &body);
    assert_int_equal(rollout_record_read(body.data, body.len, &arena, &read, &err), 0);
    assert_int_equal(strlen(read.note), ROLLOUT_NOTE_MAX - 1);
}

static void
what_is_no_record_is_refused(void **state)
{
    static const char *const bodies[] = {
        "",
        "{}\n",
        "{\"kind\":\"payment\",\"what\":\"put\",\"text_bytes\":0}\n",
        "{\"kind\":\"rollout\",\"what\":\"fly\",\"text_bytes\":0}\n",
        "{\"kind\":\"rollout\",\"what\":\"put\",\"text_bytes\":1}\n",
        "{\"kind\":\"rollout\",\"what\":\"put\",\"text_bytes\":1}\nab",
        "{\"kind\":\"rollout\",\"what\":\"put\"}\n",
        "{\"kind\":\"rollout\",\"what\":\"put\",\"text_bytes\":0}",
        "{\"kind\":\"rollout\" \"what\":\"put\",\"text_bytes\":0}\n",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(bodies); i++) {
        struct rollout_record read;
        struct error err = {0};

        if (rollout_record_read(bodies[i], strlen(bodies[i]), &arena, &read, &err) == 0)
            fail_msg("%s was read", bodies[i]);
        assert_int_equal(err.code, ERROR_INTERNAL);
        assert_null(strchr(err.text, '\n'));
    }
}

static void
a_digest_is_read_back_and_nothing_else_is_one(void **state)
{
    static const char *const wrong[] = {
        "",
        "sha256:",
        "sha1:00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff00",
        "sha256:00112233445566778899AABBccddeeff00112233445566778899aabbccddeeff",
        "sha256:00112233445566778899aabbccddeeff00112233445566778899aabbccddeef",
        "sha256:00112233445566778899aabbccddeeff00112233445566778899aabbccddeefff",
        "SHA256:00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff",
    };
    uint8_t bytes[SHA256_BYTES];
    char text[DIGEST_TEXT_SIZE];

    (void)state;
    assert_true(digest_parse(digest, bytes));
    assert_int_equal(bytes[1], 0x11);
    assert_int_equal(bytes[31], 0xff);
    digest_print(bytes, text);
    assert_string_equal(text, digest);
    for (size_t i = 0; i < COUNT(wrong); i++)
        assert_false(digest_parse(wrong[i], bytes));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_comes_back_as_it_was_written),
        cmocka_unit_test(what_does_not_apply_is_left_out_and_reads_as_nothing),
        cmocka_unit_test(a_long_note_is_cut_between_characters),
        cmocka_unit_test(what_is_no_record_is_refused),
        cmocka_unit_test(a_digest_is_read_back_and_nothing_else_is_one),
    };

    return cmocka_run_group_tests_name("rollout_record", tests, NULL, release);
}
