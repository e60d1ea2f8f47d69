/* policy_pack.c - see policy_pack.h. */
#include "clients/policy_pack.h"

#include <string.h>

#include "clients/place.h"
#include "gateway/base/file.h"
#include "gateway/base/json.h"
#include "gateway/payment/money.h"
#include "gateway/payment/payment_lent.h"
#include "policy/rules/pack.h"

int
policy_pack_find(struct arena *arena, const char *argument, struct host_pack *out,
                 struct error *err)
{
    const char *path;
    char *text;
    size_t len;

    *out = (struct host_pack){0};
    if (place_of_pack(arena, argument, &path, err) != 0 ||
        file_read(arena, path, PACK_BYTES_MAX, &text, &len, err) != 0)
        return -1;
    *out = (struct host_pack){.path = path, .text = text, .len = len};
    return 0;
}

/* Is its first member "book"? */
static bool
text_is_book(const char *text)
{
    static const char blanks[] = " \t\r\n", name[] = "\"book\"";

    text += strspn(text, blanks);
    text += *text == '{';
    text += strspn(text, blanks);
    return strncmp(text, name, strlen(name)) == 0;
}

int
policy_file_find(struct arena *arena, const char *argument, struct host_pack *out,
                 bool *is_book, struct error *err)
{
    const char *path = argument;
    struct error why = {0};

    *is_book = false;
    if (place_of_pack(arena, argument, &path, &why) != 0 &&
        place_of_own_book(arena, argument, &path, &why) != 0)
        return error_set(err, ERROR_NOT_FOUND,
                         "there is no shipped pack or book \"%.60s\"; a file has a / or .json "
                         "in its name",
                         argument);
    if (policy_pack_find(arena, path, out, err) != 0)
        return -1;
    *is_book = text_is_book(out->text);
    return 0;
}

int
policy_sources(struct arena *arena, struct snapshot_sources *out, struct error *err)
{
    *out = (struct snapshot_sources){
        .currency_decimals = currency_decimals,
        .money_parse = money_parse,
        .payment_read = payment_lent_read,
        .reason_fits = payment_lent_reason_fits,
    };
    return place_of_shipped(arena, "goods", &out->goods_path, err);
}

int
policy_sources_of_books(struct arena *arena, const char *packs, struct snapshot_sources *out,
                        struct error *err)
{
    if (policy_sources(arena, out, err) != 0)
        return -1;
    out->plugin_path = place_of_plugins(arena);
    out->pack_path = packs;
    return packs ? 0 : place_of_shipped(arena, "packs", &out->pack_path, err);
}

int
policy_payment_read(struct arena *arena, const char *name, const char *text, size_t len,
                    const struct policy_payment **out, struct error *err)
{
    struct error why = {0};
    cJSON *json;

    *out = NULL;
    if (json_parse_request(arena, text, len, &json, &why) == 0)
        *out = payment_lent_read(arena, json, &why);
    return *out ? 0 : error_set(err, ERROR_INVALID, "%s: %.300s", name, why.text);
}
