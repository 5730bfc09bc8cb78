#include "kernels.h"

#include <stdbool.h>
#include <string.h>

#if defined(THAW_SCALAR)
const char *const kernel_build = "scalar";
#elif defined(__AVX512BW__)
const char *const kernel_build = "avx512";
#elif defined(__AVX2__)
const char *const kernel_build = "avx2";
#elif defined(__SSE2__)
const char *const kernel_build = "sse2";
#elif defined(__ARM_FEATURE_SVE)
const char *const kernel_build = "sve";
#elif defined(__ARM_NEON)
const char *const kernel_build = "neon";
#endif

const struct kernel *const kernels[] = {&dot_kernel,    &sha256_kernel, &mandelbrot_kernel, &blur_kernel,
                                        &matmul_kernel, &json_kernel,   &lz_kernel,         &copy_kernel};
const size_t kernel_count = sizeof kernels / sizeof kernels[0];

const struct kernel *kernel_named(const char *name, size_t size) {
    static bool prepared[sizeof kernels / sizeof kernels[0]];
    for (size_t i = 0; i < kernel_count; i++) {
        if (strlen(kernels[i]->name) == size && memcmp(kernels[i]->name, name, size) == 0) {
            if (!prepared[i]) {
                kernels[i]->prepare();
                prepared[i] = true;
            }
            return kernels[i];
        }
    }
    return NULL;
}

uint64_t kernel_hash(const void *data, size_t bytes) {
    const uint8_t *from = data;
    uint64_t hash = 0xcbf29ce484222325u;
    for (size_t i = 0; i < bytes; i++) {
        hash = (hash ^ from[i]) * 0x100000001b3u;
    }
    return hash;
}

uint64_t kernel_random(uint64_t *state) {
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}
