#include "machine.h"

#include <linux/random.h>
#include <linux/reboot.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <time.h>

#include "channel.h"
#include "frames.h"
#include "text.h"

enum { PORT_WAIT_ROUNDS = 50000, DIRECTORY_BYTES = 2048 };

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

int machine_open_port(void) {
    int port = find_port();
    for (int round = 0; port < 0 && round < PORT_WAIT_ROUNDS; round++) {
        pause_ns(100000);
        port = find_port();
    }
    if (port < 0) {
        channel_panic("there is no port named dev.thaw.channel");
    }
    return port;
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

uint64_t machine_now_ns(void) {
    struct timespec now = {0};
    call3(SYS_clock_gettime, CLOCK_BOOTTIME, (long) &now, 0);
    return (uint64_t) now.tv_sec * 1000000000U + (uint64_t) now.tv_nsec;
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
    channel_flush();
    call6(SYS_reboot, LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2, LINUX_REBOOT_CMD_POWER_OFF, 0, 0, 0);
    sys_exit(0);
}
