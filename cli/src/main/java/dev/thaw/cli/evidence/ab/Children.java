package dev.thaw.cli.evidence.ab;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Processes that are started here, none of which is left behind.
 *
 * <p>Threading: {@link #stop} on any thread, the rest on one.
 */
public final class Children implements AutoCloseable {
    /** A server ends its sandboxes, a run its bundle. */
    private static final long END_WITHIN_S = 30;

    private final Set<Process> alive = new HashSet<>();
    private final CountDownLatch stopped = new CountDownLatch(1);

    /** Its output and its errors go into a file. */
    synchronized Process start(List<String> words, Map<String, String> variables, Path log)
            throws IOException, InterruptedException {
        requireGoing();
        ProcessBuilder builder =
                new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(variables);
        Process process = builder.start();
        process.getOutputStream().close();
        alive.add(process);
        return process;
    }

    /** Its exit code, once it has ended. Interrupted where everything is to end. */
    int await(Process process) throws InterruptedException {
        while (!process.waitFor(1, TimeUnit.SECONDS)) {
            if (isStopped()) {
                end(process);
            }
        }
        forget(process);
        requireGoing();
        return process.exitValue();
    }

    /** Interrupted where everything is to end. */
    void requireGoing() throws InterruptedException {
        if (isStopped()) {
            throw new InterruptedException("stopped");
        }
    }

    /** Waits for so long; interrupted as soon as everything is to end. */
    void pause(Duration time) throws InterruptedException {
        if (stopped.await(time.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new InterruptedException("stopped");
        }
    }

    /** Tells it to end, and waits until it has. */
    void end(Process process) {
        process.destroy();
        try {
            if (!process.waitFor(END_WITHIN_S, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        forget(process);
    }

    private synchronized void forget(Process process) {
        alive.remove(process);
    }

    /** Tells them all to end; nothing more is started. */
    public synchronized void stop() {
        stopped.countDown();
        alive.forEach(Process::destroy);
    }

    private boolean isStopped() {
        return stopped.getCount() == 0;
    }

    private synchronized List<Process> alive() {
        return List.copyOf(alive);
    }

    /** Waits until all have ended. */
    @Override
    public void close() {
        stop();
        alive().forEach(this::end);
    }
}
