package dev.thaw.cli;

import dev.thaw.loadgen.LoadException;
import dev.thaw.loadgen.trace.TraceException;
import dev.thaw.results.CauseText;
import dev.thaw.scheduler.functions.TemplateException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;

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
                || failure instanceof TraceException
                || failure instanceof TemplateException;
    }

    private static String describe(Exception failure) {
        // The message of these is no more than a path.
        if (failure instanceof FileSystemException file) {
            return file.getFile() + ": " + CauseText.of(file);
        }
        if (failure instanceof UncheckedIOException unchecked && unchecked.getCause() != null) {
            return describe(unchecked.getCause());
        }
        return CauseText.of(failure);
    }
}
