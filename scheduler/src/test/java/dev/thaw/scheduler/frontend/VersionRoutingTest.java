package dev.thaw.scheduler.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.results.FleetSample;
import dev.thaw.scheduler.functions.FunctionConfig;
import dev.thaw.scheduler.functions.FunctionRoutes;
import dev.thaw.scheduler.functions.FunctionRoutes.AliasRoute;
import dev.thaw.scheduler.live.ThreadLayout;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Versions and aliases of a running server (contract.md sections 1.11 and 1.12), and updates under load. */
final class VersionRoutingTest {
    private static final String ARN = "arn:aws:lambda:us-east-1:000000000000:function:f";

    private static int deploy(TestServer server, String version) {
        return server.engine
                .deploy(TestServer.function("f", 3, FunctionConfig.UNRESERVED), version)
                .functionId();
    }

    private static String path(String name) {
        return "/2015-03-31/functions/" + name + "/invocations";
    }

    @ParameterizedTest
    @EnumSource(ThreadLayout.class)
    void shouldRunTheVersionThatTheQualifierNamesAndSayWhich(ThreadLayout layout) throws IOException {
        try (TestServer server = new TestServer(layout)) {
            int latest = deploy(server, "$LATEST");
            int one = deploy(server, "1");
            int two = deploy(server, "2");
            server.functions.route(
                    "f", new FunctionRoutes(latest, Map.of("1", one, "2", two), Map.of("BLUE", AliasRoute.to(two))));
            assertRuns(server, path("f"), "$LATEST", ARN);
            assertRuns(server, path("f") + "?Qualifier=$LATEST", "$LATEST", ARN + ":$LATEST");
            assertRuns(server, path("f:1"), "1", ARN + ":1");
            assertRuns(server, path("f") + "?Qualifier=2", "2", ARN + ":2");
            assertRuns(server, path("f:BLUE"), "2", ARN + ":BLUE");
            assertRuns(server, path(ARN + ":BLUE"), "2", ARN + ":BLUE");
            RawClient.Answer dry = server.post(path("f:1"), "X-Amz-Invocation-Type: DryRun\r\n", "{}");
            assertThat(dry.status()).isEqualTo(204);
            assertThat(dry.header("X-Amz-Executed-Version")).isEqualTo("1");
            RawClient.Answer unknown = server.post(path("f:3"), "", "{}");
            assertThat(unknown.status()).isEqualTo(404);
            assertThat(unknown.body()).contains("Function not found: " + ARN + ":3");
        }
    }

    @ParameterizedTest
    @EnumSource(ThreadLayout.class)
    void shouldRefuseWhatIsPendingUntilSomethingLeadsThere(ThreadLayout layout) throws IOException {
        try (TestServer server = new TestServer(layout)) {
            server.functions.withhold("f", "$LATEST", "Pending");
            for (String path : List.of(path("f"), path(ARN + ":$LATEST"), path("f") + "?Qualifier=$LATEST")) {
                RawClient.Answer pending = server.post(path, "", "{}");
                assertThat(pending.status()).isEqualTo(409);
                assertThat(pending.header("X-Amzn-ErrorType")).isEqualTo("ResourceConflictException");
                assertThat(pending.body())
                        .isEqualTo("{\"Type\":\"User\",\"message\":\"The operation cannot be performed at this time."
                                + " The function is currently in the following state: Pending\"}");
            }
            assertThat(server.post(path("f:1"), "", "{}").status()).isEqualTo(404);
            server.functions.withhold("f", "live", "Pending");
            assertThat(server.post(path("f:live"), "", "{}").status()).isEqualTo(409);
            server.functions.route("f", FunctionRoutes.latestOnly(deploy(server, "$LATEST")));
            assertRuns(server, path("f"), "$LATEST", ARN);
            server.functions.unroute("f");
            server.functions.withhold("f", "$LATEST", null);
            assertThat(server.post(path("f"), "", "{}").status()).isEqualTo(404);
        }
    }

    private static void assertRuns(TestServer server, String path, String version, String arn) throws IOException {
        RawClient.Answer answer = server.post(path, "", "\"arn\"");
        assertThat(answer.header("X-Amz-Executed-Version")).as(path).isEqualTo(version);
        assertThat(answer.body()).as(path).isEqualTo("\"" + arn + "\"");
    }

    @ParameterizedTest
    @EnumSource(ThreadLayout.class)
    void shouldSplitAnAliasByItsWeightAndResetIt(ThreadLayout layout) throws IOException {
        try (TestServer server = new TestServer(layout)) {
            int one = deploy(server, "1");
            int two = deploy(server, "2");
            server.functions.route(
                    "f", new FunctionRoutes(one, Map.of(), Map.of("PART", new AliasRoute(one, two, 0.03))));
            Map<String, Integer> hits = invoke(server, 10_000);
            assertThat(hits.get("2")).isBetween(300 - 51, 300 + 51);
            assertThat(hits.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(10_000);

            server.functions.route("f", new FunctionRoutes(one, Map.of(), Map.of("PART", AliasRoute.to(two))));
            assertThat(invoke(server, 100)).containsExactly(Map.entry("2", 100));
        }
    }

    private static Map<String, Integer> invoke(TestServer server, int invocations) throws IOException {
        Map<String, Integer> hits = new HashMap<>();
        try (RawClient client = server.connect()) {
            for (int invocation = 0; invocation < invocations; invocation++) {
                client.post(path("f:PART"), "", "1");
                hits.merge(String.valueOf(client.read().header("X-Amz-Executed-Version")), 1, Integer::sum);
            }
        }
        return hits;
    }

    /** Every invocation is answered by a version that was the latest at some moment while it was under way. */
    @ParameterizedTest
    @EnumSource(ThreadLayout.class)
    void shouldLoseNothingWhileVersionsAreReplaced(ThreadLayout layout) throws Exception {
        int updates = 200;
        try (TestServer server = new TestServer(layout)) {
            int current = deploy(server, "0");
            server.functions.route("f", FunctionRoutes.latestOnly(current));
            AtomicBoolean stop = new AtomicBoolean();
            FutureTask<Integer> load = new FutureTask<>(() -> invokeUntil(server, stop));
            Thread.ofPlatform().name("load").start(load);
            CountDownLatch gone = new CountDownLatch(updates + 1);
            for (int update = 1; update <= updates; update++) {
                int next = deploy(server, Integer.toString(update));
                server.functions.route("f", FunctionRoutes.latestOnly(next));
                server.engine.retire(current, gone::countDown);
                current = next;
            }
            stop.set(true);
            assertThat(load.get()).isLessThanOrEqualTo(updates);
            server.functions.unroute("f");
            server.engine.retire(current, gone::countDown);
            assertThat(server.post(path("f"), "", "1").status()).isEqualTo(404);
            assertThat(gone.await(20, TimeUnit.SECONDS)).isTrue();
            FleetSample left = server.engine.fleet().join();
            assertThat(left.starting() + left.busy() + left.idle() + left.frozen() + left.resetting() + left.waiting())
                    .isZero();
        }
    }

    /** Returns the last version seen. */
    private static int invokeUntil(TestServer server, AtomicBoolean stop) throws IOException {
        int last = 0;
        try (RawClient client = server.connect()) {
            while (!stop.get()) {
                client.post(path("f"), "", "1");
                RawClient.Answer answer = client.read();
                assertThat(answer.status()).as(answer.body()).isEqualTo(200);
                int version = Integer.parseInt(String.valueOf(answer.header("X-Amz-Executed-Version")));
                assertThat(version).isGreaterThanOrEqualTo(last);
                last = version;
            }
        }
        return last;
    }
}
