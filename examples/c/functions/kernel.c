/* Runs one of the kernels, as often as the event says, and answers its checksum, which every build has in common. */
#include "../kernels/kernels.h"
#include "../sys/sys.h"
#include "functions.h"
#include "json.h"

#include <string.h>
#include <time.h>

enum { MAX_REPEAT = 1 << 20 };

static const char UNKNOWN[] =
    "kernel: need kernel, one of dot, sha256, mandelbrot, blur, matmul, json, lz, copy, and repeat in 1..1048576";

static char *put_checksum(char *to, uint64_t checksum) {
    for (int shift = 60; shift >= 0; shift -= 4) {
        *to++ = "0123456789abcdef"[checksum >> shift & 15];
    }
    return to;
}

struct thaw_answer kernel_handle(const struct thaw_event *event) {
    static char json[200];
    char name[16];
    int64_t repeat = json_integer(event->body, "repeat", 1);
    const struct kernel *kernel =
        json_string(event->body, "kernel", name, sizeof name) ? kernel_named(name, strlen(name)) : NULL;
    if (kernel == NULL || repeat < 1 || repeat > MAX_REPEAT) {
        return thaw_error("Function.InvalidEvent", UNKNOWN);
    }
    int64_t start_ns = sys_clock_ns(CLOCK_MONOTONIC);
    for (int64_t i = 0; i < repeat; i++) {
        kernel->run();
    }
    int64_t spent_ns = sys_clock_ns(CLOCK_MONOTONIC) - start_ns;
    char *to = put_text(put_text(json, "{\"kernel\":\""), kernel->name);
    to = put_checksum(put_text(to, "\",\"checksum\":\""), kernel->checksum());
    to = put_text(put_text(to, "\",\"build\":\""), kernel_build);
    to = put_integer(put_text(to, "\",\"units\":"), kernel->units * repeat);
    to = put_integer(put_text(to, ",\"ns\":"), spent_ns);
    to = put_text(to, "}");
    return (struct thaw_answer) {.body = {json, (size_t) (to - json)}};
}
