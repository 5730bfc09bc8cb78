package dev.thaw.results.imports;

import dev.thaw.results.ImportedBundle;
import dev.thaw.results.ImportedBundle.Kind;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What wrk and wrk2 print: with {@code --latency}, percentiles too. One run, no cells. */
final class Wrk implements Importer {
    private static final Pattern LATENCY = Pattern.compile("\\s+Latency\\s+(\\S+)\\s+(\\S+)\\s+(\\S+)\\s+\\S+%");
    private static final Pattern PERCENTILE = Pattern.compile("\\s*([0-9.]+)%\\s+([0-9.]+(?:us|ms|s|m|h))\\s*");
    private static final Pattern RATE = Pattern.compile("Requests/sec:\\s+([0-9.]+)");
    private static final Pattern TOTAL = Pattern.compile("\\s+(\\d+) requests in .*");
    private static final Pattern REFUSED = Pattern.compile("\\s+Non-2xx or 3xx responses: (\\d+)");
    private static final Map<Double, String> NAMES =
            Map.of(50.0, "latency.p50", 90.0, "latency.p90", 99.0, "latency.p99", 99.9, "latency.p999");
    private static final Map<String, Double> US = Map.of("us", 1.0, "ms", 1e3, "s", 1e6, "m", 60e6, "h", 3600e6);

    @Override
    public String format() {
        return "wrk";
    }

    @Override
    public boolean accepts(String name, String head) {
        return head.contains("Thread Stats") && head.contains(" test @ ");
    }

    @Override
    public void read(Path file, BufferedReader text, Sink into) throws IOException {
        ImportedBundle bundle = into.bundle("");
        double total = 0;
        double refused = 0;
        boolean rate = false;
        for (String line = text.readLine(); line != null; line = text.readLine()) {
            Matcher latency = LATENCY.matcher(line);
            Matcher percentile = PERCENTILE.matcher(line);
            Matcher perSecond = RATE.matcher(line);
            Matcher requests = TOTAL.matcher(line);
            Matcher answers = REFUSED.matcher(line);
            if (latency.matches()) {
                add(bundle, "latency.mean", us(latency.group(1)));
                add(bundle, "latency.max", us(latency.group(3)));
            } else if (percentile.matches()) {
                String metric = NAMES.get(Double.parseDouble(percentile.group(1)));
                if (metric != null) {
                    add(bundle, metric, us(percentile.group(2)));
                }
            } else if (perSecond.matches()) {
                rate = true;
                bundle.add(
                        "",
                        new Kind("throughput", "1/s", false, false),
                        ImportedBundle.NO_TIME,
                        Double.parseDouble(perSecond.group(1)),
                        1);
            } else if (requests.matches()) {
                total = Double.parseDouble(requests.group(1));
            } else if (answers.matches()) {
                refused = Double.parseDouble(answers.group(1));
            }
        }
        if (!rate) {
            throw new IllegalArgumentException("no line 'Requests/sec:': the output is cut off");
        }
        if (total > 0) {
            bundle.add("", new Kind("failures", "of sent", true, false), ImportedBundle.NO_TIME, refused / total, 1);
        }
    }

    private static void add(ImportedBundle bundle, String metric, double us) {
        bundle.add("", new Kind(metric, "us", true, false), ImportedBundle.NO_TIME, us, 1);
    }

    private static double us(String text) {
        String unit = text.replaceAll("[0-9.]", "");
        Double factor = US.get(unit);
        if (factor == null) {
            throw new IllegalArgumentException("'" + text + "' is no time such as 12.5ms");
        }
        return Double.parseDouble(text.substring(0, text.length() - unit.length())) * factor;
    }
}
