package dev.thaw.cli.evidence.ab;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A build of thaw, and how it is started as a process of its own: no start has the compiled code of another.
 *
 * @param start what comes before the verb
 * @param variables of its environment, beside this process's
 */
record Build(List<String> start, Map<String, String> variables) {
    private static final String JVM_OPTIONS = "THAW_JVM_OPTIONS";
    /** Of the class path of this build alone. */
    private static final String ARCHIVE = "-XX:AOTCache";

    /** This one. {@code main} is the name of its main class. */
    static Build own(String main, List<String> jvm) {
        return java(System.getProperty("java.class.path"), main, options(), jvm);
    }

    /** That of a checkout, by its launcher, or of a jar with its libraries in {@code lib} beside it. Fails with one line. */
    static Build at(Path path, String main, List<String> jvm) {
        Path real = path.toAbsolutePath().normalize();
        if (Files.isRegularFile(real) && real.toString().endsWith(".jar")) {
            List<String> options =
                    options().stream().filter(each -> !each.startsWith(ARCHIVE)).toList();
            return java(real + ":" + real.resolveSibling("lib") + "/*", main, options, jvm);
        }
        Path launcher = real.resolve("thaw");
        if (!Files.isExecutable(launcher)) {
            throw new IllegalArgumentException(path + " is neither a checkout with its launcher 'thaw' nor a jar");
        }
        @Nullable String already = System.getenv(JVM_OPTIONS);
        List<String> all = new ArrayList<>(already == null ? List.of() : List.of(already));
        all.addAll(jvm);
        return new Build(
                List.of(launcher.toString()), all.isEmpty() ? Map.of() : Map.of(JVM_OPTIONS, String.join(" ", all)));
    }

    private static Build java(String classPath, String main, List<String> options, List<String> jvm) {
        List<String> start = new ArrayList<>();
        start.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
        start.addAll(options);
        start.addAll(jvm);
        start.addAll(List.of("-cp", classPath, main));
        return new Build(start, Map.of());
    }

    /** As this process was started. */
    private static List<String> options() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments();
    }

    List<String> command(List<String> words) {
        List<String> command = new ArrayList<>(start);
        command.addAll(words);
        return command;
    }
}
