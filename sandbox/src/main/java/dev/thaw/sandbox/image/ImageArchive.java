package dev.thaw.sandbox.image;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarFile;
import org.jspecify.annotations.Nullable;

/** An image as one tar file, read where it lies: an image layout, or what {@code docker save} writes. */
final class ImageArchive implements ImageFiles {
    private static final int LINKS_MAX = 8;

    private final TarFile tar;
    private final Map<String, TarArchiveEntry> entries = new HashMap<>();

    private ImageArchive(TarFile tar) {
        this.tar = tar;
        for (TarArchiveEntry entry : tar.getEntries()) {
            entries.put(plain(entry.getName()), entry);
        }
    }

    static ImageArchive open(Path file) throws IOException {
        try {
            return new ImageArchive(new TarFile(file));
        } catch (IOException | RuntimeException damaged) {
            // The parser answers some damage with unchecked exceptions.
            throw new IOException(
                    file + ": cannot be read as an uncompressed tar: " + FileFault.describe(damaged), damaged);
        }
    }

    @Override
    public boolean has(String name) {
        return find(name) != null;
    }

    @Override
    public InputStream open(String name) throws IOException {
        TarArchiveEntry entry = find(name);
        if (entry == null) {
            throw new FileNotFoundException(name);
        }
        return tar.getInputStream(entry);
    }

    /** Old archives hold a layer that several images share once, and links to it. */
    private @Nullable TarArchiveEntry find(String name) {
        String wanted = plain(name);
        for (int i = 0; i < LINKS_MAX; i++) {
            TarArchiveEntry entry = entries.get(wanted);
            if (entry == null || !(entry.isSymbolicLink() || entry.isLink())) {
                return entry == null || entry.isDirectory() ? null : entry;
            }
            String target = entry.getLinkName();
            wanted = entry.isLink()
                    ? plain(target)
                    : Path.of("/" + wanted)
                            .resolveSibling(target)
                            .normalize()
                            .toString()
                            .substring(1);
        }
        return null;
    }

    private static String plain(String name) {
        return name.startsWith("./") ? name.substring(2) : name;
    }

    @Override
    public void close() throws IOException {
        tar.close();
    }
}
