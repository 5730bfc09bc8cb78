package dev.thaw.results;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The bundles below one folder, and the names and tags that their owner gave them: {@code label.json} in each bundle,
 * so that they travel with it.
 *
 * <p>Threading: one thread.
 */
public final class RunCatalogue {
    /** Relative to where the user stands. */
    public static final Path DEFAULT_DIRECTORY = Path.of("results/runs");

    static final String LABEL = "label.json";

    private final Path directory;

    public RunCatalogue(Path directory) {
        this.directory = directory;
    }

    /**
     * A bundle as the catalogue lists it.
     *
     * @param opened when it was begun, ISO 8601; empty where its manifest does not tell
     * @param name its owner's name for it, or null
     * @param problem why it cannot be read, or null
     */
    public record Entry(
            Path directory,
            String id,
            String kind,
            String opened,
            @Nullable String name,
            SortedSet<String> tags,
            long bytes,
            @Nullable String problem) {
        /** The first of all times where it does not tell. */
        Instant begun() {
            try {
                return Instant.parse(opened);
            } catch (DateTimeParseException e) {
                return Instant.MIN;
            }
        }

        /** Somebody wanted to find it again. */
        public boolean isLabelled() {
            return name != null || !tags.isEmpty();
        }
    }

    /** Every folder that holds a manifest, by when it was begun, newest last; none where there is no such directory. */
    public List<Entry> entries() throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        List<Entry> entries = new ArrayList<>();
        for (Path folder : bundles(directory)) {
            entries.add(entry(folder));
        }
        entries.sort(Comparator.comparing(Entry::begun));
        return entries;
    }

    /** By their ids. */
    private static List<Path> bundles(Path folder) throws IOException {
        try (Stream<Path> children = Files.list(folder)) {
            return children.filter(each -> Files.exists(each.resolve(Manifest.NAME)))
                    .sorted(Comparator.comparing(RunCatalogue::id))
                    .toList();
        }
    }

    private static Entry entry(Path folder) throws IOException {
        JsonNode label = Json.MAPPER.createObjectNode();
        try {
            label = label(folder);
            JsonNode name = label.path("name");
            RunBundle bundle = RunBundle.load(folder);
            String opened = bundle.manifest().path("opened").asString("");
            return new Entry(
                    folder,
                    id(folder),
                    bundle.kind(),
                    opened,
                    name.isString() ? name.asString() : null,
                    tags(label),
                    bytes(folder),
                    null);
        } catch (IOException e) {
            return new Entry(folder, id(folder), "", "", null, tags(label), bytes(folder), e.getMessage());
        }
    }

    /**
     * The runs that a word stands for: a folder, an id, a name, or a tag, in this order; more than one for a tag, and for
     * a folder of bundles, such as a variant's in a {@link BundleSet}.
     * Fails with one line that names the word.
     */
    public List<RunBundle> find(String word) {
        List<RunBundle> found = new ArrayList<>();
        try {
            for (Path folder : folders(word)) {
                found.add(RunBundle.load(folder));
            }
        } catch (IOException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        if (found.isEmpty()) {
            throw new IllegalArgumentException(
                    "no run '" + word + "': neither a folder, nor an id, name or tag in " + directory);
        }
        return found;
    }

    private List<Path> folders(String word) throws IOException {
        List<Path> other = List.of();
        for (Path folder : List.of(Path.of(word), directory.resolve(word))) {
            if (Files.exists(folder.resolve(Manifest.NAME))) {
                return List.of(folder);
            }
            if (Files.isDirectory(folder)) {
                List<Path> within = bundles(folder);
                if (!within.isEmpty()) {
                    return within;
                }
                other = List.of(folder);
            }
        }
        List<Path> labelled = labelled(word);
        return labelled.isEmpty() ? other : labelled;
    }

    private List<Path> labelled(String word) throws IOException {
        List<Entry> all = entries();
        List<Path> named = folders(all.stream().filter(each -> word.equals(each.name())));
        if (named.size() > 1) {
            throw new IllegalArgumentException("run '" + word + "': " + named.size() + " runs have this name");
        }
        return named.isEmpty() ? folders(all.stream().filter(each -> each.tags().contains(word))) : named;
    }

    private static List<Path> folders(Stream<Entry> entries) {
        return entries.map(Entry::directory).toList();
    }

    /** Gives a run a name; an empty one takes it away. */
    public void name(RunBundle run, String name) throws IOException {
        ObjectNode label = label(run.directory());
        if (name.isEmpty()) {
            label.putNull("name");
        } else {
            label.put("name", name);
        }
        Json.write(run.directory().resolve(LABEL), label);
    }

    /** Adds a tag, or takes it away. */
    public void tag(RunBundle run, String tag, boolean add) throws IOException {
        ObjectNode label = label(run.directory());
        SortedSet<String> tags = tags(label);
        if (add) {
            tags.add(tag);
        } else {
            tags.remove(tag);
        }
        ArrayNode array = label.putArray("tags");
        tags.forEach(array::add);
        Json.write(run.directory().resolve(LABEL), label);
    }

    /** Deletes the bundle with everything in it. */
    public static void delete(Path bundle) throws IOException {
        BundleDirectory.delete(bundle);
    }

    /** Fails with one line where the file is there and is none: its owner's words are not to be written over, or pruned. */
    private static ObjectNode label(Path folder) throws IOException {
        Path file = folder.resolve(LABEL);
        if (!Files.exists(file)) {
            return Json.MAPPER.createObjectNode();
        }
        if (Json.read(file) instanceof ObjectNode label) {
            return label;
        }
        throw new IOException(file + ": not a label: must be a JSON object");
    }

    private static SortedSet<String> tags(JsonNode label) {
        SortedSet<String> tags = new TreeSet<>();
        label.path("tags").forEach(each -> tags.add(each.asString("")));
        return tags;
    }

    private static long bytes(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            long sum = 0;
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                sum += Files.size(file);
            }
            return sum;
        }
    }

    private static String id(Path folder) {
        return String.valueOf(folder.getFileName());
    }
}
