package dev.thaw.loadgen;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.thaw.results.Rehearsal;
import dev.thaw.results.RunPlan;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.agrona.concurrent.SystemNanoClock;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
final class DriverAllocationTest {
    private static final int WARM = 100_000;
    private static final int MEASURED = 50_000;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private long count;
    private long beforeBytes;
    private long afterBytes;

    @Test
    void shouldAllocateNearlyNothingPerRequestOnceWarm() throws Exception {
        WarmUp.run(400_000_000L, SystemNanoClock.INSTANCE);
        String ok = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";
        try (SocketServer server = new SocketServer(SocketServer.fixed(ok));
                Rehearsal rehearsal = new Rehearsal(List.of(new RunPlan.RunFunction("spin", 128, "unknown")));
                OpenLoopDriver driver = new OpenLoopDriver(
                        DriverConfig.of(server.target()).withConnections(8, 8), SystemNanoClock.INSTANCE)) {
            SampleSink sink = sample -> {
                count++;
                if (count == WARM) {
                    beforeBytes = threads.getCurrentThreadAllocatedBytes();
                } else if (count == WARM + MEASURED) {
                    afterBytes = threads.getCurrentThreadAllocatedBytes();
                    driver.stop();
                }
            };
            driver.tellCpuWaits(rehearsal.recorder());
            LoadPlan.Function function = new LoadPlan.Function("spin", 128, Payload.Spin.of(128));
            driver.runClosedLoop(List.of(function), 8, 60_000_000_000L, sink, SystemNanoClock.INSTANCE.nanoTime());
        }
        assertThat(afterBytes).isPositive();
        System.out.println("bytes per request: " + (double) (afterBytes - beforeBytes) / MEASURED);
        // The smallest object is 16 bytes: one for each request would show. The rest is Netty, now and then.
        assertThat((double) (afterBytes - beforeBytes) / MEASURED).isLessThan(16);
    }
}
