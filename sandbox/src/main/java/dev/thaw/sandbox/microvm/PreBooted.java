package dev.thaw.sandbox.microvm;

import dev.thaw.sandbox.kernel.Kernel;
import dev.thaw.sandbox.microvm.images.GuestFiles;
import java.io.IOException;
import java.nio.file.Path;
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
    private final Place place;
    private final String name;
    private final MemoryDisk disk;
    private @Nullable Machine machine;
    private @Nullable BootTimes times;
    private @Nullable String end;
    private Machine.@Nullable Listener owner;
    /** The owner is told of what happens. */
    private boolean begun;

    /** Where it waits to be claimed. */
    interface Place {
        /** It has booted. */
        void onReady();

        /** It has ended without having been claimed. */
        void onGone();
    }

    private PreBooted(MicroVmBackend backend, String name, MemoryDisk disk, Place place) {
        this.backend = backend;
        this.name = name;
        this.disk = disk;
        this.place = place;
    }

    /** Starts one. On the spawning thread. Whatever fails, nothing is left. */
    static PreBooted launch(MicroVmBackend backend, String name, PreBootedPool.Kind kind, Place place)
            throws IOException {
        MemoryDisk disk = MemoryDisk.empty(DISK_BYTES);
        PreBooted booting = new PreBooted(backend, name, disk, place);
        try (VmFiles files = files(kind, disk)) {
            booting.setMachine(Machine.launch(backend, name, kind.memoryMib(), kind.plan(), files.fds(), booting));
            return booting;
        } catch (RuntimeException failure) {
            disk.close();
            throw failure;
        }
    }

    private static VmFiles files(PreBootedPool.Kind kind, MemoryDisk disk) {
        // QEMU takes none that could be written to for a disk that is only read: it is opened once more.
        GuestFiles.Disks disks = new GuestFiles.Disks(List.of(kind.root(), disk.path()), List.of());
        VmFiles files = VmFiles.open(kind.boot(), disks);
        try {
            return files.with(Kernel.sealableMemoryFile("guest"));
        } catch (RuntimeException failure) {
            files.close();
            throw failure;
        }
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
        disk.write(image);
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
        place.onReady();
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
            place.onGone();
            lost.destroy();
        }
    }

    @Override
    public void onRemoved() {
        disk.close();
        Machine.Listener told = owner();
        if (told != null) {
            told.onRemoved();
        } else {
            place.onGone();
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
