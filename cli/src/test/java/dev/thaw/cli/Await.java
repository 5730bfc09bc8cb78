package dev.thaw.cli;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Waits for what will come true, and fails the test where it does not in a very long time. {@link #until} is for what
 * tells nobody that it changed: processes of the kernel, the server's page of its fleet.
 */
final class Await {
    private static final long BOUND_NS = TimeUnit.SECONDS.toNanos(60);
    private static final long POLL_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private Await() {}

    /** Until it is there, as the kernel tells. */
    static void file(Path file) throws IOException {
        Path folder = Files.createDirectories(file.resolveSibling("."));
        try (WatchService names = FileSystems.getDefault().newWatchService()) {
            WatchKey _ = folder.register(names, StandardWatchEventKinds.ENTRY_CREATE);
            while (!Files.exists(file)) {
                WatchKey key = names.poll(BOUND_NS, TimeUnit.NANOSECONDS);
                if (key == null) {
                    throw new AssertionError("not there after 60 s: " + file);
                }
                key.pollEvents();
                key.reset();
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    static void until(String what, BooleanSupplier condition) {
        long startNs = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - startNs > BOUND_NS) {
                throw new AssertionError("still not so after 60 s: " + what);
            }
            LockSupport.parkNanos(POLL_NS);
        }
    }
}
