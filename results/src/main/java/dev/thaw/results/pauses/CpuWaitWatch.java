package dev.thaw.results.pauses;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Notes when a thread with work to do had no processor: because others had it, of this process (its compilers, above all)
 * or of other ones.
 *
 * <p>Threading: one thread, which need not be the one that is watched.
 */
public final class CpuWaitWatch implements AutoCloseable {
    /** Shorter waits are those of every wake-up. */
    static final long LEAST_NS = 250_000;
    /** A look is a system call. */
    static final long PERIOD_NS = 500_000;

    private final RunDelay delay;
    private final Consumer<CpuWait> log;
    private long lookedNs;
    private long seenNs;

    /** From now on. */
    CpuWaitWatch(RunDelay delay, Consumer<CpuWait> log, long nowNs) {
        this.delay = delay;
        this.log = log;
        lookedNs = nowNs;
        seenNs = delay.totalNs();
    }

    /** Watches the calling thread from now on; null where this system does not tell. */
    public static @Nullable CpuWaitWatch ofThisThread(Consumer<CpuWait> log, long nowNs) {
        RunDelay delay = RunDelay.ofThisThread();
        return delay == null ? null : new CpuWaitWatch(delay, log, nowNs);
    }

    /** To be called often; looks now and then. False once there is nothing more to see. */
    public boolean look(long nowNs) {
        if (nowNs - lookedNs < PERIOD_NS) {
            return true;
        }
        long totalNs = delay.totalNs();
        if (totalNs == RunDelay.UNKNOWN) {
            return false;
        }
        if (totalNs - seenNs >= LEAST_NS) {
            log.accept(new CpuWait(lookedNs, nowNs, totalNs - seenNs));
        }
        lookedNs = nowNs;
        seenNs = totalNs;
        return true;
    }

    @Override
    public void close() {
        delay.close();
    }
}
