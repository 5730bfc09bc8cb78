/* System calls without a C library. Each gives what the kernel gave: a result, or a negated errno. */
#ifndef THAW_SYSTEM_H
#define THAW_SYSTEM_H

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>

static inline long call6(long number, long a, long b, long c, long d, long e, long f) {
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
    __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5) : "memory");
    return x0;
#else
#error "x86_64 and arm64 only"
#endif
}

static inline long call3(long number, long a, long b, long c) {
    return call6(number, a, b, c, 0, 0, 0);
}

static inline long sys_open(const char *path, int flags, int mode) {
    return call6(SYS_openat, AT_FDCWD, (long) path, flags | O_CLOEXEC, mode, 0, 0);
}

static inline long sys_close(int fd) {
    return fd < 0 ? 0 : call3(SYS_close, fd, 0, 0);
}

static inline long sys_read(int fd, void *bytes, size_t count) {
    return call3(SYS_read, fd, (long) bytes, (long) count);
}

static inline long sys_write(int fd, const void *bytes, size_t count) {
    return call3(SYS_write, fd, (long) bytes, (long) count);
}

static inline long sys_mkdir(const char *path, int mode) {
    return call3(SYS_mkdirat, AT_FDCWD, (long) path, mode);
}

static inline long sys_symlink(const char *content, const char *path) {
    return call3(SYS_symlinkat, (long) content, AT_FDCWD, (long) path);
}

static inline long sys_mount(const char *source, const char *target, const char *type, long flags, const char *options) {
    return call6(SYS_mount, (long) source, (long) target, (long) type, flags, (long) options, 0);
}

static inline long sys_ioctl(int fd, long request, const void *argument) {
    return call3(SYS_ioctl, fd, request, (long) argument);
}

static inline long sys_kill(long pid, int signal) {
    return call3(SYS_kill, pid, signal, 0);
}

static inline _Noreturn void sys_exit(int code) {
    for (;;) {
        call3(SYS_exit_group, code, 0, 0);
    }
}

#endif
