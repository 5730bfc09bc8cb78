package dev.thaw.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.thaw.results.RunBundle;
import dev.thaw.sandbox.Architecture;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The verbs as their user meets them: arguments in; lines, bundle and exit code out. */
@Tag("slow")
final class VerbsTest {
    /** Figures may be bad on a busy machine: the exit code is then that of a broken budget, and that is not tested here. */
    private static final String PATIENT = "30s";

    @TempDir
    private Path directory;

    @BeforeAll
    static void requireSandboxes() throws IOException, InterruptedException {
        Host.requireSandboxes();
    }

    /** Five seconds: two functions, one of them with overlapping invocations. */
    private Path trace() throws IOException {
        StringBuilder rows = new StringBuilder("function,start_ms,duration_ms,memory_mb\n");
        for (int startMs = 0; startMs < 5_000; startMs += 50) {
            rows.append("often,").append(startMs).append(",20,128\n");
            if (startMs % 500 == 0) {
                rows.append("long,").append(startMs).append(",700,256\n");
            }
        }
        return Files.writeString(directory.resolve("own.csv"), rows);
    }

    private Cli replay(Path runs) throws IOException {
        return Cli.run(
                "replay", trace().toString(),
                "--runs", runs.toString(),
                "--logs", directory.resolve("logs").toString(),
                "--lateness-budget", PATIENT);
    }

    @Test
    void shouldReplayATraceAndReportOnIt() throws IOException {
        Cli cli = replay(directory.resolve("runs"));

        assertThat(cli.err()).doesNotContain("thaw: ");
        assertThat(cli.exit()).as(cli.out()).isZero();
        RunBundle bundle = cli.bundle();
        assertThat(bundle.directory()).startsWith(directory.resolve("runs"));
        assertThat(bundle.manifest().at("/configuration/trace.sha256").asString(""))
                .hasSize(64);
        JsonNode counts = bundle.summary().path("invocations");
        assertThat(counts.path("planned").asLong()).isEqualTo(110);
        assertThat(counts.path("sent").asLong()).isEqualTo(110);
        assertThat(counts.path("completed").asLong()).isEqualTo(110);
        assertThat(counts.path("lost").asLong(-1)).isZero();
        assertThat(counts.path("functionErrors").asLong(-1)).isZero();
        JsonNode coldStarts = bundle.summary().path("coldStarts");
        // Which invocation serves whose environment is a race between inits; the first of each function waits for one.
        assertThat(coldStarts.path("triggered").asLong()
                        + coldStarts.path("victims").asLong())
                .isGreaterThanOrEqualTo(2);
        assertThat(bundle.summary().path("isolation").asString("")).startsWith("process/");
        assertThat(bundle.summary().path("functions").size()).isEqualTo(2);
        long counted = 0;
        for (JsonNode row : bundle.summary().path("serverMetrics").path("invocations")) {
            counted += row.path("invocations").asLong();
        }
        assertThat(counted).isEqualTo(110);
        assertThat(Sandboxes.ours().leftovers()).isEmpty();
        reportAgain(bundle);
    }

    private static void reportAgain(RunBundle bundle) throws IOException {
        Path report = bundle.directory().resolve("report.html");
        String first = Files.readString(report);
        Files.delete(report);

        Cli cli = Cli.run("report", bundle.directory().toString());

        assertThat(cli.exit()).isZero();
        assertThat(cli.out()).isEqualTo("report: " + report + "\n");
        assertThat(Files.readString(report)).isEqualTo(first);
    }

    @Test
    void shouldSayThatTheDiskIsFull() throws IOException, InterruptedException {
        Path disk = Files.createDirectories(directory.resolve("disk"));
        boolean mounted = shell("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk.toString());
        if (!mounted) {
            System.out.println("skipped: needs the right to mount");
        }
        assumeTrue(mounted);
        try {
            Cli cli = replay(disk);

            assertThat(cli.exit()).isEqualTo(1);
            assertThat(cli.errLines())
                    .singleElement()
                    .asString()
                    .startsWith("thaw: " + disk + ": cannot write the run: disk full: ");
        } finally {
            shell("umount", disk.toString());
        }
        assertThat(Sandboxes.ours().leftovers()).isEmpty();
    }

    @Test
    void shouldSayThatThePortIsTaken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());

            Cli cli = Cli.run("serve", "--port", port);

            assertThat(cli.exit()).isEqualTo(1);
            assertThat(cli.errLines())
                    .containsExactly("thaw: cannot listen on 127.0.0.1:" + port + ": Address already in use");
        }
        assertThat(Sandboxes.ours().leftovers()).isEmpty();
    }

    @Test
    void shouldSayThatTheHostIsUnknown() throws IOException {
        Cli cli = Cli.run("serve", "--port", "0", "--host", "no.such.host.invalid");

        assertThat(cli.exit()).isEqualTo(1);
        assertThat(cli.errLines()).containsExactly("thaw: cannot listen on no.such.host.invalid:0: unknown host");
        assertThat(Sandboxes.ours().leftovers()).isEmpty();
    }

    private static boolean shell(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
    }

    @Test
    void shouldSayWhatThisHostCanDo() {
        Cli cli = Cli.run("doctor");

        assertThat(cli.exit()).isZero();
        assertThat(cli.out()).contains("sandboxes  process, isolation ", "network namespace", "programs");
        assertThat(Sandboxes.ours().leftovers()).isEmpty();
    }

    /** As a process of its own: serve, invoke, load, end. */
    @Test
    void shouldServeUntilToldToEnd() throws IOException, InterruptedException {
        try (Child server = Child.launch(
                "serve", "--port", "0", "--logs", directory.resolve("logs").toString())) {
            assertThat(server.awaitLine("")).startsWith("isolation: process/");
            String url = server.awaitUrl();
            invoke(url);
            load(url);
            assertThat(new Sandboxes(server.pid()).pids("echo")).isNotEmpty();
            server.signal("TERM");
            server.end();

            assertThat(new Sandboxes(server.pid()).leftovers()).isEmpty();
        }
    }

    private void invoke(String url) throws IOException {
        Cli plain = Cli.run("invoke", "echo", "--payload", "{\"a\":1}", "--url", url);
        assertThat(plain).isEqualTo(new Cli(0, "{\"a\":1}\n", ""));

        Path event = Files.writeString(directory.resolve("event.json"), "{\"b\": 2}");
        Cli fromFile = Cli.run("invoke", "echo", "--payload", "@" + event, "--url", url);
        assertThat(fromFile).isEqualTo(new Cli(0, "{\"b\": 2}\n", ""));

        Cli tail = Cli.run("invoke", "echo", "--payload", "2", "--log-type", "Tail", "--url", url);
        assertThat(tail.out()).isEqualTo("2\n");
        assertThat(tail.err()).startsWith("START RequestId: ").contains("\nREPORT RequestId: ");

        Cli failed = Cli.run("invoke", "probe", "--payload", "{\"do\":\"error\"}", "--url", url);
        assertThat(failed.exit()).isEqualTo(1);
        assertThat(failed.out()).contains("Function.ProbeError");

        Cli missing = Cli.run("invoke", "nobody", "--url", url);
        assertThat(missing.exit()).isEqualTo(1);
        assertThat(missing.err()).contains("answered 404 ResourceNotFoundException");
    }

    private void load(String url) throws IOException {
        Cli cli = Cli.run(EchoLoad.of(url, directory));

        assertThat(cli.exit()).as(cli.out() + cli.err()).isZero();
        try (Stream<Path> bundles = Files.list(EchoLoad.runs(directory))) {
            List<Path> all = bundles.toList();
            assertThat(all).hasSize(1);
            JsonNode summary = RunBundle.load(all.getFirst()).summary();
            assertThat(summary.path("backend").asString()).isEqualTo("process");
            assertThat(summary.path("isolation").asString()).startsWith("process/");
            assertThat(summary.path("functions").get(0).path("architecture").asString())
                    .isEqualTo(Architecture.host().key());
            JsonNode counts = summary.path("invocations");
            assertThat(counts.path("completed").asLong())
                    .isPositive()
                    .isEqualTo(counts.path("planned").asLong());
            assertThat(counts.path("lost").asLong(-1)).isZero();
        }
    }
}
