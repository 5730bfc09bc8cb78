/* One keep-alive HTTP/1.1 connection: requests go out in one write, answers are parsed where they were received. */
#ifndef THAW_HTTP_H
#define THAW_HTTP_H

#include "runtime.h"

#include <stdbool.h>
#include <sys/uio.h>

/* The headers that matter here. */
enum http_name {
    HTTP_CONNECTION,
    HTTP_CONTENT_LENGTH,
    HTTP_TRANSFER_ENCODING,
    HTTP_REQUEST_ID,
    HTTP_DEADLINE_MS,
    HTTP_FUNCTION_ARN,
    HTTP_TRACE_ID,
    HTTP_NAMES
};

struct http_answer {
    int status;
    bool closes; /* the peer will close; what was sent after this request is lost */
    struct thaw_bytes body;
    const char *head; /* where the values are counted from */
    struct {
        size_t at;
        size_t size;
    } values[HTTP_NAMES];
};

enum http_result { HTTP_DONE, HTTP_CLOSED /* before the first byte */, HTTP_BROKEN };

/* Connects to "host:port"; host is an IPv4 address or localhost. */
bool http_connect(const char *address);

/* Sends all of it, in one system call when it fits. Uses up the vector. */
bool http_send(struct iovec *parts, int count);

/* Reads one answer. What an earlier answer pointed to stays valid only until the first read after all were used up. */
enum http_result http_read(struct http_answer *answer);

/* The value of a header; size 0 if absent. */
struct thaw_bytes http_header(const struct http_answer *answer, enum http_name name);

#endif
