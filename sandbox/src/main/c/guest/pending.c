#include "pending.h"

#include "channel.h"
#include "frames.h"
#include "text.h"

/* A waiting request is a line and a few headers. */
enum { ASKED_BYTES = 4096 };

/* Pages that no stream ever needed take no memory. */
static char rings[STREAM_COUNT][STREAM_WINDOW_BYTES];
static char asked[STREAM_COUNT][ASKED_BYTES];
static uint32_t head[STREAM_COUNT];
static uint32_t held[STREAM_COUNT];
static uint32_t asked_count[STREAM_COUNT];

uint32_t pending_bytes(int stream) {
    return held[stream];
}

void pending_add(int stream, const char *bytes, uint32_t count) {
    if (count > STREAM_WINDOW_BYTES - held[stream]) {
        channel_panic("the host sent more than a stream's window");
    }
    uint32_t at = (head[stream] + held[stream]) % STREAM_WINDOW_BYTES;
    uint32_t first = STREAM_WINDOW_BYTES - at < count ? STREAM_WINDOW_BYTES - at : count;
    memcpy(rings[stream] + at, bytes, first);
    memcpy(rings[stream], bytes + first, count - first);
    held[stream] += count;
}

long pending_write(int stream, int fd) {
    if (held[stream] == 0) {
        return 0;
    }
    uint32_t at = head[stream];
    uint32_t first = STREAM_WINDOW_BYTES - at < held[stream] ? STREAM_WINDOW_BYTES - at : held[stream];
    long count = sys_write(fd, rings[stream] + at, first);
    if (count > 0) {
        held[stream] -= (uint32_t) count;
        head[stream] = held[stream] == 0 ? 0 : (at + (uint32_t) count) % STREAM_WINDOW_BYTES;
    }
    return count;
}

void pending_forget(int stream) {
    head[stream] = 0;
    held[stream] = 0;
}

void asked_add(int stream, const char *bytes, uint32_t count) {
    if (asked_count[stream] + count <= ASKED_BYTES) {
        memcpy(asked[stream] + asked_count[stream], bytes, count);
        asked_count[stream] += count;
    } else {
        asked_count[stream] = ASKED_BYTES + 1;
    }
}

const char *asked_bytes(int stream, uint32_t *count) {
    *count = asked_count[stream];
    return *count <= ASKED_BYTES ? asked[stream] : NULL;
}

void asked_forget(int stream) {
    asked_count[stream] = 0;
}
