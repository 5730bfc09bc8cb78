package dev.thaw.sandbox.microvm.images;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where this machine gets Debian's packages from: its own apt sources. Other suites are taken from the same archives,
 * checked with the same keys.
 *
 * @param codename the suite that this machine runs
 * @param entries those of the archives' sources that name it, as one-line entries
 */
record AptSources(String codename, List<String> entries) {
    AptSources {
        entries = List.copyOf(entries);
    }

    /** Of the machine whose root is given; fails with one line where it is not Debian's. */
    static AptSources read(Path root) throws IOException {
        String codename = codename(root.resolve("etc/os-release"));
        List<String> entries = new ArrayList<>();
        for (Path file : files(root.resolve("etc/apt"))) {
            List<String> all = file.toString().endsWith(".sources")
                    ? paragraphs(Files.readString(file))
                    : Files.readAllLines(file);
            all.stream().filter(entry -> isOf(entry, codename)).forEach(entries::add);
        }
        if (entries.isEmpty()) {
            throw new IOException("no apt source below " + root.resolve("etc/apt") + " names the suite " + codename);
        }
        return new AptSources(codename, entries);
    }

    /** The content of a sources list with another suite of the same archives. */
    String of(String suite) {
        StringBuilder list = new StringBuilder();
        for (String entry : entries) {
            list.append(entry.replace(" " + codename, " " + suite)).append('\n');
        }
        return list.toString();
    }

    private static String codename(Path release) throws IOException {
        List<String> lines = Files.exists(release) ? Files.readAllLines(release) : List.of();
        Optional<String> name = valueOf(lines, "VERSION_CODENAME=");
        if (!valueOf(lines, "ID=").equals(Optional.of("debian")) || name.isEmpty()) {
            throw new IOException("images of microVMs are made of Debian's packages: this machine is no Debian system");
        }
        return name.get();
    }

    private static Optional<String> valueOf(List<String> lines, String key) {
        return lines.stream()
                .filter(line -> line.startsWith(key))
                .map(line -> line.substring(key.length()).replace("\"", "").strip())
                .findFirst();
    }

    private static List<Path> files(Path apt) throws IOException {
        List<Path> files = new ArrayList<>();
        if (Files.isRegularFile(apt.resolve("sources.list"))) {
            files.add(apt.resolve("sources.list"));
        }
        if (Files.isDirectory(apt.resolve("sources.list.d"))) {
            try (Stream<Path> parts = Files.list(apt.resolve("sources.list.d"))) {
                parts.filter(part -> part.toString().matches(".*\\.(list|sources)"))
                        .sorted()
                        .forEach(files::add);
            }
        }
        return files;
    }

    /** Suites of the machine's own release: itself, its updates, its security; of the archive's main part. */
    private static boolean isOf(String entry, String codename) {
        return entry.startsWith("deb ")
                && Stream.of(entry.split(" ", -1)).anyMatch(word -> word.equals("main"))
                && Stream.of(codename, codename + "-updates", codename + "-security")
                        .anyMatch(suite -> entry.contains(" " + suite + " "));
    }

    /** One-line entries of what the newer format says in paragraphs. */
    private static List<String> paragraphs(String text) {
        List<String> entries = new ArrayList<>();
        for (String paragraph : text.split("\n\\s*\n", -1)) {
            List<String> lines = paragraph.lines().toList();
            if (valueOf(lines, "Types:").orElse("").contains("deb")
                    && !valueOf(lines, "Enabled:").equals(Optional.of("no"))) {
                addEntries(lines, entries);
            }
        }
        return entries;
    }

    private static void addEntries(List<String> lines, List<String> entries) {
        String key = valueOf(lines, "Signed-By:").orElse("");
        String options = key.startsWith("/") ? "[signed-by=" + key + "] " : "";
        String components = valueOf(lines, "Components:").orElse("main");
        for (String archive : valueOf(lines, "URIs:").orElse("").split("\\s+", -1)) {
            for (String suite : valueOf(lines, "Suites:").orElse("").split("\\s+", -1)) {
                entries.add("deb " + options + archive + " " + suite + " " + components);
            }
        }
    }
}
