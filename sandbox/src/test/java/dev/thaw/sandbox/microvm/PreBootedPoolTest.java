package dev.thaw.sandbox.microvm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.sandbox.Architecture;
import dev.thaw.sandbox.Functions;
import dev.thaw.sandbox.RecordedEvents;
import dev.thaw.sandbox.RecordedEvents.Created;
import dev.thaw.sandbox.RecordedEvents.Destroyed;
import dev.thaw.sandbox.Sandbox;
import dev.thaw.sandbox.SandboxSpec;
import dev.thaw.sandbox.StartStages;
import dev.thaw.sandbox.kernel.Kernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
    void shouldRunAFunctionInAMachineThatBootedBeforeItWasAskedFor() throws IOException, InterruptedException {
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

    private static void awaitPreBooted(MicroVmBackend backend) throws InterruptedException {
        long boundNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(BOOT_BOUND_SEC);
        while (backend.preBootedReady() == 0) {
            assertThat(System.nanoTime()).isLessThan(boundNs);
            Thread.sleep(10);
        }
    }
}
