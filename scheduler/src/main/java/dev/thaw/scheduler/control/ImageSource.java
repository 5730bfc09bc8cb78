package dev.thaw.scheduler.control;

import dev.thaw.results.digest.Sha256;
import dev.thaw.scheduler.functions.RootFolder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.compress.archivers.tar.TarUtils;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Container images by their {@code ImageUri}, which is the path of an OCI image layout, or of a tar of one. Nothing else is
 * read, and of other files it is not even told whether they are there.
 */
final class ImageSource {
    private static final int TAR_HEADER_BYTES = 512;
    private static final int MAX_INDEX_BYTES = 4 << 20;

    private final RootFolder root;

    /** Those in this folder. */
    ImageSource(RootFolder root) {
        this.root = root;
    }

    /** The image as a function's code; refused where there is none. */
    FunctionCode find(String imageUri) {
        Path path = root.find(imageUri);
        Path digested = path == null ? null : digested(path);
        if (path == null || digested == null) {
            throw ServiceFault.invalidParameter(
                    "Source image " + imageUri + " does not exist. Provide a valid source image.");
        }
        return new FunctionCode(digest(digested, imageUri), 0, 0, path.toString());
    }

    /** What tells one image from another; null where this is none. */
    private @Nullable Path digested(Path path) {
        try {
            if (!Files.isDirectory(path)) {
                return Files.isRegularFile(path) && isTar(path) ? path : null;
            }
            Path index = root.find(path.resolve("index.json").toString());
            return index != null && Files.isRegularFile(index) && isIndex(index) ? index : null;
        } catch (IOException unreadable) {
            return null;
        }
    }

    private static boolean isTar(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] header = in.readNBytes(TAR_HEADER_BYTES);
            return header.length == TAR_HEADER_BYTES && TarUtils.verifyCheckSum(header);
        } catch (IllegalArgumentException noNumber) {
            return false;
        }
    }

    private static boolean isIndex(Path file) throws IOException {
        try {
            return Files.size(file) <= MAX_INDEX_BYTES
                    && JsonMapper.shared()
                            .readTree(Files.readAllBytes(file))
                            .path("manifests")
                            .isArray();
        } catch (JacksonException noJson) {
            return false;
        }
    }

    private static String digest(Path file, String imageUri) {
        try {
            return Sha256.hex(file);
        } catch (IOException e) {
            throw ServiceFault.invalidParameter(
                    "Source image " + imageUri + " cannot be read. Provide a valid source image.");
        }
    }
}
