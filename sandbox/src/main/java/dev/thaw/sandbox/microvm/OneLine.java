package dev.thaw.sandbox.microvm;

/** What a VMM says of itself, as one line of printable characters: nobody is to trust it with a terminal. */
final class OneLine {
    private static final int LIMIT = 300;

    private OneLine() {}

    /** Empty where nothing of it can be printed. */
    static String of(String said) {
        String line = said.replaceAll("[^\\x21-\\x7e]+", " ").strip();
        return line.substring(0, Math.min(line.length(), LIMIT));
    }
}
