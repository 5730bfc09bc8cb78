package dev.thaw.scheduler.frontend;

import dev.thaw.scheduler.core.HotPath;
import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.NanoClock;
import org.jspecify.annotations.Nullable;

/**
 * The clients of one event loop that are in the middle of a head or a body that they send, or of answers that they
 * take. A head must end within {@link #WINDOW_NS}; the others must go on by {@link #WINDOW_BYTES}, or end, within every
 * such time; where it does not, its connection is told. So neither a client that falls silent nor one that trickles
 * holds memory for long.
 *
 * <p>The windows are a list in the order of their starts, and all equally long: only the first can be over.
 *
 * <p>Threading: its event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a loop that has ended has no connections either
final class SlowClients {
    static final long WINDOW_NS = TimeUnit.SECONDS.toNanos(30);
    static final long WINDOW_BYTES = 256 << 10;

    /** One direction of one connection, and its place in the list. */
    static final class Window {
        private final Runnable onTooSlow;
        private @Nullable Window previous;
        private @Nullable Window next;
        private long startNs;
        private long startBytes;
        private boolean open;

        /** {@code onTooSlow} is called with the window closed already. */
        Window(Runnable onTooSlow) {
            this.onTooSlow = onTooSlow;
        }

        private boolean isFilled(long bytes) {
            return bytes - startBytes >= WINDOW_BYTES;
        }
    }

    private final NanoClock clock;
    private @Nullable Window first;
    private @Nullable Window last;
    private boolean scheduled;

    SlowClients(NanoClock clock) {
        this.clock = clock;
    }

    /** It goes on and has come to {@code bytes} by now: opens a window, or the next one where this one is filled. */
    void onProgress(Window window, long bytes, EventLoop loop) {
        if (!window.open || window.isFilled(bytes)) {
            open(window, bytes, loop);
        }
    }

    /** The window is over and progress was not watched meanwhile: opens the next one where this one was filled. */
    boolean reopen(Window window, long bytes, EventLoop loop) {
        boolean filled = window.isFilled(bytes);
        if (filled) {
            open(window, bytes, loop);
        }
        return filled;
    }

    private void open(Window window, long bytes, EventLoop loop) {
        close(window);
        window.open = true;
        window.startNs = clock.nanoTime();
        window.startBytes = bytes;
        append(window);
        if (!scheduled) {
            schedule(loop, WINDOW_NS);
        }
    }

    /** It ended. Does nothing where no window is open. */
    @HotPath
    void close(Window window) {
        if (window.open) {
            window.open = false;
            unlink(window);
        }
    }

    /** Tells everybody whose window is over. */
    void expire(long nowNs) {
        Window oldest = first;
        while (oldest != null && nowNs - oldest.startNs >= WINDOW_NS) {
            close(oldest);
            oldest.onTooSlow.run();
            oldest = first;
        }
    }

    boolean isEmpty() {
        return first == null;
    }

    private void schedule(EventLoop loop, long delayNs) {
        scheduled = true;
        loop.schedule(() -> sweep(loop), delayNs, TimeUnit.NANOSECONDS);
    }

    private void sweep(EventLoop loop) {
        scheduled = false;
        long nowNs = clock.nanoTime();
        expire(nowNs);
        Window oldest = first;
        if (oldest != null && !scheduled) {
            schedule(loop, oldest.startNs + WINDOW_NS - nowNs);
        }
    }

    private void append(Window window) {
        Window before = last;
        window.previous = before;
        window.next = null;
        if (before == null) {
            first = window;
        } else {
            before.next = window;
        }
        last = window;
    }

    @HotPath
    private void unlink(Window window) {
        Window before = window.previous;
        Window after = window.next;
        if (before == null) {
            first = after;
        } else {
            before.next = after;
        }
        if (after == null) {
            last = before;
        } else {
            after.previous = before;
        }
    }
}
