package dev.thaw.cli;

import dev.thaw.results.RunPlan;
import dev.thaw.results.RunProgress;
import java.io.Console;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * Progress on the terminal while a run lasts: done of planned, rate, p50, p99, errors. Silent where there is no terminal.
 *
 * <p>Threading: owns the thread {@code thaw-progress}.
 */
final class Progress implements AutoCloseable {
    private final Supplier<RunProgress> progress;
    private final @Nullable ProgressBar bar;
    private final @Nullable ScheduledExecutorService refreshing;

    private Progress(Supplier<RunProgress> progress, @Nullable ProgressBar bar) {
        this.progress = progress;
        this.bar = bar;
        refreshing = bar == null
                ? null
                : Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().name("thaw-progress").daemon(true).factory());
        if (refreshing != null) {
            var _ = refreshing.scheduleAtFixedRate(this::refresh, 1, 1, TimeUnit.SECONDS);
        }
    }

    @SuppressWarnings("SystemConsoleNull") // It may still be null by its contract, and is in some runtimes.
    static Progress start(RunPlan plan, Supplier<RunProgress> progress) {
        Console console = System.console();
        if (console == null || !console.isTerminal()) {
            return new Progress(progress, null);
        }
        return new Progress(
                progress,
                new ProgressBarBuilder()
                        .setTaskName(plan.name())
                        .setInitialMax(plan.plannedInvocations())
                        .setStyle(ProgressBarStyle.ASCII)
                        .setUpdateIntervalMillis(500)
                        .build());
    }

    private void refresh() {
        RunProgress now = progress.get();
        if (bar != null) {
            bar.stepTo(now.completed());
            bar.setExtraMessage(String.format(
                    Locale.ROOT,
                    "%.0f/s p50 %s p99 %s errors %d",
                    now.ratePerSec(),
                    time(now.p50Us()),
                    time(now.p99Us()),
                    now.errors()));
        }
    }

    private static String time(long us) {
        return us < 0 ? "-" : us + " us";
    }

    @Override
    public void close() {
        if (refreshing != null) {
            refreshing.shutdownNow();
        }
        if (bar != null) {
            bar.stepTo(progress.get().completed());
            bar.close();
        }
    }
}
