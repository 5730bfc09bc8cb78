package dev.thaw.loadgen.trace;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads Huawei's time series of 2023 (anchors.md section 3): {@code requests_minute/day_000.csv} and so on, one row for
 * each minute or second, one column for each function. Delays come from {@code function_delay_*} beside the folder, in
 * seconds, memory from {@code memory_limit_minute}, all instances together, and {@code instances_minute}. Rows pass through
 * one at a time.
 */
final class HuaweiSeries {
    private static final double MAX_DELAY_SEC = RowTraces.MAX_SEC;

    private static final double MIN_STEP_SEC = 0.001;
    private static final double MAX_STEP_SEC = 60;

    private final List<Path> days;
    private final TraceOptions options;
    private final TraceProgress progress;
    private final BrokenRows broken;
    private final StepSurvey survey;
    private double firstSec;
    private double stepSec = MAX_STEP_SEC;
    private long endNs;

    private HuaweiSeries(List<Path> days, TraceOptions options, TraceProgress progress) {
        this.days = days;
        this.options = options;
        this.progress = progress;
        broken = new BrokenRows(options.skipBrokenRows());
        survey = new StepSurvey(options);
    }

    /** The days of a folder {@code requests_minute} or {@code requests_second}, or of a folder that has one; or none. */
    static List<Path> daysIn(Path folder) {
        for (String name : List.of(".", "requests_minute", "requests_second")) {
            Path inside = folder.resolve(name).normalize();
            if (Files.isDirectory(inside)) {
                try (Stream<Path> files = Files.list(inside)) {
                    List<Path> days = files.filter(
                                    f -> String.valueOf(f.getFileName()).matches("day_\\d+\\.csv(\\.gz|\\.zst)?"))
                            .sorted()
                            .toList();
                    if (!days.isEmpty()) {
                        return days;
                    }
                } catch (IOException e) {
                    throw TraceInput.unreadable(inside, e);
                }
            }
        }
        return List.of();
    }

    static Trace read(List<Path> days, TraceOptions options, TraceProgress progress) {
        return new HuaweiSeries(days, options, progress).read();
    }

    private Trace read() {
        findStep();
        Steps steps = new Steps(broken);
        while (steps.next() && steps.startNs() < options.windowNs()) {
            endNs = steps.startNs() + steps.stepNs();
            for (int place = 0; place < steps.size(); place++) {
                survey.add(
                        steps.function(place),
                        steps.startNs(),
                        steps.stepNs(),
                        steps.count(place),
                        steps.knownDurationUs(place));
            }
        }
        steps.close();
        survey.notes().say("function delays are taken as seconds, each minute's mean for all of its invocations");
        Path source = days.size() == 1 ? days.getFirst() : TraceInput.folderOf(days.getFirst());
        return survey.toTrace(TraceFormat.HUAWEI2023, source, broken, endNs, () -> new Steps(new BrokenRows(true)));
    }

    /** A step is as long as the nearest rows of the first day are apart; a single row is a minute's. */
    private void findStep() {
        double[] lastSec = {-1};
        double[] nearestSec = {Double.MAX_VALUE};
        try (CsvTable table = CsvTable.open(days.getFirst(), progress)) {
            int time = table.column("time");
            table.forEachRow(new BrokenRows(true), () -> {
                double sec = table.number(time, 0, SeriesRows.MAX_TIME_SEC);
                if (lastSec[0] < 0) {
                    firstSec = sec;
                } else if (sec > lastSec[0]) {
                    nearestSec[0] = Math.min(nearestSec[0], sec - lastSec[0]);
                }
                lastSec[0] = Math.max(lastSec[0], sec);
            });
        }
        if (nearestSec[0] < Double.MAX_VALUE) {
            stepSec = nearestSec[0];
        }
        if (stepSec > MAX_STEP_SEC || stepSec < MIN_STEP_SEC) {
            throw new TraceException(
                    days.getFirst() + ": time: rows '" + stepSec + "' s apart, must be 0.001..60 s apart");
        }
    }

    private long stepNs() {
        return Math.round(stepSec * 1e9);
    }

    /** One row after the other, of all days. */
    private final class Steps implements StepSource {
        private final BrokenRows judge;
        private int[] functions = new int[0];
        private int[] counts = new int[0];
        private @Nullable Quantiles[] delays = new Quantiles[0];
        private int[] columnFunctions = new int[0];
        private @Nullable CsvTable requests;
        private @Nullable SeriesRows delayRows;
        private int day;
        private int size;
        private double nextSec;
        private long startNs;

        Steps(BrokenRows judge) {
            this.judge = judge;
        }

        @Override
        public boolean next() {
            while (true) {
                CsvTable table = requests;
                if (table == null) {
                    if (day == days.size()) {
                        return false;
                    }
                    openDay();
                } else if (!table.next(judge)) {
                    close();
                    day++;
                } else if (take(table)) {
                    return true;
                }
            }
        }

        private void openDay() {
            Path file = days.get(day);
            CsvTable table = CsvTable.open(file, progress);
            requests = table;
            table.column("day");
            table.column("time");
            delayRows = SeriesRows.delaysBeside(file, judge, progress);
            columnFunctions = new int[table.columnCount()];
            SeriesMemory memory = SeriesMemory.beside(file, judge, progress);
            for (int column = 0; column < columnFunctions.length; column++) {
                String id = table.columnName(column);
                if (id.equals("day") || id.equals("time")) {
                    columnFunctions[column] = -1;
                } else {
                    table.column(id); // refuses one that is there twice
                    columnFunctions[column] = survey.function(id, id, null, "f" + id);
                    survey.memory(columnFunctions[column], memory.mib(id));
                }
            }
            functions = new int[columnFunctions.length];
            counts = new int[columnFunctions.length];
            delays = new Quantiles[columnFunctions.length];
        }

        /** False for a row that is broken and left out. */
        private boolean take(CsvTable table) {
            try {
                int time = table.column("time");
                double sec = table.number(time, 0, SeriesRows.MAX_TIME_SEC);
                if (sec < nextSec) {
                    throw table.bad(time, "the step's end of the row before, " + nextSec + ", or later");
                }
                takeCounts(table);
                nextSec = sec + stepSec;
                startNs = Math.round((sec - firstSec) * 1e9);
                takeDelays(table, sec);
                return true;
            } catch (TraceException e) {
                judge.meet(e);
                return false;
            }
        }

        private void takeCounts(CsvTable table) {
            int taken = 0;
            for (int column = 0; column < columnFunctions.length; column++) {
                if (columnFunctions[column] >= 0 && !SeriesRows.isNothing(table.raw(column))) {
                    int count = table.count(column, StepCursor.MAX_PER_STEP);
                    if (count > 0) {
                        functions[taken] = columnFunctions[column];
                        counts[taken++] = count;
                    }
                }
            }
            size = taken;
        }

        private void takeDelays(CsvTable table, double sec) {
            int taken = 0;
            for (int column = 0; column < columnFunctions.length && taken < size; column++) {
                if (columnFunctions[column] == functions[taken]) {
                    double delaySec =
                            delayRows == null ? Double.NaN : delayRows.at(sec, table.columnName(column), MAX_DELAY_SEC);
                    delays[taken++] = Double.isNaN(delaySec) ? null : Quantiles.constant(delaySec * 1e6);
                }
            }
        }

        void close() {
            if (requests != null) {
                requests.close();
                requests = null;
            }
            if (delayRows != null) {
                delayRows.close();
                delayRows = null;
            }
        }

        @Override
        public long startNs() {
            return startNs;
        }

        @Override
        public long stepNs() {
            return HuaweiSeries.this.stepNs();
        }

        @Override
        public int size() {
            return size;
        }

        @Override
        public int function(int place) {
            return functions[place];
        }

        @Override
        public int count(int place) {
            return counts[place];
        }

        @Nullable
        Quantiles knownDurationUs(int place) {
            return delays[place];
        }

        @Override
        public Quantiles durationUs(int place) {
            Quantiles known = delays[place];
            return known == null ? Quantiles.constant(options.defaultDurationUs()) : known;
        }
    }
}
