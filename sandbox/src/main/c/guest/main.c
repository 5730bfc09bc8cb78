/*
 * The first process of a guest: brings the machine up, lets the host say over the channel what the guest is to be,
 * starts that, carries its connections to the Runtime API to the host, reaps, and reports. No C library, no allocation,
 * no policy: the host decides.
 *
 *   init                          in a machine of our own
 *   init CHANNEL_FD FOLDER        as the first process of namespaces, where the channel is a socket and FOLDER stands
 *                                 for the root of the machine
 */
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>

#include "channel.h"
#include "confine.h"
#include "events.h"
#include "machine.h"
#include "mounts.h"
#include "processes.h"
#include "spec.h"
#include "stats.h"
#include "streams.h"
#include "text.h"

enum { EVENTS_AT_ONCE = 32 };

static struct {
    uint64_t kernel_ns;
    uint64_t mounts_ns;
    uint64_t modules_ns;
    uint64_t channel_ns;
    uint64_t version;
} boot = {.version = FRAME_VERSION};

static bool is_machine;
static bool is_prepared;
/* Between a checkpoint and what follows it nothing moves. */
static bool is_checkpointed;
static int epoll = -1;
static int signals = -1;

static void watch(int fd, uint64_t id) {
    struct epoll_event event = {.events = EPOLLIN, .data = {.u64 = id}};
    call6(SYS_epoll_ctl, epoll, EPOLL_CTL_ADD, fd, (long) &event, 0, 0);
}

/* A snapshot of Firecracker's keeps no connection: in what is made of it, init makes a new one. */
static void connect_again(void) {
    channel_replace(machine_open_channel());
    watch(channel_fd(), EVENT_CHANNEL);
}

static void on_silence(void) {
    if (machine_is_firecracker() && is_checkpointed) {
        connect_again();
        return;
    }
    if (!is_machine || machine_is_firecracker()) {
        machine_power_off();
    }
    int64_t wait[2] = {0, 1000000}; /* nobody is at the other end of the port: not yet, or not yet again */
    call3(SYS_nanosleep, (long) wait, 0, 0);
}

static void prepare(void) {
    const char *problem = is_prepared ? "the guest is prepared already" : spec_finish();
    if (problem == NULL) {
        machine_name(spec_get()->host_name);
        problem = mounts_for_function(spec_get());
    }
    if (problem == NULL) {
        group_make(mounts_groups(), spec_get());
        long result = streams_listen();
        problem = result < 0 ? "cannot listen on 127.0.0.1:9001" : NULL;
    }
    if (problem == NULL) {
        is_prepared = true;
        processes_prepare(mounts_root());
    }
    const char *told = problem == NULL ? "" : problem;
    channel_send(FRAME_PREPARED, 0, told, (uint32_t) text_length(told));
}

static void say_ready(void) {
    channel_send(FRAME_READY, 0, &boot, sizeof boot);
}

static uint64_t take_number(const char *payload, uint32_t length) {
    uint64_t number = 0;
    memcpy(&number, payload, length < sizeof number ? length : sizeof number);
    return number;
}

static void take_clock_and_entropy(const char *payload, uint32_t length) {
    machine_set_clock(take_number(payload, length));
    if (length >= sizeof(uint64_t) + ENTROPY_BYTES) {
        machine_stir(payload + sizeof(uint64_t));
    }
}

static void checkpoint(void) {
    streams_drain_outputs(); /* or every machine that goes on from here would say it */
    is_checkpointed = true;
    channel_send(FRAME_CHECKPOINTED, 0, NULL, 0);
}

static void resume(const char *payload, uint32_t length) {
    is_checkpointed = false;
    take_clock_and_entropy(payload, length);
    say_ready();
    streams_reopen();
}

/* What asks something of the processes, once there are any. */
static void order(frame_type type) {
    switch (type) {
    case FRAME_START:
        processes_start();
        break;
    case FRAME_START_RUNTIME:
        processes_start_runtime();
        break;
    case FRAME_TERMINATE_RUNTIME:
        processes_signal_runtime(SIGTERM);
        break;
    case FRAME_KILL_RUNTIME:
        processes_signal_runtime(SIGKILL);
        break;
    case FRAME_KILL:
        processes_kill_all();
        break;
    case FRAME_EXHAUST_MEMORY:
        processes_exhaust_memory();
        break;
    case FRAME_RESET:
        processes_reset();
        channel_send(FRAME_RESET_DONE, 0, NULL, 0);
        break;
    case FRAME_CHECKPOINT:
        checkpoint();
        break;
    default:
        channel_panic("the host sent a frame of a type that is unknown here");
    }
}

static void on_frame(frame_type type, int stream, const char *payload, uint32_t length) {
    switch (type) {
    case FRAME_WINDOW:
        streams_on_window(stream, (uint32_t) take_number(payload, length));
        break;
    case FRAME_CLOSE:
        streams_on_close(stream);
        break;
    case FRAME_BREAK:
        streams_on_break(stream);
        break;
    case FRAME_CONNECT:
        streams_connect(stream, (int) take_number(payload, length));
        break;
    case FRAME_HELLO:
        take_clock_and_entropy(payload, length);
        break;
    case FRAME_SPEC:
        spec_add((spec_field) stream, payload, length);
        break;
    case FRAME_PREPARE:
        prepare();
        break;
    case FRAME_RESTORED:
        resume(payload, length);
        break;
    case FRAME_CLOCK:
        machine_set_clock(take_number(payload, length));
        break;
    case FRAME_POWER_OFF:
        channel_flush();
        machine_power_off();
    default:
        if (is_prepared) {
            order(type);
        }
    }
}

static const channel_listener listener = {
    .on_data = streams_deliver,
    .on_frame = on_frame,
    .on_silence = on_silence,
};

static void on_event(uint64_t id, uint32_t events) {
    if (id == EVENT_CHANNEL) {
        channel_receive();
    } else if (id == EVENT_SIGNAL) {
        processes_reap();
    } else if (id == EVENT_LISTENER) {
        streams_accept();
    } else {
        streams_ready((int) id, events);
    }
}

/* While the host does not take what is queued, or nothing is to move, nothing more of streams is read. */
static void await_host(void) {
    struct pollfd ready = {.fd = channel_fd(), .events = (short) (channel_is_blocked() ? POLLIN | POLLOUT : POLLIN)};
    call6(SYS_ppoll, (long) &ready, 1, 0, 0, 0, 0);
    if ((ready.revents & POLLOUT) != 0) {
        channel_flush();
        streams_catch_up();
    }
    if ((ready.revents & (POLLIN | POLLHUP | POLLERR)) != 0) {
        channel_receive();
    }
}

static _Noreturn void serve(void) {
    for (;;) {
        channel_flush();
        if (is_checkpointed || channel_is_blocked()) {
            await_host();
            continue;
        }
        struct epoll_event ready[EVENTS_AT_ONCE];
        long count = call6(SYS_epoll_pwait, epoll, (long) ready, EVENTS_AT_ONCE, -1, 0, 0);
        for (long i = 0; i < count && !is_checkpointed; i++) {
            on_event(ready[i].data.u64, ready[i].events);
        }
    }
}

static int boot_machine(void) {
    mounts_for_init("");
    boot.mounts_ns = machine_now_ns();
    machine_loosen_bounds();
    machine_load_modules();
    boot.modules_ns = machine_now_ns();
    return machine_open_channel();
}

static int enter_namespaces(char **words) {
    mounts_for_init(words[2]);
    boot.mounts_ns = machine_now_ns();
    boot.modules_ns = boot.mounts_ns;
    int fd = (int) text_number(words[1]);
    call3(SYS_fcntl, fd, F_SETFD, FD_CLOEXEC);
    call3(SYS_fcntl, fd, F_SETFL, O_NONBLOCK);
    return fd;
}

/* The kernel puts argc, argv, NULL, environ, NULL on the stack. */
__attribute__((used)) static _Noreturn void start(long *stack) {
    char **words = (char **) (stack + 1);
    boot.kernel_ns = machine_now_ns();
    machine_measure_ticks();
    if (call3(SYS_getpid, 0, 0, 0) != 1) {
        sys_exit(NOT_STARTED); /* it would kill every process of the machine */
    }
    is_machine = stack[0] < 3;
    signals = processes_watch();
    int channel = is_machine ? boot_machine() : enter_namespaces(words);
    channel_open(channel, &listener);
    epoll = (int) call3(SYS_epoll_create1, O_CLOEXEC, 0, 0);
    streams_use(epoll);
    watch(channel, EVENT_CHANNEL);
    watch(signals, EVENT_SIGNAL);
    machine_raise_loopback();
    machine_measure_ticks();
    boot.channel_ns = machine_now_ns();
    say_ready();
    serve();
}

#if defined(__x86_64__)
__asm__(".globl _start\n_start:\n    xor %ebp, %ebp\n    mov %rsp, %rdi\n    and $-16, %rsp\n    call start\n");
#else
__asm__(".globl _start\n_start:\n    mov x29, #0\n    mov x30, #0\n    mov x0, sp\n    bl start\n");
#endif
