package dev.thaw.sandbox.kernel;

import dev.thaw.sandbox.Notch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * This backend's part of the host's control groups: one tree {@code thaw-<pid>-<n>} in every hierarchy in use, one group
 * in it per sandbox. Each duty is given to the version that can do it, so mixed hosts work.
 *
 * <p>A process is placed by its parent, never from outside: the spawning thread steps into the group, starts the program
 * and steps out, microseconds each. (To move a foreign process, the kernel stops every fork and exit of the machine,
 * up to 16 ms measured.)
 *
 * <p>Threading: {@link #create} on the spawning thread, the rest is fixed after construction.
 */
public final class ControlGroups {
    private static final String PREFIX = "thaw-";
    private static final long DEFAULT_SHARES = 1024;
    private static final long DEFAULT_WEIGHT = 100;
    private static final AtomicInteger TREES = new AtomicInteger();

    /** What a hierarchy does for a sandbox. */
    public enum Duty {
        CPU_QUOTA,
        CPU_TIME,
        MEMORY,
        PIDS,
        FREEZER
    }

    /** How a process gets into a group. */
    public enum Entry {
        /** The spawning thread writes itself into {@code tasks} or {@code cgroup.threads}. */
        BY_THREAD,
        /** The child is born in it ({@code CLONE_INTO_CGROUP}). */
        BY_BIRTH,
        /** The child's id is written into {@code cgroup.procs}: slow. */
        BY_PID
    }

    /**
     * A hierarchy in use.
     *
     * @param parent group that this process is in, or the nearest that can have sub-groups
     * @param tree this backend's group
     */
    public record Branch(int version, Path parent, Path tree, Entry entry) {}

    private final Map<Duty, Branch> branches = new EnumMap<>(Duty.class);
    private final Map<Duty, String> details = new EnumMap<>(Duty.class);
    private final List<Branch> distinct = new ArrayList<>();
    private final GroupSettings settings;
    private final String treeName;

    private ControlGroups(GroupSettings settings) {
        this.settings = settings;
        this.treeName = PREFIX + ProcessHandle.current().pid() + "-" + TREES.incrementAndGet();
    }

    /** Finds and sets up what this host offers; never fails, but {@link #detail} says what is missing and why. */
    public static ControlGroups open(GroupSettings settings) {
        ControlGroups groups = new ControlGroups(settings);
        List<MountTable.Hierarchy> hierarchies;
        try {
            hierarchies = MountTable.hierarchies(
                    Files.readAllLines(Path.of("/proc/self/mountinfo")),
                    Files.readAllLines(Path.of("/proc/self/cgroup")));
        } catch (IOException unreadable) {
            hierarchies = List.of();
        }
        groups.claimVersion2(hierarchies);
        groups.claimVersion1(hierarchies);
        groups.letPlatformGoFirst();
        for (Duty duty : Duty.values()) {
            groups.details.putIfAbsent(duty, "no writable control group for it: run as root, or with delegation");
        }
        return groups;
    }

    /**
     * Version 2 first where it has the controllers. Without any (a mixed host) it still freezes: better than version 1,
     * whose frozen processes cannot be killed.
     */
    private void claimVersion2(List<MountTable.Hierarchy> hierarchies) {
        Optional<MountTable.Hierarchy> unified = hierarchies.stream()
                .filter(hierarchy -> hierarchy.version() == 2)
                .findFirst();
        if (unified.isEmpty() || !settings.has(Notch.CGROUP_V2)) {
            return;
        }
        UnifiedTree.claim(unified.get(), treeName).ifPresent(claimed -> {
            distinct.add(claimed.branch());
            claimed.duties().forEach(duty -> assign(duty, claimed.branch(), "cgroup v2"));
        });
    }

    private void claimVersion1(List<MountTable.Hierarchy> hierarchies) {
        if (!settings.has(Notch.CGROUP_V1)) {
            return;
        }
        Map<Duty, String> controllers = Map.of(
                Duty.CPU_QUOTA,
                "cpu",
                Duty.CPU_TIME,
                "cpuacct",
                Duty.MEMORY,
                "memory",
                Duty.PIDS,
                "pids",
                Duty.FREEZER,
                "freezer");
        for (Duty duty : Duty.values()) {
            String controller = controllers.getOrDefault(duty, "");
            boolean better = duty == Duty.CPU_TIME;
            hierarchies.stream()
                    .filter(hierarchy -> hierarchy.controllers().contains(controller))
                    .filter(_ -> better || !branches.containsKey(duty))
                    .findFirst()
                    .flatMap(this::claim)
                    .ifPresent(branch -> assign(duty, branch, "cgroup v1 " + controller));
        }
    }

    private Optional<Branch> claim(MountTable.Hierarchy hierarchy) {
        Path tree = hierarchy.directory().resolve(treeName);
        Optional<Branch> known =
                distinct.stream().filter(branch -> branch.tree().equals(tree)).findFirst();
        if (known.isPresent()) {
            return known;
        }
        removeStale(hierarchy.directory());
        long made = Kernel.makeDirectory(tree.toString(), 0755);
        if (made < 0 && made != -Kernel.EEXIST) {
            return Optional.empty();
        }
        Branch branch = new Branch(1, hierarchy.directory(), tree, Entry.BY_THREAD);
        distinct.add(branch);
        return Optional.of(branch);
    }

    private void assign(Duty duty, Branch branch, String detail) {
        if (settings.has(notch(duty))) {
            branches.put(duty, branch);
            details.put(duty, detail);
        } else {
            details.put(duty, "switched off");
        }
    }

    /**
     * All sandboxes together weigh half of one group of the host, the one that this process is in: where CPU is
     * short, functions wait for the platform, not the platform for functions. Not less than
     * half: at a quarter a request of echo took 8 % more of the server's CPU (docs/benchmarks.md). Their quotas are
     * another matter.
     */
    private void letPlatformGoFirst() {
        Branch cpu = branches.get(Duty.CPU_QUOTA);
        if (cpu != null) {
            String file = cpu.version() == 1 ? "cpu.shares" : "cpu.weight";
            long weight = cpu.version() == 1 ? DEFAULT_SHARES / 2 : DEFAULT_WEIGHT / 2;
            try {
                Files.writeString(cpu.tree().resolve(file), Long.toString(weight));
            } catch (IOException refused) {
                details.merge(Duty.CPU_QUOTA, ", at an equal weight with the platform", String::concat);
            }
        }
    }

    private static Notch notch(Duty duty) {
        return switch (duty) {
            case CPU_QUOTA, CPU_TIME -> Notch.CPU_QUOTA;
            case MEMORY -> Notch.MEMORY_LIMIT;
            case PIDS -> Notch.PIDS_LIMIT;
            case FREEZER -> Notch.FREEZER;
        };
    }

    /** Trees whose process is gone: it was killed, and everything in them with it. */
    public static void removeStale(Path directory) {
        try (Stream<Path> children = Files.list(directory)) {
            children.filter(ControlGroups::isStale).forEach(ControlGroups::removeTree);
        } catch (IOException | RuntimeException unreadable) {
            // Nothing to clean where nothing can be listed.
        }
    }

    private static boolean isStale(Path tree) {
        String name = tree.getFileName().toString();
        if (!name.matches(PREFIX + "\\d+-\\d+")) {
            return false;
        }
        String pid = name.substring(PREFIX.length(), name.lastIndexOf('-'));
        return !Files.exists(Path.of("/proc", pid));
    }

    private static void removeTree(Path tree) {
        try (Stream<Path> children = Files.list(tree)) {
            children.filter(Files::isDirectory).forEach(ControlGroups::removeTree);
        } catch (IOException gone) {
            return;
        }
        Kernel.removeDirectory(tree.toString());
    }

    public boolean has(Duty duty) {
        return branches.containsKey(duty);
    }

    /** How the duty is done, or why not. */
    public String detail(Duty duty) {
        return details.getOrDefault(duty, "");
    }

    public List<Branch> branches() {
        return distinct;
    }

    Optional<Branch> branch(Duty duty) {
        return Optional.ofNullable(branches.get(duty));
    }

    /** Makes a sandbox's groups and sets its limits; its CPU is not limited yet. */
    public ControlGroup create(String name, int memoryMib) {
        return new ControlGroup(this, name, "", memoryMib, settings);
    }

    /**
     * The same where only threads that {@link ControlGroup#limitThread} names are under the CPU quota, whose period is
     * their own.
     */
    public ControlGroup createForThreads(String name, int memoryMib, int cpuPeriodUs) {
        return new ControlGroup(this, name, "vcpu", memoryMib, settings.withCpuPeriod(cpuPeriodUs));
    }

    /** Removes the trees, which are empty by now. */
    public void close() {
        distinct.forEach(branch -> removeTree(branch.tree()));
    }
}
