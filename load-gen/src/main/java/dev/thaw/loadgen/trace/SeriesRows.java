package dev.thaw.loadgen.trace;

import java.io.Closeable;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Another of Huawei's series, read beside the requests: one row for each time, one column for each function.
 *
 * <p>Threading: one thread.
 */
final class SeriesRows implements Closeable {
    static final double MAX_TIME_SEC = 4.2e9;

    private final CsvTable table;
    private final BrokenRows judge;
    private final int time;
    private double atSec = -1;
    private boolean ended;

    SeriesRows(CsvTable table, BrokenRows judge) {
        this.table = table;
        this.judge = judge;
        time = table.column("time");
    }

    /**
     * The file of that series for the same day; null where there is none.
     *
     * @param requests {@code .../requests_minute/day_000.csv} or its like
     */
    static @Nullable Path fileBeside(Path requests, String series) {
        Path folder = TraceInput.folderOf(requests);
        Path file = folder.resolveSibling(series).resolve(String.valueOf(requests.getFileName()));
        boolean there = String.valueOf(folder.getFileName()).startsWith("requests") && Files.isRegularFile(file);
        return there ? file : null;
    }

    /** The delays beside the requests, of the same steps; null where there are none. */
    static @Nullable SeriesRows delaysBeside(Path requests, BrokenRows judge, TraceProgress progress) {
        String steps = String.valueOf(TraceInput.folderOf(requests).getFileName());
        @Nullable Path file = fileBeside(requests, steps.replaceFirst("^requests", "function_delay"));
        return file == null ? null : new SeriesRows(CsvTable.open(file, progress), judge);
    }

    /** Where a function was not deployed there is no number. */
    static boolean isNothing(String text) {
        return text.isEmpty() || text.equalsIgnoreCase("nan");
    }

    /** The function's value at that time, NaN for none, or for a broken one that is left out; times must not go back. */
    double at(double sec, String function, double max) {
        while (!ended && atSec < sec) {
            ended = !table.next(judge);
            atSec = ended ? atSec : number(time, MAX_TIME_SEC, atSec);
        }
        int column = ended || atSec != sec ? -1 : table.columnOf(function);
        return column < 0 || isNothing(table.raw(column)) ? Double.NaN : number(column, max, Double.NaN);
    }

    private double number(int column, double max, double whereBroken) {
        try {
            return table.number(column, 0, max);
        } catch (TraceException broken) {
            judge.meet(broken);
            return whereBroken;
        }
    }

    @Override
    public void close() {
        table.close();
    }
}
