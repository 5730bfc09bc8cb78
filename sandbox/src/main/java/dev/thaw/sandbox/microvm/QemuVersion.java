package dev.thaw.sandbox.microvm;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which QEMU it is that a path leads to, as far as its command line depends on that.
 *
 * <p>Threading: safe on any thread; the first call for a path runs the program.
 */
final class QemuVersion {
    private static final Pattern SAID = Pattern.compile("version (\\d{1,4})\\.");
    private static final Map<String, Integer> MAJOR_BY_PROGRAM = new ConcurrentHashMap<>();

    private QemuVersion() {}

    /** The first number of its version; {@link Integer#MAX_VALUE} where it does not say: the newest are not known yet. */
    static int major(String program) {
        return MAJOR_BY_PROGRAM.computeIfAbsent(program, QemuVersion::ask);
    }

    private static int ask(String program) {
        try {
            Process process = new ProcessBuilder(program, "--version")
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            try (var said = process.getInputStream()) {
                return majorIn(new String(said.readAllBytes(), StandardCharsets.US_ASCII));
            }
        } catch (IOException unusable) {
            return Integer.MAX_VALUE; // its launch will say why
        }
    }

    static int majorIn(String said) {
        Matcher matcher = SAID.matcher(said);
        return matcher.find() ? Integer.parseInt(matcher.group(1)) : Integer.MAX_VALUE;
    }
}
