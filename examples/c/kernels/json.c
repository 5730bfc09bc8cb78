/*
 * Tokens of a JSON document: where each begins and ends. First all bytes are told apart, which vectors do; then what
 * matters is walked through, eight bytes at a time.
 */
#include "kernels.h"

#include <string.h>

enum { SIZE = 65536, QUOTE = 1, BACKSLASH = 2, STRUCTURE = 4, SPACE = 8 };

#define EACH_BYTE 0x0101010101010101u

static _Alignas(64) uint8_t text[SIZE], classes[SIZE + 8];
static uint32_t tokens[SIZE][2];
static size_t token_count;

static size_t put(size_t at, const char *word) {
    size_t bytes = strlen(word);
    memcpy(text + at, word, bytes);
    return at + bytes;
}

static size_t put_number(size_t at, uint64_t number) {
    uint64_t power = 1;
    while (number / power >= 10) {
        power *= 10;
    }
    for (; power > 0; power /= 10) {
        text[at++] = (uint8_t) ('0' + number / power % 10);
    }
    return at;
}

static size_t put_letters(size_t at, uint64_t random) {
    size_t letters = 4 + random % 28;
    for (size_t i = 0; i < letters; i++) {
        text[at++] = (uint8_t) ('a' + (random >> i % 16 & 15));
    }
    return at;
}

static void prepare(void) {
    uint64_t state = 6;
    size_t at = put(0, "[");
    while (at < SIZE - 300) {
        at = put_number(put(at, "{\"id\": "), kernel_random(&state) % 1000000);
        at = put_letters(put(at, ", \"name\": \""), kernel_random(&state));
        at = put_letters(put(at, "\", \"path\": \"c:\\\\temp\\\\\\\""), kernel_random(&state));
        at = put_number(put(at, "\\\"\", \"size\": [-"), kernel_random(&state) % 100);
        at = put_number(put(at, ".25e3, "), kernel_random(&state) % 10000);
        at = put(at, (kernel_random(&state) & 1) != 0 ? "], \"ok\": true},\n  " : ", null], \"ok\": false},\n  ");
    }
    at = put(at, "{}]");
    memset(text + at, ' ', SIZE - at);
    memset(classes + SIZE, 0xff, 8); /* whatever is looked for, it is found there */
}

static void json_classify(void) {
    for (size_t i = 0; i < SIZE; i++) {
        uint8_t c = text[i], open = c | 0x20; /* [ and { differ in this bit alone, ] and } too */
        classes[i] = (uint8_t) ((c == '"' ? QUOTE : 0) | (c == '\\' ? BACKSLASH : 0)
                                | (open == '{' || open == '}' || c == ',' || c == ':' ? STRUCTURE : 0)
                                | (c <= ' ' ? SPACE : 0));
    }
}

/* The next byte from `at` on that has one of the classes. */
static inline size_t json_next(size_t at, uint64_t wanted) {
    for (;; at += 8) {
        uint64_t word = kernel_load_8(classes + at) & wanted * EACH_BYTE;
        if (word != 0) {
            return at + (size_t) __builtin_ctzll(word) / 8;
        }
    }
}

/* Behind the string that opens at `at`. */
static inline size_t json_string_end(size_t at) {
    at = json_next(at + 1, QUOTE | BACKSLASH);
    while (at < SIZE && classes[at] == BACKSLASH) {
        at = json_next(at + 2, QUOTE | BACKSLASH);
    }
    return at + 1;
}

static void json_walk(void) {
    size_t count = 0;
    for (size_t at = 0; at < SIZE;) {
        uint8_t class = classes[at];
        size_t begin = at;
        at = class == QUOTE ? json_string_end(at)
             : class != 0   ? at + 1
                            : json_next(at, QUOTE | STRUCTURE | SPACE);
        if (class != SPACE) {
            tokens[count][0] = (uint32_t) begin;
            tokens[count++][1] = (uint32_t) at;
        }
    }
    token_count = count;
}

static void json_run(void) {
    json_classify();
    json_walk();
}

static uint64_t checksum(void) {
    return kernel_hash(tokens, token_count * sizeof tokens[0]);
}

const struct kernel json_kernel = {"json", "bytes", SIZE, prepare, json_run, checksum};
