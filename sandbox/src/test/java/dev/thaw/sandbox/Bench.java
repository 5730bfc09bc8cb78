package dev.thaw.sandbox;

import dev.thaw.sandbox.RecordedEvents.Created;
import dev.thaw.sandbox.RecordedEvents.Destroyed;
import dev.thaw.sandbox.RecordedEvents.Exited;
import dev.thaw.sandbox.RecordedEvents.Reset;
import dev.thaw.sandbox.kernel.Kernel;
import java.util.function.Predicate;

/** One sandbox on a test's bench, with the descriptors that an owner would hold. */
public final class Bench implements AutoCloseable {
    public final RecordedEvents events = new RecordedEvents();
    public final Sandbox sandbox;
    private int apiFd;
    private int outputFd;
    private boolean destroyed;

    public Bench(SandboxBackend backend, SandboxSpec spec) {
        backend.create(spec, events);
        sandbox = events.await(Created.class).sandbox();
        takeFds();
    }

    private void takeFds() {
        apiFd = sandbox.takeRuntimeApiFd();
        outputFd = sandbox.takeOutputFd();
    }

    private void closeFds() {
        Kernel.close(apiFd);
        Kernel.close(outputFd);
        outputFd = -1;
        apiFd = -1;
    }

    /** Where its Runtime API listens; stays the bench's. */
    public int runtimeApiFd() {
        return apiFd;
    }

    public Bench start() {
        sandbox.start(true);
        return this;
    }

    /** Waits for the runtime's end; everything that it printed since the last call. */
    public String outputAfter(ExitStatus expected) {
        ExitStatus status = events.await(Exited.class).status();
        String output = Functions.outputUntil(outputFd, _ -> false);
        if (!status.equals(expected)) {
            throw new AssertionError("expected " + expected + ", got " + status + " after: " + output);
        }
        return output;
    }

    public String outputUntil(Predicate<String> enough) {
        return Functions.outputUntil(outputFd, enough);
    }

    public void reset() {
        sandbox.reset();
        events.await(Reset.class);
        closeFds();
        takeFds();
    }

    public SandboxStats stats() {
        SandboxStats stats = new SandboxStats();
        sandbox.readStats(stats);
        return stats;
    }

    public void destroy() {
        destroyed = true;
        sandbox.destroy();
        events.skipTo(Destroyed.class);
        closeFds();
    }

    @Override
    public void close() {
        if (!destroyed) {
            destroy();
        }
    }
}
