package dev.thaw.loadgen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thaw.loadgen.trace.ArrivalCursor;
import dev.thaw.loadgen.trace.ArrivalSequence;
import dev.thaw.results.Sample;
import dev.thaw.results.SampleStatus;
import dev.thaw.results.ServerRecord;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemNanoClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class OpenLoopDriverTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
    private static final long STEP_NS = 1_000_000L;
    private static final long LONG_NS = 20_000 * STEP_NS;

    private record Seen(long intendedNs, long sentNs, long doneNs, SampleStatus status, boolean serverKnown, long id) {}

    private final List<Seen> seen = Collections.synchronizedList(new ArrayList<>());

    private LoadOutcome run(DriverConfig config, LoadPlan plan) throws InterruptedException {
        try (OpenLoopDriver driver = new OpenLoopDriver(config, SystemNanoClock.INSTANCE)) {
            return driver.run(plan, this::keep, SystemNanoClock.INSTANCE.nanoTime());
        }
    }

    private void keep(Sample s) {
        seen.add(new Seen(s.intendedStartNs, s.sentNs, s.doneNs, s.status, s.serverKnown, s.server.environmentId));
    }

    private static LoadPlan plan(int invocations, long distanceNs) {
        LoadPlan.Function function =
                new LoadPlan.Function("echo", 128, new Payload.Fixed("{\"a\":1}".getBytes(StandardCharsets.UTF_8)));
        return LoadPlan.of(
                List.of(function), invocations * distanceNs, () -> ArrivalSequence.constant(1e9 / distanceNs));
    }

    /** Counts down when the driver has submitted the plan's last invocation and asks for the next. */
    private static ArrivalCursor whenAtEnd(ArrivalCursor cursor, CountDownLatch latch) {
        return new ArrivalCursor() {
            @Override
            public boolean next() {
                boolean more = cursor.next();
                if (!more) {
                    latch.countDown();
                }
                return more;
            }

            @Override
            public long startNs() {
                return cursor.startNs();
            }

            @Override
            public int function() {
                return cursor.function();
            }

            @Override
            public int durationUs() {
                return cursor.durationUs();
            }
        };
    }

    private SampleStatus statusOf(String response) throws Exception {
        try (SocketServer server = new SocketServer(SocketServer.fixed(response))) {
            run(DriverConfig.of(server.target()).withTimeouts(LONG_NS, LONG_NS), plan(1, STEP_NS));
        }
        return seen.getLast().status;
    }

    @Test
    void shouldSendEveryPlannedInvocationOnceAndAskForTheRecord() throws Exception {
        AtomicInteger requests = new AtomicInteger();
        List<String> heads = Collections.synchronizedList(new ArrayList<>());
        try (SocketServer server = new SocketServer((head, body, socket) -> {
            requests.incrementAndGet();
            heads.add(head + body);
            SocketServer.write(socket, OK);
        })) {
            LoadOutcome outcome = run(DriverConfig.of(server.target()), plan(200, STEP_NS / 2));
            assertThat(outcome.counters().sent()).isEqualTo(200);
            assertThat(outcome.counters().count(SampleStatus.OK)).isEqualTo(200);
            assertThat(outcome.causes()).isEmpty();
        }
        assertThat(requests).hasValue(200);
        assertThat(seen).hasSize(200).allMatch(s -> s.sentNs >= s.intendedNs && s.doneNs >= s.sentNs);
        assertThat(heads.getFirst())
                .startsWith("POST /2015-03-31/functions/echo/invocations HTTP/1.1\r\n")
                .contains("x-thaw-record: 1\r\n")
                .endsWith("\r\n\r\n{\"a\":1}");
    }

    @Test
    void shouldGiveEachFunctionItsTurn() {
        List<LoadPlan.Function> functions = Stream.of("a", "b", "c")
                .map(name -> new LoadPlan.Function(name, 128, new Payload.Fixed(new byte[0])))
                .toList();
        LoadPlan plan = LoadPlan.of(functions, 7 * STEP_NS, () -> ArrivalSequence.constant(1e9 / STEP_NS));

        List<Integer> turns = new ArrayList<>();
        for (ArrivalCursor cursor = plan.arrivals().get(); cursor.next(); ) {
            turns.add(cursor.function());
        }

        assertThat(plan.invocations()).isEqualTo(7);
        assertThat(turns).containsExactly(0, 1, 2, 0, 1, 2, 0);
    }

    @Test
    void shouldCountLatencyFromTheIntendedStartWhileTheServerHoldsEverything() throws Exception {
        CountDownLatch allSubmitted = new CountDownLatch(1);
        try (SocketServer server = new SocketServer((head, body, socket) -> {
            allSubmitted.await();
            SocketServer.write(socket, OK);
        })) {
            DriverConfig config = DriverConfig.of(server.target()).withConnections(2, 2);
            try (OpenLoopDriver driver = new OpenLoopDriver(config, SystemNanoClock.INSTANCE)) {
                driver.connect();
                LoadPlan plan = plan(50, STEP_NS / 5);
                LoadPlan releasing = new LoadPlan(
                        plan.functions(),
                        50,
                        plan.durationNs(),
                        () -> whenAtEnd(plan.arrivals().get(), allSubmitted));
                LoadOutcome outcome = driver.run(releasing, this::keep, SystemNanoClock.INSTANCE.nanoTime());
                assertThat(outcome.mostWaiting()).isEqualTo(48);
                assertThat(outcome.counters().boundWaits()).isEqualTo(48);
                assertThat(outcome.counters().count(SampleStatus.OK)).isEqualTo(50);
            }
        }
        // All were answered after the last intended start, so the first waited for the whole plan.
        long lastNs = 49 * STEP_NS / 5;
        assertThat(seen).hasSize(50).allMatch(s -> s.doneNs >= lastNs);
        assertThat(seen.stream().filter(s -> s.sentNs < lastNs)).hasSizeLessThanOrEqualTo(2);
        assertThat(seen.stream().map(Seen::intendedNs)).doesNotHaveDuplicates().contains(0L, lastNs);
    }

    @Test
    void shouldLoseInvocationsOfARefusedConnection() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        DriverConfig config = DriverConfig.of(Target.invokeApi("http://127.0.0.1:" + port));
        LoadOutcome outcome = run(config, plan(10, STEP_NS));
        assertThat(outcome.counters().count(SampleStatus.LOST)).isEqualTo(10);
        assertThat(outcome.causes()).containsOnlyKeys("connection refused").containsValue(10L);
        try (OpenLoopDriver driver = new OpenLoopDriver(config, SystemNanoClock.INSTANCE)) {
            assertThatThrownBy(driver::connect)
                    .isInstanceOf(LoadException.class)
                    .hasMessage("target: 'http://127.0.0.1:" + port + "', must accept connections: connection refused");
        }
    }

    @Test
    void shouldLoseOnlyTheInvocationWhoseConnectionCloses() throws Exception {
        AtomicInteger requests = new AtomicInteger();
        try (SocketServer server = new SocketServer((head, body, socket) -> {
            if (requests.incrementAndGet() == 3) {
                SocketServer.write(socket, "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{");
                socket.close();
            } else {
                SocketServer.write(socket, OK);
            }
        })) {
            LoadOutcome outcome = run(DriverConfig.of(server.target()), plan(20, STEP_NS));
            assertThat(outcome.counters().count(SampleStatus.OK)).isEqualTo(19);
            assertThat(outcome.causes()).containsOnlyKeys(Connection.CLOSED).containsValue(1L);
        }
        assertThat(requests).hasValue(20);
    }

    @Test
    void shouldTellStatusesApart() throws Exception {
        assertThat(statusOf("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"))
                .isEqualTo(SampleStatus.ERROR);
        assertThat(statusOf("HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n")).isEqualTo(SampleStatus.ERROR);
        assertThat(statusOf("HTTP/1.1 429 Too Many\r\nContent-Length: 0\r\n\r\n"))
                .isEqualTo(SampleStatus.THROTTLED);
        assertThat(statusOf("HTTP/1.1 200 OK\r\nX-Amz-Function-Error: Unhandled\r\nContent-Length: 2\r\n\r\n{}"))
                .isEqualTo(SampleStatus.FUNCTION_ERROR);
        String timeout = "{\"errorType\":\"Sandbox.Timedout\",\"errorMessage\":\"x\"}";
        assertThat(statusOf("HTTP/1.1 200 OK\r\nX-Amz-Function-Error: Unhandled\r\nContent-Length: " + timeout.length()
                        + "\r\n\r\n" + timeout))
                .isEqualTo(SampleStatus.TIMED_OUT);
        assertThat(statusOf("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"))
                .isEqualTo(SampleStatus.OK);
        assertThat(statusOf("SMTP ready\r\n")).isEqualTo(SampleStatus.LOST);
    }

    @Test
    void shouldReadTheServersRecord() throws Exception {
        ServerRecord record = new ServerRecord();
        record.clear();
        record.environmentId = 42;
        byte[] text = new byte[ServerRecord.MAX_ENCODED_LENGTH];
        int length = record.encode(text);
        String header = new String(text, 0, length, StandardCharsets.US_ASCII);
        assertThat(statusOf("HTTP/1.1 200 OK\r\nX-Thaw-Record: " + header + "\r\nContent-Length: 0\r\n\r\n"))
                .isEqualTo(SampleStatus.OK);
        assertThat(seen.getLast().serverKnown).isTrue();
        assertThat(seen.getLast().id).isEqualTo(42);
    }

    @Test
    void shouldOpenANewConnectionWhereTheServerClosesEach() throws Exception {
        try (SocketServer server = new SocketServer((head, body, socket) -> {
            SocketServer.write(socket, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
            socket.close();
        })) {
            LoadOutcome outcome = run(DriverConfig.of(server.target()).withConnections(4, 0), plan(30, STEP_NS));
            assertThat(outcome.counters().count(SampleStatus.OK)).isEqualTo(30);
            assertThat(outcome.connectionsOpened()).isGreaterThanOrEqualTo(30);
        }
    }

    @Test
    void shouldCountWhatIsUnderWayAsLostAndWhatWaitsAsUnsentWhenTheDrainEnds() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        try (SocketServer server = new SocketServer((head, body, socket) -> never.await())) {
            DriverConfig config =
                    DriverConfig.of(server.target()).withConnections(2, 2).withTimeouts(LONG_NS, 0);
            LoadOutcome outcome = run(config, plan(5, STEP_NS));
            assertThat(outcome.counters().count(SampleStatus.LOST)).isEqualTo(2);
            assertThat(outcome.counters().count(SampleStatus.UNSENT)).isEqualTo(3);
            assertThat(outcome.causes())
                    .containsEntry(Dispatcher.RUN_ENDED, 2L)
                    .containsEntry(Dispatcher.NOT_SENT, 3L)
                    .hasSize(2);
        }
        assertThat(seen).hasSize(5);
    }

    @Test
    void shouldLoseWhatIsNotAnsweredWithinTheRequestTimeout() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        try (SocketServer server = new SocketServer((head, body, socket) -> never.await())) {
            LoadOutcome outcome = run(DriverConfig.of(server.target()).withTimeouts(1, LONG_NS), plan(2, STEP_NS));
            assertThat(outcome.causes()).containsOnlyKeys(Dispatcher.TIMED_OUT).containsValue(2L);
        }
    }

    @Test
    void shouldCountThePlansRestAsUnsentWhenStopped() throws Exception {
        try (SocketServer server = new SocketServer(SocketServer.fixed(OK));
                OpenLoopDriver driver =
                        new OpenLoopDriver(DriverConfig.of(server.target()), SystemNanoClock.INSTANCE)) {
            SampleSink stopAtThird = sample -> {
                keep(sample);
                if (seen.size() == 3) {
                    driver.stop();
                }
            };
            LoadOutcome outcome = driver.run(plan(100_000, STEP_NS), stopAtThird, SystemNanoClock.INSTANCE.nanoTime());
            assertThat(outcome.counters().ended()).isEqualTo(100_000);
            assertThat(outcome.counters().count(SampleStatus.UNSENT)).isGreaterThan(90_000);
            assertThat(outcome.causes()).containsOnlyKeys(Dispatcher.STOPPED);
        }
    }

    @Test
    void shouldAwaitWhatIsUnderWayForTenSecondsOnlyOnceStopped() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        AtomicBoolean hasty = new AtomicBoolean();
        AtomicLong aheadNs = new AtomicLong();
        NanoClock clock =
                () -> SystemNanoClock.INSTANCE.nanoTime() + (hasty.get() ? aheadNs.addAndGet(1_000_000_000L) : 0);
        CompletableFuture<OpenLoopDriver> stoppable = new CompletableFuture<>();
        SocketServer.Handler stopsAndNeverAnswers = (head, body, socket) -> {
            stoppable.join().stop();
            hasty.set(true);
            never.await();
        };
        try (SocketServer server = new SocketServer(stopsAndNeverAnswers);
                OpenLoopDriver driver = new OpenLoopDriver(
                        DriverConfig.of(server.target()).withTimeouts(600_000_000_000L, 600_000_000_000L), clock)) {
            stoppable.complete(driver);
            LoadOutcome outcome = driver.run(plan(1, STEP_NS), this::keep, clock.nanoTime());
            assertThat(outcome.causes()).containsOnlyKeys(Dispatcher.RUN_ENDED);
        }
    }

    @Test
    void shouldCountNothingOfARehearsalAndGoOnWithItsConnections() throws Exception {
        try (SocketServer server = new SocketServer(SocketServer.fixed(OK));
                OpenLoopDriver driver = new OpenLoopDriver(
                        DriverConfig.of(server.target()).withConnections(3, 3), SystemNanoClock.INSTANCE)) {
            driver.connect();
            List<SampleStatus> rehearsed = Collections.synchronizedList(new ArrayList<>());
            SampleSink apart = sample -> rehearsed.add(sample.status);
            driver.rehearse(plan(20, STEP_NS), apart, SystemNanoClock.INSTANCE.nanoTime());
            LoadOutcome outcome = driver.run(plan(10, STEP_NS), this::keep, SystemNanoClock.INSTANCE.nanoTime());

            assertThat(rehearsed).hasSize(20).containsOnly(SampleStatus.OK);
            assertThat(seen)
                    .hasSize(10)
                    .allSatisfy(each -> assertThat(each.intendedNs()).isBetween(0L, 9 * STEP_NS));
            assertThat(outcome.counters().sent()).isEqualTo(10);
            assertThat(outcome.counters().count(SampleStatus.OK)).isEqualTo(10);
            assertThat(outcome.connectionsOpened()).isEqualTo(3);
        }
    }

    @Test
    void shouldLoseWhatIsNotAnsweredInTimeAlsoBehindALongRehearsal() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        AtomicInteger requests = new AtomicInteger();
        try (SocketServer server = new SocketServer((head, body, socket) -> {
                    if (requests.incrementAndGet() > 1) {
                        never.await();
                    }
                    SocketServer.write(socket, OK);
                });
                OpenLoopDriver driver = new OpenLoopDriver(
                        DriverConfig.of(server.target()).withConnections(1, 1).withTimeouts(STEP_NS, LONG_NS),
                        SystemNanoClock.INSTANCE)) {
            long hourAgo = SystemNanoClock.INSTANCE.nanoTime() - 3_600_000 * STEP_NS;
            driver.rehearse(plan(1, STEP_NS), sample -> {}, hourAgo);
            LoadOutcome outcome = driver.run(plan(1, STEP_NS), this::keep, SystemNanoClock.INSTANCE.nanoTime());

            assertThat(outcome.causes()).containsOnlyKeys(Dispatcher.TIMED_OUT).containsValue(1L);
        }
    }

    @Test
    void shouldKeepEachConnectionBusyInAClosedLoop() throws Exception {
        // Time goes on by a step for each answer, so the machine's mood does not decide how many there are.
        AtomicInteger answers = new AtomicInteger();
        NanoClock byAnswers = () -> answers.get() * STEP_NS;
        SocketServer.Handler counting = (head, body, socket) -> {
            answers.incrementAndGet();
            SocketServer.write(socket, OK);
        };
        try (SocketServer server = new SocketServer(counting);
                OpenLoopDriver driver =
                        new OpenLoopDriver(DriverConfig.of(server.target()).withConnections(4, 4), byAnswers)) {
            LoadOutcome outcome = driver.runClosedLoop(
                    plan(1, STEP_NS).functions(), 4, 100 * STEP_NS, this::keep, byAnswers.nanoTime());
            assertThat(outcome.connectionsOpened()).isEqualTo(4);
            assertThat(outcome.counters().count(SampleStatus.OK))
                    .isEqualTo(outcome.counters().sent())
                    .isGreaterThan(4);
        }
    }

    @Test
    void shouldSendBodiesTooLargeToCopy() throws Exception {
        List<Integer> lengths = Collections.synchronizedList(new ArrayList<>());
        try (SocketServer server = new SocketServer((head, body, socket) -> {
            lengths.add(body.length());
            SocketServer.write(socket, OK);
        })) {
            LoadPlan.Function big = new LoadPlan.Function("big", 128, new Payload.Fixed(new byte[3_000_000]));
            LoadPlan plan = LoadPlan.of(List.of(big), 10 * STEP_NS, () -> ArrivalSequence.constant(200));
            assertThat(run(DriverConfig.of(server.target()), plan).counters().count(SampleStatus.OK))
                    .isEqualTo(2);
        }
        assertThat(lengths).containsExactly(3_000_000, 3_000_000);
    }
}
