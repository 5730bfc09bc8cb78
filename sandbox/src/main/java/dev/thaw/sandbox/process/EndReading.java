package dev.thaw.sandbox.process;

import dev.thaw.sandbox.ExitStatus;
import dev.thaw.sandbox.code.EntryPoint;
import dev.thaw.sandbox.code.ExternalExtensions;
import dev.thaw.sandbox.kernel.ControlGroup;
import dev.thaw.sandbox.kernel.Kernel;

/**
 * Reads how a process of a sandbox ended out of what is seen from outside: a code, a signal, the group's count of those
 * that the kernel killed for memory.
 *
 * <p>Threading: its sandbox's lock, but for what is fixed.
 */
final class EndReading {
    private final ControlGroup group;
    private final EntryPoint runtime;
    private final ExternalExtensions extensions;
    private long oomKillsBefore;

    EndReading(ControlGroup group, EntryPoint runtime, ExternalExtensions extensions) {
        this.group = group;
        this.runtime = runtime;
        this.extensions = extensions;
    }

    /** The processes are about to start. */
    void begin() {
        oomKillsBefore = group.oomKills();
    }

    /** Init counts the runtime behind the extensions. */
    int runtimeIndex() {
        return extensions.names().size();
    }

    boolean isRuntime(int index) {
        return index == runtimeIndex();
    }

    /** What init said of the process {@code index}. */
    ExitStatus ofReported(int index, int code, int signal) {
        EntryPoint ended = isRuntime(index) ? runtime : extensions.entries().get(index);
        return status(ended, code, signal, true);
    }

    /** What bubblewrap's monitor gives of the runtime: 128 + n for signal n, as shells do. */
    ExitStatus ofMonitor(int code, boolean started) {
        int signal = code > 256 ? code - 256 : code > 128 && code < 128 + 65 ? code - 128 : 0;
        return status(runtime, signal == 0 ? code : -1, signal, started);
    }

    private ExitStatus status(EntryPoint ended, int code, int signal, boolean started) {
        boolean outOfMemory = signal == Kernel.SIGKILL && group.oomKills() > oomKillsBefore;
        boolean notStarted = started && !ended.runnable() && code == ExitStatus.NOT_STARTED;
        return new ExitStatus(code, signal, outOfMemory, notStarted ? ended.fault() : null);
    }
}
