#include "stream.h"

#include "../sys/sys.h"
#include "call.h"
#include "http.h"

#include <string.h>

enum { HEAD_BYTES = 2048, TRAILER_BYTES = 8192, SIZE_BYTES = 20 };

static bool open; /* nothing has failed since the response began */

bool thaw_stream_begin(const struct thaw_event *event, const char *content_type) {
    static char head[HEAD_BYTES];
    char *to = call_put_head(head, event->request_id, "/response");
    to = put_text(to, "\r\nConnection: close\r\nContent-Type: ");
    to = put_text(to, content_type);
    to = put_text(to, "\r\nLambda-Runtime-Function-Response-Mode: streaming\r\nTransfer-Encoding: chunked"
                      "\r\nTrailer: Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body\r\n\r\n");
    struct iovec part = {head, (size_t) (to - head)};
    open = call_ready() && http_send(&part, 1);
    return open;
}

static char *put_hexadecimal(char *to, size_t number) {
    char digits[SIZE_BYTES];
    size_t count = 0;
    do {
        digits[count++] = "0123456789abcdef"[number & 15];
        number >>= 4;
    } while (number > 0);
    while (count > 0) {
        *to++ = digits[--count];
    }
    return to;
}

bool thaw_stream_write(struct thaw_bytes chunk) {
    char size[SIZE_BYTES + 2];
    if (chunk.size == 0) {
        return open; /* an empty chunk would be the last one */
    }
    char *to = put_text(put_hexadecimal(size, chunk.size), "\r\n");
    struct iovec parts[] = {{size, (size_t) (to - size)}, {(char *) chunk.data, chunk.size}, {"\r\n", 2}};
    open = open && http_send(parts, 3);
    return open;
}

static char *put_base64(char *to, struct thaw_bytes bytes) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < bytes.size; i += 3) {
        size_t left = bytes.size - i;
        uint32_t three = (uint32_t) (unsigned char) bytes.data[i] << 16;
        three |= left > 1 ? (uint32_t) (unsigned char) bytes.data[i + 1] << 8 : 0;
        three |= left > 2 ? (uint32_t) (unsigned char) bytes.data[i + 2] : 0;
        *to++ = digits[three >> 18];
        *to++ = digits[three >> 12 & 63];
        *to++ = left > 1 ? digits[three >> 6 & 63] : '=';
        *to++ = left > 2 ? digits[three & 63] : '=';
    }
    return to;
}

struct thaw_answer thaw_stream_end(const char *error_type, const char *error_message) {
    static char last[TRAILER_BYTES];
    char *to = put_text(last, "0\r\n");
    if (error_type != NULL) {
        struct thaw_answer error = thaw_error(error_type, error_message);
        to = put_text(to, "Lambda-Runtime-Function-Error-Type: ");
        to = put_text(to, error_type);
        to = put_text(to, "\r\nLambda-Runtime-Function-Error-Body: ");
        to = put_text(put_base64(to, call_error_body(&error)), "\r\n");
    }
    to = put_text(to, "\r\n");
    struct iovec part = {last, (size_t) (to - last)};
    bool sent = open && http_send(&part, 1);
    (void) sent; /* a response that could not be sent has a verdict all the same, or a connection that ended */
    return (struct thaw_answer) {.streamed = 1};
}
