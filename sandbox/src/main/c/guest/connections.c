#include "streams.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "channel.h"
#include "events.h"
#include "stream.h"

enum { API_PORT = 9001, BACKLOG = 128 };

static int listener = -1;
static bool accepts;

static void set_accepts(bool accepting) {
    if (accepts != accepting && listener >= 0) {
        accepts = accepting;
        stream_watch(listener, EVENT_LISTENER, EPOLL_CTL_MOD, accepting ? EPOLLIN : 0);
    }
}

void connections_accept_again(void) {
    set_accepts(true);
}

long streams_listen(void) {
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
        stream_watch(listener, EVENT_LISTENER, EPOLL_CTL_ADD, EPOLLIN);
    }
    return result;
}

static long accept_one(void) {
    return call6(SYS_accept4, listener, 0, 0, SOCK_NONBLOCK | SOCK_CLOEXEC, 0, 0);
}

/* The one that was free for longest: what the host still says of a number is then not taken for a new stream's. */
static int next_free(void) {
    static int last = STREAM_FIRST_ACCEPTED;
    for (int tried = STREAM_FIRST_ACCEPTED; tried < STREAM_FIRST_CONNECTED; tried++) {
        last = last + 1 < STREAM_FIRST_CONNECTED ? last + 1 : STREAM_FIRST_ACCEPTED;
        if (streams[last].kind == FREE) {
            return last;
        }
    }
    return -1;
}

void streams_accept(void) {
    int number = next_free();
    if (number < 0) {
        set_accepts(false);
        return;
    }
    long fd = accept_one();
    if (fd >= 0) {
        int yes = 1;
        call6(SYS_setsockopt, fd, IPPROTO_TCP, TCP_NODELAY, (long) &yes, sizeof yes, 0);
        stream_open(number, CONNECTION, (int) fd);
        channel_send(FRAME_OPEN, number, NULL, 0);
    }
}

void connections_failed(int number, long negated_errno) {
    int32_t reason = (int32_t) -negated_errno;
    channel_send(FRAME_CONNECT_FAILED, number, &reason, sizeof reason);
}

void streams_connect(int number, int port) {
    stream *s = &streams[number];
    if (s->sent_close && s->got_close && s->kind == CONNECTION) {
        stream_close_fd(s); /* only its last bytes were still waiting for a reader */
        s->kind = FREE;
    }
    if (number < STREAM_FIRST_CONNECTED || s->kind != FREE) {
        channel_panic("the host asked for a connection under a number in use");
    }
    long fd = call3(SYS_socket, AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = __builtin_bswap16((uint16_t) port)};
    address.sin_addr.s_addr = __builtin_bswap32(INADDR_LOOPBACK);
    long result = fd < 0 ? fd : call3(SYS_connect, fd, (long) &address, sizeof address);
    if (result == 0 || result == -EINPROGRESS) {
        stream_open(number, CONNECTING, (int) fd); /* writable at once where it is made already */
    } else {
        sys_close((int) fd);
        connections_failed(number, result);
    }
}

void connections_finish(int number) {
    stream *s = &streams[number];
    int error = 0;
    socklen_t size = sizeof error;
    call6(SYS_getsockopt, s->fd, SOL_SOCKET, SO_ERROR, (long) &error, (long) &size, 0);
    if (error != 0) {
        stream_close_fd(s);
        s->kind = FREE;
        connections_failed(number, -error);
        return;
    }
    s->kind = CONNECTION;
    channel_send(FRAME_CONNECTED, number, NULL, 0);
    stream_rewatch(number);
}

void connections_refuse_waiting(void) {
    for (long fd = accept_one(); fd >= 0; fd = accept_one()) {
        sys_close((int) fd);
    }
}
