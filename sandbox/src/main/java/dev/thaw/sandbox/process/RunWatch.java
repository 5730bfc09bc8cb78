package dev.thaw.sandbox.process;

import dev.thaw.sandbox.kernel.Kernel;
import dev.thaw.sandbox.kernel.ReapAgent;

/**
 * Watches the parts of a run until none is left: bubblewrap's monitor, the first process inside, and init's reports of
 * those that it started.
 *
 * <p>Threading: {@link #begin} on any thread, the listener on the reaper's.
 */
final class RunWatch {
    /** What becomes of a run. */
    interface Listener {
        /** The process {@code index} ended: as init says, or by SIGKILL with init. Told more than once. */
        void onProcessEnded(SandboxRun run, int index, int code, int signal);

        /** The monitor ended, with the code that it made of the end of what it ran; it counts as a part as well. */
        void onMonitorEnded(SandboxRun run, int code);

        /** Another part of the run is gone. */
        void onPartEnded(SandboxRun run);
    }

    private final ReapAgent reaper;
    private final int lastIndex;
    private final Listener listener;

    RunWatch(ReapAgent reaper, int lastIndex, Listener listener) {
        this.reaper = reaper;
        this.lastIndex = lastIndex;
        this.listener = listener;
    }

    void begin(SandboxRun run) {
        reaper.watch(run.monitorFd(), () -> listener.onMonitorEnded(run, Kernel.reap(run.monitorFd())));
        if (run.initFd() >= 0) {
            reaper.watch(run.initFd(), () -> listener.onPartEnded(run));
        }
        InitControl control = run.control();
        if (control != null) {
            awaitReport(run, control);
        }
    }

    void awaitReport(SandboxRun run, InitControl control) {
        reaper.watch(control.fd(), () -> onReport(run, control));
    }

    /** Init says how a process ended, or has ended itself, and with it whatever it had not said. */
    private void onReport(SandboxRun run, InitControl control) {
        int index = control.read();
        try {
            if (index == InitControl.END) {
                endUnreported(run);
            } else if (index >= 0 && index <= lastIndex) {
                listener.onProcessEnded(run, index, control.exitCode(), control.signal());
            }
        } finally {
            // Whatever became of this report: without the rest the run would never be over.
            if (index == InitControl.END) {
                listener.onPartEnded(run);
            } else {
                awaitReport(run, control);
            }
        }
    }

    private void endUnreported(SandboxRun run) {
        for (int index = 0; index <= lastIndex; index++) {
            listener.onProcessEnded(run, index, -1, Kernel.SIGKILL);
        }
    }
}
