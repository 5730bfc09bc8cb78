package dev.thaw.cli.virtual;

import dev.thaw.results.FleetSample;
import dev.thaw.results.Sample;
import dev.thaw.results.VirtualRecorder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Hands samples to a recorder on a thread of its own, many at a time: a simulation is as fast as if nobody recorded it
 * where there is a second core. What waits is bounded; the simulation waits then.
 *
 * <p>Threading: filled by one thread; the thread {@code thaw-record} records.
 */
final class SampleBatches implements AutoCloseable {
    private static final int SAMPLES = 128;
    private static final int BATCHES = 8;

    private final VirtualRecorder recorder;
    private final BlockingQueue<Batch> full = new ArrayBlockingQueue<>(BATCHES);
    private final BlockingQueue<Batch> empty = new ArrayBlockingQueue<>(BATCHES);
    private final Thread thread;
    private Batch open = new Batch();
    private volatile @Nullable RuntimeException failure;

    /** So many samples, and what the fleet was like meanwhile. */
    private static final class Batch {
        final Sample[] samples = new Sample[SAMPLES];
        final List<FleetSample> fleet = new ArrayList<>();
        int size;
        boolean last;

        Batch() {
            for (int at = 0; at < SAMPLES; at++) {
                samples[at] = new Sample();
                samples[at].server.clear();
            }
        }
    }

    SampleBatches(VirtualRecorder recorder) {
        this.recorder = recorder;
        for (int batch = 1; batch < BATCHES; batch++) {
            empty.add(new Batch());
        }
        thread = Thread.ofPlatform().name("thaw-record").daemon().start(this::recordAll);
    }

    /** To be filled, then {@link #filled}. */
    Sample next() {
        return open.samples[open.size];
    }

    void filled() {
        if (++open.size == SAMPLES) {
            handOver();
        }
    }

    void fleet(FleetSample sample) {
        open.fleet.add(sample);
    }

    private void handOver() {
        RuntimeException failed = failure;
        if (failed != null) {
            throw failed;
        }
        try {
            full.put(open);
            open = empty.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the recorder was behind", e);
        }
    }

    private void recordAll() {
        try {
            for (boolean last = false; !last; ) {
                Batch batch = full.take();
                last = batch.last;
                record(batch);
                batch.size = 0;
                batch.fleet.clear();
                empty.put(batch);
            }
        } catch (InterruptedException ended) {
            // Nobody waits for what is left.
        }
    }

    /** After a failure nothing more is recorded, and the simulation hears of it at its next batch. */
    private void record(Batch batch) {
        try {
            for (int at = 0; failure == null && at < batch.size; at++) {
                recorder.record(batch.samples[at]);
            }
            batch.fleet.forEach(recorder::recordFleet);
        } catch (RuntimeException e) {
            failure = e;
        }
    }

    /** Waits until everything is recorded. */
    void finish() {
        open.last = true;
        handOver();
        join();
        RuntimeException failed = failure;
        if (failed != null) {
            throw failed;
        }
    }

    private void join() {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the recorder was behind", e);
        }
    }

    /** What is not recorded by now never is; the recorder is nobody's any more. */
    @Override
    public void close() {
        thread.interrupt();
        join();
    }
}
