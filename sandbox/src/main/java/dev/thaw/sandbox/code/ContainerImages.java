package dev.thaw.sandbox.code;

import dev.thaw.sandbox.Architecture;
import dev.thaw.sandbox.image.ContainerImage;
import dev.thaw.sandbox.image.ImageUnpacker;
import dev.thaw.sandbox.kernel.ScratchFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * The container images of one server, each unpacked once, for as long as the server runs. Close it after the backend
 * whose sandboxes have them as roots; what a killed server leaves, the next one removes.
 *
 * <p>Threading: safe on any thread.
 */
public final class ContainerImages implements AutoCloseable {
    /** In every root: the folders that sandboxes always mount over, and a place for tools that run the image's process. */
    private static final List<String> MOUNT_POINTS =
            List.of("dev/", "proc/", "tmp/", "etc/hosts", ".thaw/host/", ".thaw/init");

    private final Path scratchDirectory;
    private Path directory;
    private boolean opened;

    /** Keeps its folder in {@code scratchDirectory}, on a file system of this host. */
    public ContainerImages(Path scratchDirectory) {
        this.scratchDirectory = scratchDirectory;
        this.directory = scratchDirectory;
    }

    /**
     * The image of an architecture, unpacked.
     *
     * @param image an OCI image layout, as a folder or as a tar, or what {@code docker save} wrote
     * @throws IOException with one line that names image, layer and entry, and what is wrong
     */
    public synchronized ContainerImage prepare(Path image, Architecture architecture) throws IOException {
        if (!opened) {
            ScratchFolders.removeStale(scratchDirectory);
            directory = Files.createTempDirectory(
                    scratchDirectory.toAbsolutePath(),
                    ScratchFolders.imagePrefix(),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            opened = true;
        }
        String spelled = architecture == Architecture.ARM64 ? "arm64" : "amd64";
        return new ImageUnpacker(directory, MOUNT_POINTS).unpack(image, spelled);
    }

    @Override
    public synchronized void close() {
        if (opened) {
            opened = false;
            try {
                ScratchFolders.deleteTree(directory);
            } catch (IOException busy) {
                // A later server removes it: its name says that we are gone.
            }
        }
    }
}
