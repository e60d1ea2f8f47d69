/* affix.h - what words begin or end with, longer ones first. */
#ifndef POLICY_SCREENING_AFFIX_H
#define POLICY_SCREENING_AFFIX_H

#include <stddef.h>
#include <string.h>

struct affix {
    const char *text;
    size_t len;
};

#define AFFIX(text)                                                                            \
    {                                                                                          \
        text, sizeof(text) - 1                                                                 \
    }

/* How many letters the first that the word ends with has; 0: it ends with none. */
static inline size_t
affix_behind(const struct affix *affixes, size_t count, const char *word, size_t len)
{
    for (size_t i = 0; i < count; i++) {
        size_t n = affixes[i].len;

        if (n <= len && word[len - 1] == affixes[i].text[n - 1] &&
            memcmp(word + len - n, affixes[i].text, n) == 0)
            return n;
    }
    return 0;
}

/* The same of its beginning. */
static inline size_t
affix_before(const struct affix *affixes, size_t count, const char *word, size_t len)
{
    for (size_t i = 0; i < count; i++)
        if (affixes[i].len <= len && *word == *affixes[i].text &&
            memcmp(word, affixes[i].text, affixes[i].len) == 0)
            return affixes[i].len;
    return 0;
}

#endif
