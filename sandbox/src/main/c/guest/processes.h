/*
 * The function's processes: external extensions and the runtime, numbered as in the description, the runtime last.
 * Whatever they leave behind is reaped as well.
 */
#ifndef THAW_PROCESSES_H
#define THAW_PROCESSES_H

#include "system.h"

/* Signals are read, not delivered: blocked here, unblocked in what is started. A descriptor that says when. */
int processes_watch(void);
/* Opens the pipes of the next run. */
void processes_prepare(const char *root);

/* Starts the extensions, or the runtime where there are none. */
void processes_start(void);
void processes_start_runtime(void);
/* Sends the runtime's process group a signal. */
void processes_signal_runtime(int signal);
/* Kills all that is not this process. */
void processes_kill_all(void);
/* Fills the function's memory until the kernel kills for it. */
void processes_exhaust_memory(void);
/* Kills everything and waits until it is gone; the host is told of none of these ends. */
void processes_reset(void);

/* Reads the signals and reports who has ended. */
void processes_reap(void);

#endif
