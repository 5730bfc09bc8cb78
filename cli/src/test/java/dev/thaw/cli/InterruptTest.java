package dev.thaw.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.thaw.results.RunBundle;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Ctrl-C ends a run early and keeps it: by the signal, to a process of its own, named by its id. */
@Tag("slow")
@Timeout(120)
final class InterruptTest {
    private static final List<String> FILES = List.of(
            "manifest.json",
            "summary.json",
            "report.html",
            "latency.hlog",
            "service.hlog",
            "lateness.hlog",
            "hiccup.hlog",
            "phases.hlog",
            "invocations.csv.zst",
            "seconds.csv",
            "fleet.csv");
    private static final int ENOUGH = 10;

    @TempDir
    private Path directory;

    @Test
    void shouldKeepWhatALoadMeasuredBeforeCtrlC() throws IOException, InterruptedException {
        CountDownLatch answered = new CountDownLatch(ENOUGH);
        HttpServer target = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        target.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
            answered.countDown();
        });
        target.start();
        try (Child load = Child.launch(
                "load",
                "--target",
                "http://127.0.0.1:" + target.getAddress().getPort() + "/",
                "--rate",
                "100",
                "--duration",
                "10m",
                "--runs",
                directory.toString())) {
            assertThat(load.awaitLine("measuring: ")).contains(" invocations in 600.0 s");
            assertThat(answered.await(60, TimeUnit.SECONDS)).isTrue();

            assertKept(load);
        } finally {
            target.stop(0);
        }
    }

    @Test
    void shouldKeepWhatAReplayMeasuredAndLeaveNothingRunning() throws IOException, InterruptedException {
        Host.requireSandboxes();
        StringBuilder rows = new StringBuilder("function,start_ms,duration_ms,memory_mb\n");
        for (int startMs = 0; startMs < 600_000; startMs += 50) {
            rows.append("often,").append(startMs).append(",5,128\n");
        }
        Path trace = Files.writeString(directory.resolve("long.csv"), rows);
        Path logs = Files.createDirectories(directory.resolve("logs"));
        try (Child replay = Child.launch(
                "replay",
                trace.toString(),
                "--logs",
                logs.toString(),
                "--runs",
                directory.resolve("runs").toString())) {
            assertThat(replay.awaitLine("measuring: ")).contains("12000 invocations in ");
            new FunctionLogs(logs)
                    .await("often", "10 REPORTs", text -> text.split("REPORT RequestId", -1).length > ENOUGH);

            assertKept(replay);

            assertThat(new Sandboxes(replay.pid()).leftovers()).isEmpty();
        }
    }

    /** Half a trace is none: neither it nor the folders that were made for it are there afterwards. */
    @Test
    void shouldLeaveNothingOfATraceThatIsWritten() throws IOException, InterruptedException {
        StringBuilder rows = new StringBuilder("function,start_ms,duration_ms,memory_mb\n");
        for (int startMs = 0; startMs < 5_000; startMs++) {
            rows.append("often,").append(startMs).append(",5,128\n");
        }
        Path trace = Files.writeString(directory.resolve("short.csv"), rows);
        Path made = directory.resolve("new/deeper");
        String[] scale = {"trace", "scale", trace.toString(), "--rate", "1000", "--out", made + "/long.csv"};
        try (Child child = Child.launch(scale)) {
            Await.until("rows of it are written", () -> writtenBytes(made) > 0);
            child.signal("INT");

            assertThat(child.end()).isEqualTo(Main.EXIT_INTERRUPTED);
        }
        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left).containsExactly(trace);
        }
    }

    private static long writtenBytes(Path folder) {
        File[] files = folder.toFile().listFiles();
        return files == null ? 0 : Arrays.stream(files).mapToLong(File::length).sum();
    }

    private static void assertKept(Child child) throws IOException, InterruptedException {
        child.signal("INT");
        int exit = child.end();

        assertThat(exit).isEqualTo(Main.EXIT_INTERRUPTED);
        assertThat(ProcessHandle.of(child.pid())).isEmpty();
        Path bundle = Path.of(child.lines().getLast().replaceFirst("^run: ", ""));
        assertThat(FILES).allSatisfy(name -> assertThat(bundle.resolve(name)).isNotEmptyFile());
        JsonNode summary = RunBundle.load(bundle).summary();
        JsonNode counts = summary.path("invocations");
        assertThat(counts.path("completed").asLong())
                .isGreaterThanOrEqualTo(ENOUGH)
                .isEqualTo(counts.path("sent").asLong());
        assertThat(counts.path("lost").asLong(-1)).isZero();
        assertThat(counts.path("unsent").asLong())
                .isPositive()
                .isEqualTo(counts.path("planned").asLong() - counts.path("sent").asLong());
        assertThat(summary.path("verdict").path("withinBudget").asBoolean(true)).isFalse();
        assertThat(child.lines()).anyMatch(line -> line.startsWith("over budget: sent "));
    }
}
