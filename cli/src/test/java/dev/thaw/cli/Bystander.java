package dev.thaw.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * A steady stream of invocations of another function while something breaks: every one must be answered byte for byte,
 * by one and the same environment.
 *
 * <p>Threading: owns the thread {@code bystander}; made and ended by the test's.
 */
final class Bystander {
    private static final long PAUSE_MS = 2;
    private static final int LEAST = 5;
    private static final long BOUND_SEC = 60;

    private final RunningServer server;
    private final String function;
    private final List<String> disturbed = new ArrayList<>();
    private final Thread thread;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Semaphore answered = new Semaphore(0);
    private final long environmentId;

    Bystander(RunningServer server, String function) {
        this.server = server;
        this.function = function;
        environmentId = server.invoke(function, "0").server().environmentId;
        thread = Thread.ofPlatform().name("bystander").start(this::run);
    }

    private void run() {
        try {
            for (int i = 1; !ended.await(PAUSE_MS, TimeUnit.MILLISECONDS); i++) {
                invoke(i);
                answered.release();
            }
        } catch (InterruptedException e) {
            disturbed.add(e.toString());
        }
    }

    private void invoke(int i) {
        try {
            check(i, server.invoke(function, Integer.toString(i)));
        } catch (RuntimeException e) {
            disturbed.add(i + ": " + e);
        }
    }

    private void check(int i, Reply reply) {
        if (reply.status() != 200 || !reply.text().equals(Integer.toString(i))) {
            disturbed.add(i + ": " + reply);
        } else if (reply.server().environmentId != environmentId) {
            disturbed.add(i + ": environment " + reply.server().environmentId + " after " + environmentId);
        }
    }

    /** Ends the stream and fails where one of it was disturbed. */
    void end() throws InterruptedException {
        answered.drainPermits();
        assertThat(answered.tryAcquire(LEAST, BOUND_SEC, TimeUnit.SECONDS))
                .as("the bystander goes on")
                .isTrue();
        ended.countDown();
        thread.join();
        assertThat(disturbed).isEmpty();
    }
}
