#include "streams.h"

#include <sys/epoll.h>
#include <sys/socket.h>

#include "channel.h"
#include "machine.h"
#include "pending.h"
#include "stats.h"
#include "stream.h"
#include "text.h"

enum { DRAIN_ROUNDS = 8 };

stream streams[STREAM_COUNT];
static int epoll = -1;

void streams_use(int epoll_fd) {
    epoll = epoll_fd;
}

void stream_watch(int fd, uint64_t id, int operation, uint32_t events) {
    struct epoll_event event = {.events = events, .data = {.u64 = id}};
    call6(SYS_epoll_ctl, epoll, operation, fd, (long) &event, 0, 0);
}

void stream_rewatch(int number) {
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
        stream_watch(s->fd, (uint64_t) number, operation, events);
        s->watched = events;
    }
}

void stream_open(int number, stream_kind kind, int fd) {
    streams[number] = (stream) {.kind = kind, .fd = fd, .credit = STREAM_WINDOW_BYTES};
    pending_forget(number);
    asked_forget(number);
    streams[number].watched = kind == CONNECTING ? EPOLLOUT : EPOLLIN;
    stream_watch(fd, (uint64_t) number, EPOLL_CTL_ADD, streams[number].watched);
}

void stream_close_fd(stream *s) {
    sys_close(s->fd);
    s->fd = -1;
}

/* Frees the number once nothing can come or go. */
static void settle(int number) {
    stream *s = &streams[number];
    if (s->sent_close && s->got_close && (s->fd < 0 || pending_bytes(number) == 0)) {
        stream_close_fd(s);
        s->kind = FREE;
        connections_accept_again();
    } else {
        stream_rewatch(number);
    }
}

void stream_break(int number) {
    stream *s = &streams[number];
    stream_close_fd(s);
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
    if (s->returned >= STREAM_WINDOW_BYTES / 2 && !s->got_close && !channel_is_full()) {
        channel_send(FRAME_WINDOW, number, &s->returned, sizeof s->returned);
        s->returned = 0;
    }
}

void streams_open_output(int number, int read_fd) {
    stream_open(number, OUTPUT, read_fd);
    streams[number].got_close = true; /* nothing ever comes for it */
}

/* Reads once into the channel. False where there was nothing. */
static bool read_stream(int number) {
    stream *s = &streams[number];
    if (s->kind == FREE || s->fd < 0 || s->sent_close) {
        return false;
    }
    if (s->answered) {
        stats_push_after(s->answered_at); /* so that the host has them when it has the answer */
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
        stream_break(number);
    }
    return false;
}

static void write_pending(int number) {
    stream *s = &streams[number];
    long count = pending_write(number, s->fd);
    if (count < 0 && count != -EAGAIN) {
        stream_break(number);
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
        connections_finish(number);
        return;
    }
    if ((events & EPOLLOUT) != 0) {
        write_pending(number);
    }
    if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0 && read_stream(number) && s->credit == 0) {
        stream_rewatch(number);
    }
}

void streams_deliver(int number, const char *bytes, uint32_t count) {
    stream *s = &streams[number];
    if (s->kind != CONNECTION || s->fd < 0) {
        return; /* sent before the host heard that it had ended */
    }
    if (!s->answered) {
        s->answered = true;
        s->answered_at = machine_ticks();
    }
    asked_forget(number);
    uint32_t written = 0;
    if (pending_bytes(number) == 0) {
        long result = sys_write(s->fd, bytes, count);
        if (result < 0 && result != -EAGAIN && result != -EINTR) {
            stream_break(number);
            return;
        }
        written = result < 0 ? 0 : (uint32_t) result;
        acknowledge(number, written);
    }
    if (written < count) {
        pending_add(number, bytes + written, count - written);
        stream_rewatch(number);
    }
}

void streams_on_window(int number, uint32_t bytes) {
    stream *s = &streams[number];
    if (s->kind != FREE) {
        s->credit += bytes;
        stream_rewatch(number);
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
    if (!s->sent_close) {
        s->sent_close = true;
        channel_send(FRAME_BREAK, number, NULL, 0);
    }
    settle(number); /* what came before is still written */
}

void streams_drain_outputs(void) {
    for (int number = STREAM_OUTPUT; number <= STREAM_EXTENSION_OUTPUT; number++) {
        for (int round = 0; round < DRAIN_ROUNDS && streams[number].kind == OUTPUT; round++) {
            if (!read_stream(number)) {
                break;
            }
            channel_flush();
        }
        stream_rewatch(number);
    }
}

void streams_end_all(void) {
    for (int number = 0; number < STREAM_COUNT; number++) {
        if (streams[number].kind == CONNECTING) {
            stream_close_fd(&streams[number]);
            streams[number].kind = FREE;
            connections_failed(number, -ECONNRESET);
        } else if (streams[number].kind != FREE) {
            stream_break(number);
        }
    }
    connections_refuse_waiting();
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
            stream_close_fd(s);
            pending_forget(number);
            s->kind = FREE;
        }
        stream_rewatch(number);
    }
    connections_accept_again();
}
