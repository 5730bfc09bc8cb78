/*
 * The channel to the host: frames go out through one buffer, in one write for all that a wake-up produced, and come in
 * through another. Bytes of streams pass without being collected into whole frames.
 */
#ifndef THAW_CHANNEL_H
#define THAW_CHANNEL_H

#include "frames.h"
#include "system.h"

/* What frames are handed to. */
typedef struct {
    void (*on_data)(int stream, const char *bytes, uint32_t count);
    void (*on_frame)(frame_type type, int stream, const char *payload, uint32_t length);
    /* A read found that no host is there: for good on a socket, for a while on a port. */
    void (*on_silence)(void);
} channel_listener;

void channel_open(int fd, const channel_listener *listener);
/* Goes on by another descriptor, without what was queued or half read. */
void channel_replace(int fd);
int channel_fd(void);

/* Queues a frame. There is always room for one of a few bytes. */
void channel_send(frame_type type, int stream, const void *payload, uint32_t length);

/* Where bytes of a stream may be read to, and how many, 0 for none now; then what was read becomes a DATA frame. */
char *channel_room(uint32_t *bytes);
void channel_send_data(int stream, uint32_t bytes);

/* Writes what is queued, as far as the host takes it. */
void channel_flush(void);
/* The same, and waits until it has taken all. */
void channel_flush_all(void);
/* Whether something is still queued. */
bool channel_is_blocked(void);
/* Whether frames that can wait should. */
bool channel_is_full(void);

/* Reads once and hands on what that completes. */
void channel_receive(void);

/* Tells the host something that it should know, in one line. */
void channel_fault(const char *text);
void channel_fault_of(const char *what, const char *where, long negated_errno);
/* The same, and then ends. */
_Noreturn void channel_panic(const char *text);

#endif
