package dev.thaw.sandbox.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.sandbox.kernel.MountTable.Hierarchy;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class MountTableTest {
    @Test
    void shouldFindEveryHierarchyOfAMixedHostAndTheOwnGroupInIt() {
        List<Hierarchy> found = MountTable.hierarchies(
                List.of(
                        "22 27 0:21 / /proc rw,relatime - proc proc rw",
                        "32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw shared:9 - cgroup cgroup rw,cpu,cpuacct",
                        "35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory",
                        "41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw"),
                List.of("4:memory:/a/b", "2:cpu,cpuacct:/", "0::/slice/x.scope"));
        assertThat(found).extracting(Hierarchy::version).containsExactly(1, 1, 2);
        assertThat(found.getFirst().controllers()).contains("cpu", "cpuacct");
        assertThat(found)
                .extracting(Hierarchy::directory)
                .containsExactly(
                        Path.of("/sys/fs/cgroup/cpu,cpuacct"),
                        Path.of("/sys/fs/cgroup/memory/a/b"),
                        Path.of("/sys/fs/cgroup/unified/slice/x.scope"));
    }

    @Test
    void shouldUseTheMountsRootWhereTheOwnGroupLiesOutsideOfIt() {
        List<Hierarchy> found = MountTable.hierarchies(
                List.of("35 31 0:32 /docker/1 /sys/fs/cgroup/with\\040space rw - cgroup cgroup rw,memory"),
                List.of("4:memory:/docker/1/inner"));
        assertThat(found.getFirst().directory()).isEqualTo(Path.of("/sys/fs/cgroup/with space/inner"));
        found = MountTable.hierarchies(
                List.of("35 31 0:32 /docker/1 /sys/fs/cgroup rw - cgroup2 cgroup rw"), List.of("0::/elsewhere"));
        assertThat(found.getFirst().directory()).isEqualTo(Path.of("/sys/fs/cgroup"));
    }
}
