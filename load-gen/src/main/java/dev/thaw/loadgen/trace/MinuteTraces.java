package dev.thaw.loadgen.trace;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Reads Azure 2019's layout, and In-Vitro's (anchors.md section 3): one row for each function and one number for each
 * minute. Of several days one is held at a time, in a {@link MinuteTable}.
 */
final class MinuteTraces {
    private static final int DAY_MINUTES = 1_440;

    private final TraceOptions options;
    private final TraceProgress progress;
    private final BrokenRows broken;
    private final StepSurvey survey;

    private MinuteTraces(TraceOptions options, TraceProgress progress) {
        this.options = options;
        this.progress = progress;
        broken = new BrokenRows(options.skipBrokenRows());
        survey = new StepSurvey(options);
    }

    /** One file of invocations, and when it begins. */
    private record Day(Path invocations, int firstMinute) {
        long firstNs() {
            return firstMinute * MinuteTable.MINUTE_NS;
        }
    }

    /** @param files of invocations, one for each day */
    static Trace azure2019(List<Path> files, TraceFormat format, TraceOptions options, TraceProgress progress) {
        return new MinuteTraces(options, progress).read(files, format);
    }

    private Trace read(List<Path> files, TraceFormat format) {
        Path first = files.getFirst();
        MapperFile mapper = MapperFile.beside(first, progress);
        List<Day> days = daysInWindow(files);
        MinuteTable held = new MinuteTable(0, options);
        long lengthNs = 0;
        for (Day day : days) {
            held = survey(day, mapper);
            lengthNs = day.firstNs() + held.minutes() * MinuteTable.MINUTE_NS;
        }
        mapper.tell(survey.notes());
        MinuteTable only = held;
        return survey.toTrace(
                format,
                files.size() == 1 ? first : TraceInput.folderOf(first),
                broken,
                lengthNs,
                () -> days.size() == 1 ? only.steps(days.getFirst().firstNs()) : new DaySteps(days));
    }

    private List<Day> daysInWindow(List<Path> files) {
        int firstDay = MinuteFiles.dayOf(files.getFirst(), 1);
        int before = firstDay - 1;
        List<Day> days = new ArrayList<>();
        for (Path file : files) {
            int number = MinuteFiles.dayOf(file, before + 1);
            if (number <= before) {
                throw new TraceException(file + ": day: '" + number + "', must be later than that of the file before");
            }
            before = number;
            Day day = new Day(file, (number - firstDay) * DAY_MINUTES);
            if (day.firstNs() < options.windowNs()) {
                days.add(day);
            }
        }
        return days;
    }

    /** What is done with one row of invocations. */
    @FunctionalInterface
    private interface RowUse {
        void row(CsvTable table, String key, int[] counts);
    }

    private MinuteTable survey(Day day, MapperFile mapper) {
        Map<String, Quantiles> durations = durations(day);
        ToDoubleFunction<CsvTable> memories =
                MinuteFiles.memory(MinuteFiles.memoryBeside(day.invocations), broken, progress);
        try (CsvTable rows = CsvTable.open(day.invocations, progress)) {
            MinuteTable table = new MinuteTable(minutesInWindow(rows, day), options);
            forEachInvoked(rows, table.minutes(), broken, (row, key, counts) -> {
                String application = MinuteFiles.appKey(row);
                int function = survey.function(key, key, application, mapper.nameParts(row));
                survey.memory(function, memories.applyAsDouble(row));
                @Nullable Quantiles durationUs = durations.get(key);
                for (int minute = 0; minute < counts.length; minute++) {
                    survey.add(
                            function,
                            day.firstNs() + minute * MinuteTable.MINUTE_NS,
                            MinuteTable.MINUTE_NS,
                            counts[minute],
                            durationUs);
                }
                table.add(function, counts, durationUs);
            });
            return table;
        }
    }

    /** Reads a day again: its rows were judged before. */
    private MinuteTable load(Day day) {
        Map<String, Quantiles> durations = durations(day);
        try (CsvTable rows = CsvTable.open(day.invocations, progress)) {
            MinuteTable table = new MinuteTable(minutesInWindow(rows, day), options);
            forEachInvoked(rows, table.minutes(), new BrokenRows(options.skipBrokenRows()), (row, key, counts) -> {
                int function = survey.indexOf(key);
                if (function < 0) {
                    throw new TraceException(day.invocations + ": function: '" + key + "', must not change meanwhile");
                }
                table.add(function, counts, durations.get(key));
            });
            return table;
        }
    }

    private Map<String, Quantiles> durations(Day day) {
        return MinuteFiles.durations(MinuteFiles.durationsBeside(day.invocations), broken, progress);
    }

    private int minutesInWindow(CsvTable table, Day day) {
        long windowMinutes = (options.windowNs() - 1) / MinuteTable.MINUTE_NS + 1;
        return (int) Math.min(minutesOf(table), windowMinutes - day.firstMinute);
    }

    /** Refuses a header whose last columns are not minutes from 1 on: what is no minute must not be counted as one. */
    private static int minutesOf(CsvTable table) {
        int first = table.column("1");
        if (table.has("0")) {
            throw table.badHeader(table.column("0"), "no minute, they begin with 1");
        }
        int columns = table.columnCount() - first;
        for (int minute = 2; minute <= columns; minute++) {
            if (!table.columnName(first + minute - 1).equals(Integer.toString(minute))) {
                throw table.badHeader(first + minute - 1, "minute " + minute);
            }
        }
        return columns;
    }

    private static void forEachInvoked(CsvTable table, int minutes, BrokenRows broken, RowUse use) {
        int firstMinute = table.column("1");
        int[] counts = new int[minutes];
        Set<String> before = new HashSet<>();
        table.forEachRow(broken, () -> {
            if (table.counts(firstMinute, counts)) {
                String key = MinuteFiles.functionKey(table);
                // Its arrivals in a minute are drawn by its name: those of two rows would fall together.
                if (!before.add(key)) {
                    throw table.bad(table.column("HashFunction"), "a function of no other row");
                }
                use.row(table, key, counts);
            }
        });
    }

    /** One day after the other. */
    private final class DaySteps implements StepSource {
        private final List<Day> days;
        private int next;
        private StepSource steps = new MinuteTable(0, options).steps(0);

        DaySteps(List<Day> days) {
            this.days = days;
        }

        @Override
        public boolean next() {
            while (!steps.next()) {
                if (next == days.size()) {
                    return false;
                }
                Day day = days.get(next++);
                steps = load(day).steps(day.firstNs());
            }
            return true;
        }

        @Override
        public long startNs() {
            return steps.startNs();
        }

        @Override
        public long stepNs() {
            return steps.stepNs();
        }

        @Override
        public int size() {
            return steps.size();
        }

        @Override
        public int function(int place) {
            return steps.function(place);
        }

        @Override
        public int count(int place) {
            return steps.count(place);
        }

        @Override
        public Quantiles durationUs(int place) {
            return steps.durationUs(place);
        }
    }
}
