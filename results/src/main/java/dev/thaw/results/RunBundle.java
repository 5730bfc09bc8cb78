package dev.thaw.results;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;

/**
 * A finished run on disk.
 *
 * @param directory its folder
 * @param manifest {@code manifest.json}
 * @param summary {@code summary.json}
 */
public record RunBundle(Path directory, JsonNode manifest, JsonNode summary) {
    /** One row for each invocation. */
    public static final String ROWS = RowsFile.NAME;
    /** JMH's own result. */
    public static final String JMH = JmhBundle.RESULT;
    /** Values by function or setting, of runs that were measured elsewhere. */
    public static final String SAMPLES = "samples.csv.zst";

    /** Fails with one line that names what is missing or cannot be read. */
    public static RunBundle load(Path directory) throws IOException {
        return new RunBundle(directory, read(directory, Manifest.NAME), read(directory, Summary.NAME));
    }

    private static JsonNode read(Path directory, String name) throws IOException {
        Path file = directory.resolve(name);
        if (!Files.isDirectory(directory)) {
            throw new IOException(directory + ": no such run");
        }
        if (!Files.isRegularFile(file)) {
            throw new IOException(directory + ": not a finished run: " + name + " is missing");
        }
        JsonNode node = Json.read(file);
        int schema = node.path("schema").asInt(0);
        if (schema < 1 || schema > Summary.SCHEMA) {
            throw new IOException(
                    file + ": schema is " + schema + ", this version reads " + Summary.SCHEMA + " and older");
        }
        return node;
    }

    /** Another JSON file of the bundle. Fails with one line that names it. */
    public JsonNode json(String name) throws IOException {
        return Json.read(directory.resolve(name));
    }

    /** {@code load}, {@code replay}, {@code simulate}, {@code bakeoff}, {@code fidelity}, {@code jmh} or {@code arch}. */
    public String kind() {
        return summary.path("kind").asString("");
    }

    public String id() {
        return manifest.path("id").asString(String.valueOf(directory.getFileName()));
    }
}
