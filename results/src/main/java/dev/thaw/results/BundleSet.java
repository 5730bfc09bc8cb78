package dev.thaw.results;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Bundles of several variants that ran in turns: a folder with a folder of bundles for each variant, and {@code set.json},
 * which says what ran when. After each run it is there whole or as it was: a set that was stopped, however, goes on from
 * its last complete round.
 *
 * <p>Threading: one thread.
 */
public final class BundleSet {
    /** What a set's file is called. */
    public static final String NAME = "set.json";

    private static final String KIND = "ab";
    private static final int SCHEMA = 1;
    private static final String SETTINGS = "settings";
    private static final String RUNS = "runs";
    private static final String END = "end";
    /** No variant is called so: names begin with a letter or a digit. */
    private static final String UNFINISHED = ".unfinished";

    private final Path directory;
    private final List<String> variants;
    private final ObjectNode tree;

    private BundleSet(Path directory, List<String> variants, ObjectNode tree) {
        this.directory = directory;
        this.variants = List.copyOf(variants);
        this.tree = tree;
    }

    /**
     * Opens {@code runsDirectory/<utc>-<name>}.
     *
     * @param settings what a set that goes on must have in common with its beginning
     */
    public static BundleSet create(
            Path runsDirectory,
            String name,
            String command,
            List<String> variants,
            SequencedMap<String, String> settings)
            throws IOException {
        Path directory = BundleDirectory.create(runsDirectory, name, RunClock.SYSTEM.epochMs());
        ObjectNode tree = Json.MAPPER.createObjectNode();
        tree.put("schema", SCHEMA).put("kind", KIND).put("command", command);
        ObjectNode kept = tree.putObject(SETTINGS);
        settings.forEach(kept::put);
        tree.putArray(RUNS);
        BundleSet set = new BundleSet(directory, variants, tree);
        set.write();
        return set;
    }

    /**
     * Goes on with one that was stopped; what is not of a complete round is deleted.
     *
     * @throws IllegalArgumentException in one line where it is none, is of other settings, or has ended: its verdict is
     *     known, and must not decide whether there is more of it
     */
    public static BundleSet resume(Path directory, List<String> variants, Map<String, String> settings)
            throws IOException {
        if (!Files.isRegularFile(directory.resolve(NAME))
                || !(Json.read(directory.resolve(NAME)) instanceof ObjectNode tree)
                || tree.path("schema").asInt(0) != SCHEMA) {
            throw new IllegalArgumentException(
                    directory + ": no set of runs to go on with: it has no " + NAME + " of this version");
        }
        if (tree.has(END)) {
            throw new IllegalArgumentException(
                    directory + ": has ended, its verdict is known: a set that went on because"
                            + " of it would prove nothing. Begin a new one");
        }
        Set<String> keys = new TreeSet<>(settings.keySet());
        keys.addAll(tree.path(SETTINGS).propertyNames());
        keys.forEach(key -> {
            String before = tree.path(SETTINGS).path(key).asString("");
            String value = settings.getOrDefault(key, "");
            if (!before.equals(value)) {
                throw new IllegalArgumentException(
                        directory + ": " + key + ": is '" + value + "', must be '" + before + "' as when it began");
            }
        });
        BundleSet set = new BundleSet(directory, variants, tree);
        set.keepRounds(set.rounds());
        return set;
    }

    /** What is not listed was cut off; what is of a later round has no partner. */
    private void keepRounds(int rounds) throws IOException {
        List<Path> kept = new ArrayList<>();
        ArrayNode all = (ArrayNode) tree.path(RUNS);
        for (int i = all.size() - 1; i >= 0; i--) {
            if (all.path(i).path("round").asInt(0) > rounds) {
                all.remove(i);
            } else {
                kept.add(directory.resolve(all.path(i).path("run").asString("")));
            }
        }
        write();
        for (String variant : variants) {
            for (RunCatalogue.Entry each : new RunCatalogue(folder(variant)).entries()) {
                if (!kept.contains(each.directory())) {
                    BundleDirectory.delete(each.directory());
                }
            }
        }
    }

    public Path directory() {
        return directory;
    }

    /** Where a variant's bundles are. */
    public Path folder(String variant) {
        return directory.resolve(variant);
    }

    /** An empty folder for a run that is to be made, and whatever it leaves. */
    public Path workplace() throws IOException {
        discard();
        return Files.createDirectory(directory.resolve(UNFINISHED));
    }

    /** Takes the workplace away. */
    public void discard() throws IOException {
        if (Files.exists(directory.resolve(UNFINISHED))) {
            BundleDirectory.delete(directory.resolve(UNFINISHED));
        }
    }

    /** Moves a run of a round, which begins with 1, from the workplace to its variant's others. */
    public void add(int round, String variant, Path bundle) throws IOException {
        String name = String.valueOf(bundle.getFileName());
        Files.createDirectories(folder(variant));
        Files.move(bundle, folder(variant).resolve(name));
        ((ArrayNode) tree.path(RUNS))
                .addObject()
                .put("round", round)
                .put("variant", variant)
                .put("run", variant + "/" + name);
        write();
        discard();
    }

    /** How many rounds have a run of each variant. */
    public int rounds() {
        return variants.stream()
                .mapToInt(variant -> paths(variant).size())
                .min()
                .orElse(0);
    }

    /** A variant's runs of all complete rounds, in their order. */
    public List<RunBundle> runs(String variant) throws IOException {
        List<RunBundle> runs = new ArrayList<>();
        for (Path each : paths(variant).subList(0, rounds())) {
            runs.add(RunBundle.load(each));
        }
        return runs;
    }

    private List<Path> paths(String variant) {
        List<Path> paths = new ArrayList<>();
        for (JsonNode run : tree.path(RUNS)) {
            if (run.path("variant").asString("").equals(variant)) {
                paths.add(directory.resolve(run.path("run").asString("")));
            }
        }
        return paths;
    }

    /** Nothing is added any more, and why. */
    public void end(String why) throws IOException {
        tree.put(END, why);
        write();
    }

    private void write() throws IOException {
        Path unfinished = directory.resolve(NAME + ".new");
        Json.write(unfinished, tree);
        Files.move(
                unfinished,
                directory.resolve(NAME),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }
}
