#include "stats.h"

#include "channel.h"
#include "machine.h"
#include "text.h"

enum { SHORT_MS = 1, AGE_MS = 100 };

static int members_fd = -1;
static int peak_fd = -1;
static int events_fd = -1;
/* As the host knows them. */
static struct {
    uint64_t peak_bytes;
    uint64_t oom_kills;
} told;

static void limit(const char *group, const char *file, uint64_t value) {
    line path, number;
    line_add(line_add(line_start(&path, group), "/"), file);
    line_number(line_start(&number, ""), value);
    long result = write_text(path.text, number.text);
    if (result < 0) {
        channel_fault_of("cannot limit", path.text, result);
    }
}

static int open_in(const char *group, const char *file, int flags) {
    line path;
    line_add(line_add(line_start(&path, group), "/"), file);
    return (int) sys_open(path.text, flags, 0);
}

void group_make(const char *tree, const guest_spec *spec) {
    line path;
    line_add(line_start(&path, tree), "/cgroup.subtree_control");
    long result = write_text(path.text, "+memory +pids");
    if (result < 0) {
        channel_fault_of("no controllers of memory and processes:", path.text, result);
    }
    line_add(line_start(&path, tree), "/function");
    sys_mkdir(path.text, 0755);
    members_fd = open_in(path.text, "cgroup.procs", O_WRONLY);
    if (result >= 0) {
        limit(path.text, "memory.max", spec->memory_bytes);
        limit(path.text, "pids.max", spec->processes_max);
        peak_fd = open_in(path.text, "memory.peak", O_RDONLY);
        events_fd = open_in(path.text, "memory.events", O_RDONLY);
    }
}

long group_join(void) {
    return sys_write(members_fd, "0", 1);
}

static const char *read_again(int fd, char *text, size_t size) {
    long count = fd < 0 ? 0 : call6(SYS_pread64, fd, (long) text, (long) size - 1, 0, 0, 0);
    text[count < 0 ? 0 : count] = 0;
    return text;
}

static uint64_t oom_kills(void) {
    char text[512];
    for (const char *at = read_again(events_fd, text, sizeof text); *at != 0; at++) {
        const char *count = text_after(at, "oom_kill ");
        if (count != NULL) {
            return text_number(count);
        }
    }
    return 0;
}

void stats_push(void) {
    char text[32];
    uint64_t peak = text_number(read_again(peak_fd, text, sizeof text));
    if (peak > told.peak_bytes) {
        told.peak_bytes = peak;
        channel_send(FRAME_STATS_IS, 0, &told, sizeof told);
    }
}

/* What took less than a millisecond had no time to touch more than a few MB: SandboxUsage on the host has the same rule. */
void stats_push_after(uint64_t began) {
    static uint64_t pushed;
    uint64_t now = machine_ticks();
    uint64_t ms = machine_ticks_per_ms();
    if (now - began >= SHORT_MS * ms || now - pushed >= AGE_MS * ms) {
        pushed = now;
        stats_push();
    }
}

void stats_push_kills(void) {
    uint64_t kills = oom_kills();
    if (kills != told.oom_kills) {
        told.oom_kills = kills;
        channel_send(FRAME_STATS_IS, 0, &told, sizeof told);
    }
}
