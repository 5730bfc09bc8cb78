#include "http.h"

#include "../sys/sys.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>

enum {
    FIRST_BUFFER_BYTES = 64 * 1024,
    MAX_HEAD_BYTES = 2 * 1024 * 1024, /* the platform's lines may have 1 MiB */
    MAX_BODY_BYTES = 256 * 1024 * 1024,
};

static int fd = -1;
static char first_buffer[FIRST_BUFFER_BYTES];
static char *buffer = first_buffer;
static size_t capacity = FIRST_BUFFER_BYTES;
static size_t start; /* first byte not yet handed out */
static size_t end;   /* end of what was received */

/* "a.b.c.d:port" or "localhost:port". */
static bool parse_address(const char *address, struct sockaddr_in *parsed) {
    uint8_t host[4] = {127, 0, 0, 1};
    const char *at = address;
    if (strncmp(address, "localhost", 9) == 0) {
        at += 9;
    } else {
        for (int i = 0; i < 4; i++) {
            int64_t part = parse_integer(at, 3);
            at += part < 0 ? 0 : part < 10 ? 1 : part < 100 ? 2 : 3;
            if (part < 0 || part > 255 || (i < 3 && *at++ != '.')) {
                return false;
            }
            host[i] = (uint8_t) part;
        }
    }
    int64_t port = *at == ':' ? parse_integer(at + 1, strlen(at + 1)) : -1;
    parsed->sin_family = AF_INET;
    parsed->sin_port = htons((uint16_t) port);
    memcpy(&parsed->sin_addr, host, sizeof host);
    return port >= 1 && port <= 65535;
}

bool http_connect(const char *address) {
    struct sockaddr_in peer = {0};
    if (!parse_address(address, &peer)) {
        return false;
    }
    if (fd >= 0) {
        SYS_1(close, fd);
    }
    start = end = 0;
    fd = (int) SYS_3(socket, AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return false;
    }
    int on = 1;
    SYS_5(setsockopt, fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return SYS_3(connect, fd, &peer, sizeof peer) == 0;
}

bool http_send(struct iovec *parts, int count) {
    while (count > 0) {
        struct msghdr message = {.msg_iov = parts, .msg_iovlen = (size_t) count};
        long sent = SYS_3(sendmsg, fd, &message, MSG_NOSIGNAL);
        if (sent < 0) {
            if (sent == -EINTR) {
                continue;
            }
            return false;
        }
        while (count > 0 && (size_t) sent >= parts->iov_len) {
            sent -= (long) parts->iov_len;
            parts++;
            count--;
        }
        if (count > 0) {
            parts->iov_base = (char *) parts->iov_base + sent;
            parts->iov_len -= (size_t) sent;
        }
    }
    return true;
}

/* Makes room for the buffer to end at least at `needed`. */
static bool reserve(size_t needed) {
    if (needed <= capacity) {
        return true;
    }
    size_t grown = capacity * 2 > needed ? capacity * 2 : needed;
    char *moved = buffer == first_buffer ? sys_pages(grown) : sys_grow_pages(buffer, capacity, grown);
    if (moved == NULL) {
        return false;
    }
    if (buffer == first_buffer) {
        memcpy(moved, first_buffer, end);
    }
    buffer = moved;
    capacity = grown;
    return true;
}

/* Receives what is there, at least a byte. Positive: bytes; 0: the peer closed; negative: an error. */
static long fill(void) {
    if (end == capacity && !reserve(capacity + 1)) {
        return -1;
    }
    for (;;) {
        long received = SYS_6(recvfrom, fd, buffer + end, capacity - end, 0, NULL, NULL);
        if (received > 0) {
            end += (size_t) received;
        }
        if (received != -EINTR) {
            return received;
        }
    }
}

/* Finds the end of a line at or after `from`, receiving as needed. Returns the index after '\n', 0 if there is none. */
static size_t line_end(size_t from, size_t limit) {
    for (size_t searched = from;;) {
        char *newline = memchr(buffer + searched, '\n', end - searched);
        if (newline != NULL) {
            return (size_t) (newline - buffer) + 1;
        }
        searched = end;
        if (end - from > limit || fill() <= 0) {
            return 0;
        }
    }
}

static bool is_blank_line(size_t from, size_t to) {
    return to - from == 1 || (to - from == 2 && buffer[from] == '\r');
}

/* Reads lines up to and with the first blank one. Returns the index after it, 0 if there is none. */
static size_t blank_line_end(size_t from) {
    for (size_t line = from;;) {
        size_t next = line_end(line, MAX_HEAD_BYTES);
        if (next == 0 || next - from > MAX_HEAD_BYTES) {
            return 0;
        }
        if (is_blank_line(line, next)) {
            return next;
        }
        line = next;
    }
}

static bool equal_ignoring_case(const char *a, const char *b, size_t bytes) {
    for (size_t i = 0; i < bytes; i++) {
        int difference = a[i] ^ b[i];
        int letter = (a[i] | 32) >= 'a' && (a[i] | 32) <= 'z';
        if (difference != 0 && !(difference == 32 && letter)) {
            return false;
        }
    }
    return true;
}

#define NAME(text) {text, sizeof text - 1}
static const struct thaw_bytes names[HTTP_NAMES] = {
    [HTTP_CONNECTION] = NAME("Connection"),
    [HTTP_CONTENT_LENGTH] = NAME("Content-Length"),
    [HTTP_TRANSFER_ENCODING] = NAME("Transfer-Encoding"),
    [HTTP_REQUEST_ID] = NAME("Lambda-Runtime-Aws-Request-Id"),
    [HTTP_DEADLINE_MS] = NAME("Lambda-Runtime-Deadline-Ms"),
    [HTTP_FUNCTION_ARN] = NAME("Lambda-Runtime-Invoked-Function-Arn"),
    [HTTP_TRACE_ID] = NAME("Lambda-Runtime-Trace-Id"),
};

static uint64_t word_at(const char *text) {
    uint64_t word;
    __builtin_memcpy(&word, text, sizeof word);
    return word;
}

/* Whether a line that is long enough begins with this name: mostly in the very case, so a word at a time first. */
static bool begins_with(const char *line, struct thaw_bytes name) {
    size_t last = name.size - sizeof(uint64_t); /* no name is shorter */
    for (size_t i = 0; i < last; i += sizeof(uint64_t)) {
        if (word_at(line + i) != word_at(name.data + i)) {
            return equal_ignoring_case(line, name.data, name.size);
        }
    }
    return word_at(line + last) == word_at(name.data + last) || equal_ignoring_case(line, name.data, name.size);
}

/* Notes where the value of the header in a line is, if it is one that matters, and the first of its name. */
static void note_header(struct http_answer *answer, size_t head, size_t line, size_t stop) {
    for (int name = 0; name < HTTP_NAMES; name++) {
        size_t colon = line + names[name].size;
        if (colon < stop && buffer[colon] == ':' && begins_with(buffer + line, names[name])) {
            size_t value = colon + 1;
            while (value < stop && (buffer[value] == ' ' || buffer[value] == '\t')) {
                value++;
            }
            while (value < stop && (uint8_t) buffer[stop - 1] <= ' ') {
                stop--;
            }
            if (answer->values[name].size == 0) {
                answer->values[name].at = value - head;
                answer->values[name].size = stop - value;
            }
            return;
        }
    }
}

/* Reads status line and headers. Returns the index after them, 0 if they do not end. */
static size_t read_head(struct http_answer *answer, size_t head) {
    for (int name = 0; name < HTTP_NAMES; name++) {
        answer->values[name].size = 0;
    }
    for (size_t line = head;;) {
        size_t next = line_end(line, MAX_HEAD_BYTES);
        if (next == 0 || next - head > MAX_HEAD_BYTES) {
            return 0;
        }
        if (is_blank_line(line, next)) {
            return next;
        }
        note_header(answer, head, line, next);
        line = next;
    }
}

struct thaw_bytes http_header(const struct http_answer *answer, enum http_name name) {
    return (struct thaw_bytes) {answer->head + answer->values[name].at, answer->values[name].size};
}

static bool value_is(struct thaw_bytes value, const char *expected) {
    return value.size == __builtin_strlen(expected) && equal_ignoring_case(value.data, expected, value.size);
}

/* A number in the given base; -1 if it has no digit or is out of bounds. Stops at the first other character. */
static int64_t parse_size(const char *text, const char *text_end, int base) {
    int64_t size = -1;
    for (; text < text_end; text++) {
        int digit = *text >= '0' && *text <= '9' ? *text - '0' : (*text | 32) >= 'a' ? (*text | 32) - 'a' + 10 : 99;
        if (digit >= base) {
            break;
        }
        size = (size < 0 ? 0 : size) * base + digit;
        if (size > MAX_BODY_BYTES) {
            return -1;
        }
    }
    return size;
}

static bool fill_to(size_t wanted) {
    if (!reserve(wanted)) {
        return false;
    }
    while (end < wanted) {
        if (fill() <= 0) {
            return false;
        }
    }
    return true;
}

/* Joins the chunks from `body` on, in place. Returns the end of the joined body, sets `start` after the last chunk. */
static bool read_chunks(size_t body, size_t *body_end) {
    size_t joined = body;
    for (size_t line = body;;) {
        size_t chunk = line_end(line, MAX_HEAD_BYTES);
        int64_t size = chunk == 0 ? -1 : parse_size(buffer + line, buffer + chunk, 16);
        if (size < 0 || joined - body + (size_t) size > MAX_BODY_BYTES) {
            return false;
        }
        if (size == 0) {
            start = blank_line_end(chunk); /* after the trailers */
            *body_end = joined;
            return start != 0;
        }
        if (!fill_to(chunk + (size_t) size)) {
            return false;
        }
        memmove(buffer + joined, buffer + chunk, (size_t) size);
        joined += (size_t) size;
        size_t after = chunk + (size_t) size;
        line = line_end(after, 2);
        if (line == 0 || !is_blank_line(after, line)) {
            return false;
        }
    }
}

static bool read_to_close(size_t *body_end) {
    long received;
    while ((received = fill()) > 0 && end - start <= MAX_BODY_BYTES) {
    }
    start = *body_end = end;
    return received == 0;
}

static bool read_body(struct http_answer *answer, size_t body, size_t *body_end) {
    struct thaw_bytes length = http_header(answer, HTTP_CONTENT_LENGTH);
    if (answer->status < 200 || answer->status == 204 || answer->status == 304) {
        start = *body_end = body;
        return true;
    }
    if (value_is(http_header(answer, HTTP_TRANSFER_ENCODING), "chunked")) {
        return read_chunks(body, body_end);
    }
    if (length.size == 0) {
        answer->closes = true;
        return read_to_close(body_end);
    }
    int64_t size = parse_size(length.data, length.data + length.size, 10);
    if (size < 0 || !fill_to(body + (size_t) size)) {
        return false;
    }
    start = *body_end = body + (size_t) size;
    return true;
}

enum http_result http_read(struct http_answer *answer) {
    if (start == end) {
        start = end = 0;
        long received = fill();
        if (received <= 0) {
            return received == 0 ? HTTP_CLOSED : HTTP_BROKEN;
        }
    }
    size_t head = start;
    size_t body = read_head(answer, head);
    if (body == 0 || body - head < 12 || memcmp(buffer + head, "HTTP/1.", 7) != 0) {
        return HTTP_BROKEN;
    }
    answer->head = buffer + head;
    answer->status = (int) parse_size(buffer + head + 9, buffer + body, 10);
    answer->closes = value_is(http_header(answer, HTTP_CONNECTION), "close") || buffer[head + 7] == '0';
    size_t body_end = body;
    if (!read_body(answer, body, &body_end)) {
        return HTTP_BROKEN;
    }
    answer->head = buffer + head; /* the buffer may have moved */
    answer->body = (struct thaw_bytes) {buffer + body, body_end - body};
    return answer->status >= 100 && answer->status < 200 ? http_read(answer) : HTTP_DONE;
}
