#include "channel.h"

#include <poll.h>

#include "machine.h"
#include "text.h"

enum {
    CONTROL_BYTES = 16384, /* kept free of streams' bytes, for frames that must not wait */
    OUT_BYTES = FRAME_HEADER_BYTES + FRAME_PAYLOAD_BYTES_MAX + CONTROL_BYTES,
    IN_BYTES = FRAME_HEADER_BYTES + FRAME_PAYLOAD_BYTES_MAX,
};

static int channel = -1;
static const channel_listener *listener;

static struct {
    uint32_t start;
    uint32_t end;
    char bytes[OUT_BYTES];
} out;

static struct {
    uint32_t held;
    /* What is still to come of a DATA frame. */
    uint32_t data_left;
    int data_stream;
    char bytes[IN_BYTES];
} in;

void channel_open(int fd, const channel_listener *told) {
    channel = fd;
    listener = told;
}

void channel_replace(int fd) {
    sys_close(channel);
    channel = fd;
    in.held = 0;
    in.data_left = 0;
    out.start = 0;
    out.end = 0;
}

int channel_fd(void) {
    return channel;
}

static void put_header(uint32_t at, frame_type type, int stream, uint32_t length) {
    frame_header header = {.length = length, .stream = (uint16_t) stream, .type = (uint8_t) type};
    memcpy(out.bytes + at, &header, sizeof header);
}

static void compact(void) {
    memmove(out.bytes, out.bytes + out.start, out.end - out.start);
    out.end -= out.start;
    out.start = 0;
}

void channel_send(frame_type type, int stream, const void *payload, uint32_t length) {
    if (out.end + FRAME_HEADER_BYTES + length > OUT_BYTES) {
        compact();
        if (out.end + FRAME_HEADER_BYTES + length > OUT_BYTES) {
            sys_exit(1); /* the host has not read for more frames than an honest one can owe */
        }
    }
    put_header(out.end, type, stream, length);
    memcpy(out.bytes + out.end + FRAME_HEADER_BYTES, payload, length);
    out.end += FRAME_HEADER_BYTES + length;
}

char *channel_room(uint32_t *bytes) {
    uint32_t used = out.end + FRAME_HEADER_BYTES;
    *bytes = used < OUT_BYTES - CONTROL_BYTES ? OUT_BYTES - CONTROL_BYTES - used : 0;
    return out.bytes + used;
}

void channel_send_data(int stream, uint32_t bytes) {
    put_header(out.end, FRAME_DATA, stream, bytes);
    out.end += FRAME_HEADER_BYTES + bytes;
}

void channel_flush(void) {
    while (out.start < out.end) {
        long count = sys_write(channel, out.bytes + out.start, out.end - out.start);
        if (count <= 0) {
            if (count != -EINTR && count != -EAGAIN) {
                listener->on_silence();
            }
            return;
        }
        out.start += (uint32_t) count;
    }
    out.start = 0;
    out.end = 0;
}

void channel_flush_all(void) {
    for (channel_flush(); channel_is_blocked(); channel_flush()) {
        struct pollfd port = {.fd = channel, .events = POLLOUT};
        call6(SYS_ppoll, (long) &port, 1, 0, 0, 0, 0);
    }
}

bool channel_is_blocked(void) {
    return out.end != 0;
}

bool channel_is_full(void) {
    return out.end - out.start > OUT_BYTES - CONTROL_BYTES / 2;
}

/* Hands on the next frame, or part of one, of what is held from `at` on; how many bytes that were, 0 for none yet. */
static uint32_t hand_on(uint32_t at) {
    uint32_t held = in.held - at;
    if (in.data_left > 0) {
        uint32_t count = held < in.data_left ? held : in.data_left;
        if (count > 0) {
            in.data_left -= count;
            listener->on_data(in.data_stream, in.bytes + at, count);
        }
        return count;
    }
    frame_header header;
    if (held < sizeof header) {
        return 0;
    }
    memcpy(&header, in.bytes + at, sizeof header);
    if (header.length > FRAME_PAYLOAD_BYTES_MAX || header.stream >= STREAM_COUNT) {
        channel_panic("the host sent a frame that is none");
    }
    if (header.type == FRAME_DATA) {
        in.data_left = header.length;
        in.data_stream = header.stream;
        return sizeof header;
    }
    if (held - sizeof header < header.length) {
        return 0;
    }
    listener->on_frame(header.type, header.stream, in.bytes + at + sizeof header, header.length);
    return (uint32_t) sizeof header + header.length;
}

void channel_receive(void) {
    long count = sys_read(channel, in.bytes + in.held, IN_BYTES - in.held);
    if (count <= 0) {
        if (count != -EAGAIN && count != -EINTR) {
            listener->on_silence();
        }
        return;
    }
    in.held += (uint32_t) count;
    uint32_t at = 0;
    for (uint32_t taken = hand_on(at); taken > 0; taken = hand_on(at)) {
        at += taken;
    }
    in.held -= at;
    if (in.held > 0 && at > 0) {
        memmove(in.bytes, in.bytes + at, in.held);
    }
}

void channel_fault(const char *text) {
    if (channel < 0) {
        line told;
        line_add(line_add(line_start(&told, "thaw-init: "), text), "\n");
        sys_write(2, told.text, told.length);
        return;
    }
    channel_send(FRAME_FAULT, 0, text, (uint32_t) text_length(text));
}

void channel_fault_of(const char *what, const char *where, long negated_errno) {
    line told;
    line_add(line_add(line_start(&told, what), " "), where);
    line_number(line_add(&told, ": errno "), (uint64_t) -negated_errno);
    channel_fault(told.text);
}

_Noreturn void channel_panic(const char *text) {
    channel_fault(text);
    if (channel >= 0) {
        channel_flush();
    }
    machine_power_off();
}
