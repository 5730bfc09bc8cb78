#include "machine.h"

#include <linux/random.h>
#include <linux/reboot.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>

#include <linux/vm_sockets.h> /* knows sockets only behind those above */

#include "channel.h"
#include "frames.h"
#include "text.h"

enum {
    CHANNEL_WAIT_ROUNDS = 50000,
    DIRECTORY_BYTES = 2048,
    CHANNEL_PORT = 9001, /* FirecrackerControl has the same number */
};

static const char port_name[] = "dev.thaw.channel";
static const char ports[] = "/sys/class/virtio-ports";

static void pause_ns(int64_t ns) {
    int64_t wait[2] = {0, ns};
    call3(SYS_nanosleep, (long) wait, 0, 0);
}

struct directory_entry {
    uint64_t inode;
    int64_t offset;
    uint16_t length;
    uint8_t type;
    char name[];
};

static int open_if_ours(const char *entry) {
    line path;
    char name[64];
    line_add(line_add(line_add(line_start(&path, ports), "/"), entry), "/name");
    read_text(path.text, name, sizeof name);
    if (!text_same(name, port_name)) {
        return -1;
    }
    line_add(line_start(&path, "/dev/"), entry);
    return (int) sys_open(path.text, O_RDWR | O_NONBLOCK, 0);
}

static int find_port(void) {
    char entries[DIRECTORY_BYTES];
    int folder = (int) sys_open(ports, O_RDONLY | O_DIRECTORY, 0);
    long count = folder < 0 ? 0 : call3(SYS_getdents64, folder, (long) entries, sizeof entries);
    sys_close(folder);
    int port = -1;
    for (long at = 0; at < count && port < 0;) {
        struct directory_entry *entry = (struct directory_entry *) (entries + at);
        port = open_if_ours(entry->name);
        at += entry->length;
    }
    return port;
}

/* A connection to the host, or a negated errno. */
static int connect_to_host(void) {
    struct sockaddr_vm host = {.svm_family = AF_VSOCK, .svm_port = CHANNEL_PORT, .svm_cid = VMADDR_CID_HOST};
    int fd = (int) call3(SYS_socket, AF_VSOCK, SOCK_STREAM | SOCK_CLOEXEC, 0);
    long result = fd < 0 ? fd : call3(SYS_connect, fd, (long) &host, sizeof host);
    if (result < 0) {
        sys_close(fd);
        return (int) result;
    }
    call3(SYS_fcntl, fd, F_SETFL, O_NONBLOCK);
    return fd;
}

int machine_open_channel(void) {
    int channel = -1;
    for (int round = 0; channel < 0 && round < CHANNEL_WAIT_ROUNDS; round++) {
        if (round > 0) {
            pause_ns(100000);
        }
        channel = machine_is_firecracker() ? connect_to_host() : find_port();
    }
    if (channel < 0) {
        channel_panic(machine_is_firecracker() ? "the host takes no connection" : "there is no port named dev.thaw.channel");
    }
    return channel;
}

void machine_raise_loopback(void) {
    int fd = (int) call3(SYS_socket, AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    struct ifreq loopback = {.ifr_name = "lo"};
    loopback.ifr_flags = IFF_UP;
    long result = sys_ioctl(fd, SIOCSIFFLAGS, &loopback);
    if (result < 0) {
        channel_fault_of("cannot raise", "lo", result);
    }
    sys_close(fd);
}

void machine_name(const char *name) {
    if (name != NULL) {
        call3(SYS_sethostname, (long) name, (long) text_length(name), 0);
    }
}

void machine_loosen_bounds(void) {
    write_text("/proc/sys/kernel/threads-max", "8192");
    write_text("/proc/sys/vm/overcommit_memory", "1");
    write_text("/sys/kernel/mm/transparent_hugepage/enabled", "madvise");
}

uint64_t machine_now_ns(void) {
    struct timespec now = {0};
    call3(SYS_clock_gettime, CLOCK_BOOTTIME, (long) &now, 0);
    return (uint64_t) now.tv_sec * 1000000000U + (uint64_t) now.tv_nsec;
}

static uint64_t ticks_per_ms;

uint64_t machine_ticks(void) {
#if defined(__x86_64__)
    return __builtin_ia32_rdtsc();
#else
    uint64_t ticks;
    __asm__ volatile("mrs %0, cntvct_el0" : "=r"(ticks));
    return ticks;
#endif
}

uint64_t machine_ticks_per_ms(void) {
    return ticks_per_ms;
}

void machine_measure_ticks(void) {
    static uint64_t began_ns, began_ticks;
    uint64_t now_ns = machine_now_ns();
    uint64_t now_ticks = machine_ticks();
    if (now_ns > began_ns && began_ns > 0) {
        ticks_per_ms = (now_ticks - began_ticks) * 1000 / ((now_ns - began_ns) / 1000 + 1);
    }
    began_ns = now_ns;
    began_ticks = now_ticks;
}

void machine_set_clock(uint64_t epoch_ns) {
    struct timespec now = {
        .tv_sec = (time_t) (epoch_ns / 1000000000U),
        .tv_nsec = (long) (epoch_ns % 1000000000U),
    };
    long result = call3(SYS_clock_settime, CLOCK_REALTIME, (long) &now, 0);
    if (result < 0) {
        channel_fault_of("cannot set", "the clock", result);
    }
}

void machine_stir(const char *entropy) {
    struct {
        int bits;
        int bytes;
        char content[ENTROPY_BYTES];
    } fresh = {.bits = ENTROPY_BYTES * 8, .bytes = ENTROPY_BYTES};
    memcpy(fresh.content, entropy, ENTROPY_BYTES);
    int fd = (int) sys_open("/dev/urandom", O_RDWR, 0);
    long result = sys_ioctl(fd, RNDADDENTROPY, &fresh);
    if (result == 0) {
        result = sys_ioctl(fd, RNDRESEEDCRNG, NULL);
    }
    if (result < 0) {
        channel_fault_of("cannot mix entropy into", "/dev/urandom", result);
    }
    sys_close(fd);
}

_Noreturn void machine_power_off(void) {
    /* Firecracker has no switch to turn off; at a reset it ends. */
    unsigned command = machine_is_firecracker() ? LINUX_REBOOT_CMD_RESTART : LINUX_REBOOT_CMD_POWER_OFF;
    call6(SYS_reboot, LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2, command, 0, 0, 0);
    sys_exit(0);
}
