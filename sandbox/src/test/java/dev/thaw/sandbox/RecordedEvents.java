package dev.thaw.sandbox;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Collects a sandbox's events for a test to wait on. */
public final class RecordedEvents implements SandboxEvents {
    private final BlockingQueue<Object> events = new LinkedBlockingQueue<>();
    private final boolean failing;

    public RecordedEvents() {
        this(false);
    }

    /** An owner that fails once its sandbox is there. */
    public RecordedEvents(boolean failing) {
        this.failing = failing;
    }

    public record Created(Sandbox sandbox) {}

    public record CreateFailed(String reason) {}

    public record Exited(ExitStatus status) {}

    record ExtensionExited(int index, ExitStatus status) {}

    public record Reset() {}

    public record SnapshotTaken() {}

    record SnapshotFailed(String reason) {}

    public record Destroyed() {}

    @Override
    public void onCreated(Sandbox sandbox) {
        events.add(new Created(sandbox));
        if (failing) {
            throw new IllegalStateException("an owner that fails, as this test wants it to");
        }
    }

    @Override
    public void onCreateFailed(String reason) {
        events.add(new CreateFailed(reason));
    }

    @Override
    public void onExited(Sandbox sandbox, ExitStatus status) {
        events.add(new Exited(status));
    }

    @Override
    public void onExtensionExited(Sandbox sandbox, int index, ExitStatus status) {
        events.add(new ExtensionExited(index, status));
    }

    @Override
    public void onReset(Sandbox sandbox) {
        events.add(new Reset());
    }

    @Override
    public void onSnapshotTaken(Sandbox sandbox) {
        events.add(new SnapshotTaken());
    }

    @Override
    public void onSnapshotFailed(Sandbox sandbox, String reason) {
        events.add(new SnapshotFailed(reason));
    }

    @Override
    public void onDestroyed(Sandbox sandbox) {
        events.add(new Destroyed());
    }

    /** The next event, which must be of this kind. */
    public <T> T await(Class<T> kind) {
        Object event = next();
        if (!kind.isInstance(event)) {
            throw new AssertionError("expected " + kind.getSimpleName() + ", got " + event);
        }
        return kind.cast(event);
    }

    /** Waits for an event of this kind, whatever comes before it. */
    public void skipTo(Class<?> kind) {
        Object event = next();
        while (!kind.isInstance(event)) {
            if (event instanceof String nothing) {
                throw new AssertionError(nothing);
            }
            event = next();
        }
    }

    private Object next() {
        try {
            Object event = events.poll(60, TimeUnit.SECONDS);
            return event == null ? "nothing within 60 s" : event;
        } catch (InterruptedException stop) {
            throw new AssertionError("interrupted", stop);
        }
    }

    public boolean isEmpty() {
        return events.isEmpty();
    }
}
