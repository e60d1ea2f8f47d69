/* texts.c - a look through some dozens of texts. */
#include "policy/texts.h"

#include <string.h>

const struct text *
texts_find(const struct texts *texts, const char *kind, const char *name)
{
    for (size_t i = 0; i < texts->count; i++)
        if (strcmp(texts->list[i].kind, kind) == 0 && strcmp(texts->list[i].name, name) == 0)
            return &texts->list[i];
    return NULL;
}
