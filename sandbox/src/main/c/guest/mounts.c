#include "mounts.h"

#include <linux/fs.h>
#include <linux/mount.h>

#include "channel.h"

enum { DEVICE_WAIT_MS = 5000 };

static const char *base = "";
static line complaint;
static line root;
static line groups;

/* Files that a root image may have, and that say the same in every guest. */
static const char hosts[] = "127.0.0.1 localhost sandbox.localdomain sandbox\n";

const char *mounts_path(line *to, const char *path) {
    return line_add(line_start(to, base), path)->text;
}

static long mount_at(const char *source, const char *path, const char *type, long flags, const char *options) {
    line target;
    mounts_path(&target, path);
    sys_mkdir(target.text, 0755);
    return sys_mount(source, target.text, type, flags, options);
}

void mounts_for_init(const char *below) {
    base = below;
    long flags = MS_NOSUID | MS_NODEV | MS_NOEXEC;
    mount_at("proc", "/proc", "proc", flags, NULL);
    mount_at("sysfs", "/sys", "sysfs", flags, NULL);
    mount_at("devtmpfs", "/dev", "devtmpfs", MS_NOSUID | MS_NOEXEC, NULL);
    mount_at("tmpfs", "/run", "tmpfs", flags, "mode=755");
    line folder;
    sys_mkdir(mounts_path(&folder, "/root"), 0755);
    sys_mkdir(mounts_path(&folder, "/image"), 0755);
    mounts_path(&root, "/root");
}

const char *mounts_groups(void) {
    long result = mount_at("cgroup2", "/run/groups", "cgroup2", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
    mounts_path(&groups, "/run/groups");
    if (result < 0) {
        channel_fault_of("cannot mount", groups.text, result);
    }
    return groups.text;
}

const char *mounts_root(void) {
    return root.text;
}

static const char *failed(const char *what, const char *path, long negated_errno) {
    line_add(line_add(line_add(line_start(&complaint, what), " "), path), ": errno ");
    return line_number(&complaint, (uint64_t) -negated_errno)->text;
}

/* A device is there a while after its driver. */
static long open_device(const char *path) {
    long fd = sys_open(path, O_RDONLY, 0);
    for (int ms = 0; fd == -ENOENT && ms < DEVICE_WAIT_MS; ms++) {
        int64_t wait[2] = {0, 1000000};
        call3(SYS_nanosleep, (long) wait, 0, 0);
        fd = sys_open(path, O_RDONLY, 0);
    }
    return fd;
}

/* What was read of the device before the host wrote to it is forgotten. */
static long forget_buffers(const char *device) {
    long fd = open_device(device);
    if (fd < 0) {
        return fd;
    }
    long result = sys_ioctl((int) fd, BLKFLSBUF, NULL);
    sys_close((int) fd);
    return result;
}

static const char *mount_one(const spec_mount *asked) {
    line source, target;
    mounts_path(&target, asked->target);
    long result;
    if (asked->is_device) {
        result = forget_buffers(asked->source);
        if (result < 0) {
            return failed("cannot open", asked->source, result);
        }
        result = sys_mount(asked->source, target.text, asked->type, MS_RDONLY | MS_NOSUID | MS_NODEV, NULL);
        return result < 0 ? failed("cannot mount", asked->source, result) : NULL;
    }
    mounts_path(&source, asked->source);
    result = sys_mount(source.text, target.text, NULL, MS_BIND, NULL);
    if (result == 0) {
        result = sys_mount(NULL, target.text, NULL, MS_BIND | MS_REMOUNT | MS_RDONLY | MS_NOSUID | MS_NODEV, NULL);
    }
    return result < 0 ? failed("cannot bind", target.text, result) : NULL;
}

/* Binds a device of init's at the same path of the function's. */
static void give_device(const char *path) {
    line source, target;
    mounts_path(&source, path);
    line_add(line_start(&target, root.text), path);
    sys_close((int) sys_open(target.text, O_CREAT | O_WRONLY, 0444));
    sys_mount(source.text, target.text, NULL, MS_BIND, NULL);
}

static void give_link(const char *content, const char *path) {
    line target;
    line_add(line_start(&target, root.text), path);
    sys_symlink(content, target.text);
}

static long mount_inside(const char *type, const char *path, long flags, const char *options) {
    line target;
    line_add(line_start(&target, root.text), path);
    return sys_mount(type, target.text, type, flags, options);
}

static const char *mount_devices(void) {
    long result = mount_inside("tmpfs", "/dev", MS_NOSUID | MS_NOEXEC, "size=64k,mode=755");
    if (result < 0) {
        return failed("cannot mount", "/dev of the root image", result);
    }
    static const char *const devices[] = {"/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"};
    for (size_t i = 0; i < sizeof devices / sizeof *devices; i++) {
        give_device(devices[i]);
    }
    give_link("/proc/self/fd", "/dev/fd");
    give_link("/proc/self/fd/0", "/dev/stdin");
    give_link("/proc/self/fd/1", "/dev/stdout");
    give_link("/proc/self/fd/2", "/dev/stderr");
    mount_inside("tmpfs", "/dev", MS_REMOUNT | MS_NOSUID | MS_NOEXEC | MS_RDONLY, "size=64k,mode=755");
    return NULL;
}

/* An image without the file has no place to put it. */
static void give_file(const char *path, const char *name, const char *content) {
    line source, target;
    mounts_path(&source, "/run/");
    line_add(&source, name);
    line_add(line_start(&target, root.text), path);
    int fd = (int) sys_open(source.text, O_CREAT | O_WRONLY | O_TRUNC, 0444);
    sys_write(fd, content, text_length(content));
    sys_close(fd);
    sys_mount(source.text, target.text, NULL, MS_BIND, NULL);
}

const char *mounts_for_function(const guest_spec *spec) {
    for (int i = 0; i < spec->mount_count; i++) {
        const char *problem = mount_one(&spec->mounts[i]);
        if (problem != NULL) {
            return problem;
        }
    }
    const char *problem = mount_devices();
    if (problem != NULL) {
        return problem;
    }
    long result = mount_inside("proc", "/proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
    if (result < 0) {
        return failed("cannot mount", "/proc of the root image", result);
    }
    line options;
    line_number(line_start(&options, "mode=1777,size="), spec->tmp_bytes);
    result = mount_inside("tmpfs", "/tmp", MS_NOSUID | MS_NODEV, options.text);
    if (result < 0) {
        return failed("cannot mount", "/tmp of the root image", result);
    }
    give_file("/etc/hosts", "hosts", hosts);
    give_file("/etc/resolv.conf", "resolv.conf", "");
    return NULL;
}
