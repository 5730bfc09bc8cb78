/*
 * Runs kernels as standard input says, a line each, and answers with a line each:
 *
 *   run NAME NS       as often as fits into NS ns, at least once: NAME CHECKSUM UNITS RUNS NS, the checksum in
 *                     hexadecimal, units of one run, ns of all
 *   digest TEXT       SHA-256 of the text by the kernel's code, in hexadecimal
 *
 * Says first which build it is: "build avx2", "build sve 256" with the width of its vectors in bits.
 */
#include "../sys/sys.h"
#include "kernels.h"

#include <string.h>
#include <time.h>

enum { ROOM = 4096, CLOCK_EVERY_NS = 100000 };

static void answer(const char *from, const char *to) {
    while (from < to) {
        long written = SYS_3(write, 1, from, to - from);
        if (written < 0) {
            sys_exit(1);
        }
        from += written;
    }
}

static char *put_hex(char *to, uint64_t number, int digits) {
    while (digits-- > 0) {
        *to++ = "0123456789abcdef"[number >> 4 * digits & 15];
    }
    return to;
}

/* Through a volatile pointer, so that no run is optimised away. */
static int64_t spend(const struct kernel *kernel, int64_t times) {
    void (*volatile run)(void) = kernel->run;
    int64_t start_ns = sys_clock_ns(CLOCK_MONOTONIC);
    for (int64_t i = 0; i < times; i++) {
        run();
    }
    return sys_clock_ns(CLOCK_MONOTONIC) - start_ns;
}

static void run(const char *name, const char *end) {
    static char line[160];
    const char *space = memchr(name, ' ', (size_t) (end - name));
    size_t size = (size_t) ((space == NULL ? end : space) - name);
    const struct kernel *kernel = kernel_named(name, size);
    int64_t wanted_ns = space == NULL ? 0 : parse_integer(space + 1, (size_t) (end - space - 1));
    if (kernel == NULL || wanted_ns < 0) {
        answer("unknown\n", "unknown\n" + 8);
        return;
    }
    /* The clock is a system call: asked so seldom that it does not count, and how seldom is found out before. */
    int64_t times = 1, runs = 0, total_ns = 0;
    for (int64_t ns = spend(kernel, 1); wanted_ns > 0 && ns < CLOCK_EVERY_NS; ns = spend(kernel, times)) {
        times *= 2;
    }
    do {
        total_ns += spend(kernel, times);
        runs += times;
    } while (total_ns < wanted_ns);
    char *to = put_text(line, kernel->name);
    *to++ = ' ';
    to = put_hex(to, kernel->checksum(), 16);
    to = put_integer(put_text(to, " "), kernel->units);
    to = put_integer(put_text(to, " "), runs);
    to = put_integer(put_text(to, " "), total_ns);
    *to++ = '\n';
    answer(line, to);
}

static void digest(const char *text, const char *end) {
    uint8_t bytes[32];
    char line[65], *to = line;
    sha256_digest((const uint8_t *) text, (size_t) (end - text), bytes);
    for (size_t i = 0; i < sizeof bytes; i++) {
        to = put_hex(to, bytes[i], 2);
    }
    *to++ = '\n';
    answer(line, to);
}

static void obey(const char *line, const char *end) {
    if (end - line > 4 && memcmp(line, "run ", 4) == 0) {
        run(line + 4, end);
    } else if (end - line >= 7 && memcmp(line, "digest ", 7) == 0) {
        digest(line + 7, end);
    } else {
        answer("unknown\n", "unknown\n" + 8);
    }
}

static void introduce(void) {
    char line[64], *to = put_text(put_text(line, "build "), kernel_build);
#if defined(__ARM_FEATURE_SVE)
    long vector_bytes;
    __asm__("rdvl %0, #1" : "=r"(vector_bytes));
    to = put_integer(put_text(to, " "), vector_bytes * 8);
#endif
    *to++ = '\n';
    answer(line, to);
}

int main(void) {
    static char room[ROOM];
    size_t filled = 0;
    introduce();
    for (;;) {
        long got = SYS_3(read, 0, room + filled, ROOM - filled);
        if (got <= 0) {
            return got < 0 || filled > 0;
        }
        filled += (size_t) got;
        char *line = room, *end;
        while ((end = memchr(line, '\n', filled - (size_t) (line - room))) != NULL) {
            obey(line, end);
            line = end + 1;
        }
        filled -= (size_t) (line - room);
        memmove(room, line, filled);
        if (filled == ROOM) {
            return 1;
        }
    }
}
