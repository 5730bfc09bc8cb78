package dev.thaw.sandbox;

import java.nio.file.Path;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * One execution environment on this host.
 *
 * <p>Threading: {@link #freeze}, {@link #thaw}, {@link #endBoost} and {@link #readStats} are safe on any thread and do
 * not block beyond one write or read of a kernel file. The rest is asynchronous and answered on {@link SandboxEvents}.
 */
public interface Sandbox {
    String name();

    /**
     * Listening socket of the Runtime API, bound to {@link #runtimeApiAddress()} as seen from inside. A new one after
     * every start; the caller owns and closes it.
     */
    int takeRuntimeApiFd();

    /** What {@code AWS_LAMBDA_RUNTIME_API} says inside: {@code 127.0.0.1:9001} in a network namespace of its own. */
    String runtimeApiAddress();

    /** Non-blocking read end of the runtime's standard output and error. The caller owns and closes it. A new one after every reset. */
    int takeOutputFd();

    /** The same for what external extensions write; -1 where there are none. */
    int takeExtensionOutputFd();

    /**
     * Opens a connection to 127.0.0.1:{@code port} as seen from inside. {@code connected} gets, on a thread of the
     * backend, a non-blocking descriptor that may still be connecting and is now its own, or the negated errno.
     */
    void connectInside(int port, IntConsumer connected);

    /**
     * Names of the external extensions whose processes {@link #start} starts, in the order of their index; empty for
     * most. Where there are any, the runtime waits for {@link #startRuntime}.
     */
    List<String> extensions();

    /**
     * Lets the runtime start; in a restored sandbox everything goes on instead, and what waited for an answer of the
     * Runtime API asks again. {@code boosted}: at full CPU speed until {@link #endBoost} (init); otherwise at the
     * memory's share (suppressed init).
     */
    void start(boolean boosted);

    /** Starts the runtime beside its external extensions, which run already. */
    void startRuntime();

    /** Asks the runtime to end (SIGTERM); answered by {@code onExited}, unless it ignores that. */
    void terminateRuntime();

    /** Kills the runtime beside its external extensions, which go on; answered by {@code onExited}. */
    void killRuntime();

    /** Sets the CPU quota that the memory buys. */
    void endBoost();

    void freeze();

    /** Returns once the processes may run again. */
    void thaw();

    /** Kills every process of the runtime, as if from outside. Answered by {@code onExited}. */
    void kill();

    /**
     * Fills the sandbox's memory until the kernel kills the runtime for exceeding its limit. Answered by {@code
     * onExited}, a while later: the filling is slowed down by the CPU quota.
     */
    void exhaustMemory();

    /**
     * Kills every process, keeps {@code /tmp}, prepares for another {@link #start}. Answered by {@code onReset}; by
     * {@code onDestroyed} where the host can no longer start it.
     */
    void reset();

    /**
     * Makes a snapshot of it in an empty folder of the caller's, for {@link SandboxSpec#restoredFrom}. The runtime and its
     * extensions wait for answers of the Runtime API and nothing else is under way. Answered by {@code onSnapshotTaken},
     * once all that was written before has come through the output pipes, or by {@code onSnapshotFailed}; either way
     * only {@link #destroy} may follow. Where {@link SandboxBackend#takesSnapshots}.
     */
    default void snapshot(Path folder) {
        throw new UnsupportedOperationException("no snapshots of " + name());
    }

    /** Kills every process and frees everything. Answered by {@code onDestroyed}. May be called at any time, once. */
    void destroy();

    /** Fills {@code stats} with the counters as of now. Allocates nothing once warm. */
    void readStats(SandboxStats stats);

    /** What its creation was made of, once it is created. */
    default StartStages startStages() {
        return StartStages.NONE;
    }

    /** Code of another architecture runs here through emulation: no figure of it may be compared with native speed. */
    boolean emulated();
}
