/*
 * client.h - one keep-alive connection to a gateway.
 *
 *   C1  requests go out one after the other, so their order is fixed.
 *   C2  a loopback address is never reached through a proxy, whatever the
 *       environment says.
 *   C3  every wait has an end: CLIENT_CONNECT_MS, CLIENT_REPLY_MS; a file may take longer,
 *       as long as some of it goes out.
 */
#ifndef CLIENTS_CLIENT_H
#define CLIENTS_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "gateway/base/arena.h"
#include "gateway/base/error.h"

#define CLIENT_CONNECT_MS      5000
#define CLIENT_REPLY_MS        30000
#define CLIENT_SILENCE_S       45 /* of a stream, which has a comment every 15 s */
#define CLIENT_REPLY_BYTES_MAX (64 * 1024 * 1024)

struct client;

struct request {
    const char *method; /* "GET", "POST", "PUT", "DELETE" */
    const char *path;
    const char *body; /* application/json of len bytes; NULL: none is sent */
    size_t len;
};

/* A body of octets, read from where the file stands as it is sent. */
struct client_file {
    FILE *file;
    size_t len;
    void (*progress)(void *context, size_t sent); /* of it so far; NULL: nobody asks */
    void *context;
};

/* On the arena of the request; body is NUL-terminated. */
struct reply {
    int status;
    const char *body;
    size_t len;
};

/* server is "http://host:port" or https; ERROR_INVALID where it is neither. */
int client_open(const char *server, struct client **out, struct error *err)
    __attribute__((warn_unused_result));

/* Send the key with all that follows, as Authorization: Bearer; it is copied. */
void client_set_key(struct client *client, const char *key);

/* Who acts in the requests to come, for a gateway without keys; "": nobody says.  One line,
 * which must live. */
void client_act_as(struct client *client, const char *actor);

/* 0 with any HTTP status; -1 (ERROR_BUSY) where no whole reply came. */
int client_request(struct client *client, const struct request *request, struct arena *arena,
                   struct reply *reply, struct error *err) __attribute__((warn_unused_result));

/* PUT the file; likewise, and -1 (ERROR_INVALID) where it cannot be read to its end. */
int client_put_file(struct client *client, const char *path, const struct client_file *file,
                    struct arena *arena, struct reply *reply, struct error *err)
    __attribute__((warn_unused_result));

/*
 * GET a stream without end, behind the event last_id ("": wherever path says): take() has its
 * bytes as they come, with the status of the reply, and ends it by false.  0 where it ended so
 * or by the gateway, -1 (ERROR_BUSY) where it broke off or never began.
 */
int client_listen(struct client *client, const char *path, const char *last_id,
                  bool (*take)(void *context, int status, const char *bytes, size_t len),
                  void *context, int *status, struct error *err)
    __attribute__((warn_unused_result));

/* text as it may stand in a path segment or a query value. */
const char *client_escape(struct client *client, struct arena *arena, const char *text);

void client_close(struct client *client); /* takes NULL */

#endif
