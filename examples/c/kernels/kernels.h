/*
 * Kernels that vectors make faster, each written once, in plain C that the compiler vectorises as far as a build lets it.
 *
 * Every build of every architecture must give the same checksum, bit for bit, so no kernel's answer depends on how many
 * lanes add up at a time: integers, or floats whose every partial sum is a whole number below 2^24 (dot, matmul: then
 * order and fused multiply-add change nothing), or floats with one fixed order and no fusing (mandelbrot).
 *
 * What is timed is in functions whose names begin with the kernel's: the disassembly is read by that prefix.
 */
#ifndef THAW_KERNELS_H
#define THAW_KERNELS_H

#include <stddef.h>
#include <stdint.h>

struct kernel {
    const char *name;
    /* What a run works on, `units` of it. */
    const char *unit;
    int64_t units;
    /* Makes the input, the same in every build; is called once. */
    void (*prepare)(void);
    void (*run)(void);
    /* Of what the last run wrote. */
    uint64_t (*checksum)(void);
};

extern const struct kernel dot_kernel, sha256_kernel, mandelbrot_kernel, blur_kernel, matmul_kernel, json_kernel,
    lz_kernel, copy_kernel;

extern const struct kernel *const kernels[];
extern const size_t kernel_count;

/* scalar, sse2, avx2, avx512, neon or sve. */
extern const char *const kernel_build;

/* The kernel of that name, its input made, or NULL. */
const struct kernel *kernel_named(const char *name, size_t size);

/* Eight or four bytes anywhere. Without a C library memcpy is a call, unless it is asked for like this. */
static inline uint64_t kernel_load_8(const uint8_t *from) {
    uint64_t word;
    __builtin_memcpy(&word, from, sizeof word);
    return word;
}

static inline uint32_t kernel_load_4(const uint8_t *from) {
    uint32_t word;
    __builtin_memcpy(&word, from, sizeof word);
    return word;
}

/* FNV-1a, 64 bits. */
uint64_t kernel_hash(const void *data, size_t bytes);

/* splitmix64: the same numbers on every machine. */
uint64_t kernel_random(uint64_t *state);

/* The digest of a message of at most 4096 bytes, by the code that is timed, in every lane; that of the last is told. */
void sha256_digest(const uint8_t *message, size_t bytes, uint8_t digest[32]);

#endif
