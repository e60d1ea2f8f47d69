/* temp_store.c - mkdtemp, and the names that SQLite gives its files. */
#include "tests/support/temp_store.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const suffixes[] = {"", "-wal", "-shm", "-journal"};

int
temp_store_make(struct temp_store *temp)
{
    snprintf(temp->folder, sizeof(temp->folder), "/tmp/yuangate-store-XXXXXX");
    if (!mkdtemp(temp->folder))
        return -1;
    snprintf(temp->path, sizeof(temp->path), "%s/store.db", temp->folder);
    return 0;
}

void
temp_store_clear(struct temp_store *temp)
{
    char name[128];

    for (unsigned i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
        snprintf(name, sizeof(name), "%s%s", temp->path, suffixes[i]);
        unlink(name);
    }
}

void
temp_store_remove(struct temp_store *temp)
{
    temp_store_clear(temp);
    rmdir(temp->folder);
}

long
temp_store_size(const struct temp_store *temp, const char *suffix)
{
    struct stat status;
    char name[128];

    snprintf(name, sizeof(name), "%s%s", temp->path, suffix);
    return stat(name, &status) == 0 ? (long)status.st_size : -1;
}
