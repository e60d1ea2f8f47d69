/* SHA-256: the published vectors, in one part or many, on any thread. */
#include <pthread.h>
#include <string.h>

#include "gateway/base/hash.h"
#include "tests/support/test.h"

/* FIPS 180-4 examples and RFC 6234 section 8.5. */
static const struct {
    const char *text;
    const char *hex;
} vectors[] = {
    {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
     "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
};

static void
the_published_vectors_come_out(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(vectors); i++) {
        struct hash_part part = {vectors[i].text, strlen(vectors[i].text)};
        uint8_t digest[SHA256_BYTES];
        char hex[SHA256_HEX_SIZE];

        hash_sha256(&part, 1, digest);
        hash_hex(digest, sizeof(digest), hex);
        assert_string_equal(hex, vectors[i].hex);
    }
}

static void
parts_are_hashed_as_if_they_were_one(void **state)
{
    const char *text = vectors[2].text;
    size_t len = strlen(text);

    (void)state;
    for (size_t cut = 0; cut <= len; cut++) {
        struct hash_part parts[] = {{text, cut}, {"", 0}, {text + cut, len - cut}};
        uint8_t digest[SHA256_BYTES];
        char hex[SHA256_HEX_SIZE];

        hash_sha256(parts, COUNT(parts), digest);
        hash_hex(digest, sizeof(digest), hex);
        assert_string_equal(hex, vectors[2].hex);
    }
}

/* Two sums at once, a byte at a time, and another hash between the bytes. */
static void
pieces_are_hashed_as_if_they_had_come_together(void **state)
{
    const char *text = vectors[2].text;
    size_t len = strlen(text);
    struct hash_sum *sum = hash_sum_new(), *backwards = hash_sum_new();
    uint8_t digest[SHA256_BYTES], other[SHA256_BYTES];
    char hex[SHA256_HEX_SIZE];

    (void)state;
    for (size_t i = 0; i < len; i++) {
        hash_sum_add(sum, text + i, 1);
        hash_sum_add(sum, "", 0);
        hash_sum_add(backwards, text + len - 1 - i, 1);
        hash_sha256(&(struct hash_part){text, i}, 1, other);
    }
    hash_sum_read(sum, digest);
    hash_hex(digest, sizeof(digest), hex);
    assert_string_equal(hex, vectors[2].hex);
    hash_sum_free(sum);
    hash_sum_free(backwards); /* nobody has read it */
    hash_sum_free(NULL);
}

static void
the_first_eight_bytes_are_read_big_endian(void **state)
{
    uint8_t digest[SHA256_BYTES] = {0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, 0xff};
    char hex[5];

    (void)state;
    assert_true(hash_u64(digest) == 0x0123456789abcdef);
    hash_hex((const uint8_t[]){0x00, 0xf9}, 2, hex);
    assert_string_equal(hex, "00f9");
}

static void *
hash_many(void *result)
{
    uint8_t digest[SHA256_BYTES] = {0};

    for (int i = 0; i < 1000; i++) {
        struct hash_part part = {digest, sizeof(digest)};

        hash_sha256(&part, 1, digest);
    }
    memcpy(result, digest, sizeof(digest));
    return NULL;
}

static void
threads_do_not_disturb_each_other(void **state)
{
    uint8_t results[4][SHA256_BYTES], expected[SHA256_BYTES];
    pthread_t threads[4];

    (void)state;
    for (size_t i = 0; i < COUNT(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, hash_many, results[i]), 0);
    hash_many(expected);
    for (size_t i = 0; i < COUNT(threads); i++) {
        pthread_join(threads[i], NULL);
        assert_memory_equal(results[i], expected, SHA256_BYTES);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_published_vectors_come_out),
        cmocka_unit_test(parts_are_hashed_as_if_they_were_one),
        cmocka_unit_test(pieces_are_hashed_as_if_they_had_come_together),
        cmocka_unit_test(the_first_eight_bytes_are_read_big_endian),
        cmocka_unit_test(threads_do_not_disturb_each_other),
    };

    return cmocka_run_group_tests_name("hash", tests, NULL, NULL);
}
