package dev.thaw.scheduler.control;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Container images by their {@code ImageUri}, which is the path of an OCI image layout, or of a tar of one. */
final class ImageSource {
    private ImageSource() {}

    /** The image as a function's code; refused where there is none. */
    static FunctionCode find(String imageUri) {
        Path path;
        try {
            path = Path.of(imageUri);
        } catch (InvalidPathException e) {
            throw missing(imageUri);
        }
        Path digested = Files.isDirectory(path) ? path.resolve("index.json") : path;
        if (!Files.isRegularFile(digested)) {
            throw missing(imageUri);
        }
        return new FunctionCode(digest(digested), 0, 0, imageUri);
    }

    private static ServiceFault missing(String imageUri) {
        return ServiceFault.invalidParameter(
                "Source image " + imageUri + " does not exist. Provide a valid source image.");
    }

    private static String digest(Path file) {
        try (InputStream in = Files.newInputStream(file);
                DigestInputStream digest = new DigestInputStream(in, MessageDigest.getInstance("SHA-256"))) {
            digest.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(digest.getMessageDigest().digest());
        } catch (IOException e) {
            throw ServiceFault.invalidParameter(
                    "Source image " + file + " cannot be read. Provide a valid source image.");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
