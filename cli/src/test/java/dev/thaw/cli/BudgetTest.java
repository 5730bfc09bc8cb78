package dev.thaw.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that breaks its own budget is written all the same, says so, and exits with 3. */
@Tag("slow")
final class BudgetTest {
    private static final String PATIENT = "30s";

    @TempDir
    private Path runs;

    private Cli load(int port, String latenessBudget) {
        return Cli.run(
                "load",
                "--target",
                "http://127.0.0.1:" + port + "/",
                "--rate",
                "50",
                "--duration",
                "1s",
                "--arrivals",
                "constant",
                "--runs",
                runs.toString(),
                "--lateness-budget",
                latenessBudget);
    }

    @Test
    void shouldExitWith3WhereTheTargetAnswersWithErrors() throws IOException {
        try (Target target = new Target(exchange -> exchange.sendResponseHeaders(500, -1))) {
            Cli cli = load(target.port(), PATIENT);

            assertOverBudget(cli, "over budget: 50 of 50 answers were errors (neither 200 nor 429), budget 0.1 %");
        }
    }

    @Test
    void shouldExitWith3WhereInvocationsAreLost() throws IOException {
        try (Target target = new Target(_ -> {})) { // hangs up
            Cli cli = load(target.port(), PATIENT);

            assertOverBudget(cli, "over budget: lost 50 of 50 sent invocations, budget 0");
        }
    }

    @Test
    void shouldExitWith3WhereTheGeneratorIsLaterThanItsBudget() throws IOException {
        try (Target target = new Target(exchange -> exchange.sendResponseHeaders(200, -1))) {
            Cli cli = load(target.port(), "0s");

            assertOverBudget(cli, "over budget: lateness p99.9 of the generator is ");
        }
    }

    /** Nothing was measured: that is wrong use. */
    @Test
    void shouldExitWith2WhereNothingListens() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }

        Cli cli = load(port, PATIENT);

        assertThat(cli.errLines())
                .containsExactly(
                        "thaw: target: 'http://127.0.0.1:" + port + "', must accept connections: connection refused");
        assertThat(cli.exit()).isEqualTo(Main.EXIT_WRONG_USE);
    }

    /** A server that reads each request and then does as told. */
    private record Target(HttpServer server) implements AutoCloseable {
        Target(HttpHandler answer) throws IOException {
            this(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
            server.createContext("/", exchange -> {
                exchange.getRequestBody().readAllBytes();
                answer.handle(exchange);
                exchange.close();
            });
            server.start();
        }

        int port() {
            return server.getAddress().getPort();
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }

    private static void assertOverBudget(Cli cli, String line) {
        assertThat(cli.exit()).as(cli.out() + cli.err()).isEqualTo(Main.EXIT_OVER_BUDGET);
        assertThat(cli.out().lines()).anyMatch(each -> each.startsWith(line));
        assertThat(cli.out().lines().reduce((_, last) -> last).orElseThrow()).startsWith("run: ");
        assertThat(cli.err()).isEmpty();
    }
}
