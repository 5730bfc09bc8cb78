#include "processes.h"

#include <signal.h>
#include <sys/signalfd.h>
#include <sys/wait.h>

#include "channel.h"
#include "confine.h"
#include "spec.h"
#include "stats.h"
#include "streams.h"
#include "text.h"

static long pids[PROCESSES_MAX];
static bool started[PROCESSES_MAX];
static const char *root_folder;
static int signals = -1;
/* What the next processes write to; -1 where nobody may still be started who would. */
static int output = -1;
static int extension_output = -1;
static const uint64_t held_back = 1ULL << (SIGCHLD - 1) | 1ULL << (SIGPIPE - 1);
static const uint64_t child_signal = 1ULL << (SIGCHLD - 1);

int processes_watch(void) {
    call6(SYS_rt_sigprocmask, SIG_BLOCK, (long) &held_back, 0, sizeof held_back, 0, 0);
    signals = (int) call6(
            SYS_signalfd4, -1, (long) &child_signal, sizeof child_signal, SFD_CLOEXEC | SFD_NONBLOCK, 0, 0);
    return signals;
}

static int open_output(int stream) {
    int ends[2] = {-1, -1};
    if (call3(SYS_pipe2, (long) ends, O_CLOEXEC, 0) < 0) {
        channel_panic("no pipe for what the function writes");
    }
    call3(SYS_fcntl, ends[0], F_SETFL, O_NONBLOCK);
    streams_open_output(stream, ends[0]);
    return ends[1];
}

static int runtime_index(void) {
    return spec_get()->process_count - 1;
}

void processes_prepare(const char *root) {
    root_folder = root;
    memset(started, 0, sizeof started);
    output = open_output(STREAM_OUTPUT);
    if (runtime_index() > 0) {
        extension_output = open_output(STREAM_EXTENSION_OUTPUT);
    }
}

static _Noreturn void become(int index) {
    const guest_spec *spec = spec_get();
    bool is_runtime = index == runtime_index();
    int written = is_runtime ? output : extension_output;
    call3(SYS_setpgid, 0, 0, 0);
    call6(SYS_rt_sigprocmask, SIG_UNBLOCK, (long) &held_back, 0, sizeof held_back, 0, 0);
    call3(SYS_dup3, sys_open("/dev/null", O_RDONLY, 0), 0, 0);
    call3(SYS_dup3, written, 1, 0);
    call3(SYS_dup3, written, 2, 0);
    confine(root_folder, is_runtime ? spec->directory : "/", spec);
    char *const *variables = is_runtime ? spec->variables : spec->extension_variables;
    char **words = spec->processes[index];
    call3(SYS_execve, (long) words[0], (long) words, (long) variables);
    confine_failed("cannot execute", words[0]);
}

static long fork_here(void) {
    return call6(SYS_clone, SIGCHLD, 0, 0, 0, 0, 0);
}

static void start(int index) {
    if (started[index]) {
        return;
    }
    started[index] = true;
    long pid = fork_here();
    if (pid == 0) {
        become(index);
    }
    if (pid < 0) {
        channel_fault_of("cannot start", spec_get()->processes[index][0], pid);
        int32_t ended[2] = {index, NOT_STARTED << 8};
        channel_send(FRAME_EXITED, 0, ended, sizeof ended);
        return;
    }
    pids[index] = pid;
    call3(SYS_setpgid, pid, pid, 0); /* whoever comes first: a signal to the group must find it */
}

/* The end of an output is seen once nobody here could write to it any more. */
static void close_ends(void) {
    sys_close(output);
    sys_close(extension_output);
    output = -1;
    extension_output = -1;
}

void processes_start(void) {
    int last = runtime_index();
    for (int i = 0; i < last; i++) {
        start(i);
    }
    if (last == 0) {
        processes_start_runtime();
    }
}

void processes_start_runtime(void) {
    if (output >= 0) {
        start(runtime_index());
        close_ends();
    }
}

void processes_signal_runtime(int signal) {
    long pid = pids[runtime_index()];
    if (pid > 0) {
        sys_kill(-pid, signal);
    }
}

void processes_kill_all(void) {
    sys_kill(-1, SIGKILL);
}

/* In the function's group, but not to be killed for it: its pages cannot be reclaimed, so others must go. */
static _Noreturn void fill_memory(void) {
    static char block[65536];
    write_text("/proc/self/oom_score_adj", "-1000");
    long file = group_join() < 0 ? -1 : call3(SYS_memfd_create, (long) "filler", 0, 0);
    memset(block, 1, sizeof block);
    for (uint64_t left = spec_get()->memory_bytes; file >= 0 && left > 0; left -= sizeof block) {
        if (sys_write((int) file, block, sizeof block) <= 0) {
            break;
        }
    }
    sys_exit(0);
}

void processes_exhaust_memory(void) {
    if (fork_here() == 0) {
        fill_memory();
    }
}

static void report_end(long pid, int status) {
    for (int i = 0; i < spec_get()->process_count; i++) {
        if (pids[i] == pid) {
            pids[i] = 0;
            streams_drain_outputs(); /* what it wrote comes before its end */
            stats_push();
            stats_push_kills();
            int32_t ended[2] = {i, status};
            channel_send(FRAME_EXITED, 0, ended, sizeof ended);
        }
    }
}

void processes_reap(void) {
    char information[sizeof(struct signalfd_siginfo)];
    sys_read(signals, information, sizeof information);
    int status = 0;
    long pid;
    while ((pid = call6(SYS_wait4, -1, (long) &status, WNOHANG, 0, 0, 0)) > 0) {
        report_end(pid, status);
    }
}

void processes_reset(void) {
    long pid;
    do {
        processes_kill_all(); /* again, for what a dying one had still begun */
        pid = call6(SYS_wait4, -1, 0, 0, 0, 0, 0);
    } while (pid > 0 || pid == -EINTR);
    memset(pids, 0, sizeof pids);
    close_ends();
    streams_drain_outputs();
    streams_end_all();
    processes_prepare(root_folder);
}
