package dev.thaw.sandbox.microvm;

import dev.thaw.sandbox.ExitStatus;
import dev.thaw.sandbox.ImageProcess;
import dev.thaw.sandbox.SandboxSpec;
import dev.thaw.sandbox.code.EntryPoint;
import dev.thaw.sandbox.code.ExternalExtensions;
import dev.thaw.sandbox.kernel.BubblewrapCommand;
import dev.thaw.sandbox.kernel.SeccompFilter;
import dev.thaw.sandbox.microvm.images.GuestMount;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is to run in a guest for one function, and how its ends are to be read.
 *
 * @param guest what its init is told
 */
record GuestPlan(
        SandboxSpec spec, Accelerator accelerator, EntryPoint runtime, ExternalExtensions external, GuestSpec guest) {
    private static final int PROCESSES_LIMIT = 1024;
    private static final int SIGNAL_MASK = 0x7f;
    private static final String RUNTIME_API = "127.0.0.1:9001";

    static GuestPlan of(SandboxSpec spec, Accelerator accelerator, List<GuestMount> mounts) {
        EntryPoint runtime = EntryPoint.resolve(spec);
        ExternalExtensions external = ExternalExtensions.resolve(spec, runtime);
        Map<String, String> variables = new TreeMap<>(spec.environment());
        variables.put("AWS_LAMBDA_RUNTIME_API", RUNTIME_API);
        ImageProcess image = runtime.runnable() ? spec.image() : null;
        GuestSpec guest = new GuestSpec(
                BubblewrapCommand.USER_ID,
                BubblewrapCommand.GROUP_ID,
                (long) spec.memoryMib() << 20,
                PROCESSES_LIMIT,
                (long) spec.tmpMib() << 20,
                spec.name(),
                image == null ? "/var/task" : image.workingDirectory(),
                variables,
                ExternalExtensions.HIDDEN_VARIABLES,
                external.entries().stream().map(EntryPoint::command).toList(),
                runtime.command(),
                mounts,
                ByteBuffer.wrap(SeccompFilter.program(spec.architecture())));
        return new GuestPlan(spec, accelerator, runtime, external, guest);
    }

    List<String> extensions() {
        return external.names();
    }

    int runtimeIndex() {
        return guest.runtimeIndex();
    }

    /** What the kernel's wait status of process {@code index} says. */
    ExitStatus status(int index, int waitStatus, boolean killedForMemory) {
        EntryPoint ended =
                index == runtimeIndex() ? runtime : external.entries().get(index);
        int signal = waitStatus & SIGNAL_MASK;
        int code = signal == 0 ? waitStatus >> 8 & 0xff : -1;
        boolean notStarted = !ended.runnable() && code == ExitStatus.NOT_STARTED;
        return new ExitStatus(code, signal, signal == 9 && killedForMemory, notStarted ? ended.fault() : null);
    }
}
