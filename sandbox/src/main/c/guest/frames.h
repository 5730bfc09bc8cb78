/*
 * Frames between the host and a guest's init, over one byte stream. The table that explains them is the Javadoc of
 * dev.thaw.sandbox.microvm.FrameType; a test holds both to the same numbers.
 *
 *   u32 payload length, u16 stream, u8 type, u8 zero; all little-endian; then the payload
 */
#ifndef THAW_FRAMES_H
#define THAW_FRAMES_H

#include <stdint.h>

typedef struct {
    uint32_t length;
    uint16_t stream;
    uint8_t type;
    uint8_t zero;
} frame_header;

enum {
    FRAME_VERSION = 1,
    FRAME_HEADER_BYTES = 8,
    FRAME_PAYLOAD_BYTES_MAX = 65536,
    /* What a side may send on a stream beyond what the other has said it took. */
    STREAM_WINDOW_BYTES = 65536,
    STREAM_COUNT = 128,
    /* The outputs of the runtime and of extensions. */
    STREAM_OUTPUT = 1,
    STREAM_EXTENSION_OUTPUT = 2,
    /* Connections that the guest accepts lie from here on, those that the host asks for behind them. */
    STREAM_FIRST_ACCEPTED = 3,
    STREAM_FIRST_CONNECTED = 96,
    ENTROPY_BYTES = 32,
};

typedef enum {
    /* Both ways */
    FRAME_DATA = 1,
    FRAME_WINDOW = 2,
    FRAME_CLOSE = 3,
    FRAME_BREAK = 4,
    /* Host to guest */
    FRAME_HELLO = 16,
    FRAME_SPEC = 17,
    FRAME_PREPARE = 18,
    FRAME_START = 19,
    FRAME_START_RUNTIME = 20,
    FRAME_TERMINATE_RUNTIME = 21,
    FRAME_KILL_RUNTIME = 22,
    FRAME_KILL = 23,
    FRAME_EXHAUST_MEMORY = 24,
    FRAME_RESET = 25,
    FRAME_CONNECT = 26,
    FRAME_CHECKPOINT = 27,
    FRAME_RESTORED = 28,
    FRAME_CLOCK = 29,
    FRAME_POWER_OFF = 30,
    /* Guest to host */
    FRAME_READY = 64,
    FRAME_PREPARED = 65,
    FRAME_OPEN = 66,
    FRAME_EXITED = 67,
    FRAME_RESET_DONE = 68,
    FRAME_STATS_IS = 69,
    FRAME_CONNECTED = 70,
    FRAME_CONNECT_FAILED = 71,
    FRAME_CHECKPOINTED = 72,
    FRAME_FAULT = 73,
} frame_type;

/* What a SPEC frame tells; it stands where other frames have their stream. */
typedef enum {
    SPEC_USER = 1,
    SPEC_MEMORY = 2,
    SPEC_PROCESSES = 3,
    SPEC_TMP = 4,
    SPEC_HOST_NAME = 5,
    SPEC_DIRECTORY = 6,
    SPEC_HIDDEN = 7,
    SPEC_VARIABLE = 8,
    SPEC_EXTENSION = 9,
    SPEC_RUNTIME = 10,
    SPEC_DEVICE = 11,
    SPEC_BIND = 12,
    SPEC_FILTER = 13,
} spec_field;

#endif
