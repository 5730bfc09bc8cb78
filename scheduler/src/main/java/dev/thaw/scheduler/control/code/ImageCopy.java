package dev.thaw.scheduler.control.code;

import dev.thaw.results.digest.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * A copy of a container image: of a layout's folder what its index leads to, of a tar the whole. A blob that is missing is
 * left to whoever unpacks the image, who checks the others' digests too. What was copied is on disk.
 */
final class ImageCopy {
    private static final String TAR = "image.tar";
    private static final List<String> HEADS = List.of("oci-layout", "index.json");
    private static final Pattern SHA_256 = Pattern.compile("sha256:([0-9a-f]{64})");
    /** Of documents that lead to others; layers are not read. */
    private static final int MAX_DOCUMENT_BYTES = 4 << 20;
    /** Of all: what the service takes of an image (contract.md section 1.11). */
    private static final long MAX_BYTES = 10L << 30;

    private final Path from;
    private final Path to;
    private final Deque<String> wanted = new ArrayDeque<>();
    private final Set<String> met = new HashSet<>();
    private long bytes;

    private ImageCopy(Path from, Path to) {
        this.from = from;
        this.to = to;
    }

    /** Into an empty folder; throws where the image is not (any more) the one of this digest, or too large. */
    static void copy(Path image, Path files, String sha256) throws IOException {
        ImageCopy copy = new ImageCopy(image, files);
        String found = Files.isDirectory(image) ? copy.layout() : copy.file(image, files.resolve(TAR));
        if (!found.equals(sha256)) {
            throw new IOException(image + ": was changed while it was copied");
        }
    }

    /** Where a copy is used: the folder of a layout, or the tar in it. */
    static Path whole(Path files) {
        Path tar = files.resolve(TAR);
        return Files.isRegularFile(tar) ? tar : files;
    }

    private String layout() throws IOException {
        String index = "";
        for (String head : HEADS) {
            if (Files.isRegularFile(from.resolve(head))) {
                index = file(from.resolve(head), to.resolve(head));
                follow(to.resolve(head));
            }
        }
        Path blobs = Path.of("blobs", "sha256");
        Files.createDirectories(to.resolve(blobs));
        for (String blob = wanted.poll(); blob != null; blob = wanted.poll()) {
            if (Files.isRegularFile(from.resolve(blobs).resolve(blob))) {
                file(from.resolve(blobs).resolve(blob), to.resolve(blobs).resolve(blob));
                follow(to.resolve(blobs).resolve(blob));
            }
        }
        return index;
    }

    /** Wants what a document names, where this is one. */
    private void follow(Path document) throws IOException {
        if (Files.size(document) > MAX_DOCUMENT_BYTES) {
            return;
        }
        try {
            JsonMapper.shared()
                    .readTree(Files.readAllBytes(document))
                    .findValues("digest")
                    .forEach(digest -> {
                        var name = SHA_256.matcher(digest.asString(""));
                        if (name.matches() && met.add(name.group(1))) {
                            wanted.add(name.group(1));
                        }
                    });
        } catch (JacksonException layer) {
            // It leads nowhere.
        }
    }

    private String file(Path source, Path target) throws IOException {
        bytes += Files.size(source);
        if (bytes > MAX_BYTES) {
            throw new IOException(from + ": is larger than " + MAX_BYTES + " bytes");
        }
        MessageDigest digest = Sha256.digest();
        try (InputStream in = new DigestInputStream(Files.newInputStream(source), digest)) {
            Files.copy(in, target);
        }
        try (FileChannel written = FileChannel.open(target, StandardOpenOption.READ)) {
            written.force(true);
        }
        return Sha256.hex(digest);
    }
}
