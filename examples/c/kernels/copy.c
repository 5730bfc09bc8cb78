/* Memory copy, word by word as far as the source says: how wide the moves are is the build's. */
#include "kernels.h"

/* 2 * 16 KiB: in the first cache. Memory itself is as slow for every build. */
enum { WORDS = 2048 };

static _Alignas(64) uint64_t from[WORDS], to[WORDS];

static void prepare(void) {
    uint64_t state = 4;
    for (size_t i = 0; i < WORDS; i++) {
        from[i] = kernel_random(&state);
    }
}

static void copy_words(uint64_t *restrict out, const uint64_t *restrict in) {
    for (size_t i = 0; i < WORDS; i++) {
        out[i] = in[i];
    }
}

static void copy_run(void) {
    copy_words(to, from);
}

static uint64_t checksum(void) {
    return kernel_hash(to, sizeof to);
}

const struct kernel copy_kernel = {"copy", "bytes", (int64_t) sizeof to, prepare, copy_run, checksum};
