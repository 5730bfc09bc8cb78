package dev.thaw.results.imports;

import dev.thaw.results.ImportedBundle;
import dev.thaw.results.ImportedBundle.Kind;
import dev.thaw.results.PriceList;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** REPORT lines of a function's log, whatever stands around them. A cell is a memory size. */
final class ReportLines implements Importer {
    private static final Pattern FIELD = Pattern.compile(
            "\\b(Billed Duration|Init Duration|Restore Duration|Billed Restore Duration|Duration|Memory Size|Max Memory Used): ([0-9.]+) (ms|MB)");
    private static final Pattern TIME = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?Z");
    private static final double MILLION = 1e6;

    private final @Nullable PriceList price;

    ReportLines(@Nullable PriceList price) {
        this.price = price;
    }

    @Override
    public String format() {
        return "report";
    }

    @Override
    public boolean accepts(String name, String head) {
        return head.contains("REPORT RequestId:");
    }

    @Override
    public void read(Path file, BufferedReader text, Sink into) throws IOException {
        for (String line = text.readLine(); line != null; line = text.readLine()) {
            int start = line.indexOf("REPORT RequestId:");
            if (start >= 0) {
                add(line.substring(start), time(line.substring(0, start)), into.bundle(""));
            }
        }
    }

    private static double time(String before) {
        Matcher time = TIME.matcher(before);
        return time.find() ? Instant.parse(time.group()).toEpochMilli() / 1e3 : ImportedBundle.NO_TIME;
    }

    private void add(String report, double at, ImportedBundle bundle) {
        Matcher memory = Pattern.compile("\\bMemory Size: (\\d+) MB").matcher(report);
        if (!memory.find()) {
            throw new IllegalArgumentException("a REPORT line without Memory Size: " + report);
        }
        String cell = memory.group(1) + " MB";
        Matcher field = FIELD.matcher(report);
        while (field.find()) {
            double value = Double.parseDouble(field.group(2));
            switch (field.group(1)) {
                case "Duration" -> bundle.add(cell, sample("duration", "ms"), at, value, 1);
                case "Init Duration" -> bundle.add(cell, sample("init", "ms"), at, value, 1);
                case "Restore Duration" -> bundle.add(cell, sample("restore", "ms"), at, value, 1);
                case "Max Memory Used" -> bundle.add(cell, sample("memoryUsed", "MB"), at, value, 1);
                case "Billed Duration" -> billed(bundle, cell, at, value, Double.parseDouble(memory.group(1)));
                default -> {}
            }
        }
    }

    private void billed(ImportedBundle bundle, String cell, double at, double billedMs, double memoryMb) {
        bundle.add(cell, sample("billedDuration", "ms"), at, billedMs, 1);
        if (price != null) {
            double usd = price.usd(billedMs / 1000 * memoryMb / 1024) * MILLION + PriceList.USD_PER_MILLION_REQUESTS;
            bundle.add(cell, new Kind("cost", "USD/million", true, false), at, usd, 1);
        }
    }

    private static Kind sample(String metric, String unit) {
        return new Kind(metric, unit, true, true);
    }
}
