package dev.thaw.sandbox.microvm;

import dev.thaw.sandbox.kernel.BackendThreads;
import dev.thaw.sandbox.kernel.Credentials;
import dev.thaw.sandbox.kernel.Namespaces;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ScheduledThreadPoolExecutor;

/**
 * Starts machines. Owns the thread {@code vm-spawn}: bubblewrap ties every machine's life to the thread that started it,
 * so it lives as long as the backend, and a killed JVM leaves nothing behind. As root it is a user of its own, who owns
 * nothing, and so are the machines.
 *
 * <p>Threading: {@link #execute} is safe on any thread.
 */
final class VmSpawner implements AutoCloseable {
    /** Host user of every machine. */
    static final int HOST_USER_ID = 65534;

    private static final Path KVM = Path.of("/dev/kvm");

    private final ScheduledThreadPoolExecutor spawning = BackendThreads.start("vm-spawn");

    VmSpawner() {
        execute(VmSpawner::enter);
    }

    private static void enter() {
        if (Credentials.effectiveUserId() == 0) {
            Namespaces.unshare(Namespaces.CLONE_FS);
            Credentials.setFileModeMask(0022);
            Credentials.becomeUser(HOST_USER_ID, HOST_USER_ID, kvmGroup());
        }
    }

    /** The group that may use the host's processor for guests; that of nobody where there is none. */
    private static int kvmGroup() {
        try {
            return Files.exists(KVM) ? (int) Files.getAttribute(KVM, "unix:gid") : HOST_USER_ID;
        } catch (IOException unreadable) {
            return HOST_USER_ID;
        }
    }

    void execute(Runnable task) {
        spawning.execute(BackendThreads.guard(task));
    }

    @Override
    public void close() {
        BackendThreads.stop(spawning);
    }
}
