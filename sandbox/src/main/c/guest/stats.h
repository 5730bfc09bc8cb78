/*
 * The function's control group: holds what it runs to its memory and its number of processes, and counts. The host is
 * told of counts when they changed, before whatever made it look.
 */
#ifndef THAW_STATS_H
#define THAW_STATS_H

#include "spec.h"
#include "system.h"

/* Makes the group below the version 2 tree that is mounted at `tree`; where a controller is missing, it says so. */
void group_make(const char *tree, const guest_spec *spec);
/* Puts the calling process in. */
long group_join(void);

/* Most memory ever held. */
void stats_push(void);
/* The same, of work that began at so many ticks: not again for a while after work that was short. */
void stats_push_after(uint64_t began);
/* How many were killed for memory: looked at when one has ended. */
void stats_push_kills(void);

#endif
