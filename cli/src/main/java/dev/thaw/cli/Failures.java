package dev.thaw.cli;

import dev.thaw.loadgen.LoadException;
import dev.thaw.scheduler.functions.TemplateException;
import java.io.IOException;
import java.io.PrintWriter;

/** Words a failed command in one line and chooses its exit code. */
final class Failures {
    private static final int EXIT_FAILURE = 1;

    private Failures() {}

    static int print(Exception failure, PrintWriter err) {
        err.println("thaw: " + describe(failure));
        if (Boolean.getBoolean("thaw.trace")) {
            failure.printStackTrace(err);
        }
        err.flush();
        return isWrongUse(failure) ? Main.EXIT_WRONG_USE : EXIT_FAILURE;
    }

    private static boolean isWrongUse(Exception failure) {
        return failure instanceof WrongUse
                || failure instanceof IllegalArgumentException
                || failure instanceof LoadException
                || failure instanceof TemplateException;
    }

    private static String describe(Exception failure) {
        String message = failure.getMessage();
        if (message == null || failure instanceof IOException) {
            // An I/O message alone is often just a path.
            return failure.getClass().getSimpleName() + (message == null ? "" : ": " + message);
        }
        return message;
    }
}
