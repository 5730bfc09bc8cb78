package dev.thaw.results;

import dev.thaw.results.digest.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
    public Provenance {
        files = List.copyOf(files);
    }

    /** A file as it was read. */
    public record Source(String name, String sha256, long bytes) {}

    /** Reads the files once for their digests. */
    public static Provenance of(String format, List<Path> files) throws IOException {
        List<Source> sources = new ArrayList<>();
        for (Path file : files) {
            sources.add(new Source(String.valueOf(file.getFileName()), Sha256.hex(file), Files.size(file)));
        }
        return new Provenance(format, sources);
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
