// Prints how many thousand times a second this host's timestamp counter counts: an emulated x86_64 machine shows it to its
// guest, whose kernel cannot measure it reliably.

#include <stdint.h>
#include <stdio.h>
#include <time.h>

enum { MEASURED_NS = 50 * 1000 * 1000, TRIES = 5 };

static uint64_t counter(void) {
#if defined(__x86_64__)
    return __builtin_ia32_rdtsc();
#elif defined(__aarch64__)
    uint64_t value;
    __asm__ volatile("mrs %0, cntvct_el0" : "=r"(value));
    return value;
#endif
}

static int64_t now_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

struct reading {
    int64_t ns;
    uint64_t ticks;
    int64_t doubt_ns;
};

// The clock before and after the counter; of several the one with the least time between.
static struct reading read_both(void) {
    struct reading best = {0, 0, INT64_MAX};
    for (int i = 0; i < TRIES; i++) {
        int64_t before = now_ns();
        uint64_t ticks = counter();
        int64_t after = now_ns();
        if (after - before < best.doubt_ns) {
            best = (struct reading){before + (after - before) / 2, ticks, after - before};
        }
    }
    return best;
}

int main(void) {
    struct reading start = read_both();
    nanosleep(&(struct timespec){0, MEASURED_NS}, NULL);
    struct reading end = read_both();
    double khz = (double)(end.ticks - start.ticks) * 1e6 / (double)(end.ns - start.ns);
    printf("%.0f\n", khz);
    return 0;
}
