package dev.thaw.sandbox.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.sandbox.Bench;
import dev.thaw.sandbox.ExitStatus;
import dev.thaw.sandbox.Functions;
import dev.thaw.sandbox.Notch;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One piece switched off is one piece missing, and functions still run. */
@Tag("slow")
final class DegradationTest {
    @TempDir
    Path folder;

    @BeforeAll
    static void requireHost() {
        Functions.requireFullIsolation();
    }

    @ParameterizedTest
    @CsvSource({
        "BUBBLEWRAP, 'no user namespace, no mount namespace', none",
        "UNPRIVILEGED_USER, no unprivileged host user, degraded",
        "NETWORK_NAMESPACE, no network namespace, degraded",
        "SECCOMP, no seccomp, degraded",
        "TMP_LIMIT, no size-limited /tmp, degraded",
        "CPU_QUOTA, no CPU quota, degraded",
        "MEMORY_LIMIT, no memory limit, degraded",
        "PIDS_LIMIT, no pids limit, degraded",
        "FREEZER, no freezer, degraded",
        "CGROUP_V2, '', full",
        "CGROUP_V1, no memory limit, degraded",
        "EMULATION, emulation, full"
    })
    void shouldDoWithout(Notch notch, String missing, String level) {
        Path code = Functions.python(folder, "code", """
                import socket, os
                host, port = os.environ["AWS_LAMBDA_RUNTIME_API"].split(":")
                socket.create_connection((host, int(port)))
                print("connected", os.path.exists("bootstrap"), flush=True)
                s = input()
                """);
        try (ProcessBackend backend =
                        new ProcessBackend(ProcessBackendConfig.defaults().without(notch));
                Bench bench = new Bench(backend, Functions.spec("notch", code))) {
            assertThat(backend.isolation().level()).isEqualTo(level);
            assertThat(backend.isolation().describe()).contains(missing);
            bench.start();
            assertThat(bench.outputAfter(new ExitStatus(1, 0, false))).startsWith("connected True\n");
            bench.reset();
            bench.sandbox.freeze();
            bench.sandbox.thaw();
            bench.start();
            assertThat(bench.outputUntil(text -> text.contains("\n"))).startsWith("connected True\n");
        }
    }
}
