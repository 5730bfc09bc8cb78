package dev.thaw.results.imports;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import dev.thaw.results.ImportedBundle;
import dev.thaw.results.ImportedBundle.Kind;
import dev.thaw.results.PriceList;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The tables of cebert/aws-lambda-performance-benchmarks: means and p99 by workload, start, runtime and memory, both
 * architectures; as Markdown, where folder and file name workload and start, or as one CSV. Of each, the speed relative
 * to 1,769 MB, which is one vCPU.
 */
final class Cebert implements Importer {
    private static final Kind DURATION = new Kind("duration", "ms", true, false);
    private static final Kind P99 = new Kind("duration.p99", "ms", true, false);
    private static final Kind INIT = new Kind("init", "ms", true, false);
    private static final Kind SPEED = new Kind("speedOf1769MB", "ratio", false, false);
    private static final Kind COST = new Kind("cost", "USD/million", true, false);
    private static final int ONE_VCPU_MB = 1769;
    private static final double MILLION = 1e6;
    private static final double MS_PER_S = 1e3;
    private static final double MB_PER_GB = 1024;
    private static final Pattern MEASURED = Pattern.compile("\\|\\s*\\d+ \\|(?:[^|]*\\|){7}\\s*");

    private record Cell(String group, int memoryMb) {
        Cell ofOneVcpu() {
            return new Cell(group, ONE_VCPU_MB);
        }
    }

    private record Row(double durationMs, double initMs, double p99Ms) {
        static Row of(String durationMs, String initMs, String p99Ms) {
            return new Row(number(durationMs), number(initMs), number(p99Ms));
        }

        private static double number(String text) {
            return text.isEmpty() || text.equals("N/A") ? 0 : Double.parseDouble(text);
        }
    }

    @Override
    public String format() {
        return "cebert";
    }

    @Override
    public boolean accepts(String name, String head) {
        return head.contains("| ARM64 Duration (ms) |")
                || head.startsWith("run,workload,start,runtime,memory_mb,arm64_duration_ms");
    }

    @Override
    public boolean isOneRun() {
        return true;
    }

    @Override
    public void read(Path file, BufferedReader text, Sink into) throws IOException {
        Map<Cell, Row> arm64 = new LinkedHashMap<>();
        Map<Cell, Row> x86 = new LinkedHashMap<>();
        if (file.toString().endsWith(".md")) {
            markdown(file, text, arm64, x86);
        } else {
            try (CsvReader<NamedCsvRecord> csv = CsvReader.builder().ofNamedCsvRecord(text)) {
                csv.forEach(row -> row(row, arm64, x86));
            }
        }
        arm64.forEach((cell, row) -> add(cell, row, arm64.get(cell.ofOneVcpu()), into.bundle(ARM64), PriceList.ARM64));
        x86.forEach((cell, row) -> add(cell, row, x86.get(cell.ofOneVcpu()), into.bundle(X86_64), PriceList.X86_64));
    }

    private static void row(NamedCsvRecord row, Map<Cell, Row> arm64, Map<Cell, Row> x86) {
        Cell cell = new Cell(
                row.getField("workload") + "/" + row.getField("start") + "/" + row.getField("runtime"),
                Integer.parseInt(row.getField("memory_mb")));
        arm64.put(
                cell,
                Row.of(row.getField("arm64_duration_ms"), row.getField("arm64_init_ms"), row.getField("arm64_p99_ms")));
        x86.put(cell, Row.of(row.getField("x86_duration_ms"), row.getField("x86_init_ms"), row.getField("x86_p99_ms")));
    }

    private static void markdown(Path file, BufferedReader text, Map<Cell, Row> arm64, Map<Cell, Row> x86)
            throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        String workload = folder == null ? "" : String.valueOf(folder.getFileName());
        String start = String.valueOf(file.getFileName()).replace(".md", "");
        String runtime = "";
        boolean durations = false;
        for (String line = text.readLine(); line != null; line = text.readLine()) {
            if (line.startsWith("## ")) {
                runtime = line.substring(3).strip();
            } else if (line.startsWith("| Memory (MB) |")) {
                durations = line.contains("ARM64 Duration (ms)");
            } else if (durations && MEASURED.matcher(line).matches()) {
                List<String> cells =
                        Stream.of(line.split("\\|", -1)).map(String::strip).toList();
                Cell cell = new Cell(workload + "/" + start + "/" + runtime, Integer.parseInt(cells.get(1)));
                arm64.put(cell, Row.of(cells.get(2), cells.get(3), cells.get(7)));
                x86.put(cell, Row.of(cells.get(4), cells.get(5), cells.get(8)));
            }
        }
    }

    /** A zero is none. */
    private static void add(Cell cell, Row row, @Nullable Row ofOneVcpu, ImportedBundle bundle, PriceList price) {
        if (!(row.durationMs > 0)) {
            return;
        }
        String name = cell.group + "/" + cell.memoryMb;
        bundle.group(name, cell.group);
        bundle.add(name, DURATION, ImportedBundle.NO_TIME, row.durationMs, 1);
        if (row.initMs > 0) {
            bundle.add(name, INIT, ImportedBundle.NO_TIME, row.initMs, 1);
        }
        if (row.p99Ms > 0) {
            bundle.add(name, P99, ImportedBundle.NO_TIME, row.p99Ms, 1);
        }
        if (ofOneVcpu != null && ofOneVcpu.durationMs > 0) {
            bundle.add(name, SPEED, ImportedBundle.NO_TIME, ofOneVcpu.durationMs / row.durationMs, 1);
        }
        double usd = price.usd((row.durationMs + row.initMs) / MS_PER_S * cell.memoryMb / MB_PER_GB);
        bundle.add(name, COST, ImportedBundle.NO_TIME, usd * MILLION + PriceList.USD_PER_MILLION_REQUESTS, 1);
    }
}
