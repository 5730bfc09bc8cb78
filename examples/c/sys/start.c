/* The entry of a program without a C library, and the functions of one that the sources and the compiler use. */
#include "sys.h"

#include <string.h>
#if defined(__ARM_NEON)
#include <arm_neon.h>
#elif defined(__x86_64__)
#include <emmintrin.h>
#endif

enum { BLOCK_BYTES = 16, STRING_COPY_BYTES = 256 };

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

static void copy_block(uint8_t *to, const uint8_t *from) {
#if defined(__x86_64__)
    _mm_storeu_si128((__m128i *) to, _mm_loadu_si128((const __m128i *) from));
#else
    vst1q_u8(to, vld1q_u8(from));
#endif
}

/* Starting `rep movsb` costs more than a short copy takes. */
void *memcpy(void *restrict to, const void *restrict from, size_t bytes) {
    uint8_t *at = to;
    const uint8_t *source = from;
#if defined(__x86_64__)
    if (bytes >= STRING_COPY_BYTES) {
        __asm__ volatile("rep movsb" : "+D"(at), "+S"(source), "+c"(bytes) : : "memory");
        return to;
    }
#endif
    for (; bytes >= BLOCK_BYTES; bytes -= BLOCK_BYTES, at += BLOCK_BYTES, source += BLOCK_BYTES) {
        copy_block(at, source);
    }
    while (bytes-- > 0) {
        *at++ = *source++;
    }
    return to;
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

/* Which of the 16 bytes at `from` is the first that is `value`; 16 if none is. */
static size_t find_in_block(const unsigned char *from, int value) {
#if defined(__x86_64__)
    __m128i block = _mm_loadu_si128((const __m128i *) from);
    unsigned mask = (unsigned) _mm_movemask_epi8(_mm_cmpeq_epi8(block, _mm_set1_epi8((char) value)));
    return mask == 0 ? BLOCK_BYTES : (size_t) __builtin_ctz(mask);
#else
    uint8x16_t equal = vceqq_u8(vld1q_u8(from), vdupq_n_u8((uint8_t) value));
    /* Four bits for each byte. */
    uint64_t mask = vget_lane_u64(vreinterpret_u64_u8(vshrn_n_u16(vreinterpretq_u16_u8(equal), 4)), 0);
    return mask == 0 ? BLOCK_BYTES : (size_t) __builtin_ctzll(mask) / 4;
#endif
}

/* An invocation's headers are searched a few times: a block at a time, since they are most of a warm echo's own work. */
void *memchr(const void *from, int value, size_t bytes) {
    const unsigned char *at = from;
    const unsigned char *from_end = at + bytes;
    for (; from_end - at >= BLOCK_BYTES; at += BLOCK_BYTES) {
        size_t found = find_in_block(at, value);
        if (found < BLOCK_BYTES) {
            return (void *) (at + found);
        }
    }
    for (; at < from_end; at++) {
        if (*at == (unsigned char) value) {
            return (void *) at;
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
