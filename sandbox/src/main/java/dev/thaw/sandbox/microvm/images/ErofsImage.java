package dev.thaw.sandbox.microvm.images;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Read-only file systems: a folder's content as one file. Not packed, so that reading costs an emulated machine nothing
 * more; all files are root's, their times are one fixed time, so the same content gives the same bytes.
 */
final class ErofsImage {
    /** What every file of an image says of when it was changed: the archives of class data compare it. */
    static final long CHANGED_EPOCH_SEC = 1_577_836_800;

    private ErofsImage() {}

    static void make(Path folder, Path image) throws IOException {
        HostCommand.run(
                "mkfs.erofs",
                "-T",
                Long.toString(CHANGED_EPOCH_SEC),
                "-U",
                "00000000-0000-0000-0000-000000000000",
                "--all-root",
                "-x-1",
                image.toString(),
                folder.toString());
    }
}
