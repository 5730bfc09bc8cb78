package dev.thaw.scheduler.control.state;

import dev.thaw.results.CauseText;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.EpochClock;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;

/**
 * Takes faults, of which a full disk of the state is none: one line names it, once a minute at most; all others go on to
 * another handler.
 *
 * <p>Threading: safe on any thread.
 */
public final class FullDisk implements ErrorHandler {
    private static final long PERIOD_MS = 60_000;
    private static final Pattern WORDS = Pattern.compile(".*(No space left on device|Disk quota exceeded).*");
    /** Above it lies in which way it is full. */
    private static final int PRIMARY_CODE = 0xff;

    private final Path folder;
    private final EpochClock clock;
    private final Consumer<String> report;
    private final ErrorHandler others;
    private final AtomicLong silentUntilMs = new AtomicLong(Long.MIN_VALUE);

    /** Of the state in this folder. */
    public FullDisk(Path folder, EpochClock clock, Consumer<String> report, ErrorHandler others) {
        this.folder = folder;
        this.clock = clock;
        this.report = report;
        this.others = others;
    }

    /** Whether there was no room for something that was to be stored. */
    public static boolean isCauseOf(Throwable fault) {
        for (@Nullable Throwable cause = fault; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException e
                    && (e.getErrorCode() & PRIMARY_CODE) == SQLiteErrorCode.SQLITE_FULL.code) {
                return true;
            }
            if (cause instanceof IOException e && WORDS.matcher(CauseText.of(e)).matches()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void onError(Throwable fault) {
        if (!isCauseOf(fault)) {
            others.onError(fault);
            return;
        }
        long nowMs = clock.time();
        long untilMs = silentUntilMs.get();
        if (nowMs >= untilMs && silentUntilMs.compareAndSet(untilMs, nowMs + PERIOD_MS)) {
            report.accept(folder + ": the disk is full: what management calls change is refused until there is room");
        }
    }
}
