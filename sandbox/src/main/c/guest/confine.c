#include "confine.h"

#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "stats.h"
#include "text.h"

#define DESCRIPTORS_MAX 1024

_Noreturn void confine_failed(const char *what, const char *where) {
    line told;
    line_add(line_add(line_add(line_start(&told, what), " "), where), "\n");
    sys_write(2, told.text, told.length);
    sys_exit(NOT_STARTED);
}

static void must(long result, const char *what, const char *where) {
    if (result < 0) {
        confine_failed(what, where);
    }
}

static void drop_capabilities(void) {
    for (int capability = 0; capability <= CAP_LAST_CAP; capability++) {
        call6(SYS_prctl, PR_CAPBSET_DROP, capability, 0, 0, 0, 0);
    }
    call6(SYS_prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0, 0);
}

static void limit(int resource, rlim_t most, const char *what) {
    struct rlimit limit = {most, most};
    must(call6(SYS_prlimit64, 0, resource, (long) &limit, 0, 0, 0), "cannot be allowed", what);
}

/*
 * As many processes as the control group lets it have (the kernel's default goes by the machine's memory), and
 * descriptors as the service lets a function have (contract.md section 18).
 */
static void limit_resources(const guest_spec *spec) {
    limit(RLIMIT_NPROC, spec->processes_max, "processes");
    limit(RLIMIT_NOFILE, DESCRIPTORS_MAX, "descriptors");
}

/* Leaving root's numbers behind takes every capability along. */
static void become_user(const guest_spec *spec) {
    must(call3(SYS_setgroups, 0, 0, 0), "cannot leave groups", "");
    must(call3(SYS_setresgid, spec->group, spec->group, spec->group), "cannot become the function's group", "");
    must(call3(SYS_setresuid, spec->user, spec->user, spec->user), "cannot become the function's user", "");
}

static void filter_calls(const guest_spec *spec) {
    if (spec->filter_bytes == 0) {
        return;
    }
    struct sock_fprog program = {
        .len = (unsigned short) (spec->filter_bytes / sizeof(struct sock_filter)),
        .filter = (struct sock_filter *) (uintptr_t) spec->filter,
    };
    must(call3(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, (long) &program), "cannot filter system calls", "");
}

void confine(const char *root, const char *directory, const guest_spec *spec) {
    must(group_join(), "cannot join the function's control group", "");
    must(call3(SYS_chroot, (long) root, 0, 0), "cannot enter", root);
    must(call3(SYS_chdir, (long) directory, 0, 0), "cannot enter", directory);
    limit_resources(spec);
    drop_capabilities();
    become_user(spec);
    must(call6(SYS_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0, 0), "cannot give up new privileges", "");
    filter_calls(spec);
}
