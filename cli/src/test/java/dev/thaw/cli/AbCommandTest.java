package dev.thaw.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.thaw.results.RunBundle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Variants in turns, by processes of their own. */
@Tag("slow")
@Timeout(120)
final class AbCommandTest {
    @TempDir
    private Path directory;

    private HttpServer peer;
    private String peerUrl = "";

    @BeforeEach
    void startPeer() throws IOException {
        peer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        peer.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, 2);
            exchange.getResponseBody().write(new byte[] {'{', '}'});
            exchange.close();
        });
        peer.start();
        peerUrl = "http://127.0.0.1:" + peer.getAddress().getPort() + "/";
    }

    @AfterEach
    void stopPeer() {
        peer.stop(0);
    }

    private String[] arguments(String first, String second, String duration, String... more) {
        List<String> arguments = new ArrayList<>(List.of("ab", "--variant", first, "--variant", second));
        arguments.addAll(List.of("--runs", directory.toString(), "--rounds", "2", "--warm-up", "0s", "--pause", "0s"));
        arguments.addAll(List.of(more));
        arguments.addAll(List.of("--", "load", "--function", "echo", "--rate", "100", "--warm-up", "0s"));
        arguments.addAll(List.of("--drain", "5s", "--duration", duration));
        return arguments.toArray(String[]::new);
    }

    private Path set() {
        return list(directory).stream()
                .filter(each -> Files.exists(each.resolve("set.json")))
                .findFirst()
                .orElseThrow();
    }

    private static List<Path> list(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void shouldCompareAFunctionWithAnEndpointRunByRun() throws IOException, InterruptedException {
        Host.requireSandboxes();
        OtherBuild other = OtherBuild.in(directory.resolve("other"));
        Cli cli = Cli.run(
                arguments("thaw: --keep-alive 10m --thaw " + other.folder(), "peer: --target " + peerUrl, "1s"));

        assertThat(cli.exit()).as(cli.err() + cli.out()).isZero();
        assertThat(other.calls())
                .as("the other build serves, this one drives")
                .hasSize(2)
                .allSatisfy(call ->
                        assertThat(call).startsWith("[] serve --port 0 ").contains("--keep-alive 10m"));
        assertThat(cli.out())
                .contains("ended after 2 rounds: all rounds are done", "units: 2 and 2 whole runs, paired")
                .contains("differs: backend: auto -> external")
                .contains("note: Too few units: of 2 and 2")
                .endsWith("set: " + set() + "\n");
        for (String variant : List.of("thaw", "peer")) {
            assertThat(list(set().resolve(variant))).hasSize(2).allSatisfy(bundle -> {
                RunBundle run = RunBundle.load(bundle);
                assertThat(run.kind()).isEqualTo("load");
                assertThat(run.summary().path("invocations").path("completed").asInt())
                        .isGreaterThan(50);
            });
        }
        assertThat(Files.readString(set().resolve("comparison.json"))).contains("\"latency.p99\"", "\"level\" : 0.01");
        assertThat(set().resolve("comparison.md")).isNotEmptyFile();
        assertThat(set().resolve(".unfinished")).doesNotExist();
    }

    @Test
    void shouldNameVariantRoundAndCauseWhereAnEndpointIsDead() throws IOException {
        peer.stop(0);
        Cli cli = Cli.run(arguments("a: --target " + peerUrl, "b: --target " + peerUrl, "1s"));

        assertThat(cli.exit()).isEqualTo(Main.EXIT_OVER_BUDGET);
        assertThat(cli.errLines())
                .singleElement()
                .asString()
                .matches("thaw: variant [ab], round 1: .*\\(see .*\\.unfinished\\)")
                .contains("round 1: nobody is at " + peerUrl + ": Connection refused");
        assertThat(cli.out()).contains("stopped: 0 complete rounds are kept; the same command with --resume " + set());
    }

    @Test
    void shouldLeaveNothingRunningAfterCtrlC() throws IOException, InterruptedException {
        Host.requireSandboxes();
        try (Child ab = Child.launch(arguments("a", "b", "10m"))) {
            ab.awaitLine("set: ");
            Path log = set().resolve(".unfinished/run.log");
            Await.until("a run is under way", () -> contains(log, "measuring: "));
            List<ProcessHandle> children =
                    ProcessHandle.of(ab.pid()).orElseThrow().descendants().toList();
            assertThat(children).hasSizeGreaterThan(1);

            ab.signal("INT");
            int exit = ab.end();

            assertThat(exit).isEqualTo(Main.EXIT_INTERRUPTED);
            assertThat(children).noneMatch(ProcessHandle::isAlive);
            assertThat(ab.lines().getLast()).startsWith("stopped: 0 complete rounds are kept");
            assertThat(set().resolve(".unfinished")).doesNotExist();
        }
    }

    private static boolean contains(Path file, String text) {
        try {
            return Files.exists(file) && Files.readString(file).contains(text);
        } catch (IOException e) {
            return false;
        }
    }
}
