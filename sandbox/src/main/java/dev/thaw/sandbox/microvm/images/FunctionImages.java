package dev.thaw.sandbox.microvm.images;

import dev.thaw.sandbox.code.CodePackage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Images of functions: code at {@code /task}, merged layers at {@code /opt}; container images as they are. Named by the
 * digest of their content, so that what is the same is made once; those that were not used for longest are removed.
 *
 * <p>Threading: safe on any thread; images are made one after another.
 */
final class FunctionImages {
    /** Files' and their modes' meaning to an image: part of every digest. */
    private static final String FORMAT = "function 1";

    private static final Duration KEPT = Duration.ofMinutes(10);

    private final ImageFolder folder;
    private final long bytesMax;
    private final InstantSource time;
    private final Map<Key, Path> known = new ConcurrentHashMap<>();

    private record Key(Path code, List<Path> layers) {}

    FunctionImages(Path folder, long bytesMax, InstantSource time) {
        this.folder = new ImageFolder(folder);
        this.bytesMax = bytesMax;
        this.time = time;
    }

    /** What was prepared last of these folders; prepared now where nothing was, or where it was removed since. */
    Path get(Path code, List<Path> layers) throws IOException {
        Path image = known.get(new Key(code, layers));
        if (image == null || !Files.exists(image)) {
            return prepare(code, layers);
        }
        ImageFolder.touch(image, time.instant());
        return image;
    }

    /**
     * Reads the folders anew.
     *
     * @throws IOException with one line that names what cannot be part of an image
     */
    Path prepare(Path code, List<Path> layers) throws IOException {
        FileSet files = new FileSet(CodePackage.UNZIPPED_BYTES_MAX).add(code, "task");
        for (Path layer : layers) {
            files.add(layer, "opt");
        }
        Path image = make(new TreeDigest().add(FORMAT).add(files.files()).finish(), at -> {
            Path staged = at.resolveSibling("staged");
            files.copyTo(staged);
            Files.createDirectories(staged.resolve("opt"));
            ErofsImage.make(staged, at);
        });
        known.put(new Key(code, List.copyOf(layers)), image);
        return image;
    }

    /** A container image's root, in a folder that is named by the image's digest. */
    Path container(Path root) throws IOException {
        String digest = new TreeDigest()
                .add("container 1")
                .add(root.getFileName().toString())
                .finish();
        return make(digest, at -> ErofsImage.make(root, at));
    }

    private synchronized Path make(String digest, ImageFolder.Maker maker) throws IOException {
        String name = digest + ".erofs";
        if (!Files.exists(folder.resolve(name))) {
            folder.put(name, maker);
            ImageFolder.touch(folder.resolve(name), time.instant());
            folder.evict(bytesMax, KEPT, time.instant());
        }
        ImageFolder.touch(folder.resolve(name), time.instant());
        return folder.resolve(name);
    }
}
