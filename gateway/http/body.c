/* body.c - one line for each kind that a route can ask for. */
#include "gateway/http/body.h"

static const struct body_kind kinds[] = {
    [HTTP_BODY_NONE] =
        {
            .bytes_max = HTTP_PAST_MAX,
            .too_long = "the body is larger than 256 KiB",
            .receive = RECEIVE_PAST,
        },
    [HTTP_BODY_JSON] =
        {
            .media = "application/json",
            .strange = "the body must be application/json in UTF-8",
            .bytes_max = HTTP_JSON_BODY_MAX,
            .too_long = "the body is larger than 256 KiB",
            .receive = RECEIVE_BODY,
        },
    [HTTP_BODY_NDJSON] =
        {
            .media = "application/x-ndjson",
            .strange = "the body must be application/x-ndjson in UTF-8",
            .bytes_max = HTTP_BODY_ENDLESS,
            .receive = RECEIVE_STREAM,
        },
    [HTTP_BODY_OCTETS] =
        {
            .media = "application/octet-stream",
            .strange = "the body must be application/octet-stream",
            .bytes_max = HTTP_OCTETS_BODY_MAX,
            .too_long = "the body is larger than 256 MiB",
            .receive = RECEIVE_STREAM,
        },
};

const struct body_kind *
body_kind(const struct exchange *exchange)
{
    return &kinds[exchange->public.route->body];
}
