package dev.thaw.cli;

import java.util.List;

/** The command line as it was typed, for manifests. Set once, at the start. */
final class CommandLineText {
    private static volatile String text = "thaw";

    private CommandLineText() {}

    static void set(String[] arguments) {
        text = "thaw " + String.join(" ", List.of(arguments));
    }

    static String get() {
        return text;
    }
}
