package dev.thaw.sandbox.microvm;

import dev.thaw.sandbox.kernel.Kernel;
import dev.thaw.sandbox.microvm.images.GuestFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Files that a machine is started with: kernel, initramfs and its disks, open for reading, then what else it is given. */
final class VmFiles implements AutoCloseable {
    private final int[] fds;

    private VmFiles(int[] fds) {
        this.fds = fds;
    }

    static VmFiles open(GuestFiles.Boot boot, GuestFiles.Disks disks) {
        List<Path> paths = new ArrayList<>(List.of(boot.kernel(), boot.initramfs()));
        paths.addAll(disks.images());
        int[] fds = new int[paths.size()];
        Arrays.fill(fds, -1);
        VmFiles files = new VmFiles(fds);
        try {
            for (int i = 0; i < fds.length; i++) {
                fds[i] = (int) Kernel.check(Kernel.open(paths.get(i).toString(), 0), "open " + paths.get(i));
            }
            return files;
        } catch (RuntimeException failure) {
            files.close();
            throw failure;
        }
    }

    /** The same with descriptors that are this one's from now on. */
    VmFiles with(int... more) {
        int[] all = Arrays.copyOf(fds, fds.length + more.length);
        System.arraycopy(more, 0, all, fds.length, more.length);
        return new VmFiles(all);
    }

    int[] fds() {
        return fds;
    }

    @Override
    public void close() {
        for (int fd : fds) {
            Kernel.close(fd);
        }
    }
}
