/* Dot product of floats: small whole numbers, so that every order of adding gives the same, exactly. */
#include "kernels.h"

/*
 * Four sums at a time, as each addition waits for the one before. Their parts are no power of two apart: such addresses
 * share few lines of a cache. 2 * 16 KiB: in the first cache. No partial sum exceeds 4160 * 8 * 8 < 2^19.
 */
enum { PART = 1040, N = 4 * PART };

static _Alignas(64) float a[N], b[N];
static float sum;

static void prepare(void) {
    uint64_t state = 1;
    for (size_t i = 0; i < N; i++) {
        a[i] = (float) (int) (kernel_random(&state) & 15) - 8.0f;
        b[i] = (float) (int) (kernel_random(&state) & 15) - 8.0f;
    }
}

static void dot_run(void) {
    float s0 = 0, s1 = 0, s2 = 0, s3 = 0;
    for (size_t i = 0; i < PART; i++) {
        s0 += a[i] * b[i];
        s1 += a[i + PART] * b[i + PART];
        s2 += a[i + 2 * PART] * b[i + 2 * PART];
        s3 += a[i + 3 * PART] * b[i + 3 * PART];
    }
    sum = s0 + s1 + (s2 + s3);
}

static uint64_t checksum(void) {
    int32_t whole = (int32_t) sum;
    return kernel_hash(&whole, sizeof whole);
}

const struct kernel dot_kernel = {"dot", "multiply-adds", N, prepare, dot_run, checksum};
