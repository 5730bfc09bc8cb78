package dev.thaw.results.imports;

import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Reads the tables of cebert/aws-lambda-performance-benchmarks: as Markdown, where folder and file name workload and
 * start, or as one CSV. A zero is none, like {@code N/A}: warm starts have 0.00 in the column of inits.
 *
 * <p>Threading: one thread.
 */
public final class CebertTables {
    private static final String MEMORY = "Memory (MB)";
    private static final double MOST_MS = 1e7;
    /** What the tables call the architectures, in Markdown and in CSV. */
    private static final List<Side> SIDES =
            List.of(new Side(Importer.ARM64, "ARM64 ", "arm64_"), new Side(Importer.X86_64, "x86 ", "x86_"));

    private final Path file;
    /** In the order of the file: init and its p99 stand in tables behind those of durations. */
    private final Map<Cell, Figures> cells = new LinkedHashMap<>();

    private record Side(String architecture, String column, String field) {}

    private record Cell(String workload, String start, String runtime, int memoryMb, String architecture) {}

    private static final class Figures {
        private double durationMs;
        private double durationP99Ms;
        private double initMs;
        private double initP99Ms;
    }

    private CebertTables(Path file) {
        this.file = file;
    }

    /**
     * Reads a file.
     *
     * @throws IllegalArgumentException in one line, {@code file:row: what}
     */
    public static void read(Path file, Consumer<WorkloadCell> to) throws IOException {
        try (BufferedReader text = Place.open(file)) {
            read(file, text, to);
        }
    }

    static void read(Path file, BufferedReader text, Consumer<WorkloadCell> to) throws IOException {
        CebertTables tables = new CebertTables(file);
        if (file.toString().endsWith(".md")) {
            tables.markdown(text);
        } else {
            Place.csv(
                    file, text, "cebert's table", (place, row) -> SIDES.forEach(side -> tables.row(place, side, row)));
        }
        tables.cells.forEach((cell, figures) -> to.accept(new WorkloadCell(
                cell.workload,
                cell.start,
                cell.runtime,
                cell.memoryMb,
                cell.architecture,
                figures.durationMs,
                figures.durationP99Ms,
                figures.initMs,
                figures.initP99Ms)));
    }

    private Figures figures(Cell cell) {
        return cells.computeIfAbsent(cell, _ -> new Figures());
    }

    private void row(Place place, Side side, NamedCsvRecord row) {
        Figures figures = figures(new Cell(
                row.getField("workload"),
                row.getField("start"),
                row.getField("runtime"),
                place.memoryMb("memory_mb", row.getField("memory_mb")),
                side.architecture));
        figures.durationMs = ms(place, side.field + "duration_ms", row.getField(side.field + "duration_ms"));
        figures.initMs = ms(place, side.field + "init_ms", row.getField(side.field + "init_ms"));
        figures.durationP99Ms = ms(place, side.field + "p99_ms", row.getField(side.field + "p99_ms"));
    }

    private void markdown(BufferedReader text) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        String workload = folder == null ? "" : String.valueOf(folder.getFileName());
        String start = String.valueOf(file.getFileName()).replace(".md", "");
        String runtime = "";
        List<String> head = List.of();
        long row = 0;
        for (String line = text.readLine(); line != null; line = text.readLine()) {
            Place place = new Place(file, ++row);
            if (line.startsWith("## ")) {
                runtime = line.substring(3).strip();
            }
            if (!line.startsWith("|")) {
                head = List.of();
            } else if (head.isEmpty()) {
                head = cells(line);
            } else if (head.contains(MEMORY) && !line.matches("[|: -]+")) {
                row(place, new Cell(workload, start, runtime, 0, ""), head, cells(line));
            }
        }
    }

    private void row(Place place, Cell of, List<String> head, List<String> row) {
        if (row.size() != head.size()) {
            throw place.wrong(row.size() + " cells, must be " + head.size() + " as in the table's head");
        }
        int memoryMb = place.memoryMb(MEMORY, row.get(head.indexOf(MEMORY)));
        for (Side side : SIDES) {
            int duration = head.indexOf(side.column + "Duration (ms)");
            int init = head.indexOf(side.column + "Init (ms)");
            int p99 = head.indexOf(side.column + "P99 (ms)");
            Figures figures = duration < 0 && init < 0
                    ? new Figures() // of the table of costs nothing is kept
                    : figures(new Cell(of.workload, of.start, of.runtime, memoryMb, side.architecture));
            if (duration >= 0) {
                figures.durationMs = ms(place, head.get(duration), row.get(duration));
                figures.durationP99Ms = p99 < 0 ? 0 : ms(place, head.get(p99), row.get(p99));
            }
            if (init >= 0) {
                figures.initMs = ms(place, head.get(init), row.get(init));
                figures.initP99Ms = p99 < 0 || duration >= 0 ? 0 : ms(place, head.get(p99), row.get(p99));
            }
        }
    }

    private static List<String> cells(String line) {
        String[] cells = line.split("\\|", -1);
        return Arrays.stream(cells, 1, Math.max(1, cells.length - 1))
                .map(String::strip)
                .toList();
    }

    private static double ms(Place place, String name, String text) {
        return text.isEmpty() || text.equals("N/A") ? 0 : place.number(name, text, "ms", MOST_MS);
    }
}
