/* What the files that move streams share: the table of them, and what changes one's state. */
#ifndef THAW_STREAM_H
#define THAW_STREAM_H

#include "frames.h"
#include "system.h"

typedef enum { FREE, CONNECTING, CONNECTION, OUTPUT } stream_kind;

typedef struct {
    stream_kind kind;
    int fd; /* -1 once its end is gone for good */
    uint32_t watched;
    uint32_t credit;   /* what the host still takes */
    uint32_t returned; /* what was taken and not yet said */
    bool sent_close;
    bool got_close;
    bool answered;        /* bytes came since the last ones went, */
    uint64_t answered_at; /* the first of them at so many ticks */
} stream;

extern stream streams[STREAM_COUNT];

void stream_watch(int fd, uint64_t id, int operation, uint32_t events);
/* Tells the kernel which of the stream's events matter now; a system call only where that changed. */
void stream_rewatch(int number);
void stream_open(int number, stream_kind kind, int fd);
void stream_close_fd(stream *s);
/* Its end here is gone: nothing more comes, nothing more is taken. */
void stream_break(int number);

/* Whether the connection that the host asked for is made. */
void connections_finish(int number);
void connections_failed(int number, long negated_errno);
/* A number is free again. */
void connections_accept_again(void);
/* Those who wait are gone. */
void connections_refuse_waiting(void);

#endif
