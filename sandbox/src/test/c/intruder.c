/*
 * A function that tries to get out of its sandbox, or to harm what is beside it, for the tests of isolation. It prints
 * what came of each attempt, NAME=RESULT a line: OK, or the name of the error.
 *
 *   intruder attack PORT FILE    everything; the host listens at PORT, and has FILE
 *   intruder stay WORD           says WORD to the Runtime API and in /tmp, and keeps it in memory
 *   intruder fill                takes memory until it is killed
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/random.h>
#include <sys/reboot.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { API_PORT = 9001, CHILDREN_MAX = 8192, DESCRIPTORS_TRIED = 8192, MIB = 1 << 20 };

static void tell(const char *name, long result) {
    printf("%s=%s\n", name, result >= 0 ? "OK" : strerrorname_np(errno));
    fflush(stdout);
}

static int reach(const char *address, int port) {
    int family = strchr(address, ':') != NULL ? AF_INET6 : AF_INET;
    struct sockaddr_in to4 = {.sin_family = AF_INET, .sin_port = htons((uint16_t) port)};
    struct sockaddr_in6 to6 = {.sin6_family = AF_INET6, .sin6_port = htons((uint16_t) port)};
    inet_pton(family, address, family == AF_INET ? (void *) &to4.sin_addr : (void *) &to6.sin6_addr);
    int fd = socket(family, SOCK_STREAM, 0);
    int result = fd < 0 ? -1
            : family == AF_INET ? connect(fd, (struct sockaddr *) &to4, sizeof to4)
                                : connect(fd, (struct sockaddr *) &to6, sizeof to6);
    return result < 0 ? -1 : fd;
}

static void attack_network(int port) {
    tell("host's port", reach("127.0.0.1", port));
    tell("host's port by IPv6", reach("::1", port));
    tell("another host", reach("192.0.2.1", 80));
    tell("an emulated gateway", reach("10.0.2.2", 80));
    tell("another host by IPv6", reach("2001:db8::1", 80));
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(53)};
    inet_pton(AF_INET, "192.0.2.1", &to.sin_addr);
    tell("a datagram", sendto(socket(AF_INET, SOCK_DGRAM, 0), "?", 1, 0, (struct sockaddr *) &to, sizeof to));
    tell("packets", socket(AF_PACKET, SOCK_RAW, htons(3)));
    tell("raw sockets", socket(AF_INET, SOCK_RAW, IPPROTO_ICMP));
    tell("sockets to a hypervisor", socket(40 /* AF_VSOCK */, SOCK_STREAM, 0));
    tell("the kernel's ciphers", socket(38 /* AF_ALG */, SOCK_SEQPACKET, 0));
}

static void open_to_read(const char *path) {
    char name[256];
    snprintf(name, sizeof name, "read %s", path);
    int fd = open(path, O_RDONLY);
    char byte;
    tell(name, fd < 0 ? -1 : read(fd, &byte, 1));
}

static void open_to_write(const char *path) {
    char name[256];
    snprintf(name, sizeof name, "write %s", path);
    tell(name, open(path, O_WRONLY | O_CREAT, 0600));
}

static void attack_files(const char *of_host) {
    printf("host's file=%s\n", access(of_host, F_OK) == 0 ? "OK" : strerrorname_np(errno));
    printf("neighbour's file=%s\n", access("/tmp/word", F_OK) == 0 ? "OK" : strerrorname_np(errno));
    static const char *const readable[] = {"/etc/shadow", "/proc/kcore", "/dev/mem", "/dev/kmem", "/dev/port", "/dev/kvm", "/dev/vda", "/dev/vport0p1",
            "/dev/vsock", "/dev/fuse", "/sys/kernel/uevent_seqnum",
            "/root/.bashrc", "/home/.", "/boot/vmlinuz", "/run/docker.sock"};
    for (size_t i = 0; i < sizeof readable / sizeof *readable; i++) {
        open_to_read(readable[i]);
    }
    static const char *const writable[] = {"/x", "/usr/x", "/etc/x", "/opt/x", "/var/task/x", "/var/task/bootstrap",
            "/dev/x", "/dev/shm/x", "/proc/sysrq-trigger", "/proc/sys/kernel/core_pattern", "/proc/sys/vm/overcommit_memory"};
    for (size_t i = 0; i < sizeof writable / sizeof *writable; i++) {
        open_to_write(writable[i]);
    }
    tell("change the mode of code", chmod("/var/task/bootstrap", 0777));
}

static void attack_machine(void) {
    tell("become root", setuid(0));
    tell("mount", mount("none", "/tmp", "tmpfs", 0, NULL));
    tell("unshare", unshare(CLONE_NEWUSER | CLONE_NEWNS));
    tell("enter a namespace", setns(open("/proc/1/ns/mnt", O_RDONLY), 0));
    tell("change root", chroot("/tmp"));
    tell("make a device", mknod("/tmp/memory", S_IFCHR | 0600, makedev(1, 1)));
    tell("restart", reboot(RB_AUTOBOOT));
    tell("load a module", syscall(SYS_init_module, "", 0, ""));
    tell("load a kernel", syscall(SYS_kexec_load, 0L, 0L, NULL, 0L));
    tell("load a program into the kernel", syscall(SYS_bpf, 0, NULL, 0));
    tell("watch the processor", syscall(SYS_perf_event_open, NULL, 0, -1, -1, 0));
    tell("rings of the kernel", syscall(SYS_io_uring_setup, 8, NULL));
    tell("handle page faults", syscall(SYS_userfaultfd, 0));
    tell("keys of the kernel", syscall(SYS_keyctl, 0, 0, 0, 0, 0));
    tell("trace process 1", ptrace(PTRACE_ATTACH, 1, NULL, NULL));
    char byte;
    struct iovec here = {&byte, 1};
    struct iovec there = {(void *) (uintptr_t) 0x400000, 1};
    tell("read memory of process 1", process_vm_readv(1, &here, 1, &there, 1, 0));
    struct timeval then = {1, 0};
    tell("set the clock", settimeofday(&then, NULL));
    tell("name the host", sethostname("x", 1));
    tell("swap", syscall(SYS_swapoff, "/tmp/x"));
    tell("read the kernel's log", klogctl(3, &byte, 1));
    tell("lower the nice value", setpriority(0, 0, -20));
}

static void print_file(const char *name, const char *path, const char *key) {
    char text[8192];
    int fd = open(path, O_RDONLY);
    long count = fd < 0 ? 0 : read(fd, text, sizeof text - 1);
    text[count < 0 ? 0 : count] = 0;
    char *at = strstr(text, key);
    at = at == NULL ? "" : at + strlen(key);
    printf("%s=%.*s\n", name, (int) strcspn(at, "\n"), at);
    close(fd);
}

static void tell_facts(void) {
    print_file("environment of process 1", "/proc/1/environ", "");
    print_file("no new privileges", "/proc/self/status", "NoNewPrivs:\t");
    print_file("filter", "/proc/self/status", "Seccomp:\t");
    print_file("effective capabilities", "/proc/self/status", "CapEff:\t");
    print_file("permitted capabilities", "/proc/self/status", "CapPrm:\t");
    print_file("bounding capabilities", "/proc/self/status", "CapBnd:\t");
    print_file("ambient capabilities", "/proc/self/status", "CapAmb:\t");
    printf("groups=%d\n", getgroups(0, NULL));
    printf("user=%u\n", getuid());
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    printf("epochMs=%lld\n", (long long) now.tv_sec * 1000 + now.tv_nsec / 1000000);
}

static void tell_entropy(void) {
    unsigned char random[16];
    printf("entropy=");
    if (getrandom(random, sizeof random, GRND_NONBLOCK) == sizeof random) {
        for (size_t i = 0; i < sizeof random; i++) {
            printf("%02x", random[i]);
        }
    }
    puts("");
}

/* Itself, and those of others where their memory is in reach. */
static void count_intruders(void) {
    int count = 0;
    DIR *processes = opendir("/proc");
    for (struct dirent *process; (process = readdir(processes)) != NULL;) {
        if (strspn(process->d_name, "0123456789") == 0) {
            continue;
        }
        char path[300], name[32] = "";
        snprintf(path, sizeof path, "/proc/%s/comm", process->d_name);
        int fd = open(path, O_RDONLY);
        if (fd >= 0 && read(fd, name, sizeof name - 1) > 0) {
            count += strcmp(name, "intruder\n") == 0;
        }
        close(fd);
    }
    printf("intruders in sight=%d\n", count);
}

static int wait_for_ever(void *nothing) {
    for (;;) {
        syscall(SYS_ppoll, NULL, 0, NULL, NULL, 0);
    }
    return nothing != NULL;
}

/* As many descriptors as there can be: the last one's number. */
static void exhaust_descriptors(void) {
    int first = dup(0);
    int last = first;
    for (int next = first; next >= 0 && last < DESCRIPTORS_TRIED; next = dup(0)) {
        last = next;
    }
    printf("descriptors=%d %s\n", last, last < DESCRIPTORS_TRIED ? strerrorname_np(errno) : "OK");
    close_range(first, last, 0);
}

/* As many processes as there can be. They share their memory, even the stack: they never return from their only call. */
static void exhaust_processes(void) {
    static _Alignas(16) char stack[4096];
    static pid_t children[CHILDREN_MAX];
    int count = 0;
    int reason = 0;
    while (count < CHILDREN_MAX && reason == 0) {
        pid_t child = clone(wait_for_ever, stack + sizeof stack, CLONE_VM | SIGCHLD, NULL);
        if (child < 0) {
            reason = errno;
        } else {
            children[count++] = child;
        }
    }
    printf("processes=%d %s\n", count, reason == 0 ? "OK" : strerrorname_np(reason));
    for (int i = 0; i < count; i++) {
        kill(children[i], SIGKILL);
    }
    while (wait(NULL) > 0) {
    }
}

static void exhaust_disk(void) {
    static char block[MIB];
    int fd = open("/tmp/fill", O_WRONLY | O_CREAT | O_TRUNC, 0600);
    long written = 0;
    long result;
    while ((result = write(fd, block, sizeof block)) > 0) {
        written += result;
    }
    printf("disk=%ld %s\n", written, result == 0 ? "OK" : strerrorname_np(errno));
    close(fd);
    unlink("/tmp/fill");
}

/* Says a word to whom it takes for the Runtime API. */
static void say(const char *word) {
    int fd = reach("127.0.0.1", API_PORT);
    tell("Runtime API", fd);
    if (fd >= 0 && write(fd, word, strlen(word)) > 0) {
        shutdown(fd, SHUT_WR);
        char byte;
        if (read(fd, &byte, 1) < 0) { /* until it was heard */
            tell("answer", -1);
        }
    }
}

static void stay(const char *word) {
    FILE *file = fopen("/tmp/word", "w");
    fputs(word, file);
    fclose(file);
    say(word);
    tell_entropy();
    puts("staying");
    fflush(stdout);
    for (;;) {
        pause();
    }
}

static void fill(void) {
    puts("filling");
    fflush(stdout);
    size_t size = 16 * MIB;
    for (;;) {
        char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        madvise(memory, size, MADV_HUGEPAGE); /* fewer faults: an emulated machine takes long over each */
        for (size_t at = 0; memory != MAP_FAILED && at < size; at += 4096) {
            memory[at] = 1;
        }
    }
}

int main(int count, char **words) {
    if (strcmp(words[1], "stay") == 0) {
        stay(words[2]);
    } else if (strcmp(words[1], "fill") == 0) {
        fill();
    } else if (count == 4) {
        tell_facts();
        tell_entropy();
        count_intruders();
        attack_network(atoi(words[2]));
        attack_files(words[3]);
        attack_machine();
        exhaust_descriptors();
        exhaust_processes();
        exhaust_disk();
        say("intruder");
    }
    return 0;
}
