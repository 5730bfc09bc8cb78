package dev.thaw.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.results.FleetSample;
import dev.thaw.results.Phase;
import dev.thaw.results.ServerRecord;
import dev.thaw.scheduler.control.Deployments.Provisioned;
import dev.thaw.scheduler.functions.FunctionConfig;
import dev.thaw.scheduler.functions.FunctionRoutes;
import dev.thaw.scheduler.functions.FunctionRoutes.AliasRoute;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.agrona.concurrent.SystemEpochClock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Versions, aliases and provisioned concurrency with real sandboxes (contract.md sections 1.11, 1.12, 2.1, 7). */
@Tag("slow")
@SuppressWarnings("NullAway.Init")
final class VersionsTest {
    private static final int INVOCATIONS = 10_000;
    private static final int AT_ONCE = 8;
    private static final Pattern START = Pattern.compile("^START RequestId: \\S+ Version: (\\S+)$", Pattern.MULTILINE);

    @TempDir
    static Path directory;

    private static RunningServer server;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        Host.requireSandboxes();
        server = RunningServer.start(directory, _ -> {});
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    private static int deploy(FunctionConfig config, String version) throws IOException {
        return server.deployments().deploy(config, version);
    }

    private static FunctionRoutes alias(int one, int two, double weight) {
        return new FunctionRoutes(one, Map.of("1", one, "2", two), Map.of("PROD", new AliasRoute(one, two, weight)));
    }

    @Test
    void shouldSplitAnAliasByItsWeightWithOneStartLineForEachInvocation() throws IOException {
        FunctionConfig config = Functions.echo("weighted");
        int one = deploy(config, "1");
        int two = deploy(config, "2");
        server.deployments().route("weighted", alias(one, two, 0.03));

        int[] hits = new int[3];
        for (int sent = 0; sent < INVOCATIONS; sent += AT_ONCE) {
            List<CompletableFuture<Reply>> batch = IntStream.range(0, AT_ONCE)
                    .mapToObj(_ -> server.send("weighted:PROD", "1"))
                    .toList();
            for (CompletableFuture<Reply> reply : batch) {
                hits[Integer.parseInt(reply.join().executedVersion())]++;
            }
        }

        assertThat(hits[2]).isBetween(300 - 51, 300 + 51);
        assertThat(hits[1] + hits[2]).isEqualTo(INVOCATIONS);
        String log = server.logs()
                .await("weighted", INVOCATIONS + " START lines", text -> starts(text, "\\S+") == INVOCATIONS);
        assertThat(starts(log, "1")).isEqualTo(hits[1]);
        assertThat(starts(log, "2")).isEqualTo(hits[2]);
    }

    private static long starts(String log, String version) {
        return START.matcher(log)
                .results()
                .filter(line -> line.group(1).matches(version))
                .count();
    }

    @Test
    void shouldTellTheFunctionItsVersion() throws IOException {
        int latest = deploy(Functions.probe("told", 10), "$LATEST");
        int seven = deploy(Functions.probe("told", 10), "7");
        server.deployments().route("told", new FunctionRoutes(latest, Map.of("7", seven), Map.of()));

        assertThat(variable("told:7", "AWS_LAMBDA_FUNCTION_VERSION")).isEqualTo("\"7\"");
        assertThat(variable("told:7", "AWS_LAMBDA_LOG_STREAM_NAME")).contains("/[7]");
        assertThat(variable("told", "AWS_LAMBDA_FUNCTION_VERSION")).isEqualTo("\"$LATEST\"");
        Reply reply = server.invoke("told:7", "{\"do\":\"count\"}");
        assertThat(reply.executedVersion()).isEqualTo("7");
        assertThat(reply.log()).startsWith("START RequestId: " + reply.requestId() + " Version: 7\n");
    }

    private static String variable(String function, String name) {
        return server.invoke(function, "{\"do\":\"env\",\"name\":\"" + name + "\"}")
                .text();
    }

    /** The sixth of six at once is the only one that waits for an init. */
    @Test
    void shouldBeReadyBeforeTrafficAndCountTheSpillover() throws IOException {
        int one = deploy(Functions.probe("ready", 20, "sleep:1000"), "1");
        server.deployments().route("ready", new FunctionRoutes(one, Map.of("1", one), Map.of()));
        server.deployments().provision(one, 5);
        Await.until(
                "five are ready", () -> server.deployments().provisioned(one).available() == 5);
        assertThat(server.deployments().provisioned(one)).isEqualTo(new Provisioned(5, 5, 5, false));

        Reply first = server.invoke("ready:1", "{\"do\":\"count\"}");
        assertThat(first.report()).containsPattern("Init Duration: [1-9]\\d{3}\\.\\d\\d ms");
        assertThat(first.server().billedMs).isLessThan(1_000);
        assertThat(variable("ready:1", "AWS_LAMBDA_INITIALIZATION_TYPE")).isEqualTo("\"provisioned-concurrency\"");

        List<CompletableFuture<Reply>> replies = IntStream.range(0, 6)
                .mapToObj(_ -> server.send("ready:1", "{\"do\":\"sleep\",\"ms\":3000}"))
                .toList();
        List<ServerRecord> records =
                replies.stream().map(reply -> reply.join().server()).toList();

        assertThat(records).filteredOn(record -> record.coldTrigger).hasSize(1);
        assertThat(records)
                .filteredOn(record -> record.phasesNs[Phase.CREATE.ordinal()] == 0
                        && record.phasesNs[Phase.INIT_FUNCTION.ordinal()] == 0)
                .hasSize(5);
        assertThat(records).allSatisfy(record -> assertThat(record.provisioned).isEqualTo(!record.coldTrigger));
        assertThat(server.deployments().concurrency(one).spillovers()).isEqualTo(1);
        server.deployments().provision(one, 0);
    }

    @Test
    void shouldMarkProvisionedConcurrencyFailedWhereInitFails() throws IOException {
        int one = deploy(Functions.probe("unready", 5, "exit"), "1");
        server.deployments().provision(one, 2);

        Await.until("it has failed", () -> server.deployments().provisioned(one).failed());
        assertThat(server.deployments().provisioned(one).available()).isZero();
    }

    @Test
    void shouldProvisionAsARuleSays() throws IOException {
        try (AutoScaling _ = scaling("scaled:1=2..4@0.7").start()) {
            int one = deploy(Functions.echo("scaled"), "1"); // later than its rule
            server.deployments().route("scaled", new FunctionRoutes(one, Map.of("1", one), Map.of()));
            Await.until(
                    "two are ready", () -> server.deployments().provisioned(one).available() == 2);
        }
    }

    private static AutoScaling scaling(String rule) {
        return new AutoScaling(
                List.of(AutoScaleRule.parse(rule)), server.deployments(), server::provision, SystemEpochClock.INSTANCE);
    }

    /** Updates under load lose no invocation; of what was replaced nothing is left. */
    @Test
    void shouldServeEveryInvocationWhileItsFunctionIsUpdated() throws Exception {
        FunctionConfig config = Functions.echo("updated");
        int current = deploy(config, "$LATEST");
        server.deployments().route("updated", FunctionRoutes.latestOnly(current));
        int updates = 10;
        CountDownLatch gone = new CountDownLatch(updates + 1);
        for (int update = 0; update < updates; update++) {
            List<CompletableFuture<Reply>> under = IntStream.range(0, AT_ONCE)
                    .mapToObj(_ -> server.send("updated", "1"))
                    .toList();
            int next = deploy(config, "$LATEST");
            server.deployments().route("updated", FunctionRoutes.latestOnly(next));
            server.deployments().retire(current, gone::countDown);
            current = next;
            assertThat(under)
                    .allSatisfy(reply -> assertThat(reply.join().text()).isEqualTo("1"));
        }
        server.deployments().unroute("updated");
        server.deployments().retire(current, gone::countDown);

        assertThat(gone.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(server.invoke("updated", "1").status()).isEqualTo(404);
    }

    /** After its keep-alive nothing of a function runs. */
    @Test
    void shouldScaleToZero() throws IOException {
        try (RunningServer brief = RunningServer.start(
                directory.resolve("zero"), options -> options.keepAlive = "200ms", Functions.echo("gone"))) {
            assertThat(brief.invoke("gone", "1").text()).isEqualTo("1");
            brief.awaitFleet("nothing is left", VersionsTest::isEmpty);
        }
    }

    private static boolean isEmpty(FleetSample fleet) {
        return fleet.starting() + fleet.busy() + fleet.idle() + fleet.frozen() + fleet.resetting() == 0
                && fleet.expired() == 1;
    }
}
