package dev.thaw.scheduler.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.results.ServerMetrics;
import dev.thaw.scheduler.functions.FunctionConfig;
import dev.thaw.scheduler.functions.FunctionRoutes;
import dev.thaw.scheduler.functions.RegisteredFunction;
import dev.thaw.scheduler.live.ThreadLayout;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@code /_thaw/metrics} says of the invocations before it, on both of its pages. */
final class MetricsTest {
    private static final int ALL = 1;

    private TestServer server;

    @BeforeEach
    void start() throws IOException {
        server = new TestServer(ThreadLayout.FUSED);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void shouldCountByFunctionVersionAndAlias() throws IOException {
        RegisteredFunction latest = deploy("$LATEST");
        RegisteredFunction one = deploy("1");
        server.functions.route(
                "fn",
                new FunctionRoutes(
                        latest.functionId(),
                        Map.of("1", one.functionId()),
                        Map.of("live", new FunctionRoutes.AliasRoute(latest.functionId(), one.functionId(), ALL))));
        invoke("fn", "", 200);
        invoke("fn", "?Qualifier=$LATEST", 200);
        invoke("fn", "?Qualifier=1", 200);
        invoke("fn", "?Qualifier=live", 200);
        server.post("/2015-03-31/functions/fn/invocations", "", "\"fail\"");

        String page = server.get("/_thaw/metrics").body();

        assertThat(page)
                .contains("thaw_invocations_total{function=\"fn\",version=\"$LATEST\"} 3.0\n")
                .contains("thaw_errors_total{function=\"fn\",version=\"$LATEST\"} 1.0\n")
                .contains("thaw_duration_seconds_count{function=\"fn\",version=\"$LATEST\"} 3\n")
                .contains("thaw_duration_seconds_bucket{function=\"fn\",version=\"$LATEST\",le=\"+Inf\"} 3\n")
                .contains("thaw_invocations_total{function=\"fn\",version=\"1\"} 1.0\n")
                .contains("thaw_invocations_total{alias=\"live\",function=\"fn\",version=\"1\"} 1.0\n")
                .contains("thaw_unreserved_concurrent_executions 0.0\n");
    }

    @Test
    void shouldCountNoThrottleAsInvocationOrError() throws IOException {
        server.with("off", 3, 0);
        invoke("off", "", 429);

        ServerMetrics metrics =
                ServerMetrics.fromJson(server.get("/_thaw/metrics.json").body());

        assertThat(metrics.invocations()).singleElement().satisfies(row -> {
            assertThat(row.function()).isEqualTo("off");
            assertThat(row.throttles()).isEqualTo(1);
            assertThat(row.invocations()).isZero();
            assertThat(row.errors()).isZero();
            assertThat(row.durationCounts()).containsOnly(0L);
        });
    }

    @Test
    void shouldSayWhatIsConcurrentAndProvisioned() throws IOException, InterruptedException {
        RegisteredFunction one = deploy("1");
        server.functions.route("fn", new FunctionRoutes(one.functionId(), Map.of("1", one.functionId()), Map.of()));
        server.engine.provision(one.functionId(), 1);
        awaitProvisioned(one, 1);
        try (RawClient held = server.connect()) {
            held.post("/2015-03-31/functions/fn/invocations?Qualifier=1", "", "\"hold\"");
            ScriptedEnvironments.Held first = server.environments.held.take();
            invoke("fn", "?Qualifier=1", 200);
            invoke("fn", "?Qualifier=1", 200);
            server.environments.release(first, "{}");
            assertThat(held.read().status()).isEqualTo(200);
        }

        ServerMetrics metrics =
                ServerMetrics.fromJson(server.get("/_thaw/metrics.json").body());

        assertThat(metrics.versions()).singleElement().satisfies(row -> {
            assertThat(row.version()).isEqualTo("1");
            assertThat(row.mostConcurrentExecutions()).isEqualTo(2);
            assertThat(row.provisionedAllocated()).isEqualTo(1);
            assertThat(row.provisionedInvocations()).isEqualTo(1);
            assertThat(row.provisionedSpillovers()).isEqualTo(2);
        });
    }

    @Test
    void shouldCountHowLongExtensionsWorkAfterTheAnswer() throws IOException {
        RegisteredFunction one = deploy("1");
        server.functions.route("fn", new FunctionRoutes(one.functionId(), Map.of("1", one.functionId()), Map.of()));
        invoke("fn", "?Qualifier=1", 200);
        assertThat(server.get("/_thaw/metrics").body())
                .as("no extension has worked")
                .doesNotContain("thaw_post_runtime_extensions_duration_seconds_count{");

        server.engine.inbox().extensionsWorked("fn", "1", 20_000_000);
        server.engine.inbox().extensionsWorked("fn", "1", 5_500_000);
        server.engine.inbox().extensionsWorked("fn", "2", 7_000_000);

        assertThat(server.get("/_thaw/metrics").body())
                .contains("thaw_post_runtime_extensions_duration_seconds_count{function=\"fn\",version=\"1\"} 2\n")
                .contains("thaw_post_runtime_extensions_duration_seconds_sum{function=\"fn\",version=\"1\"} 0.0255\n");
        ServerMetrics metrics =
                ServerMetrics.fromJson(server.get("/_thaw/metrics.json").body());
        assertThat(metrics.versions()).singleElement().satisfies(row -> {
            assertThat(row.extensionRuns()).isEqualTo(2);
            assertThat(row.postRuntimeExtensionsMs()).isEqualTo(25.5);
        });
    }

    @Test
    void shouldSpeakPrometheusToScrapersAndJsonToRuns() throws IOException {
        assertThat(server.get("/_thaw/metrics").header("Content-Type")).startsWith("text/plain; version=0.0.4");
        assertThat(server.get("/_thaw/metrics.json").header("Content-Type")).isEqualTo("application/json");
        assertThat(server.get("/_thaw/fleet").header("Content-Type")).isEqualTo("application/json");
    }

    /** Environments are ready by signals, and each question is asked behind those that have arrived. */
    private void awaitProvisioned(RegisteredFunction function, int environments) {
        while (server.engine.provisioned(function.functionId()).available() < environments) {
            Thread.onSpinWait();
        }
    }

    private RegisteredFunction deploy(String version) {
        return server.engine.deploy(TestServer.function("fn", 3, FunctionConfig.UNRESERVED), version);
    }

    private void invoke(String name, String query, int status) throws IOException {
        assertThat(server.post("/2015-03-31/functions/" + name + "/invocations" + query, "", "{}")
                        .status())
                .isEqualTo(status);
    }
}
