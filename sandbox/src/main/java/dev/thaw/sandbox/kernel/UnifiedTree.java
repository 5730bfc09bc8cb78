package dev.thaw.sandbox.kernel;

import dev.thaw.sandbox.kernel.ControlGroups.Branch;
import dev.thaw.sandbox.kernel.ControlGroups.Duty;
import dev.thaw.sandbox.kernel.ControlGroups.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Claims a sub-tree of the version 2 hierarchy, with whatever controllers can be had for it. */
final class UnifiedTree {
    /** A tree and what its groups can do. */
    record Claim(Branch branch, Set<Duty> duties) {}

    private UnifiedTree() {}

    /**
     * Tries beside this process's own group first (a group with processes may not hand controllers to sub-groups), then
     * below it.
     */
    static Optional<Claim> claim(MountTable.Hierarchy hierarchy, String treeName) {
        List<Path> parents = new ArrayList<>();
        boolean atRoot = hierarchy.directory().equals(hierarchy.mountPoint());
        Path beside = hierarchy.directory().getParent();
        if (!atRoot && beside != null) {
            parents.add(beside);
        }
        parents.add(hierarchy.directory());
        for (Path parent : parents) {
            Optional<Claim> claim = claimBelow(parent, treeName);
            if (claim.isPresent()) {
                return claim;
            }
        }
        return Optional.empty();
    }

    private static Optional<Claim> claimBelow(Path parent, String treeName) {
        ControlGroups.removeStale(parent);
        Path tree = parent.resolve(treeName);
        if (Kernel.makeDirectory(tree.toString(), 0755) < 0) {
            return Optional.empty();
        }
        Set<String> controllers = enable(parent, tree);
        Set<Duty> duties = EnumSet.of(Duty.CPU_TIME, Duty.FREEZER);
        addIf(controllers.contains("cpu"), duties, Duty.CPU_QUOTA);
        addIf(controllers.contains("memory"), duties, Duty.MEMORY);
        addIf(controllers.contains("pids"), duties, Duty.PIDS);
        return entry(parent, tree, controllers).map(entry -> new Claim(new Branch(2, parent, tree, entry), duties));
    }

    /** With no controllers a group can take single threads, which is the fast way in. */
    private static Optional<Entry> entry(Path parent, Path tree, Set<String> controllers) {
        if (controllers.isEmpty()) {
            // Only below a group of ours: a thread cannot leave its process's part of the hierarchy.
            boolean threaded = write(tree.resolve("cgroup.type"), "threaded");
            if (threaded && isOwn(parent)) {
                return Optional.of(Entry.BY_THREAD);
            }
            Kernel.removeDirectory(tree.toString());
            return Optional.empty();
        }
        return Optional.of(ProcessSpawner.CAN_BE_BORN_IN_GROUP ? Entry.BY_BIRTH : Entry.BY_PID);
    }

    private static boolean isOwn(Path group) {
        try {
            String pid = Long.toString(ProcessHandle.current().pid());
            return Files.readAllLines(group.resolve("cgroup.procs")).contains(pid);
        } catch (IOException unreadable) {
            return false;
        }
    }

    private static Set<String> enable(Path parent, Path tree) {
        for (String controller : List.of("cpu", "memory", "pids")) {
            // The parent may hand it on already, and refuse to be written.
            write(parent.resolve("cgroup.subtree_control"), "+" + controller);
            write(tree.resolve("cgroup.subtree_control"), "+" + controller);
        }
        try {
            String enabled =
                    Files.readString(tree.resolve("cgroup.subtree_control")).strip();
            return enabled.isEmpty() ? Set.of() : Set.of(enabled.split(" ", -1));
        } catch (IOException unreadable) {
            return Set.of();
        }
    }

    private static void addIf(boolean condition, Set<Duty> duties, Duty duty) {
        if (condition) {
            duties.add(duty);
        }
    }

    private static boolean write(Path file, String text) {
        try {
            Files.writeString(file, text);
            return true;
        } catch (IOException refused) {
            return false;
        }
    }
}
