package dev.thaw.scheduler.functions;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The folder of this host that clients may name paths in, for one purpose.
 *
 * @param path null for none
 * @param everywhere any path will do, and there is no folder
 */
public record RootFolder(@Nullable Path path, boolean everywhere) {
    /** No path is let through. */
    public static final RootFolder NONE = new RootFolder(null, false);

    /** Every path is: for servers whose clients are their owner. */
    public static final RootFolder EVERYWHERE = new RootFolder(null, true);

    public static RootFolder of(Path folder) {
        return new RootFolder(folder.toAbsolutePath().normalize(), false);
    }

    /** The absolute path that a client names; null where it lies, or leads, elsewhere. */
    public @Nullable Path find(String text) {
        Path root = path;
        try {
            if (root == null) {
                return everywhere ? Path.of(text) : null;
            }
            Path named = Path.of(text).normalize();
            return named.startsWith(root) && leadsInto(root, named) ? named : null;
        } catch (InvalidPathException | IOException e) {
            return null;
        }
    }

    /** By what is there already, links followed: what is to be made below it can be no link. */
    private static boolean leadsInto(Path root, Path named) throws IOException {
        Path there = named;
        while (there != null && !Files.exists(there)) {
            if (Files.isSymbolicLink(there)) {
                return false;
            }
            there = there.getParent();
        }
        // A root that is not there yet has nothing in it that could lead elsewhere.
        return there != null && (root.startsWith(there) || there.toRealPath().startsWith(root.toRealPath()));
    }
}
