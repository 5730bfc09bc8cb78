package dev.thaw.loadgen.trace;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads IBM Code Engine's weeks, exported from pickles to CSV (docs/traces.md): a row has an app's invocations as lists, or
 * one invocation. Memory comes from a column of the row or from {@code app_configs*.csv} beside it, in GB.
 */
final class IbmTraces {
    private static final double MAX_GB = 1_000;
    private static final double MAX_CLOCK_SEC = 4.2e9;
    private static final List<String> MEMORY = List.of("AppContainerRequestMemory", "AppContainerRequestMemory_gb");

    private final Path path;
    private final TraceProgress progress;
    private final BrokenRows broken;
    private final RowCollector rows;

    IbmTraces(Path path, TraceOptions options, TraceProgress progress) {
        this.path = path;
        this.progress = progress;
        broken = new BrokenRows(options.skipBrokenRows());
        rows = new RowCollector(options);
    }

    Trace read() {
        double firstSec = firstSec();
        Map<String, Double> memories = configurations();
        try (CsvTable table = CsvTable.open(path, progress)) {
            int invocationTimes = table.column("InvocationTimes");
            int execTimes = table.column("AppExecTimes");
            int memory = table.columnOf(MEMORY.toArray(String[]::new));
            table.forEachRow(broken, () -> {
                double[] timesSec = numbers(table, invocationTimes, MAX_CLOCK_SEC);
                double[] durationsMs = numbers(table, execTimes, RowTraces.MAX_SEC * 1e3);
                if (timesSec.length != durationsMs.length) {
                    throw table.bad(execTimes, "as many as InvocationTimes, " + timesSec.length);
                }
                double memoryGb = memory < 0 ? Double.NaN : lastNumber(table, memory);
                int function = function(table, Double.isNaN(memoryGb) ? memories.get(key(table)) : (Double) memoryGb);
                for (int i = 0; i < timesSec.length; i++) {
                    rows.add(function, Math.round((timesSec[i] - firstSec) * 1e9), durationsMs[i] * 1e3);
                }
            });
        }
        return rows.toTrace(TraceFormat.IBM, path, broken);
    }

    /** An app is a container image of its own: what environments belong to. */
    private int function(CsvTable table, @Nullable Double memoryGb) {
        String app = table.text(table.column("AppHash"));
        int function = rows.functionOf(key(table), table.text(table.column("NamespaceHash")), app);
        if (memoryGb != null) {
            rows.memory(function, memoryGb * 1024);
        }
        return function;
    }

    private static String key(CsvTable table) {
        return table.text(table.column("NamespaceHash")) + '/' + table.text(table.column("AppHash"));
    }

    private double firstSec() {
        double[] firstSec = {Double.MAX_VALUE};
        try (CsvTable table = CsvTable.open(path, progress)) {
            int invocationTimes = table.column("InvocationTimes");
            table.forEachRow(new BrokenRows(true), () -> {
                for (double sec : numbers(table, invocationTimes, MAX_CLOCK_SEC)) {
                    firstSec[0] = Math.min(firstSec[0], sec);
                }
            });
        }
        if (firstSec[0] == Double.MAX_VALUE) {
            return 0;
        }
        rows.notes().say("starts are counted from the first, at " + firstSec[0] + " s");
        return firstSec[0];
    }

    private Map<String, Double> configurations() {
        Map<String, Double> memories = new HashMap<>();
        try (Stream<Path> beside = Files.list(TraceInput.folderOf(path))) {
            Path file = beside.filter(
                            f -> String.valueOf(f.getFileName()).matches("app_configs.*\\.csv(\\.gz|\\.zst)?"))
                    .sorted()
                    .findFirst()
                    .orElse(null);
            if (file != null) {
                readConfigurations(file, memories);
            }
        } catch (IOException e) {
            throw TraceInput.unreadable(path, e);
        }
        return memories;
    }

    private void readConfigurations(Path file, Map<String, Double> memories) {
        try (CsvTable table = CsvTable.open(file, progress)) {
            int memory = table.columnOf(MEMORY.toArray(String[]::new));
            if (memory < 0) {
                table.column(MEMORY.getFirst());
            }
            table.forEachRow(broken, () -> {
                double gb = lastNumber(table, memory);
                if (!Double.isNaN(gb)) {
                    memories.put(key(table), gb);
                }
            });
        }
    }

    /** A setting that is listed by days is taken as of the last one; NaN for none. */
    private double lastNumber(CsvTable table, int column) {
        if (table.raw(column).isEmpty()) {
            return Double.NaN;
        }
        double[] all = numbers(table, column, MAX_GB);
        return all.length == 0 ? Double.NaN : all[all.length - 1];
    }

    /** One number, or a list of them in brackets, with commas or blanks between. */
    private static double[] numbers(CsvTable table, int column, double max) {
        DoubleStream.Builder numbers = DoubleStream.builder();
        String text = table.text(column);
        boolean list = text.startsWith("[") && text.endsWith("]");
        int end = list ? text.length() - 1 : text.length();
        for (int from = list ? 1 : 0; from < end; ) {
            int to = from;
            while (to < end && !isBetween(text.charAt(to))) {
                to++;
            }
            if (to > from) {
                double value = CsvTable.parse(text.substring(from, to));
                if (!(value >= 0 && value <= max)) {
                    throw table.bad(column, "numbers 0.." + (long) max + ", '" + text.substring(from, to) + "' is not");
                }
                numbers.add(value);
            }
            from = to + 1;
        }
        return numbers.build().toArray();
    }

    private static boolean isBetween(char c) {
        return c == ',' || c == ' ' || c == '\n' || c == '\r' || c == '\t';
    }
}
