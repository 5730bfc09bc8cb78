#include "streams.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "channel.h"
#include "events.h"
#include "pending.h"
#include "stats.h"
#include "text.h"

enum { API_PORT = 9001, BACKLOG = 128, DRAIN_ROUNDS = 8 };

typedef enum { FREE, CONNECTING, CONNECTION, OUTPUT } stream_kind;

typedef struct {
    stream_kind kind;
    int fd; /* -1 once its end is gone for good */
    uint32_t watched;
    uint32_t credit;   /* what the host still takes */
    uint32_t returned; /* what was taken and not yet said */
    bool sent_close;
    bool got_close;
    bool answered; /* bytes came since the last ones went */
} stream;

static stream streams[STREAM_COUNT];
static int listener = -1;
static int epoll = -1;
static bool accepts;

static void watch(int fd, uint64_t id, int operation, uint32_t events) {
    struct epoll_event event = {.events = events, .data = {.u64 = id}};
    call6(SYS_epoll_ctl, epoll, operation, fd, (long) &event, 0, 0);
}

static void set_accepts(bool accepting) {
    if (accepts != accepting && listener >= 0) {
        accepts = accepting;
        watch(listener, EVENT_LISTENER, EPOLL_CTL_MOD, accepting ? EPOLLIN : 0);
    }
}

/* Tells the kernel which of the stream's events matter now; a system call only where that changed. */
static void rewatch(int number) {
    stream *s = &streams[number];
    if (s->kind == FREE || s->fd < 0) {
        return;
    }
    uint32_t events = 0;
    if (s->kind == CONNECTING || pending_bytes(number) > 0) {
        events |= EPOLLOUT;
    }
    if (s->kind != CONNECTING && !s->sent_close && s->credit > 0) {
        events |= EPOLLIN;
    }
    if (events != s->watched) {
        /* One that is watched for nothing would still be told as broken, for ever. */
        int operation = events == 0 ? EPOLL_CTL_DEL : s->watched == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;
        watch(s->fd, (uint64_t) number, operation, events);
        s->watched = events;
    }
}

static void open_stream(int number, stream_kind kind, int fd) {
    streams[number] = (stream) {.kind = kind, .fd = fd, .credit = STREAM_WINDOW_BYTES};
    pending_forget(number);
    asked_forget(number);
    streams[number].watched = kind == CONNECTING ? EPOLLOUT : EPOLLIN;
    watch(fd, (uint64_t) number, EPOLL_CTL_ADD, streams[number].watched);
}

static void close_fd(stream *s) {
    sys_close(s->fd);
    s->fd = -1;
}

/* Frees the number once nothing can come or go. */
static void settle(int number) {
    stream *s = &streams[number];
    if (s->sent_close && s->got_close && (s->fd < 0 || pending_bytes(number) == 0)) {
        close_fd(s);
        s->kind = FREE;
        set_accepts(true);
    } else {
        rewatch(number);
    }
}

/* Its end here is gone: nothing more comes, nothing more is taken. */
static void break_stream(int number) {
    stream *s = &streams[number];
    close_fd(s);
    pending_forget(number);
    if (!s->sent_close) {
        s->sent_close = true;
        channel_send(FRAME_BREAK, number, NULL, 0);
    }
    settle(number);
}

static void end_sending(int number) {
    streams[number].sent_close = true;
    channel_send(FRAME_CLOSE, number, NULL, 0);
    settle(number);
}

static void acknowledge(int number, uint32_t bytes) {
    stream *s = &streams[number];
    s->returned += bytes;
    if (s->returned >= STREAM_WINDOW_BYTES / 2 && !channel_is_full()) {
        channel_send(FRAME_WINDOW, number, &s->returned, sizeof s->returned);
        s->returned = 0;
    }
}

long streams_listen(int epoll_fd) {
    epoll = epoll_fd;
    long fd = call3(SYS_socket, AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = __builtin_bswap16(API_PORT)};
    address.sin_addr.s_addr = __builtin_bswap32(INADDR_LOOPBACK);
    int yes = 1;
    call6(SYS_setsockopt, fd, SOL_SOCKET, SO_REUSEADDR, (long) &yes, sizeof yes, 0);
    long result = call3(SYS_bind, fd, (long) &address, sizeof address);
    if (result == 0) {
        result = call3(SYS_listen, fd, BACKLOG, 0);
    }
    if (result == 0) {
        listener = (int) fd;
        accepts = true;
        watch(listener, EVENT_LISTENER, EPOLL_CTL_ADD, EPOLLIN);
    }
    return result;
}

static long accept_one(void) {
    return call6(SYS_accept4, listener, 0, 0, SOCK_NONBLOCK | SOCK_CLOEXEC, 0, 0);
}

void streams_accept(void) {
    int number = STREAM_FIRST_ACCEPTED;
    while (number < STREAM_FIRST_CONNECTED && streams[number].kind != FREE) {
        number++;
    }
    if (number == STREAM_FIRST_CONNECTED) {
        set_accepts(false);
        return;
    }
    long fd = accept_one();
    if (fd >= 0) {
        int yes = 1;
        call6(SYS_setsockopt, fd, IPPROTO_TCP, TCP_NODELAY, (long) &yes, sizeof yes, 0);
        open_stream(number, CONNECTION, (int) fd);
        channel_send(FRAME_OPEN, number, NULL, 0);
    }
}

static void connect_failed(int number, long negated_errno) {
    int32_t reason = (int32_t) -negated_errno;
    channel_send(FRAME_CONNECT_FAILED, number, &reason, sizeof reason);
}

void streams_connect(int number, int port) {
    if (number < STREAM_FIRST_CONNECTED || streams[number].kind != FREE) {
        channel_panic("the host asked for a connection under a number in use");
    }
    long fd = call3(SYS_socket, AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = __builtin_bswap16((uint16_t) port)};
    address.sin_addr.s_addr = __builtin_bswap32(INADDR_LOOPBACK);
    long result = fd < 0 ? fd : call3(SYS_connect, fd, (long) &address, sizeof address);
    if (result == 0 || result == -EINPROGRESS) {
        open_stream(number, CONNECTING, (int) fd); /* writable at once where it is made already */
    } else {
        sys_close((int) fd);
        connect_failed(number, result);
    }
}

static void finish_connecting(int number) {
    stream *s = &streams[number];
    int error = 0;
    socklen_t size = sizeof error;
    call6(SYS_getsockopt, s->fd, SOL_SOCKET, SO_ERROR, (long) &error, (long) &size, 0);
    if (error != 0) {
        close_fd(s);
        s->kind = FREE;
        connect_failed(number, -error);
        return;
    }
    s->kind = CONNECTION;
    channel_send(FRAME_CONNECTED, number, NULL, 0);
    rewatch(number);
}

void streams_open_output(int number, int read_fd) {
    open_stream(number, OUTPUT, read_fd);
    streams[number].got_close = true; /* nothing ever comes for it */
}

/* Reads once into the channel. False where there was nothing. */
static bool read_stream(int number) {
    stream *s = &streams[number];
    if (s->kind == FREE || s->fd < 0 || s->sent_close) {
        return false;
    }
    if (s->answered) {
        stats_push(); /* so that the host has them when it has the answer */
        s->answered = false;
    }
    uint32_t room;
    char *bytes = channel_room(&room);
    room = room < s->credit ? room : s->credit;
    room = room < FRAME_PAYLOAD_BYTES_MAX ? room : FRAME_PAYLOAD_BYTES_MAX;
    if (room == 0) {
        return false;
    }
    long count = sys_read(s->fd, bytes, room);
    if (count > 0) {
        if (s->kind == CONNECTION) {
            asked_add(number, bytes, (uint32_t) count);
        }
        channel_send_data(number, (uint32_t) count);
        s->credit -= (uint32_t) count;
        return true;
    }
    if (count == 0) {
        end_sending(number);
    } else if (count != -EAGAIN && count != -EINTR) {
        break_stream(number);
    }
    return false;
}

static void write_pending(int number) {
    stream *s = &streams[number];
    long count = pending_write(number, s->fd);
    if (count < 0 && count != -EAGAIN) {
        break_stream(number);
        return;
    }
    if (count > 0) {
        acknowledge(number, (uint32_t) count);
    }
    if (s->got_close && pending_bytes(number) == 0) {
        call3(SYS_shutdown, s->fd, SHUT_WR, 0);
    }
    settle(number);
}

void streams_ready(int number, uint32_t events) {
    stream *s = &streams[number];
    if (s->kind == FREE || s->fd < 0) {
        return;
    }
    if (s->kind == CONNECTING) {
        finish_connecting(number);
        return;
    }
    if ((events & EPOLLOUT) != 0) {
        write_pending(number);
    }
    if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0 && read_stream(number) && s->credit == 0) {
        rewatch(number);
    }
}

void streams_deliver(int number, const char *bytes, uint32_t count) {
    stream *s = &streams[number];
    if (s->kind != CONNECTION || s->fd < 0) {
        return; /* sent before the host heard that it had ended */
    }
    s->answered = true;
    asked_forget(number);
    uint32_t written = 0;
    if (pending_bytes(number) == 0) {
        long result = sys_write(s->fd, bytes, count);
        if (result < 0 && result != -EAGAIN && result != -EINTR) {
            break_stream(number);
            return;
        }
        written = result < 0 ? 0 : (uint32_t) result;
        acknowledge(number, written);
    }
    if (written < count) {
        pending_add(number, bytes + written, count - written);
        rewatch(number);
    }
}

void streams_on_window(int number, uint32_t bytes) {
    stream *s = &streams[number];
    if (s->kind != FREE) {
        s->credit += bytes;
        rewatch(number);
    }
}

void streams_on_close(int number) {
    stream *s = &streams[number];
    if (s->kind == FREE) {
        return;
    }
    s->got_close = true;
    if (s->fd >= 0 && pending_bytes(number) == 0) {
        call3(SYS_shutdown, s->fd, SHUT_WR, 0);
    }
    settle(number);
}

void streams_on_break(int number) {
    stream *s = &streams[number];
    if (s->kind == FREE) {
        return;
    }
    s->got_close = true;
    break_stream(number);
}

void streams_drain_outputs(void) {
    for (int number = STREAM_OUTPUT; number <= STREAM_EXTENSION_OUTPUT; number++) {
        for (int round = 0; round < DRAIN_ROUNDS && streams[number].kind == OUTPUT; round++) {
            if (!read_stream(number)) {
                break;
            }
            channel_flush();
        }
        rewatch(number);
    }
}

void streams_end_all(void) {
    for (int number = 0; number < STREAM_COUNT; number++) {
        if (streams[number].kind == CONNECTING) {
            close_fd(&streams[number]);
            streams[number].kind = FREE;
            connect_failed(number, -ECONNRESET);
        } else if (streams[number].kind != FREE) {
            break_stream(number);
        }
    }
    for (long fd = accept_one(); fd >= 0; fd = accept_one()) {
        sys_close((int) fd);
    }
}

void streams_catch_up(void) {
    for (int number = 0; number < STREAM_COUNT; number++) {
        if (streams[number].kind == CONNECTION) {
            acknowledge(number, 0);
        }
    }
}

static void ask_again(int number, const char *asked, uint32_t count) {
    channel_send(FRAME_OPEN, number, NULL, 0);
    if (count > 0) {
        channel_send(FRAME_DATA, number, asked, count);
        streams[number].credit -= count;
    }
    channel_flush_all(); /* all of them together may be more than its buffer */
}

void streams_reopen(void) {
    for (int number = 0; number < STREAM_COUNT; number++) {
        stream *s = &streams[number];
        uint32_t count;
        const char *asked = asked_bytes(number, &count);
        bool waits = s->kind == CONNECTION && number < STREAM_FIRST_CONNECTED && s->fd >= 0 && !s->sent_close
                && !s->got_close && asked != NULL && pending_bytes(number) == 0;
        if (s->kind == OUTPUT || waits) {
            s->credit = STREAM_WINDOW_BYTES;
            s->returned = 0;
        }
        if (waits) {
            ask_again(number, asked, count);
        } else if (s->kind != FREE && s->kind != OUTPUT) {
            close_fd(s);
            pending_forget(number);
            s->kind = FREE;
        }
        rewatch(number);
    }
    set_accepts(true);
}
