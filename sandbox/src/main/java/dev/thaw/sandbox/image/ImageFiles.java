package dev.thaw.sandbox.image;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The files that make an image: those of a layout folder, or of a tar archive. */
sealed interface ImageFiles extends Closeable permits ImageFolder, ImageArchive {
    /** Opens what lies at a path; fails with one line that names it. */
    static ImageFiles open(Path image) throws IOException {
        if (Files.isDirectory(image)) {
            return new ImageFolder(image);
        }
        if (!Files.isRegularFile(image)) {
            throw new IOException(image + ": no such image layout folder or archive");
        }
        return ImageArchive.open(image);
    }

    boolean has(String name);

    /** Content of a file that {@link #has} knows. */
    InputStream open(String name) throws IOException;
}
