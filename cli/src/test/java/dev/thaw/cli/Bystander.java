package dev.thaw.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A steady stream of invocations of another function while something breaks: every one must be answered byte for byte,
 * by one and the same environment.
 *
 * <p>Threading: owns the thread {@code bystander}; made and ended by the test's.
 */
final class Bystander {
    private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final int LEAST = 5;

    private final RunningServer server;
    private final String function;
    private final List<String> disturbed = new ArrayList<>();
    private final Thread thread;
    private volatile boolean ended;
    private volatile int answered;
    private final long environmentId;

    Bystander(RunningServer server, String function) {
        this.server = server;
        this.function = function;
        environmentId = server.invoke(function, "0").server().environmentId;
        thread = Thread.ofPlatform().name("bystander").start(this::run);
    }

    private void run() {
        for (int i = 1; !ended; i++) {
            try {
                check(i, server.invoke(function, Integer.toString(i)));
            } catch (RuntimeException e) {
                disturbed.add(i + ": " + e);
            }
            answered = i;
            LockSupport.parkNanos(PAUSE_NS);
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
        int sofar = answered;
        Await.until("the bystander goes on", () -> answered >= sofar + LEAST || !thread.isAlive());
        ended = true;
        thread.join();
        assertThat(disturbed).isEmpty();
    }
}
