/*
 * Streams: connections that processes here make to the Runtime API, connections that the host asks for, and what the
 * processes write. Each is a numbered pair of byte sequences with a window in both directions, so that neither side
 * ever holds more than one window of a stream whose end does not take it.
 */
#ifndef THAW_STREAMS_H
#define THAW_STREAMS_H

#include "frames.h"
#include "system.h"

/* Where what is ready is to be told. */
void streams_use(int epoll_fd);
/* Listens on 127.0.0.1:9001. */
long streams_listen(void);
void streams_accept(void);

/* A connection to a port here, on the host's behalf. */
void streams_connect(int stream, int port);
/* What is written into a pipe becomes the stream of an output. */
void streams_open_output(int stream, int read_fd);

/* The descriptor of a stream can be read, written or is broken. */
void streams_ready(int stream, uint32_t events);

void streams_deliver(int stream, const char *bytes, uint32_t count);
void streams_on_window(int stream, uint32_t bytes);
void streams_on_close(int stream);
void streams_on_break(int stream);

/* Sends what the outputs still hold, as far as the host takes it now. */
void streams_drain_outputs(void);
/* Ends all streams: whoever was at their ends is gone. */
void streams_end_all(void);
/* Acknowledges what could not be while the channel was blocked. */
void streams_catch_up(void);
/*
 * The host is another one: it knows no stream. Those that wait for an answer are opened again, with what they had asked;
 * others end.
 */
void streams_reopen(void);

#endif
