package dev.thaw.sandbox.process;

import dev.thaw.sandbox.Architecture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The program that runs external extensions beside a runtime ({@code src/main/c/init.c}), as it was built for this host
 * by the launcher, or by {@code make -C sandbox/src/main/c}.
 */
final class InitProgram {
    /** The installation's folder; the launcher says. */
    private static final String ROOT_PROP_NAME = "thaw.root";

    private static final String BUILT = "target/init/" + Architecture.host().key() + "/init";

    private InitProgram() {}

    /** Under the installation's folder, or beside this module's tests. */
    static Optional<Path> find() {
        Path root = Path.of(System.getProperty(ROOT_PROP_NAME, "."));
        return Stream.of(
                        root.resolve("sandbox").resolve(BUILT),
                        root.resolve("../sandbox").resolve(BUILT))
                .map(program -> program.toAbsolutePath().normalize())
                .filter(Files::isRegularFile)
                .findFirst();
    }
}
