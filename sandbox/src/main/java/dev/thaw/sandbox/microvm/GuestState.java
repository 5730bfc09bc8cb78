package dev.thaw.sandbox.microvm;

import dev.thaw.sandbox.kernel.Kernel;
import dev.thaw.sandbox.microvm.images.GuestFiles;
import dev.thaw.sandbox.microvm.snapshot.SnapshotStore;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The memory of one machine, as a file that outlives neither it nor this process; and, of a machine that goes on from a
 * snapshot, the state of its devices.
 *
 * <p>Threading: its sandbox's.
 */
final class GuestState implements AutoCloseable {
    /** Of a machine that no snapshot can be made of. */
    static final GuestState NONE = new GuestState("", 0, -1, -1);

    private final String kind;
    private final long bytes;
    private final int stateFdInside;
    private int memoryFd;

    private GuestState(String kind, long bytes, int memoryFd, int stateFdInside) {
        this.kind = kind;
        this.bytes = bytes;
        this.memoryFd = memoryFd;
        this.stateFdInside = stateFdInside;
    }

    /** A machine's memory, and all files that it starts with. */
    record Given(GuestState state, VmFiles files) {}

    /** {@code folder} is of a snapshot to go on from; null for a machine that boots. */
    static Given of(
            @Nullable Path folder, VmPlan plan, GuestFiles.Boot boot, GuestFiles.Disks disks, VmSnapshots snapshots)
            throws IOException {
        VmFiles files = VmFiles.open(boot, disks);
        try {
            String kind = kind(plan, boot, disks);
            return folder == null
                    ? booting(kind, plan, files)
                    : restored(kind, plan, files, snapshots.open(folder, kind));
        } catch (IOException | RuntimeException failure) {
            files.close();
            throw failure;
        }
    }

    private static Given booting(String kind, VmPlan plan, VmFiles files) {
        if (!plan.vmm().takesSnapshots()) {
            return new Given(NONE, files);
        }
        int memoryFd = Kernel.sealableMemoryFile("guest");
        return new Given(new GuestState(kind, bytes(plan), duplicate(memoryFd), -1), files.with(memoryFd));
    }

    private static Given restored(String kind, VmPlan plan, VmFiles files, SnapshotStore.Parts parts) {
        int stateFdInside = QemuCommand.memoryFd(plan.disks()) + 1;
        return new Given(
                new GuestState(kind, bytes(plan), -1, stateFdInside), files.with(parts.memoryFd(), parts.stateFd()));
    }

    private static long bytes(VmPlan plan) {
        return (long) plan.machineMib() << 20;
    }

    private static int duplicate(int fd) {
        return (int) Kernel.check(Kernel.duplicate(fd, 0), "duplicate a descriptor");
    }

    /** What must be the same of a machine that goes on: a guest has kept of all of these. */
    private static String kind(VmPlan plan, GuestFiles.Boot boot, GuestFiles.Disks disks) {
        return plan.architecture().key() + ", " + plan.vmm().label() + " "
                + plan.accelerator().key() + ", "
                + plan.vcpus() + " vCPUs, " + plan.machineMib() + " MiB, kernel " + boot.version() + ", "
                + boot.initramfs().getFileName() + ", images "
                + disks.images().stream()
                        .map(image -> String.valueOf(image.getFileName()))
                        .toList();
    }

    String kind() {
        return kind;
    }

    /** How much memory the machine has. */
    long bytes() {
        return bytes;
    }

    /** The device state as QEMU numbers it. */
    int stateFdInside() {
        return stateFdInside;
    }

    /** The memory of a machine that booted; -1 of others, and of those that no snapshot can be made of. */
    int memoryFd() {
        return memoryFd;
    }

    /** The same with a descriptor of its own. */
    GuestState copy() {
        return new GuestState(kind, bytes, duplicate(memoryFd), -1);
    }

    @Override
    public void close() {
        Kernel.close(memoryFd);
        memoryFd = -1;
    }
}
