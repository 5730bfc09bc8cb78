/*
 * System calls without a C library: each returns what the kernel does, a negative errno for an error.
 *
 * Why: a static glibc program asks the CPU for its caches and features before main (about 65 CPUID instructions), and
 * in a virtual machine each of them leaves the guest, 7 us apiece where this was measured. That is most of the time
 * from exec to the first request. With a C library these calls work as well: leave start.c out.
 */
#ifndef THAW_SYS_H
#define THAW_SYS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>

static inline long sys_call(long number, long a, long b, long c, long d, long e, long f) {
#if defined(__x86_64__)
    long result;
    register long r10 __asm__("r10") = d;
    register long r8 __asm__("r8") = e;
    register long r9 __asm__("r9") = f;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    return result;
#elif defined(__aarch64__)
    register long x8 __asm__("x8") = number;
    register long x0 __asm__("x0") = a;
    register long x1 __asm__("x1") = b;
    register long x2 __asm__("x2") = c;
    register long x3 __asm__("x3") = d;
    register long x4 __asm__("x4") = e;
    register long x5 __asm__("x5") = f;
    __asm__ volatile("svc 0"
                     : "+r"(x0)
                     : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
                     : "memory");
    return x0;
#else
#error "x86_64 and arm64 only"
#endif
}

#define SYS_ARGUMENT(x) ((long) (x))
#define SYS_6(n, a, b, c, d, e, f)                                                                                     \
    sys_call(SYS_##n, SYS_ARGUMENT(a), SYS_ARGUMENT(b), SYS_ARGUMENT(c), SYS_ARGUMENT(d), SYS_ARGUMENT(e),             \
             SYS_ARGUMENT(f))
#define SYS_5(n, a, b, c, d, e) SYS_6(n, a, b, c, d, e, 0)
#define SYS_4(n, a, b, c, d) SYS_5(n, a, b, c, d, 0)
#define SYS_3(n, a, b, c) SYS_4(n, a, b, c, 0)
#define SYS_2(n, a, b) SYS_3(n, a, b, 0)
#define SYS_1(n, a) SYS_2(n, a, 0)
#define SYS_0(n) SYS_1(n, 0)

extern char **environ;

_Noreturn static inline void sys_exit(int status) {
    for (;;) {
        SYS_1(exit_group, status);
    }
}

/* Zeroed pages, or NULL. */
void *sys_pages(size_t bytes);

/* The same pages, more of them and perhaps elsewhere, or NULL. */
void *sys_grow_pages(void *pages, size_t bytes, size_t grown_bytes);

/* A wish; nothing is lost where it is not granted. */
void sys_prefer_large_pages(void *pages, size_t bytes);

void sys_free_pages(void *pages, size_t bytes);

/* Now on the given clock (CLOCK_...), in ns. */
int64_t sys_clock_ns(int clock);

/* The value of an environment variable, or NULL. */
const char *sys_variable(const char *name);

/* Text at `to`; returns what follows it. Nothing is terminated. */
static inline char *put_text(char *to, const char *text) {
    size_t bytes = __builtin_strlen(text); /* known where the text is: nothing counts a constant's */
    memcpy(to, text, bytes);
    return to + bytes;
}
char *put_integer(char *to, int64_t number);

/* A whole number, read up to the first character that is no digit; -1 if there is no digit or it exceeds 1e15. */
int64_t parse_integer(const char *text, size_t size);

#endif
