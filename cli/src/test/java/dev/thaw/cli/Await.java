package dev.thaw.cli;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Waits for a condition that will come true, and fails the test where it does not in a very long time. For what tells
 * nobody that it changed: processes of the kernel, the server's page of its fleet.
 */
final class Await {
    private static final long BOUND_NS = TimeUnit.SECONDS.toNanos(60);
    private static final long POLL_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private Await() {}

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
