/*
 * Compression that replaces what came before by where it came, greedily, by one table of hashes. Hashes of all
 * positions are made first, which vectors do; the choice of matches is a chain that they do not shorten.
 *
 * Output: for each match the number of literals before it, they themselves, the distance and the length; numbers take
 * seven bits a byte, lowest first. The last literals have neither.
 */
#include "kernels.h"

enum { SIZE = 32768, HASH_BITS = 12, MIN_MATCH = 4, WORDS = 256, WORD_ROOM = 12 };

static _Alignas(64) uint8_t text[SIZE + 8];
/* Of positions 0, 4, 8 .., then of 1, 5, 9 ..: so that four bytes each are side by side. */
static _Alignas(64) uint32_t hashes[4][SIZE / 4];
static _Alignas(64) uint32_t table[1 << HASH_BITS];
static uint8_t output[2 * SIZE];
static size_t output_bytes;

static void prepare(void) {
    uint64_t state = 7;
    uint8_t words[WORDS][WORD_ROOM];
    size_t sizes[WORDS];
    for (size_t i = 0; i < WORDS; i++) {
        sizes[i] = 2 + kernel_random(&state) % (WORD_ROOM - 2);
        for (size_t j = 0; j < sizes[i]; j++) {
            words[i][j] = (uint8_t) ('a' + kernel_random(&state) % 26);
        }
    }
    for (size_t at = 0; at < SIZE;) {
        uint64_t random = kernel_random(&state);
        size_t word = (random & 255) * (random >> 8 & 255) >> 8; /* the first words come more often */
        for (size_t j = 0; j < sizes[word] && at < SIZE; j++) {
            text[at++] = words[word][j];
        }
        if (at < SIZE) {
            text[at++] = ' ';
        }
    }
}

static void lz_hashes(void) {
    for (size_t first = 0; first < 4; first++) {
        const uint8_t *from = text + first;
        uint32_t *to = hashes[first];
        for (size_t i = 0; i < SIZE / 4; i++) {
            to[i] = kernel_load_4(from + 4 * i) * 2654435761u >> (32 - HASH_BITS);
        }
    }
}

static inline uint32_t lz_hash(size_t at) {
    return hashes[at & 3][at >> 2];
}

static inline uint8_t *lz_number(uint8_t *to, size_t number) {
    for (; number >= 128; number >>= 7) {
        *to++ = (uint8_t) (number | 128);
    }
    *to++ = (uint8_t) number;
    return to;
}

static inline uint8_t *lz_literals(uint8_t *restrict to, const uint8_t *restrict from, size_t count) {
    for (size_t i = 0; i < count; i++) {
        to[i] = from[i];
    }
    return to + count;
}

/* How many bytes agree, up to `limit`. */
static inline size_t lz_agree(const uint8_t *a, const uint8_t *b, size_t limit) {
    for (size_t n = 0; n < limit; n += 8) {
        uint64_t differing = kernel_load_8(a + n) ^ kernel_load_8(b + n); /* the text has eight bytes more */
        if (differing != 0) {
            n += (size_t) __builtin_ctzll(differing) / 8;
            return n < limit ? n : limit;
        }
    }
    return limit;
}

static void lz_parse(void) {
    uint8_t *to = output;
    size_t literals = 0, at = 0;
    while (at < SIZE) {
        uint32_t *entry = &table[lz_hash(at)]; /* one more than its position; 0: none */
        size_t before = *entry;
        *entry = (uint32_t) at + 1;
        size_t length = before == 0 ? 0 : lz_agree(text + before - 1, text + at, SIZE - at);
        if (length < MIN_MATCH) {
            at++;
            continue;
        }
        to = lz_literals(lz_number(to, at - literals), text + literals, at - literals);
        to = lz_number(lz_number(to, at - (before - 1)), length);
        at += length;
        literals = at;
    }
    to = lz_literals(lz_number(to, at - literals), text + literals, at - literals);
    output_bytes = (size_t) (to - output);
}

static void lz_run(void) {
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        table[i] = 0;
    }
    lz_hashes();
    lz_parse();
}

static uint64_t checksum(void) {
    return kernel_hash(output, output_bytes);
}

const struct kernel lz_kernel = {"lz", "bytes", SIZE, prepare, lz_run, checksum};
