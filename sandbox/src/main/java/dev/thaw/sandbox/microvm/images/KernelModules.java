package dev.thaw.sandbox.microvm.images;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The modules of an unpacked kernel package: which ones a module needs before it is said by the module itself, since the
 * table of it is made only where a kernel is installed.
 */
final class KernelModules {
    private static final String KEY = "\0depends=";

    private final Map<String, Path> files = new HashMap<>();
    private final Set<String> builtIn = new HashSet<>();

    /** Those below {@code lib/modules/VERSION}. */
    KernelModules(Path folder) throws IOException {
        try (Stream<Path> tree = Files.walk(folder)) {
            tree.filter(path -> path.getFileName().toString().matches(".*\\.ko(\\.xz|\\.zst)?"))
                    .forEach(path -> files.put(nameOf(path), path));
        }
        for (String line : Files.readAllLines(folder.resolve("modules.builtin"))) {
            builtIn.add(nameOf(Path.of(line)));
        }
    }

    /** Contents by name in the order in which they are loaded; without those that the kernel has built in. */
    Map<String, byte[]> inLoadOrder(List<String> wanted) throws IOException {
        Map<String, byte[]> ordered = new LinkedHashMap<>();
        for (String name : wanted) {
            add(name, ordered, new HashSet<>());
        }
        return ordered;
    }

    private void add(String name, Map<String, byte[]> ordered, Set<String> under) throws IOException {
        if (builtIn.contains(name) || ordered.containsKey(name) || !under.add(name)) {
            return;
        }
        Path file = files.get(name);
        if (file == null) {
            throw new IOException("this kernel has no module " + name);
        }
        byte[] content = read(file);
        for (String needed : dependsOn(content)) {
            add(needed, ordered, under);
        }
        ordered.put(name, content);
    }

    private static byte[] read(Path file) throws IOException {
        String name = file.toString();
        if (name.endsWith(".xz")) {
            return HostCommand.run("xz", "-dc", name);
        }
        return name.endsWith(".zst") ? HostCommand.run("zstd", "-dc", name) : Files.readAllBytes(file);
    }

    static List<String> dependsOn(byte[] module) {
        String text = new String(module, StandardCharsets.ISO_8859_1);
        int start = text.indexOf(KEY);
        if (start < 0) {
            return List.of();
        }
        String names = text.substring(start + KEY.length(), text.indexOf('\0', start + 1));
        return Stream.of(names.split(",", -1))
                .filter(name -> !name.isEmpty())
                .map(name -> name.replace('-', '_'))
                .toList();
    }

    private static String nameOf(Path file) {
        return file.getFileName().toString().replaceFirst("\\.ko.*", "").replace('-', '_');
    }
}
