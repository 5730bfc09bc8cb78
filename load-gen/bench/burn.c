/* burn PROCESSES MS: counts loops on so many processes for so long, and prints what they did together. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int64_t now_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static uint64_t loops_until(int64_t deadline_ns) {
    static volatile uint64_t sink;
    uint64_t x = 88172645463325252u, loops = 0;
    for (; now_ns() < deadline_ns; loops++) {
        for (int i = 0; i < 10000; i++) {
            x ^= x << 13;
            x ^= x >> 7;
            x ^= x << 17;
        }
        sink = x;
    }
    (void) sink;
    return loops;
}

int main(int count, char **words) {
    if (count != 3) {
        return 2;
    }
    int processes = atoi(words[1]);
    uint64_t *loops = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    int64_t start_ns = now_ns();
    int64_t deadline_ns = start_ns + atoll(words[2]) * 1000000;
    for (int i = 0; i < processes; i++) {
        if (fork() == 0) {
            loops[i] = loops_until(deadline_ns);
            _exit(0);
        }
    }
    uint64_t sum = 0;
    for (int i = 0; i < processes; i++) {
        wait(NULL);
    }
    for (int i = 0; i < processes; i++) {
        sum += loops[i];
    }
    printf("{\"loops\":%llu,\"ns\":%lld}", (unsigned long long) sum, (long long) (now_ns() - start_ns));
    return 0;
}
