package dev.thaw.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The verbs that are clients, and a monitor, against a server with keys. */
@Tag("slow")
final class SignedVerbsTest {
    private static final String TOKEN = "monitor-0123456789";

    @TempDir
    static Path directory;

    private static Path keys;
    private static RunningServer server;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        Host.requireSandboxes();
        keys = Files.writeString(directory.resolve("keys.yaml"), """
                Keys:
                  - {AccessKeyId: AKIDADMIN, SecretAccessKey: secret, SessionToken: passing, Principal: admin}
                  - {AccessKeyId: AKIDNOBODY, SecretAccessKey: secret, Principal: nobody, Statement: []}
                MetricsToken: TOKEN
                """.replace("TOKEN", TOKEN));
        Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rw-------"));
        server = RunningServer.startGuarded(
                directory, keys, Functions.echo("echo"), Functions.of("often", "x86_64", "spin", 128));
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    private static Cli run(String verb, String... arguments) {
        String[] all = new String[arguments.length + 5];
        all[0] = verb;
        all[1] = "--url";
        all[2] = server.uri().toString();
        all[3] = "--auth";
        all[4] = keys.toString();
        System.arraycopy(arguments, 0, all, 5, arguments.length);
        return Cli.run(all);
    }

    private static JsonNode summary(Cli cli) throws IOException {
        assertThat(cli.err()).doesNotContain("thaw: ");
        return cli.bundle().summary();
    }

    @Test
    void shouldInvoke() {
        Cli cli = run("invoke", "echo:$LATEST", "--payload", "{\"a\":1}", "--log-type", "Tail");
        assertThat(cli.out()).isEqualTo("{\"a\":1}\n");
        assertThat(cli.err()).contains("REPORT RequestId");
        assertThat(cli.exit()).isZero();
    }

    @Test
    void shouldSayWhyItWasRefused() {
        Cli denied = run("invoke", "echo", "--access-key", "AKIDNOBODY");
        assertThat(denied.out()).contains("user/nobody is not authorized to perform: lambda:InvokeFunction");
        assertThat(denied.err()).contains("answered 403 AccessDeniedException");
        assertThat(denied.exit()).isEqualTo(1);
        Cli unknown = run("invoke", "echo", "--access-key", "AKIDOTHER");
        assertThat(unknown.errLines())
                .containsExactly(
                        "thaw: --auth: " + keys + ": has no key AKIDOTHER, must be one of AKIDADMIN, AKIDNOBODY");
        assertThat(unknown.exit()).isEqualTo(2);
    }

    @Test
    void shouldDriveLoadAndReadTheServersPages() throws IOException {
        JsonNode summary = summary(run(
                "load",
                "--function",
                "echo",
                "--rate",
                "50",
                "--duration",
                "2s",
                "--warm-up",
                "0s",
                "--lateness-budget",
                "30s",
                "--runs",
                directory.resolve("runs").toString()));
        JsonNode counts = summary.path("invocations");
        assertThat(counts.path("completed").asLong())
                .isPositive()
                .isEqualTo(counts.path("planned").asLong());
        assertThat(summary.path("serverMetrics")
                        .path("invocations")
                        .path(0)
                        .path("invocations")
                        .asLong())
                .isEqualTo(counts.path("planned").asLong());
    }

    /** Each of its bodies is another one. */
    @Test
    void shouldReplayATrace() throws IOException {
        StringBuilder rows = new StringBuilder("function,start_ms,duration_ms,memory_mb\n");
        for (int row = 0; row < 40; row++) {
            rows.append("often,").append(row * 50).append(',').append(5 + row).append(",128\n");
        }
        Path trace = Files.writeString(directory.resolve("own.csv"), rows);
        JsonNode summary = summary(run(
                "replay",
                trace.toString(),
                "--warm-up",
                "0s",
                "--lateness-budget",
                "30s",
                "--runs",
                directory.resolve("runs").toString()));
        assertThat(summary.path("invocations").path("completed").asLong()).isEqualTo(40);
        assertThat(summary.path("invocations").path("functionErrors").asLong(-1))
                .isZero();
    }

    @Test
    void shouldLetAMonitorReadTheMetrics() throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest.Builder request = HttpRequest.newBuilder(server.uri().resolve("/_thaw/metrics"));
            HttpResponse<String> page = client.send(
                    request.setHeader("Authorization", "Bearer " + TOKEN).build(), BodyHandlers.ofString());
            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(page.body()).contains("thaw_unreserved_concurrent_executions");
            HttpResponse<String> refused = client.send(
                    request.setHeader("Authorization", "Bearer " + TOKEN + "x").build(), BodyHandlers.ofString());
            assertThat(refused.statusCode()).isEqualTo(403);
        }
    }
}
