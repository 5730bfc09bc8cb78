package dev.thaw.sandbox.microvm.images;

import dev.thaw.sandbox.Architecture;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How fast this host's timestamp counter counts, which guests of x86_64 see as theirs. Measured once.
 *
 * <p>Threading: safe on any thread.
 */
final class TimestampCounter {
    private final Path program;
    private long khz;

    /** {@code inits} has the program that measures. */
    TimestampCounter(Path inits) {
        program = inits.resolve(Architecture.host().key()).resolve("ticks");
    }

    synchronized long khz() throws IOException {
        if (khz == 0) {
            if (!Files.isExecutable(program)) {
                throw new IOException(program + " is not built: thaw builds it where make and gcc are there");
            }
            khz = Long.parseLong(new String(HostCommand.run(program.toString()), StandardCharsets.US_ASCII).strip());
        }
        return khz;
    }
}
