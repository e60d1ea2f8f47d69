/*
 * matrix_draw.h - a matrix as a picture (SVG), and as a page (HTML) that holds the picture
 * and the same in words.
 *
 *   D1  a file stands by itself: no script, no font, nothing from elsewhere.
 *   D2  both are well-formed XML; text of scenarios and books goes in escaped.
 *   D3  a colour never says what a word in it does not say too.
 */
#ifndef CLIENTS_MATRIX_DRAW_H
#define CLIENTS_MATRIX_DRAW_H

#include "clients/matrix.h"
#include "gateway/base/buffer.h"

void matrix_svg(struct buffer *out, const struct matrix *matrix);
void matrix_html(struct buffer *out, const struct matrix *matrix);

#endif
