package dev.thaw.sandbox.microvm;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Keeps what is told of a guest, in order, for a test to wait for. */
final class RecordedGuestEvents implements GuestEvents {
    private static final int PATIENCE_S = 20;

    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
    /** Faults are no answers: kept apart. */
    final List<String> faults = new ArrayList<>();

    /** The thread that told of the guest's beginning or end. */
    volatile @Nullable Thread teller;

    volatile BootTimes times = new BootTimes(0, 0, 0, 0);

    @Override
    public void onReady(BootTimes reached) {
        times = reached;
        teller = Thread.currentThread();
        told.add("ready");
    }

    @Override
    public void onPrepared() {
        told.add("prepared");
    }

    @Override
    public void onPrepareFailed(String reason) {
        told.add("prepare failed: " + reason);
    }

    @Override
    public void onExited(int index, int waitStatus) {
        told.add("exited " + index + " " + waitStatus);
    }

    @Override
    public void onReset() {
        told.add("reset");
    }

    @Override
    public void onCheckpointed() {
        told.add("checkpointed");
    }

    @Override
    public void onFault(String text) {
        synchronized (faults) {
            faults.add(text);
        }
    }

    @Override
    public void onLost(String reason) {
        teller = Thread.currentThread();
        told.add("lost: " + reason);
    }

    boolean isTold() {
        return !told.isEmpty();
    }

    /** The next of them; fails after a while. */
    String next() {
        try {
            String event = told.poll(PATIENCE_S, TimeUnit.SECONDS);
            if (event == null) {
                throw new AssertionError("nothing was told for " + PATIENCE_S + " s; faults so far: " + faults);
            }
            return event;
        } catch (InterruptedException stop) {
            throw new AssertionError(stop);
        }
    }
}
