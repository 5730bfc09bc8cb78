package dev.thaw.results;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Where imported measurements come from.
 *
 * @param format what wrote them: {@code lambda-perf}, {@code wrk} ..
 * @param files in the order in which they were read
 */
public record Provenance(String format, List<Source> files) {
    private static final int BUFFER_BYTES = 1 << 16;

    public Provenance {
        files = List.copyOf(files);
    }

    /** A file as it was read. */
    public record Source(String name, String sha256, long bytes) {}

    /** Reads the files once for their digests. */
    public static Provenance of(String format, List<Path> files) throws IOException {
        List<Source> sources = new ArrayList<>();
        for (Path file : files) {
            sources.add(new Source(String.valueOf(file.getFileName()), sha256(file), Files.size(file)));
        }
        return new Provenance(format, sources);
    }

    private static String sha256(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    ObjectNode toJson() {
        ObjectNode node = Json.MAPPER.createObjectNode();
        node.put("imported", true).put("format", format);
        ArrayNode array = node.putArray("files");
        files.forEach(each -> array.addObject()
                .put("name", each.name)
                .put("sha256", each.sha256)
                .put("bytes", each.bytes));
        return node;
    }
}
