package dev.thaw.sandbox;

/**
 * One piece of the process backend that can be missing on a host, or be switched off to see what it is worth. Each goes
 * alone: the rest stays.
 */
public enum Notch {
    /** Bubblewrap and with it every namespace: a function is a plain process of this user. */
    BUBBLEWRAP,
    /** A user id of its own on the host: the function's files and signals count as this user's. */
    UNPRIVILEGED_USER,
    /** A network of its own: the function shares the host's, and the Runtime API gets a port chosen by the kernel. */
    NETWORK_NAMESPACE,
    /** The system call filter. */
    SECCOMP,
    /** A bound on {@code /tmp}: it may grow to the host's memory (as root) or disk instead. */
    TMP_LIMIT,
    /** CPU share by memory. */
    CPU_QUOTA,
    /** Memory limit. */
    MEMORY_LIMIT,
    /** Limit on the number of processes and threads. */
    PIDS_LIMIT,
    /** Freezing of idle sandboxes. */
    FREEZER,
    /** All of cgroup version 1: what version 2 cannot do alone is missing. */
    CGROUP_V1,
    /** All of cgroup version 2: what version 1 cannot do alone is missing. */
    CGROUP_V2,
    /** Code of the other architecture by emulation. */
    EMULATION
}
