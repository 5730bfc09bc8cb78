/*
 * How long each pixel stays within the circle of radius 2, in floats. Compiled without fusing and reordering, so each
 * pixel's arithmetic is the same in every build; pixels lie side by side in lanes. A pixel that has left cannot come
 * back, and infinities and what follows from them compare false, so that counting needs no branch.
 */
#include "kernels.h"

enum { WIDTH = 128, HEIGHT = 64, ITERATIONS = 64 };

static _Alignas(64) int32_t counts[HEIGHT][WIDTH];

static void prepare(void) {}

static void mandelbrot_row(int32_t *restrict to, float cy) {
    for (int x = 0; x < WIDTH; x++) {
        float cx = (float) x * (2.5f / WIDTH) - 2.0f;
        float zx = 0, zy = 0;
        int32_t count = 0;
        for (int i = 0; i < ITERATIONS; i++) {
            float xx = zx * zx, yy = zy * zy;
            count += xx + yy <= 4.0f ? 1 : 0;
            zy = 2.0f * (zx * zy) + cy;
            zx = (xx - yy) + cx;
        }
        to[x] = count;
    }
}

static void mandelbrot_run(void) {
    for (int y = 0; y < HEIGHT; y++) {
        mandelbrot_row(counts[y], (float) y * (2.0f / HEIGHT) - 1.0f);
    }
}

static uint64_t checksum(void) {
    return kernel_hash(counts, sizeof counts);
}

const struct kernel mandelbrot_kernel = {
    "mandelbrot", "iterations", (int64_t) WIDTH * HEIGHT * ITERATIONS, prepare, mandelbrot_run, checksum};
