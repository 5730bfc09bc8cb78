/*
 * The dot product of two pseudo-random float vectors, with the kernel that the build has: strictly sequential
 * scalar code, AVX2 with FMA, or NEON. The kernels add in different orders: their results agree within
 * 1e-6 times the sum of |a[i] * b[i]|.
 */
#include "../sys/sys.h"
#include "functions.h"
#include "json.h"

#include <time.h>

#if defined(__AVX2__) && defined(__FMA__)
#include <immintrin.h>
#define KERNEL "avx2"

/* Four independent accumulators hide the latency of the fused multiply-add. */
static float dot(const float *a, const float *b, size_t n) {
    __m256 s0 = _mm256_setzero_ps(), s1 = s0, s2 = s0, s3 = s0;
    size_t i = 0;
    for (; i + 32 <= n; i += 32) {
        s0 = _mm256_fmadd_ps(_mm256_loadu_ps(a + i), _mm256_loadu_ps(b + i), s0);
        s1 = _mm256_fmadd_ps(_mm256_loadu_ps(a + i + 8), _mm256_loadu_ps(b + i + 8), s1);
        s2 = _mm256_fmadd_ps(_mm256_loadu_ps(a + i + 16), _mm256_loadu_ps(b + i + 16), s2);
        s3 = _mm256_fmadd_ps(_mm256_loadu_ps(a + i + 24), _mm256_loadu_ps(b + i + 24), s3);
    }
    __m256 s = _mm256_add_ps(_mm256_add_ps(s0, s1), _mm256_add_ps(s2, s3));
    __m128 half = _mm_add_ps(_mm256_castps256_ps128(s), _mm256_extractf128_ps(s, 1));
    half = _mm_add_ps(half, _mm_movehl_ps(half, half));
    float sum = _mm_cvtss_f32(_mm_add_ss(half, _mm_movehdup_ps(half)));
    for (; i < n; i++) {
        sum += a[i] * b[i];
    }
    return sum;
}

#elif defined(__ARM_NEON)
#include <arm_neon.h>
#define KERNEL "neon"

/* Four independent accumulators hide the latency of the fused multiply-add. */
static float dot(const float *a, const float *b, size_t n) {
    float32x4_t s0 = vdupq_n_f32(0), s1 = s0, s2 = s0, s3 = s0;
    size_t i = 0;
    for (; i + 16 <= n; i += 16) {
        s0 = vfmaq_f32(s0, vld1q_f32(a + i), vld1q_f32(b + i));
        s1 = vfmaq_f32(s1, vld1q_f32(a + i + 4), vld1q_f32(b + i + 4));
        s2 = vfmaq_f32(s2, vld1q_f32(a + i + 8), vld1q_f32(b + i + 8));
        s3 = vfmaq_f32(s3, vld1q_f32(a + i + 12), vld1q_f32(b + i + 12));
    }
    float sum = vaddvq_f32(vaddq_f32(vaddq_f32(s0, s1), vaddq_f32(s2, s3)));
    for (; i < n; i++) {
        sum += a[i] * b[i];
    }
    return sum;
}

#else
#define KERNEL "scalar"

static float dot(const float *a, const float *b, size_t n) {
    float sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += a[i] * b[i];
    }
    return sum;
}
#endif

enum { MAX_N = 1 << 24, MAX_REPEAT = 1 << 30 };

/* Called through a volatile pointer, so that no repetition is optimised away. */
static float (*volatile kernel)(const float *, const float *, size_t) = dot;

static float *vectors; /* a, then b */
static size_t vector_bytes;
static int64_t made_n = -1;
static int64_t made_seed;

/* splitmix64; the upper 24 bits make a float in [-1, 1) that is exact on every machine. */
static float next_float(uint64_t *state) {
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    z ^= z >> 31;
    return (float) (int32_t) (z >> 40) * 0x1p-23f - 1.0f;
}

/* Keeps the vectors of the last event: a warm invocation with the same ones only multiplies. */
static int make_vectors(int64_t n, int64_t seed) {
    if (n == made_n && seed == made_seed) {
        return 1;
    }
    sys_free_pages(vectors, vector_bytes);
    made_n = -1;
    vector_bytes = (size_t) (2 * n + 1) * sizeof *vectors;
    vectors = sys_pages(vector_bytes);
    if (vectors == NULL) {
        return 0;
    }
    uint64_t state = (uint64_t) seed;
    for (int64_t i = 0; i < 2 * n; i++) {
        vectors[i] = next_float(&state);
    }
    made_n = n;
    made_seed = seed;
    return 1;
}

/* With nine decimals. */
static char *put_decimal(char *to, double number) {
    if (number < 0) {
        *to++ = '-';
        number = -number;
    }
    int64_t billionths = (int64_t) (number * 1e9 + 0.5);
    to = put_integer(to, billionths / 1000000000);
    char *fraction = to;
    to = put_integer(to, 1000000000 + billionths % 1000000000); /* the leading 1 keeps the zeros; the dot replaces it */
    *fraction = '.';
    return to;
}

struct thaw_answer dot_handle(const struct thaw_event *event) {
    static char json[160];
    int64_t n = json_integer(event->body, "n", 4096);
    int64_t repeat = json_integer(event->body, "repeat", 1);
    int64_t seed = json_integer(event->body, "seed", 1);
    if (n < 0 || n > MAX_N || repeat < 1 || repeat > MAX_REPEAT || seed < 0) {
        return thaw_error("Function.InvalidEvent", "dot: need n in 0..16777216, repeat in 1..1073741824, seed >= 0");
    }
    if (!make_vectors(n, seed)) {
        return thaw_error("Function.OutOfMemory", "dot: no memory for the vectors");
    }
    float sum = 0;
    int64_t start_ns = sys_clock_ns(CLOCK_MONOTONIC);
    for (int64_t i = 0; i < repeat; i++) {
        sum = kernel(vectors, vectors + n, (size_t) n);
    }
    int64_t spent_ns = sys_clock_ns(CLOCK_MONOTONIC) - start_ns;
    char *to = put_decimal(put_text(json, "{\"dot\":"), (double) sum);
    to = put_integer(put_text(to, ",\"n\":"), n);
    to = put_integer(put_text(to, ",\"ns\":"), spent_ns);
    to = put_text(to, ",\"kernel\":\"" KERNEL "\"}");
    return (struct thaw_answer) {.body = {json, (size_t) (to - json)}};
}
