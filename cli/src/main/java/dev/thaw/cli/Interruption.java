package dev.thaw.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets Ctrl-C end a run early instead of throwing it away: nothing more is started, what is under way is awaited, and
 * the bundle is written, over budget as it then is.
 *
 * <p>Threading: made and closed by one thread; the JVM's shutdown waits for {@link #closeAll}.
 */
final class Interruption implements AutoCloseable {
    private static final long WAIT_SEC = 90;
    private static final CountDownLatch WRITTEN = new CountDownLatch(1);

    private final Thread hook;

    Interruption(Runnable stop) {
        hook = Thread.ofPlatform().name("thaw-interrupt").unstarted(() -> {
            System.err.println("thaw: interrupted, ending the run (kill -9 to end at once)");
            stop.run();
            awaitWritten();
        });
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** The bundle and the server are done with: a shutdown need not wait any longer. */
    static void closeAll() {
        WRITTEN.countDown();
    }

    private static void awaitWritten() {
        try {
            boolean _ = WRITTEN.await(WAIT_SEC, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException underWay) {
            // The run ends because of it.
        }
    }
}
