package dev.thaw.sandbox.microvm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.sandbox.Architecture;
import dev.thaw.sandbox.kernel.ControlGroup;
import dev.thaw.sandbox.kernel.Kernel;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
final class VmProcessTest {
    /** A process that did not start: what it is called with is none of its options. */
    private static VmProcess launch(ControlGroup group) {
        Vmm vmm = new Firecracker("/usr/bin/sleep");
        VmPlan plan = new VmPlan(vmm, Architecture.host(), Accelerator.KVM, 1, 128, "", 0);
        return VmProcess.launch("/usr/bin/sleep", plan, new int[0], group);
    }

    /** Who hears late of a machine's end kills it; its descriptors' numbers are those of the next machine by then. */
    @Test
    void shouldKillNobodyElseOnceItIsClosed() throws IOException {
        try (MicroVmBackend backend = MicroVms.openOrSkip(Architecture.host())) {
            ControlGroup group = backend.groups().createForThreads("numbers", 300, 20_000);
            VmProcess process = launch(group);
            int number = process.monitorFd();
            process.end();
            Process stranger = new ProcessBuilder("cat").start();
            List<Integer> taken = new ArrayList<>();
            try (Writer toStranger = stranger.outputWriter();
                    BufferedReader fromStranger = stranger.inputReader()) {
                while (!taken.contains(number)) {
                    taken.add((int) Kernel.check(Kernel.openProcess((int) stranger.pid()), "pidfd_open"));
                }

                process.kill();

                toStranger.write("alive\n");
                toStranger.flush();
                assertThat(fromStranger.readLine()).isEqualTo("alive");
            } finally {
                taken.forEach(Kernel::close);
                stranger.destroyForcibly();
                group.closeFiles();
                backend.sweep(group::tryRemove);
            }
        }
    }
}
