package dev.thaw.sandbox.kernel;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Control group hierarchies that a process sees, out of {@code /proc/self/mountinfo} and {@code /proc/self/cgroup}. */
final class MountTable {
    private MountTable() {}

    /**
     * One mounted hierarchy.
     *
     * @param version 1 or 2
     * @param controllers of version 1: the mount's options
     * @param directory where this process's own group is seen
     */
    record Hierarchy(int version, Set<String> controllers, Path mountPoint, Path directory) {}

    static List<Hierarchy> hierarchies(List<String> mountInfo, List<String> ownGroups) {
        List<Hierarchy> found = new ArrayList<>();
        for (String line : mountInfo) {
            // 34 31 0:31 / /sys/fs/cgroup/cpu rw,relatime [optional fields] - cgroup cgroup rw,cpu
            int dash = line.indexOf(" - ");
            String[] tail = dash < 0 ? new String[0] : line.substring(dash + 3).split(" ", -1);
            if (tail.length >= 3 && tail[0].startsWith("cgroup")) {
                String[] head = line.substring(0, dash).split(" ", -1);
                int version = tail[0].equals("cgroup2") ? 2 : 1;
                Set<String> controllers = version == 2 ? Set.of() : Set.copyOf(Arrays.asList(tail[2].split(",", -1)));
                Path mountPoint = Path.of(unescape(head[4]));
                Path own = below(mountPoint, unescape(head[3]), ownGroup(ownGroups, version, controllers));
                found.add(new Hierarchy(version, controllers, mountPoint, own));
            }
        }
        return found;
    }

    /** This process's group in a hierarchy: lines are {@code id:controllers:path}, with no controllers in version 2. */
    private static String ownGroup(List<String> ownGroups, int version, Set<String> controllers) {
        for (String line : ownGroups) {
            String[] parts = line.split(":", 3);
            boolean same = version == 2
                    ? parts[1].isEmpty()
                    : Arrays.stream(parts[1].split(",", -1)).anyMatch(controllers::contains);
            if (same) {
                return parts[2];
            }
        }
        return "/";
    }

    /** A container may see only a part of the hierarchy, or a group path from outside of it: then the mount's root. */
    private static Path below(Path mountPoint, String mountRoot, String group) {
        String root = mountRoot.equals("/") ? "" : mountRoot;
        boolean visible = group.startsWith(root + "/") && !group.contains("/..");
        return visible ? mountPoint.resolve(group.substring(root.length() + 1)) : mountPoint;
    }

    private static String unescape(String field) {
        return field.replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\");
    }
}
