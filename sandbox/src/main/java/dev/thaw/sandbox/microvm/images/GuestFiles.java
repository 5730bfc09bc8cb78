package dev.thaw.sandbox.microvm.images;

import dev.thaw.sandbox.Architecture;
import dev.thaw.sandbox.SandboxSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Where microVMs get their files from.
 *
 * <p>Threading: safe on any thread; may take seconds where an image is still to be made.
 */
public interface GuestFiles {
    /**
     * What a machine of {@code architecture} starts with.
     *
     * @throws IOException one line that says what is missing and how to get it
     */
    Boot boot(Architecture architecture) throws IOException;

    /** The images of one function and what its guest does with them. */
    Disks disks(SandboxSpec spec) throws IOException;

    /**
     * A kernel, the initial file system that holds init and its drivers, and the kernel's command line.
     *
     * @param version of the kernel, for manifests
     */
    record Boot(Path kernel, Path initramfs, String commandLine, String version) {}

    /**
     * Read-only images in the order of their devices, {@code vda} first.
     *
     * @param mounts what the guest mounts of them, in order
     */
    record Disks(List<Path> images, List<GuestMount> mounts) {
        public Disks {
            images = List.copyOf(images);
            mounts = List.copyOf(mounts);
        }
    }
}
