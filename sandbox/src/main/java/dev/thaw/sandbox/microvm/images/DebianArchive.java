package dev.thaw.sandbox.microvm.images;

import dev.thaw.sandbox.Architecture;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One suite of Debian for one architecture, asked through apt with a configuration of our own: nothing of the machine's
 * own package state is read or changed, nothing is installed, and root is not needed. apt resolves, fetches and checks.
 *
 * <p>Threading: one caller at a time.
 */
final class DebianArchive {
    private final Path folder;
    private final Path packages;
    private final String architecture;
    private final String suite;
    private boolean current;

    /**
     * Keeps its lists below {@code folder}.
     *
     * @param packages where packages are kept
     */
    DebianArchive(Path folder, Path packages, String suite, Architecture architecture) {
        this.architecture = debian(architecture);
        this.suite = suite;
        this.folder = folder.resolve(suite + "-" + this.architecture).toAbsolutePath();
        this.packages = packages.toAbsolutePath();
    }

    /** Debian's spelling. */
    static String debian(Architecture architecture) {
        return architecture == Architecture.ARM64 ? "arm64" : "amd64";
    }

    /**
     * Files of these packages and of all that they depend on.
     *
     * @throws IOException with one line that says what apt could not do
     */
    List<Path> fetch(AptSources sources, List<String> names) throws IOException {
        try {
            update(sources);
            List<Path> files = files(names);
            apt("apt-get", "install", "--download-only", names);
            return files;
        } catch (IOException failure) {
            throw new IOException(
                    "packages of " + suite + " for " + architecture + " could not be fetched: " + failure.getMessage(),
                    failure);
        }
    }

    /** The newest kernel for virtual machines: this one package, unpacked it needs no other. */
    List<Path> fetchKernel(AptSources sources) throws IOException {
        String newest = "linux-image-cloud-" + architecture;
        List<Path> all = fetch(sources, List.of(newest));
        String kernel = dependencyOf(newest);
        return all.stream()
                .filter(file -> file.getFileName().toString().startsWith(kernel + "_"))
                .toList();
    }

    private String dependencyOf(String name) throws IOException {
        String answer = new String(apt("apt-cache", "depends", "--important", List.of(name)), StandardCharsets.UTF_8);
        return answer.lines()
                .filter(line -> line.strip().startsWith("Depends: "))
                .map(line -> line.strip().substring("Depends: ".length()))
                .findFirst()
                .orElseThrow(() -> new IOException("package " + name + " of " + suite + " depends on nothing"));
    }

    /** Once an object: fetches the suite's lists. */
    private void update(AptSources sources) throws IOException {
        if (current) {
            return;
        }
        Files.createDirectories(folder.resolve("state/lists/partial"));
        Files.createDirectories(packages.resolve("partial"));
        Files.writeString(folder.resolve("status"), "");
        Files.writeString(folder.resolve("sources.list"), sources.of(suite));
        Files.createDirectories(folder.resolve("none"));
        Files.writeString(folder.resolve("apt.conf"), configuration());
        apt("apt-get", "update", "--error-on=any", List.of());
        current = true;
    }

    private String configuration() {
        return """
                #clear APT::Architectures;
                APT::Architecture "%2$s";
                APT::Architectures { "%2$s"; };
                APT::Install-Recommends "false";
                APT::Sandbox::User "";
                Acquire::Languages "none";
                Acquire::Retries "2";
                Dir::State "%1$s/state";
                Dir::State::status "%1$s/status";
                Dir::Cache "%1$s";
                Dir::Cache::archives "%3$s";
                Dir::Etc::sourcelist "%1$s/sources.list";
                Dir::Etc::sourceparts "%1$s/none";
                Dir::Etc::preferences "%1$s/none/preferences";
                Dir::Etc::preferencesparts "%1$s/none";
                Dir::Log "%1$s";
                """.formatted(folder, architecture, packages);
    }

    /** Asked as if none of them were here yet: apt names those only that it would fetch. */
    private List<Path> files(List<String> names) throws IOException {
        Path empty = Files.createDirectories(folder.resolve("empty"));
        Files.createDirectories(empty.resolve("partial"));
        List<String> options = new ArrayList<>(List.of("-o", "Dir::Cache::archives=" + empty));
        options.addAll(names);
        String answer = new String(apt("apt-get", "install", "--print-uris", options), StandardCharsets.UTF_8);
        return answer.lines()
                .filter(line -> line.startsWith("'"))
                .map(line -> packages.resolve(line.split(" ", -1)[1]))
                .toList();
    }

    private byte[] apt(String program, String verb, String option, List<String> names) throws IOException {
        List<String> words = new ArrayList<>(
                List.of(program, "-c", folder.resolve("apt.conf").toString()));
        if (program.equals("apt-get")) {
            words.addAll(List.of("-qq", "-y"));
        }
        words.addAll(List.of(verb, option));
        words.addAll(names);
        return HostCommand.run(words, Map.of("DEBIAN_FRONTEND", "noninteractive"));
    }
}
