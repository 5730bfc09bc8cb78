package dev.thaw.loadgen.trace;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** Real traces, beside the repository and never in it: what needs them is skipped, with a line, where they are absent. */
final class SharedTraces {
    private SharedTraces() {}

    static Path file(String name) {
        Optional<Path> file = roots().map(root -> root.resolve("traces").resolve(name))
                .filter(Files::exists)
                .findFirst();
        if (file.isEmpty()) {
            System.out.println("skipped: no shared trace " + name + " (set -Dthaw.shared=FOLDER)");
        }
        Assumptions.assumeTrue(file.isPresent());
        return file.orElseThrow();
    }

    private static Stream<Path> roots() {
        String set = System.getProperty("thaw.shared");
        if (set != null) {
            return Stream.of(Path.of(set));
        }
        // Tests run in the module's folder; a work tree may lie one folder deeper.
        return List.of("../../shared", "../../../shared").stream().map(Path::of);
    }
}
