package dev.thaw.cli;

import dev.thaw.sandbox.Architecture;
import dev.thaw.sandbox.Isolation;
import dev.thaw.sandbox.SandboxSpec;
import dev.thaw.scheduler.functions.FunctionConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A runtime identifier and whether its functions can run on this host (contract.md section 1.7): with what is mounted
 * for them, or not, and why.
 *
 * @param mounts folders of the host by where sandboxes see them; none where the package brings its own runtime
 * @param detail what it runs on, or what is missing
 */
record ManagedRuntime(String name, boolean usable, Map<String, Path> mounts, String detail) {
    /** Those that {@code doctor} speaks of. */
    static final List<String> NAMES = List.of(
            "provided.al2023",
            "provided.al2",
            "java25",
            "java21",
            "nodejs22.x",
            "nodejs20.x",
            "python3.13",
            "python3.12",
            "python3.11",
            "dotnet8",
            "ruby3.2");

    private static final int OLDEST_JAVA = 21;

    /** The clients: {@code bootstrap}, the Python client, jars beside them. */
    static Path clients() {
        return Installation.root().resolve("runtimes");
    }

    static ManagedRuntime find(String name) {
        if (name.startsWith("provided")) {
            return new ManagedRuntime(name, true, Map.of(), "the package or a layer brings it");
        }
        if (name.matches("java\\d+")) {
            return java(name, Integer.parseInt(name.substring("java".length())));
        }
        if (name.startsWith("python")) {
            return python(name);
        }
        if (name.startsWith("nodejs")) {
            return NodeRuntime.find(name);
        }
        return missing(name, "no client of this language is part of this version");
    }

    /** What a function's sandboxes have mounted; refuses, with the reason, one whose runtime cannot run here. */
    static Map<String, Path> mountsOf(FunctionConfig function, Isolation isolation) {
        ManagedRuntime runtime = find(function.runtime());
        String problem = runtime.usable() ? "" : runtime.detail();
        if (runtime.usable() && !runtime.mounts().isEmpty()) {
            if (!function.architecture().equals(Architecture.host().key())) {
                problem = "managed runtimes are of the host's architecture, "
                        + Architecture.host().key();
            } else if (isolation.level().equals("none")) {
                problem = "managed runtimes need bubblewrap";
            }
        }
        if (!problem.isEmpty()) {
            throw new WrongUse("Runtime of function " + function.name() + ": " + function.runtime()
                    + ", cannot be used here: " + problem);
        }
        return runtime.mounts();
    }

    /** On the JDK that runs this, which is newer than any that is asked for. */
    private static ManagedRuntime java(String name, int feature) {
        int own = Runtime.version().feature();
        if (feature < OLDEST_JAVA || feature > own) {
            return missing(name, "runs on JDK " + OLDEST_JAVA + " to " + own + " only");
        }
        Path jars = clients().resolve("lib");
        if (!holds(jars, "aws-lambda-java-runtime-interface-client")) {
            return missing(name, "no runtime interface client in " + jars + ": the build puts it there");
        }
        return usable(name, Path.of(System.getProperty("java.home")), "on JDK " + Runtime.version());
    }

    /** Of this very version: one with its library beside it, not a script that chooses one. */
    private static ManagedRuntime python(String name) {
        return homesOf(name)
                .filter(home ->
                        Files.isRegularFile(home.resolve("lib").resolve(name).resolve("os.py")))
                .findFirst()
                .map(home -> usable(name, home, "on " + home.resolve("bin").resolve(name)))
                .orElseGet(() -> missing(name, "no " + name + " on this host"));
    }

    static ManagedRuntime usable(String name, Path language, String detail) {
        return new ManagedRuntime(
                name,
                true,
                Map.of(SandboxSpec.RUNTIME_DIRECTORY, clients(), SandboxSpec.LANGUAGE_DIRECTORY, language),
                detail);
    }

    static ManagedRuntime missing(String name, String reason) {
        return new ManagedRuntime(name, false, Map.of(), reason);
    }

    /** Folders that hold {@code bin/NAME}, as the search path has them. */
    static Stream<Path> homesOf(String name) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Stream.concat(Stream.of(path.split(":", -1)), Stream.of("/usr/local/bin", "/usr/bin"))
                .filter(folder -> folder.startsWith("/") && folder.endsWith("/bin"))
                .map(folder -> Path.of(folder, "..").normalize())
                .filter(home -> Files.isExecutable(home.resolve("bin").resolve(name)))
                .distinct();
    }

    private static boolean holds(Path folder, String prefix) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.anyMatch(file -> file.getFileName().toString().startsWith(prefix));
        } catch (IOException absent) {
            return false;
        }
    }
}
