package dev.thaw.sandbox.image;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** An image layout as a folder. Asked only for names that {@link ManifestReader} made itself, never for names it read. */
record ImageFolder(Path folder) implements ImageFiles {
    @Override
    public boolean has(String name) {
        return Files.isRegularFile(folder.resolve(name));
    }

    @Override
    public InputStream open(String name) throws IOException {
        return Files.newInputStream(folder.resolve(name));
    }

    @Override
    public void close() {
        // Nothing is held.
    }
}
