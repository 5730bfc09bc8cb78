package dev.thaw.scheduler.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.results.ServerMetrics;
import dev.thaw.results.live.EndedInterval;
import dev.thaw.results.live.LiveReading;
import dev.thaw.scheduler.core.Invocation;
import dev.thaw.scheduler.core.Outcome;
import dev.thaw.scheduler.core.Refusal;
import dev.thaw.scheduler.functions.FunctionConfig;
import dev.thaw.scheduler.functions.FunctionRoutes;
import dev.thaw.scheduler.live.Exchange;
import dev.thaw.scheduler.live.ExchangeSink;
import dev.thaw.scheduler.live.ThreadLayout;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.SystemNanoClock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the live page's events are made of, from the scheduler's thread. */
final class LiveReadingTest {
    private @Nullable TestServer server;

    @AfterEach
    void stop() {
        server().close();
    }

    private TestServer server() {
        return Objects.requireNonNull(server);
    }

    private void invoke(String event) throws IOException {
        server().post("/2015-03-31/functions/fn/invocations", "", event);
    }

    @ParameterizedTest
    @EnumSource(ThreadLayout.class)
    void shouldReadWhatMetricsTellAndRecordBetweenReadings(ThreadLayout layout) throws IOException {
        server = new TestServer(layout).with("fn").with("off", 3, 0);
        invoke("{}");
        EndedInterval first = new EndedInterval();
        EndedInterval second = new EndedInterval();
        assertThat(server().engine.watch(first).join().ended()).isNull();
        invoke("{}");
        invoke("\"fail\"");
        server().post("/2015-03-31/functions/off/invocations", "", "{}");
        server().inboxOpen = false; // refused by the test, which nothing counts
        invoke("{}");
        server().inboxOpen = true;

        LiveReading reading = server().engine.watch(second).join();

        assertThat(reading.ended()).isSameAs(first);
        assertThat(first.count()).isEqualTo(2);
        ServerMetrics metrics =
                ServerMetrics.fromJson(server().get("/_thaw/metrics.json").body());
        assertThat(reading.totals().invocations())
                .isEqualTo(3)
                .isEqualTo(metrics.invocations().stream()
                        .mapToLong(ServerMetrics.Invocations::invocations)
                        .sum());
        assertThat(reading.totals().errors())
                .isEqualTo(1)
                .isEqualTo(metrics.invocations().stream()
                        .mapToLong(ServerMetrics.Invocations::errors)
                        .sum());
        assertThat(reading.totals().throttles())
                .isEqualTo(1)
                .isEqualTo(metrics.invocations().stream()
                        .mapToLong(ServerMetrics.Invocations::throttles)
                        .sum());
        assertThat(reading.totals().refusals()).isZero();
        assertThat(reading.totals().created()).isEqualTo(1);
        assertThat(reading.hosts()).singleElement().satisfies(host -> {
            assertThat(host.name()).isEqualTo("here");
            assertThat(host.heldMemoryMib()).isEqualTo(128);
            assertThat(host.heldMilliVcpus()).isBetween(1, 1_000);
        });
        invoke("{}");
        assertThat(server().engine.watch(null).join().ended()).isSameAs(second);
        invoke("{}");
        assertThat(second.count()).isEqualTo(1);
    }

    /** A version that was replaced on the way refuses, and the one in its place answers: nobody was refused. */
    @Test
    void shouldCountOnlyRefusalsThatAreAnswers() throws Exception {
        server = new TestServer(ThreadLayout.FUSED);
        FunctionConfig config = TestServer.function("f", 3, FunctionConfig.UNRESERVED);
        int replaced = server().engine.deploy(config, "1").functionId();
        int next = server().engine.deploy(config, "2").functionId();
        server().functions.route("f", FunctionRoutes.latestOnly(next));
        CountDownLatch gone = new CountDownLatch(1);
        server().engine.retire(replaced, gone::countDown);
        assertThat(gone.await(20, TimeUnit.SECONDS)).isTrue();

        assertThat(endOf(replaced)).isEqualTo(Outcome.RESPONSE);
        LiveReading reading = server().engine.watch(null).join();
        assertThat(reading.fleet().refused()).as("by the core").isEqualTo(1);
        assertThat(reading.totals().refusals()).isZero();

        server().functions.unroute("f");
        assertThat(endOf(replaced)).isEqualTo(Refusal.RETIRED);
        assertThat(server().engine.watch(null).join().totals().refusals()).isEqualTo(1);
    }

    /** Of an invocation that was on its way to this version. */
    private Object endOf(int functionId) {
        CompletableFuture<Object> end = new CompletableFuture<>();
        Exchange exchange = new Exchange();
        exchange.invokedFunctionArn = "arn:aws:lambda:us-east-1:000000000000:function:f";
        exchange.payload = Unpooled.copiedBuffer("{}", StandardCharsets.UTF_8);
        exchange.sink = new ExchangeSink() {
            @Override
            public void answer(Exchange answered, Outcome outcome) {
                end.complete(outcome);
            }

            @Override
            public void refuse(Exchange refused, Refusal refusal) {
                end.complete(refusal);
            }
        };
        Invocation invocation = new Invocation();
        invocation.start(functionId, functionId, exchange, SystemNanoClock.INSTANCE.nanoTime());
        assertThat(server().engine.inbox().offer(invocation)).isTrue();
        return end.orTimeout(20, TimeUnit.SECONDS).join();
    }

    @Test
    void shouldSayHowManyWaitAndRun() throws Exception {
        server = new TestServer(ThreadLayout.FUSED).with("fn");
        try (RawClient client = server().connect()) {
            client.post("/2015-03-31/functions/fn/invocations", "", "\"hold\"");
            ScriptedEnvironments.Held held = server().environments.held.take();
            LiveReading reading = server().engine.watch(null).join();
            assertThat(reading.concurrent()).isEqualTo(1);
            assertThat(reading.fleet().busy()).isEqualTo(1);
            assertThat(reading.hosts().getFirst().idleMemoryMib()).isZero();
            server().environments.release(held, "{}");
            assertThat(client.read().status()).isEqualTo(200);
        }
    }
}
