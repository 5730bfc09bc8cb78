package dev.thaw.sandbox.microvm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.sandbox.Architecture;
import dev.thaw.sandbox.HostTraces;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The real probe: whatever this host's KVM is worth, it answers, and nothing of its attempt is left. */
@Tag("slow")
final class KvmProbeTest {
    @BeforeEach
    void requireDevice() {
        boolean there = Files.exists(Path.of("/dev/kvm"));
        if (!there) {
            System.out.println("skipped: the probe starts nothing without /dev/kvm");
        }
        Assumptions.assumeTrue(there, "/dev/kvm");
    }

    private static String probe(Vmm vmm) throws IOException {
        try (MicroVmBackend backend = MicroVms.openOrSkip(Architecture.host())) {
            Set<String> descriptors = HostTraces.descriptors();
            List<Path> groups = HostTraces.groupsOf(ProcessHandle.current().pid());
            long processes = ProcessHandle.current().descendants().count();

            String problem = new KvmProbe(backend, vmm).problem();

            CompletableFuture<Boolean> swept = new CompletableFuture<>();
            backend.begin(() -> swept.complete(true));
            assertThat(swept.join()).isTrue();
            assertThat(HostTraces.descriptors()).isSubsetOf(descriptors);
            assertThat(HostTraces.groupsOf(ProcessHandle.current().pid())).isEqualTo(groups);
            assertThat(ProcessHandle.current().descendants().count()).isEqualTo(processes);
            return problem;
        }
    }

    @Test
    void shouldAnswerAndLeaveNothing() throws IOException {
        String problem = probe(new Qemu());

        System.out.println("KVM in QEMU here: " + (problem.isEmpty() ? "boots" : problem));
        assertThat(problem.lines().count()).isLessThan(2);
    }

    @Test
    void shouldLeaveNothingOfAVmmThatCannotBeStarted() throws IOException {
        assertThat(probe(new Firecracker("/nowhere/firecracker"))).contains("/nowhere/firecracker");
    }
}
