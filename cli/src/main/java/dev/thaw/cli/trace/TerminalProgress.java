package dev.thaw.cli.trace;

import dev.thaw.loadgen.trace.TraceProgress;
import java.io.Console;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Shows on the terminal how far the work on a trace has come: one line that is written over. Silent where there is no
 * terminal.
 *
 * <p>Threading: owns the thread {@code thaw-progress}.
 */
final class TerminalProgress implements AutoCloseable {
    private static final String CLEAR_LINE = "\r\u001b[K";

    private final String task;
    private final TraceProgress progress;
    private final @Nullable ScheduledExecutorService refreshing;

    private TerminalProgress(String task, TraceProgress progress, boolean terminal) {
        this.task = task;
        this.progress = progress;
        refreshing = terminal
                ? Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().name("thaw-progress").daemon(true).factory())
                : null;
        if (refreshing != null) {
            var _ = refreshing.scheduleAtFixedRate(this::show, 1, 1, TimeUnit.SECONDS);
        }
    }

    @SuppressWarnings("SystemConsoleNull") // It may still be null by its contract, and is in some runtimes.
    static TerminalProgress start(String task, TraceProgress progress) {
        Console console = System.console();
        return new TerminalProgress(task, progress, console != null && console.isTerminal());
    }

    private void show() {
        System.err.printf(
                Locale.ROOT,
                "%s%s: %.1f MB read, %d invocations written",
                CLEAR_LINE,
                task,
                progress.bytesRead() / 1e6,
                progress.rowsWritten());
        System.err.flush();
    }

    @Override
    public void close() {
        if (refreshing != null) {
            refreshing.shutdownNow();
            System.err.print(CLEAR_LINE);
            System.err.flush();
        }
    }
}
