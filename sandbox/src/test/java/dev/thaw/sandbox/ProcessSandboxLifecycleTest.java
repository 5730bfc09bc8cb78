package dev.thaw.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.sandbox.RecordedEvents.Created;
import dev.thaw.sandbox.RecordedEvents.Destroyed;
import dev.thaw.sandbox.RecordedEvents.Exited;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
final class ProcessSandboxLifecycleTest {
    @TempDir
    static Path folder;

    private static ProcessBackend backend;

    @BeforeAll
    static void open() {
        backend = new ProcessBackend();
    }

    @AfterAll
    static void close() {
        backend.close();
    }

    @Test
    void shouldRunABootstrapAndReportItsExitCode() {
        Path code = Functions.shell(folder, "exit3", "pwd; exit 3");
        RecordedEvents events = new RecordedEvents();
        backend.create(Functions.spec("exit3", code), events);
        Sandbox sandbox = events.await(Created.class).sandbox();
        int output = sandbox.takeOutputFd();
        int api = sandbox.takeRuntimeApiFd();
        sandbox.start(true);
        assertThat(Functions.wholeOutput(output)).isEqualTo("/var/task\n");
        assertThat(events.await(Exited.class).status()).isEqualTo(new ExitStatus(3, 0, false));
        Kernel.close(api);
        sandbox.destroy();
        events.await(Destroyed.class);
    }
}
