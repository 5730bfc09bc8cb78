/*
 * The first process of a function that has external extensions: starts them, then, when told to, the runtime beside
 * them; reports how each of them ends. No C library, no allocation, no policy: whoever holds the other end of the
 * control socket decides.
 *
 *   init CONTROL_FD OUTPUT_FD HIDDEN [COUNT EXTENSION WORDS..].. COUNT RUNTIME WORDS..
 *
 * COUNT says how many words follow of that process: no word of an image separates, whatever it is.
 *
 * What extensions write goes to OUTPUT_FD, so that it can be told from what the runtime writes. HIDDEN names variables, parted by colons, that only the runtime sees. Extensions start in /, the runtime where init
 * does, each in a process group of its own. Commands are single bytes: S starts the runtime, T sends it SIGTERM, K
 * SIGKILL. Reports are two 32-bit numbers: the index of the process in the command line, and its wait status. The
 * socket keeps message boundaries; at its end init ends, and with it whatever its namespace holds.
 */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <sys/wait.h>

enum { PROCESSES_LIMIT = 64, VARIABLES_LIMIT = 4096, ARGUMENTS = 4, NOT_STARTED = 127 };

typedef struct {
    char **words;
    long pid;
} process;

static process processes[PROCESSES_LIMIT];
static int process_count;
static char *extension_environment[VARIABLES_LIMIT + 1];
static char **environment;
static int extension_output;
static const uint64_t child_signal = 1ULL << (SIGCHLD - 1);

static long call(long number, long a, long b, long c, long d, long e) {
#if defined(__x86_64__)
    long result;
    register long r10 __asm__("r10") = d;
    register long r8 __asm__("r8") = e;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8)
                     : "rcx", "r11", "memory");
    return result;
#elif defined(__aarch64__)
    register long x8 __asm__("x8") = number;
    register long x0 __asm__("x0") = a;
    register long x1 __asm__("x1") = b;
    register long x2 __asm__("x2") = c;
    register long x3 __asm__("x3") = d;
    register long x4 __asm__("x4") = e;
    __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4) : "memory");
    return x0;
#else
#error "x86_64 and arm64 only"
#endif
}

static _Noreturn void leave(int code) {
    for (;;) {
        call(SYS_exit_group, code, 0, 0, 0, 0);
    }
}

/* Whether the variable's name is among the hidden ones. */
static bool is_hidden(const char *variable, const char *hidden) {
    while (*hidden != 0) {
        const char *at = variable;
        while (*hidden != 0 && *hidden != ':' && *hidden == *at) {
            hidden++;
            at++;
        }
        if (*at == '=' && (*hidden == 0 || *hidden == ':')) {
            return true;
        }
        while (*hidden != 0 && *hidden++ != ':') {
        }
    }
    return false;
}

static void hide(const char *hidden) {
    int count = 0;
    for (char **variable = environment; *variable != NULL && count < VARIABLES_LIMIT; variable++) {
        if (!is_hidden(*variable, hidden)) {
            extension_environment[count++] = *variable;
        }
    }
}

static int number(const char *digits) {
    int value = 0;
    for (; *digits >= '0' && *digits <= '9'; digits++) {
        value = value * 10 + (*digits - '0');
    }
    return value;
}

/* Cuts the command line at its counts, which become the ends of the lists of words before them. */
static void cut(char **words) {
    while (*words != NULL) {
        int count = number(*words);
        *words++ = NULL;
        if (process_count == PROCESSES_LIMIT) {
            leave(NOT_STARTED);
        }
        processes[process_count++].words = words;
        while (count-- > 0 && *words != NULL) {
            words++;
        }
    }
}

static void start_process(process *started, bool is_runtime) {
    long pid = call(SYS_clone, SIGCHLD, 0, 0, 0, 0);
    if (pid != 0) {
        started->pid = pid;
        call(SYS_setpgid, pid, pid, 0, 0, 0); /* whoever comes first: a signal to the group must find it */
        return;
    }
    call(SYS_setpgid, 0, 0, 0, 0, 0);
    call(SYS_rt_sigprocmask, SIG_UNBLOCK, (long) &child_signal, 0, sizeof child_signal, 0);
    if (!is_runtime) {
        call(SYS_dup3, extension_output, 1, 0, 0, 0);
        call(SYS_dup3, extension_output, 2, 0, 0, 0);
        call(SYS_chdir, (long) "/", 0, 0, 0, 0);
    }
    char **variables = is_runtime ? environment : extension_environment;
    call(SYS_execve, (long) started->words[0], (long) started->words, (long) variables, 0, 0);
    leave(NOT_STARTED);
}

static void report_ends(int control) {
    int status = 0;
    long pid;
    while ((pid = call(SYS_wait4, -1, (long) &status, WNOHANG, 0, 0)) > 0) {
        for (int i = 0; i < process_count; i++) {
            if (processes[i].pid == pid) {
                int32_t report[2] = {i, status};
                processes[i].pid = 0;
                call(SYS_write, control, (long) report, sizeof report, 0, 0);
            }
        }
    }
}

static void obey(char command) {
    process *runtime = &processes[process_count - 1];
    if (command == 'S' && runtime->pid == 0) {
        start_process(runtime, true);
    } else if (command != 'S' && runtime->pid > 0) {
        call(SYS_kill, -runtime->pid, command == 'K' ? SIGKILL : SIGTERM, 0, 0, 0);
    }
}

static _Noreturn void serve(int control, int signals) {
    for (;;) {
        struct pollfd ready[2] = {{.fd = control, .events = POLLIN}, {.fd = signals, .events = POLLIN}};
        call(SYS_ppoll, (long) ready, 2, 0, 0, 0);
        if (ready[1].revents != 0) {
            char information[128];
            call(SYS_read, signals, (long) information, sizeof information, 0, 0);
            report_ends(control);
        }
        if (ready[0].revents != 0) {
            char command = 0;
            if (call(SYS_read, control, (long) &command, 1, 0, 0) <= 0) {
                leave(0);
            }
            obey(command);
        }
    }
}

/* The kernel puts argc, argv, NULL, environ, NULL on the stack. */
__attribute__((used)) static _Noreturn void start(long *stack) {
    char **words = (char **) (stack + 1);
    environment = words + stack[0] + 1;
    if (stack[0] <= ARGUMENTS) {
        leave(NOT_STARTED);
    }
    int control = number(words[1]);
    extension_output = number(words[2]);
    hide(words[3]);
    cut(words + ARGUMENTS);
    call(SYS_fcntl, control, F_SETFD, FD_CLOEXEC, 0, 0);
    call(SYS_fcntl, extension_output, F_SETFD, FD_CLOEXEC, 0, 0);
    call(SYS_rt_sigprocmask, SIG_BLOCK, (long) &child_signal, 0, sizeof child_signal, 0);
    int signals = (int) call(SYS_signalfd4, -1, (long) &child_signal, sizeof child_signal, O_CLOEXEC | O_NONBLOCK, 0);
    for (int i = 0; i < process_count - 1; i++) {
        start_process(&processes[i], false);
    }
    serve(control, signals);
}

#if defined(__x86_64__)
__asm__(".globl _start\n_start:\n    xor %ebp, %ebp\n    mov %rsp, %rdi\n    and $-16, %rsp\n    call start\n");
#else
__asm__(".globl _start\n_start:\n    mov x29, #0\n    mov x30, #0\n    mov x0, sp\n    bl start\n");
#endif
