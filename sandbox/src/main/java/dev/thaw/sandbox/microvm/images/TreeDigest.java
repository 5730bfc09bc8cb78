package dev.thaw.sandbox.microvm.images;

import dev.thaw.sandbox.image.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.SortedMap;

/** A digest of what an image is made of: names, kinds, modes and contents of files, and words. */
final class TreeDigest {
    private static final int BUFFER_BYTES = 1 << 16;

    private final MessageDigest digest = Sha256.newDigest();

    /** Each part carries its length, so that no two lists of parts are the same bytes. */
    TreeDigest add(String word) {
        byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
        return add(bytes.length).add(bytes, bytes.length);
    }

    TreeDigest add(byte[] content) {
        return add(content.length).add(content, content.length);
    }

    /** Files by the path that the image has them at. */
    TreeDigest add(SortedMap<Path, Path> files) throws IOException {
        for (var file : files.entrySet()) {
            // Escaped, since a name need not be text; no slash at the end where a folder of that name is on this host.
            add(Path.of("/").resolve(file.getKey()).toUri().getRawPath().replaceFirst("/+$", ""));
            addFile(file.getValue());
        }
        return this;
    }

    private void addFile(Path file) throws IOException {
        if (Files.isSymbolicLink(file)) {
            Path target = Files.readSymbolicLink(file);
            add("link").add(Path.of("/").resolve(target).toUri().getRawPath().replaceFirst("/+$", ""));
            add(target.isAbsolute() ? "absolute" : "relative");
            return;
        }
        add(PosixFilePermissions.toString(Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS)));
        if (Files.isDirectory(file)) {
            add("folder");
            return;
        }
        add("file");
        byte[] buffer = new byte[BUFFER_BYTES];
        long sizeBytes = 0;
        try (InputStream in = Files.newInputStream(file)) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                add(buffer, count);
                sizeBytes += count;
            }
        }
        add(sizeBytes);
    }

    private TreeDigest add(long number) {
        digest.update(ByteBuffer.allocate(Long.BYTES).putLong(number).array());
        return this;
    }

    private TreeDigest add(byte[] bytes, int length) {
        digest.update(bytes, 0, length);
        return this;
    }

    /** In hexadecimal digits; nothing may be added after it. */
    String finish() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
