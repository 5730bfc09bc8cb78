package dev.thaw.sandbox.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;

/**
 * Paths inside an unpacked image, as a process sees them whose root it is: absolute links start at that root, and no
 * number of {@code ..} leads above it. Pure but for reading links.
 */
public final class ImageRoot {
    /** As the kernel counts. */
    private static final int LINKS_MAX = 40;

    private ImageRoot() {}

    /** The file that {@code path} names inside, links followed; it need not exist. */
    public static Path follow(Path root, String path) throws IOException {
        return walk(root, path, true);
    }

    /** The same, but a link at the end of the path is itself what is named. */
    public static Path locate(Path root, String path) throws IOException {
        return walk(root, path, false);
    }

    private static Path walk(Path root, String path, boolean followLast) throws IOException {
        Deque<String> left = new ArrayDeque<>();
        push(left, path);
        Path at = root;
        int links = 0;
        while (!left.isEmpty()) {
            String name = left.pop();
            if (name.equals("..")) {
                at = at.equals(root) ? root : Objects.requireNonNull(at.getParent());
                continue;
            }
            Path next = at.resolve(name);
            boolean link = (followLast || !left.isEmpty()) && Files.isSymbolicLink(next);
            if (!link) {
                at = next;
                continue;
            }
            if (++links > LINKS_MAX) {
                throw new IOException("too many links on the way");
            }
            String target = Files.readSymbolicLink(next).toString();
            push(left, target);
            at = target.startsWith("/") ? root : at;
        }
        return at;
    }

    /** Puts the path's names before what is left. */
    private static void push(Deque<String> left, String path) {
        String[] names = path.split("/", -1);
        for (int i = names.length - 1; i >= 0; i--) {
            if (!names[i].isEmpty() && !names[i].equals(".")) {
                left.push(names[i]);
            }
        }
    }
}
