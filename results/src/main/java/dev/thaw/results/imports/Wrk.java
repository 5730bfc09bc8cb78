package dev.thaw.results.imports;

import dev.thaw.results.ImportedBundle;
import dev.thaw.results.ImportedBundle.Kind;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** What wrk and wrk2 print: with {@code --latency}, percentiles too. One run, no cells. */
final class Wrk implements Importer {
    private static final Pattern LATENCY = Pattern.compile("\\s+Latency\\s+(\\S+)\\s+(\\S+)\\s+(\\S+)\\s+\\S+%");
    private static final Pattern PERCENTILE = Pattern.compile("\\s*([0-9.]+)%\\s+([0-9.]+(?:us|ms|s|m|h))\\s*");
    private static final Pattern RATE = Pattern.compile("Requests/sec:\\s+(\\S+)");
    private static final Pattern TOTAL = Pattern.compile("\\s+(\\d+) requests in .*");
    private static final Pattern REFUSED = Pattern.compile("\\s+Non-2xx or 3xx responses: (\\d+)");
    private static final Pattern BROKEN =
            Pattern.compile("\\s+Socket errors: connect (\\d+), read (\\d+), write (\\d+), timeout (\\d+)");
    /** Of wrk2's two distributions the second forgets what a late start cost. */
    private static final String UNCORRECTED = "Uncorrected Latency";

    private static final Map<Double, String> NAMES =
            Map.of(50.0, "latency.p50", 90.0, "latency.p90", 99.0, "latency.p99", 99.9, "latency.p999");
    private static final Map<String, Double> US = Map.of("us", 1.0, "ms", 1e3, "s", 1e6, "m", 60e6, "h", 3600e6);
    private static final double MOST = 1e12;

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
        Output output = new Output(into.bundle(""));
        long row = 0;
        for (String line = text.readLine(); line != null; line = text.readLine()) {
            output.add(new Place(file, ++row), line);
        }
        output.end();
    }

    /** What one run printed. */
    private static final class Output {
        private final ImportedBundle bundle;
        private double answered;
        private double refused;
        private double broken;
        private boolean uncorrected;
        private boolean rated;

        Output(ImportedBundle bundle) {
            this.bundle = bundle;
        }

        void add(Place place, String line) {
            uncorrected |= line.contains(UNCORRECTED);
            Matcher latency = LATENCY.matcher(line);
            Matcher percentile = PERCENTILE.matcher(line);
            Matcher rate = RATE.matcher(line);
            if (latency.matches()) {
                us("latency.mean", place, latency.group(1));
                us("latency.max", place, latency.group(3));
            } else if (percentile.matches() && !uncorrected) {
                String metric = NAMES.get(place.number("percentile", percentile.group(1), "%", 100));
                if (metric != null) {
                    us(metric, place, percentile.group(2));
                }
            } else if (rate.matches()) {
                rated = true;
                double perSecond = place.number("Requests/sec", rate.group(1), "1/s", MOST);
                value(new Kind("throughput", "1/s", false, false), perSecond);
            } else {
                answered += numbers(TOTAL, line);
                refused += numbers(REFUSED, line);
                broken += numbers(BROKEN, line);
            }
        }

        private static double numbers(Pattern pattern, String line) {
            Matcher matcher = pattern.matcher(line);
            return matcher.matches()
                    ? IntStream.rangeClosed(1, matcher.groupCount())
                            .mapToDouble(group -> Double.parseDouble(matcher.group(group)))
                            .sum()
                    : 0;
        }

        void end() {
            if (!rated) {
                throw new IllegalArgumentException("no line 'Requests/sec:': the output is cut off");
            }
            if (answered + broken > 0) {
                value(new Kind("failures", "of sent", true, false), (refused + broken) / (answered + broken));
            }
        }

        private void us(String metric, Place place, String text) {
            String unit = text.replaceAll("[0-9.]", "");
            Double factor = US.get(unit);
            if (factor == null) {
                throw place.wrong(metric + ": '" + text + "' is no time such as 12.5ms");
            }
            String digits = text.substring(0, text.length() - unit.length());
            value(new Kind(metric, "us", true, false), place.number(metric, digits, unit, MOST) * factor);
        }

        private void value(Kind kind, double value) {
            bundle.add("", kind, ImportedBundle.NO_TIME, value, 1);
        }
    }
}
