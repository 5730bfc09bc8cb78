package dev.thaw.runtimebridge;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.NanoClock;
import org.jspecify.annotations.Nullable;

/**
 * One subscriber: its buffer, and who carries the batches to it, one at a time. A slow one loses events, a dead one its
 * batches after {@value #ATTEMPTS} attempts each; both are told so, should they ever listen again. Nobody waits for it.
 *
 * <p>Threading: {@link #offer}, the flushes and {@link #end} on the log thread; the rest on the event loop of telemetry.
 * The buffer is shared, under its lock.
 */
final class TelemetrySubscriber implements TelemetryCarrier.Listener {
    static final int ATTEMPTS = 3;
    static final long FIRST_BACKOFF_MS = 100;
    static final long LAST_BACKOFF_MS = 10_000;

    private final TelemetrySubscription subscription;
    private final TelemetryCarrier carrier;
    private final EventLoop eventLoop;
    private final NanoClock clock;
    private final EpochClock epochClock;
    private final TelemetryBuffer buffer;
    private final Runnable checkTask = this::onCheck;
    private boolean checkQueued; // guarded by buffer
    private boolean ending; // guarded by buffer
    /** A batch is on its way, and whoever hears of its end looks for the next. Written on the event loop. */
    private volatile boolean busy;

    // The event loop's own.
    private List<byte[]> batch = List.of();
    private int attempts;
    private long backoffMs = FIRST_BACKOFF_MS;
    private @Nullable ScheduledFuture<?> timer;

    TelemetrySubscriber(
            TelemetrySubscription subscription,
            TelemetryCarrier carrier,
            EventLoop eventLoop,
            NanoClock clock,
            EpochClock epochClock) {
        this.subscription = subscription;
        this.carrier = carrier;
        this.eventLoop = eventLoop;
        this.clock = clock;
        this.epochClock = epochClock;
        buffer = new TelemetryBuffer(subscription);
    }

    TelemetrySubscription subscription() {
        return subscription;
    }

    // --- on the log thread

    void offer(TelemetryEvent event) {
        if (!event.isFor(subscription)) {
            return;
        }
        long nowNs = clock.nanoTime();
        boolean wake;
        synchronized (buffer) {
            boolean waited = buffer.waitNs(nowNs) > 0;
            boolean added = buffer.add(event.json(), nowNs);
            wake = added && !busy && (!waited || buffer.waitNs(nowNs) == 0) && queueCheck();
        }
        check(wake);
    }

    void flush() {
        long nowNs = clock.nanoTime();
        boolean wake;
        synchronized (buffer) {
            long before = buffer.waitNs(nowNs);
            buffer.flush(nowNs);
            wake = buffer.waitNs(nowNs) != before && queueCheck();
        }
        check(wake);
    }

    void flushNow() {
        boolean wake;
        synchronized (buffer) {
            buffer.flushNow(clock.nanoTime());
            wake = queueCheck();
        }
        check(wake);
    }

    void end() {
        boolean wake;
        synchronized (buffer) {
            ending = true;
            buffer.flushNow(clock.nanoTime());
            wake = queueCheck();
        }
        check(wake);
    }

    private boolean queueCheck() {
        boolean first = !checkQueued;
        checkQueued = true;
        return first;
    }

    private void check(boolean wake) {
        if (wake) {
            eventLoop.execute(checkTask);
        }
    }

    // --- on the event loop

    private void onCheck() {
        synchronized (buffer) {
            checkQueued = false;
        }
        proceed();
    }

    private void proceed() {
        if (busy) {
            return;
        }
        cancelTimer();
        long waitNs;
        boolean last;
        synchronized (buffer) {
            long nowNs = clock.nanoTime();
            if (ending) {
                buffer.flushNow(nowNs); // batch after batch, until nothing is left
            }
            batch = buffer.take(nowNs, epochClock.time());
            waitNs = buffer.waitNs(nowNs);
            last = ending;
        }
        if (!batch.isEmpty()) {
            attempts = 0;
            send();
        } else if (last) {
            carrier.close();
        } else if (waitNs >= 0) {
            timer = eventLoop.schedule(this::proceed, waitNs, TimeUnit.NANOSECONDS);
        }
    }

    private void cancelTimer() {
        ScheduledFuture<?> pending = timer;
        timer = null;
        if (pending != null) {
            pending.cancel(false);
        }
    }

    private void send() {
        busy = true;
        attempts++;
        carrier.send(TelemetryBuffer.join(batch, subscription.destination().isHttp()), this);
    }

    @Override
    public void onDelivered() {
        backoffMs = FIRST_BACKOFF_MS;
        done();
    }

    @Override
    public void onRefused(String reason) {
        backoffMs = FIRST_BACKOFF_MS;
        drop(reason);
        done();
    }

    @Override
    public void onUnreachable(String reason) {
        boolean last;
        synchronized (buffer) {
            last = ending;
        }
        if (attempts >= ATTEMPTS || last) {
            drop(reason);
            attempts = 0;
            batch = List.of();
        }
        if (last) {
            carrier.close(); // nobody is left to take more
            return;
        }
        timer = eventLoop.schedule(this::onBackoff, backoffMs, TimeUnit.MILLISECONDS);
        backoffMs = Math.min(LAST_BACKOFF_MS, 2 * backoffMs);
    }

    private void onBackoff() {
        timer = null;
        if (batch.isEmpty()) {
            done();
        } else {
            send();
        }
    }

    private void drop(String reason) {
        long bytes = 0;
        for (byte[] event : batch) {
            bytes += event.length;
        }
        synchronized (buffer) {
            if (!ending) {
                buffer.drop(bytes, batch.size(), "could not send events: " + reason);
            }
        }
    }

    private void done() {
        busy = false;
        batch = List.of();
        proceed();
    }
}
