/* The entry of a program without a C library, and the functions of one that the sources and the compiler use. */
#include "sys.h"

#include <string.h>
#if defined(__ARM_NEON)
#include <arm_neon.h>
#endif

char **environ;

int main(void);

/* The kernel puts argc, argv, NULL, environ, NULL on the stack. */
__attribute__((used)) _Noreturn static void start(long *stack) {
    environ = (char **) (stack + stack[0] + 2);
    sys_exit(main());
}

#if defined(__x86_64__)
__asm__(".globl _start\n_start:\n    xor %ebp, %ebp\n    mov %rsp, %rdi\n    and $-16, %rsp\n    call start\n");
#else
__asm__(".globl _start\n_start:\n    mov x29, #0\n    mov x30, #0\n    mov x0, sp\n    bl start\n");
#endif

void *memcpy(void *restrict to, const void *restrict from, size_t bytes) {
#if defined(__x86_64__)
    void *at = to;
    __asm__ volatile("rep movsb" : "+D"(at), "+S"(from), "+c"(bytes) : : "memory");
    return to;
#else
    uint8_t *at = to;
    const uint8_t *source = from;
    for (; bytes >= 16; bytes -= 16, at += 16, source += 16) {
        vst1q_u8(at, vld1q_u8(source));
    }
    while (bytes-- > 0) {
        *at++ = *source++;
    }
    return to;
#endif
}

void *memmove(void *to, const void *from, size_t bytes) {
    if ((uintptr_t) to - (uintptr_t) from >= bytes) { /* `to` is not inside `from`: forwards is right */
        return memcpy(to, from, bytes);
    }
    while (bytes-- > 0) {
        ((char *) to)[bytes] = ((const char *) from)[bytes];
    }
    return to;
}

void *memset(void *to, int value, size_t bytes) {
    for (size_t i = 0; i < bytes; i++) {
        ((char *) to)[i] = (char) value;
    }
    return to;
}

int memcmp(const void *a, const void *b, size_t bytes) {
    const unsigned char *left = a, *right = b;
    for (size_t i = 0; i < bytes; i++) {
        if (left[i] != right[i]) {
            return left[i] - right[i];
        }
    }
    return 0;
}

void *memchr(const void *from, int value, size_t bytes) {
    const unsigned char *at = from;
    for (size_t i = 0; i < bytes; i++) {
        if (at[i] == (unsigned char) value) {
            return (void *) (at + i);
        }
    }
    return NULL;
}

size_t strlen(const char *text) {
    size_t bytes = 0;
    while (text[bytes] != 0) {
        bytes++;
    }
    return bytes;
}

int strncmp(const char *a, const char *b, size_t bytes) {
    for (size_t i = 0; i < bytes; i++) {
        if (a[i] != b[i] || a[i] == 0) {
            return (unsigned char) a[i] - (unsigned char) b[i];
        }
    }
    return 0;
}

int strcmp(const char *a, const char *b) {
    return strncmp(a, b, SIZE_MAX);
}
