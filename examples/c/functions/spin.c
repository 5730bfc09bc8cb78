/*
 * The stand-in for a function of a trace: holds memory, burns CPU time, sleeps. The CPU time is that of the whole
 * handler, so memory that it touches for the first time is part of it, not on top.
 */
#include "../sys/sys.h"
#include "burn.h"
#include "functions.h"
#include "json.h"

#include <time.h>

enum { MIB = 1 << 20, PAGE_BYTES = 4096, MAX_MEMORY_MIB = 10240 };

#define MAX_US (900LL * 1000000)

static char *memory;
static int64_t memory_mib;

/* Keeps at least `mib` MiB, each page written once: what is resident already costs nothing again. */
static int touch(int64_t mib) {
    if (mib <= memory_mib) {
        return 1;
    }
    char *grown = memory == NULL ? sys_pages((size_t) mib * MIB)
                                 : sys_grow_pages(memory, (size_t) memory_mib * MIB, (size_t) mib * MIB);
    if (grown == NULL) {
        return 0;
    }
    memory = grown;
    /* The memory is there to be held: large pages, where the host has them, keep what it costs small. */
    sys_prefer_large_pages(memory, (size_t) mib * MIB);
    for (int64_t offset = memory_mib * MIB; offset < mib * MIB; offset += PAGE_BYTES) {
        ((volatile char *) memory)[offset] = 1;
    }
    memory_mib = mib;
    return 1;
}

/* A function loads most of its memory in init, at init's CPU speed: SPIN_MEMORY_MIB says how much. */
struct thaw_answer spin_init(void) {
    const char *mib = sys_variable("SPIN_MEMORY_MIB");
    int64_t wanted = 0;
    for (; mib != NULL && *mib >= '0' && *mib <= '9' && wanted <= MAX_MEMORY_MIB; mib++) {
        wanted = wanted * 10 + (*mib - '0');
    }
    if (wanted > MAX_MEMORY_MIB || !touch(wanted)) {
        return thaw_error("Function.OutOfMemory", "spin: SPIN_MEMORY_MIB cannot be mapped");
    }
    return (struct thaw_answer) {0};
}

struct thaw_answer spin_handle(const struct thaw_event *event) {
    static char json[160];
    int64_t began_ns = sys_clock_ns(CLOCK_MONOTONIC);
    int64_t start_ns = thread_cpu_ns();
    int64_t cpu_us = json_integer(event->body, "cpuUs", 0);
    int64_t sleep_us = json_integer(event->body, "sleepUs", 0);
    int64_t duration_us = json_integer(event->body, "durationUs", 0);
    int64_t mib = json_integer(event->body, "memoryMib", 0);
    if (cpu_us < 0 || cpu_us > MAX_US || sleep_us < 0 || sleep_us > MAX_US || duration_us < 0
            || duration_us > MAX_US || mib < 0 || mib > MAX_MEMORY_MIB) {
        return thaw_error("Function.InvalidEvent",
                "spin: need cpuUs, sleepUs and durationUs in 0..900000000 and memoryMib in 0..10240");
    }
    if (!touch(mib)) {
        return thaw_error("Function.OutOfMemory", "spin: the memory cannot be mapped");
    }
    burn_until(start_ns + cpu_us * 1000);
    int64_t slept_ns = sleep_for_ns(sleep_us * 1000);
    /* However long the CPU share made the burning last, the whole takes durationUs if it can. */
    slept_ns += sleep_for_ns(duration_us * 1000 - (sys_clock_ns(CLOCK_MONOTONIC) - began_ns));
    char *to = put_text(json, "{\"cpuUs\":");
    to = put_integer(to, (thread_cpu_ns() - start_ns) / 1000);
    to = put_text(to, ",\"sleepUs\":");
    to = put_integer(to, slept_ns / 1000);
    to = put_text(to, ",\"memoryMib\":");
    to = put_integer(to, mib);
    to = put_text(to, "}");
    return (struct thaw_answer) {.body = {json, (size_t) (to - json)}};
}
