package dev.thaw.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.results.Phase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Environments from init to reset: freeze, {@code /tmp}, failures and suppressed init (contract.md sections 2, 22). */
@Tag("slow")
final class LifecycleContractTest {
    private static final int SLOW_INIT_MS = 300;

    @TempDir
    static Path directory;

    private static RunningServer server;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        Host.requireSandboxes();
        String failsOnce = """
                #!/bin/sh
                [ -e /tmp/tried ] || { : >/tmp/tried; exit 1; }
                exec /var/task/real
                """;
        String writesOutside = """
                #!/bin/sh
                for f in /x /etc/x /var/task/x /usr/x /opt/x; do echo y 2>/dev/null >$f && echo "wrote $f"; done
                echo y >/tmp/x && echo 'wrote /tmp/x'
                exec /var/task/real
                """;
        Path noBootstrap = Functions.code(directory, "none", "", "rwxr-xr-x");
        Files.delete(noBootstrap.resolve("bootstrap"));
        server = RunningServer.start(
                directory,
                options -> options.freezeDelay = Duration.ZERO,
                Functions.probe("probe", 20),
                Functions.probe("frozen", 20),
                Functions.probe("tmp", 20),
                Functions.probe("static", 20),
                Functions.probe("impatient", 1),
                Functions.probe("exiting", 20),
                Functions.probe("aborting", 20),
                Functions.probe("greedy", 20),
                // Files in /tmp may count as memory.
                Functions.of("roomy", "x86_64", "probe", 1769),
                Functions.probe("slow-init", 20, "sleep:" + SLOW_INIT_MS),
                Functions.probe("init-error", 20, "error"),
                Functions.probe("init-exit", 20, "exit"),
                Functions.probe("init-hang", 1, "hang"),
                Functions.of("fails-once", Functions.code(directory, "once", failsOnce, "rwxr-xr-x"), Map.of()),
                Functions.of("writer", Functions.code(directory, "writer", writesOutside, "rwxr-xr-x"), Map.of()),
                Functions.of("no-bootstrap", noBootstrap, Map.of()),
                Functions.of("mode-644", Functions.code(directory, "644", "#!/bin/sh\n", "rw-r--r--"), Map.of()),
                Functions.echo("echo"));
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    private static Reply probe(String function, String what) {
        return server.invoke(function, "{\"do\":\"" + what + "\"}");
    }

    @Test
    void shouldStopBackgroundWorkWhileFrozenAndGoOnAfterwards() {
        assertThat(probe("frozen", "background").functionError()).isEmpty();
        server.invoke("frozen", "{\"do\":\"sleep\",\"ms\":200}");
        long runningTicks = probe("frozen", "background-read").number();
        assertThat(runningTicks).isGreaterThan(10); // 200 ms of one about every ms

        // A second of another function's time, in which this one stands frozen: all but a little of it.
        server.awaitFleet("frozen", fleet -> fleet.busy() == 0 && fleet.idle() == 0);
        server.invoke("probe", "{\"do\":\"sleep\",\"ms\":1000}");
        Reply thawed = probe("frozen", "background-read");
        assertThat(thawed.number() - runningTicks).isBetween(0L, 300L);
        assertThat(thawed.server().phasesNs[Phase.THAW.ordinal()]).isPositive();

        server.invoke("frozen", "{\"do\":\"sleep\",\"ms\":200}");
        assertThat(probe("frozen", "background-read").number() - thawed.number())
                .isGreaterThan(10);
    }

    @Test
    void shouldKeepStaticStateWarmAndLoseItWithItsProcess() {
        Reply first = probe("static", "count");
        Reply warm = probe("static", "count");
        probe("static", "exit");
        Reply anew = probe("static", "count");

        assertThat(first.number()).isEqualTo(1);
        assertThat(warm.number()).isEqualTo(2);
        assertThat(anew.number()).isEqualTo(1);
    }

    @Test
    void shouldKeepTmpWarmAndThroughAReset() {
        assertThat(server.invoke("tmp", "{\"do\":\"tmp-write\",\"mib\":3}").text())
                .isEqualTo("{\"writtenBytes\":3145728,\"full\":false}");
        Reply warm = probe("tmp", "tmp-read");
        probe("tmp", "exit");
        Reply afterReset = probe("tmp", "tmp-read");

        assertThat(warm.number()).isEqualTo(3 << 20);
        assertThat(afterReset.number()).isEqualTo(3 << 20);
        assertThat(afterReset.server().environmentId).isEqualTo(warm.server().environmentId);
        assertThat(afterReset.server().suppressedInit).isTrue();
    }

    @Test
    void shouldBoundTmp() {
        assertThat(server.invoke("roomy", "{\"do\":\"tmp-write\",\"mib\":500}").text())
                .endsWith("\"full\":false}");
        assertThat(server.invoke("roomy", "{\"do\":\"tmp-write\",\"mib\":513}").text())
                .endsWith("\"full\":true}");
    }

    @Test
    void shouldEndAnInvocationAtItsTimeoutAndResetItsEnvironment() {
        probe("impatient", "count");
        Reply timedOut = probe("impatient", "hang");
        Reply next = probe("impatient", "count");

        assertThat(timedOut.status()).isEqualTo(200);
        assertThat(timedOut.functionError()).isEqualTo("Unhandled");
        assertThat(timedOut.text())
                .isEqualTo("{\"errorType\":\"Sandbox.Timedout\",\"errorMessage\":\"RequestId: " + timedOut.requestId()
                        + " Error: Task timed out after 1.00 seconds\"}");
        assertThat(timedOut.log()).contains(timedOut.requestId() + " Task timed out after 1.00 seconds");
        assertThat(timedOut.report()).contains("\tBilled Duration: 1000 ms\t");
        assertThat(timedOut.durationMs()).isBetween(1_000.0, 2_000.0); // late by far less than a second
        assertThat(next.number()).isEqualTo(1); // a new process
        assertThat(next.server().suppressedInit).isTrue();
        assertThat(next.server().environmentId).isEqualTo(timedOut.server().environmentId);
    }

    @Test
    void shouldReportHowARuntimeExited() {
        Reply status = server.invoke("exiting", "{\"do\":\"exit\",\"code\":3}");
        Reply silent = server.invoke("exiting", "{\"do\":\"exit\",\"code\":0}");

        assertThat(status.text()).isEqualTo(exitError(status, "Runtime exited with error: exit status 3"));
        assertThat(status.functionError()).isEqualTo("Unhandled");
        assertThat(silent.text()).isEqualTo(exitError(silent, "Runtime exited without providing a reason"));
    }

    @Test
    void shouldReportTheSignalThatEndedARuntime() {
        Reply reply = probe("aborting", "abort");

        assertThat(reply.text())
                .isIn(
                        exitError(reply, "Runtime exited with error: signal: aborted"),
                        exitError(reply, "Runtime exited with error: signal: illegal instruction"));
    }

    private static String exitError(Reply reply, String text) {
        return "{\"errorType\":\"Runtime.ExitError\",\"errorMessage\":\"RequestId: " + reply.requestId() + " Error: "
                + text + "\"}";
    }

    @ParameterizedTest
    @ValueSource(strings = {"no-bootstrap", "mode-644"})
    void shouldReportAPackageWithoutABootstrapThatCanRun(String function) {
        Reply reply = server.invoke(function, "{}");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.functionError()).isEqualTo("Unhandled");
        assertThat(reply.text()).startsWith("{\"errorType\":\"Runtime.InvalidEntrypoint\",");
    }

    @Test
    void shouldInitAgainInsideTheInvocationAfterAnExit() {
        Reply cold = probe("slow-init", "count");
        probe("slow-init", "exit");
        Reply next = server.invoke("slow-init", "{\"do\":\"sleep\",\"ms\":100}");
        Reply warm = probe("slow-init", "count");

        assertThat(cold.report()).contains("Init Duration: ");
        assertThat(cold.durationMs()).isLessThan(SLOW_INIT_MS);
        assertThat(next.server().suppressedInit).isTrue();
        assertThat(next.server().phasesNs[Phase.SUPPRESSED_INIT.ordinal()]).isGreaterThan(SLOW_INIT_MS * 1_000_000L);
        assertThat(next.report()).doesNotContain("Init Duration");
        assertThat(next.durationMs()).isGreaterThanOrEqualTo(SLOW_INIT_MS + 100);
        assertThat(warm.server().suppressedInit).isFalse();
        assertThat(next.log()).doesNotContain("INIT_START");
        assertThat(next.server().environmentId).isEqualTo(cold.server().environmentId);
    }

    @Test
    void shouldInitAgainInsideTheFirstInvocationWhereInitFails() {
        Reply first = server.invoke("fails-once", "{\"do\":\"count\"}");

        assertThat(first.text()).isEqualTo("{\"count\":1}");
        assertThat(first.server().suppressedInit).isTrue();
        assertThat(first.report()).doesNotContain("Init Duration");
        assertThat(server.awaitLog("fails-once", first.requestId()))
                .containsPattern("INIT_REPORT Init Duration: \\d+\\.\\d\\d ms\tPhase: init\tStatus: error\t"
                        + "Error Type: Runtime.ExitError");
    }

    @Test
    void shouldPassTheRuntimesInitErrorOn() {
        Reply reply = server.invoke("init-error", "{}");

        assertThat(reply.functionError()).isEqualTo("Unhandled");
        assertThat(reply.text())
                .isEqualTo("{\"errorMessage\":\"init fails because it was told to\","
                        + "\"errorType\":\"Function.ProbeInit\",\"stackTrace\":[]}");
    }

    @Test
    void shouldReportAnExitDuringInit() {
        Reply reply = server.invoke("init-exit", "{}");

        assertThat(reply.text()).isEqualTo(exitError(reply, "Runtime exited with error: exit status 7"));
    }

    /** 10 s of init, then 1 s of suppressed init. */
    @Test
    void shouldEndAnInitThatHangs() {
        Reply reply = server.invoke("init-hang", "{}");

        assertThat(reply.text()).contains("Sandbox.Timedout", "Task timed out after 1.00 seconds");
        assertThat(server.awaitLog("init-hang", reply.requestId()))
                .containsPattern("INIT_REPORT Init Duration: 1\\d\\d\\d\\d\\.\\d\\d ms\tPhase: init\tStatus: timeout");
    }

    @Test
    void shouldEndAFunctionThatUsesMoreMemoryThanItsOwnAlone() {
        Reply neighbourBefore = server.invoke("echo", "1");
        Reply reply = server.invoke("greedy", "{\"do\":\"allocate\",\"mib\":300}");
        Reply neighbourAfter = server.invoke("echo", "2");
        Reply next = probe("greedy", "count");

        assertThat(reply.text()).isEqualTo(exitError(reply, "Runtime exited with error: signal: killed"));
        assertThat(reply.server().outOfMemory).isTrue();
        assertThat(reply.report()).contains("Max Memory Used: 128 MB", "Error Type: Runtime.OutOfMemory");
        assertThat(next.functionError()).isEmpty();
        assertThat(neighbourAfter.server().environmentId).isEqualTo(neighbourBefore.server().environmentId);
        assertThat(neighbourAfter.server().suppressedInit).isFalse();
    }

    @Test
    void shouldWriteNowhereButInTmp() {
        Reply reply = server.invoke("writer", "{\"do\":\"count\"}");

        assertThat(reply.functionError()).isEmpty();
        assertThat(server.awaitLog("writer", reply.requestId()).lines().filter(line -> line.startsWith("wrote")))
                .containsExactly("wrote /tmp/x");
    }
}
