#include "burn.h"

#include "../sys/sys.h"

#include <errno.h>
#include <time.h>

int64_t thread_cpu_ns(void) {
    return sys_clock_ns(CLOCK_THREAD_CPUTIME_ID);
}

void burn_until(int64_t until_ns) {
    static volatile uint64_t sink; /* keeps the work from being optimised away */
    uint64_t x = 88172645463325252u;
    while (thread_cpu_ns() < until_ns) {
        for (int i = 0; i < 1000; i++) { /* about 2 us; the clock is a system call and should not be most of the work */
            x ^= x << 13;
            x ^= x >> 7;
            x ^= x << 17;
        }
        sink = x;
    }
    (void) sink;
}

int64_t sleep_for_ns(int64_t duration_ns) {
    if (duration_ns <= 0) {
        return 0;
    }
    int64_t start_ns = sys_clock_ns(CLOCK_MONOTONIC);
    int64_t until_ns = start_ns + duration_ns;
    struct timespec until = {.tv_sec = until_ns / 1000000000, .tv_nsec = until_ns % 1000000000};
    while (SYS_4(clock_nanosleep, CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) == -EINTR) {
    }
    return sys_clock_ns(CLOCK_MONOTONIC) - start_ns;
}
