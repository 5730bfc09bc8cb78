package dev.thaw.results;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The bundle of a bake-off. Each finished cell has a file of its own below {@code cells/}, which is there whole or not at
 * all: a sweep that was stopped, however, goes on from them.
 *
 * <p>Threading: {@link #keep} and {@link #cell} on any thread, each cell on one.
 */
public final class BakeoffBundle {
    public static final String KIND = "bakeoff";

    private static final String CELLS = "cells";
    private static final String CONFIGURATION = "configuration";

    private final Path directory;

    private BakeoffBundle(Path directory) {
        this.directory = directory;
    }

    /** Opens {@code runsDirectory/<utc>-<name>}. */
    public static BakeoffBundle create(
            String name, String command, Map<String, String> configuration, Path runsDirectory) throws IOException {
        long epochMs = RunClock.SYSTEM.epochMs();
        Path directory = BundleDirectory.create(runsDirectory, name, epochMs);
        String id = String.valueOf(directory.getFileName());
        ObjectNode manifest = Manifest.head(KIND, name, command, id, epochMs);
        ObjectNode settings = manifest.putObject(CONFIGURATION);
        new TreeMap<>(configuration).forEach(settings::put);
        manifest.put("backend", VirtualRecorder.BACKEND);
        Files.createDirectory(directory.resolve(CELLS));
        Json.write(directory.resolve(Manifest.NAME), manifest);
        return new BakeoffBundle(directory);
    }

    /**
     * Goes on with one that was stopped, or has ended.
     *
     * @throws IllegalArgumentException in one line where it is none, or is of other settings
     */
    public static BakeoffBundle resume(Path directory, Map<String, String> configuration) {
        JsonNode manifest;
        try {
            manifest = Json.read(directory.resolve(Manifest.NAME));
        } catch (IOException e) {
            throw new IllegalArgumentException(directory + ": no bake-off to go on with: it has no manifest.json", e);
        }
        if (!manifest.path("kind").asString("").equals(KIND)) {
            throw new IllegalArgumentException(
                    directory + ": kind: '" + manifest.path("kind").asString("") + "', must be " + KIND);
        }
        JsonNode before = manifest.path(CONFIGURATION);
        new TreeMap<>(configuration).forEach((key, value) -> {
            String old = before.path(key).asString("");
            if (!old.equals(value)) {
                throw new IllegalArgumentException(
                        directory + ": " + key + ": is '" + value + "', must be '" + old + "' as when it began");
            }
        });
        return new BakeoffBundle(directory);
    }

    public Path directory() {
        return directory;
    }

    /** The finished cell, if it is. A file that cannot be read counts as none: the cell is simulated again. */
    public Optional<BakeoffCell> cell(Map<String, String> policies, long seed) {
        Path file = file(policies, seed);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            BakeoffCell kept = Json.MAPPER.treeToValue(Json.read(file), BakeoffCell.class);
            return Optional.of(kept)
                    .filter(each -> each.seed() == seed && each.policies().equals(policies));
        } catch (IOException | JacksonException e) {
            return Optional.empty();
        }
    }

    /** Writes the cell's file, whole or not at all. */
    public void keep(BakeoffCell cell) throws IOException {
        Path file = file(cell.policies(), cell.seed());
        Path unfinished = file.resolveSibling(file.getFileName() + ".new");
        Json.write(unfinished, BakeoffSummary.cell(cell));
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Takes the bundle away where no cell is finished: it would look like a run. */
    public void discardUnlessKept() throws IOException {
        try (Stream<Path> cells = Files.list(directory.resolve(CELLS))) {
            if (cells.findAny().isPresent()) {
                return;
            }
        }
        BundleDirectory.delete(directory);
    }

    private Path file(Map<String, String> policies, long seed) {
        return directory.resolve(CELLS).resolve(BakeoffCell.key(policies, seed) + ".json");
    }

    /** Writes summary and report; returns the table as Markdown. */
    public String finish(Collection<BakeoffCell> cells) throws IOException {
        BakeoffSummary summary = new BakeoffSummary(List.copyOf(cells));
        Json.write(directory.resolve(Summary.NAME), summary.build());
        Report.write(RunBundle.load(directory));
        return summary.markdown();
    }
}
