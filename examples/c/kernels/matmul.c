/* Product of two square matrices of floats: small whole numbers, as in dot.c. */
#include "kernels.h"

/* 3 * 64 KiB: in the second cache. No partial sum exceeds 128 * 8 * 8 = 2^13. */
enum { N = 128 };

static _Alignas(64) float a[N][N], b[N][N], c[N][N];

static void prepare(void) {
    uint64_t state = 2;
    for (size_t i = 0; i < N; i++) {
        for (size_t j = 0; j < N; j++) {
            a[i][j] = (float) (int) (kernel_random(&state) & 15) - 8.0f;
            b[i][j] = (float) (int) (kernel_random(&state) & 15) - 8.0f;
        }
    }
}

static void matmul_row(float *restrict row, const float *restrict factors) {
    for (size_t j = 0; j < N; j++) {
        row[j] = 0;
    }
    for (size_t k = 0; k < N; k += 4) { /* four at a time: a quarter of the row's loads and stores */
        const float *f = factors + k;
        for (size_t j = 0; j < N; j++) {
            row[j] += f[0] * b[k][j] + f[1] * b[k + 1][j] + f[2] * b[k + 2][j] + f[3] * b[k + 3][j];
        }
    }
}

static void matmul_run(void) {
    for (size_t i = 0; i < N; i++) {
        matmul_row(c[i], a[i]);
    }
}

static uint64_t checksum(void) {
    static int32_t whole[N][N];
    for (size_t i = 0; i < N; i++) {
        for (size_t j = 0; j < N; j++) {
            whole[i][j] = (int32_t) c[i][j];
        }
    }
    return kernel_hash(whole, sizeof whole);
}

const struct kernel matmul_kernel = {"matmul", "multiply-adds", (int64_t) N * N * N, prepare, matmul_run, checksum};
