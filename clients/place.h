/*
 * place.h - where the gateway's program and the shipped books, packs and tables are.
 *
 * Looked for relative to the programs themselves, so that a build folder and an
 * installed tree both work without configuration.
 */
#ifndef CLIENTS_PLACE_H
#define CLIENTS_PLACE_H

#include "gateway/base/arena.h"
#include "gateway/base/error.h"

/* yuangate beside this program, else in PATH; ERROR_NOT_FOUND names both. */
int place_of_gateway(struct arena *arena, const char **path, struct error *err)
    __attribute__((warn_unused_result));

/* This program's own file. */
const char *place_of_program(struct arena *arena);

/*
 * A folder of shipped files, "books", "goods" or "packs", seen from this program;
 * ERROR_NOT_FOUND where there is none.
 */
int place_of_shipped(struct arena *arena, const char *name, const char **path,
                     struct error *err) __attribute__((warn_unused_result));

/*
 * The file of a pack: with a '/' or ".json" at the end a path, otherwise the name of
 * a shipped one.  ERROR_NOT_FOUND where it is not there.
 */
int place_of_pack(struct arena *arena, const char *pack, const char **path, struct error *err)
    __attribute__((warn_unused_result));

/* The same for a book of the command line. */
int place_of_own_book(struct arena *arena, const char *book, const char **path,
                      struct error *err) __attribute__((warn_unused_result));

/* The folder of the shipped plugins, seen from this program; there or not. */
const char *place_of_plugins(struct arena *arena);

/*
 * The file of a scenario's book.  With a '/' or ".json" at the end it is a path
 * relative to the scenario's folder; otherwise the name of a book shipped with
 * the program (a gateway, or this one) at this path.  ERROR_INVALID where it is not there.
 */
int place_of_book(struct arena *arena, const char *book, const char *scenario_file,
                  const char *program, const char **path, struct error *err)
    __attribute__((warn_unused_result));

#endif
