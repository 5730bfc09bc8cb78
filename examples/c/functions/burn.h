#ifndef THAW_BURN_H
#define THAW_BURN_H

#include <stdint.h>

/* CPU time of the calling thread. */
int64_t thread_cpu_ns(void);

/* Computes until the calling thread's CPU time reaches `until_ns`. Waiting for a CPU does not count. */
void burn_until(int64_t until_ns);

/* Sleeps for at least that long. Returns how long it was. */
int64_t sleep_for_ns(int64_t duration_ns);

#endif
