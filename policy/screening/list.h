/*
 * list.h - one sanctions list in memory: who is on it, under which names.
 *
 * Loaders (list_load.h) make it from the files that authorities publish; names and
 * index (screen.h) are made from it.  Everything a list holds lives on the
 * list's own arena and never changes once it is loaded.
 *
 *   L1  an entry has one primary name or more, in the order of the source.
 *   L2  texts are UTF-8 without control characters, trimmed; what the source leaves
 *       out is "" or a count of 0, never NULL.
 *   L3  ids are unique within a list, and stay the same from one publication to the
 *       next (OFAC: ent_num; UN: dataid; EU: logical id; OpenSanctions: id).
 */
#ifndef POLICY_SCREENING_LIST_H
#define POLICY_SCREENING_LIST_H

#include <stddef.h>
#include <stdint.h>

#include "gateway/base/arena.h"
#include "gateway/base/hash.h"

enum list_kind {
    LIST_PERSON,
    LIST_COMPANY, /* any organization, authorities included */
    LIST_BANK,    /* a company that the source says is one, or that has a BIC */
    LIST_VESSEL,
    LIST_AIRCRAFT,
    LIST_OTHER, /* the source does not say */
    LIST_KIND_COUNT,
};

enum list_name_kind {
    LIST_NAME_PRIMARY,
    LIST_NAME_ALIAS,  /* a.k.a. */
    LIST_NAME_FORMER, /* f.k.a. */
    LIST_NAME_WEAK,   /* the source calls it weak or low quality */
};

struct list_name {
    const char *text; /* as published: "AL-ASSAD, Bashar" */
    enum list_name_kind kind;
};

/* What a number is, in lower case; screen.c knows what payments call the same. */
struct list_identifier {
    const char *type;    /* "bic" "lei" "uscc" "inn" "imo" "registration" "passport" "tax" …;
                          "": the source does not say */
    const char *value;   /* as published, blanks and separators removed */
    const char *country; /* ISO 3166-1 alpha-2 where the source says; "" */
};

/* Shares are exact decimals: the edge is at 50 %, and 50.00 % is on it. */
#define LIST_SHARE_WHOLE   1000000000000LL /* 100 % */
#define LIST_SHARE_UNKNOWN (-1)

/* A share of this entry that another one holds. */
struct list_owner {
    const char *owner;   /* id of an entry of the same list */
    double share;        /* 0..1; NaN: the source does not say how much; for printing */
    int controls;        /* the source says that it controls */
    int64_t share_exact; /* of LIST_SHARE_WHOLE, or LIST_SHARE_UNKNOWN; what is compared */
};

struct list_entry {
    const char *id;
    enum list_kind kind;
    const struct list_name *names;
    size_t name_count;
    const struct list_identifier *identifiers;
    size_t identifier_count;
    const char *const *countries; /* of nationality, registration, address: alpha-2, unique */
    size_t country_count;
    const char *const
        *born_on; /* persons; "1957-01-31", "1957-01", "1957": as exact as known; "circa
                     1957" is the years 1956 to 1958; none where it may be one of many */
    size_t born_on_count;
    const char *const *programs; /* "RUSSIA-EO14024" */
    size_t program_count;
    const struct list_owner *owners;
    size_t owner_count;
    const char *remarks;
    int listed; /* false: present because it is owned or owns, not a target itself */
    const char *const *addresses; /* one line each: "Havana, Cuba" */
    size_t address_count;
};

/* One of the files a list was made from. */
struct list_file {
    const char *name; /* without its folders */
    const char *role; /* "main" "alt" "add" "comments" "history" "whole" "delta" */
    size_t rows;      /* understood and used */
    size_t bytes;
    char digest[SHA256_HEX_SIZE];
};

struct list {
    struct arena arena; /* all of it */
    const char *name;   /* "ofac-sdn": the one that loaded it chose */
    const char *format; /* "ofac-csv" "un-xml" "eu-xml" "targets-csv" "ftm-json" */
    /*
     * What it is made of, a line "role sha256" for each file, whatever it is called; deltas
     * and histories in their order; "as-of 2023-01-31" where operations of later days are
     * left out.  Equal sums, equal lists.
     */
    const char *sums;
    size_t sums_len;
    char digest[sizeof("sha256:") - 1 + SHA256_HEX_SIZE]; /* of the sums */
    const char *as_of;                                    /* "" */
    const char *published_on; /* "2024-05-03", "" where the files do not say */
    const struct list_entry *entries;
    size_t entry_count;
    size_t name_count;             /* of all entries together */
    size_t faults;                 /* rows that could not be understood and were left out */
    const struct list_file *files; /* in the order they were read */
    size_t file_count;
    int64_t modified_ms;                 /* the newest of its files on disk; 0: from memory */
    size_t kind_counts[LIST_KIND_COUNT]; /* entries of each kind */
    size_t address_count;                /* of all entries together */
};

#endif
