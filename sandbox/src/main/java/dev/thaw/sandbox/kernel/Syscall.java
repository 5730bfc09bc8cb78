package dev.thaw.sandbox.kernel;

import dev.thaw.sandbox.Architecture;

/** Numbers of the system calls in use, as the kernel's tables for x86_64 and arm64 give them. */
enum Syscall {
    READ(0, 63),
    WRITE(1, 64),
    CLOSE(3, 57),
    LSEEK(8, 62),
    PREAD64(17, 67),
    PWRITE64(18, 68),
    SOCKET(41, 198),
    CONNECT(42, 203),
    SENDMSG(46, 211),
    SHUTDOWN(48, 210),
    BIND(49, 200),
    LISTEN(50, 201),
    GETSOCKNAME(51, 204),
    SOCKETPAIR(53, 199),
    SETSOCKOPT(54, 208),
    GETSOCKOPT(55, 209),
    KILL(62, 129),
    FCNTL(72, 25),
    UMASK(95, 166),
    GETEUID(107, 175),
    SETGROUPS(116, 159),
    SETRESUID(117, 147),
    SETRESGID(119, 149),
    CAPGET(125, 90),
    CAPSET(126, 91),
    PRCTL(157, 167),
    MOUNT(165, 40),
    UMOUNT2(166, 39),
    EPOLL_CTL(233, 21),
    WAITID(247, 95),
    OPENAT(257, 56),
    MKDIRAT(258, 34),
    MKNODAT(259, 33),
    UNLINKAT(263, 35),
    UNSHARE(272, 97),
    EPOLL_PWAIT(281, 22),
    ACCEPT4(288, 242),
    EVENTFD2(290, 19),
    EPOLL_CREATE1(291, 20),
    PIPE2(293, 59),
    PRLIMIT64(302, 261),
    SETNS(308, 268),
    MEMFD_CREATE(319, 279),
    PIDFD_SEND_SIGNAL(424, 424),
    OPEN_TREE(428, 428),
    MOVE_MOUNT(429, 429),
    PIDFD_OPEN(434, 434),
    MOUNT_SETATTR(442, 442);

    final int number;

    Syscall(int x8664, int arm64) {
        number = Architecture.host() == Architecture.ARM64 ? arm64 : x8664;
    }
}
