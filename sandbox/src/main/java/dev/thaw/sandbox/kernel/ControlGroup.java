package dev.thaw.sandbox.kernel;

import dev.thaw.sandbox.SandboxStats;
import dev.thaw.sandbox.kernel.ControlGroups.Branch;
import dev.thaw.sandbox.kernel.ControlGroups.Duty;
import dev.thaw.sandbox.kernel.ControlGroups.Entry;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One sandbox's groups in all hierarchies, with every file it needs again kept open.
 *
 * <p>Threading: not safe; the owner calls one method at a time. {@link #enter} and {@link #leave} concern the calling
 * thread.
 */
public final class ControlGroup {
    private static final MemorySegment FROZEN = word("FROZEN");
    private static final MemorySegment THAWED = word("THAWED");

    private final List<Path> directories = new ArrayList<>();
    private final List<Integer> openFds = new ArrayList<>();
    private final int[] enterFds;
    private final int[] leaveFds;
    private final int birthFd;
    private final List<Path> procsByPid = new ArrayList<>();
    private final int quotaFd;
    private final int freezeFd;
    private final boolean freezesByWord;
    private final KernelCounter cpuNs;
    private final KernelCounter throttledNs;
    private final KernelCounter peakMemoryBytes;
    private final KernelCounter oomKills;
    private final int partEntryFd;
    private final String name;
    private final String quotaPart;
    private final int cpuPeriodUs;
    private final ControlGroups groups;

    /** {@code quotaPart} names a group below, whose threads alone the CPU quota is for; empty: it is for all. */
    ControlGroup(ControlGroups groups, String name, String quotaPart, int memoryMib, GroupSettings settings) {
        this.groups = groups;
        this.name = name;
        this.quotaPart = quotaPart;
        cpuPeriodUs = settings.cpuPeriodUs();
        groups.branches().forEach(this::makeDirectory);
        makeQuotaPart();
        limitMemory(memoryMib);
        set(Duty.PIDS, "pids.max", "pids.max", settings.pidsLimit());
        set(Duty.CPU_QUOTA, "cpu.cfs_period_us", "", cpuPeriodUs);
        setPeriodOfVersion2();
        quotaFd = openForWriting(Duty.CPU_QUOTA, "cpu.cfs_quota_us", "cpu.max");
        freezeFd = openForWriting(Duty.FREEZER, "freezer.state", "cgroup.freeze");
        freezesByWord = isVersion(Duty.FREEZER, 1);
        cpuNs = counter(Duty.CPU_TIME, "cpuacct.usage", "", 1, "cpu.stat", "usage_usec", 1000);
        throttledNs = counter(Duty.CPU_QUOTA, "cpu.stat", "throttled_time", 1, "cpu.stat", "throttled_usec", 1000);
        peakMemoryBytes = counter(Duty.MEMORY, "memory.max_usage_in_bytes", "", 1, "memory.peak", "", 1);
        oomKills = counter(Duty.MEMORY, "memory.oom_control", "oom_kill", 1, "memory.events", "oom_kill", 1);
        enterFds = threadEntries(branch -> branch.tree().resolve(name));
        leaveFds = threadEntries(Branch::parent);
        birthFd = birthEntry();
        partEntryFd = quotaPart.isEmpty() ? -1 : openForWriting(Duty.CPU_QUOTA, "tasks", "cgroup.threads");
    }

    private static MemorySegment word(String word) {
        return Arena.global().allocateFrom(word, StandardCharsets.US_ASCII).asSlice(0, word.length());
    }

    private void makeDirectory(Branch branch) {
        Path directory = branch.tree().resolve(name);
        Kernel.check(Kernel.makeDirectory(directory.toString(), 0755), "create control group " + directory);
        directories.add(directory);
        if (branch.version() == 2 && branch.entry() == Entry.BY_THREAD) {
            write(directory.resolve("cgroup.type"), "threaded");
        }
        if (branch.entry() == Entry.BY_PID) {
            procsByPid.add(directory.resolve("cgroup.procs"));
        }
    }

    /** In version 2 the part takes threads, and gets the controller from the group around it. */
    private void makeQuotaPart() {
        if (quotaPart.isEmpty() || !groups.has(Duty.CPU_QUOTA)) {
            return;
        }
        Path directory = directory(Duty.CPU_QUOTA);
        Kernel.check(Kernel.makeDirectory(directory.toString(), 0755), "create control group " + directory);
        directories.addFirst(directory);
        if (isVersion(Duty.CPU_QUOTA, 2)) {
            write(directory.resolve("cgroup.type"), "threaded");
            write(directory.resolve("../cgroup.subtree_control").normalize(), "+cpu");
        }
    }

    private void limitMemory(int memoryMib) {
        long bytes = (long) memoryMib << 20;
        set(Duty.MEMORY, "memory.limit_in_bytes", "memory.max", bytes);
        // No swap: a limit that swaps is no limit. Absent where the kernel does not count swap.
        setIfPresent(Duty.MEMORY, "memory.memsw.limit_in_bytes", "", bytes);
        setIfPresent(Duty.MEMORY, "", "memory.swap.max", 0);
    }

    private void setPeriodOfVersion2() {
        if (isVersion(Duty.CPU_QUOTA, 2)) {
            write(directory(Duty.CPU_QUOTA).resolve("cpu.max"), "max " + cpuPeriodUs);
        }
    }

    private boolean isVersion(Duty duty, int version) {
        return groups.branch(duty).filter(branch -> branch.version() == version).isPresent();
    }

    private Path directory(Duty duty) {
        Path directory = groups.branch(duty).orElseThrow().tree().resolve(name);
        return duty == Duty.CPU_QUOTA && !quotaPart.isEmpty() ? directory.resolve(quotaPart) : directory;
    }

    /** The file of the version in use, or empty where the duty is not done or has no such file. */
    private String file(Duty duty, String version1, String version2) {
        String file = isVersion(duty, 1) ? version1 : isVersion(duty, 2) ? version2 : "";
        return file.isEmpty() ? "" : directory(duty).resolve(file).toString();
    }

    private void set(Duty duty, String version1, String version2, long value) {
        String file = file(duty, version1, version2);
        if (!file.isEmpty()) {
            write(Path.of(file), Long.toString(value));
        }
    }

    private void setIfPresent(Duty duty, String version1, String version2, long value) {
        String file = file(duty, version1, version2);
        if (!file.isEmpty() && Files.exists(Path.of(file))) {
            write(Path.of(file), Long.toString(value));
        }
    }

    private static void write(Path file, String text) {
        int fd = (int) Kernel.check(Kernel.open(file.toString(), Kernel.O_WRONLY), "open " + file);
        try {
            byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
            Kernel.check(Kernel.write(fd, bytes), "write " + text + " to " + file);
        } finally {
            Kernel.close(fd);
        }
    }

    private int openForWriting(Duty duty, String version1, String version2) {
        String file = file(duty, version1, version2);
        return file.isEmpty() ? -1 : open(file, Kernel.O_WRONLY);
    }

    private int open(String file, int flags) {
        int fd = (int) Kernel.check(Kernel.open(file, flags), "open " + file);
        openFds.add(fd);
        return fd;
    }

    private KernelCounter counter(
            Duty duty, String file1, String key1, long scale1, String file2, String key2, long scale2) {
        boolean first = isVersion(duty, 1);
        String file = file(duty, file1, file2);
        return file.isEmpty()
                ? KernelCounter.ABSENT
                : KernelCounter.open(file, first ? key1 : key2, first ? scale1 : scale2);
    }

    private int[] threadEntries(java.util.function.Function<Branch, Path> where) {
        return groups.branches().stream()
                .filter(branch -> branch.entry() == Entry.BY_THREAD)
                .map(branch -> where.apply(branch).resolve(branch.version() == 1 ? "tasks" : "cgroup.threads"))
                .mapToInt(file -> open(file.toString(), Kernel.O_WRONLY))
                .toArray();
    }

    private int birthEntry() {
        return groups.branches().stream()
                .filter(branch -> branch.entry() == Entry.BY_BIRTH)
                .mapToInt(branch -> open(branch.tree().resolve(name).toString(), Kernel.O_DIRECTORY))
                .findFirst()
                .orElse(-1);
    }

    /** Moves the calling thread in: what it starts is born here. */
    public void enter() {
        for (int fd : enterFds) {
            Kernel.check(Kernel.writeNumber(fd, 0), "enter control group " + name);
        }
    }

    /** Moves the calling thread back to where this process lives. */
    public void leave() {
        for (int fd : leaveFds) {
            Kernel.writeNumber(fd, 0);
        }
    }

    /** Directory of the version 2 group that a child is to be born in, or -1. */
    public int birthFd() {
        return birthFd;
    }

    /** Moves a process in where neither thread nor birth could. */
    public void add(int pid) {
        procsByPid.forEach(procs -> write(procs, Integer.toString(pid)));
    }

    /** Moves a thread of a process in here under the CPU quota, where that is not for all. */
    public void limitThread(int threadId) {
        if (partEntryFd >= 0) {
            Kernel.check(Kernel.writeNumber(partEntryFd, threadId), "limit thread " + threadId + " of " + name);
        }
    }

    /** Length of a period of the CPU quota. */
    int cpuPeriodUs() {
        return cpuPeriodUs;
    }

    void setQuotaUs(long quotaUs) {
        if (quotaFd >= 0) {
            Kernel.check(Kernel.writeNumber(quotaFd, quotaUs), "CPU quota of " + name);
        }
    }

    public void freeze() {
        if (freezeFd >= 0) {
            Kernel.check(
                    freezesByWord ? Kernel.writeWord(freezeFd, FROZEN) : Kernel.writeNumber(freezeFd, 1),
                    "freeze " + name);
        }
    }

    public void thaw() {
        if (freezeFd >= 0) {
            Kernel.check(
                    freezesByWord ? Kernel.writeWord(freezeFd, THAWED) : Kernel.writeNumber(freezeFd, 0),
                    "thaw " + name);
        }
    }

    public void read(SandboxStats stats) {
        stats.cpuNs = cpuNs.read();
        stats.throttledNs = throttledNs.read();
        stats.peakMemoryBytes = peakMemoryBytes.read();
        stats.oomKills = oomKills.read();
    }

    public long oomKills() {
        return oomKills.read();
    }

    /** Kills what is in here, for sandboxes without a process namespace to kill at once. */
    public void killAll() {
        for (Path directory : directories) {
            for (String file : List.of("tasks", "cgroup.procs", "cgroup.threads")) {
                try (var lines = Files.lines(directory.resolve(file))) {
                    lines.forEach(
                            pid -> ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly));
                } catch (IOException | java.io.UncheckedIOException absent) {
                    // The other version's file, or a group that is gone.
                }
            }
        }
    }

    public void closeFiles() {
        openFds.forEach(Kernel::close);
        openFds.clear();
        List.of(cpuNs, throttledNs, peakMemoryBytes, oomKills).forEach(KernelCounter::close);
    }

    /** True once all directories are gone; false while the kernel still holds one busy. */
    public boolean tryRemove() {
        directories.removeIf(directory -> Kernel.removeDirectory(directory.toString()) != -Kernel.EBUSY);
        return directories.isEmpty();
    }
}
