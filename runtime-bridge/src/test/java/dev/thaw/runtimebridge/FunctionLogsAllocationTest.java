package dev.thaw.runtimebridge;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.thaw.scheduler.core.Outcome;
import dev.thaw.scheduler.core.Refusal;
import dev.thaw.scheduler.live.Exchange;
import dev.thaw.scheduler.live.ExchangeSink;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.CachedEpochClock;
import org.agrona.concurrent.CachedNanoClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an invocation costs the thread that logs it, where nobody has subscribed to telemetry: nothing. */
final class FunctionLogsAllocationTest {
    private static final int WARM_UP = 5_000;
    private static final int COUNT = 2_000;
    private static final long BOUND_SEC = 20;

    private static final int MORE_WINDOWS = 20;

    @TempDir
    private Path directory;

    private final Exchange exchange = new Exchange();

    @Test
    void shouldAllocateNothingForAnInvocationWithoutASubscriber() throws InterruptedException {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        DeployedFunction function = Functions.of("f", directory, 3, Map.of());
        EnvironmentLog log = new EnvironmentLog(directory.resolve("log"), function, new CachedEpochClock());
        exchange.requestId = "id";
        exchange.traceId = "Root=1";
        try (FunctionLogs logs = new FunctionLogs(new CachedNanoClock(), new CachedEpochClock())) {
            invoke(logs, log, WARM_UP);
            long bytes = allocatedBytes(threads, logs, log);
            // The JIT's own one-off bytes fall into some window: one clean window is what is promised.
            for (int more = 0; bytes != 0 && more < MORE_WINDOWS; more++) {
                bytes = allocatedBytes(threads, logs, log);
            }
            assertThat(bytes).isZero();
        }
    }

    private long allocatedBytes(ThreadMXBean threads, FunctionLogs logs, EnvironmentLog log)
            throws InterruptedException {
        awaitLogged(logs, log); // every entry is back in the pool by then
        long beforeBytes = threads.getCurrentThreadAllocatedBytes();
        invoke(logs, log, COUNT);
        return threads.getCurrentThreadAllocatedBytes() - beforeBytes;
    }

    private void invoke(FunctionLogs logs, EnvironmentLog log, int count) {
        for (int i = 0; i < count; i++) {
            logs.start(log, exchange, OutputPipe.UNKNOWN, i);
            boolean _ = logs.report(report(logs, log, i));
        }
    }

    private static LogEntry report(FunctionLogs logs, EnvironmentLog log, long nowNs) {
        LogEntry entry = logs.reportEntry(log);
        entry.requestId = "id";
        entry.traceId = "Root=1";
        entry.atNs = nowNs;
        entry.invokeNs = 1;
        entry.outcome = Outcome.RESPONSE;
        entry.position = OutputPipe.UNKNOWN;
        return entry;
    }

    private static void awaitLogged(FunctionLogs logs, EnvironmentLog log) throws InterruptedException {
        CountDownLatch logged = new CountDownLatch(1);
        Exchange waiting = new Exchange();
        waiting.sink = new ExchangeSink() {
            @Override
            public void answer(Exchange answered, Outcome outcome) {
                logged.countDown();
            }

            @Override
            public void refuse(Exchange refused, Refusal refusal) {
                throw new AssertionError("refused");
            }
        };
        LogEntry last = report(logs, log, 0);
        last.exchange = waiting;
        assertThat(logs.report(last)).isTrue();
        assertThat(logged.await(BOUND_SEC, TimeUnit.SECONDS)).isTrue();
    }
}
