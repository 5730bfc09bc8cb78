/* Box blur: each inner pixel becomes the mean of its 3 by 3 neighbours, rounded, in whole numbers. */
#include "kernels.h"

enum { WIDTH = 512, HEIGHT = 128 };

static _Alignas(64) uint8_t from[HEIGHT][WIDTH], to[HEIGHT][WIDTH];

static void prepare(void) {
    uint64_t state = 3;
    for (size_t y = 0; y < HEIGHT; y++) {
        for (size_t x = 0; x < WIDTH; x++) {
            from[y][x] = (uint8_t) kernel_random(&state);
        }
    }
}

static void blur_row(uint8_t *restrict out, const uint8_t *restrict above, const uint8_t *restrict at,
                     const uint8_t *restrict below) {
    uint16_t columns[WIDTH];
    for (size_t x = 0; x < WIDTH; x++) {
        columns[x] = (uint16_t) (above[x] + at[x] + below[x]);
    }
    for (size_t x = 1; x < WIDTH - 1; x++) {
        uint16_t sum = (uint16_t) (columns[x - 1] + columns[x] + columns[x + 1] + 4);
        out[x] = (uint8_t) ((uint32_t) sum * 7282 >> 16); /* sum / 9, exact for all up to 9 * 255 + 4 */
    }
}

static void blur_run(void) {
    for (size_t y = 1; y < HEIGHT - 1; y++) {
        blur_row(to[y], from[y - 1], from[y], from[y + 1]);
    }
}

static uint64_t checksum(void) {
    return kernel_hash(to, sizeof to);
}

const struct kernel blur_kernel = {
    "blur", "pixels", (int64_t) (WIDTH - 2) * (HEIGHT - 2), prepare, blur_run, checksum};
