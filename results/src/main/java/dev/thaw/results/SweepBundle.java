package dev.thaw.results;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The bundle of a sweep: a bake-off, a plan. Each finished cell has a file of its own below {@code cells/}, which is there whole or not at
 * all: a sweep that was stopped, however, goes on from them.
 *
 * <p>Threading: {@link #keep} and {@link #cell} on any thread, each cell on one.
 */
public final class SweepBundle {
    private static final String CELLS = "cells";
    private static final String CONFIGURATION = "configuration";

    private final Path directory;

    private SweepBundle(Path directory) {
        this.directory = directory;
    }

    /** Opens {@code runsDirectory/<utc>-<name>}. */
    public static SweepBundle create(
            String kind, String name, String command, Map<String, String> configuration, Path runsDirectory)
            throws IOException {
        long epochMs = RunClock.SYSTEM.epochMs();
        Path directory = BundleDirectory.create(runsDirectory, name, epochMs);
        String id = String.valueOf(directory.getFileName());
        ObjectNode manifest = Manifest.head(kind, name, command, id, epochMs);
        WholeBundle.configure(manifest, configuration);
        manifest.put("backend", VirtualRecorder.BACKEND);
        Files.createDirectory(directory.resolve(CELLS));
        Json.write(directory.resolve(Manifest.NAME), manifest);
        return new SweepBundle(directory);
    }

    /**
     * Goes on with one that was stopped, or has ended.
     *
     * @throws IllegalArgumentException in one line where it is none, or is of other settings
     */
    public static SweepBundle resume(String kind, Path directory, Map<String, String> configuration) {
        JsonNode manifest;
        try {
            manifest = Json.read(directory.resolve(Manifest.NAME));
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    directory + ": no " + kind + " to go on with: it has no manifest.json", e);
        }
        if (!manifest.path("kind").asString("").equals(kind)) {
            throw new IllegalArgumentException(
                    directory + ": kind: '" + manifest.path("kind").asString("") + "', must be " + kind);
        }
        JsonNode before = manifest.path(CONFIGURATION);
        // What only one of them says counts as well.
        TreeSet<String> keys = new TreeSet<>(configuration.keySet());
        keys.addAll(before.propertyNames());
        for (String key : keys) {
            String value = configuration.getOrDefault(key, "");
            String old = before.path(key).asString("");
            if (!old.equals(value)) {
                throw new IllegalArgumentException(
                        directory + ": " + key + ": is '" + value + "', must be '" + old + "' as when it began");
            }
        }
        return new SweepBundle(directory);
    }

    public Path directory() {
        return directory;
    }

    /** The finished cell, if it is. A file that cannot be read counts as none: the cell is simulated again. */
    public Optional<SweepCell> cell(Map<String, String> policies, long seed) {
        Path file = file(policies, seed);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            SweepCell kept = Json.MAPPER.treeToValue(Json.read(file), SweepCell.class);
            return Optional.of(kept)
                    .filter(each -> each.seed() == seed && each.policies().equals(policies));
        } catch (IOException | JacksonException e) {
            return Optional.empty();
        }
    }

    /** Writes the cell's file, whole or not at all. */
    public void keep(SweepCell cell) throws IOException {
        Path file = file(cell.policies(), cell.seed());
        Path unfinished = file.resolveSibling(
                file.getFileName() + "." + Thread.currentThread().threadId() + ".new");
        Json.write(unfinished, BakeoffSummary.cell(cell));
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Takes the bundle away where no cell is finished: it would look like a run. Returns whether it did. */
    public boolean discardUnlessKept() throws IOException {
        try (Stream<Path> cells = Files.list(directory.resolve(CELLS))) {
            if (cells.findAny().isPresent()) {
                return false;
            }
        }
        BundleDirectory.delete(directory);
        return true;
    }

    private Path file(Map<String, String> policies, long seed) {
        return directory.resolve(CELLS).resolve(SweepCell.key(policies, seed) + ".json");
    }

    /** Writes summary and report. */
    void finish(ObjectNode summary) throws IOException {
        Json.write(directory.resolve(Summary.NAME), summary);
        Report.write(RunBundle.load(directory));
    }
}
