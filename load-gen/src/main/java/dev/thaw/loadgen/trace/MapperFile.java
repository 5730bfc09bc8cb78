package dev.thaw.loadgen.trace;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What In-Vitro's mapper has found for a trace: which of vSwarm's functions stands in for each of the trace's. In
 * {@code mapper_output.json} beside the trace, by HashFunction, HashOwner and HashApp written one after the other.
 */
final class MapperFile {
    private final Map<String, String> proxies = new HashMap<>();
    private int mapped;

    static MapperFile beside(Path invocations, TraceProgress progress) {
        MapperFile mapper = new MapperFile();
        Path file = invocations.resolveSibling("mapper_output.json");
        if (Files.isRegularFile(file)) {
            progress.opened(file);
            mapper.read(file);
            progress.rowsRead(file, mapper.proxies.size());
        }
        return mapper;
    }

    private void read(Path file) {
        try {
            JsonNode root = JsonMapper.builder().build().readTree(file.toFile());
            for (Map.Entry<String, JsonNode> entry : root.properties()) {
                String proxy = entry.getValue().path("proxy-function").asString("");
                if (proxy.isEmpty()) {
                    throw new TraceException(
                            file + ": " + entry.getKey() + ": '" + entry.getValue() + "', must have a proxy-function");
                }
                proxies.put(entry.getKey(), proxy);
            }
        } catch (JacksonException e) {
            throw new TraceException(file + ": " + firstLine(e) + ", must be JSON");
        }
    }

    static String firstLine(Exception e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("broken");
    }

    /** What the row's function is called by: its stand-in and itself, else its app and itself. */
    String[] nameParts(CsvTable row) {
        String app = row.text(row.column("HashApp"));
        String function = row.text(row.column("HashFunction"));
        @Nullable String proxy = proxies.get(function + row.text(row.column("HashOwner")) + app);
        if (proxy == null) {
            return new String[] {app, function};
        }
        mapped++;
        return new String[] {proxy, function};
    }

    void tell(TraceNotes notes) {
        if (mapped > 0) {
            notes.say(mapped + " functions are named by what In-Vitro's mapper found for them");
        }
    }
}
