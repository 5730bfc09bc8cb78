/*
 * A small client of the Lambda Runtime API (version 2018-06-01), built for low latency: one keep-alive connection, and
 * one write and one read per warm invocation. No dependency, not even a C library. One thread; nothing here is
 * thread-safe.
 */
#ifndef THAW_RUNTIME_H
#define THAW_RUNTIME_H

#include <stddef.h>
#include <stdint.h>

/* Bytes that belong to someone else; not terminated. */
struct thaw_bytes {
    const char *data;
    size_t size;
};

/* What a handler is called with. Valid until it returns, or calls thaw_post. */
struct thaw_event {
    struct thaw_bytes body;
    const char *request_id;
    int64_t deadline_epoch_ms; /* 0: the platform named none */
    struct thaw_bytes function_arn;
    struct thaw_bytes trace_id;
};

/* What a handler answers: a body, or an error if error_type is set. Must stay valid until the next call. */
struct thaw_answer {
    struct thaw_bytes body;
    const char *error_type;
    const char *error_message;
    int streamed; /* it has been sent already: see stream.h */
    int withheld; /* for tests of the platform: asks for the next event without answering this one */
};

struct thaw_function {
    const char *name; /* as in _HANDLER */
    /* Runs once, after the connection stands and before the first event. May be NULL. error_type set: init failed. */
    struct thaw_answer (*init)(void);
    struct thaw_answer (*handle)(const struct thaw_event *event);
    /*
     * Hooks of a version with SnapStart: the last before its snapshot is taken, the first in each environment that goes on
     * from it, before its first event. May be NULL. error_type set: the init, or the restore, failed.
     */
    struct thaw_answer (*before_checkpoint)(void);
    struct thaw_answer (*after_restore)(void);
};

/*
 * Picks the function that _HANDLER names and serves it until the platform closes the connection. Returns the exit
 * status of the process: 0 after an orderly close, 1 after an error, which is then on standard error in one line.
 */
int thaw_run(const struct thaw_function *functions, size_t count);

/* The answer that fails the invocation, or the init. */
struct thaw_answer thaw_error(const char *error_type, const char *error_message);

/* The answer with the given terminated text as its body. */
struct thaw_answer thaw_text(const char *text);

/*
 * Posts a response out of turn and waits for the platform's verdict: its HTTP status. For tests of the platform only:
 * a handler answers by returning. Ends the validity of the event.
 */
int thaw_post(const char *request_id, struct thaw_bytes body);

#endif
