package dev.thaw.sandbox.image;

import com.github.luben.zstd.ZstdInputStream;
import dev.thaw.sandbox.image.ImageManifest.Layer;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * Unpacks images, each once: the layers' digests are checked before anything of them is unpacked, those of their content
 * as it is, and an image whose unpacking failed leaves nothing.
 *
 * <p>Threading: safe on any thread, as long as one unpacks into a folder.
 */
public final class ImageUnpacker {
    /** Quota of an image with all its layers (contract.md section 11). */
    public static final long UNPACKED_BYTES_MAX = 10L << 30;

    private static final int MAGIC_BYTES = 4;

    private final Path directory;
    private final List<String> mountPoints;
    private final long bytesMax;

    /**
     * Unpacks below {@code directory}, each image into a folder named by its digest.
     *
     * @param mountPoints paths that every root must have: of folders, with a slash at the end, and of files
     */
    public ImageUnpacker(Path directory, List<String> mountPoints) {
        this(directory, mountPoints, UNPACKED_BYTES_MAX);
    }

    ImageUnpacker(Path directory, List<String> mountPoints, long bytesMax) {
        this.directory = directory;
        this.mountPoints = List.copyOf(mountPoints);
        this.bytesMax = bytesMax;
    }

    /**
     * The image of an architecture.
     *
     * @param image an OCI image layout, as a folder or as a tar, or what {@code docker save} wrote
     * @param architecture as images spell it: amd64 or arm64
     * @throws IOException with one line that names image, layer and entry, and what is wrong
     */
    public ContainerImage unpack(Path image, String architecture) throws IOException {
        try (ImageFiles files = ImageFiles.open(image)) {
            ImageManifest manifest = new ManifestReader(image.toString(), files, architecture).read();
            Path root = directory.resolve(manifest.digest());
            if (!Files.isDirectory(root)) {
                unpack(image, files, manifest, root);
            }
            return new ContainerImage(
                    manifest.digest(),
                    root,
                    manifest.entryPoint(),
                    manifest.command(),
                    manifest.workingDirectory(),
                    manifest.environment());
        }
    }

    private void unpack(Path image, ImageFiles files, ImageManifest manifest, Path root) throws IOException {
        Path partial = Files.createTempDirectory(directory, "unpacking");
        try {
            LayerUnpacker layers = new LayerUnpacker(partial, bytesMax);
            for (Layer layer : manifest.layers()) {
                verify(files, layer);
                apply(files, layer, layers);
            }
            makeMountPoints(partial);
            LayerUnpacker.setMode(partial, 0755);
            Files.move(partial, root);
        } catch (IOException failure) {
            FileTree.delete(partial);
            throw new IOException(image + ": " + failure.getMessage(), failure);
        }
    }

    private static void verify(ImageFiles files, Layer layer) throws IOException {
        if (!files.has(layer.file())) {
            throw new IOException(layer.name() + ": " + FileFault.shown(layer.file()) + " is missing");
        }
        if (layer.digest().isEmpty()) {
            return;
        }
        try (InputStream in = files.open(layer.file())) {
            String actual = Sha256.of(in);
            if (!actual.equals(layer.digest())) {
                throw new IOException(layer.name() + ": its content's digest is " + actual);
            }
        }
    }

    private void apply(ImageFiles files, Layer layer, LayerUnpacker layers) throws IOException {
        try (InputStream packed = new BufferedInputStream(files.open(layer.file()));
                BoundedDigest tar = new BoundedDigest(unpacked(packed), bytesMax)) {
            layers.apply(layer.name(), tar);
            String actual = tar.finish();
            if (!actual.equals(layer.contentDigest())) {
                throw new IOException(
                        layer.name() + ": unpacked, its digest is " + actual + ", must be " + layer.contentDigest());
            }
        } catch (IOException failure) {
            String message = FileFault.describe(failure);
            throw message.startsWith(layer.name()) ? failure : new IOException(layer.name() + ": " + message, failure);
        }
    }

    /** By its first bytes: media types are often wrong, and {@code docker save} gives none. */
    private static InputStream unpacked(InputStream packed) throws IOException {
        packed.mark(MAGIC_BYTES);
        byte[] magic = packed.readNBytes(MAGIC_BYTES);
        packed.reset();
        if (magic.length == MAGIC_BYTES && magic[0] == 0x1f && magic[1] == (byte) 0x8b) {
            return new GZIPInputStream(packed);
        }
        boolean zstd = magic.length == MAGIC_BYTES
                && magic[0] == 0x28
                && magic[1] == (byte) 0xb5
                && magic[2] == 0x2f
                && magic[3] == (byte) 0xfd;
        return zstd ? new ZstdInputStream(packed) : packed;
    }

    /** Real folders and files, whatever the layers made of these names. */
    private void makeMountPoints(Path root) throws IOException {
        for (String mountPoint : mountPoints) {
            boolean folder = mountPoint.endsWith("/");
            Path at = root;
            int last = Path.of(mountPoint).getNameCount() - 1;
            for (int i = 0; i <= last; i++) {
                at = at.resolve(Path.of(mountPoint).getName(i));
                make(at, i < last || folder);
            }
        }
    }

    private static void make(Path mountPoint, boolean folder) throws IOException {
        boolean isFolder = Files.isDirectory(mountPoint, LinkOption.NOFOLLOW_LINKS);
        boolean isFile = Files.isRegularFile(mountPoint, LinkOption.NOFOLLOW_LINKS);
        if (folder ? isFolder : isFile) {
            return;
        }
        if (isFolder) {
            FileTree.delete(mountPoint);
        }
        Files.deleteIfExists(mountPoint);
        if (folder) {
            Files.createDirectory(mountPoint);
        } else {
            Files.createFile(mountPoint);
        }
        LayerUnpacker.setMode(mountPoint, folder ? 0755 : 0644);
    }
}
