package dev.thaw.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Faults of microVMs. */
final class MicroVmFaultsTest extends FaultContract {
    @Override
    String backend() throws IOException {
        Host.requireMicroVms();
        return "microvm";
    }

    @Override
    boolean outlivesItsProcesses() {
        return false;
    }

    /** What its machine takes is the host's as well. */
    @Test
    void shouldRefuseAFunctionWhoseMachineFitsNoHost(@TempDir Path folder) throws IOException {
        try (RunningServer small = RunningServer.start(
                folder,
                options -> {
                    options.backend = "microvm";
                    options.hostMemoryMib = 300;
                },
                Functions.of("echo", "x86_64", "echo", 128))) {
            Reply reply = small.invoke("echo", "1");

            assertThat(reply.status()).isEqualTo(400);
            assertThat(reply.errorType()).isEqualTo("InvalidParameterValueException");
        }
    }
}
