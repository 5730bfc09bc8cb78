package dev.thaw.cli.virtual;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Jobs on all cores, until somebody stops them: then no other begins, and those under way are finished.
 *
 * <p>Threading: one thread for each core while jobs run, {@code thaw-cell-N}; {@link #run} from one thread at a time,
 * {@link #stop} and {@link #done} on any.
 */
public final class Cores {
    private final int threads;
    private final AtomicLong done = new AtomicLong();
    private volatile boolean stopped;

    public Cores(int threads) {
        this.threads = threads;
    }

    /** Jobs that are finished, of all runs. */
    public long done() {
        return done.get();
    }

    public void stop() {
        stopped = true;
    }

    public boolean isStopped() {
        return stopped;
    }

    /** What each job made, in the order of the jobs; less than all where they were stopped. */
    public <T> List<T> run(List<Callable<T>> jobs) throws IOException, InterruptedException {
        AtomicInteger next = new AtomicInteger();
        List<Future<List<Made<T>>>> running = new ArrayList<>();
        try (ExecutorService cores = Executors.newFixedThreadPool(
                threads, Thread.ofPlatform().name("thaw-cell-", 1).daemon().factory())) {
            for (int core = 0; core < threads; core++) {
                running.add(cores.submit(() -> work(jobs, next)));
            }
            List<Made<T>> all = new ArrayList<>();
            for (Future<List<Made<T>>> each : running) {
                all.addAll(each.get());
            }
            all.sort((left, right) -> Integer.compare(left.job, right.job));
            return all.stream().map(Made::value).toList();
        } catch (ExecutionException e) {
            stop();
            throw failed(e);
        }
    }

    private record Made<T>(int job, T value) {}

    private <T> List<Made<T>> work(List<Callable<T>> jobs, AtomicInteger next) throws Exception {
        List<Made<T>> made = new ArrayList<>();
        for (int job = next.getAndIncrement(); job < jobs.size() && !stopped; job = next.getAndIncrement()) {
            made.add(new Made<>(job, jobs.get(job).call()));
            done.incrementAndGet();
        }
        return made;
    }

    private static IOException failed(ExecutionException failure) {
        switch (failure.getCause()) {
            case IOException cause -> throw new java.io.UncheckedIOException(cause);
            case RuntimeException cause -> throw cause;
            case Error cause -> throw cause;
            case null, default -> throw new IllegalStateException(failure);
        }
    }
}
