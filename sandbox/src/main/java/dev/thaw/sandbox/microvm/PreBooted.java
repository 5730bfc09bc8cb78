package dev.thaw.sandbox.microvm;

import dev.thaw.sandbox.kernel.ControlGroup;
import dev.thaw.sandbox.kernel.Kernel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A machine that has booted before anybody's function is to run in it: frozen, with an empty disk in place of the
 * function's image, until it is claimed.
 *
 * <p>Threading: its own lock guards every field; no owner is called under it.
 */
final class PreBooted implements Machine.Listener {
    /** Larger images of functions are for machines that boot with them. */
    static final long DISK_BYTES = 64L << 20;

    private final MicroVmBackend backend;
    private final Runnable onGone;
    private final String name;
    private final int diskFd;
    private @Nullable Machine machine;
    private @Nullable BootTimes times;
    private @Nullable String end;
    private Machine.@Nullable Listener owner;
    /** The owner is told of what happens. */
    private boolean begun;

    private PreBooted(MicroVmBackend backend, String name, int diskFd, Runnable onGone) {
        this.backend = backend;
        this.name = name;
        this.diskFd = diskFd;
        this.onGone = onGone;
    }

    /** Starts one. On the spawning thread. {@code onGone} is told where it ends without having been claimed. */
    static PreBooted launch(MicroVmBackend backend, String name, PreBootedPool.Kind kind, Runnable onGone)
            throws IOException {
        int diskFd = Kernel.memoryFile("function", new byte[0]);
        try (FileChannel disk = channel(diskFd)) {
            disk.write(ByteBuffer.wrap(new byte[1]), DISK_BYTES - 1);
        }
        PreBooted booting = new PreBooted(backend, name, diskFd, onGone);
        ControlGroup group = null;
        try (VmFiles files = files(kind, diskFd)) {
            VmPlan plan = kind.plan();
            int limitMib = GuestMemory.limitMib(kind.memoryMib(), plan.vmm(), plan.accelerator());
            group = backend.groups().createForThreads(name, limitMib);
            Machine launched = Machine.launch(backend, name, plan, files.fds(), group, booting);
            booting.setMachine(launched);
            return booting;
        } catch (RuntimeException failure) {
            Kernel.close(diskFd);
            if (group != null) {
                group.closeFiles();
                backend.sweep(group::tryRemove);
            }
            throw failure;
        }
    }

    private static VmFiles files(PreBootedPool.Kind kind, int diskFd) {
        GuestFiles.Disks root = new GuestFiles.Disks(List.of(kind.root()), List.of());
        VmFiles files = VmFiles.open(kind.boot(), root);
        // QEMU takes none that could be written to for a disk that is only read.
        int readOnly = (int) Kernel.check(Kernel.open("/proc/self/fd/" + diskFd, 0), "open a disk");
        return files.with(readOnly, Kernel.sealableMemoryFile("guest"));
    }

    private static FileChannel channel(int fd) throws IOException {
        return FileChannel.open(Path.of("/proc/self/fd/" + fd), StandardOpenOption.WRITE);
    }

    private synchronized void setMachine(Machine launched) {
        machine = launched;
    }

    String name() {
        return name;
    }

    synchronized boolean isReady() {
        return times != null && end == null && owner == null;
    }

    /** Puts a function's image on its disk. Nobody else is given it from now on. */
    void write(Path image) throws IOException {
        try (FileChannel from = FileChannel.open(image);
                FileChannel to = channel(diskFd)) {
            long size = from.size();
            for (long at = 0; at < size; ) {
                at += from.transferTo(at, size - at, to);
            }
        }
    }

    /** Whose it is from now on; hears nothing before {@link #begin}. */
    synchronized Machine handTo(Machine.Listener listener) {
        Machine handed = machine;
        if (handed == null || end != null) {
            throw new IllegalStateException(name + " has ended" + (end == null ? "" : ": " + end));
        }
        owner = listener;
        handed.thaw();
        return handed;
    }

    /** Tells the owner what has happened already. */
    void begin() {
        Machine.Listener told;
        String reason;
        BootTimes booted;
        synchronized (this) {
            begun = true;
            told = owner;
            reason = end;
            booted = times;
        }
        if (told != null && reason != null) {
            told.onEnded(reason);
        } else if (told != null && booted != null) {
            told.onReady(booted);
        }
    }

    /** It belongs to nobody, and never will. */
    void destroy() {
        Machine launched;
        synchronized (this) {
            launched = owner == null ? machine : null;
        }
        if (launched != null) {
            launched.destroy();
        }
    }

    private synchronized void freezeUnlessClaimed() {
        if (owner == null && machine != null) {
            machine.freeze();
        }
    }

    private synchronized Machine.@Nullable Listener owner() {
        return owner;
    }

    @Override
    public void onReady(BootTimes booted) {
        synchronized (this) {
            times = booted;
        }
        backend.begin(this::freezeUnlessClaimed);
    }

    @Override
    public void onEnded(String reason) {
        Machine.Listener told;
        Machine lost;
        synchronized (this) {
            end = reason;
            told = begun ? owner : null;
            lost = owner == null ? machine : null;
        }
        if (told != null) {
            told.onEnded(reason);
        } else if (lost != null) {
            System.err.println(reason);
            onGone.run();
            lost.destroy();
        }
    }

    @Override
    public void onRemoved() {
        Kernel.close(diskFd);
        Machine.Listener told = owner();
        if (told != null) {
            told.onRemoved();
        } else {
            onGone.run();
            backend.forget(name);
        }
    }

    @Override
    public void onPrepared() {
        Machine.Listener told = owner();
        if (told != null) {
            told.onPrepared();
        }
    }

    @Override
    public void onPrepareFailed(String reason) {
        Machine.Listener told = owner();
        if (told != null) {
            told.onPrepareFailed(reason);
        }
    }

    @Override
    public void onExited(int index, int waitStatus) {
        Machine.Listener told = owner();
        if (told != null) {
            told.onExited(index, waitStatus);
        }
    }

    @Override
    public void onReset() {
        Machine.Listener told = owner();
        if (told != null) {
            told.onReset();
        }
    }

    @Override
    public void onCheckpointed() {}
}
