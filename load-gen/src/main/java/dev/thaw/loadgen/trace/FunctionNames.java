package dev.thaw.loadgen.trace;

import java.util.HashSet;
import java.util.Set;

/**
 * Makes valid, short Lambda names of whatever a trace calls its functions. Different functions stay apart, and a
 * function's name does not depend on the run.
 */
final class FunctionNames {
    /** Lambda's own limit is 64; log lines and tables like shorter ones. */
    private static final int MAX_LENGTH = 40;

    private static final int PART_LENGTH = 8;
    /** A hash: nothing is lost to a reader by its first digits alone. */
    private static final int HASH_LENGTH = 16;
    /** The path of the emulator's endpoint, which is not a function of that name. */
    private static final String RESERVED = "function";

    private final Set<String> taken = new HashSet<>();

    /** A name for the function called by these parts together, such as an app and a function. */
    String add(String... parts) {
        StringBuilder text = new StringBuilder();
        for (String part : parts) {
            text.append(text.isEmpty() ? "" : "-").append(shorten(part));
        }
        String source = String.join("\u0000", parts);
        String name = valid(text);
        if (name.length() > MAX_LENGTH) {
            name = name.substring(0, MAX_LENGTH - 9) + "-" + hex(source, 0);
        }
        String unique = name;
        for (int salt = 0; unique.equals(RESERVED) || !taken.add(unique); salt++) {
            unique = name.substring(0, Math.min(name.length(), MAX_LENGTH)) + "-" + hex(source, salt);
        }
        return unique;
    }

    private static String shorten(String part) {
        boolean hash = part.length() >= HASH_LENGTH && part.chars().allMatch(c -> Character.digit(c, 16) >= 0);
        return hash ? part.substring(0, PART_LENGTH) : part;
    }

    private static String valid(StringBuilder text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            text.setCharAt(i, c < 128 && (Character.isLetterOrDigit(c) || c == '-') ? c : '_');
        }
        return text.toString();
    }

    private static String hex(String source, int salt) {
        return String.format("%08x", (int) (Seeds.mix(Seeds.of(source), salt) >>> 32));
    }
}
