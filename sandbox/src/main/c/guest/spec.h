/* What this guest is to be: told by the host piece by piece, kept for as long as the guest lives. */
#ifndef THAW_SPEC_H
#define THAW_SPEC_H

#include "frames.h"
#include "system.h"

enum { PROCESSES_MAX = 64, VARIABLES_MAX = 4096, WORDS_MAX = 8192, MOUNTS_MAX = 32, HIDDEN_MAX = 64 };

typedef struct {
    bool is_device; /* else bound */
    const char *source;
    const char *target;
    const char *type;
} spec_mount;

typedef struct {
    uint32_t user;
    uint32_t group;
    uint64_t memory_bytes;
    uint32_t processes_max;
    uint64_t tmp_bytes;
    const char *host_name;
    const char *directory;
    /* Of the extensions, in order, and then of the runtime. */
    char **processes[PROCESSES_MAX];
    int process_count;
    char **runtime;
    char *variables[VARIABLES_MAX + 1];
    /* Without those that only the runtime sees. */
    char *extension_variables[VARIABLES_MAX + 1];
    spec_mount mounts[MOUNTS_MAX];
    int mount_count;
    const char *filter;
    uint32_t filter_bytes;
} guest_spec;

/* Takes one piece. */
void spec_add(spec_field field, const char *value, uint32_t length);
/* All is told. NULL, or a line that says what is wrong with it. */
const char *spec_finish(void);
const guest_spec *spec_get(void);

#endif
