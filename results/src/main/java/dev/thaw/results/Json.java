package dev.thaw.results;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** How this module reads and writes JSON files. */
final class Json {
    static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final JsonMapper INDENTED =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private Json() {}

    static void write(Path file, JsonNode tree) throws IOException {
        Files.writeString(file, INDENTED.writeValueAsString(tree) + "\n");
    }

    /** Fails with one line that names the file and the place. */
    static JsonNode read(Path file) throws IOException {
        try {
            return MAPPER.readTree(Files.readString(file));
        } catch (JacksonException e) {
            var place = e.getLocation();
            String where = place == null ? "" : ":" + place.getLineNr();
            throw new IOException(file + where + ": not JSON: " + e.getOriginalMessage(), e);
        }
    }
}
