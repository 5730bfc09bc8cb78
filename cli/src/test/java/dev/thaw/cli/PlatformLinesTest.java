package dev.thaw.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the platform logs of real environments, in real time, read by a parser of the contract (contract.md 2.8, 22). */
@Tag("slow")
final class PlatformLinesTest {
    private static final int INIT_LIMIT_MS = 10_000;
    /** Far beyond any init of these functions, and far below a second limit. */
    private static final int SLACK_MS = 8_000;

    @TempDir
    static Path directory;

    private static RunningServer server;
    /** Takes 10 s, so it begins before everything else. */
    private static CompletableFuture<Reply> hangsOnce = new CompletableFuture<>();

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        Host.requireSandboxes();
        server = RunningServer.start(
                directory,
                options -> {},
                Functions.probe("probe", 20),
                Functions.probe("impatient", 1),
                Functions.of("hangs-once", onceThen("hang", "sleep 1000"), Map.of()),
                Functions.of("exits-once", onceThen("exit", "exit 3"), Map.of()));
        hangsOnce = server.send("hangs-once", "{\"do\":\"count\"}");
    }

    private static Path onceThen(String name, String first) throws IOException {
        String bootstrap = "#!/bin/sh\n[ -e /tmp/tried ] || { : >/tmp/tried; " + first + "; }\nexec /var/task/real\n";
        return Functions.code(directory, name, bootstrap, "rwxr-xr-x");
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

    private static List<PlatformLine> lines(String function, Reply last) {
        return PlatformLine.of(server.awaitLog(function, "REPORT RequestId: " + last.requestId()));
    }

    private static List<String> brief(List<PlatformLine> lines) {
        return lines.stream().map(PlatformLine::brief).toList();
    }

    @Test
    void shouldTellOfAnInitThatRanOutOfTimeAndInitAgainInsideTheInvocation() {
        Reply reply = hangsOnce.join();
        List<PlatformLine> lines = lines("hangs-once", reply);

        assertThat(reply.text()).isEqualTo("{\"count\":1}");
        assertThat(reply.server().suppressedInit).isTrue();
        assertThat(brief(lines)).containsExactly("INIT_START", "INIT_REPORT timeout", "START", "END", "REPORT");
        assertThat(lines.get(1).get("Phase")).isEqualTo("init");
        assertThat(lines.get(1).number("Init Duration"))
                .isBetween((double) INIT_LIMIT_MS, INIT_LIMIT_MS + (double) SLACK_MS);
        assertThat(lines.get(4).get("Init Duration")).isEmpty();
        assertThat(lines.get(4).number("Duration")).isLessThan(SLACK_MS);
    }

    @Test
    void shouldTellOfAnInitThatFailed() {
        Reply reply = probe("exits-once", "count");

        assertThat(brief(lines("exits-once", reply)))
                .containsExactly("INIT_START", "INIT_REPORT error Runtime.ExitError", "START", "END", "REPORT");
    }

    @Test
    void shouldTellOfOneEnvironmentsInvocations() {
        Reply cold = probe("probe", "count");
        Reply exited = probe("probe", "exit");
        Reply again = probe("probe", "count");
        List<PlatformLine> lines = lines("probe", again);

        assertThat(brief(lines))
                .containsExactly(
                        "INIT_START",
                        "START",
                        "END",
                        "REPORT",
                        "START",
                        "END",
                        "REPORT error Runtime.ExitError",
                        "START",
                        "END",
                        "REPORT");
        assertThat(lines.stream()
                        .map(line -> line.get("RequestId"))
                        .filter(id -> !id.isEmpty())
                        .distinct())
                .containsExactly(cold.requestId(), exited.requestId(), again.requestId());
        assertThat(lines.get(3).number("Init Duration")).isPositive();
        assertThat(lines.get(9).get("Init Duration")).isEmpty();
        // provided.*: the init is billed as well, in whole milliseconds.
        double longestMs = lines.get(3).number("Duration") + lines.get(3).number("Init Duration");
        assertThat(lines.get(3).number("Billed Duration")).isBetween(longestMs - 0.02, longestMs + 1.02);
        assertThat(lines.get(9).number("Billed Duration"))
                .isEqualTo(Math.ceil(lines.get(9).number("Duration")));
    }

    @Test
    void shouldTellOfATimeout() {
        probe("impatient", "count"); // its init would be billed as well
        Reply reply = probe("impatient", "hang");
        List<PlatformLine> lines = lines("impatient", reply);

        assertThat(brief(lines))
                .containsExactly("INIT_START", "START", "END", "REPORT", "START", "END", "REPORT timeout");
        assertThat(lines.getLast().get("Billed Duration")).isEqualTo("1000 ms");
        assertThat(lines.getLast().number("Duration")).isBetween(1_000.0, 1_000.0 + SLACK_MS);
    }
}
