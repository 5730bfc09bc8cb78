package dev.thaw.cli;

import java.io.Console;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * How many parts of a sweep are done, on the terminal. Silent where there is none.
 *
 * <p>Threading: owns the thread {@code thaw-progress}.
 */
final class CellProgress implements AutoCloseable {
    private final LongSupplier cells;
    private final LongSupplier done;
    private final @Nullable ProgressBar bar;
    private final @Nullable ScheduledExecutorService refreshing;

    private CellProgress(LongSupplier cells, LongSupplier done, @Nullable ProgressBar bar) {
        this.cells = cells;
        this.done = done;
        this.bar = bar;
        refreshing = bar == null
                ? null
                : Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().name("thaw-progress").daemon(true).factory());
        if (bar != null && refreshing != null) {
            var _ = refreshing.scheduleAtFixedRate(() -> refresh(bar), 200, 200, TimeUnit.MILLISECONDS);
        }
    }

    /** Where a sweep finds out as it goes how many there are, their number may grow. */
    @SuppressWarnings("SystemConsoleNull") // It may still be null by its contract, and is in some runtimes.
    static CellProgress start(String name, LongSupplier cells, LongSupplier done) {
        Console console = System.console();
        if (console == null || !console.isTerminal()) {
            return new CellProgress(cells, done, null);
        }
        return new CellProgress(
                cells,
                done,
                new ProgressBarBuilder()
                        .setTaskName(name)
                        .setInitialMax(cells.getAsLong())
                        .setStyle(ProgressBarStyle.ASCII)
                        .setUpdateIntervalMillis(500)
                        .build());
    }

    private void refresh(ProgressBar of) {
        of.maxHint(cells.getAsLong());
        of.stepTo(done.getAsLong());
    }

    @Override
    public void close() {
        if (refreshing != null) {
            refreshing.shutdownNow();
        }
        if (bar != null) {
            refresh(bar);
            bar.close();
        }
    }
}
