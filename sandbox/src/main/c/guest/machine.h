/* The machine that this guest is: its drivers, its channel's port, its network, its clock, its randomness. */
#ifndef THAW_MACHINE_H
#define THAW_MACHINE_H

#include "system.h"

/*
 * Loads what /modules/list names, in order, with the parameters that the kernel's command line has for each; in
 * Firecracker, where the command line says so, what /modules/firecracker names as well.
 */
void machine_load_modules(void);
bool machine_is_firecracker(void);
/* Waits for the channel to the host, a serial port or a connection, and opens it. */
int machine_open_channel(void);
void machine_raise_loopback(void);
void machine_name(const char *name);
/*
 * The kernel's own bounds of threads and memory go by the machine's size, and small machines have no large pages even
 * for who asks for them. What bounds the function is its control group.
 */
void machine_loosen_bounds(void);

/* Nanoseconds since the machine was started. */
uint64_t machine_now_ns(void);
/* What the processor counts, without a system call, and how much of it a millisecond is. */
uint64_t machine_ticks(void);
uint64_t machine_ticks_per_ms(void);
/* To be called at the beginning and at the end of what is started: by it the ticks are measured. */
void machine_measure_ticks(void);
void machine_set_clock(uint64_t epoch_ns);
/* Mixes entropy in and draws the kernel's generator anew from it. */
void machine_stir(const char *entropy);
_Noreturn void machine_power_off(void);

#endif
