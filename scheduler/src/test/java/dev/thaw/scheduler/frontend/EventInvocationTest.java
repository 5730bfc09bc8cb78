package dev.thaw.scheduler.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.scheduler.events.AsyncEvents;
import dev.thaw.scheduler.events.EventIntake;
import dev.thaw.scheduler.events.EventSettings;
import dev.thaw.scheduler.events.EventsConfig;
import dev.thaw.scheduler.events.FunctionEvent;
import dev.thaw.scheduler.events.TargetEndpoints;
import dev.thaw.scheduler.functions.FunctionConfig;
import dev.thaw.scheduler.functions.FunctionRegistry;
import dev.thaw.scheduler.functions.FunctionRoutes;
import dev.thaw.scheduler.functions.RegisteredFunction;
import dev.thaw.scheduler.live.InternalInvoker;
import dev.thaw.scheduler.live.ThreadLayout;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.agrona.concurrent.SystemEpochClock;
import org.agrona.concurrent.SystemNanoClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Asynchronous invocations from a client's request to the function, over a real store. */
final class EventInvocationTest {
    private static final String ECHO = "/2015-03-31/functions/echo/invocations";
    private static final String EVENT = "X-Amz-Invocation-Type: Event\r\n";

    @TempDir
    private Path folder;

    private final AtomicReference<EventIntake> intake = new AtomicReference<>(EventIntake.NONE);
    private final Queue<String> faults = new ConcurrentLinkedQueue<>();
    private final Map<String, EventSettings> settings = new ConcurrentHashMap<>();
    private TestServer server;
    private AsyncEvents events;

    @BeforeEach
    void start() throws IOException {
        server = new TestServer(
                        ThreadLayout.FUSED,
                        Management.NONE,
                        (event, receipt) -> intake.get().accept(event, receipt))
                .with("echo");
        events = AsyncEvents.open(
                folder.resolve(AsyncEvents.FILE_NAME),
                EventsConfig.of(1),
                new AsyncEvents.Ports(
                        new InternalInvoker(server.functions, server.engine.inbox()::offer, SystemNanoClock.INSTANCE),
                        arn -> settings.getOrDefault(arn, EventSettings.DEFAULT),
                        TargetEndpoints.NONE,
                        SystemEpochClock.INSTANCE,
                        faults::add));
        events.start();
        intake.set(events);
    }

    @AfterEach
    void stop() {
        events.stop();
        server.close();
        events.close();
        assertThat(faults).isEmpty();
    }

    @Test
    void shouldAnswer202WithoutABodyWhileTheFunctionStillRuns() throws Exception {
        RawClient.Answer answer = server.post(ECHO, EVENT, "\"hold\"");
        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.body()).isEmpty();
        assertThat(answer.header("Content-Length")).isEqualTo("0");
        assertThat(answer.header("X-Amz-Function-Error")).isNull();
        assertThat(answer.header("X-Amz-Executed-Version")).isNull();
        ScriptedEnvironments.Held held = Objects.requireNonNull(server.environments.held.poll(10, TimeUnit.SECONDS));
        assertThat(held.exchange().requestId).isEqualTo(answer.header("x-amzn-RequestId"));
        assertThat(held.exchange().executedVersion).isEqualTo("$LATEST");
        server.environments.release(held, "\"done\"");
    }

    /** Two functions, each the other's destination. */
    @Test
    @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void shouldEndALoopOfDestinationsUnlessItIsAllowed() throws IOException {
        RegisteredFunction deployed =
                server.engine.deploy(TestServer.function("other", 3, FunctionConfig.UNRESERVED), "$LATEST");
        server.functions.route("other", FunctionRoutes.latestOnly(deployed.functionId()));
        String echo = FunctionRegistry.arnOf("echo");
        String other = FunctionRegistry.arnOf("other");
        settings.put(echo, new EventSettings(2, 21_600, other, null, null, false));
        settings.put(other, new EventSettings(2, 21_600, echo, null, null, false));

        assertThat(server.post(ECHO, EVENT, "{}").status()).isEqualTo(202);
        awaitDropped("echo", 1);
        assertThat(server.environments.dispatched).hasValue(32);

        server.functions.loops().allow("echo", true);
        server.functions.loops().allow("other", true);
        assertThat(server.post(ECHO, EVENT, "{}").status()).isEqualTo(202);
        while (server.environments.dispatched.get() < 32 + 50) {
            Thread.onSpinWait();
        }
        server.functions.loops().allow("echo", false);
        awaitDropped("echo", 2);
    }

    private void awaitDropped(String name, long invocations) {
        while (server.functions.loops().dropped().getOrDefault(name, 0L) < invocations) {
            Thread.onSpinWait();
        }
    }

    @Test
    void shouldTakeTheOlderInvokeAsync() throws Exception {
        for (String path :
                new String[] {"/2014-11-13/functions/echo/invoke-async/", "/2014-11-13/functions/echo/invoke-async"}) {
            assertThat(server.post(path, "", "\"hold\"").status()).isEqualTo(202);
            ScriptedEnvironments.Held held =
                    Objects.requireNonNull(server.environments.held.poll(10, TimeUnit.SECONDS));
            server.environments.release(held, "\"done\"");
        }
        assertThat(server.post("/2014-11-13/functions/nobody/invoke-async/", "", "{}")
                        .status())
                .isEqualTo(404);
        assertThat(server.get("/2014-11-13/functions/echo/invoke-async/").status())
                .isEqualTo(405);
    }

    @Test
    void shouldRefuseEventsBeyondOneMebibyte() throws IOException {
        String longest = "\"" + "x".repeat(FunctionEvent.MAX_PAYLOAD_BYTES - 2) + "\"";
        assertThat(server.post(ECHO, EVENT, longest).status()).isEqualTo(202);
        RawClient.Answer refused = server.post(ECHO, EVENT, longest + " ");
        assertThat(refused.status()).isEqualTo(413);
        assertThat(refused.header("x-amzn-ErrorType")).isEqualTo("RequestTooLargeException");
        assertThat(refused.body())
                .contains("1048577 byte payload is too large for the Event invocation type (limit 1048576 bytes)");
        assertThat(server.post(ECHO, "", longest + " ").status()).isEqualTo(200);
    }

    @Test
    void shouldCheckEventsAsItChecksOthers() throws IOException {
        assertThat(server.post(ECHO, EVENT, "{").status()).isEqualTo(400);
        assertThat(server.post("/2015-03-31/functions/nobody/invocations", EVENT, "{}")
                        .status())
                .isEqualTo(404);
        assertThat(server.post(ECHO, EVENT + "X-Amz-Log-Type: All\r\n", "{}").status())
                .isEqualTo(400);
        assertThat(events.counters().byFunction()).isEmpty();
    }

    @Test
    void shouldRefuseOnceItEnds() throws IOException {
        events.stop();
        RawClient.Answer answer = server.post(ECHO, EVENT, "{}");
        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.header("x-amzn-ErrorType")).isEqualTo("ServiceException");
    }
}
