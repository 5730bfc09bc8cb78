package dev.thaw.sandbox.microvm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.sandbox.Architecture;
import dev.thaw.sandbox.Functions;
import dev.thaw.sandbox.RecordedEvents;
import dev.thaw.sandbox.RecordedEvents.CreateFailed;
import dev.thaw.sandbox.RecordedEvents.Created;
import dev.thaw.sandbox.RecordedEvents.Destroyed;
import dev.thaw.sandbox.Sandbox;
import dev.thaw.sandbox.SandboxSpec;
import dev.thaw.sandbox.StartStages;
import dev.thaw.sandbox.kernel.Kernel;
import dev.thaw.sandbox.microvm.images.GuestFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Machines that boot ahead of their functions. */
@Tag("slow")
final class PreBootedPoolTest {
    private static final int BOOT_BOUND_SEC = 60;

    @TempDir
    Path folder;

    @Test
    void shouldRunAFunctionInAMachineThatBootedBeforeItWasAskedFor() throws Exception {
        Path code = Functions.shell(folder, "one", "echo \"this is $(cat /var/task/word) at $(date +%s)\"");
        Files.writeString(code.resolve("word"), "the function's image");
        try (MicroVmBackend backend = MicroVms.openOrSkip(Architecture.X86_64, MicroVms.config(1))) {
            SandboxSpec spec = Functions.spec("first", code, 128, Architecture.X86_64);
            backend.expect(spec);
            awaitPreBooted(backend);
            RecordedEvents events = new RecordedEvents();
            backend.create(spec, events);
            Sandbox sandbox = events.await(Created.class).sandbox();
            long nowSec = System.currentTimeMillis() / 1000;

            StartStages stages = sandbox.startStages();
            assertThat(stages.vmmNs()).isZero();
            assertThat(stages.kernelNs()).isZero();
            assertThat(stages.initNs()).isPositive();
            int output = sandbox.takeOutputFd();
            sandbox.start(true);
            String said = Functions.outputUntil(output, text -> text.contains(" at ") && text.endsWith("\n"));
            assertThat(said).startsWith("this is the function's image at ");
            assertThat(Long.parseLong(said.strip().replaceAll(".* at ", ""))).isBetween(nowSec - 2, nowSec + 60);
            Kernel.close(output);
            sandbox.destroy();
            events.skipTo(Destroyed.class);
            // Another one boots in place of it.
            awaitPreBooted(backend);
        }
    }

    /** Images of which the function's cannot be read: it is a folder. */
    private record FolderInPlace(GuestFiles real, Path folder) implements GuestFiles {
        @Override
        public Boot boot(Architecture architecture) throws IOException {
            return real.boot(architecture);
        }

        @Override
        public Disks disks(SandboxSpec spec) throws IOException {
            Disks disks = real.disks(spec);
            return new Disks(List.of(disks.images().getFirst(), folder), disks.mounts());
        }
    }

    @Test
    void shouldEndAMachineThatTheFunctionsImageCannotBePutIn() throws Exception {
        Path code = Functions.shell(folder, "three", "exit 0");
        try (MicroVmBackend backend = MicroVms.openOrSkip(
                Architecture.X86_64, MicroVms.config(1), images -> new FolderInPlace(images, code))) {
            SandboxSpec spec = Functions.spec("unreadable", code, 128, Architecture.X86_64);
            backend.expect(spec);
            awaitPreBooted(backend);
            List<ProcessHandle> machine = ProcessHandle.current()
                    .descendants()
                    .filter(PreBootedPoolTest::isQemu)
                    .toList();
            RecordedEvents events = new RecordedEvents();
            backend.create(spec, events);

            assertThat(events.await(CreateFailed.class).reason()).contains("sandbox unreadable: ");
            assertThat(machine).hasSize(1);
            machine.getFirst().onExit().get(BOOT_BOUND_SEC, TimeUnit.SECONDS);
        }
    }

    private static boolean isQemu(ProcessHandle process) {
        return process.info().command().orElse("").contains("qemu-system");
    }

    @Test
    void shouldTellTheStagesOfAStartOfItsOwn() throws IOException {
        Path code = Functions.shell(folder, "two", "exit 0");
        try (MicroVmBackend backend = MicroVms.openOrSkip(Architecture.X86_64)) {
            RecordedEvents events = new RecordedEvents();
            backend.create(Functions.spec("cold", code, 128, Architecture.X86_64), events);
            Sandbox sandbox = events.await(Created.class).sandbox();

            StartStages stages = sandbox.startStages();
            assertThat(stages.vmmNs()).isPositive();
            assertThat(stages.kernelNs()).isPositive();
            assertThat(stages.initNs()).isPositive();
            sandbox.destroy();
            events.skipTo(Destroyed.class);
        }
    }

    private static void awaitPreBooted(MicroVmBackend backend) throws Exception {
        backend.pool().ready().get(BOOT_BOUND_SEC, TimeUnit.SECONDS);
    }
}
