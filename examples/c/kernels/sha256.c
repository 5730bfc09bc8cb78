/*
 * SHA-256 (FIPS 180-4) of 16 messages of the same size. One message is a chain that no vector shortens; several lie in
 * lanes side by side, as programs that hash many blocks do it. A scalar build takes them one after the other.
 */
#include "kernels.h"

enum { BLOCK_BYTES = 64, ROUNDS = 64, MESSAGE_BYTES = 4096, LANES = 16, MAX_BLOCKS = MESSAGE_BYTES / 64 + 2 };

/* Fractions of the cube roots of the first 64 primes (FIPS 180-4, 4.2.2). */
static const uint32_t K[ROUNDS] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static const uint32_t START[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                  0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

/* Word by word, the lanes beside each other: [word][lane]. */
static _Alignas(64) uint32_t messages[MAX_BLOCKS * 16][LANES];
static _Alignas(64) uint32_t digests[8][LANES];

static inline uint32_t rotate(uint32_t x, int bits) {
    return x >> bits | x << (32 - bits);
}

static void sha256_schedule(uint32_t (*restrict w)[LANES], const uint32_t (*restrict block)[LANES]) {
    for (int i = 0; i < 16; i++) {
        for (int lane = 0; lane < LANES; lane++) {
            w[i][lane] = block[i][lane];
        }
    }
    for (int i = 16; i < ROUNDS; i++) {
        for (int lane = 0; lane < LANES; lane++) {
            uint32_t w15 = w[i - 15][lane], w2 = w[i - 2][lane];
            uint32_t s0 = rotate(w15, 7) ^ rotate(w15, 18) ^ w15 >> 3;
            uint32_t s1 = rotate(w2, 17) ^ rotate(w2, 19) ^ w2 >> 10;
            w[i][lane] = w[i - 16][lane] + s0 + w[i - 7][lane] + s1;
        }
    }
}

/* One round; instead of moving the eight words along, the next round names them otherwise. */
#define ROUND(a, b, c, d, e, f, g, h, i)                                                                               \
    h += (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + ((e & f) ^ (~e & g)) + K[i] + w[i][lane];                    \
    d += h;                                                                                                            \
    h += (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))

static void sha256_block(uint32_t (*restrict state)[LANES], const uint32_t (*restrict w)[LANES]) {
    for (int lane = 0; lane < LANES; lane++) {
        uint32_t a = state[0][lane], b = state[1][lane], c = state[2][lane], d = state[3][lane];
        uint32_t e = state[4][lane], f = state[5][lane], g = state[6][lane], h = state[7][lane];
        for (int i = 0; i < ROUNDS; i += 8) {
            ROUND(a, b, c, d, e, f, g, h, i);
            ROUND(h, a, b, c, d, e, f, g, i + 1);
            ROUND(g, h, a, b, c, d, e, f, i + 2);
            ROUND(f, g, h, a, b, c, d, e, i + 3);
            ROUND(e, f, g, h, a, b, c, d, i + 4);
            ROUND(d, e, f, g, h, a, b, c, i + 5);
            ROUND(c, d, e, f, g, h, a, b, i + 6);
            ROUND(b, c, d, e, f, g, h, a, i + 7);
        }
        state[0][lane] += a, state[1][lane] += b, state[2][lane] += c, state[3][lane] += d;
        state[4][lane] += e, state[5][lane] += f, state[6][lane] += g, state[7][lane] += h;
    }
}

static void sha256_blocks(size_t blocks) {
    static _Alignas(64) uint32_t w[ROUNDS][LANES];
    for (int i = 0; i < 8; i++) {
        for (int lane = 0; lane < LANES; lane++) {
            digests[i][lane] = START[i];
        }
    }
    for (size_t block = 0; block < blocks; block++) {
        sha256_schedule(w, (const uint32_t(*)[LANES]) messages + 16 * block);
        sha256_block(digests, (const uint32_t(*)[LANES]) w);
    }
}

/* The message with its padding, as big-endian words, into one lane; returns its blocks. */
static size_t lay_out(const uint8_t *message, size_t bytes, size_t lane) {
    size_t blocks = (bytes + 8) / BLOCK_BYTES + 1;
    for (size_t i = 0; i < blocks * BLOCK_BYTES; i++) {
        size_t from_end = blocks * BLOCK_BYTES - 1 - i;
        uint8_t byte = i < bytes         ? message[i]
                       : i == bytes      ? 0x80
                       : from_end < 8    ? (uint8_t) ((uint64_t) bytes * 8 >> 8 * from_end)
                                         : 0;
        uint32_t *word = &messages[i / 4][lane];
        *word = *word << 8 | byte;
    }
    return blocks;
}

static void prepare(void) {
    uint64_t state = 5;
    for (size_t lane = 0; lane < LANES; lane++) {
        uint8_t message[MESSAGE_BYTES];
        for (size_t i = 0; i < sizeof message; i++) {
            message[i] = (uint8_t) kernel_random(&state);
        }
        lay_out(message, sizeof message, lane);
    }
}

static void sha256_run(void) {
    sha256_blocks((MESSAGE_BYTES + 8) / BLOCK_BYTES + 1);
}

static uint64_t checksum(void) {
    return kernel_hash(digests, sizeof digests);
}

void sha256_digest(const uint8_t *message, size_t bytes, uint8_t digest[32]) {
    size_t blocks = 0;
    for (size_t lane = 0; lane < LANES; lane++) {
        blocks = lay_out(message, bytes, lane);
    }
    sha256_blocks(blocks);
    for (size_t i = 0; i < 32; i++) {
        digest[i] = (uint8_t) (digests[i / 4][LANES - 1] >> (24 - 8 * (i % 4)));
    }
    prepare();
}

const struct kernel sha256_kernel = {
    "sha256", "bytes", (int64_t) LANES * MESSAGE_BYTES, prepare, sha256_run, checksum};
