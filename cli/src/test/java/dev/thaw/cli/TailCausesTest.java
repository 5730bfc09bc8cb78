package dev.thaw.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A server whose handlers are slow now and then, and which is stopped for a while as a busy host would stop it. */
@Tag("slow")
@SuppressWarnings("NullAway.Init") // JUnit sets the folder
final class TailCausesTest {
    private static final long STALL_MS = 400;
    /** So long that the stalls of a host that tests share cannot be half of it. */
    private static final long DELAY_MS = 1_000;

    @TempDir
    private Path directory;

    @BeforeAll
    static void requireSandboxes() throws Exception {
        Host.requireSandboxes();
    }

    @Test
    void shouldBlameAStoppedServerOnTheHostAndASlowHandlerOnItself() throws Exception {
        try (Child server = Child.launch(
                        "serve",
                        "--port",
                        "0",
                        "--logs",
                        directory.resolve("logs").toString(),
                        "--fault",
                        "delay@invoke:12%," + DELAY_MS + "ms");
                Child load = Child.launch(EchoLoad.of(
                        server.awaitUrl(),
                        directory,
                        "--arrivals",
                        "constant",
                        "--warm-up",
                        "0s",
                        "--settle",
                        "200ms"))) {
            load.awaitLine("measuring: ");
            pause(700);
            server.signal("STOP");
            pause(STALL_MS);
            server.signal("CONT");
            JsonNode summary = Cli.bundle(load.awaitLine(Cli.RUN)).summary();

            assertThat(summary.path("invocations").path("sent").asLong()).isEqualTo(EchoLoad.COUNT);
            assertThat(summary.path("serverMetrics")
                            .path("invocations")
                            .valueStream()
                            .mapToLong(each -> each.path("invocations").asLong())
                            .sum())
                    .as("without what settled it")
                    .isEqualTo(EchoLoad.COUNT);
            JsonNode stalls = summary.path("pauses").path("server").path("stalls");
            assertThat(stalls.path("longestMs").asDouble()).isGreaterThan(STALL_MS / 2.0);
            for (String process : new String[] {"server", "generator"}) {
                assertThat(summary.path("pauses").path(process).path("cpuWaits").isObject())
                        .as(process)
                        .isEqualTo(Files.exists(Path.of("/proc/thread-self/schedstat")));
            }
            assertThat(of(summary, "host", STALL_MS / 2))
                    .as(summary.path("tails").toString())
                    .isGreaterThanOrEqualTo(5);
            assertThat(of(summary, "invoke", DELAY_MS))
                    .as(summary.path("tails").toString())
                    .isGreaterThanOrEqualTo(5);
            summary.path("tails").path("slowest").forEach(each -> {
                if (each.path("cause").asString().equals("invoke")) {
                    assertThat(each.path("phase").asString()).isEqualTo("invoke");
                    assertThat(each.path("requestId").asString()).hasSize(36);
                }
            });
        }
    }

    /** Of the slowest that are shown, those that took longer. */
    private static long of(JsonNode summary, String cause, long longerThanMs) {
        return summary.path("tails")
                .path("slowest")
                .valueStream()
                .filter(each -> each.path("totalUs").asDouble() > longerThanMs * 1e3)
                .filter(each -> each.path("cause").asString().equals(cause))
                .count();
    }

    /** The length of what is planted, not a wait for anything. */
    private static void pause(long ms) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(ms));
    }
}
