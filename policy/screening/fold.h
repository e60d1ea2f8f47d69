/*
 * fold.h - a name in any script, in the 26 letters and ten digits.
 *
 *     "Müller & Söhne"        muller & sohne
 *     "Общество «Аргумент»"   obshchestvo "argument"
 *     "深圳市亿路发"           \1shen zhen shi yi lu fa\2
 *     "محمد الجاسم"           \3mhmd\3 \3aljasm\3
 *
 * ASCII is copied; Latin loses its marks, Cyrillic goes by BGN/PCGN, Arabic and Hebrew
 * letter by letter, by tables of our own; all other scripts go through ICU.  What is no letter stays as a
 * blank or as one of the marks that parts.c reads: ( ) , . / & - "
 *
 *   F1  the result is ASCII: a-z, 0-9, blanks, those marks, the brackets \1 \2 around
 *       what was written in Han, one syllable a character, and \3 around words of a
 *       script that leaves vowels out.
 *   F2  text that is not UTF-8 loses the bytes that are not.
 *   F3  once scripts and lengths like a name's have been met, nothing comes from malloc:
 *       ICU has a pool of its own.
 */
#ifndef POLICY_SCREENING_FOLD_H
#define POLICY_SCREENING_FOLD_H

#include <stddef.h>
#include <stdint.h>

#include "gateway/base/arena.h"

#define FOLD_HAN_BEGIN '\1'
#define FOLD_HAN_END   '\2'
#define FOLD_ABJAD     '\3' /* before and behind what was written in Arabic or Hebrew */
#define FOLD_MARKS     "(),./&-\""
#define FOLD_BYTES_MAX 1024 /* of a name; the rest is not looked at */

/* The folded text, NUL-terminated, and its length. */
char *fold(struct arena *arena, const char *text, size_t *len);

/* One character of UTF-8 at *at, which moves on; 0 for a byte that is none. */
uint32_t fold_decode(const char **at, const char *end);

/* What stands for a Latin, Cyrillic or punctuation character; NULL: not known here. */
const char *fold_letter(uint32_t c);

/* What stands for a letter of Arabic or Hebrew, "" for its marks; NULL: it is none. */
const char *fold_abjad(uint32_t c);

/* The pinyin of a Han character, without tone; "" where ICU knows none. */
void fold_han(struct arena *arena, uint32_t c, char syllable[8]);

/* A run of another script, in Latin letters; NUL-terminated. */
const char *fold_script(struct arena *arena, const char *text, size_t len);

#endif
