/* What is mounted: for init itself, and as the root that the function sees. All paths lie below one base. */
#ifndef THAW_MOUNTS_H
#define THAW_MOUNTS_H

#include "spec.h"
#include "text.h"

/* The path below the base: "" in a machine of our own, a folder elsewhere. */
const char *mounts_path(line *to, const char *path);

/* proc, sys and devices for init itself. */
void mounts_for_init(const char *base);
/* The tree of control groups; where it is mounted. */
const char *mounts_groups(void);
/* The function's root, from what the description names. NULL, or a line that says what failed. */
const char *mounts_for_function(const guest_spec *spec);
/* Where that root is. */
const char *mounts_root(void);

#endif
